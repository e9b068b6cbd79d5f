"""Pages of documentation entries: Markdown, HTML, and values for JSON."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from asterism.documentation import layout
from asterism.values import asdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from xml.etree.ElementTree import Element

KINDS = {
    "application": "Applications",
    "function": "Functions",
    "manager": "Manager commands",
    "managerEvent": "Manager events",
    "agi": "AGI commands",
    "configInfo": "Configuration",
    "info": "Technology-specific information",
}
"""The heading of each kind of entry, in the order of the pages."""

_HEADINGS = (
    ("Syntax", "syntax"),
    ("Arguments", "arguments"),
    ("Description", "description"),
    ("Since", "since"),
    ("See also", "see_also"),
)


def ordered(entries: Iterable[Element]) -> list[Element]:
    """The entries that have a page, sorted by kind and name."""
    kinds = list(KINDS)
    known = [each for each in entries if each.tag in KINDS]
    return sorted(known, key=lambda each: (kinds.index(each.tag), each.get("name", "").lower()))


def values(entries: Sequence[Element]) -> list[dict[str, str]]:
    """Entries as plain data: kind, name, module, and the texts of the console."""
    return [
        {"kind": each.tag, "name": each.get("name", ""), "module": each.get("module", "")} | asdict(layout.texts(each))
        for each in entries
    ]


def markdown(entries: Sequence[Element]) -> str:
    """A page in Markdown."""
    return _page(entries, lambda text, level: f"{'#' * level} {text}\n\n", _markdown_text)


def html(entries: Sequence[Element]) -> str:
    """A page in HTML that loads no other file."""
    body = _page(entries, lambda text, level: f"<h{level}>{escape(text)}</h{level}>\n", _html_text)
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>Documentation</title>\n'
        "<style>body{font-family:sans-serif;max-width:60em;margin:2em auto}pre{background:#8881;padding:.6em}</style>\n"
        f"</head>\n<body>\n{body}</body>\n</html>\n"
    )


def _page(entries: Sequence[Element], heading: Callable[[str, int], str], shown: Callable[[str, str], str]) -> str:
    parts: list[str] = []
    for kind, title in KINDS.items():
        members = [each for each in entries if each.tag == kind]
        parts += [heading(title, 1)] if members else []
        for each in members:
            parts.append(heading(each.get("name", ""), 2))
            said = layout.texts(each)
            parts += [shown(said.synopsis, "")] if said.synopsis else []
            parts += [shown(f"Provided by {each.get('module')}.", "")] if each.get("module") else []
            for name, field in _HEADINGS:
                text = getattr(said, field)
                parts += [heading(name, 3), shown(text, field)] if text else []
    return "".join(parts)


def _markdown_text(text: str, field: str) -> str:
    if field in ("syntax", "arguments", "description"):
        return f"```\n{text}\n```\n\n"
    return "".join(f"\\{letter}" if letter in "\\`*_<>[]#" else letter for letter in text) + "\n\n"


def _html_text(text: str, field: str) -> str:
    tag = "pre" if field in ("syntax", "arguments", "description") else "p"
    return f"<{tag}>{escape(text)}</{tag}>\n"
