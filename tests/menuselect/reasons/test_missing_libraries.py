"""The libraries that members lack, themselves or through what they need."""

from __future__ import annotations

from menuselect.choice.selection import Selection
from menuselect.model import deps, tree_file
from menuselect.reasons.explain import missing_libraries


def chain(length: int) -> Selection:
    """Members that each need the one before; the first needs ``first``, the last one ``last``, too."""
    members = ['<member name="m_0"><depend>first</depend></member>']
    for number in range(1, length):
        also = "<depend>last</depend>" if number == length - 1 else ""
        members.append(f'<member name="m_{number}"><depend>m_{number - 1}</depend>{also}</member>')
    text = f'<menu name="M"><category name="C" displayname="C">{"".join(members)}</category></menu>'
    selection = Selection(tree_file.loads(text.encode()).menu, deps.loads("FIRST=0\nLAST=0\n"))
    selection.settle()
    return selection


def test_a_member_lacks_what_its_dependencies_lack_however_long_the_chain() -> None:
    selection = chain(2000)
    known: dict[int, frozenset[str]] = {}
    first, *_, last = selection.menu.members
    assert missing_libraries(selection, last, known) == {"first", "last"}
    assert missing_libraries(selection, first, known) == {"first"}
    assert len(known) == 2000


def test_a_member_that_lacks_nothing_has_no_missing_libraries() -> None:
    text = '<menu name="M"><category name="C" displayname="C"><member name="m"/></category></menu>'
    selection = Selection(tree_file.loads(text.encode()).menu, deps.loads(""))
    selection.settle()
    assert missing_libraries(selection, selection.menu.members[0], {}) == frozenset()
