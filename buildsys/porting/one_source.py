"""Port a source: find its branch, apply the rules, collect what is left."""

from __future__ import annotations

from asterism import files
from asterism.branches.changes import rules
from asterism.branches.changes.rules import Rule
from asterism.values import dataclass, replace
from buildsys.porting import compiling, fits, guards, rewriting, source_files
from buildsys.porting.language import expression_types, regions, syntax
from buildsys.porting.results import Compiled, Left, Result
from buildsys.porting.rewriting import Job, Ported
from buildsys.porting.transforms.table import TRANSFORMS
from buildsys.settled.configuration import Configuration


@dataclass(frozen=True, slots=True)
class PortRequest:
    """The options of the command line."""

    to: str
    """The branch to port to."""
    old: str = ""
    """The branch that sources are written for; empty to determine it for each source."""
    rules: tuple[Rule, ...] = ()
    is_both: bool = False
    """Keep the old code beside the new one."""
    target: str = ""
    """The target that is compiled for; empty for none."""
    settled: Configuration | None = None


def port(file: str, wanted: PortRequest) -> Result:
    """Port one file, in memory.

    Raises:
        AsterismError: the file cannot be read.
    """
    return ported(file, files.read_bytes(file), wanted)


def ported(file: str, text: bytes, wanted: PortRequest) -> Result:
    """Port the text of a file."""
    note = source_files.untouchable(file, text)
    if note:
        return Result(file, text, text, "", "", wanted.to, note=note)
    source = syntax.read(text)
    counts = fits.by_branch(source, expression_types.read(source, wanted.old or wanted.to))
    old = wanted.old or fits.written_for(counts)
    done = rewriting.rewrite(text, Job(old, wanted.to, wanted.rules or rules.load(), TRANSFORMS))
    found = Result(file, text, done.text, old, fits.fitting(counts), wanted.to, done.changes, unparsed=source.errors)
    proved = _proved(found, wanted)
    here = [replace(each, line=_origin(done, each.line, proved)) for each in _left(proved, wanted)]
    kept = replace(proved, left=(*_refused(done), *here))
    return _side_by_side(kept, wanted) if wanted.is_both else kept


def _origin(done: Ported, line: int, found: Result) -> int:
    """The original line number for a line of a result's text."""
    return done.origins[line - 1] if found.is_changed and 0 < line <= len(done.origins) else line


def _proved(found: Result, wanted: PortRequest) -> Result:
    """The result with the compiler's errors counted; the original text is kept when the port added errors."""
    if wanted.settled is None:
        return found
    before = len(compiling.errors(found.old, found.file, wanted.settled))
    after = len(compiling.errors(found.new, found.file, wanted.settled)) if found.is_changed else before
    told = replace(found, compiled=Compiled(wanted.target, before, after))
    return told if after <= before else replace(told, new=found.old, changes=())


def _refused(done: Ported) -> list[Left]:
    return [Left(each.line, f"'{each.before}' was not changed: it would not parse", each.rule) for each in done.refused]


def _left(found: Result, wanted: PortRequest) -> list[Left]:
    """The work left to the author: the compiler's errors, or without a compiler the names that the branch lacks."""
    source = syntax.read(found.new)
    hidden = regions.hidden(found.new, wanted.to)
    uses = fits.uses(source, expression_types.read(source, found.written_for))
    missing = [Left(each.line, each.what, each.rule) for each in fits.misfits(uses, wanted.to, hidden)]
    written = [Left(*each) for each in fits.literals(source, _active(found, wanted), hidden)]
    if wanted.settled is None:
        return list(dict.fromkeys([*missing, *written]))
    by_line = {each.line: each for each in missing}
    said = compiling.errors(found.new, found.file, wanted.settled)
    return list(dict.fromkeys([*(by_line.get(each.line) or _explained(each) for each in said), *written]))


def _active(found: Result, wanted: PortRequest) -> list[Rule]:
    return [rule for rule in wanted.rules or rules.load() if rule.applies(found.written_for, wanted.to)]


def _explained(said: compiling.Diagnostic) -> Left:
    rule = next((rule for name in said.names if (rule := rules.explaining(name))), None)
    return Left(said.line, said.words, rule.id if rule else "")


def _side_by_side(found: Result, wanted: PortRequest) -> Result:
    known = rules.by_id()
    since = {change.line: known[change.rule].since for change in found.changes}
    return replace(found, new=guards.both(found.old, found.new, since, wanted.to))
