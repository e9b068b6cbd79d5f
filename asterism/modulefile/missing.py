"""The fault of a module that needs missing symbols; used by the build, by depmod and by the loader."""

from __future__ import annotations

from asterism.branches import api_names
from asterism.branches.changes import advice
from asterism.errors import Fault, Place
from asterism.modulefile import headers
from asterism.names import akin
from asterism.values import TYPE_CHECKING
from asterism.words import either

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from asterism.modulefile.headers import Header

SHOWN = 6
"""The number of names that the sentence lists; the fault has all."""
TYPING = 3
"""The most missing names for which a spelling mistake is considered."""
CURE = "load the module that provides it, or build this one against the headers of this version"


def fault(
    place: Place,
    names: Sequence[str],
    there: Callable[[], Iterable[str]],
    cure: str = CURE,
    callers: Mapping[str, str] | None = None,
) -> Fault:
    """The fault of a module that needs symbols which are not provided.

    Args:
        place: the file of the module.
        names: the missing symbols, at least one.
        there: returns the symbols that are provided; called when a missing name may be misspelled.
        cure: the cure for names that no known header declares.
        callers: the places that use some of the names, such as ``res_x.c:12``.
    """
    known = [found for name in names if (found := headers.declaring(name))]
    ordered = sorted(set(known), key=lambda header: (-known.count(header), header.name))
    why = _why(ordered, known, len(names)) if ordered else _gone(names)
    unknown = [name for name in names if headers.declaring(name) is None]
    near = _near(unknown, there) if len(names) <= TYPING else ""
    usual = next(filter(None, map(advice.cure, names)), cure)
    told = ordered[0].cure if ordered else f"{near} Otherwise {usual}" if near else usual
    what = _what(names, callers or {})
    return Fault(what, place=place, why=why, cure=told, code="undefined-symbol", names=tuple(names))


def _what(names: Sequence[str], callers: Mapping[str, str]) -> str:
    if len(names) == 1:
        return f"it needs '{names[0]}', which nobody provides"
    shown = [f"'{name}' ({callers[name]})" if name in callers else f"'{name}'" for name in names[:SHOWN]]
    left = len(names) - len(shown)
    listed = f"{', '.join(shown)} and {left} more" if left else f"{', '.join(shown[:-1])} and {shown[-1]}"
    return f"it needs {len(names)} symbols that nobody provides, {listed}"


def _why(ordered: Sequence[Header], known: Sequence[Header], count: int) -> str:
    first = ordered[0]
    if count == 1:
        return f"asterisk/{first.name}.h of Asterisk declares it ({first.holds}): {first.why}"
    named = [f"asterisk/{header.name}.h ({known.count(header)})" for header in ordered[:3]]
    more = f" and {len(ordered) - len(named)} more headers" if len(ordered) > len(named) else ""
    return f"of Asterisk, {', '.join(named)}{more} declare {len(known)} of them: {first.why}"


def _gone(names: Sequence[str]) -> str:
    """A sentence about the names that older branches of Asterisk had and the newest lacks."""
    told = [(name, words) for name in names if (words := api_names.gone_words(name))]
    shown = [f"{words}" if len(names) == 1 else f"{words} ('{name}')" for name, words in told[:SHOWN]]
    return ", ".join(shown)


def _near(names: Iterable[str], there: Callable[[], Iterable[str]]) -> str:
    near = (akin(name, there()) for name in names)
    return " ".join(f"did you mean {either(found)}?" for found in near if found)
