"""Fixtures that all tests share: the project's place, copies of it, and one built and installed tree."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
import run_skips
from hypothesis import settings
from run_progress import Progress
from shared_builds import Builds, own_directory, remove_old_products
from waiting import HANG


def keep_byte_code(place: Path) -> None:
    """Keep byte code where the environment asks for none beside the sources: tests start Python thousands of times.

    Args:
        place: a directory of this user's, for this and later runs.
    """
    if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
        sys.dont_write_bytecode = False
        sys.pycache_prefix = os.environ["PYTHONPYCACHEPREFIX"] = str(place)


keep_byte_code(own_directory(Path(tempfile.gettempdir())) / "bytecode")

settings.register_profile("house", derandomize=True, deadline=None)
settings.load_profile("house")
"""A test is the same at each run, on each machine; `make fuzz` is what explores."""

PROJECT = Path(__file__).resolve().parents[1]
PACKAGES = ("asterism", "menuselect", "buildsys", "runtime", "asterism_testing")
SOURCES = (*PACKAGES, "include", "build_tools", "configs", "res", "apps", "funcs", "share")
FILES = ("configure", "Makefile", "pyproject.toml", "hatch_build.py", "README.md", "LICENSE")
MADE = ("__pycache__", "autoconfig.h", "buildopts.h", "menuselect-deps", "*.pyc")


def pytest_configure(config: pytest.Config) -> None:
    """Heed Ctrl-C and a hang-up, in a background job and under nohup as well, and show how far the tests are."""
    # Programs that tests start inherit the signals that are ignored.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
    if not hasattr(config, "workerinput"):
        remove_old_products()
        config.pluginmanager.register(Progress(config), "asterism-progress")
        config.pluginmanager.register(run_skips, "asterism-skips")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """A worker for each processor, and none for tests that were chosen: those have run before workers have started."""
    is_chosen = config.option.keyword or config.option.markexpr or getattr(config.option, "lf", False)
    if is_chosen or config.option.capture == "no" or not all(Path(name).is_dir() for name in config.args):
        return 0
    return len(os.sched_getaffinity(0))


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
    directory: Path, *words: str, environment: Mapping[str, str] | None = None, seconds: float = HANG
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
def builds() -> Builds:
    """Builds that all workers share, and later runs."""
    return Builds(own_directory(Path(tempfile.gettempdir())))


@pytest.fixture(scope="session")
def project_files() -> list[Path]:
    """All that :func:`copy_project` copies: what a build of the whole project is made of."""
    return [path for name in (*SOURCES, *FILES) if (path := PROJECT / name).exists()] + [
        *PROJECT.glob("tests/test_*.c")
    ]


def succeed(directory: Path, *words: str) -> None:
    """Run ``asterism WORDS``; what it says is the failure."""
    done = run_asterism(directory, *words)
    if done.returncode:
        pytest.fail(f"asterism {' '.join(words)} fails:\n{done.stdout}{done.stderr}", pytrace=False)


def build_sources(place: Path) -> None:
    """Copy the project, configure it in dev mode and build it."""
    top = copy_project(place / "asterism")
    succeed(top, "configure", "--quiet", "--enable-dev-mode")
    succeed(top, "build", "--quiet")


@pytest.fixture(scope="session")
def built_sources(builds: Builds, project_files: list[Path]) -> Path:
    """A copy of the whole project, configured in dev mode and built; changed by nobody."""
    return builds.get("sources", project_files, build_sources) / "asterism"


@pytest.fixture(scope="session")
def tree(built_sources: Path, builds: Builds, project_files: list[Path]) -> Path:
    """The prefix of an installed tree with everything the project has; changed by nobody.

    Its program is ``tree / "sbin/asterism"``.
    """

    def install(place: Path) -> None:
        succeed(built_sources, "install", "--quiet", "--root", str(place / "root"))

    return builds.get("tree", project_files, install) / "root"
