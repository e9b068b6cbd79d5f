"""The command line of configure: ``--enable-dev-mode --prefix=P --with-X[=P] --without-X NAME=value``."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from asterism.errors import Collector, Fault
from asterism.names import did_you_mean
from buildsys.settled.configuration import ENVIRONMENT, Directories


@dataclass(frozen=True, slots=True)
class Request:
    """What a user asks of configure."""

    dev_mode: bool = False
    directories: Directories = field(default_factory=Directories)
    wishes: tuple[tuple[str, bool | str], ...] = ()
    """(dependency, with, without or where) in the order given."""
    variables: tuple[tuple[str, str], ...] = ()
    """CC, CFLAGS and their like, by name."""
    launcher: str = ""
    """What goes before each compilation: ``ccache``, ``distcc``, ``icecc``, or more than one, in their order."""
    sanitizers: str = ""
    """Names with commas between them, as the compiler's ``-fsanitize`` takes them."""
    host: str = ""
    """The machine to build for, as a triple; empty for this one."""
    build: str = ""
    """This machine, as packagers name it; only compared with the host."""
    arguments: tuple[str, ...] = ()
    """The words as they were given."""
    help: bool = False
    quiet: bool = False

    @property
    def target(self) -> str:
        """The other machine that is built for; empty when it is this one."""
        return "" if self.host == self.build else self.host


Change = Callable[[Request, str], Request]


def _directory(name: str) -> Change:
    def change(request: Request, value: str) -> Request:
        return replace(request, directories=replace(request.directories, **{name: value}))

    return change


def _text(name: str) -> Change:
    def change(request: Request, value: str) -> Request:
        return replace(request, **{name: value})  # type: ignore[arg-type]

    return change


@dataclass(frozen=True, slots=True)
class Option:
    """One option: how it is written, what it does, and its line of help."""

    word: str
    help: str
    change: Change
    argument: str = ""
    """The name of its argument in the help; empty when it takes none."""


OPTIONS = (
    Option("--help", "show this text", lambda request, _: replace(request, help=True)),
    Option("--quiet", "print nothing but faults", lambda request, _: replace(request, quiet=True)),
    Option("--prefix", "install below DIR [/usr/local]", _directory("prefix"), "DIR"),
    Option("--sysconfdir", "configuration files, in DIR/asterism [PREFIX/etc]", _directory("sysconfdir"), "DIR"),
    Option("--localstatedir", "files that change, in DIR/*/asterism [PREFIX/var]", _directory("localstatedir"), "DIR"),
    Option(
        "--enable-dev-mode",
        "warnings are errors, and unit tests are compiled in",
        lambda request, _: replace(request, dev_mode=True),
    ),
    Option("--disable-dev-mode", "the opposite, and the default", lambda request, _: replace(request, dev_mode=False)),
    Option("--launcher", "put PROGRAM before each compilation: ccache, distcc, icecc", _text("launcher"), "PROGRAM"),
    Option("--sanitize", "report errors at run time: address, undefined, thread, leak", _text("sanitizers"), "LIST"),
    Option("--host", "build modules for another machine, such as aarch64-linux-gnu", _text("host"), "TRIPLE"),
    Option("--build", "what this machine is called; only compared with --host", _text("build"), "TRIPLE"),
)

SANITIZERS = ("address", "undefined", "thread", "leak")
_TRIPLE = re.compile(r"[A-Za-z0-9_.]+(?:-[A-Za-z0-9_.]+)+")

_BY_WORD = {option.word: option for option in OPTIONS}
_SHORT = {"-h": "--help", "-q": "--quiet"}

VARIABLES = {
    "CC": "the C compiler, with its own flags",
    "CXX": "the C++ compiler, likewise",
    "CPPFLAGS": "flags for the preprocessor, such as -I DIR",
    "CFLAGS": "flags for C",
    "CXXFLAGS": "flags for C++",
    "LDFLAGS": "flags for the linker, such as -L DIR",
    "PKG_CONFIG_PATH": "where pkg-config looks first",
}


def usage(dependencies: Collection[str]) -> str:
    """The text of ``./configure --help``."""
    rows = [(f"{o.word}={o.argument}" if o.argument else o.word, o.help) for o in OPTIONS]
    rows += [
        ("--with-NAME[=DIR]", "insist on a dependency; look for it in DIR"),
        ("--without-NAME", "do without a dependency"),
    ]
    return "\n".join(
        [
            "usage: ./configure [OPTION ...] [VARIABLE=value ...]",
            "",
            *(f"  {word:<22} {text}" for word, text in rows),
            "",
            "Variables, here or in the environment:",
            *(f"  {name:<22} {text}" for name, text in VARIABLES.items()),
            "",
            "NAME is one of:",
            *_wrapped(sorted(dependencies)),
        ]
    )


def _wrapped(names: Sequence[str], width: int = 100) -> list[str]:
    lines, line = [], " "
    for name in names:
        if len(line) + len(name) + 1 > width:
            lines.append(line)
            line = " "
        line += f" {name}"
    return [*lines, line]


