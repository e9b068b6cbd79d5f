"""``asterism crash``: find the function, the source line and the module of a crash."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

from asterism import files
from asterism.controls import escaped, escaped_lines
from asterism.errors import AsterismError, Fault, Place, report
from asterism.modulefile import reader
from asterism.modulefile.content import ModuleFile
from asterism.tree import BUILD
from asterism.values import dataclass
from buildsys.crashes import core_file, crash_text, located_calls, module_owner
from buildsys.crashes.core_file import CoreFile
from buildsys.crashes.crash_text import Call
from buildsys.crashes.located_calls import Located
from buildsys.planning.plan import MODULES
from buildsys.settled import tree_facts

STANDARD_INPUT = "-"
_CORE_LIBRARIES = ("libasterism.so", "libasteriskssl.so", "libasteriskpj.so")


@dataclass(frozen=True, slots=True)
class Culprit:
    """The module that crashed: the one with the innermost call that belongs to a module."""

    located: Located
    module: ModuleFile | None
    """None when the file was not found, or is another build."""
    owner: str

    @property
    def name(self) -> str:
        """The module's name."""
        return self.module.name if self.module else self.located.call.name.removesuffix(".so")

    def as_json(self) -> dict[str, object]:
        """The culprit as plain data."""
        return {
            "module": self.name,
            "function": self.located.function,
            "source": self.located.source,
            "file": str(self.located.file) if self.located.file else "",
            "description": self.module.description if self.module else "",
            "level": self.module.level if self.module else "",
            "owner": self.owner,
        }


@dataclass(frozen=True, slots=True)
class Findings:
    """The resolved calls and the module of a crash."""

    calls: tuple[Located, ...]
    culprit: Culprit | None
    core: CoreFile | None = None


# ---- finding the module ----------------------------------------------------------------------------------------------


def examine(calls: Sequence[Call], directories: Sequence[Path], core: CoreFile | None = None) -> Findings:
    """Resolve the calls of a crash and find its module."""
    found = tuple(located_calls.locate(call, directories) for call in calls)
    return Findings(found, next(_culprits(found), None), core)


def _culprits(found: Iterable[Located]) -> Iterator[Culprit]:
    for each in found:
        module = _module(each.file) if each.file else None
        if module or _is_named_like_module(each.call.name):
            yield Culprit(each, module, module_owner.owner(each.file) if each.file else "")


def _module(path: Path) -> ModuleFile | None:
    if path.suffix != ".so" or path.name in _CORE_LIBRARIES:
        return None
    try:
        return reader.read(path)
    except AsterismError:
        return None


def _is_named_like_module(name: str) -> bool:
    return name.endswith(".so") and "_" in name and not name.startswith("lib") and name.count(".") == 1


def usual_directories() -> list[Path]:
    """The directories searched when none is named: modules built here, those built for targets, installed ones."""
    here = Path.cwd()
    found = [here / MODULES, *sorted((here / BUILD).glob("target/*/modules")), here]
    try:
        facts = tree_facts.facts()
    except AsterismError:
        return found
    return [*found, Path(facts.directories["astmoddir"]), Path(facts.prefix) / "lib/asterism/native"]


# ---- output --------------------------------------------------------------------------------------------------------


def as_text(found: Findings) -> str:
    """The findings for people: the calls by thread, then the module."""
    paragraphs = []
    for thread, group in groupby(found.calls, key=lambda each: each.call.thread):
        heading = [thread] if thread else []
        paragraphs.append("\n".join([*heading, *(_call_line(number, each) for number, each in enumerate(group))]))
    if found.core:
        ended = f" ended by {found.core.signal_name}" if found.core.signal else ""
        paragraphs.insert(0, f"core file of {found.core.program or 'a program that it does not name'}{ended}")
    if found.culprit:
        paragraphs.append(_culprit_text(found.culprit))
    return "\n\n".join(paragraphs)


def _call_line(number: int, each: Located) -> str:
    offset = f"+{each.call.offset:#x}" if each.call.offset is not None else ""
    symbol = f"({each.call.symbol}{offset})" if each.call.symbol else offset
    parts = [f"{each.call.name}{symbol}", f"{each.function}()" if each.function else "", each.source]
    return f"#{number:<3}{escaped('  '.join(part for part in parts if part))}"


