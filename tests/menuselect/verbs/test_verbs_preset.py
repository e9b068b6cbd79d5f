"""Presets: small files, merged in order, every disagreement said."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from verbs_menu import DEPS, MAKEOPTS, MENU

from asterism.errors import AsterismError, Fault
from menuselect.model import tree_file
from menuselect.session import presets

Asterism = Callable[..., Any]


@pytest.fixture
def tree_of(place: Callable[..., Any]) -> Any:
    """The small menu, saved as by default."""
    return place(MENU, DEPS, MAKEOPTS)


def test_a_preset_is_applied(tree_of: Any, asterism: Asterism) -> None:
    tree_of.put("small.toml", 'title = "Small"\nonly = ["app_call"]\nenable = ["DEBUG"]\ndisable = ["FAST"]\n')
    assert asterism("preset", "small.toml").stdout == "+ DEBUG\n- FAST\nconfiguration saved to 'menuselect.makeopts'\n"
    assert asterism("preset", "small.toml").stdout == (
        "nothing changes: every request is met already\nno change to 'menuselect.makeopts'\n"
    )


def test_the_later_preset_counts_and_that_is_said(tree_of: Any, asterism: Asterism) -> None:
    tree_of.put("presets/base.toml", 'disable = ["DEBUG",\n  "FAST"]\n')
    tree_of.put("mine.toml", 'inherit = ["base"]\nenable = ["DEBUG"]\n')
    outcome = asterism("preset", "mine.toml")
    assert outcome.stderr == (
        "asterism: warning: DEBUG is on because of mine.toml:2:12, not off as presets/base.toml:1:13 says\n"
    )
    assert outcome.stdout == "+ DEBUG\n- FAST\nconfiguration saved to 'menuselect.makeopts'\n"


def test_only_of_a_later_preset_starts_over(tree_of: Any, asterism: Asterism) -> None:
    tree_of.put("a.toml", 'enable = ["app_old", "DEBUG"]\n')
    tree_of.put("b.toml", 'only = ["res_other_line"]\n')
    outcome = asterism("preset", "--show", "a.toml", "b.toml")
    assert outcome.stdout == (
        "note: app_old is off because of b.toml:1:10, not on as a.toml:1:12 says\n"
        "+ DEBUG  (a.toml:1:23)\n"
        "+ res_other_line  (b.toml:1:10)\n"
        "- 5 others, unless a member above needs them\n"
    )


def test_a_name_goes_before_a_group_in_one_preset(tree_of: Any, asterism: Asterism) -> None:
    tree_of.put("p.toml", 'enable = ["in:apps"]\ndisable = ["app_call"]\n')
    outcome = asterism("preset", "-n", "p.toml")
    assert outcome.stdout == (
        "left out because they cannot be built: app_fetch\n"
        "- app_call\n+ app_old\nnothing was written: this was a dry run\n"
    )


def test_what_a_preset_names_and_cannot_be_had_refuses_it_all(tree_of: Any, asterism: Asterism) -> None:
    tree_of.put("p.toml", 'enable = ["DEBUG", "res_web"]\n')
    outcome = asterism("preset", "p.toml")
    assert outcome.status == 1
    assert outcome.stderr.startswith(
        "p.toml:1:21: cannot enable 'res_web': it needs curl, which was not found\n"
        '    enable = ["DEBUG", "res_web"]\n' + " " * 24 + "^\n    install curl"
    )
    assert tree_of.makeopts == MAKEOPTS


def test_fresh_starts_from_the_defaults(tree_of: Any, asterism: Asterism) -> None:
    asterism("only", "app_old")
    tree_of.put("p.toml", 'enable = ["DEBUG"]\n')
    outcome = asterism("preset", "--fresh", "p.toml")
    assert outcome.stdout == (
        "+ app_call\n- app_old\n+ res_line (app_call needs it)\n+ DEBUG\nconfiguration saved to 'menuselect.makeopts'\n"
    )


def test_the_presets_that_can_be_named_are_listed(tree_of: Any, asterism: Asterism) -> None:
    tree_of.put("presets/portable.toml", 'title = "Ours"\n')
    tree_of.put("home/.config/asterism/presets/own.toml", 'title = "Mine"\n')
    tree_of.put("presets/broken.toml", "title = \n")
    found = json.loads(asterism("preset", "--json").stdout)
    assert [(each["name"], each["title"]) for each in found] == [
        ("portable", "Ours"),
        ("own", "Mine"),
        ("debug", "Without the compiler's optimizations, for a debugger"),
        ("no-deprecated", "Without modules that will be removed"),
    ]


def test_shipped_presets_read_and_their_words_stand_in_our_own_tree() -> None:
    shipped = presets.directories()[-1]
    names = [path.stem for path in sorted(shipped.glob("*.toml"))]
    assert names == ["debug", "no-deprecated", "portable"]
    flags = Path(__file__).parents[3] / "build_tools/cflags.xml"
    menu = tree_file.loads(f"<menu>{flags.read_text()}</menu>").menu
    wanted = presets.merge(menu, presets.gather(names))
    assert ([m.name for m in wanted.on], [m.name for m in wanted.off]) == (["DONT_OPTIMIZE"], ["BUILD_NATIVE"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "enable = [",
            "p.toml:1: this is not valid TOML: invalid value\n    enable = [\n",
        ),
        (
            'enabel = ["a"]\ntitel = "x"\n',
            "p.toml:1:1: unknown key 'enabel'\n    enabel = [\"a\"]\n    ^\n    did you mean 'enable'?\n"
            "p.toml:2:1: unknown key 'titel'\n    titel = \"x\"\n    ^\n    did you mean 'title'?\n",
        ),
        (
            "title = 3\nenable = 'DEBUG'\n",
            "p.toml:1:1: 'title' is not a string\n    title = 3\n    ^\n"
            "p.toml:2:1: 'enable' is not a list of names\n    enable = 'DEBUG'\n    ^\n"
            '    write enable = ["NAME", ...]\n',
        ),
        (
            'enable = ["DEBUG",\n  "app_cal"]\ndisable = ["in:aps"]\n',
            "p.toml:2:4: 'app_cal' is not a member of this tree\n      \"app_cal\"]\n       ^\n"
            "    did you mean 'app_call', 'app_old' or 'app_fetch'?\n"
            "p.toml:3:13: unknown category 'aps'\n    disable = [\"in:aps\"]\n                ^\n"
            "    did you mean 'apps'?\n",
        ),
        (
            'inherit = ["portabel"]\n',
            "p.toml:1:13: preset 'portabel' does not exist\n    inherit = [\"portabel\"]\n                ^\n"
            "    did you mean 'portable'?\n",
        ),
        (
            'title = "x"\nenable = ["a\udcff\x1b"]\n',
            'p.toml:2:13: this is not valid TOML: a byte that is not UTF-8\n    enable = ["a\ufffd\ufffd"]\n'
            "                ^\n    save the file as UTF-8\n",
        ),
        (
            'inherit = ["q.toml", "nothing"]\nenabel = []\nenable = ["app_cal"]\n',
            'p.toml:1:23: preset \'nothing\' does not exist\n    inherit = ["q.toml", "nothing"]\n'
            "                          ^\n    did you mean 'debug', 'no-deprecated' or 'portable'?\n"
            "p.toml:2:1: unknown key 'enabel'\n    enabel = []\n    ^\n    did you mean 'enable'?\n"
            "p.toml:3:12: 'app_cal' is not a member of this tree\n    enable = [\"app_cal\"]\n               ^\n"
            "    did you mean 'app_call', 'app_old' or 'app_fetch'?\n"
            "q.toml:1:1: 'only' is not a list of names\n    only = 1\n    ^\n"
            '    write only = ["NAME", ...]\n',
        ),
        (
            'inherit = ["p.toml"]\n',
            "p.toml: presets inherit each other: p.toml -> p.toml\n    remove one of the 'inherit' entries\n",
        ),
    ],
)
def test_a_malformed_preset_is_shown_where_it_is_wrong(tree_of: Any, asterism: Asterism, text: str, said: str) -> None:
    (tree_of.path / "p.toml").write_bytes(text.encode("utf-8", "surrogateescape"))
    tree_of.put("q.toml", "only = 1\n")
    outcome = asterism("preset", "p.toml")
    assert outcome.status == 1
    assert outcome.stderr == said
    assert outcome.stdout == ""
    assert tree_of.makeopts == MAKEOPTS


def test_a_preset_of_several_branches_passes_over_what_is_not_here(tree_of: Any, asterism: Asterism) -> None:
    tree_of.put("p.toml", 'enable = ["DEBUG", "chan_nbs"]\n')
    outcome = asterism("preset", "--lenient", "p.toml")
    assert outcome.stdout == "+ DEBUG\nconfiguration saved to 'menuselect.makeopts'\n"
    assert outcome.stderr == (
        "p.toml:1:21: warning: 'chan_nbs' is not a member of this tree: "
        "it was removed in Asterisk 19 without a replacement\n"
        '    enable = ["DEBUG", "chan_nbs"]\n' + " " * 24 + "^\n    'asterism list' lists them all\n"
    )


def test_a_group_that_is_empty_here_is_no_fault(place: Callable[..., Any], asterism: Asterism) -> None:
    place('<category name="C"><member name="a"/></category>', "", "")
    assert asterism("preset", "no-deprecated").status == 0


@given(st.text(max_size=80))
@settings(deadline=None, max_examples=60)
def test_any_text_is_a_preset_or_a_fault_with_a_place(text: str) -> None:
    faults: tuple[Fault, ...] = ()
    try:
        assert presets.loads(text, "p.toml").name == "p"
    except AsterismError as error:
        faults = error.faults
    assert {fault.place.file for fault in faults if fault.place} <= {"p.toml"}
    assert all(fault.place for fault in faults)


_NAMES = st.text(st.characters(blacklist_categories=("Cs",)), min_size=1, max_size=12)


@given(st.sets(_NAMES, max_size=4), st.sets(_NAMES, max_size=4), st.text(max_size=12))
@settings(deadline=None, max_examples=60)
def test_what_is_written_reads_back(on: set[str], off: set[str], title: str) -> None:
    title = title.encode("utf-8", "replace").decode()
    members = [
        presets.Member(name, "C", index, displayname=title) for index, name in enumerate(sorted(on) + sorted(off - on))
    ]
    menu = presets.Menu("m", (presets.Category("C", displayname=title, members=tuple(members)),))
    text = presets.dumps(menu, members[: len(on)], members[len(on) :], title)
    read = presets.loads(text, "p.toml")
    assert read.title == title
    assert [word.text for word in read.enable] == sorted(on)
    assert [word.text for word in read.disable] == sorted(off - on)


def test_a_comment_cannot_speak_to_the_terminal() -> None:
    member = presets.Member("a", "C", 0, displayname="x\u202ey\n\x9b2Jz\udcff")
    menu = presets.Menu("m", (presets.Category("C", displayname="C", members=(member,)),))
    assert presets.dumps(menu, [member], []) == (
        'enable = [\n    # C\n    "a",                                  # x\ufffdy \ufffd2Jz\ufffd\n]\n'
    )
