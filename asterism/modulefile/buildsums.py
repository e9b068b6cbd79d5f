"""Sums of build options: compute one, find the options of one, and compare two builds."""

from __future__ import annotations

import functools
import itertools

from asterism.values import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def sum_of(options: str) -> str:
    """The sum of options written as one text, ``A, B``: the MD5 of that and a newline, in hexadecimal.

    Asterisk's ``make_buildopts_h`` computes it the same way, so equal options give equal sums in both programs.
    """
    import hashlib  # 2 ms that only a comparison needs

    return hashlib.md5(f"{options}\n".encode(), usedforsecurity=False).hexdigest()


COUNTING = (
    "DEBUG_THREADS",
    "STATIC_BUILD",
    "DEBUG_FD_LEAKS",
    "DISABLE_INLINE",
    "OPTIONAL_API",
    "G711_NEW_ALGORITHM",
    "G711_REDUCED_BRANCHING",
    "TEST_CODING_TABLES",
    "TEST_TANDEM_TRANSCODING",
    "ADDRESS_SANITIZER",
    "THREAD_SANITIZER",
    "LEAK_SANITIZER",
    "UNDEFINED_SANITIZER",
    "BUSYDETECT_TONEONLY",
    "BUSYDETECT_COMPARE_TONE_AND_SILENCE",
    "BUSYDETECT_DEBUG",
    "INTEGER_CALLERID",
    "KEEP_FRAME_POINTERS",
    "CODE_COVERAGE",
    "MTX_PROFILE",
    "DEBUG_THREADLOCALS",
    "DETECT_DEADLOCKS",
    "DO_CRASH",
    "THREAD_CRASH",
    "TEST_FRAMEWORK",
)
"""The options that are part of the sum in Asterisk 13 to 22, in the order of its menus."""

MOST_GUESSED = 4
"""The most options that the search for a sum combines: 15,276 sums, a hundredth of a second."""


@functools.cache
def options_of_sum(total: str) -> tuple[str, ...] | None:
    """The options of a sum, found by trying combinations; None when the sum has more or other options."""
    for number in range(MOST_GUESSED + 1):
        for chosen in itertools.combinations(COUNTING, number):
            if sum_of(", ".join(chosen)) == total:
                return chosen
    return None


def differences(theirs: Iterable[str], ours: Iterable[str]) -> list[str]:
    """The differences of two builds, one line for each option.

    Args:
        theirs: the options of a module.
        ours: the options of the tree that loads the module.
    """
    there, here = tuple(theirs), tuple(ours)
    lines = [f"{name}: on in the module, off in this tree" for name in there if name not in here]
    lines += [f"{name}: off in the module, on in this tree" for name in here if name not in there]
    return lines or ["the same options, chosen in another order"]


def verdict(total: str, options: Iterable[str] | None, our_total: str, ours: Iterable[str]) -> list[str]:
    """Sentences about a module's sum for a core; empty when the sums are equal, or when one is empty.

    Args:
        total: the sum of the module.
        options: the options that the module's file names; None when it names none.
        our_total: the sum of the core that loads the module.
        ours: the options of the core.
    """
    if not total or not our_total or total == our_total:
        return []
    there = options if options is not None else options_of_sum(total)
    if there is None:
        return ["of options that its file does not name; compile it against this tree's headers"]
    return differences(there, ours)
