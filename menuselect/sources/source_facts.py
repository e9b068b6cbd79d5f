"""What the code of a module in C says of it, by a look at its text: how it registers itself, and what it registers."""

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
"""What registers an application or a manager action, and its first argument."""
_REGISTERS = {"application": "register_application", "manager": "manager_register"}
_FUNCTION = re.compile(r"\bast_custom_function\s+\w+[^;{]*=\s*\{(?P<body>[^;]*?)\}\s*;", re.DOTALL)
_NAME = re.compile(r"\.name\s*=\s*(?P<what>\"[^\"\n]*\"|\w+)")


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """What the code says."""

    has_info: bool
    """Whether it registers a module: AST_MODULE_INFO, or a call of ``ast_module_register``."""
    includes: tuple[str, ...] = ()
    """The headers that it includes, as written between the quotes or brackets."""
    line: int = 0
    """The line of AST_MODULE_INFO, from 1; 0 without one."""
    level: str = ""
    """The support level in lower case; empty when the code leaves it open."""
    requires: tuple[str, ...] = ()
    registered: tuple[tuple[str, str], ...] = ()
    """Kind (``application``, ``function``, ``manager``) and name of what it registers."""
    unresolved: frozenset[str] = frozenset()
    """The kinds of which a name is not a plain text."""


def read(text: str) -> SourceFacts:
    """Look at the text of a C source."""
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
    """Kind and name of what is registered; an empty name where it is not a plain text."""
    for kind, call in _CALLS.items():
        if f"ast_{_REGISTERS[kind]}" in code:  # what is rarely there is not looked for by a slow pattern
            yield from ((kind, _resolved(match["what"], code)) for match in call.finditer(code))
    for match in _FUNCTION.finditer(code) if "ast_custom_function" in code else ():
        name = _NAME.search(match["body"])
        yield "function", _resolved(name["what"], code) if name else ""


def _resolved(what: str, code: str) -> str:
    """A text, or the value of a variable or macro that is one; empty for everything else."""
    if what.startswith('"'):
        return what[1:-1]
    given = re.search(rf'\b{what}\s*(?:\[\s*\w*\s*\])?\s*=\s*"([^"\n]*)"|#\s*define\s+{what}\s+"([^"\n]*)"', code)
    return (given[1] or given[2] or "") if given else ""
