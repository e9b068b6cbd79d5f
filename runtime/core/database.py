"""The database of keys and values that outlives the program: families, keys, and trees of them.

One SQLite file, ``astdb.sqlite3`` in astdbdir, with the table Asterisk has (main/db.c): the key of ``phone`` in the
family ``cid`` is ``/cid/phone``.  It is opened when it is first asked for.  Each change is whole and written before the
call returns; a change survives a crash of the program, and all of them but perhaps the last ones a loss of power.
"""

from __future__ import annotations

# sqlite3 is imported where it is used: 3 ms, and a start without the database does not need it.
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from asterism import files
from asterism.errors import AsterismError, Fault, Place
from asterism.files import file_fault

if TYPE_CHECKING:
    import sqlite3

FILE = "astdb.sqlite3"
"""Its name in astdbdir."""
PATIENCE = 5.0
"""Seconds to wait for another process that has the file locked."""

Entry = tuple[str, str]
"""A whole key and its value."""

_CREATE = "CREATE TABLE IF NOT EXISTS astdb(key TEXT, value TEXT, PRIMARY KEY(key))"
_SELECT = "SELECT CAST(key AS BLOB), CAST(value AS BLOB) FROM astdb"
_DELETE = "DELETE FROM astdb"
_IN_TREE = "WHERE key = CAST(?1 AS TEXT) OR (key >= CAST(?2 AS TEXT) AND key < CAST(?3 AS TEXT))"


