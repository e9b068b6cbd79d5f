"""The single command: flags alone run the runtime (``asterism -cvvg``), words are verbs (``asterism why res_x``)."""

from __future__ import annotations

import os
import sys

from asterism import __version__
from asterism.errors import AsterismError, Fault
from asterism.home import clone, where
from asterism.home.loading import by_name
from asterism.names import did_you_mean
from asterism.streams import guarded, reported
from asterism.values import TYPE_CHECKING, dataclass

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Callable, Sequence

    Main = Callable[[Sequence[str]], int]


@dataclass(frozen=True, slots=True)
class Verb:
    """A word after ``asterism`` and the function that serves it."""

    name: str
    entry: str
    """``package.module:function``, imported when the verb is used; takes the words after the verb, returns a status."""
    summary: str


GROUPS: dict[str, tuple[Verb, ...]] = {
    "Choose what is built": (
        Verb("select", "menuselect.tui.select:main", "choose in a menu"),
        Verb("list", "menuselect.verbs.list:main", "list members and their states"),
        Verb("show", "menuselect.verbs.show:main", "show all that is known of members"),
        Verb("why", "menuselect.verbs.why:main", "say why a member is on, off or unavailable"),
        Verb("enable", "menuselect.verbs.enable:main", "switch members on, with what they need"),
        Verb("disable", "menuselect.verbs.disable:main", "switch members off, and those that need them"),
        Verb("only", "menuselect.verbs.only:main", "choose exactly these modules and what they need"),
        Verb("preset", "menuselect.verbs.preset:main", "apply presets, or list them"),
        Verb("diff", "menuselect.verbs.diff:main", "show what two choices differ in"),
        Verb("save", "menuselect.verbs.save:main", "save what is chosen, or only what differs from the defaults"),
        Verb("upgrade", "menuselect.verbs.upgrade:main", "hold a saved choice against another tree, and mend it"),
        Verb("graph", "menuselect.verbs.graph:main", "draw what members need, or who needs them"),
        Verb("check", "menuselect.verbs.check:main", "check the MODULEINFO blocks of a tree"),
        Verb("tree", "menuselect.verbs.tree:main", "write menuselect-tree from the sources"),
        Verb("adopt", "buildsys.verbs.adopt:main", "let a source tree of Asterisk be built by ninja, with this menu"),
        Verb("lsp", "asterism.editors.lsp:main", "be a language server for editors"),
        Verb("completion", "asterism.completion:main", "print the completion script of a shell"),
    ),
    "Build and install": (
        Verb("configure", "buildsys.verbs.configure:main", "find the compiler and libraries; as ./configure"),
        Verb("build", "buildsys.verbs.build:main", "compile the chosen modules"),
        Verb("install", "buildsys.verbs.install:main", "install what is built"),
        Verb("uninstall", "buildsys.verbs.uninstall:main", "remove what was installed"),
        Verb("doctor", "buildsys.verbs.doctor:main", "say what is wrong with an installed tree, and what to do"),
        Verb("log", "buildsys.verbs.log:main", "show what the compiler said of a module"),
        Verb("package", "buildsys.packages.package:main", "make a package of modules of your own for a distribution"),
        Verb("config", "buildsys.verbs.config:main", "print flags and directories, for other programs"),
        Verb("where", "buildsys.verbs.where:main", "show which directory and which installed tree a verb works with"),
        Verb(
            "cache", "buildsys.on_demand.cache_command:main", "show or remove the cores that were built for this user"
        ),
        Verb("new", "buildsys.develop.new:main", "write a module of your own, outside of the source tree"),
        Verb("run", "buildsys.develop.run:main", "build the modules of this directory and try them in a console"),
        Verb(
            "watch",
            "buildsys.develop.watch:main",
            "build a module when it is saved, and have the running program take it",
        ),
        Verb("call", "asterism_testing.calls.call_command:main", "call an extension: read what is heard, type digits"),
        Verb("test", "asterism_testing.command:main", "build modules and run all their tests"),
        Verb("modinfo", "buildsys.verbs.modinfo:main", "print what a module's file says of itself"),
        Verb("target", "buildsys.verbs.target:main", "name the Asterisks that modules are built for"),
        Verb("port", "buildsys.porting.port:main", "make sources for an old Asterisk fit a newer one"),
        Verb("crash", "buildsys.verbs.crash:main", "name function, line and module of a crash"),
        Verb("doc", "buildsys.verbs.doc:main", "write the documentation of modules as pages"),
        Verb("depmod", "buildsys.verbs.depmod:main", "show which modules need which others, by their symbols"),
    ),
    "Run": (
        Verb("plan", "runtime.verbs.plan:main", "show in which order modules would start, and why"),
        Verb(
            "replace", "runtime.verbs.replace:main", "put a new build of a module into the running asterism, or go back"
        ),
    ),
}


