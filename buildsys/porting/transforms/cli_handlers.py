"""Turn a console command's record of words and its function of three parameters into one handler."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tree_sitter import Node

from asterism.branches.changes.rules import Rule
from asterism.values import dataclass
from buildsys.porting.edits import Edit, Text
from buildsys.porting.language.declarations import of_declaration
from buildsys.porting.language.expression_types import bare
from buildsys.porting.language.syntax import children_of, text_of, walk
from buildsys.porting.view import View

_ENTRY = "struct ast_cli_entry"
_RESULTS = {
    "RESULT_SUCCESS": "CLI_SUCCESS",
    "RESULT_SHOWUSAGE": "CLI_SHOWUSAGE",
    "RESULT_FAILURE": "CLI_FAILURE",
    "0": "CLI_SUCCESS",
    "1": "CLI_SHOWUSAGE",
    "-1": "CLI_FAILURE",
}
_PARAMETERS = "(struct ast_cli_entry *e, int cmd, struct ast_cli_args *a)"
_MEMBERS = ("fd", "argc", "argv")
"""The replacements of an old handler's parameters, in order."""


@dataclass(frozen=True, slots=True, eq=False)
class _Entry:
    """A record of a command in the old form."""

    node: Node
    words: str
    handler: str
    summary: str
    usage: Node | None
    completion: str
    """The function that completes; empty for none."""


def cli_handlers(view: View, rule: Rule) -> Iterator[Edit]:
    """Edits of the records of commands and of their handlers, where a handler serves one record (Asterisk's cli.h)."""
    entries = [entry for node in view.source.of_kind("declaration") for entry in _entries(view, node)]
    functions = {_name_of(node): node for node in view.source.of_kind("function_definition")} if entries else {}
    for entry in entries:
        function = functions.get(entry.handler)
        is_shared = sum(each.handler == entry.handler for each in entries) > 1
        if function is None or is_shared or _uses(view, entry.handler) != 2:
            continue
        made = _handler(view, function, entry, functions, rule)
        if made is not None:
            define = f"AST_CLI_DEFINE({entry.handler}, {entry.summary})"
            yield Edit(entry.node.start_byte, entry.node.end_byte, define.encode("latin-1"), rule.id, rule.adds)
            yield made
            yield from _without_usage(view, entry, rule)


def _name_of(function: Node) -> str:
    return next((each.name for each in of_declaration(function) if each.kind == "function"), "")


def _uses(view: View, name: str) -> int:
    """The number of times a name occurs in a source outside of members, including its definition."""
    return sum(text_of(node) == name for node in view.source.of_kind("identifier"))


# ---- the record ------------------------------------------------------------------------------------------------------


def _entries(view: View, node: Node) -> Iterator[_Entry]:
    if _ENTRY not in text_of(node.child_by_field_name("type")):
        return
    declared = [each for each in of_declaration(node) if each.kind == "variable"]
    if not declared or not bare(declared[0].signature).startswith(_ENTRY):
        return
    for inner in view.source.of_kind("initializer_list", within=node):
        if entry := _entry(view, inner):
            yield entry


def _entry(view: View, node: Node) -> _Entry | None:
    """The record that an initialiser writes; None when it is in another form."""
    parts = [child for child in children_of(node) if child.is_named]
    if len(parts) < 3 or parts[0].type != "initializer_list" or parts[1].type != "identifier":
        return None
    words = [text_of(each).strip('"') for each in parts[0].named_children if each.type == "string_literal"]
    summary = view.source.of(parts[2]).decode("latin-1")
    usage = parts[3] if len(parts) > 3 and text_of(parts[3]) != "NULL" else None
    completion = text_of(parts[4]) if len(parts) > 4 and parts[4].type == "identifier" else ""
    is_whole = len(parts) <= 5 or all(text_of(part) in ("NULL", "0") for part in parts[5:])
    if not words or not is_whole or summary == "NULL":
        return None
    return _Entry(node, " ".join(words), text_of(parts[1]), summary, usage, completion)


def _usage(view: View, entry: _Entry) -> str:
    """The text of the usage, as it is written in C."""
    if entry.usage is None:
        return f'"Usage: {entry.words}\\n"'
    value = entry.usage
    if value.type == "identifier":
        found = _initialiser(view, text_of(value))
        value = found if found is not None else value
    return view.source.of(value).decode("latin-1")


