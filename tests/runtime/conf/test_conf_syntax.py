"""Asterisk's .conf syntax: what is understood, where from, and what is refused."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asterism.errors import AsterismError, Fault
from runtime.conf import conf_file


def understood(text: str) -> dict[str, list[tuple[str, str]]]:
    """The sections that are no templates, as plain data."""
    read = conf_file.loads(text)
    return {
        section.name: [(entry.name, entry.value) for entry in section]
        for section in read.sections
        if not section.is_template
    }


def faults_of(text: str, *, exec_: bool = False) -> list[Fault]:
    """What is wrong with a text, whether it is refused for that or not."""
    try:
        return conf_file.loads(text, "f", base="/nonexistent", exec_=exec_).warnings
    except AsterismError as error:
        return list(error.faults)


GOOD = [
    ("plain", "[a]\nx = 1\n", {"a": [("x", "1")]}),
    ("arrow", "[a]\nx => 1\n", {"a": [("x", "1")]}),
    ("no_blanks", "[a]\nx=1", {"a": [("x", "1")]}),
    ("value_with_equals", "[a]\nexten => s,1,Set(x=1)\n", {"a": [("exten", "s,1,Set(x=1)")]}),
    ("empty_value", "[a]\nx =\n", {"a": [("x", "")]}),
    ("comment", "[a]\nx = 1 ; one\n; y = 2\n", {"a": [("x", "1")]}),
    ("escaped_semicolon", "[a]\nx = 1 \\; one\n", {"a": [("x", "1 ; one")]}),
    ("block_comment_in_a_line", "[a]\nx = 1 ;-- not this --; 2\n", {"a": [("x", "1  2")]}),
    ("block_comment_over_lines", "[a]\n;-- x = 1\ny = 2\n--; z = 3\n", {"a": [("z", "3")]}),
    ("block_comments_nest", "[a]\n;-- one ;-- two --; still --;\nx = 1\n", {"a": [("x", "1")]}),
    ("three_dashes_are_a_plain_comment", "[a]\n;--- x\ny = 1\n", {"a": [("y", "1")]}),
    ("escaped_first_character", "[a]\n\\[x] = 1\n\\#include = 2\n", {"a": [("[x]", "1"), ("#include", "2")]}),
    ("template_comes_first", "[t](!)\nx = 1\n[a](t)\ny = 2\n", {"a": [("x", "1"), ("y", "2")]}),
    ("two_templates", "[t](!)\nx = 1\n[u](!)\nx = 2\n[a](t,u)\n", {"a": [("x", "1"), ("x", "2")]}),
    ("section_as_base", "[b]\nx = 1\n[a](b)\n", {"b": [("x", "1")], "a": [("x", "1")]}),
    ("added_to", "[a]\nx = 1\n[b]\n[a](+)\ny = 2\n", {"a": [("x", "1"), ("y", "2")], "b": []}),
    ("appended_value", "[t](!)\nx = a,b\n[a](t)\nx += ,c\n", {"a": [("x", "a,b,c")]}),
    ("append_without_a_value", "[a]\nx += 1\n", {"a": [("x", "1")]}),
    ("byte_order_mark", "\ufeff[a]\nx = 1\n", {"a": [("x", "1")]}),
    ("carriage_returns", "[a]\r\nx = 1\r\n", {"a": [("x", "1")]}),
    ("missing_file_that_may_miss", '[a]\n#tryinclude "none.conf"\nx = 1\n', {"a": [("x", "1")]}),
]


@pytest.mark.parametrize(("text", "expected"), [case[1:] for case in GOOD], ids=[case[0] for case in GOOD])
def test_what_a_text_means(text: str, expected: dict[str, list[tuple[str, str]]]) -> None:
    assert understood(text) == expected


BAD = [
    ("no_section", "x = 1\n", "f:1:1: a line before the first section"),
    ("open_bracket", "[a\n", "f:1:3: expected ']' after the section's name"),
    ("open_parenthesis", "[a](b\n", "f:1:6: expected ')' after the section's options"),
    ("unknown_base", "[base]\n[a](bsae)\n", "f:2:5: the section 'bsae' to inherit from does not exist"),
    ("add_to_nothing", "[a](+)\n", "f:1:5: the section 'a' to add to does not exist"),
    ("missing_include", "[a]\n#include 'x.conf'\n", "f:2:1: cannot include ''x.conf'': no such file"),
    ("lonely_backslash", "[a]\n\\\n", "f:2:1: a backslash must be followed by the first character of a name"),
]


@pytest.mark.parametrize(("text", "first_line"), [case[1:] for case in BAD], ids=[case[0] for case in BAD])
def test_what_is_refused_and_where(text: str, first_line: str) -> None:
    with pytest.raises(AsterismError) as caught:
        conf_file.loads(text, "f")
    assert str(caught.value).split("\n")[0] == first_line


WARNED = [
    ("[a]\nnonsense\n", "f:2:9: warning: expected 'name = value'"),
    ("[a]\n= 1\n", "f:2:1: warning: expected a name before '='"),
    ("[a]\n#inclued x\n", "f:2:1: warning: unknown directive '#inclued'"),
    ("[a]\n#include\n", "f:2:9: warning: '#include' needs a file"),
    ("[a]\n#exec /bin/true\n", "f:2:1: warning: '#exec' is not allowed"),
    ("[a]\n;-- open\nx = 1\n", "f:2:1: warning: this comment does not end"),
]


@pytest.mark.parametrize(("text", "first_line"), WARNED)
def test_lines_that_mean_nothing_are_warned_of_and_passed_over(text: str, first_line: str) -> None:
    assert [str(fault).split("\n")[0] for fault in conf_file.loads(text, "f").warnings] == [first_line]


def test_all_faults_of_a_file_come_together_with_their_carets() -> None:
    with pytest.raises(AsterismError) as caught:
        conf_file.loads("[base]\n[a\n[b](bsae)\n", "f")
    assert str(caught.value) == (
        "f:2:3: expected ']' after the section's name\n"
        "    [a\n"
        "      ^\n"
        "    write [a]\n"
        "f:3:5: the section 'bsae' to inherit from does not exist\n"
        "    [b](bsae)\n"
        "        ^\n"
        "    did you mean 'base'?"
    )


def test_a_variable_knows_its_file_line_and_column_behind_a_comment() -> None:
    variable = conf_file.loads("[a]\n  ;-- no --;  x  =>  1 ; one\n", "f").variables("a")[0]
    assert (variable.file, variable.line, variable.column, variable.is_object) == ("f", 2, 22, True)


def test_what_a_section_says_itself_wins_over_its_template() -> None:
    section = conf_file.loads("[t](!)\nx = 1\n[a](t)\nX = 2\n").section("A")
    assert section is not None
    assert section.get("x") == "2"


def test_includes_may_be_patterns_and_go_on_in_the_same_section(tmp_path: Path) -> None:
    (tmp_path / "b2.conf").write_text("y = 2\n")
    (tmp_path / "b1.conf").write_text("x = 1\n")
    (tmp_path / "a.conf").write_text("[a]\n#include <b*.conf>\nz = 3\n")
    read = conf_file.load(tmp_path / "a.conf")
    assert [(entry.name, Path(entry.file).name, entry.line) for entry in read.variables("a")] == [
        ("x", "b1.conf", 1),
        ("y", "b2.conf", 1),
        ("z", "a.conf", 3),
    ]


def test_a_file_that_includes_itself_is_told_as_a_cycle(tmp_path: Path) -> None:
    (tmp_path / "a.conf").write_text('[a]\n#include "b.conf"\n')
    (tmp_path / "b.conf").write_text("#include a.conf\n")
    with pytest.raises(AsterismError) as caught:
        conf_file.load(tmp_path / "a.conf")
    assert caught.value.faults[0].what == "a file includes itself: a.conf -> b.conf -> a.conf"


def test_includes_more_than_ten_deep_are_refused(tmp_path: Path) -> None:
    for number in range(12):
        (tmp_path / f"{number}.conf").write_text(f"[a]\n#include {number + 1}.conf\n")
    (tmp_path / "12.conf").write_text("x = 1\n")
    with pytest.raises(AsterismError) as caught:
        conf_file.load(tmp_path / "0.conf")
    assert caught.value.faults[0].code == "too-deep"


def test_exec_runs_words_not_a_shell_when_it_is_allowed(tmp_path: Path) -> None:
    (tmp_path / "a.conf").write_text('[a]\n#exec "/bin/echo x = $HOME"\n')
    assert [(entry.name, entry.value) for entry in conf_file.load(tmp_path / "a.conf", exec_=True).variables("a")] == [
        ("x", "$HOME"),
    ]


def test_exec_that_fails_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "a.conf").write_text("[a]\n#exec /bin/false\n")
    with pytest.raises(AsterismError) as caught:
        conf_file.load(tmp_path / "a.conf", exec_=True)
    assert str(caught.value).startswith(f"{tmp_path}/a.conf:2:1: '#exec /bin/false' failed")


def test_a_file_that_is_not_there_is_a_fault_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(AsterismError) as caught:
        conf_file.load(tmp_path / "none.conf")
    assert (
        str(caught.value)
        == f"{tmp_path}/none.conf: cannot read the file: no such file or directory\n    check the path"
    )


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    """A directory with things that are no files."""
    os.mkfifo(tmp_path / "fifo.conf")
    (tmp_path / "room.conf").mkdir()
    (tmp_path / "loop.conf").symlink_to("loop.conf")
    (tmp_path / "zero.conf").symlink_to("/dev/zero")
    (tmp_path / "lost.conf").symlink_to("Gone")
    (tmp_path / "empty.conf").symlink_to("/dev/null")
    return tmp_path


ODD = [
    ("fifo", "is a named pipe (FIFO)", "name a regular file"),
    ("room", "is a directory", "name a regular file"),
    ("loop", "too many levels of symbolic links", "a symbolic link in that path leads to itself"),
    ("zero", "is a device", "name a regular file"),
    ("lost", "is a symbolic link to 'Gone', which does not exist", "check the path"),
]


@pytest.mark.parametrize(("name", "why", "cure"), ODD)
def test_what_is_no_file_is_told_and_never_waited_for(odd: Path, name: str, why: str, cure: str) -> None:
    with pytest.raises(AsterismError) as raised:
        conf_file.load(odd / f"{name}.conf")
    assert str(raised.value) == f"{odd}/{name}.conf: cannot read the file: {why}\n    {cure}"


@pytest.mark.parametrize(("name", "why", "cure"), ODD)
def test_an_include_of_what_is_no_file_is_told_with_its_line(odd: Path, name: str, why: str, cure: str) -> None:
    with pytest.raises(AsterismError) as raised:
        conf_file.loads(f"[a]\n#include {name}.conf\n", "a.conf", str(odd))
    (fault,) = raised.value.faults
    assert str(fault).split("\n")[0] == f"a.conf:2:1: cannot include '{odd}/{name}.conf': {why}"
    assert fault.cure == cure


def test_where_a_pattern_meets_what_is_no_file_it_is_a_warning(odd: Path) -> None:
    (odd / "lost.conf").unlink()
    (odd / "good.conf").write_text("x = 1\n")
    read = conf_file.loads("[a]\n#include *.conf\n#tryinclude room.conf\n", "a.conf", str(odd))
    assert [(entry.name, entry.value) for entry in read.variables("a")] == [("x", "1")]
    assert [str(fault).split("\n")[0] for fault in read.warnings] == [
        f"a.conf:2:1: warning: cannot include '{odd}/fifo.conf': is a named pipe (FIFO)",
        f"a.conf:2:1: warning: cannot include '{odd}/loop.conf': too many levels of symbolic links",
        f"a.conf:2:1: warning: cannot include '{odd}/room.conf': is a directory",
        f"a.conf:2:1: warning: cannot include '{odd}/zero.conf': is a device",
        f"a.conf:3:1: warning: cannot include '{odd}/room.conf': is a directory",
    ]


def test_an_include_of_standard_input_does_not_wait_for_it() -> None:
    reading, writing = os.pipe()
    try:
        with pytest.raises(AsterismError, match=r"is a named pipe \(FIFO\)"):
            conf_file.loads(f"[a]\n#include /dev/fd/{reading}\n")
    finally:
        os.close(reading)
        os.close(writing)


@pytest.mark.parametrize("name", ["a\0b", "a\0*", "x" * 300, "[", "*/" * 40])
def test_names_that_no_file_can_have_include_nothing(tmp_path: Path, name: str) -> None:
    assert conf_file.loads(f"[a]\n#tryinclude {name}\n", base=str(tmp_path)).variables("a") == []


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("yes", "the program wrote more than 64 MiB"),
        ("false", "the program ended with 1"),
        ("cat", ""),
    ],
)
def test_exec_has_an_end(command: str, why: str) -> None:
    faults = faults_of(f"[a]\nx = 1\n#exec {command}\n", exec_=True)
    assert [fault.why for fault in faults] == ([why] if why else [])


def test_bytes_that_are_no_utf8_survive(tmp_path: Path) -> None:
    (tmp_path / "a.conf").write_bytes(b"[a]\nx = \xff\n")
    assert conf_file.load(tmp_path / "a.conf").variables("a")[0].value.encode("utf-8", "surrogateescape") == b"\xff"


WORDS = st.text("abcxyz_-.,:/ ", min_size=1, max_size=12).map(str.strip).filter(bool)
ENTRIES = st.lists(st.tuples(WORDS.filter(lambda name: not name.endswith("+")), WORDS), max_size=5)


@given(st.dictionaries(WORDS, ENTRIES, max_size=4))
def test_what_is_written_is_read_back(sections: dict[str, list[tuple[str, str]]]) -> None:
    lines = []
    for name, entries in sections.items():
        lines += [f"[{name}]", *(f"{key} = {value} ; {name}" for key, value in entries)]
    assert understood("\n".join(lines)) == sections


@pytest.mark.parametrize(
    ("text", "left", "open_"),
    [
        (";--a;--b--;c--;d", ["d"], 0),
        ("a;--;", ["a"], 1),
        ("a;---b\nc", ["a", "c"], 0),
        (";----;x--;y", [""], 0),
        ("x;--\n--;--\n--;--;z", ["x", "", ""], 3),
        ("\\;-- a\\", [";-- a\\"], 0),
    ],
)
def test_what_comments_leave_of_lines(text: str, left: list[str], open_: int) -> None:
    depth, kept = 0, []
    for line in text.split("\n"):
        bare, _, depth = conf_file.uncomment(line, depth)
        kept.append(bare)
    assert (kept, depth) == (left, open_)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("a=>b", [("a", "b", True)]),
        ("a+=>b", [("a", ">b", False)]),
        ("a+=b", [("a", "b", False)]),
        ("a=+b", [("a", "+b", False)]),
        ("a = b = c", [("a", "b = c", False)]),
        ("a+b=c", [("a+b", "c", False)]),
        ("+=b", []),
        ("=b", []),
    ],
)
def test_name_sign_and_value_of_a_line(line: str, found: list[tuple[str, str, bool]]) -> None:
    read = conf_file.loads(f"[s]\n{line}\n")
    assert [(entry.name, entry.value, entry.is_object) for entry in read.variables("s")] == found


@given(st.binary(max_size=200))
def test_any_bytes_of_a_file_are_either_understood_or_refused(data: bytes) -> None:
    assert all(fault.place for fault in faults_of(f"[s]\n{data.decode('utf-8', 'surrogateescape')}"))


@given(st.text("[]()!+=>#;-\\ab \n", max_size=60))
def test_any_text_is_either_understood_or_refused_with_a_place(text: str) -> None:
    assert all(fault.place is not None and fault.place.line > 0 for fault in faults_of(text))


@given(st.text(";-\\ax ", max_size=30), st.integers(0, 2))
def test_the_columns_of_what_is_left_of_a_line_are_its_own(line: str, depth: int) -> None:
    kept, columns, after = conf_file.uncomment(line, depth)
    assert kept == "".join(line[column] for column in columns)
    assert columns == sorted(columns)
    assert after >= 0
