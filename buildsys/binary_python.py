"""A module in Python, as its source has it: the block in its docstring, and the call that makes its ``MODULE``."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import PurePath

from asterism.errors import AsterismError, Fault, Place
from asterism.parsing import python_tree
from buildsys.binary import LEVELS, Binary

_CALLBACKS = {"load_module": "load", "unload_module": "unload", "reload_module": "reload"}


def parse(text: str, path: str) -> Binary:
    """Read the source of a module.

    Raises:
        AsterismError: it has a syntax error, or declares no module.
    """
    try:
        source = python_tree(text, path)
    except (SyntaxError, ValueError) as error:
        line, column, shown = (getattr(error, name, None) for name in ("lineno", "offset", "text"))
        place = Place(path, line or 0, column or 0, shown or "")
        why = getattr(error, "msg", "") or str(error)
        raise AsterismError(Fault("it is no Python source", place, why, "correct it", "python-module")) from None
    declared = next(_declarations(source), None)
    if declared is None:
        cure = "give it MODULE = ModuleInfo('what it is'), from runtime.api.module"
        raise AsterismError(Fault("it registers no module", Place(path), "", cure, "registers-nothing"))
    return _binary(declared, source, text, path)


def _declarations(source: ast.Module) -> Iterator[ast.Call]:
    for statement in source.body:
        targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
        value = getattr(statement, "value", None)
        if isinstance(value, ast.Call) and any(isinstance(each, ast.Name) and each.id == "MODULE" for each in targets):
            yield value


def _binary(declared: ast.Call, source: ast.Module, text: str, path: str) -> Binary:
    given = {each.arg: each.value for each in declared.keywords if each.arg}
    if declared.args:
        given["description"] = declared.args[0]
    defined = [each.name for each in source.body if isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef))]
    return Binary(
        path,
        "Python",
        PurePath(path).stem,
        description=_text(given.get("description")),
        level=_level(_last_word(given.get("support_level")), text, path),
        rank=_text(given.get("load_pri")),
        requires=_names(given.get("requires")),
        optional=_names(given.get("optional")),
        enhances=_names(given.get("enhances")),
        callbacks=tuple(_CALLBACKS[name] for name in defined if name in _CALLBACKS),
    )


def _text(value: ast.expr | None) -> str:
    """A constant as it is, another expression as it is written."""
    if value is None:
        return ""
    return str(value.value) if isinstance(value, ast.Constant) else ast.unparse(value)


def _last_word(value: ast.expr | None) -> str:
    """``EXTENDED`` of ``SupportLevel.EXTENDED``."""
    return _text(value).rpartition(".")[2].lower()


def _names(value: ast.expr | None) -> tuple[str, ...]:
    try:
        found = ast.literal_eval(value) if value is not None else ()
    except (ValueError, TypeError, SyntaxError):
        return (_text(value),)
    return (found,) if isinstance(found, str) else tuple(map(str, found))


def _level(declared: str, text: str, path: str) -> str:
    if declared in LEVELS:
        return declared
    from menuselect import moduleinfo

    elements = (element for block in moduleinfo.read(text, path).blocks for element in block.elements)
    return next((element.text for element in elements if element.tag == "support_level"), LEVELS[0])
