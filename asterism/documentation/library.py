"""Find entries of documentation files by kind, name, module and language, as in main/xmldoc.c, xmldoc_get_node."""

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
"""The deepest nesting of included elements, so that an element that includes itself comes to an end."""


class Library:
    """The entries of some documentation files.

    Args:
        elements: the top-level elements of all files; earlier files take precedence.
    """

    def __init__(self, elements: Iterable[Element] = ()) -> None:
        self._root = Element("docs")
        self._root.extend(elements)
        self._named: dict[tuple[str, str], list[Element]] = {}
        for element in self._root:
            key = element.tag, element.get("name", "").lower()
            self._named.setdefault(key, []).append(element)

    def find(self, kind: str, name: str, module: str = "") -> Element | None:
        """The entry of a name, ignoring case, with its includes resolved; None for an unknown name.

        Args:
            kind: ``application``, ``function``, ``manager``, ``agi``, ``configInfo`` ...
            name: the name of the entry.
            module: the preferred module, when several entries have the name.
        """
        known = [each for each in self._named.get((kind, name.lower()), ()) if len(each)]
        if not known:
            return None
        return self.complete(min(known, key=lambda each: _rank(each, module)))

    def __iter__(self) -> Iterator[Element]:
        """Yield every entry with its includes resolved, in the order of the files."""
        return map(self.complete, self._root)

    def complete(self, element: Element, depth: int = 0) -> Element:
        """A copy of an element with each ``xi:include`` replaced by the elements it points to, or removed."""
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
    """The sort key of entries: those of the default language come first, and among them those of the module."""
    return element.get("language") != LANGUAGE, bool(module) and element.get("module") != module
