"""cli_permissions.conf: rules of users and groups."""

from __future__ import annotations

import grp
import os
import pwd

import pytest

from runtime.conf import cli_permissions, conf_file
from runtime.control.control_socket import Access

USER = pwd.getpwuid(os.geteuid())
GROUP = grp.getgrgid(os.getegid())

TEXT = f"""\
[general]
default_perm = deny
[{USER.pw_name}]
permit = core
deny = core stop
permit = ^module .*show
[@{GROUP.gr_name}]
permit = all
deny = dialplan [
"""


@pytest.mark.parametrize(
    ("user", "group", "command", "allowed"),
    [
        (USER.pw_uid, None, "core show version", True),
        (USER.pw_uid, None, "CORE stop now", False),
        (USER.pw_uid, None, "module very show", True),
        (USER.pw_uid, None, "database show", False),
        (None, GROUP.gr_gid, "database show", True),
        (None, GROUP.gr_gid, "dialplan [x", False),
        (USER.pw_uid, GROUP.gr_gid, "core stop now", False),
        (USER.pw_uid, GROUP.gr_gid, "database show", True),
        (4711, 4711, "core show version", False),
        (4711, 4711, "_command hidden", True),
    ],
)
def test_the_last_rule_that_matches_counts_and_the_users_before_the_groups(
    user: int | None, group: int | None, command: str, allowed: bool
) -> None:
    read = cli_permissions.read(conf_file.loads(TEXT, "cli_permissions.conf"))
    assert read.warnings == ()
    assert read.allows(user, group, command) is allowed


def test_what_cannot_be_understood_is_told_and_passed_over() -> None:
    text = f"[nix-nobody]\npermit = all\n[@nix-group]\n[{USER.pw_name}]\nallow = all\npermit =\n"
    read = cli_permissions.read(conf_file.loads(text, "cli_permissions.conf"))
    assert [fault.what for fault in read.warnings] == [
        "Unknown user 'nix-nobody'",
        "Unknown group 'nix-group'",
        "unknown word 'allow'",
        "'permit' names no command",
    ]
    assert read.allows(USER.pw_uid, None, "core show version")


def test_only_some_users_may_run_commands_while_the_file_is_broken() -> None:
    rules = cli_permissions.only(0, 17)
    assert [rules.allows(user, None, "core stop now") for user in (0, 17, 18)] == [True, True, False]


@pytest.mark.parametrize(
    ("access", "user", "group", "enters"),
    [
        (Access(), os.geteuid(), 0, True),
        (Access(), 0, 0, True),
        (Access(), 4711, os.getegid(), False),
        (Access(0o660), 4711, os.getegid(), True),
        (Access(0o660, group=4712), 4711, 4711, False),
        (Access(0o660, group=4712), 4711, 4712, True),
        (Access(0o606), 4711, 4711, True),
        (Access(0o600, owner=4711), 4711, 4711, True),
    ],
)
def test_the_socket_lets_in_whom_its_mode_says(access: Access, user: int, group: int, enters: bool) -> None:
    assert access.admits(user, group) is enters
