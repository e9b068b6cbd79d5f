"""``dialplan add|remove|save``: change the current dialplan until extensions.conf is read again."""

from __future__ import annotations

from collections.abc import Callable

from asterism.errors import AsterismError, Fault
from asterism.names import did_you_mean
from asterism.numbers import INT, number
from asterism.values import dataclass
from runtime.core.commands.command import SHOWUSAGE, Command, CommandCall, Outcome, answered, declare, failure
from runtime.core.core import Core
from runtime.dialplan import dialplan_file
from runtime.dialplan.extensions_conf import FILE, split_location
from runtime.dialplan.substitution import split_call
from runtime.model.extensions import HINT, Context, Dialplan, ExtensionStep, Include, Note, Origin


def commands(core: Core) -> tuple[Command, ...]:
    """The commands for one core."""
    return _Editing(core).commands()


class _Editing:
    def __init__(self, core: Core) -> None:
        self.core = core

    def commands(self) -> tuple[Command, ...]:
        saving = declare("dialplan save [<file:file.conf>]", self.save, "Save current dialplan into a file", _SAVE)
        return (*self._additions(), *self._removals(), saving)

    def _additions(self) -> tuple[Command, ...]:
        return (
            declare(
                "dialplan add extension <step>... into <context> [replace]",
                self.add_extension,
                "Add new extension into context",
                _ADD,
            ),
            declare(
                "dialplan add include <included:context> into <context>",
                self.add_include,
                "Include context in other context",
                _ADD_INCLUDE,
            ),
            declare(
                "dialplan add ignorepat <pattern> into <context>",
                self.add_ignorepat,
                "Add new ignore pattern",
                _ADD_IGNOREPAT,
            ),
        )

    def _removals(self) -> tuple[Command, ...]:
        return (
            declare(
                "dialplan remove context <context>", self.remove_context, "Remove a specified context", _REMOVE_CONTEXT
            ),
            declare(
                "dialplan remove extension <extension> [<priority>]",
                self.remove_extension,
                "Remove a specified extension",
                _REMOVE,
            ),
            declare(
                "dialplan remove include <included:context> from <context>",
                self.remove_include,
                "Remove a specified include from context",
                _REMOVE_INCLUDE,
            ),
            declare(
                "dialplan remove ignorepat <pattern> from <context>",
                self.remove_ignorepat,
                "Remove ignore pattern from context",
                _REMOVE_IGNOREPAT,
            ),
        )

    def _changed(
        self, call: CommandCall, change: Callable[[Dialplan], Dialplan], done: str, refused: Callable[[Fault], str]
    ) -> Outcome | None:
        """Change the dialplan and answer ``done``, or with Asterisk's words for the fault that prevents the change."""
        try:
            self.core.plans.change(change)
        except AsterismError as error:
            call.line_out(refused(error.faults[0]))
            return failure(*error.faults)
        call.line_out(done)
        return None

    def _prepare(self, call: CommandCall, what: str, context: str) -> None:
        """Create the context that something is added to, if it does not exist."""
        if context not in self.core.plans.current.contexts:
            call.line_out(
                f"Context '{context}' did not exist prior to add {what} - the context will be created.",
            )
            self.core.plans.change(lambda plan: plan.with_context(Context(context)))

    def add_extension(self, call: CommandCall) -> Outcome | None:
        written = _Addition.parse(call.rest)
        if isinstance(written, str):
            call.line_out(f"'{written}' is not a valid priority")
            return SHOWUSAGE
        if written is None:
            return SHOWUSAGE
        self._prepare(call, "extension", written.context)
        for fault in self._doubts(written.step):
            call.client.err(f"{fault}\n")
        place = f"{written.name}@{written.context}"
        done = f"Extension '{written}' added into '{written.context}' context"
        if written.replaces:
            done = f"Extension {place} ({written.priority}) replace by '{written}'"
        return self._changed(
            call,
            written.added,
            done,
            lambda _: f"Extension {place} with priority {written.priority} already exists",
        )

    def _doubts(self, step: ExtensionStep) -> list[Fault]:
        """A warning for an unregistered application: a module may still register it."""
        names = self.core.applications.names()
        if step.priority == HINT or step.application in self.core.applications:
            return []
        what = f"there is no application '{step.application}' now"
        cure = did_you_mean(step.application, names) or "'core show applications' lists those there are"
        return [Fault(what, cure=cure, code="unknown-application", severity="warning")]

    def add_include(self, call: CommandCall) -> Outcome | None:
        included, context = call.value("included"), call.value("context")
        self._prepare(call, "include", context)
        return self._changed(
            call,
            lambda plan: plan.with_include(context, Include(included)),
            f"Context '{included}' included in '{context}' context",
            lambda _: f"Context '{included}' already included in '{context}' context",
        )

    def add_ignorepat(self, call: CommandCall) -> Outcome | None:
        pattern, context = call.value("pattern"), call.value("context")

        return self._changed(
            call,
            lambda plan: plan.with_ignorepat(context, Note(pattern)),
            f"Ignore pattern '{pattern}' added into '{context}' context",
            _refusal(
                f"Failed to add ignore pattern '{pattern}' into '{context}' context",
                f"Ignore pattern '{pattern}' already included in '{context}' context",
            ),
        )

    def remove_context(self, call: CommandCall) -> Outcome | None:
        name = call.value("context")
        if name not in self.core.plans.current.contexts:
            call.line_out(f"There is no such context as '{name}'")
            cure = did_you_mean(name, self.core.plans.current.contexts) or "'dialplan show' lists the contexts"
            return answered(Fault(f"there is no context '{name}'", cure=cure, code="no-context"))
        self.core.plans.change(lambda plan: plan.without_context(name))
        call.line_out(f"Removed context '{name}'")
        return None

    def remove_extension(self, call: CommandCall) -> Outcome | None:
        word, place = call.value("priority"), call.value("extension")
        priority = HINT if word == "hint" else number(word, 0, INT) if word else None
        if word and not priority:
            asks = "If you want to remove whole extension, please omit priority argument"
            call.line_out(asks if priority == 0 else f"Invalid priority '{word}'")
            return failure()
        full, _, context = place.rpartition("@")
        name, cid = split_location(full)
        if not (name and context):
            call.line_out(f"Missing extension or context name in third argument '{place}'")
            return failure()
        which = f"Whole extension {name}@{context}" if priority is None else f"Extension {name}@{context}"
        return self._changed(
            call,
            lambda plan: plan.without_steps(context, name, cid, priority),
            f"{which} removed" if priority is None else f"{which} with priority {priority} removed",
            lambda _: f"Failed to remove extension {full}@{context}",
        )

    def remove_include(self, call: CommandCall) -> Outcome | None:
        included, context = call.value("included"), call.value("context")
        return self._changed(
            call,
            lambda plan: plan.without_include(context, included),
            f"We are not including '{included}' into '{context}' now",
            lambda _: f"Failed to remove '{included}' include from '{context}' context",
        )

    def remove_ignorepat(self, call: CommandCall) -> Outcome | None:
        pattern, context = call.value("pattern"), call.value("context")

        return self._changed(
            call,
            lambda plan: plan.without_ignorepat(context, pattern),
            f"Ignore pattern '{pattern}' removed from '{context}' context",
            _refusal(
                f"Failed to remove ignore pattern '{pattern}' from '{context}' context",
                f"There is no existence of '{pattern}' ignore pattern in '{context}' context",
            ),
        )

    def save(self, call: CommandCall) -> Outcome | None:
        try:
            path = dialplan_file.save(self.core, call.value("file"))
        except AsterismError as error:
            if error.faults[0].code == "not-static":
                call.line_out(f"I can't save dialplan now, see '{FILE}' example file.")
            return failure(*error.faults)
        call.line_out(f"Dialplan successfully saved into '{path}'")
        return None


