"""``asterism doc``: pages of the sources here."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from asterism.errors import AsterismError
from buildsys.develop import new
from buildsys.verbs import doc


@pytest.fixture
def here(tmp_path: Path, monkeypatch) -> Path:
    new.write(tmp_path, new.texts("app_ring", "c", ["app", "func"]))
    new.write(tmp_path, new.texts("func_loud", "py", ["func"]))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_all_that_the_sources_document_is_on_the_page(here: Path, capsys) -> None:
    assert doc.main(["--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [(each["kind"], each["name"], each["module"]) for each in found] == [
        ("application", "Ring", "app_ring"),
        ("function", "LOUD", "func_loud"),
        ("function", "RING", "app_ring"),
    ]
    assert {each["syntax"] for each in found} == {"Ring([name])", "LOUD([name])", "RING([name])"}


def test_names_and_modules_choose(here: Path, capsys) -> None:
    assert doc.main(["func_loud", "-o", "loud.md"]) == 0
    assert (here / "loud.md").read_text() == (
        "# Functions\n\n## LOUD\n\nSays hello.\n\nProvided by func\\_loud.\n\n"
        "### Syntax\n\n```\nLOUD([name])\n```\n\n"
        "### Arguments\n\n```\n\nname\n    To whom; the world when it is missing.\n```\n\n"
        "### Description\n\n```\nGives a greeting.\n```\n\n"
    )
    with pytest.raises(AsterismError, match="nothing documents 'Rong'\n    did you mean"):
        doc.main(["Rong"])


def test_a_directory_without_blocks_is_told(tmp_path: Path, monkeypatch) -> None:
    new.write(tmp_path, new.texts("res_plain", "c", ["cli"]))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(AsterismError, match="there is no DOCUMENTATION block"):
        doc.main([])
