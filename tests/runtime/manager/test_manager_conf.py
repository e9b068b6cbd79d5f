"""manager.conf: what is understood, what is warned of, and that secrets stay secret."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from asterism.errors import AsterismError
from runtime.core.event_classes import ALL, CLASSES
from runtime.core.events import Event
from runtime.manager import filters, manager_conf
from runtime.manager.filters import Filter, Filters
from runtime.manager.manager_conf import Account, address_of

HOME = """\
[general]
enabled = yes
port = 5099
bindaddr = ::1
allowmultiplelogin = no
timestampevents = yes
authtimeout = 5
authlimit = 3
disabledevents = UserEvent, Reload

[here](!)
deny = 0.0.0.0/0
permit = 127.0.0.0/255.0.0.0
read = system

[Bob](here)
secret = geheim
write = system,command
allowmultiplelogin = yes
writetimeout = 500
eventfilter = !Reload
eventfilter(name(Load),header(Module),method(starts_with)) = res_
setvar = A=1=2
"""


def test_templates_general_and_accounts_are_put_together() -> None:
    settings = manager_conf.loads(HOME)
    bob = settings.account("bOB")
    assert bob is not None
    assert settings.warnings == ()
    assert (settings.enabled, settings.bindaddr, settings.port, settings.is_local) == (True, "::1", 5099, True)
    assert (settings.authtimeout, settings.authlimit, settings.timestampevents) == (5, 3, True)
    assert settings.disabledevents == {"UserEvent", "Reload"}
    assert (bob.name, bob.read, bob.write) == ("Bob", CLASSES["system"], CLASSES["system"] | CLASSES["command"])
    assert (bob.allowmultiplelogin, bob.displayconnects, bob.writetimeout) == (True, True, 500)
    assert bob.setvar == (("A", "1=2"),)
    assert bob.filters == Filters(
        (Filter("res_", "starts_with", "Load", "Module"),), (Filter("Reload", "regex", excludes=True),)
    )
    assert list(settings.accounts) == ["bob"]


def test_without_a_word_nothing_is_on_and_only_this_machine_could_connect() -> None:
    settings = manager_conf.loads("")
    assert (settings.enabled, settings.bindaddr, settings.port, settings.is_local) == (False, "127.0.0.1", 5038, True)
    assert manager_conf.loads("[general]\nbindaddr = 0.0.0.0\n").is_local is False


@pytest.mark.parametrize(
    ("address", "may"),
    [("127.0.0.1", True), ("::ffff:127.0.0.1", True), ("192.0.2.1", False), ("::1", True)],
)
def test_the_last_rule_that_covers_an_address_counts(address: str, may: bool) -> None:
    bob = manager_conf.loads(HOME).account("bob")
    assert bob is not None
    assert bob.admits(address_of(address)) is may


def test_lists_of_acl_conf_count_beside_the_own_rules() -> None:
    text = "[a]\nsecret = x\nacl = office, home\n"
    acl = "[office]\ndeny = 0.0.0.0/0\npermit = 192.0.2.0/24,198.51.100.7\n"
    acl += "[home]\ndeny = 192.0.2.0/24\npermit = 192.0.2.5\n"
    found = manager_conf.loads(text, acl).account("a")
    assert found is not None
    assert [found.admits(address_of(one)) for one in ("192.0.2.5", "192.0.2.6", "203.0.113.1")] == [True, False, False]


def test_an_exclamation_mark_turns_a_rule_round() -> None:
    found = manager_conf.loads("[a]\nsecret = x\ndeny = 0.0.0.0/0,!192.0.2.5\npermit = !192.0.2.6\n").account("a")
    assert found is not None
    assert [found.admits(address_of(one)) for one in ("192.0.2.5", "192.0.2.6", "192.0.2.7")] == [True, False, False]


@pytest.mark.parametrize("line", ["permit = 127.0.0.300", "acl = nowhere", "deny = x/y"])
def test_an_account_whose_rules_cannot_be_heeded_is_not_there(line: str) -> None:
    settings = manager_conf.loads(f"[a]\nsecret = geheim\n{line}\n")
    assert settings.account("a") is None
    assert [fault.what.endswith("the account cannot be used") for fault in settings.warnings] == [True]


def test_every_mistake_is_told_with_its_place_and_a_cure() -> None:
    text = (
        "[general]\nenabeld = yes\nauthtimeout = 0\nwebenabled = yes\ndebug = maybe\n"
        "[a]\nread = sytem\nwrite = all\neventfilter(nam(X)) = y\neventfilter = [\nfoo = 1\n"
    )
    assert [str(fault).split("\n")[0] for fault in manager_conf.loads(text).warnings] == [
        "manager.conf:2:1: warning: unknown option 'enabeld'",
        "manager.conf:3:15: warning: '0' is not a number from 1 on",
        "manager.conf:4:14: warning: the manager is not reached over HTTP here",
        "manager.conf:5:9: warning: 'maybe' is not yes or no; debug is off",
        "manager.conf:7:8: warning: 'sytem' is not a class",
        "manager.conf:9:23: warning: unknown criterion 'nam'",
        "manager.conf:10:15: warning: '[' is not an expression: unterminated character set at position 0",
        "manager.conf:11:1: warning: unknown option 'foo'",
    ]


def test_what_would_listen_somewhere_else_than_meant_is_refused() -> None:
    with pytest.raises(AsterismError) as caught:
        manager_conf.loads("[general]\nport = 99999\nbindaddr = localhost\n")
    assert [fault.what for fault in caught.value.faults] == ["'99999' is not a port", "'localhost' is not an address"]


def test_a_secret_is_in_nothing_that_is_shown(tmp_path: Path) -> None:
    settings = manager_conf.loads("[a]\nsecret = geheim\nsecrett = geheim\nread=x\n")
    shown = [repr(settings), *map(str, settings.warnings)]
    (tmp_path / "manager.conf").write_text("[a]\nsecret geheim\n[b\n")
    try:
        read = manager_conf.load(str(tmp_path))
        shown += map(str, read.warnings)
    except AsterismError as error:
        shown += map(str, error.faults)
    assert not [text for text in shown if "geheim" in text]
    assert len(shown) > 3


def test_a_file_that_everybody_can_read_is_warned_of_when_it_counts(tmp_path: Path) -> None:
    file = tmp_path / "manager.conf"
    file.write_text("[general]\nenabled = yes\n[a]\nsecret = x\n")
    os.chmod(file, 0o644)
    (fault,) = manager_conf.load(str(tmp_path)).warnings
    assert (fault.what, fault.cure) == ("everybody can read the secrets", f"chmod o-r {file}")
    os.chmod(file, 0o640)
    assert manager_conf.load(str(tmp_path)).warnings == ()
    file.write_text("[general]\nenabled = no\n[a]\nsecret = x\n")
    os.chmod(file, 0o644)
    assert manager_conf.load(str(tmp_path)).warnings == ()


def test_a_secret_is_proved_plainly_or_by_a_challenge_and_an_empty_one_never() -> None:
    bob = Account("bob", "geheim")
    assert (bob.has_secret("geheim"), bob.has_secret("Geheim"), bob.has_secret("")) == (True, False, False)
    assert bob.answers("123", hashlib.md5(b"123geheim").hexdigest()) is True
    assert bob.answers("124", hashlib.md5(b"123geheim").hexdigest()) is False
    assert bob.answers("", bob.expected("").decode()) is False
    nobody = Account("nobody")
    assert (nobody.has_secret(""), nobody.answers("1", nobody.expected("1").decode())) == (False, False)


LOAD = Event("Load", 1, "Event: Load\r\nModule: res_x\r\nStatus: Success\r\n\r\n")
OTHER = Event("Unload", 1, "Event: Unload\r\nModule: app_y\r\nStatus: Success\r\n\r\n")


@pytest.mark.parametrize(
    ("criteria", "text", "passes"),
    [
        ("", "Module: (res|func)_", (True, False)),
        ("", "!Module: (res|func)_", (False, True)),
        ("name(Load)", "", (True, False)),
        ("action(exclude),name(Load)", "", (False, True)),
        ("header(Module),method(exact)", "res_x", (True, False)),
        ("header(Module),method(ends_with)", "_y", (False, True)),
        ("method(contains)", "Success", (True, True)),
        ("header(module),method(contains)", "res", (False, False)),
        ("name(Unload), header(Module), method(regex)", "^app", (False, True)),
    ],
)
def test_filters_let_through_what_they_mean(criteria: str, text: str, passes: tuple[bool, bool]) -> None:
    chosen = Filters().plus(filters.parse(criteria, text))
    assert (chosen.let_through(LOAD), chosen.let_through(OTHER)) == passes


def test_what_is_included_may_still_be_excluded() -> None:
    chosen = Filters().plus(filters.parse("", "Success")).plus(filters.parse("name(Load),action(exclude)", ""))
    assert (chosen.let_through(LOAD), chosen.let_through(OTHER)) == (False, True)


@pytest.mark.parametrize(
    ("criteria", "text", "what"),
    [
        ("name(A),name(B)", "", "'name' is given twice"),
        ("name", "", "'name' is not a criterion"),
        ("method(fuzzy)", "x", "unknown method 'fuzzy'"),
        ("action(drop),name(A)", "", "unknown action 'drop'"),
        ("method(none)", "", "this filter matches every event"),
        ("", "", "this filter has nothing to look for"),
        ("", "(", "'(' is not an expression"),
    ],
)
def test_a_filter_that_means_nothing_is_refused(criteria: str, text: str, what: str) -> None:
    with pytest.raises(AsterismError) as caught:
        filters.parse(criteria, text)
    assert caught.value.faults[0].what == what


def test_all_is_every_class() -> None:
    found = manager_conf.loads("[a]\nread = all\nwrite = none\n").account("a")
    assert found is not None
    assert (found.read, found.write) == (ALL, 0)
