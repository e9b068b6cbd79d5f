"""What follows from a choice."""

from __future__ import annotations

import pytest

from asterism.errors import AsterismError
from menuselect.choice.selection import Change, Refusal, Selection, Switch
from menuselect.choice.switches import Failure, Why
from menuselect.model import buffer_limits, deps, tree_file
from menuselect.model.menu import Member
from menuselect.reasons import explain


def chosen(menu: str, found: str = "", limit: buffer_limits.Limits = buffer_limits.NONE) -> Selection:
    """A settled selection with defaults, of a menu and what configure found."""
    selection = Selection(tree_file.loads(f"<menu>{menu}</menu>").menu, deps.loads(found), limit)
    selection.settle()
    selection.apply_defaults()
    selection.settle()
    return selection


def off(*members: str) -> str:
    """A category whose members start off."""
    return f'<category name="P" positive_output="yes">{"".join(members)}</category>'


def on(*members: str) -> str:
    """A category whose members start on."""
    return f'<category name="N">{"".join(members)}</category>'


def member(name: str, inner: str = "", more: str = "") -> str:
    return f'<member name="{name}"{more}>{inner}</member>'


def named(selection: Selection, name: str) -> Member:
    found = selection.menu.find(name)
    assert found is not None
    return found


def built(selection: Selection) -> list[str]:
    return [each.name for each in selection.built()]


def signs(change: Change) -> list[str]:
    return [f"{'+' if switch.on else '-'}{switch.member.name}" for switch in change.switched]


def test_enabling_switches_on_what_is_needed_and_says_why() -> None:
    selection = chosen(off(member("A", "<depend>b</depend>"), member("B", "<depend>C</depend>"), member("C")))
    change = selection.enable(named(selection, "a"))
    a, b, c = selection.menu.members
    assert change.switched == (
        Switch(a, True, Why.REQUESTED),
        Switch(b, True, Why.NEEDED, a),
        Switch(c, True, Why.NEEDED, b),
    )
    assert change.refused == ()


def test_disabling_switches_off_those_that_need_it() -> None:
    selection = chosen(on(member("a", "<depend>b</depend>"), member("b", "<depend>c</depend>"), member("c")))
    change = selection.disable(named(selection, "c"))
    a, b, c = selection.menu.members
    assert change.switched == (
        Switch(a, False, Why.DEPENDENCY, b),
        Switch(b, False, Why.DEPENDENCY, c),
        Switch(c, False, Why.REQUESTED),
    )
    assert selection.dependency_failure(a) is Failure.SOFT


def test_what_went_off_with_its_need_stays_off_when_the_need_returns() -> None:
    selection = chosen(on(member("a", "<depend>b</depend>"), member("b")))
    b = named(selection, "b")
    selection.disable(b)
    assert signs(selection.enable(b)) == ["+b"]


def test_a_default_yes_nobody_touched_returns_with_its_need() -> None:
    yes = "<depend>b</depend><defaultenabled>yes</defaultenabled>"
    selection = chosen(off(member("a", yes), member("b", "<defaultenabled>yes</defaultenabled>")))
    b = named(selection, "b")
    assert signs(selection.disable(b)) == ["-a", "-b"]
    assert signs(selection.enable(b)) == ["+a", "+b"]


def test_a_missing_library_refuses_and_is_named() -> None:
    selection = chosen(on(member("a", "<depend>zlib</depend>")), "ZLIB=0\n")
    a = named(selection, "a")
    change = selection.enable(a)
    assert change == Change((), (Refusal(a, "missing", reference=a.depends[0]),))
    assert explain.refusal_text(change.refused[0], selection) == "it needs zlib, which was not found"
    assert (selection.is_on(a), selection.is_built(a), selection.is_available(a)) == (True, False, False)


def test_a_library_that_is_there_refuses_what_conflicts_with_it() -> None:
    selection = chosen(off(member("a", "<conflict>zlib</conflict>")), "ZLIB=1\n")
    a = named(selection, "a")
    assert selection.enable(a).refused == (Refusal(a, "present", reference=a.conflicts[0]),)


def test_want_of_a_library_reaches_those_that_need_its_users() -> None:
    selection = chosen(on(member("a", "<depend>b</depend>"), member("b", "<depend>zlib</depend>")), "ZLIB=-1\n")
    a, b = selection.menu.members
    change = selection.enable(a)
    assert change.refused == (Refusal(a, "unavailable", b),)
    assert explain.refusal_text(change.refused[0], selection) == "it needs b, which cannot be built (missing: zlib)"


def test_an_explicit_need_is_not_switched_on_by_others() -> None:
    x = member("x", more=' explicitly_enabled_only="yes"')
    selection = chosen(off(member("a", "<depend>x</depend>"), x))
    a, x_member = selection.menu.members
    change = selection.enable(a)
    assert change == Change((), (Refusal(a, "blocked", x_member, because="explicit"),))
    selection.enable(x_member)
    assert signs(selection.enable(a)) == ["+a"]


def test_of_two_that_refuse_each_other_the_newest_wins() -> None:
    selection = chosen(off(member("a", "<conflict>b</conflict>"), member("b", "<conflict>a</conflict>")))
    a, b = selection.menu.members
    selection.enable(a)
    change = selection.enable(b)
    assert change.switched == (Switch(a, False, Why.CONFLICT, b), Switch(b, True, Why.REQUESTED))


