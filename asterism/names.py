"""Names of modules, and what somebody meant who wrote another one."""

from __future__ import annotations

from asterism.values import TYPE_CHECKING
from asterism.words import either

if TYPE_CHECKING:
    from collections.abc import Iterable

MODULE_SUFFIXES = (".so", ".py")
_SIGNS = str.maketrans("+-", "__")


def bare(name: str) -> str:
    """A module's name without its file suffix: ``res_x.so`` and ``res_x.py`` are ``res_x``."""
    for suffix in MODULE_SUFFIXES:
        if name.lower().endswith(suffix):
            return name[: -len(suffix)]
    return name


def is_module_name(name: str) -> bool:
    """Whether a bare name can be a module's: one word, no slash, no blank, no dot."""
    return name.isascii() and name[:1] not in ("+", "-") and as_identifier(name).isidentifier()


def as_identifier(name: str) -> str:
    """A module's name as a part of a name in C, which has no ``+`` and no ``-``."""
    return name.translate(_SIGNS)


def closest(name: str, candidates: Iterable[str], most: int = 3, least: float = 0.6) -> list[str]:
    """The candidates that are spelled most like ``name``, best first, without regard to case.

    Args:
        name: what somebody wrote.
        candidates: what may be meant.
        most: how many are given back.
        least: how alike they must be, from 0 to 1.
    """
    import difflib  # 4 ms that only a mistake should pay for

    spelled: dict[str, str] = {}
    for candidate in candidates:
        spelled.setdefault(candidate.lower(), candidate)
    found = difflib.get_close_matches(name.lower(), spelled, n=most, cutoff=least)
    return [spelled[key] for key in found]


def did_you_mean(name: str, candidates: Iterable[str], least: float = 0.6) -> str:
    """``did you mean 'a' or 'b'?``, or an empty string when nothing is near."""
    found = closest(name, candidates, least=least)
    return f"did you mean {either(found)}?" if found else ""
