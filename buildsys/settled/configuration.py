"""The result of configure, as a value and as the file ``makeopts``, which make reads as well."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterable, Iterator, Mapping

from asterism.errors import AsterismError, Collector, Fault, Place
from asterism.files import read_text
from asterism.names import did_you_mean
from asterism.tree import MAKEOPTS, Kind, Tree
from asterism.values import TYPE_CHECKING, dataclass, field

if TYPE_CHECKING:
    from typing import Any

ENVIRONMENT = (
    *("CC", "CXX", "CPPFLAGS", "CFLAGS", "CXXFLAGS", "LDFLAGS"),
    *("PKG_CONFIG", "PKG_CONFIG_PATH", "PKG_CONFIG_LIBDIR"),
)
"""Variables that a user may set on the command line of configure or in the environment."""


@dataclass(frozen=True, slots=True)
class Directories:
    """The directories of the GNU coding standards: absolute paths, or templates such as ``${prefix}/lib``."""

    prefix: str = "/usr/local"
    sysconfdir: str = "${prefix}/etc"
    localstatedir: str = "${prefix}/var"
    exec_prefix: str = "${prefix}"
    bindir: str = "${exec_prefix}/bin"
    sbindir: str = "${exec_prefix}/sbin"
    libexecdir: str = "${exec_prefix}/libexec"
    libdir: str = "${exec_prefix}/lib"
    includedir: str = "${prefix}/include"
    oldincludedir: str = "/usr/include"
    sharedstatedir: str = "${prefix}/com"
    runstatedir: str = "${localstatedir}/run"
    datarootdir: str = "${prefix}/share"
    datadir: str = "${datarootdir}"
    mandir: str = "${datarootdir}/man"
    infodir: str = "${datarootdir}/info"
    localedir: str = "${datarootdir}/locale"
    docdir: str = "${datarootdir}/doc/asterism"
    htmldir: str = "${docdir}"
    dvidir: str = "${docdir}"
    pdfdir: str = "${docdir}"
    psdir: str = "${docdir}"
    systemdsystemunitdir: str = "${prefix}/lib/systemd/system"

    def resolved(self) -> Directories:
        """The directories with all references to other directories expanded."""
        return Directories(**{name: self.expand(getattr(self, name)) for name in PLACES})

    def expand(self, template: str) -> str:
        """A template with references to directories expanded and double slashes removed.

        Circular references, and references to names that are not in :data:`PLACES`, stay unchanged.
        """
        for _ in PLACES:
            filled = _REFERENCE.sub(lambda match: getattr(self, match["name"], match[0]), template)
            if filled == template:
                break
            template = filled
        return os.path.normpath(template) if template else ""


PLACES = Directories.__match_args__
"""The names of the directories, as options of configure and as variables of makeopts."""

_REFERENCE = re.compile(r"\$\{(?P<name>" + "|".join(PLACES) + r")\}")


@dataclass(frozen=True, slots=True)
class Flags:
    """The compiler and linker flags that a dependency adds to the modules that need it."""

    include: tuple[str, ...] = ()
    lib: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Configuration:
    """The result of one configure run."""

    cc: tuple[str, ...]
    """The C compiler and the flags that belong to its name."""
    cxx: tuple[str, ...] = ()
    """The C++ compiler; empty when none is found."""
    dev_mode: bool = False
    directories: Directories = field(default_factory=Directories)
    cppflags: tuple[str, ...] = ()
    cflags: tuple[str, ...] = ()
    cxxflags: tuple[str, ...] = ()
    ldflags: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    """The warning flags, of those wanted, that the compiler supports."""
    precompile: tuple[str, ...] = ()
    """The flags with which the C compiler compiles a header in advance; empty when it cannot."""
    libraries: Mapping[str, Flags] = field(default_factory=dict)
    """The flags of each dependency found, by its name in capitals."""
    launcher: tuple[str, ...] = ()
    """The launcher put before each compilation: a compiler cache, or a build farm's client."""
    sanitizers: tuple[str, ...] = ()
    """The sanitizers to build with: ``address``, ``undefined``, ``thread`` or ``leak``."""
    preload: tuple[str, ...] = ()
    """The sanitizer libraries that a process has to load before all others."""
    system_python: tuple[str, ...] = ()
    """The directories of the distribution's Python libraries (``--system-python``); empty when copies are installed."""
    host: tuple[str, ...] = ()
    """The machine that modules are built for (a triple), as one word; empty for this machine."""
    arguments: tuple[str, ...] = ()
    """The command line of configure, kept to run it again."""
    headers: str = "include"
    """The directory of the core's headers, relative to the tree or absolute."""
    origin: str = ""
    """The directory of the sources, which is kept out of compiled files; not part of makeopts."""


