"""Functions that C calls and Python implements: declared once, with the C prototype, where they are implemented.

:func:`exported` notes a function that modules call; :func:`hook` one that only the core's own C files
call.  :mod:`runtime.bridge.generate` writes a table of function pointers with one field for each, and C
functions that call through it; at start :func:`runtime.api.bind` fills the table.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from asterism.values import TYPE_CHECKING, dataclass, field

if TYPE_CHECKING:
    from typing import Any, TypeVar

    F = TypeVar("F", bound=Callable[..., Any])


_HEAD = re.compile(r"(?P<result>.*?\W)(?P<name>\w+)\s*\((?P<parameters>.*)\)", re.DOTALL)
_FUNCTION_POINTER = re.compile(r"\(\s*\*\s*(\w+)\s*\)")
_LAST_NAME = re.compile(r"(\w+)\s*(?:\[[^]]*\]\s*)*$")


@dataclass(frozen=True, slots=True)
class Prototype:
    """A C prototype, parsed far enough to generate a call."""

    result: str
    """The return type: ``const char *``."""
    name: str
    parameters: tuple[str, ...]
    """The parameters as written: ``int (*execute)(struct ast_channel *, const char *)``."""
    names: tuple[str, ...]
    """The names of the parameters."""

    @property
    def pointer(self) -> str:
        """The declaration of a pointer to such a function, under the same name."""
        return f"{self.result}(*{self.name})({', '.join(self.parameters) or 'void'})"

    def __str__(self) -> str:
        return f"{self.result}{self.name}({', '.join(self.parameters) or 'void'})"

    @classmethod
    def parse(cls, text: str) -> Prototype:
        """Parse a prototype.  Raises ValueError when the text is not a prototype or a parameter has no name."""
        found = _HEAD.fullmatch(" ".join(text.split()))
        if found is None:
            raise ValueError(f"not a C prototype: {text}")
        parameters = tuple(part for part in _split(found["parameters"]) if part != "void")
        return cls(found["result"], found["name"], parameters, tuple(map(_name_of, parameters)))


def _split(parameters: str) -> list[str]:
    """Split a list of parameters at the commas outside of parentheses."""
    parts, depth = [""], 0
    for char in parameters:
        depth += (char == "(") - (char == ")")
        if char == "," and not depth:
            parts.append("")
        else:
            parts[-1] += char
    return [part.strip() for part in parts if part.strip()]


def _name_of(parameter: str) -> str:
    found = _FUNCTION_POINTER.search(parameter) or _LAST_NAME.search(parameter)
    if found is None or found[1] == parameter:
        raise ValueError(f"the parameter '{parameter}' has no name")
    return found[1]


@dataclass(frozen=True, slots=True)
class Export:
    """A function that C calls and Python implements."""

    prototype: Prototype
    implementation: Callable[..., Any] = field(repr=False)
    failure: int | None
    """The result for C when the implementation raises or no core is bound: None for void and for NULL."""
    is_public: bool
    """Whether modules may call the function; otherwise only the core's own C files call it through the table."""


EXPORTS: dict[str, Export] = {}
"""Every function declared so far, by its name, in the order of declaration."""


def _declare(prototype: str, failure: int | None, is_public: bool) -> Callable[[F], F]:
    parsed = Prototype.parse(prototype)
    if failure is None and parsed.result.strip() not in ("void",) and not parsed.result.strip().endswith("*"):
        raise ValueError(f"{parsed.name} needs a failure value")

    def note(function: F) -> F:
        if parsed.name in EXPORTS:
            raise ValueError(f"{parsed.name} is declared twice")
        EXPORTS[parsed.name] = Export(parsed, function, failure, is_public)
        return function

    return note


def exported(prototype: str, failure: int | None = None) -> Callable[[F], F]:
    """Declare the decorated function as the implementation of a C function that modules call.

    Args:
        prototype: the prototype of the header, every parameter with a name.  A difference does not compile.
        failure: the result for C when the function raises; NULL (or nothing, for void) if omitted.
    """
    return _declare(prototype, failure, True)


def hook(prototype: str, failure: int | None = None) -> Callable[[F], F]:
    """Declare the decorated function as one that the core's own C files call through the table."""
    return _declare(prototype, failure, False)
