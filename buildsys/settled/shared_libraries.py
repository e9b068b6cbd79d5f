"""Search for shared libraries as the dynamic linker does, without opening them."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from asterism.errors import Fault, Place
from asterism.modulefile.content import ModuleFile
from asterism.words import both
from buildsys.settled.toolchain import Run

PLACES = ("/lib", "/usr/lib", "/lib64", "/usr/lib64", "/usr/local/lib", "/lib/*-linux-*", "/usr/lib/*-linux-*")
"""Directories that the dynamic linker of common systems searches, as glob patterns."""

LISTERS = ("ldconfig", "/sbin/ldconfig", "/usr/sbin/ldconfig")
"""Programs that print the linker's cache; ldconfig is often not on a user's PATH."""

_CACHED = re.compile(r"^\s+(\S+) \(.*\) => (/\S.*)$", re.MULTILINE)

Find = Callable[[str, Iterable[str]], Path | None]
"""A function that finds a library by name, searching the given directories first."""


def cached(run: Run) -> dict[str, str]:
    """The paths of the linker's cache by library name; empty on systems without a cache, such as Alpine."""
    for program in LISTERS:
        answer = run([program, "-p"], "")
        if answer.is_good:
            return dict(reversed(_CACHED.findall(answer.output)))
    return {}


def lost(files: Mapping[str, ModuleFile], find: Find) -> dict[str, tuple[str, ...]]:
    """The names of the libraries that are not found, by the file that needs them."""
    found = {
        path: tuple(name for name in each.libraries if find(name, each.runpath) is None) for path, each in files.items()
    }
    return {path: names for path, names in found.items() if names}


def fault(place: Place, names: Iterable[str]) -> Fault:
    """The fault of a file whose libraries are not found."""
    what = f"it needs {both(names)}, which cannot be found"
    cure = "install the package that has it again; where it is elsewhere, name that directory in LD_LIBRARY_PATH"
    return Fault(what, place, "the dynamic linker cannot load the file", cure, "no-library")


def finder(run: Run, places: Iterable[str] = PLACES) -> Find:
    """A look-up in the dynamic linker's order: the file's directories, LD_LIBRARY_PATH, the cache, the usual places."""
    known = cached(run)
    named = [Path(each) for each in os.environ.get("LD_LIBRARY_PATH", "").split(":") if each]
    usual = [found for place in places for found in Path("/").glob(place.lstrip("/"))]

    def find(name: str, first: Iterable[str] = ()) -> Path | None:
        if os.sep in name:
            return Path(name) if os.path.isfile(name) else None
        in_cache = [Path(known[name])] if name in known else []
        candidates = [*(Path(each) / name for each in first), *(each / name for each in named), *in_cache]
        return next((each for each in [*candidates, *(each / name for each in usual)] if os.path.isfile(each)), None)

    return find
