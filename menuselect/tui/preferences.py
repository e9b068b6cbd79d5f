"""The preferences of the user: keys, colours and mouse, read from a file before the screen opens."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from asterism import files
from asterism.errors import AsterismError, Collector, Fault, Place
from asterism.names import did_you_mean
from asterism.values import dataclass, field, replace
from asterism.words import either
from menuselect.model import toml_places
from menuselect.tui.keys import SETS, Keymap, keymap_from
from menuselect.tui.layout.characters import CONSOLES, is_ascii

THEMES = ("dark", "light", "high-contrast", "ansi")
"""The names of the themes; ``ansi`` uses the 16 of the terminal."""

_SETTINGS = ("keymap", "theme", "mouse", "ascii", "keys")


@dataclass(frozen=True, slots=True)
class Preferences:
    """Keys, colours and mouse."""

    keymap: Keymap = field(default_factory=lambda: dict(SETS["classic"]))
    theme: str = "dark"
    mouse: bool = True
    ascii: bool = False
    """Whether the terminal shows ASCII only."""


def path(environ: Mapping[str, str] = os.environ) -> Path:
    """The path of the file: ``MENUSELECT_PREFERENCES``, or ``asterism/menu.toml`` among the XDG configuration."""
    if named := environ.get("MENUSELECT_PREFERENCES"):
        return Path(named)
    base = environ.get("XDG_CONFIG_HOME") or Path(environ.get("HOME", "~")).expanduser() / ".config"
    return Path(base) / "asterism" / "menu.toml"


def default_theme(environ: Mapping[str, str]) -> str:
    """The default theme for a terminal: ``ansi`` for a terminal with 16 colours."""
    few = environ.get("TERM", "").startswith(CONSOLES) and not environ.get("COLORTERM")
    return "ansi" if few else "dark"


def load(environ: Mapping[str, str] = os.environ) -> Preferences:
    """Read the preferences of the user; the defaults without a file.

    Raises:
        AsterismError: the file cannot be read, is not valid TOML, or has unknown settings; with all faults.
    """
    file = path(environ)
    preferences = Preferences(theme=default_theme(environ), ascii=is_ascii(environ))
    if os.path.exists(file):  # does not raise if a parent directory is not accessible
        preferences = loads(files.read_text(file), str(file), preferences)
    return replace(preferences, theme="ansi") if "NO_COLOR" in environ else preferences


def loads(text: str, file: str, start: Preferences) -> Preferences:
    """Parse the text of a preferences file, on top of other preferences.

    Args:
        text: TOML with ``keymap``, ``theme``, ``mouse``, ``ascii`` and a table ``keys``.
        file: the name of the file, for the faults.
        start: the preferences for settings that the file does not have.

    Raises:
        AsterismError: as :func:`load`.
    """
    data = toml_places.parse(text, file, "not-toml")
    faults = Collector()
    for name in sorted(set(data) - set(_SETTINGS)):
        cure = did_you_mean(name, _SETTINGS) or "use keymap, theme, mouse, ascii or [keys]"
        faults.add(Fault(f"unknown setting '{name}'", Place(file), cure=cure, code="unknown-setting"))
    theme = data.get("theme", start.theme)
    if theme not in THEMES:
        faults.add(Fault(f"unknown theme '{theme}'", Place(file), cure=f"use {either(THEMES)}", code="bad-theme"))
    switches = {name: data.get(name, getattr(start, name)) for name in ("mouse", "ascii")}
    for name, value in switches.items():
        if not isinstance(value, bool):
            what, cure = f"'{name}' is neither true nor false", f"write {name} = true"
            faults.add(Fault(what, Place(file), cure=cure, code=f"bad-{name}"))
    keymap = start.keymap
    try:
        keymap = _keymap(data, file, start.keymap)
    except AsterismError as error:
        faults.extend(error.faults)
    faults.check()
    return replace(start, keymap=keymap, theme=theme, **switches)


def _keymap(data: Mapping[str, object], file: str, start: Keymap) -> Keymap:
    changes = data.get("keys", {})
    if not isinstance(changes, dict):
        raise AsterismError(Fault("'keys' is not a table", Place(file), cure="begin it with [keys]", code="bad-keys"))
    if "keymap" not in data and not changes:
        return start
    return keymap_from(str(data.get("keymap", "classic")), changes, file)
