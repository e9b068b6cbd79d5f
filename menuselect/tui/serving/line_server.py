"""The lines of ``asterism select --serve``: requests on standard input, answers on standard output."""

from __future__ import annotations

import json
import sys
from typing import TextIO

from asterism.errors import Fault
from asterism.parsing import json_value
from menuselect.session.session import Session
from menuselect.tui.serving.protocol import MenuServer

LONGEST = 1_000_000
"""The characters of a request."""


def serve(session: Session, read: TextIO | None = None, write: TextIO | None = None) -> int:
    """Answer requests until ``quit`` or the end of input.

    Args:
        session: an open tree.
        read: where requests come from; standard input by default.
        write: where answers go; standard output by default.

    Returns:
        0 when the selection was saved, 255 when it was not; unsaved changes are kept for the next menu
        unless the client has sent ``quit``.
    """
    source, target = read or sys.stdin, write or sys.stdout
    server = MenuServer(session)
    _send(target, server.greeting())
    while server.status is None:
        line = source.readline(LONGEST + 1)
        if not line:
            server.end()
        elif line.strip():
            _send(target, _answer(server, line))
    return server.status


def _answer(server: MenuServer, line: str) -> dict[str, object]:
    try:
        if len(line) > LONGEST:
            raise ValueError(f"it is longer than {LONGEST} characters")
        request = json_value(line)
    except ValueError as error:
        fault = Fault("the request is not JSON", why=str(error), cure="write one JSON table a line", code="not-json")
        return {"id": None, "ok": False, "faults": [fault.as_json()]}
    return server.answer(request)


def _send(target: TextIO, answer: dict[str, object]) -> None:
    target.write(f"{json.dumps(answer, separators=(',', ':'))}\n")
    target.flush()
