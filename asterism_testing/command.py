"""``asterism test``: build the modules of a directory, or modules of the source tree, and run all their tests."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TextIO

from asterism import files
from asterism.errors import AsterismError, Fault, Place, report
from asterism.home import directory_option
from asterism.tree import DESCRIPTION, Tree
from asterism.values import replace
from asterism_testing import coverage, module_tests, outcome, pytests, target_matrix, variants
from asterism_testing.outcome import Outcome
from asterism_testing.subjects import Subjects
from buildsys.compile.following import Reporter
from buildsys.compile.ninja_run import attempt, build
from buildsys.develop.run import check_outside
from buildsys.planning import left_out, module_directory
from buildsys.settled import build_record, tree_facts
from buildsys.settled.tree_facts import Facts
from buildsys.verbs import install
from menuselect.sources import module_directories, module_files, recognition

ROOT = f"{variants.PLACE}/root"
"""The prefix of a source tree's install for its tests, relative to the tree."""


def find(tree: Tree, names: Sequence[str], out: TextIO) -> tuple[Subjects, Facts]:
    """Find the modules to test in a directory, and the tree that loads them; a source tree is built and installed.

    Raises:
        AsterismError: no modules are found, they cannot be built, or a name is not one of them.
    """
    is_own = not tree.is_configured
    if is_own:
        check_outside(tree, "asterism test NAME")
        base = tree_facts.facts()
        if not Path(base.program).is_file():
            cure = "run 'make install' in the source tree of Asterism"
            raise AsterismError(
                Fault("asterism is not installed there", Place(base.program), "", cure, "not-installed")
            )
        sources = [tree / name for name in left_out.sources_of(tree, names)]
        return Subjects(tree, tuple(sources), True).chosen(names), base
    build(tree, Reporter(out, quiet=True))
    install.main(["--quiet", "--root", str(tree / ROOT)])
    stems = {Path(product).stem for product in build_record.load(tree).products}
    places = [tree / name for name in module_directories.DIRECTORIES if (tree / name).is_dir()]
    sources = [
        place / f"{stem}{suffix}"
        for place in places
        for stem, suffix in module_files.own_sources(place)
        if stem in stems
    ]
    facts = tree_facts.of_tree(tree / ROOT / DESCRIPTION)
    return Subjects(tree, tuple(sources), False).chosen(names), facts


def built(
    target: Subjects, variant: variants.Variant, out: TextIO, *, is_all: bool
) -> tuple[Subjects, Path | None, tuple[Fault, ...]]:
    """Build the modules of a directory for their tests.

    Args:
        target: the modules.
        variant: the build.
        out: where the build tells its progress.
        is_all: whether nobody named them; then a module that lacks a library is told, and the others are built.

    Returns:
        The modules that were built, if any; the build's directory, or None when the installed modules are
        tested; and the faults of the other modules.

    Raises:
        AsterismError: nothing can be built at all.
    """
    if variant.name:
        if is_all and target.is_own:
            left_out.sources_told(target.tree)  # the normal build tells it itself
        place, done = variants.make(target.tree, variant, target.names, out)
        good, faults = [name for name in target.names if name not in done.bad], done.faults
    elif target.is_own:
        made = attempt(target.tree, Reporter(out, quiet=True), names=() if is_all else target.names)
        good, faults, place = list(made.built), made.faults, target.tree.build
    else:
        return target, None, ()
    sources = tuple(source for source in target.sources if source.stem in good)
    return replace(target, sources=sources), place, faults


def subject_of(target: Subjects, base: Facts, variant: variants.Variant, place: Path | None) -> module_tests.Subject:
    """The program, modules and configuration that the tests start."""
    theirs = Path(base.directories["astmoddir"])
    etc = Path(base.directories["astetcdir"])
    own = module_directory.configurations(target.tree) if target.is_own else ()
    return module_tests.Subject(
        base.program,
        (theirs, *([place / "modules"] if place else [])),
        (*sorted(etc.glob("*.conf")), *own),
        variant.environment,
    )


# ---- running and reporting -----------------------------------------------------------------------


def _outcomes(
    target: Subjects, subject: module_tests.Subject, chosen: Sequence[str], keyword: str
) -> Iterator[list[Outcome]]:
    """Yield the outcomes of one group after the other."""

    def wanted(group: str, name: str) -> bool:
        return keyword.lower() in f"{group} {name}".lower()

    for name in target.names:
        yield list(module_tests.examine(subject, name, target.script(name), wanted))
    paths = target.pytest_files(chosen)
    if paths:
        seen = pytests.environment(subject.program, subject.modules, subject.environment)
        found = pytests.run(target.tree, paths, keyword, target.tree / variants.PLACE / "pytest.xml", seen)
        for group in dict.fromkeys(each.group for each in found):
            yield [each for each in found if each.group == group]


