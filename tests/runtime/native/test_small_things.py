"""Dates, identifiers and other small things (asterisk/localtime.h, uuid.h, utils.h and their neighbours)."""

from __future__ import annotations

import datetime
import hashlib
import re
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from native_support import Ask

from runtime.api.localtime import local, zone
from runtime.core.commands.clients import Transcript
from runtime.core.commands.command import declare
from runtime.core.core import Core
from runtime.core.registry import Function
from runtime.dialplan import functions


@pytest.mark.parametrize(
    ("pattern", "shown", "read"),
    [
        ("%F %T", "2001-09-09 03:46:40", "read"),
        ("%FT%T.%q%z", "2001-09-09T03:46:40.123+0200", "-"),
        ("%1q|%6q|%%q|%q%Z", "1|123456|%q|123X/Y", "-"),
        ("100%%", "100%", "read"),
        ("", "", "read"),
        ("%A " * 20, "", "-"),
        ("%", "%", "-"),
    ],
)
def test_a_moment_is_written_in_its_zone(ask: Ask, pattern: str, shown: str, read: str):
    answer = ask("localtime", f"1000000000\n123456\n{pattern}".encode())
    assert answer.replace(" - ", " read ") == f"{len(shown)} [{shown}] read 1000000000.123456 X/Y"


@settings(deadline=None, max_examples=100)
@given(st.integers(-(10**10), 10**11), st.integers(0, 999_999))
def test_a_moment_made_a_date_and_a_moment_again_is_the_same(ask: Ask, seconds: int, fraction: int):
    when = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=seconds + 7200)
    shown = when.strftime("%m-%d %H:%M:%S %j")
    answer = ask("localtime", f"{seconds}\n{fraction}\n%m-%d %H:%M:%S %j".encode())
    assert answer.endswith(f"[{shown}] read {seconds}.{fraction:06} X/Y")


def test_a_zone_tells_summer_from_winter_and_an_hour_that_comes_twice(core: Core, native, log: list[str]):
    vienna = zone("Europe/Vienna")
    twice = datetime.datetime(2026, 10, 25, 2, 30)
    assert [local(twice, vienna, dst).strftime("%Z") for dst in (1, 0, -1)] == ["CEST", "CET", "CEST"]
    assert local(datetime.datetime(2026, 1, 1), vienna, -1).strftime("%z") == "+0100"
    assert (zone("Europe/Wien").tzname(None), log[0].splitlines()[0]) == (
        "UTC",
        "WARNING unknown time zone 'Europe/Wien'",
    )


TIME = """
#include "asterisk/localtime.h"
#include "asterisk/strings.h"
static int get(struct ast_channel *chan, const char *cmd, char *data, char *buf, size_t len)
{
	struct timeval moment = { 1782900000, 5000 }, again;
	char *format = data;
	const char *where = strsep(&format, ",");
	struct ast_tm tm;

	(void) chan;
	(void) cmd;
	ast_localtime(&moment, &tm, where);
	again = ast_mktime(&tm, where);
	ast_strftime(buf, len, format, &tm);
	snprintf(buf + strlen(buf), len - strlen(buf), " %s", ast_str_tmp(8, ast_str_set(&STR_TMP, 0, "%d",
		ast_tveq(moment, again)) < 0 ? "" : ast_str_buffer(STR_TMP)));
	return 0;
}
static struct ast_custom_function when = { .name = "WHEN", .read = get };
static int unload_module(void) { return ast_custom_function_unregister(&when); }
static int load_module(void) { return ast_custom_function_register(&when); }
"""


def test_a_module_tells_the_time_of_any_zone(core: Core, opened):
    opened("func_when", TIME, callbacks="").load()
    for where, shown in (
        ("Europe/Vienna", "12:00 CEST"),
        ("America/New_York", "06:00 EDT"),
        ("Asia/Kolkata", "15:30 IST"),
    ):
        assert functions.read_function(core, None, f"WHEN({where},%H:%M %Z)") == f"{shown} 1"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("00112233-4455-6677-8899-AABBCCDDEEFF", "00112233-4455-6677-8899-aabbccddeeff"),
        ("00112233-4455-6677-8899-AABBCCDDEEFG", "-"),
        ("00112233+4455-6677-8899-AABBCCDDEEFF", "-"),
        ("0011223344556677-8899-AABBCCDDEEFF--", "-"),
        ("", "-"),
    ],
)
def test_identifiers_are_made_written_and_read(ask: Ask, text: str, read: str):
    assert ask("uuid", text.encode()) == f"00 4 1 1 10 1 {read}"


