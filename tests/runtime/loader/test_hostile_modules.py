"""Modules that change the process around them: told by name, put back, and the program stops as it should."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from runtime_support import Place
from waiting import until

INCLUDES = """\
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
"""

SOURCE = (
    INCLUDES
    + """\
#include "asterisk.h"
#include "asterisk/module.h"
#undef close
#undef fork
{before}
static int harm(void) {{ {load} }}
static int unload_module(void) {{ return UNLOAD; }}
static int reload_module(void) {{ return RELOAD; }}
static int load_module(void) {{ return LOAD; }}
AST_MODULE_INFO(ASTERISK_GPL_KEY, AST_MODFLAG_DEFAULT, "Test module", .load = load_module, .unload = unload_module,
	.reload = reload_module,);
"""
)
WHEN = {"load": ("harm()", "0", "0"), "reload": ("0", "harm()", "0"), "unload": ("0", "0", "harm()")}

MENDED = {
    "res_chdir": ('return chdir("/");', "it changed the working directory to '/'"),
    "res_close": (
        "for (int i = 3; i < 200; i++) close(i); return 0;",
        "it closed N descriptors of the program",
    ),
    "res_close_streams": (
        "close(0); close(1); close(2); return 0;",
        "it closed N descriptors of the program",
    ),
    "res_environment": (
        "return clearenv();",
        "it removed N variables from the environment",
    ),
    "res_ignore": (
        "signal(SIGTERM, SIG_IGN); signal(SIGINT, SIG_DFL); signal(SIGSEGV, SIG_DFL); return 0;",
        "it changed what happens on SIGINT, SIGTERM, SIGSEGV",
    ),
    "res_limit_files": (
        "struct rlimit one; getrlimit(RLIMIT_NOFILE, &one); one.rlim_cur = 20; return setrlimit(RLIMIT_NOFILE, &one);",
        "it lowered the limit RLIMIT_NOFILE to N",
    ),
    "res_mask": (
        "sigset_t all; sigfillset(&all); return pthread_sigmask(SIG_SETMASK, &all, NULL);",
        "it changed which signals are blocked",
    ),
    "res_umask": ("umask(0); return 0;", "it changed the umask to N"),
}
"""What a module does, and what is said of it; numbers are written as N."""

CHILDREN = {
    "res_child_ends": "if (!fork()) _exit(3); return 0;",
    "res_child_exits": "if (!fork()) exit(3); return 0;",
    "res_child_returns": "pid_t one = fork(); if (one > 0) waitpid(one, NULL, 0); return 0;",
}


def compile_all(place: Place, compiled: Callable[..., None], modules: dict[str, str], when: str) -> None:
    load, reload, unload = WHEN[when]
    flags = [f"-DLOAD={load}", f"-DRELOAD={reload}", f"-DUNLOAD={unload}"]
    for name, body in modules.items():
        compiled(name, body, source=SOURCE, flags=flags)
    (place.root / "etc/logger.conf").write_text("[logfiles]\nmessages.log => error\n")


def told(place: Place, callback: str) -> dict[str, str]:
    """What the log says of each module."""
    log = (place.root / "log/messages.log").read_text()
    line = rf"module (\w+) changed the state of the process in its {callback} callback: (.*)"
    return {name: re.sub(r"\d+", "N", what) for name, what in re.findall(line, log)}


@pytest.mark.parametrize("when", WHEN)
def test_what_a_module_changes_is_told_by_name_and_put_back(
    place: Place, compiled: Callable[..., None], when: str
) -> None:
    compile_all(place, compiled, {name: body for name, (body, _) in MENDED.items()}, when)
    with place.running() as process:
        state = Path(f"/proc/{process.pid}")
        fresh = os.readlink(state / "cwd"), (state / "fd").exists()
        if when == "reload":
            place.ask("module reload")
        if when == "unload":
            for name in MENDED:
                assert place.ask(f"module unload {name}").stdout == f"Unloaded {name}\n"
        status = (state / "status").read_text()
        blocked, umask = (re.search(rf"^{name}:\s*(\w+)", status, re.MULTILINE) for name in ("SigBlk", "Umask"))
        assert (fresh, blocked and int(blocked[1], 16), umask and umask[1] != "0000") == ((os.getcwd(), True), 0, True)
        assert place.ask("core show version").returncode == 0
        process.terminate()
        streams = process.communicate(timeout=20)
    assert (process.returncode, streams) == (0, ("", ""))
    assert told(place, when) == {name: what for name, (_, what) in MENDED.items()}


def test_what_a_callback_leaves_alone_is_not_told(place: Place, compiled: Callable[..., None]) -> None:
    body = (
        'setenv("RES_GOOD", "1", 1); open("/dev/null", O_RDONLY); signal(SIGUSR2, SIG_IGN); umask(umask(0)); return 0;'
    )
    compile_all(place, compiled, {"res_good": body}, "load")
    assert place.asterism("-cq", given="module reload\nmodule unload res_good\n").returncode == 0
    heads = (place.root / "log/messages.log").read_text().splitlines()  # one more after the reload
    assert (len(heads), all(re.match(r"\[.*\] Asterism ", line) for line in heads)) == (2, True)


def test_a_log_that_is_rotated_during_a_callback_is_not_put_back(place: Place, compiled: Callable[..., None]) -> None:
    begun, log, rotated = place.root / "begun", place.root / "log/messages.log", place.root / "log/messages.log.0"
    wait = (
        f'close(open("{begun}", O_CREAT | O_WRONLY, 0600));'
        f'while (access("{rotated}", F_OK) || access("{log}", F_OK)) usleep(1000);'
    )
    compile_all(place, compiled, {"res_slow": f"{wait} return close(0);"}, "reload")
    with place.running() as process:
        slow = subprocess.Popen(place.words("-rx", "module reload res_slow"), stdout=subprocess.PIPE, text=True)
        until(begun.exists, "the callback of the module")
        assert place.ask("logger rotate").returncode == 0
        assert (slow.communicate()[0], slow.returncode) == ("Module 'res_slow' reloaded successfully.\n", 0)
        process.terminate()
        assert process.wait() == 0
    assert told(place, "reload") == {"res_slow": "it closed N descriptor of the program"}
    assert len(rotated.read_text().splitlines()) == 1  # its head


def alive(group: int) -> list[str]:
    """Processes of a process group that run."""
    found = subprocess.run(["ps", "-o", "stat=", "-g", str(group)], capture_output=True, text=True, check=False)
    return [state for state in found.stdout.split() if not state.startswith("Z")]


def test_a_child_process_never_goes_on_as_a_second_server(place: Place, compiled: Callable[..., None]) -> None:
    compile_all(place, compiled, CHILDREN, "load")
    process = subprocess.Popen(
        place.words("-cq"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        start_new_session=True,
    )  # fmt: skip
    out, err = process.communicate("module show like res_child\n", timeout=30)
    assert (process.returncode, out.count("Running"), alive(process.pid)) == (0, 3, [])
    assert err == (
        "asterism: module res_child_returns called fork() in its load callback, and the child process returned from it:"
        " the child ends\n    a child process must call exec or _exit\n"
    )


def test_a_child_process_that_lives_on_does_not_keep_the_run_directory(
    place: Place, compiled: Callable[..., None]
) -> None:
    pid = place.root / "pid"
    child = "close(1); close(2); for (;;) pause();"
    note = f'dprintf(open("{pid}", O_CREAT | O_WRONLY, 0600), "%d", one);'
    body = f"pid_t one = fork(); if (!one) {{ {child} }} {note} return 0;"
    compile_all(place, compiled, {"res_child": body}, "load")
    try:
        assert place.asterism("-cq").returncode == 0
        (place.modules / "res_child.so").unlink()
        assert place.asterism("-cq").returncode == 0
    finally:
        os.kill(int(pid.read_text()), signal.SIGKILL)


RUINOUS = {
    "descriptors": (
        "for (int i = 3; i < 5000; i++) close(i); return 0;",
        "it closed N descriptors of the program",
    ),
    "all descriptors": (
        "for (int i = 0; i < 5000; i++) close(i); return 0;",
        "it closed N descriptors of the program",
    ),
    "rights": (
        "return setgid(65534) || setuid(65534);",
        "it changed the user of the process from N to N, the group from N to N",
    ),
}


RUINED = """\
asterism: module res_bad changed the state of the process in its load callback: {}
    the program stops, and its next start leaves the module out until it is built again or trusted
