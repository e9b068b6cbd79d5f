"""The one place that opens shared objects, and Python modules, which live the same life.

Three things are done here and nowhere else: :func:`open_native` opens libasterism.so and binds the core
API to a core, :func:`open_module` opens a module, :meth:`Module.close` closes it.  Every way in which
opening can go wrong is a fault with a code of its own, for the loader to decide on.
"""

from __future__ import annotations

import importlib.util
import itertools
import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from asterism import files, headers
from asterism.errors import AsterismError, Fault, Place
from asterism.files import read_bytes
from asterism.names import did_you_mean
from asterism.values import dataclass, field, replace
from runtime import api, elf, identity
from runtime.api import stasis
from runtime.api.options import FULLY_BOOTED
from runtime.api.pbx import REGISTRATIONS, Registration
from runtime.module import Flag, Module, ModuleInfo, SupportLevel, UndefinedSymbolError

if TYPE_CHECKING:
    from runtime.core import Core
    from runtime.registry import Registry

__all__ = ["Module", "ModuleInfo", "Native", "open_module", "open_native"]

BUILDOPTS_MARK = b"asterism-buildopts:"
"""Stands before the build options in a module's file (``AST_MODULE_BUILDOPTS_`` of asterisk/module.h)."""

_UNDEFINED = re.compile(r"undefined symbol: (\w+)")
_MISSING = re.compile(r"^(\S+): cannot open shared object file")


# ---- the core's own library ----------------------------------------------------------------------


@dataclass(slots=True)
class Native:
    """libasterism.so, opened, with the core API bound to a core."""

    path: Path
    ffi: Any
    lib: Any
    core: Core

    def set_booted(self) -> None:
        """Let modules see that the start is complete (``ast_fully_booted``)."""
        self.lib.asterism_set_options(FULLY_BOOTED, 0)

    def install_crash_handler(self, log: int | None = None) -> None:
        """Have a crash told by module and callback, on standard error.

        Args:
            log: descriptor of an open file that gets the same and the backtrace; the message then names the file.
        """
        if log is not None:
            self.lib.asterism_crash_also(log, os.fsencode(_name_of(log)))
        if self.lib.asterism_crash_install():
            self.core.logger.warning("the crash handler could not be installed")

    def close(self) -> None:
        """Take the core API away from C: threads of modules that still call it get failure values."""
        api.unbind()


def _name_of(descriptor: int) -> str:
    """The file of a descriptor, or an empty string when the system does not say."""
    try:
        return os.readlink(f"/proc/self/fd/{descriptor}")
    except OSError:
        return ""


