"""The parts of the program that are listed as modules."""

from __future__ import annotations

from asterism.branches import built_in
from runtime.loader.built_in import BUILT_IN, HERE, OPTIONAL


def test_the_parts_that_the_program_lists_are_those_that_builds_for_asterisk_know() -> None:
    assert BUILT_IN.keys() - OPTIONAL == built_in.NAMES
    assert HERE == built_in.OURS
