"""Every action of the menu with its keys: one table, for the bindings, the help, the palette and the keys file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from asterism.errors import Collector, Fault, Place
from asterism.names import did_you_mean
from asterism.values import dataclass
from asterism.words import either

if TYPE_CHECKING:
    from textual.binding import Binding

Where = Literal["app", "menu", "rows", "categories", "members", "filter", "about"]
"""The place where the keys of an action work: every screen, the main screen, both lists, or a list or box."""

Keymap = dict[str, str]
"""Names of actions and their keys, separated by commas, in Textual's spelling (``ctrl+r``, ``f7``, ``slash``)."""


@dataclass(frozen=True, slots=True)
class MenuAction:
    """An action of the menu, and its keys."""

    name: str
    """The name in the keys file; also the Textual action, with ``_`` for ``-``."""
    where: Where
    summary: str
    """A short sentence without a full stop, for the help and the palette."""
    classic: str
    """The keys in the classic set, as in the original."""
    vim: str = ""
    """The keys in the vim set, if they differ."""
    hint: str = ""
    """A word for the line of keys at the bottom of the screen; empty to leave the action out."""
    always: bool = False
    """Whether the keys work even while a box has the focus."""


ACTIONS: tuple[MenuAction, ...] = (
    MenuAction("up", "rows", "Go up", "up", "up,k"),
    MenuAction("down", "rows", "Go down", "down", "down,j"),
    MenuAction("page-up", "rows", "Go up by a screenful", "pageup", "pageup,ctrl+b,ctrl+u"),
    MenuAction("page-down", "rows", "Go down by a screenful", "pagedown", "pagedown,ctrl+f,ctrl+d"),
    MenuAction("first", "rows", "Go to the first line", "home", "home,g"),
    MenuAction("last", "rows", "Go to the last line", "end", "end,G"),
    MenuAction("open", "categories", "Open the category", "enter,space,right", "enter,space,right,l", "open"),
    MenuAction("choose", "members", "Turn the member on or off; with a filter, go to it", "enter", hint="toggle"),
    MenuAction("turn", "members", "Turn the member on or off, in place", "space,right", "space"),
    MenuAction("on", "members", "Turn the member on", "y,Y", hint="on"),
    MenuAction("off", "members", "Turn the member off", "n,N", hint="off"),
    MenuAction("back", "members", "Go back to the categories", "left,escape", "left,h,escape", "back"),
    MenuAction("none", "menu", "Turn the whole category off", "f7", hint="none"),
    MenuAction("all", "menu", "Turn the whole category on", "f8", hint="all"),
    MenuAction(
        "filter", "menu", "Filter: type to narrow the list over all categories", "slash,ctrl+f", "slash", "filter"
    ),
    MenuAction("mark", "members", "Mark the member, to switch several at once; then go down", "v", hint="mark"),
    MenuAction("unmark", "members", "Remove all marks", "V"),
    MenuAction(
        "next-missing", "menu", "Go to the next member that cannot be on", "right_square_bracket", hint="next missing"
    ),
    MenuAction(
        "next-changed", "menu", "Go to the next member that was changed", "left_square_bracket", hint="next changed"
    ),
    MenuAction("undo", "menu", "Undo the last step", "u", "u", "undo"),
    MenuAction("redo", "menu", "Redo the step that was undone", "ctrl+r,U", "ctrl+r"),
    MenuAction("reset", "members", "Reset the member to the saved file", "r"),
    MenuAction("reset-category", "menu", "Reset the category to the saved file", "R"),
    MenuAction("reset-all", "menu", "Reset everything to the saved file", "f5"),
    MenuAction("defaults", "menu", "Reset everything to the defaults", "f6"),
    MenuAction("difference", "menu", "Show the difference to the saved file and to the defaults", "d", "d", "diff"),
    MenuAction("presets", "menu", "List, preview, apply or save presets", "p", "p", "presets"),
    MenuAction("open-file", "menu", "Open another saved selection, or compare with it", "o", hint="open file"),
    MenuAction("about", "menu", "Go to the explanation, to follow its names", "i,w", "i,w", "explanation"),
    MenuAction("needs", "menu", "Show what the member needs and what needs it, as a tree", "e", hint="needs"),
    MenuAction("follow", "about", "Go to the name under the cursor", "enter,space", "enter,space", "go there"),
    MenuAction("next-name", "about", "Go to the next name", "down,right", "down,right,j,l"),
    MenuAction("previous-name", "about", "Go to the previous name", "up,left", "up,left,k,h"),
    MenuAction("leave", "about", "Go back to the list", "escape", "escape", "list"),
    MenuAction("return", "menu", "Go back from a name that was followed", "backspace,b"),
    MenuAction("copy", "menu", "Copy the name and its explanation to the clipboard", "c"),
    MenuAction("copy-reason", "menu", "Copy why the member is on, off or unavailable, on one line", "C"),
    MenuAction("theme", "app", "Change the colours", "t"),
    MenuAction("mouse", "app", "Switch the mouse on or off, so that the terminal can select text", "m"),
    MenuAction("palette", "app", "List every action by its name", "ctrl+p,colon"),
    MenuAction("help", "menu", "Help, with a box to search it", "h,H,question_mark,f1", "question_mark,f1", "help"),
    MenuAction("suspend", "app", "Suspend the menu and return to the shell; fg resumes it", "ctrl+z"),
    MenuAction("quit", "menu", "Quit; asks first when changes are not saved", "q,Q", hint="quit"),
    MenuAction("interrupt", "menu", "Quit, from anywhere", "ctrl+c,ctrl+q", always=True),
    MenuAction("save", "menu", "Save and exit", "x,X", hint="save"),
    MenuAction("save-here", "categories", "Save and exit, as in the original's main menu", "s,S"),
    MenuAction("quit-here", "categories", "Quit, as in the original's main menu", "escape"),
    MenuAction("jump", "filter", "Go to the match in its category", "enter", hint="go there"),
    MenuAction(
        "matches", "filter", "Go to the matches: Space turns them on and off in place", "down,tab", hint="matches"
    ),
    MenuAction("clear", "filter", "Clear the filter", "escape", hint="clear"),
)

