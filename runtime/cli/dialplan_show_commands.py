"""``dialplan show``: contexts, and the extensions that a call finds in them, in Asterisk's columns (main/pbx.c)."""

from __future__ import annotations

from collections.abc import Iterator

from asterism.errors import Fault
from asterism.names import did_you_mean
from asterism.values import dataclass
from asterism.words import counted
from runtime.cli.argument_kinds import extension_places
from runtime.core.commands.command import Command, CommandCall, Outcome, declare, failure
from runtime.core.core import Core
from runtime.model.extensions import Context, Dialplan, Extension
from runtime.model.pattern import matches


def commands(core: Core) -> tuple[Command, ...]:
    """The command for one core."""
    return (declare("dialplan show [<place:place or context>]", _Show(core).show, "Show dialplan", _SHOW),)


class _Show:
    def __init__(self, core: Core) -> None:
        self.core = core

    def show(self, call: CommandCall) -> Outcome | None:
        exten, _, context = call.value("place").rpartition("@")
        plan = self.core.plans.current
        if context and context not in plan.contexts:
            call.line_out(f"There is no existence of '{context}' context")
            return failure(self._no_context(context))
        shown = _Shown(plan, exten)
        for name in [context] if context else plan.contexts:
            call.write("".join(f"{line}\n" for line in shown.lines(name)))
        if exten and not shown.extensions:
            place = f"{exten}@{context} extension" if context else f"'{exten}' extension in all contexts"
            call.line_out(f"There is no existence of {place}")
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


MOST_INCLUDES = 128
"""The greatest depth of includes that is followed (``AST_PBX_MAX_STACK``)."""


@dataclass(slots=True)
class _Shown:
    """The output of ``dialplan show`` (``show_dialplan_helper``): whole contexts, or only matching extensions.

    For an extension, the included contexts follow a context, before the blank line that ends it.
    """

    plan: Dialplan
    exten: str
    contexts: int = 0
    extensions: int = 0
    steps: int = 0

    def lines(self, name: str, path: tuple[str, ...] = ()) -> Iterator[str]:
        """The lines of one context; ``path`` has the contexts that include it."""
        context = self.plan.contexts.get(name)
        if context is None:
            return
        chosen = [entry for entry in context.extensions if not self.exten or matches(entry.name, self.exten)]
        has_head = bool(chosen) or not self.exten
        if has_head:
            self.contexts += 1
            kind = "Included context" if path else "Context"
            yield f"[ {kind} '{context.name}' created by '{context.registrar}' ]"
        for extension in chosen:
            self.extensions += 1
            self.steps += len(extension.steps)
            yield from _extension_lines(extension)
        yield from self._included(context, path) if self.exten else _include_lines(context)
        yield from _note_lines(context, self.exten, is_included=bool(path))
        if has_head:
            yield ""

    def _included(self, context: Context, path: tuple[str, ...]) -> Iterator[str]:
        """The included contexts, each once on a path; includes with times are skipped, as in Asterisk."""
        for include in context.includes:
            if include.context not in path and not include.times and len(path) < MOST_INCLUDES:
                yield from self.lines(include.context, (*path, include.context))

    def total(self) -> str:
        """The last line, with the totals."""
        extensions, contexts = counted(self.extensions, "extension"), counted(self.contexts, "context")
        steps = counted(self.steps, "priority", "priorities")
        return f"-= {extensions} ({steps}) in {contexts}. =-"


def _extension_lines(extension: Extension) -> Iterator[str]:
    """A line for each step; the first has the extension's name in place of a label, as in Asterisk."""
    head = f"'{extension.name}' =>"
    if extension.cid is not None:
        head = f"'{extension.name}' (CID match '{extension.cid}') => "
    for position, step in enumerate(extension.steps):
        label = f"   [{step.label}]" if step.label else ""
        yield f"  {label if position else head:<17} {step!s:<45} [{step.origin}]"


def _include_lines(context: Context) -> Iterator[str]:
    for include in context.includes:
        yield _line("Include =>", str(include), include.origin.registrar)


def _note_lines(context: Context, exten: str, *, is_included: bool) -> Iterator[str]:
    for pattern in context.ignorepats:
        if not exten or matches(f"_{pattern.text}.", exten):
            yield _line("Ignore pattern =>", pattern.text, pattern.origin.registrar)
    if not is_included:
        for switch in context.switches:
            yield _line("Alt. Switch =>", switch.text, switch.origin.registrar)


def _line(kind: str, text: str, registrar: str) -> str:
    quoted = f"'{text}'"
    return f"  {kind:<17} {quoted:<45} [{registrar}]"


_SHOW = """\
Shows all contexts, or one of them, or what a call to an extension would find
there: each step with the place where it is written.
"""
