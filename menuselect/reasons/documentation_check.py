"""Find faults in DOCUMENTATION blocks: XML that cannot be read, unknown elements, names that are not registered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree

from asterism.branches import known_names
from asterism.errors import Fault, Place
from asterism.names import akin
from asterism.words import either
from menuselect.sources.source_facts import SourceFacts

_BLOCK = re.compile(r"^[ \t]*/\*\*\*[ \t]+DOCUMENTATION\b[^\n]*\n(?P<body>.*?)^[^\n]*\*\*\*/", re.MULTILINE | re.DOTALL)
_TAG = re.compile(r"<(?P<name>[A-Za-z_][\w.-]*)")
_ENTITIES = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9A-Fa-f]+);)\w+;")
_OPENING = '<docs xmlns:xi="http://www.w3.org/2001/XInclude">'
NAMED = ("application", "function", "manager")
"""Top elements of a block that name something that the module registers."""


def faults(text: str, file: str, said: SourceFacts) -> Iterator[Fault]:
    """The faults of the DOCUMENTATION blocks of a source.

    Args:
        text: the source.
        file: its name, for the faults.
        said: the facts from its code, with the registered names.
    """
    for block in _BLOCK.finditer(text):
        first = text.count("\n", 0, block.start("body"))
        try:
            ElementTree.fromstring(_OPENING + _ENTITIES.sub("", block["body"]) + "</docs>")  # noqa: S314 (expat is safe)
        except ElementTree.ParseError as error:
            line, column = error.position
            what = f"the DOCUMENTATION block is not XML: {str(error).partition(':')[0]}"
            yield Fault(
                what, _place(text, file, first + line, column + 1), code="bad-documentation", severity="warning"
            )
            continue
        yield from _unknown(text, file, block)
        yield from _unregistered(text, file, block, said)


def _unknown(text: str, file: str, block: re.Match[str]) -> Iterator[Fault]:
    """A warning for each element that no branch of Asterisk knows, once for each name."""
    known = list(known_names.names("element"))
    seen: set[str] = set()
    for tag in _TAG.finditer(text, block.start("body"), block.end("body")):
        name = tag["name"]
        if name in known or name in seen or name == "xi":
            continue
        seen.add(name)
        near = akin(name, known)
        cure = (
            f"did you mean {either(f'<{each}>' for each in near)}?" if near else "Asterisk's documentation ignores it"
        )
        what = f"<{name}> is not an element of documentation"
        yield Fault(what, _at(text, file, tag.start()), "", cure, "unknown-element", "warning")


def _unregistered(text: str, file: str, block: re.Match[str], said: SourceFacts) -> Iterator[Fault]:
    """A warning for each documented name that the code does not register, as far as this can be determined."""
    for kind in NAMED:
        registered = {name.lower() for each, name in said.registered if each == kind}
        if not registered or kind in said.unresolved:
            continue
        for tag in re.finditer(rf'<{kind}\s+[^>]*?name="(?P<name>[^"]*)"', block["body"]):
            if tag["name"].lower() not in registered:
                what = f"{kind} '{tag['name']}' is documented and not registered"
                names = sorted(name for each, name in said.registered if each == kind)
                place = _at(text, file, block.start("body") + tag.start("name"))
                yield Fault(what, place, f"this source registers {either(names)}", "", "undocumented-name", "warning")


def _at(text: str, file: str, at: int) -> Place:
    start = text.rfind("\n", 0, at) + 1
    return _place(text, file, text.count("\n", 0, at) + 1, at - start + 1)


def _place(text: str, file: str, line: int, column: int) -> Place:
    lines = text.split("\n")
    return Place(file, line, column, lines[line - 1] if line <= len(lines) else "")
