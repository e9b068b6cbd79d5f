"""Media formats: bits of a number until 1.8, structures until 12, counted objects since 13."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from tree_sitter import Node

from asterism.branches import api_names
from asterism.branches.changes.rules import Rule
from buildsys.porting.edits import Edit
from buildsys.porting.language.declarations import of_declaration
from buildsys.porting.language.expression_places import is_variadic
from buildsys.porting.language.expression_types import bare
from buildsys.porting.language.syntax import arguments_of, called, enclosing, text_of
from buildsys.porting.view import View

_SPELLED = {"G723_1": "g723", "G729A": "g729", "T140RED": "t140_red", "SLINEAR": "slin", "MP4_VIDEO": "mp4"}
_CONSTANT = re.compile(r"AST_FORMAT_([A-Z0-9_]+)")
_LINEAR = re.compile(r"SLINEAR(\d+)")
_SETTING = ("ast_set_read_format", "ast_set_write_format")
_BY_ID = ("ast_set_read_format_by_id", "ast_set_write_format_by_id")
_HELD = ("ast_channel_readformat", "ast_channel_writeformat", "ast_channel_rawreadformat", "ast_channel_rawwriteformat")


@functools.cache
def object_of(constant: str, branch: str) -> str:
    """The object of a format's constant, ``ast_format_slin`` of AST_FORMAT_SLINEAR; empty when there is none."""
    match = _CONSTANT.fullmatch(constant)
    if match is None:
        return ""
    linear = _LINEAR.fullmatch(match[1])
    stem = f"slin{linear[1]}" if linear else _SPELLED.get(match[1], match[1].lower())
    name = f"ast_format_{stem}"
    return name if any(branch in row.branches for row in api_names.find(name, ("variable",))) else ""


def format_objects(view: View, rule: Rule) -> Iterator[Edit]:
    """Edits of constants, comparisons, copies and variables of formats."""
    kinds = ("call_expression", "binary_expression", "assignment_expression", "function_definition")
    for node in view.source.of_kind(*kinds):
        if node.type == "call_expression":
            yield from _of_call(view, node, rule)
        elif node.type == "binary_expression":
            yield from _compared(view, node, rule)
        elif node.type == "assignment_expression":
            yield from _assigned(view, node, rule)
        else:
            yield from _variables(view, node, rule)


def _edit(rule: Rule, node: Node, text: str) -> Edit:
    return Edit(node.start_byte, node.end_byte, text.encode("latin-1"), rule.id, rule.adds)


def _text(view: View, node: Node) -> str:
    return view.source.of(node).decode("latin-1")


def _of_call(view: View, node: Node, rule: Rule) -> Iterator[Edit]:
    name, given = called(node), arguments_of(node)
    made = object_of(text_of(given[1]), view.new) if len(given) == 2 else ""
    if made and name in (*_SETTING, *_BY_ID):
        yield _edit(rule, node, f"{name.removesuffix('_by_id')}({_text(view, given[0])}, {made})")
    elif name == "ast_format_cap_add" and len(given) == 2:
        inner = arguments_of(given[1])
        made = object_of(text_of(inner[1]), view.new) if called(given[1]) == "ast_format_set" and inner else ""
        if made:
            yield _edit(rule, node, f"ast_format_cap_append({_text(view, given[0])}, {made}, 0)")


def _compared(view: View, node: Node, rule: Rule) -> Iterator[Edit]:
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    operator = text_of(node.child_by_field_name("operator"))
    if left is None or right is None or operator not in ("==", "!="):
        return
    made, held = object_of(text_of(right), view.new), _held(view, left)
    if made and held:
        text = f"ast_format_cmp({held}, {made}) {operator} AST_FORMAT_CMP_EQUAL"
        is_bracketed = node.parent is not None and node.parent.type == "parenthesized_expression"
        yield _edit(rule, node, text if is_bracketed else f"({text})")


def _held(view: View, node: Node) -> str:
    """An expression for the object of a format's number; empty for an unknown number."""
    text = _text(view, node)
    if node.type == "call_expression" and called(node) in _HELD:
        return text
    if node.type != "field_expression":
        return ""
    for tail in (".format.id", ".codec", ".integer"):
        if text.endswith(f"subclass{tail}"):
            return f"{text.removesuffix(tail)}.format"
    return f"{text}.format" if text.endswith("subclass") else ""


def _assigned(view: View, node: Node, rule: Rule) -> Iterator[Edit]:
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left is None or right is None or text_of(node.child_by_field_name("operator")) != "=":
        return
    made, held = object_of(text_of(right), view.new), _held(view, left)
    if made and held and left.type == "field_expression":
        yield _edit(rule, node, f"{held} = {made}")


# ---- variables of a function -----------------------------------------------------------------------------------------


def _variables(view: View, function: Node, rule: Rule) -> Iterator[Edit]:
    """Edits of the variables that hold formats, and of their uses."""
    for name, node, declarators in _holders(view, function):
        named = view.source.of_kind("identifier", within=function)
        uses = [each for each in named if text_of(each) == name]
        edits = [_use(view, use, rule) for use in uses if not _is_inside(use, node)]
        if None in edits:
            continue
        wanted = [edit for edit in edits if edit is not None and edit.text != b""]
        if wanted:
            yield from wanted
        else:
            yield _redeclared(view, node, name, declarators, rule)


