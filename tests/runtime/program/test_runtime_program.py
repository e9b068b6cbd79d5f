"""The installed program: its flags, consoles, socket, signals, and how it fails."""

from __future__ import annotations

import grp
import json
import os
import re
import signal
import socket
import stat
import subprocess
from collections.abc import Callable

import pexpect
import pytest
from manager_client import free_port
from runtime_support import Place
from waiting import HANG, send, until

from asterism import __version__

# ---- flags


def test_version_and_help_need_nothing(place: Place) -> None:
    assert re.fullmatch(r"Asterism \d+\.\d+\.\d+\n", place.asterism("-V").stdout)
    assert place.asterism("-h").stdout.startswith("usage: asterism -c")


@pytest.mark.parametrize("flags", [("-K",), ("-x",), ("-c", "word")])
def test_a_command_line_that_is_wrong_ends_with_two(place: Place, flags: tuple[str, ...]) -> None:
    done = place.asterism(*flags)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("asterism: ")


def test_a_flag_about_calls_is_said_to_have_no_effect(place: Place) -> None:
    assert place.asterism("-p", "-V").returncode == 0
    done = place.asterism("-cp")
    assert done.stderr == "asterism: -p has no effect: it does not run at real-time priority; use chrt(1)\n"


# ---- standard input that is no terminal


def test_commands_from_standard_input_are_run_to_its_end(place: Place) -> None:
    place.take("res_sample_module.so")
    done = place.asterism("-cvv", given="module unload res_sample_module.so\n\nmodule load res_sample_module.so\n")
    lines = [line for line in done.stdout.splitlines() if "NOTICE" not in line]
    assert (done.returncode, done.stderr) == (0, "")
    assert lines == [
        "Asterisk Dynamic Loader Starting:",
        "Loading res_sample_module.so.",
        "  == res_sample_module.so => (Sample module)",
        "Asterisk Ready.",
        "Unloading res_sample_module.so",
        "Unloaded res_sample_module.so",
        "Loaded res_sample_module.so",
        "Loaded res_sample_module.so => (Sample module)",
        "Unloading res_sample_module.so",
        "Asterisk cleanly ending (0).",
    ]


def test_a_failed_command_of_standard_input_makes_the_status_one(place: Place) -> None:
    done = place.asterism("-c", given="nonsense\ncore show version\n")
    assert done.returncode == 1
    assert "Asterism" in done.stdout


def without(closed: int, place: Place, *flags: str) -> subprocess.CompletedProcess[str]:
    """A run with one of the standard descriptors closed."""
    return subprocess.run(
        place.words(*flags),
        preexec_fn=lambda: os.close(closed),
        input="\n",
        capture_output=True,
        text=True,
        timeout=HANG,
        check=False,
    )


@pytest.mark.parametrize("closed", [1, 2])
def test_a_closed_standard_stream_is_the_null_device(place: Place, closed: int) -> None:
    done = without(closed, place, "-c")
    assert (done.returncode, done.stderr, done.stdout) == (
        0,
        "",
        "" if closed == 1 else "Asterisk Ready.\nAsterisk cleanly ending (0).\n",
    )


def test_a_reader_of_rx_that_goes_early_is_no_fault(place: Place) -> None:
    with place.running():
        reading, writing = os.pipe()
        os.close(reading)
        with os.fdopen(writing, "w") as gone:
            done = subprocess.run(
                place.words("-rx", "core show help"), stdout=gone, stderr=subprocess.PIPE, check=False, timeout=20
            )
        assert (done.returncode, done.stderr) == (141, b"")
        with open("/dev/full", "w") as full:
            done = subprocess.run(
                place.words("-rx", "core show help"), stdout=full, stderr=subprocess.PIPE, check=False, timeout=20
            )
        assert (done.returncode, done.stderr) == (
            1,
            b"asterism: cannot write the output: no space left on device\n",
        )


# ---- the terminal


