"""Find what C sources define from their text, to tell which source of a repository a module lacks; pure.

No compiler is used, since sources that belong to no module have no flags. A definition is a function or variable
that begins in the first column, as in every common style, and is not static.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

from asterism.values import dataclass

_NO_CODE = re.compile(
    r"""/\*.*?\*/|//[^\n]*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)+'|^[ \t]*\#(?:[^\n\\]|\\.)*""",
    re.DOTALL | re.MULTILINE,
)
"""Comments, string literals and preprocessor directives."""
_KIND = r"(?P<kind>[A-Za-z_][\w \t*]*?[\s*])"
_NAME = r"(?P<name>[A-Za-z_]\w*)"
_FUNCTION = re.compile(rf"^{_KIND}??{_NAME}[ \t]*\(", re.MULTILINE)
_VARIABLE = re.compile(rf"^{_KIND}{_NAME}(?:\[[^\]\n]*\])*[ \t]*[=;]", re.MULTILINE)
_WORD = re.compile(r"[A-Za-z_]\w*")
_HIDDEN = re.compile(r"\b(?:static|extern|typedef|return|else|struct\s*$)\b")


@dataclass(frozen=True, slots=True)
class SourceNames:
    """The names defined and mentioned in a source."""

    defined: frozenset[str]
    """Functions and variables that other sources can use."""
    mentioned: frozenset[str]
    """Every identifier."""


def names_in(text: str) -> SourceNames:
    """The names in the text of a C source."""
    bare = _NO_CODE.sub(lambda match: "\n" * match[0].count("\n") or " ", text)
    functions = {match["name"] for match in _FUNCTION.finditer(bare) if _is_function(bare, match)}
    variables = {match["name"] for match in _VARIABLE.finditer(bare) if not _HIDDEN.search(match["kind"])}
    return SourceNames(frozenset(functions | variables), frozenset(_WORD.findall(bare)))


def _is_function(text: str, match: re.Match[str]) -> bool:
    """Whether a match of a function's head is followed by a body and is not static."""
    line_before = text[text.rfind("\n", 0, max(match.start() - 1, 0)) + 1 : match.start()]
    kind = match["kind"] or line_before
    return not _HIDDEN.search(kind) and text[_closed(text, match.end()) :].lstrip()[:1] == "{"


def _closed(text: str, at: int) -> int:
    """The position after the parenthesis that closes the one opened before ``at``."""
    depth = 1
    for match in re.finditer(r"[()]", text[at:]):
        depth += 1 if match[0] == "(" else -1
        if not depth:
            return at + match.end()
    return len(text)


def providers(
    wanted: Iterable[str], sources: Mapping[str, SourceNames], own: Collection[str] = frozenset()
) -> list[str]:
    """The sources that define the wanted names, and the sources that these need in turn, in the order of ``sources``.

    The first source that defines a name is taken. A source that defines ``main`` is a program and is ignored.

    Args:
        wanted: the names.
        sources: the names in each source.
        own: the names that the module defines itself, which need no further source.
    """
    parts = {path: names for path, names in sources.items() if "main" not in names.defined}
    missing, taken = set(wanted), dict[str, SourceNames]()
    while True:
        found = _further(missing, taken, parts)
        if not found:
            return [path for path in parts if path in taken]
        for path in found:
            taken[path] = parts[path]
            missing |= parts[path].mentioned.difference(own)


def _further(missing: set[str], taken: Mapping[str, SourceNames], parts: Mapping[str, SourceNames]) -> list[str]:
    """The sources that define a missing name that no taken and no earlier source defines."""
    left = missing.difference(*(names.defined for names in taken.values()))
    found: list[str] = []
    for path, names in parts.items():
        if path not in taken and names.defined & left:
            found.append(path)
            left -= names.defined
    return found
