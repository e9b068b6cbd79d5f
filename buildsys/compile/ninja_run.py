"""Plan the selected modules, and run ninja on the plan.

A module that fails does not keep the others from being built: 39 of 40 modules are worth having, and the faults of a
run are reported together.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from asterism import files
from asterism.errors import AsterismError, Collector, Fault, Place, report
from asterism.names import did_you_mean
from asterism.tree import BUILD, CHECK, LOGS, Kind, Tree
from asterism.values import dataclass, replace
from buildsys.compile import documentation_file, judging, ninja_file, progress
from buildsys.compile.failures import failed_steps
from buildsys.compile.failures.missing_headers import explained
from buildsys.compile.following import IDLE, Reporter, environment, followed, jobs, write_logs
from buildsys.compile.judging import LoadCheck
from buildsys.compile.ninja_process import started
from buildsys.compile.progress import Ended
from buildsys.planning import module_directory, not_built, plan_inputs
from buildsys.planning.not_built import NotBuilt
from buildsys.planning.plan import CORE, Module, Plan, Step, make_plan
from buildsys.planning.plan_inputs import Inputs, write_buildopts
from buildsys.settled import build_record, compiler_launcher, toolchain
from buildsys.settled import configuration as settled
from menuselect.sources import recognition

NOTHING = "nothing to do: every chosen module is built"

CLOCK_SLACK = 2_000_000_000
"""Nanoseconds that a file may be ahead of the clock: clocks of file servers and clients differ a little."""


@dataclass(frozen=True, slots=True)
class CarriedOut:
    """The result of running a plan."""

    ended: tuple[Ended, ...]
    """The steps that ran."""
    bad: frozenset[str]
    """The units that were not built, or could not be loaded."""
    faults: tuple[Fault, ...]
    """The errors of those units, and of modules that were left out."""

    def check(self) -> None:
        """Raise AsterismError when there are faults."""
        if self.faults:
            raise AsterismError(*self.faults)


@dataclass(frozen=True, slots=True)
class Attempt:
    """The result of a build: a sentence, the names of the built modules, and the faults of the others."""

    sentence: str
    built: tuple[str, ...]
    faults: tuple[Fault, ...]


def build(tree: Tree, reporter: Reporter, wanted: str | None = None, names: Collection[str] = ()) -> str:
    """Build the selected modules of a configured tree, or the modules of a directory.

    Args:
        tree: the tree.
        reporter: shows the progress.
        wanted: the compiler launcher; None takes the environment's or the configuration's.
        names: the modules to build; all when empty.

    Returns:
        The sentence that says what was done.

    Raises:
        AsterismError: with a fault for every module that could not be built; all others are built.
    """
    made = attempt(tree, reporter, wanted, names)
    if made.faults:
        raise AsterismError(*made.faults)
    return made.sentence


def attempt(tree: Tree, reporter: Reporter, wanted: str | None = None, names: Collection[str] = ()) -> Attempt:
    """Build as :func:`build` does, for callers that go on with the modules that were built.

    Raises:
        AsterismError: nothing can be built at all, or one of the names is not a module.
    """
    with _locked(tree):
        started = time.time_ns()
        inputs = launched(gather_tree(tree, names), wanted)
        plan = _planned(tree, inputs)
        chosen, told = only(plan, inputs, names), focused(inputs, names)
        began = time.monotonic()
        warnings = from_the_future(tree, inputs.watched, time.time_ns())
        check = LoadCheck.begun(tree, plan, judging.of_asterism(tree, inputs, plan))
        done = carry_out(tree, chosen, told, reporter, check, warnings)
        good = [module for module in chosen.modules if module.name not in done.bad]
        _record(tree, plan, inputs, good, is_all=not names)
        if not done.faults and not names:
            _mark_fresh(tree, inputs, started)
        said = sentence(chosen, done.ended, time.monotonic() - began)
        if not names:
            said = told_of(inputs, said if done.ended else idle(inputs))
        return Attempt(said, tuple(module.name for module in good), done.faults)


def only(plan: Plan, inputs: Inputs, names: Collection[str]) -> Plan:
    """The part of a plan that builds the named modules; the whole plan when no names are given.

    Raises:
        AsterismError: one of the names is not a module, or that module is left out.
    """
    if not names:
        return plan
    found = {module.name for module in plan.modules}
    left_out = {name: _is_off(name) for name in inputs.off} | {each.name: _lacks(each) for each in inputs.lacking}
    left_out |= {_module_of(fault): fault for fault in inputs.faults if fault.severity == "error"}
    faults = [left_out.get(name) or _no_such(name, found) for name in names if name not in found]
    if faults:
        raise AsterismError(*faults)
    modules = tuple(module for module in plan.modules if module.name in names)
    units = {CORE, *names}
    return replace(plan, modules=modules, steps=tuple(step for step in plan.steps if step.unit in units))


def focused(inputs: Inputs, names: Collection[str]) -> Inputs:
    """The inputs with the faults of the named modules only; unchanged when no names are given."""
    kept = tuple(fault for fault in inputs.faults if not names or _module_of(fault) in {"", *names})
    return replace(inputs, faults=kept)


def _module_of(fault: Fault) -> str:
    """The name of the module whose source a fault points at; empty for a fault without a place."""
    return Path(fault.place.file).stem if fault.place else ""


def _lacks(module: NotBuilt) -> Fault:
    return Fault(f"{module.name} cannot be built", None, module.why, code="lost-dependency")


def _is_off(name: str) -> Fault:
    return Fault(f"{name} is switched off", cure=f"'asterism enable {name}' switches it on", code="switched-off")


def _no_such(name: str, known: Collection[str]) -> Fault:
    cure = did_you_mean(name, known) or f"the modules here are {', '.join(sorted(known))}"
    return Fault(f"there is no module '{name}' here", cure=cure, code="no-module")


def _record(tree: Tree, plan: Plan, inputs: Inputs, good: Sequence[Module], *, is_all: bool) -> None:
    """Record the built modules; a build of some modules keeps the record of the others."""
    products = {f"{plan.place}/modules/{module.file}" for module in good}
    if not is_all and tree.built.exists():
        products |= set(build_record.load(tree).products) & set(plan.products)
    ordered = tuple(each for each in plan.products if each in products)
    build_record.save(tree, build_record.Built(ordered, inputs.options))


def carry_out(
    tree: Tree,
    plan: Plan,
    inputs: Inputs,
    reporter: Reporter,
    check: LoadCheck,
    warnings: Iterable[Fault] = (),
) -> CarriedOut:
    """Run a plan whose build.ninja is written; every module that can be built is built.

    Args:
        tree: the tree.
        plan: the plan to run; may be a part of what build.ninja has.
        inputs: the inputs that the plan was made from.
        reporter: shows the progress.
        check: checks the built modules.
        warnings: further warnings to report at the end.

    Raises:
        AsterismError: the disk is full, or a compiler is missing.
    """
    ended = ended_steps(tree, plan, inputs, reporter)
    documentation_file.refresh(tree, plan.modules, plan.place)
    failures = [explained(tree.top, each) for each in failed_steps.failures(ended, f"{plan.place}/log")]
    failed = {failure.unit for failure in failures}
    judged = check.carry_out(tree, plan, {step.unit for step in ended}, failed)
    found = [*(failure.fault for failure in failures), *(fault for _, fault in judged)]
    faults = Collector([*inputs.faults, *warnings, *found])
    report(fault for fault in faults if fault.severity == "warning")
    bad = failed | {module.name for module, _ in judged}
    errors = tuple(faults.errors)
    left_out = len([fault for fault in inputs.faults if fault.severity == "error"])
    if errors:
        reporter.lines(_tally(plan, left_out, bad))
    return CarriedOut(ended, frozenset(bad), errors)


def ended_steps(tree: Tree, plan: Plan, inputs: Inputs, reporter: Reporter) -> tuple[Ended, ...]:
    """Run a plan, and write the logs; returns the steps that ran, failed ones included.

    Raises:
        AsterismError: a compiler is missing, the disk is full, or ninja itself fails.
    """
    commands = _commands(plan, inputs)
    reporter.commands = commands
    ended = tuple(_run(tree, plan, inputs, reporter))
    full = progress.full_disk(ended)
    if full:
        raise AsterismError(full)
    write_logs(tree / plan.place / "log", ended, commands)
    _drop_profiles(tree / plan.place)
    return ended


def is_whole(plan: Plan, inputs: Inputs) -> bool:
    """Whether a plan builds all modules, not only named ones."""
    return len(plan.modules) == len(inputs.modules)


def gather_tree(tree: Tree, named: Collection[str] = ()) -> Inputs:
    """Gather the build inputs of a source tree or a directory of modules.

    Args:
        tree: the tree.
        named: modules of a directory of modules to include although they are switched off.

    Raises:
        AsterismError: the directory cannot be built.
    """
    return module_directory.gather(tree, named) if tree.kind is Kind.MODULES else plan_inputs.gather(tree)


def launched(inputs: Inputs, wanted: str | None) -> Inputs:
    """The inputs with the launcher of the command line, the environment or the configuration, in this order.

    Raises:
        AsterismError: the launcher is not found.
    """
    given = os.environ.get(compiler_launcher.VARIABLE) if wanted is None else wanted
    text = " ".join(inputs.configuration.launcher) if given is None else given
    return replace(inputs, configuration=replace(inputs.configuration, launcher=compiler_launcher.find(text)))


@contextmanager
def _locked(tree: Tree) -> Iterator[None]:
    """Lock a directory for this build."""
    if tree.kind not in (Kind.MODULES, Kind.SOURCES):
        raise AsterismError(recognition.no_modules(tree, "'asterism new NAME' writes a module"))
    if tree.kind is Kind.SOURCES:
        settled.load(tree)  # a directory that is not a configured tree is not locked, either
    with files.locked(tree.lock, wait=False):
        yield


def _commands(plan: Plan, inputs: Inputs) -> dict[str, str]:
    """The command line of each step by its label and file."""
    before = " ".join([*inputs.configuration.launcher, ""])
    return {_key(step): (before if step.depfile else "") + toolchain.command_text(step.command) for step in plan.steps}


@dataclass(frozen=True, slots=True)
class Prepared:
    """Build inputs and their plan, kept by a program that builds repeatedly."""

    inputs: Inputs
    plan: Plan
    looked: int
    """The time at which the sources were read, in nanoseconds since the epoch."""


def prepare(tree: Tree, gather: Callable[[Tree], Inputs] = gather_tree) -> Prepared:
    """Gather the inputs of a directory and plan its build, the first stage of :func:`build`.

    Args:
        tree: the directory.
        gather: reads it.

    Raises:
        AsterismError: the directory is not configured, or its MODULEINFO blocks have faults.
    """
    with _locked(tree):
        looked = time.time_ns()
        inputs = launched(gather(tree), None)
        if inputs.blocks:  # earlier products of those modules stay until their blocks are corrected
            raise AsterismError(*inputs.blocks)
        return Prepared(inputs, _planned(tree, inputs), looked)


def make(tree: Tree, prepared: Prepared, products: Sequence[str] = ()) -> list[Ended]:
    """Bring products up to date, all when none is named, without output on the terminal; logs are written.

    Returns:
        The steps that ran, with the output of failed ones.

    Raises:
        AsterismError: another build is running, or the disk is full.
    """
    before, manifest = prepared.inputs.configuration.launcher, manifest_of(prepared.plan)
    with _locked(tree), _running(tree, manifest, before, products) as process:
        ended = list(progress.Reader().read(process.stdout or ()))
        process.wait()
    full = progress.full_disk(ended)
    if full:
        raise AsterismError(full)
    write_logs(tree / LOGS, ended, _commands(prepared.plan, prepared.inputs))
    is_own = prepared.plan.place == BUILD
    if is_own and not products and not any(step.status for step in ended):
        build_record.save(tree, build_record.Built(prepared.plan.products, prepared.inputs.options))
        _mark_fresh(tree, prepared.inputs, prepared.looked)
    return ended


def _key(step: Step) -> str:
    """The key by which progress reports a step: its label and file."""
    return ninja_file.description(step).partition(" ")[2]


def _planned(tree: Tree, inputs: Inputs) -> Plan:
    """Make the plan, and write the files that ninja, compilers and editors read."""
    plan = make_plan(inputs.configuration, inputs.modules, inputs.options, inputs.core, inputs.place)
    if inputs.owns_headers:
        write_buildopts(tree, inputs.options, dev_mode=inputs.configuration.dev_mode)
    files.write(tree.build / ".gitignore", "*\n")  # as meson and cargo do: a build leaves no trace in a repository
    files.write(tree.compile_commands, ninja_file.compile_commands(plan, str(tree)))
    write_plan(tree, plan)
    # Until the build is complete, no later make may take it as up to date.
    (tree / CHECK).unlink(missing_ok=True)
    return plan


def write_plan(tree: Tree, plan: Plan) -> None:
    """Write build.ninja, and remove files left by an older plan."""
    files.write(tree / manifest_of(plan), ninja_file.build_text(plan))
    for path in stale(tree, plan):
        path.unlink()
    _drop_units(tree, plan)


def manifest_of(plan: Plan) -> str:
    """The path of a plan's build.ninja, relative to the tree."""
    return f"{plan.place}/{ninja_file.NAME}"


