"""What Asterisk's branches have: the table that is shipped, and how its lines are written."""

from __future__ import annotations

import re

import pytest

from asterism.branches.known_names import BRANCHES, KINDS, find, load, names, words


@pytest.mark.parametrize(
    ("span", "told"),
    [
        ("13-20", "Asterisk 13 to 20"),
        ("13,16-master", "Asterisk 13 and 16 or later"),
        ("14-16,18,20-master", "Asterisk 14 to 16, 18 and 20 or later"),
        ("14", "Asterisk 14"),
    ],
)
def test_a_span_is_told_in_words(span: str, told: str) -> None:
    assert words(span) == told


def test_modules_options_headers_and_libraries_are_known_in_any_case() -> None:
    assert find("res_curl") == f"1.6.1-{BRANCHES[-1]}"
    assert find("test_framework") == find("TEST_FRAMEWORK") == f"1.4,1.6.2-{BRANCHES[-1]}"
    assert (find("app_macro"), find("chan_sip")) == ("1.4-20", "1.4-20")
    assert find("mod_format", ["header"]) == f"1.6.0-{BRANCHES[-1]}"
    assert find("codec_opus") == f"13-{BRANCHES[-1]}"  # it is not in the sources: Asterisk downloads it
    assert (find("res_nothing"), find("mod_format")) == ("", "")


def test_every_line_of_the_table_can_be_read() -> None:
    assert {kind for kind, _ in load()} == set(KINDS)
    assert {branch for span in load().values() for branch in re.split("[-,]", span)} <= set(BRANCHES)
    assert len(list(names("module"))) > 500
