"""``asterism new``: a module of somebody's own, which builds, loads and has a test from its first minute."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Collection, Iterable, Sequence
from importlib import resources
from pathlib import Path

from asterism import files
from asterism.errors import AsterismError, Collector, Fault, Place
from asterism.home.clone import spelled
from asterism.names import bare, closest, did_you_mean, is_module_name
from asterism.words import both, either

PARTS = {
    "cli": "a console command",
    "app": "a dialplan application",
    "func": "a dialplan function",
    "config": "settings in NAME.conf, read again by a reload",
    "test": "a unit test",
}
"""What a module can be begun with."""

KINDS = {"res": "cli", "app": "app", "func": "func"}
"""The first words of names that say what a module is for, and the part that it begins with then."""

LANGUAGES = ("c", "py")


def kind_of(name: str) -> tuple[str, str]:
    """What a module is for, by its name, and what to say when the name does not tell."""
    first, line, _ = name.partition("_")
    if line and first in KINDS:
        return first, ""
    meant = closest(first, KINDS, most=1) if line else []
    better = f"{meant[0] if meant else 'res'}_{name.partition('_')[2] if meant else name}"
    usual = either(f"{kind}_" for kind in KINDS)
    return "res", f"'{name}' begins with none of {usual}, so it is begun as a resource; did you mean '{better}'?"


def parts_of(name: str, given: str) -> frozenset[str]:
    """What a module is to have: what was asked for, else what its name says.

    Raises:
        AsterismError: there is no such part.
    """
    wanted = [word for word in map(str.strip, given.split(",")) if word]
    faults = Collector()
    for word in wanted:
        if word not in PARTS:
            cure = did_you_mean(word, PARTS) or f"there are {both(PARTS)}"
            faults.add(Fault(f"there is no part '{word}'", cure=cure, code="unknown-part"))
    faults.check(status=2)
    return frozenset(wanted or [KINDS[kind_of(name)[0]]])


def check_name(name: str) -> None:
    """Refuse what cannot be the name of a module whose C is compiled with it.

    Raises:
        AsterismError: with what was meant, perhaps.
    """
    if is_module_name(name) and name.isidentifier():
        return
    stem = re.sub(r"\.(c|cc|cpp|h|conf)$", "", name)
    better = re.sub(r"\W+", "_", stem, flags=re.ASCII).strip("_")
    usual = "letters, digits and '_', starting with a letter: res_hello"
    cure = f"did you mean '{better}'?" if better.isidentifier() else usual
    raise AsterismError(Fault(f"'{name}' cannot be a module's name", cure=cure, code="bad-name"), status=2)


def texts(name: str, language: str, parts: Collection[str]) -> dict[str, str]:
    """The files of a new module, by their names."""
    import jinja2  # 30 ms that only this verb pays for

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
    environment = jinja2.Environment(  # noqa: S701 (what is made is C and Python, not HTML)
        undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    templates = resources.files("buildsys.develop")
    suffixes = [language, "test", *(["conf"] if "config" in parts else [])]
    return {
        f"{name}.{suffix}": environment.from_string((templates / f"module.{suffix}.j2").read_text("utf-8")).render(
            words
        )
        for suffix in suffixes
    }


def write(directory: Path, made: dict[str, str]) -> None:
    """Write the files of a new module.

    Raises:
        AsterismError: one of them is there already; none is written.
    """
    faults = Collector()
    for name in made:
        if os.path.lexists(directory / name):
            faults.add(Fault("the file exists already", Place(name), "", "choose another name", "exists"))
    faults.check()
    for name, text in made.items():
        files.write(directory / name, text)


def parser() -> argparse.ArgumentParser:
    """The options of ``asterism new``."""
    made = argparse.ArgumentParser(
        prog="asterism new",
        description="Write a module of your own and its test into this directory.",
        epilog=f"PARTS, with commas between them: {', '.join(f'{part} ({what})' for part, what in PARTS.items())}.",
    )
    made.add_argument(
        "name", metavar="NAME", help="res_hello, app_hello, func_hello; the beginning says what it is for"
    )
    made.add_argument("--lang", choices=LANGUAGES, default="c", help="the language (default: c)")
    made.add_argument("--with", dest="parts", default="", metavar="PARTS", help="parts to write, see below")
    return made


def main(words: Sequence[str]) -> int:
    """Serve ``asterism new``."""
    options = parser().parse_args(words)
    name = bare(options.name)
    check_name(name)
    made = texts(name, options.lang, parts_of(name, options.parts))
    write(Path.cwd(), made)
    note = kind_of(name)[1]
    if note:
        print(f"note: {note}", file=sys.stderr)
    print(spelled(f"wrote {_listed(made)}; next: 'asterism test', 'asterism run', 'asterism install'"))
    return 0


def _listed(names: Iterable[str]) -> str:
    *some, last = names
    return f"{', '.join(some)} and {last}" if some else last
