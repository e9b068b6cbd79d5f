"""Modules in C: shared objects, opened, called and closed."""

from __future__ import annotations

import os
import time
from pathlib import Path

from asterism.errors import AsterismError, Fault, Place
from asterism.light.patterns import pattern
from asterism.modulefile import marks
from asterism.modulefile.faults import registers_nothing
from asterism.values import TYPE_CHECKING, dataclass
from asterism.words import counted
from runtime import api
from runtime.model.module_record import Flag, ModuleInfo, UndefinedSymbolError
from runtime.modules import build_id
from runtime.modules.module_copies import Copy, copies_in

if TYPE_CHECKING:
    from typing import Any

_UNDEFINED = pattern(r"undefined symbol: (\w+)")
_MISSING = pattern(r"^(\S+): cannot open shared object file")

MOMENT = 0.5
"""How long :meth:`SharedModule.close` waits for the module's threads to end, in seconds."""


@dataclass(slots=True)
class SharedModule:
    """An opened module in C."""

    path: Path
    info: ModuleInfo
    native: api.Binding
    handle: Any
    record: Any
    """The module's ``struct ast_module_info``."""
    self: Any
    """The module's ``struct ast_module`` in the core; valid as long as this object, also after :meth:`close`."""
    name: Any
    """The module's name as a C string, for the crash handler's marks."""
    copy: Copy
    """The mapped copy of the module's file."""

    @property
    def use_count(self) -> int:
        """The number of references on the module."""
        return int(self.native.lib.asterism_module_uses(self.self))

    @property
    def build(self) -> str:
        """The build identifier of the module, read from its mapped memory."""
        begin = self.native.lib.asterism_begin(self.handle)
        return build_id.of_memory(lambda address, size: bytes(self.native.ffi.buffer(begin + address, size)))

    def use(self, change: int) -> int:
        """Change the use count by ``change``, never below 0.  Returns the new count."""
        return int(self.native.lib.asterism_module_use(self.self, change))

    def set_running(self, running: bool) -> None:
        """Record whether the module runs."""
        self.native.lib.asterism_module_set_running(self.self, int(running))

    def _call(self, callback: str, function: Any) -> int:
        shown = {"load": b"its load callback", "unload": b"its unload callback", "reload": b"its reload callback"}
        return int(self.native.lib.asterism_call(self.name, shown[callback], function))

    def load(self) -> int:
        """Call the load callback.  Returns its result."""
        return self._call("load", self.record.load)

    def unload(self) -> int:
        """Call the unload callback.  Returns its result."""
        return self._call("unload", self.record.unload)

    def reload(self) -> int:
        """Call the reload callback.  Returns its result."""
        return self._call("reload", self.record.reload)

    def _threads_left(self) -> int:
        """The number of threads of the module that still run; ending threads get up to :data:`MOMENT` seconds."""
        count, name = self.native.lib.asterism_threads_of, self.name
        until = time.monotonic() + MOMENT
        while (left := int(count(name))) and time.monotonic() < until:
            time.sleep(0.005)
        return left

    def close(self) -> None:
        """Close the module: run its destructors and unmap its code, unless threads of the module still run.

        Raises:
            AsterismError: threads of the module still run (``threads-left``), or it cannot be closed
                (``cannot-close``).
        """
        ffi, lib = self.native.ffi, self.native.lib
        if left := self._threads_left():
            lib.asterism_module_keep(self.self)  # for those threads, whose end cannot be observed
            self.handle = self.record = ffi.NULL
            raise AsterismError(_left_running(self.path, left))
        reason = ffi.new("char[1024]")
        failed = lib.asterism_close(self.self, self.handle, reason, 1024)
        if not lib.asterism_is_mapped(os.fsencode(self.copy.target)):
            self.copy.remove()
        self.handle = self.record = ffi.NULL
        if failed:
            lib.asterism_module_keep(self.self)  # the code stays in memory and refers to the record
            raise AsterismError(
                Fault("it could not be closed", place=Place(str(self.path)), why=api.text(reason), code="cannot-close")
            )