def stale(tree: Tree, plan: Plan) -> Iterator[Path]:
    """Modules, objects and logs of an older plan that this plan does not make."""
    units = {CORE, *(module.name for module in plan.modules)}
    place, outputs = tree / plan.place, plan.outputs
    for path in [*(place / "modules").glob("*"), *(place / "obj").glob("*/*.o")]:
        if str(path.relative_to(tree.top)) not in outputs and path.is_file():
            yield path
    yield from (path for path in (place / "log").glob("*.log") if path.stem not in units)


def _drop_units(tree: Tree, plan: Plan) -> None:
    """Remove the object directories of units that are no longer built, with their coverage data."""
    known = {str(Path(output).parent) for output in plan.outputs}
    for directory in (tree / plan.place / "obj").glob("*"):
        if directory.is_dir() and str(directory.relative_to(tree.top)) not in known:
            shutil.rmtree(directory, ignore_errors=True)


def _run(tree: Tree, plan: Plan, inputs: Inputs, reporter: Reporter) -> Iterator[Ended]:
    """Run ninja to its end, and report each step when it has ended."""
    _check_compilers(plan, inputs)
    products = () if is_whole(plan, inputs) else plan.products
    with _running(tree, manifest_of(plan), inputs.configuration.launcher, products) as process:
        yield from followed(process, lambda: plan.steps, reporter)


