"""Repositories of modules as they lie: what every verb makes of each, for Asterism and for real Asterisks.

    python bench/repositories.py DIRECTORY [--target NAME|DIR ...]

DIRECTORY holds clones. Each is copied before anything is built; the table that is printed is Markdown. ``as found`` is
the number of modules that ``asterism build`` makes, ``--fix`` the number after it has written what asterism.toml lacks,
``test`` how many tests of ``asterism test`` pass then.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

PROGRAM = [sys.executable, "-m", "asterism"]
PROJECT = Path(__file__).resolve().parents[1]
_TALLY = re.compile(r"^(\d+) of \d+ modules are built", re.MULTILINE)
"""What a build says when a module is not built."""
SECONDS = 1800
"""How long a verb may take in one repository."""


def run(directory: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a verb in a directory."""
    environment = {"PYTHONPATH": str(PROJECT), "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(directory.parent)}
    command = [*PROGRAM, *words]
    return subprocess.run(
        command, cwd=directory, env=environment, capture_output=True, text=True, timeout=SECONDS, check=False
    )


def listed(directory: Path) -> list[str]:
    """The modules that a directory has."""
    done = run(directory, "list", "--names")
    return done.stdout.split() if done.returncode == 0 else []


def checked(directory: Path) -> str:
    """The errors and warnings of ``asterism check``."""
    done = run(directory, "check", "--json")
    try:
        faults = json.loads(done.stdout)["faults"]
    except (ValueError, KeyError):
        return "-"
    errors = sum(fault["severity"] == "error" for fault in faults)
    return f"{errors} errors, {len(faults) - errors} warnings"


def built(directory: Path, names: Sequence[str], options: Sequence[str]) -> str:
    """The number of modules that a build makes of all, of those that are listed."""
    done = run(directory, "build", "--quiet", *options)
    told = _TALLY.findall(done.stdout)
    number = len(names) if done.returncode == 0 else int(told[-1]) if told else 0
    return f"{number} of {len(names)}"


def tested(directory: Path, options: Sequence[str]) -> str:
    """The tests of ``asterism test`` that pass: each module that is built is loaded, unloaded and loaded again."""
    done = run(directory, "test", "--json", *options)
    try:
        tests = json.loads(done.stdout)["tests"]
    except (ValueError, KeyError):
        return "-"
    return f"{sum(test['state'] == 'passed' for test in tests)} of {len(tests)}"


def row(repository: Path, targets: Sequence[str], scratch: Path) -> list[str]:
    """The cells of a repository."""
    here = scratch / repository.name
    shutil.copytree(repository, here, symlinks=True, ignore=shutil.ignore_patterns("build", ".git"))
    names = listed(here)
    cells = [repository.name, str(len(names)), checked(here)]
    kinds = [[], *(["--target", target] for target in targets)]
    as_found = [built(here, names, options) for options in kinds]  # all of them before anything is written
    fixed = [built(here, names, [*options, "--fix"]) for options in kinds]
    passed = [tested(here, options) for options in kinds]
    return [*cells, *(cell for three in zip(as_found, fixed, passed, strict=True) for cell in three)]


def table(directory: Path, targets: Sequence[str]) -> Iterator[str]:
    """The lines of the table."""
    kinds = ["own headers", *(Path(target).name for target in targets)]
    columns = ("as found", "--fix", "test")
    heads = ["repository", "modules", "check", *(f"{kind}, {how}" for kind in kinds for how in columns)]
    yield f"| {' | '.join(heads)} |"
    yield f"|{' --- |' * len(heads)}"
    with tempfile.TemporaryDirectory(prefix="asterism-repositories-") as scratch:
        for repository in sorted(path for path in directory.iterdir() if path.is_dir()):
            yield f"| {' | '.join(row(repository, targets, Path(scratch)))} |"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="A table of what the verbs make of repositories of modules.")
    parser.add_argument("directory", type=Path, help="holds a clone in each of its directories")
    parser.add_argument("--target", action="append", default=[], metavar="NAME|DIR", help="a real Asterisk")
    options = parser.parse_args()
    targets = [str(Path(target).absolute()) if Path(target).is_dir() else target for target in options.target]
    for line in table(options.directory, targets):
        print(line, flush=True)


if __name__ == "__main__":
    main()