def _list(target: Subjects, subject: module_tests.Subject, chosen: Sequence[str], keyword: str) -> int:
    """Print the names of the tests without running them."""
    lines: list[str] = []
    for name in target.names:
        script = target.script(name)
        titles = [module_tests.LIFE, *module_tests.listed(subject, name), *([script.name] if script else [])]
        lines += [f"{name} {title}" for title in titles if keyword.lower() in f"{name} {title}".lower()]
    paths = target.pytest_files(chosen)
    lines += pytests.titles(target.tree, paths, keyword) if paths else []
    print("\n".join(lines))
    return 0


def parser() -> argparse.ArgumentParser:
    """The command line of ``asterism test``."""
    made = argparse.ArgumentParser(
        prog="asterism test",
        description="Build the modules of this directory and run their tests. Each module is loaded, unloaded and "
        "loaded again; its unit tests (AST_TEST_DEFINE) run, then its transcript NAME.test, then the pytest files.",
        epilog="In the source tree of Asterism, NAME is a module of it. The status is 1 when a test failed.",
    )
    made.add_argument("names", nargs="*", metavar="NAME", help="a module; all of them when none is named")
    directory_option.add(made)
    made.add_argument("-k", dest="keyword", metavar="TEXT", default="", help="only tests with that in their names")
    made.add_argument("--list", action="store_true", help="print the names of the tests, and run none")
    made.add_argument("--json", action="store_true", help="print what came of each test as JSON")
    made.add_argument("--junit", metavar="FILE", help="write what came of each test as JUnit's XML")
    made.add_argument("--coverage", action="store_true", help="count which lines of the C code were reached (gcov)")
    made.add_argument(
        "--sanitize", metavar="LIST", default="", help="build with address, undefined, thread or leak; commas between"
    )
    made.add_argument(
        "--target",
        metavar="NAME|DIR|all",
        default="",
        help="run them in a private instance of a real Asterisk; 'all' tests in every target that has a name",
    )
    made.add_argument("--shard", metavar="I/N", default="", help="of all modules by targets, only the I-th of N parts")
    made.add_argument("--launcher", metavar="PROGRAM", help="put PROGRAM before each compilation for a target")
    return made


def main(words: Sequence[str]) -> int:
    """Serve ``asterism test``."""
    options = parser().parse_args(words)
    tree, began = recognition.here(), time.monotonic()
    target_matrix.check(options)
    if options.target:
        return target_matrix.main(tree, options)
    out = sys.stderr if options.json else sys.stdout
    target, base = find(tree, options.names, out)
    sanitize = [name for name in options.sanitize.split(",") if name]
    variant = variants.variant(base, target.sources, coverage=options.coverage, sanitize=sanitize)
    target, place, unbuilt = built(target, variant, out, is_all=not options.names)
    report(unbuilt)
    if not target.sources:
        _tell([], [], unbuilt, time.monotonic() - began, options)
        return 1
    subject = subject_of(target, base, variant, place)
    if options.list:
        return _list(target, subject, options.names, options.keyword)
    if options.coverage and place:
        variants.forget_counts(place)
    found = _run(_outcomes(target, subject, options.names, options.keyword), _width(target, options))
    if not found:
        cure = "'asterism test --list' lists the tests that are here"
        raise AsterismError(Fault(f"no test has '{options.keyword}' in its name", cure=cure, code="no-test"))
    covered = coverage.measured(target.tree, place, base.cc) if options.coverage and place else []
    if options.junit:
        files.write(options.junit, outcome.as_junit(found))
    _tell(found, covered, unbuilt, time.monotonic() - began, options)
    return 1 if unbuilt or any(each.is_bad for each in found) else 0


def _width(target: Subjects, options: argparse.Namespace) -> int:
    """The width of the column of names; 0 when nothing is shown while tests run."""
    paths = [os.path.relpath(path, target.tree) for path in target.pytest_files(options.names)]
    return 0 if options.json else max(map(len, [*target.names, *paths]), default=0)


def _run(groups: Iterable[list[Outcome]], width: int) -> list[Outcome]:
    found: list[Outcome] = []
    for group in groups:
        found += group
        if width:
            print("".join(f"{line}\n" for line in outcome.table(group, width)), end="", flush=True)
    return found


def _tell(
    found: Sequence[Outcome],
    covered: Sequence[coverage.Covered],
    unbuilt: Sequence[Fault],
    seconds: float,
    options: argparse.Namespace,
) -> None:
    if options.json:
        data: dict[str, object] = {"tests": [each.as_json() for each in found], "seconds": round(seconds, 3)}
        if unbuilt:
            data["unbuilt"] = [fault.as_json() for fault in unbuilt]
        if options.coverage:
            data["coverage"] = [file.as_json() for file in covered]
        print(json.dumps(data, indent=1))
    elif found:
        lines = ["", *coverage.table(covered), ""] if options.coverage else []
        print("\n".join([*lines, f"{outcome.summary(found)} in {seconds:.1f} s"]), flush=True)
    report(fault for each in found if each.is_bad for fault in each.faults)
