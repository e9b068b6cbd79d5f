"""A private instance of a real Asterisk, with its own directories and configuration and without network ports.

Only the named modules are loaded. The instance reads only the configuration written for it, so it binds no port, and
its control socket is private. Imports the floor and only neighbours that import nothing else: the pytest plugin
starts instances too, in a Python that may lack the build's libraries.
"""

from __future__ import annotations

import contextlib
import functools
import os
import re
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
from asterism.documentation import blocks
from asterism.errors import AsterismError, Fault, Place
from asterism.values import dataclass
from buildsys.settled.toolchain import how_it_ended, on_parent_death
from buildsys.targets import control_client
from menuselect.sources import module_files

SECONDS = 60.0
"""The timeout in seconds of a start, an answer and a stop, each."""
CONF = "asterisk.conf"
_OWN = ("astvarlibdir", "astdbdir", "astkeydir", "astagidir", "astspooldir", "astlogdir", "astcachedir")
_DOCS = re.compile(r"<docs\b[^>]*>(.*)</docs>", re.DOTALL)
_LONGEST_SOCKET = 90
"""The longest path in characters of a directory in which a Unix socket can be bound."""
_QUIET = ("acl", "ccss", "cdr", "cel", "features", "indications", "manager", "stasis", "udptl")
"""The .conf files of the core: an empty file means the defaults, a missing one is logged as an error."""


class Startable(Protocol):
    """The part of an Asterisk that an instance needs."""

    @property
    def data(self) -> Path | None:
        """The astdatadir of the Asterisk; None when it has none."""

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables for running the program at its place."""

    def required_program(self) -> Path:
        """The path of the executable.  Raises AsterismError when there is none."""


@dataclass(frozen=True, slots=True)
class Instance:
    """A private instance whose directories are written, ready to be started."""

    asterisk: Startable
    program: Path
    conf: Path
    log: Path
    run: Path
    """The directory of the control socket."""

    def command(self, words: Sequence[str]) -> list[str]:
        """The command line that starts the instance, or sends it a command."""
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
    """Run an Asterisk's program as a client, and return its output.

    Raises:
        subprocess.TimeoutExpired: the client does not end in time.
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
    """Write a private instance below a directory.

    The control socket is in ``run`` below the directory. When that path is too long for a socket, it is in a
    temporary directory, which is removed at the end.

    Args:
        place: a directory for the instance alone; its content is removed first.
        asterisk: the Asterisk.
        modules: the files of the instance's modules, by name in the order of loading.
        configurations: files to copy into its configuration directory.
        loaded: the modules to load at the start; None for all.

    Raises:
        AsterismError: the Asterisk has no program, or a directory cannot be written.
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
    """Link the Asterisk's data, with the documentation that options of modules are checked against."""
    source = asterisk.data
    if source is None or not source.is_dir():
        return
    if (source / "doc").is_dir() and not (source / "documentation").is_dir():  # a source tree
        if any((source / "doc").glob("core-*.xml")):
            (data / "documentation").symlink_to(source / "doc")
        else:
            files.write(data / blocks.CORE_FILE, _core_documentation(source))
        return
    for each in sorted(source.iterdir()):
        if each.is_dir():
            (data / each.name).symlink_to(each)


@functools.cache
def _core_documentation(source: Path) -> str:
    """The documentation in a source tree whose own file is not built, from what its make reads for that file.

    Without it, an Asterisk that reads documentation ends at its start: its options have to be documented
    (``xmldoc_update_config_type`` of main/config_options.c).
    """
    directories = [source / "main", *(source / name for name in module_files.LAYOUT)]
    paths = [path for each in directories for path in sorted(each.glob("**/*")) if path.suffix in (".c", ".cc", ".xml")]
    # Bodies are joined unread, as make joins them: to parse a megabyte takes as long as the start of an Asterisk.
    return blocks.joined(map(_documented, paths))


def _documented(path: Path) -> str:
    """The documentation in a file of a source tree, found as Asterisk's script make_xml_documentation finds it."""
    text = files.read_text(path)
    if path.suffix != ".xml":
        return "".join(block.body for block in blocks.blocks(text)) if "DOCUMENTATION" in text else ""
    whole = _DOCS.search(text) if "appdocsxml.dtd" in text else None
    return whole[1] if whole else ""


@contextlib.contextmanager
def running(instance: Instance, *, is_trial: bool = False) -> Iterator[Instance]:
    """Start an instance without a console, wait until it is fully booted, and stop it at the end.

    Args:
        instance: the instance.
        is_trial: kill it at the end; a real Asterisk takes up to a second to stop by itself.

    Raises:
        AsterismError: the instance ends before it is ready, or takes too long.
    """
    output = instance.log.parent / "output"
    process = start(instance, output)
    try:
        wait(process, instance, output)
        yield instance
    finally:
        if is_trial:
            process.kill()
            process.wait()
        else:
            stop(process)


def start(instance: Instance, output: Path, cores: Path | None = None) -> subprocess.Popen[bytes]:
    """Start the program of an instance; it is killed when this process ends.

    Args:
        instance: the instance.
        output: the file for its standard output and standard error.
        cores: the directory for a core file; None to disable core files.
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
    """The function that the child process runs before it executes the program."""
    end = on_parent_death(signal.SIGKILL)

    def prepare() -> None:
        end()
        if has_core:
            most = resource.getrlimit(resource.RLIMIT_CORE)[1]
            resource.setrlimit(resource.RLIMIT_CORE, (most, most))

    return prepare


def stop(process: subprocess.Popen[bytes]) -> int:
    """End a process with SIGTERM, and its process group with SIGKILL after the timeout; returns its exit status."""
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
        AsterismError: the instance ends before it is ready, or takes longer.
    """
    deadline = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            if "fully booted" in control_client.ask(instance.run, "core waitfullybooted", seconds):
                return
        time.sleep(0.01)
    status = process.returncode
    how = f"it ended: {how_it_ended(status)}" if status is not None else f"it is not ready after {seconds:.0f} seconds"
    why = "\n    ".join([how, *files.read_text(output).splitlines()[-8:]])
    cure = "'asterism run --target' shows what it says"
    raise AsterismError(Fault("the Asterisk does not start", Place(str(output)), why, cure, "no-start"))
