"""modules.conf: the modules to open at the start, their order, and the modules that the start requires."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable

from asterism.errors import AsterismError, Fault, Place
from asterism.names import bare, did_you_mean, is_module_name
from asterism.values import dataclass, replace
from runtime.conf import conf_file, conf_values
from runtime.conf.asterisk_conf import Settings
from runtime.loader.built_in import BUILT_IN, OPTIONAL
from runtime.loader.start_order import key_of

FILE = "modules.conf"

WORDS = {
    "load": (False, False),
    "require": (True, False),
    "preload": (False, True),
    "preload-require": (True, True),
}
"""The words that list a module: whether the module is required, and whether it is preloaded."""
OTHER_WORDS = ("noload", "autoload")


@dataclass(frozen=True, slots=True)
class WantedModule:
    """A module to open."""

    name: str
    """The name in modules.conf, or the file's name when ``autoload`` found the module."""
    required: bool = False
    preload: bool = False
    place: Place | None = None
    """The line that lists the module; None when ``autoload`` found it."""

    @property
    def key(self) -> str:
        """The module's name without suffix, in lower case."""
        return key_of(self.name)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The selection of modules.conf."""

    entries: tuple[WantedModule, ...] = ()
    autoload: bool = False
    barred: frozenset[str] = frozenset()
    """Keys of the modules that ``noload`` lists."""
    warnings: tuple[Fault, ...] = ()
    built_in: frozenset[str] = frozenset()
    """Names of the built-in parts of the core that modules.conf lists like modules."""
    probe: bool = False
    """Whether new modules are tried in a child process first: ``probe`` of [general], an option that Asterisk lacks."""


def load(settings: Settings, files: Iterable[str]) -> Wanted:
    """Read modules.conf.

    Args:
        settings: the settings with the paths of modules.conf and of the module directory.
        files: as for :func:`wanted`.

    Raises:
        AsterismError: the file cannot be read or is invalid, or autoload is on and the module directory does not exist.
    """
    path = os.path.join(settings.directories.astetcdir, FILE)
    if not os.path.lexists(path):
        cure = "'make samples' in the source tree installs one; or write [modules] and autoload = yes into it"
        raise AsterismError(Fault("there is no modules.conf", Place(path), cure=cure, code="no-modules-conf"))
    asked = wanted(conf_file.load(path, exec_=settings.options.execincludes), files)
    directory = settings.directories.astmoddir
    if asked.autoload and not os.path.isdir(directory):
        cure = "set astmoddir in asterisk.conf, or run 'make install'"
        fault = Fault(f"there is no module directory {directory}", cure=cure, code="no-module-directory")
        raise AsterismError(fault)
    return asked


def wanted(read: conf_values.Config, files: Iterable[str]) -> Wanted:
    """The selection of a parsed modules.conf (main/loader.c, ``loader_config_init``).

    Args:
        read: the parsed file.
        files: names of the module files in the module directory; used when ``autoload`` is on.

    Raises:
        AsterismError: an unknown word, a required module that ``noload`` lists, or a part of the core that ``noload``
            lists.
    """
    found = {key_of(file): file for file in sorted(files)}
    section = read.section("modules") or conf_values.Section("modules", read.file, 0)
    faults: list[Fault] = []
    entries: dict[str, WantedModule] = {}
    for variable in section:
        _list(variable, entries, faults)
    autoload = conf_values.is_true(section.get("autoload"))
    if autoload:
        for key, file in found.items():
            entries.setdefault(key, WantedModule(file))
    built_in = BUILT_IN.keys() - found.keys()
    listed = frozenset(built_in & entries.keys())
    for key in listed:
        del entries[key]  # a built-in part has no file to load, and listing it is not a fault
    barred = _barred(section, entries, faults)
    faults += _not_barred(section, built_in - OPTIONAL)
    if faults:
        raise AsterismError(*faults)
    left = tuple(entry for key, entry in entries.items() if key not in barred)
    warnings = (*read.warnings, *_unclear(section), *_repeated(read))
    return Wanted(left, autoload, barred, warnings, listed, conf_values.is_true(_general(read).get("probe")))


def _general(read: conf_values.Config) -> conf_values.Section:
    return read.section("general") or conf_values.Section("general", read.file, 0)


def _list(variable: conf_values.Variable, entries: dict[str, WantedModule], faults: list[Fault]) -> None:
    word = variable.name.lower()
    if word in OTHER_WORDS:
        return
    if word not in WORDS:
        known = [*WORDS, *OTHER_WORDS]
        cure = did_you_mean(word, known) or f"the words are {', '.join(known)}"
        faults.append(Fault(f"unknown word '{variable.name}'", variable.name_place, cure=cure, code="unknown-word"))
        return
    required, preload = WORDS[word]
    key = key_of(variable.value)
    before = entries.get(key, WantedModule(variable.value, place=variable.place))
    entries[key] = replace(before, required=before.required or required, preload=before.preload or preload)


def unusable(entries: Iterable[WantedModule], files: Iterable[str]) -> list[Fault]:
    """A fault for each line that lists a module which cannot be opened: the name is invalid or the file does not exist.

    The loader reports these as well and starts the other modules; ``strict = yes`` reports them before the start.
    """
    present = {key_of(file) for file in files}
    found = (_unusable(entry, present) for entry in entries if entry.place is not None)
    return [fault for fault in found if fault is not None]


def _unusable(entry: WantedModule, present: Collection[str]) -> Fault | None:
    if not is_module_name(bare(entry.name)):
        return no_name(entry)
    if entry.key not in present:
        return Fault(f"there is no module '{entry.name}'", entry.place, code="no-such-file")
    return None


def no_name(entry: WantedModule) -> Fault:
    """The fault of an entry whose name cannot be the name of a module."""
    return Fault(
        f"'{entry.name}' cannot be the name of a module" if entry.name else "expected the name of a module",
        entry.place,
        cure="write the name of a file in the module directory, such as res_x.so; a path or a pattern is not possible",
        code="module-name",
    )


def _not_barred(section: conf_values.Section, built_in: Collection[str]) -> list[Fault]:
    """The faults of ``noload`` lines that name built-in parts, which stop Asterisk's start as well."""
    return [
        Fault(
            f"'{variable.value}' is built in and cannot be kept out with 'noload'",
            variable.place,
            cure="take out this line",
            code="built-in",
        )
        for variable in section
        if variable.name.lower() == "noload" and key_of(variable.value) in built_in
    ]


