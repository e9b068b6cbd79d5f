"""The additions of asterism.toml to a build: further sources, flags and libraries of modules, and the launcher."""

from __future__ import annotations

import os

from asterism.errors import Fault
from asterism.values import replace
from buildsys.planning.plan import LANGUAGES, Module
from buildsys.settled import packages
from buildsys.settled.configuration import Configuration
from buildsys.settled.toolchain import words
from menuselect.sources.settings import Extras, Settings


def extended(module: Module, settings: Settings) -> Module | Fault:
    """The module with the sources, flags and libraries that asterism.toml adds; a fault when they are invalid."""
    extras = settings.extras(module.name)
    if module.is_python:
        if extras.sources:
            why = "a module in Python is one file"
            place = extras.places.get(extras.sources[0], extras.place)
            return Fault(f"{module.name} cannot have further sources", place, why=why, code="bad-settings")
        return module
    sources = tuple(dict.fromkeys((*module.sources, *extras.sources)))
    flags = packages.flags_of(extras.packages, extras.place)
    if isinstance(flags, Fault):
        return replace(flags, what=f"{module.name} cannot be built: {flags.what}")
    return _unfit(module.name, sources, extras) or replace(
        module,
        sources=sources,
        cflags=(*flags.include, *extras.cflags),
        libs=(*flags.lib, *extras.libs),
    )


def _unfit(name: str, sources: tuple[str, ...], extras: Extras) -> Fault | None:
    """The fault of the sources listed for a module: not C, or two of one name; None when they are valid."""
    named: dict[str, str] = {}
    for source in sources:
        place = extras.places.get(source, extras.place)
        if os.path.splitext(source)[1] not in LANGUAGES:
            cure = f"sources end in {' or '.join(LANGUAGES)}; what they include needs no mention"
            return Fault(f"'{source}' cannot be compiled", place, "", cure, "bad-settings")
        other = named.setdefault(os.path.basename(source), source)
        if other != source:
            what = f"two sources of {name} have one name"
            return Fault(what, place, f"{other} and {source}", "rename one of them", "bad-settings")
    return None


def launched(configuration: Configuration, settings: Settings) -> Configuration:
    """The configuration with the launcher of asterism.toml, when it sets one."""
    if settings.launcher is None:
        return configuration
    return replace(configuration, launcher=words(settings.launcher, "launcher in asterism.toml"))
