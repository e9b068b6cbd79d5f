"""``asterism modinfo``: the information in the files of modules."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from asterism.errors import AsterismError, Collector, Fault, Place, report
from asterism.home import directory_option
from asterism.modulefile import reader
from asterism.modulefile.content import SUFFIXES, ModuleFile
from asterism.names import did_you_mean
from asterism.terminal import columns
from asterism.tree import Kind, Tree
from asterism.values import dataclass
from buildsys.planning.plan import MODULES
from buildsys.settled import build_options, tree_facts
from buildsys.targets import installed_asterisk


@dataclass(frozen=True, slots=True)
class Home:
    """The tree that loads a module."""

    modules: Path
    """The directory of its modules: built ones in a source tree, otherwise installed ones."""
    options: tuple[str, ...]
    sum: str


def home() -> Home | None:
    """The tree that this program belongs to; None in sources that were never configured."""
    try:
        facts = tree_facts.facts()
    except AsterismError:
        return None
    here = Tree(Path.cwd(), Kind.SOURCES)
    in_sources = tree_facts.installed() is None and here.is_configured
    return Home(here / MODULES if in_sources else Path(facts.directories["astmoddir"]), facts.options, facts.sum)


def of_target(word: str) -> Home:
    """The real Asterisk that a name or a directory stands for.

    Raises:
        AsterismError: the target is unknown, or not configured.
    """
    found = installed_asterisk.the_one(word, Path.cwd())
    place = found.module_directory or Path(found.target.directory)
    return Home(place, build_options.abi_options(found.headers.options), found.headers.sum)


def find(name: str, tree: Home | None) -> Path:
    """The module file that a word names: a path, or the name of a module built here or in the tree.

    Raises:
        AsterismError: no such module is found.
    """
    path = Path(name)
    if path.exists() or os.sep in name:
        return path
    directories = [Path(MODULES), *([tree.modules] if tree else [])]
    candidates = [directory / f"{name}{suffix}" for directory in directories for suffix in ("", *SUFFIXES)]
    found = next((each for each in candidates if each.is_file()), None)
    if found:
        return found
    known = [each.stem for directory in directories for each in directory.glob("*") if each.suffix in SUFFIXES]
    cure = did_you_mean(name, known) or "name a file, or a module that is built or installed"
    raise AsterismError(Fault(f"there is no module '{name}'", Place(str(directories[-1])), "", cure, "no-such-file"))


def verdict(found: ModuleFile, tree: Home | None) -> list[str]:
    """Sentences about a module's sum in a tree; empty when it matches, or without a sum or tree to compare."""
    return build_options.verdict(found.sum, found.options, tree.options) if tree else []


def text(found: ModuleFile, tree: Home | None) -> str:
    """The information for people."""
    rows = [
        ("file", found.path),
        ("name", found.name),
        ("description", found.description),
        ("language", f"{found.language}, {found.machine}" if found.machine else found.language),
        ("level", found.level),
        ("key", found.key.strip()),
        ("flags", ", ".join(found.flag_names)),
        ("rank", found.rank),
        ("callbacks", ", ".join(found.callbacks)),
        ("sum", _sum_text(found, tree)),
        ("options", ", ".join(found.options) or "none" if found.options is not None else ""),
        ("differs", "\n".join(verdict(found, tree))),
        ("requires", ", ".join(found.requires)),
        ("optional", ", ".join(found.optional)),
        ("enhances", ", ".join(found.enhances)),
        ("sources", "\n".join(found.sources)),
        ("libraries", ", ".join(found.libraries)),
        ("runpath", ":".join(found.runpath)),
        ("exports", " ".join(found.exports)),
        ("needs", " ".join(need.name for need in found.needs if not need.library and not need.is_weak)),
    ]
    return "\n".join(line for label, value in rows if value for line in _rows(label, value))


def _sum_text(found: ModuleFile, tree: Home | None) -> str:
    if not found.sum or tree is None:
        return found.sum
    return f"{found.sum}  ({'fits this tree' if found.sum == tree.sum else f'this tree has {tree.sum}'})"


def _rows(label: str, value: str) -> Iterator[str]:
    yield from (f"{'' if number else label:<13}{line}" for number, line in enumerate(value.splitlines()))


def as_json(found: ModuleFile, tree: Home | None) -> dict[str, object]:
    """The information as plain data, with ``fits`` and ``differs`` for the tree."""
    fits = None if tree is None or not found.sum else found.sum == tree.sum
    return {**found.as_json(), "fits": fits, "differs": verdict(found, tree)}


def parser() -> argparse.ArgumentParser:
    """The command line of ``asterism modinfo``."""
    made = argparse.ArgumentParser(
        prog="asterism modinfo",
        description="Print what modules' files say of themselves. The files are read, and nothing in them is run.",
    )
    directory_option.add(made)
    made.add_argument("modules", nargs="+", metavar="MODULE", help="a file, or the name of a built or installed one")
    made.add_argument("--target", metavar="NAME|DIR", help="compare with a real Asterisk; see 'asterism target list'")
    made.add_argument("--json", action="store_true", help="a list of all of them as JSON")
    return made


def main(words: Sequence[str]) -> int:
    """Serve ``asterism modinfo``."""
    options = parser().parse_args(words)
    tree = of_target(options.target) if options.target else home()
    faults, found = Collector(), list[ModuleFile]()
    for name in options.modules:
        try:
            found.append(reader.read(find(name, tree)))
        except AsterismError as error:
            faults.extend(error.faults)
    if options.json:
        print(json.dumps([as_json(each, tree) for each in found], indent=1))
    elif found:
        print(columns.fitted("\n\n".join(text(each, tree) for each in found), sys.stdout))
    report(faults)
    return 1 if faults.errors else 0
