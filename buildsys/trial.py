"""``asterism test``: start the modules of a directory, take them through their life, and run their transcripts."""

from __future__ import annotations

import argparse
import contextlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from asterism import files
from asterism.errors import AsterismError, Fault, Place, report
from buildsys import built, config, outside, sandbox, transcript
from buildsys.build import Reporter, build
from buildsys.run import check_outside

SECONDS = 30.0
"""How long the start may take, and each answer."""

LOG = f"{sandbox.PLACE}/test.log"

Ask = Callable[[str], str]


@contextlib.contextmanager
def running(program: str, conf: Path, log: Path) -> Iterator[Ask]:
    """The program, started; what is given runs a command in it and returns the answer.

    Raises:
        AsterismError: it ends before it is ready, or takes too long.
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
    """Take a module through its life: it must run, be unloaded, and run again."""
    steps = (("is loaded with the others", ""), ("is unloaded", "module unload"), ("is loaded again", "module load"))
    for what, command in steps:
        said = ask(f"{command} {name}") if command else ""
        shown = [line for line in ask(f"module show like {name}").splitlines() if line.split(".")[0] == name]
        is_running = any(" Running " in line and " Not Running " not in line for line in shown)
        if is_running == (command == "module unload"):
            why = " ".join((said or ask("module show failed")).split())
            yield Fault(f"it fails when it {what}", Place(name), why, f"{LOG} has what it said", "life")
            return


def examine(top: Path, ask: Ask) -> dict[str, list[Fault]]:
    """What is wrong with each module, and with what its transcript ``NAME.test`` says of it."""
    found: dict[str, list[Fault]] = {}
    for name in (Path(product).stem for product in built.load(top).products):
        found[name] = list(check(name, ask))
        script = outside.beside(top, f"{name}.test")
        if script and not found[name]:
            found[name] += transcript.failures(files.read_text(script), script.name, ask)
    return found


def main(words: Sequence[str]) -> int:
    """Serve ``asterism test``."""
    parser = argparse.ArgumentParser(
        prog="asterism test",
        description="Build the modules of this directory, load, unload and load each, and run its NAME.test.",
        epilog="NAME.test holds commands after '*CLI> ' and below each its answer; '...' stands for any lines.",
    )
    parser.add_argument("--json", action="store_true", help="the findings by module as JSON")
    options = parser.parse_args(words)
    top = Path.cwd()
    check_outside(top, "make test")
    build(top, Reporter(sys.stdout, quiet=True))
    tree = config.facts()
    with tempfile.TemporaryDirectory(prefix="asterism-") as rundir:
        conf = sandbox.prepare(top, tree, Path(rundir))
        with running(tree.program, conf, top / LOG) as ask:
            found = examine(top, ask)
    if options.json:
        print(json.dumps({name: [fault.as_json() for fault in faults] for name, faults in found.items()}, indent=1))
    else:
        print("\n".join(f"{'FAILED' if faults else 'ok':<7}{name}" for name, faults in found.items()))
    faults = [fault for each in found.values() for fault in each]
    report(faults)
    return 1 if faults else 0
