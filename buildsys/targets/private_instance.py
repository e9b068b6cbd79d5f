"""A private instance of a real Asterisk: directories and configuration of its own, nothing on the network.

Only the modules that are named are loaded. The instance reads no configuration but its own and what it is given, so it
binds no port, and its control socket is reached by nobody else. Imports the floor and its own neighbours that do: the
plugin of pytest starts instances, too, in a Python that may lack the build's libraries.
"""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from asterism import files
from asterism.errors import AsterismError, Fault, Place
from asterism.values import dataclass
from buildsys.settled.toolchain import on_parent_death
from buildsys.targets import control_client

SECONDS = 60.0
"""How long a start, an answer and a stop may take each."""
CONF = "asterisk.conf"
_OWN = ("astvarlibdir", "astdbdir", "astkeydir", "astagidir", "astspooldir", "astlogdir", "astcachedir")
_LONGEST_SOCKET = 90
"""Characters of a directory in which a Unix socket can be bound."""
_QUIET = ("acl", "ccss", "cdr", "cel", "features", "indications", "manager", "stasis", "udptl")
"""The .conf files of the core: an empty one means the defaults, a missing one is an error in the log."""


class Startable(Protocol):
    """What an instance has to know of an Asterisk."""

    @property
    def data(self) -> Path | None:
        """Its astdatadir."""

    @property
    def environment(self) -> dict[str, str]:
        """What the program needs to be run from where it is."""

    def required_program(self) -> Path:
        """The executable.  Raises AsterismError when there is none."""


@dataclass(frozen=True, slots=True)
class Instance:
    """A private instance that is laid out and can be started."""

    asterisk: Startable
    program: Path
    conf: Path
    log: Path
    run: Path
    """The directory of its control socket."""

    def command(self, words: Sequence[str]) -> list[str]:
        """The command line that starts it, or asks it."""
        return [str(self.program), "-C", str(self.conf), *words]

    def ask(self, line: str) -> subprocess.CompletedProcess[str]:
        """Run a command in the running instance.

        Raises:
            AsterismError: the instance does not answer in time.
        """
        try:
            return answered(self.command(["-rx", line]), self.asterisk.environment, SECONDS)
        except subprocess.TimeoutExpired:
            what = f"the Asterisk does not answer to '{line}' within {SECONDS:.0f} seconds"
            raise AsterismError(Fault(what, Place(str(self.log)), code="no-answer")) from None


def answered(argv: Sequence[str], environment: Mapping[str, str], seconds: float) -> subprocess.CompletedProcess[str]:
    """What the program of an Asterisk prints when it asks the running one.

    Raises:
        subprocess.TimeoutExpired: there is no answer in time.
    """
    return subprocess.run(
        list(argv),
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=seconds,
        check=False,
    )


@contextlib.contextmanager
def laid_out(
    place: Path,
    asterisk: Startable,
    modules: Mapping[str, Path],
    configurations: Iterable[Path] = (),
    loaded: Collection[str] | None = None,
) -> Iterator[Instance]:
    """A private instance below a directory; its control socket is removed in the end.

    Args:
        place: an own directory of the instance, emptied first.
        asterisk: the Asterisk.
        modules: the modules that it has, by name in the order of loading, and their files.
        configurations: files for its configuration directory.
        loaded: those of the modules that it loads at its start; all of them when it is None.

    Raises:
        AsterismError: that Asterisk has no program, or a directory cannot be written.
    """
    program = asterisk.required_program()
    with contextlib.ExitStack() as stack:
        run = place / "run"
        if len(os.fsencode(run)) > _LONGEST_SOCKET:
            run = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="asterism-")))
        with files.told(place, "make"):
            shutil.rmtree(place, ignore_errors=True)
            started = [name for name in modules if loaded is None or name in loaded]
            _lay_out(place, asterisk, modules, started, configurations, run)
        yield Instance(asterisk, program, place / "etc" / CONF, place / "log" / "messages", run)


