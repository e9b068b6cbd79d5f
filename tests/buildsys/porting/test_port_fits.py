"""Which branches a source fits, by the names it uses."""

from __future__ import annotations

import pytest

from asterism.branches.changes import rules
from buildsys.porting import fits
from buildsys.porting.fits import Misfit, Use
from buildsys.porting.language import expression_types, syntax

SOURCE = b"""\
#include "asterisk/astobj.h" /* and one of the repository's own */
#include "asterisk/sample_of_mine.h"
static void f(struct ast_channel *chan)
{
	ast_senddigit(chan, '1');
	ast_log(LOG_ERROR, "%s\\n", chan->name);
	own(chan);
}
"""


def read(text: bytes) -> tuple[syntax.Source, expression_types.Types]:
    source = syntax.read(text)
    return source, expression_types.read(source, "1.4")


def test_uses_are_headers_calls_members_and_names() -> None:
    found = fits.uses(*read(SOURCE))
    assert [(use.kind, use.name, use.line, use.count) for use in found] == [
        ("header", "asterisk/astobj.h", 1, 0),
        ("call", "ast_senddigit", 5, 2),
        ("call", "ast_log", 6, -1),
        ("member", "struct ast_channel.name", 6, 0),
    ]


def test_calls_and_names_in_the_bodies_of_macros_are_uses() -> None:
    text = b"#define READ(file) \\\n\tast_config_load(file)\n#define LEVEL(one) (AST_CONTROL_HANGUP | ast_nothing)\n"
    found = fits.uses(*read(text))
    assert [(use.kind, use.name, use.line, use.count) for use in found] == [
        ("call", "ast_config_load", 2, 1),
        ("name", "AST_CONTROL_HANGUP", 3, 0),
    ]
    assert [each.name for each in fits.misfits(found, "22")] == ["ast_config_load"]


def test_misfits_name_what_a_branch_lacks() -> None:
    assert fits.misfits(fits.uses(*read(SOURCE)), "22") == [
        Misfit(1, "asterisk/astobj.h", "there is no asterisk/astobj.h: Asterisk 1.4 to 15 had it", "astobj"),
        Misfit(5, "ast_senddigit", "ast_senddigit takes 3 arguments, not 2: since 1.6.0", ""),
        Misfit(6, "struct ast_channel.name", "there is no struct ast_channel.name: Asterisk 1.4 to 10 had it", ""),
    ]
    assert fits.misfits(fits.uses(*read(SOURCE)), "1.4") == []


def test_texts_that_a_rule_wants_looked_at_are_named() -> None:
    source, _ = read(b'void f(char *x)\n{\n\tg("%s|%d", strsep(&x, "|"), "a|b", "%s");\n}\n')
    found = list(fits.literals(source, rules.load(), ()))
    assert found == [
        (3, 'look at "%s|%d"', "argument-separators"),
        (3, 'look at "|"', "argument-separators"),
    ]


def test_an_event_that_the_core_sends_too_is_named() -> None:
    source, _ = read(b'void f(void)\n{\n\tmanager_event(1, "Unlink", "Channel: x\\r\\n");\n\tg("Unlink it");\n}\n')
    assert list(fits.literals(source, rules.load(), ())) == [(3, 'look at "Unlink"', "manager-events")]


def test_the_branch_of_a_source_is_the_oldest_that_it_fits_best() -> None:
    counts = fits.by_branch(*read(SOURCE))
    assert (fits.fitting(counts), fits.written_for(counts)) == ("1.4", "1.4")


@pytest.mark.parametrize(
    ("expression", "kind"),
    [
        ("chan", "struct ast_channel *"),
        ("chan->cdr", "struct ast_cdr *"),
        ("(chan)->cdr->next", "struct ast_cdr *"),
        ("ast_request(0, 0, 0, 0)", "struct ast_channel *"),
        ("&chan->cid", "struct ast_callerid *"),
        ("*list", "struct ast_channel *"),
        ("list[0]", "struct ast_channel *"),
        ("(struct ast_frame *) p", "struct ast_frame *"),
        ("mine->owner", "struct ast_channel *"),
        ("nobody", ""),
    ],
)
def test_expressions_have_types(expression: str, kind: str) -> None:
    text = (
        "struct pvt { struct ast_channel *owner; };\n"
        "void f(struct ast_channel *chan, void *p)\n"
        f"{{\n\tstruct ast_channel **list; struct pvt *mine;\n\tg({expression});\n}}\n"
    )
    source, types = read(text.encode())
    call = next(node for node in syntax.walk(source.root) if syntax.called(node) == "g")
    assert types.of(syntax.arguments_of(call)[0]) == kind


def test_names_of_uses_are_values() -> None:
    assert Use("call", "ast_log", 1) == Use("call", "ast_log", 1)
