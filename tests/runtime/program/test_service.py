"""The program as a service: its log on standard output, no input, signals, the socket, commands of its own."""

from __future__ import annotations

import contextlib
import os
import pwd
import re
import signal
import stat
import subprocess
from collections.abc import Iterator

import pytest
from runtime_support import Place
from waiting import HANG, until

from asterism import __version__


@contextlib.contextmanager
def started(place: Place, *flags: str) -> Iterator[subprocess.Popen[str]]:
    """The program as a container starts it: no terminal, no input, its log on standard output."""
    process = subprocess.Popen(
        place.words(*flags), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        until(lambda: process.poll() is not None or place.ask("core waitfullybooted").returncode == 0, "the start")
        assert process.poll() is None, process.communicate()
        yield process
    finally:
        process.kill()
        process.communicate()


def ended(process: subprocess.Popen[str], number: int = signal.SIGTERM) -> tuple[int, list[str], str]:
    """How it ends after a signal: status, lines of standard output without stamps and notices, standard error."""
    process.send_signal(number)
    out, err = process.communicate(timeout=HANG)
    lines = [re.sub(r"^\[[^]]*\] |\[\d+\]", "", line) for line in out.splitlines()]
    return process.returncode, [line for line in lines if not line.startswith("NOTICE: ")], err


LOGGER = "[logfiles]\nconsole => notice,warning,error,verbose\n"


def test_a_container_reads_the_console_channel_of_the_log_on_standard_output(place: Place) -> None:
    place.take("res_sample_module.so")
    (place.root / "etc/logger.conf").write_text(LOGGER)
    place.configure("load = res_sample_module.so\nload = res_nix.so\n")
    with started(place, "-fnvvv") as process:
        status, lines, errors = ended(process)
    assert (status, errors) == (0, "")
    assert lines[:5] == [
        f"Asterism {__version__}",
        "Asterism comes with ABSOLUTELY NO WARRANTY; type 'core show warranty' for details.",
        "This is free software under the GNU General Public License version 2 or later;",
        "you are welcome to redistribute it: type 'core show license' for the conditions.",
        "=" * 73,
    ]
    told = [line for line in lines[5:] if not line.startswith(" ")]
    assert told == [
        "Asterisk Dynamic Loader Starting:",
        "Loading res_sample_module.so.",
        f"ERROR: {place.root}/etc/modules.conf:3:8: there is no module 'res_nix.so': no such file in {place.modules}",
        "WARNING: 1 module did not start; 'module show failed' tells why",
        "Asterisk Ready.",
        "Unloading res_sample_module.so",
        "Asterisk cleanly ending (0).",
    ]
    assert "  == res_sample_module.so => (Sample module)" in lines


@pytest.mark.parametrize(
    ("flags", "logger", "lines"),
    [
        (("-fn",), LOGGER, ["Asterisk Ready.", "Asterisk cleanly ending (0)."]),
        (("-fn",), "[logfiles]\nconsole => error\n", []),
        (("-fnm",), LOGGER, []),
        (("-fnq",), LOGGER, []),
    ],
)
def test_logger_conf_and_flags_say_what_standard_output_shows(
    place: Place, flags: tuple[str, ...], logger: str, lines: list[str]
) -> None:
    (place.root / "etc/logger.conf").write_text(logger)
    with started(place, *flags) as process:
        assert ended(process) == (0, lines, "")


def test_a_console_without_input_stays_until_it_is_stopped(place: Place) -> None:
    with started(place, "-cn") as process:
        assert place.ask("core show version").stdout == f"Asterism {__version__}\n"
        assert ended(process, signal.SIGINT)[0] == 0


def test_a_log_file_tells_the_program_at_its_head_and_the_status_at_its_end(place: Place) -> None:
    (place.root / "etc/logger.conf").write_text("[general]\ndateformat = -\n[logfiles]\nfull => verbose,error\n")
    assert place.asterism("-cn").returncode == 0
    place.configure("require = res_nix.so\n")
    assert place.asterism("-cn").returncode == 2
    text = re.sub(r"VERBOSE\[\d+\]|ERROR\[\d+\]|process \d+", "X", (place.root / "log/full").read_text())
    lines = [line for line in text.splitlines() if not line.startswith(" ")]
    assert [line.partition(" on Python")[0] for line in lines if line.startswith("[-] Asterism")] == [
        f"[-] Asterism {__version__}"
    ] * 2
    assert [line for line in lines if "ending" in line] == [
        "[-] X: Asterisk cleanly ending (0).",
        "[-] X: Asterisk uncleanly ending (2).",
    ]


def test_startup_commands_run_in_their_phases_and_failures_are_logged(place: Place) -> None:
    (place.root / "etc/cli.conf").write_text(
        "[startup_commands]\ndatabase put a before 1 = pre-init\ndatabase put a after 1 = yes\n"
        "database put a never 1 = no\nnix = fully-booted\nmodule show = perhaps\n"
    )
    (place.root / "etc/logger.conf").write_text("[logfiles]\nfull => warning\n")
    with started(place, "-fn"):
        rows = place.ask("database show a").stdout.splitlines()
        assert [row.split()[0] for row in rows[:-1]] == ["/a/after", "/a/before"]
    log = (place.root / "log/full").read_text()
    assert "'perhaps' does not say when 'module show' runs" in log
    assert "the startup command 'nix' failed" in log


@pytest.mark.parametrize(
    ("files", "mode"),
    [("", 0o600), ("[files]\nastctlpermissions = 0660\n", 0o660), ("[files]\nastctlpermissions = rw\n", 0o600)],
)
def test_the_control_socket_has_the_mode_that_asterisk_conf_says(place: Place, files: str, mode: int) -> None:
    place.configure("", files)
    group = f"astctlgroup = {os.getegid()}x\n" if files else ""
    place.conf.write_text(place.conf.read_text() + group)
    with started(place, "-fn"):
        assert stat.S_IMODE(os.stat(place.run / "asterisk.ctl").st_mode) == mode
        assert stat.S_IMODE(os.stat(place.run).st_mode) == (0o700 if mode == 0o600 else 0o711)


def test_cli_permissions_count_for_who_connects(place: Place) -> None:
    name = pwd.getpwuid(os.geteuid()).pw_name
    rules = place.root / "etc/cli_permissions.conf"
    own = "permit = core show\npermit = core wait\npermit = ^cli .*\ndeny = core show s\n"
    rules.write_text(f"[general]\ndefault_perm = deny\n[{name}]\n{own}")
    with started(place, "-fn") as process:
        assert place.ask("core show version").returncode == 0
        for command in ("core show settings", "core stop now", "module show"):
            done = place.ask(command)
            assert (done.stdout, done.returncode) == (f"You don't have permissions to run '{command}' command\n", 1)
        rules.write_text("[general\n")
        assert place.ask("cli reload permissions").returncode == 1
        assert place.ask("module show").returncode == 1
        rules.unlink()
        assert place.ask("cli reload permissions").returncode == 0
        assert place.ask("module show").returncode == 0
        assert process.poll() is None


def test_files_are_listed_with_their_readers_and_reloaded_by_name(place: Place) -> None:
    place.take("res_clialiases.so")
    place.configure("load = res_clialiases.so\n")
    etc = place.root / "etc"
    (etc / "logger.conf").write_text("[logfiles]\n")
    (etc / "cli_aliases.conf").write_text("[general]\ntemplate = mine\n[mine]\nmods = module show like\n")
    with started(place, "-fn"):
        listed = [tuple(line.split()) for line in place.ask("config list").stdout.splitlines()]
        assert listed == [
            ("core", f"{etc}/asterisk.conf"),
            ("res_clialiases", f"{etc}/cli_aliases.conf"),
            ("logger", f"{etc}/logger.conf"),
            ("core", f"{etc}/modules.conf"),
        ]
        assert place.ask("mods res_cli").stdout.splitlines()[1].split()[:3] == ["res_clialiases.so", "CLI", "Aliases"]
        (etc / "cli_aliases.conf").write_text("[general]\ntemplate = mine\n[mine]\nv = core show version\n")
        for name in (f"{etc}/cli_aliases.conf", "logger.conf"):
            module = "res_clialiases" if "aliases" in name else "logger"
            done = place.ask(f"config reload {name}")
            assert (done.stdout, done.returncode) == (f"Module '{module}' reloaded successfully.\n", 0)
        assert place.ask("v").stdout == f"Asterism {__version__}\n"
        assert place.ask("mods").returncode == 1
        assert place.ask("cli show aliases").stdout.splitlines()[1].split() == ["v", "core", "show", "version"]
        for name in ("nix.conf", "modules.conf"):
            done = place.ask(f"config reload {name}")
            assert (done.stdout, done.returncode) == ("", 1)
            assert done.stderr.startswith(f"nothing was reloaded for '{name}'")
