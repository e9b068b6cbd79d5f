"""What check says of a module's code and documentation."""

from __future__ import annotations

import pytest

from menuselect.reasons import code_check
from menuselect.reasons.missing_blocks import with_block
from menuselect.sources import moduleinfo, source_facts

SOURCE = """\
/*** MODULEINFO
	<support_level>extended</support_level>
 ***/
/*** DOCUMENTATION
	<application name="Play" language="en_US">
		<synopsis>Plays.</synopsis>
	</application>
	<function name="PLAYED" language="en_US">
		<synopsis>What was played.</synopsis>
	</function>
 ***/
#include "asterisk.h"
static const char app[] = "Play";
static struct ast_custom_function played = {
	.name = "PLAYED",
	.read = read_it,
};
static int load_module(void)
{
	return ast_register_application_xml(app, exec) || ast_custom_function_register(&played);
}
AST_MODULE_INFO_STANDARD_EXTENDED(ASTERISK_GPL_KEY, "Plays");
"""


def faults(text: str) -> list[str]:
    """The faults of a source, each with its lines joined."""
    blocks = moduleinfo.read(text, "app_x.c").blocks
    return [str(fault) for fault in code_check.faults(text, "app_x.c", blocks, is_module=True)]


def test_a_source_that_agrees_with_itself_has_no_faults() -> None:
    assert faults(SOURCE) == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "STANDARD_EXTENDED(",
            "STANDARD(",
            "app_x.c:2:17: warning: the block says extended, and AST_MODULE_INFO says core",
        ),
        (
            "AST_MODULE_INFO_STANDARD_EXTENDED(",
            "// AST_MODULE_INFO_STANDARD_EXTENDED(",
            "app_x.c:1: warning: nothing here registers a module: there is no AST_MODULE_INFO",
        ),
        (
            "<synopsis>Plays",
            "<synposis>Plays",
            "app_x.c:6:21: warning: the DOCUMENTATION block is not XML: mismatched tag",
        ),
        (
            "<synopsis>What was played.</synopsis>",
            "<synopsys>What was played.</synopsys>",
            "app_x.c:9:3: warning: <synopsys> is not an element of documentation",
        ),
        (
            '<application name="Play"',
            '<application name="Plya"',
            "app_x.c:5:21: warning: application 'Plya' is documented and not registered: this source registers 'Play'",
        ),
        (
            '.name = "PLAYED"',
            '.name = "PLAYED_LAST"',
            "app_x.c:8:18: warning: function 'PLAYED' is documented and not registered: this source registers "
            "'PLAYED_LAST'",
        ),
    ],
)
def test_what_does_not_agree_is_told_with_its_place(old: str, new: str, told: str) -> None:
    assert old in SOURCE
    assert [each.partition("\n")[0] for each in faults(SOURCE.replace(old, new))] == [told]


def test_a_name_that_is_no_plain_text_makes_no_guess() -> None:
    assert faults(SOURCE.replace('app[] = "Play"', "*app = NAMES[0]")) == []


def test_the_code_says_its_level_what_it_requires_and_what_it_registers() -> None:
    text = """\
/* AST_MODULE_INFO(in a comment) */
#define ACTION "Ring"
ast_manager_register_xml(ACTION, 0, ring);
AST_MODULE_INFO(ASTERISK_GPL_KEY, AST_MODFLAG_LOAD_ORDER, "X",
	.support_level = AST_MODULE_SUPPORT_DEPRECATED,
	.requires = "res_one, res_two",
);
"""
    found = source_facts.read(text)
    assert (found.line, found.level, found.requires) == (4, "deprecated", ("res_one", "res_two"))
    assert found.registered == (("manager", "Ring"),)


def test_a_block_is_written_behind_the_licence_and_is_then_good() -> None:
    text = '/*\n * A licence.\n */\n\n#include "asterisk.h"\nAST_MODULE_INFO_STANDARD(KEY, "X");\n'
    fixed = with_block(text)
    assert fixed == (
        "/*\n * A licence.\n */\n\n/*** MODULEINFO\n\t<support_level>core</support_level>\n ***/\n\n\n"
        '#include "asterisk.h"\nAST_MODULE_INFO_STANDARD(KEY, "X");\n'
    )
    assert moduleinfo.read(fixed, "app_x.c").faults == ()
    assert with_block("AST_MODULE_INFO_STANDARD(KEY);\r\n").startswith("/*** MODULEINFO\r\n\t<support_level>core")
