"""Facts about a module in C, found in the text of its source: how it registers itself, and what it registers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from asterism.values import dataclass

LEVELS = {"_STANDARD": "core", "_STANDARD_EXTENDED": "extended", "_STANDARD_DEPRECATED": "deprecated"}
"""The support level of each form of the macro; AST_MODULE_INFO itself has a field for it."""

_COMMENTS = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
_INFO = re.compile(r"^[ \t]*AST_MODULE_INFO(?P<form>\w*)[ \t\n]*\(", re.MULTILINE)
_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*[<"]([^>"\n]+)[>"]', re.MULTILINE)
_REGISTER = re.compile(r"\bast_module_register\s*\(")
_LEVEL = re.compile(r"\.support_level\s*=\s*AST_MODULE_SUPPORT_(\w+)")
_REQUIRES = re.compile(r'\.requires\s*=\s*"([^"\n]*)"')
_CALLS = {
    "application": re.compile(r"\bast_register_application(?P<form>_xml|2)?\s*\(\s*(?P<what>\"[^\"\n]*\"|\w+)\s*[,)]"),
    "manager": re.compile(r"\bast_manager_register(?P<form>_xml\w*|2)?\s*\(\s*(?P<what>\"[^\"\n]*\"|\w+)\s*[,)]"),
}
"""The calls that register an application or a manager action, with their first argument."""
_REGISTERS = {"application": "register_application", "manager": "manager_register"}
_FUNCTION = re.compile(r"\bast_custom_function\s+\w+[^;{]*=\s*\{(?P<body>[^;]*?)\}\s*;", re.DOTALL)
_NAME = re.compile(r"\.name\s*=\s*(?P<what>\"[^\"\n]*\"|\w+)")


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """The facts found in one source."""

    has_info: bool
    """Whether the source registers a module, by AST_MODULE_INFO or a call of ``ast_module_register``."""
    includes: tuple[str, ...] = ()
    """The included headers, as written between quotes or angle brackets."""
    line: int = 0
    """The line of AST_MODULE_INFO, from 1; 0 without the macro."""
    level: str = ""
    """The support level in lower case; empty when the macro does not give it."""
    requires: tuple[str, ...] = ()
    """The modules named by ``.requires``."""
    registered: tuple[tuple[str, str], ...] = ()
    """Kind (``application``, ``function``, ``manager``) and name of each registration."""
    unresolved: frozenset[str] = frozenset()
    """The kinds with a registration whose name is not a string in the source."""


def read(text: str) -> SourceFacts:
    """Find the facts in the text of a C source; comments are ignored."""
    code = _COMMENTS.sub(lambda match: "\n" * match[0].count("\n"), text)
    info = _INFO.search(code)
    body = code[info.end() : _end_of_call(code, info.end())] if info else ""
    found = list(_registered(code))
    requires = _REQUIRES.search(body)
    return SourceFacts(
        info is not None or _REGISTER.search(code) is not None,
        tuple(_INCLUDE.findall(code)),
        code.count("\n", 0, info.start("form")) + 1 if info else 0,
        _level(info["form"] if info else None, body),
        tuple(name.strip() for name in requires[1].split(",") if name.strip()) if requires else (),
        tuple((kind, name) for kind, name in found if name),
        frozenset(kind for kind, name in found if not name),
    )


def _end_of_call(code: str, start: int) -> int:
    end = code.find(";", start)
    return end if end >= 0 else len(code)


def _level(form: str | None, body: str) -> str:
    if form is None:
        return ""
    named = _LEVEL.search(body)
    if named:
        return named[1].lower()
    return LEVELS.get(form, "") if form else ""


def _registered(code: str) -> Iterator[tuple[str, str]]:
    """Kind and name of each registration; the name is empty when it is not a string in the source."""
    for kind, call in _CALLS.items():
        if f"ast_{_REGISTERS[kind]}" in code:  # a search for plain text first: the patterns are slow
            yield from ((kind, _resolved(match["what"], code)) for match in call.finditer(code))
    for match in _FUNCTION.finditer(code) if "ast_custom_function" in code else ():
        name = _NAME.search(match["body"])
        yield "function", _resolved(name["what"], code) if name else ""


def _resolved(what: str, code: str) -> str:
    """The value of a string literal, or of a variable or macro defined as a string literal; empty for anything else."""
    if what.startswith('"'):
        return what[1:-1]
    given = re.search(rf'\b{what}\s*(?:\[\s*\w*\s*\])?\s*=\s*"([^"\n]*)"|#\s*define\s+{what}\s+"([^"\n]*)"', code)
    return (given[1] or given[2] or "") if given else ""
