"""MODULEINFO blocks, and what authors get wrong in them."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from asterism.errors import Place
from menuselect.model.menu import Reference
from menuselect.sources import moduleinfo
from menuselect.sources.moduleinfo import MISTAKES

GOOD = """\
/*
 * A module.
 */

/*** MODULEINFO
	<depend type="module">res_speech</depend>
	<use name="curl" autoselect="yes">cURL library</use>
	<!-- a remark -->
	<conflict>old</conflict>
	<support_level>core</support_level>
	<defaultenabled> no </defaultenabled>
 ***/
"""


def faults(block: str) -> list[str]:
    return [str(fault) for fault in moduleinfo.read(block, "x.c").faults]


def test_a_good_block_is_read_with_places() -> None:
    source = moduleinfo.read(GOOD, "x.c")
    (block,) = source.blocks
    assert source.faults == ()
    assert block.place == Place("x.c", 5, 1, "/*** MODULEINFO")
    assert block.references() == (
        Reference("depend", "res_speech"),
        Reference("use", "curl", True, "cURL library"),
        Reference("conflict", "old"),
    )
    assert (block.text("support_level"), block.text("defaultenabled")) == ("core", "no")
    assert [(element.place.line, element.text_place.column) for element in block.elements] == [
        (6, 24),
        (7, 36),
        (9, 12),
        (10, 17),
        (11, 19),
    ]


@pytest.mark.parametrize(
    ("mistake", "example"), [(mistake, example) for mistake in MISTAKES for example in mistake.examples]
)
def test_every_mistake_of_the_table_is_known_by_each_of_its_examples(mistake: moduleinfo.Mistake, example: str) -> None:
    assert mistake.code in [fault.code for fault in moduleinfo.read(example, "x.c").faults]


@pytest.mark.parametrize(
    ("inner", "shown"),
    [
        (
            "\t<depend>curl\n\t<support_level>core</support_level>",
            ["x.c:2:2: <depend> is not closed\n    \t<depend>curl\n    \t^\n    end it with </depend>, or remove it"],
        ),
        (
            "<dependd>a</dependd><support_level>core</support_level>",
            [
                "x.c:2:1: unknown tag <dependd>\n    <dependd>a</dependd><support_level>core</support_level>\n"
                "    ^\n    did you mean 'depend'?"
            ],
        ),
        (
            "<support_level>extendet</support_level>",
            [
                "x.c:2:16: unknown support level 'extendet'\n    <support_level>extendet</support_level>\n"
                "                   ^\n    did you mean 'extended' or 'external'?"
            ],
        ),
        (
            "<support_level>core</depend>",
            [
                "x.c:2:20: <support_level> is closed by </depend>\n    <support_level>core</depend>\n"
                "                       ^\n    write </support_level>"
            ],
        ),
    ],
)
def test_a_fault_is_shown_where_it_is_with_its_cure(inner: str, shown: list[str]) -> None:
    assert faults(f"/*** MODULEINFO\n{inner}\n***/\n") == shown


@pytest.mark.parametrize(
    ("inner", "codes"),
    [
        ("", ["no-support-level"]),
        ("<depend>a</depend>", ["no-support-level"]),
        ("<support_level>core</support_level><support_level>core</support_level>", ["duplicate"]),
        ("<support_level>core</support_level><use>a</use><use>A</use>", ["duplicate"]),
        ("<support_level>core</support_level><use>a</use><depend>a</depend>", []),
        ('<support_level>core</support_level><use typ="module">a</use>', ["unknown-attribute"]),
        ('<support_level name="x">core</support_level>', ["unknown-attribute"]),
        ('<support_level>core</support_level><use type="modul">a</use>', ["bad-attribute-value"]),
        ('<support_level>core</support_level><use type="module" type="module">a</use>', ["duplicate-attribute"]),
        ("<support_level>core</support_level><use></use>", ["empty-tag"]),
        ("<support_level>core</support_level><use/>", ["empty-tag"]),
        ("<support_level>core</support_level><defaultenabled>on</defaultenabled>", ["bad-default"]),
        ("<support_level>core</support_level><depend>a, b</depend>", ["many-names"]),
        ("<suport_level>core</suport_level><dep>a</dep>", ["unknown-tag", "unknown-tag", "no-support-level"]),
    ],
)
def test_all_faults_of_a_block_come_together(inner: str, codes: list[str]) -> None:
    found = moduleinfo.read(f"/*** MODULEINFO\n{inner}\n***/\n", "x.c").faults
    assert [fault.code for fault in found] == codes


def test_a_source_without_a_block_is_told_which_one_it_would_have() -> None:
    source = """\
