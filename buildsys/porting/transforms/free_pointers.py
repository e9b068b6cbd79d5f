"""The function ``free`` where it is passed as an argument."""

from __future__ import annotations

from collections.abc import Iterator

from asterism.branches.changes.rules import Rule
from buildsys.porting.edits import Edit
from buildsys.porting.language.syntax import text_of
from buildsys.porting.view import View

_PASSED = ("argument_list", "initializer_pair", "initializer_list", "assignment_expression", "init_declarator")


def free_pointers(view: View, rule: Rule) -> Iterator[Edit]:
    """Edits to ``ast_free_ptr`` (Asterisk's astmm.h): ``ast_free`` is a macro there and has no address."""
    for node in view.source.of_kind("identifier"):
        is_free = text_of(node) == "free" and not view.types.variable(node)
        if is_free and node.parent is not None and node.parent.type in _PASSED:
            yield Edit(node.start_byte, node.end_byte, b"ast_free_ptr", rule.id)
