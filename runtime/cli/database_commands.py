"""``database ...``: the persistent database of keys and values."""

from __future__ import annotations

from asterism.errors import AsterismError, Fault
from asterism.names import did_you_mean
from runtime.core.commands.command import Command, CommandCall, Outcome, answered, declare
from runtime.core.core import Core
from runtime.core.database import Entry, split_key


def commands(core: Core) -> tuple[Command, ...]:
    """The commands for one core."""
    return _DatabaseCommands(core).commands()


class _DatabaseCommands:
    def __init__(self, core: Core) -> None:
        self.database = core.database

    def commands(self) -> tuple[Command, ...]:
        return (
            declare("database show [<family> [<keytree>]]", self.show, "Show database contents", _SHOW),
            declare("database showkey <key>", self.show_key, "Show database contents of a key", _SHOWKEY),
            declare("database get <family> <key>", self.get, "Get a database value", _GET),
            declare("database put <family> <key> <value>", self.put, "Add or update a database value", _PUT),
            declare("database del <family> <key>", self.delete, "Remove a database key and its value", _DEL),
            declare("database deltree <family> [<keytree>]", self.delete_tree, "Remove a database tree", _DELTREE),
            declare("database query <sql>", self.query, "Run an SQL statement on the database", _QUERY),
        )

    def show(self, call: CommandCall) -> Outcome | None:
        family, keytree = (*call.args, "", "")[:2]
        _show_entries(call, self.database.tree(family, keytree))
        return None

    def show_key(self, call: CommandCall) -> Outcome | None:
        _show_entries(call, self.database.with_key(call.args[0]))
        return None

    def get(self, call: CommandCall) -> Outcome | None:
        value = self.database.get(*call.args)
        if value is None:
            call.line_out("Database entry not found.")
            return self._absent(*call.args)
        call.line_out(f"Value: {value}")
        return None

    def put(self, call: CommandCall) -> Outcome | None:
        self.database.put(*call.args)
        call.line_out("Updated database successfully")
        return None

    def delete(self, call: CommandCall) -> Outcome | None:
        if not self.database.delete(*call.args):
            call.line_out("Database entry could not be removed.")
            return self._absent(*call.args)
        call.line_out("Database entry removed.")
        return None

    def delete_tree(self, call: CommandCall) -> Outcome | None:
        count = self.database.delete_tree(*call.args)
        if not count:
            call.line_out("Database entries do not exist.")
            known = {split_key(entry[0])[0] for entry in self.database.tree()}
            cure = did_you_mean(call.args[0], known) or "'database show' lists what there is"
            return answered(Fault(f"nothing is at '{'/'.join(call.args)}'", cure=cure, code="unknown-tree"))
        call.line_out(f"{count} database entries removed.")
        return None

    def query(self, call: CommandCall) -> Outcome | None:
        try:
            rows = list(self.database.query(call.value("sql")))
        except AsterismError as error:
            return answered(*error.faults)
        for row in rows:
            for name, value in row:
                call.line_out(f"{name:<5}: {value:<50}".rstrip())
            call.line_out()
        return None

    def _absent(self, family: str, key: str) -> Outcome:
        near = did_you_mean(f"{family} {key}", [" ".join(split_key(entry[0])) for entry in self.database.tree()])
        cure = near or "'database show' lists what there is"
        return answered(Fault(f"there is no key '{key}' in the family '{family}'", cure=cure, code="unknown-key"))


def _show_entries(call: CommandCall, entries: list[Entry]) -> None:
    for key, value in entries:
        call.line_out(f"{key:<50}: {value:<25}".rstrip())
    call.line_out(f"{len(entries)} results found.")


_SHOW = """\
Shows what the database holds, or a family of it, or what is below a part of
its keys.
"""
_SHOWKEY = """\
Shows what has that key, or a key that ends with it, in any family.
"""
_GET = """\
Shows the value of a key.
"""
_PUT = """\
Adds a key, or changes its value.
"""
_DEL = """\
Removes a key and its value.
"""
_DELTREE = """\
Removes a family, or what is below a part of its keys.
"""
_QUERY = """\
Runs any SQL statement on the table astdb(key, value) and shows its rows.
It may change and destroy everything.
"""
