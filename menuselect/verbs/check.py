"""``asterism check``: report every fault of the MODULEINFO blocks of a tree, as text or for CI."""

from __future__ import annotations

import json
import os
import sys
from argparse import Namespace
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from asterism.errors import Fault
from asterism.home.loading import by_name
from asterism.values import replace
from asterism.words import counted
from menuselect.cli import arguments, output, sarif
from menuselect.cli.output import Paint, shown
from menuselect.reasons import missing_blocks
from menuselect.reasons.block_check import Report, check
from menuselect.sources.module_files import PassedOver

FOUND = 1
"""Exit status when there are errors, or with ``--strict`` warnings."""


def parser() -> arguments.Parser:
    """The command line."""
    made = arguments.parser("check", "Check every MODULEINFO block of a tree.")
    made.add_argument(
        "files", nargs="*", metavar="FILE", help="report only these files or directories; the whole tree is read"
    )
    made.add_argument("--fix", action="store_true", help="write the MODULEINFO blocks that are missing")
    made.add_argument(
        "--target", metavar="NAME|DIR", default="", help="check against a real Asterisk; see 'asterism target list'"
    )
    made.add_argument("--strict", action="store_true", help="treat warnings as errors")
    made.add_argument("--format", choices=tuple(_FORMATS), default="text", help="github and sarif are for CI")
    return made


def main(words: Sequence[str]) -> int:
    """Run the verb and return its exit status."""
    return arguments.run(parser(), words, _check)


def _check(args: Namespace) -> int:
    target = args.target and by_name("buildsys.targets.known_targets:directory_of")(args.target, Path(args.directory))
    report = check(args.directory, target)
    if args.fix:
        for file in missing_blocks.write(_chosen(report, args.files, args.directory)):
            print(f"wrote a MODULEINFO block into {file}", file=sys.stderr)
        report = check(args.directory, target)
    faults = _chosen(report, args.files, args.directory)
    report = replace(report, passed_over=_passed_over(report, args.files))
    form = "json" if args.json else args.format
    text = _FORMATS[form](faults, report, output.paint_for(args.color))
    if text:
        print(text)
    return FOUND if any(args.strict or fault.severity == "error" for fault in faults) else 0


def _chosen(report: Report, names: Sequence[str], directory: str) -> Sequence[Fault]:
    return _told(report, names, directory) if names else report.faults


def _told(report: Report, names: Iterable[str], directory: str) -> list[Fault]:
    """The faults of the given files and directories, and a fault for each one that was not read."""
    wanted = {name: os.path.realpath(name) for name in names}
    read = {os.path.realpath(file) for file in report.files}
    whys = {os.path.realpath(each.path): each.why for each in report.passed_over}
    strays = [
        _stray(name, directory, whys.get(path, ""))
        for name, path in wanted.items()
        if not any(_is_in(file, path) for file in read)
    ]
    places = {fault: os.path.realpath(fault.place.file) for fault in report.faults if fault.place}
    return strays + [fault for fault, file in places.items() if any(_is_in(file, path) for path in wanted.values())]


def _passed_over(report: Report, names: Sequence[str]) -> tuple[PassedOver, ...]:
    """What was passed over, in the given directories; a fault tells of each given file."""
    wanted = [os.path.realpath(name) for name in names]
    places = {each: os.path.realpath(each.path) for each in report.passed_over}
    below = (each for each, place in places.items() if place not in wanted and any(_is_in(place, at) for at in wanted))
    return tuple(below) if names else report.passed_over


def _is_in(file: str, path: str) -> bool:
    return file == path or file.startswith(path.rstrip(os.sep) + os.sep)


def _stray(name: str, directory: str, why: str) -> Fault:
    if not os.path.exists(name):
        return Fault(f"'{name}' does not exist", cure="check the path", code="no-file")
    if not _is_in(os.path.realpath(name), os.path.realpath(directory)):
        what = f"'{name}' is not in the tree '{directory}'"
        return Fault(what, cure="name its tree with -C DIR", code="other-tree")
    what = f"'{name}' is not a module of this tree" + ("" if why else " and has no MODULEINFO block")
    return Fault(what, why=why, code="no-module", severity="warning")


def _text(faults: Sequence[Fault], report: Report, paint: Paint) -> str:
    errors = [fault for fault in faults if fault.severity == "error"]
    summary = f"{counted(len(report.files), 'file')}: {counted(len(errors), 'error')}"
    if len(errors) < len(faults):
        summary += f", {counted(len(faults) - len(errors), 'warning')}"
    blocks = ("\n".join(map(shown, str(fault).split("\n"))) for fault in faults)
    passed = (shown(str(each)) for each in report.passed_over)
    return "\n".join([*blocks, *passed, paint("bad" if errors else "good", summary)])


def _github(faults: Sequence[Fault], report: Report, _paint: Paint) -> str:
    notices = (f"::notice file={_escaped(each.path, ':,')}::{_escaped(str(each))}" for each in report.passed_over)
    return "\n".join([*map(_github_line, faults), *notices])


def _github_line(fault: Fault) -> str:
    """A workflow command, which GitHub shows beside the line."""
    place = fault.place
    values = {"title": fault.code}
    if place:
        values = {"file": place.file, "line": str(place.line or 1), "col": str(place.column or 1), **values}
    properties = ",".join(f"{key}={_escaped(value, ':,')}" for key, value in values.items())
    return f"::{fault.severity} {properties}::{_escaped(sarif.message(fault))}"


def _escaped(text: str, more: str = "") -> str:
    return "".join(f"%{ord(char):02X}" if char in f"%\r\n{more}" else char for char in sarif.shown_lines(text))


def _sarif(faults: Sequence[Fault], _report: Report, _paint: Paint) -> str:
    return sarif.dumps(faults, "asterism check")


def _json(faults: Iterable[Fault], report: Report, _paint: Paint) -> str:
    passed = [{"file": each.path, "why": each.why} for each in report.passed_over]
    told = {"files": len(report.files), "faults": [fault.as_json() for fault in faults], "passed_over": passed}
    return json.dumps(told, indent=2)


_FORMATS: dict[str, Callable[[Sequence[Fault], Report, Paint], str]] = {
    "text": _text,
    "github": _github,
    "sarif": _sarif,
    "json": _json,
}
