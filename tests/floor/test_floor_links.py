"""build_tools/stale_references.py finds links of pages that lead nowhere, as GitHub follows them."""

from __future__ import annotations

from pathlib import Path

import pytest

from build_tools import stale_references


def test_dead_links_are_named_with_their_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stale_references, "TOP", tmp_path)
    (tmp_path / "b.md").write_text("# B & C: `d_e`, twice\n\n```\n# no heading\n```\n")
    page = tmp_path / "a.md"
    page.write_text(
        "# A\n\n[b](b.md) [heading](b.md#b--c-d_e-twice) [a](#a) [far](https://example.org/x.md#y)\n"
        "```\n[code](nix.md)\n```\n`[code](nix.md)`\n"
        "[file](nix.md) ![picture](nix.svg)\n[heading](b.md#no-heading)\n[own](#nix)\n"
    )
    assert list(stale_references.dead_links(page)) == [
        ("a.md", 8, "nix.md"),
        ("a.md", 8, "nix.svg"),
        ("a.md", 9, "b.md#no-heading"),
        ("a.md", 10, "#nix"),
    ]


def test_a_name_behind_the_path_of_a_source_has_to_be_defined_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stale_references, "TOP", tmp_path)
    (tmp_path / "a").mkdir()
    (tmp_path / "a/x.py").write_text(
        "MOST = 3\nleast: int = 1\n\ndef run():\n    def inner(): ...\n\nclass Table:\n    def _show(self): ...\n"
    )
    (tmp_path / "a/y.c").write_text("static int *made(int size)\n{\n\treturn called(size);\n}\n")
    page = tmp_path / "a.md"
    page.write_text(
        "`a/x.py` `run`, `a/x.py` `MOST`, `a/x.py`, `_show`, `a/x.py` `Table._show` and `a/x.py` `least`\n"
        "`a/x.py`\n`inner`, `a/x.py` `Table.run`, `a/y.c` `made`, `a/y.c` `called`, `x.py` `anything`\n"
    )
    assert list(stale_references.undefined(page)) == [
        ("a.md", 3, "a/x.py inner"),
        ("a.md", 3, "a/x.py Table.run"),
        ("a.md", 3, "a/y.c called"),
    ]
