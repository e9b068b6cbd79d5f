"""The tree of what a member needs and what needs it."""

from __future__ import annotations

from menuselect.choice.selection import Selection
from menuselect.listing.need_tree import NeedTree, unfolded_at_first
from menuselect.model import deps, tree_file

TREE = """\
<menu name="M"><category name="MENUSELECT_A" displayname="A">
<member name="app_a"><depend>res_b</depend><use>res_c</use><depend>curl</depend></member>
<member name="res_b"><depend>res_d</depend><conflict>res_e</conflict></member>
<member name="res_c"/>
<member name="res_d"><depend>app_a</depend></member>
<member name="res_e"/>
</category></menu>
"""


def tree_of(name: str) -> NeedTree:
    menu = tree_file.loads(TREE.encode()).menu
    selection = Selection(menu, deps.loads("CURL=0\n"))
    selection.settle()
    member = menu.find(name)
    assert member
    return NeedTree(selection, member)


def lines(tree: NeedTree, *unfolded: tuple[str, ...]) -> list[str]:
    found = []
    for row in tree.rows(set(unfolded)):
        label = f"{row.label} " if row.label else ""
        found.append(f"{'  ' * len(row.path)}{'+' if row.folds else ' '}{label}{row.name} {row.state or ''}".rstrip())
    return found


def test_a_folded_tree_has_its_two_roots() -> None:
    assert lines(tree_of("app_a")) == ["  +app_a needs", "  +app_a is needed by"]
    assert lines(tree_of("res_c")) == ["   res_c needs", "  +res_c is needed by"]


def test_a_branch_shows_what_a_member_needs_with_the_kind_and_the_state() -> None:
    assert lines(tree_of("app_a"), ("needs",), ("needs", "res_b"), ("needs", "res_b", "res_d")) == [
        "  +app_a needs",
        "    +res_b unavailable",
        "      +res_d unavailable",
        "         app_a unavailable",
        "       conflicts res_e on",
        "     uses res_c on",
        "     curl unmet",
        "  +app_a is needed by",
    ]


def test_the_second_root_leads_to_the_members_that_depend_or_use() -> None:
    assert lines(tree_of("res_c"), ("is needed by",), ("is needed by", "app_a")) == [
        "   res_c needs",
        "  +res_c is needed by",
        "    +uses it app_a unavailable",
        "      +res_d unavailable",
    ]


def test_a_circle_ends_where_it_began() -> None:
    tree = tree_of("app_a")
    everything = unfolded_at_first(tree)
    assert max(len(path) for path in everything) == 3
    assert [row.path for row in tree.rows(everything) if row.name == "app_a"] == [("needs", "res_b", "res_d", "app_a")]
