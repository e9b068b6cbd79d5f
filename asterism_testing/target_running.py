"""A private instance of a real Asterisk for tests, as :mod:`asterism_testing.running` is an asterism."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import time
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from asterism.errors import AsterismError
from asterism.values import dataclass, field
from asterism_testing.asterisk_log import SETTINGS, AsteriskLog
from asterism_testing.program import process_end
from asterism_testing.records import Event, Record
from asterism_testing.running import (
    SECONDS,
    Answer,
    CommandError,
    CrashedError,
    Executed,
    HangingError,
    NotStartedError,
    Running,
    UnsupportedError,
)
from buildsys.targets import control_client, private_instance
from buildsys.targets.private_instance import Instance

MISSING = "No such command '"
"""The beginning of Asterisk's answer to an unknown command."""
LATER = ("dialplan eval function", "dialplan exec application", "call ")
"""Commands that an Asterisk may lack.

Asterisk 13 has neither of the first two, a module provides the second, and no Asterisk has typed calls.
"""
_PROVIDER = {"dialplan exec application": "res_cliexec"}
_FAILED = re.compile(
    r"Command '.*' failed\.|No such command '.*|Unable to (?:un)?load (?:module|resource) .*|No such module '.*"
    r"|The module '.*' (?:does not support reloads|reported a reload failure|was not properly initialized).*"
    r"|Return Value: Failure \(.*"
)
"""Lines by which Asterisk's console reports a failed command; the client has no exit status for it."""
_DOCUMENTED = ("core show application ", "core show function ", "manager show command ")
"""Commands that answer from the XML documentation."""
_OF_THE_CORE = "core show application Answer"
"""A command whose answer has a synopsis in every Asterisk with XML documentation."""
_NO_SYNOPSIS = re.compile(r"\[Synopsis\][^\n]*\n(?:\x1b\[[\d;]*m)*Not available")
_USAGE = "Usage: "
_CONNECTION = "Remote UNIX connection"
_READY = "Asterisk Ready."
_LOGGED_SECONDS = 1.0
"""Seconds to wait for the last log message of a command, since Asterisk writes its log in another thread."""
_END_OF_MATCHES = "_EOF_"


