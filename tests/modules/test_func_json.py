"""JSON_DECODE, read as a C module reads it."""

from __future__ import annotations

import json

import pytest
from module_runtime import Runtime, failed, value

TEXT = json.dumps(
    {
        "text": 'a "b", é',
        "whole": -9223372036854775808,
        "real": 1.23,
        "large": 1e2,
        "yes": True,
        "no": False,
        "null": None,
        "a.b": "dotted",
        "path": {"to": {"list": ["item0", {"name": "item1"}, [2]]}},
    },
    ensure_ascii=False,
)
CASES = [
    ("text", 'a "b", é'),
    ("whole", "-9223372036854775808"),
    ("real", "1.23"),
    ("large", "100"),
    ("yes", "1"),
    ("no", "0"),
    ("null", ""),
    ("none", ""),
    ("path.to.list.0", "item0"),
    ("path.to.list.1.name", "item1"),
    ("path.to.list.2.0", "2"),
    ("path.to.list.2", "[2]"),
    ("path.to.list.3", ""),
    ("path.to.list.-1", ""),
    ("path.to.list.x", ""),
    ("path.to.list.0.x", ""),
    ("path.to", '{"list":["item0",{"name":"item1"},[2]]}'),
    ("path/to/list/0,/", "item0"),
    ("a.b,/", "dotted"),
    ("path.to.list,,c", "3"),
    ("path.to,,c", '{"list":["item0",{"name":"item1"},[2]]}'),
]


@pytest.mark.parametrize(("arguments", "expected"), CASES)
def test_a_value_is_found_by_its_path(runtime: Runtime, arguments: str, expected: str) -> None:
    runtime.set("DOC", TEXT)
    assert runtime.read(f"JSON_DECODE(DOC,{arguments})") == value(expected)


def test_an_array_at_the_top_has_places(runtime: Runtime) -> None:
    runtime.set("DOC", '[10, {"a": 11}]')
    assert runtime.read("JSON_DECODE(DOC,1.a)") == value("11")


def test_a_large_value_comes_whole(runtime: Runtime) -> None:
    runtime.set("DOC", json.dumps({"a": "x" * 20_000}))
    assert runtime.read("JSON_DECODE(DOC,a)") == value("x" * 20_000)


def test_the_text_may_come_from_a_function(runtime: Runtime) -> None:
    runtime.set("DOC", "eyJhIjogN30=")
    assert runtime.read("JSON_DECODE(BASE64_DECODE(eyJhIjogN30=),a)") == value("7")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("", "JSON_DECODE needs a variable and a key: JSON_DECODE(variable,key[,separator[,options]])"),
        ("DOC", "JSON_DECODE needs a variable and a key: JSON_DECODE(variable,key[,separator[,options]])"),
        ("DOC,a", "JSON_DECODE: 'DOC' does not hold JSON: line 1, column 7: expecting value"),
    ],
)
def test_what_is_no_json_is_told_with_its_place(runtime: Runtime, arguments: str, said: str) -> None:
    runtime.set("DOC", '{"a": }')
    assert runtime.read(f"JSON_DECODE({arguments})") == failed("JSON_DECODE", f"WARNING {said}")


def test_a_separator_is_one_character_and_no_text_is_no_mistake(runtime: Runtime) -> None:
    runtime.set("DOC", '{"a": {"b": 1}}')
    said = "WARNING JSON_DECODE: the separator '::' is more than one character; '.' is used"
    assert runtime.read("JSON_DECODE(DOC,a.b,::)") == value("1", said)
    assert runtime.read("JSON_DECODE(NONE,a)") == value("")
