"""Read the core file of a crashed program: mapped files, each thread's instruction, and gdb's backtraces.

The innermost call of each thread is read here. gdb finds the others, since unwinding needs the tables of every
library.
"""

from __future__ import annotations

import os
import shutil
import signal
import struct
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from asterism import files
from asterism.errors import AsterismError, Fault, Place
from asterism.modulefile import elf
from asterism.values import dataclass, replace
from buildsys.crashes import located_calls
from buildsys.crashes.crash_text import Call, calls

CORE = 4
"""``e_type`` of a core file (ET_CORE)."""
PATIENCE = 120.0
"""Seconds that gdb may take."""
_COUNTER = {"EM_X86_64": 112 + 16 * 8, "EM_AARCH64": 112 + 32 * 8}
"""The offset of the program counter in a thread's registers (struct elf_prstatus), by machine."""
_SIGNAL_AT, _THREAD_AT = 12, 32
_AT_PHDR = 3
_PAGE = 4096


@dataclass(frozen=True, slots=True)
class MappedFile:
    """A file mapped into the memory of the process."""

    path: str
    start: int
    end: int
    """The addresses of the first byte and after the last byte."""
    bias: int
    """The difference between addresses in memory and in the file."""
    build_id: str = ""
    """Hexadecimal; empty when the core lacks the file's first page."""


@dataclass(frozen=True, slots=True)
class Thread:
    """A thread at the time of the crash."""

    number: int
    counter: int
    """The address of its current instruction."""


@dataclass(frozen=True, slots=True)
class CoreFile:
    """The content of a core file."""

    path: str
    program: str
    """The path of the executable; empty when the core does not name it."""
    signal: int
    """The number of the signal; 0 when there was none."""
    threads: tuple[Thread, ...]
    """The threads, the crashed one first."""
    mapped: tuple[MappedFile, ...]

    @property
    def signal_name(self) -> str:
        """The signal's name, such as ``SIGSEGV``; empty when there was no signal."""
        try:
            return signal.Signals(self.signal).name
        except ValueError:
            return f"signal {self.signal}" if self.signal else ""

    def file_at(self, address: int) -> MappedFile | None:
        """The file mapped at an address; None when the address belongs to no file."""
        return next((one for one in self.mapped if one.start <= address < one.end), None)

    def placed(self, call: Call) -> Call:
        """A call completed with the file, the offset and the build id of its address.

        Names that gdb read from another build of the file are removed.
        """
        held = self.file_at(call.address) if call.address is not None else None
        if held is None or call.address is None:
            return call
        here = located_calls.build_id(Path(held.path))
        is_other = bool(held.build_id and here and here != held.build_id)
        known = replace(call, function="", source="") if is_other else call
        return replace(known, object=held.path, offset=call.address - held.bias, symbol="", build_id=held.build_id)


def is_core(data: bytes) -> bool:
    """Whether data begins like a core file."""
    return data[:4] == elf.MAGIC and len(data) > 18 and int.from_bytes(data[16:18], "little") == CORE


def read(path: Path) -> CoreFile:
    """Read a core file.

    Raises:
        AsterismError: the file is damaged, or of an unknown machine.
    """
    from elftools.common.exceptions import ELFError  # 40 ms
    from elftools.elf.elffile import ELFFile

    try:
        with open(files.opened(path), "rb") as binary:
            return _read(ELFFile(binary), str(path))
    except (OSError, ELFError, ValueError, KeyError, IndexError, TypeError, struct.error) as error:
        cure = "copy the core file again; was it cut short by a limit on its size (ulimit -c)?"
        raise AsterismError(Fault("the core file is damaged", Place(str(path)), str(error), cure, "bad-core")) from None


