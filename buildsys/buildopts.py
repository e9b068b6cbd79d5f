"""The build options: which of them change the ABI, their sum, and the header that carries both."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterable

NEUTRAL = frozenset(
    {
        "ADD_CFLAGS_TO_BUILDOPTS_H",
        "AO2_DEBUG",
        "BETTER_BACKTRACES",
        "BUILD_NATIVE",
        "CODE_COVERAGE",
        "COMPILE_DOUBLE",
        "DEBUG_CHAOS",
        "DEBUG_SCHEDULER",
        "DONT_OPTIMIZE",
        "DUMP_SCHEDULER",
        "KEEP_FRAME_POINTERS",
        "LOTS_OF_SPANS",
        "LOW_MEMORY",
        "MALLOC_DEBUG",
        "RADIO_RELAX",
        "REBUILD_PARSERS",
        "REF_DEBUG",
        "UNDEFINED_SANITIZER",
        "USE_HOARD_ALLOCATOR",
    }
)
"""Options that leave the ABI alone: modules built with and without them load into the same core.

Asterisk's ``build_tools/make_buildopts_h`` leaves out the same ones, except CODE_COVERAGE,
KEEP_FRAME_POINTERS and UNDEFINED_SANITIZER, which only change the code inside of functions.
"""


def abi_options(options: Iterable[str]) -> tuple[str, ...]:
    """Those of the chosen options that change the ABI, in the order of the menu."""
    return tuple(name for name in dict.fromkeys(options) if name not in NEUTRAL)


def option_text(options: Iterable[str]) -> str:
    """The ABI options as one text, ``A, B``: what AST_BUILDOPTS says."""
    return ", ".join(abi_options(options))


def option_sum(options: Iterable[str]) -> str:
    """The build-option sum, 32 hexadecimal digits.

    It is the md5 of the option text and a newline, as Asterisk's ``make_buildopts_h`` computes it, so
    that equal options give equal sums in both programs.
    """
    return _sum_of(option_text(options))


def _sum_of(text: str) -> str:
    return hashlib.md5(f"{text}\n".encode(), usedforsecurity=False).hexdigest()


def header(options: Iterable[str], *, dev_mode: bool) -> str:
    """The text of ``asterisk/buildopts.h``.

    Options that leave the ABI alone are defined too, but stand in AST_BUILDOPTS_ALL only.
    """
    chosen = tuple(dict.fromkeys(options))
    lines = ["/* Written by the build; 'make menuselect' changes it. */", ""]
    lines += ["#ifndef ASTERISM_BUILDOPTS_H", "#define ASTERISM_BUILDOPTS_H", ""]
    lines += ["#define AST_DEVMODE 1"] if dev_mode else []
    lines += [f"#define {name} 1" for name in chosen]
    lines += [
        f'#define AST_BUILDOPT_SUM "{option_sum(chosen)}"',
        f'#define AST_BUILDOPTS "{option_text(chosen)}"',
        f'#define AST_BUILDOPTS_ALL "{", ".join(chosen)}"',
        "",
        "#endif",
    ]
    return "\n".join(lines) + "\n"


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


def options_of_sum(total: str) -> tuple[str, ...] | None:
    """The options that have a sum, found by trying; None when it takes more of them, or others."""
    for number in range(MOST_GUESSED + 1):
        for chosen in itertools.combinations(COUNTING, number):
            if _sum_of(", ".join(chosen)) == total:
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


def verdict(total: str, options: Iterable[str] | None, ours: Iterable[str]) -> list[str]:
    """What a module's sum means for a tree; empty when it fits, or when the module has none.

    Args:
        total: the sum of the module.
        options: those that its file names, None when it names none.
        ours: the options of the tree that is to load it.
    """
    here = tuple(ours)
    if not total or total == option_sum(here):
        return []
    there = options if options is not None else options_of_sum(total)
    if there is None:
        return ["of options that its file does not name; compile it against this tree's headers"]
    return differences(there, here)
