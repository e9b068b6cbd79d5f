"""Every command of the core and every action of the manager, asked for something that cannot be done."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from manager_client import Client, free_port
from runtime_support import Place

from runtime.cli import all_commands
from runtime.control import remote_client, socket_frames
from runtime.core.core import Core
from runtime.loader.loader import Loader
from runtime.logs.log_files import Logs

FAILED: dict[str, tuple[str, str]] = {
    "bridge destroy": ("nix", "Bridge 'nix' not found\n"),
    "bridge kick": ("nix all", "Bridge 'nix' not found\n"),
    "bridge show": ("nix", "Bridge 'nix' not found\n"),
    "bridge technology suspend": ("nix", "Bridge technology 'nix' not found\n"),
    "bridge technology unsuspend": ("nix", "Bridge technology 'nix' not found\n"),
    "call dial": ("nix@nix", "Command '{line}' failed.\n"),
    "call finish": ("on nix", "Command '{line}' failed.\n"),
    "call hangup": ("on nix", "Command '{line}' failed.\n"),
    "call hear": ("nix", "Command '{line}' failed.\n"),
    "call press": ("1", "Command '{line}' failed.\n"),
    "call wait": ("1", "Command '{line}' failed.\n"),
    "channel originate": ("Local/nix@nix application NoOp", "Command '{line}' failed.\n"),
    "channel request hangup": ("nix", "nix is not a known channel\n"),
    "cli check permissions": ("nix-nobody core", "Unknown user 'nix-nobody'\nCommand '{line}' failed.\n"),
    "config reload": ("nix.conf", ""),
    "config show": ("nix", "Command '{line}' failed.\n"),
    "core ping taskprocessor": ("nix", "\nping failed: nix not found\n\n"),
    "core reset taskprocessor": ("nix", "\nReset failed: nix not found\n\n"),
    "core show application": ("nix", "Your application(s) is (are) not registered\nCommand '{line}' failed.\n"),
    "core show channel": ("nix", "nix is not a known channel\n"),
    "core show function": ("nix", "No function by that name registered.\nCommand '{line}' failed.\n"),
    "core show channeltype": ("nix", "\nnix is not a registered channel driver.\nCommand '{line}' failed.\n"),
    "core show hint": ("nix", "There are no registered dialplan hints\n"),
    "core show help": ("nix", "No such command 'nix'.\n"),
    "core show taskprocessor name": ("nix", "\nTaskprocessor 'nix' not found\n\n"),
    "database del": ("nix nix", "Database entry could not be removed.\n"),
    "database deltree": ("nix", "Database entries do not exist.\n"),
    "database get": ("nix nix", "Database entry not found.\n"),
    "database query": ("nonsense", ""),
    "dialplan add extension": (
        "1,1,NoOp() into default",
        "Extension 1@default with priority 1 already exists\nCommand '{line}' failed.\n",
    ),
    "dialplan add ignorepat": (
        "9 into nix",
        "Failed to add ignore pattern '9' into 'nix' context\nCommand '{line}' failed.\n",
    ),
    "dialplan add include": (
        "other into default",
        "Context 'other' already included in 'default' context\nCommand '{line}' failed.\n",
    ),
    "dialplan eval function": ("NIX(x)", "Return Value: Failure (-1)\nResult: \n"),
    "dialplan exec application": ("Nix(x)", "Command '{line}' failed.\n"),
    "dialplan reload": ("", "Command '{line}' failed.\n"),
    "dialplan remove context": ("nix", "There is no such context as 'nix'\n"),
    "dialplan remove ignorepat": (
        "9 from nix",
        "Failed to remove ignore pattern '9' from 'nix' context\nCommand '{line}' failed.\n",
    ),
    "dialplan remove include": (
        "nix from default",
        "Failed to remove 'nix' include from 'default' context\nCommand '{line}' failed.\n",
    ),
    "dialplan save": ("", "Command '{line}' failed.\n"),
    "dialplan set chanvar": ("nix A b", "Channel 'nix' not found\nCommand '{line}' failed.\n"),
    "dialplan show chanvar": ("nix", "Channel 'nix' not found\nCommand '{line}' failed.\n"),
    "dialplan remove extension": ("1@nix", "Failed to remove extension 1@nix\nCommand '{line}' failed.\n"),
    "dialplan show": ("nix", "There is no existence of 'nix' context\nCommand '{line}' failed.\n"),
    "logger add channel": ("full notice", "Logger channel 'full' already exists\n"),
    "logger reload": ("nix.conf", ""),
    "logger remove channel": ("nix", "Unable to find dynamic logger channel 'nix'\n"),
    "manager kick session": ("999", "No manager session found using file descriptor 999\n"),
    "manager show command": ("nix", ""),
    "manager show event": ("nix", "Could not find event 'nix'\n"),
    "manager show user": ("nix", "There is no manager called nix\n"),
    "module load": ("nix", "Unable to load module nix\nCommand '{line}' failed.\n"),
    "module refresh": ("nix", "Unable to unload resource nix\nCommand '{line}' failed.\n"),
    "module reload": ("nix", "No such module 'nix'\n"),
    "module trust": ("nix", "Command '{line}' failed.\n"),
    "module unload": ("nix", "Unable to unload resource nix\nCommand '{line}' failed.\n"),
    "stasis show topic": ("nix", "Specified topic 'nix' does not exist\nCommand '{line}' failed.\n"),
    "test execute": (
        "category nix",
        "Running all available tests matching category nix...\n\n--- No Tests Found! ---\n\n"
        "0 Test(s) Executed  0 Passed  0 Failed\nCommand '{line}' failed.\n",
    ),
    "test generate results {xml|txt}": ("/dev/null/x", "Command '{line}' failed.\n"),
}
"""Arguments that fit and cannot be heeded, by the command's own words, and the answer on standard output."""

