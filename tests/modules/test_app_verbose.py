"""Verbose and Log: what reaches the console and the log."""

from __future__ import annotations

import json

import pytest
from module_runtime import Runtime

LONG = "x" * 20_000
USAGE = "ERROR Log needs a level and a message: Log(level,message)"


def no_level(text: str) -> str:
    return f"WARNING Verbose: the level '{text}' is not a number from 0 to 4, 0 is used"


VERBOSE = [
    ("hello", "VERBOSE hello"),
    ("0,hello", "VERBOSE hello"),
    ("3,hello, world", "VERBOSE hello, world"),
    (" 2 ,hello", "VERBOSE hello"),
    ("9,hello", "VERBOSE hello"),
    ("1,", "VERBOSE "),
    ('1,"quoted", as it is', 'VERBOSE "quoted", as it is'),
    ("1,%s %n %d", "VERBOSE %s %n %d"),
    (f"1,{LONG}", f"VERBOSE {LONG}"),
    ("1,a\udcffb", "VERBOSE a\udcffb"),
    ("-1,hello", f"{no_level('-1')}\nVERBOSE hello"),
    ("hello,world", f"{no_level('hello')}\nVERBOSE world"),
    ("99999999999,hello", f"{no_level('99999999999')}\nVERBOSE hello"),
    (",hello", f"{no_level('')}\nVERBOSE hello"),
]


@pytest.mark.parametrize("who", ["somebody", "nobody"])
@pytest.mark.parametrize(("data", "said"), VERBOSE, ids=[data[:20] for data, _ in VERBOSE])
def test_verbose_says_its_text_and_goes_on(runtime: Runtime, data: str, said: str, who: str) -> None:
    assert runtime.execute("Verbose", data, who) == f"0\n{said}"


LOG = [
    ("ERROR,text", "ERROR text"),
    ("warning,text, and more", "WARNING text, and more"),
    (" Notice ,text", "NOTICE text"),
    ("VERBOSE,text", "VERBOSE text"),
    ("NOTICE,%s %n", "NOTICE %s %n"),
    (f"NOTICE,{LONG}", f"NOTICE {LONG}"),
    ("NOTICE,a\udcffb", "NOTICE a\udcffb"),
    ("NOTICE,", "NOTICE "),
    ("ERROR", USAGE),
    ("LOUD,text", "ERROR Log: unknown level 'LOUD'"),
    (",text", "ERROR Log: unknown level ''"),
]


@pytest.mark.parametrize("who", ["somebody", "nobody"])
@pytest.mark.parametrize(("data", "said"), LOG, ids=[data[:20] for data, _ in LOG])
def test_log_writes_with_a_level_and_goes_on(runtime: Runtime, data: str, said: str, who: str) -> None:
    assert runtime.execute("Log", data, who) == f"0\n{said}"


@pytest.mark.parametrize("application", ["Verbose", "Log"])
@pytest.mark.parametrize("data", [None, ""])
def test_nothing_is_said_without_a_text(runtime: Runtime, application: str, data: str | None) -> None:
    assert runtime.execute(application, data) == "0"


def last_place(runtime: Runtime) -> object:
    """Where the last message of the log comes from."""
    return json.loads(runtime.log_file.read_text().splitlines()[-1])["location"]


def test_log_names_the_place_in_the_dialplan(runtime: Runtime) -> None:
    runtime.ask("dialplan exec application Log(NOTICE,here)")
    assert last_place(runtime) == {"file": "Ext. s", "line": 1, "function": "@ default"}


def test_log_without_a_channel_has_no_place(runtime: Runtime) -> None:
    runtime.execute("Log", "NOTICE,here", "nobody")
    assert last_place(runtime) == {"file": "Ext. (none)", "line": 0, "function": "@ (none)"}
