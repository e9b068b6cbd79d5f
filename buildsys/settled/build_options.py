"""The build options: which of them change the ABI, their sum, and the header that defines both."""

from __future__ import annotations

from collections.abc import Iterable

from asterism.modulefile import buildsums
from asterism.modulefile.buildsums import sum_of

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
"""Options that do not change the ABI: modules built with and without them load into the same core.

Asterisk's ``build_tools/make_buildopts_h`` leaves out the same ones, except CODE_COVERAGE, KEEP_FRAME_POINTERS and
UNDEFINED_SANITIZER, which only change the code inside functions.
"""


def abi_options(options: Iterable[str]) -> tuple[str, ...]:
    """The selected options that change the ABI, in the order of the menu."""
    return tuple(name for name in dict.fromkeys(options) if name not in NEUTRAL)


def option_text(options: Iterable[str]) -> str:
    """The ABI options as one text, ``A, B``: the value of AST_BUILDOPTS."""
    return ", ".join(abi_options(options))


def option_sum(options: Iterable[str]) -> str:
    """The build-option sum, 32 hexadecimal digits: the value of AST_BUILDOPT_SUM."""
    return sum_of(option_text(options))


def header(options: Iterable[str], *, dev_mode: bool) -> str:
    """The text of ``asterisk/buildopts.h``.

    Options that do not change the ABI are defined as well, but are listed in AST_BUILDOPTS_ALL only.
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


def verdict(total: str, options: Iterable[str] | None, ours: Iterable[str]) -> list[str]:
    """Sentences about a module's sum in a tree; empty when it matches, or when the module has none.

    Args:
        total: the sum of the module.
        options: the options that the module's file names; None when it names none.
        ours: the options of the tree that loads the module.
    """
    here = tuple(ours)
    return buildsums.verdict(total, options, option_sum(here), here)
