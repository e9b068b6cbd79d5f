"""Texts on their way to C and back: bounds, bytes that are no UTF-8, encodings."""

from __future__ import annotations

import base64
import urllib.parse

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runtime import api
from runtime.api.utils import decoded, encoded, quoted, unquoted
from runtime.modules.module_opening import Native

ANY = st.binary(max_size=40).map(lambda data: data.replace(b"\0", b"").decode("utf-8", "surrogateescape"))
QUICK = settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])


@QUICK
@given(text=ANY, size=st.integers(0, 50))
def test_a_text_is_cut_to_its_buffer_between_characters(native: Native, text: str, size: int):
    buffer = native.ffi.new("char[]", b"\xaa" * 60)
    data = api.encode(text)
    whole = api.put(buffer, size, text)
    assert bytes(native.ffi.buffer(buffer, 60))[max(size, 0) :] == (b"\xaa" * 60 + b"\0")[max(size, 0) : 60]
    if size:
        written = native.ffi.string(buffer)
        assert data.startswith(written)
        assert whole == (written == data) == (len(data) < size)
        text.encode("utf-8", "surrogateescape")
    if text.isprintable():
        (native.ffi.string(buffer) if size else b"").decode()


@QUICK
@given(text=ANY)
def test_any_bytes_go_to_c_and_back_unchanged(native: Native, text: str):
    assert api.text(native.ffi.new("char[]", api.encode(text))) == text


def test_a_text_ends_for_c_at_its_first_nul():
    assert api.encode("ab\0cd") == b"ab"


def test_a_string_given_away_stays_after_it_was_replaced(native: Native):
    pins = api.Pins(native.ffi)
    first = pins.hold("x", "one")
    assert pins.hold("x", "one") == first
    second = pins.hold("x", "two")
    assert (api.text(first), api.text(second)) == ("one", "two")


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=200), st.integers(0, 300), st.booleans())
def test_base64_is_whole_or_cut_between_groups(data: bytes, room: int, linebreaks: bool):
    made = encoded(data, room, linebreaks)
    joined = made.replace(b"\n", b"")
    assert len(made) <= room or room == 0
    assert len(joined) % 4 == 0
    assert data.startswith(base64.b64decode(joined))
    assert max(map(len, made.split(b"\n"))) <= (64 if linebreaks else 400)
    if room >= 300:
        assert base64.b64decode(joined) == data


@settings(deadline=None, max_examples=100)
@given(st.binary(max_size=60), st.binary(max_size=5))
def test_base64_is_read_up_to_what_is_none(data: bytes, rest: bytes):
    text = base64.b64encode(data)
    assert decoded(text + b"=" + rest) == data
    assert decoded(b"!" + text) == b""


@settings(deadline=None, max_examples=100)
@given(ANY)
def test_a_uri_is_read_back_as_it_was_written(text: str):
    for flags in (3, 7, 3 | 1 << 20):
        assert unquoted(quoted(text, flags), flags) == text
    assert urllib.parse.unquote_to_bytes(quoted(text, 3)) == api.encode(text)
