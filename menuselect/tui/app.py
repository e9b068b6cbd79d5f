"""The menu as a program: one screen, its colours and keys."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterable
from typing import ClassVar

from textual.app import SystemCommand
from textual.binding import BindingType
from textual.screen import Screen

from menuselect.session.session import Session
from menuselect.tui.key_queue import InLine
from menuselect.tui.keys import ACTIONS, bindings, keys_of
from menuselect.tui.preferences import Preferences
from menuselect.tui.screens.menu_screen import HEIGHTS, WIDTHS, MenuScreen
from menuselect.tui.signals import attend, stop_group
from menuselect.tui.themes import THEMES
from menuselect.tui.undo import Steps
from menuselect.tui.unsaved import Unsaved

_MOUSE = (1000, 1003, 1015, 1006)
"""The terminal modes that report the mouse."""


class MenuApp(InLine[str]):
    """The menu of a session; returns the sentence of the save, or None when it was left without saving."""

    CSS_PATH = "menuselect.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("app")]
    AUTO_FOCUS = None
    HORIZONTAL_BREAKPOINTS = WIDTHS
    VERTICAL_BREAKPOINTS = HEIGHTS
    COMMAND_PALETTE_BINDING = "f2"

    def __init__(self, session: Session, liking: Preferences) -> None:
        # With NO_COLOR, Textual needs its filter for the terminal's own 16 colours.
        super().__init__(ansi_color=True if "NO_COLOR" in os.environ else None)
        self.steps = Steps(session)
        self.unsaved = Unsaved(self.steps)
        self.liking = liking
        self._mouse = True
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = liking.theme
        self.stylesheet.set_variables(self.get_css_variables())
        self._is_parsed = True
        self.set_keymap(liking.keymap)

    def get_default_screen(self) -> Screen[None]:
        """The main screen, which is the lowest screen."""
        return MenuScreen(self.steps, self.liking.keymap)

    def refresh_css(self, animate: bool = True) -> None:
        """Parse the styles again after a change of the theme; skip the first time, when they are current (20 ms)."""
        if self._is_parsed:
            self._is_parsed = False
        else:
            super().refresh_css(animate)

    def on_mount(self) -> None:
        """Install the signal handlers, before the first paint."""
        attend(self, self.unsaved.keep)

    def on_ready(self) -> None:
        """Offer the kept selection; release the mouse if the user does not want it, since the driver has taken it."""
        if isinstance(self.screen, MenuScreen):
            self.screen.offer_unsaved(self.unsaved)
        if not gc.isenabled():
            gc.freeze()  # the current objects live until the end
            gc.enable()
        if not self.liking.mouse:
            self.action_mouse()

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The palette: every action of the main screen with its keys, and every theme."""
        for action in ACTIONS:
            if action.where in ("app", "menu", "members") and action.name != "palette":
                keys = ", ".join(keys_of(action.name, self.liking.keymap)) or "no key"
                owner = self if action.where == "app" else screen
                method = getattr(owner, f"action_{action.name.replace('-', '_')}")
                yield SystemCommand(action.summary, f"{action.name}: {keys}", method)

    def action_palette(self) -> None:
        """List the actions."""
        self.action_command_palette()

    def action_theme(self) -> None:
        """Switch to the next theme; no effect with NO_COLOR."""
        if self.no_color:
            return
        names = [theme.name for theme in THEMES]
        self.theme = names[(names.index(self.theme) + 1) % len(names)]

    def action_mouse(self) -> None:
        """Take or release the mouse, so that the terminal can select text."""
        self._mouse = not self._mouse
        if self._driver:
            self._driver.write("".join(f"\x1b[?{mode}{'h' if self._mouse else 'l'}" for mode in _MOUSE))
            self._driver.flush()

    def action_suspend(self) -> None:
        """Suspend the menu and return to the shell; ``fg`` resumes it."""
        if self._driver and self._driver.can_suspend:
            with self.suspend():
                stop_group()
