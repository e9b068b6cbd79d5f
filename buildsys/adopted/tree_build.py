"""Build Asterisk's own tree by ninja, for ``asterism build`` and for ``make`` in an adopted tree.

The outputs and their places are those of the tree's own make; both can be used in turn.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path

from asterism import files
from asterism.errors import AsterismError, Collector, Fault, Place, report
from asterism.names import bare, did_you_mean
from asterism.tree import BUILD, CHECK, COMPILE_COMMANDS, LOGS, MANIFEST, Kind, Tree
from asterism.values import TYPE_CHECKING, dataclass, replace
from asterism.words import counted
from buildsys.adopted import edges, graph_file, kept_graph, own_steps, questions, tree_state, upkeep
from buildsys.adopted.edges import Edge, Graph
from buildsys.adopted.kept_graph import Kept
from buildsys.adopted.questions import Make
from buildsys.adopted.tree_state import MAKE, BuiltState, Command, LastBuild
from buildsys.adopted.upkeep import Documentation
from buildsys.compile import following, ninja_process, progress
from buildsys.compile.following import IDLE, Reporter
from buildsys.compile.progress import Ended
from buildsys.settled import compiler_launcher

if TYPE_CHECKING:
    from buildsys.compile.failures.failed_steps import Failure
    from buildsys.planning.plan import Plan


@dataclass(frozen=True, slots=True)
class ReadyTree:
    """A tree that is ready to be built."""

    tree: Tree
    make: Make
    kept: Kept
    version: str
    """The version that is compiled into the program."""
    is_new: bool = False
    """Whether the steps were made for this build, and are not kept yet."""


@dataclass(frozen=True, slots=True)
class Made:
    """The result of a build."""

    sentence: str
    ended: tuple[Ended, ...]
    """The steps that ran, including those that failed."""
    graph: Graph
    """All steps of the tree."""

    @property
    def products(self) -> dict[str, str]:
        """The modules that were built again, by name, and their files relative to the tree."""
        failed = {step.unit for step in self.ended if step.status}
        units = {step.unit for step in self.ended} - failed
        return {
            edge.unit: edge.outputs[0]
            for edge in self.graph.edges
            if edge.unit in units and edge.is_product and edge.outputs[0].endswith(".so")
        }


def build(tree: Tree, reporter: Reporter, wanted: str | None = None, names: Collection[str] = ()) -> str:
    """Build the selected modules and the programs of a configured source tree of Asterisk.

    Args:
        tree: the tree.
        reporter: shows progress.
        wanted: the compiler launcher; None for that of the environment.
        names: the modules and programs to build; all of them when none is named.

    Returns:
        A sentence about the result.

    Raises:
        AsterismError: with a fault for everything that could not be built; everything else is built.
    """
    made = make(tree, reporter, wanted, names)
    check(tree, made.ended)
    return made.sentence


def make(tree: Tree, reporter: Reporter, wanted: str | None = None, names: Collection[str] = ()) -> Made:
    """Build as :func:`build` does; the caller reports failed steps.

    Raises:
        AsterismError: nothing can be built at all, or a name is not that of a module.
    """
    whole = Tree(tree.top.resolve(), Kind.ASTERISK)
    own_steps.check(whole)
    with files.locked(whole.lock, wait=False):
        prepared = prepare(whole, reporter)
        launcher = compiler_launcher.find(os.environ.get(compiler_launcher.VARIABLE, "") if wanted is None else wanted)
        wanted_files = kept_graph.goals(
            prepared.kept.graph, [*map(bare, names)], lambda name: _no_such(whole, prepared, name)
        )
        began = time.monotonic()
        try:
            ended, beside = _carried_out(
                prepared, reporter, launcher, wanted_files, lambda ninja: _beside(prepared, names, ninja)
            )
        finally:
            kept_graph.note_outputs(whole, prepared.kept.graph)
        upkeep.end_documentation(whole, beside.documentation)
        if not names and not any(step.status for step in ended):
            _mark_fresh(whole, prepared, beside)
        graph = prepared.kept.graph
        return Made(_sentence(graph, ended, time.monotonic() - began, names), tuple(ended), graph)


def plan_of(tree: Tree) -> Plan:
    """The steps last made for a tree, in the form that timelines take.

    Raises:
        AsterismError: nothing was built yet.
    """
    kept = kept_graph.load(Tree(tree.top.resolve(), Kind.ASTERISK))
    if kept is None:
        raise AsterismError(Fault("nothing was built yet", Place(str(tree)), "", "build first", "no-timeline"))
    from buildsys.planning.plan import Plan  # 8 ms, and a build needs no plan

    return Plan(tuple(edge.step for edge in kept.graph.edges), (), BUILD)


def draw_timeline(tree: Tree) -> str:
    """Write the picture of the last build; returns a sentence with its path.

    Raises:
        AsterismError: nothing was built yet.
    """
    from buildsys.compile import timeline  # which a build without --timeline does without

    return timeline.draw(tree, plan_of(tree))


# ---- before a build ------------------------------------------------------------------------------------------


def prepare(tree: Tree, reporter: Reporter) -> ReadyTree:
    """Bring the inputs of the steps up to date, and the steps.

    Raises:
        AsterismError: the tree's own make fails.
    """
    make = questions.make_of(os.environ.get("MAKEFLAGS", ""), os.environ.get(MAKE, "make"))
    files.write(tree.build / ".gitignore", "*\n")
    upkeep.refresh_selection(tree, make)
    before = kept_graph.load(tree)
    version = upkeep.version_now(tree, before.environment if before else {})
    upkeep.refresh_generated(tree, make, version)
    own_steps.build_bundled(tree, make, reporter)
    given = own_steps.given(tree, make)
    if before is not None and kept_graph.is_current(tree, before, given):
        return ReadyTree(tree, make, before, version)
    if before is None and (tree / kept_graph.FILE).is_file():
        reporter.lines(["the tree was moved, or Asterism was: its commands are asked for again"])
    return ReadyTree(tree, make, _planned(tree, make, given, reporter), version, is_new=True)


def _planned(tree: Tree, make: Make, given: str, reporter: Reporter) -> Kept:
    """Ask the tree's make for its commands, and write the files for ninja and editors."""
    answers, top = questions.ask(tree, make, given), str(tree.top)
    parts = {name: part for name, part in answers.parts.items() if name not in answers.refused}
    made = edges.graph(parts, lambda path: os.path.isfile(os.path.join(top, path)))
    own_steps.check_programs(made)
    made = own_steps.with_own_makes(tree, make, made, answers.refused)
    reporter.lines(own_steps.told(made.tangled))
    kept = Kept(
        made,
        answers.environment,
        answers.documentation,
        kept_graph.stamps(tree, answers.made_from),
        kept_graph.names_digest(tree),
        given,
    )
    (tree / CHECK).unlink(missing_ok=True)
    files.write(tree / MANIFEST, graph_file.build_text(top, made.edges))
    return kept