_WORDS = {
    "CC": "cc",
    "CXX": "cxx",
    "CPPFLAGS": "cppflags",
    "CFLAGS": "cflags",
    "CXXFLAGS": "cxxflags",
    "LDFLAGS": "ldflags",
    "AST_WARNINGS": "warnings",
    "PRECOMPILE": "precompile",
    "LAUNCHER": "launcher",
    "SANITIZE": "sanitizers",
    "SANITIZE_PRELOAD": "preload",
    "SYSTEM_PYTHON": "system_python",
    "HOST": "host",
    "CONFIGURE_ARGUMENTS": "arguments",
}
"""Variables of makeopts that hold words, and the fields for their values."""

_NEW = ("LAUNCHER", "SANITIZE", "SANITIZE_PRELOAD", "SYSTEM_PYTHON", "HOST", "PRECOMPILE")
"""Variables that a makeopts of version 1.0 or 1.1 lacks; their value is empty then."""

_OLD_PLACES = ("prefix", "sysconfdir", "localstatedir")
"""The directories that a makeopts of version 1.1 has; the others have their defaults then."""

_LINE = re.compile(r"(?P<name>[A-Za-z_][A-Za-z0-9_]*)=(?P<value>.*)")
_LIBRARY = re.compile(r"(?P<name>[A-Z0-9_]+)_(?P<kind>INCLUDE|LIB)")


def dumps(configuration: Configuration) -> str:
    """The text of ``makeopts``: one ``NAME=value`` a line, as make and this module read it."""
    lines = ["# Written by configure; run ./configure again to change it.", ""]
    lines += [f"{name}={_quoted(getattr(configuration, attribute))}" for name, attribute in _WORDS.items()]
    lines += [f"AST_DEVMODE={'yes' if configuration.dev_mode else 'no'}", ""]
    lines += [f"{place}={_make_directory(getattr(configuration.directories, place))}" for place in PLACES]
    lines.append("")
    for name, flags in sorted(configuration.libraries.items()):
        lines += [f"{name}_INCLUDE={_quoted(flags.include)}", f"{name}_LIB={_quoted(flags.lib)}"]
    return "\n".join(lines) + "\n"


def _quoted(flags: Iterable[str]) -> str:
    return _make(shlex.join(flags))


def _make(value: str) -> str:
    """A value quoted for make: each dollar sign is doubled and each ``#`` gets a backslash."""
    return value.replace("$", "$$").replace("#", "\\#")


def _make_directory(value: str) -> str:
    """A directory quoted for make; references to other directories are kept as references."""
    return re.sub(r"\$" + _REFERENCE.pattern, lambda match: match[0][1:], _make(value))


def _unmake(value: str) -> str:
    return value.replace("\\#", "#").replace("$$", "$")


