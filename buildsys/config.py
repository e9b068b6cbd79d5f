"""``asterism config``: flags and directories, for Makefiles and scripts, in a source tree or an installed one."""

from __future__ import annotations

import argparse
import json
import os
import shlex
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from asterism import __version__, files
from asterism.errors import AsterismError, Fault, Place
from asterism.parsing import json_value
from buildsys import buildopts, built, contents, sanitizers
from buildsys import configuration as settled


@dataclass(frozen=True, slots=True)
class Facts:
    """What there is to know of a tree; paths are absolute."""

    version: str
    prefix: str
    includedir: str
    directories: Mapping[str, str]
    options: tuple[str, ...]
    """The build options that count for the ABI."""
    sum: str
    cc: tuple[str, ...]
    cppflags: tuple[str, ...] = ()
    ldflags: tuple[str, ...] = ()
    cxx: tuple[str, ...] = ()
    """The C++ compiler; empty when there is none."""
    user_cflags: tuple[str, ...] = ()
    """Those that configure was given."""
    launcher: tuple[str, ...] = ()
    """What goes before each compilation."""

    @property
    def program(self) -> str:
        """The installed ``asterism``."""
        return os.path.join(self.directories["astsbindir"], "asterism")

    @property
    def cflags(self) -> str:
        """For the compilation of a module."""
        return shlex.join([f"-I{self.includedir}", *contents.ABI_FLAGS, *self._sanitize, *self.cppflags])

    @property
    def libs(self) -> str:
        """For its link; a module takes the symbols of the core from the program that loads it."""
        return shlex.join(["-shared", *self._sanitize, *self.ldflags])

    @property
    def _sanitize(self) -> tuple[str, ...]:
        return sanitizers.flag(sanitizers.names(self.options))


def installed(package: Path | None = None) -> Path | None:
    """The tree.json of the installed tree this program runs from; None in a source tree."""
    here = package or Path(__file__).resolve().parent  # PREFIX/lib/asterism/python/buildsys
    tree = here.parents[1] / "tree.json"
    return tree if tree.is_file() else None


def this_program() -> list[str]:
    """How to run this very ``asterism`` again."""
    tree = installed()
    return [of_tree(tree).program] if tree else [sys.executable, "-m", "asterism"]


def of_tree(tree: Path) -> Facts:
    """The facts of an installed tree.

    Raises:
        AsterismError: its description is damaged.
    """
    try:
        data = json_value(files.read_text(tree))
        prefix = os.path.normpath(tree.parent / data["prefix"])
        compiler = data["compiler"]
        return Facts(
            data["version"],
            prefix,
            os.path.join(prefix, data["include"]),
            {name: os.path.join(prefix, path) for name, path in data["directories"].items()},
            tuple(data["buildopts"]["options"]),
            data["buildopts"]["sum"],
            tuple(compiler["cc"]),
            tuple(compiler["cppflags"]),
            tuple(compiler["ldflags"]),
            tuple(compiler["cxx"]),
            tuple(compiler["cflags"]),
            tuple(compiler.get("launcher", ())),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        fault = Fault("it is damaged", Place(str(tree)), str(error), "run 'make install' again", "bad-tree")
        raise AsterismError(fault) from None


def of_sources(top: Path) -> Facts:
    """The facts of a configured source tree.

    Raises:
        AsterismError: it is not configured.
    """
    configuration = settled.load(top)
    prefix = configuration.directories.prefix
    places = contents.directories(configuration.directories, prefix)
    options = built.load(top).options if (top / built.FILE).exists() else ()
    return Facts(
        __version__,
        prefix,
        str(top / "include"),
        {name: os.path.join(prefix, path) for name, path in places.items()},
        buildopts.abi_options(options),
        buildopts.option_sum(options),
        configuration.cc,
        configuration.cppflags,
        configuration.ldflags,
        configuration.cxx,
        configuration.cflags,
        configuration.launcher,
    )


def facts() -> Facts:
    """Of the installed tree this program belongs to, else of the source tree it stands in or was called in."""
    tree = installed()
    if tree:
        return of_tree(tree)
    here = Path.cwd()
    return of_sources(here if (here / settled.FILE).exists() else Path(__file__).resolve().parents[1])


QUESTIONS: Mapping[str, Callable[[Facts], str]] = {
    "version": lambda facts: facts.version,
    "prefix": lambda facts: facts.prefix,
    "cflags": lambda facts: facts.cflags,
    "libs": lambda facts: facts.libs,
    "includedir": lambda facts: facts.includedir,
    "moddir": lambda facts: facts.directories["astmoddir"],
    "sysconfdir": lambda facts: facts.directories["astetcdir"],
    "sum": lambda facts: facts.sum,
    "options": lambda facts: ", ".join(facts.options),
    "cc": lambda facts: shlex.join(facts.cc),
}
"""What can be asked, each answered with one line."""


def as_json(known: Facts) -> str:
    """All of it as plain data."""
    answers: dict[str, object] = {name: answer(known) for name, answer in QUESTIONS.items()}
    answers |= {"options": list(known.options), "directories": dict(known.directories)}
    return json.dumps(answers, indent=1)


def parser() -> argparse.ArgumentParser:
    """The options of ``asterism config``."""
    made = argparse.ArgumentParser(
        prog="asterism config",
        description="Print flags and directories; without an option, all of them.",
        epilog="A module outside the tree: gcc -shared -DAST_MODULE='\"res_x\"' $(asterism config --cflags) ...",
    )
    for name in QUESTIONS:
        made.add_argument(f"--{name}", dest="asked", action="append_const", const=name)
    made.add_argument("--json", action="store_true", help="everything as JSON")
    return made


def main(words: Sequence[str]) -> int:
    """Serve ``asterism config``."""
    options = parser().parse_args(words)
    known = facts()
    if options.json:
        print(as_json(known))
    elif options.asked:
        print("\n".join(QUESTIONS[name](known) for name in options.asked))
    else:
        print("\n".join(f"{name:<11}{answer(known)}" for name, answer in QUESTIONS.items()))
    return 0
