"""Read the modules of a tree, their further sources and the order of blocks from Asterisk's Makefiles.

A small part of make's language is enough for the Makefiles of the module directories: variables,
``ifeq`` and ``ifneq``, ``include``, a handful of functions, and the rules for ``.NAME.moduleinfo``.
Everything else, such as recipes and environment variables, expands to an empty text.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from asterism import files
from asterism.errors import AsterismError
from asterism.values import dataclass, field

_ASSIGNMENT = re.compile(r"\s*([A-Za-z0-9_.]+)\s*(:?=|\+=|\?=)\s*(.*)", re.DOTALL)
_CONDITION = re.compile(r"\s*(ifeq|ifneq|ifdef|ifndef|else|endif)\b\s*(.*)")
_RULE = re.compile(r"\.(\S+)\.moduleinfo\s*:(?!=)\s*(.*)")
_CONTINUED = re.compile(r"[ \t]*\\\n[ \t]*")
_COMMENT = re.compile(r"(?<!\\)#.*")
_INCLUDE = re.compile(r"-?include\s+(.*)")
_DEEPEST = 20
_MOST_STEPS = 100_000


@dataclass(frozen=True, slots=True)
class Added:
    """Further sources of a module, beside its main source."""

    sources: tuple[str, ...]
    suffix: str
    """``.c`` or ``.cc``."""


@dataclass(frozen=True, slots=True)
class Directory:
    """The contents of the Makefile of one module directory."""

    variables: dict[str, str]
    added: dict[str, Added]
    scanned: dict[str, tuple[str, ...]]
    """Sources whose blocks count for a module that is not compiled from them."""
    fixed: dict[str, tuple[str, ...]]
    """The lines that a Makefile generates for a module, in make's language, as arguments of echo."""


@dataclass(slots=True)
class _Make:
    directory: Path
    variables: dict[str, str] = field(default_factory=dict)
    added: dict[str, Added] = field(default_factory=dict)
    scanned: dict[str, tuple[str, ...]] = field(default_factory=dict)
    fixed: dict[str, list[str]] = field(default_factory=dict)
    depth: int = 0
    steps: int = 0
    opened: set[str] = field(default_factory=set)
    """The variables whose values are being expanded."""

    def read(self, path: Path) -> None:
        """Read a Makefile; a missing one is ignored."""
        self.depth += 1
        recipe: list[str] | None = None
        # Whether each enclosing condition holds, innermost last.
        holding: list[bool] = []
        for line in _logical_lines(path) if self.depth < _DEEPEST else ():
            if line.startswith("\t"):
                if recipe is not None and all(holding):
                    recipe.append(line)
                continue
            condition = _CONDITION.match(line)
            if condition:
                self.branch(holding, *condition.groups())
            elif line.strip() and all(holding):
                recipe = self.statement(line)
        self.depth -= 1

    def branch(self, holding: list[bool], word: str, rest: str) -> None:
        if word == "endif":
            del holding[-1:]
        elif word == "else":
            holding[-1:] = [not holding[-1]] if holding else []
        else:
            holding.append(self.holds(word, rest))

    def holds(self, word: str, rest: str) -> bool:
        if word in ("ifdef", "ifndef"):
            return bool(self.variables.get(rest.strip())) == (word == "ifdef")
        inner = rest.strip().removeprefix("(").removesuffix(")")
        left, _, right = _split_argument(inner)
        return (self.expand(left).strip() == self.expand(right).strip()) == (word == "ifeq")

    def statement(self, line: str) -> list[str] | None:
        """Read a line outside a recipe; return the list for the recipe lines below it, or None to ignore them."""
        if line.lstrip().startswith("$(call MOD_ADD_"):
            self.add(line.strip())
            return None
        include = _INCLUDE.match(line)
        if include:
            # Files above the directory are common to all directories and name no modules.
            for name in self.expand(include[1]).split():
                if not name.startswith(("..", "/")):
                    self.read(self.directory / name)
            return None
        rule = _RULE.match(line)
        if rule and "%" not in rule[1]:
            return self.rule(rule[1], self.expand(rule[2]).split())
        assignment = _ASSIGNMENT.match(line)
        if assignment:
            self.assign(*assignment.groups())
        return None

    def assign(self, name: str, operator: str, value: str) -> None:
        if operator == "?=" and name in self.variables:
            return
        text = self.expand(value) if operator == ":=" else value
        before = self.variables.get(name)
        self.variables[name] = f"{before} {text}" if operator == "+=" and before else text

    def add(self, call: str) -> None:
        words = call.removeprefix("$(call ").removesuffix(")")
        function, _, rest = _split_argument(words)
        module, comma, sources = _split_argument(rest)
        if comma:
            suffix = ".cc" if function.strip() == "MOD_ADD_CC" else ".c"
            self.added[module.strip()] = Added(tuple(self.expand(sources).split()), suffix)

    def rule(self, module: str, sources: list[str]) -> list[str]:
        self.scanned[module] = (*self.scanned.get(module, ()), *sources)
        return self.fixed.setdefault(module, [])

    def expand(self, text: str, depth: int = 0) -> str:
        """The text with its references expanded; unknown ones are empty."""
        parts: list[str] = []
        start = 0
        while True:
            self.steps += 1
            at = text.find("$", start)
            # The limits stop variables that refer to each other, or to themselves, from growing forever.
            if at < 0 or depth > _DEEPEST or self.steps > _MOST_STEPS:
                return "".join([*parts, text[start:]])
            parts.append(text[start:at])
            inner, start = _reference(text, at)
            parts.append(self.value(inner, depth + 1))

    def value(self, inner: str, depth: int) -> str:
        name, _, rest = inner.partition(" ")
        function = _FUNCTIONS.get(name)
        if function:
            arguments = [self.expand(argument, depth) for argument in _arguments(rest)]
            return function(self, arguments)
        wanted = self.expand(inner, depth)
        if wanted in self.opened:  # make refuses a variable that names itself
            return ""
        self.opened.add(wanted)
        text = self.expand(self.variables.get(wanted, ""), depth)
        self.opened.discard(wanted)
        return text

    def wildcard(self, patterns: str) -> str:
        found: list[str] = []
        for pattern in patterns.split():
            if not any(char in pattern for char in "*?["):
                found += [pattern] if os.path.exists(self.directory / pattern) else []
            elif not pattern.startswith("/") and ".." not in pattern.split("/"):
                found += files.matching(pattern, self.directory)
        return " ".join(found)