def _initialiser(view: View, name: str) -> Node | None:
    for node in view.source.of_kind("init_declarator"):
        if node.parent is not None and node.parent.type == "declaration":
            value = node.child_by_field_name("value")
            is_text = value is not None and value.type in ("string_literal", "concatenated_string")
            if is_text and any(each.name == name for each in of_declaration(node.parent)):
                return value
    return None


def _without_usage(view: View, entry: _Entry, rule: Rule) -> Iterator[Edit]:
    """The edit that removes the variable of a usage text which nobody else names."""
    if entry.usage is None or entry.usage.type != "identifier" or _uses(view, text_of(entry.usage)) != 2:
        return
    value = _initialiser(view, text_of(entry.usage))
    declaration = value.parent.parent if value is not None and value.parent is not None else None
    if declaration is not None and len(declaration.children_by_field_name("declarator")) == 1:
        end = _line_end(view.source.text, declaration.end_byte)
        yield Edit(declaration.start_byte, end, b"", rule.id)


def _line_end(text: bytes, at: int) -> int:
    """Behind the line of a place and an empty line after it."""
    end = text.find(b"\n", at) + 1 or len(text)
    follows = text[end : end + 2]
    return end + (1 if follows.startswith(b"\n") else 2 if follows == b"\r\n" else 0)


# ---- the handler -----------------------------------------------------------------------------------------------------


def _handler(view: View, function: Node, entry: _Entry, functions: dict[str, Node], rule: Rule) -> Edit | None:
    """The edit of a whole function; None when a part of it cannot be carried over."""
    declarator, body = function.child_by_field_name("declarator"), function.child_by_field_name("body")
    kind = function.child_by_field_name("type")
    names = _parameter_names(declarator)
    if declarator is None or body is None or kind is None or len(names) != 3 or text_of(kind) != "int":
        return None
    results = _results(body, rule)
    if results is None:
        return None
    at = body.start_byte + 1
    switch = _switch(view, entry)
    edits = [
        Edit(kind.start_byte, kind.end_byte, b"char", rule.id),
        Edit(declarator.start_byte, declarator.end_byte, f"*{entry.handler}{_PARAMETERS}".encode(), rule.id),
        Edit(at, at, switch.encode("latin-1"), rule.id),
        *results,
        *_members(body, names, rule),
    ]
    start = function.start_byte
    text = Text.of(view.source.of(function))
    text.apply([Edit(each.start - start, each.end - start, each.text, each.rule) for each in edits])
    before = _prototype(view, function, functions.get(entry.completion))
    return Edit(start, function.end_byte, before + text.content, rule.id)


def _parameter_names(declarator: Node | None) -> list[str]:
    listed = declarator.child_by_field_name("parameters") if declarator is not None else None
    found = [list(of_declaration(each)) for each in listed.named_children] if listed is not None else []
    return [each[-1].name for each in found if each]


def _switch(view: View, entry: _Entry) -> str:
    eol = view.source.eol.decode()
    complete = f"{entry.completion}(a->line, a->word, a->pos, a->n)" if entry.completion else "NULL"
    lines = (
        "",
        "\tswitch (cmd) {",
        "\tcase CLI_INIT:",
        f'\t\te->command = "{entry.words}";',
        f"\t\te->usage = {_usage(view, entry)};",
        "\t\treturn NULL;",
        "\tcase CLI_GENERATE:",
        f"\t\treturn {complete};",
        "\t}",
    )
    return eol.join(lines)


def _results(body: Node, rule: Rule) -> list[Edit] | None:
    """The edits of what a handler returns; None when it returns something else than a constant."""
    found: list[Edit] = []
    for node in walk(body):
        if node.type == "return_statement":
            value = node.named_children[0] if node.named_children else None
            made = _RESULTS.get(text_of(value), "")
            if value is None or not made:
                return None
            found.append(Edit(value.start_byte, value.end_byte, made.encode(), rule.id))
    return found


def _members(body: Node, names: Sequence[str], rule: Rule) -> Iterator[Edit]:
    members = dict(zip(names, _MEMBERS, strict=True))
    for node in walk(body):
        if node.type == "identifier" and text_of(node) in members:
            yield Edit(node.start_byte, node.end_byte, f"a->{members[text_of(node)]}".encode(), rule.id)


def _prototype(view: View, function: Node, completion: Node | None) -> bytes:
    """A declaration of a completion that stands below the handler."""
    if completion is None or completion.start_byte < function.start_byte:
        return b""
    body = completion.child_by_field_name("body")
    end = body.start_byte if body is not None else completion.end_byte
    return view.source.text[completion.start_byte : end].rstrip() + b";" + view.source.eol * 2
