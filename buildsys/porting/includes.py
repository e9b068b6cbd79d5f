"""The headers that a source includes, the headers it lacks in a newer branch, and the place for their lines."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping

from tree_sitter import Node

from asterism.branches import api_names
from asterism.branches.known_names import BRANCHES
from buildsys.porting.edits import Edit
from buildsys.porting.language.syntax import Source, text_of
from buildsys.porting.view import View

RULE = "lost-includes"
_API = re.compile(r"_*(?:ast|ao2|stasis|astman|pbx|aco|manager|sched|rtp)_", re.IGNORECASE)
"""Prefixes of names of Asterisk's API; other names may be the source's own."""
_STANDALONE = "asterisk/extconf.h"
"""A header that repeats structures of the core for programs outside of Asterisk."""
_INCLUDE = re.compile(rb'^[ \t]*#[ \t]*include[ \t]+"(asterisk(?:/[\w/-]+)?\.h)"[^\n]*\n', re.MULTILINE)
_CONDITION = re.compile(rb"^[ \t]*#[ \t]*(if|endif)", re.MULTILINE)


def is_api(name: str) -> bool:
    """Whether a name is spelled like one of Asterisk's API."""
    return bool(_API.match(name))


def header_of(node: Node) -> str:
    """The header below ``asterisk/`` that a line includes; empty for any other."""
    path = text_of(node.child_by_field_name("path"))
    return path[10:-1] if path.startswith('"asterisk/') else ""


def included(source: Source) -> list[str]:
    """The headers of Asterisk that a source includes itself: ``asterisk/lock.h``."""
    return [name.decode() for name in _INCLUDE.findall(source.text)]


def has(source: Source, header: str) -> bool:
    """Whether a source includes a header below ``asterisk/``."""
    return f"asterisk/{header}" in included(source)


def is_gone(header: str, branch: str) -> bool:
    """Whether a branch lacks a header that another one has."""
    return branch not in _headers() or header not in _headers()[branch]


@functools.cache
def _headers() -> Mapping[str, frozenset[str]]:
    """The headers of each branch."""
    found: dict[str, set[str]] = {branch: set() for branch in BRANCHES}
    for rows in api_names.load().values():
        for row in rows:
            header = f"asterisk/{row.name}.h" if row.kind == "include" else row.header
            for branch in row.branches:
                found[branch].add(header)
    return {branch: frozenset(names) for branch, names in found.items()}


@functools.cache
def _inner(branch: str) -> Mapping[str, tuple[str, ...]]:
    """What each header of a branch includes."""
    found: dict[str, tuple[str, ...]] = {}
    for (kind, name), rows in api_names.load().items():
        if kind == "include":
            key = "asterisk.h" if name == "asterisk" else f"{name}.h"
            found[key] = tuple(f"asterisk/{row.header}.h" for row in rows if branch in row.branches)
    return found


def reached(headers: list[str], branch: str) -> frozenset[str]:
    """All headers that some headers include in a branch, directly or indirectly."""
    waiting, found = ["asterisk.h", *headers], set()
    while waiting:
        header = waiting.pop()
        if header not in found:
            found.add(header)
            waiting.extend(_inner(branch).get(header, ()))
    return frozenset(found)


def lost(view: View) -> list[Edit]:
    """Lines for the headers that a source needs in the new branch and that nothing includes there."""
    if not _INCLUDE.search(view.source.text):
        return []
    there = reached(included(view.source), view.new)
    needed: dict[str, str] = {}
    for name in _used(view):
        homes = _homes(name, view.new)
        if homes and not there.intersection(homes) and not set(homes) & needed.keys():
            needed[_best(homes)] = name
    return added(view, {header.removeprefix("asterisk/"): RULE for header in needed})


def _best(homes: tuple[str, ...]) -> str:
    return min(homes, key=lambda header: ("_private" in header, len(header)))


def _used(view: View) -> Iterator[str]:
    seen = {text_of(node) for node in view.source.of_kind("identifier", "type_identifier")}
    return (name for name in sorted(seen) if is_api(name) and not view.types.is_own(name))


@functools.cache
def _homes(name: str, branch: str) -> tuple[str, ...]:
    rows = [*api_names.find(name, api_names.LINKED), *api_names.find(f"struct {name}", ("type",))]
    rows += api_names.find(name, ("enumerator", "type"))
    found = dict.fromkeys(row.header for row in rows if branch in row.branches)
    return tuple(header for header in found if header.startswith("asterisk/") and header != _STANDALONE)


def added(view: View, headers: Mapping[str, str]) -> list[Edit]:
    """An edit that adds the headers below ``asterisk/`` that a source does not include yet.

    Args:
        view: the source.
        headers: each with the name of the rule that needs it.
    """
    there = reached(included(view.source), view.new)
    missing = [header for header in headers if f"asterisk/{header}" not in there]
    if not missing:
        return []
    eol = view.source.eol
    lines = b"".join(b'#include "asterisk/%s"' % header.encode() + eol for header in missing)
    at = _place(view.source.text)
    return [Edit(at, at, lines, headers[missing[0]])] if at is not None else []


def _place(text: bytes) -> int | None:
    """The place after the last line that includes a header of Asterisk outside of any condition, or None."""
    best = fallback = None
    for match in _INCLUDE.finditer(text):
        before = list(_CONDITION.findall(text, 0, match.start()))
        if before.count(b"if") == before.count(b"endif"):
            best = match.end()
        elif fallback is None:
            fallback = match.end()
    return best if best is not None else fallback