def _load_types(file: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("_asterism_core_types", file)
    if spec is None or spec.loader is None or not file.is_file():
        raise AsterismError(_incomplete(file))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _incomplete(file: Path) -> Fault:
    return Fault(
        "a part of the core is missing",
        place=Place(str(file)),
        cure="run 'make install' again",
        code="no-such-file",
    )


_libraries: dict[tuple[str, int, int], tuple[Any, Any]] = {}
"""cffi's objects of each libasterism.so opened by this process: a second core uses the first one's."""


def open_native(directory: Path, core: Core) -> Native:
    """Open libasterism.so and bind the core API to ``core``; once, before any module.

    Raises:
        AsterismError: a file is missing or cannot be loaded.
    """
    path = Path(directory) / "libasterism.so"
    try:
        status = path.stat()
    except OSError:
        raise AsterismError(_incomplete(path)) from None
    key = (os.path.realpath(path), status.st_ino, status.st_mtime_ns)
    if key not in _libraries:
        _libraries[key] = _open_library(path)
    ffi, lib = _libraries[key]
    api.bind(core, ffi, lib)
    return Native(path, ffi, lib, core)


def _open_library(path: Path) -> tuple[Any, Any]:
    ffi = _load_types(path.with_name("core_types.py")).ffi
    try:
        # Global, so that modules find the core's symbols; never closed, since modules are bound to it.
        return ffi, ffi.dlopen(str(path), ffi.RTLD_NOW | ffi.RTLD_GLOBAL)
    except OSError as error:
        raise AsterismError(
            Fault(
                "the core cannot be loaded",
                place=Place(str(path)),
                why=str(error),
                cure="run 'make clean' and 'make install' again",
                code="core",
            )
        ) from error


# ---- modules -------------------------------------------------------------------------------------


def open_module(path: Path, *, global_symbols: bool = False) -> Module:
    """Open a module: ``NAME.so`` or ``NAME.py``.  None of its callbacks is called.

    Args:
        path: its file.
        global_symbols: let others use its symbols even when its flags do not say so.

    Raises:
        AsterismError: with one fault, whose code is ``no-such-file``, ``file`` (unreadable), ``not-elf``,
            ``wrong-machine``, ``undefined-symbol``, ``missing-library``, ``cannot-open``,
            ``registers-nothing``, ``registers-twice``, ``other-layout``, ``registers-other-name``,
            ``python-module``.
    """
    file = Path(path)
    try:
        data = _content(file)
    except FileNotFoundError:
        raise AsterismError(_absent(file)) from None
    if file.suffix == ".py":
        return _open_python(file, data)
    elf.check(file, data)
    return _open_shared(file, buildopts_named(data), global_symbols)


def _content(file: Path) -> bytes:
    """The bytes of a file.  Raises FileNotFoundError, or AsterismError when it cannot be read otherwise."""
    try:
        return files.read_bytes(file, files.BINARY)
    except AsterismError as error:
        if isinstance(error.__cause__, FileNotFoundError):
            raise error.__cause__ from None
        raise


def _absent(file: Path) -> Fault:
    if file.is_symlink():
        return Fault(
            f"it is a link to {os.readlink(file)}, which is not there",
            place=Place(str(file)),
            cure="install the module again, or take the link away",
            code="no-such-file",
        )
    names = [entry.stem for entry in file.parent.glob("*") if entry.suffix in (".so", ".py")]
    return Fault(
        f"there is no module {file.name}",
        place=Place(str(file)),
        cure=did_you_mean(file.stem, names) or "build and install it first, or correct the name",
        code="no-such-file",
    )


def buildopts_named(data: bytes) -> tuple[str, ...] | None:
    """The build options a module's file names, or None when it names none."""
    at = data.find(BUILDOPTS_MARK)
    if at < 0:
        return None
    text = data[at + len(BUILDOPTS_MARK) :].partition(b"\0")[0].decode("utf-8", "replace")
    return tuple(text.split())


MOMENT = 0.5
"""How long threads of a module that is closed are waited for, in seconds."""


@dataclass(slots=True)
class SharedModule:
    """A module in C, opened."""

    path: Path
    info: ModuleInfo
    native: api.Binding
    handle: Any
    record: Any
    """Its ``struct ast_module_info``."""
    self: Any
    """Its ``struct ast_module``, as the core knows it; valid as long as this object, also after :meth:`close`."""
    name: Any
    """Its name as a C string, for the marks."""
    copy: int | None = None
    """Descriptor of the private copy it was opened from, if one was needed."""

    @property
    def use_count(self) -> int:
        """How many hold it."""
        return int(self.native.lib.asterism_module_uses(self.self))

    @property
    def build(self) -> str:
        """Its build, as the memory it runs from has it."""
        begin = self.native.lib.asterism_begin(self.handle)
        return identity.of_memory(lambda address, size: bytes(self.native.ffi.buffer(begin + address, size)))

    def use(self, change: int) -> int:
        """Change the use count; never below 0."""
        return int(self.native.lib.asterism_module_use(self.self, change))

    def set_running(self, running: bool) -> None:
        """Note that it runs or does not."""
        self.native.lib.asterism_module_set_running(self.self, int(running))

    def _call(self, callback: str, function: Any) -> int:
        shown = {"load": b"its load callback", "unload": b"its unload callback", "reload": b"its reload callback"}
        return int(self.native.lib.asterism_call(self.name, shown[callback], function))

    def load(self) -> int:
        """Call its load callback."""
        return self._call("load", self.record.load)

    def unload(self) -> int:
        """Call its unload callback."""
        return self._call("unload", self.record.unload)

    def reload(self) -> int:
        """Call its reload callback."""
        return self._call("reload", self.record.reload)

    def _threads_left(self) -> int:
        """How many threads that it had made still run; those that were told to end get a moment for it."""
        count, name = self.native.lib.asterism_threads_of, self.name
        until = time.monotonic() + MOMENT
        while (left := int(count(name))) and time.monotonic() < until:
            time.sleep(0.005)
        return left

    def close(self) -> None:
        """Close it: its destructors run, and its code goes; unless threads of it are in that code."""
        ffi, lib = self.native.ffi, self.native.lib
        if left := self._threads_left():
            lib.asterism_module_keep(self.self)  # for those threads, which nobody will see the end of
            self.handle = self.record = ffi.NULL
            raise AsterismError(_left_running(self.path, left))
        reason = ffi.new("char[1024]")
        failed = lib.asterism_close(self.self, self.handle, reason, 1024)
        if self.copy is not None:
            os.close(self.copy)
            self.copy = None
        self.handle = self.record = ffi.NULL
        if failed:
            lib.asterism_module_keep(self.self)  # its code stays, and knows the record
            raise AsterismError(
                Fault("it could not be closed", place=Place(str(self.path)), why=api.text(reason), code="cannot-close")
            )


def _open_shared(file: Path, buildopts: tuple[str, ...] | None, global_symbols: bool) -> SharedModule:
    binding = api.bound()
    ffi, lib = binding.ffi, binding.lib
    name = file.name.removesuffix(".so")
    module = ffi.gc(lib.asterism_module_new(api.encode(name)), lib.asterism_module_drop)
    if not module:
        raise MemoryError(f"no memory for module {name}")
    opening = ffi.new("struct asterism_opening *", {"module": module})
    target, copy = _openable(file, lib)
    handle = lib.asterism_open(opening, os.fsencode(target), ffi.RTLD_NOW | ffi.RTLD_LOCAL)
    opened = SharedModule(
        file,
        ModuleInfo(None),
        binding,
        handle,
        opening.registered[0],
        module,
        ffi.new("char[]", api.encode(name)),
        copy,
    )
    if not handle:
        _discard(opened)
        raise _not_opened(file, api.text(opening.error))
    fault = _misregistered(opened, opening.count, name)
    if fault is None:
        opened.info = _info(opened.record, buildopts)
        if opened.info.name != name:
            fault = _other_name(file, opened.info.name)
    if fault is not None:
        opened.close()
        raise AsterismError(fault)
    if global_symbols or opened.info.flags & Flag.GLOBAL_SYMBOLS:
        _publish(opening, target, ffi, lib)
    return opened


def _discard(opened: SharedModule) -> None:
    if opened.copy is not None:
        os.close(opened.copy)


def _publish(opening: Any, target: str, ffi: Any, lib: Any) -> None:
    """Make the symbols of an opened module available to those opened later, without running its constructors again."""
    again = lib.asterism_open(opening, os.fsencode(target), ffi.RTLD_NOW | ffi.RTLD_GLOBAL | _RTLD_NOLOAD)
    if again:
        lib.asterism_close(opening.module, again, ffi.new("char[256]"), 256)


_RTLD_NOLOAD = os.RTLD_NOLOAD

_copies = itertools.count()


def _openable(file: Path, lib: Any) -> tuple[str, int | None]:
    """What to hand to dlopen so that it is this file, as it is now, that runs.

    The dynamic linker gives back what is mapped already when the path or the inode is known to it: a
    module whose old code is still there, because another holds it or because it cannot be unmapped.
    Then the file is copied into memory and opened from there, under a name nobody has seen.
    """
    path = os.path.abspath(file)  # a name without a slash would be looked for among the system's libraries
    if not lib.asterism_is_mapped(os.fsencode(path)):
        return path, None
    copy = os.memfd_create(f"{file.name}-{next(_copies)}", os.MFD_CLOEXEC)
    try:
        _write_all(copy, read_bytes(path))
    except BaseException:
        os.close(copy)
        raise
    return f"/proc/self/fd/{copy}", copy


def _left_running(path: Path, count: int) -> Fault:
    return Fault(
        f"it left {count} thread{'s' * (count != 1)} running, so its code stays in memory",
        Place(str(path)),
        cure="end and join in the unload callback what the module started: threads, taskprocessors, schedulers",
        code="threads-left",
    )


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def _not_opened(file: Path, reason: str) -> AsterismError:
    """What the dynamic linker said, as an error."""
    place = Place(str(file))
    if found := _UNDEFINED.search(reason):
        return UndefinedSymbolError(found[1], _undefined(found[1], place))
    return AsterismError(_unopened(file, place, reason))


def _unopened(file: Path, place: Place, reason: str) -> Fault:
    if (found := _MISSING.match(reason)) and found[1] != str(file):
        return Fault(
            f"it needs the library {found[1]}, which is not installed",
            place=place,
            cure=f"install the package that holds {found[1]}",
            code="missing-library",
        )
    if "executable" in reason:
        return Fault(
            "it is a program, not a shared object",
            place=place,
            cure="link it with -shared, or take it out of the module directory",
            code="not-elf",
        )
    why = reason.removeprefix(f"{file}: ")
    return Fault("it cannot be opened", place=place, why=why, cure="build and install it again", code="cannot-open")


def _undefined(symbol: str, place: Place) -> Fault:
    why, cure = headers.why_undefined(symbol)
    near = did_you_mean(symbol, provided_symbols())
    cure = near or cure or "load the module that provides it, or build this one against the headers of this version"
    return Fault(f"it needs '{symbol}', which nobody provides", place, why, cure, "undefined-symbol")


def provided_symbols() -> list[str]:
    """The symbols libasterism.so provides, sorted."""
    from elftools.elf.elffile import ELFFile  # 40 ms that only a mistake should pay for
    from elftools.elf.sections import SymbolTableSection

    for path, *_ in _libraries:
        with open(path, "rb") as file:
            table = ELFFile(file).get_section_by_name(".dynsym")
            if isinstance(table, SymbolTableSection):
                return sorted(entry.name for entry in table.iter_symbols() if entry["st_shndx"] != "SHN_UNDEF")
    return []


def _misregistered(opened: SharedModule, count: int, name: str) -> Fault | None:
    """What is wrong with how a module registered itself, as far as it shows without reading its record."""
    place = Place(str(opened.path))
    if count == 0:
        return Fault(
            "it registers no module",
            place=place,
            cure="close its source with AST_MODULE_INFO(...), or take it out of the module directory",
            code="registers-nothing",
        )
    if count > 1:
        return Fault(
            f"it registers {count} modules",
            place=place,
            cure="one shared object holds one AST_MODULE_INFO; is another module linked into it?",
            code="registers-twice",
        )
    own, lib = opened.record.name, opened.native.lib
    if not own or not lib.asterism_owns(opened.handle, own):
        return Fault(
            f"the record of {name} has another layout",
            place=place,
            why="its name is not where it should be; headers of Asterisk 15 and earlier lay it out differently",
            cure="compile it against the headers of this version",
            code="other-layout",
        )
    return None


def _other_name(file: Path, name: str) -> Fault:
    return Fault(
        f"it registers as '{name}'",
        place=Place(str(file)),
        why="the loader finds a module by the name of its file",
        cure=f"name the file {name}.so, or compile it with -DAST_MODULE='\"{file.stem}\"'",
        code="registers-other-name",
    )


def _names(pointer: Any) -> tuple[str, ...]:
    return tuple(name.strip() for name in api.text(pointer).split(",") if name.strip())


def _info(record: Any, buildopts: tuple[str, ...] | None) -> ModuleInfo:
    ffi = api.bound().ffi
    return ModuleInfo(
        description=api.text(record.description) if record.description else None,
        key=api.text(record.key) if record.key else None,
        flags=int(record.flags),
        load_pri=int(record.load_pri),
        requires=_names(record.requires),
        optional=_names(record.optional_modules),
        enhances=_names(record.enhances),
        support_level=int(record.support_level),
        buildopt_sum=bytes(ffi.buffer(record.buildopt_sum)).partition(b"\0")[0].decode("ascii", "replace"),
        buildopts=buildopts,
        name=api.text(record.name),
        has_load=bool(record.load),
        has_unload=bool(record.unload),
        has_reload=bool(record.reload),
    )


# ---- Python modules ------------------------------------------------------------------------------

_SUPPORT = re.compile(r"<support_level>\s*(\w+)\s*</support_level>")
_imports = itertools.count()


@dataclass(slots=True)
class PythonModule:
    """A module in Python, imported under a name of its own."""

    path: Path
    info: ModuleInfo
    code: ModuleType
    build: str = ""
    uses: int = 0
    running: bool = False
    entries: list[tuple[str, Any]] = field(default_factory=list)
    """What it has registered: the registry and the entry."""

    @property
    def use_count(self) -> int:
        """How many hold it."""
        return self.uses

    def use(self, change: int) -> int:
        """Change the use count; never below 0."""
        self.uses = max(self.uses + change, 0)
        return self.uses

    def set_running(self, running: bool) -> None:
        """Note that it runs or does not."""
        self.running = running

    def _call(self, callback: str, failure: int) -> int:
        function: Callable[[], int | None] | None = getattr(self.code, callback, None)
        if function is None:
            return 0
        try:
            return int(function() or 0)
        except BaseException as error:  # anybody's code: its mistake is a failed callback
            api.report(f"{self.info.name}.{callback}", error)
            return failure

    def load(self) -> int:
        """Register what its decorators declare, then call its ``load_module``; one that raises declines."""
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
        """Call its ``unload_module``; unless that refuses, take away what its decorators registered."""
        result = self._call("unload_module", -1)
        if not result:
            self._withdraw()
        return result

    def reload(self) -> int:
        """Call its ``reload_module``."""
        return self._call("reload_module", -1)

    def _withdraw(self) -> None:
        while self.entries:
            registry, entry = self.entries.pop()
            _registry(registry).remove(entry)

    def close(self) -> None:
        """Forget it."""
        self._withdraw()
        sys.modules.pop(self.code.__name__, None)


class _Place:
    """The registries and the table of commands under one pair of verbs."""

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
    """What the decorators of a Python module declare, in the order of its source."""
    for thing in list(vars(code).values()):
        if getattr(thing, "__module__", None) == code.__name__:
            yield from getattr(thing, REGISTRATIONS, ())


def _open_python(file: Path, source: bytes) -> PythonModule:
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
    except BaseException as error:  # a module is anybody's code
        sys.modules.pop(code.__name__, None)
        raise AsterismError(_raised(file, error)) from error
    return PythonModule(file, info, code, identity.of_source(source))


def _raised(file: Path, error: BaseException) -> Fault:
    """An exception of a module's own code, with the line of that file where it came from."""
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
    """Refuse callbacks that the loader could not call: they take no arguments."""
    faults = []
    for name in ("load_module", "unload_module", "reload_module"):
        callback = getattr(code, name, None)
        compiled = getattr(callback, "__code__", None)
        needed = compiled.co_argcount - len(getattr(callback, "__defaults__", None) or ()) if compiled else 0
        if callback is not None and (not callable(callback) or needed > 0):
            place = Place(str(file), compiled.co_firstlineno if compiled else 0)
            what = f"its {name} takes arguments" if callable(callback) else f"its {name} is no function"
            faults.append(Fault(what, place, cure=f"write 'def {name}() -> int:'", code="python-module"))
    if faults:
        raise AsterismError(*faults)


def support_level_named(docstring: str) -> int:
    """The support level of the MODULEINFO block in a docstring."""
    found = _SUPPORT.search(docstring)
    names = {level.name.lower(): level for level in SupportLevel}
    return names.get(found[1].lower(), SupportLevel.UNKNOWN) if found else SupportLevel.UNKNOWN
