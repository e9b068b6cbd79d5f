"""The sizes of panes, the headings, the line of keys, and the characters of a terminal."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from menuselect.listing.styled_text import phrases, plain, shortened
from menuselect.tui.keys import ACTIONS, SETS
from menuselect.tui.layout.characters import ascii_text, is_ascii
from menuselect.tui.layout.footer import footer, without_effect
from menuselect.tui.layout.headings import Heading, heading_line
from menuselect.tui.layout.panes import Panes, arranged, names_width
from menuselect.tui.screens.palette_screen import GROUPS, offered
from menuselect.tui.undo import Steps

PANES = ("categories", "members", "filter", "about")


def sizes(size: tuple[int, int], focus: str, *, rows: int = 90, lines: int = 5) -> Panes:
    """The panes for a list of 90 members and an explanation of 5 lines, over categories of 45 columns."""
    return arranged(size, focus, categories=45, rows=rows, about_lines=lambda _: lines)


def description(size: tuple[int, int], focus: str, longest: int = 20) -> int:
    """The columns of a description beside names of that length: without marks, gap and scrollbar."""
    found = sizes(size, focus)
    room = found.members - 1 - 6
    return room - 2 - names_width({longest: 1}, {60: 1}, room, found.titles)


def test_below_80_columns_the_pane_with_the_focus_is_the_only_list() -> None:
    assert [sizes((40, 15), focus) for focus in PANES] == [
        Panes(40, 0, 40, 5, 10, is_narrow=True),
        Panes(0, 40, 40, 5, 10, is_narrow=True),
        Panes(0, 40, 40, 5, 10, is_narrow=True),
        Panes(0, 0, 40, 11, 10, is_narrow=True),
    ]


def test_at_80_columns_the_pane_with_the_focus_grows_and_the_categories_shrink() -> None:
    assert [sizes((80, 24), focus) for focus in PANES] == [
        Panes(26, 54, 80, 5, 30),
        Panes(17, 63, 80, 5, 30),
        Panes(17, 63, 80, 5, 30),
        Panes(17, 63, 80, 5, 30),
    ]


@pytest.mark.parametrize(("size", "least"), [((80, 24), 30), ((100, 30), 30), ((132, 43), 50), ((200, 60), 50)])
@pytest.mark.parametrize("longest", [12, 20, 38])
def test_a_description_keeps_30_columns_at_80_and_50_at_132(size: tuple[int, int], least: int, longest: int) -> None:
    assert min(description(size, focus, longest) for focus in ("categories", "members", "filter")) >= least


def test_the_names_take_the_columns_that_descriptions_do_not_need() -> None:
    assert names_width({32: 1, 12: 5}, {39: 1, 20: 5}, 80, 50) == 32
    assert names_width({32: 1, 12: 5}, {60: 6}, 80, 50) == 28, "the descriptions keep what they need"


def test_one_long_name_does_not_cut_the_descriptions_of_a_whole_list() -> None:
    assert names_width({39: 1, 25: 99}, {36: 100}, 64, 30) == 26
    assert names_width({39: 60, 25: 40}, {36: 100}, 64, 30) == 32, "but many long names do"


def test_a_title_leaves_out_the_phrases_that_do_not_fit() -> None:
    title = "Presets: Enter applies one, Esc goes back"
    assert [phrases(title, width) for width in (41, 40, 10)] == [title, *["Presets: Enter applies one"] * 2]


def test_from_180_columns_on_the_explanation_is_at_the_side() -> None:
    assert sizes((200, 60), "members") == Panes(45, 97, 58, 0, 50)
    assert sizes((200, 60), "members").is_beside


@pytest.mark.parametrize(
    ("rows", "lines", "height"),
    [
        (90, 4, 4),  # as many lines as the text has, while the list needs the others
        (90, 30, 13),  # at most a third of the screen
        (20, 4, 13),  # a list that leaves lines: a third, which stays when the text changes
        (20, 30, 15),  # or all lines that are left
    ],
)
def test_the_explanation_takes_the_lines_that_it_needs(rows: int, lines: int, height: int) -> None:
    assert sizes((120, 40), "members", rows=rows, lines=lines).about_height == height


def test_an_explanation_with_the_focus_takes_up_to_half_of_the_screen() -> None:
    assert sizes((120, 40), "about", lines=30).about_height == 20


@given(
    width=st.integers(40, 300), height=st.integers(15, 100), focus=st.sampled_from(PANES),
    categories=st.integers(10, 90), rows=st.integers(0, 500), lines=st.integers(1, 90),
)  # fmt: skip
@settings(derandomize=True, deadline=None)
def test_the_panes_fill_the_screen_and_none_is_larger(
    width: int, height: int, focus: str, categories: int, rows: int, lines: int
) -> None:
    found = arranged((width, height), focus, categories=categories, rows=rows, about_lines=lambda _: lines)
    beside = found.about if found.is_beside else 0
    if not (found.is_narrow and focus == "about"):
        assert found.categories + found.members + beside == width
    assert found.is_narrow or found.categories <= width // 3
    assert 0 <= found.about_height <= height - 4
    assert found.is_narrow or found.members >= 54


def test_a_long_name_loses_its_middle() -> None:
    names = [shortened("res_pjsip_outbound_authenticator_digest", width) for width in (39, 20, 12)]
    assert names == ["res_pjsip_outbound_authenticator_digest", "res_pjsip_…or_digest", "res_pj…igest"]


def test_the_heading_of_the_pane_with_the_focus_is_marked_and_a_note_without_room_left_out() -> None:
    headings = [Heading("categories", 17, "Categories", "266 on"), Heading("members", 30, "Applications", "12 of 86")]
    line = heading_line(headings, "members")
    assert [piece.look for piece in line] == ["head", "focus"]
    assert plain(line) == " Categories       Applications        12 of 86 "


def test_the_line_of_keys_begins_with_the_most_useful_and_is_cut_at_whole_entries() -> None:
    keys = SETS["classic"]
    assert plain(footer("members", keys, 200)) == (
        "Enter toggle  x save  q quit  h help  Left back  / filter  u undo  y on  n off  i explanation  "
        "] next missing  [ next changed  v mark  e needs  d diff  p presets  o open file  F7 none  F8 all"
    )
    assert plain(footer("members", keys, 40)) == "Enter toggle  x save  q quit  h help"
    assert plain(footer("members", keys, 35)) == "Enter toggle  x save  q quit"
    assert plain(footer("filter", keys, 80)) == "Enter go there  Down matches  Esc clear"


def test_the_line_of_keys_shows_the_keys_that_have_an_effect(steps: Steps) -> None:
    by_name = {member.name: member for member in steps.menu.members}
    missing, on = by_name["app_mysql"], by_name["app_dial"]
    assert without_effect(steps, missing) == {"undo", "next-changed", "choose", "on", "off"}
    assert without_effect(steps, on) == {"undo", "next-changed", "on"}
    assert without_effect(steps, missing, [on]) == {"undo", "next-changed"}
    steps.disable(on)
    assert without_effect(steps, on) == {"off"}


def test_the_keys_have_a_look_of_their_own() -> None:
    line = footer("filter", SETS["classic"], 30)
    assert [(piece.text, piece.look) for piece in line] == [
        ("Enter", "key"),
        (" go there", ""),
        ("  ", ""),
        ("Down", "key"),
        (" matches", ""),
    ]


def test_every_action_of_the_screen_is_in_one_group_of_the_palette() -> None:
    grouped = [name for names in GROUPS.values() for name in names]
    left_out = {"choose", "palette", "interrupt"}  # as Space; the palette itself; as q
    wanted = {action.name for action in ACTIONS if action.where in ("app", "menu", "members")} - left_out
    assert sorted(grouped) == sorted(wanted)


def test_the_palette_is_narrowed_by_words_keys_and_names() -> None:
    def names(text: str) -> list[tuple[str, list[str]]]:
        return [(title, [action.name for action in actions]) for title, actions in offered(SETS["classic"], text)]

    assert names("to the saved") == [
        ("Take back", ["reset", "reset-category", "reset-all"]),
        ("Compare", ["difference"]),
    ]
    assert names("f7") == [("Switch", ["none"])]
    assert names("next-changed") == [("Find", ["next-changed"])]
    assert names("nonsense") == []


@pytest.mark.parametrize(
    ("environ", "ascii_only"),
    [
        ({"TERM": "xterm-256color", "LANG": "de_DE.UTF-8"}, False),
        ({"TERM": "xterm-256color", "LANG": "C.utf8"}, False),
        ({"TERM": "xterm-256color", "LANG": "de_DE.UTF-8", "LC_ALL": "C"}, True),
        ({"TERM": "xterm-256color", "LC_CTYPE": "de_DE.ISO-8859-1"}, True),
        ({"TERM": "xterm-256color"}, True),
        ({"TERM": "linux", "LANG": "C.UTF-8"}, True),
    ],
)
def test_the_locale_and_the_terminal_decide_the_characters(environ: dict[str, str], ascii_only: bool) -> None:
    assert is_ascii(environ) is ascii_only


def test_a_text_in_ascii_has_as_many_columns() -> None:
    assert ascii_text("┌─ Größe … │ ▇ \u2013 \u201cx\u201d") == '+- Gro?e ~ | # - "x"'
    assert ascii_text("电话 ok") == "???? ok"