def _barred(section: conf_values.Section, entries: dict[str, WantedModule], faults: list[Fault]) -> frozenset[str]:
    keys = set()
    for variable in section:
        if variable.name.lower() != "noload":
            continue
        key = key_of(variable.value)
        keys.add(key)
        entry = entries.get(key)
        if entry is not None and entry.required:
            word = "preload-require" if entry.preload else "require"
            cure = f"take out this line or the '{word}' line"
            what = f"'{variable.value}' is listed with '{word}' and with 'noload'"
            faults.append(Fault(what, variable.place, cure=cure, code="required-and-barred"))
    return frozenset(keys)


def _unclear(section: conf_values.Section) -> list[Fault]:
    """A warning about a value of ``autoload`` that is neither yes nor no, which counts as no."""
    variable = section.find("autoload")
    if variable is None or not conf_values.is_unclear(variable.value):
        return []
    what = f"'{variable.value}' is neither yes nor no; autoload is off"
    return [Fault(what, variable.place, cure="write yes or no", code="unclear", severity="warning")]


def _repeated(read: conf_values.Config) -> list[Fault]:
    """Warnings about sections [modules] after the first, which are ignored, as in Asterisk."""
    sections = [section for section in read.sections if section.name.lower() == "modules" and not section.is_template]
    return [
        Fault(
            "only the first [modules] counts",
            Place(section.file, section.line),
            cure="write [modules](+) to add to it",
            code="repeated-section",
            severity="warning",
        )
        for section in sections[1:]
    ]
