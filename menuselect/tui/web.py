"""Serve the menu to a browser on this machine, with textual-serve."""

from __future__ import annotations

import os
import secrets
import shlex
import sys
from pathlib import Path

from asterism.errors import AsterismError, Fault
from asterism.values import replace
from menuselect.cli import opening

_ONE_MENU = "import sys; sys.path[:0] = [{root!r}]; from menuselect.tui.web import show; sys.exit(show({tree!r}))"


def serve(directory: str, port: int) -> int:
    """Serve the menu of a tree on 127.0.0.1 until Ctrl-C.

    Each page runs its own menu in its own process.  The printed address contains a key, because other users
    of the machine, and pages of other sites in the same browser, can reach the port, too.

    Args:
        directory: the tree.
        port: the port to listen on.

    Returns:
        0, after Ctrl-C.

    Raises:
        AsterismError: textual-serve is not installed, the tree is missing, or the port is taken.
    """
    opening.for_menu(directory)  # reports faults of the tree here, not in the browser
    try:
        from menuselect.tui.webserver import PrivateServer
    except ImportError as error:
        cure = "pip install 'asterism[web]'"
        raise AsterismError(Fault("textual-serve is not installed", cure=cure, code="no-web")) from error
    root = str(Path(__file__).parents[2])
    program = _ONE_MENU.format(root=root, tree=os.path.abspath(directory))
    try:
        # textual-serve runs its command in a shell, so every word is quoted.
        PrivateServer(shlex.join([sys.executable, "-P", "-c", program]), port, secrets.token_urlsafe(24)).serve()
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        cure = "choose another one with --port"
        raise AsterismError(Fault(f"cannot listen on port {port}", why=why, cure=cure, code="no-port")) from error
    return 0


def show(directory: str) -> int:
    """Run the menu of one page; textual-serve takes the output."""
    from menuselect.tui import on_screen, preferences

    # The page is Unicode, whatever the locale of the server is.
    return on_screen(opening.for_menu(directory), replace(preferences.load(), ascii=False))
