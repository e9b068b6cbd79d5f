"""Build modules for several real Asterisks at once, in one ninja graph, so that no target waits for another."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from asterism import files
from asterism.errors import Fault
from asterism.tree import Tree
from asterism.values import dataclass, replace
from buildsys.compile import asterisk_target
from buildsys.compile.asterisk_target import PLACE, AsteriskTarget
from buildsys.compile.failures import failed_steps
from buildsys.compile.failures.missing_headers import explained
from buildsys.compile.following import Reporter
from buildsys.compile.judging import LoadCheck
from buildsys.compile.ninja_run import ended_steps, launched, stale, write_plan
from buildsys.planning.plan import Plan, make_plan
from buildsys.planning.plan_inputs import Inputs

_LEFT_OUT = "left-out"
_UNUSUAL = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class TargetBuild:
    """The result of a build for one target."""

    modules: Mapping[str, Path]
    """The files of the built modules, by module name."""
    faults: Mapping[str, Sequence[Fault]]
    """The faults of modules that were not built or could not be loaded, by module name."""
    unfit: Mapping[str, str]
    """The reasons of modules that cannot be built for this target, by module name."""


@dataclass(frozen=True, slots=True)
class _Planned:
    name: str
    target: AsteriskTarget
    inputs: Inputs
    plan: Plan

    def unit(self, module: str) -> str:
        """The unit name of a module in the graph of all targets."""
        return f"{module}@{_UNUSUAL.sub('-', self.name).strip('-')}"


def _module_of(unit: str) -> str:
    """The module name in a unit name of the graph of all targets."""
    return unit.partition("@")[0]


def build(
    tree: Tree,
    targets: Mapping[str, AsteriskTarget],
    reporter: Reporter,
    wanted: str | None = None,
    named: Collection[str] = (),
) -> dict[str, TargetBuild]:
    """Build the modules of a directory for several targets; a module that fails does not stop the others.

    Args:
        tree: the directory.
        targets: the targets, by name.
        reporter: shows the progress.
        wanted: the compiler launcher; None takes the environment's or the configuration's.
        named: modules to include although they are switched off.

    Raises:
        AsterismError: nothing can be built: no modules, no compiler, or the disk is full.
    """
    asterisk_target.check_kind(tree)
    with files.locked(tree.lock, wait=False):
        planned = {name: _planned(tree, name, target, wanted, named) for name, target in targets.items()}
        whole = _whole(list(planned.values()))
        for each in planned.values():
            for path in stale(tree, each.plan):
                path.unlink()
        write_plan(tree, whole)
        inputs = next(iter(planned.values())).inputs
        checks = {name: _check_of(tree, each) for name, each in planned.items()}
        ended = ended_steps(tree, whole, inputs, reporter) if whole.steps else ()
        failures = failed_steps.failures(ended, f"{PLACE}/log")
        failed = {one.unit: explained(tree.top, replace(one, unit=_module_of(one.unit))).fault for one in failures}
        made = {step.unit for step in ended}
        return {name: _outcome(tree, each, made, failed, checks[name]) for name, each in planned.items()}


def _planned(tree: Tree, name: str, target: AsteriskTarget, wanted: str | None, named: Collection[str]) -> _Planned:
    inputs = launched(asterisk_target.gather(tree, target, named), wanted)
    plan = make_plan(inputs.configuration, inputs.modules, inputs.options, None, inputs.place)
    return _Planned(name, target, inputs, plan)


def _whole(planned: Sequence[_Planned]) -> Plan:
    """The plan of all targets: the steps of each, in units of its own."""
    steps = [replace(step, unit=each.unit(step.unit)) for each in planned for step in each.plan.steps]
    return Plan(tuple(steps), (), PLACE)


def _outcome(
    tree: Tree, each: _Planned, made: Collection[str], failed: Mapping[str, Fault], check: LoadCheck
) -> TargetBuild:
    faults: dict[str, list[Fault]] = {}
    unfit: dict[str, str] = {}
    for fault in each.inputs.faults:
        name = Path(fault.place.file).stem if fault.place else ""
        if fault.code == _LEFT_OUT:
            unfit[name] = fault.why
        elif fault.severity == "error":
            faults.setdefault(name, []).append(fault)
    units = {module.name: each.unit(module.name) for module in each.plan.modules}
    for name, unit in units.items():
        if unit in failed:
            faults.setdefault(name, []).append(failed[unit])
    anew = [name for name, unit in units.items() if unit in made]
    for module, fault in check.carry_out(tree, each.plan, anew, faults):
        faults.setdefault(module.name, []).append(fault)
    products = zip(each.plan.modules, each.plan.products, strict=True)
    modules = {module.name: tree / product for module, product in products if module.name not in faults}
    return TargetBuild(modules, faults, unfit)


def _check_of(tree: Tree, each: _Planned) -> LoadCheck:
    return LoadCheck.begun(tree, each.plan, asterisk_target.judge_of(tree, each.inputs, each.target, each.plan))
