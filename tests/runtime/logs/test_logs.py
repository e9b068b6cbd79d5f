"""The log: levels, files of logger.conf, consoles, trouble with a disk."""

from __future__ import annotations

import json
import os
import re
import syslog
import time
from pathlib import Path

import pytest

from asterism.errors import AsterismError
from asterism.values import replace
from runtime.conf import conf_file
from runtime.core.commands.clients import Transcript
from runtime.core.message_log import Level, Logger, Record
from runtime.logs import logger_conf
from runtime.logs.log_files import Logs
from runtime.logs.log_sinks import ConsoleSink
from runtime.logs.logger_conf import LogChannel
from runtime.logs.system_log import SystemSink


def logs(directory: Path, text: str, verbose: int = 0) -> Logs:
    made = Logs(Logger(verbose), str(directory))
    assert made.configure(logger_conf.read(conf_file.loads(text, "logger.conf"))) == []
    return made


def lines(path: Path) -> list[str]:
    """A log file without its stamps and thread numbers."""
    return [re.sub(r"^\[[^]]*\] |\[\d+\]", "", line) for line in path.read_text().splitlines()]


def say_something(logger: Logger) -> None:
    logger.notice("noted")
    logger.log(Level.WARNING, "/src/res_a.c", 12, "load_module", "careful\n")
    logger.log(99, "", 0, "", "of no known level")
    logger.verbose(0, "zero")
    logger.verbose(2, "two\nlines")
    logger.verbose(3, "three")
    logger.debug(1, "unwanted")


def test_a_file_takes_the_levels_it_names_and_verbose_up_to_the_common_level(tmp_path: Path) -> None:
    made = logs(tmp_path, "[logfiles]\nfull => notice, warning, verbose\nloud => verbose(3)\n", verbose=2)
    say_something(made.logger)
    assert lines(tmp_path / "full") == [
        "NOTICE: noted",
        "WARNING res_a.c:12 load_module: careful",
        "NOTICE: of no known level",
        "VERBOSE: zero",
        "VERBOSE:   == two",
        "  == lines",
    ]
    assert lines(tmp_path / "loud")[-1] == "VERBOSE:     -- three"


EVIL = "caller \x1b]0;owned\x07\r\n[Nov 30 12:00:00] ERROR: forged\x9b2J"


def test_a_message_neither_forges_a_line_nor_drives_a_terminal(tmp_path: Path) -> None:
    made = logs(tmp_path, "[logfiles]\nfull => notice,verbose\nplain => [plain]notice\nj => [json]notice\n", verbose=4)
    client = Transcript(verbose=4)
    made.logger.attach(ConsoleSink(client, lambda: made.settings))
    made.settings = replace(made.settings, console=logger_conf.CONSOLE)
    made.logger.log(Level.NOTICE, "evil\n.c", 3, "f\x1b", EVIL)
    made.logger.verbose(0, EVIL)
    made.logger.verbose(3, EVIL)
    said = ["caller \\x1b]0;owned\\x07\\x0d", "[Nov 30 12:00:00] ERROR: forged\\x9b2J"]
    assert lines(tmp_path / "plain") == [f"NOTICE evil\\x0a.c:3 f\\x1b: {said[0]}", f"    {said[1]}"]
    assert lines(tmp_path / "full") == [
        f"NOTICE evil\\x0a.c:3 f\\x1b: {said[0]}",
        f"    {said[1]}",
        f"VERBOSE: {said[0]}",
        f"    {said[1]}",
        f"VERBOSE:     -- {said[0]}",
        f"    -- {said[1]}",
    ]
    assert json.loads((tmp_path / "j").read_text())["message"] == EVIL
    assert (tmp_path / "j").read_bytes().count(b"\n") == 1
    assert [char for char in client.output if char != "\n" and not char.isprintable()] == []
    assert [line for line in client.output.splitlines() if "forged" in line and line[0] != " "] == []


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("one\n  two\n\tthree\n", "one\n  two\n\tthree"),
        ("one\n  two\nthree\n\n", "one\n      two\n    three\n"),
    ],
)
def test_further_lines_are_set_in_unless_they_are(tmp_path: Path, text: str, written: str) -> None:
    made = logs(tmp_path, "[logfiles]\nfull => notice\n")
    made.logger.notice(text)
    assert (tmp_path / "full").read_text().partition(": ")[2] == f"{written}\n"


