"""Filters of sections, as clients of the manager write them."""

from __future__ import annotations

import pytest

from runtime.conf import conf_file
from runtime.conf.conf_filter import sections_like, split_quoted

CONF = """\
[base](!)
type=endpoint
[alice](base)
context=home
[bob]
type=aor
context=office
[Alice]
type=auth
"""


@pytest.mark.parametrize(
    ("name", "wanted", "found"),
    [
        ("", "", ["alice", "bob", "Alice"]),
        ("ALICE", "", ["alice", "Alice"]),
        ("", "type=endpoint", ["alice"]),
        ("", "type=endpoint,TEMPLATES=include", ["base", "alice"]),
        ("", "TEMPLATES=restrict", ["base"]),
        ("", "^(type|context)$=^o", ["bob"]),
        ("", "type=a,context=.", ["bob"]),
        ("", "type", []),
        ("", "TEMPLATES=all", []),
        ("", "ty(pe=x", []),
    ],
)
def test_sections_match_by_name_and_by_their_variables(name: str, wanted: str, found: list[str]) -> None:
    sections = conf_file.loads(CONF, "x.conf", ".").sections
    assert [section.name for section in sections_like(sections, name, wanted)] == found


def test_separators_in_quotes_do_not_count_and_outer_quotes_go() -> None:
    assert split_quoted("\"a,b\", 'c' ,d'e,f',", ",") == ["a,b", "c", "d'e,f'", ""]
