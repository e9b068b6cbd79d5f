"""Selection of sections by name and by their variables, as clients of the manager write it.

::

    filter    = criterion { "," criterion }
    criterion = "TEMPLATES" "=" ( "include" | "restrict" ) | expression "=" expression

The first regular expression is searched for in the names of variables, the second in their values.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from asterism.parsing import regular_expression
from runtime.conf.conf_values import Section

TEMPLATES = "TEMPLATES"


def split_quoted(text: str, separator: str) -> list[str]:
    """Split a text; separators inside quotes do not count, and quotes around a part are removed (``ast_strsep``)."""
    parts = [""]
    quote = ""
    for char in text:
        if char == separator and not quote:
            parts.append("")
            continue
        quote = "" if char == quote else quote or char * (char in "'\"")
        parts[-1] += char
    return [_unquoted(part.strip()) for part in parts]


def _unquoted(text: str) -> str:
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"" else text


def sections_like(sections: Sequence[Section], name: str = "", wanted: str = "") -> Iterator[Section]:
    """The sections that match a name, in any case, and a filter (main/config.c, ``does_category_match``).

    Args:
        sections: the sections to select from.
        name: the name; empty for any.
        wanted: the filter; empty selects all sections that are not templates.
    """
    for section in sections:
        if (not name or section.name.lower() == name.lower()) and _is_like(section, wanted):
            yield section


def _is_like(section: Section, wanted: str) -> bool:
    if not wanted:
        return not section.is_template
    takes_templates = False
    for criterion in split_quoted(wanted, ","):
        name, *values = split_quoted(criterion, "=")
        if not values:
            return False
        if name == TEMPLATES:
            word = values[0].lower()
            takes_templates |= word in ("include", "restrict")
            if word != "include" and not (word == "restrict" and section.is_template):
                return False
        elif not _says(section, name, values[0]):
            return False
    return takes_templates or not section.is_template


def _says(section: Section, name: str, value: str) -> bool:
    try:
        names, values = regular_expression(name), regular_expression(value)
    except ValueError:
        return False
    return any(names.search(entry.name) and values.search(entry.value) for entry in section)
