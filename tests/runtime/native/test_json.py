"""JSON (asterisk/json.h): against Python's own, under the sanitizers, from many threads, and what is no JSON."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from native_support import Ask

from runtime.api.json import UnreadableError, loads, tokens_of, understood
from runtime.core.core import Core
from runtime.dialplan import functions
from runtime.model.emulated_channel import Channel

INTEGERS = st.integers(-(1 << 63), (1 << 63) - 1)
REALS = st.floats(allow_nan=False, allow_infinity=False)
TEXTS = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=8)
SINGLE = st.none() | st.booleans() | INTEGERS | REALS | TEXTS
VALUES = st.recursive(
    st.lists(SINGLE, max_size=4) | st.dictionaries(TEXTS, SINGLE, max_size=12),
    lambda inner: st.lists(inner | SINGLE, max_size=4) | st.dictionaries(TEXTS, inner | SINGLE, max_size=4),
    max_leaves=12,
)


def sent(value: Any) -> bytes:
    return tokens_of(value).hex().encode()


def same(left: Any, right: Any) -> bool:
    """Whether two values agree in types, order of keys and every bit."""
    return json.dumps(left) == json.dumps(right)


@settings(deadline=None, max_examples=300)
@given(VALUES)
def test_what_is_written_is_read_as_the_same_value(ask: Ask, value: Any):
    compact, pretty, ordered, appended, flags = ask("json", sent(value)).split(" ")
    texts = [bytes.fromhex(word[1:]).decode() for word in (compact, pretty, ordered, appended)]
    assert all(same(json.loads(text), value) for text in texts[:2])
    assert json.dumps(json.loads(texts[2])) == json.dumps(value, sort_keys=True)
    assert (texts[3], flags) == ("was: " + texts[0], "110")


NO_REALS = st.recursive(
    st.lists(TEXTS | INTEGERS, max_size=4),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
)


@settings(deadline=None, max_examples=200)
@given(NO_REALS)
def test_it_is_written_byte_for_byte_as_python_writes_it(ask: Ask, value: Any):
    words = ask("json", sent(value)).split(" ")
    assert [bytes.fromhex(word[1:]).decode() for word in words[:2]] == [
        json.dumps(value, ensure_ascii=False, separators=(",", ":")),
        json.dumps(value, ensure_ascii=False, indent=2),
    ]


@pytest.mark.parametrize(
    ("real", "text"),
    [
        (0.1, "0.1"),
        (2.0, "2.0"),
        (1e20, "1e+20"),
        (-0.0, "-0.0"),
        (1 / 3, "0.3333333333333333"),
        (5e-324, "4.94065645841247e-324"),
    ],
)
def test_a_real_is_written_as_shortly_as_it_can_be(real: float, text: str, ask: Ask):
    assert bytes.fromhex(ask("json", sent([real])).split()[0][1:]).decode() == f"[{text}]"


WORDS = st.lists(st.tuples(st.sampled_from("+?!=-c+++"), st.sampled_from([f"k{n}" for n in range(40)])), max_size=80)


@settings(deadline=None, max_examples=200)
@given(WORDS)
def test_an_object_keeps_its_keys_as_a_dictionary_does(ask: Ask, words: list[tuple[str, str]]):
    model: dict[str, Any] = {}
    failures = 0
    for place, (what, key) in enumerate(words):
        if what == "+" or (what == "?" and key in model) or (what == "!" and key not in model):
            model[key] = place
        elif what == "=" and key in model:
            model[key] = f"={key}"
        elif what == "-" and key in model:
            del model[key]
        elif what == "c":
            model.clear()
        else:
            failures += what in "=-"
    text, failed, size = ask("json-object", " ".join(what + key for what, key in words).encode()).split()
    assert bytes.fromhex(text[1:]).decode() == json.dumps(model, separators=(",", ":"))
    assert (int(failed), int(size)) == (failures, len(model))


ACTS = st.lists(st.tuples(st.sampled_from("aaaisrxc"), st.integers(0, 6)), max_size=30)


@settings(deadline=None, max_examples=200)
@given(ACTS.filter(lambda acts: sum(what == "x" for what, _ in acts) < 6))
def test_an_array_is_changed_as_a_list_is(ask: Ask, acts: list[tuple[str, int]]):
    model: list[int] = []
    failures = 0
    for place, (what, at) in enumerate(acts):
        if what == "a":
            model.append(place)
        elif what == "i" and at <= len(model):
            model.insert(at, place)
        elif what == "s" and at < len(model):
            model[at] = place
        elif what == "r" and at < len(model):
            del model[at]
        elif what == "x":
            model += model
        elif what == "c":
            model.clear()
        else:
            failures += 1
    assert ask("json-array", " ".join(f"{what}{at}" for what, at in acts).encode() or b" ") == (
        json.dumps(model, separators=(",", ":")) + f" {failures} {len(model)}"
    )


def test_a_format_packs_what_it_says_and_drops_what_it_was_given_when_it_cannot(ask: Ask):
    good = (
        '{"a":"x","b":-1,"c":-9223372036854775808,"d":0.5,"e":true,"f":null} '
        '["ab","abc","abc"] {"ab":[],"c":{}} [null,null,null,"x"] {"c":null} ["x","x","x",null] | 0 '
    )
    refused = "- " * 13 + "| 13 1 "
    misuse = "-1-1 -1-1 -1-1 11 -- 1314"  # one reference dropped twice is told
    assert ask("json-pack", b"x") == good + refused + misuse


@pytest.mark.parametrize(
    ("depth", "answer"), [(3, "written 1 0"), (500, "written 1 0"), (501, "- 0 1"), (200000, "- 0 1")]
)
def test_nesting_has_no_bound_but_what_is_written_and_copied_has(depth: int, answer: str, ask: Ask):
    assert ask("json-deep", str(depth).encode()) == answer


SHARED = {"k": ["text", 1, {"deep": [None, True]}], **{f"key {n}": n for n in range(30)}}


def test_memory_stays_whole_while_eight_threads_share_a_value(ask: Ask):
    assert ask("json-threads", sent(SHARED)) == "1 0"


def test_eight_threads_share_a_value_without_a_race(raced: Ask):
    assert raced("json-threads", sent(SHARED)) == "1 0"


# ---- reading ----


@settings(deadline=None, max_examples=300)
@given(VALUES, st.booleans(), st.sampled_from([None, 1, 4]))
def test_what_python_writes_is_read_as_it_was(value: Any, ascii_only: bool, indent: int | None):
    assert same(loads(json.dumps(value, ensure_ascii=ascii_only, indent=indent).encode()), value)


@pytest.mark.parametrize(
    ("text", "reason", "place"),
    [
        (b"", "the text must begin with '[' or '{'", (1, 1, 0)),
        (b"  1", "the text must begin with '[' or '{'", (1, 3, 2)),
        (b'"x"', "the text must begin with '[' or '{'", (1, 1, 0)),
        (b"[1] x", "extra data", (1, 5, 4)),
        (b"[1,]", "illegal trailing comma before end of array", (1, 3, 2)),
        (b'{"a" 1}', "expecting ':' delimiter", (1, 6, 5)),
        ('{"é":\n "é", x}'.encode(), "expecting property name enclosed in double quotes", (2, 7, 14)),
        (b'["a\nb"]', "invalid control character", (1, 4, 3)),
        (b'["a\\x"]', "invalid \\escape", (1, 4, 3)),
        (b'["a', "unterminated string", (1, 2, 1)),
        (b'["\xc3\xa9\xff"]', "the byte 0xff is not UTF-8", (1, 4, 4)),
        (b'["\xed\xa0\x80"]', "the byte 0xed is not UTF-8", (1, 3, 2)),
        (b'["9223372036854775808",\n -9223372036854775809]', "an integer has more than 64 bits", (2, 2, 25)),
        (b"[" + b"9" * 10000 + b"]", "an integer has more than 64 bits", (1, 2, 1)),
        (b"[1, 1e400]", "a real is too large", (1, 5, 4)),
        (b'["NaN", NaN]', "NaN is not JSON", (1, 9, 8)),
        (b"[-Infinity]", "-Infinity is not JSON", (1, 2, 1)),
        (b'["a\\u0000"]', "a text has a NUL character", (1, 4, 3)),
        (b'{"a\\u0000": 1}', "a text has a NUL character", (1, 4, 3)),
        (b'["\\ud83d\\ude00 \\udc00"]', "half a character", (1, 16, 15)),
        (b'["\\ud83d"]', "half a character", (1, 3, 2)),
        (b"[" * 501 + b"]" * 501, "the text is nested more than 500 levels deep", (1, 501, 500)),
        (b"[" * 100000, "the text is nested more than 500 levels deep", (1, 501, 500)),
    ],
)
def test_what_is_no_json_is_refused_with_the_reason_and_the_place(
    text: bytes, reason: str, place: tuple[int, int, int]
):
    with pytest.raises(UnreadableError) as caught:
        understood(text)
    error = caught.value
    trailing = "illegal trailing comma before end of array"
    told = trailing if error.reason == "expecting value" and reason == trailing else error.reason  # before Python 3.13
    assert told == reason
    if reason != trailing:
        assert (error.line, error.column, error.position) == place


def test_brackets_in_strings_are_no_nesting_and_the_last_of_equal_keys_counts():
    assert loads(b'{"a": "' + b"[" * 600 + b'", "b": 1, "a": 2}') == {"a": 2, "b": 1}
    assert loads(b"[" * 500 + b"]" * 500) is not None


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=30) | st.text(alphabet='[]{}",:\\u0dtrue1e. ', max_size=20).map(str.encode))
def test_no_text_raises_anything_else(data: bytes):
    try:
        found = understood(data)[:1].decode()
    except UnreadableError as error:
        found = error.reason if 0 <= error.position <= len(data) else "nowhere"
    assert found not in ("", "nowhere")


READER = """
#include "asterisk/config.h"
#include "asterisk/json.h"

