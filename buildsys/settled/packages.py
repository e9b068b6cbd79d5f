"""pkg-config packages that asterism.toml names: their flags, or a fault with a cure when one is missing."""

from __future__ import annotations

import functools
import os
import shutil
from collections.abc import Sequence

from asterism.errors import Fault, Place
from asterism.names import suggestion
from asterism.words import both
from buildsys.settled import toolchain
from buildsys.settled.configuration import Flags

PROGRAM = "PKG_CONFIG"
"""The environment variable that names another pkg-config."""


@functools.cache
def program() -> str:
    """The path of the pkg-config to use; empty when none is installed."""
    named = os.environ.get(PROGRAM, "")
    return next((path for each in (named, "pkg-config", "pkgconf") if each and (path := shutil.which(each))), "")


@functools.cache
def names() -> tuple[str, ...]:
    """The packages that pkg-config knows, sorted."""
    asked = toolchain.run([program(), "--list-all"]) if program() else None
    return tuple(sorted(line.split()[0] for line in asked.output.splitlines() if line.strip())) if asked else ()


def like(name: str) -> list[str]:
    """The packages whose names contain a name, three at most: ``libmongoc-1.0`` for ``mongoc``."""
    bare = name.lower().removeprefix("lib")
    return [each for each in names() if len(bare) > 2 and bare in each.lower()][:3]


def flags_of(wanted: Sequence[str], place: Place | None = None) -> Flags | Fault:
    """The compiler and linker flags of packages; a fault when one of them is missing.

    Args:
        wanted: package names, each with an optional version: ``libmongoc-1.0 >= 1.20``.
        place: the line that names them.
    """
    if not wanted:
        return Flags()
    if not program():
        cure = f"install pkg-config, or name it in {PROGRAM}"
        return Fault("pkg-config is not installed", place, f"it knows the flags of {both(wanted)}", cure, "no-package")
    absent = [name for name in wanted if not toolchain.run([program(), "--exists", name]).is_good]
    if absent:
        near = like(absent[0].split()[0])
        cure = suggestion(near) or "install its development package"
        return Fault(f"pkg-config does not know {both(absent)}", place, "", cure, "no-package")
    given = {kind: toolchain.run([program(), f"--{kind}", *wanted]).output for kind in ("cflags", "libs")}
    return Flags(toolchain.words(given["cflags"], "cflags"), toolchain.words(given["libs"], "libs"))
