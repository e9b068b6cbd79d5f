"""``cli show|reload|check permissions``: which users may run which commands (main/cli.c)."""

from __future__ import annotations

import grp
import pwd
from collections.abc import Iterator

from asterism.errors import Fault
from runtime.conf import cli_permissions
from runtime.core.commands.command import Command, CommandCall, Completing, Outcome, declare, failure
from runtime.core.core import Core


def commands(core: Core) -> tuple[Command, ...]:
    """The commands for one core."""
    return _Permissions(core).commands()


class _Permissions:
    def __init__(self, core: Core) -> None:
        self.core = core

    def commands(self) -> tuple[Command, ...]:
        return (
            declare("cli show permissions", self.show, "Show CLI permissions", _SHOW),
            declare("cli reload permissions", self.reload, "Reload CLI permissions config", _RELOAD),
            declare(
                "cli check permissions <who> [<command>...]",
                self.check,
                "Try a permissions config for a user",
                _CHECK,
                complete=self.complete,
            ),
        )

    def show(self, call: CommandCall) -> Outcome | None:
        for entry in self.core.permissions.entries:
            kind = f"user: {entry.name} [uid={entry.user}]" if entry.user is not None else ""
            call.line_out(kind or f"group: {entry.name} [gid={entry.group}]")
            call.line_out("Permissions:")
            for rule in entry.rules:
                call.line_out(f"\t{'permit' if rule.permits else 'deny'} -> {rule.command}")
            call.line_out()
        return None

    def reload(self, call: CommandCall) -> Outcome | None:
        settings = self.core.settings
        read = cli_permissions.load(settings.directories.astetcdir, exec_=settings.options.execincludes)
        for fault in read.warnings:
            call.client.err(f"{fault}\n")
        self.core.permissions = read
        return None

    def check(self, call: CommandCall) -> Outcome | None:
        name, at, group = call.value("who").partition("@")
        gid, uid = _group_number(group), _user_number(name)
        if at and gid is None:
            return _unknown(call, "group", group)
        if name and uid is None:
            return _unknown(call, "user", name)
        line = " ".join(call.all("command"))
        if not line:
            return self._list_allowed(call, uid, gid)
        answer = "allowed" if self.core.permissions.allows(uid, gid, line) else "not allowed"
        kind = "Group" if uid is None else "User"
        shown = f"{name}{at if uid is not None else ''}{group}"
        call.line_out(f"{kind} '{shown}' is {answer} to run command: '{line}'")
        return None

    def _list_allowed(self, call: CommandCall, uid: int | None, gid: int | None) -> Outcome | None:
        allowed = [
            entry
            for entry in self.core.commands
            if not entry.is_hidden and self.core.permissions.allows(uid, gid, entry.words)
        ]
        for entry in allowed:
            call.line_out(f"{entry.words:>30.30} {entry.summary or '<no description available>'}")
        if not allowed:
            call.line_out("You are not allowed to run any command on Asterisk")
        return None

    def complete(self, asked: Completing) -> Iterator[str]:
        if asked.position < 4:
            return
        before = asked.words[4 : asked.position]
        yield from self.core.commands.complete(" ".join([*before, asked.word]))


def _user_number(name: str) -> int | None:
    try:
        return pwd.getpwnam(name).pw_uid if name else None
    except KeyError:
        return None


def _group_number(name: str) -> int | None:
    try:
        return grp.getgrnam(name).gr_gid if name else None
    except KeyError:
        return None


def _unknown(call: CommandCall, kind: str, name: str) -> Outcome:
    call.line_out(f"Unknown {kind} '{name}'")
    return failure(Fault(f"the system has no {kind} '{name}'", code=f"unknown-{kind}"))


_SHOW = """\
Shows the rules of cli_permissions.conf: which users and groups may run which
commands over the control socket.
"""
_RELOAD = """\
Reads cli_permissions.conf again.
"""
_CHECK = """\
Tells whether somebody may run a command, or lists the commands they may run.
<who> is USER, @GROUP or USER@GROUP.
"""