static int read_json(struct ast_channel *chan, const char *cmd, char *data, char *buf, size_t len)
{
	struct ast_json_error error;
	struct ast_json *json = ast_json_load_string(data, &error);
	char *text = ast_json_dump_string(json);

	if (json) {
		ast_copy_string(buf, text, len);
	} else {
		snprintf(buf, len, "%s:%d:%d: %s (%d)", error.source, error.line, error.column, error.text, error.position);
	}
	ast_json_free(text);
	ast_json_unref(json);
	return 0;
}

static int read_file(struct ast_channel *chan, const char *cmd, char *data, char *buf, size_t len)
{
	struct ast_json_error error;
	struct ast_json *json = ast_json_load_new_file(data, &error);

	if (!json) {
		snprintf(buf, len, "%s:%d: %s", error.source, error.line, error.text);
		return 0;
	}
	snprintf(buf, len, "%zu %d", ast_json_object_size(json), ast_json_dump_new_file(json, data));
	ast_json_unref(json);
	return 0;
}

static int read_time(struct ast_channel *chan, const char *cmd, char *data, char *buf, size_t len)
{
	struct ast_json *json = ast_json_timeval(ast_tv(1700000000, 120999), ast_strlen_zero(data) ? NULL : data);

	ast_copy_string(buf, S_OR(ast_json_string_get(json), "-"), len);
	ast_json_unref(json);
	return 0;
}

