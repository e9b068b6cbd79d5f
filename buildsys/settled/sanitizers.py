"""Sanitizer builds: the compiler flags, and the libraries to preload into a process that loads the result.

The program that loads the modules is Python, which is compiled without sanitizers. Sanitizer libraries observe
memory from the first allocation on, so they have to be loaded first: by ``LD_PRELOAD``, which the installed program
of a sanitized tree sets for itself (:func:`buildsys.installing.tree_contents.launcher_text`).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence

from asterism import files
from asterism.errors import AsterismError, Fault
from buildsys.settled.toolchain import Compiler, Ran, Run, how_it_ended

OPTIONS: Mapping[str, str] = {
    "address": "ADDRESS_SANITIZER",
    "thread": "THREAD_SANITIZER",
    "leak": "LEAK_SANITIZER",
    "undefined": "UNDEFINED_SANITIZER",
}
"""The build option of each sanitizer, in the order of Asterisk's menu."""

_GNU = {"address": "libasan.so", "thread": "libtsan.so", "leak": "liblsan.so"}
"""The libraries of gcc to load first; the library of ``undefined`` is loaded with the modules."""

_CLANG = {"address": "asan", "thread": "tsan", "leak": "asan", "undefined": "ubsan_standalone"}
"""The libraries of clang, which are not linked by name: the process has to load them before any module."""

PROGRAM = """\
#include <stdlib.h>
int sanitized(int n);
int sanitized(int n) { int *p = malloc(sizeof(*p)); *p = n; n += *p; free(p); return n + 1; }
"""


def flag(wanted: Iterable[str]) -> tuple[str, ...]:
    """The flag for compiler and linker; empty without names."""
    chosen = ",".join(wanted)
    return (f"-fsanitize={chosen}",) if chosen else ()


def options(wanted: Iterable[str]) -> tuple[str, ...]:
    """The build options of the named sanitizers."""
    chosen = set(wanted)
    return tuple(option for name, option in OPTIONS.items() if name in chosen)


def names(chosen: Iterable[str]) -> tuple[str, ...]:
    """The sanitizers among build options."""
    there = set(chosen)
    return tuple(name for name, option in OPTIONS.items() if option in there)


def link_flags(compiler: Compiler, wanted: Sequence[str]) -> tuple[str, ...]:
    """The further linker flags beside :func:`flag`: without them, clang links its library into programs only."""
    return ("-shared-libsan",) if wanted and compiler.is_clang else ()


def check(run: Run, compiler: Compiler, wanted: Sequence[str], output: str) -> Ran:
    """Link a shared object with the sanitizers.

    Raises:
        AsterismError: the compiler does not support them, or their libraries are not installed.
    """
    argv = [*compiler.command, *flag(wanted), *link_flags(compiler, wanted), "-shared", "-fPIC", "-x", "c", "-"]
    ran = run([*argv, "-o", output], PROGRAM)
    if ran.is_good:
        return ran
    said = next((line for line in ran.complaint.splitlines() if "error" in line or "cannot find" in line), "")
    cure = "install the libraries that belong to the compiler (libasan, libubsan, libtsan; libclang-rt-dev for clang)"
    raise AsterismError(
        Fault(
            f"the compiler {compiler.command[0]} cannot build with --sanitize={','.join(wanted)}",
            why=said.strip() or how_it_ended(ran.status),
            cure=f"{cure},\n    or leave some of them out",
            code="no-sanitizer",
        )
    )


def preload(run: Run, compiler: Compiler, wanted: Sequence[str]) -> tuple[str, ...]:
    """The libraries that a process has to load before all others, as absolute paths.

    Raises:
        AsterismError: a library is missing at the path that the compiler prints.
    """
    candidates: list[tuple[str, ...]]
    if compiler.is_clang:
        # One library serves address, leak and undefined.
        kinds = dict.fromkeys(_CLANG[name] for name in wanted)
        needed = [kind for kind in kinds if kind != "ubsan_standalone" or len(kinds) == 1]
        candidates = [(f"libclang_rt.{kind}-{os.uname().machine}.so", f"libclang_rt.{kind}.so") for kind in needed]
    else:
        candidates = [(_GNU[name],) for name in wanted if name in _GNU]
    return tuple(_library(run, compiler, each) for each in candidates)


def _library(run: Run, compiler: Compiler, named: Sequence[str]) -> str:
    for name in named:
        answer = run([*compiler.command, f"-print-file-name={name}"], "").output.strip()
        found = _followed(answer) if os.path.isabs(answer) else ""
        if found:
            return found
    what = f"the library {named[0]} of the sanitizer was not found"
    cure = "install the libraries that belong to the compiler (libasan, libtsan; libclang-rt-dev for clang)"
    raise AsterismError(Fault(what, cure=cure, code="no-sanitizer"))


def _followed(path: str) -> str:
    """The shared object that a path leads to, through links or a linker script; empty when it leads to none.

    The name with the major version only is preferred, since it stays valid after updates and without the development
    package.
    """
    try:
        start = files.read_bytes(path, files.BINARY)[:4096]
    except AsterismError:
        return ""
    named = re.search(rb"/[^\s()]+\.so[.\d]*", start)
    real = path if start.startswith(b"\x7fELF") else named[0].decode() if named else ""
    real = os.path.realpath(real) if real else ""
    return next((each for each in (_MINOR.sub("", real), real) if each and os.path.exists(each)), "")


_MINOR = re.compile(r"(?<=\.so\.\d)(?:\.\d+)+$")
