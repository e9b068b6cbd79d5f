"""asterisk/astdb.h: the database of keys and values.

For authors of Python modules: :func:`get`, :func:`put`, :func:`delete`, :func:`exists`, :func:`tree` and
:func:`delete_tree`.  Each raises AsterismError when the file cannot be used.
"""

from __future__ import annotations

from asterism.values import TYPE_CHECKING
from runtime.api import bound, core, encode, required, text
from runtime.api import put as put_text
from runtime.api.export import exported
from runtime.core.database import Entry

if TYPE_CHECKING:
    from typing import Any


def get(family: str, key: str) -> str | None:
    """The value of a key, or None."""
    return core().database.get(family, key)


def put(family: str, key: str, value: str) -> None:
    """Set a key."""
    core().database.put(family, key, value)


def delete(family: str, key: str) -> bool:
    """Delete a key.  Returns whether the key existed."""
    return core().database.delete(family, key)


def exists(family: str, key: str) -> bool:
    """Whether a key exists."""
    return core().database.exists(family, key)


def tree(family: str = "", keytree: str = "") -> list[Entry]:
    """Full keys (``/family/key``) and values of a family, of the keys below a prefix, or of the whole database."""
    return core().database.tree(family, keytree)


def delete_tree(family: str = "", keytree: str = "") -> int:
    """Delete the entries that :func:`tree` gives.  Returns their number."""
    return core().database.delete_tree(family, keytree)


def _names(family: Any, key: Any) -> tuple[str, str]:
    return required(family, "the family"), required(key, "the key")


@exported("int ast_db_get(const char *family, const char *key, char *value, int valuelen)", failure=-1)
def ast_db_get(family: Any, key: Any, value: Any, valuelen: int) -> int:
    """Read the value of a key, cut to fit; an empty text and -1 when the key does not exist."""
    put_text(value, min(valuelen, 1), "")
    found = get(*_names(family, key))
    if found is not None:
        put_text(value, valuelen, found)
    return -1 if found is None else 0


@exported("int ast_db_get_allocated(const char *family, const char *key, char **out)", failure=-1)
def ast_db_get_allocated(family: Any, key: Any, out: Any) -> int:
    """Read the whole value of a key into allocated memory."""
    binding = bound()
    out[0] = binding.ffi.NULL
    found = get(*_names(family, key))
    if found is None:
        return -1
    data = encode(found)
    out[0] = binding.lib.asterism_copy(data, len(data))
    return 0 if out[0] else -1


@exported("int ast_db_exists(const char *family, const char *key)", failure=0)
def ast_db_exists(family: Any, key: Any) -> int:
    """1 when the key exists."""
    return int(exists(*_names(family, key)))


@exported("int ast_db_put(const char *family, const char *key, const char *value)", failure=-1)
def ast_db_put(family: Any, key: Any, value: Any) -> int:
    """Set a key."""
    put(*_names(family, key), required(value, "the value"))
    return 0


@exported("int ast_db_del(const char *family, const char *key)", failure=-1)
def ast_db_del(family: Any, key: Any) -> int:
    """Delete a key; 0 also when the key does not exist."""
    delete(*_names(family, key))
    return 0


@exported("int ast_db_del2(const char *family, const char *key)", failure=-1)
def ast_db_del2(family: Any, key: Any) -> int:
    """Delete an existing key; -1, with a warning, when the key does not exist."""
    names = _names(family, key)
    if delete(*names):
        return 0
    core().logger.warning("key '/{}/{}' is not in the database".format(*names))
    return -1


@exported("int ast_db_deltree(const char *family, const char *keytree)", failure=-1)
def ast_db_deltree(family: Any, keytree: Any) -> int:
    """Delete the entries below a prefix; their number."""
    return delete_tree(text(family), text(keytree))


def _list(entries: list[Entry]) -> Any:
    binding = bound()
    head = binding.ffi.NULL
    for key, value in reversed(entries):
        entry = binding.lib.asterism_db_entry(encode(key), encode(value), head)
        if not entry:
            binding.lib.ast_db_freetree(head)
            return binding.ffi.NULL
        head = entry
    return head


@exported("struct ast_db_entry *ast_db_gettree(const char *family, const char *keytree)")
def ast_db_gettree(family: Any, keytree: Any) -> Any:
    """The entries of a family, of a part of it, or of the whole database; ``begin%`` takes keys by their beginning.

    The sign is SQL's, for ``LIKE`` (``ast_db_gettree`` of main/db.c); res_sorcery_astdb uses it.
    """
    where, part = text(family), text(keytree)
    if where and part.endswith("%"):
        return _list(core().database.by_prefix(where, part[:-1]))
    return _list(tree(where, part))


@exported("struct ast_db_entry *ast_db_gettree_by_prefix(const char *family, const char *key_prefix)")
def ast_db_gettree_by_prefix(family: Any, key_prefix: Any) -> Any:
    """The entries of a family whose keys begin with a text."""
    return _list(core().database.by_prefix(text(family), text(key_prefix)))
