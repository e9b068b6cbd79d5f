"""The database of keys and values: families, trees, threads, other processes, files that are none."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from asterism.errors import AsterismError, Fault, Place
from runtime.core.database import Database

PARTS = st.text(alphabet="ab-/_%0é\udcff", max_size=4)
ENTRIES = st.dictionaries(st.tuples(PARTS, PARTS), PARTS, max_size=8)


def below(key: str, place: str) -> bool:
    return not place or key == place or key.startswith(f"{place}/")


@settings(deadline=None, max_examples=150)
@given(ENTRIES, PARTS, PARTS)
@example({("a", "b"): "1", ("a_", "b"): "2", ("ab", "b"): "3"}, "a_", "")
@example({("a", "b"): "1", ("a", "b/c"): "2", ("a", "b-"): "3"}, "a", "b")
@example({("0", ""): ""}, "0", "")
@example({("\udcff\udcff", ""): "1"}, "\udcff", "")
def test_a_database_is_a_dictionary_whose_keys_have_parts(entries: dict[tuple[str, str], str], family: str, part: str):
    database = Database(":memory:")
    database.path = Path(":memory:")
    for names, value in entries.items():
        database.put(*names, value)
    whole = {f"/{one}/{other}": value for (one, other), value in entries.items()}
    for one, other in entries:
        assert (database.get(one, other), database.exists(one, other)) == (whole[f"/{one}/{other}"], True)
    place = "" if not family else f"/{family}/{part}" if part else f"/{family}"
    in_order = sorted(whole.items(), key=lambda entry: entry[0].encode("utf-8", "surrogateescape"))
    assert database.tree(family, part) == [entry for entry in in_order if below(entry[0], place)]
    assert database.by_prefix(family, part) == [
        entry for entry in in_order if entry[0].startswith(place) and entry[0] != place
    ]
    assert database.with_key(part) == [entry for entry in in_order if entry[0].endswith(f"/{part}")]
    if family or not part:
        assert database.delete_tree(family, part) == sum(below(key, place) for key in whole)
        assert database.tree() == [entry for entry in in_order if not below(entry[0], place)]
    database.close()


def test_a_tree_without_a_family_is_refused_and_a_missing_key_is_none(tmp_path: Path):
    database = Database(str(tmp_path))
    with pytest.raises(ValueError, match="the key tree 'x' is without a family"):
        database.delete_tree("", "x")
    assert (database.get("a", "b"), database.exists("a", "b"), database.delete("a", "b")) == (None, False, False)


def test_what_was_put_is_there_after_the_program_has_gone_without_a_word(tmp_path: Path):
    program = "import os, sys\nfrom runtime.core.database import Database\n"
    program += "Database(sys.argv[1]).put('a', 'b', 'c'); os._exit(9)"
    root = Path(__file__).parents[3]
    done = subprocess.run([sys.executable, "-c", program, tmp_path / "new" / "room"], cwd=root)
    assert (done.returncode, Database(str(tmp_path / "new" / "room")).get("a", "b")) == (9, "c")


def test_asterisks_own_file_is_read_and_written(tmp_path: Path):
    other = sqlite3.connect(tmp_path / "astdb.sqlite3")
    other.execute("CREATE TABLE astdb(key TEXT, value TEXT, PRIMARY KEY(key))")
    other.execute("INSERT INTO astdb VALUES ('/cid/100', 'Ann')")
    other.commit()
    database = Database(str(tmp_path))
    database.put("cid", "200", "Bob")
    assert database.tree("cid") == [("/cid/100", "Ann"), ("/cid/200", "Bob")]
    assert other.execute("SELECT typeof(value), value FROM astdb WHERE key = '/cid/200'").fetchall() == [
        ("text", "Bob")
    ]
    other.close()


def test_a_database_that_nobody_uses_any_more_has_closed_its_file(tmp_path: Path):
    database = Database(str(tmp_path))
    database.put("cid", "200", "Bob")
    own = str(database.path)
    assert own in opened_files()
    del database
    assert own not in opened_files()


def opened_files() -> set[str]:
    paths = (os.path.join("/proc/self/fd", name) for name in os.listdir("/proc/self/fd"))
    return {os.readlink(path) for path in paths if os.path.lexists(path)}


def test_eight_threads_lose_nothing(tmp_path: Path):
    database = Database(str(tmp_path))

    def work(number: int) -> None:
        for count in range(30):
            database.put(f"family{number}", str(count), "x")
            database.tree(f"family{number}")
        database.delete_tree(f"family{number}", "7")

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(database.tree()) == 8 * 29


def test_a_file_another_process_has_locked_is_told_after_a_while_and_used_again_later(tmp_path: Path):
    database = Database(str(tmp_path), patience=0.05)
    database.put("a", "b", "c")
    other = sqlite3.connect(database.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert database.get("a", "b") == "c"
    with pytest.raises(AsterismError) as raised:
        database.put("a", "b", "d")
    assert raised.value.faults == (
        Fault(
            "another process has the database locked",
            Place(str(database.path)),
            why="database is locked",
            cure="end what uses the file, and try again",
            code="database",
        ),
    )
    other.execute("ROLLBACK")
    other.close()
    database.put("a", "b", "d")
    assert database.get("a", "b") == "d"


def test_a_file_that_is_no_database_is_set_aside_with_one_warning(tmp_path: Path):
    told: list[Fault] = []
    database = Database(str(tmp_path), warn=told.append)
    text = "not a database, but long enough to be looked at as one: " * 20
    database.path.write_text(text)
    assert database.get("a", "b") is None
    database.put("a", "b", "c")
    assert database.get("a", "b") == "c"
    kept = f"{database.path}.damaged"
    assert list(map(str, told)) == [
        f"{database.path}: warning: the file is damaged: it is kept as {kept}, and a new one is begun\n"
        "    delete it when nothing in it is missed"
    ]
    assert Path(kept).read_text() == text


def test_a_database_whose_first_page_is_torn_is_set_aside(tmp_path: Path):
    told: list[Fault] = []
    database = Database(str(tmp_path), warn=told.append)
    database.put("a", "b", "c")
    database.close()
    whole = database.path.read_bytes()
    database.path.write_bytes(whole[:100] + bytes(len(whole) - 100))
    assert database.get("a", "b") is None
    assert [fault.code for fault in told] == ["damaged"]


def test_a_directory_that_cannot_be_made_is_told(tmp_path: Path):
    (tmp_path / "file").touch()
    with pytest.raises(AsterismError, match="cannot make the directory"):
        Database(str(tmp_path / "file" / "room")).get("a", "b")


def test_any_statement_is_run_and_a_wrong_one_is_told(tmp_path: Path):
    database = Database(str(tmp_path))
    database.put("a", "b", "c")
    assert database.query("SELECT key, length(value) AS size, NULL AS none FROM astdb") == [
        [("key", "/a/b"), ("size", "1"), ("none", "")]
    ]
    assert database.query("DELETE FROM astdb") == []
    with pytest.raises(AsterismError, match="the database refused: no such table: x"):
        database.query("SELECT * FROM x")
