"""``core show sysinfo``, ``core show threads``, ``malloc trim``: the machine, and the process with its memory."""

from __future__ import annotations

import ctypes
import os
import threading

from asterism import files
from asterism.errors import AsterismError
from runtime.core.commands.command import Command, CommandCall, Outcome, declare

_MEMORY = (
    ("Total RAM", "MemTotal"),
    ("Free RAM", "MemFree"),
    ("Available RAM", "MemAvailable"),
    ("Buffer RAM", "Buffers"),
    ("Total Swap Space", "SwapTotal"),
    ("Free Swap Space", "SwapFree"),
)
"""The displayed lines of /proc/meminfo."""


def commands() -> tuple[Command, ...]:
    """The commands."""
    return (
        declare("core show sysinfo", _sysinfo, "Show system information", _SYSINFO),
        declare("core show threads", _threads, "Show running threads", _THREADS),
        *((declare("malloc trim", _trim, "Return excess memory to the OS", _TRIM),) if _can_trim() else ()),
    )


def _sysinfo(call: CommandCall) -> Outcome | None:
    call.line_out("\nSystem Statistics\n-----------------")
    for name, value in facts(_read("/proc/uptime"), _read("/proc/meminfo"), _read("/proc/loadavg"), _read_own()):
        call.line_out(f"  {name + ':':<26} {value}")
    call.line_out()
    return None


def facts(uptime: str, memory: str, load: str, status: str) -> list[tuple[str, str]]:
    """Names and values from the texts of files in /proc; missing values are omitted."""
    sizes, own = _sizes(memory), _sizes(status)
    found = [("System Uptime", f"{float(uptime.split()[0]) / 3600:.0f} hours")] if uptime else []
    found += [(name, f"{sizes[key]} KiB") for name, key in _MEMORY if key in sizes]
    words = load.split()
    if len(words) > 3:
        found += [("Load Average", " ".join(words[:3])), ("Number of Threads", words[3].partition("/")[2])]
    found += [("Memory of This Process", f"{own['VmRSS']} KiB")] if "VmRSS" in own else []
    return found


def _sizes(text: str) -> dict[str, int]:
    """The sizes in lines ``Name:   123 kB``, by name."""
    lines = (line.partition(":") for line in text.splitlines())
    return {name: int(rest.split()[0]) for name, _, rest in lines if rest.split()[1:] == ["kB"]}


def _read_own() -> str:
    return _read("/proc/self/status")


def _read(path: str) -> str:
    """The text of a file in /proc; empty when it cannot be read."""
    try:
        return files.read_bytes(path).decode("utf-8", "replace")
    except AsterismError:
        return ""


def _threads(call: CommandCall) -> Outcome | None:
    found = threads()
    for number, name in found:
        call.line_out(f"{number:>8} {name}")
    call.line_out(f"{len(found)} threads listed.")
    return None


def _can_trim() -> bool:
    return hasattr(ctypes.CDLL(None), "malloc_trim")  # the C library of GNU has it, and no other


def _trim(call: CommandCall) -> None:
    is_less = ctypes.CDLL(None).malloc_trim(0)
    call.line_out("Returned some memory to the OS." if is_less else "No memory returned to the OS.")


def threads() -> list[tuple[int, str]]:
    """Number and name of each thread: the name in Python or, for C threads, the system's."""
    named = {thread.native_id: thread.name for thread in threading.enumerate()}
    try:
        numbers = sorted(int(name) for name in os.listdir("/proc/self/task"))
    except OSError:
        numbers = sorted(number for number in named if number is not None)
    return [(number, named.get(number) or _read(f"/proc/self/task/{number}/comm").strip()) for number in numbers]


_SYSINFO = """\
Shows how long the machine runs, its memory, its load, and the memory of this
process.
"""
_THREADS = """\
Lists the threads of this process, those of modules included, by the number the
system gives them; the log shows the same numbers.
"""
_TRIM = """\
Gives memory that is free in this process back to the system.
"""