def loads(text: str, file: str = MAKEOPTS) -> Configuration:
    """Read the text of ``makeopts``.

    Raises:
        AsterismError: with a fault for every line that configure would not write.
    """
    faults = Collector()
    values = dict(_assignments(text, file, faults))
    words: dict[str, tuple[str, ...]] = {}
    for name, value in values.items():
        if name in _WORDS or _LIBRARY.fullmatch(name):
            words[name] = _split(name, value, faults)
    faults.extend(_missing(values, file))
    faults.extend(_impossible(values, words))
    faults.check()
    fields: dict[str, Any] = {attribute: words.get(name, ()) for name, attribute in _WORDS.items()}
    places = {place: _unmake(values[place][1]) for place in PLACES if place in values}
    return Configuration(
        **fields,
        dev_mode=values["AST_DEVMODE"][1] == "yes",
        directories=Directories(**places),
        libraries=dict(_libraries(words)),
    )


def _assignments(text: str, file: str, faults: Collector) -> Iterator[tuple[str, tuple[Place, str]]]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip() or line.startswith("#"):
            continue
        place = Place(file, number, text=line)
        match = _LINE.fullmatch(line)
        if match is None:
            faults.add(_nonsense(place, "expected NAME=value"))
        elif not _known(match["name"]):
            hint = did_you_mean(match["name"], [*_WORDS, *PLACES, "AST_DEVMODE"])
            faults.add(_nonsense(place, f"unknown name '{match['name']}'", hint))
        else:
            yield match["name"], (place, match["value"])


def _known(name: str) -> bool:
    return name in _WORDS or name in PLACES or name == "AST_DEVMODE" or bool(_LIBRARY.fullmatch(name))


def _split(name: str, value: tuple[Place, str], faults: Collector) -> tuple[str, ...]:
    place, text = value
    try:
        return tuple(shlex.split(_unmake(text)))
    except ValueError as error:
        faults.add(_nonsense(place, f"{name} cannot be split into words: {str(error).lower()}"))
        return ()


def _missing(values: Mapping[str, object], file: str) -> Iterator[Fault]:
    for name in (*_WORDS, *_OLD_PLACES, "AST_DEVMODE"):
        if name not in values and name not in _NEW:
            yield _nonsense(Place(file), f"there is no line {name}=")


def _nonsense(place: Place, what: str, hint: str = "") -> Fault:
    cure = "run ./configure to write the file again"
    return Fault(
        what, place, cure=f"{hint}{',' if hint[-1] != '?' else ''} or {cure}" if hint else cure, code="makeopts"
    )


def _impossible(values: Mapping[str, tuple[Place, str]], words: Mapping[str, tuple[str, ...]]) -> Iterator[Fault]:
    """Faults of lines that parse but have an invalid value."""
    if "CC" in values and not words["CC"]:
        yield _nonsense(values["CC"][0], "CC names no compiler")
    if "AST_DEVMODE" in values and values["AST_DEVMODE"][1] not in ("yes", "no"):
        yield _nonsense(values["AST_DEVMODE"][0], f"AST_DEVMODE is '{values['AST_DEVMODE'][1]}'", "write yes or no")
    if "prefix" in values and not values["prefix"][1].startswith("/"):
        yield _nonsense(values["prefix"][0], "prefix is not an absolute path", "start it with a slash")


def _libraries(words: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, Flags]]:
    names = dict.fromkeys(match["name"] for match in map(_LIBRARY.fullmatch, words) if match)
    for name in names:
        yield name, Flags(words.get(f"{name}_INCLUDE", ()), words.get(f"{name}_LIB", ()))


def load(tree: Tree) -> Configuration:
    """Read the configuration of a source tree.

    Raises:
        AsterismError: the directory is no source tree, is not configured, or the file has invalid lines.
    """
    if tree.kind is Kind.NOTHING:
        from menuselect.sources import recognition  # a source tree does not need it

        raise AsterismError(recognition.no_modules(tree, "'asterism new NAME' writes a module"))
    if not tree.is_configured:
        raise AsterismError(
            Fault("this tree is not configured", Place(str(tree)), cure="run ./configure first", code="not-configured")
        )
    return loads(read_text(tree.makeopts), str(tree.makeopts))
