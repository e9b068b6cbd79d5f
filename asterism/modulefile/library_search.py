"""Search for shared libraries in the directories and in the order of the dynamic linker, without opening them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

PLACES = ("/lib", "/usr/lib", "/lib64", "/usr/lib64", "/usr/local/lib", "/lib/*-linux-*", "/usr/lib/*-linux-*")
"""Directories that the dynamic linker of common systems searches, as glob patterns."""

Find = Callable[[str, Iterable[str]], Path | None]
"""A function that finds a library by name, searching the given directories first."""


def directories(places: Iterable[str] = PLACES) -> list[Path]:
    """The existing directories of glob patterns of absolute paths, in the order of the patterns."""
    return [found for place in places for found in sorted(Path("/").glob(place.lstrip("/")))]


def finder(cached: Mapping[str, str], places: Iterable[str] = PLACES) -> Find:
    """A search in the dynamic linker's order: the file's directories, LD_LIBRARY_PATH, the cache, the usual places.

    Args:
        cached: the paths of the linker's cache by library name.
        places: the usual places, as glob patterns.
    """
    named = [Path(each) for each in os.environ.get("LD_LIBRARY_PATH", "").split(":") if each]
    usual = directories(places)

    def find(name: str, first: Iterable[str] = ()) -> Path | None:
        if os.sep in name:
            return Path(name) if os.path.isfile(name) else None
        in_cache = [Path(cached[name])] if name in cached else []
        before = [directory / name for directory in (*map(Path, first), *named)]
        candidates = [*before, *in_cache, *(directory / name for directory in usual)]
        return next((each for each in candidates if os.path.isfile(each)), None)

    return find
