"""Event filters of accounts and sessions (main/manager.c, ``manager_add_filter``).

``eventfilter = [!]EXPRESSION`` searches the whole event; ``eventfilter(name(X),header(Y),method(Z),action(exclude)) =
TEXT`` searches one kind of event and one of its headers.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from asterism.errors import AsterismError, Fault, Place
from asterism.names import did_you_mean
from asterism.parsing import regular_expression
from asterism.values import dataclass, field
from runtime.core.events import Event

OPTION = "eventfilter"
NO_EXPRESSION = "filter-expression"
"""The fault code of an invalid regular expression; other faults have ``filter``."""

_METHODS: dict[str, Callable[[str, str], bool]] = {
    "none": lambda _value, _text: True,
    "exact": lambda value, text: value == text,
    "starts_with": str.startswith,
    "ends_with": str.endswith,
    "contains": str.__contains__,
}
REGEX = "regex"
_CRITERION = re.compile(r"\s*(\w+)\s*\(([^()]*)\)\s*(?:,|$)")
_WORDS = ("action", "name", "header", "method")


def _searching(text: str) -> Callable[[str, str], bool]:
    pattern = regular_expression(text)
    return lambda value, _text: pattern.search(value) is not None


@dataclass(frozen=True, slots=True)
class Filter:
    """An event filter.  The constructor raises ValueError when the regular expression is invalid."""

    text: str = ""
    """The text or regular expression to look for."""
    method: str = "none"
    name: str = ""
    """The name of the events it applies to; empty for all."""
    header: str = ""
    """The header to search; empty for the whole event."""
    excludes: bool = False
    _holds: Callable[[str, str], bool] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        holds = _searching(self.text) if self.method == REGEX else _METHODS[self.method]
        object.__setattr__(self, "_holds", holds)

    def matches(self, event: Event) -> bool:
        """Whether the filter matches an event."""
        if self.name and event.name != self.name:
            return False
        values = event.values(self.header) if self.header else [event.text]
        return any(self._holds(value, self.text) for value in values)


@dataclass(frozen=True, slots=True)
class Filters:
    """All filters of a session (``should_send_event``)."""

    includes: tuple[Filter, ...] = ()
    excludes: tuple[Filter, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.includes or self.excludes)

    def plus(self, one: Filter) -> Filters:
        """The filters with one more."""
        if one.excludes:
            return Filters(self.includes, (*self.excludes, one))
        return Filters((*self.includes, one), self.excludes)

    def let_through(self, event: Event) -> bool:
        """Whether an event passes: an including filter matches, if there are any, and no excluding one does."""
        if self.includes and not any(one.matches(event) for one in self.includes):
            return False
        return not any(one.matches(event) for one in self.excludes)


NO_FILTERS = Filters()


def parse(criteria: str, text: str, place: Place | None = None) -> Filter:
    """Parse a filter of manager.conf or of the action ``Filter``.

    Args:
        criteria: the text in parentheses after ``eventfilter``; empty for the form without them.
        text: the text after the ``=``.
        place: the place of the text.

    Raises:
        AsterismError: the filter is invalid.
    """
    excludes = text.startswith("!")
    text = text[excludes:].strip()
    if not criteria:
        return _made(text, REGEX, place, excludes=excludes)
    said = _criteria(criteria, place)
    method = said.get("method", "none")
    if method not in (*_METHODS, REGEX):
        raise AsterismError(_unknown("method", method, (*_METHODS, REGEX), place))
    action = said.get("action", "exclude" if excludes else "include")
    if action not in ("include", "exclude"):
        raise AsterismError(_unknown("action", action, ("include", "exclude"), place))
    return _made(text, method, place, said.get("name", ""), said.get("header", ""), excludes=action == "exclude")


def _criteria(text: str, place: Place | None) -> dict[str, str]:
    said: dict[str, str] = {}
    position = 0
    while position < len(text):
        found = _CRITERION.match(text, position)
        if found is None:
            cure = "write eventfilter(action(exclude),name(EVENT),header(HEADER),method(METHOD)) = TEXT"
            raise AsterismError(
                Fault(f"'{text[position:].strip()}' is not a criterion", place, cure=cure, code="filter")
            )
        word, value = found[1].lower(), found[2].strip()
        if word not in _WORDS:
            raise AsterismError(_unknown("criterion", word, _WORDS, place))
        if word in said:
            raise AsterismError(Fault(f"'{word}' is given twice", place, code="filter"))
        said[word] = value.lower() if word in ("action", "method") else value
        position = found.end()
    return said


def _made(
    text: str, method: str, place: Place | None, name: str = "", header: str = "", *, excludes: bool = False
) -> Filter:
    """Make the filter, unless it can never match or always matches.  Raises AsterismError."""
    if method == "none" and not (name or header):
        cure = "name the event, name(...), or say how to match, method(...)"
        raise AsterismError(Fault("this filter matches every event", place, cure=cure, code="filter"))
    if method != "none" and not text:
        raise AsterismError(Fault("this filter has nothing to look for", place, code="filter"))
    if method == "none" and text:
        cure = "say how to look for it: method(contains), method(exact), method(regex)"
        raise AsterismError(Fault(f"this filter does not look for '{text}'", place, cure=cure, code="filter"))
    try:
        return Filter(text, method, name, header, excludes)
    except ValueError as error:
        raise AsterismError(
            Fault(f"'{text}' is not an expression", place, why=str(error), code=NO_EXPRESSION)
        ) from None


def _unknown(kind: str, word: str, known: object, place: Place | None) -> Fault:
    names = list(known)  # type: ignore[call-overload]
    cure = did_you_mean(word, names) or f"there are {', '.join(names)}"
    return Fault(f"unknown {kind} '{word}'", place, cure=cure, code="filter")
