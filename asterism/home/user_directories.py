"""The user's directories by the XDG base directory specification, with those of an installation by pip in them."""

from __future__ import annotations

import os

from asterism import __version__

_XDG = {
    "XDG_CACHE_HOME": ".cache",
    "XDG_CONFIG_HOME": ".config",
    "XDG_DATA_HOME": ".local/share",
    "XDG_STATE_HOME": ".local/state",
}
"""Variables of the XDG base directory specification, and their default paths below HOME."""


def base(variable: str) -> str:
    """A base directory of the user, such as ``~/.cache``; a relative path in the variable is ignored."""
    named = os.environ.get(variable, "")
    place = named if os.path.isabs(named) else os.path.join(os.path.expanduser("~"), _XDG[variable])
    return os.path.normpath(place)


def directory(variable: str) -> str:
    """Asterism's directory in a base directory of the user, such as ``~/.cache/asterism``."""
    return os.path.join(base(variable), "asterism")


def prefix() -> str:
    """The prefix of the user's tree of an installation by pip; each version has its own."""
    return os.path.join(directory("XDG_DATA_HOME"), __version__)