def test_the_console_edits_completes_and_stops(place: Place) -> None:
    place.take("res_sample_module.so")
    console = place.console("-cvvg")
    console.expect_exact("  == res_sample_module.so => (Sample module)")
    console.expect_exact("Asterisk Ready.")
    console.expect_exact("*CLI>")
    console.send("module unl\tres_s\t\r")
    console.expect_exact("Unloaded res_sample_module.so")
    console.expect_exact("*CLI>")
    console.sendline("module load res_sample_module.so")
    console.expect_exact("Loaded res_sample_module.so => (Sample module)")
    console.expect_exact("*CLI>")
    console.send("half a line\x03")
    console.expect_exact("*CLI>")
    console.send("\x03")
    console.expect_exact("To stop: 'core stop gracefully', or Ctrl-D for 'core stop now'.")
    console.sendline("!echo from $((40 + 2))")
    console.expect_exact("from 42")
    console.expect_exact("*CLI>")
    console.send("\x1b[A")
    console.expect_exact("echo from")
    console.send("\x03")
    # A prompt that is given up is painted once more: only an answer shows that the next one listens.
    console.sendline("core show version")
    console.expect_exact("Asterism ")
    console.expect_exact("*CLI>")
    console.sendeof()
    console.expect(pexpect.EOF)
    console.close()
    assert (console.exitstatus, console.signalstatus) == (0, None)


def test_a_remote_console_that_stops_the_program_ends_with_it_and_well(place: Place) -> None:
    with place.running():
        remote = place.console("-r")
        remote.expect_exact("*CLI>")
        remote.sendline("core stop now")
        remote.expect_exact("asterism has stopped")
        remote.expect(pexpect.EOF)
        remote.close()
        assert (remote.exitstatus, "*CLI>" in remote.before) == (0, False)


def test_a_remote_console_says_when_the_program_died_without_a_word(place: Place) -> None:
    with place.running() as process:
        remote = place.console("-r")
        remote.expect_exact("*CLI>")
        process.kill()
        remote.expect_exact("asterism: the connection to asterism was lost: it ended without a word")
        remote.expect(pexpect.EOF)
        remote.close()
        assert remote.exitstatus == 1


def test_output_that_cannot_be_written_makes_the_status_one(place: Place) -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            place.words("-cq"), input=b"core show help\n", stdout=full, stderr=subprocess.PIPE, check=False, timeout=20
        )
    assert (done.returncode, done.stderr) == (1, b"asterism: cannot write the output: no space left on device\n")


def test_quiet_still_tells_what_did_not_start(place: Place) -> None:
    (place.modules / "res_bad.so").write_text("nothing")
    done = place.asterism("-cq")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.startswith(f"{place.modules}/res_bad.so: it is not a shared object\n")


def test_a_stop_from_elsewhere_closes_the_prompt(place: Place) -> None:
    console = place.console("-c")
    console.expect_exact("*CLI>")
    assert place.ask("core stop gracefully").returncode == 0
    console.expect(pexpect.EOF)
    console.close()
    assert console.exitstatus == 0


def test_a_remote_console_sees_the_log_above_its_prompt_and_leaves_alone(place: Place) -> None:
    place.take("res_sample_module.so")
    with place.running() as process:
        remote = place.console("-rvv")
        remote.expect_exact(f"process {process.pid}")
        remote.expect_exact("*CLI>")
        assert place.ask("module unload res_sample_module").returncode == 0
        remote.expect_exact("Unloading res_sample_module.so")
        remote.send("core show upt\t\r")
        remote.expect("System uptime: ")
        remote.sendline("core set verbose 5")
        remote.expect_exact("Console verbose was 2 and is now 5.")
        remote.sendline("exit")
        remote.expect(pexpect.EOF)
        remote.close()
        assert remote.exitstatus == 0
        assert process.poll() is None
        place.ask("core stop now")
        assert process.wait(HANG) == 0


# ---- the socket


def test_rx_ends_with_one_and_says_why_on_standard_error_when_the_command_failed(place: Place) -> None:
    with place.running():
        done = place.ask("module load res_none")
        assert (done.returncode, done.stdout) == (
            1,
            "Unable to load module res_none\nCommand 'module load res_none' failed.\n",
        )
        assert done.stderr.startswith(f"there is no module 'res_none': no such file in {place.modules}\n")
        assert place.ask("module load").stdout.startswith("Usage: module load <module>")
        unknown = place.ask("qqq")
        why = "'core show help' lists the commands\n"
        assert (unknown.returncode, unknown.stderr) == (1, why)


def test_only_the_owner_may_open_the_socket(place: Place) -> None:
    with place.running():
        assert stat.S_IMODE((place.run / "asterisk.ctl").stat().st_mode) == 0o600
        assert stat.S_IMODE(place.run.stat().st_mode) == 0o700
        assert sorted(os.listdir(place.run)) == ["asterisk.ctl", "asterisk.lock", "asterisk.pid", "journal"]


