"""``asterism log``: the compiler's output for a module."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from asterism import files
from asterism.errors import AsterismError, Fault, Place
from asterism.home import directory_option
from asterism.names import bare, did_you_mean
from asterism.tree import LOGS, Tree
from buildsys.targets import installed_asterisk
from menuselect.sources import recognition


def parser() -> argparse.ArgumentParser:
    """The command line of ``asterism log``."""
    made = argparse.ArgumentParser(prog="asterism log", description="Show what the compiler said of a module.")
    made.add_argument("names", nargs="*", metavar="NAME", help="modules; without any, list those that have a log")
    directory_option.add(made)
    made.add_argument("--target", metavar="NAME|DIR", help="of a build for a real Asterisk; see 'asterism target list'")
    made.add_argument("--json", action="store_true", help="the logs, or their names and files, as JSON")
    return made


def main(words: Sequence[str]) -> int:
    """Serve ``asterism log [NAME ...]``."""
    options = parser().parse_args(words)
    place = _place(recognition.here(), options.target)
    known = {path.stem: path for path in sorted(place.glob("*.log"))}
    if not known:
        raise AsterismError(_no_logs(place))
    names = [bare(name) for name in options.names]
    unknown = [_no_log(name, place, known) for name in names if name not in known]
    if unknown:
        raise AsterismError(*unknown)
    shown = {name: files.read_text(known[name]) for name in names}
    if options.json:
        print(json.dumps(shown or {name: str(path) for name, path in known.items()}, indent=1))
    else:
        sys.stdout.write("".join(shown.values()) if names else "".join(f"{name}\n" for name in known))
    return 0


def _place(tree: Tree, target: str | None) -> Path:
    """The directory of the logs of a build."""
    if not target:
        return tree / LOGS
    return tree / installed_asterisk.the_one(target, tree.top).headers.place / Path(LOGS).name


def _no_logs(place: Path) -> Fault:
    cure = "'asterism build' writes them; name the directory of another build with -C DIR"
    return Fault("there are no logs of a build here", Place(str(place)), "", cure, "no-log")


def _no_log(name: str, place: Path, known: Mapping[str, Path]) -> Fault:
    cure = did_you_mean(name, known) or "'asterism log' lists the modules that have one"
    return Fault(f"there is no log of '{name}'", Place(str(place)), "", cure, "no-log")