def test_small_things_do_what_they_say(ask: Ask):
    assert ask("text-functions", b'a;"b\\^c') == (
        r'[a;\"b\\^c] [a\;"b\^c] [a;"b\,c] 1020304 506 1 0-1  00 0 0-10101 127.0.0.1 1.12.3 11203 ONE TWO'
    )


TRACED = """
#include "asterisk/endian.h"
#include "asterisk/poll-compat.h"
static int half(int number)
{
	SCOPE_ENTER(1, "half of %d\\n", number);
	if (number % 2) {
		SCOPE_EXIT_LOG_RTN_VALUE(-1, LOG_WARNING, "%d is odd\\n", number);
	}
	ast_trace(-1, "halving\\n");
	SCOPE_EXIT_RTN_VALUE(number / 2, "done\\n");
}
static void nothing(void)
{
	SCOPE_ENTER(3);
	SCOPE_EXIT_RTN();
}
static int unload_module(void) { return 0; }
static int load_module(void)
{
	nothing();
	return half(8) + SCOPE_CALL_WITH_RESULT(-1, int, half, 3);
}
"""


def test_scopes_are_debug_messages_of_their_level(core: Core, opened, log: list[str]):
    core.logger.set_levels(debug=1)
    assert opened("res_traced", TRACED, callbacks="").load() == 3
    assert log == [
        "DEBUG  half of 8",
        "DEBUG  halving",
        "DEBUG  done",
        "DEBUG  half of 3",
        "WARNING  3 is odd",
        "DEBUG  3 is odd",
    ]


NESTED = """
static int half(int number)
{
	SCOPE_ENTER(1, "half of %d\\n", number);
	ast_trace(-1, "halving\\n");
	ast_trace(2, "too much\\n");
	SCOPE_EXIT_RTN_VALUE(number / 2, "done\\n");
}
static int unload_module(void) { return 0; }
static int load_module(void)
{
	SCOPE_ENTER_TASK(1, 3, "task\\n");
	half(8);
	SCOPE_CALL_WITH_INT_RESULT(-1, half, 6);
	SCOPE_EXIT_RTN_VALUE((int) ast_trace_get_indent(), "end\\n");
}
"""


def test_scopes_are_traced_in_development_mode_set_in_by_their_depth(core: Core, opened, log: list[str]):
    module = opened("res_nested", NESTED, "-DAST_DEVMODE", callbacks="")
    assert (module.load(), log) == (0, [])
    core.logger.set_module_trace("res_nested", 1)
    assert (core.logger.debug_of("res_nested"), module.load()) == (0, 0)
    assert [re.sub(r"\S*res_nested\.c:\d+", "c", line) for line in log] == [
        "TRACE  3             --> c load_module: task",
        "TRACE  4                 --> c half: half of 8",
        "TRACE  5                     c half: halving",
        "TRACE  4                 <-- c half: done",
        "TRACE  4                 c load_module: --> Calling half",
        "TRACE  4                 --> c half: half of 6",
        "TRACE  5                     c half: halving",
        "TRACE  4                 <-- c half: done",
        "TRACE  4                 c load_module: <-- Return from half",
        "TRACE  3             <-- c load_module: end",
    ]
    log.clear()
    core.logger.set_levels(trace=0)
    assert (module.load(), log) == (0, [])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("1700000000.25", "0 1700000000.250000 13 0 [1700000000.25]"),
        ("-0.5 more", "0 -1.500000 4 0 [-0.5 more]"),
        ("nan", "-1 1.000002 0 0 [nan]"),
        ("1e30", "-1 1.000002 0 0 [1e30]"),
        (r"a\x41\\b", r"-1 1.000002 0 0 [aA\b]"),
        ("", "-1 1.000002 0 0 []"),
    ],
)
def test_seconds_with_fractions_and_backslash_sequences_are_read(ask: Ask, text: str, told: str):
    assert ask("parse", text.encode()) == told


COMPLETED = """
static char *again(struct ast_cli_entry *e, int cmd, struct ast_cli_args *a)
{
	char *name;
	int state;

	if (cmd == CLI_INIT) {
		e->command = "again";
		return NULL;
	}
	if (cmd == CLI_GENERATE) {
		return NULL;
	}
	for (state = 0; (name = ast_cli_generator("ag", "ag", state)); state++) {
		ast_cli(a->fd, "%s ", name);
		ast_free(name);
	}
	return CLI_SUCCESS;
}
static struct ast_cli_entry cli[] = { AST_CLI_DEFINE(again, "Completes") };
static int unload_module(void) { return ast_cli_unregister_multiple(cli, ARRAY_LEN(cli)); }
static int load_module(void) { return ast_cli_register_multiple(cli, ARRAY_LEN(cli)); }
"""