static int read_address(struct ast_channel *chan, const char *cmd, char *data, char *buf, size_t len)
{
	struct ast_sockaddr address;
	struct ast_json *json;

	if (!ast_sockaddr_parse(&address, data, 0)) {
		ast_copy_string(buf, "-", len);
		return 0;
	}
	json = ast_json_ipaddr(&address, AST_TRANSPORT_UDP);
	snprintf(buf, len, "%s %s", ast_json_string_get(json), ast_sockaddr_stringify(&address));
	ast_json_unref(json);
	return 0;
}

static int read_lists(struct ast_channel *chan, const char *cmd, char *data, char *buf, size_t len)
{
	struct ast_json *json = ast_json_load_string(data, NULL), *back;
	struct ast_variable *list = NULL;
	int code = ast_json_is_array(json) ? (int) ast_json_nvp_array_to_ast_variables(json, &list)
		: (int) ast_json_to_ast_variables(json, &list);
	char *text;

	back = ast_variables_to_json_nvp_array(list);
	text = ast_json_dump_string(back);
	snprintf(buf, len, "%d %s ", code, S_OR(text, "-"));
	ast_json_free(text);
	ast_json_unref(back);
	back = ast_json_object_create_vars(list, "x,ab");
	text = ast_json_dump_string(back);
	strcat(buf, text);
	ast_json_free(text);
	ast_json_unref(back);
	ast_json_unref(json);
	ast_variables_destroy(list);
	return 0;
}

