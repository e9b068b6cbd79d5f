"""Remove the macros that register a file's version, which newer branches lack."""

from __future__ import annotations

import re
from collections.abc import Iterator

from asterism.branches import api_names
from asterism.branches.changes.rules import Rule
from buildsys.porting.edits import Edit
from buildsys.porting.language import syntax
from buildsys.porting.view import View

_MACRO = re.compile(rb"^[ \t]*(ASTERISK_FILE_VERSION|ASTERISK_REGISTER_FILE)[ \t]*\(", re.MULTILINE)
_TAIL = re.compile(rb"[ \t]*;?[ \t]*(?:\r?\n)?(?:[ \t]*\r?\n)?")


def file_versions(view: View, rule: Rule) -> Iterator[Edit]:
    """Edits that remove the macro, with its line and an empty line after it."""
    text = view.source.text
    for match in _MACRO.finditer(text):
        if not any(view.new in row.branches for row in api_names.find(match[1].decode(), ("macro",))):
            end = _TAIL.match(text, syntax.closing(text, match.end() - 1))
            yield Edit(match.start(), end.end() if end else match.end(), b"", rule.id)