def _keep(tree: Tree, kept: Kept) -> None:
    """Keep the steps, and write them for editors; ninja reads its own file meanwhile."""
    top, made = str(tree.top), kept.graph.edges
    tree_state.save_commands(top, {_key(edge): Command(edge.outputs, edge.text) for edge in made})
    files.write(tree / COMPILE_COMMANDS, graph_file.compile_commands(top, made), is_lasting=False)
    kept_graph.save(tree, kept)


def _no_such(tree: Tree, prepared: ReadyTree, name: str) -> AsterismError:
    """The fault of a name for which nothing can be built."""
    known = {edge.unit for edge in prepared.kept.graph.edges if edge.is_product}
    sources = [path for path in upkeep.module_sources(tree) if Path(path).stem == name]
    if sources and f'"{name}"' not in files.read_text(tree.menu):
        what = f"the Makefile of {os.path.dirname(sources[0])} does not build {name}"
        cure = "name it there, or move it to a directory that builds all sources with such a name"
        return AsterismError(Fault(what, Place(sources[0]), "", cure, "not-listed"))
    if sources:
        cure = f"'asterism enable {name}' chooses it; 'asterism why {name}' says what it lacks"
        return AsterismError(Fault(f"{name} is not chosen", Place(sources[0]), "", cure, "not-chosen"))
    cure = did_you_mean(name, known) or "'asterism list' lists the modules"
    return AsterismError(Fault(f"there is no module '{name}' here", cure=cure, code="no-module"))


