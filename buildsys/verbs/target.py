"""``asterism target``: name the Asterisks that modules are built for, and show the files of each."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from asterism.errors import AsterismError, Collector, report
from asterism.terminal import columns
from asterism.tree import SETTINGS
from asterism.values import replace
from buildsys.targets import installed_asterisk, known_targets
from buildsys.targets.installed_asterisk import InstalledAsterisk
from buildsys.targets.known_targets import KnownTarget
from menuselect.sources import settings


def _described(found: InstalledAsterisk) -> list[tuple[str, str]]:
    """The description of a target as rows of label and value."""
    said = found.headers
    return [
        ("directory", found.target.directory),
        ("prefix", found.target.prefix),
        ("named in", found.target.origin),
        ("headers", str(said.headers)),
        ("options", ", ".join(said.options) or "none"),
        ("sum", said.sum),
        ("record", f"of Asterisk {said.layout}"),
        ("program", str(found.program) if found.program else "none: modules can be built, not run"),
        ("modules", f"{len(found.modules)}" + (f" in {found.module_directory}" if found.module_directory else "")),
        ("configuration", str(found.configuration or "")),
        ("libraries", ":".join(map(str, found.libraries))),
    ]


def _show(found: InstalledAsterisk) -> str:
    rows = [
        (f"target {found.target.name}", ""),
        *((f"  {name:<14}", value) for name, value in _described(found) if value),
    ]
    return "\n".join(f"{label}{value}".rstrip() for label, value in rows)


def _list(options: argparse.Namespace) -> int:
    named = known_targets.known(Path.cwd())
    if options.json:
        print(json.dumps([each.as_json() for each in named.values()], indent=1))
        return 0
    width = max(map(len, named), default=0)
    for name, each in named.items():
        print(f"{name:<{width}}  {each.directory}" + (f"  (installed in {each.prefix})" if each.prefix else ""))
    if not named:
        columns.show("no target has a name here; 'asterism target add NAME DIR' names one")
    return 0


def _shown(options: argparse.Namespace) -> int:
    faults, found = Collector(), list[InstalledAsterisk]()
    for name in options.names or [known_targets.ALL]:
        for target in known_targets.find(name, Path.cwd()):
            try:
                found.append(installed_asterisk.read(target))
            except AsterismError as error:
                faults.extend(error.faults)
    if options.json:
        print(json.dumps([each.as_json() for each in found], indent=1))
    elif found:
        columns.show("\n\n".join(map(_show, found)))
    report(faults)
    return 1 if faults.errors else 0


def _file(options: argparse.Namespace) -> Path:
    return Path.cwd() / SETTINGS if options.here else settings.shared_file()


def _added(options: argparse.Namespace) -> int:
    target = KnownTarget(options.name, os.path.abspath(options.directory), _absolute(options.prefix))
    found = installed_asterisk.read(target)  # refuse an invalid directory before anything is written
    file = _file(options)
    if options.here:
        here = Path.cwd()
        directory = (
            os.path.relpath(target.directory, here) if here in Path(target.directory).parents else target.directory
        )
        target = replace(target, directory=directory)
    known_targets.add(target, file)
    columns.show(_show(found))
    print(f"written to {file}")
    return 0


def _absolute(path: str) -> str:
    return os.path.abspath(path) if path else ""


def _removed(options: argparse.Namespace) -> int:
    places = [Path.cwd() / SETTINGS, settings.shared_file()]
    print(f"removed from {known_targets.remove(options.name, places)}")
    return 0


_ACTIONS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "add": _added,
    "list": _list,
    "show": _shown,
    "remove": _removed,
}


def parser() -> argparse.ArgumentParser:
    """The command line of ``asterism target``."""
    made = argparse.ArgumentParser(
        prog="asterism target",
        description="Give names to the Asterisks that modules are built for: --target NAME. The Asterisk on PATH is "
        "called 'installed' by itself when its headers are there.",
    )
    made.set_defaults(action="list", json=False)
    actions = made.add_subparsers(metavar="ACTION", title="actions", dest="action")
    add = actions.add_parser("add", help="name a source tree, a prefix or a directory of headers")
    add.add_argument("name", metavar="NAME")
    add.add_argument("directory", metavar="DIR", help="a configured source tree, a prefix, or a directory of headers")
    add.add_argument("--prefix", metavar="PREFIX", default="", help="where it is installed, when DIR does not say")
    add.add_argument("--here", action="store_true", help=f"write {SETTINGS} here, not the user's settings")
    listed = actions.add_parser("list", help="list the targets that have names")
    listed.add_argument("--json", action="store_true", help="print them as JSON")
    show = actions.add_parser("show", help="show what is there of targets")
    show.add_argument("names", nargs="*", metavar="NAME", help="names or directories; without any, all that have names")
    show.add_argument("--json", action="store_true", help="print it as JSON")
    removed = actions.add_parser("remove", help="take a name away; the Asterisk stays")
    removed.add_argument("name", metavar="NAME")
    return made


def main(words: Sequence[str]) -> int:
    """Serve ``asterism target``."""
    options = parser().parse_args(words)
    return _ACTIONS[options.action or "list"](options)
