"""``core show|ping|reset taskprocessor...``: the task queues of modules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from asterism.errors import Fault
from asterism.names import did_you_mean
from runtime.api.taskprocessor import TaskProcessor, ping, reset, taskprocessors
from runtime.core.commands.command import Command, CommandCall, Outcome, answered, declare, failure

_HEADINGS = (
    "Processor",
    "Processed",
    "In Queue",
    "Max Depth",
    "Low water",
    "High water",
    "Low time(us)",
    "High time(us)",
)
_NAME_WIDTH = 70
_PATIENCE = 5
"""The time limit of a ping, in seconds."""


def commands() -> tuple[Command, ...]:
    """The commands."""
    return (
        declare(
            "core show taskprocessors [like <taskprocessor>]",
            _show,
            "List task processors",
            _SHOW,
            listed="core show taskprocessors [like]",
        ),
        declare("core show taskprocessor name <taskprocessor>", _show_one, "Show a task processor", _SHOW_ONE),
        declare(
            "core show taskprocessor alerted subsystems",
            _alerted,
            "List subsystems of task processors in alert",
            _ALERT,
        ),
        declare("core ping taskprocessor <taskprocessor>", _ping, "Measure how fast a task processor answers", _PING),
        declare("core reset taskprocessor <taskprocessor>", _reset, "Reset a task processor's statistics", _RESET),
        declare("core reset taskprocessors", _reset_all, "Reset all task processors' statistics", _RESET_ALL),
    )


def _show(call: CommandCall) -> Outcome | None:
    begin = call.value("taskprocessor").lower()
    chosen = [entry for entry in taskprocessors() if entry.name.lower().startswith(begin)]
    call.write(f"\n{table(chosen)}\n{len(chosen)} taskprocessors\n\n")
    return None


def table(entries: Sequence[TaskProcessor]) -> str:
    """The table with Asterisk's columns; the first is wider for longer names."""
    rows: list[tuple[object, ...]] = [_HEADINGS]
    rows += [
        (entry.name, entry.processed, entry.size, entry.deepest, entry.low, entry.high, entry.lowest, entry.highest)
        for entry in entries
    ]
    width = max(_NAME_WIDTH, *(len(str(row[0])) for row in rows))
    widths = [max(10, len(heading)) for heading in _HEADINGS[1:]]
    return "".join(
        f"{row[0]:<{width}} {' '.join(f'{cell!s:>{size}}' for cell, size in zip(row[1:], widths, strict=True))}\n"
        for row in rows
    )


def _found(name: str) -> TaskProcessor | None:
    return next((entry for entry in taskprocessors() if entry.name.lower() == name.lower()), None)


def _unknown(call: CommandCall, said: str) -> Outcome:
    """Answer in Asterisk's words that a task processor does not exist, with a suggestion."""
    name, entries = call.value("taskprocessor"), taskprocessors()
    call.line_out(f"\n{said.format(name)}\n")
    cure = did_you_mean(name, [entry.name for entry in entries]) or "'core show taskprocessors' lists those that are"
    return answered(Fault(f"there is no taskprocessor '{name}'", cure=cure, code="unknown-taskprocessor"))


def _show_one(call: CommandCall) -> Outcome | None:
    entry = _found(call.value("taskprocessor"))
    if entry is None:
        return _unknown(call, "Taskprocessor '{}' not found")
    call.line_out(f"\nTaskprocessor: {entry.name}\n{'=' * 43}")
    for heading, value in described(entry):
        call.line_out(f"{heading + ':':<21} {value}")
    call.line_out()
    return None


def described(entry: TaskProcessor) -> Iterable[tuple[str, object]]:
    """The description of a task processor, under Asterisk's headings."""
    yield "Subsystem", entry.subsystem or "(none)"
    yield "Tasks processed", entry.processed
    yield "Current queue size", entry.size
    yield "Max queue depth", entry.deepest
    yield "Low water mark", entry.low
    yield "High water mark", entry.high
    yield "High water alert", _yes(entry.is_alerted)
    yield "Suspended", _yes(entry.is_suspended)
    yield "Currently executing", _yes(entry.is_executing)
    yield "Highest time (us)", entry.highest
    if entry.slowest:
        yield "  Highest task origin", entry.slowest
    yield "Lowest time (us)", entry.lowest
    yield "Module", entry.owner


def _yes(value: bool) -> str:
    return "Yes" if value else "No"


def _alerted(call: CommandCall) -> Outcome | None:
    alerted = [entry.subsystem for entry in taskprocessors() if entry.is_alerted and entry.subsystem]
    subsystems = sorted(set(alerted))
    call.line_out(f"\n{'Subsystem':<32} {'Alert Count':>12}")
    for subsystem in subsystems:
        call.line_out(f"{subsystem:<32} {alerted.count(subsystem):>12}")
    call.line_out(f"\n{len(subsystems)} subsystems\n")
    return None


def _ping(call: CommandCall) -> Outcome | None:
    entry = _found(call.value("taskprocessor"))
    if entry is None:
        return _unknown(call, "ping failed: {} not found")
    name = entry.name
    took = ping(name, _PATIENCE)
    if took is None:
        return failure(
            Fault(
                f"the taskprocessor '{name}' did not answer within {_PATIENCE} seconds",
                cure=f"see what it does: core show taskprocessor name {name}",
                code="no-answer",
            )
        )
    call.line_out(f"\n\t{name:>24} ping time: {took / 1_000_000:.6f} sec\n")
    return None


def _reset(call: CommandCall) -> Outcome | None:
    entry = _found(call.value("taskprocessor"))
    if entry is None:
        return _unknown(call, "Reset failed: {} not found")
    reset(entry.name)
    call.line_out(f"\nResetting {entry.name}\n")
    return None


def _reset_all(call: CommandCall) -> Outcome | None:
    call.line_out("\nResetting stats for all taskprocessors\n")
    for entry in taskprocessors():
        reset(entry.name)
    return None


_SHOW = """\
Lists the taskprocessors, or those whose names begin as is given: tasks done and
waiting, the most that ever waited, the levels of the alert, and the shortest
and the longest time a task took.
"""
_SHOW_ONE = """\
Shows all that is known of a taskprocessor, with the module that made it and
where its slowest task was pushed.
"""
_ALERT = """\
Lists the subsystems (what stands before '/' in a name) that have taskprocessors
over their high water level.
"""
_PING = """\
Pushes a task that does nothing and shows how long it took to be done.
"""
_RESET = """\
Begins the statistics of a taskprocessor anew.
"""
_RESET_ALL = """\
Begins the statistics of all taskprocessors anew.
"""
