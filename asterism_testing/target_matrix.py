"""``asterism test --target``: run tests of modules in one real Asterisk or in all known ones, modules by targets."""

from __future__ import annotations

import argparse
import functools
import json
import os
import re
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Sequence

from asterism import files, junit
from asterism.controls import escaped
from asterism.errors import AsterismError, Fault, report
from asterism.modulefile import reader
from asterism.tree import Kind, Tree
from asterism.values import dataclass, replace
from asterism_testing import outcome, pytests, target_tests, variants
from asterism_testing.outcome import Outcome
from asterism_testing.program import side_by_side
from asterism_testing.subjects import Subjects
from asterism_testing.target_running import TargetProgram
from asterism_testing.target_tests import TargetModule
from asterism_testing.variables import TARGET
from buildsys.compile import target_builds
from buildsys.compile.following import Reporter
from buildsys.compile.target_builds import TargetBuild
from buildsys.planning import left_out, module_directory, plan_inputs
from buildsys.settled import tree_facts
from buildsys.targets import installed_asterisk, known_targets, module_needs
from buildsys.targets.installed_asterisk import InstalledAsterisk
from buildsys.targets.known_targets import KnownTarget

_SHARD = re.compile(r"(\d{1,6})/(\d{1,6})")
_BUILT = "is built"
_STARTED = "can be started"
_CORE = "libasterism"
_ONE_PYTEST = threading.Lock()
"""Held by the target whose pytest files run: they share a directory, and may share ports."""


@dataclass(frozen=True, slots=True)
class Column:
    """A target, and the rows that are tested in it."""

    target: KnownTarget
    rows: tuple[str, ...]
    """Names of modules, and paths of pytest files below the directory."""
    asterisk: InstalledAsterisk | None
    """None when the target cannot be read."""
    faults: tuple[Fault, ...] = ()
    """The faults that keep it from being read."""


@dataclass(frozen=True, slots=True)
class Tested:
    """The outcomes of the rows of one target."""

    column: Column
    outcomes: tuple[Outcome, ...]

    def cell(self, row: str) -> list[Outcome]:
        """The outcomes of a row."""
        return [each for each in self.outcomes if each.group == row]

    @property
    def properties(self) -> dict[str, str]:
        """The properties of the target for JUnit XML."""
        found = self.column.asterisk
        sums = {"asterisk-sum": found.headers.sum, "asterisk-program": str(found.program or "")} if found else {}
        return {"target": self.column.target.name, "target-directory": self.column.target.directory, **sums}


# ---- choice of cells -----------------------------------------------------------------------------------------------


def subjects(tree: Tree, names: Sequence[str]) -> Subjects:
    """The modules of a directory, or the selected ones of the source tree; nothing is built.

    Raises:
        AsterismError: no modules are found, or a name is not one of them.
    """
    if tree.kind is Kind.MODULES:
        return Subjects(tree, tuple(tree / name for name in left_out.sources_told(tree, names)), True).chosen(names)
    sources = [tree / module.sources[0] for module in plan_inputs.gather(tree).modules]
    return Subjects(tree, tuple(sources), False).chosen(names)


def shard(text: str) -> tuple[int, int]:
    """Parse a shard, as part and number of parts: ``2/5`` is the second of five.

    Raises:
        AsterismError: the text is not a shard.
    """
    match = _SHARD.fullmatch(text)
    part, parts = (int(match[1]), int(match[2])) if match else (0, 0)
    if not 1 <= part <= parts:
        cure = "write I/N with I from 1 to N, such as --shard 1/3"
        raise AsterismError(Fault(f"'{text}' is not a shard", None, "", cure, "bad-option"), status=2)
    return part, parts


