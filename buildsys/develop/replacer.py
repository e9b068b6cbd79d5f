"""The running program for ``asterism watch``: where it is, and the process that loads new modules into it."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
from collections.abc import Iterator, Sequence
from typing import Any

from asterism.parsing import json_value
from asterism.tree import Kind, Tree
from asterism.values import dataclass
from buildsys.develop import sandbox
from buildsys.settled import tree_facts
from buildsys.settled.tree_facts import Facts

ROOT = "root"
"""The directory into which ``make run`` installs."""


class Attendant:
    """A child process ``asterism replace --serve`` of the installed program; requests have no answers without one.

    Args:
        program: the installed ``asterism``.
        confs: the asterisk.conf files of the programs that may run; the first program that answers is used.
    """

    def __init__(self, program: str, confs: Sequence[str]) -> None:
        words = [program, "replace", "--serve", *(word for conf in confs for word in ("-C", conf))]
        self._process: subprocess.Popen[str] | None = None
        with contextlib.suppress(OSError):
            self._process = subprocess.Popen(
                words,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                start_new_session=True,  # Ctrl-C ends this program, which then ends the child
            )
            self._read()

    def ask(self, **request: str) -> Iterator[dict[str, Any]]:
        """Yield each answer to a request: a preview if any, then the outcome; nothing without a child process."""
        process = self._process
        if process is None or process.stdin is None:
            return
        try:
            process.stdin.write(json.dumps(request) + "\n")
            process.stdin.flush()
        except OSError:
            return
        while (answer := self._read()) is not None:
            yield answer
            if "preview" not in answer:
                return

    def _read(self) -> dict[str, Any] | None:
        line = self._process.stdout.readline() if self._process and self._process.stdout else ""
        try:
            answer: dict[str, Any] = json_value(line)
        except ValueError:
            self._process = None
            return None
        return answer

    def close(self) -> None:
        """End the child process."""
        if self._process is not None and self._process.stdin is not None:
            with contextlib.suppress(OSError):
                self._process.stdin.close()
            self._process.wait()


@dataclass(frozen=True, slots=True)
class Receiver:
    """The program that loads new builds."""

    program: str
    confs: tuple[str, ...]


def target_of(tree: Tree, conf: str | None) -> Receiver:
    """Find the installed program and the configurations of programs that may be running.

    For a source tree it is the program of ``make run`` when that exists, else the installed one. Modules outside of the
    source tree run in ``asterism run`` or in the installed program.
    """
    base = tree_facts.facts()
    if tree.kind is Kind.MODULES:
        confs = (str(tree / sandbox.PLACE / sandbox.CONF), _conf_of(base))
        return Receiver(base.program, (conf,) if conf else confs)
    root = tree / ROOT / "sbin/asterism"
    program = str(root) if root.exists() else base.program
    own = str(tree / ROOT / "etc/asterism/asterisk.conf") if root.exists() else _conf_of(base)
    return Receiver(program, (conf or own,))


def _conf_of(base: Facts) -> str:
    return os.path.join(base.directories["astetcdir"], "asterisk.conf")
