"""What the applications of the core have in common: faults that are logged, and lengths of time."""

from __future__ import annotations

import re
from collections.abc import Callable

from asterism.errors import AsterismError, Fault
from asterism.light.patterns import pattern
from runtime.core.core import Core
from runtime.core.registry import Application
from runtime.model.emulated_channel import Channel

Execute = Callable[[Channel, str], int]
"""Runs on a channel with a text: 0 to go on, -1 to hang up, the code of a digit to go on at its extension."""


def builtin(core: Core, name: str, do: Execute, synopsis: str, syntax: str, description: str) -> Application:
    """An application of the core; a fault is logged, and ends the call."""

    def execute(channel: Channel | None, data: str) -> int:
        try:
            if channel is None:
                raise AsterismError(Fault(f"{name} needs a channel", code="no-channel"))
            return do(channel, data)
        except AsterismError as error:
            for fault in error.faults:
                core.logger.warning(f"{name}: {fault}")
            return -1

    return Application(name, execute, None, synopsis, syntax, "", description)


_UNITS = {"h": 3600.0, "m": 60.0, "s": 1.0, "": 1.0, "ms": 0.001}
_LENGTH = pattern(r"(\d{1,9}(?:\.\d*)?|\.\d+)(h|m|s|ms|)", re.ASCII | re.IGNORECASE)


def length_of_time(text: str) -> float:
    """Seconds of ``2``, ``0.5``, ``1h``, ``200ms`` (``ast_app_parse_timelen``); 0 of an empty text.

    Raises:
        AsterismError: the text is not a length of time.
    """
    bare = text.strip()
    found = _LENGTH.fullmatch(bare or "0")
    if found is None:
        raise AsterismError(
            Fault(f"'{bare}' is not a length of time", cure="write one such as 2, 0.5, 10m or 200ms", code="seconds")
        )
    return float(found[1]) * _UNITS[found[2].lower()]
