"""The core's own commands: what they print, whole."""

from __future__ import annotations

import json
import os
import threading
import time
from pathlib import Path

import pytest

from runtime.cli import all_commands
from runtime.cli.core.core_commands import duration
from runtime.cli.core.system_commands import facts
from runtime.conf import conf_file
from runtime.conf.asterisk_conf import with_flags
from runtime.core.commands.clients import Transcript
from runtime.core.commands.command import usage_of
from runtime.core.core import Core, Niceness
from runtime.core.registry import Application, Function
from runtime.dialplan.extensions_conf import read
from runtime.loader.loader import Loader
from runtime.loader.modules_conf import wanted
from runtime.logs.log_files import Logs
from runtime.logs.log_sinks import ConsoleSink
from runtime.logs.logger_conf import LogSettings


@pytest.fixture
def ask(core, loader, shelf, tmp_path):
    """Runs a line; output, reasons, success."""
    shelf.add("res_a", requires=("res_b",), description="A module whose description is longer than forty characters")
    shelf.add("res_b", has_reload=True, support_level=1)
    shelf.add("res_c", results={"load": 1})
    all_commands.register(core, loader, Logs(core.logger, str(tmp_path)), core.manager)
    loader.start(wanted(conf_file.loads("[modules]\nautoload = yes\n"), loader.files()))
    core.booted.set()

    def run(line: str) -> tuple[str, str, bool]:
        client = Transcript(verbose=1)
        ok = core.commands.run(line, client).ok
        return client.output, "".join(client.errors), ok

    return run


def test_module_show_has_asterisks_columns(ask) -> None:
    assert ask("module show like res_")[0] == (
        "Module                         Description                              Use Count  Status      Support Level\n"
        "res_a.so                       A module whose description is longer tha 0          Running          extended\n"
        "res_b.so                       Module res_b                             1          Running              core\n"
        "res_c.so                       Module res_c                             0          Not Running      extended\n"
        "3 modules loaded\n"
    )


def test_module_show_failed_groups_by_cause(ask, shelf) -> None:
    assert ask("module show failed") == (
        f"declined (1):\n  {shelf.directory}/res_c.so: declined to load: "
        "its load callback returned AST_MODULE_LOAD_DECLINE and said nothing\n"
        "      with 'core set debug 5', 'module load res_c.so' may say more\n",
        "",
        True,
    )
    assert '"code": "declined"' in ask("module show failed json")[0]


def test_module_show_gives_programs_the_same_with_what_is_needed(ask) -> None:
    rows = json.loads(ask("module show json")[0])
    assert [(row["file"], row["running"], row["use_count"], row["needs"]) for row in rows] == [
        ("res_a.so", True, 0, ["res_b.so"]),
        ("res_b.so", True, 1, []),
        ("res_c.so", False, 0, []),
    ]
    assert json.loads(ask("module show like res_b --json")[0]) == rows[1:2]
    assert ask("module show like json")[0].splitlines()[1:] == ["0 modules loaded"]


def test_module_show_order_tells_why_each_stands_where_it_does(ask, shelf) -> None:
    assert ask("module show order")[0] == (
        "Order Module                         Why\n"
        "    1 res_b.so                       needed by res_a.so\n"
        "    2 res_a.so                       rank 128; after res_b.so\n"
        "\n"
        "Not running:\n"
        "  declined (1):\n"
        f"    {shelf.directory}/res_c.so: declined to load: "
        "its load callback returned AST_MODULE_LOAD_DECLINE and said nothing\n"
        "        with 'core set debug 5', 'module load res_c.so' may say more\n"
    )
    ask("module refresh res_a")
    told = json.loads(ask("module show order json")[0])
    assert told["order"] == [
        {"file": "res_b.so", "reason": "needed by res_a.so", "needs": []},
        {"file": "res_a.so", "reason": "loaded later, by name", "needs": ["res_b.so"]},
    ]
    assert [fault["code"] for fault in told["failed"]] == ["declined"]


