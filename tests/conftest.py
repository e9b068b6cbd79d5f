"""Fixtures that all tests share: the project's place, copies of it, and one built and installed tree."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("house", derandomize=True, deadline=None)
settings.load_profile("house")
"""A test is the same at each run, on each machine; `make fuzz` is what explores."""

PROJECT = Path(__file__).resolve().parents[1]
PACKAGES = ("asterism", "menuselect", "buildsys", "runtime", "asterism_testing")
SOURCES = (*PACKAGES, "include", "build_tools", "configs", "res", "apps", "funcs")
FILES = ("configure", "Makefile", "pyproject.toml", "README.md", "LICENSE")
MADE = ("__pycache__", "autoconfig.h", "buildopts.h", "menuselect-deps", "*.pyc")


@pytest.fixture(scope="session")
def project() -> Path:
    """The directory of the project."""
    return PROJECT


def copy_project(target: Path, names: Sequence[str] = SOURCES) -> Path:
    """A copy of the project's sources, without anything that was made in it."""
    target.mkdir(parents=True, exist_ok=True)
    for name in names:
        if (PROJECT / name).is_dir():
            shutil.copytree(PROJECT / name, target / name, ignore=shutil.ignore_patterns(*MADE))
    if "res" in names:
        (target / "tests").mkdir(exist_ok=True)
        for module in PROJECT.glob("tests/test_*.c"):
            shutil.copy2(module, target / "tests")
    for name in FILES:
        if (PROJECT / name).exists():
            shutil.copy2(PROJECT / name, target / name)
    return target


@pytest.fixture(scope="session")
def copied() -> Callable[[Path], Path]:
    """Makes a copy of the project's sources in a directory, neither configured nor built."""
    return copy_project


def run_asterism(
    directory: Path, *words: str, environment: Mapping[str, str] | None = None, seconds: float = 120
) -> subprocess.CompletedProcess[str]:
    """Run ``asterism WORDS`` with the packages of a source tree, in it."""
    clean = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MFLAGS", "CC", "CFLAGS")}
    # A tree without the packages of its own is worked on with the project's.
    clean["PYTHONPATH"] = str(directory if (directory / "asterism").is_dir() else PROJECT)
    return subprocess.run(
        [sys.executable, "-m", "asterism", *words],
        cwd=directory,
        env=clean | dict(environment or {}),
        capture_output=True,
        text=True,
        timeout=seconds,
        stdin=subprocess.DEVNULL,
        check=False,
    )


@pytest.fixture(scope="session")
def asterism() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs ``asterism WORDS`` in a source tree and returns what came of it."""
    return run_asterism


@pytest.fixture(scope="session")
def built_sources(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A copy of the whole project, configured in dev mode and built; made once, changed by nobody."""
    top = copy_project(tmp_path_factory.mktemp("sources") / "asterism")
    for words in (("configure", "--quiet", "--enable-dev-mode"), ("build", "--quiet")):
        done = run_asterism(top, *words)
        if done.returncode:
            pytest.fail(f"asterism {' '.join(words)} fails:\n{done.stdout}{done.stderr}", pytrace=False)
    yield top
    shutil.rmtree(top)


@pytest.fixture(scope="session")
def tree(built_sources: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The prefix of an installed tree with everything the project has; made once, changed by nobody.

    Its program is ``tree / "sbin/asterism"``.
    """
    prefix = tmp_path_factory.mktemp("tree") / "root"
    done = run_asterism(built_sources, "install", "--quiet", "--root", str(prefix))
    if done.returncode:
        pytest.fail(f"asterism install fails:\n{done.stdout}{done.stderr}", pytrace=False)
    yield prefix
    shutil.rmtree(prefix)
