"""What to do about a member that cannot be built."""

from __future__ import annotations

import pytest

from menuselect.choice.selection import Selection
from menuselect.model import deps, tree_file
from menuselect.reasons import advice

TREE = """\
<menu name="m">
<category name="RES">
<member name="res_top"><depend>res_mid</depend></member>
<member name="res_mid"><depend>odd_library</depend><depend>res_low</depend></member>
<member name="res_low"><depend>odd_library</depend><conflict>rival</conflict></member>
<member name="res_test"><depend>TEST_FRAMEWORK</depend></member>
<member name="res_one"><conflict>res_two</conflict></member>
<member name="res_two"/>
</category>
</menu>
"""


def _selection(found: str) -> Selection:
    selection = Selection(tree_file.loads(TREE).menu, deps.loads(found))
    selection.settle()
    selection.apply_defaults()
    selection.settle()
    return selection


@pytest.mark.parametrize(
    ("found", "cure"),
    [
        ("ODD_LIBRARY=0\n", "install odd_library, then run ./configure again"),
        ("ODD_LIBRARY=-1\n", "run ./configure again without --without-odd_library"),
        ("OTHER=1\n", "'odd_library' is neither a member of this tree nor a library that its configure checks for"),
    ],
)
def test_a_missing_library_has_its_next_step(found: str, cure: str) -> None:
    assert advice.to_get(deps.loads(found), "odd_library") == cure


def test_a_known_library_is_named_with_its_package() -> None:
    told = advice.to_get(deps.loads("CURL=0\n"), "curl")
    assert told.startswith("install curl (a hint: ")
    assert told.endswith("), then run ./configure again")


def test_a_test_module_needs_dev_mode_and_no_package() -> None:
    cure = "run ./configure --enable-dev-mode, then switch TEST_FRAMEWORK on"
    assert advice.to_get(deps.loads("CURL=1\n"), "TEST_FRAMEWORK") == cure


def test_remedies_are_those_of_all_obstacles_each_once() -> None:
    selection = _selection("ODD_LIBRARY=0\nRIVAL=1\n")
    top = selection.menu.find("res_top")
    assert top
    assert advice.remedies(selection, top) == [
        "install odd_library, then run ./configure again",
        "run ./configure again with --without-rival",
    ]


def test_a_member_in_a_conflict_is_had_by_switching_the_other_off() -> None:
    selection = _selection("ODD_LIBRARY=1\n")
    one, two = selection.menu.find("res_one"), selection.menu.find("res_two")
    assert one
    assert two
    selection.enable(two)
    refused = selection.enable(one).refused
    assert [advice.cure_of(selection, one, refusal) for refusal in refused] == [
        "switch res_two off first: asterism disable res_two"
    ]
