"""``ast_bridged_channel``, whose successor returns a counted reference."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from asterism.branches.changes.rules import Rule
from buildsys.porting.edits import Edit
from buildsys.porting.language.syntax import arguments_of, called, text_of
from buildsys.porting.view import View

_TESTS = ("if_statement", "while_statement", "for_statement", "binary_expression", "unary_expression")
_LOGIC = ("&&", "||", "!")


def bridge_peers(view: View, rule: Rule) -> Iterator[Edit]:
    """Edits where the life of the reference is clear: a variable's declaration, and tests of the result."""
    for node in view.source.of_kind("call_expression"):
        if called(node) == "ast_bridged_channel" and len(arguments_of(node)) == 1:
            channel = view.source.of(arguments_of(node)[0])
            declaration = _declaration(node)
            if declaration is not None:
                name = text_of(declaration.child_by_field_name("declarator").child_by_field_name("declarator"))  # type: ignore[union-attr]
                made = b"RAII_VAR(struct ast_channel *, %s, ast_channel_bridge_peer(%s), ao2_cleanup);"
                text = made % (name.lstrip("* ").encode(), channel)
                yield Edit(declaration.start_byte, declaration.end_byte, text, rule.id)
            elif _only_asks(node):
                yield Edit(node.start_byte, node.end_byte, b"ast_channel_is_bridged(%s)" % channel, rule.id)


def _declaration(node: Node) -> Node | None:
    """The declaration of one variable that a call initialises."""
    declarator = node.parent
    if declarator is None or declarator.type != "init_declarator" or declarator.parent is None:
        return None
    declaration = declarator.parent
    is_alone = len(declaration.children_by_field_name("declarator")) == 1
    return declaration if declaration.type == "declaration" and is_alone else None


def _only_asks(node: Node) -> bool:
    """Whether a call's result is tested and not kept."""
    around = node.parent
    while around is not None and around.type == "parenthesized_expression":
        around = around.parent
    if around is None or around.type not in _TESTS:
        return False
    operator = around.child_by_field_name("operator")
    return operator is None or text_of(operator) in _LOGIC