def _words(texts: list[str], at: int) -> list[str]:
    return texts[at].split() if at < len(texts) else []


def _subst(_make: _Make, texts: list[str]) -> str:
    old, new, text = (*texts, "", "", "")[:3]
    return text.replace(old, new) if old else text


def _patsubst(_make: _Make, texts: list[str]) -> str:
    old, new = (*texts, "", "")[:2]
    head, _, tail = old.partition("%")
    return " ".join(_replaced(word, head, tail, new) for word in _words(texts, 2))


def _replaced(word: str, head: str, tail: str, new: str) -> str:
    if not (word.startswith(head) and word.endswith(tail) and len(word) >= len(head) + len(tail)):
        return word
    return new.replace("%", word[len(head) : len(word) - len(tail)], 1)


_FUNCTIONS: dict[str, Callable[[_Make, list[str]], str]] = {
    "wildcard": lambda make, texts: make.wildcard(texts[0]),
    "addprefix": lambda _make, texts: " ".join(texts[0] + word for word in _words(texts, 1)),
    "addsuffix": lambda _make, texts: " ".join(word + texts[0] for word in _words(texts, 1)),
    "filter": lambda _make, texts: " ".join(word for word in _words(texts, 1) if word in texts[0].split()),
    "filter-out": lambda _make, texts: " ".join(word for word in _words(texts, 1) if word not in texts[0].split()),
    "findstring": lambda _make, texts: texts[0] if len(texts) > 1 and texts[0] in texts[1] else "",
    "sort": lambda _make, texts: " ".join(sorted(set(_words(texts, 0)))),
    "strip": lambda _make, texts: " ".join(_words(texts, 0)),
    "subst": _subst,
    "patsubst": _patsubst,
    "shell": lambda _make, _texts: "",
    "call": lambda _make, _texts: "",
}


def _logical_lines(path: Path) -> Iterator[str]:
    """The lines of a Makefile, continued ones joined, comments cut off."""
    try:
        text = files.read_text(path)
    except AsterismError:
        return
    for line in _CONTINUED.sub(" ", text).split("\n"):
        yield _COMMENT.sub("", line).rstrip() if "#" in line and line[0] != "\t" else line


