"""The manager protocol as text: what clients send, in pieces of any size, and what they are sent."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runtime.core.event_classes import ALL, CLASSES, event_mask, mask_of, names_of, rights_of
from runtime.core.events import Event, Hub
from runtime.core.manager_message import (
    LONGEST_LINE,
    MOST_HEADERS,
    TOO_LONG,
    TOO_MANY,
    ManagerMessage,
    Parser,
    body,
    encode,
    headers,
)
from runtime.manager.throttle import FORGIVEN, LONGEST, MOST_ADDRESSES, Throttle


def parsed(data: bytes) -> list[ManagerMessage]:
    return Parser().feed(data)


def test_a_message_ends_with_an_empty_line_whatever_the_line_ends() -> None:
    assert parsed(b"Action: Ping\r\nActionID: 1\r\n\r\nAction: Logoff\n\nAction: Lo") == [
        ManagerMessage(("Action: Ping", "ActionID: 1")),
        ManagerMessage(("Action: Logoff",)),
    ]


def test_names_of_headers_are_found_in_any_case_and_the_first_counts() -> None:
    (message,) = parsed(b"action:\r\nACTION: ping\r\nVariable:a=1\r\nVariable:  b=2\r\n\r\n")
    assert (message.get("Action"), message.action) == ("", "ping")
    assert list(message.values("variable")) == ["a=1", "b=2"]
    assert message.get("Vari") == ""


def test_a_line_that_is_too_long_spoils_its_own_message_alone() -> None:
    long = b"x" * (LONGEST_LINE + 1)
    assert parsed(b"A: 1\r\n" + long + b"\r\nB: 2\r\n\r\nC: 3\r\n\r\n") == [
        ManagerMessage(("A: 1", "B: 2"), TOO_LONG),
        ManagerMessage(("C: 3",)),
    ]
    fits = b"x" * LONGEST_LINE
    assert parsed(fits + b"\r\n\r\n") == [ManagerMessage((fits.decode(),))]


def test_too_many_headers_spoil_their_own_message_alone() -> None:
    (first, second) = parsed(b"A: 1\n" * (MOST_HEADERS + 1) + b"\n" + b"A: 1\n" * MOST_HEADERS + b"\n")
    assert first == ManagerMessage(("A: 1",) * MOST_HEADERS, TOO_MANY)
    assert second == ManagerMessage(("A: 1",) * MOST_HEADERS)


def test_what_is_not_utf8_comes_back_as_it_was() -> None:
    (message,) = parsed(b"Action: \xff\xfe\r\n\r\n")
    assert message.action.encode("utf-8", "surrogateescape") == b"\xff\xfe"


def test_a_lone_return_in_a_line_is_a_blank_and_begins_no_other_header() -> None:
    assert parsed(b"A: 1\rB: 2\0\r\r\n\r\n") == [ManagerMessage(("A: 1 B: 2  ",))]


_PIECES = st.lists(
    st.one_of(
        st.binary(max_size=40),
        st.sampled_from(
            [b"\r\n", b"\n", b"\r", b"Action: Ping\r\n", b"\r\n\r\n", b"x" * LONGEST_LINE, b"A: b\n" * 130]
        ),
    ),
    max_size=12,
)


@settings(deadline=None)
@given(_PIECES, st.lists(st.integers(0, 9000), max_size=6))
def test_any_bytes_split_anywhere_give_the_same_messages(pieces: list[bytes], cuts: list[int]) -> None:
    data = b"".join(pieces)
    parser = Parser()
    edges = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    found = [message for start, end in itertools.pairwise(edges) for message in parser.feed(data[start:end])]
    assert found == parsed(data)
    assert all(len(message.lines) <= MOST_HEADERS for message in found)


@given(st.lists(st.tuples(st.sampled_from(["A", "Some-Name"]), st.text(max_size=30)), max_size=5))
def test_a_value_never_forges_another_header(fields: list[tuple[str, str]]) -> None:
    written = headers(fields)
    assert written.count("\r\n") == len(fields)
    assert written.count("\n") == len(fields)


def test_half_of_a_character_is_escaped_on_its_way_out() -> None:
    assert encode("A: \ud800\udce9\r\n") == b"A: \\ud800\xe9\r\n"


def test_a_lone_return_in_headers_written_as_text_begins_no_header() -> None:
    assert body("A: 1\rEvent: Forged\r\n") == "A: 1\rEvent: Forged\r\n"


def test_an_event_holds_no_control_characters_but_its_line_ends() -> None:
    told: list[Event] = []
    hub = Hub()
    hub.listen(told.append)
    evil = "x\x1b]0;y\x07\r\nEvent: Forged\x9b"
    hub.publish("New\r\nA: b", 1, [("Caller\r\nB", evil)], text="C: d\re\x00\r\n\r\nE: f\n")
    assert told[0].text == (
        "Event: New A: b\r\nPrivilege: system,all\r\nCaller B: x\\x1b]0;y\\x07 Event: Forged\\x9b\r\n"
        "C: d\\x0de\\x00\r\nE: f\r\n\r\n"
    )


def test_headers_written_as_text_get_the_right_line_ends_and_no_empty_lines() -> None:
    assert body("A: 1\nB: 2\r\n\r\n\r\nC: 3") == "A: 1\r\nB: 2\r\nC: 3\r\n"


@pytest.mark.parametrize(
    ("text", "mask"),
    [
        ("on", ALL),
        ("off", 0),
        ("0", 0),
        ("system,user", CLASSES["system"] | CLASSES["user"]),
        (" System , none", CLASSES["system"]),
        ("3", 3),
        ("", None),
        ("sytem", 0),
        ("²", 0),
    ],
)
def test_an_event_mask_is_a_switch_a_number_or_classes(text: str, mask: int | None) -> None:
    assert event_mask(text) == mask


def test_classes_have_the_bits_that_modules_are_compiled_with() -> None:
    assert {name: CLASSES[name] for name in ("system", "user", "agi", "cc", "security", "message")} == {
        "system": 1,
        "user": 1 << 6,
        "agi": 1 << 13,
        "cc": 1 << 15,
        "security": 1 << 18,
        "message": 1 << 30,
    }


def test_all_stands_behind_the_classes_of_an_event_and_only_in_an_account_that_has_all() -> None:
    mask = mask_of("command,system,x")[0]
    assert (names_of(mask), rights_of(mask)) == ("system,command,all", "system,command")
    everything = ",".join([*CLASSES, "all"])
    assert (names_of(ALL), rights_of(ALL)) == (everything, everything)
    assert (names_of(0), rights_of(0)) == ("<none>", "<none>")


def test_from_the_sixth_on_each_failure_from_an_address_waits_longer_up_to_a_limit() -> None:
    throttle = Throttle()
    assert [throttle.failed("a", 0.0) for _ in range(10)] == [*[1.0] * FORGIVEN, 2.0, 4.0, 8.0, LONGEST, LONGEST]
    assert throttle.failed("b", 0.0) == 1.0
    throttle.succeeded("a")
    assert throttle.failed("a", 0.0) == 1.0
    assert throttle.failed("a", 100.0) == 1.0


def test_no_more_addresses_are_remembered_than_there_is_room_for() -> None:
    throttle = Throttle()
    throttle.failed("first", 0.0)
    for number in range(MOST_ADDRESSES):
        throttle.failed(str(number), 0.0)
    assert throttle.failed("first", 0.0) == 1.0