def cells_of(targets: Sequence[str], rows: Sequence[str], part: int, parts: int) -> list[tuple[str, str]]:
    """The cells of one shard, as target and row; cells of one target stay together where possible."""
    cells = [(target, row) for target in targets for row in rows]
    return cells[len(cells) * (part - 1) // parts : len(cells) * part // parts]


def _columns(meant: Sequence[KnownTarget], cells: Iterable[tuple[str, str]]) -> list[Column]:
    """The targets of the cells; a target that cannot be read has its faults."""
    rows: dict[str, list[str]] = {}
    for name, row in cells:
        rows.setdefault(name, []).append(row)
    made = []
    for target in meant:
        if target.name not in rows:
            continue
        try:
            found, faults = installed_asterisk.read(target), ()
        except AsterismError as error:
            found, faults = None, tuple(error.faults)  # type: ignore[assignment]
        made.append(Column(target, tuple(rows[target.name]), found, faults))
    return made


# ---- testing -------------------------------------------------------------------------------------------------------


def program_of(
    tree: Tree, found: InstalledAsterisk, built: TargetBuild
) -> tuple[TargetProgram, dict[str, list[Fault]]]:
    """An Asterisk with the modules built for it, and the faults of modules that cannot be loaded.

    Raises:
        AsterismError: the Asterisk has no program, or a file cannot be read.
    """
    own = {name: reader.read(path) for name, path in built.modules.items()}
    needs = module_needs.of_each(own, found.modules, found.required_program())
    lost = {name: list(faults) for name, (_, faults) in needs.items() if faults}
    kept = {name: names for name, (names, _) in needs.items() if name not in lost}
    first = dict.fromkeys(each for name, names in kept.items() for each in (*names, name))
    paths = {**found.modules, **built.modules}
    ordered = {name: paths[name] for name in [*first, *(each for each in paths if each not in first)]}
    libraries = found.environment.get("LD_LIBRARY_PATH", "")
    made = TargetProgram(
        found.target.name,
        str(found.program),
        libraries,
        found.data,
        ordered,
        kept,
        built.unfit,
        (*tree_facts.this_program(), "crash"),
        tuple(path.resolve() for path in module_directory.configurations(tree)),
    )
    return made, lost


def _tested(column: Column, built: TargetBuild | None, found: Subjects, keyword: str) -> Iterator[list[Outcome]]:
    """Yield the outcomes of the rows of a target, one group after the other."""
    if column.asterisk is None or built is None:
        yield from ([Outcome(row, _STARTED, "failed", 0.0, column.faults)] for row in column.rows)
        return
    failed = {name: [Outcome(name, _BUILT, "failed", 0.0, tuple(why))] for name, why in built.faults.items()}
    rows = [row for row in column.rows if row not in failed and row not in built.unfit]
    yield from (failed[row] for row in column.rows if row in failed)
    yield from (target_tests.unfit(row, built.unfit) for row in column.rows if row in built.unfit)
    if column.asterisk.program is None:
        why = "this target has no program, only headers"
        yield from ([outcome.skipped(row, "its tests", why)] for row in rows)
        return
    try:
        installed_asterisk.require_startable(column.asterisk)
    except AsterismError as error:
        yield from ([Outcome(row, _STARTED, "failed", 0.0, tuple(error.faults))] for row in rows)
        return
    program, lost = program_of(found.tree, column.asterisk, built)
    yield from ([Outcome(row, _STARTED, "failed", 0.0, tuple(lost[row]))] for row in rows if row in lost)
    modules = [
        TargetModule(name, source, found.script(name))
        for name, source in zip(found.names, found.sources, strict=True)
        if name in rows and name not in lost
    ]

    def wanted(group: str, name: str) -> bool:
        return keyword.lower() in f"{group} {name}".lower()

    yield from target_tests.examine(program, column.asterisk.headers.options, modules, wanted)
    yield from _pytests(found, program, [row for row in rows if row not in found.names], keyword)


def _pytests(found: Subjects, program: TargetProgram, rows: Sequence[str], keyword: str) -> Iterator[list[Outcome]]:
    if not rows:
        return
    paths = [found.tree / row for row in rows]
    seen = {**os.environ, TARGET: program.dumps()}
    with _ONE_PYTEST:
        said = pytests.run(found.tree, paths, keyword, found.tree / variants.PLACE / "pytest.xml", seen)
    outcomes = [replace(each, group=_row_of(each.group, rows)) for each in said]
    for group in dict.fromkeys(each.group for each in outcomes):
        yield [each for each in outcomes if each.group == group]


def _row_of(group: str, rows: Sequence[str]) -> str:
    """The pytest file of a group in pytest's report: a file, a class in it, or a file that cannot be imported."""
    named = f"{group.removesuffix('.py')}/"
    return next((row for row in rows if named.startswith(f"{row.removesuffix('.py')}/")), group)


# ---- the verb ------------------------------------------------------------------------------------------------------


def check(options: argparse.Namespace) -> None:
    """Refuse options that cannot be combined.

    Raises:
        AsterismError: there are such options.
    """
    given = [name for name in ("coverage", "sanitize", "list") if getattr(options, name)]
    if options.target and given:
        cure = f"leave --{given[0]} out, or test without --target"
        fault = Fault(f"--{given[0]} works in Asterism's own runtime alone", None, "", cure, "bad-option")
        raise AsterismError(fault, status=2)
    if options.shard and not options.target:
        cure = "name targets: --target NAME|DIR|all"
        raise AsterismError(Fault("--shard splits the tests of targets", None, "", cure, "bad-option"), status=2)


def main(tree: Tree, options: argparse.Namespace) -> int:
    """Serve ``asterism test --target``."""
    began = time.monotonic()
    meant = known_targets.find(options.target, tree.top)
    found = subjects(tree, options.names)
    pytest_files = [os.path.relpath(path, tree.top) for path in found.pytest_files(options.names)]
    part, parts = shard(options.shard) if options.shard else (1, 1)
    cells = cells_of([each.name for each in meant], [*found.names, *pytest_files], part, parts)
    columns = _columns(meant, cells)
    if options.target != known_targets.ALL:
        _check_one(columns)
    out = sys.stderr if options.json else sys.stdout
    tested = _run(found, columns, options, Reporter(out, quiet=True))
    if not any(each.outcomes for each in tested) and cells:
        cure = "leave -k out to run all tests"
        raise AsterismError(Fault(f"no test has '{options.keyword}' in its name", cure=cure, code="no-test"))
    if options.junit:
        files.write(options.junit, junit.document([s for one in tested for s in _suites(one)]))
    _tell(tested, time.monotonic() - began, options)
    return 1 if any(each.is_bad for one in tested for each in one.outcomes) else 0


def _check_one(columns: Sequence[Column]) -> None:
    """Raise the faults of a single target before anything is built."""
    for column in columns:
        if column.faults:
            raise AsterismError(*column.faults)
        if column.asterisk is not None:
            installed_asterisk.require_startable(column.asterisk)


def _run(found: Subjects, columns: Sequence[Column], options: argparse.Namespace, reporter: Reporter) -> list[Tested]:
    """Build the modules for all targets, then run the tests of several targets at the same time."""
    headers = {one.target.name: one.asterisk.headers for one in columns if one.asterisk is not None}
    built = target_builds.build(found.tree, headers, reporter, options.launcher, found.names) if headers else {}
    tested = []
    width = 0 if options.json else max((len(row) for column in columns for row in column.rows), default=0)
    sources = [
        functools.partial(_tested, column, built.get(column.target.name), found, options.keyword) for column in columns
    ]
    # An Asterisk waits half of the time that it starts and stops, and another one can use the processor.
    running = side_by_side.in_order(sources, max(2, os.cpu_count() or 1))
    for column, results in zip(columns, running, strict=True):
        groups: list[Outcome] = []
        if width and len(columns) > 1:
            print(f"{column.target.name}:", flush=True)
        for group in results:
            groups += group
            if width:
                print("".join(f"{line}\n" for line in outcome.table(group, width)), end="", flush=True)
        tested.append(Tested(column, tuple(groups)))
    return tested


def _suites(one: Tested) -> list[junit.Suite]:
    """The JUnit suites of a target; build servers identify tests by class name, so that contains the target."""
    name = one.column.target.name
    return [
        replace(
            suite,
            name=f"{suite.name} ({name})",
            cases=tuple(replace(c, classname=f"{name}.{c.classname}") for c in suite.cases),
        )
        for suite in outcome.suites(one.outcomes, one.properties)
    ]


# ---- output --------------------------------------------------------------------------------------------------------


def word(outcomes: Sequence[Outcome]) -> str:
    """The word for a cell: the worst of its outcomes; empty for a cell without outcomes."""
    states = {each.state for each in outcomes}
    if "crashed" in states:
        return "CRASHED"
    if "failed" in states:
        return "not built" if any(each.name == _BUILT and each.is_bad for each in outcomes) else "FAILED"
    return "ok" if "passed" in states else "skipped" if states else ""


def table(tested: Sequence[Tested]) -> list[str]:
    """The lines of a table of modules by targets: a line for each row, a column for each target."""
    rows = list(dict.fromkeys(row for one in tested for row in one.column.rows))
    lines = [["", *(one.column.target.name for one in tested)]]
    lines += [[row, *(word(one.cell(row)) or "-" for one in tested)] for row in rows]
    widths = [max(len(line[place]) for line in lines) for place in range(len(tested) + 1)]
    shown = ["  ".join(f"{text:<{width}}" for text, width in zip(line, widths, strict=True)) for line in lines]
    return [escaped(line.rstrip()) for line in shown]


def as_json(tested: Sequence[Tested], seconds: float) -> dict[str, object]:
    """All outcomes as plain data."""
    tests = [{"target": one.column.target.name, **each.as_json()} for one in tested for each in one.outcomes]
    cells = [
        {"target": one.column.target.name, "row": row, "state": word(one.cell(row)), "tests": len(one.cell(row))}
        for one in tested
        for row in one.column.rows
    ]
    targets = [{"name": one.column.target.name, **one.properties} for one in tested]
    return {"targets": targets, "cells": cells, "tests": tests, "seconds": round(seconds, 3)}


def _tell(tested: Sequence[Tested], seconds: float, options: argparse.Namespace) -> None:
    found = [each for one in tested for each in one.outcomes]
    if options.json:
        print(json.dumps(as_json(tested, seconds), indent=1))
    else:
        lines = ["", *table(tested), ""] if len(tested) > 1 else []
        print("\n".join([*lines, f"{outcome.summary(found)} in {seconds:.1f} s"]), flush=True)
    is_matrix = len(tested) > 1
    report(
        dict.fromkeys(
            _marked(fault, one, is_matrix)
            for one in tested
            for each in one.outcomes
            if each.is_bad
            for fault in each.faults
        )
    )


def _marked(fault: Fault, one: Tested, is_matrix: bool) -> Fault:
    """A fault that names its target when there are several."""
    return replace(fault, what=f"{one.column.target.name}: {fault.what}") if is_matrix else fault
