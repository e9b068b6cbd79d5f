"""From saving a source to its new code running in the program, beside the compiler's own time for the same file.

    .venv/bin/python bench/watch.py [TREE [TIMES]]

A module is written with ``asterism new``, ``asterism watch --run`` is started on it, and the source is saved again and
again with another number in it.  Before each save the same compile and link commands are run by themselves.
"""

from __future__ import annotations

import json
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

PROJECT = Path(__file__).resolve().parents[1]
NAME = "res_bench"
MARK = "/* here */"


def commands_of(top: Path) -> list[str]:
    """The commands that make the module, as ninja would run them."""
    ninja = str(Path(sys.executable).with_name("ninja"))
    words = [ninja, "-f", "build/build.ninja", "-t", "commands", f"build/modules/{NAME}.so"]
    return subprocess.run(words, cwd=top, capture_output=True, text=True, check=True).stdout.splitlines()


def compile_alone(top: Path, commands: list[str]) -> float:
    """Seconds the compiler and the linker take by themselves."""
    begun = time.perf_counter()
    for command in commands:
        subprocess.run(["sh", "-c", command.replace("build/modules/", "build/alone-")], cwd=top, check=True)
    return time.perf_counter() - begun


def events(stream: IO[str]) -> Iterator[dict[str, object]]:
    """What the watch tells."""
    for line in stream:
        yield json.loads(line)


def save(source: Path, number: int) -> float:
    """Save the source with another number in it, by rename; when that was."""
    text = re.sub(re.escape(MARK) + r".*", f'{MARK} ast_verb(5, "{number}\\\\n");', source.read_text())
    beside = source.with_suffix(".swp")
    beside.write_text(text)
    moment = time.perf_counter()
    os.replace(beside, source)
    return moment


def main(words: list[str]) -> None:
    """Print the medians."""
    tree = Path(words[0]).resolve() if words else PROJECT / "root"
    times = int(words[1]) if len(words) > 1 else 15
    program = str(tree / "sbin/asterism")
    with tempfile.TemporaryDirectory(prefix="asterism-bench-") as name:
        top = Path(name)
        subprocess.run([program, "new", NAME], cwd=top, check=True, stdout=subprocess.DEVNULL)
        source = top / f"{NAME}.c"
        source.write_text(source.read_text().replace("int failed = 0;", f"int failed = 0;\n\t{MARK}"))
        with subprocess.Popen(
            [program, "watch", "--run", "--json"], cwd=top, stdout=subprocess.PIPE, text=True
        ) as process:
            try:
                told = events(process.stdout)  # type: ignore[arg-type]
                next(event for event in told if event["event"] == "watching")
                commands = commands_of(top)
                alone, whole, parts = [], [], []
                for number in range(times + 1):
                    time.sleep(0.5)  # nobody saves ten times a second; the next trial's child is ready by then
                    compiling = compile_alone(top, commands)
                    moment = save(source, number)
                    event = next(event for event in told if event["event"] != "watching")
                    seconds = time.perf_counter() - moment
                    if event["event"] != "run":
                        sys.exit(f"it did not run: {event}")
                    if number:  # the first one warms up
                        alone.append(compiling)
                        whole.append(seconds)
                        parts.append((event["compiling"], event["trial"], event["taking"]))
            finally:
                process.send_signal(signal.SIGINT)
                process.communicate()
    over = [total - 1.3 * compiling for total, compiling in zip(whole, alone, strict=True)]
    ratios = [total / compiling for total, compiling in zip(whole, alone, strict=True)]
    building, trial, taking = (statistics.median(column) for column in zip(*parts, strict=True))
    print(f"compiler and linker alone      {statistics.median(alone):6.3f} s  (median of {times})")
    print(f"saved to running               {statistics.median(whole):6.3f} s  {statistics.median(ratios):.2f} x")
    print(f"  of it building               {building:6.3f} s")
    print(f"  of it the trial              {trial:6.3f} s")
    print(f"  of it taking and verifying   {taking:6.3f} s")
    print(f"beyond 1.3 x the compiler      {statistics.median(over):6.3f} s  (worst {max(over):.3f} s; budget 0.2 s)")


if __name__ == "__main__":
    main(sys.argv[1:])
