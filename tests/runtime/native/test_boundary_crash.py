"""A module that crashes takes the process with it, by the same signal, after one clear message."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from native_support import CALLBACKS, FOOT, HEAD, ROOT
from waiting import HANG

PROGRAM = """
import sys
sys.path[:0] = [{root!r}, {tests!r}]
from pathlib import Path
from native_support import settings_of
from runtime.core.core import Core
from runtime.model.emulated_channel import Channel
from runtime.dialplan import functions
from runtime.modules.module_opening import open_module, open_native
core = Core(settings_of(Path({room!r})))
native = open_native(Path({directory!r}), core)
native.install_crash_handler({log})
module = open_module(Path({module!r}))
module.load()
{then}
print("not reached")
"""


def crash(directory: Path, module: Path, then: str = "", log: str = "") -> tuple[int, list[str]]:
    """Run a program that loads the module; its exit status and the lines before the backtrace."""
    names = {"root": str(ROOT), "tests": str(Path(__file__).parent), "room": str(module.parent)}
    program = PROGRAM.format(directory=str(directory), module=str(module), then=then, log=log, **names)
    environment = {**os.environ, "PYTHONFAULTHANDLER": ""}
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        timeout=HANG,
        env=environment,
        cwd=module.parent,
    )
    assert "not reached" not in done.stdout
    return done.returncode, [
        line for line in done.stderr.splitlines() if not line.startswith("/") and "(+0x" not in line
    ]


def cure(name: str) -> str:
    return f"    the next start skips the module until it is built again or trusted: 'module trust {name}'"


LOADING = "static int unload_module(void) {{ return 0; }}\nstatic int load_module(void) {{ {body} return 0; }}\n"


@pytest.mark.parametrize(
    ("body", "number", "words"),
    [
        ("*(volatile int *) 0 = 1;", signal.SIGSEGV, "SIGSEGV, invalid memory access"),
        ("abort();", signal.SIGABRT, "SIGABRT, abort"),
        ("__builtin_trap();", signal.SIGILL, "SIGILL, illegal instruction"),
        ("volatile int zero = 0; zero = 7 / zero;", signal.SIGFPE, "SIGFPE, invalid arithmetic operation"),
        ("load_module();", signal.SIGSEGV, "SIGSEGV, invalid memory access"),
        ("raise(SIGTRAP);", signal.SIGTRAP, "SIGTRAP, breakpoint"),
        ("raise(SIGSYS);", signal.SIGSYS, "SIGSYS, system call not allowed"),
    ],
    ids=["null", "abort", "trap", "division", "stack overflow", "breakpoint", "system call"],
)
def test_a_crash_in_load_names_module_callback_and_cure(body, number, words, native_directory, compile_module):
    source = HEAD + "#include <signal.h>\n" + LOADING.format(body=body) + FOOT
    module = compile_module("res_crash", source, "-Wno-infinite-recursion")
    assert crash(native_directory, module) == (
        -number,
        [f"asterism: module res_crash crashed in its load callback ({words})", cure("res_crash")],
    )


def test_a_crash_in_an_application_names_it(native_directory, compile_module):
    source = """
    static int run(struct ast_channel *chan, const char *data) { return *(volatile int *) (data - data); }
    static int unload_module(void) { return 0; }
    static int load_module(void) { return ast_register_application("Boom", run, NULL, NULL); }
    """
    module = compile_module("app_boom", HEAD + source + FOOT, "-Wno-unused-parameter")
    then = 'functions.execute(core, Channel(), "boom", "x")'
    assert crash(native_directory, module, then) == (
        -signal.SIGSEGV,
        ["asterism: module app_boom crashed in application Boom (SIGSEGV, invalid memory access)", cure("app_boom")],
    )


def test_a_crash_in_a_thread_of_a_module_names_module_and_start_function(native_directory, compile_module):
    source = """
    static void *work(void *data) { *(volatile int *) data = 1; return NULL; }
    static int unload_module(void) { return 0; }
    static int load_module(void) { pthread_t t; return ast_pthread_create(&t, NULL, work, NULL); }
    """
    module = compile_module("res_thread", HEAD + source + FOOT)
    assert crash(native_directory, module, "import time; time.sleep(30)") == (
        -signal.SIGSEGV,
        ["asterism: module res_thread crashed in thread work (SIGSEGV, invalid memory access)", cure("res_thread")],
    )


def test_a_crash_while_a_module_is_opened_says_so(native_directory, compile_module):
    source = "static void __attribute__((constructor)) early(void) { abort(); }\n" + CALLBACKS
    module = compile_module("res_early", HEAD + source + FOOT)
    assert crash(native_directory, module) == (
        -signal.SIGABRT,
        [
            "asterism: module res_early crashed in constructor (it was being opened) (SIGABRT, abort)",
            cure("res_early"),
        ],
    )


def test_a_log_gets_the_message_and_the_backtrace_and_is_named(native_directory, compile_module, tmp_path: Path):
    module = compile_module("res_crash", HEAD + LOADING.format(body="abort();") + FOOT)
    file = tmp_path / "crash.log"
    told = ["asterism: module res_crash crashed in its load callback (SIGABRT, abort)", cure("res_crash")]
    named = f"    the backtrace is in {file}"
    opening = f"__import__('os').open({str(file)!r}, 0o101)"
    assert crash(native_directory, module, log=opening) == (-signal.SIGABRT, [*told, named])
    first, second, *backtrace = file.read_text().splitlines()
    assert [first, second] == told
    assert any("res_crash.so" in line for line in backtrace)


@pytest.mark.parametrize("how", ["stasis_subscribe", "stasis_subscribe_pool", "stasis_subscribe_synchronous"])
def test_a_crash_in_a_subscription_names_its_module_and_topic(how: str, native_directory, compile_module):
    source = """
    #include "asterisk/stasis.h"

    static void fall(void *data, struct stasis_subscription *sub, struct stasis_message *message)
    {
        (void) sub, (void) message;
        *(volatile int *) data = 1;
    }
    """ + LOADING.format(body=f'{how}(stasis_topic_create("t"), fall, NULL);')
    module = compile_module("res_crash", HEAD + source + FOOT)
    where = "the callback of a subscription to t"
    assert crash(native_directory, module, "import time; time.sleep(30)") == (
        -signal.SIGSEGV,
        [
            f"asterism: module res_crash crashed in {where} (SIGSEGV, invalid memory access)",
            cure("res_crash"),
        ],
    )


PROBE = """
    static int run(struct ast_channel *chan, const char *data) { (void) chan, (void) data; return 0; }
    static int unload_module(void) { return 0; }
    static int load_module(void) { return ast_register_application("Fine", run, NULL, NULL); }
