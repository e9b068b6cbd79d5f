"""``dialplan ...``: the contexts there are, and functions and applications tried on a channel without media."""

from __future__ import annotations

from collections.abc import Iterator

from asterism.errors import AsterismError, Fault
from asterism.names import did_you_mean
from asterism.numbers import INT, number
from asterism.values import dataclass, field
from asterism.words import counted
from runtime.cli.argument_kinds import extension_places
from runtime.core.commands import SHOWUSAGE, Command, CommandCall, Outcome, answered, declare, failure
from runtime.core.core import Core
from runtime.dialplan import dialplan_file, functions
from runtime.dialplan.extensions_conf import split_location
from runtime.dialplan.substitution import split_call
from runtime.model.emulated_channel import Channel
from runtime.model.extensions import Context, Extension, ExtensionStep, Note
from runtime.model.pattern import matches


def commands(core: Core) -> tuple[Command, ...]:
    """The commands for one core."""
    return _Dialplan(core).commands()


class _Dialplan:
    def __init__(self, core: Core) -> None:
        self.core = core

    def commands(self) -> tuple[Command, ...]:
        return (
            declare("dialplan eval function <function> [<more>...]", self.evaluate, "Evaluate a function", _EVAL),
            declare("dialplan exec application <application> [<more>...]", self.execute, "Run an application", _EXEC),
            declare("dialplan set global <name> <value>", self.set_global, "Set global dialplan variable", _SET),
            declare("dialplan show globals", self.show_globals, "Show global dialplan variables", _GLOBALS),
            declare("dialplan show [<place:place or context>]", self.show, "Show dialplan", _SHOW),
            declare("dialplan reload", self.reload, "Reload extensions and *only* extensions", _RELOAD),
            declare("dialplan add extension <step>... into <context> [replace]", self.add, "Add an extension", _ADD),
            declare("dialplan remove extension <extension> [<priority:number>]", self.remove, "Remove it", _REMOVE),
        )

    def evaluate(self, call: CommandCall) -> Outcome | None:
        channel = Channel()
        try:
            with self.core.hold(channel):
                value = functions.read_function(self.core, channel, functions.replace(self.core, channel, call.rest))
        except AsterismError as error:
            call.line_out("Return Value: Failure (-1)\nResult: ")
            return answered(*error.faults)
        call.line_out(f"Return Value: Success (0)\nResult: {value}")
        return None

    def execute(self, call: CommandCall) -> Outcome | None:
        channel = Channel()
        name, data, closed = split_call(call.rest)
        if not closed:
            return failure(Fault("the closing parenthesis is missing", cure="write NAME(arguments)", code="unbalanced"))
        with self.core.hold(channel):
            text = functions.replace(self.core, channel, data)
            result = functions.execute(self.core, channel, name.strip(), text)
        call.line_out(f"Return Value: {'Success' if result == 0 else 'Failure'} ({result})")
        for variable, value in channel.variables.items():
            call.line_out(f"{variable}={value}")
        if result:
            return failure(Fault(f"the application {name.strip()} asks to hang up", code="hang-up"))
        return None

    def set_global(self, call: CommandCall) -> Outcome | None:
        functions.set_variable(self.core, None, *call.args)
        call.line_out(f"\n    -- Global variable '{call.args[0]}' set to '{call.args[1]}'")
        return None

    def show_globals(self, call: CommandCall) -> Outcome | None:
        values = sorted(self.core.globals.items())
        for name, value in values:
            call.line_out(f"   {name}={value}")
        call.line_out(f"\n    -- {len(values)} variable(s)")
        return None

    # -- contexts

    def show(self, call: CommandCall) -> Outcome | None:
        exten, _, context = call.value("place").rpartition("@")
        shown = _Shown(self.core, exten)
        if context and context not in self.core.plans.current.contexts:
            call.line_out(f"There is no existence of '{context}' context")
            return failure(self._no_context(context))
        contexts = [context] if context else list(self.core.plans.current.contexts)
        for name in contexts:
            call.write(shown.all_of(name))
        if exten and not shown.extensions:
            call.line_out(f"There is no existence of {call.value('place')} extension")
            return failure(self._no_extension(exten, context))
        call.line_out(shown.total())
        return None

    def _no_context(self, context: str) -> Fault:
        contexts = self.core.plans.current.contexts
        cure = did_you_mean(context, contexts) or "'dialplan show' lists the contexts"
        return Fault(f"there is no context '{context}'", cure=cure, code="no-context")

    def _no_extension(self, exten: str, context: str) -> Fault:
        where = f" in the context '{context}'" if context else " in any context"
        names = [place.partition("@")[0] for place in extension_places(self.core)]
        cure = did_you_mean(exten, names)
        return Fault(f"nothing matches the extension '{exten}'{where}", cure=cure, code="no-extension")

    def reload(self, call: CommandCall) -> Outcome | None:
        faults = dialplan_file.load(self.core)
        for fault in (*faults, *dialplan_file.unknown_applications(self.core)):
            call.line_out(str(fault))
        call.line_out("Dialplan reloaded.")
        return None

    def add(self, call: CommandCall) -> Outcome | None:
        written = _Addition.parse(call.rest)
        if written is None:
            return SHOWUSAGE
        name, cid = split_location(written.extension)
        functions.find_application(self.core, written.step.application)
        step = written.step
        try:
            self.core.plans.change(
                lambda plan: plan.with_step(written.context, name, cid, step, replacing=written.replaces)
            )
        except AsterismError as error:
            if error.faults[0].code == "priority-taken":
                place = f"{written.extension}@{written.context}"
                call.line_out(f"Extension {place} with priority {step.priority} already exists")
            return failure(*error.faults)
        call.line_out(f"-- Added extension '{written.extension}' priority {step.priority} to {written.context} context")
        return None

    def remove(self, call: CommandCall) -> Outcome | None:
        full, _, context = call.value("extension").rpartition("@")
        if not (full and context):
            return SHOWUSAGE
        priority = int(call.value("priority")) if call.has("priority") else None
        name, cid = split_location(full)
        try:
            self.core.plans.change(lambda plan: plan.without_steps(context, name, cid, priority))
        except AsterismError as error:
            call.line_out(f"Failed to remove extension {full}@{context}")
            return failure(*error.faults)
        whole = "Whole extension" if priority is None else f"Extension {full} with priority {priority}"
        where = f"{full}@{context} removed" if priority is None else f"removed from {context} context"
        call.line_out(f"{whole} {where}")
        return None