@dataclass(frozen=True, slots=True)
class TargetProgram:
    """A real Asterisk, and the modules that tests may load into it."""

    name: str
    program: str
    paths: str
    """The ``LD_LIBRARY_PATH`` of the program; empty to keep that of this process."""
    data: Path | None
    modules: Mapping[str, Path]
    """The files of all modules that can be loaded, by name; each module after those it needs."""
    needs: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """The modules that have to be loaded before a module, by its name."""
    unfit: Mapping[str, str] = field(default_factory=dict)
    """The reasons of modules that cannot be built for this Asterisk, by module name."""
    reader: Sequence[str] = ()
    """The command line of ``asterism crash`` without its arguments."""
    configurations: Sequence[Path] = ()
    """The files for the configuration directory."""

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables for running the program at its place."""
        return {**os.environ, **({"LD_LIBRARY_PATH": self.paths} if self.paths else {})}

    def required_program(self) -> Path:
        """The path of the executable."""
        return Path(self.program)

    def dumps(self) -> str:
        """The value as JSON, to pass in an environment variable."""
        plain = {name: getattr(self, name) for name in self.__slots__}
        return json.dumps(plain, default=str)

    @staticmethod
    def loads(text: str) -> TargetProgram:
        """The value that :meth:`dumps` has written."""
        said = json.loads(text)
        said["data"] = Path(said["data"]) if said["data"] else None
        said["modules"] = {name: Path(path) for name, path in said["modules"].items()}
        return TargetProgram(**said)


class TargetRunning(Running):
    """A private instance for one test; its directories are written at once, and it starts at its first use.

    Args:
        target: the Asterisk and its modules.
        home: a directory for configuration, modules, log and socket; its content is removed first.
        loaded: the modules to load at the start, together with those that they need.
        seconds: the timeout of every action.
    """

    def __init__(
        self, target: TargetProgram, home: Path, loaded: Collection[str] = (), *, seconds: float = SECONDS
    ) -> None:
        self.target = target
        self._loaded = {name for each in loaded for name in (*target.needs.get(each, ()), each)}
        self._room = contextlib.ExitStack()
        super().__init__(target.program, home, environment=target.environment, seconds=seconds)
        self._log = AsteriskLog(self._instance.log, self.modules)

    def _lay_out(self, modules: object) -> None:  # noqa: ARG002 - the target has the modules
        made = private_instance.laid_out(
            self.home, self.target, self.target.modules, map(Path, self.target.configurations), self._loaded
        )
        self._instance: Instance = self._room.enter_context(made)
        self._cores.mkdir()
        self.config("logger.conf", f"[general]\n[logfiles]\n{SETTINGS}")

    @property
    def _cores(self) -> Path:
        return self.home / "core"

    def config(self, name: str, text: str) -> Path:
        """Write a configuration file, replacing a link to a given one."""
        (self.home / "etc" / name).unlink(missing_ok=True)
        return super().config(name, text)

    # -- start and stop

    def start(self) -> None:
        """Start the program and wait until it is fully booted; does nothing when it is running.

        Raises:
            NotStartedError: the program ended before it was ready, or took too long.
        """
        __tracebackhide__ = True
        if self._process is not None:
            return
        self._process = private_instance.start(self._instance, self._output, self._cores)
        try:
            private_instance.wait(self._process, self._instance, self._output, self.seconds)
        except AsterismError:
            how = self._how_it_ended() if self._process.poll() is not None else f"was not ready in {self.seconds:g} s"
            self._kill()
            raise NotStartedError(self._told(f"the Asterisk {how} at its start")) from None
        self._await_logged(0, _READY)

    def stop(self) -> int:
        """Stop the program gracefully, unloading modules; returns its exit status.  Raises HangingError."""
        __tracebackhide__ = True
        if self._process is None:
            return 0
        with contextlib.suppress(OSError):
            control_client.ask(self._instance.run, "core stop gracefully", self.seconds)
        try:
            return process_end.wait(self._process, self.seconds)
        except subprocess.TimeoutExpired:
            self._kill()
            raise HangingError(self._told(f"it did not stop in {self.seconds:g} seconds")) from None

    def abandon(self) -> None:
        """Kill the program if it is running, and remove its socket."""
        super().abandon()
        self._room.close()

    # -- commands

    def ask(self, line: str) -> Answer:
        """Run a command, and return its result even when it failed.

        Raises:
            CrashedError: the program ended during the command.
            HangingError: the program did not answer in time.
            UnsupportedError: this Asterisk lacks the command, which other versions have.
        """
        __tracebackhide__ = True
        self.start()
        before = self._log.end
        self.transcript.append(f"*CLI> {line}\n")
        said = self._said(line)
        self.transcript.append(said)
        lacking = next((name for name in LATER if line.startswith(name) and said.startswith(MISSING)), "")
        if lacking:
            raise UnsupportedError(f"this Asterisk has no command '{lacking.strip()}'")
        if line.startswith(_DOCUMENTED) and _NO_SYNOPSIS.search(said) and _NO_SYNOPSIS.search(self._said(_OF_THE_CORE)):
            raise UnsupportedError("this Asterisk has no XML documentation")
        out, err = parted(line, said)
        err = err or self._contradiction(line)
        return Answer(out, err, int(bool(err)), self._logged(before))

    def _said(self, line: str) -> str:
        __tracebackhide__ = True
        try:
            said = control_client.ask(self._instance.run, line, self.seconds)
            # A crash closes the connection as the end of an answer does.
            is_there = control_client.is_there(self._instance.run, self.seconds)
        except TimeoutError:
            self._kill()
            raise HangingError(self._told(f"'{line}' was not answered in {self.seconds:g} seconds")) from None
        except OSError:
            raise self._gone(line) from None
        if not is_there and not line.startswith("core stop"):
            raise self._gone(line)
        return said

    def _gone(self, line: str) -> CrashedError:
        gone = super()._gone(line)
        self._kill()
        return gone

    def _contradiction(self, line: str) -> str:
        """The error when ``module show`` contradicts a load or unload that reported no failure."""
        words = line.split()
        if words[:2] not in (["module", "load"], ["module", "unload"]) or len(words) < 3:
            return ""
        name, is_wanted = words[-1].removesuffix(".so"), words[1] == "load"
        shown = control_client.ask(self._instance.run, f"module show like {name}", self.seconds)
        if is_listed_running(shown, name) == is_wanted:
            return ""
        return f"{name} {'does not run' if is_wanted else 'still runs'}\n"

    def _logged(self, since: int) -> tuple[Record, ...]:
        """The messages logged since an offset, without those about the connection of the command."""
        found = self._await_logged(since, f"{_CONNECTION} disconnected")
        return tuple(each for each in found if not each.text.startswith(_CONNECTION))

    def _await_logged(self, since: int, last: str) -> list[Record]:
        """The messages logged since an offset, read after a given message has come or the wait is over."""
        deadline = time.monotonic() + _LOGGED_SECONDS
        while True:
            found = self._log.records(since)
            if any(each.text == last for each in found) or time.monotonic() > deadline:
                return found
            time.sleep(0.002)

    def load(self, *names: str) -> None:
        """Load modules, each after those that it needs.

        Raises:
            CommandError: a module fails to run.
            UnsupportedError: a module cannot be built for this Asterisk.
        """
        __tracebackhide__ = True
        for name in names:
            if reason := self.target.unfit.get(name):
                raise UnsupportedError(reason)
            for each in (*self.target.needs.get(name, ()), name):
                if each == name or not is_listed_running(self.ask(f"module show like {each}").out, each):
                    self.cli(f"module load {each}")

    def reload(self, name: str) -> None:
        """Reload the configuration of a module.  Raises CommandError when that fails."""
        __tracebackhide__ = True
        self.cli(f"module reload {name}")

    def execute(self, application: str) -> Executed:
        """Run a dialplan application on a new channel; the module that provides the console command is loaded first.

        Raises CommandError when the application is unknown, UnsupportedError when this Asterisk lacks the command.
        """
        __tracebackhide__ = True
        provider = _PROVIDER["dialplan exec application"]
        if provider in self.target.modules:
            with contextlib.suppress(CommandError):
                self.load(provider)
        return super().execute(application)

    def complete(self, line: str) -> list[str]:
        """The completions of the last word of a line."""
        __tracebackhide__ = True
        word = re.split(r"\s", line)[-1]
        said = self.ask(f'_command matchesarray "{line}" "{word}"').out.split()
        return sorted(dict.fromkeys(each for each in said if each != _END_OF_MATCHES))

    # -- output and log

    @property
    def events(self) -> list[Event]:
        """Raise UnsupportedError: a real Asterisk does not log test events."""
        raise UnsupportedError("a real Asterisk tells of test events to its manager only, not in its log")

    @cached_property
    def crash(self) -> str:
        """The function, line and module of a crash, and the calls of its thread; empty without a core file."""
        core = next(iter(sorted(self._cores.iterdir())), None) if self._cores.is_dir() else None
        if core is None or not self.target.reader:
            return ""
        places = dict.fromkeys(str(self.target.modules[name].parent) for name in self.target.needs)
        modules = [word for place in [*places, str(self.modules)] for word in ("--modules", place)]
        done = subprocess.run(
            [*self.target.reader, str(core), *modules, "--program", self.target.program, "--crashed-thread"],
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
        core.unlink()
        return done.stdout

    def _crash(self) -> str:
        """The module of the crash, then its calls; the reason when no core file exists; empty without a crash."""
        if self._process is None or (self._process.poll() or 0) >= 0:
            return ""
        calls, _, culprit = self.crash.rstrip().rpartition("\n\nmodule ")
        frames = [line for line in calls.splitlines() if line.startswith("#")]
        return "\n".join([*([f"module {culprit}"] if culprit else []), *frames]) or _no_core()


def _no_core() -> str:
    """The reason why a core file is missing."""
    with contextlib.suppress(OSError):
        pattern = Path("/proc/sys/kernel/core_pattern").read_text().strip()
        if "/" in pattern:
            return f"core files go to '{pattern}'; 'sysctl kernel.core_pattern=core' lets tests read them"
    return "it left no core file"


def is_listed_running(shown: str, name: str) -> bool:
    """Whether the output of ``module show`` lists a module as running."""
    rows = [line for line in shown.splitlines() if line.split()[:1] == [f"{name}.so"]]
    return any(" Running " in f"{row} " and " Not Running " not in f"{row} " for row in rows)


def parted(line: str, said: str) -> tuple[str, str]:
    """Split the output of a command into output and error lines."""
    if said.startswith(_USAGE) and "help" not in line.split():
        return "", said
    lines = said.splitlines(keepends=True)
    failed = [each for each in lines if _FAILED.fullmatch(each.rstrip("\n"))]
    return "".join(each for each in lines if each not in failed), "".join(failed)
