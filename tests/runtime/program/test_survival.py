"""What modules can do to the program, what it says of that, and what the next start makes of it: by running them."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from runtime_support import SOURCE, Place
from waiting import HANG, send, until

from runtime.loader.trial_load import Prober, needed
from runtime.modules import declaration

LEFT_OUT = "the next start skips the module until it is built again or trusted: 'module trust res_bad'"
MEMORY = "SIGSEGV, invalid memory access"


def said(stderr: str) -> list[str]:
    """What was said before the backtrace."""
    lines = [line.strip() for line in stderr.splitlines()]
    return [line for line in lines if not line.startswith(("/", "the backtrace", "linux-vdso", "terminate called"))]


def failed(place: Place) -> str:
    """Start it again: it must run, and tell what does not."""
    done = place.asterism("-cq", given="module show failed\n")
    assert done.returncode == 0
    return done.stdout


C_FAULTS = {
    "a null pointer": ("*(volatile int *) 0 = 1; return 0;", -11, f"crashed in its load callback ({MEMORY})"),
    "abort": ("abort();", -6, "crashed in its load callback (SIGABRT, abort)"),
    "a raised signal": ("raise(7); return 0;", -7, "crashed in its load callback (SIGBUS, invalid memory access)"),
    "exit with success": ("exit(0);", 1, "ended the program in its load callback (exit 0)"),
    "exit with a status": ("exit(3);", 3, "ended the program in its load callback (exit 3)"),
}


@pytest.mark.parametrize(("load", "status", "told"), C_FAULTS.values(), ids=C_FAULTS)
def test_a_fault_is_told_and_the_next_start_goes_on_without_the_module(
    place: Place, compiled: Callable[..., None], load: str, status: int, told: str
) -> None:
    compiled("res_bad", load, "#include <stdlib.h>\n#include <signal.h>")
    done = place.asterism("-f")
    assert (done.returncode, said(done.stderr)) == (status, [f"asterism: module res_bad {told}", LEFT_OUT])
    report = failed(place)
    how = told.replace("crashed in", "it ended in").replace("ended the program in", "it ended in")
    assert report.startswith("left out since they brought the program down (1):\n")
    assert f"the last time {how}, noted 2" in report


def test_one_that_ends_the_program_past_all_handlers_is_found_in_the_journal(
    place: Place, compiled: Callable[..., None]
) -> None:
    compiled("res_bad", "_exit(4);", "#include <unistd.h>")
    assert place.asterism("-f").returncode == 4
    assert "the last time it ended in its load callback, noted 2" in failed(place)


def test_a_crash_in_the_constructor_is_the_modules_as_well(place: Place, compiled: Callable[..., None]) -> None:
    constructor = "__attribute__((constructor)) static void early(void) { *(volatile int *) 0 = 1; }"
    compiled("res_bad", "return 0;", constructor)
    done = place.asterism("-f")
    callback = "its constructor (it was being opened)"
    told = f"asterism: module res_bad crashed in {callback.removeprefix('its ')} ({MEMORY})"
    assert (done.returncode, said(done.stderr)) == (-11, [told, LEFT_OUT])
    assert "the last time it ended in constructor (it was being opened)" in failed(place)


def test_a_crash_in_a_thread_the_core_knows_nothing_of_is_the_modules_whose_code_ran(
    place: Place, compiled: Callable[..., None]
) -> None:
    thread = (
        '#include <pthread.h>\n#include <unistd.h>\n#include "asterisk/options.h"\n#undef pthread_create\n'
        "static void *fall(void *data)\n{\n\twhile (!ast_fully_booted) usleep(1000);\n"
        "\t*(volatile int *) data = 1;\n\treturn data;\n}"
    )
    compiled("res_bad", "pthread_t one; return pthread_create(&one, NULL, fall, NULL);", thread, flags=("-g",))
    done = place.asterism("-f")
    told = f"asterism: the program crashed outside of a module's callback, in res_bad.so ({MEMORY})"
    assert (done.returncode, said(done.stderr)) == (-11, [told])
    assert f"the last time it ended in a thread of its own ({MEMORY}) at res_bad.c:10, noted 2" in failed(place)


DEEP = "static __attribute__((noinline)) int deep(const char *text)\n{\n\treturn *(volatile char *) text;\n}"
WHERE = {
    "in the callback itself": ("\n*(volatile int *) 0 = 1; return 0;", "", "res_bad.c:6"),
    "in a function of the module": ("return deep(0);", DEEP, "res_bad.c:5"),
    "in the C library, called from the module": ("\n\nabort();", "#include <stdlib.h>", "res_bad.c:7"),
}


@pytest.mark.parametrize(("load", "before", "where"), WHERE.values(), ids=WHERE)
def test_with_debug_information_the_next_start_tells_the_line(
    place: Place, compiled: Callable[..., None], load: str, before: str, where: str
) -> None:
    compiled("res_bad", load, before, flags=("-g", "-O2"))
    place.asterism("-f")
    assert re.search(rf"the last time it ended in its load callback \(SIG.*\) at {where}, noted 2", failed(place))
    crash_log = (place.root / "log/crash.log").read_text()
    assert crash_log.endswith(f"asterism: that was res_bad at {where}\n")


def test_a_trial_tells_the_line_at_once(place: Place, compiled: Callable[..., None]) -> None:
    compiled("res_bad", "\n*(volatile int *) 0 = 1; return 0;", flags=("-g",))
    done = place.asterism("--probe", "-cq")
    assert f"module res_bad crashed in its load callback ({MEMORY}) at res_bad.c:6\n" in done.stderr


def test_a_good_file_that_was_put_back_is_not_accused(place: Place, compiled: Callable[..., None]) -> None:
    compiled("res_bad", "return 0;")
    good = (place.modules / "res_bad.so").read_bytes()
    compiled("res_bad", "_exit(4);", "#include <unistd.h>")
    place.asterism("-f")
    (place.modules / "res_bad.so").write_bytes(good)
    assert failed(place) == "All modules run.\n"


CXX = """\
#include "asterisk.h"
#include "asterisk/module.h"
static int unload_module(void) {{ return 0; }}
static ast_module_load_result load_module(void) {{ {load} }}
AST_MODULE_INFO_STANDARD(ASTERISK_GPL_KEY, "Test module");
"""


@pytest.mark.skipif(shutil.which("c++") is None, reason="needs a C++ compiler")
def test_a_thrown_exception_that_leaves_a_callback_is_a_crash(place: Place, compiled: Callable[..., None]) -> None:
    compiled("res_bad", "throw 1;", source=CXX, suffix=".cc")
    done = place.asterism("-f")
    told = "asterism: module res_bad crashed in its load callback (SIGABRT, abort)"
    assert (done.returncode, said(done.stderr)) == (-6, [told, LEFT_OUT])


PYTHON = "from runtime.api.module import *\nMODULE = ModuleInfo('Bad')\ndef load_module():\n    {}\n"
PYTHON_FAULTS = {
    "raises": ("raise OSError('no line')", "OSError: no line"),
    "exits": ("raise SystemExit(5)", "SystemExit: 5"),
    "interrupts": ("raise KeyboardInterrupt", "KeyboardInterrupt: "),
    "raises what is no Exception": ("raise GeneratorExit", "GeneratorExit: "),
}


@pytest.mark.parametrize(("body", "told"), PYTHON_FAULTS.values(), ids=PYTHON_FAULTS)
def test_a_python_module_that_raises_anything_declines(place: Place, body: str, told: str) -> None:
    (place.modules / "res_bad.py").write_text(PYTHON.format(body))
    report = failed(place)
    assert report.startswith("declined (1):\n")
    assert f"declined to load: it said: res_bad.load_module raised {told}".rstrip() in report


def test_a_python_module_that_raises_anything_while_it_is_opened_is_refused(place: Place) -> None:
    (place.modules / "res_bad.py").write_text("raise KeyboardInterrupt\n")
    done = place.asterism("-cq")
    assert (done.returncode, "res_bad.py:1: " in done.stderr, "Traceback" in done.stderr) == (0, True, False)


def test_a_python_module_that_ends_the_process_is_left_out(place: Place) -> None:
    (place.modules / "res_bad.py").write_text(PYTHON.format("import os; os._exit(0)"))
    assert place.asterism("-f").returncode == 0
    assert "the last time it ended in its load callback, noted 2" in failed(place)


def test_trust_takes_a_module_back_and_so_does_a_new_build(place: Place, compiled: Callable[..., None]) -> None:
    compiled("res_bad", "_exit(4);", "#include <unistd.h>")
    place.asterism("-f")
    refused = place.asterism("-cq", given="module load res_bad\n")
    assert (refused.returncode, "it is left out since it brought the program down" in refused.stderr) == (1, True)
    crashed = place.asterism("-cq", given="module trust res_bad\nmodule load res_bad\n")
    assert (crashed.returncode, crashed.stdout) == (
        4,
        "res_bad is trusted again; 'module load res_bad' starts it.\n",
    )
    assert "left out" in failed(place)
    compiled("res_bad", "return 0;")
    assert failed(place) == "All modules run.\n"


def test_a_crash_in_a_command_is_remembered_with_the_command(place: Place) -> None:
    (place.modules / "res_bad.py").write_text(
        "import os, signal\nfrom runtime.api.cli import command\nfrom runtime.api.module import *\n"
        "MODULE = ModuleInfo('Bad')\n@command('bad show')\ndef show(call):\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    assert place.asterism("-cq", given="bad show\n").returncode == -9
    assert "the last time it ended in its command 'bad show', noted 2" in failed(place)


def test_a_hanging_callback_is_told_of_and_a_second_signal_ends_it(place: Place, compiled: Callable[..., None]) -> None:
    compiled("res_bad", "for (;;) pause();", "#include <unistd.h>")
    place.configure("autoload = yes\n", "watchdog = 1\n")
    (place.root / "etc/logger.conf").write_text("[logfiles]\nmessages.log => warning\n")
    process = subprocess.Popen(place.words("-f"), stderr=subprocess.PIPE)
    log = place.root / "log/messages.log"
    until(lambda: log.exists() and "has been in" in log.read_text())
    send(process, signal.SIGTERM)
    process.terminate()
    process.communicate(timeout=HANG)
    assert re.search(r"module res_bad has been in its load callback for [1-9]\d* seconds", log.read_text())
    assert process.returncode == 1
    assert "the last time it ended in its load callback, noted 2" in failed(place)


def test_a_use_count_never_falls_below_nothing(place: Place, compiled: Callable[..., None]) -> None:
    compiled("res_bad", "for (int i = 0; i < 5; i++) ast_module_unref(AST_MODULE_SELF); return 0;")
    done = place.asterism("-cq", given="module show like res_bad\nmodule unload res_bad\n")
    assert done.returncode == 0
    assert "res_bad.so                     Test module                              0          Running" in done.stdout
    assert "Unloaded res_bad" in done.stdout


GOING_ON = {
    "a thread": (
        "#include <unistd.h>\nstatic void *work(void *data) { for (;;) usleep(1000); return data; }",
        "pthread_t one; return ast_pthread_create(&one, NULL, work, NULL);",
    ),
    "a schedule": (
        '#include "asterisk/sched.h"\nstatic int again(const void *data) { return 1; }',
        "struct ast_sched_context *con = ast_sched_context_create();"
        " ast_sched_start_thread(con); return ast_sched_add(con, 1, again, NULL) < 0;",
    ),
    "tasks": (
        '#include "asterisk/taskprocessor.h"\n#include <unistd.h>\nstatic struct ast_taskprocessor *tps;\n'
        "static int again(void *data) { usleep(1000); return ast_taskprocessor_push(tps, again, NULL); }",
        'tps = ast_taskprocessor_get("bad", TPS_REF_DEFAULT); return ast_taskprocessor_push(tps, again, NULL);',
    ),
}


@pytest.mark.parametrize(("before", "load"), GOING_ON.values(), ids=GOING_ON)
def test_code_that_threads_are_in_stays_and_the_module_can_be_loaded_again(
    place: Place, compiled: Callable[..., None], before: str, load: str
) -> None:
    compiled("res_bad", load, before)
    (place.root / "etc/logger.conf").write_text("[logfiles]\nmessages.log => warning\n")
    lines = ["module unload res_bad", "module load res_bad", "module unload res_bad", "module show"]
    done = place.asterism("-cq", given="\n".join(lines))
    assert done.returncode == 0
    assert done.stdout.splitlines()[:3] == ["Unloaded res_bad", "Loaded res_bad", "Unloaded res_bad"]
    told = re.findall(r"res_bad.so: it left (\d) threads? running", (place.root / "log/messages.log").read_text())
    assert told in (["1", "2"], ["1", "1"])  # a taskprocessor is found by its name, and goes on with its thread


def test_threads_that_were_told_to_end_are_waited_for(place: Place, compiled: Callable[..., None]) -> None:
    source = SOURCE.replace("unload_module(void) {{ return 0; }}", "unload_module(void) {{ going = 0; return 0; }}")
    work = (
        "#include <unistd.h>\nstatic volatile int going = 1;\n"
        "static void *work(void *data) { while (going) usleep(1000); pthread_exit(data); }"
    )
    compiled("res_bad", "pthread_t one; return ast_pthread_create(&one, NULL, work, NULL);", work, source=source)
    (place.root / "etc/logger.conf").write_text("[logfiles]\nmessages.log => warning\n")
    done = place.asterism("-cq", given="module unload res_bad\nmodule show\n")
    assert (done.returncode, len((place.root / "log/messages.log").read_text().splitlines())) == (0, 1)  # its head


# ---- the trial in a child process


@pytest.mark.parametrize(
    ("load", "why"),
    [
        ("abort();", "module res_bad crashed in its load callback (SIGABRT, abort)"),
        ("exit(0);", "module res_bad ended the program in its load callback (exit 0)"),
        ("_exit(4);", "the child ended with status 4"),
    ],
)
def test_with_probe_a_fault_never_reaches_the_program(
    place: Place, compiled: Callable[..., None], load: str, why: str
) -> None:
    compiled("res_bad", load, "#include <stdlib.h>\n#include <unistd.h>")
    compiled("res_good", "return 0;")
    done = place.asterism("--probe", "-cq", given="module show like res_\n")
    assert (done.returncode, done.stderr) == (
        0,
        f"{place.modules}/res_bad.so: it did not pass the trial in a child process: {why}\n"
        "    mend it; it is tried again as soon as somebody wants to load it\n",
    )
    assert done.stdout.endswith(
        "res_good.so                    Test module                              "
        "0          Running           unknown\n1 modules loaded\n"
    )


def test_a_module_that_passed_is_not_tried_again_until_its_file_changes(
    place: Place, compiled: Callable[..., None]
) -> None:
    count = place.root / "count"
    body = f'FILE *file = fopen("{count}", "a"); fputc(0x78, file); fclose(file); return 0;'
    compiled("res_good", body, "#undef fopen\n#include <stdio.h>")
    place.configure("autoload = yes\n[general]\nprobe = yes\n")
    sizes = []
    for _ in range(2):
        assert place.asterism("-cq").returncode == 0
        sizes.append(count.stat().st_size)
    compiled("res_good", body + " ", "#undef fopen\n#include <stdio.h>")
    place.asterism("-cq")
    assert [*sizes, count.stat().st_size] == [2, 3, 5]


def test_a_trial_that_hangs_is_given_up(
    place: Place, compiled: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASTERISM_TREE", f"{place.tree}/lib/asterism")
    compiled("res_bad", "for (;;) pause();", "#include <unistd.h>")
    prober = Prober(str(place.conf), str(place.root / "probed.json"), 1.5)
    fault = prober.against(place.modules / "res_bad.so")
    assert fault is not None
    assert fault.why == "it did not come to an end within 1.5 seconds"


def test_a_module_is_tried_together_with_what_it_needs(tmp_path: Path) -> None:
    for name, said in {
        "res_a": "requires=('res_b',)",
        "res_b": "optional=('res_c', 'res_x')",
        "res_c": "",
        "res_d": "",
    }.items():
        (tmp_path / f"{name}.py").write_text(f"MODULE = ModuleInfo('x', {said})\n")
    files = [f"res_{letter}.py" for letter in "abcd"]
    assert needed("res_a.py", files, lambda name: declaration.read(tmp_path / name)) == [
        "res_a.py",
        "res_b.py",
        "res_c.py",
    ]
