"""The Python libraries of a distribution, which an installed program takes in place of copies (``--system-python``)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from importlib import metadata

from asterism.errors import AsterismError, Fault
from asterism.parsing import json_value
from asterism.values import dataclass
from buildsys.settled import ninja_program
from buildsys.settled.toolchain import Run

DEBIAN = {"ninja": "ninja-build"}
"""Packages of Debian that are not named ``python3-`` and the name of the library."""

NINJA = "ninja"
"""The requirement that is a program: what serves is the first on PATH."""

_REQUIREMENT = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)\s*([^;]*)")
_BOUND = re.compile(r"(>=|<)\s*([0-9.]+)")
_DIRECTORIES = "import json, sys; print(json.dumps([path for path in sys.path if path.endswith('-packages')]))"


@dataclass(frozen=True, slots=True)
class SystemPython:
    """What a tree takes from the distribution; nothing in a tree with copies."""

    directories: tuple[str, ...] = ()
    """Where the interpreter has its packages."""
    needed: tuple[str, ...] = ()
    """Requirements, such as ``lark>=1.3,<2``."""


@dataclass(frozen=True, slots=True)
class Unmet:
    """A library that is not there, or not in the range that is needed."""

    name: str
    wanted: str
    """The range, such as ``>=1.3,<2``."""
    version: str = ""
    """The one that is there; empty for none."""

    @property
    def debian(self) -> str:
        """The package of Debian that has it."""
        return DEBIAN.get(self.name, f"python3-{self.name}")

    @property
    def trouble(self) -> str:
        """What is wrong with it."""
        return f"is {self.version}" if self.version else "is missing"

    def __str__(self) -> str:
        return f"{self.name} {self.trouble} ({self.wanted} is needed)"


def needed() -> tuple[str, ...]:
    """The requirements of Asterism itself, without those of extras, in the order of their names."""
    lines = metadata.requires("asterism") or ()
    return tuple(sorted(line.partition(";")[0].strip() for line in lines if "extra" not in line.partition(";")[2]))


def directories(python: str, run: Run) -> tuple[str, ...]:
    """Where an interpreter looks for installed packages, those of its user left out.

    Raises:
        AsterismError: it does not answer.
    """
    answer = run([python, "-Ic", _DIRECTORIES], "")
    if not answer.is_good:
        what = f"{python} does not say where its packages are"
        raise AsterismError(Fault(what, None, answer.complaint.strip(), "name another: PYTHON=/path/to/python3"))
    return tuple(map(str, json_value(answer.output)))


def lacking(system: SystemPython, run: Run) -> list[Unmet]:
    """Those of the needed libraries that the distribution does not have in a version that serves."""
    found: list[Unmet] = []
    for line in system.needed:
        match = _REQUIREMENT.match(line)
        name, wanted = (match[1].lower().replace("_", "-"), _tidy(match[2])) if match else (line, "")
        version = _ninja(run) if name == NINJA else _version(name, system.directories)
        if not is_within(version, wanted):
            found.append(Unmet(name, wanted, version))
    return found


def _tidy(wanted: str) -> str:
    """A range with its lower bound first; metadata has them in any order."""
    return ",".join(sorted((each.strip() for each in wanted.split(",")), reverse=True))


def is_within(version: str, wanted: str) -> bool:
    """Whether a version is there and within a range of ``>=`` and ``<``."""
    have = _numbers(version)
    tests = ((have >= _numbers(bound)) == (sign == ">=") for sign, bound in _BOUND.findall(wanted))
    return bool(version) and all(tests)


def _numbers(version: str) -> tuple[int, ...]:
    """The numbers of a version; what stands behind them (``rc1``) does not count, nor do zeros at the end."""
    release = re.match(r"[0-9.]*", version)
    numbers = [int(each) for each in release[0].split(".") if each] if release else []
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)


def _version(name: str, places: Iterable[str]) -> str:
    found = metadata.Distribution.discover(name=name, path=list(places))
    return next((each.version for each in found), "")


def _ninja(run: Run) -> str:
    return next((each.version for each in ninja_program.of_system(run)), "")


def faults(system: SystemPython, lacks: Iterable[Unmet]) -> Iterator[Fault]:
    """The fault that names everything the distribution lacks, if it lacks anything."""
    lacks = list(lacks)
    if not lacks:
        return
    missing = [each.debian for each in lacks if not each.version]
    what = "the distribution's Python libraries do not serve, and --system-python demands them"
    why = f"{'; '.join(map(str, lacks))}; looked in {', '.join(system.directories) or 'no directory'}"
    cure = f"'apt install {' '.join(missing)}' on Debian or Ubuntu; " if missing else ""
    old = [each.debian for each in lacks if each.version]
    cure += f"a release of the distribution with other versions of {', '.join(old)}; " if old else ""
    yield Fault(what, None, why, f"{cure}or leave --system-python out, and copies are installed", "no-library")