@dataclass(frozen=True, slots=True)
class _Addition:
    """``EXTENSION,PRIORITY[(label)],APPLICATION(DATA) into CONTEXT [replace]``, taken apart."""

    extension: str
    step: ExtensionStep
    context: str
    replaces: bool

    @classmethod
    def parse(cls, text: str) -> _Addition | None:
        """None when it is written otherwise."""
        written, into, where = text.rpartition(" into ")
        context, *more = where.split() or [""]
        if not into or len(more) > 1 or (more and more[0].lower() != "replace"):
            return None
        parts = [part.strip() for part in written.split(",", 2)]
        if len(parts) < 3 or not all(parts):
            return None
        priority, _, label = parts[1].removesuffix(")").partition("(")
        place = number(priority, 1, INT)
        if place is None:
            return None
        name, data, _ = split_call(parts[2])
        return cls(parts[0], ExtensionStep(place, name.strip(), data, label), context, bool(more))


@dataclass(slots=True)
class _Shown:
    """What ``dialplan show`` writes: contexts, or only the extensions that match, with those of included contexts."""

    core: Core
    exten: str
    contexts: int = 0
    extensions: int = 0
    steps: int = 0
    written: set[str] = field(default_factory=set)
    """Contexts that were shown already, so that each is shown once."""

    def all_of(self, name: str) -> str:
        """One context, or what it has for the extension."""
        plan = self.core.plans.current
        found = list(plan.reachable(name)) if self.exten else [plan.context(name)]
        blocks = [self._block(context, included=context.name != name) for context in found]
        return "".join(blocks)

    def _block(self, context: Context, *, included: bool) -> str:
        chosen = [entry for entry in context.extensions if not self.exten or matches(entry.name, self.exten)]
        if context.name in self.written or (self.exten and not chosen):
            return ""
        self.written.add(context.name)
        self.contexts += 1
        self.extensions += len(chosen)
        kind = "Included context" if included else "Context"
        lines = [f"[ {kind} '{context.name}' created by '{context.registrar}' ]"]
        for extension in chosen:
            self.steps += len(extension.steps)
            lines += _extension_lines(extension)
        lines += _other_lines(context, self.exten)
        return "\n".join([*lines, "", ""])

    def total(self) -> str:
        """The line at the end."""
        steps = counted(self.steps, "priority", "priorities")
        return f"-= {counted(self.extensions, 'extension')} ({steps}) in {counted(self.contexts, 'context')}. =-"


def _extension_lines(extension: Extension) -> Iterator[str]:
    callers = "" if extension.cid is None else f" (CID match '{extension.cid}')"
    head = f"'{extension.name}'{callers} =>"
    for position, step in enumerate(extension.steps):
        label = f"   [{step.label}]" if step.label else ""
        # The first line has the name, and a label there would be lost.
        text = f"{step}{label}" if not position else str(step)
        yield f"  {head if not position else label:<17} {text:<45} [{step.origin}]"


def _other_lines(context: Context, exten: str) -> Iterator[str]:
    def line(kind: str, text: str, note: Note) -> str:
        quoted = f"'{text}'"
        return f"  {kind:<17} {quoted:<45} [{note.origin}]"

    if not exten:
        for include in context.includes:
            yield line("Include =>", str(include), Note("", include.origin))
    for pattern in context.ignorepats:
        if not exten or matches(f"_{pattern.text}.", exten):
            yield line("Ignore pattern =>", pattern.text, pattern)
    if not exten:
        for switch in context.switches:
            yield line("Alt. Switch =>", switch.text, switch)


_SHOW = """\
Shows all contexts, or one of them, or what a call to an extension would find
there: each line with the place where it is written.
"""
_RELOAD = """\
Reads extensions.conf again. Calls that are under way go on in what it says now;
what cannot be understood is told, and a file that cannot be read changes
nothing.
"""
_ADD = """\
Adds one priority of an extension, until extensions.conf is read again. <step> is
EXTENSION,PRIORITY[(LABEL)],APPLICATION(DATA). With 'replace' it may take the place
of one that is there.
"""
_REMOVE = """\
Removes an extension, or one priority of it, until extensions.conf is read again.
"""
_EVAL = """\
Evaluates a function on a channel of its own, after replacing variables,
functions and expressions in its arguments.
"""
_EXEC = """\
Runs an application on a channel of its own, and shows the variables it set.
"""
_SET = """\
Sets a global variable.
"""
_GLOBALS = """\
Lists the global variables.
"""
