"""``asterism log``: the compiler's output for a module."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from asterism import files
from asterism.errors import AsterismError, Fault, Place
from asterism.names import bare, did_you_mean
from buildsys.planning.plan import LOGS


def parser() -> argparse.ArgumentParser:
    """The command line of ``asterism log``."""
    made = argparse.ArgumentParser(prog="asterism log", description="Show what the compiler said of a module.")
    made.add_argument("names", nargs="*", metavar="NAME", help="modules; without any, list those that have a log")
    return made


def main(words: Sequence[str]) -> int:
    """Serve ``asterism log [NAME ...]``."""
    names = parser().parse_args(words).names
    known = {path.stem: path for path in sorted(Path(LOGS).glob("*.log"))}
    if not names:
        print("\n".join(known))
        return 0
    for name in map(bare, names):
        if name not in known:
            raise AsterismError(_no_log(name, known))
        sys.stdout.write(files.read_text(known[name]))
    return 0


def _no_log(name: str, known: dict[str, Path]) -> Fault:
    cure = did_you_mean(name, known) or "'asterism log' lists the modules that have one; run this in the source tree"
    return Fault(f"there is no log of '{name}'", Place(LOGS), "", cure, "no-log")