NEVER = frozenset(
    {
        "bridge show all",
        "bridge technology show",
        "call show",
        "cdr show status",
        "cel show status",
        "cli reload permissions",
        "cli show permissions",
        "config list",
        "core abort shutdown",
        "core restart gracefully",
        "core restart now",
        "core restart when convenient",
        "core set debug",
        "core set trace",
        "core set verbose",
        "core show applications",
        "core show channels [concise|count|json|verbose]",
        "core show calls [uptime]",
        "core show calls uptime seconds",
        "core show channeltypes",
        "core show functions",
        "core show hints",
        "core show license",
        "core show settings",
        "core show stand-ins [all]",
        "core show switches",
        "core show sysinfo",
        "core show taskprocessor alerted subsystems",
        "core show taskprocessors",
        "core show threads",
        "core show uptime [seconds]",
        "core show version",
        "core show warranty",
        "core reload",
        "core reset taskprocessors",
        "core stop gracefully",
        "core stop now",
        "core stop when convenient",
        "core waitfullybooted",
        "database put",
        "database show",
        "database showkey",
        "dialplan set global",
        "dialplan show globals",
        "logger mute [silent]",
        "malloc trim",
        "logger rotate",
        "logger set level % {on|off}",
        "logger show channels",
        "logger show formatters",
        "logger show levels",
        "manager reload",
        "manager set debug [on|off]",
        "manager show commands [json]",
        "manager show connected [json]",
        "manager show eventq [json]",
        "manager show events [json]",
        "manager show settings",
        "manager show users [json]",
        "module show",
        "module show failed [json]",
        "module show order [json]",
        "stasis show topics [json]",
        "test show registered",
        "test show results {all|failed|passed} [json]",
    }
)
"""Commands that no argument makes fail: they list, or set what is given.  Surplus words show their usage."""

Ask = Callable[[str], tuple[str, str, int | None]]


@pytest.fixture
def commands(core: Core, loader: Loader, tmp_path: Path) -> Core:
    """A core with all its commands, none of which is run."""
    all_commands.register(core, loader, Logs(core.logger, str(tmp_path)), core.manager)
    return core


def test_every_command_is_in_one_of_the_tables(commands: Core) -> None:
    words = {command.words for command in commands.commands if command.module is None}
    assert words == {*FAILED, *NEVER}
    assert FAILED.keys().isdisjoint(NEVER)


def test_every_command_declares_its_arguments(commands: Core) -> None:
    for command in commands.commands:
        assert command.arguments is not None, command.words
        assert command.usage.startswith(f"Usage: {command.syntax}\n       "), command.words


@pytest.fixture
def port(place: Place) -> int:
    """The port of a manager that is configured, and a log file."""
    number = free_port()
    (place.root / "etc/logger.conf").write_text("[logfiles]\nfull => notice\n")
    (place.root / "etc/extensions.conf").write_text("[default]\nexten => 1,1,NoOp()\ninclude => other\n[other]\n")
    file = place.root / "etc/manager.conf"
    file.write_text(f"[general]\nenabled = yes\nport = {number}\n[bob]\nsecret = geheim\nwrite = all\n")
    file.chmod(0o600)
    return number


@contextlib.contextmanager
def asking(place: Place) -> Iterator[Ask]:
    """A connection to a running program that runs a command: standard output, standard error, status."""
    sock, reader, _ = remote_client.connect(f"{place.run}/asterisk.ctl")

    def ask(line: str) -> tuple[str, str, int | None]:
        out: list[str] = []
        err: list[str] = []
        sock.sendall(socket_frames.pack("run", line))
        status = remote_client.answer(reader.read, out.append, err.append)
        return "".join(out), "".join(err), status

    with sock:
        yield ask


def test_what_failed_ends_with_one_on_the_socket_and_is_for_the_manager_what_asterisk_calls_it(
    place: Place, port: int
) -> None:
    """A command that Asterisk counts as a success, since its answer says what is wrong, is one for the manager."""
    lines = {f"{words.replace('{xml|txt}', 'xml')} {rest}".strip(): answer for words, (rest, answer) in FAILED.items()}
    with place.running(), asking(place) as ask, Client(port) as client:
        client.login()
        (place.root / "etc/extensions.conf").unlink()  # which has to be there for 'dialplan reload' and 'dialplan save'
        for line, answer in lines.items():
            out, err, status = ask(line)
            assert (line, out, status) == (line, answer.format(line=line), 1)
            assert err, line
            assert (f"Command '{line}' failed." in out) != (f"Command '{line}' failed." in err), line
            if line.startswith(("module load", "module unload")):
                continue  # these need another right; ModuleLoad is asked below
            answered = "Success" if f"Command '{line}' failed." in err else "Error"
            assert (line, client.ask(Action="Command", Command=line)["Response"]) == (line, answered)


