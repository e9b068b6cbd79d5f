"""Hints of a dialplan, and the states that modules give them."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from runtime.conf import conf_file
from runtime.core.states import Presence, States
from runtime.dialplan import hints
from runtime.dialplan.extensions_conf import read
from runtime.dialplan.hints import Hint


class Told(States):
    """States that a test says by device, and presences by provider."""

    def __init__(self, presences: Mapping[str, str] | None = None, **states: tuple[int, str]) -> None:
        self.presences, self.states = presences or {}, states

    def extension(self, devices: str) -> tuple[int, str]:
        return self.states.get(devices, super().extension(devices))

    def presence(self, provider: str) -> Presence:
        return Presence(self.presences.get(provider, "invalid"))


def test_hints_are_listed_in_the_order_of_the_dialplan_without_patterns() -> None:
    plan = read(
        conf_file.loads(
            "[inside]\nexten => 100,hint,Lamp:a&Lamp:b,Person:me\nexten => 100,1,NoOp()\n"
            "exten => _2XX,hint,Lamp:${EXTEN}\n[outside]\nexten => 7,hint,Lamp:c\nexten => 8,1,NoOp()\n"
        )
    ).dialplan
    assert list(hints.hints(plan)) == [
        Hint("inside", "100", "Lamp:a&Lamp:b,Person:me"),
        Hint("outside", "7", "Lamp:c"),
    ]
    assert [hint.name for hint in hints.hints(plan)] == ["100@inside", "7@outside"]


def test_the_state_of_a_hint_is_that_of_its_devices() -> None:
    assert hints.state(Told(Lamp=(9, "InUse&Ringing")), "Lamp,Person:me") == (9, "InUse&Ringing")


def test_without_modules_a_hint_is_unavailable_and_its_presence_invalid() -> None:
    assert hints.state(States(), "SIP/100") == (4, "Unavailable")
    assert hints.presence(States(), "SIP/100,Person:me") == "invalid"


@pytest.mark.parametrize(("text", "expected"), [("Lamp:a", "not_set"), ("Lamp:a,me", "away"), (",me", "away")])
def test_the_presence_of_a_hint_is_that_of_its_provider(text: str, expected: str) -> None:
    assert hints.presence(Told({"me": "away"}), text) == expected
