"""Checks of a module before any of its callbacks is called (main/loader.c, ``inspect_module``)."""

from __future__ import annotations

from collections.abc import Sequence

from asterism.errors import Fault, Place
from asterism.modulefile import buildsums
from runtime.model.module_record import GPL_KEY, ModuleInfo

ASTERISK_KEY = "8776793523ea3ad3252abb3587e42224"
"""The MD5 of the licence key in Asterisk's headers, which states, as ours does, that the module is under the GPL."""


def inspect(info: ModuleInfo, file: str, core_sum: str = "", core_options: Sequence[str] = ()) -> Fault | None:
    """The first fault that keeps a module from being started, or None.

    Args:
        info: the module's declaration.
        file: the module's file, for the message.
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
    if not is_valid_key(info.key):
        cure = "only modules under the GPL can be loaded; they say so with ASTERISK_GPL_KEY"
        return Fault("has a licence key that is not valid", place, cure=cure, code="wrong-key")
    if info.buildopt_sum and core_sum and info.buildopt_sum != core_sum:
        return _other_options(info, place, core_sum, core_options)
    return None


def is_valid_key(key: str) -> bool:
    """Whether a licence key is ours or Asterisk's."""
    if key == GPL_KEY:
        return True
    import hashlib  # 4 ms, with the crypto library: modules made with Asterism's headers have Asterism's key

    return hashlib.md5(key.encode("utf-8", "surrogateescape"), usedforsecurity=False).hexdigest() == ASTERISK_KEY


def _other_options(info: ModuleInfo, place: Place, core_sum: str, core_options: Sequence[str]) -> Fault:
    return Fault(
        "was compiled with other build options than this core",
        place=place,
        why="; ".join(buildsums.verdict(info.buildopt_sum, info.buildopts, core_sum, core_options)),
        cure="compile it again in the tree this core comes from; it is not started, since it could crash",
        code="build-options",
    )
