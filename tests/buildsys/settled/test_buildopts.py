"""The build options and their sum."""

from __future__ import annotations

from pathlib import Path

import pytest

from buildsys.settled.build_options import abi_options, header, option_sum, option_text
from menuselect.model import tree_file
from menuselect.session.session import Session

OPTIONS = Path(__file__).parents[3] / "build_tools/cflags.xml"


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ((), "68b329da9893e34099c7d8ad5cb9c940"),
        (("TEST_FRAMEWORK",), "4a42379a6da59ab1f006e6ad07609ac3"),
        (("DEBUG_THREADS", "TEST_FRAMEWORK"), "f4ec5d6686cccf5bebd6a2618b18a8c1"),
    ],
)
def test_the_sum_is_the_md5_of_the_options_and_a_newline(options: tuple[str, ...], expected: str) -> None:
    """The values come from ``echo "A, B" | md5sum``, which is what Asterisk's script runs."""
    assert option_sum(options) == expected


def test_options_that_leave_the_abi_alone_do_not_count() -> None:
    chosen = ("DONT_OPTIMIZE", "DEBUG_THREADS", "BUILD_NATIVE", "TEST_FRAMEWORK", "DEBUG_THREADS")
    assert abi_options(chosen) == ("DEBUG_THREADS", "TEST_FRAMEWORK")
    assert option_text(chosen) == "DEBUG_THREADS, TEST_FRAMEWORK"
    assert option_sum(chosen) == option_sum(("DEBUG_THREADS", "TEST_FRAMEWORK"))


def test_the_header_defines_all_and_sums_up_those_that_count() -> None:
    assert header(("DONT_OPTIMIZE", "TEST_FRAMEWORK"), dev_mode=True) == (
        """\
/* Written by the build; 'make menuselect' changes it. */

#ifndef ASTERISM_BUILDOPTS_H
#define ASTERISM_BUILDOPTS_H

#define AST_DEVMODE 1
#define DONT_OPTIMIZE 1
#define TEST_FRAMEWORK 1
#define AST_BUILDOPT_SUM "4a42379a6da59ab1f006e6ad07609ac3"
#define AST_BUILDOPTS "TEST_FRAMEWORK"
#define AST_BUILDOPTS_ALL "DONT_OPTIMIZE, TEST_FRAMEWORK"

#endif
"""
    )


def test_dev_mode_alone_changes_no_sum() -> None:
    plain, dev = (header((), dev_mode=mode).splitlines() for mode in (False, True))
    assert [line for line in dev if line not in plain] == ["#define AST_DEVMODE 1"]


def test_the_default_options_have_the_sum_of_a_default_build_of_asterisk(tmp_path: Path) -> None:
    """Asterisk 20, 22 and master have this sum when nothing is chosen: of its defaults, OPTIONAL_API alone counts."""
    menu = tree_file.loads(b'<?xml version="1.0"?><menu name="Asterism">' + OPTIONS.read_bytes() + b"</menu>").menu
    selection = Session.open(tmp_path, menu=menu).selection
    chosen = [member.name for member in menu.members if selection.is_on(member)]
    assert chosen == ["OPTIONAL_API"]
    assert option_sum(chosen) == "da6642af068ee5e6490c5b1d2cc1d238"
