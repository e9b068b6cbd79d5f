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


def akin(name: str, candidates: Iterable[str], most: int = 3) -> list[str]:
    """The candidates of which ``name`` is a misspelling, or that ``name`` lacks the first word of; in their order.

    :func:`closest` compares letters, and finds something near to nearly every name.  Here words count: all but one have
    to be the same, and that one has to be a slip of the finger away.  ``ast_write`` is not ``ast_true``.
    """
    return [each for each in dict.fromkeys(candidates) if is_slip(name.lower(), each.lower())][:most]


def is_slip(name: str, meant: str) -> bool:
    """Whether ``name`` is another name, in lower case, with a mistake in one of its words or without its first word."""
    if name == meant or meant.partition("_")[2] == name:
        return name != meant
    given, wanted = name.replace("-", "_").split("_"), meant.replace("-", "_").split("_")
    if "".join(given) == "".join(wanted):
        return True
    pairs = [pair for pair in zip(given, wanted, strict=False) if pair[0] != pair[1]]
    if len(given) != len(wanted) or len(pairs) != 1:
        return False
    one, other = pairs[0]
    least = 3 if len(given) > 1 else 4 if sorted(one) == sorted(other) else 5  # letters that say which word is meant
    return min(len(one), len(other)) >= least and _is_typo(one, other)


def _is_typo(one: str, other: str) -> bool:
    """Whether two words differ by one letter more, less or another, or by two neighbours that changed places."""
    short, long = sorted((one, other), key=len)
    at = next((at for at, letter in enumerate(short) if letter != long[at]), len(short))
    if len(short) < len(long):
        return short[at:] == long[at + 1 :]
    return short[at + 1 :] == long[at + 1 :] or short[at : at + 2][::-1] + short[at + 2 :] == long[at:]


def did_you_mean(name: str, candidates: Iterable[str], least: float = 0.6) -> str:
    """``did you mean 'a' or 'b'?``, or an empty string when nothing is near."""
    found = closest(name, candidates, least=least)
    return f"did you mean {either(found)}?" if found else ""
