"""``manager ...``: the manager's sessions, accounts, actions and events."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Sequence

from asterism.documentation.layout import Texts
from asterism.errors import Fault
from asterism.names import did_you_mean
from asterism.values import TYPE_CHECKING
from runtime.core.actions import Action
from runtime.core.commands.command import Command, CommandCall, Outcome, answered, declare, failure
from runtime.core.event_classes import names_of, rights_of
from runtime.manager.core_events import KNOWN, Known
from runtime.manager.tls import TlsSettings

if TYPE_CHECKING:
    from typing import Any

    from runtime.manager.filters import Filter
    from runtime.manager.manager_conf import Account, ManagerSettings, Rule
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
            declare("manager show user <account> [json]", self.user, "Display information on a manager user", _USER),
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

    # -- sessions

    def connected(self, call: CommandCall) -> Outcome | None:
        rows = [_row(one, int(time.time())) for one in self._sessions]
        if _wants_json(call):
            told = [{**row, "Read": rights_of(row["ReadPerms"]), "Write": rights_of(row["WritePerms"])} for row in rows]
            call.line_out(json.dumps(told, indent=2))
            return None
        call.line_out(_connected_line(_CONNECTED_WIDTHS))
        for row in rows:
            rights = {name: f"{row[name]:010d}" for name in ("ReadPerms", "WritePerms")}
            call.line_out(_connected_line({**row, **rights}.values()))
        call.line_out(f"{len(rows)} users connected.")
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

    # -- accounts

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
        call.line_out(json.dumps(_facts(account), indent=2) if _wants_json(call) else _described(account))
        return None

    def settings(self, call: CommandCall) -> Outcome | None:
        call.line_out("\nGlobal Settings:\n----------------")
        for name, value in self._values(self.manager.settings()):
            call.line_out(f"  {name + ':':<25}  {value}".rstrip())
        return None

    def _values(self, settings: ManagerSettings) -> list[tuple[str, object]]:
        server, tls = self.manager.server, settings.tls or TlsSettings()
        return [
            ("Manager (AMI)", _yes(settings.enabled)),
            ("Web Manager (AMI/HTTP)", "No"),
            ("TCP Bindaddress", server.where if server else "Disabled"),
            ("HTTP Timeout (seconds)", 60),
            ("TLS Enable", _yes(settings.tls is not None)),
            ("TLS Bindaddress", (server and server.where_tls) or "Disabled"),
            ("TLS Certfile", tls.tlscertfile),
            ("TLS Privatekey", tls.tlsprivatekey),
            ("TLS Cipher", tls.tlscipher),
            ("Allow multiple login", _yes(settings.allowmultiplelogin)),
            ("Display connects", _yes(settings.displayconnects)),
            ("Timestamp events", _yes(settings.timestampevents)),
            ("Channel vars", ",".join(settings.channelvars)),
            ("Disabled events", ",".join(sorted(settings.disabledevents))),
            ("Debug", _yes(self.manager.is_debugging)),
            ("Login timeout (seconds)", settings.authtimeout),
            ("Most without a login", settings.authlimit),
        ]

    # -- actions and events

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

    # -- settings and reload

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
    """Write a table whose columns fit their contents, followed by a line; on request as JSON."""
    if _wants_json(call):
        call.line_out(json.dumps([dict(zip(heading, row, strict=True)) for row in rows], indent=2))
        return
    lines = [heading, ["-" * len(name) for name in heading], *(list(map(str, row)) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        call.line_out("  ".join(["", *(f"{text:<{width}}" for text, width in zip(line, widths, strict=True))]).rstrip())
    if tail:
        call.line_out(tail)


_CONNECTED_WIDTHS = {
    "Username": 15,
    "IP Address": 55,
    "Start": 10,
    "Elapsed": 10,
    "FileDes": 8,
    "HttpCnt": 8,
    "ReadPerms": 10,
    "WritePerms": 10,
}
"""The columns of ``manager show connected`` and their widths in characters (main/manager.c, ``HSMCONN_FORMAT1``)."""


def _row(session: Session, now: int) -> dict[str, Any]:
    account = session.account
    values = (
        account.name if account else "",
        str(session.address),
        int(session.began),
        max(0, now - int(session.began)),
        session.descriptor,
        0,  # requests over HTTP, which the manager does not serve
        account.read if account else 0,
        account.write if account else 0,
    )
    return dict(zip(_CONNECTED_WIDTHS, values, strict=True))


def _connected_line(cells: Iterable[object]) -> str:
    widths = _CONNECTED_WIDTHS.values()
    return "  ".join(["", *(f"{str(cell)[:width]:<{width}}" for cell, width in zip(cells, widths, strict=True))])


def _facts(account: Account) -> dict[str, Any]:
    """The properties of an account without its secret."""
    return {
        "username": account.name,
        "secret": "<Set>" if account.secret else "(N/A)",
        "ACL": _yes(bool(account.acl)).lower(),
        "read perm": rights_of(account.read),
        "write perm": rights_of(account.write),
        "displayconnects": _yes(account.displayconnects).lower(),
        "allowmultiplelogin": _yes(account.allowmultiplelogin).lower(),
        "Variables": dict(account.setvar),
        "rules": [{"name": one.name, "rules": [_rule(rule) for rule in one.rules]} for one in account.acl],
        "filters": [_filter_text(one) for one in (*account.filters.includes, *account.filters.excludes)],
        "writetimeout": account.writetimeout,
    }


_LAID_OUT = ("username", "secret", "ACL", "read perm", "write perm", "displayconnects", "allowmultiplelogin")


def _described(account: Account) -> str:
    """An account in the layout of Asterisk (main/manager.c, ``handle_showmanager``), then its filters, if any."""
    facts = _facts(account)
    lines = ["", *(f"{name:>18}: {facts[name]}" for name in _LAID_OUT), f"{'Variables':>18}: "]
    lines += [f"{'':>17}{name} = {value}" for name, value in account.setvar]
    for one in account.acl:
        lines += [f"ACL: {one.name or '(unnamed)'}", "-" * 45]
        lines += [f"{index:3}: {_rule(rule)}" for index, rule in enumerate(one.rules)]
    lines += [f"{'Event filter':>18}: {text}" for text in facts["filters"]]
    return "\n".join(lines)


def _rule(rule: Rule) -> str:
    return f"{'allow' if rule.permits else ' deny'} - {rule.network.network_address}/{rule.network.netmask}"


def _filter_text(one: Filter) -> str:
    about = {"name": one.name, "header": one.header, "method": one.method}
    criteria = ", ".join(f"{word} {value}" for word, value in about.items() if value)
    return f"{'leaves out' if one.excludes else 'sees only'} {criteria} '{one.text}'"


def described_action(action: Action, said: Texts) -> str:
    """The description of an action, under Asterisk's headings."""
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
which classes of events and actions they have. 'json' names these classes.
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
