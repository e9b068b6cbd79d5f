"""Entries of documentation files, found by kind, name, module and language as in main/xmldoc.c, xmldoc_get_node."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element

from asterism.documentation.blocks import LANGUAGE

INCLUDE = "{http://www.w3.org/2001/XInclude}include"
_POINTER = re.compile(r"^xpointer\(/docs/(?P<path>[^()]*)\)$")
_STEPS = re.compile(r"^[\w*]+(\[@\w+='[^'\]]*'\])*(/[\w*-]+(\[@\w+='[^'\]]*'\])*)*$")
DEEPEST = 20
"""How many elements deep an element can be included from elsewhere: what includes itself comes to an end."""


class Library:
    """All entries of some documentation files.

    Args:
        elements: the elements at the top of all files; those of files that come first are found first.
    """

    def __init__(self, elements: Iterable[Element] = ()) -> None:
        self._root = Element("docs")
        self._root.extend(elements)
        self._named: dict[tuple[str, str], list[Element]] = {}
        for element in self._root:
            key = element.tag, element.get("name", "").lower()
            self._named.setdefault(key, []).append(element)

    def find(self, kind: str, name: str, module: str = "") -> Element | None:
        """The entry of a name, without regard to case, with what the entry includes; None for an unknown name.

        Args:
            kind: ``application``, ``function``, ``manager``, ``agi``, ``configInfo`` ...
            name: its name.
            module: of entries of one name, the one of this module is preferred.
        """
        known = [each for each in self._named.get((kind, name.lower()), ()) if len(each)]
        if not known:
            return None
        return self.complete(min(known, key=lambda each: _rank(each, module)))

    def __iter__(self) -> Iterator[Element]:
        """Every entry with what it includes, in the order of the files."""
        return map(self.complete, self._root)

    def complete(self, element: Element, depth: int = 0) -> Element:
        """A copy of an element in which ``xi:include`` is replaced by what it points to, or by nothing."""
        made = Element(element.tag, dict(element.attrib))
        made.text, made.tail = element.text, element.tail
        for child in element:
            made.extend(self._included(child, depth) if child.tag == INCLUDE else [self.complete(child, depth)])
        return made

    def _included(self, pointer: Element, depth: int) -> list[Element]:
        match = _POINTER.match(pointer.get("xpointer", ""))
        if depth >= DEEPEST or match is None or not _STEPS.match(match["path"]):
            return []
        found = [self.complete(copy.copy(each), depth + 1) for each in self._root.findall(match["path"])]
        for each in found:
            each.tail = pointer.tail
        return found


def _rank(element: Element, module: str) -> tuple[bool, bool]:
    """Entries of the language come first, and among them the entry of the module."""
    return element.get("language") != LANGUAGE, bool(module) and element.get("module") != module
