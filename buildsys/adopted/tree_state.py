"""The state that a build has left Asterisk's tree in, for a build that asks whether more than code has changed.

It is kept below ``build`` as lines of words, and this file imports little: JSON and regular expressions take longer to
import than the whole question takes.
"""

from __future__ import annotations

import os
import time

from asterism import __version__, files
from asterism.errors import AsterismError
from asterism.tree import BUILD, CHECK
from asterism.values import TYPE_CHECKING, dataclass
from asterism.words import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

FORMAT = f"1 {__version__}"
"""The format and release of kept steps; another release may make other steps from the same commands."""

MAKE = "ASTERISM_MAKE"
"""The environment variable with the make that an adopted tree was built with."""

TAKEN = "ASTERISM_TAKEN"
"""The variable in ninja's environment with the directory of marks for files that the tree's own make built."""

STATE = f"{BUILD}/state"
OUTPUTS = f"{BUILD}/outputs"
COMMANDS = f"{BUILD}/commands"

CODE = (".c", ".cc")
"""Suffixes of sources with code; of any other file, all that it holds is listed or documented."""
VERSION_COMMAND = ("build_tools/make_version", ".")
"""The command of the tree that prints its version."""
_MAKEFILES = ("Makefile", "GNUmakefile", "makefile")
_MAKE_SUFFIXES = (".make", ".mk", ".mak")
_SUFFIXES = (*CODE, ".h", ".xml", ".y", ".fl", ".flex", ".in", ".xslt", ".dynamics", *_MAKE_SUFFIXES)
"""Suffixes of files whose appearance or removal may change the steps."""


@dataclass(frozen=True, slots=True)
class LastBuild:
    """What a build needs to know of the one before."""

    top: str
    """The directory of the tree; absolute."""
    make: str
    """The make that was asked, as :data:`MAKE` names it."""
    version: str
    """The version of the tree."""
    ninja: str
    """The path of the ninja that ran."""
    documentation: str
    """The file that the top Makefile makes of all documentation; empty for none."""
    parts: int
    """The number of parts: modules, programs and libraries."""


@dataclass(frozen=True, slots=True)
class BuiltState:
    """The state of a tree after a build without failures."""

    facts: LastBuild
    environment: Mapping[str, str]
    """The variables that the Makefiles export for their commands."""
    directories: Mapping[str, str]
    """The names of the sources in each directory of sources, as :func:`listed` gives them."""
    ages: Mapping[str, int]
    """The age of each file and directory whose change may cause a build; 0 for one that is missing."""


def listed(top: str, directory: str) -> tuple[list[str], list[str]]:
    """The names of the sources and Makefiles in a directory, and those of the directories in it.

    Raises:
        OSError: the directory cannot be read.
    """
    path = f"{top}/{directory}"
    age = os.stat(path).st_mtime_ns
    before = _listed.get(path)
    if before is None or before[0] != age:
        before = (age, _listed_now(path))
        # A directory that changes again within a tick of the clock keeps its age.
        if time.time_ns() - age > _TICK:
            _listed[path] = before
    return before[1]


_TICK = 50_000_000
"""Nanoseconds after which a file system gives a change another time, with room to spare."""
_listed: dict[str, tuple[int, tuple[list[str], list[str]]]] = {}
"""What was found in each directory, with the age that this had: a build asks six times for the names of a tree."""


def is_makefile(name: str) -> bool:
    """Whether a file name is one of a Makefile, or of what Makefiles include."""
    return name.startswith(_MAKEFILES) or name.endswith(_MAKE_SUFFIXES)


def _listed_now(path: str) -> tuple[list[str], list[str]]:
    names: list[str] = []
    below: list[str] = []
    with os.scandir(path) as entries:
        for entry in entries:
            name = entry.name
            if name.endswith(_SUFFIXES) or name.startswith(_MAKEFILES):
                names.append(name)
            elif not name.startswith(".") and entry.is_dir(follow_symlinks=False):
                below.append(name)
    return sorted(names), sorted(below)


def walked(top: str, directory: str) -> Iterator[tuple[str, list[str], list[str]]]:
    """A directory and all below it, each with what :func:`listed` finds there.

    Raises:
        OSError: a directory cannot be read.
    """
    waiting = [directory]
    while waiting:
        path = waiting.pop()
        names, below = listed(top, path)
        yield path, names, below
        waiting += [f"{path}/{name}" for name in reversed(below)]


def as_line(names: Iterable[str], below: Iterable[str]) -> str:
    """What :func:`listed` gives, as one line."""
    return f"{'/'.join(names)}//{'/'.join(below)}"


