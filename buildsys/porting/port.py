"""``asterism port``: port sources of old branches of Asterisk to a newer one, with a reason for each change."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from asterism import files
from asterism.branches.changes import rules
from asterism.branches.changes.rules import Rule
from asterism.branches.known_names import BRANCHES
from asterism.errors import AsterismError, Collector, Fault, Place
from asterism.errors import report as report_faults
from asterism.names import did_you_mean
from buildsys.porting import report
from menuselect.cli import arguments, output

if TYPE_CHECKING:
    from buildsys.porting.one_source import PortRequest
    from buildsys.porting.results import Result

EXTRA = Fault(
    "asterism port needs tree-sitter, which is not installed",
    cure="pip install 'asterism[port]'",
    code="no-port",
)
LEFT = 1
"""Exit status when something is left to the author."""
_TODAY = BRANCHES[-2]
"""The newest branch with a number."""
_KEPT = ".orig"
"""The suffix of the kept original of a file."""


def parser() -> arguments.Parser:
    """The command line."""
    made = arguments.parser("port", "Make sources for an old Asterisk fit a newer one, with reasons.", tree=False)
    made.add_argument("files", nargs="*", metavar="FILE", help="sources, or directories with sources")
    made.add_argument("--from", dest="old", choices=BRANCHES, help="written for this branch (default: worked out)")
    made.add_argument("--to", choices=BRANCHES, default=_TODAY, help=f"the branch to fit (default: {_TODAY})")
    made.add_argument("--target", metavar="NAME|DIR", help="compile for this Asterisk before and after, as a proof")
    how = made.add_mutually_exclusive_group()
    how.add_argument("--diff", action="store_true", help="print a patch")
    how.add_argument("--write", action="store_true", help=f"change the files; the originals are kept as FILE{_KEPT}")
    how.add_argument("--sarif", action="store_true", help="print SARIF, for CI")
    how.add_argument("--list", action="store_true", help="list the rules")
    how.add_argument("--explain", metavar="RULE", help="explain one rule, with an example")
    made.add_argument("--both", action="store_true", help="keep the old code beside the new one, in #if")
    made.add_argument("--rules", metavar="IDS", default="", help="apply these rules only, with commas between")
    made.add_argument("--without", metavar="IDS", default="", help="leave out these rules, with commas between")
    return made


def main(words: Sequence[str]) -> int:
    """Serve ``asterism port``."""
    made = parser()
    output.prepare()
    options = made.parse_args(list(words))
    try:
        return _serve(options)
    except AsterismError as error:
        if not options.json:
            raise
        output.print_json({"faults": [fault.as_json() for fault in error.faults]})
        return error.status


def _serve(options: Namespace) -> int:
    if options.explain:
        print(report.explained(_rule(options.explain)))
        return 0
    if options.list:
        _list(options)
        return 0
    if not options.files:
        cure = "name sources or directories; 'asterism port --list' lists the rules"
        raise AsterismError(Fault("no source is named", None, "", cure, "usage"), status=2)
    return _port(options)


def _list(options: Namespace) -> None:
    if options.json:
        output.print_json({"rules": [rule.as_json() for rule in rules.load()]})
    else:
        output.print_lines(report.listed(rules.load()))


def _rule(name: str) -> Rule:
    known = rules.by_id()
    if name not in known:
        cure = did_you_mean(name, known) or "'asterism port --list' lists the rules"
        raise AsterismError(Fault(f"there is no rule '{name}'", None, "", cure, "no-rule"), status=2)
    return known[name]


def _chosen(options: Namespace) -> tuple[Rule, ...]:
    only, without = (
        [_rule(name).id for name in listed.split(",") if name] for listed in (options.rules, options.without)
    )
    return rules.chosen(rules.load(), only, without)


def _port(options: Namespace) -> int:
    wanted = _wanted(options)
    faults = Collector()
    results = list(_results(options, wanted, faults))
    _print(results, options)
    report_faults(faults, program="asterism")
    is_done = not any(result.left for result in results)
    return 0 if is_done and not faults.errors else LEFT


def _wanted(options: Namespace) -> PortRequest:
    """The options, checked.

    Raises:
        AsterismError: tree-sitter is not installed, or the target is unknown.
    """
    try:
        from buildsys.porting import compiling, one_source  # tree-sitter is an extra
    except ImportError as error:
        raise AsterismError(EXTRA) from error
    settled = None
    if options.target:
        from buildsys.targets import known_targets  # only --target needs it

        settled = compiling.settled(known_targets.find(options.target, Path())[0].directory)
    if options.old and BRANCHES.index(options.old) >= BRANCHES.index(options.to):
        what = f"branch {options.to} is not newer than {options.old}"
        raise AsterismError(Fault(what, None, "", "name the older one with --from", "usage"), status=2)
    return one_source.PortRequest(
        options.to, options.old or "", _chosen(options), options.both, options.target or "", settled
    )


def _results(options: Namespace, wanted: PortRequest, faults: Collector) -> Iterator[Result]:
    """Port each file, and write it when asked to; a file that cannot be read is a fault."""
    from buildsys.porting import many_sources, source_files  # tree-sitter is an extra

    found = list(dict.fromkeys(source_files.listed(options.files)))
    if not found:
        faults.add(
            Fault(
                "there are no sources here", Place(options.files[0]), "", "name a directory with .c files", "no-source"
            )
        )
    for at, outcome in enumerate(many_sources.port(found, wanted)):
        _progress(at, len(found), found[at])
        try:
            if isinstance(outcome, AsterismError):
                raise outcome
            if options.write:
                _write(outcome)
        except AsterismError as error:
            faults.extend(error.faults)
        else:
            yield outcome
    _progress(len(found), len(found), "")


def _progress(at: int, count: int, name: str) -> None:
    """Show the progress of a long run in a line on the terminal."""
    if count > 1 and sys.stderr.isatty():
        words = f"{at + 1}/{count} {name}" if name else ""
        print(f"\r\x1b[K{words[:78]}", end="", file=sys.stderr, flush=True)


def _write(result: Result) -> None:
    """Write a ported source and keep the original; an original that was kept before is not replaced."""
    if result.is_changed:
        kept = Path(f"{result.file}{_KEPT}")
        if not kept.exists():
            files.write(kept, result.old)
        files.write(result.file, result.new)


def _print(results: Sequence[Result], options: Namespace) -> None:
    if options.json:
        print(report.as_json(results))
    elif options.sarif:
        print(report.as_sarif(results))
    elif options.diff:
        for result in results:
            sys.stdout.buffer.writelines(line.encode("utf-8", "surrogateescape") for line in report.diff(result))
        sys.stdout.flush()
    else:
        output.print_lines(report.text(results, output.paint_for(options.color)))