def test_clients_that_talk_nonsense_or_go_away_hurt_nobody(place: Place) -> None:
    with place.running():
        for data in (
            b"GET / HTTP/1.0\r\n\r\n",
            b"run 99999999999\n",
            b"run 10\nabc",
            b"hello 1\n1run 4\nxxxx",
            b"\0" * 100,
        ):
            with socket.socket(socket.AF_UNIX) as client:
                client.connect(str(place.run / "asterisk.ctl"))
                client.sendall(data)
        asked = [subprocess.Popen(place.words("-rx", "core show help"), stdout=subprocess.PIPE) for _ in range(8)]
        outputs = {process.communicate(timeout=HANG)[0] for process in asked}
        assert len(outputs) == 1
        assert all(process.returncode == 0 for process in asked)


def test_a_second_program_on_the_same_run_directory_is_refused_in_words(place: Place) -> None:
    with place.running() as process:
        done = place.asterism("-f")
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr == (
            f"{place.run}: asterism is running already: process {process.pid} uses this run directory\n"
            "    connect to it with 'asterism -r', or stop it with: asterism -rx 'core stop gracefully'\n"
        )
        assert place.ask("core show version").returncode == 0


def test_what_a_killed_program_left_is_taken_over(place: Place) -> None:
    with place.running() as process:
        process.kill()
        process.wait(HANG)
    assert place.ask("core show version").returncode == 1
    with place.running():
        assert place.ask("core show version").returncode == 0


def test_without_a_running_program_rx_says_what_to_do(place: Place) -> None:
    done = place.ask("core show version")
    assert done.returncode == 1
    assert done.stderr == (
        f"{place.run}/asterisk.ctl: cannot reach a running asterism: no such file or directory\n"
        "    start it with 'asterism -c' or 'asterism -F', or name its asterisk.conf with -C\n"
    )


def test_a_run_directory_with_a_very_long_name_works(place: Place) -> None:
    place.configure("", f"[files]\n[directories](+)\nastrundir => {place.root}/{'long-' * 30}/run\n")
    with place.running():
        assert place.ask("core show version").returncode == 0


# ---- background and signals


def test_in_the_background_the_caller_waits_for_the_start(place: Place) -> None:
    assert place.asterism("-F").returncode == 0
    try:
        assert place.ask("core waitfullybooted").stdout == "Asterisk has fully booted.\n"
        pid = int((place.run / "asterisk.pid").read_text())
    finally:
        place.ask("core stop gracefully")
    until(lambda: not (place.run / "asterisk.pid").exists())
    assert pid > 1
    assert sorted(os.listdir(place.run)) == ["asterisk.lock", "journal"]


def test_a_start_that_fails_in_the_background_is_told_to_the_caller(place: Place) -> None:
    place.configure("require = res_none\n")
    done = place.asterism("-F")
    assert done.returncode == 2
    assert done.stderr == (
        f"{place.root}/etc/modules.conf:2:11: there is no module 'res_none': no such file in {place.modules}\n"
        "    require = res_none\n"
        "              ^\n"
        "    build and install it, or look with 'ls' for its right name\n"
        f"{place.root}/etc/modules.conf:2:11: the required module 'res_none' cannot be loaded\n"
        "    require = res_none\n"
        "              ^\n"
        "    mend that, or list the module with 'load' instead of 'require'\n"
    )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_gracefully(place: Place, number: int) -> None:
    place.take("res_sample_module.so")
    (place.root / "etc/logger.conf").write_text("[logfiles]\nfull => verbose(5)\n")
    with place.running() as process:
        process.send_signal(number)
        assert process.wait(HANG) == 0
    assert "Unloading res_sample_module.so" in (place.root / "log/full").read_text()
    assert sorted(os.listdir(place.run)) == ["asterisk.lock", "journal"]