# ---- a build -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Beside:
    """What is done while ninja runs."""

    documentation: Documentation
    ninja: str
    """The path of the ninja that ran."""
    watched: tuple[str, ...]
    """The files whose change may cause a build, besides the sources of the selected modules."""


def _beside(prepared: ReadyTree, names: Collection[str], ninja: str) -> _Beside:
    """Start the make of the documentation, and look for the files to watch; a build of some modules needs neither."""
    if prepared.is_new:
        _keep(prepared.tree, prepared.kept)
    if names:
        return _Beside(Documentation(()), ninja, ())
    tree = prepared.tree
    documentation = upkeep.start_documentation(tree, prepared.make, prepared.kept.documentation)
    return _Beside(documentation, ninja, tuple(own_steps.watched(tree)))


def _carried_out(
    prepared: ReadyTree,
    reporter: Reporter,
    launcher: Sequence[str],
    goals: Sequence[str],
    meanwhile: Callable[[str], _Beside],
) -> tuple[list[Ended], _Beside]:
    """Run ninja, do something else meanwhile, and keep the logs.

    Returns:
        The steps that ran, including those that failed, and what was done meanwhile.
    """
    tree, graph = prepared.tree, prepared.kept.graph
    for name in (*graph.directories, graph_file.DEPENDENCIES, f"{BUILD}/once"):
        with files.told(tree / name, "make"):
            os.makedirs(tree / name, exist_ok=True)
    by_key = {_key(edge): edge for edge in graph.edges}
    reporter.commands = {key: edge.text for key, edge in by_key.items()}
    with _taken_over(tree, graph) as (marks, taken):
        steps = {key: edge for key, edge in by_key.items() if key not in taken}
        with _ninja(prepared, launcher, goals, marks) as process:
            beside = meanwhile(str(process.args[0]))  # type: ignore[index]
            ended = list(_read(prepared, reporter, process, steps))
    full = progress.full_disk(ended)
    if full:
        raise AsterismError(full)
    following.write_logs(tree / LOGS, ended, dict(reporter.commands))
    return ended, beside


@contextlib.contextmanager
def _taken_over(tree: Tree, graph: Graph) -> Iterator[tuple[str, Collection[str]]]:
    """Make marks for the files that the tree's own make has built, which ninja does not build again.

    Yields:
        the directory of the marks, and the labels and files of the steps.
    """
    place = tree / f"{BUILD}/taken"
    shutil.rmtree(place, ignore_errors=True)
    found = kept_graph.built_elsewhere(tree, graph)
    marks = place / str(os.getpid())
    with files.told(marks, "make"):
        os.makedirs(marks)
    for edge in found:
        with files.told(marks, "write"):
            (marks / graph_file.mark_of(edge.outputs[0])).touch()
    try:
        yield str(marks), {_key(edge) for edge in found}
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _read(
    prepared: ReadyTree, reporter: Reporter, process: subprocess.Popen[str], by_key: Mapping[str, Edge]
) -> Iterator[Ended]:
    """Follow a running ninja to its end, and yield each step when it has ended."""
    tree, graph = prepared.tree, prepared.kept.graph

    def located(raw: Ended) -> Ended | None:
        edge = by_key.get(raw.key)
        # A step without an edge that succeeds: the tree's own make has built it.
        return _located(tree, raw, edge) if edge is not None or raw.status else None

    return following.followed(process, lambda: [edge.step for edge in graph.edges], reporter, located)


@contextlib.contextmanager
def _ninja(
    prepared: ReadyTree, launcher: Sequence[str], goals: Sequence[str], marks: str
) -> Iterator[subprocess.Popen[str]]:
    tree = prepared.tree
    limit = following.jobs(os.environ.get("MAKEFLAGS", ""), launcher)
    environment = {**os.environ, **prepared.kept.environment, **following.environment(tree, launcher)}
    environment |= {tree_state.TAKEN: marks, "LC_MESSAGES": "C", "LANGUAGE": ""}
    with ninja_process.started(tree, MANIFEST, [*limit, *goals], environment) as process:
        yield process


def _key(edge: Edge) -> str:
    """The label and file by which progress identifies a step."""
    return graph_file.description(edge).partition(" ")[2]


_PLACE = re.compile(r"(?P<before>(?:In file included from |\s+from )?)(?P<file>[^\s:/][^\s:]*)(?=:\d+|: In |: At )")


