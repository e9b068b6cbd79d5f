"""cli_permissions.conf: who may run which command of the console (main/cli.c, ``cli_has_permissions``)."""

from __future__ import annotations

import grp
import os
import pwd

from asterism.errors import Fault, Place
from asterism.parsing import regular_expression
from asterism.values import dataclass
from runtime.conf import conf_file

FILE = "cli_permissions.conf"


@dataclass(frozen=True, slots=True)
class CommandRule:
    """``permit = core show`` or ``deny = all``."""

    permits: bool
    command: str
    """``all``, the beginning of a command, or a regular expression; without regard to case."""

    def matches(self, command: str) -> bool:
        """Whether the rule is about a command line."""
        wanted = self.command.lower()
        if wanted == "all" or command.lower().startswith(wanted):
            return True
        try:
            return regular_expression(wanted).search(command.lower()) is not None
        except ValueError:  # a beginning that is no regular expression
            return False


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of a user or of a group."""

    name: str
    user: int | None
    """The user's number; None for a group."""
    group: int | None
    """The group's number; None for a user."""
    rules: tuple[CommandRule, ...] = ()


@dataclass(frozen=True, slots=True)
class Permissions:
    """All of the file."""

    default: bool = True
    """Whether those that no rule is about may run a command."""
    entries: tuple[Rules, ...] = ()
    warnings: tuple[Fault, ...] = ()

    def allows(self, user: int | None, group: int | None, command: str) -> bool:
        """Whether a user of a group may run a command line; rules of the user count before those of the group.

        Args:
            user: the user's number; None leaves it open.
            group: the number of the user's primary group; None leaves it open.
            command: the command line.
        """
        if command.startswith("_"):
            return True
        answer = self.default
        for found in (self._said(group=group, command=command), self._said(user=user, command=command)):
            answer = answer if found is None else found
        return answer

    def _said(self, *, user: int | None = None, group: int | None = None, command: str) -> bool | None:
        """What the last rule says that matches a command; None when none does."""
        found = None
        for entry in self.entries:
            if (user is not None and entry.user == user) or (group is not None and entry.group == group):
                for rule in entry.rules:
                    found = rule.permits if rule.matches(command) else found
        return found


def only(*users: int) -> Permissions:
    """Permissions of a file that cannot be understood: these users may run everything, and nobody else anything."""
    entries = tuple(Rules(str(user), user, None, (CommandRule(True, "all"),)) for user in users)
    return Permissions(False, entries)


def read(parsed: conf_file.Config) -> Permissions:
    """Understand a cli_permissions.conf; what it says wrong is among the warnings, and the rest counts.

    A user or a group that the system does not know is passed over.
    """
    default = True
    entries: list[Rules] = []
    warnings = list(parsed.warnings)
    for section in parsed.sections:
        if section.is_template:
            continue
        if section.name.lower() == "general":
            default = section.get("default_perm", "permit").lower() == "permit"
            continue
        found = _who(section, warnings)
        if found is not None:
            entries.append(Rules(section.name.lstrip("@"), *found, tuple(_rules(section, warnings))))
    return Permissions(default, tuple(entries), tuple(warnings))


def _who(section: conf_file.Section, warnings: list[Fault]) -> tuple[int | None, int | None] | None:
    """The number of a section's user and of its group, one of which is None; None when there is no such name."""
    try:
        if section.name.startswith("@"):
            return None, grp.getgrnam(section.name[1:]).gr_gid
        return pwd.getpwnam(section.name).pw_uid, None
    except KeyError:
        what = (
            f"Unknown group '{section.name[1:]}'" if section.name.startswith("@") else f"Unknown user '{section.name}'"
        )
        warnings.append(Fault(what, Place(section.file, section.line), code="cli-permissions", severity="warning"))
        return None


def _rules(section: conf_file.Section, warnings: list[Fault]) -> list[CommandRule]:
    rules = []
    for variable in section:
        word = variable.name.lower()
        if word not in ("permit", "deny"):
            what, cure = f"unknown word '{variable.name}'", "write permit or deny"
            warnings.append(Fault(what, variable.name_place, cure=cure, code="cli-permissions", severity="warning"))
        elif not variable.value:
            what = f"'{variable.name}' names no command"
            warnings.append(Fault(what, variable.place, code="cli-permissions", severity="warning"))
        else:
            rules.append(CommandRule(word == "permit", variable.value))
    return rules


def load(directory: str, *, exec_: bool = False) -> Permissions:
    """Read the file of a configuration directory; without one, everybody who can connect may run everything.

    Raises:
        AsterismError: it is there and cannot be read or understood.
    """
    path = os.path.join(directory, FILE)
    if not os.path.lexists(path):
        return Permissions()
    return read(conf_file.load(path, exec_=exec_))
