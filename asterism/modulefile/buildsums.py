"""Sums of build options: how one is made, which options one stands for, and what two builds differ in."""

from __future__ import annotations

import functools
import itertools

from asterism.values import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def sum_of(options: str) -> str:
    """The sum of options written as one text, ``A, B``: the md5 of it and a newline, in hexadecimal.

    Asterisk's ``make_buildopts_h`` computes it so, and equal options give equal sums in both programs.
    """
    import hashlib  # 2 ms that only who compares pays for

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
"""The options that count in a sum of Asterisk 13 to 22, in the order of its menus."""

MOST_GUESSED = 4
"""How many options at once a sum is searched for: 15,276 sums, a hundredth of a second."""


@functools.cache
def options_of_sum(total: str) -> tuple[str, ...] | None:
    """The options that have a sum, found by trying; None when it takes more of them, or others."""
    for number in range(MOST_GUESSED + 1):
        for chosen in itertools.combinations(COUNTING, number):
            if sum_of(", ".join(chosen)) == total:
                return chosen
    return None


def differences(theirs: Iterable[str], ours: Iterable[str]) -> list[str]:
    """What two builds differ in, a line for each option.

    Args:
        theirs: the options of a module.
        ours: those of the tree that is to load it.
    """
    there, here = tuple(theirs), tuple(ours)
    lines = [f"{name}: on in the module, off in this tree" for name in there if name not in here]
    lines += [f"{name}: off in the module, on in this tree" for name in here if name not in there]
    return lines or ["the same options, chosen in another order"]


def verdict(total: str, options: Iterable[str] | None, our_total: str, ours: Iterable[str]) -> list[str]:
    """What a module's sum means for a core; empty when it fits, or when one of both has none.

    Args:
        total: the sum of the module.
        options: those that its file names, None when it names none.
        our_total: the sum of the core that is to load it.
        ours: the options of that core.
    """
    if not total or not our_total or total == our_total:
        return []
    there = options if options is not None else options_of_sum(total)
    if there is None:
        return ["of options that its file does not name; compile it against this tree's headers"]
    return differences(there, ours)
