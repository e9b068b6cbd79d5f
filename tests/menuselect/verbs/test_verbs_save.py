"""``asterism diff``, ``save`` and ``upgrade``: a choice held against another one, kept small, carried over."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from verbs_menu import DEPS, MAKEOPTS, MENU

from menuselect.choice.selection import Selection
from menuselect.model import deps, tree_file
from menuselect.reasons.minimal import compared, difference
from menuselect.reasons.requests import perform
from menuselect.session import makeopts, presets
from menuselect.verbs.preset import requests

Asterism = Callable[..., Any]


@pytest.fixture
def small(place: Callable[..., Any]) -> Any:
    """The small menu, saved as by default."""
    return place(MENU, DEPS, MAKEOPTS)


def test_diff_is_against_the_defaults(small: Any, asterism: Asterism) -> None:
    assert asterism("diff").stdout == ""
    asterism("disable", "res_line")
    asterism("enable", "DEBUG")
    outcome = asterism("diff")
    assert (outcome.status, outcome.stdout) == (
        0,
        "- app_call  apps    Call a number\n- res_line  res     A line\n+ DEBUG     cflags  For debuggers\n",
    )
    assert asterism("diff", "--exit-code").status == 1


def test_diff_takes_files_presets_and_names(small: Any, asterism: Asterism) -> None:
    small.put("old", MAKEOPTS.replace("=FAST", "="))
    small.put("p.toml", 'enable = ["DEBUG"]\n')
    assert asterism("diff", "old").stdout == "+ FAST  cflags  Fast code\n"
    assert asterism("diff", "saved", "old").stdout == "- FAST  cflags  Fast code\n"
    assert json.loads(asterism("diff", "--json", "p.toml", "defaults").stdout) == {
        "from": "p.toml",
        "to": "defaults",
        "on": [],
        "off": ["DEBUG"],
    }
    outcome = asterism("diff", "nothing-there")
    assert (outcome.status, outcome.stderr) == (
        1,
        "nothing-there: cannot read the file: no such file or directory\n    check the path\n",
    )


def test_save_minimal_is_a_preset_of_the_difference(small: Any, asterism: Asterism) -> None:
    asterism("disable", "res_line")
    asterism("enable", "DEBUG", "app_old")
    text = (
        'title = "Mine"\n'
        "enable = [\n"
        "    # Applications\n"
        '    "app_old",                            # An old thing\n'
        "    # Compiler Flags\n"
        '    "DEBUG",                              # For debuggers\n'
        "]\n"
        "disable = [\n"
        "    # Applications\n"
        '    "app_call",                           # Call a number\n'
        "    # Resource Modules\n"
        '    "res_line",                           # A line\n'
        "]\n"
    )
    assert asterism("save", "--minimal", "--title", "Mine").stdout == text
    assert asterism("save", "--minimal", "--title", "Mine", "-n", "-o", "m.toml").stdout == (
        "'m.toml' would be written\n"
    )
    assert not (small.path / "m.toml").exists()
    assert asterism("save", "--minimal", "--title", "Mine", "-o", "m.toml").stdout == "saved to 'm.toml'\n"
    assert small.read("m.toml") == text
    saved = small.makeopts
    (small.path / "menuselect.makeopts").unlink()
    asterism("preset", "--fresh", "m.toml")
    assert small.makeopts == saved


def test_save_drops_names_that_are_gone(small: Any, asterism: Asterism) -> None:
    small.put("menuselect.makeopts", MAKEOPTS.replace("app_old", "app_old app_lost"))
    assert asterism("save", "--dry-run").stdout == "'menuselect.makeopts' would change\n"
    assert asterism("save").stdout == "configuration saved to 'menuselect.makeopts'\n"
    assert small.makeopts == MAKEOPTS
    assert asterism("save").stdout == "no change to 'menuselect.makeopts'\n"
    assert json.loads(asterism("save", "--json").stdout) == {
        "saved": True,
        "text": "no change to 'menuselect.makeopts'",
    }


_NUMBERS = st.integers(0, 7)


@given(
    st.lists(st.tuples(_NUMBERS, _NUMBERS), max_size=8),
    st.sets(_NUMBERS, max_size=4),
    st.lists(st.tuples(_NUMBERS, st.booleans()), max_size=8),
)
@settings(deadline=None, max_examples=60)
def test_a_minimal_file_brings_back_what_was_chosen(
    needs: list[tuple[int, int]], off: set[int], asked: list[tuple[int, bool]]
) -> None:
    """In any tree without conflicts, whatever was switched."""
    members = "".join(
        f'<member name="m{number}"><defaultenabled>{"no" if number in off else "yes"}</defaultenabled>'
        + "".join(f"<depend>m{to}</depend>" for at, to in needs if at == number and to > number)
        + "</member>"
        for number in range(8)
    )
    menu = tree_file.loads(f'<menu><category name="MENUSELECT_A">{members}</category></menu>').menu

    def fresh() -> Selection:
        selection = Selection(menu, deps.UNKNOWN)
        selection.settle()
        selection.apply_defaults()
        selection.settle()
        return selection

    chosen, defaults = fresh(), fresh()
    for number, on in asked:
        (chosen.enable if on else chosen.disable)(menu.members[number])
    text = presets.dumps(menu, *difference(defaults, chosen))
    wanted = presets.merge(menu, [presets.loads(text)])
    outcome = perform(defaults, requests(wanted))
    assert outcome.unmet == ()
    assert compared(defaults, chosen) == ([], [])
    assert makeopts.dumps(defaults) == makeopts.dumps(chosen)


OLD = """
<category name="MENUSELECT_APPS">
<member name="app_call"/>
<member name="app_fetch"><depend>res_web</depend></member>
<member name="app_lost"/>
</category>
<category name="MENUSELECT_OPTS_app_voicemail" positive_output="yes" exclusive="yes">
<member name="FILE_STORAGE"><defaultenabled>yes</defaultenabled></member>
<member name="ODBC_STORAGE"><defaultenabled>no</defaultenabled></member>
</category>
<category name="MENUSELECT_CHANNELS"><member name="chan_sip"/><member name="chan_multicast_rtp"/></category>
<category name="MENUSELECT_RES"><member name="res_web"><depend>curl</depend></member></category>
"""

NEW = """
<category name="MENUSELECT_APPS">
<member name="app_call"/>
<member name="app_fetch"><depend>res_web</depend></member>
<member name="app_new"><defaultenabled>no</defaultenabled></member>
<member name="app_voicemail"/>
<member name="app_voicemail_odbc"><defaultenabled>no</defaultenabled></member>
</category>
<category name="MENUSELECT_CHANNELS"><member name="chan_pjsip"/><member name="chan_rtp"/></category>
<category name="MENUSELECT_RES"><member name="res_web"><depend>curl</depend></member>
<member name="res_neon"><depend>neon</depend></member></category>
"""

SAVED = (
    "MENUSELECT_APPS=\n"
    "MENUSELECT_OPTS_app_voicemail=ODBC_STORAGE \n"
    "MENUSELECT_CHANNELS=chan_multicast_rtp \n"
    "MENUSELECT_RES=\n"
)


def test_upgrade_with_the_old_tree_knows_everything(place: Callable[..., Any], asterism: Asterism) -> None:
    new = place(NEW, "CURL=0\nNEON=0\n")
    new.put("old/menuselect-tree", f"<menu>{OLD}</menu>")
    new.put("old/build_tools/menuselect-deps", "CURL=1\n")
    new.put("old/menuselect.makeopts", SAVED)
    outcome = asterism("upgrade", "old")
    assert outcome.stdout == (
        "renamed:\n"
        "  FILE_STORAGE (was off) -> app_voicemail, off: it was renamed to app_voicemail in Asterisk 17; "
        "each storage of voicemail is a module of its own now\n"
        "  ODBC_STORAGE (was on) -> app_voicemail_odbc, on: it was renamed to app_voicemail_odbc in Asterisk 17; "
        "each storage of voicemail is a module of its own now\n"
        "  chan_multicast_rtp (was off) -> chan_rtp, off: it was renamed to chan_rtp in Asterisk 14\n"
        "gone:\n"
        "  chan_sip (was on): it was removed in Asterisk 21, chan_pjsip replaces it; sip.conf becomes pjsip.conf; "
        "contrib/scripts/sip_to_pjsip of Asterisk's sources converts it; asterism enable chan_pjsip\n"
        "  app_lost (was on)\n"
        "new:\n"
        "  [ ] app_new\n"
        "  [ ] app_voicemail\n"
        "  [*] app_voicemail_odbc\n"
        "  [*] chan_pjsip\n"
        "  [ ] chan_rtp\n"
        "  XXX res_neon\n"
        "can no longer be built:\n"
        "  app_fetch: it needs res_web, which cannot be built\n"
        "  res_web: it needs curl, which was not found\n"
        "      install curl (a hint: Debian libcurl4-openssl-dev, Fedora libcurl-devel, Alpine curl-dev, Arch curl), "
        "then run ./configure again\n"
        "corrected:\n"
        "  - app_new\n"
        "  - app_voicemail\n"
        "  - chan_rtp\n"
        "nothing was written; 'asterism upgrade old --write' saves the corrected selection\n"
    )
    assert not (new.path / "menuselect.makeopts").exists()
    assert asterism("upgrade", "--write", "old").stdout.endswith("\nconfiguration saved to 'menuselect.makeopts'\n")
    assert new.makeopts == (
        "MENUSELECT_APPS=app_fetch app_new app_voicemail \n"
        "MENUSELECT_CHANNELS=chan_rtp \n"
        "MENUSELECT_RES=res_web res_neon \n"
        "MENUSELECT_BUILD_DEPS=\n"
        "MENUSELECT_DEPSFAILED=MENUSELECT_APPS=app_fetch\n"
        "MENUSELECT_DEPSFAILED=MENUSELECT_RES=res_web\n"
        "MENUSELECT_DEPSFAILED=MENUSELECT_RES=res_neon\n"
    )


def test_upgrade_in_place_tells_what_the_files_tell(place: Callable[..., Any], asterism: Asterism) -> None:
    new = place(NEW, "CURL=1\nNEON=0\n", SAVED)
    new.put("menuselect.makedeps", "MENUSELECT_DEPENDS_res_web=CURL \n")
    assert json.loads(asterism("upgrade", "--json").stdout) == {
        "new": ["res_neon"],
        "new_is_complete": False,
        "gone": [],
        "renamed": [
            {
                "name": "ODBC_STORAGE",
                "was_on": True,
                "past": {
                    "name": "ODBC_STORAGE",
                    "gone": "17",
                    "kind": "renamed",
                    "to": ["app_voicemail_odbc"],
                    "note": "each storage of voicemail is a module of its own now",
                },
                "to": ["app_voicemail_odbc"],
            },
            {
                "name": "chan_multicast_rtp",
                "was_on": False,
                "past": {"name": "chan_multicast_rtp", "gone": "14", "kind": "renamed", "to": ["chan_rtp"]},
                "to": ["chan_rtp"],
            },
        ],
        "unavailable": [],
        "doubtful": ["app_new"],
        "on": [],
        "off": ["chan_rtp"],
        "text": "nothing was written; 'asterism upgrade --write' saves the corrected selection",
    }


def test_upgrade_has_nothing_to_say_when_nothing_changed(small: Any, asterism: Asterism) -> None:
    small.put("menuselect.makedeps", "MENUSELECT_DEPENDS_app_fetch=ZLIB \nMENUSELECT_DEPENDS_res_web=CURL \n")
    assert asterism("upgrade").stdout == "'menuselect.makeopts' needs no change\n"


def test_upgrade_without_a_saved_choice_says_what_to_name(place: Callable[..., Any], asterism: Asterism) -> None:
    place(MENU, DEPS)
    outcome = asterism("upgrade")
    assert (outcome.status, outcome.stderr) == (
        1,
        "asterism: no selection was saved in 'menuselect.makeopts'\n"
        "    name the old tree or a makeopts file: asterism upgrade OLD\n",
    )


@pytest.mark.parametrize(
    ("old", "said"),
    [
        (
            "old tree",
            "asterism: no selection was saved in 'old tree': menuselect.makeopts is missing\n"
            "    name another makeopts file, or save the defaults: asterism save -C 'old tree'\n",
        ),
        ("nowhere", "asterism: 'nowhere' does not exist\n    check the path\n"),
    ],
)
def test_upgrade_from_where_nothing_was_chosen_says_so(small: Any, asterism: Asterism, old: str, said: str) -> None:
    small.put("old tree/menuselect-tree", f'<menu name="Old">{MENU}</menu>')
    outcome = asterism("upgrade", old)
    assert (outcome.status, outcome.stdout, outcome.stderr) == (1, "", said)


def test_upgrade_tells_the_way_to_a_library_once(place: Callable[..., Any], asterism: Asterism) -> None:
    members = "".join(f'<member name="test_{each}"><depend>TEST_FRAMEWORK</depend></member>' for each in "abc")
    menu = f'<category name="MENUSELECT_TESTS">{members}</category>'
    place(menu, "CURL=1\n", "MENUSELECT_TESTS=\n")
    assert asterism("upgrade").stdout == (
        "can no longer be built:\n"
        "  test_a: it needs TEST_FRAMEWORK, which was not found\n"
        "      run ./configure --enable-dev-mode, then switch TEST_FRAMEWORK on\n"
        "  test_b: it needs TEST_FRAMEWORK, which was not found\n"
        "  test_c: it needs TEST_FRAMEWORK, which was not found\n"
        "nothing was written; 'asterism upgrade --write' saves the corrected selection\n"
    )


def test_a_file_goes_into_no_directory_that_is_not_there(small: Any, asterism: Asterism) -> None:
    outcome = asterism("save", "--minimal", "-o", "prests/small.toml")
    assert (outcome.status, outcome.stdout, outcome.stderr) == (
        1,
        "",
        "asterism: cannot write 'prests/small.toml': directory 'prests' does not exist\n    check or create the path\n",
    )
    assert not (small.path / "prests").exists()
