"""Run programs and find compilers; a test replaces :data:`Run` to state what a compiler answers."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence

from asterism.errors import AsterismError, Fault
from asterism.values import dataclass, replace

NOT_FOUND = 127
TIMED_OUT = 124
SECONDS = 60.0
"""Seconds that a probe may take; a compiler that hangs must not block configure."""

COMPILERS: Mapping[str, tuple[str, ...]] = {"c": ("gcc", "cc", "clang"), "c++": ("g++", "c++", "clang++")}
"""The compilers to try, in order, when neither the command line nor the environment names one."""

ZIG: Mapping[str, str] = {"c": "cc", "c++": "c++"}
"""The compilers in the ``ziglang`` wheel: the last resort, which can be installed without root permission."""

BLOCKS = "-fblocks"

NO_COMPILER = Fault(
    what="no C compiler is installed",
    cure="install one, then try again: 'apt install gcc' on Debian or Ubuntu, 'dnf install gcc' on Fedora,\n"
    "    'apk add gcc musl-dev' on Alpine; or name yours: ./configure CC=/path/to/compiler;\n"
    "    without permission to install: .venv/bin/pip install 'ziglang>=0.13,<1' brings one",
    code="no-compiler",
)


def no_cross_compiler(host: str) -> Fault:
    """The fault of a missing compiler for another machine."""
    tried = ", ".join(command[0] for command in candidates("c", host))
    cure = (
        f"install one ('apt install gcc-{host.replace('_', '-')}' on Debian or Ubuntu), or name it: ./configure CC=..."
    )
    return Fault(f"there is no C compiler for {host}", None, f"none of {tried} answers", cure, "no-compiler")


@dataclass(frozen=True, slots=True)
class Ran:
    """A run of a program: its command, its result and its output."""

    argv: tuple[str, ...]
    status: int
    """The exit status; 127 when the program is missing, 124 after a timeout, minus the signal that ended it."""
    output: str
    """The standard output."""
    complaint: str = ""
    """The standard error."""
    text: str = ""
    """The text on its standard input."""

    @property
    def is_good(self) -> bool:
        """Whether the program ended with status 0."""
        return self.status == 0

    def __str__(self) -> str:
        lines = [f"$ {shlex.join(self.argv)}", *self.output.splitlines(), *self.complaint.splitlines()]
        if not self.is_good:
            # The source of a failed test program is needed to find the cause.
            lines[1:1] = [f"| {line}" for line in self.text.splitlines()]
        return "\n".join([*lines, f"= {how_it_ended(self.status)}"])


Run = Callable[[Sequence[str], str], Ran]
"""A function that runs an argument list with a text on its standard input."""


def run(argv: Sequence[str], text: str = "") -> Ran:
    """Run a program to its end, in the C locale and never through a shell."""
    try:
        done = subprocess.run(
            list(argv),
            input=text,
            capture_output=True,
            timeout=_patience(argv),
            env={**os.environ, "LC_ALL": "C"},
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    except OSError as error:
        return Ran(tuple(argv), NOT_FOUND, "", f"{argv[0]}: {error.strerror}")
    except subprocess.TimeoutExpired:
        return Ran(tuple(argv), TIMED_OUT, "", f"{argv[0]}: no answer within {_patience(argv):.0f} seconds")
    return Ran(tuple(argv), done.returncode, done.stdout, done.stderr, text)


def _patience(argv: Sequence[str]) -> float:
    """The seconds that a program may take; zig compiles its own libraries in its first run."""
    return 10 * SECONDS if "ziglang" in argv else SECONDS


PR_SET_PDEATHSIG = 1
"""The option of Linux's ``prctl`` for the signal that a process gets when its parent dies."""


