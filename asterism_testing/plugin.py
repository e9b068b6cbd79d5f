"""The pytest fixture ``runtime``: a newly started asterism for each test, with no module loaded.

Only pytest itself is imported before a test uses the fixture, so other tests are not slowed down.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from asterism_testing.variables import ENVIRONMENT, MODULES, PROGRAM, TARGET

if TYPE_CHECKING:
    from asterism_testing.running import Running  # 30 ms: every run of pytest loads the plugin, few use it

MOST = 200
"""The number of log messages to show for a failed test."""

_RUNNING = pytest.StashKey["Running"]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options and settings of the plugin."""
    group = parser.getgroup("asterism")
    group.addoption("--asterism", metavar="PROGRAM", help="the installed asterism that the fixture 'runtime' starts")
    parser.addini("asterism_timeout", "seconds that anything the fixture 'runtime' does may take", default="30")
    parser.addini(
        "asterism_modules", "directories of modules that can be loaded; build/modules", type="paths", default=[]
    )


@pytest.fixture
def runtime(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Running]:
    """A running asterism: ``runtime.load("res_x")``, ``runtime.evaluate("MD5(hello)")``, ``runtime.cli("...")``.

    The program starts at its first use, with its own directories, and can load the installed modules and those built
    here. A crash, a hang, or a faulty stop fails the test. With ``asterism test --target`` the program is a private
    instance of a real Asterisk; a test that uses a feature it lacks is skipped.
    """
    running = _of_target(request, tmp_path) if TARGET in os.environ else _of_asterism(request, tmp_path)
    request.node.stash[_RUNNING] = running
    try:
        yield running
    finally:
        running.abandon()


def _of_target(request: pytest.FixtureRequest, place: Path) -> Running:
    """A private instance of the real Asterisk given by ``asterism test --target``."""
    from asterism_testing.target_running import TargetProgram, TargetRunning  # only a test of a target needs it

    target = TargetProgram.loads(os.environ[TARGET])
    return TargetRunning(target, place / "asterisk", seconds=_seconds(request.config))


def _of_asterism(request: pytest.FixtureRequest, place: Path) -> Running:
    """An asterism with the installed modules and the modules built here."""
    from asterism_testing.running import Running  # 30 ms: every run of pytest loads the plugin, few use it

    program, installed = _program(request.config)
    given = os.environ.get(MODULES)
    listed = request.config.getini("asterism_modules") or [request.config.invocation_params.dir / "build/modules"]
    own = [Path(name) for name in given.split(":")] if given else listed
    return Running(
        program,
        place / "asterism",
        [installed, *own],
        environment=json.loads(os.environ.get(ENVIRONMENT, "{}")),
        seconds=_seconds(request.config),
    )


def _seconds(config: pytest.Config) -> float:
    return float(config.getini("asterism_timeout"))


def _program(config: pytest.Config) -> tuple[str, Path]:
    """The installed program to start, and the directory of its modules.

    The program is the one given by option or variable, the one of the tree or environment of this file, or the one on
    PATH.
    """
    from asterism.home import where  # only a test that starts a program needs it

    own = where.own_tree()
    asked = config.getoption("--asterism") or os.environ.get(PROGRAM)
    usual = _of_tree(Path(own), "astsbindir", "asterism") if own else where.script() or shutil.which("asterism")
    found = asked or usual
    tree = _tree(found) if found else None
    if found is None or tree is None:
        which = f"{found} is not an installed asterism" if found else "no asterism is installed"
        pytest.fail(f"{which}; name one with --asterism PROGRAM, or run 'asterism test'", pytrace=False)
    return found, Path(_of_tree(tree, "astmoddir"))


_PACKAGES = re.compile(r"^PACKAGES = .*?'(.*)'\)\)$", re.MULTILINE)


def _tree(program: str) -> Path | None:
    """The tree.json of an installed program, in the directory that its launcher names, or the user's tree."""
    from asterism import files  # only a test that starts a program needs it
    from asterism.errors import AsterismError
    from asterism.home import provided, where

    own = where.script() if where.package_sources() and not where.own_tree() else ""
    if own and os.path.exists(program) and os.path.samefile(program, own):
        return Path(provided.tree_file())
    path = Path(program).resolve()
    try:
        named = _PACKAGES.search(files.read_text(path))
    except AsterismError:
        return None
    tree = (path.parent / named[1]).parent / "tree.json" if named else None
    return tree if tree and tree.is_file() else None


def _of_tree(tree: Path, directory: str, name: str = "") -> str:
    """The path of a file in one of a tree's directories."""
    from runtime.conf import install_tree  # 10 ms: only a test that asks for a tree needs it

    return os.path.join(install_tree.load(str(tree)).directories[directory], name)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Stop the program while the test runs, so that a fault of the stop fails the test."""
    __tracebackhide__ = True
    try:
        result = yield
    except Exception as error:
        _skip_unsupported(item, error)
        raise
    running = item.stash.get(_RUNNING, None)
    if running is not None:
        running.finish()
    return result


def _skip_unsupported(item: pytest.Item, error: Exception) -> None:
    """Skip a test that uses a feature the program lacks."""
    if item.stash.get(_RUNNING, None) is None:
        return
    from asterism_testing.running import UnsupportedError  # already imported by the test

    if isinstance(error, UnsupportedError):
        pytest.skip(str(error))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add the console and the log of a failed test to its report."""
    report = yield
    running = item.stash.get(_RUNNING, None)
    if running is not None and report.when == "call" and report.failed:
        log = "".join(f"{record}\n" for record in running.log[-MOST:])
        parts = {"console": "".join(running.transcript), "log": log}
        report.sections += [(f"asterism: {name}", text) for name, text in parts.items() if text]
    return report
