"""Search for shared libraries as the dynamic linker does, without opening them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from asterism.errors import Fault, Place
from asterism.modulefile import library_search
from asterism.modulefile.content import ModuleFile
from asterism.modulefile.library_search import PLACES, Find
from asterism.words import both
from buildsys.settled.toolchain import Run

LISTERS = ("ldconfig", "/sbin/ldconfig", "/usr/sbin/ldconfig")
"""Programs that print the linker's cache; ldconfig is often not on a user's PATH."""

_CACHED = re.compile(r"^\s+(\S+) \(.*\) => (/\S.*)$", re.MULTILINE)


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
    """A search as the dynamic linker's, with its cache as ldconfig prints it."""
    return library_search.finder(cached(run), places)