def on_parent_death(number: signal.Signals) -> Callable[[], None]:
    """The function that a child process calls before exec, to get a signal when this process dies.

    The child then ends with this process, even when that is killed. Meant as the ``preexec_fn`` of a
    :class:`subprocess.Popen`. Linux takes the end of the thread that starts the child as the parent's death. On a
    system without ``prctl`` the child outlives this process.
    """
    import ctypes  # imported here: it takes as long as starting Python, and only parents of such a child need it

    parent = os.getpid()
    prctl = getattr(ctypes.CDLL(None), "prctl", None)

    def ask() -> None:
        if prctl is not None:
            prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)
        if os.getppid() != parent:  # the parent died before the signal was requested
            os._exit(1)

    return ask


def how_it_ended(status: int) -> str:
    """An exit status in words: ``exit status 1``, ``killed by SIGSEGV``."""
    if status >= 0:
        return f"exit status {status}"
    try:
        return f"killed by {signal.Signals(-status).name}"
    except ValueError:
        return f"killed by signal {-status}"


@dataclass(frozen=True, slots=True)
class Compiler:
    """A compiler that answers to ``--version``."""

    command: tuple[str, ...]
    """The command line of the compiler: the program, then flags that belong to it."""
    version: str
    """The first line of the output of ``--version``."""
    language: str = "c"

    @property
    def is_clang(self) -> bool:
        """Whether the compiler is clang or based on it."""
        return "clang" in self.version


def candidates(language: str, host: str = "") -> list[tuple[str, ...]]:
    """The commands to try for a compiler, in order.

    Args:
        language: ``c`` or ``c++``.
        host: the other machine to compile for, as a triple.
    """
    if host:
        return [(f"{host}-{name}",) for name in COMPILERS[language]]
    zig = [(sys.executable, "-m", "ziglang", ZIG[language])] if _has_zig() else []
    return [*((name,) for name in COMPILERS[language]), *zig]


def _has_zig() -> bool:
    from importlib.util import find_spec  # 3 ms, and builds know their compiler

    return find_spec("ziglang") is not None


def find_compiler(run: Run, language: str = "c", wanted: str = "", host: str = "") -> Compiler | None:
    """The compiler to use: the wanted one or the first of :func:`candidates` that answers to ``--version``.

    Args:
        run: runs a program.
        language: ``c`` or ``c++``.
        wanted: the command line from ``CC=``, split as a shell would; empty to try the candidates.
        host: the other machine to compile for, as a triple.

    Returns:
        The compiler, or None when no candidate answers.

    Raises:
        AsterismError: the wanted compiler does not answer, or its command line has an unclosed quote.
    """
    variable = "CC" if language == "c" else "CXX"
    for command in [_without_blocks(words(wanted, variable))] if wanted.strip() else candidates(language, host):
        answer = run([*command, "--version"], "")
        if answer.is_good:
            found = Compiler(tuple(command), _first_line(answer.output), language)
            # RAII_VAR (asterisk/utils.h) needs nested functions or blocks.
            return replace(found, command=(*found.command, BLOCKS)) if found.is_clang else found
    if not wanted.strip():
        return None
    reason = _first_line(answer.complaint) or how_it_ended(answer.status)
    raise AsterismError(
        Fault(
            what=f"the compiler of {variable}='{wanted}' does not answer",
            why=reason,
            cure=f"check the name, or leave {variable} out to have one looked for",
            code="no-compiler",
        )
    )


def _without_blocks(command: tuple[str, ...]) -> tuple[str, ...]:
    """A command without :data:`BLOCKS`, which a command recorded by an earlier run has already."""
    return tuple(word for word in command if word != BLOCKS)


def words(text: str, what: str) -> tuple[str, ...]:
    """Split flags as a shell would, without running one.

    Raises:
        AsterismError: a quote is not closed.
    """
    try:
        return tuple(shlex.split(text))
    except ValueError as error:
        raise AsterismError(
            Fault(f"{what}='{text}' cannot be split into words", why=str(error).lower(), cure="close the quote")
        ) from None


def _first_line(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.strip()), "")


def which(name: str) -> str | None:
    """The path of a program on PATH, or None; a name with a slash is taken as a path."""
    return shutil.which(name)


def command_text(command: Sequence[str]) -> str:
    """A command as one would type it in a shell."""
    return shlex.join(command)
