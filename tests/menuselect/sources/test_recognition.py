"""What a directory is recognised as."""

from __future__ import annotations

from pathlib import Path

import pytest

import asterism
from asterism.tree import Kind, Tree
from menuselect.sources import recognition

MODULE = '#include "asterisk.h"\nAST_MODULE_INFO_STANDARD(ASTERISK_GPL_KEY, "A module");\n'


def write(top: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_text(text)
    return top


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, Kind.NOTHING),
        ({"main.c": "int main(void) { return 0; }\n"}, Kind.NOTHING),
        ({"app_x.c": MODULE}, Kind.MODULES),
        ({"modules/app_x.c": MODULE}, Kind.MODULES),
        ({"modules/deep/app_x.c": MODULE, "asterism.toml": 'directories = ["modules/deep"]\n'}, Kind.MODULES),
        ({"build/app_x.c": MODULE}, Kind.NOTHING),
        ({".git/app_x.c": MODULE}, Kind.NOTHING),
        ({"makeopts": "CC=gcc\n", "app_x.c": MODULE}, Kind.SOURCES),
        ({"build_tools/cflags.xml": "", "res/res_x.c": MODULE}, Kind.SOURCES),
        ({"build_tools/get_deps": "", "res/res_x.c": MODULE}, Kind.MODULES),
        ({"src/deep/deeper/app_x.cpp": MODULE}, Kind.MODULES),
        ({"asterisk-20/main/asterisk.c": "", "asterisk-20/res/res_x.c": MODULE}, Kind.NOTHING),
        ({"tests/test_x.py": "import pytest\n\nBLOCK = '/*** MODULEINFO'\n"}, Kind.NOTHING),
        ({"makeopts": "CC=gcc\n", "menuselect/menuselect.c": ""}, Kind.ASTERISK),
        ({"main/asterisk.c": "", "apps/app_x.c": MODULE}, Kind.ASTERISK),
        ({"lib/asterism/tree.json": "{}\n"}, Kind.PREFIX),
        ({"lib64/asterism/tree.json": "{}\n"}, Kind.PREFIX),
        ({"lib/x86_64-linux-gnu/asterism/tree.json": "{}\n"}, Kind.PREFIX),
    ],
)
def test_a_directory_is_recognised_by_what_it_holds(tmp_path: Path, files: dict[str, str], expected: Kind) -> None:
    assert recognition.at(write(tmp_path, files)) == Tree(tmp_path, expected)


def test_modules_whose_settings_are_wrong_are_modules(tmp_path: Path) -> None:
    write(tmp_path, {"asterism.toml": "directories = 3\n"})
    assert recognition.at(tmp_path).kind is Kind.MODULES


def test_the_directory_of_the_packages_is_the_installed_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recognition, "OF_SOURCES", ())
    monkeypatch.setattr(recognition, "_has_modules", lambda _top: False)
    packages = Path(asterism.__file__).parents[1]
    assert [recognition.at(path).kind for path in (packages, tmp_path)] == [Kind.PACKAGE, Kind.NOTHING]


def test_the_current_directory_is_meant_when_none_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(write(tmp_path, {"app_x.c": MODULE}))
    assert recognition.at() == Tree(tmp_path, Kind.MODULES)
