"""``asterism new``: a module of somebody's own, which builds, loads and has a test from its first minute."""

from __future__ import annotations

import argparse
import os
from collections.abc import Collection, Sequence
from importlib import resources
from pathlib import Path

from asterism import files
from asterism.errors import AsterismError, Collector, Fault, Place
from asterism.names import bare, both, did_you_mean, is_module_name

PARTS = {"cli": "a console command", "app": "a dialplan application", "func": "a dialplan function"}
"""What a module can be begun with."""

PREFIXES = {"app_": "app", "func_": "func"}
"""Names that say what a module is for; others get a console command."""

ALWAYS = "test"
"""A part that may be asked for, though every module has it."""

LANGUAGES = ("c", "py")


def parts_of(name: str, given: str) -> frozenset[str]:
    """What a module is to have: what was asked for, else what its name says.

    Raises:
        AsterismError: there is no such part.
    """
    if not given:
        return frozenset([next((part for prefix, part in PREFIXES.items() if name.startswith(prefix)), "cli")])
    wanted = [word for word in map(str.strip, given.split(",")) if word and word != ALWAYS]
    faults = Collector()
    for word in wanted:
        if word not in PARTS:
            cure = did_you_mean(word, PARTS) or f"there are {both(PARTS)}"
            faults.add(Fault(f"there is no part '{word}'", cure=cure, code="unknown-part"))
    faults.check(status=2)
    return frozenset(wanted)


def texts(name: str, language: str, parts: Collection[str]) -> dict[str, str]:
    """The files of a new module, by their names."""
    import jinja2  # 30 ms that only this verb pays for

    word = name.partition("_")[2] or name
    words = {
        "name": name,
        "word": word.replace("_", " "),
        "title": "".join(each.capitalize() for each in word.replace("-", "_").split("_")),
        "upper": word.replace("-", "_").upper(),
        "about": f"The module {name}",
        **{part: part in parts for part in PARTS},
    }
    environment = jinja2.Environment(  # noqa: S701 (what is made is C and Python, not HTML)
        undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    templates = resources.files("buildsys")
    return {
        f"{name}.{suffix}": environment.from_string((templates / f"module.{suffix}.j2").read_text("utf-8")).render(
            words
        )
        for suffix in (language, "test")
    }


def write(top: Path, made: dict[str, str]) -> None:
    """Write the files of a new module.

    Raises:
        AsterismError: one of them is there already; none is written.
    """
    faults = Collector()
    for name in made:
        if os.path.lexists(top / name):
            faults.add(Fault("it is there already", Place(name), "", "take another name", "exists"))
    faults.check()
    for name, text in made.items():
        files.write(top / name, text)


def main(words: Sequence[str]) -> int:
    """Serve ``asterism new``."""
    parser = argparse.ArgumentParser(
        prog="asterism new",
        description="Write a module of your own and its test into this directory.",
        epilog=f"PARTS, with commas between them: {', '.join(f'{part} ({what})' for part, what in PARTS.items())}.",
    )
    parser.add_argument(
        "name", metavar="NAME", help="res_hello, app_hello, func_hello; the beginning says what it is for"
    )
    parser.add_argument("--lang", choices=LANGUAGES, default="c", help="its language (default: c)")
    parser.add_argument("--with", dest="parts", default="", metavar="PARTS", help="what it is to have")
    options = parser.parse_args(words)
    name = bare(options.name)
    if not is_module_name(name):
        cure = "letters, digits and '_', starting with a letter: res_hello"
        raise AsterismError(Fault(f"'{name}' cannot be a module's name", cure=cure, code="bad-name"), status=2)
    made = texts(name, options.lang, parts_of(name, options.parts))
    write(Path.cwd(), made)
    print(f"wrote {' and '.join(made)}; next: 'asterism test', 'asterism run', 'asterism install'")
    return 0