def parse(words: Sequence[str], dependencies: Collection[str], environment: Mapping[str, str]) -> Request:
    """Read a command line; variables it does not name come from the environment.

    Raises:
        AsterismError: with status 2 and a fault for every word that is not understood.
    """
    faults = Collector()
    inherited = tuple((name, environment[name]) for name in ENVIRONMENT if environment.get(name))
    request = Request(variables=inherited, arguments=tuple(words))
    for word in words:
        request = _read(request, word, dependencies, faults)
    faults.extend(_relative(request.directories))
    faults.extend(_together(request))
    if not request.help:
        faults.check(status=2)
    return request


def _read(request: Request, word: str, dependencies: Collection[str], faults: Collector) -> Request:
    name, equals, value = word.partition("=")
    name = _SHORT.get(name, name)
    option = _BY_WORD.get(name)
    if option:
        return _apply(request, option, equals, value, faults)
    if name.startswith(("--with-", "--without-")):
        return _wish(request, name, value, dependencies, faults)
    if equals and name in VARIABLES:
        return replace(request, variables=(*request.variables, (name, value)))
    faults.add(_unknown(word, name, dependencies))
    return request


def _apply(request: Request, option: Option, equals: str, value: str, faults: Collector) -> Request:
    if option.argument and not value:
        faults.add(
            Fault(f"{option.word} needs a value", cure=f"write {option.word}={option.argument}", code="bad-option")
        )
        return request
    if equals and not option.argument and value not in ("yes", "no"):
        faults.add(Fault(f"{option.word} takes no value", cure=f"write {option.word} alone", code="bad-option"))
        return request
    if value == "no" and not option.argument:
        return request
    return option.change(request, value)


def _wish(request: Request, name: str, value: str, dependencies: Collection[str], faults: Collector) -> Request:
    kind, _, spelled = name.removeprefix("--").partition("-")
    dependency = spelled.lower().replace("-", "_")
    if dependency not in dependencies:
        hint = did_you_mean(dependency, dependencies) or "'./configure --help' lists the names"
        faults.add(Fault(f"unknown dependency '{spelled}' in {name}", cure=hint, code="unknown-option"))
        return request
    wish: bool | str = kind == "with" and value != "no"
    if wish and value not in ("", "yes"):
        wish = os.path.abspath(value)
        if not os.path.isdir(value):
            cure = "name the directory that holds its include and lib"
            faults.add(Fault(f"{name}={value} is no directory", cure=cure, code="bad-option"))
    return replace(request, wishes=(*request.wishes, (dependency, wish)))


def _unknown(word: str, name: str, dependencies: Collection[str]) -> Fault:
    known = [*_BY_WORD, *VARIABLES, *(f"--with-{each}" for each in dependencies)]
    hint = did_you_mean(name, known) or "'./configure --help' lists the options"
    return Fault(f"unknown option '{word}'", cure=hint, code="unknown-option")


def _together(request: Request) -> Iterator[Fault]:
    """Sanitizers that nobody knows, and what cannot be wanted at once."""
    names = words_of(request.sanitizers)
    for name in names:
        if name not in SANITIZERS:
            cure = did_you_mean(name, SANITIZERS) or f"they are {', '.join(SANITIZERS)}"
            yield Fault(f"unknown sanitizer '{name}' in --sanitize", cure=cure, code="bad-option")
    alone = [name for name in names if name in ("address", "thread", "leak")]
    if "thread" in alone and len(alone) > 1:
        cure = "make two builds, one after the other"
        yield Fault(f"{' and '.join(alone)} cannot sanitize the same build", cure=cure, code="bad-option")
    if names and request.target:
        why = "the sanitizer's own library is found and started on the machine that runs the modules"
        cure = "leave one of them out; build there to sanitize there"
        yield Fault("--sanitize does not go together with --host", why=why, cure=cure, code="bad-option")
    if request.host and not _TRIPLE.fullmatch(request.host):
        cure = "name it as its compiler begins: aarch64-linux-gnu for aarch64-linux-gnu-gcc"
        yield Fault(f"--host={request.host} is no triple", cure=cure, code="bad-option")


def words_of(names: str) -> tuple[str, ...]:
    """The names of a list with commas, each once."""
    return tuple(dict.fromkeys(name.strip() for name in names.split(",") if name.strip()))


def _relative(directories: Directories) -> list[Fault]:
    given = {"prefix": directories.prefix, **_filled(directories)}
    return [
        Fault(f"--{name}={value} is not an absolute path", cure="start it with a slash", code="bad-option")
        for name, value in given.items()
        if not value.startswith("/")
    ] + [
        Fault(f"--{name} has a line break in it", cure="choose another directory", code="bad-option")
        for name, value in given.items()
        if "\n" in value
    ]


def _filled(directories: Directories) -> dict[str, str]:
    filled = directories.resolved()
    return {"sysconfdir": filled.sysconfdir, "localstatedir": filled.localstatedir}
