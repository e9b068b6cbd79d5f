"""Failures that the original menuselect forgets at the start of a pass."""

from __future__ import annotations

from menuselect.choice import references
from menuselect.choice.relapse import Relapse
from menuselect.model import deps, tree_file

TREE = """\
<menu name="m">
<category name="RES">
<member name="res_a"><depend>zlib</depend></member>
<member name="res_b"><depend>curl</depend><depend>res_a</depend></member>
<member name="res_c"><depend>res_b</depend></member>
<member name="res_d"><depend>curl</depend><depend>res_c</depend></member>
<member name="res_e"><depend>curl</depend></member>
</category>
</menu>
"""
A, B, C, D, E = range(5)


def relapse() -> Relapse:
    """Members where curl is found and zlib is missing."""
    return Relapse(references.link(tree_file.loads(TREE).menu, deps.loads("CURL=1\nZLIB=0\n")))


def test_members_with_their_libraries_that_fail_by_way_of_others_are_forgotten() -> None:
    assert relapse().members == [B, D]


def test_a_pass_without_a_change_leaves_nothing_to_forget() -> None:
    made = relapse()
    assert made.due() == [B, D]
    made.rest([])
    assert made.due() == []


def test_a_change_of_an_input_makes_its_group_due_and_no_other() -> None:
    made = relapse()
    made.rest([])
    made.touch(E)
    assert made.due() == []
    made.touch(C)
    assert made.due() == [B]
    made.touch(D)
    assert made.due() == [B, D]


def test_a_member_that_missed_a_failure_keeps_its_group_due() -> None:
    made = relapse()
    made.rest([D])
    assert made.due() == [D]
