"""Sources in the forms in which they are found, rewritten: nothing but what a rule is about changes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asterism.branches.changes import rules
from buildsys.porting import rewriting
from buildsys.porting.edits import CodeChange
from buildsys.porting.language import syntax
from buildsys.porting.rewriting import Job, Ported
from buildsys.porting.transforms.table import TRANSFORMS

JOB = Job("1.4", "22", rules.load(), TRANSFORMS)
HEAD = '#include "asterisk.h"\n#include "asterisk/channel.h"\n#include "asterisk/pbx.h"\n'


def ported(body: str | bytes, old: str = "1.4") -> Ported:
    text = body if isinstance(body, bytes) else (HEAD + body).encode()
    return rewriting.rewrite(text, Job(old, "22", rules.load(), TRANSFORMS))


def body(text: str) -> str:
    return ported(text).text.decode().removeprefix(HEAD)


def without_includes(text: str) -> str:
    """The text without the headers that a port adds at its beginning."""
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith("#include"))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            "static void f(struct ast_channel *c)\n{\n\tg( /* who */ c->name ,\n\t   c -> exten);\n}\n",
            "static void f(struct ast_channel *c)\n{\n\tg( /* who */ ast_channel_name(c) ,\n"
            "\t   ast_channel_exten(c));\n}\n",
            id="layout and comments stay",
        ),
        pytest.param(
            "struct pvt { struct ast_channel *owner; };\n"
            "static int f(struct pvt *p)\n{\n\treturn p->owner->_state;\n}\n",
            "struct pvt { struct ast_channel *owner; };\n"
            "static int f(struct pvt *p)\n{\n\treturn ast_channel_state(p->owner);\n}\n",
            id="a channel in a structure of the source's own",
        ),
        pytest.param(
            "struct pvt { char name[80]; };\nstatic void f(struct pvt *chan)\n{\n\tg(chan->name);\n}\n",
            "struct pvt { char name[80]; };\nstatic void f(struct pvt *chan)\n{\n\tg(chan->name);\n}\n",
            id="a structure that only looks like a channel",
        ),
        pytest.param(
            "static void f(struct ast_channel *c)\n{\n\tc->name = c->exten;\n}\n",
            "static void f(struct ast_channel *c)\n{\n\tast_channel_name_set(c, ast_channel_exten(c));\n}\n",
            id="both sides of an assignment",
        ),
        pytest.param(
            "static void f(struct ast_channel *c)\n{\n\tc->hangupcause = 16;\n"
            "#if 0\n\tc->hangupcause = 17;\n#endif\n}\n",
            "static void f(struct ast_channel *c)\n{\n\tast_channel_hangupcause_set(c, 16);\n"
            "#if 0\n\tc->hangupcause = 17;\n#endif\n}\n",
            id="what no compiler sees",
        ),
        pytest.param(
            "static void f(struct ast_channel *c)\n{\n#if ASTERISK_VERSION_NUM < 110000\n\tg(c->name);\n#else\n"
            "\tg(ast_channel_name(c));\n#endif\n}\n",
            "static void f(struct ast_channel *c)\n{\n#if ASTERISK_VERSION_NUM < 110000\n\tg(c->name);\n#else\n"
            "\tg(ast_channel_name(c));\n#endif\n}\n",
            id="an arm for older branches",
        ),
        pytest.param(
            "static void f(c)\n\tstruct ast_channel *c;\n{\n\tg(c->name);\n}\n",
            "static void f(c)\n\tstruct ast_channel *c;\n{\n\tg(ast_channel_name(c));\n}\n",
            id="parameters in the style of K&R",
        ),
        pytest.param(
            "#define ADDED(size) ast_dynamic_str_create(size)\n",
            "#define ADDED(size) ast_str_create(size)\n",
            id="a name in a macro's body",
        ),
        pytest.param(
            "#define ast_getformatname(x) my_name(x)\nstatic void f(int x)\n{\n\tast_getformatname(x);\n}\n",
            "#define ast_getformatname(x) my_name(x)\nstatic void f(int x)\n{\n\tast_getformatname(x);\n}\n",
            id="a name that the source defines",
        ),
        pytest.param(
            "static void f(struct ast_channel *c)\n{\n\tif (c->name {\n\t\treturn;\n\t}\n\tg(c->exten);\n}\n",
            "static void f(struct ast_channel *c)\n{\n\tif (ast_channel_name(c) {\n\t\treturn;\n\t}\n"
            "\tg(ast_channel_exten(c));\n}\n",
            id="a source that does not parse",
        ),
        pytest.param(
            "static int f(struct ast_channel *c, struct ast_frame *fr)\n{\n\tint res = 0, old;\n\n"
            "\told = c->readformat;\n\tif (fr->subclass == AST_FORMAT_SLINEAR) {\n\t\tres = 1;\n\t}\n"
            "\treturn old && ast_set_read_format(c, old) ? -1 : res;\n}\n",
            "static int f(struct ast_channel *c, struct ast_frame *fr)\n{\n\tint res = 0;\n"
            "\tRAII_VAR(struct ast_format *, old, NULL, ao2_cleanup);\n\n"
            "\tao2_replace(old, ast_channel_readformat(c));\n"
            "\tif (ast_format_cmp(fr->subclass.format, ast_format_slin) == AST_FORMAT_CMP_EQUAL) {\n"
            "\t\tres = 1;\n\t}\n\treturn old && ast_set_read_format(c, old) ? -1 : res;\n}\n",
            id="a number that held a format",
        ),
        pytest.param(
            'static void f(struct ast_channel *c)\n{\n\tast_log(LOG_ERROR, "%d\\n", c->readformat);\n}\n',
            'static void f(struct ast_channel *c)\n{\n\tast_log(LOG_ERROR, "%d\\n", c->readformat);\n}\n',
            id="a format that is shown as a number",
        ),
        pytest.param(
            "static void f(struct ast_channel *c)\n{\n\tc->cid.cid_num = g(c->cid.cid_name);\n}\n",
            "static void f(struct ast_channel *c)\n{\n\tc->cid.cid_num = g(S_COR(ast_channel_caller(c)->id.name.valid, "
            "ast_channel_caller(c)->id.name.str, NULL));\n}\n",
            id="a caller's number that is set",
        ),
        pytest.param(
            "#define READ(file) ast_config_load(file)\n#define SAY(c, text) do { \\\n"
            "\tast_cdr_setaccount(c, text); \\\n\tg(c); \\\n} while (0)\n#define LAST 1\n",
            "#define READ(file) ast_config_load(file, (struct ast_flags) { 0 })\n#define SAY(c, text) do { \\\n"
            "\tast_channel_accountcode_set(c, text); \\\n\tg(c); \\\n} while (0)\n#define LAST 1\n",
            id="calls in the bodies of macros",
        ),
        pytest.param(
            "#define READ(file) ast_config_load( \\\n\tfile)\n",
            "#define READ(file) ast_config_load( \\\n\tfile)\n",
            id="a call over a line end of a macro",
        ),
        pytest.param("", "", id="nothing"),
    ],
)
def test_a_source_keeps_what_no_rule_is_about(before: str, after: str) -> None:
    assert without_includes(body(before)) == after


def test_line_ends_and_bytes_of_any_encoding_stay() -> None:
    text = b'#include "asterisk.h"\n/* na\xefve */\nstatic void f(struct ast_channel *c)\n{\n\tg(c->name, "\xe4");\n}\n'
    text = text.replace(b"\n", b"\r\n")
    wanted = text.replace(b"c->name", b"ast_channel_name(c)").replace(
        b'asterisk.h"\r\n', b'asterisk.h"\r\n#include "asterisk/channel.h"\r\n'
    )
    assert ported(text).text == wanted


def test_each_change_has_its_original_line() -> None:
    done = ported(
        'ASTERISK_FILE_VERSION(__FILE__, "$Revision$")\n\nstatic void f(struct ast_channel *c)\n{\n\tg(c->name);\n}\n'
    )
    assert done.changes == (
        CodeChange(4, "file-version", 'ASTERISK_FILE_VERSION(__FILE__, "$Revision$")', ""),
        CodeChange(8, "channel-accessors", "c->name", "ast_channel_name(c)"),
    )


def test_only_changes_between_the_two_branches_are_made() -> None:
    text = "static void f(struct ast_channel *c)\n{\n\tg(c->name);\n\tast_senddigit(c, '1');\n}\n"
    made = rewriting.rewrite(text.encode(), Job("1.4", "1.8", rules.load(), TRANSFORMS)).text.decode()
    assert made == text.replace("'1')", "'1', 0)")


_PIECES = [rule.before for rule in rules.load() if rule.before] + ["{", "#if 1\n", "#endif\n", "/*", '"', "int x;\n"]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(_PIECES), max_size=3).map("\n".join))
def test_a_second_port_changes_nothing_and_no_port_breaks_a_source(text: str) -> None:
    once = rewriting.rewrite(text.encode(), JOB).text
    assert rewriting.rewrite(once, JOB).text == once
    assert syntax.read(once).errors <= syntax.read(text.encode()).errors


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            b'#define AST_MODULE "app_x"\r\n',
            b'#define AST_MODULE "app_x"\r\n#ifndef AST_MODULE_SELF_SYM\r\n'
            b"#define AST_MODULE_SELF_SYM __internal_app_x_self\r\n#endif\r\n",
            id="line ends stay",
        ),
        pytest.param(b"#define AST_MODULE NAME\n", b"#define AST_MODULE NAME\n", id="a name that a macro gives"),
        pytest.param(b"#ifdef AST_MODULE\n#endif\n", b"#ifdef AST_MODULE\n#endif\n", id="a name that is asked for"),
        pytest.param(
            b'#define AST_MODULE "x"\nstruct ast_module *AST_MODULE_SELF_SYM(void);\n',
            b'#define AST_MODULE "x"\nstruct ast_module *AST_MODULE_SELF_SYM(void);\n',
            id="a source that knows the symbol",
        ),
    ],
)
def test_a_module_that_defines_its_name_defines_its_symbol(before: bytes, after: bytes) -> None:
    assert ported(before, "13").text == after
