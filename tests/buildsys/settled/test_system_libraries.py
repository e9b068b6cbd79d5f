"""The distribution's Python libraries in place of copies."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from asterism.tree import Kind, Tree
from buildsys.settled import system_libraries, toolchain
from buildsys.settled.configuration import Configuration
from buildsys.settled.system_libraries import SystemPython, Unmet, is_within
from buildsys.verbs import configure


def site(room: Path, **versions: str) -> str:
    """A directory of packages as a distribution has it: those that pip installs, and older eggs."""
    for name, version in versions.items():
        kind, file = ("egg-info", "PKG-INFO") if name == "lark" else ("dist-info", "METADATA")
        described = room / f"{name}-{version}.{kind}" / file
        described.parent.mkdir(parents=True)
        described.write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    return str(room)


def ninja(room: Path, version: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A ninja of some version is the only one on PATH."""
    room.mkdir()
    (room / "ninja").write_text(f"#!/bin/sh\necho {version}\n")
    (room / "ninja").chmod(0o755)
    monkeypatch.setenv("PATH", str(room))


NEEDED = ("cffi>=2.0,<3", "lark<2,>=1.3", "ninja<2,>=1.13", "prompt_toolkit>=3.0.50,<4", "textual>=8.2,<9")
GOOD = {"cffi": "2.0.0", "lark": "1.3.1", "prompt_toolkit": "3.0.52", "textual": "8.10"}


def test_a_distribution_that_has_everything_lacks_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ninja(tmp_path / "bin", "1.13.0.git", monkeypatch)
    system = SystemPython((site(tmp_path / "empty"), site(tmp_path / "site", **GOOD)), NEEDED)
    assert system_libraries.lacking(system, toolchain.run) == []
    assert list(system_libraries.faults(system, [])) == []


def test_what_is_missing_or_too_old_or_too_new_is_one_fault_with_the_packages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ninja(tmp_path / "bin", "1.11.1", monkeypatch)
    place = site(tmp_path / "site", cffi="1.15.1", textual="9.0")
    system = SystemPython((place,), NEEDED)
    lacks = system_libraries.lacking(system, toolchain.run)
    assert "\n".join(map(str, system_libraries.faults(system, lacks))) == (
        "the distribution's Python libraries do not serve, and --system-python demands them: "
        "cffi is 1.15.1 (>=2.0,<3 is needed); lark is missing (>=1.3,<2 is needed); "
        "ninja is 1.11.1 (>=1.13,<2 is needed); prompt-toolkit is missing (>=3.0.50,<4 is needed); "
        f"textual is 9.0 (>=8.2,<9 is needed); looked in {place}\n"
        "    'apt install python3-lark python3-prompt-toolkit' on Debian or Ubuntu; "
        "a release of the distribution with other versions of python3-cffi, ninja-build, python3-textual; "
        "or leave --system-python out, and copies are installed"
    )


@pytest.mark.parametrize(
    ("version", "wanted", "good"),
    [
        ("2.0", ">=2.0.0,<3", True),
        ("2.0.0", ">=2.0", True),
        ("1.9.9", ">=2.0", False),
        ("1.10", ">=1.9,<2", True),
        ("3.0", ">=2,<3", False),
        ("2.5rc1", ">=2.5", True),
        ("", "", False),
        ("0.1", "", True),
    ],
)
def test_a_version_is_compared_by_its_numbers(version: str, wanted: str, good: bool) -> None:
    assert is_within(version, wanted) is good


def test_what_is_needed_is_what_pyproject_names() -> None:
    names = [line.partition(">")[0].partition("<")[0].replace("_", "-") for line in system_libraries.needed()]
    assert names == ["cffi", "jinja2", "lark", "ninja", "prompt-toolkit", "pyelftools", "textual", "watchfiles"]
    assert [Unmet(name, "").debian for name in ("ninja", "prompt-toolkit")] == ["ninja-build", "python3-prompt-toolkit"]


def test_the_interpreter_says_where_its_packages_are() -> None:
    found = system_libraries.directories(sys.executable, toolchain.run)
    assert os.path.dirname(os.path.dirname(pytest.__file__)) in found


def test_configure_writes_down_where_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "build_tools").mkdir()
    (tmp_path / configure.OPTIONS).write_text('<menu name="x"></menu>\n')
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(system_libraries, "lacking", lambda *_: [])
    monkeypatch.setattr(system_libraries, "directories", lambda *_: ("/usr/lib/python3/dist-packages",))
    assert configure.main(["--system-python", "--quiet"]) == 0
    found = configure.load(Tree(tmp_path, Kind.SOURCES))
    assert found.system_python == ("/usr/lib/python3/dist-packages",)
    assert Configuration(cc=("gcc",)).system_python == ()
