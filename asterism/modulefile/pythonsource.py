"""Parse the source of a Python module: the call that makes its ``MODULE``, its callbacks, its docstring."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator

from asterism.errors import AsterismError, Fault, Place
from asterism.light.types import NamedTuple
from asterism.modulefile.enums import LEVELS, support_level_named
from asterism.parsing import python_tree

_CALLBACKS = {"load_module": "load", "unload_module": "unload", "reload_module": "reload"}
PARAMETERS = (
    "description",
    "key",
    "flags",
    "load_pri",
    "requires",
    "optional",
    "enhances",
    "support_level",
)
"""The parameters of ``ModuleInfo(...)`` in Python modules, in order."""


class Source(NamedTuple):
    """The declarations in the source of a module."""

    line: int
    """The line number of the call that makes ``MODULE``."""
    arguments: dict[str, ast.expr]
    """The arguments of ``ModuleInfo``, by name."""
    callbacks: tuple[str, ...]
    """The callbacks that the source defines, of ``load``, ``unload`` and ``reload``."""
    docstring: str


def parse(data: bytes | str, path: str | os.PathLike[str]) -> Source:
    """Parse the source of a module.

    Raises:
        AsterismError: the source has a syntax error (``python-module``), or declares no module (``registers-nothing``).
    """
    file = os.fspath(path)
    tree = _tree(data, file)
    call = next(_declarations(tree), None)
    if call is None:
        cure = "give it MODULE = ModuleInfo('what it is'), from runtime.api.module"
        fault = Fault("it registers no module", place=Place(file), cure=cure, code="registers-nothing")
        raise AsterismError(fault)
    given = dict(zip(PARAMETERS, call.args, strict=False))
    given.update((each.arg, each.value) for each in call.keywords if each.arg in PARAMETERS)
    defined = [each.name for each in tree.body if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)]
    callbacks = tuple(_CALLBACKS[name] for name in defined if name in _CALLBACKS)
    return Source(call.lineno, given, callbacks, ast.get_docstring(tree, clean=False) or "")


def _tree(data: bytes | str, file: str) -> ast.Module:
    try:
        return python_tree(data, file)
    except SyntaxError as error:
        place, why = Place(file, error.lineno or 0, error.offset or 0, error.text or ""), error.msg
    except ValueError as error:
        place, why = Place(file), str(error)
    fault = Fault("it is not valid Python", place=place, why=why, cure="correct the module", code="python-module")
    raise AsterismError(fault)


def _declarations(tree: ast.Module) -> Iterator[ast.Call]:
    """The calls that are assigned to ``MODULE``."""
    for node in tree.body:
        if not isinstance(node, ast.Assign | ast.AnnAssign) or not isinstance(node.value, ast.Call):
            continue
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if any(isinstance(target, ast.Name) and target.id == "MODULE" for target in targets):
            yield node.value


def as_text(node: ast.expr | None) -> str:
    """The value of a constant as text; the source of any other expression."""
    if node is None:
        return ""
    return str(node.value) if isinstance(node, ast.Constant) else ast.unparse(node)


def as_names(node: ast.expr | None) -> tuple[str, ...]:
    """A string, or a list of strings, as a tuple; any other expression as its source."""
    try:
        found = ast.literal_eval(node) if node is not None else ()
        return (found,) if isinstance(found, str) else tuple(map(str, found))
    except (ValueError, TypeError, SyntaxError):
        return (as_text(node),)


def level_of(source: Source) -> str:
    """The name of the support level: the one in ``MODULE``, or else the one in the docstring's MODULEINFO block."""
    declared = as_text(source.arguments.get("support_level")).rpartition(".")[2].lower()
    return declared if declared in LEVELS else support_level_named(source.docstring).name.lower()
