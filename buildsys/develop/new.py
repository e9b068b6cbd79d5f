"""``asterism new``: write a new module that builds, loads and has a test."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from importlib import resources
from pathlib import Path

from asterism import __version__, files
from asterism.errors import AsterismError, Collector, Fault, Place
from asterism.home import directory_option, where
from asterism.home.clone import spelled
from asterism.names import MODULE_SUFFIXES, bare, closest, did_you_mean, is_module_name, suggestion
from asterism.terminal import data_output
from asterism.words import both, either
from buildsys.settled import tree_facts

PARTS = {
    "cli": "a console command",
    "app": "a dialplan application",
    "func": "a dialplan function",
    "config": "settings in NAME.conf, read again by a reload",
    "test": "a unit test",
}
"""The parts that a new module can have, with descriptions."""

KINDS = {"res": "cli", "app": "app", "func": "func"}
"""Prefixes of module names, and the part that a module with the prefix gets by default."""

LANGUAGES = ("c", "py")


def kind_of(name: str) -> tuple[str, str]:
    """The kind of a module, from the prefix of its name, and a note when the name has no known prefix."""
    first, line, _ = name.partition("_")
    if line and first in KINDS:
        return first, ""
    meant = closest(first, KINDS, most=1) if line else []
    better = f"{meant[0] if meant else 'res'}_{name.partition('_')[2] if meant else name}"
    usual = either(f"{kind}_" for kind in KINDS)
    return "res", f"'{name}' begins with none of {usual}, so it is begun as a resource; did you mean '{better}'?"


def parts_of(name: str, given: str) -> frozenset[str]:
    """The parts of a new module: the requested ones, or the default for its name.

    Raises:
        AsterismError: a requested part is unknown.
    """
    wanted = [word for word in map(str.strip, given.split(",")) if word]
    faults = Collector()
    for word in wanted:
        if word not in PARTS:
            cure = did_you_mean(word, PARTS) or f"there are {both(PARTS)}"
            faults.add(Fault(f"unknown part '{word}'", cure=cure, code="unknown-part"))
    faults.check(status=2)
    return frozenset(wanted or [KINDS[kind_of(name)[0]]])


def check_name(name: str) -> None:
    """Refuse names that are not valid for a module, whose C code contains the name.

    Raises:
        AsterismError: the name is invalid; the fault suggests a valid one where possible.
    """
    if name.rstrip("_") in KINDS:
        kind = name.rstrip("_")
        cure = f"write the name behind it: {kind}_hello"
        raise AsterismError(Fault(f"'{name}' is the prefix of a name alone", cure=cure, code="bad-name"), status=2)
    if is_module_name(name) and name.isidentifier():
        return
    stem = re.sub(r"\.(c|cc|cpp|h|conf)$", "", name)
    better = re.sub(r"\W+", "_", stem, flags=re.ASCII).strip("_")
    usual = "letters, digits and '_', starting with a letter: res_hello"
    cure = suggestion([better]) if better.isidentifier() else usual
    raise AsterismError(Fault(f"'{name}' cannot be a module's name", cure=cure, code="bad-name"), status=2)


def check_free(name: str, installed: Iterable[Path]) -> None:
    """Refuse the name of an installed module, which the new one would replace.

    Args:
        name: the name of the new module.
        installed: the files of the installed modules.

    Raises:
        AsterismError: an installed module has that name.
    """
    for path in installed:
        if path.suffix in MODULE_SUFFIXES and path.stem == name:
            why = "the new one would take its place"
            fault = Fault(
                f"a module {name} is installed already", Place(str(path)), why, "choose another name", "exists"
            )
            raise AsterismError(fault, status=2)


def installed_modules() -> list[Path]:
    """The files of the installed modules; empty when nothing is installed. No tree is created."""
    described = Path(where.tree_file())
    if not described.is_file():
        return []
    directory = Path(tree_facts.of_tree(described).directories["astmoddir"])
    return sorted(directory.iterdir()) if directory.is_dir() else []


REPOSITORY = {
    ".gitignore": "gitignore.j2",
    "README.md": "README.md.j2",
    "LICENSE": "LICENSE.j2",
    "asterism.toml": "asterism.toml.j2",
    ".github/workflows/modules.yml": "workflow.yml.j2",
}
"""The files of a new repository besides those of its module, each with its template."""


def repository_texts(name: str, language: str) -> dict[str, str]:
    """The texts of the files of a repository of modules, by path, without those of its module."""
    words = {"name": name, "about": f"The module {name}", "source": f"{name}.{language}", "version": __version__}
    return {path: _rendered(f"repository/{template}", words) for path, template in REPOSITORY.items()}


def _rendered(template: str, words: Mapping[str, object]) -> str:
    import jinja2  # 30 ms that only this verb needs

    environment = jinja2.Environment(  # noqa: S701 (what is made is C and Python, not HTML)
        undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    text = resources.files("buildsys.develop").joinpath(*template.split("/")).read_text("utf-8")
    return environment.from_string(text).render(words)


def texts(name: str, language: str, parts: Collection[str]) -> dict[str, str]:
    """The texts of the files of a new module, by file name."""
    kind = kind_of(name)[0]
    word = name.removeprefix(f"{kind}_")
    words = {
        "name": name,
        "file": f"{name}.{'so' if language == 'c' else language}",
        "word": word.replace("_", " "),
        "title": "".join(each.capitalize() for each in word.split("_")),
        "upper": word.upper(),
        "category": f"/{kind}/{word}/",
        "about": f"The module {name}",
        "greets": bool(set(parts) - {"config"}),
        **{part: part in parts for part in PARTS},
    }
    suffixes = [language, "test", *(["conf"] if "config" in parts else [])]
    return {f"{name}.{suffix}": _rendered(f"module.{suffix}.j2", words) for suffix in suffixes}


def write(directory: Path, made: dict[str, str]) -> None:
    """Write the files of a new module.

    Raises:
        AsterismError: one of the files exists already; no file is written.
    """
    faults = Collector()
    for name in made:
        if os.path.lexists(directory / name):
            faults.add(Fault("the file exists already", Place(name), "", "choose another name", "exists"))
    faults.check()
    for name, text in made.items():
        files.write(directory / name, text)


def parser() -> argparse.ArgumentParser:
    """The command line of ``asterism new``."""
    made = argparse.ArgumentParser(
        prog="asterism new",
        description="Write a module of your own and its test into this directory, or begin a repository with them.",
        epilog=f"PARTS, with commas between them: {', '.join(f'{part} ({what})' for part, what in PARTS.items())}.",
    )
    made.add_argument(
        "name", metavar="NAME", help="res_hello, app_hello, func_hello; the beginning says what it is for"
    )
    directory_option.add(made)
    data_output.add(made, "what was written")
    made.add_argument("--lang", choices=LANGUAGES, default="c", help="the language (default: c)")
    made.add_argument("--with", dest="parts", default="", metavar="PARTS", help="parts to write, see below")
    made.add_argument(
        "--repository",
        action="store_true",
        help="begin a repository: a directory NAME with the module, README, licence, asterism.toml, .gitignore and a "
        "workflow for GitHub",
    )
    return made


def main(words: Sequence[str]) -> int:
    """Serve ``asterism new``."""
    options = parser().parse_args(words)
    if options.json:
        return data_output.told(lambda: _as_data(options))
    made = _begin(options)
    name = bare(options.name)
    if options.repository:
        print(f"wrote {_listed(made)} into {name}/")
        print(spelled(f"next: 'cd {name}', 'git init', 'asterism test'"))
        return 0
    if note := kind_of(name)[1]:
        print(f"note: {note}", file=sys.stderr)
    print(spelled(f"wrote {_listed(made)}; next: 'asterism test', 'asterism run', 'asterism install'"))
    return 0


def _as_data(options: argparse.Namespace) -> data_output.Data:
    made, name = _begin(options), bare(options.name)
    note = "" if options.repository else kind_of(name)[1]
    return {"directory": name if options.repository else ".", "written": list(made), "notes": [note] if note else []}


def _begin(options: argparse.Namespace) -> dict[str, str]:
    """Write the files of a module, or of a repository for it; returns their texts by path."""
    name = bare(options.name)
    check_name(name)
    made = texts(name, options.lang, parts_of(name, options.parts))
    check_free(name, installed_modules())
    if not options.repository:
        write(Path.cwd(), made)
        return made
    if os.path.lexists(name):
        raise AsterismError(Fault("the directory exists already", Place(name), "", "choose another name", "exists"))
    whole = {**repository_texts(name, options.lang), **made}
    write(Path.cwd() / name, whole)
    return whole


def _listed(names: Iterable[str]) -> str:
    *some, last = names
    return f"{', '.join(some)} and {last}" if some else last