def test_a_surplus_word_shows_the_usage_and_ends_with_one(place: Place) -> None:
    choices = {"{all|failed|passed}": "all", "{DEBUG|TRACE|NOTICE|WARNING|ERROR|VERBOSE|DTMF} {on|off}": "DEBUG on"}
    with place.running(), asking(place) as ask:
        tried = 0
        for line in ask("core show help")[0].splitlines():
            listed = line.partition(" -- ")[0].strip()
            usage = ask(f"core show help {listed.partition(' [')[0].partition(' {')[0]}")[0].partition("\n")[0]
            if "<" in usage:
                continue
            words = listed.partition(" [")[0]
            for choice, chosen in choices.items():
                words = words.replace(choice, chosen)
            out, _, status = ask(f"{words} surplus")
            assert (words, out.partition("\n")[0], status) == (words, usage, 1)
            tried += 1
        assert tried > 30


REFUSED: dict[str, dict[str, str]] = {
    "AbsoluteTimeout": {"Channel": "nix", "Timeout": "1"},
    "Atxfer": {"Channel": "nix", "Exten": "1"},
    "BlindTransfer": {"Channel": "nix", "Exten": "1"},
    "Bridge": {"Channel1": "nix", "Channel2": "nix"},
    "BridgeDestroy": {"BridgeUniqueid": "nix"},
    "BridgeInfo": {"BridgeUniqueid": "nix"},
    "BridgeKick": {"Channel": "nix"},
    "BridgeTechnologySuspend": {"BridgeTechnology": "nix"},
    "BridgeTechnologyUnsuspend": {"BridgeTechnology": "nix"},
    "CancelAtxfer": {"Channel": "nix"},
    "Challenge": {"AuthType": "nix"},
    "Command": {"Command": "nix"},
    "CoreShowChannelMap": {"Channel": "nix"},
    "CreateConfig": {"Filename": "nix/nix"},
    "DBDel": {"Family": "nix", "Key": "nix"},
    "DBDelTree": {"Family": "nix"},
    "DBGet": {"Family": "nix", "Key": "nix"},
    "DBPut": {"Family": "nix"},
    "DialplanExtensionAdd": {"Context": "nix"},
    "DialplanExtensionRemove": {"Context": "nix", "Extension": "nix"},
    "Events": {"EventMask": ""},
    "ExtensionState": {"Context": "nix"},
    "ExtensionStateList": {},
    "Filter": {"Operation": "nix"},
    "GetConfig": {"Filename": "nix"},
    "GetConfigJSON": {"Filename": "nix"},
    "Getvar": {"Channel": "nix", "Variable": "x"},
    "Hangup": {"Channel": "nix"},
    "ListCategories": {"Filename": "nix"},
    "LocalOptimizeAway": {"Channel": "nix"},
    "MailboxCount": {},
    "MailboxStatus": {},
    "MessageSend": {"To": "nix:nix"},
    "ModuleCheck": {"Module": "nix"},
    "ModuleLoad": {"LoadType": "load", "Module": "nix"},
    "Originate": {"Channel": "nix"},
    "PresenceState": {"Provider": "nix"},
    "Redirect": {"Channel": "nix", "Context": "nix", "Exten": "1", "Priority": "1"},
    "Reload": {"Module": "nix"},
    "SendText": {"Channel": "nix", "Message": "nix"},
    "Setvar": {"Channel": "nix", "Variable": "x"},
    "ShowDialPlan": {"Context": "nix"},
    "Status": {"Channel": "nix"},
    "UpdateConfig": {"SrcFilename": "nix", "DstFilename": "nix"},
}
"""Headers of actions that cannot be done."""
ALWAYS = frozenset(
    {
        "BridgeList",
        "BridgeTechnologyList",
        "CoreSettings",
        "CoreShowChannels",
        "CoreStatus",
        "DBGetTree",
        "ListCommands",
        "LoggerRotate",
        "Login",
        "Logoff",
        "Ping",
        "UserEvent",
        "WaitEvent",
    }
)
"""Actions that take nothing that could be wrong; a login is one once the session has logged in."""


def test_an_action_that_cannot_be_done_is_answered_with_an_error(place: Place, port: int, core: Core) -> None:
    assert set(core.actions.names()) == {*REFUSED, *ALWAYS}
    with place.running(), Client(port) as client:
        client.login()
        for name, headers in REFUSED.items():
            assert (name, client.ask(Action=name, **headers)["Response"]) == (name, "Error")
        for kind in ("unload", "reload", "refresh", "nix"):
            refused = client.ask(Action="ModuleLoad", LoadType=kind, Module="nix")
            assert (kind, refused["Response"]) == (kind, "Error")
