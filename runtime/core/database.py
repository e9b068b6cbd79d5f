"""The persistent database of keys and values, ordered in families and trees.

The database is one SQLite file, ``astdb.sqlite3`` in astdbdir, with Asterisk's table (main/db.c): the key ``phone`` in
the family ``cid`` is ``/cid/phone``.  The file is opened at first use.  Each change is atomic and written before the
call returns.  Changes survive a crash of the program; a power failure may lose the last ones.
"""

from __future__ import annotations

# sqlite3 is imported where it is used: the import takes 3 ms, and a start without the database does not need it.
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from asterism import files
from asterism.errors import AsterismError, Fault, Place
from asterism.files import file_fault
from asterism.values import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3

FILE = "astdb.sqlite3"
"""The file's name in astdbdir."""
PATIENCE = 5.0
"""How long to wait for another process that has locked the file, in seconds."""

Entry = tuple[str, str]
"""A full key and its value."""

_CREATE = "CREATE TABLE IF NOT EXISTS astdb(key TEXT, value TEXT, PRIMARY KEY(key))"
_SELECT = "SELECT CAST(key AS BLOB), CAST(value AS BLOB) FROM astdb"
_DELETE = "DELETE FROM astdb"
_IN_TREE = "WHERE key = CAST(?1 AS TEXT) OR (key >= CAST(?2 AS TEXT) AND key < CAST(?3 AS TEXT))"


class Database:
    """The database; its methods may be called from any thread, and raise AsterismError when the file cannot be used.

    Args:
        directory: the directory of the file, which is created if necessary.
        patience: how long to wait for another process that has locked the file, in seconds.
        warn: receives the fault when the file was not a database and was moved aside.
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
        """Whether a key exists."""
        return bool(self._run("SELECT 1 FROM astdb WHERE key = CAST(? AS TEXT)", full_key(family, key)))

    def put(self, family: str, key: str, value: str) -> None:
        """Set a key."""
        insert = "INSERT OR REPLACE INTO astdb (key, value) VALUES (CAST(? AS TEXT), CAST(? AS TEXT))"
        self._run(insert, full_key(family, key), value)

    def delete(self, family: str, key: str) -> bool:
        """Delete a key.  Returns whether it existed."""
        return self._change(f"{_DELETE} WHERE key = CAST(? AS TEXT)", full_key(family, key)) > 0

    def tree(self, family: str = "", keytree: str = "") -> list[Entry]:
        """Entries of a family, of the keys below a part of the key, or of the whole database; sorted by key."""
        place = tree_of(family, keytree)
        where = _IN_TREE if place else ""
        return _entries(self._run(f"{_SELECT} {where} ORDER BY key", *_bounds(place)))

    def by_prefix(self, family: str, prefix: str = "") -> list[Entry]:
        """Entries of a family whose keys begin with ``prefix`` and are longer than it; sorted by key."""
        begin = tree_of(family, prefix)
        where = "WHERE key > CAST(?1 AS TEXT) AND substr(CAST(key AS BLOB), 1, length(?1)) = ?1"
        return _entries(self._run(f"{_SELECT} {where} ORDER BY key", begin))

    def with_key(self, key: str) -> list[Entry]:
        """Entries of any family whose full key ends with ``/`` and ``key``; sorted by key."""
        end = f"/{key}"
        return [entry for entry in self.tree() if entry[0].endswith(end)]

    def delete_tree(self, family: str = "", keytree: str = "") -> int:
        """Delete the entries that :meth:`tree` returns.  Returns their number.

        Raises:
            ValueError: ``keytree`` without a family.
        """
        if keytree and not family:
            raise ValueError(f"the key tree '{keytree}' is without a family")
        place = tree_of(family, keytree)
        return self._change(f"{_DELETE} {_IN_TREE if place else ''}", *_bounds(place))

    def query(self, statement: str) -> list[list[Entry]]:
        """Run any SQL statement.  Returns its rows, each as pairs of column name and value."""
        with self._opened() as connection:
            cursor = connection.execute(statement)
            names = [column[0] for column in cursor.description or ()]
            return [list(zip(names, map(_shown, row), strict=True)) for row in cursor.fetchall()]

    def close(self) -> None:
        """Close the file; the next use opens it again."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def __del__(self) -> None:
        self.close()

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
        """Open the file; a file that is not a database is moved aside, and a new one is created."""
        import sqlite3

        try:
            return self._open()
        except sqlite3.DatabaseError as error:
            if not str(error).startswith(_DAMAGES):
                raise
        for suffix in ("-wal", "-shm"):  # they belong to the old file, and SQLite would use them for the new one
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
            # A write-ahead log: readers do not wait for a writer, and a change does not wait for the disk.
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
        "this is not a database",
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
"""Beginnings of SQLite's messages, with the fault and the cure."""


def full_key(family: str, key: str) -> str:
    """A key with its family."""
    return f"/{family}/{key}"


def split_key(key: str) -> tuple[str, str]:
    """Family and key of a full key."""
    family, _, own = key.removeprefix("/").partition("/")
    return family, own


def tree_of(family: str, keytree: str) -> str:
    """The full key at the root of a tree; empty for the whole database."""
    return "".join(f"/{part}" for part in (family, keytree) if part) if family else ""


def _bounds(place: str) -> Sequence[str]:
    """The root of a tree, and the bounds of the keys below it: '0' follows '/'."""
    return (place, f"{place}/", f"{place}0") if place else ()


def _bytes(value: str) -> bytes:
    return value.encode("utf-8", "surrogateescape")


def _text(value: bytes | None) -> str:
    return (value or b"").decode("utf-8", "surrogateescape")


def _entries(rows: list[tuple[bytes, ...]]) -> list[Entry]:
    return [(_text(key), _text(value)) for key, value in rows]


def _shown(value: object) -> str:
    return _text(value) if isinstance(value, bytes) else "" if value is None else str(value)
