"""``asterism call``: a call that is typed at the terminal, in the running program or in one that is started for it."""

from __future__ import annotations

import argparse
import contextlib
import os
import select
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from asterism.errors import AsterismError, Fault
from asterism.tree import Kind, Tree
from asterism_testing.calls.terminal_call import Terminal, keyboard
from asterism_testing.program.started_program import ready_socket
from buildsys.develop import run, sandbox
from buildsys.settled import tree_facts
from menuselect.sources import recognition
from runtime.conf import asterisk_conf, install_tree
from runtime.control import remote_client

SECONDS = 60.0
"""The timeout in seconds for the start of a program for a call."""


def parser() -> argparse.ArgumentParser:
    """The command line, for the verb and for completion."""
    made = argparse.ArgumentParser(
        prog="asterism call",
        description="Call an extension from the terminal: each thing that the caller would hear is a line, keys are "
        "digits, Ctrl-C hangs up. The call is made in the running asterism; when none runs, one is started and ended "
        "with the call, in a directory of modules with these modules.",
        epilog="Digits can come from a pipe as well: echo 42# | asterism call 100@default. "
        "The status is 1 when there is no such extension.",
    )
    made.add_argument("place", metavar="EXTENSION[@CONTEXT]", help="where the call goes; the context is default")
    made.add_argument("--from", metavar="NUMBER", dest="caller", default="", help="the number of the caller")
    made.add_argument("-C", metavar="FILE", dest="conf", help="the asterisk.conf of the program")
    return made


def main(words: Sequence[str]) -> int:
    """Serve ``asterism call``; its exit status.  Raises AsterismError."""
    options = parser().parse_args(words)
    for text in (options.place, options.caller):
        if '"' in text or not text.isprintable():
            raise AsterismError(Fault(f"{text!r} is not a number", code="usage"), status=2)
    with _program(recognition.at(), options.conf) as path, keyboard() as keys:
        return Terminal(path, _show).call(options.place, options.caller, keys)


def _show(line: str) -> None:
    print(line, flush=True)


@contextlib.contextmanager
def _program(tree: Tree, conf: str | None) -> Iterator[str]:
    """The control socket of the running program, or of one that runs as long as the body."""
    is_own = tree.kind is Kind.MODULES and conf is None
    known = str(tree.top / sandbox.PLACE / sandbox.CONF) if is_own else conf
    if path := _reachable(known):
        yield path
    else:
        with _started(tree, conf, is_own=is_own) as path:
            yield path


def _socket_of(conf: str | None) -> str:
    settings = asterisk_conf.load(install_tree.provide, conf)
    return os.path.join(settings.directories.astrundir, "asterisk.ctl")


def _reachable(conf: str | None) -> str:
    """The socket of a program that answers; empty when none does."""
    if conf is not None and not Path(conf).exists():
        return ""
    path = _socket_of(conf)
    try:
        remote_client.connect(path)[0].close()
    except AsterismError as error:
        if any(fault.code != "not-running" for fault in error.faults):
            raise
        return ""
    return path


@contextlib.contextmanager
def _started(tree: Tree, conf: str | None, *, is_own: bool) -> Iterator[str]:
    """Start a program that runs as long as the body."""
    used = run.prepared(tree) if is_own else conf
    words = [tree_facts.facts().program, "-f", *(["-C", str(used)] if used else [])]
    with ready_socket() as (listener, address):
        environment = {**os.environ, "NOTIFY_SOCKET": address}
        process = subprocess.Popen(
            words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, env=environment, start_new_session=True
        )
        try:
            _await(process, listener)
            yield _socket_of(str(used) if used else None)
        finally:
            process.terminate()
            process.wait()


def _await(process: subprocess.Popen[bytes], listener: socket.socket) -> None:
    deadline = time.monotonic() + SECONDS
    while not select.select([listener], [], [], 0.05)[0]:
        if process.poll() is not None:
            raise AsterismError(Fault("asterism ended before it was ready", why="see above", code="not-started"))
        if time.monotonic() > deadline:
            raise AsterismError(Fault(f"asterism was not ready in {SECONDS:g} seconds", code="not-started"))