def test_a_command_completes_another_line(core: Core, opened):
    opened("res_again", COMPLETED, callbacks="").load()
    client = Transcript()
    core.commands.run("again", client)
    assert client.output == "again "


ASKED = """
#include "asterisk/vector.h"
static char *asked(struct ast_cli_entry *e, int cmd, struct ast_cli_args *a)
{
	struct ast_vector_string *found;
	struct ast_custom_function *acf;
	struct ast_str *text;
	char data[] = "it";
	size_t i;

	if (cmd == CLI_INIT) {
		e->command = "asked";
		return NULL;
	}
	if (cmd == CLI_GENERATE) {
		return NULL;
	}
	found = ast_cli_completion_vector("lamp", "");
	for (i = 0; i < AST_VECTOR_SIZE(found); i++) {
		ast_cli(a->fd, "%s ", AST_VECTOR_GET(found, i));
	}
	AST_VECTOR_CALLBACK_VOID(found, ast_free);
	AST_VECTOR_PTR_FREE(found);
	acf = ast_custom_function_find("ECHOED");
	text = ast_str_create(16);
	if (acf == ast_custom_function_find("ECHOED") && !acf->write && !acf->read2(NULL, acf->name, data, &text, 0)) {
		ast_cli(a->fd, "%s: %s, %s", acf->name, acf->synopsis, ast_str_buffer(text));
	}
	ast_free(text);
	ast_cli(a->fd, " %d", !ast_cli_completion_vector("nix", "nix") && !ast_custom_function_find("NIX"));
	return CLI_SUCCESS;
}
static struct ast_cli_entry cli[] = { AST_CLI_DEFINE(asked, "Asks") };
static int unload_module(void) { return ast_cli_unregister_multiple(cli, ARRAY_LEN(cli)); }
static int load_module(void) { return ast_cli_register_multiple(cli, ARRAY_LEN(cli)); }
"""


def test_a_c_module_completes_a_word_and_reads_a_function_made_in_python(core: Core, opened):
    core.functions.add(Function("ECHOED", lambda _channel, arguments: f"read {arguments}", synopsis="Says"))
    core.commands.register(*(declare(f"lamp {word}", lambda _request: None) for word in ("start", "stop")))
    opened("res_asked", ASKED, callbacks="").load()
    client = Transcript()
    core.commands.run("asked", client)
    assert client.output == "st start stop ECHOED: Says, read it 1"


STORED = """
#include "asterisk/threadstorage.h"
static void clean_up(void *data) { ast_free(data); }
AST_THREADSTORAGE_CUSTOM(stored, NULL, clean_up);
static int get(struct ast_channel *chan, const char *cmd, char *data, char *buf, size_t len)
{
	int *count = ast_threadstorage_get(&stored, sizeof(*count));

	(void) chan;
	(void) cmd;
	(void) data;
	snprintf(buf, len, "%d", ++*count);
	return 0;
}
static struct ast_custom_function count_function = { .name = "COUNT", .read = get };
static int unload_module(void) { return ast_custom_function_unregister(&count_function); }
static int load_module(void) { return ast_custom_function_register(&count_function); }
"""


def test_a_thread_outlives_the_module_that_has_a_buffer_in_it(core: Core, opened):
    module = opened("func_count", STORED, callbacks="")
    module.load()
    closed, counted = threading.Event(), threading.Event()
    seen: list[str] = []

    def count() -> None:
        seen.extend(functions.read_function(core, None, "COUNT()") for _ in range(3))
        counted.set()
        closed.wait()

    thread = threading.Thread(target=count)
    thread.start()
    counted.wait()
    assert functions.read_function(core, None, "COUNT()") == "1"
    module.unload()
    module.close()
    closed.set()
    thread.join()
    assert seen == ["1", "2", "3"]


@settings(deadline=None, max_examples=100)
@given(st.binary(max_size=300).map(lambda text: text.replace(b"\0", b"x")), st.integers(1, 130))
def test_a_digest_made_of_pieces_is_that_of_the_whole(ask: Ask, text: bytes, piece: int):
    assert ask("md5", b"%d\n%s" % (piece, text)) == f"{hashlib.md5(text).hexdigest()} 0"


@pytest.mark.parametrize("length", [0, 1, 55, 56, 57, 63, 64, 65, 119, 120, 128])
def test_a_digest_is_right_at_the_edges_of_a_block(ask: Ask, length: int):
    assert ask("md5", b"64\n" + b"a" * length) == f"{hashlib.md5(b'a' * length).hexdigest()} 0"


