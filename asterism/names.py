"""Names of modules, and suggestions for misspelled names."""

from __future__ import annotations

from asterism.errors import Suggestion
from asterism.values import TYPE_CHECKING
from asterism.words import either

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MODULE_SUFFIXES = (".so", ".py")
_SIGNS = str.maketrans("+-", "__")


def bare(name: str) -> str:
    """A module's name without its file suffix: ``res_x.so`` and ``res_x.py`` are ``res_x``."""
    for suffix in MODULE_SUFFIXES:
        if name.lower().endswith(suffix):
            return name[: -len(suffix)]
    return name


def is_module_name(name: str) -> bool:
    """Whether a name without suffix is valid for a module: one word without slash, blank or dot."""
    return name.isascii() and name[:1] not in ("+", "-") and as_identifier(name).isidentifier()


def as_identifier(name: str) -> str:
    """A module's name as part of a C identifier: ``+`` and ``-`` become ``_``."""
    return name.translate(_SIGNS)


def closest(name: str, candidates: Iterable[str], most: int = 3, least: float = 0.6) -> list[str]:
    """The candidates with a spelling most similar to ``name``, best first, ignoring case.

    Args:
        name: the name that the user wrote.
        candidates: the known names.
        most: the largest number of results.
        least: the least similarity, from 0 to 1.
    """
    import difflib  # 4 ms that only a mistake needs

    spelled: dict[str, str] = {}
    for candidate in candidates:
        spelled.setdefault(candidate.lower(), candidate)
    found = difflib.get_close_matches(name.lower(), spelled, n=most, cutoff=least)
    return [spelled[key] for key in found]


def akin(name: str, candidates: Iterable[str], most: int = 3) -> list[str]:
    """The candidates that ``name`` may be a misspelling of, or that have one more word in front; in their order.

    :func:`closest` compares letters, and finds something similar to nearly every name. This function compares words:
    all but one have to be equal, and that one may differ by one typing error. ``ast_write`` is not ``ast_true``.
    """
    return [each for each in dict.fromkeys(candidates) if is_slip(name.lower(), each.lower())][:most]


def is_slip(name: str, meant: str) -> bool:
    """Whether ``name`` is ``meant``, in lower case, with a typing error in one word or without its first word."""
    if name == meant or meant.partition("_")[2] == name:
        return name != meant
    given, wanted = name.replace("-", "_").split("_"), meant.replace("-", "_").split("_")
    if "".join(given) == "".join(wanted):
        return True
    pairs = [pair for pair in zip(given, wanted, strict=False) if pair[0] != pair[1]]
    if len(given) != len(wanted) or len(pairs) != 1:
        return False
    one, other = pairs[0]
    least = 3 if len(given) > 1 else 4 if sorted(one) == sorted(other) else 5  # letters that tell which word is meant
    return min(len(one), len(other)) >= least and _is_typo(one, other)


def _is_typo(one: str, other: str) -> bool:
    """Whether two words differ by one inserted, missing or replaced letter, or by two swapped neighbours."""
    short, long = sorted((one, other), key=len)
    at = next((at for at, letter in enumerate(short) if letter != long[at]), len(short))
    if len(short) < len(long):
        return short[at:] == long[at + 1 :]
    return short[at + 1 :] == long[at + 1 :] or short[at : at + 2][::-1] + short[at + 2 :] == long[at:]


def did_you_mean(name: str, candidates: Iterable[str], least: float = 0.6) -> str:
    """The suggestion ``did you mean 'a' or 'b'?``, or an empty string when no candidate is similar."""
    return suggestion(closest(name, candidates, least=least))


def suggestion(names: Sequence[str]) -> str:
    """The suggestion of names, ``did you mean 'a' or 'b'?``; an empty string without names."""
    return Suggestion(f"did you mean {either(names)}?", names) if names else ""