def _is_inside(node: Node, around: Node) -> bool:
    return around.start_byte <= node.start_byte < around.end_byte


def _holders(view: View, function: Node) -> Iterator[tuple[str, Node, list[Node]]]:
    """Local variables that hold a format: structures, and numbers that a channel's format was assigned to."""
    numbers = set(_numbers(view, function))
    for node in view.source.of_kind("declaration", within=function):
        for each, declarator in zip(of_declaration(node), node.children_by_field_name("declarator"), strict=False):
            kind = bare(each.signature)
            if kind == "struct ast_format" or (kind == "int" and each.name in numbers):
                yield each.name, node, [declarator]


def _numbers(view: View, function: Node) -> Iterator[str]:
    for node in view.source.of_kind("assignment_expression", within=function):
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is not None and right is not None and left.type == "identifier" and _is_format(view, right):
            yield text_of(left)
    for node in view.source.of_kind("call_expression", within=function):
        given = arguments_of(node)
        if called(node) == "ao2_replace" and len(given) == 2 and _is_object(given[1]):
            yield text_of(given[0])


def _is_object(node: Node) -> bool:
    """Whether an expression is already a format of the new branch."""
    return called(node) in _HELD or (node.type == "identifier" and text_of(node).startswith("ast_format_"))


def _is_format(view: View, node: Node) -> bool:
    if node.type == "field_expression":
        field = text_of(node.child_by_field_name("field"))
        return f"ast_channel_{field}" in _HELD and "ast_channel" in view.types.of(node.child_by_field_name("argument"))
    return called(node) in _HELD


def _use(view: View, node: Node, rule: Rule) -> Edit | None:
    """The edit of a use of a variable; an empty edit when the use can stay, None when that is not known."""
    parent = node.parent
    nothing = Edit(node.start_byte, node.end_byte, b"", rule.id)
    if parent is not None and parent.type == "argument_list" and _is_shown(parent):
        return None
    if parent is None:
        return None
    if parent.type == "pointer_expression" and parent.children[0].type == "&":
        return _through(view, parent, node, rule)
    if parent.type == "field_expression" and text_of(parent.child_by_field_name("field")) == "id":
        return _edit(rule, parent, text_of(node)) if not _is_compared(parent) else None
    if parent.type == "assignment_expression" and parent.child_by_field_name("left") == node:
        return _kept(view, parent, node, rule)
    return nothing if parent.type in _PLAIN or _is_compared(node) is False else None


def _is_shown(arguments: Node) -> bool:
    """Whether a call writes its arguments as text, a format's number by ``%d``."""
    return is_variadic(called(arguments.parent)) if arguments.parent is not None else False


_PLAIN = ("argument_list", "parenthesized_expression", "if_statement", "unary_expression")


def _is_compared(node: Node) -> bool | None:
    """Whether a value is compared with another one; None outside of binary expressions."""
    parent = node.parent
    if parent is None or parent.type != "binary_expression":
        return None
    return text_of(parent.child_by_field_name("operator")) not in ("&&", "||")


def _through(view: View, pointer: Node, node: Node, rule: Rule) -> Edit:
    """The edit of ``&variable``: the new variable is a pointer itself."""
    call = enclosing(pointer, "call_expression")
    given = arguments_of(call) if call is not None else []
    name = text_of(node)
    if call is not None and given and given[0] == pointer:
        if called(call) == "ast_format_clear":
            return _edit(rule, call, f"ao2_replace({name}, NULL)")
        if called(call) == "ast_format_copy" and len(given) == 2:
            return _edit(rule, call, f"ao2_replace({name}, {_text(view, given[1])})")
        made = object_of(text_of(given[1]), view.new) if called(call) == "ast_format_set" and len(given) == 3 else ""
        if made and call.parent is not None and call.parent.type == "expression_statement":
            return _edit(rule, call, f"ao2_replace({name}, {made})")
    return _edit(rule, pointer, name)


def _kept(view: View, node: Node, name: Node, rule: Rule) -> Edit | None:
    """The edit of an assignment of a channel's format to a number."""
    right = node.child_by_field_name("right")
    if right is not None and text_of(right) == "0":
        return _edit(rule, node, f"ao2_replace({text_of(name)}, NULL)") if _is_alone(node) else None
    if right is not None and _is_format(view, right) and _is_alone(node):
        return _edit(rule, node, f"ao2_replace({text_of(name)}, {_text(view, right)})")
    return None


def _is_alone(node: Node) -> bool:
    return node.parent is not None and node.parent.type == "expression_statement"


def _redeclared(view: View, node: Node, name: str, declarators: list[Node], rule: Rule) -> Edit:
    """The edit of a declaration: the variable becomes a reference that is released at the end of its block."""
    others = [each for each in node.children_by_field_name("declarator") if each not in declarators]
    made = f"RAII_VAR(struct ast_format *, {name}, NULL, ao2_cleanup);"
    if not others:
        return _edit(rule, node, made)
    kind = view.source.text[node.start_byte : node.children_by_field_name("declarator")[0].start_byte]
    kept = ", ".join(_text(view, each) for each in others)
    line = view.source.text.rfind(b"\n", 0, node.start_byte) + 1
    indent = view.source.text[line : node.start_byte].decode("latin-1")
    eol = view.source.eol.decode()
    return _edit(rule, node, f"{kind.decode('latin-1')}{kept};{eol}{indent}{made}")
