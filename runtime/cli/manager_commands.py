"""``manager ...``: who is connected, who may connect, and what a client can ask for."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from asterism.documentation.layout import Texts
from asterism.errors import Fault
from asterism.names import did_you_mean
from runtime.core.actions import Action
from runtime.core.commands import Command, CommandCall, Outcome, answered, declare, failure
from runtime.core.event_classes import names_of, rights_of
from runtime.manager.core_events import KNOWN, Known

if TYPE_CHECKING:
    from runtime.manager.filters import Filter
    from runtime.manager.manager_conf import Account, ManagerSettings
    from runtime.manager.service import Service
    from runtime.manager.session import Session


def commands(service: Service) -> tuple[Command, ...]:
    """The commands for one manager."""
    return _Manager(service).commands()


class _Manager:
    def __init__(self, service: Service) -> None:
        self.core = service.core
        self.manager = service

    def commands(self) -> tuple[Command, ...]:
        return (
            declare("manager show connected [json]", self.connected, "List connected manager users", _CONNECTED),
            declare("manager show users [json]", self.users, "List configured manager users", _USERS),
            declare("manager show user <account>", self.user, "Display information on a manager user", _USER),
            declare("manager show settings", self.settings, "Show manager global settings", _SETTINGS),
            declare("manager show commands [json]", self.actions, "List manager interface commands", _ACTIONS),
            declare("manager show command <action>...", self.action, "Show a manager interface command", _ACTION),
            declare("manager show events [json]", self.events, "List manager interface events", _EVENTS),
            declare("manager show event <event>", self.event, "Show a manager interface event", _EVENT),
            declare("manager show eventq [json]", self.queues, "List events that wait for sessions", _EVENTQ),
            declare("manager set debug [on|off]", self.debug, "Show, enable, disable debugging", _DEBUG),
            declare("manager reload", self.reload, "Reload manager configurations", _RELOAD),
            declare("manager kick session <session>", self.kick, "Kick a connected manager session", _KICK),
        )

    @property
    def _sessions(self) -> tuple[Session, ...]:
        return self.manager.server.sessions if self.manager.server else ()

    # -- who is there

    def connected(self, call: CommandCall) -> Outcome | None:
        now = time.time()
        rows = [
            (
                one.account.name if one.account else "(not yet)",
                one.peer,
                int(one.began),
                max(0, int(now - one.began)),
                one.descriptor,
                rights_of(one.account.read if one.account else 0),
                rights_of(one.account.write if one.account else 0),
            )
            for one in self._sessions
        ]
        heading = ("Username", "IP Address", "Start", "Elapsed", "FileDes", "Read", "Write")
        _table(call, heading, rows, f"{len(rows)} users connected.")
        return None

    def queues(self, call: CommandCall) -> Outcome | None:
        rows = [(one.known_as, len(one.pending), one.pending.size, one.unsent) for one in self._sessions]
        _table(call, ("Session", "Events", "Characters", "Unsent bytes"), rows)
        return None

    def kick(self, call: CommandCall) -> Outcome | None:
        number = call.value("session")
        session = self.manager.server.kick(int(number)) if self.manager.server else None
        if session is None:
            call.line_out(f"No manager session found using file descriptor {number}")
            cure = "'manager show connected' lists the sessions; FileDes is the number to give"
            return answered(Fault(f"no manager session uses file descriptor {number}", cure=cure, code="no-session"))
        call.line_out(f"Kicking the manager session of {session.known_as}")
        return None

    # -- who may be there

    def users(self, call: CommandCall) -> Outcome | None:
        accounts = self.manager.settings().accounts.values()
        if _wants_json(call):
            call.line_out(json.dumps([_facts(account) for account in accounts], indent=2))
            return None
        call.line_out("\nusername\n--------")
        for account in accounts:
            call.line_out(account.name)
        call.line_out(f"-------------------\n{len(accounts)} manager users configured.")
        return None

    def user(self, call: CommandCall) -> Outcome | None:
        settings, name = self.manager.settings(), call.value("account")
        account = settings.account(name)
        if account is None:
            call.line_out(f"There is no manager called {name}")
            near = did_you_mean(name, [one.name for one in settings.accounts.values()])
            cure = near or "'manager show users' lists those that are"
            return answered(Fault(f"there is no manager user '{name}'", cure=cure, code="unknown-user"))
        call.write(_described(account))
        return None

    def settings(self, call: CommandCall) -> Outcome | None:
        call.line_out("\nGlobal Settings:\n----------------")
        for name, value in self._values(self.manager.settings()):
            call.line_out(f"  {name + ':':<25}  {value}".rstrip())
        return None

    def _values(self, settings: ManagerSettings) -> list[tuple[str, object]]:
        server = self.manager.server
        return [
            ("Manager (AMI)", _yes(settings.enabled)),
            ("TCP Bindaddress", server.where if server else "Disabled"),
            ("Allow multiple login", _yes(settings.allowmultiplelogin)),
            ("Display connects", _yes(settings.displayconnects)),
            ("Timestamp events", _yes(settings.timestampevents)),
            ("Seconds to log in", settings.authtimeout),
            ("Most that have not", settings.authlimit),
            ("Channel vars", ",".join(settings.channelvars)),
            ("Disabled events", ",".join(sorted(settings.disabledevents))),
            ("Debug", _yes(self.manager.is_debugging)),
        ]

    # -- what there is to ask for, and to hear

    def actions(self, call: CommandCall) -> Outcome | None:
        heading = ("Action", "Class", "Synopsis")
        _table(
            call,
            heading,
            [(one.name, names_of(one.authority), self._synopsis(one)) for one in self.core.actions],
        )
        return None

    def _synopsis(self, action: Action) -> str:
        return self.core.documentation.of(action).synopsis.replace("\n", " ")

    def action(self, call: CommandCall) -> Outcome | None:
        faults = []
        for name in call.all("action"):
            found = self.core.actions.find(name)
            if found is None:
                faults.append(self._no_action(name))
            else:
                call.write(described_action(found, self.core.documentation.of(found)))
        return answered(*faults) if faults else None

    def _no_action(self, name: str) -> Fault:
        cure = did_you_mean(name, self.core.actions.names()) or "'manager show commands' lists those that are"
        return Fault(f"there is no manager action '{name}'", cure=cure, code="unknown-action")

    def events(self, call: CommandCall) -> Outcome | None:
        _table(
            call, ("Event", "Class", "Synopsis"), [(one.name, names_of(one.category), one.synopsis) for one in KNOWN]
        )
        call.line_out(f"{len(KNOWN)} events of the core; modules raise their own.")
        return None

    def event(self, call: CommandCall) -> Outcome | None:
        name = call.value("event")
        found = next((one for one in KNOWN if one.name.lower() == name.lower()), None)
        if found is None:
            call.line_out(f"Could not find event '{name}'")
            cure = did_you_mean(name, [one.name for one in KNOWN]) or "'manager show events' lists those that are"
            return answered(Fault(f"the core has no event '{name}'", cure=cure, code="unknown-event"))
        call.write(_described_event(found))
        return None

    # -- the rest

    def debug(self, call: CommandCall) -> Outcome | None:
        if call.has("on") or call.has("off"):
            self.manager.set_debug(call.has("on"))
        call.line_out(f"manager debug is {'on' if self.manager.is_debugging else 'off'}")
        return None

    def reload(self, _call: CommandCall) -> Outcome | None:
        if not self.manager.reload():
            return failure(Fault("manager.conf could not be heeded", why="the log has more", code="manager-conf"))
        return None


def _wants_json(call: CommandCall) -> bool:
    return call.has("json")


def _table(call: CommandCall, heading: Sequence[str], rows: Sequence[Sequence[object]], tail: str = "") -> None:
    """Columns as wide as what is in them, and a line below; as JSON when that is asked for."""
    if _wants_json(call):
        call.line_out(json.dumps([dict(zip(heading, row, strict=True)) for row in rows], indent=2))
        return
    lines = [heading, ["-" * len(name) for name in heading], *(list(map(str, row)) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        call.line_out("  ".join(["", *(f"{text:<{width}}" for text, width in zip(line, widths, strict=True))]).rstrip())
    if tail:
        call.line_out(tail)


def _facts(account: Account) -> dict[str, object]:
    """All of an account but its secret."""
    return {
        "username": account.name,
        "secret": "<Set>" if account.secret else "(none: nobody can log in)",
        "ACL": _yes(bool(account.rules)).lower(),
        "read perm": rights_of(account.read),
        "write perm": rights_of(account.write),
        "displayconnects": _yes(account.displayconnects).lower(),
        "allowmultiplelogin": _yes(account.allowmultiplelogin).lower(),
        "writetimeout": f"{account.writetimeout} ms",
    }


def _described(account: Account) -> str:
    lines = [f"{name:>18}: {value}" for name, value in _facts(account).items()]
    lines += [
        f"{'permit' if rule.permits else 'deny':>18}: {'!' if rule.is_negated else ''}{rule.network}"
        for rules in account.rules
        for rule in rules
    ]
    lines += [
        f"{'leaves out' if one.excludes else 'sees only':>18}: {_filter_text(one)}"
        for one in (*account.filters.includes, *account.filters.excludes)
    ]
    lines += [f"{'variable':>18}: {name} = {value}" for name, value in account.setvar]
    return "\n".join(["", *lines, ""])


def _filter_text(one: Filter) -> str:
    about = {"name": one.name, "header": one.header, "method": one.method}
    return f"{', '.join(f'{word} {value}' for word, value in about.items() if value)} '{one.text}'"


def described_action(action: Action, said: Texts) -> str:
    """All that is known of an action, under the headings Asterisk uses."""
    parts = [
        ("Synopsis", said.synopsis),
        ("Provided By", action.module or "the core"),
        *([("Since", said.since)] if said.since else []),
        ("Description", said.description),
        ("Syntax", said.syntax or f"Action: {action.name}"),
        *([("Arguments", said.arguments)] if said.arguments else []),
        ("Privilege", names_of(action.authority)),
        *([("See Also", said.see_also)] if said.see_also else []),
    ]
    blocks = [f"[{heading}]\n{text.rstrip() or 'Not available'}\n" for heading, text in parts]
    return "\n".join(["", f"  -= Info about Manager Command '{action.name}' =- ", "", *blocks, ""])


def _described_event(event: Known) -> str:
    syntax = "\n".join(f"{name}: {about}" for name, about in (("Event", event.name), *event.syntax))
    parts = [("Synopsis", event.synopsis), ("Syntax", syntax), ("Privilege", names_of(event.category))]
    blocks = [f"[{heading}]\n{text}\n" for heading, text in parts]
    return "\n".join(["", f"  -= Info about Manager Event '{event.name}' =- ", "", *blocks, ""])


def _yes(value: bool) -> str:
    return "Yes" if value else "No"


_CONNECTED = """\
Lists the sessions of the manager interface: who, from where, since when, and
which classes of events and actions they have.
"""
_USERS = """\
Lists the accounts of manager.conf.
"""
_USER = """\
Shows all that manager.conf says of an account, but its secret.
"""
_SETTINGS = """\
Shows what [general] of manager.conf says, and where the manager listens.
"""
_ACTIONS = """\
Lists the actions that clients of the manager can ask for.
"""
_ACTION = """\
Describes actions.
"""
_EVENTS = """\
Lists the events the core raises.
"""
_EVENT = """\
Describes an event of the core.
"""
_EVENTQ = """\
Shows for each session how many events wait for it, and how many bytes it has
yet to read.
"""
_DEBUG = """\
Has every event tell its number and the place in the source that raised it;
without a word, says whether they do. Until 'manager reload'.
"""
_RELOAD = """\
Reads manager.conf again. Sessions whose account is gone, or has another
secret, end; the others go on with the rights they have now.
"""
_KICK = """\
Ends a session; <session> is its FileDes in 'manager show connected'.
"""
