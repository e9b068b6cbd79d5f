"""The menu driven by Textual's Pilot: keys pressed, and the text of the screen that they lead to."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from textual import events
from textual.pilot import Pilot

from menuselect.session.session import Session
from menuselect.tui.app import MenuApp
from menuselect.tui.preferences import Preferences
from menuselect.tui.screens.menu_screen import MenuScreen

NAMED = {
    " ": "space",
    "~": "tilde",
    ":": "colon",
    "/": "slash",
    "_": "underscore",
    "-": "minus",
    "!": "exclamation_mark",
}

SCROLLBARS = dict.fromkeys(map(ord, "\u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588"), " ")
CHARACTERS = {name: char for char, name in NAMED.items()} | {"question_mark": "?"}


def keys(text: str) -> list[str]:
    """``enter 'curl' down`` as keys to press: words are keys, what is in quotes is typed."""
    pressed: list[str] = []
    for number, part in enumerate(text.split("'")):
        pressed += [NAMED.get(char, char) for char in part] if number % 2 else part.split()
    return pressed


async def press(app: MenuApp, pressed: Sequence[str]) -> None:
    """Press keys, all at once as a script would, and wait until they have been served."""
    served = app.served + len(pressed)
    for key in pressed:
        app.post_message(events.Key(key, CHARACTERS.get(key, key if len(key) == 1 else None)))
    while app.is_running and app.served < served:
        await asyncio.sleep(0.002)


async def settle(app: MenuApp, pilot: Pilot[str]) -> None:
    """Wait until everything is said and drawn."""
    await pilot.pause()  # the last key may have moved the focus, which is told to the screen by a message
    while app.is_running and any(isinstance(screen, MenuScreen) and screen.is_thinking for screen in app.screen_stack):
        await asyncio.sleep(0.002)
    await pilot.pause()


def text_of(app: MenuApp) -> str:
    """What is on the screen, without scrollbars and the blanks at the ends of lines."""
    strips = app.screen._compositor.render_strips()
    lines = [strip.text.translate(SCROLLBARS).rstrip() for strip in strips]
    return "\n".join(lines).rstrip("\n") + "\n"


async def drive(session: Session, pressed: Sequence[str], size: tuple[int, int], liking: Preferences) -> MenuApp:
    """Open the menu and press keys; the app as it then stands, with its text."""
    app = MenuApp(session, liking)
    async with app.run_test(size=size) as pilot:
        await press(app, pressed)
        await settle(app, pilot)
        app.text = text_of(app)  # type: ignore[attr-defined]
    return app


async def sit(session: Session, groups: Sequence[str], size: tuple[int, int], liking: Preferences) -> list[str]:
    """The text of the screen after each group of keys, in one sitting."""
    app = MenuApp(session, liking)
    texts = []
    async with app.run_test(size=size) as pilot:
        for group in groups:
            await press(app, keys(group))
            await settle(app, pilot)
            texts.append(text_of(app))
    return texts