def _culprit_text(culprit: Culprit) -> str:
    place = " at ".join(part for part in (f"{culprit.located.function}()", culprit.located.source) if part != "()")
    lines = [f"module {culprit.name}" + (f": {place}" if place.strip() else "")]
    if culprit.module:
        lines.append(f"    {culprit.module.description} ({culprit.module.level})")
    lines += [f"    file: {culprit.located.file}"] if culprit.located.file else []
    lines += [f"    owner: {culprit.owner}"] if culprit.owner else []
    return escaped_lines("\n".join(lines))


def as_json(found: Findings) -> dict[str, object]:
    """The findings as plain data."""
    return {
        "signal": found.core.signal_name if found.core else "",
        "program": found.core.program if found.core else "",
        "calls": [_call_json(each) for each in found.calls],
        "culprit": found.culprit.as_json() if found.culprit else None,
    }


def _call_json(each: Located) -> dict[str, object]:
    return {
        "thread": each.call.thread,
        "object": each.call.object,
        "offset": each.call.offset,
        "symbol": each.call.symbol,
        "function": each.function,
        "source": each.source,
        "file": str(each.file) if each.file else "",
        "build_id": each.call.build_id,
        "other_build": each.is_other_build,
    }


# ---- the verb ------------------------------------------------------------------------------------------------------


def parser() -> argparse.ArgumentParser:
    """The command line of ``asterism crash``."""
    made = argparse.ArgumentParser(
        prog="asterism crash",
        description="Name function, source line, module and owner of a crash. FILE is a core file, a log, or a text "
        "with a backtrace: of Asterism or Asterisk, gdb, systemd-coredump, a sanitizer or the kernel.",
        epilog="Files are compared with the crash by their build ids. The status is 1 when no call could be named. "
        "Below the innermost call of each thread, a core file needs gdb.",
    )
    made.add_argument("file", metavar="FILE", help="a core file or a text; '-' reads a text from standard input")
    made.add_argument(
        "--modules",
        metavar="DIR",
        type=Path,
        action="append",
        default=[],
        help="look for modules in DIR first; may be repeated. Default: what is built here, then what is installed",
    )
    made.add_argument("--program", metavar="FILE", default="", help="the program of a core file, when it was moved")
    made.add_argument("--crashed-thread", action="store_true", help="of a core file, only the thread that crashed")
    made.add_argument("--json", action="store_true", help="print what was found as JSON")
    return made


def main(words: Sequence[str]) -> int:
    """Serve ``asterism crash``."""
    options = parser().parse_args(words)
    data = sys.stdin.buffer.read(files.BINARY) if options.file == STANDARD_INPUT else _start_of(Path(options.file))
    core = core_file.read(Path(options.file)) if core_file.is_core(data) else None
    text = "" if core else data.decode("utf-8", "replace")
    directories = [*options.modules, *([] if options.modules else usual_directories())]
    alone = options.crashed_thread
    calls = (
        core_file.calls_of(core, options.program, directories, is_crashed_only=alone)
        if core
        else crash_text.calls(text)
    )
    if not calls:
        cure = "it has lines such as 'app_x.so + 0x2749b', 'app_x.so(load+0x1b) [0x7f...]' or '#0 ... at app_x.c:57'"
        raise AsterismError(Fault("no call of a backtrace was found", Place(options.file), "", cure, "no-backtrace"))
    found = examine(calls, directories, core)
    print(json.dumps(as_json(found), indent=1) if options.json else as_text(found))
    report([*located_calls.other_builds(found.calls), *_advice(found)])
    return 0 if any(each.function or each.source for each in found.calls) else 1


def _start_of(path: Path) -> bytes:
    """The content of a text file, or the first bytes of a core file, which may be larger than memory."""
    with files.told(path, "read"), open(files.opened(path), "rb") as binary:
        head = binary.read(64)
        return head if core_file.is_core(head) else head + binary.read(files.BINARY)


def _advice(found: Findings) -> Iterator[Fault]:
    unknown = [each.call.name for each in found.calls if each.call.object and not each.file and not each.source]
    other = {each.call.name for each in found.calls if each.is_other_build}
    modules = [name for name in dict.fromkeys(unknown) if name not in other and _is_named_like_module(name)]
    for name in modules:
        cure = "name the directory that has the build that crashed: --modules DIR"
        yield Fault("the file was not found", Place(name), "", cure, "no-module", "warning")
    if found.core and not core_file.has_gdb():
        cure = "install gdb to see the calls below the innermost ones"
        yield Fault("only the innermost call of each thread is known", Place(found.core.path), "", cure, "no-gdb")
