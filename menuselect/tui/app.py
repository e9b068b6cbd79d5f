"""The menu as a program: one screen, its colours and keys."""

from __future__ import annotations

import gc
import os
from typing import ClassVar

from rich.segment import Segment
from textual.binding import BindingType
from textual.color import Color
from textual.filter import LineFilter
from textual.screen import Screen

from menuselect.session.session import Session
from menuselect.tui.key_queue import InLine
from menuselect.tui.keys import bindings
from menuselect.tui.layout.characters import ascii_text
from menuselect.tui.layout.panes import HEIGHTS, WIDTHS
from menuselect.tui.preferences import Preferences
from menuselect.tui.screens.menu_screen import MenuScreen
from menuselect.tui.signals import attend, stop_group
from menuselect.tui.themes import THEMES
from menuselect.tui.undo import Steps
from menuselect.tui.unsaved import Unsaved

_MOUSE = (1000, 1003, 1015, 1006)
"""The terminal modes that report the mouse."""


class Ascii(LineFilter):
    """Shows ASCII only, of whatever a line holds: texts, borders and scrollbars."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002
        """The line in ASCII."""
        return [Segment(ascii_text(text), style, control) for text, style, control in segments]


class MenuApp(InLine[str]):
    """The menu of a session; returns the sentence of the save, or None when it was left without saving."""

    CSS_PATH = "menuselect.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("app")]
    AUTO_FOCUS = None
    HORIZONTAL_BREAKPOINTS = WIDTHS
    VERTICAL_BREAKPOINTS = HEIGHTS
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, session: Session, liking: Preferences) -> None:
        # With NO_COLOR, Textual needs its filter for the terminal's own 16 colours.
        super().__init__(ansi_color=True if "NO_COLOR" in os.environ else None)
        self.steps = Steps(session)
        self.unsaved = Unsaved(self.steps)
        self.liking = liking
        self._mouse = True
        if liking.ascii:
            self._filters.append(Ascii())
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

    def action_palette(self) -> None:
        """List the actions, and carry out the one that is chosen."""
        from menuselect.tui.screens.palette_screen import Palette  # imported on demand

        if not isinstance(self.screen, MenuScreen):
            return
        menu = self.screen

        def chosen(name: str | None) -> None:
            if name:
                action = f"action_{name.replace('-', '_')}"
                getattr(self if hasattr(self, action) else menu, action)()

        self.push_screen(Palette(self.liking.keymap), chosen)

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