def open_shared(file: Path, data: bytes, global_symbols: bool) -> SharedModule:
    """Open a checked shared object; none of its callbacks is called.

    Args:
        file: the shared object.
        data: its bytes.
        global_symbols: make its symbols available to other modules even when its flags do not ask for that.

    Raises:
        AsterismError: see :func:`runtime.modules.module_opening.open_module`.
    """
    binding = api.bound()
    ffi, lib = binding.ffi, binding.lib
    name = file.name.removesuffix(".so")
    module = ffi.gc(lib.asterism_module_new(api.encode(name)), lib.asterism_module_drop)
    if not module:
        raise MemoryError(f"no memory for module {name}")
    opening = ffi.new("struct asterism_opening *", {"module": module})
    copy = copies_in(api.core().settings.directories.astrundir).make(file, data)
    handle = lib.asterism_open(opening, os.fsencode(copy.target), ffi.RTLD_NOW | ffi.RTLD_LOCAL)
    if not handle and _has_stand_ins(file, opening):
        handle = lib.asterism_open(opening, os.fsencode(copy.target), ffi.RTLD_NOW | ffi.RTLD_LOCAL)
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
        copy.remove()
        raise _not_opened(file, api.text(opening.error).removeprefix(f"{copy.target}: "))
    fault = _misregistered(opened, opening.count, name)
    if fault is None:
        opened.info = _info(opened.record, marks.buildopts_named(data), name)
    if fault is not None:
        opened.close()
        raise AsterismError(fault)
    if global_symbols or opened.info.flags & Flag.GLOBAL_SYMBOLS:
        _publish(opening, copy.target, ffi, lib)
    return opened


def _has_stand_ins(file: Path, opening: Any) -> bool:
    """Provide stand-ins for undefined symbols.  Returns whether another attempt to open the module makes sense."""
    if not api.core().settings.options.standins or not _UNDEFINED.search(api.text(opening.error)):
        return False
    from runtime.modules import stand_ins  # which only those who host binaries of Asterisk need

    return stand_ins.provide(file)


def _publish(opening: Any, target: str, ffi: Any, lib: Any) -> None:
    """Make the symbols of an opened module available to later modules, without running its constructors again."""
    again = lib.asterism_open(opening, os.fsencode(target), ffi.RTLD_NOW | ffi.RTLD_GLOBAL | _RTLD_NOLOAD)
    if again:
        lib.asterism_close(opening.module, again, ffi.new("char[256]"), 256)


_RTLD_NOLOAD = os.RTLD_NOLOAD


def _left_running(path: Path, count: int) -> Fault:
    return Fault(
        f"it left {counted(count, 'thread')} running, so its code stays in memory",
        Place(str(path)),
        cure="end and join in the unload callback what the module started: threads, taskprocessors, schedulers",
        code="threads-left",
    )


def _not_opened(file: Path, reason: str) -> AsterismError:
    """The error for a message of the dynamic linker."""
    place = Place(str(file))
    if found := _UNDEFINED.search(reason):
        what = f"it needs '{found[1]}', which nobody provides"
        return UndefinedSymbolError(found[1], Fault(what, place=place, code="undefined-symbol"))
    return AsterismError(_unopened(place, reason))


def _unopened(place: Place, reason: str) -> Fault:
    if found := _MISSING.match(reason):
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
    return Fault("it cannot be opened", place=place, why=reason, cure="build and install it again", code="cannot-open")


def _misregistered(opened: SharedModule, count: int, name: str) -> Fault | None:
    """The fault in a module's registration, or None, as far as it shows without reading the whole record."""
    place = Place(str(opened.path))
    if count == 0:
        return registers_nothing(opened.path)
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


def _names(pointer: Any) -> tuple[str, ...]:
    return tuple(name.strip() for name in api.text(pointer).split(",") if name.strip())


def _info(record: Any, buildopts: tuple[str, ...] | None, name: str) -> ModuleInfo:
    """Convert the record of a module to a value.

    The module's name is its file's name, whatever AST_MODULE is in its source (main/loader.c, ``ast_module_register``).
    """
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
        name=name,
        has_load=bool(record.load),
        has_unload=bool(record.unload),
        has_reload=bool(record.reload),
    )
