"""Run the pytest files of a directory with an installed pytest, and read their outcomes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from xml.etree import ElementTree

from asterism import files
from asterism.errors import AsterismError, Fault, Place
from asterism.numbers import number
from asterism.tree import Tree
from asterism_testing.outcome import Outcome, State
from asterism_testing.variables import ENVIRONMENT, MODULES, PROGRAM

OLDEST = 8
"""The oldest major version of pytest that the plugin supports."""

_ASK = f"""
import sys
try:
    import pytest
    good = sys.version_info >= (3, 11) and int(pytest.__version__.split(".")[0]) >= {OLDEST}
except ImportError:
    good = False
sys.exit(not good)
"""

_START = """
import importlib.metadata, json, sys
sys.path += json.loads(sys.argv[1])
import pytest
known = any(each.name == "asterism" for each in importlib.metadata.entry_points(group="pytest11"))
sys.exit(pytest.main([*([] if known else ["-p", "asterism_testing.plugin"]), *sys.argv[2:]]))
"""
"""Starts pytest with the plugin of this tree; packages installed beside pytest come before packages of the tree."""


def interpreter() -> str:
    """A Python with pytest: the active virtual environment's, this one, or one on PATH.

    Raises:
        AsterismError: no Python with pytest is found.
    """
    active = os.environ.get("VIRTUAL_ENV")
    candidates = [os.path.join(active, "bin/python")] if active else []
    candidates += [sys.executable, *_on_path()]
    for python in dict.fromkeys(candidates):
        if os.path.exists(python) and subprocess.run([python, "-c", _ASK], check=False).returncode == 0:
            return python
    cure = f"install pytest {OLDEST} or later: 'python3 -m venv .venv', '. .venv/bin/activate', 'pip install pytest'"
    raise AsterismError(Fault("there are pytest files here, and no pytest", cure=cure, code="no-pytest"))


def _on_path() -> Iterator[str]:
    for name in ("python3", "python"):
        if found := shutil.which(name):
            yield found
    program = shutil.which("pytest")
    if program:
        first = files.read_bytes(program).partition(b"\n")[0]
        if first.startswith(b"#!"):
            yield first[2:].decode("utf-8", "replace").strip()


def _words(python: str, paths: Sequence[Path], keyword: str) -> list[str]:
    package = Path(__file__).resolve().parents[1]
    # The program of an installed tree starts without site, so such directories on its path are the distribution's.
    site = [each for each in sys.path if each.endswith("-packages")] if sys.flags.no_site else []
    words = [python, "-c", _START, json.dumps([str(package), *site]), "-q", "--tb=short", "-p", "no:cacheprovider"]
    return [*words, *(["-k", keyword] if keyword else []), *map(str, paths)]


def environment(program: str, modules: Sequence[Path], seen: Mapping[str, str]) -> dict[str, str]:
    """The environment variables that tell the plugin what to start."""
    own = {PROGRAM: program, MODULES: ":".join(map(str, modules)), ENVIRONMENT: json.dumps(dict(seen))}
    return {**os.environ, **own}


def titles(tree: Tree, paths: Sequence[Path], keyword: str) -> list[str]:
    """The names of the tests in files, as pytest prints them.  Raises AsterismError when pytest is not found."""
    done = subprocess.run(
        [*_words(interpreter(), paths, keyword), "--collect-only"],
        cwd=tree,
        capture_output=True,
        text=True,
        check=False,
    )
    return [line for line in done.stdout.splitlines() if "::" in line]


def run(tree: Tree, paths: Sequence[Path], keyword: str, report: Path, seen: Mapping[str, str]) -> list[Outcome]:
    """Run the pytest files of a directory.

    Args:
        tree: the directory in which pytest runs.
        paths: the files.
        keyword: the value of pytest's ``-k``; empty for all tests.
        report: the path of the XML report that pytest writes.
        seen: the environment variables, from :func:`environment`.

    Raises:
        AsterismError: pytest is not found.
    """
    report.parent.mkdir(parents=True, exist_ok=True)
    report.unlink(missing_ok=True)
    done = subprocess.run(
        [*_words(interpreter(), paths, keyword), f"--junitxml={report}", "-o", "junit_logging=all"],
        cwd=tree,
        env=dict(seen),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if not report.exists():
        why = "\n    ".join((done.stderr or done.stdout).strip().splitlines()[-20:])
        fault = Fault("pytest does not run", None, f"it ended with status {done.returncode}\n    {why}", code="pytest")
        return [Outcome("pytest", "the run", "crashed", 0.0, (fault,))]
    return [_outcome(case) for case in ElementTree.parse(report).getroot().iter("testcase")]  # noqa: S314 (our own)


_STATES: Mapping[str, State] = {"failure": "failed", "error": "crashed", "skipped": "skipped"}


def _outcome(case: ElementTree.Element) -> Outcome:
    # For a file that cannot be imported, the name of the file replaces the name of a test.
    group = f"{(case.get('classname') or case.get('name') or '').replace('.', '/')}.py"
    name, seconds = case.get("name", ""), float(case.get("time", "0") or 0)
    for child in case:
        state = _STATES.get(child.tag)
        if state:
            text = (child.text or child.get("message") or "").strip()
            place = _place(text, group)
            lines = "".join(f"\n    {line}" for line in text.splitlines())
            what = f"{name} {'was skipped' if state == 'skipped' else 'fails'}{lines}"
            return Outcome(group, name, state, seconds, (Fault(what, place, code="pytest"),))
    return Outcome(group, name, "passed", seconds)


def _place(text: str, group: str) -> Place:
    """The line of the test file at which a test failed."""
    for line in text.splitlines():
        file, _, rest = line.partition(":")
        line_number = number(rest.partition(":")[0])
        if line_number is not None and file.endswith(os.path.basename(group)):
            return Place(group, line_number)
    return Place(group)
