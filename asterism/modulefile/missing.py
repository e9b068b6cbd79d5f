"""What is said of a module that needs symbols which nobody provides, by the loader and by depmod alike."""

from __future__ import annotations

from asterism.errors import Fault, Place
from asterism.modulefile import headers
from asterism.names import did_you_mean
from asterism.values import TYPE_CHECKING
from asterism.words import both

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from asterism.modulefile.headers import Header

SHOWN = 6
"""How many names a sentence lists; the fault has them all."""
TYPING = 3
"""Who lacks more names than these has not misspelled them."""
NEAR = 0.85
"""How alike two names are (0 to 1) of which one may be meant by the other."""
CURE = "load the module that provides it, or build this one against the headers of this version"


def fault(place: Place, names: Sequence[str], there: Callable[[], Iterable[str]], cure: str = CURE) -> Fault:
    """That a module needs symbols which nobody provides.

    Args:
        place: its file.
        names: the symbols, one at least.
        there: the symbols that are provided, asked when one of those may be misspelled.
        cure: what to do about names that no known header declares.
    """
    known = [found for name in names if (found := headers.declaring(name))]
    ordered = sorted(set(known), key=lambda header: (-known.count(header), header.name))
    why = _why(ordered, known, len(names)) if ordered else ""
    unknown = [name for name in names if headers.declaring(name) is None]
    near = _near(unknown, there) if len(names) <= TYPING else ""
    advice = ordered[0].cure if ordered else f"{near} Otherwise {cure}" if near else cure
    return Fault(_what(names), place=place, why=why, cure=advice, code="undefined-symbol", names=tuple(names))


def _what(names: Sequence[str]) -> str:
    if len(names) == 1:
        return f"it needs '{names[0]}', which nobody provides"
    shown = [f"'{name}'" for name in names[:SHOWN]]
    left = len(names) - len(shown)
    listed = f"{', '.join(shown)} and {left} more" if left else both(names)
    return f"it needs {len(names)} symbols that nobody provides, {listed}"


def _why(ordered: Sequence[Header], known: Sequence[Header], count: int) -> str:
    first = ordered[0]
    if count == 1:
        return f"asterisk/{first.name}.h of Asterisk declares it ({first.holds}): {first.why}"
    named = [f"asterisk/{header.name}.h ({known.count(header)})" for header in ordered[:3]]
    more = f" and {len(ordered) - len(named)} more headers" if len(ordered) > len(named) else ""
    return f"of Asterisk, {', '.join(named)}{more} declare {len(known)} of them: {first.why}"


def _near(names: Iterable[str], there: Callable[[], Iterable[str]]) -> str:
    return " ".join(filter(None, (did_you_mean(name, there(), NEAR) for name in names)))
