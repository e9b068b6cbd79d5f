"""Menuselect's budgets, as ratios to something measured in the same run.

    .venv/bin/python bench/menuselect_budgets.py [--runs N] [--members N]

| job | compared with |
| --- | --- |
| ``asterism tree``: 680 sources, 22 MB, 630 blocks | a Python process that only reads these files |
| ``menuselect --enable X menuselect.makeopts`` of 700 members | a Python process that does nothing |
| the same of 100,000 members | the same of a tenth of them: 10 is linear |

All are whole processes, the best of N runs.  Processor time is given too: it is what remains
when other work shares the machine.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

PREFIXES = {
    "apps": "app",
    "channels": "chan",
    "codecs": "codec",
    "funcs": "func",
    "pbx": "pbx",
    "res": "res",
    "tests": "test",
}
BLOCK = """\
/*! \\file
 * \\brief {name}
 */

/*** MODULEINFO
\t<depend>{library}</depend>
\t<support_level>core</support_level>
 ***/

#include "asterisk.h"

"""
MACRO = 'AST_MODULE_INFO_STANDARD(ASTERISK_GPL_KEY, "Module {name}");\n'
LINE = '\tast_debug(3, "A line of code as long as lines of code are, at %d\\n", __LINE__);\n'


class Took(NamedTuple):
    """Seconds of a process."""

    elapsed: float
    processor: float


def best(runs: int, words: Sequence[str], directory: Path) -> Took:
    """The least that a process took, of several runs."""
    return min(measure(words, directory) for _ in range(runs))


def measure(words: Sequence[str], directory: Path) -> Took:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    subprocess.run(words, cwd=directory, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    elapsed = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Took(elapsed, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def show(job: str, took: Took, against: str, reference: Took) -> None:
    ratio = took.processor / reference.processor
    print(
        f"{job}: {took.elapsed * 1000:.0f} ms, {took.processor * 1000:.0f} ms of the processor;"
        f" {ratio:.1f} x {against} ({reference.processor * 1000:.0f} ms)"
    )


def make_sources(root: Path, count: int = 680, blocks: int = 630, size: int = 22_000_000) -> Path:
    """A source tree of Asterisk's shape."""
    body = LINE * (size // count // len(LINE))
    for number in range(count):
        directory = list(PREFIXES)[number % len(PREFIXES)]
        (root / directory).mkdir(exist_ok=True)
        name = f"{PREFIXES[directory]}_module_{number}"
        head = BLOCK.format(name=name, library=f"library{number % 40}") if number < blocks else ""
        (root / directory / f"{name}.c").write_text(head + body + MACRO.format(name=name))
    return root


def make_menu(root: Path, count: int) -> Path:
    """A directory to choose in: members in 18 categories, with needs, uses, conflicts and missing libraries."""
    chance = random.Random(count)
    (root / "build_tools").mkdir(parents=True)
    (root / "build_tools/menuselect-deps").write_text("".join(f"LIB{at}={int(at % 12 > 0)}\n" for at in range(60)))
    lines = ['<menu name="Bench">']
    for category in range(18):
        lines.append(f'<category name="MENUSELECT_C{category}" displayname="Category {category}">')
        lines += (member(number, count, chance) for number in range(category, count, 18))
        lines.append("</category>")
    (root / "menuselect-tree").write_text("\n".join([*lines, "</menu>\n"]))
    (root / "menuselect.makeopts").write_text("MENUSELECT_C0=mod_0\n")
    return root


def member(number: int, count: int, chance: random.Random) -> str:
    inner = "<support_level>core</support_level>"
    if number % 3 == 0 and number + 19 < count:
        inner += f"<depend>mod_{chance.randrange(number + 1, count)}</depend>"
    if number % 4 == 0:
        inner += f"<depend>lib{chance.randrange(60)}</depend>"
    if number % 5 == 0:
        inner += f'<use autoselect="yes">mod_{chance.randrange(count)}</use>'
    if number % 50 == 0:
        inner += f"<conflict>mod_{chance.randrange(count)}</conflict>"
    files = f"c/mod_{number}.o c/mod_{number}.so"
    return f'<member name="mod_{number}" displayname="Module {number}" remove_on_change="{files}">{inner}</member>'


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--members", type=int, default=100_000)
    given = parser.parse_args()
    python = [sys.executable]
    nothing = [*python, "-c", "pass"]
    reading = [*python, "-c", "import glob\nfor name in glob.glob('*/*.c'): open(name, 'rb').read()"]
    tree = [*python, "-m", "asterism", "tree", "--output", os.devnull]
    choose = [*python, "-m", "menuselect.dropin.command", "--enable", "mod_0", "menuselect.makeopts"]
    with tempfile.TemporaryDirectory() as name:
        top = Path(name)
        sources = make_sources(make_directory(top / "sources"))
        show("scan of 680 sources", best(given.runs, tree, sources), "reading them", best(given.runs, reading, sources))
        few = make_menu(top / "few", 700)
        show("one enable of 700", best(given.runs, choose, few), "an empty process", best(given.runs, nothing, few))
        many, tenth = make_menu(top / "many", given.members), make_menu(top / "tenth", given.members // 10)
        took, reference = best(2, choose, many), best(2, choose, tenth)
        show(f"one enable of {given.members}", took, f"one of {given.members // 10}", reference)


def make_directory(path: Path) -> Path:
    path.mkdir()
    return path


if __name__ == "__main__":
    main()
