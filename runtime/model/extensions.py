"""A dialplan as values: contexts of extensions, each with steps by priority; and where a call goes next.

Nothing here changes: adding an extension gives another dialplan, and a call that is under way sees either the old one
or the new one.  Which extension answers is decided as in main/pbx.c (``pbx_find_extension``): first those of the
context itself, the closest pattern first, then those of the contexts it includes, each once.  An extension that
lacks the wanted priority is passed over for the next one that matches.
"""

from __future__ import annotations

import bisect
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping

from asterism.errors import AsterismError, Fault
from asterism.names import did_you_mean
from asterism.values import dataclass, field, replace
from runtime.model import timing
from runtime.model.pattern import Rank, is_pattern, matches, matches_caller, matches_more, rank, undashed

HINT = -1
"""The priority of a hint (``PRIORITY_HINT``): it names devices and is never run."""
OWN = "pbx_config"
"""Who made what comes from extensions.conf, by the name of Asterisk's module that reads it."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Who made something, and where it is written."""

    registrar: str = OWN
    file: str = ""
    """Its name without directories; empty when it comes from no file."""
    line: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.file else self.registrar


@dataclass(frozen=True, slots=True)
class ExtensionStep:
    """One priority of an extension: an application and what it gets."""

    priority: int
    application: str
    data: str = ""
    """Its arguments, variables not yet replaced."""
    label: str = ""
    origin: Origin = field(default_factory=Origin)

    def __str__(self) -> str:
        return f"hint: {self.application}" if self.priority == HINT else self.call

    @property
    def call(self) -> str:
        """``1. NoOp(text)``."""
        return f"{self.priority}. {self.application}({self.data})"


@dataclass(frozen=True, slots=True)
class Extension:
    """What is done for what was dialed."""

    name: str
    """A plain name or a pattern: ``100``, ``_1XX``."""
    cid: str | None = None
    """The callers it is for, a number or a pattern; empty means those without a number, None everybody."""
    steps: tuple[ExtensionStep, ...] = ()
    """By priority."""

    def step(self, priority: int) -> ExtensionStep | None:
        """The step of a priority."""
        at = bisect.bisect_left(self.steps, priority, key=lambda step: step.priority)
        found = self.steps[at] if at < len(self.steps) else None
        return found if found is not None and found.priority == priority else None

    def labelled(self, label: str) -> ExtensionStep | None:
        """The step of a label."""
        return next((step for step in self.steps if label and step.label == label), None)

    @property
    def full_name(self) -> str:
        """The name, and after a slash the callers it is for."""
        return self.name if self.cid is None else f"{self.name}/{self.cid}"

    @property
    def rank(self) -> tuple[Rank, bool, Rank]:
        """What extensions are sorted by: those for certain callers before the same ones for all."""
        return rank(self.name), self.cid is None, rank(self.cid or "")


@dataclass(frozen=True, slots=True)
class Include:
    """Another context whose extensions count too, perhaps at certain times only."""

    context: str
    times: str = ""
    """As :func:`runtime.model.timing.parse` reads it; empty means always."""
    origin: Origin = field(default_factory=Origin)

    def __str__(self) -> str:
        return f"{self.context},{self.times}" if self.times else self.context

    def holds(self, moment: float) -> bool:
        """Whether it counts at a moment, in seconds since the epoch."""
        return not self.times or timing.parse(self.times).holds(moment)


@dataclass(frozen=True, slots=True)
class Note:
    """A pattern after which the dial tone goes on (``ignorepat``), or a switch."""

    text: str
    origin: Origin = field(default_factory=Origin)


