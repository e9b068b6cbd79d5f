"""The ninja that runs a build: Asterism's own before any other, and none that is too old."""

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
"""The oldest ninja that reads what is written here: the first that joins make's job server."""

NEEDED = ".".join(map(str, REQUIRED))
"""The oldest version that serves, as people write it."""

_VERSION = re.compile(r"(\d+)\.(\d+)")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a program that may be ninja says of itself."""

    path: str
    version: str = ""
    """Empty when the program does not say one."""
    trouble: str = ""
    """Why it cannot be used; empty when it can."""

    @property
    def is_good(self) -> bool:
        """Whether a build can be run with it."""
        return not self.trouble


def find() -> str:
    """The ninja to run.

    Raises:
        AsterismError: none serves; the fault names each that was looked at, and what is wrong with it.
    """
    return choose(candidates(), run)


def choose(paths: Iterable[str], run: Run) -> str:
    """The first program that serves.

    Args:
        paths: programs, in the order of preference.
        run: asks one of them for its version.

    Raises:
        AsterismError: none serves.
    """
    refused: list[Answer] = []
    for path in paths:
        answer = ask(path, run)
        if answer.is_good:
            return path
        refused.append(answer)
    raise AsterismError(_none_serves(refused))


def ask(path: str, run: Run) -> Answer:
    """Ask a program whether it is a ninja that serves."""
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
    """What each ninja on PATH says of itself, those that say no version and that of this environment left out."""
    found = (path for path in _on_path(os.environ.get("PATH", os.defpath)) if not path.startswith(f"{sys.prefix}/bin/"))
    own = found if sys.prefix != sys.base_prefix else _on_path(os.environ.get("PATH", os.defpath))
    return [answer for path in own if (answer := ask(path, run)).version]


def candidates() -> Iterator[str]:
    """Programs to try: that of the installed tree, or of the Python package ``ninja``; then those on PATH."""
    tried: set[str] = set()
    # One after the other: most find the first good, and looking for a package takes as long as starting Python.
    for path in chain(_own(), _on_path(os.environ.get("PATH", os.defpath))):
        if path not in tried:
            tried.add(path)
            yield path


def _own() -> Iterator[str]:
    """Where Asterism's own ninja is: below the prefix, in the virtual environment, or where pip has put it."""
    tree = Path(__file__).resolve().parents[3]  # PREFIX/lib/asterism
    if (tree / "tree.json").is_file():
        yield str(tree / "bin/ninja")
        return
    if sys.prefix != sys.base_prefix:
        # Not beside any other Python: the system's has the system's ninja for a neighbour.
        yield str(Path(sys.executable).with_name("ninja"))
    yield from _of_package()


def _of_package() -> Iterator[str]:
    """The program of the Python package ``ninja``, as its record says."""
    from importlib import metadata  # only when the program is not where it usually is

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
    """The fault that says what is wrong with every program that was looked at."""
    looked = "; ".join(f"{answer.path} {answer.trouble}" for answer in refused) or "there is none on PATH"
    is_installed = (Path(__file__).resolve().parents[3] / "tree.json").is_file()
    own = "run 'make install' again in the source tree" if is_installed else "run build_tools/bootstrap"
    cure = f"{own}, which brings Asterism's own ninja; or put one on PATH: pip install 'ninja>={NEEDED}'"
    return Fault(f"ninja {NEEDED} or later is needed", why=looked, cure=cure, code="no-ninja")