CONVERSATIONS = [
    ("module reload res_b", "Module 'res_b' reloaded successfully.\n", True),
    ("module reload res_a", "The module 'res_a' does not support reloads\n", False),
    ("module reload res_z", "No such module 'res_z'\n", False),
    ("module reload res_z res_b", "No such module 'res_z'\nModule 'res_b' reloaded successfully.\n", False),
    (
        "module reload res_c",
        "The module 'res_c' was not properly initialized. Before reloading the module, you must run "
        '"module load res_c" and fix whatever is preventing the module from being initialized.\n',
        False,
    ),
    ("module refresh res_a", "Unloaded and loaded res_a\n", True),
    ("module refresh res_b", "Unable to unload resource res_b\nCommand 'module refresh res_b' failed.\n", False),
    ("module unload res_a res_b", "Unloaded res_a\nUnloaded res_b\n", True),
    ("module unload res_c", "Unloaded res_c\n", True),
    ("module unload -x res_c", "Usage: module unload", False),
    ("core show uptime seconds", "System uptime: 0\nLast reload: 0\n", True),
    ("core set verbose 3", "Console verbose was 1 and is now 3.\n", True),
    ("core set verbose off", "Console verbose was 1 and is now OFF.\n", True),
    ("core set verbose atleast 0", "Console verbose is still 1.\n", True),
    ("core set verbose 3 silent", "", True),
    ("core set verbose much", "Usage: core set verbose", False),
    ("core set debug 2", "Core debug was OFF and is now 2.\n", True),
    ("core set debug 3 res_a.so", "Core debug was 0 and has been set to 3 for 'res_a'.\n", True),
    ("core set debug 0 res_a", "Core debug is still 0 for 'res_a'.\n", True),
    ("core set debug off res_a", "Usage: core set debug", False),
    ("core set debug atleast 2 res_a", "Core debug was 0 and has been set to 2 for 'res_a'.\n", True),
    ("core set trace 2", "Core trace was OFF and is now 2.\n", True),
    ("core set trace 1 res_a", "Core trace was 0 and has been set to 1 for 'res_a'.\n", True),
    ("module reload logger", "Module 'logger' reloaded successfully.\n", True),
    ("module reload LOGGER.so", "Module 'LOGGER.so' reloaded successfully.\n", True),
    ("module reload udptl", "Module 'udptl' reloaded successfully.\n", True),
    ("module reload ccss", "The module 'ccss' does not support reloads\n", False),
    ("module unload logger", "Unable to unload resource logger\nCommand 'module unload logger' failed.\n", False),
    (
        "module show like LOG",
        "Module                         Description                              Use Count  Status      Support Level\n"
        "logger                         Logger                                   1          Running              core\n"
        "1 modules loaded\n",
        True,
    ),
    ("core waitfullybooted", "Asterisk has fully booted.\n", True),
    (
        "core show help core stop now",
        "Usage: core stop now\n       Stops the program at once; modules are not asked.\n",
        True,
    ),
    ("core show help module s", "module show [like]             -- List modules and info\n", True),
    ("core show help nonsense", "No such command 'nonsense'.\n", False),
    (
        "core show applications like xyz",
        "    -= Matching Asterisk Applications =-\n    -= 0 Applications Matching =-\n",
        True,
    ),
    ("dialplan set global X 12", "\n    -- Global variable 'X' set to '12'\n", True),
    ("config show ../secret", "Command 'config show ../secret' failed.\n", False),
    ("logger mute", "Console is muted.\n", True),
    ("logger set level debug off", "Logger status for 'DEBUG' has been set to 'off'.\n", True),
    ("logger set level NOTICE on", "Logger status for 'NOTICE' has been set to 'on'.\n", True),
    (
        "logger set level loud on",
        "No such command 'logger set level loud on' "
        "(type 'core show help logger set level' for other possible commands)\n",
        False,
    ),
    (
        "logger show levels",
        "Level Name\n----- ----\n    0 DEBUG\n    1 TRACE\n    2 NOTICE\n    3 WARNING\n    4 ERROR\n"
        "    5 VERBOSE\n    6 DTMF\n   16 CC\n\n",
        True,
    ),
    ("logger show formatters", "default\nplain\njson\n", True),
    (
        "logger add channel ../x notice",
        "ERROR: Unable to create log channel '../x'\nCommand 'logger add channel ../x notice' failed.\n",
        False,
    ),
    (
        "logger add channel x nonsense",
        "ERROR: Unable to create log channel 'x'\nCommand 'logger add channel x nonsense' failed.\n",
        False,
    ),
    ("logger remove channel x", "Unable to find dynamic logger channel 'x'\n", False),
    ("core show threads now", "Usage: core show threads", False),
]  # fmt: skip


