"""Questions about the place of an expression that several transforms ask."""

from __future__ import annotations

import functools

from tree_sitter import Node

from asterism.branches import api_names

_LIBRARY = frozenset({"printf", "fprintf", "sprintf", "snprintf"})


def address_of(node: Node) -> Node | None:
    """The operand of an expression ``&x``; None for any other expression."""
    is_address = node.type == "pointer_expression" and node.children[0].type == "&"
    return node.child_by_field_name("argument") if is_address else None


def is_member_owner(node: Node) -> bool:
    """Whether a member of an expression's value is taken."""
    return node.parent is not None and node.parent.type == "field_expression"


@functools.cache
def is_variadic(function: str) -> bool:
    """Whether a function takes any number of arguments, as those that write text do."""
    rows = api_names.find(function)
    return function in _LIBRARY or any((row.parameters or ("",))[-1].endswith("...") for row in rows if row.parameters)