SETS: dict[str, Keymap] = {
    "classic": {action.name: action.classic for action in ACTIONS},
    "vim": {action.name: action.vim or action.classic for action in ACTIONS},
}
"""The key sets by name; a keys file starts from one of them."""

SPELLED = {
    "question_mark": "?",
    "slash": "/",
    "colon": ":",
    "right_square_bracket": "]",
    "left_square_bracket": "[",
    "space": "Space",
    "enter": "Enter",
    "escape": "Esc",
    "backspace": "Backspace",
    "tab": "Tab",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
    "up": "Up",
    "down": "Down",
    "left": "Left",
    "right": "Right",
}

TOGETHER: dict[Where, tuple[Where, ...]] = {
    "app": ("app", "menu", "rows", "categories", "members", "about"),
    "menu": ("menu", "app", "rows", "categories", "members", "about"),
    "rows": ("rows", "categories", "members", "menu", "app"),
    "categories": ("categories", "rows", "menu", "app"),
    "members": ("members", "rows", "menu", "app"),
    "about": ("about", "menu", "app"),
    "filter": ("filter",),
}
"""Which places share the keyboard: a key may mean one thing only among these."""


def spelled(key: str) -> str:
    """The display name of a key: ``ctrl+r`` is ``Ctrl+R``, ``question_mark`` is ``?``."""
    *held, last = key.strip().split("+")
    word = SPELLED.get(last, last.upper() if held or (last[:1] == "f" and last[1:].isdigit()) else last)
    return "+".join([*(name.capitalize() for name in held), word])


def keys_of(name: str, keymap: Keymap) -> list[str]:
    """The display names of the keys of an action; a letter in both cases is listed once."""
    keys = [key.strip() for key in keymap[name].split(",") if key.strip()]
    return [spelled(key) for key in keys if not (len(key) == 1 and key.isupper() and key.lower() in keys)]


def keymap_from(base: str, changes: Mapping[str, object], file: str) -> Keymap:
    """A key set with a file's changes.

    Args:
        base: the name of a set in :data:`SETS`.
        changes: names of actions and their new keys, as ``"k"`` or ``"k,up"`` or a list of keys; an empty one removes
            all keys.
        file: the name of the file, for the faults.

    Raises:
        AsterismError: sets or actions are unknown, values are not keys, or a key has two actions in one place; with
            all faults.
    """
    faults = Collector()
    if base not in SETS:
        faults.add(_fault(file, f"unknown key set '{base}'", f"use {either(SETS)}", "unknown-keymap"))
    keymap = dict(SETS.get(base, SETS["classic"]))
    for name, keys in changes.items():
        _change(keymap, name, keys, file, faults)
    faults.extend(_clashes(keymap, file))
    faults.check(status=1)
    return keymap


def _change(keymap: Keymap, name: str, keys: object, file: str, faults: Collector) -> None:
    words = keys if isinstance(keys, list) else [keys]
    if name not in keymap:
        cure = did_you_mean(name, keymap) or "'asterism select --print-keys' lists the actions"
        faults.add(_fault(file, f"unknown action '{name}'", cure, "unknown-action"))
    elif not all(isinstance(word, str) for word in words):
        faults.add(_fault(file, f"the keys of '{name}' are not a string", f'write {name} = "y" or a list', "bad-key"))
    else:
        keymap[name] = ",".join(str(word) for word in words)


def _clashes(keymap: Keymap, file: str) -> list[Fault]:
    """A fault for each key that has two actions in one place."""
    taken: dict[tuple[Where, str], MenuAction] = {}
    faults: dict[tuple[str, str, str], Fault] = {}
    for action in ACTIONS:
        for key in filter(None, (key.strip() for key in keymap[action.name].split(","))):
            others = [taken[place, key] for place in TOGETHER[action.where] if (place, key) in taken]
            for other in others:
                what = f"the key '{spelled(key)}' means both '{other.name}' and '{action.name}'"
                cure = "assign another key to one of them"
                faults.setdefault((key, other.name, action.name), _fault(file, what, cure, "key-clash"))
            taken[action.where, key] = action
    return list(faults.values())


def _fault(file: str, what: str, cure: str, code: str) -> Fault:
    return Fault(what=what, place=Place(file), cure=cure, code=code)


def keys_file(name: str = "classic") -> str:
    """A set as the text of a keys file, each action with its summary, as a start for a keys file."""
    lines = [f'keymap = "{name}"', "", "[keys]"]
    for action in ACTIONS:
        lines += [f"# {action.summary}", f'{action.name} = "{SETS[name][action.name]}"']
    return "\n".join(lines) + "\n"


def bindings(*places: Where, on_screen: bool = False) -> list[Binding]:
    """The key bindings of the actions in these places, with the classic keys; a keymap replaces them by name.

    Args:
        places: the places of the actions.
        on_screen: whether the screen carries out the actions, not the widget with the focus.
    """
    from textual.binding import Binding

    prefix = "screen." if on_screen else ""
    return [
        Binding(
            action.classic,
            f"{prefix}{action.name.replace('-', '_')}",
            action.summary,
            show=False,
            id=action.name,
            priority=action.always,
        )
        for action in ACTIONS
        if action.where in places
    ]