"""
FALLING = """
from runtime.api import bound
from runtime.core.commands.clients import Transcript
from runtime.core.commands.command import Command
from runtime.loader.loader import Loader
from runtime.core.actions import Action
from runtime.core.manager_message import Parser
from runtime.manager.request import Request, perform
from runtime.core.registry import Function
core.loader = Loader(core, open_module, Path("."))
def fall(*_asked):
    bound().ffi.cast("int (*)(void)", 16)()
"""
DOING = {
    "the core's command for somebody": (
        "core.commands.register(Command('core fall', fall)); core.commands.run('core fall', Transcript())",
        "the command 'core fall' for a transcript",
    ),
    "a function of the core on a channel": (
        "core.functions.add(Function('FALL', fall)); functions.read_function(core, Channel(name='A/1'), 'FALL(x)')",
        "the function FALL on A/1",
    ),
    "an action of the manager": (
        "perform(Request(core, Parser().feed(b'Action: Fall\\r\\n\\r\\n')[0]), Action('Fall', fall))",
        "the manager's action Fall for a module",
    ),
    "the innermost of several": (
        "with core.doing('', 'the start'):\n    with core.doing('', 'a part of it'):\n        fall()",
        "a part of it",
    ),
    "what goes on after an inner thing ended": (
        "with core.doing('', 'the start'):\n    with core.doing('', 'a part of it'): pass\n    fall()",
        "the start",
    ),
    "more than there is room for": (
        "def deeper(n):\n    with core.doing('', f'level {n}'):\n"
        "        fall() if n > 11 else deeper(n + 1)\ndeeper(1)",
        "level 8",
    ),
}


@pytest.mark.parametrize(("then", "told"), DOING.values(), ids=DOING)
def test_a_crash_of_the_core_says_what_it_did_and_for_whom(then: str, told: str, native_directory, compile_module):
    module = compile_module("app_fine", HEAD + PROBE + FOOT)
    assert crash(native_directory, module, FALLING + then) == (
        -signal.SIGSEGV,
        [f"asterism: the core crashed in {told} (SIGSEGV, invalid memory access)"],
    )


def test_a_crash_of_a_module_in_python_names_it(native_directory, compile_module):
    module = compile_module("app_fine", HEAD + PROBE + FOOT)
    then = "with core.doing('res_python', 'its load callback'):\n    fall()"
    assert crash(native_directory, module, FALLING + then) == (
        -signal.SIGSEGV,
        [
            "asterism: module res_python crashed in its load callback (SIGSEGV, invalid memory access)",
            cure("res_python"),
        ],
    )


def test_a_thread_with_a_name_that_nobody_knows_is_named(native_directory, compile_module):
    module = compile_module("app_fine", HEAD + PROBE + FOOT)
    then = "Path('/proc/self/task', str(__import__('os').getpid()), 'comm').write_text('somebody'); fall()"
    assert crash(native_directory, module, FALLING + then) == (
        -signal.SIGSEGV,
        [
            "asterism: the program crashed outside of a module's callback (SIGSEGV, invalid memory access)",
            "    in the thread 'somebody'",
        ],
    )