def _located(tree: Tree, step: Ended, edge: Edge | None) -> Ended:
    """A step whose compiler messages name files relative to the tree, not to the compiler's directory."""
    if edge is None:
        return step

    def whole(match: re.Match[str]) -> str:
        name = os.path.normpath(os.path.join(edge.directory, match["file"]))
        return f"{match['before']}{name}" if (tree / name).is_file() else match[0]

    output = tuple(_PLACE.sub(whole, line, count=1) for line in step.output)
    return replace(step, output=output, command=edge.commands[-1] if step.status else "")


# ---- after a build -------------------------------------------------------------------------------------------


def check(tree: Tree, ended: Sequence[Ended]) -> None:
    """Check the steps of a build.

    Raises:
        AsterismError: with a fault for each module and program that could not be built.
    """
    if not any(step.status for step in ended):
        return
    from buildsys.compile.failures import failed_steps  # which only a build that failed needs, as the next
    from buildsys.compile.failures.missing_headers import explained

    faults = Collector([_worded(explained(tree.top, each)) for each in failed_steps.failures(ended)])
    report(fault for fault in faults if fault.severity == "warning")
    faults.check()


def _worded(failure: Failure) -> Fault:
    """The fault of a failure, as that of a module or of another product."""
    name, fault = failure.unit, failure.fault
    is_program = name == edges.PROGRAM or name.startswith("lib")
    return replace(fault, what=fault.what.replace(f"module {name} ", f"{name} ", 1)) if is_program else fault


def located(tree: Tree, step: Ended) -> Ended:
    """A step of the kept graph with the messages of its compiler, as a whole build shows it."""
    kept = kept_graph.load(tree)
    found = next((edge for edge in kept.graph.edges if _key(edge) == step.key), None) if kept else None
    return _located(tree, step, found)


def _sentence(graph: Graph, ended: Sequence[Ended], seconds: float, names: Collection[str]) -> str:
    products = {edge.unit for edge in graph.edges if edge.is_product}
    if not ended:
        what = ", ".join(names) if names else counted(len(products), "module and program", "modules and programs")
        return f"nothing to do: {what} {'is' if len(names) == 1 else 'are'} built"
    made = {step.unit for step in ended}
    return tree_state.sentence(len(made), len({edge.unit for edge in graph.edges}), seconds)


def _mark_fresh(tree: Tree, prepared: ReadyTree, beside: _Beside) -> None:
    """Note that everything is built, unless a source was added or removed meanwhile.

    check.ninja is as old as the newest of the files it watches; the state is for a build after a change of code alone.
    """
    kept, top = prepared.kept, os.fspath(tree)
    found = kept_graph.sources(tree)
    if kept_graph.digest_of(found) != kept.sources or kept.graph.tangled:
        return
    if _is_given(prepared):
        # The next build may be one without these variables, which has much to do.
        (tree / CHECK).unlink(missing_ok=True)
        tree_state.forget(top)
        return
    ages = tree_state.ages(top, sorted({*kept.made_from, *found, *beside.watched}))
    files.write(tree / CHECK, graph_file.check_text([path for path, age in ages.items() if age], CHECK, MANIFEST))
    files.write(tree / IDLE, _sentence(kept.graph, (), 0, ()) + "\n")
    tree_state.mark(top, ages)
    _save_state(tree, prepared, found, ages, beside.ninja)


def _is_given(prepared: ReadyTree) -> bool:
    """Whether variables of the command line or of the environment decide about the steps."""
    return bool(prepared.make.overrides or prepared.kept.given.partition("\n")[2].strip())


def _save_state(tree: Tree, prepared: ReadyTree, found: Mapping[str, str], ages: Mapping[str, int], ninja: str) -> None:
    """Keep the state of the tree; none of a tree with bundled libraries, which a whole build looks at."""
    kept, top = prepared.kept, os.fspath(tree)
    if upkeep.bundled(tree):
        tree_state.forget(top)
        return
    documentation = next((goal for goal in kept.documentation if "/" in goal), "")
    parts = len({edge.unit for edge in kept.graph.edges})
    asked = os.environ.get(MAKE, "make")
    facts = LastBuild(top, asked, prepared.version, ninja, documentation, parts)
    tree_state.save(top, BuiltState(facts, kept.environment, found, ages))
