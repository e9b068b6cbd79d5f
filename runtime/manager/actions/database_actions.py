"""Actions on the database of families and keys (main/db.c), as a table."""

from __future__ import annotations

from collections.abc import Callable

from asterism.errors import AsterismError
from runtime.core.actions import Action
from runtime.core.event_classes import REPORTING, SYSTEM
from runtime.manager.request import Request


def _entry(request: Request, end: str = ".") -> tuple[str, str] | None:
    """Family and key of a request; when one is missing, answer with an error and return None."""
    family, key = request.get("Family"), request.get("Key")
    if family and key:
        return family, key
    request.error(f"No {'key' if family else 'family'} specified{end}")
    return None


def _tried(request: Request, failed: str, doing: Callable[[], bool], done: str) -> None:
    """Answer with ``done`` or ``failed``; a database fault adds its reasons to the answer."""
    try:
        is_done = doing()
    except AsterismError as error:
        request.fail(error, failed)
        return
    if is_done:
        request.ok(done)
    else:
        request.error(failed)


def get(request: Request) -> None:
    """Send the value of a key, as a list of one (``manager_dbget``)."""
    entry = _entry(request)
    if entry is None:
        return
    value = request.core.database.get(*entry)
    if value is None:
        request.error("Database entry not found")
        return
    request.list_start("Result will follow")
    fields = (("Family", entry[0]), ("Key", entry[1]), ("Val", value))
    request.list_item("DBGetResponse", fields, id_last=True)
    request.list_complete("DBGetComplete", 1)


def get_tree(request: Request) -> None:
    """Send the entries of a family and a key prefix, or the whole database (``manager_db_tree_get``)."""
    entries = request.core.database.tree(request.get("Family"), request.get("Key"))
    request.list_start("Result will follow")
    for key, value in entries:
        request.list_item("DBGetTreeResponse", (("Key", key), ("Val", value)), id_last=True)
    request.list_complete("DBGetTreeComplete", len(entries))


def put(request: Request) -> None:
    """Set a key (``manager_dbput``)."""
    entry = _entry(request, end="")
    if entry is None:
        return

    def doing() -> bool:
        request.core.database.put(*entry, request.get("Val"))
        return True

    _tried(request, "Failed to update entry", doing, "Updated database successfully")


def delete(request: Request) -> None:
    """Delete a key (``manager_dbdel``)."""
    entry = _entry(request)
    if entry is not None:
        failed = "Database entry could not be deleted"
        _tried(request, failed, lambda: request.core.database.delete(*entry), "Key deleted successfully")


def delete_tree(request: Request) -> None:
    """Delete the entries of a family and a key prefix (``manager_dbdeltree``)."""
    family = request.get("Family")
    if not family:
        request.error("No family specified.")
        return
    try:
        count = request.core.database.delete_tree(family, request.get("Key"))
    except AsterismError as error:
        request.fail(error, "Database unavailable")
        return
    if count:
        request.ok("Key tree deleted successfully")
    else:
        request.error("Database entry not found")


_FAMILY = ("Family", "the family")
_KEY = ("Key", "the key in it")
_TREE = ("Key", "the beginning of keys, up to a slash; all of the family, when left out")

ACTIONS = (
    Action("DBDel", delete, SYSTEM, "Delete a key of the database.", (_FAMILY, _KEY)),
    Action("DBDelTree", delete_tree, SYSTEM, "Delete a tree of keys of the database.", (_FAMILY, _TREE)),
    Action("DBGet", get, SYSTEM | REPORTING, "Get the value of a key of the database.", (_FAMILY, _KEY)),
    Action(
        "DBGetTree",
        get_tree,
        SYSTEM | REPORTING,
        "Get a tree of keys of the database.",
        (("Family", "the family; everything, when left out"), _TREE),
        "One event DBGetTreeResponse for each key, closed by DBGetTreeComplete.",
    ),
    Action("DBPut", put, SYSTEM, "Set a key of the database.", (_FAMILY, _KEY, ("Val", "the value"))),
)
