"""Find the ninja that runs a build: Asterism's own first, then those on PATH, none older than required."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

from asterism.errors import AsterismError, Fault
from asterism.values import dataclass
from buildsys.settled.toolchain import Run, how_it_ended, run

REQUIRED = (1, 13)
"""The oldest usable version of ninja: the first that joins make's job server."""

NEEDED = ".".join(map(str, REQUIRED))
"""The oldest usable version as text."""

_VERSION = re.compile(r"(\d+)\.(\d+)")


@dataclass(frozen=True, slots=True)
class Answer:
    """The result of asking a program for its version."""

    path: str
    version: str = ""
    """The version that the program prints; empty when it prints none."""
    trouble: str = ""
    """The reason why the program cannot be used; empty when it can."""

    @property
    def is_good(self) -> bool:
        """Whether the program can run a build."""
        return not self.trouble


def find() -> str:
    """The path of the ninja to run.

    Raises:
        AsterismError: no program is usable; the fault names each candidate and what is wrong with it.
    """
    return choose(candidates(), run)


def choose(paths: Iterable[str], run: Run) -> str:
    """The path of the first usable program.

    Args:
        paths: candidates in order of preference.
        run: runs a program to ask for its version.

    Raises:
        AsterismError: no program is usable.
    """
    refused: list[Answer] = []
    for path in paths:
        answer = ask(path, run)
        if answer.is_good:
            return path
        refused.append(answer)
    raise AsterismError(_none_serves(refused))


def ask(path: str, run: Run) -> Answer:
    """Check whether a program is a usable ninja."""
    if not os.path.exists(path):
        return Answer(path, trouble="is missing")
    answer = run([path, "--version"], "")
    version, _, _ = answer.output.strip().partition("\n")
    numbers = _VERSION.match(version)
    if not answer.is_good or not numbers:
        said = answer.complaint.strip().rpartition("\n")[2].removeprefix(f"{path}: ").lower()
        return Answer(path, trouble=f"cannot be run: {said or how_it_ended(answer.status)}")
    if tuple(map(int, numbers.groups())) < REQUIRED:
        return Answer(path, version, f"is version {version}")
    return Answer(path, version)


def of_system(run: Run) -> list[Answer]:
    """The answer of each ninja on PATH that prints a version, without the virtual environment's own."""
    found = (path for path in _on_path(os.environ.get("PATH", os.defpath)) if not path.startswith(f"{sys.prefix}/bin/"))
    own = found if sys.prefix != sys.base_prefix else _on_path(os.environ.get("PATH", os.defpath))
    return [answer for path in own if (answer := ask(path, run)).version]


def candidates() -> Iterator[str]:
    """The paths to try: the ninja of the installed tree or of the Python package ``ninja``, then those on PATH."""
    tried: set[str] = set()
    # One after the other: most find the first good, and looking for a package takes as long as starting Python.
    for path in chain(_own(), _on_path(os.environ.get("PATH", os.defpath))):
        if path not in tried:
            tried.add(path)
            yield path


def _own() -> Iterator[str]:
    """The paths of Asterism's own ninja: below the prefix, in the virtual environment, or where pip installed it."""
    tree = Path(__file__).resolve().parents[3]  # PREFIX/lib/asterism
    if (tree / "tree.json").is_file():
        yield str(tree / "bin/ninja")
        return
    if sys.prefix != sys.base_prefix:
        # Beside any other Python lies the ninja of the system.
        yield str(Path(sys.executable).with_name("ninja"))
    yield from _of_package()


def _of_package() -> Iterator[str]:
    """The program of the Python package ``ninja``, from the package's list of files."""
    from importlib import metadata  # only when the program is not at its usual place

    try:
        recorded = metadata.distribution("ninja").files or ()
    except metadata.PackageNotFoundError:
        return
    programs = (os.path.normpath(str(each.locate())) for each in recorded if each.parts[-2:] == ("bin", "ninja"))
    yield from filter(os.path.exists, programs)


def _on_path(path: str) -> Iterator[str]:
    for directory in path.split(os.pathsep):
        found = shutil.which("ninja", path=directory) if directory else None
        if found:
            yield os.path.abspath(found)


def _none_serves(refused: Iterable[Answer]) -> Fault:
    """The fault that says what is wrong with every candidate."""
    looked = "; ".join(f"{answer.path} {answer.trouble}" for answer in refused) or "there is none on PATH"
    is_installed = (Path(__file__).resolve().parents[3] / "tree.json").is_file()
    own = "run 'make install' again in the source tree" if is_installed else "run build_tools/bootstrap"
    cure = f"{own}, which brings Asterism's own ninja; or put one on PATH: pip install 'ninja>={NEEDED}'"
    return Fault(f"ninja {NEEDED} or later is needed", why=looked, cure=cure, code="no-ninja")
