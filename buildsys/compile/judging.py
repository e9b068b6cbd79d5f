"""Judge built modules: whether the program that they are built for could load them."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from asterism import files
from asterism.errors import AsterismError, Fault
from asterism.parsing import json_value
from asterism.tree import Tree
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


def approve(_made: Mapping[Module, Path]) -> Judged:
    """The judge that accepts every module; for builds in tests."""
    return []


def doubtful(tree: Tree, plan: Plan, made: Collection[str], failed: Collection[str]) -> dict[Module, Path]:
    """The modules to judge after a build, and their files.

    These are the modules just built, those that could not be loaded last time, and all modules when the core was
    built. Reading thousands of files again would take longer than a build.

    Args:
        tree: the directory that is built.
        plan: the whole plan of the build.
        made: the units with at least one step that ran.
        failed: the units that could not be built.
    """
    chosen = set(made) | _recorded(tree / plan.place / RECORD)
    files_of = zip(plan.modules, (tree / product for product in plan.products), strict=True)
    return {
        module: file
        for module, file in files_of
        if (CORE in made or module.name in chosen) and module.name not in failed and file.exists()
    }


def record(tree: Tree, plan: Plan, judged: Judged) -> None:
    """Record the modules that could not be loaded."""
    path = tree / plan.place / RECORD
    if judged or path.exists():
        files.write(path, json.dumps(sorted({module.name for module, _ in judged})) + "\n")


def _recorded(path: Path) -> set[str]:
    try:
        return set(map(str, json_value(files.read_text(path))))
    except (AsterismError, ValueError, TypeError):
        return set()


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
