"""``asterism where``: show which directory a verb works on, which installed tree it uses, and why."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Sequence
from pathlib import Path

from asterism.errors import AsterismError
from asterism.home import directory_option, where
from asterism.terminal import columns
from asterism.tree import Kind, Tree
from asterism.values import dataclass
from buildsys.settled import configuration as settled
from menuselect.sources import recognition


@dataclass(frozen=True, slots=True)
class Decision:
    """An answer of ``asterism where``."""

    question: str
    """The subject: ``works on``, ``uses`` or ``program``."""
    place: str
    """A path; empty when nothing applies."""
    what: str
    why: str

    def __str__(self) -> str:
        return f"{self.question:<9} {self.place or 'nothing'}\n{'':9} {self.what}: {self.why}"

    def as_json(self) -> dict[str, str]:
        """The answer as plain data."""
        return {"place": self.place, "what": self.what, "why": self.why}


def decisions(tree: Tree) -> tuple[Decision, ...]:
    """All answers for a verb called in a directory."""
    return (works_on(tree), uses(tree), program())


def works_on(tree: Tree) -> Decision:
    """The directory that a verb works on."""
    if tree.kind is Kind.NOTHING:
        marks = "no makeopts, no build_tools/cflags.xml and no lib/asterism/tree.json"
        why = f"it has no sources such as res_hello.c, {marks}"
        return Decision("works on", str(tree), "neither a source tree nor a directory of modules", why)
    return Decision("works on", str(tree), tree.kind.value, _mark(tree))


def _mark(tree: Tree) -> str:
    if tree.kind is Kind.MODULES:
        return f"{_first_module(tree)} lies in it"
    marks = {
        Kind.ASTERISK: recognition.OF_ASTERISK,
        Kind.SOURCES: recognition.OF_SOURCES,
        Kind.PREFIX: ("lib/asterism/tree.json",),
    }
    return f"it has {next((name for name in marks.get(tree.kind, ()) if (tree / name).exists()), 'its files')}"


def _first_module(tree: Tree) -> str:
    try:
        return recognition.module_sources(tree.top)[0]
    except AsterismError:
        return "asterism.toml"


def uses(tree: Tree) -> Decision:
    """The installed tree that a verb builds against and starts; no tree is created for the answer."""
    if where.is_of_sources():
        return _of_sources(tree)
    file = where.tree_file()
    prefix = os.path.normpath(os.path.join(file, *[os.pardir] * 3)) if file.endswith("tree.json") else file
    missing = "" if os.path.isfile(file) else "; it is not there"
    if os.environ.get(where.VARIABLE):
        return Decision("uses", prefix, "an installed tree", f"--tree or {where.VARIABLE} names it{missing}")
    if where.own_tree():
        return Decision("uses", prefix, "an installed tree", "the program is part of it")
    missing = "" if os.path.isfile(file) else "; it is made on first need"
    return Decision("uses", prefix, "the user's tree", f"the program was installed by pip{missing}")


def _of_sources(tree: Tree) -> Decision:
    top = Path(where.PACKAGE).parent
    sources = tree if tree.kind is Kind.SOURCES else Tree(top, Kind.SOURCES)
    what = "the configured prefix"
    if not sources.is_configured:
        return Decision("uses", "", what, f"{sources} is not configured: run ./configure there")
    prefix = settled.load(sources).directories.prefix
    return Decision("uses", prefix, what, f"the program is that of the source tree {top}")


def program() -> Decision:
    """The place and the kind of the program itself."""
    packages = str(Path(where.PACKAGE).parent)
    if where.own_tree():
        return Decision("program", packages, "part of an installed tree", "tree.json is beside its packages")
    if where.package_sources():
        core = "a compiled core" if where.package_core() else "the sources of a core"
        return Decision("program", packages, "installed by pip", f"its package carries {core}")
    return Decision("program", packages, "that of a source tree", "it is neither installed nor a package of pip")


def parser() -> argparse.ArgumentParser:
    """The command line of ``asterism where``."""
    made = argparse.ArgumentParser(
        prog="asterism where",
        description="Show which directory a verb works on, which installed tree it uses, and why. Nothing is made.",
        epilog="asterism --tree DIR VERB, or ASTERISM_TREE=DIR in the environment, names another installed tree.",
    )
    directory_option.add(made)
    made.add_argument("--json", action="store_true", help="the answers as JSON")
    return made


def main(words: Sequence[str]) -> int:
    """Serve ``asterism where``."""
    options = parser().parse_args(words)
    found = decisions(recognition.here())
    if options.json:
        print(json.dumps({each.question.replace(" ", "_"): each.as_json() for each in found}, indent=1))
    else:
        columns.show("\n".join(map(str, found)))
    return 0
