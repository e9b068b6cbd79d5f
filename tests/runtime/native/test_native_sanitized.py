"""The C core under the address and undefined-behaviour sanitizers, driven by a table that C fills."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from native_support import Ask

from runtime.api.pbx import split_arguments


def texts(answer: str) -> list[bytes]:
    return [bytes.fromhex(word[1:]) for word in answer.split(" ") if word.startswith(".")]


TEXT = st.text(alphabet='ab,()[]"\\ ;é', max_size=24)


@settings(deadline=None, max_examples=300)
@given(TEXT)
def test_arguments_are_split_in_c_as_they_are_in_python(ask: Ask, text: str):
    assert texts(ask("arguments", text.encode())) == [part.encode() for part in split_arguments(text)]


@settings(deadline=None, max_examples=100)
@given(TEXT)
def test_raw_arguments_joined_again_are_the_text(ask: Ask, text: str):
    assert b",".join(texts(ask("raw-arguments", text.encode()))) == text.encode()


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (b"", []),
        (b"a", [b"a"]),
        (b"a,", [b"a", b""]),
        (b'a,b,c "d",e', [b"a", b"b", b'c "d",e']),
    ],
)
def test_the_last_place_takes_the_rest_as_it_is(ask: Ask, text: bytes, parts: list[bytes]):
    assert texts(ask("few-arguments", text)) == parts


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        (b"", (0, 0, b"", b"")),
        (b"a", (0, 1, b"", b"")),
        (b"ab(x)c(y(z))", (0, 7, b"x", b"y(z)")),
        (b'c("a)\\"b")', (0, 4, b"", b'a)"b')),
        (b"c(a\\)b)", (0, 4, b"", b"a)b")),
        (b"bz", (0, 2, b"", b"")),
        (b"c(open", (-1, 0, b"", b"")),
    ],
)
def test_options_are_read_with_their_arguments(ask: Ask, text: bytes, answer: tuple[int, int, bytes, bytes]):
    told = ask("options", text)
    result, flags = told.split()[:2]
    assert (int(result), int(flags), *texts(told)) == answer


TEXT_REQUESTS = (
    *("arguments", "raw-arguments", "few-arguments", "options", "encode", "separate"),
    *("grow-string", "change-text", "numbers", "variables"),
)
"""Requests of the driver that take any text."""


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=40).filter(lambda data: b"\0" not in data))
def test_no_text_hurts(ask: Ask, data: bytes):
    for request in TEXT_REQUESTS:
        assert ask(request, data) is not None


@settings(deadline=None, max_examples=100)
@given(TEXT)
def test_a_string_grows_to_what_it_needs_or_may(ask: Ask, text: str):
    data = text.encode()
    free, bound, fixed = texts(ask("grow-string", data))
    assert (free, bound, len(fixed) <= 3) == (data * 5, (data * 5)[:19], True)


@pytest.mark.parametrize(
    ("text", "answer"),
    [(b"%n", "-1 0"), (b"%%%hhn", "-1 0"), (b"%", "-1 0"), (b"plain %%", "7 1")],
)
def test_formats_that_write_memory_are_refused(ask: Ask, text: bytes, answer: str):
    assert ask("refuse-format", text) == answer


WORD = st.text(alphabet="abé(*", min_size=1, max_size=6)


@settings(deadline=None, max_examples=100)
@given(st.lists(st.tuples(WORD, WORD), max_size=6))
def test_a_list_of_variables_read_and_joined_again_is_the_text(ask: Ask, pairs: list[tuple[str, str]]):
    text = ",".join(f"{name}={value}" for name, value in pairs).encode()
    assert texts(ask("variables", text)) == [text]


def test_references_hold_under_threads_and_one_too_many_is_told(ask: Ask):
    assert ask("module-threads", b"res_x") == "0 1"


def test_locks_are_recursive_and_a_wrong_unlock_is_told(ask: Ask):
    assert ask("locks", b"=1 ") == "1 1 b=1 c=1 "


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        (b"12", "0 12 0 12"),
        (b"-3", "0 -3 -1 7"),
        (b"99999999999", "0 99999999999 -1 7"),
        (b"99999999999999999999", "-1 7 -1 7"),
        (b"1x", "-1 7 -1 7"),
        (b"", "-1 7 -1 7"),
    ],
)
def test_numbers_are_read_strictly(ask: Ask, text: bytes, answer: str):
    assert ask("numbers", text) == answer


def test_a_module_changes_the_variables_of_a_channel_in_place(ask: Ask):
    assert ask("channel-variables", b"v") == "X=v _X=hides X=(none) [Y][v]"


@settings(deadline=None, max_examples=60)
@given(TEXT)
def test_a_field_is_read_as_it_was_set_and_stays_readable_while_it_is_set_again(ask: Ask, text: str):
    digits = text.encode().hex()
    # The same text keeps its address; a text that does not fit is only measured; the channel is whole until its end.
    assert ask("channel-fields", text.encode()) == f".{digits} 1 .{digits} 2 . 1 # 1 -1 14"


def test_what_is_not_a_channel_or_gone_gives_failure_values_and_one_message_a_call(ask: Ask):
    said = "'' 0 1 0 -1 -1 1 1 1, 14 logged; "
    assert ask("channel-mistakes", b"text") == said * 3


def test_a_channel_that_hangs_up_inside_a_call(ask: Ask):
    assert ask("channel-hangups", b"text") == "100 -1 1 1 1 -1 1 1"


def test_eight_threads_read_and_set_one_channel(ask: Ask, raced: Ask):
    assert (ask("channel-threads", b""), raced("channel-threads", b"")) == ("0 ffff", "0 ffff")


def test_hooks_and_generators_end_inside_of_their_own_callbacks(ask: Ask, raced: Ask):
    assert (ask("channel-hooks", b"x"), raced("channel-hooks", b"x")) == ("1 1 1 1 11", "1 1 1 1 11")
