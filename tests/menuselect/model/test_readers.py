"""The readers of menuselect-tree, menuselect-deps, makeopts files and command lines."""

from __future__ import annotations

import pytest

from asterism.errors import AsterismError, Place
from asterism.tree import DEPS
from menuselect.dropin.getopt import Given, Option, Parsed, parse
from menuselect.model import buffer_limits, deps, tree_file
from menuselect.model.deps import Dependency, State
from menuselect.model.menu import Category, Member, Menu, Reference
from menuselect.session import makeopts
from menuselect.session.makeopts import Line


def test_a_tree_is_read_into_values() -> None:
    text = """\
<menu name="M">
<category name="C" displayname="The C" positive_output="YES" exclusive="no" remove_on_change="c.o">
  <member name="b"><support_level>Extended</support_level></member>
  <member name="a" displayname="An a" explicitly_enabled_only="yes" remove_on_change="a.o" touch_on_change="a.c">
    <depend>x<!-- not this -->y</depend><use name="z" autoselect="yes">The <b>Z</b></use><conflict></conflict>
    <defaultenabled>no</defaultenabled><defaultenabled>yes</defaultenabled><support_level>core</support_level>
    <replacement>b</replacement><deprecated_in>18</deprecated_in><removed_in>20</removed_in><member_data>q</member_data>
  </member>
</category>
</menu>"""
    a = Member(
        name="a",
        category="C",
        index=0,
        displayname="An a",
        support_level="core",
        default="yes",
        references=(Reference("depend", "xy"), Reference("use", "z", True, "The Z")),
        replacement="b",
        deprecated_in="18",
        removed_in="20",
        explicit_only=True,
        remove_on_change="a.o",
        touch_on_change="a.c",
        starts_on=False,
    )
    b = Member(name="b", category="C", index=1, support_level="Extended", starts_on=False)
    expected = Menu("M", (Category("C", "The C", True, False, "c.o", None, (a, b)),))
    assert tree_file.loads(text) == tree_file.Tree(expected)


def test_what_is_passed_over_is_noted_with_its_place() -> None:
    text = '<menu><x/><category name="C"><y/><member/><member name="a"><z/></member></category><category/></menu>'
    read = tree_file.loads(text, file="t")
    assert [str(note.fault()) for note in read.notes] == [
        "t:1:7: warning: unknown element 'x' is ignored\n    a menu holds categories, and a category members",
        "t:1:30: warning: unknown element 'y' is ignored\n    a menu holds categories, and a category members",
        "t:1:34: warning: a member without a name is skipped\n    give it a name attribute",
        "t:1:60: warning: unknown tag 'z' is ignored\n    a member holds depend, use, conflict,"
        " defaultenabled, support_level, replacement, deprecated_in, removed_in",
        "t:1:84: warning: a category without a name is skipped, with its members\n    give it a name attribute",
    ]
    assert [member.name for member in read.menu.members] == ["a"]


def test_a_category_seen_again_goes_on() -> None:
    text = (
        '<menu><category name="C" displayname="one" positive_output="yes"><member name="a"/></category>'
        '<category name="C" displayname="two" positive_output="no"><member name="b"/></category></menu>'
    )
    (category,) = tree_file.loads(text).menu.categories
    assert (category.displayname, category.positive) == ("two", False)
    # The sign that held when a member was read decides how it starts.
    assert [(member.name, member.starts_on) for member in category.members] == [("a", False), ("b", True)]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "bad-tree"),
        (b"<menu>", "bad-tree"),
        (b"\xff\xfe", "bad-tree"),
        (b'<?xml version="1.0" encoding="klingon"?><menu/>', "bad-tree"),
        (b"<menu><category name='\xff'/></menu>", "bad-tree"),
        (b"<me/>", "wrong-root"),
    ],
)
def test_what_is_no_menu_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(AsterismError) as caught:
        tree_file.loads(data)
    assert ([fault.code for fault in caught.value.faults], caught.value.status) == ([code], 255)


def test_a_name_is_found_in_its_own_category_first() -> None:
    text = (
        '<menu><category name="A"><member name="x"/></category>'
        '<category name="B"><member name="X"/><member name="y"><depend>x</depend></member></category></menu>'
    )
    menu = tree_file.loads(text).menu
    y = menu.members[2]
    assert (menu.find("X"), menu.resolve(y, y.depends[0])) == (menu.members[0], menu.members[1])


