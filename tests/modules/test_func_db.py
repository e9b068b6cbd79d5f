"""DB and its like, read and written as a C module does it, and the console's `database` beside them."""

from __future__ import annotations

import pytest
from module_runtime import Answer, Runtime, failed, value


def put(runtime: Runtime, *entries: str) -> None:
    runtime.ask('database query "DELETE FROM astdb"')
    for entry in entries:
        place, _, text = entry.partition("=")
        family, _, key = place.partition("/")
        assert runtime.ask(f"database put {family} {key} {text}").out == "Updated database successfully\n"


def test_a_value_is_set_read_and_seen_by_the_console(runtime: Runtime) -> None:
    put(runtime)
    assert runtime.read("DB(cid/100)") == value("")
    assert runtime.write("DB(cid/100)", "Ann (home), x") == "0"
    assert (runtime.read("DB(cid/100)"), runtime.get("DB_RESULT")) == (value("Ann (home), x"), "Ann (home), x")
    assert runtime.ask("database get cid 100").out == "Value: Ann (home), x\n"
    assert runtime.ask("database show").out == (
        "/cid/100                                          : Ann (home), x\n1 results found.\n"
    )
    assert runtime.write("DB(cid/100)", "é" * 3000) == "0"
    assert runtime.read("DB(cid/100)") == value("é" * 3000)


def test_existence_is_one_or_nought_and_gives_the_value(runtime: Runtime) -> None:
    put(runtime, "a/b=x")
    assert (runtime.read("DB_EXISTS(a/b)"), runtime.get("DB_RESULT")) == (value("1"), "x")
    runtime.set("DB_RESULT", "old")
    assert (runtime.read("DB_EXISTS(a/c)"), runtime.get("DB_RESULT")) == (value("0"), "old")


def test_deleting_gives_the_value_once_and_writing_deletes_too(runtime: Runtime) -> None:
    put(runtime, "a/b=x", "a/c=y")
    assert (runtime.read("DB_DELETE(a/b)"), runtime.get("DB_RESULT")) == (value("x"), "x")
    assert (runtime.read("DB_DELETE(a/b)"), runtime.get("DB_RESULT")) == (value(""), "(none)")
    assert runtime.write("DB_DELETE(a/c)", "ignored") == "0"
    assert runtime.ask("database show a").out == "0 results found.\n"


@pytest.mark.parametrize(
    ("place", "keys"),
    [
        ("", ["a", "b"]),
        ("a", ["k", "k-", "l", "m\\,n"]),
        ("/a/", ["k", "k-", "l", "m\\,n"]),
        ("a/k", ["1", "2"]),
        ("a/l", []),
        ("none", []),
    ],
)
def test_what_is_right_below_a_place_is_listed_and_counted_once(runtime: Runtime, place: str, keys: list[str]) -> None:
    put(runtime, "a/k=0", "a/k-=1", "a/k/1/x=2", "a/k/1/y=3", "a/k/2=4", "a/l=5", "a/m,n=6", "b/x=7")
    assert runtime.read(f"DB_KEYS({place})") == value(",".join(keys))
    assert runtime.read(f"DB_KEYCOUNT({place})") == value(str(len(keys)))


@pytest.mark.parametrize("name", ["DB", "DB_EXISTS", "DB_DELETE"])
def test_what_is_no_key_is_refused(runtime: Runtime, name: str) -> None:
    said = f"WARNING {name} needs a family and a key: {name}(family/key)"
    assert runtime.read(f"{name}()") == failed(name, said)
    assert runtime.read(f"{name}(family)") == failed(name, said)


def test_a_key_with_an_empty_part_is_set_with_a_warning(runtime: Runtime) -> None:
    put(runtime)
    warning = "WARNING DB: a part of the key '{}' is empty; check that its variables are set"
    for key in ("", "/x", "x/", "x//y"):
        assert runtime.write(f"DB(a/{key})", "1") == f"0\n{warning.format(key)}"
    assert runtime.read("DB_KEYS(a)") == value("x")


def test_the_console_says_what_is_not_there_and_completes_what_is(runtime: Runtime) -> None:
    put(runtime, "cid/100=Ann", "cid/200=Bob", "dnd/100=yes")
    assert runtime.ask("database get cid 300") == Answer(
        "Database entry not found.\n",
        "there is no key '300' in the family 'cid'\n    did you mean 'cid 200' or 'cid 100'?\n"
        "Command 'database get cid 300' failed.\n",
        1,
        (),
    )
    assert runtime.ask("database deltree cidd").err == (
        "nothing is at 'cidd'\n    did you mean 'cid'?\nCommand 'database deltree cidd' failed.\n"
    )
    assert runtime.ask("database showkey 100").out == (
        "/cid/100                                          : Ann\n"
        "/dnd/100                                          : yes\n"
        "2 results found.\n"
    )
    assert (runtime.complete("database get c"), runtime.complete("database del cid ")) == (["cid"], ["100", "200"])
    assert runtime.ask("database del cid 100").out == "Database entry removed.\n"
    assert runtime.ask("database deltree cid").out == "1 database entries removed.\n"
    assert runtime.ask("database deltree cid x").status == 1
    answer = runtime.ask('database query "SELECT key, value FROM astdb"')
    assert answer.out == "key  : /dnd/100\nvalue: yes\n\n"
    assert runtime.ask('database query "SELECT"').err.startswith(
        f"{runtime.home}/db/astdb.sqlite3: the database refused: "
    )
