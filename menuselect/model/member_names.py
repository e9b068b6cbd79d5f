"""Resolve the words that users write for members: a name, a pattern, or a group.

| word | stands for |
| --- | --- |
| ``app_dial`` | the member of that name, without regard to case |
| ``res_pjsip*`` | every member whose name matches; ``*``, ``?`` and ``[...]`` as in a shell |
| ``level:deprecated`` | every member of that support level |
| ``in:addons`` | every member of that category, with or without its ``MENUSELECT_`` |
| ``needs:curl`` | every member that depends on that library or member |
"""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Iterable

from asterism.errors import Collector, Fault, Place
from asterism.names import bare, closest, suggestion
from menuselect.model import removed_names
from menuselect.model.menu import LEVELS, Category, Member, Menu, fold

PREFIX = "MENUSELECT_"


def category_named(menu: Menu, text: str) -> Category | None:
    """The category of that name, with or without its prefix, or of that title."""
    found = menu.category(text) or menu.category(PREFIX + text)
    return found or next((each for each in menu.categories if fold(each.title) == fold(text)), None)


def short(category: str) -> str:
    """The short name of a category: ``MENUSELECT_APPS`` is ``apps``."""
    return category.removeprefix(PREFIX).lower()


def pick(menu: Menu, word: str) -> tuple[Member, ...]:
    """The members that a word matches, in menu order; may be empty."""
    group, colon, text = word.partition(":")
    if colon and group in _GROUPS:
        return tuple(_GROUPS[group](menu, text))
    if any(char in word for char in "*?["):
        return tuple(member for member in menu.members if fnmatch.fnmatchcase(fold(member.name), fold(word)))
    found = menu.find(word) or menu.find(bare(word))
    return (found,) if found else ()


def _of_level(menu: Menu, text: str) -> Iterable[Member]:
    return (member for member in menu.members if member.level == fold(text))


def _of_category(menu: Menu, text: str) -> Iterable[Member]:
    category = category_named(menu, text)
    return category.members if category else ()


def _with_need(menu: Menu, text: str) -> Iterable[Member]:
    return (m for m in menu.members if any(fold(reference.name) == fold(text) for reference in m.depends))


_GROUPS: dict[str, Callable[[Menu, str], Iterable[Member]]] = {
    "level": _of_level,
    "in": _of_category,
    "needs": _with_need,
}


def is_name(word: str) -> bool:
    """Whether a word is the name of a single member, not a pattern or a group."""
    return not any(char in word for char in "*?[:")


def unknown(menu: Menu, word: str, place: Place | None = None) -> Fault:
    """The fault of a word that matches no member, with a suggestion."""
    group, colon, text = word.partition(":")
    if colon and group in _GROUPS:
        return _unknown_group(menu, group, text, word, place)
    if not is_name(word):
        return Fault(f"no member matches '{word}'", place, cure="'asterism list' lists them all", code="unknown-name")
    category = category_named(menu, word)
    if category:
        cure = f"write 'in:{short(category.name)}' for the whole category"
        return Fault(f"'{word}' is a category, not a member", place, cure=cure, code="unknown-name")
    past = removed_names.find(bare(word))
    near = [name for name in past.to if menu.find(name)] if past else []
    near = near or closest(word, (member.name for member in menu.members))
    cure = suggestion(near) or "'asterism list' lists them all"
    return Fault(f"'{word}' is not a member of this tree", place, str(past or ""), cure, "unknown-name")


def _unknown_group(menu: Menu, group: str, text: str, word: str, place: Place | None) -> Fault:
    known = {
        "level": list(LEVELS),
        "in": [short(category.name) for category in menu.categories],
        "needs": list(dict.fromkeys(fold(ref.name) for member in menu.members for ref in member.depends)),
    }[group]
    if fold(text) in known:
        return Fault(f"'{word}' matches no member of this tree", place, code="empty-group")
    near = closest(text, known) or (known if len(known) < 20 else [])
    cure = suggestion(near) or "'asterism list --json' lists what this tree has"
    what = {"level": "support level", "in": "category", "needs": "dependency"}[group]
    return Fault(f"unknown {what} '{text}'", place, cure=cure, code="unknown-name")


def pick_all(menu: Menu, words: Iterable[str]) -> tuple[Member, ...]:
    """The members of several words, each once, in the order of the words.

    Raises:
        AsterismError: words match no member; a fault for each, status 1.
    """
    faults = Collector()
    found: dict[Member, None] = {}
    for word in words:
        members = pick(menu, word)
        if not members:
            faults.add(unknown(menu, word))
        found |= dict.fromkeys(members)
    faults.check()
    return tuple(found)
