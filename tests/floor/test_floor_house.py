"""The plan of the house: what no other check keeps."""

from __future__ import annotations

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
PACKAGES = ("asterism", "menuselect", "buildsys", "runtime", "asterism_testing")
MOST_FILES = 15
ONE_FILE_A_HEADER = "runtime/api"
"""The folder that may hold more files: it has one for each header of include/asterisk."""
REGISTRY = "runtime.api.all"
"""Imports every file of the core API, for the package that collects what they declare."""
FOR_OLD_MODULES = {"runtime.channel", "runtime.commands"}
"""Names that modules written with 1.1 import."""


WITH_REASONS = ("asterism", "runtime", "asterism_testing")
"""Packages that give the reason of every import inside a function."""


def source_of(name: str) -> Path:
    """The file of a module, by its dotted name."""
    place = PROJECT / name.replace(".", "/")
    return place / "__init__.py" if place.is_dir() else place.with_suffix(".py")


@cache
def modules() -> dict[str, ast.Module]:
    """The syntax tree of every module of the product, by its dotted name."""
    found = {}
    for path in (path for package in PACKAGES for path in (PROJECT / package).rglob("*.py")):
        name = ".".join(path.relative_to(PROJECT).with_suffix("").parts)
        found[name.removesuffix(".__init__")] = ast.parse(path.read_text())
    return found


def imported(node: ast.AST) -> Iterator[str]:
    """Every module of the product that a module imports when it runs, in its functions as well."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        if isinstance(child, ast.Import):
            yield from (alias.name for alias in child.names)
        elif isinstance(child, ast.ImportFrom) and child.module:
            for alias in child.names:
                full = f"{child.module}.{alias.name}"
                yield full if full in modules() else child.module
        else:
            yield from imported(child)


def reached() -> dict[str, set[str]]:
    """What each module imports, by way of others too."""
    found = {name: {other for other in imported(tree) if other in modules()} for name, tree in modules().items()}
    for others in found.values():
        others.discard(REGISTRY)
    changed = True
    while changed:
        before = sum(map(len, found.values()))
        for others in found.values():
            others.update(*(found[other] for other in list(others)))
        changed = sum(map(len, found.values())) != before
    return found


def test_no_module_imports_itself_by_way_of_others() -> None:
    assert [name for name, others in reached().items() if name in others] == []


@pytest.mark.parametrize("package", PACKAGES)
def test_no_two_classes_of_a_package_share_a_name(package: str) -> None:
    places = defaultdict(list)
    for name, tree in modules().items():
        if name.split(".")[0] == package:
            for node in tree.body:
                if isinstance(node, ast.ClassDef):
                    places[node.name].append(name)
    assert {name: where for name, where in places.items() if len(where) > 1} == {}


@pytest.mark.parametrize("package", PACKAGES)
def test_no_two_modules_of_a_package_share_a_bare_name(package: str) -> None:
    names = [name for name in modules() if name.startswith(f"{package}.") and name not in FOR_OLD_MODULES]
    files = [name for name in names if not (PROJECT / name.replace(".", "/")).is_dir()]
    counts = Counter(name.rpartition(".")[2] for name in files)
    assert {name for name, count in counts.items() if count > 1} == set()


def test_no_two_files_of_tests_share_a_name() -> None:
    """The importer of pytest knows them by their bare names."""
    counts = Counter(path.name for path in (PROJECT / "tests").rglob("test_*.py"))
    assert {name for name, count in counts.items() if count > 1} == set()


def test_values_are_made_by_the_floor() -> None:
    users = {
        name
        for name, tree in modules().items()
        for node in ast.walk(tree)
        if (isinstance(node, ast.ImportFrom) and node.module == "dataclasses")
        or (isinstance(node, ast.Import) and "dataclasses" in [alias.name for alias in node.names])
    }
    assert users == {"asterism.values"}


def late_imports(name: str) -> Iterator[tuple[int, str]]:
    """Each import inside a function of a module: its line and what it imports."""
    functions = (node for node in ast.walk(modules()[name]) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    inside = {node for function in functions for node in ast.walk(function)}
    for node in inside:
        if isinstance(node, ast.Import):
            yield node.lineno, node.names[0].name
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.lineno, node.module


def has_reason(lines: list[str], number: int, imported: str) -> bool:
    """Whether a comment gives the reason of an import: in its line, above it and its neighbours, or for the module."""
    if "  # " in lines[number - 1]:
        return True
    for line in lines:
        found = re.match(r"# (\S+) is imported where it is used: \w", line)
        if found and f"{imported}.".startswith(f"{found[1]}."):
            return True
    above = number - 2
    while lines[above].lstrip().startswith(("import ", "from ")) and "  # " not in lines[above]:
        above -= 1
    return "#" in lines[above]


@pytest.mark.parametrize("package", WITH_REASONS)
def test_an_import_in_a_function_has_its_reason_beside_it(package: str) -> None:
    found = []
    for name in (name for name in modules() if name.split(".")[0] == package):
        lines = source_of(name).read_text().splitlines()
        found += [f"{name}:{at}" for at, what in late_imports(name) if not has_reason(lines, at, what)]
    assert sorted(found) == []


def test_a_folder_can_be_taken_in_at_a_glance() -> None:
    files = (path for package in PACKAGES for path in (PROJECT / package).rglob("*.py"))
    sizes = Counter(str(path.parent.relative_to(PROJECT)) for path in files)
    large = {folder for folder, count in sizes.items() if count - 1 > MOST_FILES}
    assert large == {ONE_FILE_A_HEADER}


def test_every_wing_says_what_lives_in_it() -> None:
    wings = {name: tree for name, tree in modules().items() if (PROJECT / name.replace(".", "/")).is_dir()}
    assert [name for name, tree in wings.items() if not ast.get_docstring(tree)] == []
