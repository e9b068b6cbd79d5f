"""Judge built modules: whether the program that they are built for could load them."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Self

from asterism import files
from asterism.errors import AsterismError, Fault
from asterism.parsing import json_value
from asterism.tree import Tree
from asterism.values import dataclass
from buildsys.compile.missing_sources import Repository, spare_sources
from buildsys.compile.symbol_check import Providers, exports_of, lacks
from buildsys.planning.plan import CORE, LIBRARY, Module, Plan
from buildsys.planning.plan_inputs import Inputs
from buildsys.settled import tree_facts
from menuselect.sources import settings

Judged = list[tuple[Module, Fault]]
"""Modules that were built but could not be loaded, each with the fault."""

Judge = Callable[[Mapping[Module, Path]], Judged]
"""A function that checks built modules, given with their files."""

RECORD = "unloadable.json"
"""The file in the output directory that lists modules that could not be loaded; each build judges them again."""


@dataclass(frozen=True, slots=True)
class LoadCheck:
    """The check of a build that has begun: whether the modules that it makes could be loaded.

    The record is away until the check has been carried out: a build that is cut short leaves modules that nobody has
    judged, and the next one judges them all.
    """

    path: Path
    """The record."""
    doubtful: frozenset[str]
    """The modules of the whole plan that nobody has judged, or that could not be loaded last time."""
    judge: Judge

    @classmethod
    def begun(cls, tree: Tree, whole: Plan, judge: Judge) -> Self:
        """Take the record of a plan away, before its steps run."""
        path = tree / whole.place / RECORD
        known = _recorded(path)
        path.unlink(missing_ok=True)
        return cls(path, frozenset({module.name for module in whole.modules} if known is None else known), judge)

    def carry_out(self, tree: Tree, plan: Plan, made: Collection[str], failed: Collection[str]) -> Judged:
        """Judge the modules just built and the doubtful ones, or all when the core was built; record what came of it.

        Reading thousands of files again would take longer than a build.

        Args:
            tree: the directory that is built.
            plan: the plan of the build; may be a part of the whole one.
            made: the units with at least one step that ran.
            failed: the units that could not be built.
        """
        chosen = self.doubtful | set(made)
        files_of = zip(plan.modules, (tree / product for product in plan.products), strict=True)
        judged = self.judge(
            {
                module: file
                for module, file in files_of
                if (CORE in made or module.name in chosen) and module.name not in failed and file.exists()
            }
        )
        others = self.doubtful - {module.name for module in plan.modules}
        names = sorted(others | {module.name for module, _ in judged})
        files.write(self.path, json.dumps(names) + "\n", is_lasting=False)  # a lost record has all judged again
        return judged


def approve(_made: Mapping[Module, Path]) -> Judged:
    """The judge that accepts every module; for builds in tests."""
    return []


def _recorded(path: Path) -> set[str] | None:
    """The names of the record; None when it is away or damaged."""
    try:
        return set(map(str, json_value(files.read_text(path))))
    except (AsterismError, ValueError, TypeError):
        return None


def of_asterism(tree: Tree, inputs: Inputs, plan: Plan) -> Judge:
    """The judge of modules for Asterism's own runtime."""

    def judge(made: Mapping[Module, Path]) -> Judged:
        core = tree / LIBRARY if inputs.core else core_library()
        if not made or not core.is_file():
            return []
        built = [tree / product for product in plan.products]
        theirs = [] if inputs.core else sorted(Path(tree_facts.facts().directories["astmoddir"]).glob("*.so"))
        others = tuple(path for path in (*built, *theirs) if path not in made.values())
        return unloadable(tree, inputs, plan, made, Providers(exports_of(core), others))

    return judge


def unloadable(tree: Tree, inputs: Inputs, plan: Plan, made: Mapping[Module, Path], providers: Providers) -> Judged:
    """A fault for each module that lacks symbols; it names the sources of the repository that define them."""
    lacking = lacks(made, providers)
    if not lacking:
        return []
    known = settings.load(tree.top)
    extras = {name: each.sources for name, each in known.modules.items()}
    products = zip(plan.modules, plan.products, strict=True)
    unbuilt = {module.name: module.sources for module, product in products if not (tree / product).exists()}
    around = Repository(tree.top, plan.place, spare_sources(inputs.spare, inputs.modules), extras, unbuilt)
    return [(lack.module, around.fault(lack, providers)) for lack in lacking]


def core_library() -> Path:
    """The libasterism.so of the installed tree or source tree that this program belongs to."""
    here = Path(tree_facts.facts().directories["astmoddir"]).parent / "native" / Path(LIBRARY).name
    return here if here.is_file() else Path(__file__).resolve().parents[2] / LIBRARY