def test_json_lines_hold_everything(tmp_path: Path) -> None:
    made = logs(tmp_path, "[logfiles]\nj => [json]warning\n")
    say_something(made.logger)
    entry = json.loads((tmp_path / "j").read_text())
    assert (entry["level"], entry["message"]) == ("WARNING", "careful")
    assert entry["location"] == {"file": "res_a.c", "line": 12, "function": "load_module"}


def test_what_logger_conf_says_wrong_is_warned_of() -> None:
    text = "[logfiles]\nx => [xml]notice\nsyslog.local0 => notice\nsyslog.lokal1 => notice\n"
    read = logger_conf.read(conf_file.loads(text, "logger.conf"))
    assert [str(fault).split("\n")[0] for fault in read.warnings] == [
        "logger.conf:4:1: warning: unknown facility of the system's log 'lokal1'",
        "logger.conf:2:6: warning: unknown formatter 'xml'",
    ]
    assert [channel.name for channel in read.files] == ["x", "syslog.local0"]


def test_a_facility_of_the_systems_log_gets_each_line_with_the_priority_of_its_level(tmp_path: Path) -> None:
    channel = LogChannel("syslog.local3", frozenset(Level), verbosity=2)
    sent: list[tuple[int, str]] = []
    logger = Logger(debug=1)
    logger.attach(SystemSink(channel, logger, lambda record: record.text, lambda *one: sent.append(one)))
    logger.notice("two\nlines")
    logger.error("bad\0byte")
    logger.verbose(2, "told")
    logger.verbose(3, "too much")
    logger.log(logger.added.register("security", "res_a").value, "", 0, "", "not named")
    assert sent == [
        (syslog.LOG_LOCAL3 | syslog.LOG_NOTICE, "two"),
        (syslog.LOG_LOCAL3 | syslog.LOG_NOTICE, "lines"),
        (syslog.LOG_LOCAL3 | syslog.LOG_ERR, "badbyte"),
        (syslog.LOG_LOCAL3 | syslog.LOG_DEBUG, "told"),
    ]


def test_a_line_of_the_systems_log_is_added_and_removed_while_the_program_runs(tmp_path: Path) -> None:
    made = logs(tmp_path, "[logfiles]\nsyslog => error\n")
    assert made.add("syslog.auth", "notice") == []
    assert [fault.what for fault in made.add("syslog.nix", "notice")] == ["unknown facility of the system's log 'nix'"]
    assert [str(sink) for sink in made.sinks] == ["syslog", "syslog.auth"]
    assert (made.remove("syslog"), made.remove("syslog.auth"), made.rotate()) == (False, True, [])
    assert (made.descriptors(), list(tmp_path.iterdir())) == ({}, [])


def test_a_file_says_each_time_it_is_opened_which_program_writes(tmp_path: Path) -> None:
    made = Logs(Logger(), str(tmp_path), head="Asterism 9, process 5")
    text = "[general]\ndateformat = -\n[logfiles]\nx => notice\nj => [json]notice\n"
    made.configure(logger_conf.read(conf_file.loads(text, "logger.conf")))
    made.logger.notice("noted")
    made.reopen()
    assert re.sub(r"\[\d+\]", "", (tmp_path / "x").read_text()) == (
        "[-] Asterism 9, process 5\n[-] NOTICE: noted\n[-] Asterism 9, process 5\n"
    )
    entries = [json.loads(line)["message"] for line in (tmp_path / "j").read_text().splitlines()]
    assert entries == ["Asterism 9, process 5", "noted", "Asterism 9, process 5"]


