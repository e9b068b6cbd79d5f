"""Hints of a dialplan, and the states that modules give them."""

from __future__ import annotations

import pytest

from runtime.conf import conf_file
from runtime.core.states import DEVICE_STATES, Presence, States
from runtime.dialplan import hints
from runtime.dialplan.extensions_conf import read
from runtime.dialplan.hints import Hint


class Told(States):
    """States that a test says, by device and by provider."""

    def __init__(self, **said: str) -> None:
        self.said = said

    def device(self, devices: str) -> str:
        return self.said.get(devices, "INVALID")

    def presence(self, provider: str) -> Presence:
        return Presence(self.said.get(provider, "invalid"))


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


@pytest.mark.parametrize(
    ("device", "expected"),
    [
        ("UNKNOWN", (0, "Idle")),
        ("NOT_INUSE", (0, "Idle")),
        ("INUSE", (1, "InUse")),
        ("BUSY", (2, "Busy")),
        ("INVALID", (4, "Unavailable")),
        ("UNAVAILABLE", (4, "Unavailable")),
        ("RINGING", (8, "Ringing")),
        ("RINGINUSE", (9, "InUse&Ringing")),
        ("ONHOLD", (16, "Hold")),
    ],
)
def test_the_state_of_a_hint_follows_its_devices(device: str, expected: tuple[int, str]) -> None:
    assert device in DEVICE_STATES
    assert hints.state(Told(Lamp=device), "Lamp,Person:me") == expected


def test_without_modules_a_hint_is_unavailable_and_its_presence_invalid() -> None:
    assert hints.state(States(), "SIP/100") == (4, "Unavailable")
    assert hints.presence(States(), "SIP/100,Person:me") == "invalid"


@pytest.mark.parametrize(("text", "expected"), [("Lamp:a", "not_set"), ("Lamp:a,me", "away"), (",me", "away")])
def test_the_presence_of_a_hint_is_that_of_its_provider(text: str, expected: str) -> None:
    assert hints.presence(Told(me="away"), text) == expected
