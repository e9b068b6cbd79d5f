"""docs/api.md is what the headers say, and its writer reads them right."""

from __future__ import annotations

from pathlib import Path

import pytest

from runtime.bridge.api_page import PAGE, DocumentedName, entries, introduction, main, page

HEADER = """\
/*
 * Things, in short.
 *
 * More about them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_THINGS_H
#define ASTERISM_THINGS_H

#ifdef __cplusplus
extern "C" {
#endif

struct thing {
	int number;	/* Which. */
};
enum kind { ONE, TWO };

/* Says yes;
 * or no. */
int ast_true(const char *val) attribute_pure;
const char *ast_other(struct thing *thing, int (*call)(void *), ...) __attribute__((format(printf, 1, 2)));	/* Odd. */
#define ast_both(a, b) \\
	ast_other((a), (b))

#define ast_plain 1
AST_INLINE_API(
int attribute_unused ast_small(int n),
{
	return n + 1;
}
)
/* Perhaps. */
AST_OPTIONAL_API_ATTR(void, format(printf, 1, 2), ast_perhaps, (const char *text,
	...), {});
/* A number. */
extern int option_thing;
AST_LIST_HEAD(things, thing);

#ifdef __cplusplus
}
#endif

#endif
"""


def test_declarations_are_listed_with_their_words_and_their_place(tmp_path: Path):
    import runtime.api.all  # noqa: F401

    file = tmp_path / "things.h"
    file.write_text(HEADER)
    words = "Says yes; or no."
    assert list(entries(file)) == [
        DocumentedName("ast_true", "int ast_true(const char *val)", "Python", words),
        DocumentedName("ast_other", "const char *ast_other(struct thing *thing, int (*call)(void *), ...)", "C", words),
        DocumentedName("ast_both", "ast_both(a, b)", "header", words),
        DocumentedName("ast_small", "int ast_small(int n)", "header", ""),
        DocumentedName("ast_perhaps", "void ast_perhaps(const char *text, ...)", "header", "Perhaps."),
        DocumentedName("option_thing", "int option_thing", "C", "A number."),
    ]
    assert introduction(file) == "Things, in short."


def test_functions_of_a_module_are_listed_with_the_module(tmp_path: Path):
    file = tmp_path / "things.h"
    file.write_text("/*\n * Things.\n * Implemented by the module res_things.\n */\n\nint ast_thing(int which);\n")
    assert list(entries(file)) == [DocumentedName("ast_thing", "int ast_thing(int which)", "res_things", "")]


def test_the_page_is_what_the_headers_say():
    assert PAGE.read_text() == page(), "generate the page again: python -m runtime.bridge.api_page"


def test_the_page_is_written_where_asked_and_a_place_that_cannot_be_written_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert main([str(tmp_path / "api.md")]) == 0
    assert (tmp_path / "api.md").read_text() == page()
    (tmp_path / "file").touch()
    assert (main([str(tmp_path / "file" / "api.md")]), main(["a", "b"])) == (1, 2)
    assert capsys.readouterr().err.splitlines()[-1] == "usage: python -m runtime.bridge.api_page [FILE]"
