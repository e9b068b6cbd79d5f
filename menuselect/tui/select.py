"""``asterism select``: the menu with its options."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from asterism.values import replace
from menuselect import tui
from menuselect.session.session import Session
from menuselect.tui import preferences
from menuselect.tui.keys import SETS, keys_file
from menuselect.tui.preferences import THEMES, Preferences

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def _parser() -> ArgumentParser:
    from argparse import ArgumentParser

    parser = ArgumentParser("asterism select", description="Select in a menu what is built.")
    parser.add_argument("directory", nargs="?", default=".", help="the source tree (default: here)")
    parser.add_argument("--plain", action="store_true", help="ask line by line, for screen readers")
    parser.add_argument("--web", action="store_true", help="serve the menu to a browser on this machine")
    parser.add_argument("--port", type=int, default=8000, help="the port of --web (default: %(default)s)")
    parser.add_argument("--no-mouse", action="store_true", help="leave the mouse to the terminal")
    parser.add_argument("--theme", choices=THEMES, help="the colour theme")
    parser.add_argument("--keymap", choices=sorted(SETS), help="the key set")
    parser.add_argument("--print-keys", action="store_true", help="print the key set, to start your own from, and exit")
    return parser


def main(words: Sequence[str]) -> int:
    """Run ``asterism select WORDS`` and return its exit status.

    Raises:
        AsterismError: the tree or the terminal is missing, or the preferences file is invalid.
    """
    options = _parser().parse_args(words)
    if options.print_keys:
        print(keys_file(options.keymap or "classic"), end="")
        return 0
    if options.web:
        from menuselect.tui.web import serve

        return serve(options.directory, options.port)
    liking = _as_asked(preferences.load(), options)
    return tui.start(Session.open(options.directory), plain=options.plain, liking=liking)


def _as_asked(liking: Preferences, options: Namespace) -> Preferences:
    """The preferences, overridden by the command line."""
    return replace(
        liking,
        theme=options.theme or liking.theme,
        keymap=SETS[options.keymap] if options.keymap else liking.keymap,
        mouse=liking.mouse and not options.no_mouse,
    )