@dataclass(frozen=True, slots=True)
class Context:
    """Extensions that belong together."""

    name: str
    registrar: str = OWN
    extensions: tuple[Extension, ...] = ()
    """In the order in which they are asked."""
    includes: tuple[Include, ...] = ()
    ignorepats: tuple[Note, ...] = ()
    switches: tuple[Note, ...] = ()
    _plain: Mapping[str, tuple[Extension, ...]] = field(init=False, repr=False, compare=False)
    _patterns: tuple[Extension, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        plain: dict[str, tuple[Extension, ...]] = {}
        for extension in self.extensions:
            if not is_pattern(extension.name):
                key = undashed(extension.name)
                plain[key] = (*plain.get(key, ()), extension)
        object.__setattr__(self, "_plain", plain)
        patterns = tuple(extension for extension in self.extensions if is_pattern(extension.name))
        object.__setattr__(self, "_patterns", patterns)

    def matching(self, dialed: str, caller: str = "") -> Iterator[Extension]:
        """Its extensions that match what was dialed, the closest first."""
        for extension in self._plain.get(undashed(dialed), ()):
            if matches_caller(extension.cid, caller):
                yield extension
        for extension in self._patterns:
            if matches(extension.name, dialed) and matches_caller(extension.cid, caller):
                yield extension

    def extension(self, name: str, cid: str | None = None) -> Extension | None:
        """The extension of exactly that name and those callers."""
        return next((entry for entry in self.extensions if (entry.name, entry.cid) == (name, cid)), None)

    def with_extension(self, extension: Extension) -> Context:
        """The context with an extension in the place of the one of the same name and callers."""
        others = [entry for entry in self.extensions if (entry.name, entry.cid) != (extension.name, extension.cid)]
        kept = [*others, extension] if extension.steps else others
        return replace(self, extensions=tuple(sorted(kept, key=lambda entry: entry.rank)))


@dataclass(frozen=True, slots=True)
class Found:
    """Where a call is: the context and the extension that answer, and the step."""

    context: Context
    extension: Extension
    step: ExtensionStep


@dataclass(frozen=True, slots=True)
class Dialplan:
    """All contexts, by name."""

    contexts: Mapping[str, Context] = field(default_factory=dict)
    autofallthrough: bool = True
    """Whether a call ends where an extension has no more steps; otherwise it waits for digits, which never come."""

    def context(self, name: str) -> Context:
        """The context of a name.  Raises AsterismError when there is none."""
        found = self.contexts.get(name)
        if found is None:
            cure = did_you_mean(name, self.contexts) or "'dialplan show' lists those that are"
            raise AsterismError(Fault(f"there is no context '{name}'", cure=cure, code="no-context"))
        return found

    def reachable(self, name: str, moment: float | None = None) -> Iterator[Context]:
        """A context and those it includes, each once, in the order in which they are asked.

        Args:
            name: the context; nothing comes when there is none of that name.
            moment: seconds since the epoch, for includes that count at certain times; None takes them all.
        """
        seen: set[str] = set()
        waiting = [name]
        while waiting:
            current = self.contexts.get(waiting.pop())
            if current is None or current.name in seen:
                continue
            seen.add(current.name)
            yield current
            includes = [entry for entry in current.includes if moment is None or entry.holds(moment)]
            waiting += [entry.context for entry in reversed(includes)]

    def _matching(
        self, context: str, dialed: str, caller: str, moment: float | None
    ) -> Iterator[tuple[Context, Extension]]:
        for current in self.reachable(context, moment):
            for extension in current.matching(dialed, caller):
                yield current, extension

    def find(
        self, context: str, dialed: str, priority: int, caller: str = "", moment: float | None = None
    ) -> Found | None:
        """The step a call runs there, or None (``pbx_find_extension``)."""
        for current, extension in self._matching(context, dialed, caller, moment):
            step = extension.step(priority)
            if step is not None:
                return Found(current, extension, step)
        return None

    def matches_more(self, context: str, dialed: str, caller: str = "", moment: float | None = None) -> bool:
        """Whether more digits could reach another extension there (``ast_matchmore_extension``)."""
        return any(
            matches_more(extension.name, dialed) and matches_caller(extension.cid, caller)
            for current in self.reachable(context, moment)
            for extension in current.extensions
        )

    def labelled(
        self, context: str, dialed: str, label: str, caller: str = "", moment: float | None = None
    ) -> int | None:
        """The priority of a label there, or None (``ast_findlabel_extension``)."""
        for _, extension in self._matching(context, dialed, caller, moment):
            step = extension.labelled(label)
            if step is not None:
                return step.priority
        return None

    def with_context(self, context: Context) -> Dialplan:
        """The dialplan with a context in the place of the one of that name."""
        return replace(self, contexts={**self.contexts, context.name: context})

    def without_context(self, name: str) -> Dialplan:
        """The dialplan without a context."""
        return replace(self, contexts={key: value for key, value in self.contexts.items() if key != name})

    def with_step(
        self, context: str, name: str, cid: str | None, step: ExtensionStep, *, replacing: bool = False
    ) -> Dialplan:
        """The dialplan with one more step; its context is made when there is none (``ast_add_extension``).

        Raises:
            AsterismError: the priority is taken, and it was not said that it may be replaced.
        """
        current = self.contexts.get(context) or Context(context, step.origin.registrar)
        extension = current.extension(name, cid) or Extension(name, cid)
        taken = extension.step(step.priority)
        if taken is not None and not replacing:
            raise AsterismError(_taken(context, extension, taken))
        return self.with_context(current.with_extension(with_step(extension, step)))

    def with_include(self, context: str, include: Include) -> Dialplan:
        """The dialplan with one more include.  Raises AsterismError when it is there already, or no context is."""
        current = self.context(context)
        if any(other.context == include.context for other in current.includes):
            what = f"'{context}' includes '{include.context}' already"
            raise AsterismError(Fault(what, code="included-twice"))
        return self.with_context(replace(current, includes=(*current.includes, include)))

    def without_include(self, context: str, name: str) -> Dialplan:
        """The dialplan without an include.  Raises AsterismError when there is none."""
        current = self.context(context)
        kept = tuple(other for other in current.includes if other.context != name)
        if len(kept) == len(current.includes):
            raise AsterismError(Fault(f"'{context}' does not include '{name}'", code="no-include"))
        return self.with_context(replace(current, includes=kept))

    def with_ignorepat(self, context: str, pattern: Note) -> Dialplan:
        """The dialplan with one more ignored pattern.  Raises AsterismError when it is there, or no context is."""
        current = self.context(context)
        if any(other.text == pattern.text for other in current.ignorepats):
            what = f"'{context}' ignores '{pattern.text}' already"
            raise AsterismError(Fault(what, code="ignored-twice"))
        return self.with_context(replace(current, ignorepats=(*current.ignorepats, pattern)))

    def without_ignorepat(self, context: str, text: str) -> Dialplan:
        """The dialplan without an ignored pattern.  Raises AsterismError when there is none."""
        current = self.context(context)
        kept = tuple(other for other in current.ignorepats if other.text != text)
        if len(kept) == len(current.ignorepats):
            raise AsterismError(Fault(f"'{context}' does not ignore '{text}'", code="no-ignorepat"))
        return self.with_context(replace(current, ignorepats=kept))

    def without_steps(self, context: str, name: str, cid: str | None, priority: int | None = None) -> Dialplan:
        """The dialplan without an extension, or without one priority of it.

        Raises:
            AsterismError: there is none.
        """
        current = self.context(context)
        extension = current.extension(name, cid)
        kept = [step for step in extension.steps if priority not in (None, step.priority)] if extension else []
        if extension is None or len(kept) == len(extension.steps):
            which = f" with priority {priority}" if priority is not None else ""
            names = [entry.full_name for entry in current.extensions]
            raise AsterismError(
                Fault(
                    f"there is no extension '{name}@{context}'{which}",
                    cure=did_you_mean(name, names) or f"'dialplan show {context}' lists those that are",
                    code="no-extension",
                )
            )
        return self.with_context(current.with_extension(replace(extension, steps=tuple(kept))))

    def of(self, registrar: str) -> Dialplan:
        """What one registrar made of it."""
        return self._kept(lambda origin: origin.registrar == registrar)

    def without(self, registrar: str) -> Dialplan:
        """The dialplan without all that one registrar made; a context that is left empty goes as well."""
        return self._kept(lambda origin: origin.registrar != registrar)

    def _kept(self, wanted: Callable[[Origin], bool]) -> Dialplan:
        contexts = {}
        for context in self.contexts.values():
            kept = _part(context, wanted)
            if _is_used(kept) or wanted(Origin(context.registrar)):
                contexts[context.name] = kept
        return replace(self, contexts=contexts)

    def merged(self, other: Dialplan) -> Dialplan:
        """This dialplan with what another one has besides; what both have is taken from this one."""
        contexts = dict(self.contexts)
        for context in other.contexts.values():
            own = contexts.get(context.name)
            contexts[context.name] = context if own is None else _joined(own, context)
        return replace(self, contexts=contexts)


def with_step(extension: Extension, step: ExtensionStep) -> Extension:
    """An extension with a step in the place of the one of that priority."""
    others = [entry for entry in extension.steps if entry.priority != step.priority]
    return replace(extension, steps=tuple(sorted([*others, step], key=lambda entry: entry.priority)))


def _taken(context: str, extension: Extension, taken: ExtensionStep) -> Fault:
    what = "hint" if taken.priority == HINT else f"priority {taken.priority}"
    return Fault(
        f"the {what} of '{extension.full_name}@{context}' is there already",
        why=f"{taken.origin} has it as {taken.application}({taken.data})",
        cure="the first one counts; give this one a priority of its own",
        code="priority-taken",
    )


def _part(context: Context, wanted: Callable[[Origin], bool]) -> Context:
    extensions = []
    for extension in context.extensions:
        steps = tuple(step for step in extension.steps if wanted(step.origin))
        extensions += [replace(extension, steps=steps)] if steps else []
    return replace(
        context,
        extensions=tuple(extensions),
        includes=tuple(entry for entry in context.includes if wanted(entry.origin)),
        ignorepats=tuple(entry for entry in context.ignorepats if wanted(entry.origin)),
        switches=tuple(entry for entry in context.switches if wanted(entry.origin)),
    )


def _is_used(context: Context) -> bool:
    return bool(context.extensions or context.includes or context.ignorepats or context.switches)


def _joined(own: Context, other: Context) -> Context:
    joined = own
    for extension in other.extensions:
        kept = joined.extension(extension.name, extension.cid) or replace(extension, steps=())
        for step in extension.steps:
            kept = kept if kept.step(step.priority) else with_step(kept, step)
        joined = joined.with_extension(kept)
    includes = {entry.context for entry in own.includes}
    return replace(
        joined,
        includes=(*own.includes, *(entry for entry in other.includes if entry.context not in includes)),
        ignorepats=_union(own.ignorepats, other.ignorepats),
        switches=_union(own.switches, other.switches),
    )


def _union(own: Iterable[Note], other: Iterable[Note]) -> tuple[Note, ...]:
    texts = {entry.text for entry in own}
    return (*own, *(entry for entry in other if entry.text not in texts))


class Plans:
    """The dialplan in force: read by any thread, replaced whole."""

    def __init__(self) -> None:
        self.current = Dialplan()
        """Taken once by whoever looks something up; it never changes."""
        self.lock = threading.RLock()
        """Held by whoever changes it."""

    def change(self, change: Callable[[Dialplan], Dialplan]) -> Dialplan:
        """Put another dialplan in the place of the one in force; returns it.  If ``change`` raises, nothing changed."""
        with self.lock:
            self.current = change(self.current)
            return self.current