def test_names_are_compared_without_case_in_ascii_alone() -> None:
    menu = tree_file.loads('<menu><category name="A"><member name="Ärger"/></category></menu>').menu
    assert (menu.find("ÄRGER"), menu.find("ärger")) == (menu.members[0], None)


def test_dependencies_are_read_as_scanf_reads_numbers() -> None:
    text = "# found\nA=1\nB=0:1\nC=-1:0\nD= +1junk\nE=2\nF=\nA=0\nNO\nG=1\r\nH=0x1\n"
    read = deps.loads(text)
    assert read.entries == (
        Dependency("A", State.MET),
        Dependency("B", State.UNMET, State.MET),
        Dependency("C", State.DISABLED, State.UNMET),
        Dependency("D", State.MET),
        Dependency("E", State.UNKNOWN),
        Dependency("F", State.UNKNOWN),
        Dependency("A", State.UNMET),
        Dependency("G", State.MET),
        Dependency("H", State.UNMET),
    )
    assert [(note.values, note.place) for note in read.notes] == [
        (("2", "E"), Place(DEPS, 6)),
        (("", "F"), Place(DEPS, 7)),
    ]
    assert (read.is_met("a"), read.state("b"), read.state("nobody")) == (True, State.UNMET, State.UNLISTED)


def test_long_names_of_libraries_are_whole_unless_the_limits_of_the_original_hold() -> None:
    name = "A_LIBRARY_WITH_A_NAME_OF_MORE_THAN_31"
    assert deps.loads(f"{name}=1\n").is_met(name)
    assert not deps.loads(f"{name}=1\n", buffer_limits.ORIGINAL).is_met(name)


def test_dependencies_are_written_as_configure_writes_them() -> None:
    text = "ZLIB=1\nCURL=0:1\nLUA=-1:0\n"
    assert deps.dumps(deps.loads(text).entries) == text


def test_a_makeopts_file_is_read_into_lines() -> None:
    text = "# mine\nMENUSELECT_A=a b  -c \nMENUSELECT_DEPENDS_a=X\nMENUSELECT_BUILD_DEPS=a\nmenuselect_odd\nOTHER=1\n"
    text += "MENUSELECT_DEPSFAILED=MENUSELECT_A=d\nMENUSELECT_CRLF=e\r\n"
    assert makeopts.loads(text, "f").lines == (
        Line("category", "MENUSELECT_A", ("a", "b", "-c"), Place("f", 2)),
        Line("broken", "menuselect_odd\n", (), Place("f", 5)),
        Line("failed", "MENUSELECT_A", ("d",), Place("f", 7)),
        Line("category", "MENUSELECT_CRLF", ("e",), Place("f", 8)),
    )


TABLE = (Option("enable", True), Option("enable-all"), Option("list-options"), Option("list-category", True))


@pytest.mark.parametrize(
    ("words", "parsed"),
    [
        (
            ["f", "--enable", "x", "g", "--enable=y"],
            Parsed(
                (Given("enable", "x"), Given("enable", "y")), ("f", "g"), (), ("--enable", "x", "--enable=y", "f", "g")
            ),
        ),
        (
            ["--list-o", "--", "--enable"],
            Parsed((Given("list-options"),), ("--enable",), (), ("--list-o", "--", "--enable")),
        ),
        (
            ["--list"],
            Parsed(
                (),
                (),
                ("option '--list' is ambiguous; possibilities: '--list-options' '--list-category'",),
                ("--list",),
            ),
        ),
        (["--enable-all=1"], Parsed((), (), ("option '--enable-all' doesn't allow an argument",), ("--enable-all=1",))),
        (["f", "--enable"], Parsed((), ("f",), ("option '--enable' requires an argument",), ("--enable", "f"))),
        (
            ["--nope=1", "-", "-xy"],
            Parsed(
                (),
                ("-",),
                ("unrecognized option '--nope=1'", "invalid option -- 'x'", "invalid option -- 'y'"),
                ("--nope=1", "-xy", "-"),
            ),
        ),
    ],
)
def test_words_are_read_as_getopt_reads_them(words: list[str], parsed: Parsed) -> None:
    assert parse(TABLE, words) == parsed