@contextmanager
def _running(
    tree: Tree, manifest: str, launched: Sequence[str], products: Sequence[str] = ()
) -> Iterator[subprocess.Popen[str]]:
    limit = jobs(os.environ.get("MAKEFLAGS", ""), launched)
    with started(tree, manifest, [*limit, *products], environment(tree, launched)) as process:
        yield process


_NO_COMPILER_NOW = (
    "configure found it, but it is not there now",
    "install it again, or run ./configure to look for another",
)
_NO_COMPILER_HERE = (
    "the installed tree is used with this compiler",
    "install it ('apt install gcc libc6-dev' on Debian or Ubuntu); without permission to: pip install 'asterism[zig]'",
)


def _check_compilers(plan: Plan, inputs: Inputs) -> None:
    """Raise one fault when a compiler is missing, instead of one for each file."""
    needed = {step.command[0] for step in plan.steps if step.kind in ("cc", "cxx") and step.command}
    for program in sorted(needed - {""}):
        if toolchain.which(program) is None:
            if program == inputs.configuration.cc[0]:
                why, cure = _NO_COMPILER_NOW if inputs.owns_headers else _NO_COMPILER_HERE
                raise AsterismError(Fault(f"the compiler '{program}' is missing", None, why, cure, "no-compiler"))
            raise AsterismError(Fault(f"'{program}' is missing", None, "", "run ./configure", "no-compiler"))