@pytest.mark.parametrize(
    ("given_text", "plain", "half", "cut", "filtered"),
    [
        (b"text", "text", "te", "te", b"text"),
        (b"\033[0;31mred\033[0m!", "red!", "red!", "\033[0;31mr", b"\033[0;31mred\033[0m!"),
        (b"\033[2Ja\033]0;titl\033", "", "", "\033[2Ja\033]", b" [2Ja ]0;titl "),
        (b"", "", "", "", b""),
        (b"\033[1", "", "", "\033[", b" [1"),
    ],
)
def test_colours_are_taken_out_and_none_put_in(
    ask: Ask, given_text: bytes, plain: str, half: str, cut: str, filtered: bytes
):
    assert ask("term", given_text) == f"[{plain}] [{half}] [{cut}] x -1[][] .{filtered.hex()} "


DIGESTING = """
#include "asterisk/md5.h"
#include "asterisk/term.h"

static int load_module(void)
{
    struct MD5Context context;
    unsigned char digest[MD5_DIGEST_LENGTH];

    MD5Init(&context);
    MD5Update(&context, (const unsigned char *) "abc", 3);
    MD5Final(digest, &context);
    ast_log(LOG_NOTICE, "%02x%02x " COLORIZE_FMT "\\n", digest[0], digest[15], COLORIZE(COLOR_BRGREEN, 0, "plain"));
    return 0;
}
static int unload_module(void) { return 0; }
"""


def test_a_module_digests_and_prints_without_colours(opened, log: list[str]):
    assert opened("res_digest", DIGESTING, callbacks="").load() == 0
    assert log == ["NOTICE 9072 plain"]


@pytest.mark.parametrize(
    ("uri", "shown"),
    [
        (
            "https://bob:x@y@h.example:8443/a/b/?q=1?/2#f",
            ["https|bob:x@y|h.example|8443|a/b/|q=1?/2|h.example:8443|1"] * 3,
        ),
        (
            "localhost",
            [
                "-|-|localhost|-|-|-|localhost|0",
                "http|-|localhost|80|-|-|localhost:80|0",
                "ws|-|localhost|80|-|-|localhost:80|0",
            ],
        ),
        ("wss://[::1]/", ["wss|-|[::1]|-||-|[::1]|1", *["wss|-|[::1]|443||-|[::1]:443|1"] * 2]),
        (
            "h:81?u=http://x:1/",
            [
                "-|-|h|81|-|u=http://x:1/|h:81|0",
                "http|-|h|81|-|u=http://x:1/|h:81|0",
                "ws|-|h|81|-|u=http://x:1/|h:81|0",
            ],
        ),
        ("httpd.example/", ["-|-|httpd.example|-||-|httpd.example|0"]),
        ("http://h:/p@q", ["http|-|h||p@q|-|h:|0", *["http|-|h|80|p@q|-|h:80|0"] * 2]),
        ("http://[::1/", ["none"] * 3),
        ("http://h:8o/", ["none"] * 3),
        ("http:///p", ["none"] * 3),
        ("", ["none"] * 3),
        ("http://h/a b", ["none"] * 3),
        ("http://h/a\r\nb", ["none"] * 3),
    ],
)
def test_a_uri_has_its_parts_or_is_refused(ask: Ask, uri: str, shown: list[str]):
    assert ask("uri", uri.encode()).split(" ")[: len(shown)] == shown


PARTS = st.text(alphabet="ab.-%4", max_size=5)


@settings(deadline=None, max_examples=200)
@given(PARTS.filter(bool), st.none() | st.integers(0, 65535), st.none() | PARTS, st.none() | PARTS, st.none() | PARTS)
def test_a_uri_put_together_is_taken_apart_again(
    ask: Ask, host: str, port: int | None, user: str | None, path: str | None, query: str | None
):
    between = [("", user, "@"), ("", host, ""), (":", port, ""), ("/", path, ""), ("?", query, "")]
    uri = "x://" + "".join(f"{before}{part}{after}" for before, part, after in between if part is not None)
    shown = ["-" if part is None else str(part) for part in (user, host, port, path, query)]
    assert ask("uri", uri.encode()).split("|")[1:6] == shown


@settings(deadline=None, max_examples=300)
@given(st.text(alphabet="a:/?#@[]% 1", max_size=30))
def test_any_text_is_a_uri_or_none(ask: Ask, text: str):
    assert len(ask("uri", text.encode()).split(" ")) >= 3
