"""``asterism doc``: documentation pages from the DOCUMENTATION blocks of sources, or of an installed tree."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from xml.etree.ElementTree import Element

from asterism import files
from asterism.documentation import blocks, pages
from asterism.documentation.library import Library
from asterism.errors import AsterismError, Collector, Fault, Place, report
from asterism.home import directory_option
from asterism.names import did_you_mean
from asterism.tree import Kind, Tree
from buildsys.settled import tree_facts
from menuselect.sources import module_directories, recognition

FORMATS: dict[str, Callable[[Sequence[Element]], str]] = {
    "md": pages.markdown,
    "html": pages.html,
    "json": lambda entries: json.dumps(pages.values(entries), indent=1) + "\n",
}


def parser() -> argparse.ArgumentParser:
    """The command line of ``asterism doc``."""
    made = argparse.ArgumentParser(
        prog="asterism doc",
        description="Write the documentation of applications, functions and manager commands as pages, from the "
        "DOCUMENTATION blocks of the sources here, or from what is installed.",
    )
    directory_option.add(made)
    made.add_argument("names", nargs="*", metavar="NAME", help="an application, function, command or module")
    made.add_argument("--format", choices=sorted(FORMATS), default="md", help="default: md")
    made.add_argument("--installed", action="store_true", help="read the installed documentation, not the sources here")
    made.add_argument("-o", "--output", default="", metavar="FILE", help="write to FILE instead of standard output")
    return made


def main(words: Sequence[str]) -> int:
    """Serve ``asterism doc``."""
    options = parser().parse_args(words)
    chosen = pages.ordered(_named(list(_library(options.installed)), options.names))
    text = FORMATS[options.format](chosen)
    if options.output:
        files.write(Path(options.output), text)
        return 0
    print(text, end="")
    return 0


def _library(installed: bool) -> Library:
    """The documentation of the sources here, or of the installed tree.

    Raises:
        AsterismError: no block is found.
    """
    tree = None if installed else _here()
    found = Library(_of_sources(tree) if tree else _of_installed())
    if not any(True for _ in found):
        cure = "write a block before the code: 'asterism new app_hello' shows one"
        place = Place(str(tree.top if tree else _data()))
        raise AsterismError(Fault("there is no DOCUMENTATION block", place, "", cure, "no-documentation"))
    return found


def _here() -> Tree | None:
    """The source tree or directory of modules of the working directory.

    Returns None when recognition fails and an installed tree exists.

    Raises:
        AsterismError: recognition fails and no tree is installed.
    """
    try:
        return recognition.here()
    except AsterismError:
        if tree_facts.installed() is None:
            raise
        return None


def _of_sources(tree: Tree) -> list[Element]:
    """The documentation in the sources of a tree, for every module with all its files."""
    paths = _modules(tree)
    read = [blocks.read(files.read_text(tree / path), path, module) for module, path in paths]
    report(fault for each in read for fault in each.faults)
    return [element for each in read for element in each.elements]


def _modules(tree: Tree) -> list[tuple[str, str]]:
    """Each source file with the name of the module it belongs to."""
    if tree.kind is Kind.MODULES:
        main = list(recognition.module_sources(tree.top))
    else:
        main = [source.path for source in module_directories.sources(tree)]
    found = []
    for path in main:
        beside = sorted((tree / path).with_suffix("").glob("*.c*"))
        more = [each.relative_to(tree.top).as_posix() for each in beside]
        found += [(Path(path).stem, each) for each in (path, *more)]
    return found


def _data() -> Path:
    return Path(tree_facts.facts().directories["astdatadir"])


def _of_installed() -> list[Element]:
    place = _data() / blocks.DIRECTORY
    named = f"*-{blocks.LANGUAGE}.xml"
    found: list[Element] = []
    for path in [*sorted(place.glob(named)), *sorted(place.glob(f"thirdparty/{named}"))]:
        try:
            found += blocks.loads(files.read_text(path))
        except ValueError as error:
            raise AsterismError(Fault("the documentation is not XML", Place(str(path)), str(error))) from None
    return found


def _named(entries: list[Element], names: Sequence[str]) -> list[Element]:
    """The entries of the given names or modules; all when no name is given.

    Raises:
        AsterismError: with a fault for each name that has no entry.
    """
    if not names:
        return entries
    faults = Collector()
    wanted = {name.lower() for name in names}
    known = {word for entry in entries for word in _words(entry)}
    for name in names:
        if name.lower() not in {word.lower() for word in known}:
            cure = did_you_mean(name, known) or "'asterism doc' without a name shows everything"
            faults.add(Fault(f"nothing documents '{name}'", cure=cure, code="unknown-name"))
    faults.check()
    return [entry for entry in entries if wanted & {word.lower() for word in _words(entry)}]


def _words(entry: Element) -> set[str]:
    return {entry.get("name", ""), entry.get("module", "")} - {""}