AST_MODULE_INFO(ASTERISK_GPL_KEY, AST_MODFLAG_DEFAULT, "X",
	.support_level = AST_MODULE_SUPPORT_CORE,
	.requires = "res_one,cdr,res_two",
);
"""
    assert faults(source) == [
        "x.c:1: warning: the MODULEINFO block is missing: menuselect lists the module as unspecified, and knows "
        "nothing that it needs\n"
        "    'asterism check --fix' writes it, or begin the file with:\n"
        "    /*** MODULEINFO\n"
        "    \t<depend>res_one</depend>\n"
        "    \t<depend>res_two</depend>\n"
        "    \t<support_level>core</support_level>\n"
        "     ***/"
    ]


@pytest.mark.parametrize(
    ("line", "more", "column"),
    [
        ("/*** MODULEINFO <support_level>core</support_level> ***/", "", 17),
        ("/*** MODULEINFO ***/", "", 17),
        ("/*** MODULEINFO  <depend>curl</depend>", "\n<support_level>core</support_level>\n***/", 18),
    ],
)
def test_what_stands_beside_the_opening_is_pointed_at(line: str, more: str, column: int) -> None:
    assert faults(f"{line}{more}\n") == [
        f"x.c:1:{column}: the first line of a block holds only '/*** MODULEINFO'\n    {line}\n"
        f"    {' ' * (column - 1)}^\n    write each tag, and the ***/ at the end, on a line below it"
    ]


def test_a_block_with_too_few_stars_is_pointed_at() -> None:
    (fault,) = moduleinfo.read("\n /** MODULEINFO\n  **/\n", "x.c").faults
    assert (fault.place, fault.why) == (
        Place("x.c", 2, 2, " /** MODULEINFO"),
        "a block begins with '/*** MODULEINFO'",
    )


def test_a_block_in_a_docstring_is_read_as_well() -> None:
    source = moduleinfo.read(f'"""A module.\n\n{GOOD}"""\n', "res_x.py")
    assert (len(source.blocks), source.faults) == (1, ())


def test_a_block_that_is_not_closed_does_not_swallow_the_next() -> None:
    text = "/*** MODULEINFO\n<support_level>core</support_level>\n*/\n" + GOOD
    source = moduleinfo.read(text, "x.c")
    assert ([fault.code for fault in source.faults], len(source.blocks)) == (["unclosed-block", "second-block"], 1)


PIECES = st.sampled_from(
    [
        "<depend>", "<use>", "<support_level>", "<odd.tag>", "<member_data>", "</depend>", "</use>", "</support_level>",
        '<depend type="module">', '<use  type="module" name="curl">', '<use name="a" name="b">', "<use name='a'>",
        "</odd.tag>", "</member_data>", "core", " curl ", "two words", "a\n\tb", "\n", "\t", "*", "**", "<!-- x -->",
        "&amp;", "=", '"', "<", ">", "/", "<use/>", "</use >", "< use>", "\r\n", "\u00e9", "***/", "/*** MODULEINFO\n",
    ]
)  # fmt: skip
WHOLE = st.builds(
    "{0}<{1}{2}>{3}</{1}>".format,
    st.sampled_from(["\n\t", "", "\r\n"]),
    st.sampled_from(["depend", "use", "member_data"]),
    st.sampled_from(["", ' name="a"', " name='a'", ' name="a" name="b"', '\n name="a"']),
    st.sampled_from(["core", " core\n", "", " ", "a*b", "a > b"]),
)


@settings(deadline=None, max_examples=300)
@given(st.lists(WHOLE | PIECES, max_size=8).map("".join))
@example('\n\t<use type="module" name="curl">cURL</use>\n ')
@example("<depend>a</depend>")
def test_a_block_of_plain_elements_is_read_as_the_grammar_reads_it(inner: str) -> None:
    text = f"/*** MODULEINFO\n{inner}***/\nint x;\n"
    read = moduleinfo.read(text, "x.c")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(moduleinfo, "_plain_elements", lambda *_: None)
        assert moduleinfo.read(text, "x.c") == read


def test_a_block_of_plain_elements_needs_no_grammar() -> None:
    text = '/*** MODULEINFO\n\t<depend>curl</depend>\n\t<use name="a">A</use>\n ***/\n'
    program = f"import sys\nfrom menuselect.sources import moduleinfo\nmoduleinfo.read({text!r}, 'x.c')\n"
    program += "print('lark' in sys.modules)\n"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True).stdout == "False\n"
