"""The menu in a browser on this machine: the same program, shown by textual-serve."""

from __future__ import annotations

import os
import secrets
import shlex
import sys
from pathlib import Path

from asterism.errors import AsterismError, Fault
from menuselect.session.session import Session

_ONE_MENU = "import sys; sys.path[:0] = [{root!r}]; from menuselect.tui.web import show; sys.exit(show({tree!r}))"


def serve(directory: str, port: int) -> int:
    """Serve the menu of a tree on 127.0.0.1 until Ctrl-C.

    Each page that is opened is a menu of its own, in a program of its own.  Only who knows the address
    that is printed gets in: other users of the machine can reach its ports too, and so can the pages
    of other sites in the same browser.

    Args:
        directory: the tree.
        port: where to listen.

    Returns:
        0 when it was stopped.

    Raises:
        AsterismError: textual-serve is not there, there is no tree, or the port is taken.
    """
    Session.open(directory)  # what is wrong with the tree is better said here than in a browser
    try:
        from menuselect.tui.webserver import PrivateServer
    except ImportError as error:
        cure = "pip install 'asterism[web]'"
        raise AsterismError(Fault("textual-serve is not installed", cure=cure, code="no-web")) from error
    root = str(Path(__file__).parents[2])
    program = _ONE_MENU.format(root=root, tree=os.path.abspath(directory))
    try:
        # textual-serve hands its command to a shell; every word is quoted for it.
        PrivateServer(shlex.join([sys.executable, "-P", "-c", program]), port, secrets.token_urlsafe(24)).serve()
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        cure = "choose another one with --port"
        raise AsterismError(Fault(f"cannot listen on port {port}", why=why, cure=cure, code="no-port")) from error
    return 0


def show(directory: str) -> int:
    """One menu for one page; the screen goes where textual-serve says."""
    from menuselect.tui import on_screen

    return on_screen(Session.open(directory))
