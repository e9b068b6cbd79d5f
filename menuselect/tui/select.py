"""``asterism select``: the menu with its options."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from asterism.values import replace
from menuselect import tui
from menuselect.cli import opening
from menuselect.tui import preferences
from menuselect.tui.keys import SETS, keys_file
from menuselect.tui.preferences import THEMES, Preferences

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def parser() -> ArgumentParser:
    """The options of ``asterism select``."""
    from argparse import ArgumentParser

    made = ArgumentParser("asterism select", description="Select in a menu what is built.")
    made.add_argument("directory", nargs="?", default=".", help="the source tree (default: here)")
    made.add_argument("--plain", action="store_true", help="ask line by line, for screen readers")
    made.add_argument("--web", action="store_true", help="serve the menu to a browser on this machine")
    made.add_argument("--serve", action="store_true", help="speak JSON over standard input and output, for editors")
    made.add_argument("--port", type=int, default=8000, help="the port of --web (default: %(default)s)")
    made.add_argument("--no-mouse", action="store_true", help="leave the mouse to the terminal")
    made.add_argument("--ascii", action="store_true", help="show ASCII only, whatever the locale says")
    made.add_argument("--theme", choices=THEMES, help="the colour theme")
    made.add_argument("--keymap", choices=sorted(SETS), help="the key set")
    made.add_argument("--print-keys", action="store_true", help="print the key set, to start your own from, and exit")
    return made


def main(words: Sequence[str]) -> int:
    """Run ``asterism select WORDS`` and return its exit status.

    Raises:
        AsterismError: the tree or the terminal is missing, or the preferences file is invalid.
    """
    options = parser().parse_args(words)
    if options.print_keys:
        print(keys_file(options.keymap or "classic"), end="")
        return 0
    if options.web:
        from menuselect.tui.web import serve

        return serve(options.directory, options.port)
    if options.serve:
        from menuselect.tui.serving.line_server import serve as serve_lines

        return serve_lines(opening.for_menu(options.directory))
    liking = _as_asked(preferences.load(), options)
    return tui.start(opening.for_menu(options.directory), plain=options.plain, liking=liking)


def _as_asked(liking: Preferences, options: Namespace) -> Preferences:
    """The preferences, overridden by the command line."""
    return replace(
        liking,
        theme=options.theme or liking.theme,
        keymap=SETS[options.keymap] if options.keymap else liking.keymap,
        mouse=liking.mouse and not options.no_mouse,
        ascii=liking.ascii or options.ascii,
    )
