"""``asterism cache``: show the cores built for this user, or remove them."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence

from asterism.home import where
from asterism.words import counted
from buildsys.on_demand import core_cache, core_key
from buildsys.on_demand.core_files import CompiledCore

MIB = 1 << 20


def lines(found: Sequence[CompiledCore], needed: str) -> list[str]:
    """The output for people: a line for each core, and the total.

    Args:
        found: the cores in the cache.
        needed: the name of the core that this program needs now.
    """
    rows = [_row(core, needed) for core in found]
    return [*rows, f"{counted(len(found), 'core')}, {_size(sum(core.bytes for core in found))} in {core_cache.place()}"]


def _row(core: CompiledCore, needed: str) -> str:
    damaged = core.damage()
    notes = ["in use"] * (core.place.name == needed) + [f"damaged: {damaged}"] * bool(damaged)
    about = f"{core.about}  ({', '.join(notes)})" if notes else core.about
    return f"{core.place.name}  {_size(core.bytes):>9}  {about}"


def _size(number: int) -> str:
    return f"{number / MIB:.1f} MiB"


def as_json(found: Sequence[CompiledCore], needed: str) -> str:
    """The cores as JSON."""
    cores = [
        {
            "name": core.place.name,
            "place": str(core.place),
            "version": core.version,
            "compiler": core.about,
            "bytes": core.bytes,
            "in_use": core.place.name == needed,
            "damaged": core.damage(),
        }
        for core in found
    ]
    return json.dumps({"place": str(core_cache.place()), "cores": cores}, indent=1)


def parser() -> argparse.ArgumentParser:
    """The options of ``asterism cache``."""
    made = argparse.ArgumentParser(
        prog="asterism cache",
        description="Show the cores that an installation by pip has built for this user, or remove them.",
        epilog="A core is libasterism and the sample modules, compiled once for each version of Asterism, compiler and "
        "set of flags. What was installed from one stays when it is removed. A damaged one is built anew when it is "
        "needed.",
    )
    made.add_argument("action", nargs="?", choices=("show", "clear"), default="show", help="default: show")
    made.add_argument("--json", action="store_true", help="the cores as JSON")
    return made


def main(words: Sequence[str]) -> int:
    """Serve ``asterism cache``."""
    options = parser().parse_args(words)
    top = core_cache.place()
    if options.action == "clear":
        number, size = core_cache.clear(top)
        print(f"removed {counted(number, 'core')} ({_size(size)}) from {top}")
        return 0
    needed = core_key.current().name if where.package_sources() else ""
    found = core_cache.cores(top)
    sys.stdout.write((as_json(found, needed) if options.json else "\n".join(lines(found, needed))) + "\n")
    return 0
