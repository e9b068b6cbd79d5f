"""Modules in Python: the source runs under a unique module name, with the same life cycle as a shared object."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

from asterism.errors import AsterismError, Fault, Place
from asterism.modulefile.enums import support_level_named
from asterism.values import TYPE_CHECKING, dataclass, field, replace
from runtime import api
from runtime.api import stasis
from runtime.api.pbx import REGISTRATIONS, Registration
from runtime.model.module_record import ModuleInfo
from runtime.modules import build_id

if TYPE_CHECKING:
    from typing import Any

    from runtime.core.registry import Registry

_imports = itertools.count()


@dataclass(slots=True)
class PythonModule:
    """An opened module in Python."""

    path: Path
    info: ModuleInfo
    code: ModuleType
    build: str = ""
    uses: int = 0
    running: bool = False
    entries: list[tuple[str, Any]] = field(default_factory=list)
    """The module's registrations: the registry's name and the entry."""

    @property
    def use_count(self) -> int:
        """The number of references on the module."""
        return self.uses

    def use(self, change: int) -> int:
        """Change the use count by ``change``, never below 0.  Returns the new count."""
        self.uses = max(self.uses + change, 0)
        return self.uses

    def set_running(self, running: bool) -> None:
        """Record whether the module runs."""
        self.running = running

    def _call(self, callback: str, failure: int) -> int:
        function: Callable[[], int | None] | None = getattr(self.code, callback, None)
        if function is None:
            return 0
        try:
            return int(function() or 0)
        except BaseException as error:  # the code is a third party's: an exception counts as a failed callback
            api.report(f"{self.info.name}.{callback}", error)
            return failure

    def load(self) -> int:
        """Register the decorators' declarations and call ``load_module``.  Returns its result; 1 after an exception."""
        try:
            for registration in declared(self.code):
                entry = registration.make(self)
                _registry(registration.registry).add(entry)
                self.entries.append((registration.registry, entry))
        except AsterismError as error:
            api.report(self.info.name, error)
            self._withdraw()
            return 1
        result = self._call("load_module", 1)
        if result:
            self._withdraw()
        return result

    def unload(self) -> int:
        """Call ``unload_module``; unless it refuses, remove the registrations.  Returns its result; -1 on failure."""
        result = self._call("unload_module", -1)
        if not result:
            self._withdraw()
        return result

    def reload(self) -> int:
        """Call ``reload_module``.  Returns the result, -1 after an exception, and 0 when there is no such function."""
        return self._call("reload_module", -1)

    def _withdraw(self) -> None:
        while self.entries:
            registry, entry = self.entries.pop()
            _registry(registry).remove(entry)

    def close(self) -> None:
        """Remove the module's registrations, and the module from ``sys.modules``."""
        self._withdraw()
        sys.modules.pop(self.code.__name__, None)


class _Place:
    """A registry or the table of commands, behind one pair of functions to add and remove entries."""

    def __init__(self, add: Callable[[Any], object], remove: Callable[[Any], object]) -> None:
        self.add = add
        self.remove = remove


def _registry(name: str) -> _Place:
    core = api.core()
    if name == "commands":
        return _Place(core.commands.register, core.commands.unregister)
    if name == "subscriptions":
        return _Place(stasis.subscribe, stasis.unsubscribe)
    registries: dict[str, Registry[Any]] = {
        "applications": core.applications,
        "functions": core.functions,
        "actions": core.actions,
        "tests": core.tests,
    }
    registry = registries[name]
    return _Place(registry.add, lambda entry: registry.remove(entry.name))


def declared(code: ModuleType) -> Iterator[Registration]:
    """The declarations of the decorators in a Python module, in the order of its source."""
    for thing in list(vars(code).values()):
        if getattr(thing, "__module__", None) == code.__name__:
            yield from getattr(thing, REGISTRATIONS, ())


def open_python(file: Path, source: bytes) -> PythonModule:
    """Run the source of a module; none of its callbacks is called.  Raises AsterismError (``python-module``)."""
    name = file.stem
    code = ModuleType(f"_asterism_module_{name}_{next(_imports)}")
    code.__file__ = str(file)
    sys.modules[code.__name__] = code
    try:
        exec(compile(source, str(file), "exec", dont_inherit=True), vars(code))  # noqa: S102 (this is how a module is opened)
        info = _python_info(file, code)
    except AsterismError:
        sys.modules.pop(code.__name__, None)
        raise
    except BaseException as error:  # the code is a third party's: any exception may come
        sys.modules.pop(code.__name__, None)
        raise AsterismError(_raised(file, error)) from error
    return PythonModule(file, info, code, build_id.of_source(source))


def _raised(file: Path, error: BaseException) -> Fault:
    """The fault of an exception in a module's source, with the line of the innermost frame in that file."""
    line = getattr(error, "lineno", None) if isinstance(error, SyntaxError) else None
    trace = error.__traceback__
    while trace is not None and line is None:
        if trace.tb_frame.f_code.co_filename == str(file):
            line = trace.tb_lineno
        trace = trace.tb_next
    return Fault(
        f"it raised {type(error).__name__}",
        place=Place(str(file), line or 0),
        why=str(error),
        cure="correct the module",
        code="python-module",
    )


def _python_info(file: Path, code: ModuleType) -> ModuleInfo:
    info = getattr(code, "MODULE", None)
    if not isinstance(info, ModuleInfo):
        raise AsterismError(
            Fault(
                "it registers no module",
                place=Place(str(file)),
                cure="give it MODULE = ModuleInfo('what it is'), from runtime.api.module",
                code="registers-nothing",
            )
        )
    _check_callbacks(file, code)
    level = info.support_level or support_level_named(code.__doc__ or "")
    return replace(
        info,
        name=file.stem,
        support_level=level,
        has_load=True,
        has_unload=True,
        has_reload=hasattr(code, "reload_module"),
    )


def _check_callbacks(file: Path, code: ModuleType) -> None:
    """Refuse callbacks with required parameters, since the loader calls them without arguments."""
    faults = []
    for name in ("load_module", "unload_module", "reload_module"):
        callback = getattr(code, name, None)
        compiled = getattr(callback, "__code__", None)
        needed = compiled.co_argcount - len(getattr(callback, "__defaults__", None) or ()) if compiled else 0
        if callback is not None and (not callable(callback) or needed > 0):
            place = Place(str(file), compiled.co_firstlineno if compiled else 0)
            what = f"its {name} takes arguments" if callable(callback) else f"its {name} is not a function"
            faults.append(Fault(what, place, cure=f"write 'def {name}() -> int:'", code="python-module"))
    if faults:
        raise AsterismError(*faults)
