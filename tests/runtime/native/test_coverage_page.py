"""docs/coverage.md is what the headers and the table of Asterisk's names say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from native_support import ROOT

from asterism.branches.core_names import CoreName
from runtime.bridge.coverage_page import PAGE, PRETENDED, HeaderCoverage, coverage, main, page, provided


def test_names_are_counted_by_header_and_the_most_used_that_are_missing_are_named():
    names = [
        CoreName("ast_here", "one.h", "number", 5),
        CoreName("ast_rare", "one.h", "number", 1),
        CoreName("ast_often", "one.h", "text", 9),
        CoreName("ast_unused", "one.h", "data:8", 0),
        CoreName("ast_other", "two.h", "void", 20),
    ]
    assert coverage(names, {"ast_here": "C", "ast_other": "Python"}) == [
        HeaderCoverage("two.h", 1, 1, 20, 20, ()),
        HeaderCoverage("one.h", 4, 1, 15, 5, ("ast_often", "ast_rare")),
    ]


def test_the_page_is_what_the_headers_say(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert PAGE.read_text() == page(), "generate the page again: make pages"
    assert main([str(tmp_path / "coverage.md")]) == 0
    assert (tmp_path / "coverage.md").read_text() == page()
    (tmp_path / "file").touch()
    assert (main([str(tmp_path / "file" / "coverage.md")]), main(["a", "b"])) == (1, 2)
    assert capsys.readouterr().err.splitlines()[-1] == "usage: python -m runtime.bridge.coverage_page [FILE]"


def test_what_only_pretends_is_here_and_tells_the_log():
    sources = "".join(path.read_text() for path in (ROOT / "runtime" / "native").glob("*/*.c"))
    told = {name for name in PRETENDED if "the log does not tell" not in PRETENDED[name]}
    assert PRETENDED.keys() <= provided().keys()
    assert {name for name in told if not re.search(rf'PRETENDED\("[^"]*\b{name}\b', sources)} == set()
    assert sources.count("PRETENDED(") == len(told)