@pytest.mark.parametrize(("line", "output", "ok"), CONVERSATIONS, ids=[entry[0] for entry in CONVERSATIONS])
def test_what_a_command_answers(ask, line: str, output: str, ok: bool) -> None:
    answered, _, succeeded = ask(line)
    whole = answered if not output.startswith("Usage: ") or ok else answered[: len(output)]
    if line == "core show help module s":
        whole = answered.splitlines(keepends=True)[0]
    assert (whole, succeeded) == (output, ok)


def test_a_log_file_is_added_and_removed_while_the_program_runs(ask, core: Core, tmp_path) -> None:
    assert ask("logger add channel try.log [plain]error notice") == ("", "", True)
    core.logger.error("first")
    core.logger.warning("not asked for")
    assert ask("logger add channel try.log error")[1].startswith("'try.log' is logged into already\n")
    assert ask("logger show channels")[0] == (
        "Logger queue limit: 1000\n\n"
        "Channel                             Type     Formatter  Status    Configuration\n"
        "-------                             ----     ---------  ------    -------------\n"
        f"{tmp_path}/try.log File     plain      Enabled    - NOTICE ERROR \n"
        "                                    Console  default    Enabled    - DEBUG NOTICE WARNING ERROR VERBOSE \n\n"
    )
    assert core.commands.complete("logger remove channel ") == ["try.log"]
    assert ask("logger remove channel try.log")[2]
    core.logger.error("second")
    assert (tmp_path / "try.log").read_text().splitlines()[0].endswith(": first")
    assert len((tmp_path / "try.log").read_text().splitlines()) == 1


def test_a_level_that_a_module_added_is_shown_logged_and_goes_with_the_module(ask, core: Core, tmp_path) -> None:
    assert ask("logger add channel x.log security")[1].startswith(
        "logger add channel: warning: unknown level 'security'\n"
    )
    number = core.logger.added.register("security", "res_a").value
    assert ask("logger add channel x.log security")[2]
    assert f"{tmp_path}/x.log File     default    Enabled    - SECURITY \n" in ask("logger show channels")[0]
    assert ask("logger show levels")[0].splitlines()[-2] == "   17 SECURITY"
    assert core.commands.complete("logger add channel y sec") == ["security"]
    assert core.commands.complete("logger set level SE") == ["SECURITY"]
    assert ask("logger set level security off")[0] == "Logger status for 'SECURITY' has been set to 'off'.\n"
    core.logger.log(number, "", 0, "", "somebody came")
    assert core.forget_module("res_a") == ["log level SECURITY"]
    core.logger.log(number, "", 0, "", "nobody has this number")
    assert [line.partition(": ")[2] for line in (tmp_path / "x.log").read_text().splitlines()] == ["somebody came"]
    assert " - SECURITY(of no module) \n" in ask("logger show channels")[0]


def test_a_hidden_level_is_hidden_from_one_console_only(core: Core) -> None:
    one, other = Transcript(), Transcript()
    settings = LogSettings()
    for client in (one, other):
        core.logger.attach(ConsoleSink(client, lambda: settings))
    one.hidden.add("WARNING")
    core.logger.warning("careful")
    core.logger.error("broken")
    assert ["careful" in one.output, "broken" in one.output] == [False, True]
    assert ["careful" in other.output, "broken" in other.output] == [True, True]


