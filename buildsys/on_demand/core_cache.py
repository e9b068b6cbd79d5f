"""The cache of the cores built for this user: one directory each, named after the inputs of its build."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from asterism import files
from asterism.errors import AsterismError, Fault, Place
from asterism.home import user_directories
from asterism.values import replace
from buildsys.on_demand import core_files
from buildsys.on_demand.core_files import CompiledCore
from buildsys.on_demand.core_key import Key, no_compiler

Make = Callable[[Path, Path], CompiledCore]
"""A function that builds a core, given its directory and a directory to work in."""

_UNFINISHED = ".unfinished"


def place() -> Path:
    """The directory of the cores: ``$XDG_CACHE_HOME/asterism/cores``."""
    return Path(user_directories.directory("XDG_CACHE_HOME")) / "cores"


def cores(top: Path) -> list[CompiledCore]:
    """Every core that has a description, sorted by name."""
    found = []
    for path in sorted(top.glob("*")):
        with contextlib.suppress(AsterismError):
            if not path.name.endswith((_UNFINISHED, ".lock")):
                found.append(core_files.load(path))
    return found


def find(top: Path, key: Key) -> CompiledCore | None:
    """The core of a key; without a compiler, any core of the same sources; None when the core has to be built."""
    named = [top / key.name] if key.compiler else [*sorted(top.glob(f"{key.base}-*"))]
    for path in named:
        with contextlib.suppress(AsterismError):
            core = core_files.load(path)
            if not core.damage():
                return core
    return None


def provide(top: Path, key: Key, make: Make) -> CompiledCore:
    """The core of a key, built when the cache lacks it.

    A core is built beside its place and renamed when it is complete. A killed run leaves a directory that the next run
    removes. Of two simultaneous runs the second waits for the first.

    Raises:
        AsterismError: no compiler is found, the sources do not compile, or the cache cannot be written.
    """
    found = find(top, key)
    if found:
        return found
    if not key.compiler:
        raise no_compiler()
    with _writable(top), files.locked(top / f"{key.name}.lock", fleeting=True, waiting=_tell):
        return find(top, key) or _built(top / key.name, make)


def _tell(holder: str) -> None:
    print(f"asterism: {holder} builds the core of Asterism; waiting for it", file=sys.stderr, flush=True)


def _built(target: Path, make: Make) -> CompiledCore:
    unfinished = target.with_name(target.name + _UNFINISHED)
    _remove(unfinished)
    try:
        with files.told(unfinished, "make"):
            (unfinished / "scratch").mkdir(parents=True)
        made = make(unfinished / "core", unfinished / "scratch")
        _remove(target)  # a damaged core
        with files.told(target, "make"):
            os.replace(made.place, target)
        return replace(made, place=target)
    finally:
        _remove(unfinished)


def _remove(path: Path) -> None:
    with files.told(path, "remove"), contextlib.suppress(FileNotFoundError):
        shutil.rmtree(path)


_REFUSED = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT, errno.ENOTDIR)


@contextlib.contextmanager
def _writable(top: Path) -> Iterator[None]:
    """Add the cure of choosing another cache directory to a fault about a file that cannot be written."""
    try:
        yield
    except AsterismError as error:
        cause = error.__cause__
        is_refused = isinstance(cause, OSError) and cause.errno in _REFUSED
        raise AsterismError(*(_with_cure(fault, top, is_refused) for fault in error.faults)) from error


_CURE = "the core of Asterism is built there; XDG_CACHE_HOME=DIR chooses another place"


def _with_cure(fault: Fault, top: Path, is_refused: bool) -> Fault:
    if fault.code == "full-disk":  # of a compiler, told as in a tree that keeps what is built
        return replace(fault, place=Place(str(top)), cure=f"free some room there, then try again\n    {_CURE}")
    return replace(fault, cure=f"{fault.cure}\n    {_CURE}" if fault.cure else _CURE) if is_refused else fault


def clear(top: Path) -> tuple[int, int]:
    """Remove every core that is not being built now; returns the number of cores removed and their bytes."""
    number = size = 0
    for path in sorted(top.glob("*")):
        name = path.name.removesuffix(_UNFINISHED)
        if path.name.endswith(".lock"):
            continue
        with contextlib.suppress(AsterismError), files.locked(top / f"{name}.lock", wait=False, fleeting=True):
            size += sum(each.stat().st_size for each in path.rglob("*") if each.is_file())
            _remove(path)
            number += 1
    return number, size