def _refusal(without_context: str, otherwise: str) -> Callable[[Fault], str]:
    """Asterisk's words for a change that is refused: those for a missing context, or the others."""
    return lambda fault: without_context if fault.code == "no-context" else otherwise


@dataclass(frozen=True, slots=True)
class _Addition:
    """The parsed arguments ``EXTENSION,PRIORITY[(label)],APPLICATION(DATA) into CONTEXT [replace]``."""

    name: str
    cid: str | None
    priority: str
    """The priority as typed."""
    step: ExtensionStep
    context: str
    replaces: bool

    def __str__(self) -> str:
        return f"{self.name},{self.priority},{self.step.application}({self.step.data})"

    def added(self, plan: Dialplan) -> Dialplan:
        """The dialplan with the step."""
        return plan.with_step(self.context, self.name, self.cid, self.step, replacing=self.replaces)

    @classmethod
    def parse(cls, text: str) -> _Addition | str | None:
        """Parse an addition; an invalid priority is returned as text, None means another syntax error."""
        written, into, where = text.rpartition(" into ")
        context, *more = where.split() or [""]
        if not into or len(more) > 1 or (more and more[0] != "replace"):
            return None
        parts = [part.strip() for part in written.split(",", 2)]
        if len(parts) < 3 or not all(parts):
            return None
        shown, _, label = parts[1].removesuffix(")").partition("(")
        priority = HINT if shown == "hint" else number(shown, 1, INT)
        if priority is None:
            return shown
        application, data = _call(parts[2])
        name, cid = split_location(parts[0])
        return cls(
            name, cid, parts[1], ExtensionStep(priority, application, data, label, Origin()), context, bool(more)
        )


def _call(text: str) -> tuple[str, str]:
    """Name and data of ``NAME(data)`` or ``NAME,data``."""
    if "(" in text:
        name, data, _ = split_call(text)
        return name.strip(), data
    name, _, data = text.partition(",")
    return name.strip(), data


_ADD = """\
Adds one priority of an extension, until extensions.conf is read again. <step> is
EXTENSION[/CALLERS],PRIORITY[(LABEL)],APPLICATION(DATA). With 'replace' it may take
the place of one that is there.
"""
_ADD_INCLUDE = """\
Includes a context in another one, until extensions.conf is read again.
"""
_ADD_IGNOREPAT = """\
Adds a pattern after which the dial tone goes on, until extensions.conf is read
again.
"""
_REMOVE = """\
Removes an extension (EXTENSION[/CALLERS]@CONTEXT), or one priority of it or its
hint, until extensions.conf is read again.
"""
_REMOVE_CONTEXT = """\
Removes a context with all that is in it, until extensions.conf is read again.
"""
_REMOVE_INCLUDE = """\
Removes an include, until extensions.conf is read again.
"""
_REMOVE_IGNOREPAT = """\
Removes an ignored pattern, until extensions.conf is read again.
"""
_SAVE = """\
Writes what extensions.conf and 'dialplan add' made into extensions.conf, or another
file of the configuration directory. [general] must say static=yes, and not
writeprotect=yes. Comments, templates and includes of files are not kept.
"""
