"""Several requests as one: all of them hold in the end, or nothing changes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from menuselect.choice.selection import Selection
from menuselect.model import deps, tree_file
from menuselect.model.deps import Deps
from menuselect.model.member_names import pick
from menuselect.model.menu import Menu
from menuselect.reasons.requests import Request, perform, requests_for


def menu_of(members: str, category: str = "MENUSELECT_A") -> Menu:
    return tree_file.loads(f'<menu><category name="{category}">{members}</category></menu>').menu


def fresh(menu: Menu, found: Deps = deps.UNKNOWN) -> Selection:
    selection = Selection(menu, found)
    selection.settle()
    selection.apply_defaults()
    selection.settle()
    return selection


NO = "<defaultenabled>no</defaultenabled>"


def refusals(members: str, *words: str, found: str = "") -> list[str]:
    """What asking for some words is refused with; nothing may have changed then."""
    menu = menu_of(members)
    selection = fresh(menu, deps.loads(found))
    before = selection.snapshot()
    outcome = perform(selection, requests_for(menu, words, on=True))
    assert bool(outcome.unmet) == (selection.snapshot() == before)
    return [str(unmet.fault()) for unmet in outcome.unmet]


@pytest.mark.parametrize(
    ("members", "words", "said"),
    [
        (
            f'<member name="a">{NO}<depend>b</depend></member>'
            f'<member name="b" explicitly_enabled_only="yes">{NO}</member>',
            ["a"],
            ["cannot enable 'a': it needs b, which must be enabled by name\n    enable b first: asterism enable b"],
        ),
        (
            f'<member name="a">{NO}<depend>b</depend></member><member name="b">{NO}<conflict>c</conflict></member>'
            '<member name="c"/>',
            ["a"],
            [
                "cannot enable 'a': it needs b, which conflicts with something that is on\n"
                "    c conflicts with it, switch that off first: asterism disable c"
            ],
        ),
        (
            f'<member name="a">{NO}<depend>b</depend></member><member name="b"><conflict>oss</conflict></member>',
            ["a"],
            ["cannot enable 'a': it needs b, which cannot be built\n    run ./configure again with --without-oss"],
        ),
        (
            '<member name="a"><depend>zzz</depend></member>',
            ["a"],
            [
                "cannot enable 'a': it needs zzz, which configure does not check for\n"
                "    'zzz' is neither a member of this tree nor a library that its configure checks for"
            ],
        ),
        (
            '<member name="a"><depend>alsa</depend></member><member name="b"><depend>dladdr</depend></member>',
            ["a", "b"],
            [
                "cannot enable 'a': it needs alsa, which was switched off with --without-alsa\n"
                "    run ./configure again without --without-alsa",
                "cannot enable 'b': it needs dladdr, which was not found\n"
                "    part of the C library; then run ./configure again",
            ],
        ),
    ],
)
def test_each_refusal_has_its_reason_and_its_step(members: str, words: list[str], said: list[str]) -> None:
    assert refusals(members, *words, found="OSS=1\nALSA=-1\nDLADDR=0\n") == said


def test_a_need_that_is_in_conflict_is_no_need_met() -> None:
    """By their defaults all three are on, b in vain; the original then builds a without it."""
    yes = "<defaultenabled>yes</defaultenabled>"
    members = (
        f'<member name="a">{yes}<depend>b</depend></member><member name="b">{yes}<conflict>c</conflict></member>'
        f'<member name="c">{yes}</member>'
    )
    selection = fresh(menu_of(members))
    assert [member.name for member in selection.built()] == ["a", "c"]
    assert refusals(members, "a") == [
        "cannot enable 'a': it needs b, which conflicts with something that is on\n"
        "    c conflicts with it, switch that off first: asterism disable c"
    ]


def test_what_must_be_asked_for_by_name_can_be_asked_for_along_with_it() -> None:
    members = (
        f'<member name="a">{NO}<depend>b</depend></member><member name="b" explicitly_enabled_only="yes">{NO}</member>'
    )
    assert refusals(members, "b", "a") == []


def test_one_request_cannot_undo_another() -> None:
    menu = menu_of(f'<member name="a">{NO}<depend>b</depend></member><member name="b">{NO}</member>')
    selection = fresh(menu)
    a, b = menu.members
    outcome = perform(selection, [Request(a, on=True), Request(b, on=False)])
    assert [str(unmet.fault()) for unmet in outcome.unmet] == [
        "cannot disable 'b': a, which was also requested, needs it\n    request 'b' or 'a', not both"
    ]
    assert selection.built() == []


def test_in_an_exclusive_category_the_last_one_named_is_not_enough() -> None:
    text = '<member name="a"/><member name="b"/>'
    menu = tree_file.loads(
        f'<menu><category name="C" exclusive="yes" positive_output="yes">{text}</category></menu>'
    ).menu
    selection = fresh(menu)
    outcome = perform(selection, requests_for(menu, ["a", "b"], on=True))
    assert [str(unmet.fault()) for unmet in outcome.unmet] == [
        "cannot enable 'a': b, which was also requested, conflicts with it\n    request 'a' or 'b', not both"
    ]
    assert perform(selection, requests_for(menu, ["b"], on=True)).unmet == ()
    assert [member.name for member in selection.built()] == ["b"]


@pytest.mark.parametrize(
    ("word", "names"),
    [
        ("A_ONE", ["a_one"]),
        ("a_one.so", ["a_one"]),
        ("a_*", ["a_one", "a_two"]),
        ("[ab]_t?o", ["a_two"]),
        ("level:core", ["a_two"]),
        ("level:CORE", ["a_two"]),
        ("in:a", ["a_one", "a_two", "b"]),
        ("in:MENUSELECT_A", ["a_one", "a_two", "b"]),
        ("needs:CURL", ["a_two"]),
        ("nothing", []),
        ("in:nothing", []),
        ("other:core", []),
    ],
)
def test_a_word_stands_for_members(word: str, names: list[str]) -> None:
    menu = menu_of(
        '<member name="a_one"/>'
        '<member name="a_two"><support_level>core</support_level><depend>curl</depend></member><member name="b"/>'
    )
    assert sorted(member.name for member in pick(menu, word)) == names


_AT = st.integers(0, 6)


@given(
    st.lists(st.tuples(_AT, _AT, st.sampled_from(["depend", "conflict", "use"])), max_size=10),
    st.sets(_AT, max_size=3),
    st.sets(_AT, max_size=2),
    st.lists(st.tuples(_AT, st.booleans(), st.booleans()), min_size=1, max_size=5),
    st.sets(_AT, max_size=3),
)
@settings(deadline=None, max_examples=300)
def test_all_hold_or_nothing_changes(
    references: list[tuple[int, int, str]],
    off: set[int],
    missing: set[int],
    asked: list[tuple[int, bool, bool]],
    quiet: set[int],
) -> None:
    text = "".join(
        f'<member name="m{number}"><defaultenabled>{"no" if number in off else "yes"}</defaultenabled>'
        + "".join(f"<{kind}>m{to}</{kind}>" for at, to, kind in references if at == number and to > number)
        + ("<depend>curl</depend>" if number in missing else "")
        + "</member>"
        for number in range(7)
    )
    menu = menu_of(text)
    selection = fresh(menu, deps.loads("CURL=0\n"))
    before = [selection.is_built(member) for member in menu.members]
    state = selection.snapshot()
    requests = [Request(menu.members[number], on, optional=optional) for number, on, optional in asked]
    outcome = perform(selection, requests, [menu.members[number] for number in sorted(quiet)])
    last = {request.member.index: request for request in requests}
    insisted = [request for request in last.values() if not request.optional]
    if outcome.unmet:
        assert selection.snapshot() == state
        assert not outcome.change
    else:
        assert all(selection.is_built(request.member) == request.on for request in insisted)
        needed = [each for request in insisted if request.on for each in selection.dependencies(request.member)]
        assert all(selection.is_built(each) for each in needed)
        after = [selection.is_built(member) for member in menu.members]
        changed = {switch.member.index: switch.on for switch in outcome.change.switched}
        assert changed == {at: now for at, now in enumerate(after) if now != before[at]}
