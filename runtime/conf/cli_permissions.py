"""cli_permissions.conf: which users may run which console commands (main/cli.c, ``cli_has_permissions``)."""

from __future__ import annotations

import grp
import os
import pwd

from asterism.errors import Fault, Place
from asterism.parsing import regular_expression
from asterism.values import dataclass
from runtime.conf import conf_file, conf_values

FILE = "cli_permissions.conf"


@dataclass(frozen=True, slots=True)
class CommandRule:
    """A rule: ``permit = core show`` or ``deny = all``."""

    permits: bool
    command: str
    """The rule's pattern: ``all``, the beginning of a command, or a regular expression; case does not matter."""

    def matches(self, command: str) -> bool:
        """Whether the rule matches a command line."""
        wanted = self.command.lower()
        if wanted == "all" or command.lower().startswith(wanted):
            return True
        try:
            return regular_expression(wanted).search(command.lower()) is not None
        except ValueError:  # a beginning of a command that is not a valid regular expression
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
    """The parsed cli_permissions.conf."""

    default: bool = True
    """Whether a command is allowed when no rule matches."""
    entries: tuple[Rules, ...] = ()
    warnings: tuple[Fault, ...] = ()

    def allows(self, user: int | None, group: int | None, command: str) -> bool:
        """Whether a user of a group may run a command line; rules of the user override those of the group.

        Args:
            user: the user's number; None when unknown.
            group: the number of the user's primary group; None when unknown.
            command: the command line.
        """
        if command.startswith("_"):
            return True
        answer = self.default
        for found in (self._said(group=group, command=command), self._said(user=user, command=command)):
            answer = answer if found is None else found
        return answer

    def _said(self, *, user: int | None = None, group: int | None = None, command: str) -> bool | None:
        """The decision of the last rule that matches a command; None when none matches."""
        found = None
        for entry in self.entries:
            if (user is not None and entry.user == user) or (group is not None and entry.group == group):
                for rule in entry.rules:
                    found = rule.permits if rule.matches(command) else found
        return found


def only(*users: int) -> Permissions:
    """The permissions after an invalid file: these users may run every command, other users none."""
    entries = tuple(Rules(str(user), user, None, (CommandRule(True, "all"),)) for user in users)
    return Permissions(False, entries)


def read(parsed: conf_values.Config) -> Permissions:
    """Interpret a cli_permissions.conf; faults become warnings, and the valid rest applies.

    Sections of users and groups that the system does not know are ignored, with a warning.
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


def _who(section: conf_values.Section, warnings: list[Fault]) -> tuple[int | None, int | None] | None:
    """The user's or the group's number of a section, the other being None; None when the name is unknown."""
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


def _rules(section: conf_values.Section, warnings: list[Fault]) -> list[CommandRule]:
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
    """Read the file of a configuration directory; without a file, everyone who can connect may run all commands.

    Raises:
        AsterismError: the file exists and cannot be read or is invalid.
    """
    path = os.path.join(directory, FILE)
    if not os.path.lexists(path):
        return Permissions()
    return read(conf_file.load(path, exec_=exec_))