def ages(top: str, names: Iterable[str]) -> dict[str, int]:
    """The age of each file, in nanoseconds since 1970; 0 for one that is missing."""
    # A build looks at two thousand files: a loop without calls of our own takes a third of the time.
    stat, found = os.stat, {}
    for name in names:
        try:
            found[name] = stat(name if name[0] == "/" else f"{top}/{name}").st_mtime_ns
        except OSError:
            found[name] = 0
    return found


def save(top: str, state: BuiltState) -> None:
    """Keep the state of a tree.

    Raises:
        AsterismError: the file cannot be written.
    """
    facts = state.facts
    lines = [
        f"{FORMAT}\t{facts.top}\t{facts.make}\t{facts.version}\t{facts.ninja}\t{facts.documentation}\t{facts.parts}",
        *(f"={name}\t{value}" for name, value in state.environment.items()),
        *(f"/{path}\t{names}" for path, names in state.directories.items()),
        *(f"{age}\t{path}" for path, age in state.ages.items()),
    ]
    # No path and no variable holds a zero byte, which stands for the end of a line here.
    files.write(f"{top}/{STATE}", "\n".join(line.replace("\n", "\0") for line in lines), is_lasting=False)


def forget(top: str) -> None:
    """Remove what was kept: the next build looks at everything.

    Raises:
        AsterismError: the file cannot be removed.
    """
    path = f"{top}/{STATE}"
    if os.path.exists(path):
        with files.told(path, "remove"):
            os.unlink(path)


def load(top: str) -> BuiltState | None:
    """The kept state; None when no state of this directory and release was kept."""
    first, _, rest = files.text_or_empty(f"{top}/{STATE}").partition("\n")
    try:
        form, place, make, version, ninja, documentation, parts = first.split("\t")
        if form != FORMAT or place != top:
            return None
        environment: dict[str, str] = {}
        directories: dict[str, str] = {}
        known: dict[str, int] = {}
        for line in rest.split("\n"):
            key, _, value = line.replace("\0", "\n").partition("\t")
            if key.startswith("="):
                environment[key[1:]] = value
            elif key.startswith("/"):
                directories[key[1:]] = value
            else:
                known[value] = int(key)
        last = LastBuild(place, make, version, ninja, documentation, int(parts))
        return BuiltState(last, environment, directories, known)
    except ValueError:
        return None


def mark(top: str, known: Mapping[str, int]) -> None:
    """Give check.ninja the age of the newest of the files it watches.

    Raises:
        AsterismError: the file is missing.
    """
    newest = max(known.values(), default=0)
    with files.told(f"{top}/{CHECK}", "write"):
        os.utime(f"{top}/{CHECK}", ns=(newest, newest))


def sentence(made: int, parts: int, seconds: float) -> str:
    """The sentence about a build in which steps have run."""
    return f"built {counted(made, 'part')} of {parts} in {seconds:.1f} s"


# ---- the outputs and their commands --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Command:
    """What a step makes, and how."""

    outputs: tuple[str, ...]
    text: str
    """The command lines as one, as people read it."""


def save_commands(top: str, commands: Mapping[str, Command]) -> None:
    """Keep the commands of a tree's steps, by the label and file of each step.

    Raises:
        AsterismError: the file cannot be written.
    """
    rows = ("\0".join((key, each.text, *each.outputs)).replace("\n", " ") for key, each in commands.items())
    files.write(f"{top}/{COMMANDS}", "\n".join(rows), is_lasting=False)


def load_commands(top: str) -> dict[str, Command]:
    """The kept commands; empty when none were kept."""
    rows = [line.split("\0") for line in files.text_or_empty(f"{top}/{COMMANDS}").split("\n")]
    return {row[0]: Command(tuple(row[2:]), row[1]) for row in rows if len(row) > 2}


def save_outputs(top: str, known: Mapping[str, int]) -> None:
    """Keep the ages of all outputs, so that those which the tree's own make builds later are recognized.

    Raises:
        AsterismError: the file cannot be written.
    """
    lines = (f"{age}\t{path}" for path, age in known.items() if "\n" not in path)
    files.write(f"{top}/{OUTPUTS}", "\n".join(lines), is_lasting=False)


def load_outputs(top: str) -> dict[str, int]:
    """The kept ages of the outputs; empty when none were kept."""
    try:
        lines = files.read_text(f"{top}/{OUTPUTS}").split("\n")
        return {path: int(age) for age, _, path in (line.partition("\t") for line in lines)}
    except (AsterismError, ValueError):
        return {}
