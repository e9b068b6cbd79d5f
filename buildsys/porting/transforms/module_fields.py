"""Renamed members of a module's record."""

from __future__ import annotations

import re
from collections.abc import Iterator

from asterism.branches.changes.rules import Rule
from buildsys.porting.edits import Edit
from buildsys.porting.language import syntax
from buildsys.porting.view import View

_RECORD = re.compile(rb"^[ \t]*AST_MODULE_INFO[ \t]*\(", re.MULTILINE)
_OLD = re.compile(rb"\.nonoptreq\b")


def module_fields(view: View, rule: Rule) -> Iterator[Edit]:
    """Edits of ``.nonoptreq`` inside AST_MODULE_INFO, whose arguments are initialisers."""
    text = view.source.text
    for record in _RECORD.finditer(text):
        end = syntax.closing(text, record.end() - 1)
        for match in _OLD.finditer(text, record.end(), end):
            yield Edit(match.start(), match.end(), b".requires", rule.id)
