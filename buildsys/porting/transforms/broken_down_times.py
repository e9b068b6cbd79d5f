"""Times: ``struct tm`` and ``time_t`` where Asterisk's functions take ``struct ast_tm`` and ``struct timeval``."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from asterism.branches.changes.rules import Rule
from buildsys.porting.edits import Edit
from buildsys.porting.language.expression_places import address_of, is_member_owner
from buildsys.porting.language.syntax import arguments_of, called, text_of
from buildsys.porting.view import View

_TAKES_TM = {"ast_localtime": 1, "ast_mktime": 0, "ast_strptime": 2, "ast_strftime": 3}
"""Functions that take a broken-down time, with the index of the argument."""
_RENAMED = {"strftime": 4, "strptime": 3}
"""Functions of the C library with a counterpart in Asterisk, with the number of arguments."""
_LIBRARY = ("localtime_r", "gmtime_r", "mktime", "timegm")
"""Functions of the C library that need a ``struct tm`` of their own."""


def broken_down_times(view: View, rule: Rule) -> Iterator[Edit]:
    """Edits of the functions that give a local variable to one of Asterisk's functions of time (its localtime.h)."""
    for function in view.source.of_kind("function_definition"):
        calls = view.source.of_kind("call_expression", within=function)
        names = {called(call) for call in calls}
        if names & _TAKES_TM.keys() and not names.intersection(_LIBRARY):
            yield from _declarations(view, function, rule)
            yield from (edit for call in calls for edit in _of_call(view, call, rule))


def _declarations(view: View, function: Node, rule: Rule) -> Iterator[Edit]:
    for node in view.source.of_kind("type_identifier", within=function):
        is_tag = node.parent is not None and node.parent.type == "struct_specifier"
        if is_tag and text_of(node) == "tm" and not view.types.is_own("struct tm"):
            yield Edit(node.start_byte, node.end_byte, b"ast_tm", rule.id, rule.adds)


def _of_call(view: View, call: Node, rule: Rule) -> Iterator[Edit]:
    name, given = called(call), arguments_of(call)
    if name == "ast_localtime" and len(given) == 3:
        time = address_of(given[0])
        if time is not None and view.types.of(time) == "time_t":
            text = b"&(struct timeval) { .tv_sec = %s }" % view.source.of(time)
            yield Edit(given[0].start_byte, given[0].end_byte, text, rule.id, rule.adds)
    elif name == "ast_mktime" and not is_member_owner(call) and _wants_number(view, call):
        yield Edit(call.end_byte, call.end_byte, b".tv_sec", rule.id, rule.adds)
    elif _RENAMED.get(name) == len(given):
        function = call.child_by_field_name("function")
        if function is not None:
            yield Edit(function.start_byte, function.end_byte, f"ast_{name}".encode(), rule.id, rule.adds)


def _wants_number(view: View, call: Node) -> bool:
    """Whether the place of a call takes a number of seconds."""
    parent = call.parent
    if parent is None or parent.type == "expression_statement":
        return False
    if parent.type == "assignment_expression":
        return "timeval" not in view.types.of(parent.child_by_field_name("left"))
    return parent.type != "init_declarator" or "timeval" not in text_of(parent.parent)
