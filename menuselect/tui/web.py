"""The menu in a browser on this machine: the same program, shown by textual-serve."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Sequence

from asterism.errors import AsterismError, Fault
from menuselect.session import Session

HOST = "127.0.0.1"
"""Nobody but this machine can reach it."""


def serve(directory: str, port: int) -> int:
    """Serve the menu of a tree until Ctrl-C.

    Each page that is opened is a menu of its own, in a program of its own.

    Args:
        directory: the tree.
        port: where to listen on 127.0.0.1.

    Returns:
        0 when it was stopped.

    Raises:
        AsterismError: textual-serve is not there, or there is no tree.
    """
    Session.open(directory)  # what is wrong with the tree is better said here than in a browser
    try:
        from textual_serve.server import Server
    except ImportError as error:
        cure = "pip install 'asterism[web]'"
        raise AsterismError(Fault("textual-serve is not installed", cure=cure, code="no-web")) from error
    # textual-serve hands the command to a shell; every word is quoted for it.
    command = shlex.join([sys.executable, "-m", "menuselect.tui.web", os.path.abspath(directory)])
    Server(command, host=HOST, port=port, title="Asterism").serve()
    return 0


def main(words: Sequence[str]) -> int:
    """One menu for one page; the screen goes where textual-serve says."""
    from menuselect.tui.app import run

    return run(Session.open(words[0]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