def _read(core: Any, path: str) -> CoreFile:
    notes = [note for segment in core.iter_segments("PT_NOTE") for note in segment.iter_notes()]
    at = _COUNTER.get(core["e_machine"])
    if at is None:
        raise ValueError(f"core files of {core['e_machine']} are not known")
    states = [_raw(note) for note in notes if note["n_type"] == "NT_PRSTATUS"]
    threads = tuple(Thread(_number(state, _THREAD_AT, "I"), _number(state, at, "Q")) for state in states)
    mapped = tuple(_mapped(core, notes))
    vector = next((_raw(note) for note in notes if note["n_type"] == "NT_AUXV"), b"")
    headers = dict(struct.iter_unpack("<QQ", vector[: len(vector) // 16 * 16])).get(_AT_PHDR, 0)
    program = next((one.path for one in mapped if one.start <= headers < one.end), "")
    return CoreFile(path, program, _number(states[0], _SIGNAL_AT, "H") if states else 0, threads, mapped)


def _raw(note: Any) -> bytes:
    data = note["n_descdata"] if "n_descdata" in note else note["n_desc"]
    return data if isinstance(data, bytes) else str(data).encode("latin-1")


def _number(data: bytes, at: int, kind: str) -> int:
    return int(struct.unpack_from(f"<{kind}", data, at)[0])


def _mapped(core: Any, notes: Sequence[Any]) -> Iterator[MappedFile]:
    found: dict[str, tuple[int, int]] = {}
    for note in notes:
        if note["n_type"] != "NT_FILE":
            continue
        names = [name.decode("utf-8", "surrogateescape") for name in note["n_desc"]["filename"]]
        for entry, name in zip(note["n_desc"]["Elf_Nt_File_Entry"], names, strict=True):
            start, end = found.get(name, (entry["vm_start"], entry["vm_end"]))
            found[name] = (min(start, entry["vm_start"]), max(end, entry["vm_end"]))
    for name, (start, end) in found.items():
        page = _memory(core, start, _PAGE)
        is_elf = page[:4] == elf.MAGIC
        yield MappedFile(name, start, end, _bias(page, start) if is_elf else start, _build_id(core, page, start))


def _bias(page: bytes, start: int) -> int:
    loads = [segment.address for segment in elf.segments(page) if segment.kind == elf.PT_LOAD]
    return start - (min(loads, default=0) & -_PAGE)


def _build_id(core: Any, page: bytes, start: int) -> str:
    if page[:4] != elf.MAGIC:
        return ""
    bias = _bias(page, start)
    return elf.build_id(elf.segments(page), lambda segment: _memory(core, bias + segment.address, segment.size))


def _memory(core: Any, address: int, size: int) -> bytes:
    """The memory in the core at an address, at most ``size`` bytes; empty when the core does not contain it."""
    for segment in core.iter_segments("PT_LOAD"):
        into = address - segment["p_vaddr"]
        if 0 <= into < segment["p_filesz"]:
            core.stream.seek(segment["p_offset"] + into)
            return bytes(core.stream.read(min(size, segment["p_filesz"] - into)))
    return b""


def calls_of(
    core: CoreFile, program: str = "", directories: Iterable[Path] = (), *, is_crashed_only: bool = False
) -> list[Call]:
    """The calls of each thread, the crashed thread first; without gdb the innermost call of each.

    Args:
        core: the core file.
        program: the executable, when it is not at the path in the core.
        directories: searched for shared objects before the directories that the core names.
        is_crashed_only: whether to return the crashed thread only.
    """
    text = _backtraces(core, program or core.program, directories, "1" if is_crashed_only else "all -ascending")
    found = [call for call in calls(text) if call.thread]
    if not found:
        threads = core.threads[:1] if is_crashed_only else core.threads
        heading = "Thread {0.number}" if len(threads) > 1 else ""
        found = [Call(address=one.counter, is_innermost=True, thread=heading.format(one)) for one in threads]
    return [core.placed(call) for call in _addressed(found, core.threads)]


def _addressed(found: Iterable[Call], threads: Sequence[Thread]) -> Iterator[Call]:
    """The calls, each with an address; gdb prints none for the innermost call and for inlined functions."""
    counters = {f"LWP {thread.number})": thread.counter for thread in threads}
    last: int | None = None
    for call in found:
        if call.is_innermost and call.address is None:
            last = next((at for mark, at in counters.items() if mark in call.thread), None)
        last = last if call.address is None else call.address
        yield replace(call, address=last)


def has_gdb() -> bool:
    """Whether gdb is installed, which finds the calls below the innermost one."""
    return shutil.which("gdb") is not None


_SETTINGS = ("set auto-load off", "set pagination off", "set width 0", "set print frame-arguments none")


def _backtraces(core: CoreFile, program: str, directories: Iterable[Path], threads: str) -> str:
    """The output of gdb without start files and debuginfod; empty when gdb or the program is missing."""
    gdb = shutil.which("gdb")
    if gdb is None or not os.path.isfile(program):
        return ""
    # The process may have named a shared object relative to its working directory.
    places = dict.fromkeys([*map(str, directories), *(os.path.dirname(one.path) for one in core.mapped)])
    settings = (*_SETTINGS, f"set solib-search-path {':'.join(places)}")
    words = [word for setting in settings for word in ("-iex", setting)]
    argv = [gdb, "-nx", "-batch", *words, "-ex", f"thread apply {threads} backtrace 64", program, core.path]
    environment = {name: value for name, value in os.environ.items() if name != "DEBUGINFOD_URLS"}
    try:
        done = subprocess.run(
            [*argv], env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode("utf-8", "replace")