def test_sysinfo_shows_what_proc_says_and_leaves_out_what_it_does_not() -> None:
    memory = "MemTotal:  4000 kB\nMemFree:    1000 kB\nHugePages_Total:       0\nSwapFree: 5 kB\n"
    assert facts("7300.5 1.0\n", memory, "0.10 0.20 0.30 2/345 678\n", "Name: x\nVmRSS:\t 777 kB\n") == [
        ("System Uptime", "2 hours"),
        ("Total RAM", "4000 KiB"),
        ("Free RAM", "1000 KiB"),
        ("Free Swap Space", "5 KiB"),
        ("Load Average", "0.10 0.20 0.30"),
        ("Number of Threads", "345"),
        ("Memory of This Process", "777 KiB"),
    ]
    assert facts("", "", "", "") == []


def test_threads_are_listed_by_the_names_they_were_given(ask) -> None:
    ended = threading.Event()
    thread = threading.Thread(target=ended.wait, name="a thread of mine")
    thread.start()
    try:
        shown = ask("core show threads")[0].splitlines()
    finally:
        ended.set()
        thread.join()
    assert f"{thread.native_id:>8} a thread of mine" in shown
    assert shown[-1] == f"{len(shown) - 1} threads listed."
    assert "System Uptime:" in ask("core show sysinfo")[0]


def test_every_command_explains_itself(ask, core: Core) -> None:
    for command in core.commands:
        words = command.words.partition(" [")[0].partition(" {")[0].partition(" %")[0]
        assert command.usage.startswith(f"Usage: {words}"), command.words
        assert max(map(len, usage_of(command).splitlines())) <= 80, command.words
        assert command.summary


def test_completion_knows_modules_by_what_can_be_done_with_them(ask, core: Core) -> None:
    assert core.commands.complete("module unload ") == ["res_a.so"]
    assert core.commands.complete("module load ") == ["res_c.so"]
    assert core.commands.complete("module reload ") == ["extconfig", "logger", "manager", "res_b.so"]
    assert core.commands.complete("module refresh res_a.so r") == ["recursively"]
    assert core.commands.complete("module show like res_b") == ["res_b.so"]
    assert core.commands.complete("core show help core sh") == ["show"]


def test_the_table_of_functions_is_as_wide_as_what_it_holds(ask, core: Core) -> None:
    core.functions.add(Function("UP", lambda channel, text: "", synopsis="Upper.", syntax="UP(text)"))
    assert ask("core show functions")[0].splitlines()[2] == f"{'UP':<20}  {'UP(text)':<35}  Upper."
    syntax = "REPLACE(variable,characters[,replacement])"
    core.functions.add(Function("REPLACE", lambda channel, text: "", synopsis="Replaces.", syntax=syntax))
    assert ask("core show functions")[0].splitlines()[2:4] == [
        f"REPLACE               {syntax}  Replaces.",
        f"UP                    {'UP(text)':<{len(syntax)}}  Upper.",
    ]


def test_what_else_to_look_at_is_shown_when_a_function_says_it(ask, core: Core) -> None:
    core.functions.add(Function("UP", lambda channel, text: "", see_also="DOWN"))
    assert ask("core show function UP")[0].endswith("[Arguments]\nNot available\n\n[See Also]\nDOWN\n\n")