def _reference(text: str, at: int) -> tuple[str, int]:
    """The inside of the reference that begins at a ``$``, and the position after the reference."""
    if at + 1 >= len(text):
        return "", len(text)
    closing = {"(": ")", "{": "}"}.get(text[at + 1])
    if closing is None:
        return text[at + 1], at + 2
    depth = 0
    for end in range(at + 1, len(text)):
        depth += (text[end] == text[at + 1]) - (text[end] == closing)
        if depth == 0:
            return text[at + 2 : end], end + 1
    return text[at + 2 :], len(text)


def _split_argument(text: str) -> tuple[str, str, str]:
    """The text before and after the first comma that is not inside a reference."""
    depth = 0
    for at, char in enumerate(text):
        depth += (char in "({") - (char in ")}")
        if char == "," and depth == 0:
            return text[:at], ",", text[at + 1 :]
    return text, "", ""


def _arguments(text: str) -> Iterator[str]:
    comma = ","
    while comma:
        argument, comma, text = _split_argument(text)
        yield argument


def read_directory(path: Path) -> Directory:
    """Read the Makefile of a module directory."""
    make = _Make(path, {"ASTTOPDIR": "..", "SUBDIR": path.name})
    make.read(path / "Makefile")
    fixed = {module: tuple(_echoed(make, lines)) for module, lines in make.fixed.items() if lines}
    scanned = {module: sources for module, sources in make.scanned.items() if module not in fixed}
    variables = {name: make.expand(text) for name, text in make.variables.items()}
    return Directory(variables, make.added, scanned, fixed)


DISPLAYNAME = "\0"
"""Stands in a fixed line for the description that the Makefile takes from the source."""


def _echoed(make: _Make, lines: list[str]) -> Iterator[str]:
    for line in lines:
        quoted = re.search(r'\becho\s+"((?:[^"\\]|\\.|\$\([^()]*\))*)"\s*>', line.replace("cut -d '\"'", "cut"))
        if quoted:
            text = re.sub(r"\$\(shell [^()]*(?:\$\([^()]*\)[^()]*)*\)", DISPLAYNAME, quoted[1])
            # $* is empty in a rule that is spelled out.
            yield make.expand(text).replace('\\"', '"')


@dataclass(frozen=True, slots=True)
class Part:
    """A step of writing menuselect-tree."""

    what: str
    """``modules``, ``makeopts`` (the blocks of that name), or the path of a file that is copied."""
    dev_mode: bool = False
    """Whether the step applies only in development mode."""


@dataclass(frozen=True, slots=True)
class Top:
    """The contents of the top Makefile of a tree."""

    directories: tuple[str, ...]
    parts: tuple[Part, ...]
    preprocessed: bool
    """Whether remove_on_change names ``.i`` files."""
    adds_sources: bool
    """Whether remove_on_change names the objects of added sources."""


def read_top(root: Path) -> Top | None:
    """Read the top Makefile of a tree; None when it does not write menuselect-tree, so is not Asterisk's."""
    path = root / "Makefile"
    lines = list(_logical_lines(path))
    recipe = _recipe(lines, "menuselect-tree:")
    if not any("moduleinfo" in line for line in recipe):
        return None
    make = _Make(root)
    for line in lines:
        if line.startswith("MOD_SUBDIRS"):
            make.statement(line)
    directories = make.expand(make.variables.get("MOD_SUBDIRS", "")).split()
    rules = "\n".join(_logical_lines(root / "Makefile.moddir_rules"))
    return Top(
        tuple(sorted({name for name in directories if name != "main"})),
        tuple(_parts(recipe)),
        preprocessed="$(SUBDIR)/$*.i " in rules,
        adds_sources="MODULEINFO_EXTRA_OUTPUT=" in rules,
    )


def _recipe(lines: list[str], target: str) -> list[str]:
    recipe: list[str] = []
    inside = False
    for line in lines:
        if line.startswith("\t"):
            recipe += [line] if inside else []
        else:
            inside = line.startswith(target)
    return recipe


def _parts(recipe: list[str]) -> Iterator[Part]:
    for line in recipe:
        fragment = re.search(r"\bcat (\S+) *>>", line)
        if fragment:
            yield Part(fragment[1], dev_mode="AST_DEVMODE" in line)
        elif " moduleinfo >>" in line:
            yield Part("modules")
        elif " makeopts >>" in line:
            yield Part("makeopts")
