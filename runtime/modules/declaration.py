"""The declaration of a module, read from its file without running any of its code.

The start plan and trial loads use the declaration.
"""

from __future__ import annotations

import ast
import enum
from pathlib import Path
from typing import Any

from asterism.errors import AsterismError, Fault, Place
from asterism.files import read_bytes
from asterism.modulefile import elf, pythonsource, reader
from asterism.modulefile.content import ModuleFile
from asterism.modulefile.enums import LEVELS, Flag, Priority, SupportLevel, support_level_named
from asterism.modulefile.faults import registers_nothing
from asterism.modulefile.pythonsource import Source
from runtime.model.module_record import GPL_KEY, ModuleInfo


def read(path: Path) -> ModuleInfo:
    """The declaration of the module in a file.

    Raises:
        AsterismError: the file is not a module, is damaged, or declares values that only running it would compute.
    """
    data = read_bytes(path)
    if path.suffix == ".py":
        return _of_python(path, pythonsource.parse(data, path))
    elf.check(path, data)
    found = reader.parse_shared(data, str(path))
    if not found.name:
        raise AsterismError(registers_nothing(path))
    return _of_shared(found, path.stem)


def _of_shared(found: ModuleFile, name: str) -> ModuleInfo:
    return ModuleInfo(
        description=found.description or None,
        key=found.key or None,
        flags=found.flags,
        load_pri=int(found.rank),
        requires=found.requires,
        optional=found.optional,
        enhances=found.enhances,
        support_level=LEVELS.index(found.level),
        buildopt_sum=found.sum,
        buildopts=found.options,
        name=name,
        has_load="load" in found.callbacks,
        has_reload="reload" in found.callbacks,
        has_unload="unload" in found.callbacks,
    )


# ---- Python modules --------------------------------------------------------------------------------

_ENUMS: dict[str, type[enum.IntEnum] | type[enum.IntFlag]] = {
    kind.__name__: kind for kind in (Flag, Priority, SupportLevel)
}


def _of_python(path: Path, source: Source) -> ModuleInfo:
    said = _said(path, source)
    level = said.pop("support_level", None) or support_level_named(source.docstring)
    return ModuleInfo(
        **{"description": None, **said},
        name=path.stem,
        support_level=level,
        has_load=True,
        has_unload=True,
        has_reload="reload" in source.callbacks,
    )


def _said(path: Path, source: Source) -> dict[str, Any]:
    """The arguments of ``ModuleInfo(...)`` by name.

    Raises:
        AsterismError: an argument has an unknown name in it, or only running the module would compute it.
    """
    try:
        return {name: _value(node) for name, node in source.arguments.items()}
    except KeyError as error:
        why = f"there is no {error.args[0]}"
    except (ValueError, TypeError, RecursionError, MemoryError):
        why = "only running it would tell"
    cure = "write texts, tuples, and names such as Priority.CORE"
    fault = Fault(
        "its MODULE cannot be read", place=Place(str(path), source.line), why=why, cure=cure, code="python-module"
    )
    raise AsterismError(fault)


def _value(node: ast.expr) -> Any:
    """The value of an expression of texts, numbers, tuples and module enums.  Raises KeyError or ValueError."""
    if isinstance(node, ast.Tuple | ast.List):
        return tuple(_value(entry) for entry in node.elts)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return _value(node.left) | _value(node.right)
    if isinstance(node, ast.Name) and node.id == "GPL_KEY":
        return GPL_KEY
    if isinstance(node, ast.Attribute):
        owner = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
        if owner in _ENUMS:
            return _ENUMS[owner][node.attr]
    return ast.literal_eval(node)
