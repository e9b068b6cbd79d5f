"""The menu of an adopted tree as it was last read, so that scripts that run menuselect often need not parse XML.

The cache holds menuselect-tree itself: the menu in it counts only while the file has that content to the byte. It is
written where ``asterism adopt`` has written its makefile, and its absence costs time alone.
"""

from __future__ import annotations

import os
from itertools import repeat

from asterism import files
from asterism.errors import AsterismError
from asterism.light import contexts
from asterism.values import TYPE_CHECKING
from menuselect.model.menu import Category, Member, Menu, Reference

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any

FILE = "menuselect/menu.cache"
"""Beside menuselect-tree."""
ADOPTED = "menuselect/GNUmakefile"
"""The makefile that ``asterism adopt`` writes."""

NAMELESS = "(null)"
"""The name that the original prints of a member without a name."""

_FORMAT = b"menu of Asterism, format 1\n"
_RECORD, _FIELD, _REFERENCE, _PART = "\x1e", "\x1f", "\x1d", "\x1c"
"""What separates records, their fields, references and the parts of these; no such character can stand in XML."""
_NONE, _SAME = "\x00", "\x1b"
"""A field without a value, and the beginning of a record whose fields are all equal; neither can stand in XML."""


def load(tree_file: str, content: bytes) -> Menu | None:
    """The menu that was kept for a menuselect-tree; None when no menu was kept for that content.

    Args:
        tree_file: the path of menuselect-tree.
        content: what it holds now.
    """
    path = _beside(tree_file, FILE)
    if not os.path.isfile(path):
        return None
    try:
        kept = files.read_bytes(path)
    except AsterismError:
        return None
    head = _head(content)
    if not kept.startswith(head):
        return None
    try:
        return loads(kept[len(head) :].decode("utf-8", "surrogateescape"))
    except ValueError:
        return None


def save(tree_file: str, content: bytes, menu: Menu) -> None:
    """Keep the menu that was read from a menuselect-tree, when its tree was adopted and can be written."""
    if not os.path.isfile(_beside(tree_file, ADOPTED)):
        return
    text = dumps(menu)
    with contexts.suppress(AsterismError):
        # A member without a name is read by scripts alone.
        if loads(text) == menu and not menu.find(NAMELESS):
            files.write(_beside(tree_file, FILE), _head(content) + text.encode("utf-8", "surrogateescape"))


def _beside(tree_file: str, name: str) -> str:
    return os.path.join(os.path.dirname(tree_file), name)


def _head(content: bytes) -> bytes:
    return b"%s%d\n%s" % (_FORMAT, len(content), content)


# Each category is a record, and each field of its members is one more. So few steps of Python make 700 members at each
# start of a script's menuselect.


def dumps(menu: Menu) -> str:
    """A menu as text."""
    records = [menu.name]
    for category in menu.categories:
        flags = (_flag(category.positive), _flag(category.exclusive))
        changed = (category.remove_on_change, category.touch_on_change)
        size = str(len(category.members))
        records.append(_joined([category.name, category.displayname, *flags, *map(_optional, changed), size]))
        if category.members:
            records += [
                _column([write(getattr(each, name)) for each in category.members]) for name, write, _ in _FIELDS
            ]
    return _RECORD.join(records)


def _column(values: Sequence[str]) -> str:
    return f"{_SAME}{values[0]}" if len(set(values)) == 1 else _joined(values)


def _joined(values: Iterable[str]) -> str:
    return _FIELD.join(values)


def _flag(value: bool) -> str:
    return "1" if value else ""


def _optional(value: str | None) -> str:
    return _NONE if value is None else value


def _references(references: Iterable[Reference]) -> str:
    return _REFERENCE.join(
        _PART.join((each.kind, each.name, _flag(each.autoselect), each.displayname)) for each in references
    )


def loads(text: str) -> Menu:
    """Read a menu from the text that :func:`dumps` has made.

    Raises:
        ValueError: the text is not such a text.
    """
    name, *rest = text.split(_RECORD)
    records = iter(rest)
    categories: list[Category] = []
    index = 0
    for record in records:
        own, title, positive, exclusive, remove, touch, number = record.split(_FIELD)
        size = int(number)
        names, *others = [_values(next(records, ""), read) for _, _, read in _FIELDS if size] or [()]
        members = tuple(map(Member, names, repeat(own), range(index, index + size), *others))
        index += size
        changed = (_read_optional(remove), _read_optional(touch))
        categories.append(Category(own, title, bool(positive), bool(exclusive), *changed, members))
    return Menu(name, tuple(categories))


def _values(column: str, read: Callable[[str], Any]) -> Iterable[Any]:
    return repeat(read(column[1:])) if column.startswith(_SAME) else map(read, column.split(_FIELD))


def _read_optional(text: str) -> str | None:
    return None if text == _NONE else text


def _read_references(text: str) -> tuple[Reference, ...]:
    return tuple(map(_read_reference, text.split(_REFERENCE))) if text else ()


def _read_reference(text: str) -> Reference:
    kind, name, is_selected, title = text.split(_PART)
    return Reference(kind, name, bool(is_selected), title)  # type: ignore[arg-type]


_FIELDS: tuple[tuple[str, Callable[[Any], str], Callable[[str], Any]], ...] = (
    ("name", str, str),
    ("displayname", str, str),
    ("support_level", _optional, _read_optional),
    ("default", _optional, _read_optional),
    ("references", _references, _read_references),
    ("replacement", _optional, _read_optional),
    ("deprecated_in", _optional, _read_optional),
    ("removed_in", _optional, _read_optional),
    ("explicit_only", _flag, bool),
    ("remove_on_change", _optional, _read_optional),
    ("touch_on_change", _optional, _read_optional),
    ("starts_on", _flag, bool),
)
"""The fields of a member in the order of its constructor, without category and index; how each is written and read."""