def test_applications_and_functions_are_described(ask, core: Core) -> None:
    core.applications.add(
        Application(
            "Echo", lambda channel, data: 0, "app_echo", "Says it again.", "Echo(text)", "text: what", "It does."
        )
    )
    core.functions.add(Function("UP", lambda channel, text: text.upper(), synopsis="Upper case.", syntax="UP(text)"))
    assert ask("core show application echo")[0] == (
        "\n  -= Info about Application 'Echo' =- \n\n"
        "[Synopsis]\nSays it again.\n\n[Provided By]\napp_echo\n\n[Since]\nNot available\n\n"
        "[Description]\nIt does.\n\n[Syntax]\nEcho(text)\n\n[Arguments]\ntext: what\n\n[See Also]\nNot available\n\n"
    )
    place = Path(core.settings.directories.astdatadir, "documentation")
    place.mkdir(parents=True)
    (place / "core-en_US.xml").write_text(
        '<docs><application name="Ring"><synopsis>Ring a phone.</synopsis>'
        "<description><para>Makes it ring.</para></description></application>"
        '<function name="LOW"><synopsis>Lower case.</synopsis><syntax><parameter name="text"/></syntax>'
        "</function></docs>"
    )
    core.applications.add(Application("Ring", lambda channel, data: 0, "app_ring"))
    core.functions.add(Function("LOW", lambda channel, text: text.lower()))
    assert ask("core show applications like ring")[0].splitlines()[1:2] == [f"{'Ring':>22}: Ring a phone."]
    assert ask("core show applications describing makes it")[0].splitlines()[1:2] == [f"{'Ring':>22}: Ring a phone."]
    assert "[Synopsis]\nRing a phone.\n\n" in ask("core show application Ring")[0]
    assert ask("core show functions like LOW")[0].splitlines()[2].split() == ["LOW", "LOW([text])", "Lower", "case."]
    assert ask("dialplan eval function UP(two  words)") == ("Return Value: Success (0)\nResult: TWO  WORDS\n", "", True)
    core.applications.add(Application("Say", lambda channel, data: 0))
    assert ask("dialplan exec application Say(x)")[0] == "Return Value: Success (0)\n"
    assert ask("core show function up")[::2] == (
        "No function by that name registered.\nCommand 'core show function up' failed.\n",
        False,
    )
    assert f"{'Echo':>22}: Says it again." in ask("core show applications describing it DOES")[0].splitlines()
    assert ask("core show applications describing again")[0].endswith("-= 0 Applications Matching =-\n")
    _, reasons, ok = ask("core show application Echo nix")
    assert (reasons.startswith("there is no application 'nix'\n"), ok) == (True, False)
    assert ask("core show function PU")[1] == (
        "there is no function 'PU'\n    'core show functions' lists those that are\n"
    )


@pytest.mark.parametrize(
    ("line", "said", "niceness"),
    [
        ("core stop now", "", Niceness.NOW),
        ("core stop gracefully", "", Niceness.GRACEFULLY),
        ("core stop when convenient", "Waiting for inactivity to perform halt\n", Niceness.WHEN_CONVENIENT),
        ("core restart when convenient", "Waiting for inactivity to perform restart\n", Niceness.WHEN_CONVENIENT),
    ],
)
def test_a_stop_is_a_request_that_a_ruder_one_overtakes(
    ask, core: Core, line: str, said: str, niceness: Niceness
) -> None:
    assert ask(line) == (said, "", True)
    assert (core.halt.requested, core.halt.niceness) == (True, niceness)
    ask("core stop now")
    assert core.halt.niceness is Niceness.NOW
    ask("core stop gracefully")
    assert core.halt.niceness is Niceness.NOW


def test_a_stop_that_waits_is_taken_back_and_one_that_has_begun_is_not(ask, core: Core) -> None:
    assert ask("core abort shutdown") == ("", "no shutdown waits; nothing was taken back\n", True)
    ask("core restart when convenient")
    assert ask("core abort shutdown") == ("", "", True)
    assert (core.halt.requested, core.halt.restart, core.halt.begin()) == (False, False, False)
    ask("core stop when convenient")
    assert core.halt.begin()
    assert ask("core abort shutdown")[1]
    assert core.halt.requested


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 seconds"), (1, "1 second"), (3661, "1 hour, 1 minute, 1 second"), (86400 * 15, "2 weeks, 1 day")],
)
def test_durations_are_in_words(seconds: int, words: str) -> None:
    assert duration(seconds) == words


def test_a_wait_for_a_start_that_was_given_up_fails(core: Core, loader: Loader, tmp_path) -> None:
    all_commands.register(core, loader, Logs(core.logger, str(tmp_path)), core.manager)
    core.halt.request(Niceness.NOW)
    begun = time.monotonic()
    client = Transcript()
    assert not core.commands.run("core waitfullybooted", client).ok
    assert client.errors == ["the start was given up\n"]
    assert time.monotonic() - begun < 5