def test_an_exclusive_category_keeps_the_newest_alone() -> None:
    names = "".join(member(name) for name in "abcd")
    selection = chosen(f'<category name="X" exclusive="yes" positive_output="yes">{names}</category>')
    for name, expected in (("b", ["+b"]), ("d", ["-b", "+d"]), ("a", ["+a", "-d"])):
        assert signs(selection.enable(named(selection, name))) == expected
    assert built(selection) == ["a"]


def test_autoselect_switches_on_what_is_used() -> None:
    selection = chosen(off(member("a", '<use autoselect="yes">b</use><use>c</use>'), member("b"), member("c")))
    assert signs(selection.enable(named(selection, "a"))) == ["+a", "+b"]


def test_a_circle_of_needs_is_refused_and_named() -> None:
    selection = chosen(off(member("a", "<depend>b</depend>"), member("b", "<depend>a</depend>")))
    change = selection.enable(named(selection, "a"))
    assert not change
    assert [refusal.because for refusal in change.refused] == ["cycle"]
    assert explain.refusal_text(change.refused[0], selection) == (
        "it needs b, and b needs it: neither can be switched on before the other"
    )


def test_a_circle_of_a_hundred_thousand_ends() -> None:
    size = 100_000
    names = [member(f"m{at}", f"<depend>m{(at + 1) % size}</depend>") for at in range(size)]
    selection = chosen(off(*names))
    assert not selection.enable(selection.menu.members[0])


def test_autoselect_among_enemies_ends() -> None:
    a = member("a", '<use autoselect="yes">b</use><conflict>b</conflict>')
    b = member("b", '<use autoselect="yes">a</use><conflict>a</conflict>')
    selection = chosen(off(a, b))
    selection.enable(named(selection, "a"))
    assert len(built(selection)) <= 1


def test_what_needs_itself_and_refuses_itself_is_reported() -> None:
    with pytest.raises(AsterismError) as caught:
        chosen(on(member("a", "<depend>a</depend><conflict>a</conflict>")))
    assert str(caught.value) == (
        "the selection never settles: 'a' keeps switching itself on and off\n"
        "    look for a member that needs what it conflicts with, or needs itself: 'asterism check'"
    )


def test_a_category_is_enabled_as_far_as_it_can_be() -> None:
    selection = chosen(off(member("a"), member("b", "<depend>zlib</depend>"), member("c", "<conflict>a</conflict>")))
    category = selection.menu.categories[0]
    change = selection.enable_category(category)
    # c was in conflict already when it was switched on; such a member stays on, and is not built.
    assert signs(change) == ["+a", "+c"]
    assert [(refusal.member.name, refusal.code) for refusal in change.refused] == [("b", "missing"), ("c", "conflict")]
    assert signs(selection.disable_category(category)) == ["-a", "-c"]


def test_a_preview_changes_nothing() -> None:
    selection = chosen(off(member("a", "<depend>b</depend>"), member("b")))
    before = selection.snapshot()
    assert signs(selection.preview(lambda tried: tried.enable(named(tried, "a")))) == ["+a", "+b"]
    assert selection.snapshot() == before


def test_restoring_says_what_differs() -> None:
    selection = chosen(off(member("a", "<depend>b</depend>"), member("b")))
    before = selection.snapshot()
    selection.enable(named(selection, "a"))
    assert signs(selection.restore(before)) == ["-a", "-b"]


def test_of_a_tree_never_configured_everything_can_be_chosen() -> None:
    menu = tree_file.loads(f"<menu>{off(member('a', '<depend>zlib</depend><conflict>curl</conflict>'))}</menu>").menu
    selection = Selection(menu, deps.UNKNOWN)
    selection.settle()
    assert signs(selection.enable(menu.members[0])) == ["+a"]


def test_a_name_like_a_heading_is_a_library() -> None:
    menu = on(member("a", "<depend>core</depend><support_level>core</support_level>"))
    assert built(chosen(menu, "CORE=1\n")) == ["a"]
    # In the original it is the heading itself, which is off.
    assert built(chosen(menu, "CORE=1\n", buffer_limits.ORIGINAL)) == []


def test_reasons_go_down_to_the_missing_library() -> None:
    a = member("a", "<depend>b</depend><replacement>c</replacement><deprecated_in>18</deprecated_in>")
    selection = chosen(on(a, member("b", "<depend>zlib</depend>"), member("c")), "ZLIB=0\n")
    lines = list(explain.tree_lines(explain.reasons(selection, named(selection, "a"))))
    assert lines == [
        "it needs b, which cannot be built",
        "  it needs zlib, which was not found",
        "it is deprecated since 18",
        "it is replaced by c",
    ]


def test_reasons_of_what_is_on_name_who_needs_it() -> None:
    selection = chosen(off(member("a", "<depend>b</depend>"), member("b")))
    selection.enable(named(selection, "a"))
    assert [explain.text_of(reason) for reason in explain.reasons(selection, named(selection, "b"))] == ["a needs it"]


def test_reasons_are_plain_data_too() -> None:
    selection = chosen(on(member("a", "<depend>zlib</depend>")), "ZLIB=0\n")
    found = explain.reasons(selection, named(selection, "a"))
    assert [reason.as_json() for reason in found] == [
        {"code": "missing", "name": "zlib", "text": "it needs zlib, which was not found"}
    ]
