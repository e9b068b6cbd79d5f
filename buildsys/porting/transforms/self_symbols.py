"""The symbol by which a module finds itself, for sources that define their own name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from asterism.branches.changes.rules import Rule
from buildsys.porting.edits import Edit
from buildsys.porting.view import View

_NAME = re.compile(rb'^[ \t]*#[ \t]*define[ \t]+AST_MODULE[ \t]+"([^"\n]+)"[^\n]*?(\r?\n)', re.MULTILINE)
_SYMBOL = b"AST_MODULE_SELF_SYM"


def self_symbols(view: View, rule: Rule) -> Iterator[Edit]:
    """Edits that define ``AST_MODULE_SELF_SYM`` behind ``AST_MODULE``, unless the source speaks of it anywhere."""
    text = view.source.text
    if _SYMBOL in text:
        return
    for match in _NAME.finditer(text):
        name, end = re.sub(rb"\W", b"_", match[1]), match[2]
        lines = (b"#ifndef " + _SYMBOL, b"#define " + _SYMBOL + b" __internal_" + name + b"_self", b"#endif", b"")
        yield Edit(match.end(), match.end(), end.join(lines), rule.id)
