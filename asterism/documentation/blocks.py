"""DOCUMENTATION blocks of sources, and the single file that a build makes from them.

A block is a comment, ``/*** DOCUMENTATION ... ***/``, with elements of Asterisk's appdocsxml.dtd: application,
function, manager, agi, configInfo, info, managerEvent. In a Python module the block is in the docstring.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from asterism.errors import Fault, Place
from asterism.values import dataclass

LANGUAGE = "en_US"
"""The language of documentation files, and of blocks that name none."""
DIRECTORY = "documentation"
"""The directory of documentation files below astdatadir."""
CORE_FILE = f"{DIRECTORY}/core-{LANGUAGE}.xml"
"""The documentation file of a source tree's build, below astdatadir."""
OWN_FILES = f"{DIRECTORY}/thirdparty"
"""The directory below astdatadir for the files of modules installed from outside of the source tree."""

_BLOCK = re.compile(r"^[ \t]*/\*\*\*[ \t]+DOCUMENTATION\b[^\n]*\n(?P<body>.*?)\*\*\*/", re.MULTILINE | re.DOTALL)
_UNKNOWN_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9A-Fa-f]+);)\w+;")
_OPENING = '<docs xmlns:xi="http://www.w3.org/2001/XInclude">'
_HEADER = f'<?xml version="1.0" encoding="UTF-8"?>\n{_OPENING}\n'
ElementTree.register_namespace("xi", "http://www.w3.org/2001/XInclude")


@dataclass(frozen=True, slots=True)
class Block:
    """A DOCUMENTATION block of a source."""

    line: int
    """The line number of its first line of content, from 1."""
    body: str


@dataclass(frozen=True, slots=True)
class Documented:
    """The documentation in the blocks of a source."""

    elements: tuple[Element, ...] = ()
    """The top-level elements of the blocks, each with a language."""
    faults: tuple[Fault, ...] = ()
    """A warning for each block that is not XML; such blocks are left out."""


def blocks(text: str) -> Iterator[Block]:
    """Yield the blocks of a source."""
    for match in _BLOCK.finditer(text):
        yield Block(text.count("\n", 0, match.start("body")) + 1, match["body"])


def read(text: str, file: str, module: str = "") -> Documented:
    """Read the blocks of a source.

    Args:
        text: the source.
        file: the name of the source, for faults.
        module: the name of its module, the default of the attribute ``module`` of elements.
    """
    elements: list[Element] = []
    faults: list[Fault] = []
    for block in blocks(text):
        try:
            elements += parsed(block.body)
        except ElementTree.ParseError as error:
            faults.append(_fault(block, error, text, file))
    for element in elements:
        element.attrib.setdefault("language", LANGUAGE)
        if module:
            element.attrib.setdefault("module", module)
    return Documented(tuple(elements), tuple(faults))


def parsed(body: str) -> list[Element]:
    """The elements of a block.

    Raises:
        ElementTree.ParseError: the block is not XML; its position counts from the first line of the block.
    """
    cleaned = _UNKNOWN_ENTITY.sub("", body.encode("utf-8", "replace").decode())
    return list(ElementTree.fromstring(f"{_OPENING}{cleaned}</docs>"))  # noqa: S314 (expat reads no other file)


def _fault(block: Block, error: ElementTree.ParseError, text: str, file: str) -> Fault:
    line, column = error.position
    at = block.line + line - 1
    lines = text.split("\n")
    shown = lines[at - 1] if at <= len(lines) else ""
    what = f"the DOCUMENTATION block is not XML: {str(error).partition(':')[0]}"
    cure = "until that is mended, the commands that show documentation know nothing of this block"
    return Fault(what, Place(file, at, column + 1, shown), "", cure, "bad-documentation", severity="warning")


def dumps(elements: Iterable[Element]) -> str:
    """The text of a documentation file."""
    return joined(f"{_text(element)}\n" for element in elements)


def joined(bodies: Iterable[str]) -> str:
    """The text of a documentation file with the texts of elements, which are taken as they are."""
    return f"{_HEADER}{''.join(bodies)}</docs>\n"


def _text(element: Element) -> str:
    declared = ' xmlns:xi="http://www.w3.org/2001/XInclude"'
    return ElementTree.tostring(element, encoding="unicode").rstrip().replace(declared, "", 1)


def loads(text: str) -> list[Element]:
    """The elements of a documentation file.

    Raises:
        ValueError: the text is not XML.
    """
    try:
        return list(ElementTree.fromstring(text))  # noqa: S314 (expat reads no other file)
    except ElementTree.ParseError as error:
        raise ValueError(str(error)) from None
