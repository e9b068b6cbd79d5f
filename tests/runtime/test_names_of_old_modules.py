"""Names that modules for 1.1 import, as its page for authors named them."""

from __future__ import annotations

from runtime import channel, commands
from runtime.api import channel as channel_now
from runtime.api import cli


def test_names_for_commands_are_those_of_today() -> None:
    names = ("Call", "SHOWUSAGE", "failure")
    assert [getattr(commands, name) for name in names] == [getattr(cli, name) for name in names]


def test_a_channel_is_that_of_today() -> None:
    assert channel.Channel is channel_now.Channel
