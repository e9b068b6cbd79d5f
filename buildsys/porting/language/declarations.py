"""The declarations of a text of C: functions, macros, types, members and enumerators, with their types.

The text is parsed by tree-sitter, not compiled: headers of old branches need neither their configuration nor the
libraries of their time, and both arms of an ``#if`` count.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from tree_sitter import Node

from asterism.values import dataclass
from buildsys.porting.language.syntax import parse, text_of

_CPLUSPLUS = re.compile(
    rb"^[ \t]*#[ \t]*if(?:def)?[^\n]*__cplusplus.*?^[ \t]*#[ \t]*endif[^\n]*", re.MULTILINE | re.DOTALL
)
_COMMENT = re.compile(rb"""/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.[0-7x]*|[^'\\\n])'""", re.DOTALL)
_CONDITION = re.compile(
    rb"^[ \t]*#[ \t]*(?:if|ifdef|ifndef|elif|else|endif|error|warning|pragma|undef)\b(?:\\\n|[^\n])*", re.MULTILINE
)
_SIMPLIFIED = (
    (re.compile(rb"\bAST_STRING_FIELD\s*\(\s*(\w+)\s*\)"), rb"const char *\1"),
    (re.compile(rb"\bAST_STRING_FIELD_EXTENDED\s*\(\s*(\w+)\s*\)"), rb"const char *\1"),
    (re.compile(rb"\bAST_DECLARE_STRING_FIELDS\s*\(((?:[^()]|\([^()]*\))*)\)\s*;?"), rb"\1"),
    (re.compile(rb"\bAST_(?:D?L|RWL|RWDL)LIST_(?:HEAD|HEAD_NOLOCK)\s*\(\s*(\w*)\s*,\s*\w+\s*\)"), rb"struct \1_list"),
    (re.compile(rb"\bAST_(?:RW)?D?LIST_HEAD(?:_NOLOCK)?\s*\(\s*(\w*)\s*,\s*(\w+)\s*\)"), rb"struct list_of_\2"),
    (re.compile(rb"\bAST_(?:RW)?D?LIST_ENTRY\s*\(\s*(\w+)\s*\)"), rb"struct entry_of_\1"),
    (re.compile(rb"\bAST_VECTOR\s*\(\s*(\w+)\s*,\s*([\w *]+)\s*\)"), rb"struct \1"),
    (
        re.compile(rb"\bDECLARE_STRINGFIELD_SETTERS_FOR\s*\(\s*(\w+)\s*\)\s*;?"),
        rb"void ast_channel_\1_set(struct ast_channel *chan, const char *value);",
    ),
    (re.compile(rb"__attribute__\s*\(\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)\)"), b""),
    (re.compile(rb"\battribute_\w+(?:\s*\(\s*\w*\s*\))?"), b""),
    (re.compile(rb"\b(?:force_inline|__inline__|inline|extern|static|DEPRECATED|_Noreturn|noreturn)\b"), b""),
)
_OPTIONAL = re.compile(rb"\bAST_(?:OPTIONAL|INLINE)_API(?:_NAME)?(?:_ATTR)?\s*\(")
_INCLUDE = re.compile(rb'^[ \t]*#[ \t]*include[ \t]+"asterisk/([\w/-]+)\.h"', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Declared:
    """A name that a header declares."""

    kind: str
    """function, macro, type, member, enumerator, variable or include."""
    name: str
    """The name; that of a member is written ``struct ast_frame.datalen``."""
    signature: str = ""
    """Type of a function or member without names; the parameters of a macro; the enumeration of an enumerator."""


def declared(text: bytes) -> Iterator[Declared]:
    """The declarations at the top level of a text, in order.  Names may occur more than once."""
    yield from (Declared("include", name.decode()) for name in _INCLUDE.findall(text))
    bare = _CPLUSPLUS.sub(_of_c, _COMMENT.sub(_blank, text.replace(b"\r\n", b"\n")))
    bare = _CONDITION.sub(b"", bare)
    yield from _macros(bare)
    bare = re.sub(rb"^[ \t]*#(?:\\\n|[^\n])*", b"", bare, flags=re.MULTILINE)
    for pattern, to in _SIMPLIFIED:
        bare = pattern.sub(to, bare)
    yield from _of_nodes(parse(_without_optional(bare)))


def _of_c(match: re.Match[bytes]) -> bytes:
    """The arm of a condition that a compiler of C sees, where C++ has another."""
    return re.split(rb"^[ \t]*#[ \t]*(?:else|endif)\b.*$", match[0], flags=re.MULTILINE)[1]


def _blank(match: re.Match[bytes]) -> bytes:
    found = match[0]
    return found if found[:1] in b"\"'" else b" "


def _macros(text: bytes) -> Iterator[Declared]:
    for name, parameters, opened in re.findall(
        rb"^[ \t]*#[ \t]*define[ \t]+(\w+)(?:\(([^)]*)(\)))?", text, re.MULTILINE
    ):
        written = ",".join(" ".join(part.replace("\\\n", " ").split()) for part in parameters.decode().split(","))
        yield Declared("macro", name.decode(), f"({written})" if opened else "")


def _without_optional(text: bytes) -> bytes:
    """The text with each ``AST_OPTIONAL_API(result, name, (parameters), stub)`` and its like as a prototype."""
    made, at = [], 0
    for match in _OPTIONAL.finditer(text):
        if match.start() < at:
            continue
        end = _closing(text, match.end() - 1)
        parts = _parts(text[match.end() : end])
        listed = next((at for at, part in enumerate(parts) if part.strip().startswith(b"(")), 0)
        if listed > 1:
            made += [text[at : match.start()], b"%s %s%s" % (parts[0], parts[listed - 1], parts[listed])]
            at = end + 1
        elif b"INLINE" in match[0]:
            made += [text[at : match.start()], parts[0] + b";"]
            at = end + 1
    return b"".join([*made, text[at:]])


def _closing(text: bytes, at: int) -> int:
    depth = 0
    for end in range(at, len(text)):
        depth += {40: 1, 123: 1, 41: -1, 125: -1}.get(text[end], 0)
        if not depth:
            return end
    return len(text)


def _parts(text: bytes) -> list[bytes]:
    found, depth, start = [], 0, 0
    for at, char in enumerate(text):
        depth += {40: 1, 123: 1, 41: -1, 125: -1}.get(char, 0)
        if char == 44 and not depth:
            found.append(text[start:at])
            start = at + 1
    return [*found, text[start:]]


# ---- nodes ---------------------------------------------------------------------------------------------------------


@functools.cache
def tidy(words: str) -> str:
    """A type in the form used for comparisons: ``const char *``."""
    spaced = " ".join(re.sub(r"([*(),\[\]])", r" \1 ", words).split())
    spaced = re.sub(r"\* (?=\*)", "*", spaced)
    spaced = re.sub(r"\( (?=[*)])", "(", spaced)
    return re.sub(r" (?=[,)])|(?<=\() ", "", spaced).strip()


def _of_nodes(root: Node) -> Iterator[Declared]:
    for node in root.children:
        if node.type in ("declaration", "type_definition", "function_definition"):
            yield from of_declaration(node)
        elif node.type in ("struct_specifier", "union_specifier", "enum_specifier"):
            yield from _of_type(node)
        elif node.type in ("linkage_specification", "declaration_list", "ERROR"):
            yield from _of_nodes(node)


def of_declaration(node: Node) -> Iterator[Declared]:
    """The names that a declaration, definition or parameter declares, with the members of a structure in it."""
    kind = node.child_by_field_name("type")
    if kind is not None and kind.type.endswith("_specifier"):
        yield from _of_type(kind)
    base = _base(node)
    for declarator in node.children_by_field_name("declarator"):
        if declarator.type == "init_declarator":
            inner = declarator.child_by_field_name("declarator")
            declarator = inner if inner is not None else declarator
        name = _declared_name(declarator)
        if name is None:
            continue
        words = _type_of(base, declarator, name)
        if node.type == "type_definition":
            yield Declared("type", text_of(name), words)
            if kind is not None and kind.child_by_field_name("body") is not None:
                yield from _members(text_of(name), kind)
        else:
            yield Declared("function" if _is_function(declarator) else "variable", text_of(name), words)


def _base(node: Node) -> str:
    """The type of a declaration without its declarators; a body is left out."""
    words = [text_of(child) for child in node.children if child.type == "type_qualifier"]
    kind = node.child_by_field_name("type")
    if kind is not None and kind.child_by_field_name("body") is not None:
        words += [kind.type.partition("_")[0], text_of(kind.child_by_field_name("name"))]
    else:
        words.append(text_of(kind))
    return " ".join(filter(None, words))


def _declared_name(node: Node | None) -> Node | None:
    while node is not None and node.type not in ("identifier", "field_identifier", "type_identifier"):
        inner = node.child_by_field_name("declarator")
        node = inner if inner is not None else next((c for c in node.named_children if "declarator" in c.type), None)
    return node


def _is_function(node: Node) -> bool:
    while node.type == "pointer_declarator":
        inner = node.child_by_field_name("declarator")
        if inner is None:
            return False
        node = inner
    inner = node.child_by_field_name("declarator")
    return node.type == "function_declarator" and inner is not None and inner.type == "identifier"


def _type_of(base: str, declarator: Node, name: Node | None) -> str:
    """A declarator's type: its text without its name and those of parameters."""
    return tidy(f"{base} {_nameless(declarator, name)}")


def _nameless(node: Node, name: Node | None) -> str:
    if name is not None and node.id == name.id:
        return ""
    if node.type == "parameter_list":
        return f"({','.join(_parameter(child) for child in node.named_children if child.type != 'comment')})"
    if not node.children:
        return text_of(node)
    return " ".join(_nameless(child, name) for child in node.children)


def _parameter(node: Node) -> str:
    if node.type != "parameter_declaration":
        return "..." if node.type == "variadic_parameter" else text_of(node)
    declarator = node.child_by_field_name("declarator")
    if declarator is None:
        return tidy(_base(node))
    return _type_of(_base(node), declarator, _declared_name(declarator))


def _of_type(node: Node) -> Iterator[Declared]:
    body, name = node.child_by_field_name("body"), text_of(node.child_by_field_name("name"))
    tag = f"{node.type.partition('_')[0]} {name}".strip()
    if body is None:
        return
    if node.type == "enum_specifier":
        yield from (
            Declared("enumerator", text_of(child.child_by_field_name("name")), tag)
            for child in body.named_children
            if child.type == "enumerator"
        )
    if name:
        yield Declared("type", tag)
        yield from _members(tag, node)


def _members(owner: str, node: Node) -> Iterator[Declared]:
    body = node.child_by_field_name("body")
    if body is None or node.type == "enum_specifier":
        return
    for field in body.named_children:
        if field.type != "field_declaration":
            continue
        kind = field.child_by_field_name("type")
        inner = kind is not None and kind.child_by_field_name("body") is not None
        declarators = field.children_by_field_name("declarator")
        if kind is not None and inner:
            yield from _of_type(kind)
        if kind is not None and inner and not declarators:
            yield from _members(owner, kind)
        for declarator in declarators:
            name = _declared_name(declarator)
            yield Declared("member", f"{owner}.{text_of(name)}", _type_of(_base(field), declarator, name))
            if kind is not None and inner and kind.child_by_field_name("name") is None:
                yield from _members(f"{owner}.{text_of(name)}", kind)
