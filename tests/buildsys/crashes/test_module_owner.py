"""Who has installed a module's file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from buildsys.crashes.module_owner import owner
from buildsys.settled.toolchain import Ran


def no_package(argv: Sequence[str]) -> Ran:
    return Ran(tuple(argv), 1, "")


def test_a_module_that_debian_installed_is_of_its_package(tmp_path: Path) -> None:
    answers = {
        ("dpkg-query", "-S"): "asterisk-modules:amd64: /m/app_x.so\n",
        ("dpkg-query", "-W"): "asterisk 1:20.6-1, Somebody <a@b.example>",
    }

    def answer(argv: Sequence[str]) -> Ran:
        return Ran(tuple(argv), 0, answers[argv[0], argv[1]])

    assert owner(tmp_path / "app_x.so", answer) == (
        "Debian package asterisk-modules:amd64 (asterisk 1:20.6-1, Somebody <a@b.example>)"
    )


def test_a_module_that_is_only_built_is_of_the_directory(tmp_path: Path) -> None:
    (tmp_path / "build/modules").mkdir(parents=True)
    assert owner(tmp_path / "build/modules/app_x.so", no_package) == f"built in {tmp_path}"


def test_a_module_of_an_installed_tree_is_of_whoever_lists_it(tree: Path) -> None:
    modules = json.loads((tree / "lib/asterism/manifest.json").read_text())
    assert owner(tree / "lib/asterism/modules/func_strings.so", no_package) == f"Asterism {modules['version']}"
    assert owner(tree / "lib/asterism/modules/app_gone.so", no_package) == ""
