"""Which branches a source fits, by the names it uses and the numbers of arguments it calls them with."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from tree_sitter import Node

from asterism.branches import api_names, known_names
from asterism.branches.api_names import LINKED, ApiName
from asterism.branches.changes.rules import Rule, explaining
from asterism.branches.known_names import BRANCHES
from asterism.values import dataclass
from asterism.words import counted
from buildsys.porting import includes
from buildsys.porting.language import macro_bodies, regions
from buildsys.porting.language.expression_types import Types, aggregate
from buildsys.porting.language.syntax import Source, arguments_of, called, text_of

_USED = ("preproc_include", "call_expression", "field_expression", "identifier")
_IN_MACROS = ("call_expression", "identifier")
_KINDS = (*LINKED, "enumerator")


@dataclass(frozen=True, slots=True)
class Use:
    """A use of a name of the API in a source."""

    kind: str
    """call, name, member or header."""
    name: str
    line: int
    count: int = 0
    """The number of arguments of a call."""
    at: int = 0
    """Its place in the source."""


@dataclass(frozen=True, slots=True)
class Misfit:
    """A use that a branch does not support."""

    line: int
    name: str
    what: str
    rule: str = ""
    """The rule that explains the change."""

    def as_json(self) -> dict[str, object]:
        """The misfit as plain data."""
        return {"line": self.line, "name": self.name, "what": self.what, "rule": self.rule}


def uses(source: Source, types: Types) -> tuple[Use, ...]:
    """Every use of a name that some branch of Asterisk declares."""
    found = [use for node in source.of_kind(*_USED) for use in _of_node(types, node)]
    hidden = macro_bodies.read(source.text)
    return (*found, *(use for node in hidden.of_kind(*_IN_MACROS) for use in _in_macro(hidden, types, node)))


def _in_macro(hidden: Source, types: Types, node: Node) -> Iterator[Use]:
    """The use of a name in the body of a macro, where no variable has a type."""
    line = hidden.line_of(node.start_byte)
    if node.type == "call_expression" and _is_api(called(node), types):
        yield Use("call", called(node), line, _count(node), node.start_byte)
    elif node.type == "identifier" and not _is_called(node) and _is_api(text_of(node), types):
        yield Use("name", text_of(node), line, 0, node.start_byte)


def _of_node(types: Types, node: Node) -> Iterator[Use]:
    line = node.start_point[0] + 1
    if node.type == "preproc_include":
        header = includes.header_of(node)
        # A header that no branch has is the repository's own.
        if header and known_header_span(f"asterisk/{header}"):
            yield Use("header", f"asterisk/{header}", line, 0, node.start_byte)
    elif node.type == "call_expression" and _is_api(called(node), types):
        yield Use("call", called(node), line, _count(node), node.start_byte)
    elif node.type == "field_expression":
        owner = aggregate(types.of(node.child_by_field_name("argument")))
        yield from _of_member(types, node, owner, line)
    elif node.type == "identifier" and _is_name(node, types):
        yield Use("name", text_of(node), line, 0, node.start_byte)


_OWNERS = ("struct ast", "struct ao2", "struct mansession", "struct stasis")


def _of_member(types: Types, node: Node, owner: str, line: int) -> Iterator[Use]:
    """The use of a member of one of Asterisk's structures."""
    key = f"{owner}.{text_of(node.child_by_field_name('field'))}"
    if owner.startswith(_OWNERS) and not types.is_own(owner) and api_names.find(key, ("member",)):
        yield Use("member", key, line, 0, node.start_byte)


def _count(call: Node) -> int:
    """The number of arguments; -1 when one of them is a macro, which may stand for several (``LOG_ERROR``)."""
    given = arguments_of(call)
    is_open = any(each.type == "identifier" and ("macro", text_of(each)) in api_names.load() for each in given)
    return -1 if is_open or call.has_error else len(given)


def _is_name(node: Node, types: Types) -> bool:
    """Whether an identifier is a name of the API that is not called here."""
    return not _is_called(node) and _is_api(text_of(node), types) and not types.variable(node)


def _is_called(node: Node) -> bool:
    """Whether an identifier is the function of a call."""
    parent = node.parent
    return parent is not None and parent.type == "call_expression" and parent.child_by_field_name("function") == node


@functools.cache
def _is_known(name: str) -> bool:
    return includes.is_api(name) and any((kind, name) in api_names.load() for kind in _KINDS)


def _is_api(name: str, types: Types) -> bool:
    return bool(name) and _is_known(name) and not types.is_own(name)


# ---- one branch ------------------------------------------------------------------------------------------------------


def misfits(found: Sequence[Use], branch: str, hidden: Sequence[tuple[int, int]] = ()) -> list[Misfit]:
    """The uses that do not fit a branch, without those in parts that the branch leaves out."""
    places = list(hidden)
    wrong = (_misfit(use, branch) for use in found if not regions.is_in(use.at, places))
    return [each for each in wrong if each is not None]


def _misfit(use: Use, branch: str) -> Misfit | None:
    words = _problem(use.kind, use.name, use.count, branch)
    if not words:
        return None
    rule = explaining(use.name)
    return Misfit(use.line, use.name, words, rule.id if rule else "")


@functools.cache
def _problem(kind: str, name: str, count: int, branch: str) -> str:
    if kind == "header":
        return f"there is no {name}: {_had(known_header_span(name))}" if includes.is_gone(name, branch) else ""
    kinds = ("member",) if kind == "member" else _KINDS
    rows = api_names.find(name, kinds)
    there = [row for row in rows if branch in row.branches]
    if not there:
        return f"there is no {name}: {_had(api_names.spans(rows))}"
    if kind == "call" and count >= 0 and not any(row.takes(count) for row in there):
        wanted = there[0].parameters or ()
        return f"{name} takes {counted(_least(wanted), 'argument')}, not {count}: {_since(there[0])}"
    return ""


def _least(parameters: Sequence[str]) -> int:
    return len(parameters) - bool(parameters and parameters[-1].endswith("..."))


def _had(span: str) -> str:
    return f"{known_names.words(span)} had it" if span else "no branch has it"


def _since(row: ApiName) -> str:
    return f"since {min(row.branches, key=BRANCHES.index)}"


@functools.cache
def known_header_span(header: str) -> str:
    """The branches that have a header."""
    return known_names.span_text(branch for branch in BRANCHES if not includes.is_gone(header, branch))


def literals(
    source: Source, active: Iterable[Rule], hidden: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, str, str]]:
    """The line, text and rule of each string that a rule asks the author to check."""
    patterns = [(re.compile(rule.literals), rule) for rule in active if rule.literals]
    for node in source.of_kind("string_literal") if patterns else ():
        text = text_of(node)
        for pattern, rule in patterns:
            if pattern.search(text) and not regions.is_in(node.start_byte, list(hidden)):
                yield node.start_point[0] + 1, f"look at {text}", rule.id


# ---- all branches ----------------------------------------------------------------------------------------------------


def by_branch(source: Source, types: Types) -> Mapping[str, int]:
    """The number of uses that do not fit, by branch."""
    found = uses(source, types)
    return {branch: len(misfits(found, branch, regions.hidden(source.text, branch))) for branch in BRANCHES}


def fitting(counts: Mapping[str, int]) -> str:
    """The span of branches that a source fits unchanged."""
    return known_names.span_text(branch for branch, count in counts.items() if not count)


def written_for(counts: Mapping[str, int]) -> str:
    """The branch that a source was written for: the oldest of those that it fits best."""
    least = min(counts.values())
    return next(branch for branch in BRANCHES if counts[branch] == least)
