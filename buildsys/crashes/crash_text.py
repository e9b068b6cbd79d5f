"""Find the calls in a text about a crash: logs, backtraces and kernel messages of any origin.

The lines come from Asterism's crash handler and ``backtrace_symbols`` of the C library, from Asterisk's own
backtraces (main/backtrace.c, main/logger.c ``ast_log_backtrace``), gdb, systemd-coredump, the sanitizers and the
kernel's log. ``NAME.so + 0x2749b`` is recognized anywhere in a line.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from asterism.modulefile import backtrace_lines
from asterism.values import dataclass, replace


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a backtrace, with the facts that the text gives about it."""

    object: str = ""
    """The shared object or program, a path or a bare name; empty when the text does not name it."""
    offset: int | None = None
    """In bytes, from the symbol, or from the start of the object in memory; None when the text does not give it."""
    symbol: str = ""
    """The symbol that the offset counts from; empty when it counts from the object."""
    function: str = ""
    """The name of the function; empty when the text does not name it."""
    source: str = ""
    """The source line, such as ``app_x.c:57``; empty when the text does not give it."""
    build_id: str = ""
    """Hexadecimal; empty when the text does not give it."""
    thread: str = ""
    """The heading of the thread; empty in a text with a single backtrace."""
    address: int | None = None
    """The address in the memory of the process; None when the text does not give it."""
    is_innermost: bool = False
    """Whether the offset is the instruction itself, not the return address after a call."""
    is_in_file: bool = False
    """Whether the offset is an offset in the file, as newer kernels print it."""
    is_in_text: bool = False
    """Whether the offset counts from the executable segment, as older kernels print it."""

    @property
    def name(self) -> str:
        """The bare name of the object."""
        return os.path.basename(self.object)


_HEX = r"(?:0x)?[0-9a-fA-F]+"
_OBJECT = r"[^\s()\[\]'\"]+"
_SHARED = r"[\w.+/-]*\w\.so(?:\.\d+)*"

_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        # asterisk[4711]: segfault at 0 ip 00007f... sp 00007f... error 4 in app_x.so[2749b,7f0000000000+5000]
        (
            "kernel",
            rf"\bip:? ?(?P<ip>{_HEX}) .* in (?P<object>{_OBJECT})\[(?:(?P<file>[0-9a-f]+),)?(?P<base>{_HEX})\+{_HEX}\]",
        ),
        # /usr/lib/asterisk/modules/app_x.so(load_module+0x1b) [0x7f...]
        ("symbols", backtrace_lines.LINE),
        # #1  0x00007f... load_module (app_x.so + 0x1234)
        ("systemd", rf"#\d+\s+{_HEX}\s+(?P<function>\S+)\s+\((?P<object>{_OBJECT}) \+ (?P<offset>0x[0-9a-fA-F]+)\)"),
        # #1 0x7f... in load_module (/usr/lib/app_x.so+0x123) (BuildId: 12ab)
        (
            "sanitizer",
            rf"#\d+\s+{_HEX}\s+(?:in (?P<function>\S+)\s+)?\((?P<object>{_OBJECT})\+(?P<offset>0x[0-9a-fA-F]+)\)"
            rf"(?:\s+\(BuildId: (?P<build_id>[0-9a-f]+)\))?",
        ),
        # #1 0x7f... in load_module /src/app_x.c:12:3
        ("sanitizer", rf"#\d+\s+{_HEX}\s+in (?P<function>\S+)\s+(?P<source>[^\s:()]+:\d+)(?::\d+)?\s*$"),
        # # 3: [0x55...] app_x.so app_x.c:123 load_module(), and the same without source
        (
            "asterisk",
            r"\[(?:0x[0-9a-f]+|inlined|\s*)\]\s+(?P<object>\S+)\s+(?P<source>[^\s:]+:\d+)\s+(?P<function>[\w.<>]+)\(\)",
        ),
        ("asterisk", r"#\s*\d+:\s+(?P<object>[\w.+-]+)\s+(?P<function>[\w.<>]+)\(\)\s*$"),
        # #1  0x... in load_module (argc=1) at app_x.c:123
        ("gdb", r"#\d+\s+(?:(?P<address>0x[0-9a-f]+) in )?(?P<function>[\w.@$:~]+) \(.*\) at (?P<source>\S+:\d+)\s*$"),
        # #1  0x... in ?? () from /usr/lib/asterisk/modules/app_x.so
        (
            "gdb",
            rf"#\d+\s+(?:(?P<address>0x[0-9a-f]+) in )?(?P<function>[\w.@$:~?]+) \(.*\) from (?P<object>{_OBJECT})\s*$",
        ),
        ("gdb", r"#\d+\s+(?:(?P<address>0x[0-9a-f]+) in )?(?P<function>[\w.@$:~?]+) \(.*\)\s*$"),
        # app_x.so + 0x2749b, app_x.so+0x2749b, app_x.so(+0x2749b)
        ("bare", rf"(?P<object>{_SHARED})(?:\s*\+\s*|\(\+)(?P<offset>0x[0-9a-fA-F]+)"),
    )
)
_BUILD_ID = re.compile(rf"(?P<object>{_OBJECT}) (?:with|of|has) build[- ]id (?P<id>[0-9a-fA-F]{{8,}})", re.IGNORECASE)
_THREAD = re.compile(r"^\s*(?:Thread \d+ .*|Stack trace of thread \d+):?\s*$")
_STARTS = re.compile(r"#\s*(\d+)")
_SYMBOLS, _KERNEL = "symbols", "kernel"
_EXACT = (_KERNEL, "bare")
"""The kinds of lines whose offset is the instruction itself."""
_UNKNOWN = frozenset({"??", "n/a", "<unknown>"})


