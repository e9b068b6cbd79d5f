"""Parse the command line of configure: ``--enable-dev-mode --prefix=P --with-X[=P] --without-X NAME=value``.

Packaging tools pass the options of GNU autoconf to every ``configure``. They are parsed here as autoconf does: each
standard directory, ``--build`` and ``--host``, and any ``--enable-X`` or ``--with-X``.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from asterism.errors import Collector, Fault
from asterism.names import closest, did_you_mean, suggestion
from asterism.values import replace
from buildsys.settled.configuration import ENVIRONMENT, PLACES, Directories
from buildsys.settled.configure_options import (
    AUTOMAKE,
    BY_WORD,
    OTHER_VARIABLES,
    SHORT,
    VARIABLES,
    Option,
    Request,
    directory_option,
)

SANITIZERS = ("address", "undefined", "thread", "leak")
_TRIPLE = re.compile(r"[A-Za-z0-9_.]+(?:-[A-Za-z0-9_.]+)+")


def parse(words: Sequence[str], dependencies: Collection[str], environment: Mapping[str, str]) -> Request:
    """Parse a command line; variables it does not set are taken from the environment.

    Raises:
        AsterismError: with status 2 and a fault for every invalid word.
    """
    faults = Collector()
    inherited = tuple((name, environment[name]) for name in ENVIRONMENT if environment.get(name))
    request = Request(variables=inherited, arguments=tuple(words))
    joined = _joined(words)
    for word in sorted(joined, key=lambda word: "option-checking" not in word):  # applies regardless of its position
        request = _read(request, word, dependencies, faults)
    faults.extend(_bad_directories(request.directories))
    faults.extend(_together(request))
    if not (request.help or request.version):
        faults.check(status=2)
    return request


def _joined(words: Sequence[str]) -> Iterator[str]:
    """The words, with a separate argument (``--prefix /usr``) joined to its option."""
    waiting = ""
    for word in words:
        if waiting and not word.startswith("-"):
            yield f"{waiting}={word}"
            waiting = ""
            continue
        if waiting:
            yield waiting
        option = BY_WORD.get(word)
        # As in autoconf, the value of --enable-X and --with-X has to follow '='.
        waiting = word if option and option.argument and not word.startswith(("--enable-", "--with-")) else ""
        if not waiting:
            yield word
    if waiting:
        yield waiting


def _read(request: Request, word: str, dependencies: Collection[str], faults: Collector) -> Request:
    name, equals, value = word.partition("=")
    name = SHORT.get(name, name)
    option = BY_WORD.get(name)
    if option:
        return _apply(request, option, equals, value, faults)
    if name.startswith(("--with-", "--without-")) and _dependency(name) in dependencies:
        return _wish(request, name, value, faults)
    if name.startswith(("--with-", "--without-", "--enable-", "--disable-")):
        return _foreign(request, name, dependencies, faults)
    if equals and name.isidentifier():
        return _variable(request, word, faults)
    faults.add(_unknown(word, name, dependencies))
    return request


def _variable(request: Request, word: str, faults: Collector) -> Request:
    name, _, value = word.partition("=")
    if name in VARIABLES:
        return replace(request, variables=(*request.variables, (name, value)))
    if name in OTHER_VARIABLES:
        return request
    if near := did_you_mean(name, VARIABLES, _NEAR):
        faults.add(Fault(f"unknown variable '{name}'", cure=near, code="unknown-option"))
        return request
    return _warned(request, Fault(f"nothing heeds the variable '{name}'", code="unknown-option", severity="warning"))


_NEAR = 0.75
"""The least similarity (0 to 1) of an unknown name to a known one for it to count as a spelling mistake."""


def _dependency(name: str) -> str:
    """The dependency that ``--with-NAME`` or ``--without-NAME`` names."""
    return name.removeprefix("--").partition("-")[2].lower().replace("-", "_")


def _foreign(request: Request, name: str, dependencies: Collection[str], faults: Collector) -> Request:
    """Warn about an option of another ``configure``; a name similar to a known one is reported as misspelled."""
    kind, _, spelled = name.removeprefix("--").partition("-")
    if spelled in AUTOMAKE:
        return request
    own = {word.removeprefix("--"): word for word in ("--launcher", "--sanitize", "--system-python")}
    own |= {word.partition("able-")[2]: word for word in BY_WORD if word.startswith(f"--{kind}")}
    given = {each.replace("_", "-"): f"--{'without' if kind in _OFF else 'with'}-{each}" for each in dependencies}
    near = [(given | own)[each] for each in closest(spelled, given | own, least=_NEAR)]
    if near and request.option_checking:
        faults.add(Fault(f"unknown option '{name}'", cure=suggestion(near), code="unknown-option"))
        return request
    fault = Fault(
        f"nothing heeds the option '{name}'", code="unknown-option", severity=request.option_checking or "warning"
    )
    if request.option_checking == "error":
        faults.add(fault)
    return _warned(request, fault) if request.option_checking == "warning" else request


_OFF = ("without", "disable")


def _warned(request: Request, fault: Fault) -> Request:
    return replace(request, warnings=(*request.warnings, fault))


def _apply(request: Request, option: Option, equals: str, value: str, faults: Collector) -> Request:
    if option.argument and not value and not (equals and option.may_be_empty):
        faults.add(
            Fault(f"{option.word} needs a value", cure=f"write {option.word}={option.argument}", code="bad-option")
        )
        return request
    if equals and not option.argument and value not in ("", "yes", "no"):
        faults.add(Fault(f"{option.word} takes no value", cure=f"write {option.word} alone", code="bad-option"))
        return request
    if value == "no" and not option.argument:
        return request
    return option.change(request, value)


def _wish(request: Request, name: str, value: str, faults: Collector) -> Request:
    wish: bool | str = name.startswith("--with-") and value != "no"
    if wish and value not in ("", "yes"):
        wish = os.path.abspath(value)
        if not os.path.isdir(value):
            cure = "name the directory that holds its include and lib"
            faults.add(Fault(f"{name}={value} is not a directory", cure=cure, code="bad-option"))
    return replace(request, wishes=(*request.wishes, (_dependency(name), wish)))


def _unknown(word: str, name: str, dependencies: Collection[str]) -> Fault:
    known = [*BY_WORD, *VARIABLES, *(f"--with-{each}" for each in dependencies)]
    hint = did_you_mean(name, known) or "'./configure --help' lists the options"
    return Fault(f"unknown option '{word}'", cure=hint, code="unknown-option")


def _together(request: Request) -> Iterator[Fault]:
    """Faults for unknown sanitizers, and for options that exclude each other."""
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
        yield Fault("--sanitize cannot be combined with --host", why=why, cure=cure, code="bad-option")
    if request.system_python and request.target:
        why, cure = "no program is installed for another machine", "leave one of them out"
        yield Fault("--system-python cannot be combined with --host", why=why, cure=cure, code="bad-option")
    if request.host and not _TRIPLE.fullmatch(request.host):
        cure = "write the prefix of its compiler: aarch64-linux-gnu for aarch64-linux-gnu-gcc"
        yield Fault(f"--host={request.host} is not a triple", cure=cure, code="bad-option")


def words_of(names: str) -> tuple[str, ...]:
    """The names in a list separated by commas, without duplicates."""
    return tuple(dict.fromkeys(name.strip() for name in names.split(",") if name.strip()))


def _bad_directories(directories: Directories) -> Iterator[Fault]:
    """A fault for each directory that is not absolute after expansion, or that contains a line break."""
    filled = directories.resolved()
    for name in PLACES:
        given, value, word = getattr(directories, name), getattr(filled, name), directory_option(name).word
        if given == getattr(Directories(), name):
            continue  # a fault of a default value is a fault of the directory that it refers to
        if "\n" in value:
            yield Fault(f"{word} has a line break in it", cure="choose another directory", code="bad-option")
        elif "${" in value:
            cure = "name others as ${prefix}, ${exec_prefix} or ${datarootdir}, and none by itself"
            yield Fault(f"{word}={given} names a directory that is not settled", cure=cure, code="bad-option")
        elif not value.startswith("/") and value:
            yield Fault(f"{word}={value} is not an absolute path", cure="start it with a slash", code="bad-option")
