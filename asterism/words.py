"""Words of a sentence that depend on a number or a list: ``3 modules``, ``'a' or 'b'``."""

from __future__ import annotations

from asterism.values import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def counted(number: int, noun: str, plural: str = "") -> str:
    """``1 module``, ``2 modules``; ``plural`` is for a noun without a plural in s."""
    return f"{number} {agreed(number, noun, plural or f'{noun}s')}"


def agreed(number: int, one: str, many: str) -> str:
    """The form of a word that agrees with a number: ``one`` for 1, otherwise ``many``, as in *is* and *are*."""
    return one if number == 1 else many


def either(names: Iterable[str]) -> str:
    """The names in quotes, joined by commas and *or*: ``'a', 'b' or 'c'``."""
    return _joined(names, "or")


def both(names: Iterable[str]) -> str:
    """The names in quotes, joined by commas and *and*: ``'a', 'b' and 'c'``."""
    return _joined(names, "and")


def _joined(names: Iterable[str], word: str) -> str:
    quoted = [f"'{name}'" for name in names]
    if len(quoted) < 2:
        return "".join(quoted)
    return f"{', '.join(quoted[:-1])} {word} {quoted[-1]}"