def calls(text: str) -> list[Call]:
    """The calls in a text, in order; a line gives at most one."""
    build_ids = {os.path.basename(match["object"]): match["id"].lower() for match in _BUILD_ID.finditer(text)}
    named = [call if call.build_id else replace(call, build_id=build_ids.get(call.name, "")) for call in _calls(text)]
    return _interrupted(named)


def _calls(text: str) -> Iterator[Call]:
    thread, is_first = "", True
    for line in text.splitlines():
        if _THREAD.match(line):
            thread, is_first = line.strip().rstrip(":"), True
            continue
        found = _in_line(line)
        if found is not None:
            kind, call = found
            number = _STARTS.search(line)
            is_innermost = kind in _EXACT or (kind != _SYMBOLS and (int(number[1]) == 0 if number else is_first))
            yield replace(call, thread=thread, is_innermost=is_innermost)
            is_first = False


def _interrupted(found: list[Call]) -> list[Call]:
    """The calls with the interrupted one marked; the C library's signal frame lies between it and the crash handler."""
    index = backtrace_lines.interrupted([call.object for call in found])
    if index is None:
        return found
    return [*found[:index], replace(found[index], is_innermost=True), *found[index + 1 :]]


def _in_line(line: str) -> tuple[str, Call] | None:
    for kind, pattern in _PATTERNS:
        match = pattern.search(line)
        if match:
            return kind, _kernel(match) if kind == _KERNEL else _plain(match)
    return None


def _plain(match: re.Match[str]) -> Call:
    said = match.groupdict(default="")
    function = said.get("function", "")
    return Call(
        said.get("object", ""),
        _number(said.get("offset", "")),
        said.get("symbol", ""),
        "" if function in _UNKNOWN else function,
        said.get("source", ""),
        said.get("build_id", ""),
        address=_number(said.get("address", "")),
    )


def _number(text: str) -> int | None:
    return int(text, 16) if text else None


def _kernel(match: re.Match[str]) -> Call:
    if match["file"]:
        return Call(match["object"], int(match["file"], 16), is_in_file=True)
    return Call(match["object"], int(match["ip"], 16) - int(match["base"], 16), is_in_text=True)
