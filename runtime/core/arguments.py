"""Arguments of a command, declared in one line: which words may follow the command's own, and how they are completed.

::

    declaration = words { item }
    item        = word | slot | "[" choice "]" | "{" choice "}"     [...] is optional
    choice      = { item } { "|" { item } }
    slot        = "<" name [ ":" kind ] ">" [ "..." ]               ... stands for one or more words

``module unload [-f|-h] <module:unloadable>...``: the kind, by default the slot's name, determines which words a slot
accepts and how they are completed; an unknown kind accepts any word.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from asterism.light.patterns import pattern
from asterism.values import dataclass, field

Given = Mapping[str, tuple[str, ...]]
"""The typed words: those of each slot by the slot's name, and each plain word under itself, in lower case."""


def _anything(_word: str) -> bool:
    return True


def _nothing(_given: Given) -> Iterable[str]:
    return ()


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of argument."""

    complete: Callable[[Given], Iterable[str]] = _nothing
    """The possible words of this kind after the words before; the caller drops those that do not begin as typed."""
    accepts: Callable[[str], bool] = _anything
    """Whether a word can be of this kind; if not, the usage is shown."""


ANY = Kind()
Kinds = Mapping[str, Kind]


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for one word, or for one or more."""

    name: str
    kind: str
    repeats: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """Alternative sequences of items."""

    ways: tuple[tuple[Item, ...], ...]
    optional: bool


Item = str | Slot | Choice
_TOKEN = pattern(r"<([^<>]*)>(\.\.\.)?|[][{}|]|[^][{}|<>\s]+")


def split_declaration(line: str) -> tuple[str, str]:
    """Split a declaration into the command's own words and its arguments.

    The arguments begin at the first part with a slot, or at options in brackets before it.  A declaration without a
    slot has own words only.
    """
    own, slot, _ = line.partition("<")
    while (at := _open_bracket(own)) >= 0:
        own = own[:at]
    while slot and own.rstrip().endswith("]"):
        own = own[: own.rindex("[")]
    return own.strip(), line[len(own) :].strip()


def _open_bracket(text: str) -> int:
    """The index of the last bracket that is not closed; -1 when all are closed."""
    depth = 0
    for at in range(len(text) - 1, -1, -1):
        depth += (text[at] in "]}") - (text[at] in "[{")
        if depth < 0:
            return at
    return -1


@dataclass(slots=True)
class Arguments:
    """The declared arguments of a command; the declaration is parsed when its items are first used."""

    text: str
    _items: tuple[Item, ...] | None = field(default=None, repr=False)

    @property
    def items(self) -> tuple[Item, ...]:
        """The items of the declaration."""
        if self._items is None:
            self._items = _sequence(_TOKEN.finditer(self.text))[0][0]
        return self._items

    @property
    def shown(self) -> str:
        """The declaration as a usage text shows it: without kinds."""
        return re.sub(r":[^>]*>", ">", self.text)

    def match(self, words: Sequence[str], kinds: Kinds) -> Given | None:
        """The words by name, or None when they do not match the declaration."""
        return next(_walk(self.items, tuple(words), {}, kinds, []), None)

    def completions(self, words: Sequence[str], kinds: Kinds) -> Iterator[str]:
        """The words that can follow the given ones."""
        wanted: list[tuple[str | Slot, Given]] = []
        for _ in _walk(self.items, tuple(words), {}, kinds, wanted):
            pass
        for item, given in wanted:
            if isinstance(item, Slot):
                yield from kinds.get(item.kind, ANY).complete(given)
            else:
                yield item


def _sequence(tokens: Iterator[re.Match[str]]) -> tuple[tuple[tuple[Item, ...], ...], str]:
    """The alternatives up to a closing bracket or the end, and that bracket."""
    ways: list[tuple[Item, ...]] = []
    way: list[Item] = []
    for token in tokens:
        text = token[0]
        if text in "[{":
            inner, _ = _sequence(tokens)
            way.append(Choice(inner, text == "["))
        elif text == "|":
            ways.append(tuple(way))
            way = []
        elif text in "]}":
            return (*ways, tuple(way)), text
        else:
            way.append(_leaf(token))
    return (*ways, tuple(way)), ""


def _leaf(token: re.Match[str]) -> str | Slot:
    if token[1] is None:
        return token[0]
    name, _, kind = token[1].partition(":")
    return Slot(name, kind or name, bool(token[2]))


_Wanted = list[tuple[str | Slot, Given]]


def _walk(
    items: tuple[Item, ...], words: tuple[str, ...], given: Given, kinds: Kinds, wanted: _Wanted
) -> Iterator[Given]:
    """Every way in which the words match the items; items that could follow the last word are added to ``wanted``.

    The recursion is no deeper than the declaration is long, however many words there are.
    """
    if not items:
        if not words:
            yield given
        return
    first, rest = items[0], items[1:]
    if isinstance(first, Choice):
        for way in (*first.ways, ()) if first.optional else first.ways:
            yield from _walk((*way, *rest), words, given, kinds, wanted)
        return
    most = _taken(first, words, kinds)
    if most == len(words) and (not most or _repeats(first)):
        wanted.append((first, given))
    for count in range(most, 0, -1):
        yield from _walk(rest, words[count:], _with(given, first, words[:count]), kinds, wanted)


def _repeats(item: str | Slot) -> bool:
    return isinstance(item, Slot) and item.repeats


def _taken(item: str | Slot, words: tuple[str, ...], kinds: Kinds) -> int:
    """The greatest number of words that an item can take."""
    if isinstance(item, str):
        return int(bool(words) and words[0].lower() == item.lower())
    accepts = kinds.get(item.kind, ANY).accepts
    most = len(words) if item.repeats else 1
    return next((index for index, word in enumerate(words[:most]) if not accepts(word)), len(words[:most]))


def _with(given: Given, item: str | Slot, words: tuple[str, ...]) -> Given:
    name = item.name if isinstance(item, Slot) else item.lower()
    return {**given, name: (*given.get(name, ()), *words)}
