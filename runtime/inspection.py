"""What is checked of a module before any of its code is called (main/loader.c, ``inspect_module``)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Protocol

from asterism.errors import Fault, Place

KEYS = {
    "8776793523ea3ad3252abb3587e42224": "the key of Asterisk's own headers",
    "f1aad9fd64c88d90021ed0fad9ae50c4": "the key of include/asterisk/module.h",
}
"""md5 of the licence keys that are accepted.  Both say: this module is free software under the GPL, version 2."""


class Inspected(Protocol):
    """The part of a module's record that is checked."""

    @property
    def description(self) -> str | None:
        """A line about it."""

    @property
    def key(self) -> str | None:
        """Its licence key."""

    @property
    def buildopt_sum(self) -> str:
        """Sum of the build options it was compiled with."""

    @property
    def buildopts(self) -> tuple[str, ...] | None:
        """Those options, when its file tells."""


def inspect(info: Inspected, file: str, core_sum: str = "", core_options: Sequence[str] = ()) -> Fault | None:
    """The first thing that keeps a module from being started, or None.

    Args:
        info: what it says of itself.
        file: its file, for the message.
        core_sum: the core's own sum of build options; empty accepts every module.
        core_options: the core's build options.
    """
    place = Place(file)
    if not info.description:
        cure = "give AST_MODULE_INFO a description"
        return Fault("has no description", place, cure=cure, code="no-description")
    if not info.key:
        cure = "give AST_MODULE_INFO the key ASTERISK_GPL_KEY, if the module is under the GPL"
        return Fault("has no licence key", place, cure=cure, code="no-key")
    if key_sum(info.key) not in KEYS:
        cure = "only modules under the GPL can be loaded; they say so with ASTERISK_GPL_KEY"
        return Fault("has a licence key that is not valid", place, cure=cure, code="wrong-key")
    if info.buildopt_sum and core_sum and info.buildopt_sum != core_sum:
        return _other_options(info, place, core_options)
    return None


def key_sum(key: str) -> str:
    """The md5 of a licence key, by which keys are compared."""
    return hashlib.md5(key.encode("utf-8", "surrogateescape"), usedforsecurity=False).hexdigest()


def _other_options(info: Inspected, place: Place, core_options: Sequence[str]) -> Fault:
    why = "its file does not say which"
    if info.buildopts is not None:
        why = _difference(info.buildopts, core_options) or "the sums differ though the options are the same"
    return Fault(
        "was compiled with other build options than this core",
        place,
        why,
        "compile it again in the tree this core comes from; it is not started, since it could crash",
        "build-options",
    )


def _difference(theirs: Iterable[str], ours: Iterable[str]) -> str:
    module, core = set(theirs), set(ours)
    parts = []
    if module - core:
        parts.append(f"only the module has {', '.join(sorted(module - core))}")
    if core - module:
        parts.append(f"only the core has {', '.join(sorted(core - module))}")
    return "; ".join(parts)
