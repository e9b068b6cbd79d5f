"""Packages of pkg-config that asterism.toml names: their flags, or what to do when one is not there."""

from __future__ import annotations

import functools
import os
import shutil
from collections.abc import Sequence

from asterism.errors import Fault, Place
from asterism.words import both, either
from buildsys.settled import toolchain
from buildsys.settled.configuration import Flags

PROGRAM = "PKG_CONFIG"
"""The variable that names another pkg-config."""


@functools.cache
def program() -> str:
    """The pkg-config to ask; empty when there is none."""
    named = os.environ.get(PROGRAM, "")
    return next((path for each in (named, "pkg-config", "pkgconf") if each and (path := shutil.which(each))), "")


@functools.cache
def names() -> tuple[str, ...]:
    """The packages that pkg-config knows, sorted."""
    asked = toolchain.run([program(), "--list-all"]) if program() else None
    return tuple(sorted(line.split()[0] for line in asked.output.splitlines() if line.strip())) if asked else ()


def like(name: str) -> list[str]:
    """The packages whose names hold a name, or are held by it: ``libmongoc-1.0`` for ``mongoc``; three at most."""
    bare = name.lower().removeprefix("lib")
    return [each for each in names() if len(bare) > 2 and bare in each.lower()][:3]


def flags_of(wanted: Sequence[str], place: Place | None = None) -> Flags | Fault:
    """The flags of packages; a fault when one of them is not there.

    Args:
        wanted: their names, a version may follow: ``libmongoc-1.0 >= 1.20``.
        place: where they are named.
    """
    if not wanted:
        return Flags()
    if not program():
        cure = f"install pkg-config, or name it in {PROGRAM}"
        return Fault("pkg-config is not installed", place, f"it knows the flags of {both(wanted)}", cure, "no-package")
    absent = [name for name in wanted if not toolchain.run([program(), "--exists", name]).is_good]
    if absent:
        near = like(absent[0].split()[0])
        cure = f"did you mean {either(near)}?" if near else "install its development package"
        return Fault(f"pkg-config does not know {both(absent)}", place, "", cure, "no-package")
    given = {kind: toolchain.run([program(), f"--{kind}", *wanted]).output for kind in ("cflags", "libs")}
    return Flags(toolchain.words(given["cflags"], "cflags"), toolchain.words(given["libs"], "libs"))
