"""HASH, HASHKEYS, ClearHash, STRFTIME and STRPTIME."""

from __future__ import annotations

import datetime
import time
import zoneinfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from module_runtime import Runtime, failed, value

NO_CHANNEL = "WARNING HASHKEYS needs a channel: HASHKEYS(name)"


@pytest.fixture
def door(runtime: Runtime) -> str:
    """A hash with two keys."""
    runtime.execute("ClearHash", "door")
    for key, text in (("colour", "red"), ("size", "2,10 m")):
        assert runtime.write(f"HASH(door,{key})", text) == "0"
    return "door"


def test_values_are_found_under_their_keys(runtime: Runtime, door: str) -> None:
    read = [runtime.read(f"HASH({name})") for name in ("door,colour", "door,size", "door,weight", "window,colour")]
    assert read == [value("red"), value("2,10 m"), value(""), value("")]


def test_keys_are_listed_and_others_of_like_names_are_not(runtime: Runtime, door: str) -> None:
    runtime.write("HASH(doors,other)", "x")
    runtime.set("~HASH~door~", "no key")
    assert runtime.read("HASHKEYS(door)") == value("size,colour")
    assert runtime.read("HASHKEYS(window)") == value("")


def test_value_is_a_variable_that_the_original_names_alike(runtime: Runtime, door: str) -> None:
    assert runtime.get("~HASH~door~colour~") == "red"


def test_whole_hash_is_copied(runtime: Runtime) -> None:
    runtime.execute("ClearHash", "copy")
    runtime.execute("ClearHash", "small")
    runtime.write("HASH(small,a)", "1")
    runtime.write("HASH(small,b)", "2")
    assert runtime.read("HASH(small)") == value("2,1")
    assert runtime.write("HASH(copy)", "2,1") == "0"
    assert [runtime.read(f"HASH(copy,{key})") for key in "ab"] == [value("1"), value("2")]


def test_cleared_hash_has_no_keys(runtime: Runtime, door: str) -> None:
    assert runtime.execute("ClearHash", "door") == "0"
    assert runtime.read("HASHKEYS(door)") == value("")
    assert runtime.read("HASH(door,colour)") == value("")


def test_hash_without_a_channel_is_global(runtime: Runtime) -> None:
    assert runtime.write("HASH(shared,key)", "text", "nobody") == "0"
    assert runtime.read("HASH(shared,key)", "nobody") == value("text")


@pytest.mark.parametrize(
    ("expression", "who", "expected"),
    [
        ("HASHKEYS(door)", "nobody", failed("HASHKEYS", NO_CHANNEL)),
        ("HASHKEYS()", "somebody", failed("HASHKEYS", "WARNING HASHKEYS needs the name of a hash: HASHKEYS(name)")),
        ("HASH()", "somebody", failed("HASH", "WARNING HASH needs the name of a hash: HASH(name[,key])")),
        (
            "HASH(door)",
            "nobody",
            failed("HASH", "WARNING HASH needs a name and a key when used without a channel: HASH(name[,key])"),
        ),
    ],
)
def test_what_is_missing_is_told(runtime: Runtime, expression: str, who: str, expected: str) -> None:
    assert runtime.read(expression, who) == expected


def test_application_without_a_hash_says_what_it_needs(runtime: Runtime) -> None:
    said = "WARNING ClearHash needs the name of a hash: ClearHash(name)"
    assert runtime.execute("ClearHash", "") == f"0\n{said}"
    assert runtime.execute("ClearHash", "door", "nobody") == f"0\n{said}"


@settings(deadline=None, max_examples=40)
@given(st.dictionaries(st.text("ab~ ", min_size=1, max_size=3), st.text("xy,", max_size=3), max_size=4))
def test_hash_is_a_dictionary(runtime: Runtime, model: dict[str, str]) -> None:
    runtime.execute("ClearHash", "model")
    keys = [key for key in model if key == key.strip()]
    for key in keys:
        runtime.write(f"HASH(model,{key})", model[key])
    assert [runtime.read(f"HASH(model,{key})") for key in keys] == [value(model[key]) for key in keys]
    assert runtime.read("HASHKEYS(model)") == value(",".join(reversed(keys)))


# ---- moments


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("STRFTIME(0,UTC,%Y-%m-%d %H:%M:%S)", value("1970-01-01 00:00:00")),
        ("STRFTIME(1141219835,America/Chicago,%Y-%m-%d %H:%M:%S)", value("2006-03-01 07:30:35")),
        ("STRFTIME(1.25,UTC,%S.%3q)", value("01.250")),
        ("STRFTIME(1.25,UTC,%S.%1q)", value("01.2")),
        ("STRFTIME(4102444800,UTC,%Y)", value("2100")),
        ("STRFTIME(soon,UTC,%Y)", failed("STRFTIME", "WARNING STRFTIME: 'soon' is not a number of seconds since 1970")),
        ("STRFTIME(1.x,UTC,%Y)", failed("STRFTIME", "WARNING STRFTIME: '1.x' is not a number of seconds since 1970")),
        ("STRPTIME(2006-03-01 07:30:35,America/Chicago,%Y-%m-%d %H:%M:%S)", value("1141219835")),
        ("STRPTIME(2100-01-01,UTC,%Y-%m-%d)", value("4102444800")),
        (
            "STRPTIME(tomorrow,UTC,%Y-%m-%d)",
            value("", "WARNING STRPTIME: 'tomorrow' does not match the format '%Y-%m-%d'"),
        ),
        (
            "STRPTIME(2100-01-01)",
            failed("STRPTIME", "ERROR STRPTIME needs a text, a zone and a format: STRPTIME(text,zone,format)"),
        ),
    ],
)
def test_moment_is_written_and_read(runtime: Runtime, expression: str, expected: str) -> None:
    assert runtime.read(expression) == expected


def test_moment_is_now_when_none_is_told(runtime: Runtime) -> None:
    before = int(time.time())
    answer = runtime.read("STRFTIME(,UTC,%s)")
    assert before <= int(answer.removeprefix("0 '").removesuffix("'")) <= time.time()


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 4_000_000_000), st.sampled_from(["Europe/Vienna", "America/New_York", "Asia/Kathmandu", "UTC"]))
def test_moment_is_told_as_python_tells_it(runtime: Runtime, epoch: int, zone: str) -> None:
    moment = datetime.datetime.fromtimestamp(epoch, zoneinfo.ZoneInfo(zone))
    assert runtime.read(f"STRFTIME({epoch},{zone},%Y-%m-%d %H:%M:%S %z)") == value(f"{moment:%Y-%m-%d %H:%M:%S %z}")
