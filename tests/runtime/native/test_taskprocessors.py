"""Taskprocessors (asterisk/taskprocessor.h): queues with a thread each, under the sanitizers and in modules."""

from __future__ import annotations

import re
import signal

import pytest
from native_support import FOOT, HEAD, Ask
from test_boundary_crash import crash, cure
from waiting import until

from runtime.api.taskprocessor import TaskProcessor, taskprocessors
from runtime.cli import argument_kinds
from runtime.cli.core import taskprocessor_commands as builtin
from runtime.core.commands.clients import Transcript
from runtime.core.core import Core


def test_every_task_of_eight_threads_is_done_by_one_thread_at_a_time(ask: Ask, raced: Ask):
    assert (ask("task-threads", b"500"), raced("task-threads", b"500")) == ("1 1 1", "1 1 1")


def test_one_name_is_one_queue_however_many_threads_make_it_and_give_it_back(ask: Ask, raced: Ask):
    assert (ask("task-names", b"200"), raced("task-names", b"100")) == ("1 0", "1 0")


@pytest.mark.parametrize(
    ("acts", "told"),
    [
        ("", "start shutdown gone 00"),
        ("ppxx", "start pushed11 pushed01 done more1 done emptied more0 shutdown gone 00"),
        ("pxpx", "start pushed11 done emptied more0 pushed11 done emptied more0 shutdown gone 00"),
        ("x", "start more0 shutdown gone 00"),
        ("lp2lplxl", "start [0 0 0] pushed11 [1 0 0] pushed01 [2 1 1] done more1 [1 0 0] shutdown gone 10"),
        ("2pp", "start pushed11 pushed01 shutdown gone 10"),
        ("sn", "start suspended1 refused1 shutdown gone 00"),
        ("!", "start gone 00"),
    ],
)
def test_a_listener_is_told_each_change(acts: str, told: str, ask: Ask):
    assert ask("task-listener", acts.encode()) == told


def test_mistakes_are_refused_and_a_queue_may_end_itself(ask: Ask):
    assert ask("task-mistakes", b"long name that is cut") == "-8 4 - long n- 15"


QUEUE = """
#include "asterisk/taskprocessor.h"
static struct ast_taskprocessor *tps;
static int count;
static int work(void *data)
{
	(void) data;
	ast_verb(1, "task %d on %s\\n", ++count, ast_taskprocessor_name(tps));
	return pbx_builtin_setvar_helper(NULL, "DONE", count == 2 ? "2" : "1");
}
static int unload_module(void) { tps = ast_taskprocessor_unreference(tps); return 0; }
static int load_module(void)
{
	tps = ast_taskprocessor_get("queue/one", TPS_REF_DEFAULT);
	return !tps || ast_taskprocessor_push(tps, work, NULL) || ast_taskprocessor_push(tps, work, NULL);
}
"""


def queues() -> list[TaskProcessor]:
    """The taskprocessors of the module; the library may have others."""
    return [entry for entry in taskprocessors() if entry.owner == "res_queue"]


@pytest.fixture
def console(core: Core):
    """Runs a command with a queue's commands registered; its output, times as T."""
    core.commands.kinds |= argument_kinds.of_queues()
    core.commands.register(*builtin.commands())

    def run(line: str) -> str:
        client = Transcript()
        core.commands.run(line, client)
        return "".join([*client.errors, *client.outputs])

    return run


def test_tasks_call_the_core_and_are_all_done_before_the_module_goes(core: Core, opened, log: list[str]):
    module = opened("res_queue", QUEUE, callbacks="")
    assert module.load() == 0
    assert [(entry.name, entry.owner, entry.subsystem) for entry in queues()] == [("queue/one", "res_queue", "queue")]
    assert module.unload() == 0
    assert (core.globals, log, queues()) == (
        {"DONE": "2"},
        ["VERBOSE task 1 on queue/one", "VERBOSE task 2 on queue/one"],
        [],
    )


UNSURE = re.compile(r"(?<=\(us\):) +\d+|(?<=depth:) +\d|(?<=origin:) +\S+ \(\w+\)| +\d(?= +450)|(?<=500) +\d+ +\d+")
"""Times, and what depends on them."""


def test_the_console_shows_pings_and_resets_queues(core: Core, opened, console):
    module = opened("res_queue", QUEUE, callbacks="")
    module.load()
    assert re.fullmatch(r"\n\t *queue/one ping time: 0\.\d{6} sec\n\n", console("core ping taskprocessor QUEUE/one"))
    # A ping is answered within its task, which counts when it has ended.
    until(lambda: re.search(r"queue/one +3 ", console("core show taskprocessors like queue")), "the end of the ping")
    shown = UNSURE.sub("?", console("core show taskprocessors like queue"))
    assert shown == (
        "\n"
        f"{'Processor':<72}Processed   In Queue  Max Depth  Low water High water Low time(us) High time(us)\n"
        f"{'queue/one':<80}3          0?        450        500?\n"
        "\n1 taskprocessors\n\n"
    )
    assert UNSURE.sub("?", console("core show taskprocessor name queue/one")) == (
        "\nTaskprocessor: queue/one\n"
        "===========================================\n"
        "Subsystem:            queue\n"
        "Tasks processed:      3\n"
        "Current queue size:   0\n"
        "Max queue depth:?\n"
        "Low water mark:       450\n"
        "High water mark:      500\n"
        "High water alert:     No\n"
        "Suspended:            No\n"
        "Currently executing:  No\n"
        "Highest time (us):?\n"
        "  Highest task origin:?\n"
        "Lowest time (us):?\n"
        "Module:               res_queue\n\n"
    )
    assert console("core reset taskprocessors") == "\nResetting stats for all taskprocessors\n\n"
    assert console("core reset taskprocessor queue/one") == "\nResetting queue/one\n\n"
    assert [(entry.processed, entry.highest, entry.slowest) for entry in queues()] == [(0, 0, "")]
    assert console("core show taskprocessor alerted subsystems") == (
        "\nSubsystem                         Alert Count\n\n0 subsystems\n\n"
    )
    assert core.commands.complete("core ping taskprocessor q") == ["queue/one"]
    assert core.commands.complete("core show taskprocessors like q") == ["queue/one"]
    assert console("core ping taskprocessor queue/on") == (
        "there is no taskprocessor 'queue/on'\n    did you mean 'queue/one'?\n"
        "Command 'core ping taskprocessor queue/on' failed.\n\nping failed: queue/on not found\n\n"
    )
    module.unload()


BOOM = """
#include "asterisk/taskprocessor.h"
static int boom(void *data) { return *(volatile int *) data; }
static int unload_module(void) { return 0; }
static int load_module(void)
{
	struct ast_taskprocessor *tps = ast_taskprocessor_get("boom/queue", TPS_REF_DEFAULT);

	if (ast_taskprocessor_push(tps, boom, NULL)) {
		return -1;
	}
	ast_taskprocessor_unreference(tps);
	return 0;
}
"""


def test_a_crash_in_a_task_names_the_module_and_the_queue(native_directory, compile_module):
    module = compile_module("res_boom", HEAD + BOOM + FOOT)
    assert crash(native_directory, module) == (
        -signal.SIGSEGV,
        [
            "asterism: module res_boom crashed in a task of taskprocessor boom/queue (SIGSEGV, invalid memory access)",
            cure("res_boom"),
        ],
    )