def test_a_configuration_file_is_shown_with_what_it_includes_and_runs_and_from_where(ask, core: Core) -> None:
    etc = core.settings.directories.astetcdir
    os.makedirs(f"{etc}/more")
    for name, text in {
        "a.conf": '[general]\n#include "more/*.conf"\n#exec echo "ran = 1"\nlast => x\n',
        "more/b.conf": "first = 1\nsecret = y\n",
    }.items():
        with open(f"{etc}/{name}", "w") as file:
            file.write(text)
    included = "first = 1                                          ; more/b.conf:1\n"
    included += "secret = <hidden>                                  ; more/b.conf:2\n"
    head = "[general]                                          ; a.conf:1\n"
    last = "last => x                                          ; a.conf:4\n\n"
    refused = (
        f"{etc}/a.conf:3:1: warning: '#exec' is not allowed\n    #exec echo \"ran = 1\"\n    ^\n"
        "    set 'execincludes = yes' in [options] of asterisk.conf if you trust every file here\n"
    )
    assert ask("config show a.conf")[0] == head + included + last + refused
    core.settings = with_flags(core.settings, execincludes=True)
    shown = ask("config show a")[0]
    assert shown.startswith(head + included + "ran = 1 ")
    assert shown.endswith(last)


def test_a_command_with_a_choice_of_words_is_explained_without_them(ask) -> None:
    assert ask("core show help test show results")[0].startswith("Usage: test show results")


def test_hints_are_shown_with_the_states_of_their_devices(ask, core) -> None:
    assert ask("core show hints") == ("There are no registered dialplan hints\n", "", True)
    plan = read(conf_file.loads("[default]\nexten => 100,hint,Lamp:a\nexten => 200,hint,SIP/2,Person:me\n")).dialplan
    core.plans.change(lambda _: plan)
    row = "{:<30}: {:<60}  State:Unavailable     Presence:{:<15} Watchers  0\n"
    first, second = (
        row.format("100@default", "Lamp:a", "not_set"),
        row.format("200@default", "SIP/2,Person:me", "invalid"),
    )
    heading = "\n    -= Registered Asterisk Dial Plan Hints =-\n"
    assert ask("core show hints") == (f"{heading}{first}{second}----------------\n- 2 hints registered\n", "", True)
    assert ask("core show hint 20") == (f"{second}1 hint matching extension 20\n", "", True)
    assert ask("core show hint 2000") == (
        "No hints matching extension 2000\n",
        "there is no hint for '2000'\n    did you mean '200'?\nCommand 'core show hint 2000' failed.\n",
        False,
    )


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("core show switches", "There are no registered alternative switches\n"),
        (
            "core show channeltypes",
            "Type             Description                              "
            "Devicestate   Presencestate Indications   Transfer     \n"
            "-------------    -------------                            "
            "------------- ------------- ------------- -------------\n"
            "----------\n0 channel drivers registered.\n",
        ),
        ("core show calls", "0 active calls\n0 calls processed\n"),
        ("cel show status", "CEL Logging: Disabled\n"),
        (
            "cdr show status",
            "\nCall Detail Record (CDR) settings\n----------------------------------\n"
            "  Logging:                    Disabled\n  Mode:                       Simple\n",
        ),
    ],
)
def test_what_nothing_is_registered_for_is_shown_in_asterisks_words(line: str, expected: str, ask) -> None:
    assert ask(line) == (expected, "", True)


def test_calls_are_shown_with_the_time_since_the_start(ask, core) -> None:
    core.times.started = time.time() - 7
    lines = ask("core show calls uptime seconds")[0].splitlines()
    assert (lines[:2], lines[2].partition(": ")[0]) == (["0 active calls", "0 calls processed"], "System uptime")
    assert int(lines[2].partition(": ")[2]) >= 7


def test_seconds_are_words_behind_uptime_alone(ask) -> None:
    assert ask("core show calls seconds")[0].startswith("Usage: core show calls [uptime]\n")


def test_memory_is_returned_or_not(ask) -> None:
    assert ask("malloc trim")[0] in ("Returned some memory to the OS.\n", "No memory returned to the OS.\n")
