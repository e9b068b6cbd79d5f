"""``database ...``: the keys and values that outlive the program."""

from __future__ import annotations

from collections.abc import Iterable

from asterism.errors import Fault
from asterism.names import did_you_mean
from runtime.astdb import Entry
from runtime.commands import SHOWUSAGE, Call, Command, Completing, Outcome, failure
from runtime.core import Core


def commands(core: Core) -> tuple[Command, ...]:
    """The commands for one core."""
    return _Commands(core).commands()


class _Commands:
    def __init__(self, core: Core) -> None:
        self.database = core.database

    def commands(self) -> tuple[Command, ...]:
        return (
            Command("database show", self.show, "Show database contents", _SHOW, self.families),
            Command("database showkey", self.show_key, "Show database contents of a key", _SHOWKEY, self.keys),
            Command("database get", self.get, "Get a database value", _GET, self.names),
            Command("database put", self.put, "Add or update a database value", _PUT, self.names),
            Command("database del", self.delete, "Remove a database key and its value", _DEL, self.names),
            Command("database deltree", self.delete_tree, "Remove a database tree", _DELTREE, self.families),
            Command("database query", self.query, "Run an SQL statement on the database", _QUERY),
        )

    def show(self, call: Call) -> Outcome | None:
        if len(call.args) > 2:
            return SHOWUSAGE
        family, keytree = (*call.args, "", "")[:2]
        _show_entries(call, self.database.tree(family, keytree))
        return None

    def show_key(self, call: Call) -> Outcome | None:
        if len(call.args) != 1:
            return SHOWUSAGE
        _show_entries(call, self.database.with_key(call.args[0]))
        return None

    def get(self, call: Call) -> Outcome | None:
        if len(call.args) != 2:
            return SHOWUSAGE
        value = self.database.get(*call.args)
        if value is None:
            return self._absent(*call.args)
        call.line_out(f"Value: {value}")
        return None

    def put(self, call: Call) -> Outcome | None:
        if len(call.args) != 3:
            return SHOWUSAGE
        self.database.put(*call.args)
        call.line_out("Updated database successfully")
        return None

    def delete(self, call: Call) -> Outcome | None:
        if len(call.args) != 2:
            return SHOWUSAGE
        if not self.database.delete(*call.args):
            return self._absent(*call.args)
        call.line_out("Database entry removed.")
        return None

    def delete_tree(self, call: Call) -> Outcome | None:
        if len(call.args) not in (1, 2):
            return SHOWUSAGE
        count = self.database.delete_tree(*call.args)
        if not count:
            known = list(self.families(None))
            cure = did_you_mean(call.args[0], known) or "'database show' lists what there is"
            return failure(Fault(f"nothing is at '{'/'.join(call.args)}'", cure=cure, code="unknown-tree"))
        call.line_out(f"{count} database entries removed.")
        return None

    def query(self, call: Call) -> Outcome | None:
        if len(call.args) != 1:
            return SHOWUSAGE
        for row in self.database.query(call.args[0]):
            for name, value in row:
                call.line_out(f"{name:<5}: {value:<50}".rstrip())
            call.line_out()
        return None

    def _absent(self, family: str, key: str) -> Outcome:
        near = did_you_mean(f"{family} {key}", [" ".join(names) for names in map(_split, self.database.tree())])
        cure = near or "'database show' lists what there is"
        return failure(Fault(f"there is no key '{key}' in the family '{family}'", cure=cure, code="unknown-key"))

    # -- completion

    def families(self, _asked: Completing | None) -> Iterable[str]:
        return sorted({_split(entry)[0] for entry in self.database.tree()})

    def keys(self, _asked: Completing) -> Iterable[str]:
        return sorted({_split(entry)[1] for entry in self.database.tree()})

    def names(self, asked: Completing) -> Iterable[str]:
        if asked.position == 2:
            return self.families(asked)
        if asked.position == 3:
            return [_split(entry)[1] for entry in self.database.tree(asked.words[2])]
        return []


def _split(entry: Entry) -> tuple[str, str]:
    """Family and key."""
    family, _, key = entry[0].removeprefix("/").partition("/")
    return family, key


def _show_entries(call: Call, entries: list[Entry]) -> None:
    for key, value in entries:
        call.line_out(f"{key:<50}: {value:<25}".rstrip())
    call.line_out(f"{len(entries)} results found.")


_SHOW = """\
Usage: database show [FAMILY [KEYTREE]]
       database show [FAMILY[/KEYTREE]]
       Shows what the database holds, or a family of it, or what is below a part of
       its keys.
"""
_SHOWKEY = """\
Usage: database showkey KEY
       Shows what has that key, or a key that ends with it, in any family.
"""
_GET = """\
Usage: database get FAMILY KEY
       Shows the value of a key.
"""
_PUT = """\
Usage: database put FAMILY KEY VALUE
       Adds a key, or changes its value.
"""
_DEL = """\
Usage: database del FAMILY KEY
       Removes a key and its value.
"""
_DELTREE = """\
Usage: database deltree FAMILY [KEYTREE]
       database deltree FAMILY[/KEYTREE]
       Removes a family, or what is below a part of its keys.
"""
_QUERY = """\
Usage: database query "SQL"
       Runs any SQL statement on the table astdb(key, value) and shows its rows.
       It may change and destroy everything.
"""
