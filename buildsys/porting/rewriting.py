"""Rewrite a source for a newer branch: apply the rules until none matches, and change nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from tree_sitter import Node

from asterism.branches.changes.rules import Rule
from asterism.values import dataclass
from buildsys.porting import includes
from buildsys.porting.edits import CodeChange, Edit, Text, apart
from buildsys.porting.language import expression_types, macro_bodies, patterns, regions, syntax
from buildsys.porting.language.expression_types import Types, bare
from buildsys.porting.language.patterns import Bound, Pattern
from buildsys.porting.language.syntax import text_of
from buildsys.porting.view import Transform, View

_ROUNDS = 25
"""The maximum number of rounds; a limit stops rules that match their own results."""
_NAMES = frozenset({"identifier", "type_identifier"})
_NAME = re.compile(rb"(?<![\w>.\"])[A-Za-z_]\w*\b")


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """What is asked for."""

    old: str
    new: str
    rules: tuple[Rule, ...]
    transforms: Mapping[str, Transform]

    @property
    def active(self) -> list[Rule]:
        """The rules for changes between the two branches."""
        return [rule for rule in self.rules if rule.applies(self.old, self.new)]


@dataclass(frozen=True, slots=True)
class Ported:
    """A source after the changes."""

    text: bytes
    changes: tuple[CodeChange, ...] = ()
    refused: tuple[CodeChange, ...] = ()
    """Edits that were undone, since the source would not parse with them."""
    origins: tuple[int, ...] = ()
    """The original line number of each line of the text."""


@dataclass(frozen=True, slots=True, eq=False)
class _Index:
    """The patterns and names of the active rules, by the word they begin with."""

    patterns: Mapping[tuple[str, str], list[tuple[Rule, Pattern, str]]]
    renames: Mapping[str, Rule]
    headers: Mapping[str, Rule]
    transforms: Sequence[tuple[Transform, Rule]]


def rewrite(content: bytes, job: Job) -> Ported:
    """Apply the active rules to a source until nothing changes any more."""
    text, index = Text.of(content), _indexed(job)
    changes: list[CodeChange] = []
    refused: dict[tuple[str, str], CodeChange] = {}
    needed: dict[str, str] = {}
    for _ in range(_ROUNDS):
        view = _view(text.content, job)
        wanted = [edit for edit in _found(view, index) if _key(text, edit) not in refused]
        edits = apart(wanted)
        if not edits:
            break
        good = _parsing(view, edits)
        refused |= {_key(text, edit): _change(text, edit) for edit in edits if edit not in good}
        needed |= {header: edit.rule for edit in good for header in edit.adds}
        changes += text.apply(good)
    changes += text.apply(includes.added(_view(text.content, job), needed))
    if any(rule.id == includes.RULE for rule in job.active):
        changes += text.apply(includes.lost(_view(text.content, job)))
    return Ported(
        text.content, tuple(sorted(changes, key=lambda each: each.line)), tuple(refused.values()), tuple(text.origins)
    )


def _key(text: Text, edit: Edit) -> tuple[str, str]:
    return edit.rule, text.content[edit.start : edit.end].decode("latin-1")


def _change(text: Text, edit: Edit) -> CodeChange:
    before = text.content[edit.start : edit.end].decode("utf-8", "replace")
    return CodeChange(text.line_of(edit.start), edit.rule, before, edit.text.decode("utf-8", "replace"))


def _view(content: bytes, job: Job) -> View:
    source = syntax.read(content)
    hidden = regions.hidden(content, job.new)
    return View(source, expression_types.read(source, job.old), job.old, job.new, hidden)


def _parsing(view: View, edits: list[Edit]) -> list[Edit]:
    """The edits that leave no more places unparsed than before."""
    content = view.source.text
    if _errors_after(content, edits) <= view.source.errors:
        return edits
    good: list[Edit] = []
    for edit in edits:
        if _errors_after(content, [*good, edit]) <= view.source.errors:
            good.append(edit)
    return good


def _errors_after(content: bytes, edits: list[Edit]) -> int:
    text = Text.of(content)
    text.apply(edits)
    return syntax.errors_of(text.content)


# ---- what the rules find ---------------------------------------------------------------------------------------------


def _indexed(job: Job) -> _Index:
    found: dict[tuple[str, str], list[tuple[Rule, Pattern, str]]] = {}
    for rule in job.active:
        for old, new in rule.changes:
            pattern = patterns.compiled(old)
            found.setdefault((pattern.kind, pattern.key), []).append((rule, pattern, new))
    return _Index(
        found,
        {old: rule for rule in job.active for old in rule.renames},
        {old: rule for rule in job.active for old in rule.headers},
        [(job.transforms[rule.transform], rule) for rule in job.active if rule.transform in job.transforms],
    )


def _found(view: View, index: _Index) -> Iterator[Edit]:
    hidden = list(view.hidden)
    kinds = {kind for kind, _ in index.patterns} | _NAMES | {"preproc_include", "preproc_arg"}
    found = (edit for node in view.source.of_kind(*kinds) for edit in _of_node(view, node, index))
    made = (edit for transform, rule in index.transforms for edit in transform(view, rule))
    for edit in (*made, *found, *_in_bodies(view, index)):
        if not regions.is_in(edit.start, hidden) and view.source.text[edit.start : edit.end] != edit.text:
            yield edit


def _of_node(view: View, node: Node, index: _Index) -> Iterator[Edit]:
    yield from _renamed(view, node, index.renames)
    if node.type == "preproc_include":
        yield from _included(view, node, index.headers)
    if node.type in ("preproc_arg",):
        yield from _in_macro(view, node, index.renames)
    for key in dict.fromkeys((_key_of(node), "")):
        for rule, pattern, new in index.patterns.get((node.type, key), ()):
            bound = patterns.match(pattern, node)
            if bound is None or (_is_written(node) and "(" in new):
                continue
            if _typed(view.types, bound, rule.where) and not _has_error(node):
                text = patterns.filled(new, bound, view.source)
                yield Edit(node.start_byte, node.end_byte, text, rule.id, rule.adds)


def _is_written(node: Node) -> bool:
    """Whether an expression is assigned to, counted or pointed at: a call cannot take its place."""
    parent = node.parent
    if parent is None or node.type != "field_expression":
        return False
    if parent.type == "pointer_expression":
        return bool(parent.children[0].type == "&")
    return parent.type == "update_expression" or (
        parent.type == "assignment_expression" and parent.child_by_field_name("left") == node
    )


def _key_of(node: Node) -> str:
    if node.type == "field_expression":
        return text_of(node.child_by_field_name("field"))
    return syntax.called(node) or (text_of(node) if node.type == "identifier" else "")


def _has_error(node: Node) -> bool:
    return node.has_error and any(each.is_error for each in syntax.walk(node))


def _typed(types: Types, bound: Bound, where: Mapping[str, str]) -> bool:
    """Whether the expressions in the holes have the types that a rule requires."""
    return all(_is_of(types, nodes[0], where[name]) for name, nodes in bound.items() if name in where and nodes)


def _is_of(types: Types, node: Node, kind: str) -> bool:
    if kind.startswith("="):
        return text_of(node) in kind[1:].split("|")
    return bare(types.of(node)) == bare(kind)


def _renamed(view: View, node: Node, renames: Mapping[str, Rule]) -> Iterator[Edit]:
    if node.type in _NAMES and (rule := renames.get(text_of(node))):
        name = text_of(node)
        if not _is_own(view, name):
            yield Edit(node.start_byte, node.end_byte, rule.renames[name].encode(), rule.id, rule.adds)


def _is_own(view: View, name: str) -> bool:
    """Whether the source declares a name that the API had."""
    return view.types.is_own(name) or view.types.is_own(f"struct {name}")


def _in_macro(view: View, node: Node, renames: Mapping[str, Rule]) -> Iterator[Edit]:
    """Renamed names in the body of a macro, which the parser does not look into."""
    for match in _NAME.finditer(view.source.of(node)):
        name = match[0].decode()
        rule = renames.get(name)
        if rule and not _is_own(view, name):
            start = node.start_byte + match.start()
            yield Edit(start, start + len(match[0]), rule.renames[name].encode(), rule.id, rule.adds)


def _in_bodies(view: View, index: _Index) -> Iterator[Edit]:
    """What patterns find in the bodies of macros; those that need types find nothing there."""
    bodies = macro_bodies.read(view.source.text)
    for node in bodies.of_kind(*{kind for kind, _ in index.patterns}):
        for rule, pattern, new in index.patterns.get((node.type, _key_of(node)), ()):
            bound = patterns.match(pattern, node)
            if bound is None or rule.where.keys() & bound.keys() or _has_error(node) or _is_written(node):
                continue
            if not macro_bodies.is_broken(view.source, node.start_byte, node.end_byte):
                yield Edit(node.start_byte, node.end_byte, patterns.filled(new, bound, view.source), rule.id, rule.adds)


def _included(view: View, node: Node, headers: Mapping[str, Rule]) -> Iterator[Edit]:
    name = includes.header_of(node)
    rule = headers.get(name)
    if rule is None:
        return
    new = rule.headers[name]
    if new and not includes.has(view.source, new):
        yield Edit(node.start_byte, _line_end(node), f'#include "asterisk/{new}"'.encode(), rule.id)
    elif includes.is_gone(f"asterisk/{name}", view.new) or new:
        end = view.source.text.find(b"\n", node.start_byte)
        yield Edit(node.start_byte, end + 1 if end >= 0 else node.end_byte, b"", rule.id)


def _line_end(node: Node) -> int:
    path = node.child_by_field_name("path")
    return path.end_byte if path is not None else node.end_byte
