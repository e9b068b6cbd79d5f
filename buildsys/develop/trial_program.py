"""A running asterism to try modules in, for ``asterism watch`` and for the life-cycle check of ``asterism test``.

Commands are sent by ``-rx``, since buildsys imports nothing of the runtime. Tests use the program of
:mod:`asterism_testing`, which reads the control socket, the log and the report of a crash.
"""

from __future__ import annotations

import contextlib
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from asterism import files
from asterism.errors import AsterismError, Fault, Place

SECONDS = 30.0
"""Seconds that the start and each answer may take."""

Ask = Callable[[str], str]


@contextlib.contextmanager
def running(program: str, conf: Path, log: Path) -> Iterator[Ask]:
    """Start the program; the body gets a function that runs a command in it and returns the answer.

    Raises:
        AsterismError: the program ends before it is ready, or takes too long.
    """
    with log.open("wb") as said:
        process = subprocess.Popen(
            [program, "-f", "-n", "-C", str(conf)], stdin=subprocess.DEVNULL, stdout=said, stderr=said
        )
        try:
            _wait(process, program, conf, log)
            yield lambda command: _ask(program, conf, command).stdout
        finally:
            process.terminate()
            try:
                process.wait(SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _ask(program: str, conf: Path, command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [program, "-C", str(conf), "-rx", command],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=SECONDS,
        check=False,
    )


def _wait(process: subprocess.Popen[bytes], program: str, conf: Path, log: Path) -> None:
    deadline = time.monotonic() + SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        if _ask(program, conf, "core waitfullybooted").returncode == 0:
            return
        time.sleep(0.05)
    how = f"it ended with status {process.returncode}" if process.returncode is not None else "it is not ready in time"
    last = "\n    ".join(files.read_text(log).splitlines()[-8:])
    raise AsterismError(Fault("the program does not start", Place(str(log)), f"{how}\n    {last}", "", "no-start"))


def check(name: str, ask: Ask) -> Iterator[Fault]:
    """Check the life cycle of a module: it has to run, to be unloaded, and to run again."""
    steps = (("is loaded with the others", ""), ("is unloaded", "module unload"), ("is loaded again", "module load"))
    for what, command in steps:
        said = ask(f"{command} {name}") if command else ""
        shown = [line for line in ask(f"module show like {name}").splitlines() if line.split(".")[0] == name]
        is_running = any(" Running " in line and " Not Running " not in line for line in shown)
        if is_running == (command == "module unload"):
            why = " ".join((said or ask("module show failed")).split())
            yield Fault(
                f"the module fails when it {what}", Place(name), why, "'asterism run' shows what it says", "life"
            )
            return