def test_a_level_that_nobody_has_is_warned_of_until_a_module_adds_it(tmp_path: Path) -> None:
    made = logs(tmp_path, "[logfiles]\nx => notise\nconsole => error\ny => *,security\n")
    assert list(map(str, made.unknown_levels())) == [
        "logger.conf:2:6: warning: unknown level 'notise'\n    x => notise\n         ^\n    did you mean 'notice'?",
        "logger.conf:4:6: warning: unknown level 'security'\n    y => *,security\n         ^\n"
        "    there are debug, trace, notice, warning, error, verbose, dtmf, cc; "
        "the module that adds another must be loaded",
    ]
    made.logger.added.register("Security", "res_a")
    assert [fault.what for fault in made.unknown_levels()] == ["unknown level 'notise'"]


def test_messages_of_a_level_that_a_module_added_go_where_its_name_or_every_level_is_asked_for(tmp_path: Path) -> None:
    made = logs(
        tmp_path,
        "[logfiles]\nsecurity.log => Security\nall => *\nj => [json]security\nother => notice,fax\n"
        "console => security\n",
    )
    client = Transcript()
    made.logger.attach(ConsoleSink(client, lambda: made.settings))
    number = made.logger.added.register("security", "res_a").value
    made.logger.log(number, "res_a.c", 3, "tell", "somebody came\n")
    made.logger.notice("noted")
    told = "SECURITY res_a.c:3 tell: somebody came"
    assert lines(tmp_path / "security.log") == [told]
    assert lines(tmp_path / "all") == [told, "NOTICE: noted"]
    assert lines(tmp_path / "other") == ["NOTICE: noted"]
    assert [json.loads(line)["level"] for line in (tmp_path / "j").read_text().splitlines()] == ["SECURITY"]
    assert re.sub(r"^\[[^]]*\] |\[\d+\]", "", client.output) == f"{told}\n"


def test_a_message_of_a_call_is_marked_with_it_in_every_form(tmp_path: Path) -> None:
    made = logs(tmp_path, "[logfiles]\na => notice,verbose\nb => [plain]notice\nc => [json]notice\n", verbose=2)
    made.logger.call_of_thread = lambda: 42
    made.logger.log(Level.NOTICE, "res_a.c", 3, "tell", "ringing")
    made.logger.verbose(2, "up")
    made.logger.call_of_thread = int
    made.logger.notice("of no call")
    assert lines(tmp_path / "a") == [
        "NOTICE[C-0000002a] res_a.c:3 tell: ringing",
        "VERBOSE[C-0000002a]:   == up",
        "NOTICE: of no call",
    ]
    assert lines(tmp_path / "b")[0] == "NOTICE[C-0000002a] res_a.c:3 tell: ringing"
    entries = map(json.loads, (tmp_path / "c").read_text().splitlines())
    assert [entry.get("call") for entry in entries] == ["C-0000002a", None]


def test_numbers_of_added_levels_are_given_again_and_run_out() -> None:
    added = Logger().added
    assert [added.register(f"l{index}", None).value for index in range(15)] == list(range(17, 32))
    added.remove("L3")
    assert added.register("again", None).value == 20
    for name, why in (
        ("more", "no number is left for the log level 'more'"),
        ("Error", "the log level 'Error' exists already"),
    ):
        with pytest.raises(AsterismError) as caught:
            added.register(name, None)
        assert [fault.what for fault in caught.value.faults] == [why]


def test_a_console_shows_its_own_verbosity_until_it_is_muted() -> None:
    logger, client = Logger(), Transcript(verbose=2)
    settings = logger_conf.LogSettings(date_format="-")
    logger.attach(ConsoleSink(client, lambda: settings))
    say_something(logger)
    client.muted = True
    say_something(logger)
    shown = re.sub(r"\[\d+\]", "", client.output)
    assert shown == (
        "[-] NOTICE: noted\n[-] WARNING res_a.c:12 load_module: careful\n[-] NOTICE: of no known level\n"
        "zero\n  == two\n  == lines\n"
    )


def test_colours_are_on_the_level_only() -> None:
    logger, client = Logger(), Transcript()
    settings = logger_conf.LogSettings(date_format="-")
    logger.attach(ConsoleSink(client, lambda: settings, color=True))
    logger.error("ERROR here")
    assert re.sub(r"\[\d+\]", "", client.output) == "[-] \033[31;1mERROR\033[0m: ERROR here\n"