AT_HOME = frozenset(
    {"cache", "completion", "config", "depmod", "doctor", "lsp", "modinfo", "plan", "preset", "replace", "where"}
)
"""Verbs about this program and its installed tree; in a clone, the clone's own program serves all other verbs."""


def verbs() -> dict[str, Verb]:
    """Every verb by its name."""
    return {verb.name: verb for group in GROUPS.values() for verb in group}


def parser_of(verb: Verb) -> ArgumentParser:
    """The command line of a verb, made by the function ``parser`` in the verb's module."""
    made: ArgumentParser = by_name(f"{verb.entry.partition(':')[0]}:parser")()
    return made


def usage() -> str:
    """The help text of ``asterism help``: the verbs in their groups."""
    lines = [
        "usage: asterism -c[vvg]                run the modules, with a console",
        "       asterism -r | -rx COMMAND       talk to a running asterism",
        "       asterism VERB [ARGUMENT ...]    work on a source tree or a directory of modules",
        "       asterism --tree DIR ...         use the tree that is installed in DIR",
        "",
        "'asterism -h' lists the options of the runtime, 'asterism VERB --help' those of a verb.",
    ]
    for title, group in GROUPS.items():
        width = max((len(verb.name) for verb in group), default=0)
        lines += ["", f"{title}:", *(f"  {verb.name:<{width}}  {verb.summary}" for verb in group)]
    return "\n".join(lines)


def _main(entry: str) -> Main:
    found: Main = by_name(entry)
    return found


def _named(words: Sequence[str]) -> Sequence[str]:
    """Read ``--tree DIR`` before the verb into the environment; returns the words after it.

    Raises:
        AsterismError: the directory is missing; status 2.
    """
    first = words[0] if words else ""
    option, equals, place = first.partition("=")
    if option != "--tree":
        return words
    place, rest = (place, words[1:]) if equals else ("".join(words[1:2]), words[2:])
    if not place:
        cure = "write --tree DIR before the verb: DIR is a prefix, as of 'make install'"
        raise AsterismError(Fault("--tree needs a directory", cure=cure, code="usage"), status=2)
    os.environ[where.VARIABLE] = os.path.abspath(place)
    return rest


def _dispatch(given: Sequence[str]) -> int:
    words = _named(given)
    if not words:
        print(by_name("asterism.terminal.columns:fitted")(usage(), sys.stdout))
        return 0
    first, rest = words[0], words[1:]
    if first in ("help", "--help") and not rest:
        print(by_name("asterism.terminal.columns:fitted")(usage(), sys.stdout))
        return 0
    if first == "help":
        first, rest = rest[0], ["--help"]
    if first == "--version":
        print(f"Asterism {__version__}")
        return 0
    if first.startswith("-"):
        return _main("runtime.program.flags:main")(words)
    known = verbs()
    if first not in known:
        cure = did_you_mean(first, known) or "'asterism help' lists the verbs"
        raise AsterismError(Fault(f"there is no verb '{first}'", cure=cure, code="unknown-verb"), status=2)
    if first not in AT_HOME and not {"-h", "--help"}.intersection(rest):
        clone.hand_over(given, directory_named(rest))
    return _main(known[first].entry)(rest)


def main(words: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit status; failures of the output end without a traceback."""
    given = sys.argv[1:] if words is None else words
    return guarded(lambda: reported(lambda: _dispatch(given), "asterism"), "asterism")


def directory_named(words: Sequence[str]) -> str:
    """The directory that a verb is to work in."""
    if not {"-C", "--directory"}.intersection(words):
        return os.getcwd()
    named: str = by_name("asterism.home.directory_option:named")(words)
    return named


if __name__ == "__main__":
    sys.exit(main())