def _lay_out(
    place: Path,
    asterisk: Startable,
    modules: Mapping[str, Path],
    started: Sequence[str],
    configurations: Iterable[Path],
    run: Path,
) -> None:
    etc, holder, data = (place / name for name in ("etc", "modules", "data"))
    for path in (etc, holder, data, run, place / "log", *(place / "var" / name for name in _OWN)):
        path.mkdir(parents=True, exist_ok=True)
    for name, path in modules.items():
        (holder / f"{name}.so").symlink_to(path.resolve())
    _link_data(asterisk, data)
    for path in configurations:
        (etc / path.name).symlink_to(path.resolve())
    own = {name: place / "var" / name for name in _OWN} | {"astlogdir": place / "log"}
    places = {"astetcdir": etc, "astmoddir": holder, "astdatadir": data, "astrundir": run, **own}
    lines = ["[directories]", *(f"{name} => {path}" for name, path in places.items()), "[options]", "verbose = 3"]
    _write_missing(etc / CONF, lines)
    _write_missing(etc / "modules.conf", ["[modules]", "autoload = no", *(f"load = {name}.so" for name in started)])
    for name in _QUIET:
        _write_missing(etc / f"{name}.conf", ["[general]"])
    logs = "notice,warning,error,verbose,debug"
    _write_missing(etc / "logger.conf", ["[general]", "[logfiles]", f"console => {logs}", f"messages => {logs}"])


def _write_missing(path: Path, lines: Iterable[str]) -> None:
    if not path.exists():
        files.write(path, "".join(f"{line}\n" for line in lines))


def _link_data(asterisk: Startable, data: Path) -> None:
    """The data of the Asterisk by links; its documentation, which options of modules are checked against, among it."""
    source = asterisk.data
    if source is None or not source.is_dir():
        return
    if (source / "doc").is_dir() and not (source / "documentation").is_dir():  # a source tree
        (data / "documentation").symlink_to(source / "doc")
        return
    for each in sorted(source.iterdir()):
        if each.is_dir():
            (data / each.name).symlink_to(each)


@contextlib.contextmanager
def running(instance: Instance) -> Iterator[Instance]:
    """The instance, started without a console and fully booted; it is stopped in the end, whatever happens.

    Raises:
        AsterismError: it ends before it is ready, or takes too long.
    """
    output = instance.log.parent / "output"
    process = start(instance, output)
    try:
        wait(process, instance, output)
        yield instance
    finally:
        stop(process)


def start(instance: Instance, output: Path, cores: Path | None = None) -> subprocess.Popen[bytes]:
    """Start the program of an instance; it ends with this process, however that ends.

    Args:
        instance: the instance.
        output: where its standard output and its standard error go.
        cores: the directory where it may leave a core file; None for none.
    """
    with files.told(output, "write"), output.open("wb") as said:
        return subprocess.Popen(
            instance.command(["-f", "-n", *(["-g"] if cores else [])]),
            env=instance.asterisk.environment,
            cwd=cores,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            start_new_session=True,
            preexec_fn=_prepared(cores is not None),
        )


def _prepared(has_core: bool) -> Callable[[], None]:
    """What the child does before it becomes the program."""
    end = on_parent_death(signal.SIGKILL)

    def prepare() -> None:
        end()
        if has_core:
            most = resource.getrlimit(resource.RLIMIT_CORE)[1]
            resource.setrlimit(resource.RLIMIT_CORE, (most, most))

    return prepare


def stop(process: subprocess.Popen[bytes]) -> int:
    """End a process and its children: SIGTERM, and SIGKILL when that is not heeded; its exit status."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(SECONDS)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    return process.returncode


def wait(process: subprocess.Popen[bytes], instance: Instance, output: Path, seconds: float = SECONDS) -> None:
    """Wait until an instance is fully booted.

    Raises:
        AsterismError: it ends before, or takes longer.
    """
    deadline = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            if "fully booted" in control_client.ask(instance.run, "core waitfullybooted", seconds):
                return
        time.sleep(0.01)
    status = process.returncode
    how = f"it ended with status {status}" if status is not None else f"it is not ready after {seconds:.0f} seconds"
    last = "\n    ".join(files.read_text(output).splitlines()[-8:])
    raise AsterismError(Fault("the Asterisk does not start", Place(str(output)), f"{how}\n    {last}", "", "no-start"))