class Database:
    """The database; every method may be called from any thread, and raises AsterismError when the file cannot be used.

    Args:
        directory: where the file is, or is made.
        patience: seconds to wait for another process that has it locked.
        warn: told when the file was no database and was set aside.
    """

    def __init__(
        self, directory: str, patience: float = PATIENCE, warn: Callable[[Fault], None] = lambda _fault: None
    ) -> None:
        self.path = Path(directory) / FILE
        self.patience = patience
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None
        self._warn = warn

    def get(self, family: str, key: str) -> str | None:
        """The value of a key, or None."""
        rows = self._run("SELECT CAST(value AS BLOB) FROM astdb WHERE key = CAST(? AS TEXT)", full_key(family, key))
        return _text(rows[0][0]) if rows else None

    def exists(self, family: str, key: str) -> bool:
        """Whether there is such a key."""
        return bool(self._run("SELECT 1 FROM astdb WHERE key = CAST(? AS TEXT)", full_key(family, key)))

    def put(self, family: str, key: str, value: str) -> None:
        """Set a key."""
        insert = "INSERT OR REPLACE INTO astdb (key, value) VALUES (CAST(? AS TEXT), CAST(? AS TEXT))"
        self._run(insert, full_key(family, key), value)

    def delete(self, family: str, key: str) -> bool:
        """Take a key away; whether it was there."""
        return self._change(f"{_DELETE} WHERE key = CAST(? AS TEXT)", full_key(family, key)) > 0

    def tree(self, family: str = "", keytree: str = "") -> list[Entry]:
        """What is in a family, or below a part of its keys, or everything; sorted by key."""
        place = tree_of(family, keytree)
        where = _IN_TREE if place else ""
        return _entries(self._run(f"{_SELECT} {where} ORDER BY key", *_bounds(place)))

    def by_prefix(self, family: str, prefix: str = "") -> list[Entry]:
        """What is in a family with keys that begin with some characters, but are more than these; sorted by key."""
        begin = tree_of(family, prefix)
        where = "WHERE key > CAST(?1 AS TEXT) AND substr(CAST(key AS BLOB), 1, length(?1)) = ?1"
        return _entries(self._run(f"{_SELECT} {where} ORDER BY key", begin))

    def with_key(self, key: str) -> list[Entry]:
        """What has such a key, or end of a key, in any family; sorted by key."""
        end = f"/{key}"
        return [entry for entry in self.tree() if entry[0].endswith(end)]

    def delete_tree(self, family: str = "", keytree: str = "") -> int:
        """Take away what :meth:`tree` gives; how many entries that were.

        Raises:
            ValueError: a part of keys without a family.
        """
        if keytree and not family:
            raise ValueError(f"the key tree '{keytree}' is without a family")
        place = tree_of(family, keytree)
        return self._change(f"{_DELETE} {_IN_TREE if place else ''}", *_bounds(place))

    def query(self, statement: str) -> list[list[Entry]]:
        """Run any SQL statement: its rows, each as names and values."""
        with self._opened() as connection:
            cursor = connection.execute(statement)
            names = [column[0] for column in cursor.description or ()]
            return [list(zip(names, map(_shown, row), strict=True)) for row in cursor.fetchall()]

    def close(self) -> None:
        """Close the file; it is opened again when it is asked for."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _run(self, statement: str, *values: str) -> list[tuple[bytes, ...]]:
        with self._opened() as connection:
            return connection.execute(statement, tuple(map(_bytes, values))).fetchall()

    def _change(self, statement: str, *values: str) -> int:
        with self._opened() as connection:
            return connection.execute(statement, tuple(map(_bytes, values))).rowcount

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        import sqlite3  # a start without the database is a little faster

        with self._lock:
            try:
                yield self._connection or self._begun()
            except OSError as error:
                raise AsterismError(file_fault(self.path.parent, error, "make")) from error
            except (sqlite3.Error, sqlite3.Warning) as error:
                raise AsterismError(self._fault(error)) from error

    def _begun(self) -> sqlite3.Connection:
        """The file, opened; one that is no database is set aside, and a new one is made."""
        import sqlite3

        try:
            return self._open()
        except sqlite3.DatabaseError as error:
            if not str(error).startswith(_DAMAGES):
                raise
        for suffix in ("-wal", "-shm"):  # which belong to it, and would be taken for the new one's
            with suppress(OSError):
                os.replace(f"{self.path}{suffix}", f"{self.path}.damaged{suffix}")
        self._warn(files.set_aside(self.path))
        return self._open()

    def _open(self) -> sqlite3.Connection:
        import sqlite3

        self.path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(
            self.path, timeout=self.patience, isolation_level=None, check_same_thread=False, cached_statements=32
        )
        try:
            # A log beside the file: readers do not wait for a writer, and a change needs no wait for the disk.
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute(_CREATE)
        except BaseException:
            connection.close()
            raise
        self._connection = connection
        return connection

    def _fault(self, error: Exception) -> Fault:
        place = Place(str(self.path))
        words = str(error)
        for begin, what, cure in _KNOWN:
            if words.startswith(begin):
                return Fault(what, place, why=words, cure=cure, code="database")
        return Fault("the database refused", place, why=words, code="database")


_DAMAGES = ("file is not a database", "database disk image is malformed")
_KNOWN = (
    ("database is locked", "another process has the database locked", "end what uses the file, and try again"),
    (
        "file is not a database",
        "this is no database",
        "move the file away: a new one is made when it is next asked for",
    ),
    (
        "database disk image is malformed",
        "the database is damaged",
        "save what it holds with 'sqlite3 FILE .recover', and move it away",
    ),
    ("unable to open database file", "the database cannot be opened", "see who may write into its directory"),
    ("attempt to write a readonly", "the database cannot be written", "see who may write the file and its directory"),
)
"""How SQLite's messages begin, what is wrong, and what to do."""


def full_key(family: str, key: str) -> str:
    """A key with its family."""
    return f"/{family}/{key}"


def split_key(key: str) -> tuple[str, str]:
    """Family and key of a full key."""
    family, _, own = key.removeprefix("/").partition("/")
    return family, own


def tree_of(family: str, keytree: str) -> str:
    """Where a tree begins; an empty text is everything."""
    return "".join(f"/{part}" for part in (family, keytree) if part) if family else ""


def _bounds(place: str) -> Sequence[str]:
    """The place itself, and the texts between which everything below it is: '0' follows '/'."""
    return (place, f"{place}/", f"{place}0") if place else ()


def _bytes(value: str) -> bytes:
    return value.encode("utf-8", "surrogateescape")


def _text(value: bytes | None) -> str:
    return (value or b"").decode("utf-8", "surrogateescape")


def _entries(rows: list[tuple[bytes, ...]]) -> list[Entry]:
    return [(_text(key), _text(value)) for key, value in rows]


def _shown(value: object) -> str:
    return _text(value) if isinstance(value, bytes) else "" if value is None else str(value)