def _drop_profiles(place: Path) -> None:
    """Remove the coverage counters (CODE_COVERAGE) of code that was compiled again."""
    for profile in (place / "obj").glob("*/*.gcda"):
        with contextlib.suppress(FileNotFoundError):
            if profile.stat().st_mtime_ns < profile.with_suffix(".gcno").stat().st_mtime_ns:
                profile.unlink()


def _mark_fresh(tree: Tree, inputs: Inputs, started: int) -> None:
    """Write check.ninja with the time at which the sources were read: any later change makes it out of date.

    A source with a time in the future (after the clock was set back) would make it out of date forever, so
    check.ninja is never older than the newest source.
    """
    check = tree / CHECK
    files.write(check, ninja_file.check_text(inputs.watched))
    files.write(tree / IDLE, told_of(inputs, idle(inputs)) + "\n")
    moment = max([started, *(moment for _, moment in _times(tree, inputs.watched))])
    os.utime(check, ns=(moment, moment))


def _times(tree: Tree, names: Iterable[str]) -> Iterator[tuple[str, int]]:
    """The modification time of each file that exists, in nanoseconds."""
    for name in names:
        with contextlib.suppress(FileNotFoundError):
            yield name, (tree / name).stat().st_mtime_ns


def from_the_future(tree: Tree, inputs: Iterable[str], now: int) -> list[Fault]:
    """A warning when inputs of a build are newer than the clock, since every build builds their outputs again.

    Args:
        tree: the tree that is built.
        inputs: the names of files, relative to the tree.
        now: the time in nanoseconds since the epoch.
    """
    names = [name for name, moment in _times(tree, inputs) if moment > now + CLOCK_SLACK]
    if not names:
        return []
    more = f" and {len(names) - 1} more files" if len(names) > 1 else ""
    cure = "set the clock right, or 'touch' the files; until then they are compiled again by every build"
    what = f"it{more} was changed in the future, by the clock of this machine"
    return [Fault(what, Place(names[0]), "", cure, "clock", "warning")]


def _tally(plan: Plan, left_out: int, bad: Collection[str]) -> list[str]:
    core = "; the core library is not" if CORE in bad else ""
    good = len([module for module in plan.modules if module.name not in bad])
    return ["", f"{good} of {len(plan.modules) + left_out} modules are built{core}; what is wrong:", ""]


def told_of(inputs: Inputs, said: str) -> str:
    """A sentence about a build, followed by the modules that are not built and preceded by the ignored sources."""
    return "\n".join([*inputs.passed_over, said + not_built.text(inputs.lacking)])


def idle(inputs: Inputs) -> str:
    """The message of a build with nothing to do."""
    made, lacking = len(inputs.modules), len(inputs.lacking)
    return f"nothing to do: {made} of {made + lacking} modules are built" if lacking else NOTHING


def sentence(plan: Plan, ended: Sequence[Ended], seconds: float) -> str:
    """The message at the end of a build."""
    if not ended:
        return NOTHING
    made = {step.unit for step in ended if step.unit != CORE}
    core = ["the core library"] if any(step.unit == CORE for step in ended) else []
    parts = [*core, *([f"{len(made)} of {len(plan.modules)} modules"] if made else [])]
    return f"built {' and '.join(parts)} in {seconds:.1f} s"
