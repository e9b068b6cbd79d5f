"""A running asterism of its own for a test file, asked through its control socket."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runtime import remote, wire

CC = os.environ.get("CC", "cc")
"""The C compiler."""
SECONDS = 30
"""How long anything may take before a test gives up."""


@dataclass(frozen=True)
class Answer:
    """What a command gave: what it printed, why it failed, and what was logged meanwhile."""

    out: str
    err: str
    status: int
    log: tuple[str, ...]
    """``LEVEL text`` for each message, verbose ones as ``VERBOSE(level) text``."""


def quoted(text: str) -> str:
    """A text as one word of a command line."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


class Runtime:
    """A running asterism with directories of its own.

    Args:
        tree: the installed tree whose program and modules are used.
        home: an empty directory for configuration, log, socket and a copy of the modules.
        environment: variables that the program sees besides those of the tests.
    """

    def __init__(self, tree: Path, home: Path, environment: Mapping[str, str] | None = None) -> None:
        self.tree = tree
        self.home = home
        self.modules = home / "modules"
        self.environment = {**os.environ, **(environment or {})}
        self._process: subprocess.Popen[bytes] | None = None

    def prepare(self) -> None:
        """Lay out the directories."""
        shutil.copytree(self.tree / "lib" / "asterism" / "modules", self.modules)
        places = {"astmoddir": self.modules}
        for name in ("etc", "varlib", "db", "key", "data", "agi", "spool", "run", "log", "cache"):
            places[f"ast{name}dir"] = self.home / name
            (self.home / name).mkdir()
        directories = "".join(f"{name} => {path}\n" for name, path in places.items())
        (self.home / "etc" / "asterisk.conf").write_text(f"[directories]\n{directories}[options]\nverbose = 4\n")
        (self.home / "etc" / "modules.conf").write_text("[modules]\nautoload = yes\n")
        (self.home / "etc" / "logger.conf").write_text(
            "[general]\n[logfiles]\nlog => [json]notice,warning,error,verbose(4)\n"
        )

    @property
    def log(self) -> Path:
        """The log file."""
        return self.home / "log" / "log"

    def start(self) -> None:
        """Run the program until it answers."""
        words = [str(self.tree / "sbin" / "asterism"), "-f", "-C", str(self.home / "etc" / "asterisk.conf")]
        with (self.home / "output").open("wb") as output:
            self._process = subprocess.Popen(
                words, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=self.environment
            )
        deadline = time.monotonic() + SECONDS
        while not (self.log.exists() and "Asterisk Ready." in self.log.read_text()):
            assert self._process.poll() is None, self.output()
            assert time.monotonic() < deadline, self.output()
            time.sleep(0.01)

    @property
    def pid(self) -> int:
        """The number of its process."""
        assert self._process is not None
        return self._process.pid

    def output(self) -> str:
        """What the program wrote on its own terminal."""
        return (self.home / "output").read_text(errors="replace")

    def stop(self) -> int:
        """End the program; its exit status."""
        if self._process is None:
            return 0
        if self._process.poll() is None:
            self._process.terminate()
        try:
            return self._process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise

    def ask(self, line: str) -> Answer:
        """Run a command."""
        assert self._process is not None
        before = self.log.stat().st_size
        out: list[str] = []
        err: list[str] = []
        sock, reader, _ = remote.connect(str(self.home / "run" / "asterisk.ctl"))
        with sock:
            sock.settimeout(SECONDS)
            sock.sendall(wire.pack("run", line))
            status = remote.answer(reader.read, out.append, err.append)
        assert status is not None, f"the program ended at '{line}':\n{self.output()}"
        with self.log.open("rb") as log:
            log.seek(before)
            records = [json.loads(record) for record in log]
        return Answer("".join(out), "".join(err), status, tuple(_told(record) for record in records))

    def complete(self, line: str) -> list[str]:
        """What the last word of a line can become."""
        sock, reader, _ = remote.connect(str(self.home / "run" / "asterisk.ctl"))
        with sock:
            sock.settimeout(SECONDS)
            sock.sendall(wire.pack("complete", line))
            frame = reader.read()
        assert frame is not None
        assert frame[0] == "words"
        return frame[1].split("\n") if frame[1] else []

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


def _told(record: dict[str, Any]) -> str:
    return f"{record['level']} {record['message']}"


def _together(answer: Answer) -> str:
    assert (answer.err, answer.status) == ("", 0), answer
    return "\n".join([answer.out.removesuffix("\n"), *answer.log])


def compile_module(tree: Path, source: Path, directory: Path, *flags: str) -> Path:
    """Compile a C module against the installed headers, every warning an error."""
    name = source.stem
    product = directory / f"{name}.so"
    warnings = ("-Wall", "-Wextra", "-Wshadow", "-Wstrict-prototypes", "-Wmissing-prototypes", "-Werror")
    command = [CC, "-std=gnu99", "-O1", "-g", *warnings, "-fPIC", "-fvisibility=hidden", "-shared"]
    command += [f"-I{tree / 'include' / 'asterism'}", f"-DAST_MODULE_SELF_SYM=__internal_{name}_self"]
    command += [f'-DAST_MODULE="{name}"', *flags, "-o", str(product), str(source)]
    command += [*map(str, sorted((source.parent / name).glob("*.c"))), "-lm"]
    subprocess.run(command, check=True)
    return product
