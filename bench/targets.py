"""Modules for real Asterisks: a matrix of modules by targets, and saving a source to its new code running in one.

    .venv/bin/python bench/targets.py DIR [DIR ...] [--modules N] [--saves N] [--launcher PROGRAM]

DIR is a source tree of Asterisk whose program is built, or an installed prefix. The matrix is run three times: with
nothing built, with the launcher's cache filled, and with everything built. Each save is beside the compiler and the
linker by themselves, and ends when the running program has the new code. The first DIR that has a module directory is
used for that; it is started for the measurement.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from buildsys.targets import installed_asterisk
from buildsys.targets.installed_asterisk import InstalledAsterisk

PROJECT = Path(__file__).resolve().parents[1]
PROGRAM = [sys.executable, "-m", "asterism"]
PREFIXES = ("res", "app", "func")
MATRIX_BUDGET = 10.0
"""Seconds for 20 modules by 6 targets with a warm cache."""
MARK = "return AST_MODULE_LOAD_SUCCESS;"


def environment(home: Path) -> dict[str, str]:
    """The environment of a verb: settings and caches of its own."""
    return {
        **os.environ,
        "PYTHONPATH": str(PROJECT),
        "XDG_CONFIG_HOME": str(home / "config"),
        "CCACHE_DIR": str(home / "ccache"),
    }


def verb(home: Path, top: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a verb in a directory."""
    command = [*PROGRAM, *words]
    return subprocess.run(command, cwd=top, env=environment(home), capture_output=True, text=True, check=False)


def scaffolded(home: Path, name: str, number: int) -> Path:
    """A directory with as many modules as are asked for, without transcripts."""
    top = home / name
    top.mkdir()
    for each in range(number):
        verb(home, top, "new", f"{PREFIXES[each % 3]}_bench{each}")
    for path in top.glob("*.test"):
        path.unlink()
    return top


def matrix(home: Path, directories: list[str], number: int, launcher: str) -> None:
    """Print how long a matrix takes."""
    top = scaffolded(home, "matrix", number)
    tables = (f'[targets.t{n}]\ndirectory = "{each}"\n' for n, each in enumerate(directories))
    (top / "asterism.toml").write_text("".join(tables))
    for what in ("nothing built", "a warm cache", "everything built"):
        if what == "a warm cache":
            shutil.rmtree(top / "build")
        began = time.perf_counter()
        done = verb(home, top, "test", "--target", "all", "--launcher", launcher)
        seconds = time.perf_counter() - began
        said = done.stdout.strip().splitlines()[-1]
        print(f"{number} modules by {len(directories)} targets, {what}: {seconds:.1f} s ({said})")
    print(f"budget for 20 by 6 with a warm cache: {MATRIX_BUDGET:.0f} s")


def alone(top: Path, manifest: str) -> float:
    """Seconds that the compiler and the linker take by themselves, as ninja calls them."""
    words = [str(Path(sys.executable).with_name("ninja")), "-f", manifest, "-t", "commands"]
    commands = subprocess.run(words, cwd=top, capture_output=True, text=True, check=True).stdout.splitlines()
    began = time.perf_counter()
    for command in commands:
        subprocess.run(["sh", "-c", command.replace("/modules/", "/alone-")], cwd=top, check=True)
    return time.perf_counter() - began


def saves(home: Path, asterisk: InstalledAsterisk, number: int) -> None:
    """Print how long it takes from a save to its new code running in an Asterisk."""
    top = scaffolded(home, "saves", 1)
    verb(home, top, "install", "--target", asterisk.target.directory)
    conf = str(asterisk.configuration / "asterisk.conf") if asterisk.configuration else ""
    program = [str(asterisk.required_program()), "-C", conf, "-f", "-n"]
    running = subprocess.Popen(program, env=asterisk.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    words = [*PROGRAM, "watch", "--target", asterisk.target.directory, "--json"]
    watching = subprocess.Popen(words, cwd=top, env=environment(home), stdout=subprocess.PIPE, text=True)
    try:
        _measure(top, asterisk, watching, number)
    finally:
        watching.terminate()
        running.terminate()
        watching.wait()
        running.wait()
        verb(home, top, "uninstall", "--target", asterisk.target.directory)


def _measure(top: Path, asterisk: InstalledAsterisk, watching: subprocess.Popen[str], number: int) -> None:
    source = top / "res_bench0.c"
    events = (json.loads(line) for line in watching.stdout or ())
    next(each for each in events if each["event"] == "watching")
    subprocess.run(
        [
            str(asterisk.required_program()),
            "-C",
            f"{asterisk.configuration}/asterisk.conf",
            "-rx",
            "module load res_bench0",
        ],
        env=asterisk.environment,
        stdout=subprocess.DEVNULL,
        check=False,
    )
    found, text = [], source.read_text()
    for each in range(number):
        seconds = alone(top, f"{asterisk.headers.place}/build.ninja")
        source.write_text(text.replace(MARK, f'ast_verb(5, "{each}\\n");\n\t{MARK}', 1))
        event = next(each for each in events if each.get("module") == "res_bench0" or each["event"] == "failed")
        found.append((seconds, event["seconds"], event["event"]))
    compiler, save = (statistics.median(row[n] for row in found) for n in (0, 1))
    worst = max(row[1] - 1.3 * row[0] for row in found)
    outcomes = ", ".join(sorted({row[2] for row in found}))
    print(f"compiler and linker alone {compiler:.3f} s, saved to running {save:.3f} s ({outcomes})")
    print(f"beyond 1.3 x the compiler: {save - 1.3 * compiler:.3f} s, worst {worst:.3f} s (budget 0.5 s)")


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description="A matrix of targets, and saves to a running Asterisk.")
    parser.add_argument("directories", nargs="+", metavar="DIR", help="a source tree or a prefix of a real Asterisk")
    parser.add_argument("--modules", type=int, default=20)
    parser.add_argument("--saves", type=int, default=10)
    parser.add_argument("--launcher", default="ccache" if shutil.which("ccache") else "")
    options = parser.parse_args()
    directories = [str(Path(each).absolute()) for each in options.directories]
    with tempfile.TemporaryDirectory(prefix="asterism-bench-") as scratch:
        home = Path(scratch)
        matrix(home, directories, options.modules, options.launcher)
        read = (installed_asterisk.the_one(each, home) for each in directories)
        installed = next((each for each in read if each.module_directory), None)
        if installed and options.saves:
            saves(home, installed, options.saves)


if __name__ == "__main__":
    main()