static struct ast_custom_function functions[] = {
	{ .name = "READ", .read = read_json }, { .name = "FILE", .read = read_file }, { .name = "TIME", .read = read_time },
	{ .name = "ADDRESS", .read = read_address }, { .name = "LISTS", .read = read_lists },
};
static int unload_module(void) { return 0; }
static int load_module(void)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(functions); i++) {
		ast_custom_function_register(&functions[i]);
	}
	return AST_MODULE_LOAD_SUCCESS;
}
"""


@pytest.fixture
def ask_module(core: Core, opened):
    module = opened("func_read", READER, "-Wno-unused-parameter", callbacks="")
    assert module.load() == 0
    return lambda name, text: functions.read_function(core, Channel(), f"{name}({text})")


def test_a_module_reads_text_or_learns_where_it_is_wrong(ask_module, log: list[str]):
    assert ask_module("READ", '{"b": [1, 2.50, "é"], "a": null}') == '{"b":[1,2.5,"é"],"a":null}'
    assert ask_module("READ", '{"b": [1, 2') == "<string>:1:12: expecting ',' delimiter (11)"
    assert log == []


def test_a_module_reads_and_writes_files(ask_module, tmp_path, log: list[str]):
    file = tmp_path / "x.json"
    file.write_text('{"a": 1,\n "b": [ ]}\n')
    assert ask_module("FILE", str(file)) == "2 0"
    assert file.read_text() == '{"a":1,"b":[]}'
    file.write_text('{"a": 1,\n "b"}\n')
    assert ask_module("FILE", str(file)) == f"{file}:2: expecting ':' delimiter"
    assert ask_module("FILE", str(tmp_path / "none")) == f"{tmp_path / 'none'}:-1: No such file or directory"
    assert log == []


def test_moments_and_addresses_are_written_as_events_have_them(
    ask_module, log: list[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("TZ", "XYZ-5:30")
    time.tzset()
    try:
        assert ask_module("TIME", "") == "2023-11-15T03:43:20.120+0530"
    finally:
        monkeypatch.undo()
        time.tzset()
    assert ask_module("TIME", "America/New_York") == "2023-11-14T17:13:20.120-0500"
    assert ask_module("TIME", "Nowhere/At_All") == "-"
    assert log == ["ERROR asterism_zone_text: unknown time zone 'Nowhere/At_All'"]
    assert [
        ask_module("ADDRESS", text) for text in ("192.0.2.1:5060", "[2001:db8::1]:53", "::ffff:192.0.2.7", "x.org")
    ] == [
        "IPV4/UDP/192.0.2.1/5060 192.0.2.1:5060",
        "IPV6/UDP/2001:db8::1/53 [2001:db8::1]:53",
        "IPV4/UDP/192.0.2.7/0 192.0.2.7:0",
        "-",
    ]


def test_lists_of_variables_become_json_and_back(ask_module):
    assert ask_module("LISTS", '{"a": "1", "ab": "2"}') == (
        '0 [{"name":"a","value":"1"},{"name":"ab","value":"2"}] {"a":"1"}'
    )
    assert ask_module("LISTS", '[{"name": "b", "value": ""}]') == '0 [{"name":"b","value":""}] {"b":""}'
    assert ask_module("LISTS", '{"a": "1", "b": 2}') == "1 - {}"
    assert ask_module("LISTS", '[{"name": "b"}]') == "1 - {}"
    assert ask_module("LISTS", "[]") == "3 - {}"
