"""The budgets of Asterisk's own tree: ``bench/asterisk_tree_times.py [TREE] [--runs N] [--real] [--without-full]``.

TREE is a configured source tree of Asterisk; without one, a small tree with the structure of its Makefiles is written.
It is copied, adopted and built. Each row compares what a user runs with what that cannot do without, taken alternately
in one run: elapsed and processor time, the median of each, since other work may share the machine. In place of the
compilers is a program that notes its command line, unless ``--real`` asks for these.

| job | compared with | budget |
| --- | --- | --- |
| ``make``, nothing to do | ninja over the same steps | 1.5 x, and 50 ms |
| ``make``, one source changed | its compiler and linker | and 0.1 s |
| ``make``, a module off, and on | nothing; its compiler and linker | and 0.3 s |
| ``menuselect --enable X`` | a Python that does nothing | 2 x |
| ``make``, full build | the tree's own make | 1 x |
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from asterisk_tree import DOWNLOADED, PROJECT, asterism, edited, stubbed

from asterism.tree import Kind, Tree
from buildsys.adopted import graph_file, kept_graph
from buildsys.settled import ninja_program


class Took(NamedTuple):
    """Seconds of a process and its children."""

    elapsed: float
    processor: float


class Job(NamedTuple):
    """A command with what is done before each of its runs, and its reference."""

    name: str
    before: Callable[[], None]
    command: Sequence[str | Path]
    reference: Sequence[str | Path]
    budget: str


def took(command: Sequence[str | Path], place: Path) -> Took:
    """Run a command that has to succeed."""
    began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=place, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Took(time.perf_counter() - began, processor)


def row(job: Job, place: Path, runs: int) -> str:
    """Run a job and its reference in turn."""
    ours, theirs = [], []
    for _ in range(runs):
        job.before()
        ours.append(took(job.command, place))
        theirs.append(took(job.reference, place))
    cells = []
    for mine, other in zip(zip(*ours, strict=True), zip(*theirs, strict=True), strict=True):
        one, two = statistics.median(mine), statistics.median(other)
        cells.append(f"{one * 1000:.0f} ms, {two * 1000:.0f} ms: {one / two:.2f} x, {(one - two) * 1000:+.0f} ms")
    return f"| {job.name} | {' | '.join(cells)} | {job.budget} |"


def steps(tree: Path, unit: str) -> str:
    """The commands of a module's compiler and linker as a script."""
    kept = kept_graph.load(Tree(tree.resolve(), Kind.ASTERISK))
    assert kept
    lines = [f"{name}='{value}'; export {name}" for name, value in kept.environment.items() if "'" not in value]
    lines += [graph_file.command_of(edge) for edge in kept.graph.edges if edge.unit == unit]
    return " && ".join([*lines, "true"]).replace(graph_file.LAUNCHED, "")


def jobs(tree: Path, make: Sequence[str]) -> Iterator[Job]:
    """The jobs of an adopted tree that was built."""
    source = next(path for path in ("apps/app_verbose.c", "apps/app_one.c") if (tree / path).is_file())
    unit = Path(source).stem
    other = "app_zapateller" if (tree / "apps/app_zapateller.c").is_file() else "app_two"
    choose = [tree / "menuselect/menuselect"]
    ninja = [ninja_program.find(), "-f", "build/build.ninja"]

    compiled = {name: ["sh", "-c", steps(tree, name)] for name in (unit, other)}

    def changed() -> None:
        took(make, tree)  # the reference has compiled, too, which make finds out first
        time.sleep(0.02)  # make compares ages, and those of a file system have steps
        edited(source)(tree)

    def chosen(word: str) -> None:
        time.sleep(0.02)
        subprocess.run([*choose, word, other, "menuselect.makeopts"], cwd=tree, check=True)

    def switched(first: str, second: str) -> Callable[[], None]:
        def switch() -> None:
            took(make, tree)
            chosen(first)
            took(make, tree)
            chosen(second)

        return switch

    yield Job("nothing to do", lambda: None, make, ninja, "1.5 x, 50 ms")
    yield Job("one source changed", changed, make, compiled[unit], "+100 ms")
    yield Job("a module off", switched("--enable", "--disable"), make, ["true"], "+300 ms")
    yield Job("a module on", switched("--disable", "--enable"), make, compiled[other], "+300 ms")
    enable = [*choose, "--enable", other, "menuselect.makeopts"]
    yield Job("menuselect --enable", lambda: None, enable, [sys.executable, "-c", "pass"], "2 x")


def full(tree: Path, place: Path, variables: Sequence[str]) -> str:
    """A full build by both makes, in copies of their own."""
    found = []
    for name in ("full-ninja", "full-own"):
        copy = place / name
        shutil.copytree(tree, copy, symlinks=True)
        if name == "full-ninja":
            asterism("adopt", copy)
        words = ["-f", "Makefile"] if name == "full-own" else []
        found.append(took(["make", f"-j{os.cpu_count()}", *words, *variables], copy))
        shutil.rmtree(copy)
    ours, own = found
    cells = [f"{one:.1f} s, {two:.1f} s: {one / two:.2f} x" for one, two in zip(ours, own, strict=True)]
    return f"| full build | {' | '.join(cells)} | 1 x |"


def prepared(tree: Path | None, place: Path) -> Path:
    """A copy of the tree, or a stand-in, with its menu; nothing is built, and no sounds are to be fetched."""
    made = place / "tree"
    if tree is None:
        sys.path.append(str(PROJECT / "tests/buildsys/adopted"))
        import stand_in  # which lies beside the tests of adopted trees

        return Path(stand_in.write(made))
    shutil.copytree(tree, made, symlinks=True, ignore=shutil.ignore_patterns(".git", "build"))
    (made / "GNUmakefile").unlink(missing_ok=True)
    asterism("adopt", made)
    subprocess.run(["make", "-s", "menuselect.makeopts"], cwd=made, check=True, stdout=subprocess.DEVNULL)
    without = [f"--disable-category={name}" for name in DOWNLOADED]
    subprocess.run(["menuselect/menuselect", *without, "menuselect.makeopts"], cwd=made, check=True)
    asterism("adopt", "--undo", made)
    return made


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tree", type=Path, nargs="?", help="a configured source tree of Asterisk")
    parser.add_argument("--runs", type=int, default=7, help="how often each job runs (default: 7)")
    parser.add_argument("--real", action="store_true", help="compile with the compilers of the tree")
    parser.add_argument("--without-full", action="store_true", help="leave out the comparison of full builds")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(temporary)
        # A user's Python has the compiled code of its packages.
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = str(place / "compiled")
        variables = stubbed(place) if options.tree and not options.real else []
        tree = prepared(options.tree, place)
        print("| | elapsed: here, reference | processor: here, reference | budget |\n| --- | --- | --- | --- |")
        if not options.without_full:
            print(full(tree, place, variables), flush=True)
        # What is given to make decides about the steps, so it is written where make takes it from.
        with (tree / "makeopts").open("a") as stream:
            stream.writelines(f"{variable}\n" for variable in variables)
        asterism("adopt", tree)
        for _ in range(2):
            subprocess.run(["make", "-s", f"-j{os.cpu_count()}"], cwd=tree, check=True, stdout=subprocess.DEVNULL)
        for job in jobs(tree, ["make"]):
            print(row(job, tree, options.runs), flush=True)


if __name__ == "__main__":
    main()
