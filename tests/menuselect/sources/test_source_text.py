"""What menuselect-tree takes of a source."""

from __future__ import annotations

import pytest

from menuselect.sources import source_text


@pytest.mark.parametrize(
    ("call", "plain", "clean"),
    [
        ('AST_MODULE_INFO_STANDARD(KEY, "A bell");', b"A bell", b"A bell"),
        ('AST_MODULE_INFO(KEY, FLAG,\n\t"A bell",\n);', b"AST_MODULE_INFO(KEY, FLAG,", b"A bell"),
        ('/* AST_MODULE_INFO("No") */\nAST_MODULE_INFO(KEY, 0, "A bell");', b"No", b"A bell"),
        ('AST_MODULE_INFO(KEY, 0, "A " "big"\n " bell");', b"A ", b"A big bell"),
        ('AST_MODULE_INFO(KEY, 0, "Q & \\"A\\" <1>");', b"Q & \\", b"Q &amp; &quot;A&quot; &lt;1&gt;"),
        ("int x;", b"", b""),
    ],
)
def test_a_description_is_what_grep_finds_or_what_the_macro_says(call: str, plain: bytes, clean: bytes) -> None:
    source = f"int f(void);\n{call}\n".encode()
    assert (source_text.description(source), source_text.description(source, clean=True)) == (plain, clean)


@pytest.mark.parametrize(
    ("declaration", "shown"),
    [
        ('MODULE = ModuleInfo("A bell")', b"A bell"),
        ("MODULE: Final = api.ModuleInfo(load_pri=3, description='A \\'big\\' bell')", b"A 'big' bell"),
        ('OTHER = ModuleInfo("A bell")', b""),
    ],
)
def test_a_python_module_is_described_by_its_declaration(declaration: str, shown: bytes) -> None:
    assert source_text.description(f"import os\n{declaration}\n".encode(), ".py") == shown


BLOCKS = b"""\
/***  MODULEINFO
\t<support_level>core</support_level>
\t<depend>curl</depend>
 ***/
int x; /* MODULEINFO */
/*** MODULEINFO
\t<support_level>extended</support_level>
\t<use>zlib</use>
 ***/
"""


def test_lines_of_all_blocks_are_copied_with_the_first_level_only() -> None:
    assert b"".join(source_text.lines_of(BLOCKS, [False])) == (
        b"\t<support_level>core</support_level>\n\t<depend>curl</depend>\n\t<use>zlib</use>\n"
    )


def test_a_block_without_an_end_goes_to_the_end_of_the_source() -> None:
    assert list(source_text.lines_of(b"/*** MODULEINFO\n<use>a</use>\nint x;", [False])) == [
        b"<use>a</use>\n",
        b"int x;\n",
    ]


def test_a_level_outside_of_a_block_counts_for_the_sources_that_follow() -> None:
    first = b"/* <support_level>core</support_level> */\n"
    assert b"".join(source_text.lines_of_all([first, BLOCKS])) == b"\t<depend>curl</depend>\n\t<use>zlib</use>\n"


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        (b"/*** MAKEOPTS\n<a/>\n<b/>\n ***/\n/*** MAKEOPTS\n<c/>\n***/\n", [b"<a/>\n<b/>\n"]),
        (b"/*** MAKEOPTS\n<a/>", [b"<a/>\n"]),
        (b"/*** MAKEOPTS ***/\n", []),
        (b"int x;\n", []),
    ],
)
def test_the_first_block_of_options_is_copied(source: bytes, lines: list[bytes]) -> None:
    assert list(source_text.own_options(source)) == lines
