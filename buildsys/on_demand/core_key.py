"""The inputs of a core's build, and the name derived from them: another compiler, flag or source gives another name."""

from __future__ import annotations

import hashlib
import json
import os
import shlex
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import _cffi_backend  # not cffi, nor the record of its installation: a tenth of their time, at each start

from asterism import __version__
from asterism.errors import AsterismError, Fault
from asterism.home import where
from asterism.values import dataclass
from buildsys.on_demand import source_record
from buildsys.settled import toolchain
from buildsys.settled.configuration import ENVIRONMENT

PACKAGES = Path(where.PACKAGE).parent
"""The directory that contains the packages of this program."""


@dataclass(frozen=True, slots=True)
class Key:
    """The inputs of a core's build."""

    version: str
    machine: str
    sources: str
    """SHA-256 of the sources and of the program that builds them."""
    generator: str
    """The version of cffi, which generates a part of the core."""
    compiler: tuple[str, ...] = ()
    """The C compiler's command with the identity of each program in it; empty when no compiler is found."""
    flags: tuple[str, ...] = ()
    """``NAME=value`` of each variable that configure reads."""

    @property
    def base(self) -> str:
        """The common prefix of the names of cores that differ only in compiler and flags."""
        return f"{self.version}-{self.machine}-{_digest([self.version, self.machine, self.sources, self.generator])}"

    @property
    def name(self) -> str:
        """The name of the core: letters, digits, ``.``, ``_`` and ``-``."""
        return f"{self.base}-{_digest([*self.compiler, '', *self.flags])}"


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256(json.dumps(list(parts)).encode()).hexdigest()[:12]


def current(environ: Mapping[str, str] = os.environ) -> Key:
    """The key of the core that this program needs on this machine, with the compiler found now."""
    command = compiler_command(environ)
    return Key(
        __version__,
        f"{os.uname().machine}{'' if sys.maxsize > 2**32 else '-32'}",
        source_record.digest(PACKAGES),
        _cffi_backend.__version__,
        tuple(_identified(command)),
        tuple(f"{name}={environ[name]}" for name in ENVIRONMENT if name != "CC" and environ.get(name)),
    )


def compiler_command(environ: Mapping[str, str] = os.environ) -> tuple[str, ...]:
    """The command of the C compiler: CC, or the first usual one found; empty when there is none."""
    if environ.get("CC", "").strip():
        return toolchain.words(environ["CC"], "CC")
    return next((each for each in toolchain.candidates("c") if toolchain.which(each[0])), ())


def _identified(command: tuple[str, ...]) -> Iterator[str]:
    """The words of a command, each program followed by its path, size and time of change.

    The compiler of the ziglang package is identified by its version, since its command names one environment's Python.
    """
    if "ziglang" in command:
        from importlib import metadata  # 15 ms at each start, for this compiler alone

        yield f"ziglang {metadata.version('ziglang')} {shlex.join(command[command.index('ziglang') :])}"
        return
    for word in command:
        yield word
        path = toolchain.which(word)
        if path:
            status = os.stat(path)
            yield f"{os.path.realpath(path)} {status.st_size} {status.st_mtime_ns}"


def no_compiler() -> AsterismError:
    """The error of a machine that has neither a compiler nor a built core."""
    return AsterismError(
        Fault(
            "no C compiler is installed",
            why="the core of Asterism is compiled once, on first need",
            cure="install one, then try again: 'apt install gcc libc6-dev' on Debian or Ubuntu, 'dnf install gcc' on\n"
            "    Fedora, 'apk add gcc musl-dev' on Alpine; or name yours: CC=/path/to/compiler asterism ...;\n"
            "    without permission to install: pip install 'asterism[zig]' brings one (with pipx:\n"
            "    pipx inject asterism ziglang)",
            code="no-compiler",
        )
    )
