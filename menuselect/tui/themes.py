"""The colours of the menu; marks and words show everything that colours show."""

from __future__ import annotations

from textual.theme import BUILTIN_THEMES, Theme

from asterism.values import replace

_ANSI = BUILTIN_THEMES["ansi-dark"]

THEMES = (
    Theme(
        "dark",
        primary="#7aa2f7",
        secondary="#9ece6a",
        warning="#e0af68",
        error="#ff7a93",
        success="#9ece6a",
        accent="#e0af68",
        foreground="#d5d9e8",
        background="#16181f",
        surface="#1c1f29",
        panel="#262a37",
        variables={"cursor": "#2f3b63"},
    ),
    Theme(
        "light",
        primary="#1f4ea8",
        secondary="#2b6a1f",
        warning="#8a5300",
        error="#b0112f",
        success="#2b6a1f",
        accent="#8a5300",
        foreground="#1b1d24",
        background="#fbfbf8",
        surface="#f2f2ec",
        panel="#e4e4dc",
        dark=False,
        variables={"cursor": "#c9d8f4"},
    ),
    Theme(
        # Orange and blue on black differ for every kind of colour vision, with a contrast of 7:1 or more.
        "high-contrast",
        primary="#5cb8ff",
        secondary="#ffffff",
        warning="#ffb000",
        error="#ffb000",
        success="#5cb8ff",
        accent="#ffb000",
        foreground="#ffffff",
        background="#000000",
        surface="#000000",
        panel="#1a1a1a",
        text_alpha=1.0,
        variables={"cursor": "#00406e"},
    ),
    # The 16 colours of the terminal.  Many consoles show blue on black too dark to be read.
    replace(
        _ANSI,
        name="ansi",
        primary="ansi_cyan",
        variables={**_ANSI.variables, "cursor": "ansi_default", "scrollbar": "ansi_white"},
    ),
)
"""Every theme, in the order in which the menu steps through them."""
