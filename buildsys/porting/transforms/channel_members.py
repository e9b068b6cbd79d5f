"""Replace members of a structure that became opaque by the functions that read and set them."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from tree_sitter import Node

from asterism.branches import api_names
from asterism.branches.changes.rules import Rule
from buildsys.porting.edits import Edit
from buildsys.porting.language.expression_places import is_variadic
from buildsys.porting.language.expression_types import bare
from buildsys.porting.language.syntax import arguments_of, called, text_of
from buildsys.porting.view import View

CHANNEL = "struct ast_channel"
_NAMES = {"_state": "state", "_softhangup": "softhangup_internal_flag", "_bridge": ""}
"""Members whose functions have other names; empty for members without a function."""
_SETTERS = {"ast_channel_state_set": "ast_setstate"}
_COPIES = ("ast_copy_string", "strncpy", "strcpy")
_FLAGS = ("ast_set_flag", "ast_clear_flag", "ast_test_flag", "ast_set2_flag")
_DIMENSION = re.compile(r"\[\s*(\w+)\s*\]$")


def accessors(view: View, rule: Rule) -> Iterator[Edit]:
    """Edits that reach the members of a channel through functions (Asterisk's channel_internal_api.c)."""
    for node in view.source.of_kind("call_expression", "field_expression"):
        if node.type == "call_expression":
            yield from _of_call(view, node, rule)
        elif _is_channel(view, node.child_by_field_name("argument")):
            yield from _of_member(view, node, rule)


def _is_channel(view: View, node: Node | None) -> bool:
    return node is not None and bare(view.types.of(node)) == f"{CHANNEL} *"


@functools.cache
def _function(name: str, branch: str) -> str:
    """The type that a function returns in a branch; empty when the branch lacks it."""
    return next((row.result for row in api_names.find(name, ("function",)) if branch in row.branches), "")


def _getter(member: str, branch: str) -> str:
    stem = _NAMES.get(member, member)
    name = f"ast_channel_{stem}"
    return name if stem and _function(name, branch) else ""


def _setter(member: str, branch: str) -> str:
    name = f"ast_channel_{_NAMES.get(member, member)}_set"
    return _SETTERS.get(name, name) if _function(name, branch) else ""


def _parts(view: View, node: Node) -> tuple[str, str]:
    """The channel and the member of an expression ``chan->member``."""
    channel = node.child_by_field_name("argument")
    text = view.source.of(channel).decode("latin-1") if channel is not None else ""
    return text, text_of(node.child_by_field_name("field"))


def _edit(rule: Rule, node: Node, text: str) -> Edit:
    return Edit(node.start_byte, node.end_byte, text.encode("latin-1"), rule.id, rule.adds)


def _of_member(view: View, node: Node, rule: Rule) -> Iterator[Edit]:
    channel, member = _parts(view, node)
    parent = node.parent
    getter = _getter(member, view.new)
    if member == "fds" and parent is not None and parent.type == "subscript_expression":
        yield from _of_descriptor(view, parent, channel, rule)
    elif not getter or parent is None:
        return
    elif parent.type == "assignment_expression" and parent.child_by_field_name("left") == node:
        yield from _assigned(view, parent, channel, member, rule)
    elif parent.type == "update_expression":
        yield from _counted(view, parent, channel, member, rule)
    elif parent.type == "sizeof_expression" or (
        parent.parent is not None and parent.parent.type == "sizeof_expression"
    ):
        yield from _sized(view, parent, member, rule)
    else:
        yield from _read(view, node, f"{getter}({channel})", member, rule)


def _read(view: View, node: Node, call: str, member: str, rule: Rule) -> Iterator[Edit]:
    parent = node.parent
    is_pointer = _is_pointer_to_member(view, member)
    if parent is not None and parent.type == "pointer_expression" and parent.children[0].type == "&":
        if is_pointer:
            yield _edit(rule, parent, call)
    elif parent is not None and parent.type == "field_expression" and is_pointer:
        operator = parent.child_by_field_name("operator")
        if operator is not None and operator.type == ".":
            yield Edit(node.start_byte, operator.end_byte, f"{call}->".encode("latin-1"), rule.id, rule.adds)
    elif not is_pointer and not _is_shown_number(view, node, member):
        seconds = "->tv_sec" if _is_seconds(view, member) else ""
        yield _edit(rule, node, f"{call}{seconds}")


def _is_shown_number(view: View, node: Node, member: str) -> bool:
    """Whether a format is written by ``%d`` as the number that it was: its object cannot take that place."""
    is_format = _function(_getter(member, view.new), view.new) == "struct ast_format *"
    parent = node.parent
    is_argument = parent is not None and parent.type == "argument_list" and parent.parent is not None
    is_number = view.types.member(CHANNEL, member) == "int"
    return is_format and is_number and is_argument and is_variadic(called(parent.parent))  # type: ignore[union-attr, arg-type]


def _is_seconds(view: View, member: str) -> bool:
    """Whether a time of whole seconds became a ``struct timeval``."""
    result = bare(_function(_getter(member, view.new), view.new))
    return result == "struct timeval *" and view.types.member(CHANNEL, member) == "time_t"


def _is_pointer_to_member(view: View, member: str) -> bool:
    """Whether the function gives back the address of a structure, where the member was the structure."""
    result = bare(_function(_getter(member, view.new), view.new))
    return result == f"{bare(view.types.member(CHANNEL, member))} *"


def _assigned(view: View, node: Node, channel: str, member: str, rule: Rule) -> Iterator[Edit]:
    setter, right = _setter(member, view.new), node.child_by_field_name("right")
    operator = text_of(node.child_by_field_name("operator"))
    if not setter or right is None or not _is_statement(node) or _is_pointer_to_member(view, member):
        return
    value = view.source.of(right).decode("latin-1")
    if operator != "=":
        value = f"{_getter(member, view.new)}({channel}) {operator[:-1]} {value}"
    yield _edit(rule, node, f"{setter}({channel}, {value})")


def _counted(view: View, node: Node, channel: str, member: str, rule: Rule) -> Iterator[Edit]:
    setter = _setter(member, view.new)
    if setter and _is_statement(node):
        sign = "+" if "++" in text_of(node) else "-"
        yield _edit(rule, node, f"{setter}({channel}, {_getter(member, view.new)}({channel}) {sign} 1)")


def _is_statement(node: Node) -> bool:
    """Whether the value of an expression is unused."""
    return node.parent is not None and node.parent.type in ("expression_statement", "comma_expression", "for_statement")


def _sized(view: View, parent: Node, member: str, rule: Rule) -> Iterator[Edit]:
    dimension = _DIMENSION.search(view.types.member(CHANNEL, member))
    around = parent if parent.type == "sizeof_expression" else parent.parent
    if dimension and around is not None:
        yield _edit(rule, around, dimension[1])


def _of_descriptor(view: View, node: Node, channel: str, rule: Rule) -> Iterator[Edit]:
    index = view.source.of(node.named_children[1]).decode("latin-1")
    parent = node.parent
    if parent is not None and parent.type == "assignment_expression" and parent.child_by_field_name("left") == node:
        right = parent.child_by_field_name("right")
        if right is not None and _is_statement(parent):
            value = view.source.of(right).decode("latin-1")
            yield _edit(rule, parent, f"ast_channel_set_fd({channel}, {index}, {value})")
    else:
        yield _edit(rule, node, f"ast_channel_fd({channel}, {index})")


def _of_call(view: View, node: Node, rule: Rule) -> Iterator[Edit]:
    name, given = called(node), arguments_of(node)
    texts = [view.source.of(each).decode("latin-1") for each in given]
    if name in _COPIES and len(given) >= 2 and _is_own_member(view, given[0]):
        channel, member = _parts(view, given[0])
        if setter := _setter(member, view.new):
            yield _edit(rule, node, f"{setter}({channel}, {texts[1]})")
    elif name in _FLAGS and given and _is_channel(view, given[0]):
        yield _edit(rule, given[0], f"ast_channel_flags({texts[0]})")
    elif name.startswith("ast_string_field_") and len(given) >= 3 and _is_channel(view, given[0]):
        setter = f"ast_channel_{texts[1]}_{name.removeprefix('ast_string_field_')}"
        if _function(setter, view.new) or name.endswith("_build"):
            yield _edit(rule, node, f"{setter}({', '.join([texts[0], *texts[2:]])})")


def _is_own_member(view: View, node: Node) -> bool:
    return node.type == "field_expression" and _is_channel(view, node.child_by_field_name("argument"))