def test_the_loudest_listener_decides_how_much_is_made() -> None:
    logger, heard = Logger(verbose=1), []
    logger.watchers.append(lambda: heard.append((logger.loudest, logger.debugging)))
    sink = ConsoleSink(Transcript(verbose=4), logger_conf.LogSettings)
    logger.attach(sink)
    logger.set_levels(debug=2)
    logger.detach(sink)
    assert heard == [(4, 0), (4, 2), (1, 2)]


@pytest.mark.parametrize(
    ("strategy", "names"),
    [
        ("sequential", {"full": "3\n", "full.0": "1\n", "full.1": "2\n"}),
        ("rotate", {"full": "3\n", "full.0": "2\n", "full.1": "1\n"}),
        ("none", {"full": "1\n2\n3\n"}),
    ],
)
def test_old_files_are_numbered_as_the_strategy_says(tmp_path: Path, strategy: str, names: dict[str, str]) -> None:
    made = logs(tmp_path, f"[general]\nrotatestrategy = {strategy}\n[logfiles]\nfull => notice\n")
    for text in ("1", "2", "3"):
        made.logger.notice(text)
        if text != "3":
            made.rotate()
    found = {
        path.name: "".join(f"{line[-1]}\n" for line in path.read_text().splitlines()) for path in tmp_path.iterdir()
    }
    assert found == names


def test_with_timestamps_each_old_file_has_a_name_of_its_own(tmp_path: Path) -> None:
    made = logs(tmp_path, "[general]\nrotatestrategy = timestamp\n[logfiles]\nfull => notice\n")
    before = int(time.time())
    for text in ("1", "2", "3"):
        made.logger.notice(text)
        made.rotate()
    stamps = sorted(int(path.name.removeprefix("full.")) for path in tmp_path.iterdir() if path.name != "full")
    assert [(tmp_path / f"full.{stamp}").read_text()[-2:] for stamp in stamps] == ["1\n", "2\n", "3\n"]
    assert all(before <= stamp <= int(time.time()) + 3 for stamp in stamps)


def test_files_are_opened_and_closed_only_behind_the_gate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = logs(tmp_path, "[logfiles]\nfull => notice\n")
    seen = []
    for name in ("open", "close"):
        real = getattr(os, name)
        monkeypatch.setattr(os, name, lambda *given, real=real: (seen.append(made.steady.locked()), real(*given))[1])
    before = made.descriptors()
    made.rotate()
    after = made.descriptors()
    made.reopen()
    assert (made.add("more", "notice"), made.remove("more")) == ([], True)
    made.configure(made.settings)
    assert (all(seen), len(seen) >= 8) == (True, True)
    assert set(before.values()).isdisjoint(after.values())


def test_a_disk_that_is_full_is_told_once_to_the_others() -> None:
    class Full:
        def wants(self, record: Record) -> bool:
            return True

        def write(self, record: Record) -> None:
            raise OSError(28, "No space left on device")

        def __str__(self) -> str:
            return "/log/full"

    logger, client = Logger(), Transcript()
    logger.attach(Full())
    logger.attach(ConsoleSink(client, logger_conf.LogSettings))
    for _ in range(3):
        logger.notice("x")
    assert client.output.count("cannot write the log /log/full: no space left on device") == 1
    assert client.output.count(": x\n") == 3


def test_a_file_that_cannot_be_opened_is_a_fault_and_the_others_go_on(tmp_path: Path) -> None:
    (tmp_path / "dir").mkdir()
    made = Logs(Logger(), str(tmp_path))
    faults = made.configure(logger_conf.read(conf_file.loads("[logfiles]\ndir => notice\nfull => notice\n")))
    assert [str(fault).split("\n")[0] for fault in faults] == [f"{tmp_path}/dir: cannot open the file: is a directory"]
    assert sorted(os.listdir(tmp_path)) == ["dir", "full"]
