"""The documentation files of a build: what changes in the sources changes in them."""

from __future__ import annotations

from pathlib import Path

from asterism.documentation.layout import synopsis
from asterism.tree import Kind, Tree
from buildsys.compile import documentation_file
from buildsys.planning.plan import Module


def source(text: str) -> str:
    return f'/*** DOCUMENTATION\n<application name="A"><synopsis>{text}</synopsis></application>\n ***/\n'


def said(tree: Tree) -> list[tuple[str, str, str | None]]:
    found = documentation_file.elements(tree)
    return [(each.get("name", ""), synopsis(each), each.get("module")) for each in found]


def test_files_follow_the_sources_of_the_chosen_modules(tmp_path: Path, capsys) -> None:
    tree = Tree(tmp_path, Kind.MODULES)
    one, two = Module("app_a", ("app_a.c", "app_a/more.c")), Module("app_b", ("app_b.c",))
    (tmp_path / "app_a").mkdir()
    (tmp_path / "app_a.c").write_text("int a;\n")
    (tmp_path / "app_a/more.c").write_text(source("First."))
    (tmp_path / "app_b.c").write_text(source("Other."))
    documentation_file.refresh(tree, [one, two])
    assert said(tree) == [("A", "First.", "app_a"), ("A", "Other.", "app_b")]

    (tmp_path / "app_a/more.c").write_text(source("Second text."))
    documentation_file.refresh(tree, [one])
    assert said(tree) == [("A", "Second text.", "app_a")]
    (path,) = documentation_file.paths(tree)
    before = path.stat().st_mtime_ns
    documentation_file.refresh(tree, [one])
    assert path.stat().st_mtime_ns == before

    (tmp_path / "app_a/more.c").write_text("int none;\n")
    documentation_file.refresh(tree, [one])
    assert documentation_file.paths(tree) == []
    assert capsys.readouterr() == ("", "")


def test_a_block_that_is_not_xml_is_told_at_each_build_and_stops_none(tmp_path: Path, capsys) -> None:
    tree = Tree(tmp_path, Kind.MODULES)
    (tmp_path / "app_a.c").write_text(source("<b>"))
    for _ in range(2):
        documentation_file.refresh(tree, [Module("app_a", ("app_a.c",))])
        told = capsys.readouterr().err
        assert told.startswith("app_a.c:2:")
        assert "the DOCUMENTATION block is not XML: mismatched tag" in told
    assert documentation_file.paths(tree) == []