"""


@pytest.mark.parametrize(("load", "what"), RUINOUS.values(), ids=RUINOUS)
def test_a_program_that_cannot_go_on_stops_and_leaves_the_module_out(
    place: Place, compiled: Callable[..., None], load: str, what: str
) -> None:
    if "setuid" in load and os.geteuid():
        pytest.skip("needs root, who has rights to lose")
    compile_all(place, compiled, {"res_bad": load}, "load")
    done = place.asterism("-f")
    said = "" if "int i = 0" in load else RUINED.format(what)  # else standard error is gone as well
    assert (done.returncode, done.stdout, re.sub(r"\d+", "N", done.stderr)) == (1, "", said)
    again = place.asterism("-cq", given="module show failed\n")
    assert again.returncode == 0
    assert "the last time it ended in its load callback, noted 2" in again.stdout


ENDS = {
    "exit in a thread": ("exit(5);", 5),
    "_exit in a thread": ("_exit(5);", 5),
}


@pytest.mark.parametrize(("end", "status"), ENDS.values(), ids=ENDS)
def test_a_thread_that_ends_the_program_is_told_or_found_by_the_next_start(
    place: Place, compiled: Callable[..., None], end: str, status: int
) -> None:
    before = f"static void *work(void *data) {{ {end} return data; }}"
    load = "pthread_t one; ast_pthread_create(&one, NULL, work, NULL); pthread_join(one, NULL); return 0;"
    compiled("res_bad", load, before, source=SOURCE, flags=["-DLOAD=harm()", "-DRELOAD=0", "-DUNLOAD=0"])
    done = place.asterism("-f")
    assert (done.returncode, "Traceback" in done.stderr) == (status, False)
    if end.startswith("exit"):
        assert "asterism: module res_bad ended the program in" in done.stderr
    assert (
        "left out since they brought the program down (1):"
        in place.asterism("-cq", given="module show failed\n").stdout
    )
