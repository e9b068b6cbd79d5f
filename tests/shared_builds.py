"""Builds that tests share: the first test that needs one makes it, for all workers and for later runs."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

SECONDS_KEPT = 24 * 3600
"""A build that nobody has used for so long is removed."""

Input = str | bytes | Path
"""What a build is made of: a text, or a file or a directory, of which everything counts."""


def own_directory(parent: Path) -> Path:
    """A directory for the builds of this user, whom alone it belongs to.

    Raises:
        PermissionError: somebody else has made it.
    """
    place = parent / f"asterism-tests-{os.geteuid()}"
    place.mkdir(mode=0o700, exist_ok=True)
    if place.is_symlink() or place.stat().st_uid != os.geteuid():
        raise PermissionError(f"{place} belongs to somebody else; remove it, or set TMPDIR to a directory of your own")
    return place


def compiler(name: str = "cc") -> list[str]:
    """The words of a compiler that makes the same module once, for all tests, workers and later runs.

    Headers of the project are to be those of a shared build.  What looks at the path of its source (debug information)
    is compiled with the compiler itself.

    Args:
        name: the real compiler.
    """
    kept = own_directory(Path(tempfile.gettempdir())) / "compiled"
    kept.mkdir(exist_ok=True)
    return [sys.executable, "-IS", str(Path(__file__).with_name("compile_once.py")), str(kept), name]


def remove_old_products() -> None:
    """Remove compiled modules that nobody has used for long."""
    oldest = time.time() - SECONDS_KEPT
    for path in (own_directory(Path(tempfile.gettempdir())) / "compiled").glob("*"):
        with contextlib.suppress(FileNotFoundError):  # another run removes it, too
            if path.stat().st_mtime < oldest:
                path.unlink()


class Builds:
    """Directories that are named after what was built in them and of what.

    Args:
        root: where they are; the user's own.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def get(self, name: str, inputs: Iterable[Input], make: Callable[[Path], object]) -> Path:
        """A directory with a build that nobody may change: an earlier one of the same inputs, or a new one.

        Args:
            name: what is built.
            inputs: what it is made of; the interpreter, the compilers and the packages count in any case.
            make: builds it in an empty directory.  What it raises leaves nothing behind.
        """
        key = _digest([sys.version, *_compilers(), *_packages(), *inputs])
        place, note = self.root / f"{name}-{key}", self.root / f"{name}-{key}.json"
        self.root.mkdir(parents=True, exist_ok=True)
        with _locked(self.root / f"{name}-{key}.lock"):
            if not _is_unchanged(place, note):
                _remove(place, note)
                place.mkdir()
                make(place)
                note.write_text(json.dumps(_listing(place)))
            os.utime(note)
        self._remove_old(name)
        return place

    def _remove_old(self, name: str) -> None:
        oldest = time.time() - SECONDS_KEPT
        for note in self.root.glob(f"{name}-*.json"):
            with contextlib.suppress(FileNotFoundError):  # another worker removes it, too
                if note.stat().st_mtime < oldest:
                    _remove(note.with_suffix(""), note)
                    note.with_suffix(".lock").unlink()


def _remove(place: Path, note: Path) -> None:
    note.unlink(missing_ok=True)
    shutil.rmtree(place, ignore_errors=True)


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Only one process at a time, however the others end."""
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _compilers() -> Iterator[str]:
    """The search path, and the compilers on it with the times of their last change."""
    yield os.environ.get("PATH", "")
    for name in ("cc", "gcc", "clang"):
        if found := shutil.which(name):
            yield f"{os.path.realpath(found)} {os.stat(found).st_mtime_ns}"


def _packages() -> list[str]:
    """The names of the installed packages, with their versions."""
    return sorted(path.name for entry in sys.path if entry for path in Path(entry).glob("*.dist-info"))


def _digest(inputs: Iterable[Input]) -> str:
    total = hashlib.sha256()
    for one in inputs:
        for part in _parts(one):
            total.update(len(part).to_bytes(8, "little") + part)
    return total.hexdigest()[:16]


def _parts(one: Input) -> Iterator[bytes]:
    if not isinstance(one, Path):
        yield one.encode() if isinstance(one, str) else one
        return
    for path in [one] if one.is_file() else _files(one):
        yield str(path).encode()
        yield path.read_bytes()


def _files(top: Path) -> list[Path]:
    """The files below a directory, without those that running Python writes."""
    return sorted(path for path in top.rglob("*") if path.suffix != ".pyc" and path.is_file())


def _listing(place: Path) -> dict[str, list[int]]:
    """Each file with what changes when somebody writes it."""
    found = {path: path.lstat() for path in _files(place)}
    return {str(path.relative_to(place)): [one.st_mode, one.st_size, one.st_mtime_ns] for path, one in found.items()}


def _is_unchanged(place: Path, note: Path) -> bool:
    """Whether a build is there as it was made: a test that changed it harms this run alone."""
    try:
        return bool(json.loads(note.read_text()) == _listing(place))
    except (OSError, ValueError):
        return False
