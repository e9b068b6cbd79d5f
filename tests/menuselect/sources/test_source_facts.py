"""Facts about a module in C, found in the text of its source."""

from __future__ import annotations

import pytest

from menuselect.sources.source_facts import SourceFacts, read

SOURCE = """\
/* AST_MODULE_INFO_STANDARD_DEPRECATED(x, "no");
   ast_register_application("No", f); */
#include "asterisk.h"
#include <asterisk/module.h>
#define ACTION "Ring"
static const char app[] = "Bell";
static struct ast_custom_function bell = {
	.name = "BELL",
};
static int load_module(void)
{
	ast_manager_register_xml(ACTION, 0, ring);
	return ast_register_application_xml(app, run) | ast_register_application(of_name, run);
}
AST_MODULE_INFO(ASTERISK_GPL_KEY, AST_MODFLAG_DEFAULT, "Bell",
	.support_level = AST_MODULE_SUPPORT_EXTENDED,
	.requires = "res_a, res_b",
);
"""


def test_a_source_tells_how_it_registers_itself_and_what_it_registers() -> None:
    facts = read(SOURCE)
    assert facts == SourceFacts(
        True,
        ("asterisk.h", "asterisk/module.h"),
        15,
        "extended",
        ("res_a", "res_b"),
        (("application", "Bell"), ("manager", "Ring"), ("function", "BELL")),
        frozenset({"application"}),
    )


@pytest.mark.parametrize(
    ("macro", "level"),
    [
        ("AST_MODULE_INFO_STANDARD(KEY, D);", "core"),
        ("AST_MODULE_INFO_STANDARD_EXTENDED(KEY, D);", "extended"),
        ("AST_MODULE_INFO(KEY, 0, D);", ""),
        ("int x;", ""),
    ],
)
def test_the_form_of_the_macro_gives_the_support_level(macro: str, level: str) -> None:
    assert read(f"{macro}\n").level == level


def test_a_call_of_the_registration_is_a_module_too() -> None:
    assert read("void f(void) { ast_module_register(&info); }\n") == SourceFacts(True)
    assert read("/* ast_module_register(&info); */\n") == SourceFacts(False)