def test_one_signal_ends_a_start_that_waits_for_its_configuration(place: Place) -> None:
    os.mkfifo(place.root / "never")
    waits = f"#exec sh -c 'touch {place.root}/reading && cat {place.root}/never'\n"
    place.configure(waits, "execincludes = yes\n")
    process = subprocess.Popen(place.words("-c"), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        until(lambda: process.poll() is not None or (place.root / "reading").exists())
        assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        assert process.wait(HANG) == 1
    finally:
        process.kill()
        os.close(os.open(place.root / "never", os.O_RDWR))  # lets the program of #exec end


def test_a_pipe_that_is_closed_during_the_start_stops_the_program(place: Place) -> None:
    os.mkfifo(place.root / "never")
    waits = f"#exec sh -c 'touch {place.root}/reading && cat {place.root}/never'\n"
    place.configure(waits, "execincludes = yes\n")
    process = subprocess.Popen(place.words("-c"), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    try:
        until(lambda: process.poll() is not None or (place.root / "reading").exists())
        assert process.poll() is None
        assert process.stdin is not None
        process.stdin.close()
        os.close(os.open(place.root / "never", os.O_WRONLY))
        assert process.wait(HANG) == 0
    finally:
        process.kill()


@pytest.mark.parametrize("name", ["asterisk.conf", "modules.conf", "logger.conf", "extensions.conf", "manager.conf"])
def test_a_fifo_in_place_of_a_file_is_told_and_never_waited_for(place: Place, name: str) -> None:
    place.take("res_sample_module.so")
    path = place.root / "etc" / name
    path.unlink(missing_ok=True)
    os.mkfifo(path)
    done = place.asterism("-c")
    assert f"{path}: cannot read the file: is a named pipe (FIFO)" in done.stdout + done.stderr
    assert done.returncode == (1 if name in ("asterisk.conf", "modules.conf") else done.returncode)


def test_a_fifo_among_the_modules_is_told_and_the_rest_runs(place: Place) -> None:
    place.take("res_sample_module.so")
    os.mkfifo(place.modules / "res_fifo.so")
    place.configure("load = res_fifo.so\nload = res_sample_module.so\n")
    done = place.asterism("-cv")
    assert "res_fifo.so: cannot read the file: is a named pipe (FIFO)" in done.stdout
    assert "Unloading res_sample_module.so" in done.stdout


@pytest.mark.parametrize("name", ["distrusted.json", "journal"])
def test_a_damaged_state_file_is_set_aside_and_the_program_starts(place: Place, name: str) -> None:
    place.take("res_sample_module.so")
    assert place.asterism("-c").returncode == 0
    path = place.root / ("run" if name == "journal" else "db") / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("[" * 3000)
    done = place.asterism("-c")
    assert (done.returncode, "Traceback" in done.stderr) == (0, False)
    assert path.with_name(f"{name}.damaged").read_text() == "[" * 3000


def test_usr1_opens_the_log_files_anew_and_hup_reloads(place: Place) -> None:
    (place.root / "etc/logger.conf").write_text("[logfiles]\nfull => [json]notice,verbose(9)\n")
    log = place.root / "log/full"
    with place.running() as process:
        log.rename(place.root / "log/old")
        process.send_signal(signal.SIGUSR1)
        until(log.exists)
        log.rename(place.root / "log/older")
        process.send_signal(signal.SIGHUP)
        until(log.exists)
        place.ask("core stop now")
        process.wait(HANG)
    first, second, *_ = map(json.loads, (place.root / "log/old").read_text().splitlines())
    assert first["message"].startswith(f"Asterism {__version__} on Python ")
    assert second["message"] == "Asterisk Dynamic Loader Starting:"


def test_a_reload_that_hangs_leaves_the_signals_to_be_heeded(place: Place) -> None:
    (place.modules / "res_slow.py").write_text(
        "import threading\nfrom runtime.api.module import *\nMODULE = ModuleInfo('Slow')\n"
        "def reload_module():\n    open(__file__ + '.entered', 'w').close()\n    threading.Event().wait()\n"
    )
    entered = place.modules / "res_slow.py.entered"
    with place.running() as process:
        process.send_signal(signal.SIGHUP)
        until(entered.exists)
        send(process, signal.SIGTERM)
        process.terminate()
        assert process.wait(HANG) == 1


def test_the_service_manager_is_told_of_the_start_a_reload_and_the_stop(place: Place) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.settimeout(HANG)
        manager.bind(f"\0asterism-{os.getpid()}")
        with place.running(NOTIFY_SOCKET=f"@asterism-{os.getpid()}") as process:
            told = [manager.recv(200)]
            process.send_signal(signal.SIGHUP)
            told += [manager.recv(200), manager.recv(200)]
            process.terminate()
            told.append(manager.recv(200))
            assert process.wait(HANG) == 0
    assert [re.sub(rb"=\d{4,}$", b"=N", line) for line in told] == [
        b"READY=1",
        b"RELOADING=1\nMONOTONIC_USEC=N",
        b"READY=1",
        b"STOPPING=1",
    ]


def test_maxfiles_is_the_limit_of_the_process(place: Place) -> None:
    place.configure("autoload = no\n", "maxfiles = 321\n")
    done = place.asterism("-cq", given="core show settings\n")
    assert "  Maximum open file handles:   321\n" in done.stdout


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, who can become somebody else")
def test_the_run_directory_is_given_to_whom_the_program_becomes(place: Place) -> None:
    done = place.asterism("-G", "daemon", "-cq", given="core show settings\n")
    gid = grp.getgrnam("daemon").gr_gid
    assert "  User name and group:         root/daemon\n" in done.stdout
    assert (done.returncode, place.run.stat().st_gid) == (0, gid)


# ---- starts that fail


def test_a_missing_modules_conf_ends_with_one(place: Place) -> None:
    (place.root / "etc/modules.conf").unlink()
    done = place.asterism("-f")
    assert (done.returncode, done.stderr) == (
        1,
        f"{place.root}/etc/modules.conf: there is no modules.conf\n"
        "    'make samples' in the source tree installs one; or write [modules] and autoload = yes into it\n",
    )
    assert sorted(os.listdir(place.run)) == ["asterisk.lock", "journal"]


MISTAKES = {
    "modules.conf": "[modules]\nload = func_*.so\nload = {root}/modules/x.so\nload = nix.so\nload = a\\;b\n"
    "load = func_md5\n",
    "logger.conf": "[logfiles\n",
    "extensions.conf": "[default]\nexten => 1\n",
    "manager.conf": "[general]\nenabled = yes\nport = {port}\nnonsense = 1\n[x]\nread = nothing\n",
}
"""A mistake or more in each file, none of which is about the program as a whole."""


@pytest.fixture
def mistaken(place: Place) -> Callable[[str], None]:
    """Writes files with mistakes, and an asterisk.conf with one more and these options."""

    def write(options: str) -> None:
        place.configure("", f"{options}nonsense = 1\n[files]\nastctl = a/b\n")
        place.take("func_md5.so")
        for name, text in MISTAKES.items():
            file = place.root / "etc" / name
            file.write_text(text.format(root=place.root, port=free_port()))
            file.chmod(0o600)

    return write


def test_a_mistake_in_a_configuration_file_costs_what_it_is_about(
    place: Place, mistaken: Callable[[str], None]
) -> None:
    mistaken("")
    done = place.asterism("-c", given="module show\nmodule show failed\n")
    etc = f"{place.root}/etc"
    assert done.returncode == 0
    assert "func_md5.so " in done.stdout
    failed = done.stdout.rpartition(" modules loaded\n")[2]
    assert [line for line in failed.splitlines() if line.startswith(("  /", "no"))] == [
        "no such file (4):",
        f"  {etc}/modules.conf:2:8: 'func_*.so' cannot be the name of a module",
        f"  {etc}/modules.conf:3:8: '{place.root}/modules/x.so' cannot be the name of a module",
        f"  {etc}/modules.conf:4:8: there is no module 'nix.so': no such file in {place.modules}",
        f"  {etc}/modules.conf:5:8: 'a;b' cannot be the name of a module",
    ]


def test_a_strict_program_does_not_start_with_a_mistake_in_any_file(
    place: Place, mistaken: Callable[[str], None]
) -> None:
    mistaken("strict = yes\n")
    done = place.asterism("-f")
    told = [
        line for line in done.stderr.splitlines() if line.startswith(f"{place.root}/etc/") and "warning" not in line
    ]
    places = [line.removeprefix(f"{place.root}/etc/").split(": ")[0] for line in told]
    assert done.returncode == 1
    assert {place.partition(":")[0] for place in places} == {*MISTAKES, "asterisk.conf"} - {"extensions.conf"}
    assert [place for place in places if place.startswith("modules.conf")] == [
        f"modules.conf:{line}" for line in ("2:8", "3:8", "4:8", "5:8")
    ]
    for name in ("modules.conf", "logger.conf", "manager.conf"):
        (place.root / "etc" / name).write_text("[modules]\n")
    place.configure("", "strict = yes\n")
    done = place.asterism("-f")
    assert (done.returncode, done.stderr.splitlines()[0].partition(": ")[0]) == (
        1,
        f"{place.root}/etc/extensions.conf:2:11",
    )
    (place.root / "etc/extensions.conf").unlink()
    assert place.asterism("-c", given="module show\n").returncode == 0


def test_a_read_only_or_missing_place_is_told_with_its_name(place: Place) -> None:
    (place.root / "run").write_text("a file is in the way")
    done = place.asterism("-f")
    assert (done.returncode, done.stderr.splitlines()[0]) == (1, f"{place.root}/run: cannot use the file: file exists")


def test_modules_that_are_none_are_reported_together_and_the_rest_runs(
    place: Place, compiled: Callable[[str, str], None]
) -> None:
    compiled("res_good", "return 0;")
    compiled("res_undefined", "extern int nobody_has_this(void); return nobody_has_this();")
    compiled("res_declines", "return AST_MODULE_LOAD_DECLINE;")
    (place.modules / "res_text.so").write_text("no ELF file")
    done = place.asterism("-c", given="module show\nmodule show failed\n")
    assert (done.returncode, done.stderr) == (0, "")
    table, _, report = done.stdout.partition(" modules loaded\n")
    assert [line.split()[0] for line in table.splitlines() if line.startswith("res_")] == [
        "res_declines.so",
        "res_good.so",
    ]
    assert [line for line in report.splitlines() if not line.startswith(" ")] == [
        "not a module that can be opened (1):",
        "undefined symbol (1):",
        "declined (1):",
        "Asterisk cleanly ending (0).",
    ]
    assert f"  {place.modules}/res_undefined.so: it needs 'nobody_has_this', which nobody provides" in report


@pytest.mark.parametrize(
    ("conf", "cure"),
    [
        ("noload = res_giver\nautoload = yes\n", "modules.conf says 'noload = res_giver.so'"),
        ("load = res_taker\n", "add 'load = res_giver.so' to modules.conf"),
        (
            "autoload = yes\n",
            "'res_giver.so' is opened, but keeps its symbols to itself: give it AST_MODFLAG_GLOBAL_SYMBOLS",
        ),
    ],
)
def test_an_undefined_symbol_comes_with_the_module_that_would_provide_it(
    place: Place, compiled: Callable[[str, str], None], conf: str, cure: str
) -> None:
    compiled("res_taker", "extern int shared_thing(void); return shared_thing();")
    compiled("res_giver", "return 0; } int shared_thing(void) { return 0;")
    place.configure(conf)
    done = place.asterism("-cq")
    assert (done.returncode, done.stderr) == (
        0,
        f"{place.modules}/res_taker.so: it needs 'shared_thing', which nobody provides: "
        f"'res_giver.so' would provide it\n    {cure}\n",
    )


def test_a_module_that_crashes_in_load_is_named_with_its_callback(
    place: Place, compiled: Callable[[str, str], None]
) -> None:
    compiled("res_crash", "*(volatile int *) 0 = 1; return 0;")
    done = place.asterism("-f")
    assert done.returncode == -signal.SIGSEGV
    assert done.stderr.splitlines()[:2] == [
        "asterism: module res_crash crashed in its load callback (SIGSEGV, invalid memory access)",
        "    the next start skips the module until it is built again or trusted: 'module trust res_crash'",
    ]
    (place.run / "journal").unlink()  # what it remembers
    waited = place.asterism("-F")
    assert waited.returncode == 1
    assert waited.stderr.startswith("asterism: module res_crash crashed in its load callback")
    assert waited.stderr.endswith("asterism: it ended during the start\n")


def test_a_failing_module_stops_the_start_with_two(place: Place, compiled: Callable[[str, str], None]) -> None:
    compiled("res_fails", "return AST_MODULE_LOAD_FAILURE;")
    done = place.asterism("-f")
    assert (done.returncode, done.stderr) == (
        2,
        f"{place.modules}/res_fails.so: failed to load: its load callback returned AST_MODULE_LOAD_FAILURE and said "
        "nothing; that is a failure, not a decline: the start stops\n"
        "    with 'core set debug 5', 'module load res_fails.so' may say more\n",
    )


def test_a_dumb_terminal_gets_no_escape_sequences(place: Place) -> None:
    console = place.console("-c", TERM="dumb")
    console.expect_exact("*CLI> ")
    console.sendline("core show version")
    console.expect_exact("Asterism 1")
    console.expect_exact("*CLI> ")
    shown = console.before
    console.sendline("exit")
    console.expect(pexpect.EOF)
    console.close()
    assert "\x1b" not in shown + console.before
    assert console.exitstatus == 0
