"""What a build costs: generated modules, built by Asterism, by bare ninja and by make over the same commands.

    .venv/bin/python bench/build.py [--modules N] [--runs N]

The three do the same compilations in trees of their own. The ratios are between times of one run; the compiler is real.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
NINJA = Path(sys.executable).with_name("ninja")

SOURCE = """\
/*** MODULEINFO
	<support_level>extended</support_level>
 ***/
#include "shared.h"
int value_{0}(void);
int value_{0}(void) {{ return SHARED + {0}; }}
"""


def generate(top: Path, modules: int) -> None:
    """A source tree of small modules, configured."""
    (top / "res").mkdir(parents=True)
    (top / "include").mkdir()
    (top / "build_tools").mkdir()
    (top / "include/shared.h").write_text("#define SHARED 1\n")
    shutil.copy(PROJECT / "build_tools/cflags.xml", top / "build_tools")
    for number in range(modules):
        (top / f"res/res_m{number:04}.c").write_text(SOURCE.format(number))
    run(top, [sys.executable, "-m", "asterism", "configure", "--quiet"])


def run(top: Path, command: list[str]) -> float:
    """Seconds that a command takes."""
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    began = time.perf_counter()
    subprocess.run(command, cwd=top, env=environment, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - began


def makefile(top: Path) -> str:
    """A Makefile with the commands of the build's own graph, as somebody would write it by hand."""
    entries = json.loads((top / "build/compile_commands.json").read_text())
    lines = ["all:", "-include $(wildcard build/obj/*/*.d)"]
    products = []
    for entry in entries:
        made, source, unit = entry["output"], entry["file"], Path(entry["file"]).stem
        product = f"build/modules/{unit}.so"
        products.append(product)
        command = shlex.join(entry["arguments"]).replace("$", "$$")
        lines += [f"{made}: {source}", f"\t@mkdir -p {Path(made).parent}", f"\t@{command}"]
        lines += [
            f"{product}: {made}",
            "\t@mkdir -p build/modules",
            f"\t@gcc -shared -pthread -o $@ {made} -Wl,--as-needed -lm",
        ]
    return "\n".join([*lines, f"all: {' '.join(products)}", ""])


def asterism(top: Path) -> Callable[[], float]:
    """What the Makefile of a source tree does."""
    check = f"{NINJA} -f build/check.ninja -n 2>/dev/null | grep -q '^ninja: no work to do' && exit 0; exec "
    build = f"{shlex.quote(sys.executable)} -m asterism build --quiet"
    return lambda: run(top, ["sh", "-c", check + build])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--modules", type=int, default=300)
    parser.add_argument("--runs", type=int, default=5, help="of the short jobs; the full build is done once")
    options = parser.parse_args()
    jobs = str(os.cpu_count() or 1)
    with tempfile.TemporaryDirectory(prefix="asterism-bench-") as scratch:
        tops = {name: Path(scratch, name) for name in ("asterism", "ninja", "make")}
        generate(tops["asterism"], options.modules)
        # Plan once, so that the others have something to be told.
        ours = asterism(tops["asterism"])
        full = {"asterism": ours()}
        for name in ("ninja", "make"):
            shutil.copytree(tops["asterism"], tops[name], ignore=shutil.ignore_patterns("obj", "modules", ".ninja*"))
        (tops["make"] / "Makefile").write_text(makefile(tops["asterism"]))
        tools = {
            "asterism": ours,
            "ninja": lambda: run(tops["ninja"], [str(NINJA), "-f", "build/build.ninja", "--quiet"]),
            "make": lambda: run(tops["make"], ["make", "-s", "-j", jobs]),
        }
        full |= {name: tools[name]() for name in ("ninja", "make")}
        print(f"{options.modules} modules, {jobs} jobs; seconds, and times bare ninja\n")
        print(f"{'':<16}" + "".join(f"{name:>18}" for name in tools))
        show("full", full)
        show("nothing to do", {name: typical(tool, options.runs) for name, tool in tools.items()})
        show("one changed", {name: typical(tool, options.runs, touched(tops[name])) for name, tool in tools.items()})
        show("one deselected", {"asterism": typical(ours, options.runs, switched(tops["asterism"]))})


def typical(tool: Callable[[], float], runs: int, before: Callable[[], None] = lambda: None) -> float:
    """The median of some runs, after one that warms up."""
    tool()
    taken = []
    for _ in range(runs):
        before()
        taken.append(tool())
    return statistics.median(taken)


def touched(top: Path) -> Callable[[], None]:
    """Changes one module."""

    def change() -> None:
        with (top / "res/res_m0000.c").open("a") as source:
            source.write("/* more */\n")

    return change


def switched(top: Path) -> Callable[[], None]:
    """Switches one module off and on in turn; bare ninja and make know of no choice."""
    state = {"on": True}

    def change() -> None:
        state["on"] = not state["on"]
        left_out = "" if state["on"] else "res_m0001 "
        (top / "menuselect.makeopts").write_text(f"MENUSELECT_RES={left_out}\nMENUSELECT_CFLAGS=\n")

    return change


def show(job: str, seconds: dict[str, float]) -> None:
    """A line of the table."""
    least = seconds.get("ninja")
    cells = [f"{taken:9.3f} s" + (f" {taken / least:5.2f} x" if least else "") for taken in seconds.values()]
    print(f"{job:<16}" + "".join(f"{cell:>18}" for cell in cells), flush=True)


if __name__ == "__main__":
    main()
