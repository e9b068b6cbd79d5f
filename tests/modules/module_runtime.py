"""A running asterism for a test file: that of the plugin, with what the probe can ask for a C module."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from asterism_testing.running import Record, Running, quoted

CC = os.environ.get("CC", "cc")
"""The C compiler."""


@dataclass(frozen=True)
class Answer:
    """What a command gave: what it printed, why it failed, and what was logged meanwhile."""

    out: str
    err: str
    status: int
    log: tuple[str, ...]
    """``LEVEL text`` for each message, verbose ones as ``VERBOSE(level) text``."""


class Runtime(Running):
    """A running asterism that has loaded all the project's modules, and the probe.

    Args:
        tree: the installed tree whose program and modules are used.
        home: an empty directory for configuration, log, socket and a copy of the modules.
        environment: variables that the program sees besides those of the tests.
    """

    def __init__(self, tree: Path, home: Path, environment: Mapping[str, str] | None = None) -> None:
        super().__init__(tree / "sbin" / "asterism", home, environment=environment)
        self.tree = tree

    def prepare(self) -> None:
        """Take the modules, and let all of them start."""
        shutil.copytree(self.tree / "lib" / "asterism" / "modules", self.modules, dirs_exist_ok=True)
        self.config("modules.conf", "[modules]\nautoload = yes\n")
        self.config("logger.conf", "[general]\n[logfiles]\nlog => [json]notice,warning,error,verbose(4)\n")

    def ask(self, line: str) -> Answer:  # type: ignore[override]
        """Run a command; what was logged meanwhile as texts."""
        answer = super().ask(line)
        return Answer(answer.out, answer.err, answer.status, tuple(map(_told, answer.log)))

    def read(self, function: str, who: str = "somebody") -> str:
        """What a C module gets that reads a function: the result, the value, and what was logged."""
        return _together(self.ask(f"probe_read {who} {quoted(function)}"))

    def write(self, function: str, value: str, who: str = "somebody") -> str:
        """What a C module gets that writes a function."""
        return _together(self.ask(f"probe_write {who} {quoted(function)} {quoted(value)}"))

    def execute(self, application: str, data: str | None = None, who: str = "somebody") -> str:
        """What a C module gets that runs an application; no data are NULL."""
        more = "" if data is None else f" {quoted(data)}"
        return _together(self.ask(f"probe_exec {who} {application}{more}"))

    def set(self, name: str, value: str | None, who: str = "somebody") -> None:
        """Set a variable of the probe's channel, or a global one for nobody."""
        more = "" if value is None else f" {quoted(value)}"
        assert self.ask(f"probe_set {who} {name}{more}") == Answer("", "", 0, ())

    def get(self, name: str, who: str = "somebody") -> str:
        """The value of a variable, or ``(none)``."""
        return self.ask(f"probe_get {who} {name}").out.removesuffix("\n")


def value(text: str, *said: str) -> str:
    """What :meth:`Runtime.read` gives for a function that has a value."""
    return "\n".join([f"0 '{text}'", *said])


def failed(function: str, *said: str) -> str:
    """What it gives for one that has none."""
    return "\n".join(["-1 ''", *said, f"WARNING reading the function '{function}' failed\n    the log may say why"])


def _told(record: Record) -> str:
    return f"{record.level} {record.text}"


def _together(answer: Answer) -> str:
    assert (answer.err, answer.status) == ("", 0), answer
    return "\n".join([answer.out.removesuffix("\n"), *answer.log])


def compile_module(tree: Path, source: Path, directory: Path, *flags: str) -> Path:
    """Compile a C module against the installed headers, every warning an error."""
    name = source.stem
    product = directory / f"{name}.so"
    warnings = (
        "-Wall",
        "-Wextra",
        "-Wno-unused-parameter",
        "-Wshadow",
        "-Wstrict-prototypes",
        "-Wmissing-prototypes",
        "-Werror",
    )
    command = [CC, "-std=gnu99", "-O1", "-g", *warnings, "-fPIC", "-fvisibility=hidden", "-shared"]
    command += [f"-I{tree / 'include' / 'asterism'}", f"-DAST_MODULE_SELF_SYM=__internal_{name}_self"]
    command += [f'-DAST_MODULE="{name}"', *flags, "-o", str(product), str(source)]
    command += [*map(str, sorted((source.parent / name).glob("*.c"))), "-lm"]
    subprocess.run(command, check=True)
    return product
