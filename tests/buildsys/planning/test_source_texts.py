"""The texts of sources that decisions about a module look into."""

from __future__ import annotations

from pathlib import Path

import pytest

from asterism import files
from asterism.tree import Kind, Tree
from buildsys.planning import forwarded_headers, version_macro
from buildsys.planning.source_texts import SourceTexts


def test_two_decisions_about_a_module_read_its_source_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "app_a.c").write_text("int x;\n")
    read = []
    monkeypatch.setattr(files, "read_text", lambda path: read.append(path.name) or "int x;\n")
    texts = SourceTexts(Tree(tmp_path, Kind.MODULES))
    assert version_macro.flags(texts, ["app_a.c"], tmp_path, ()) == ()
    assert forwarded_headers.flags(texts, ["app_a.c"], [""]) == ()
    assert read == ["app_a.c"]


def test_a_file_that_cannot_be_read_is_left_to_the_compiler(tmp_path: Path) -> None:
    assert SourceTexts(Tree(tmp_path, Kind.MODULES)).of("nothing.c") == ""


def test_a_header_that_lies_elsewhere_is_found_by_way_of_another(tmp_path: Path) -> None:
    (tmp_path / "inc").mkdir()
    (tmp_path / "app_a.c").write_text('#include "asterisk/one.h"\n#include <asterisk/there.h>\n')
    (tmp_path / "inc/one.h").write_text("#include <asterisk/two.h>\n")
    (tmp_path / "inc/two.h").write_text("int y;\n")
    (tmp_path / "include/asterisk").mkdir(parents=True)
    (tmp_path / "include/asterisk/there.h").write_text("")
    found = forwarded_headers.find(SourceTexts(Tree(tmp_path, Kind.MODULES)), ["app_a.c"], ["include"])
    assert found == {"asterisk/one.h": "inc/one.h", "asterisk/two.h": "inc/two.h"}
