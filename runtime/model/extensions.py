"""A dialplan as values: contexts of extensions, each with steps by priority, and the search for a call's next step.

Dialplans are immutable: a change creates another dialplan, and a running call sees either the old or the new one. The
search follows main/pbx.c (``pbx_find_extension``): first the extensions of the context itself, the closest pattern
first, then those of the contexts it includes, each once.  An extension without the wanted priority is skipped.
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
"""The priority of a hint (``PRIORITY_HINT``), which names devices and is never run."""
OWN = "pbx_config"
"""The registrar of parts from extensions.conf: the name of Asterisk's module that reads the file."""


@dataclass(frozen=True, slots=True)
class Origin:
    """The registrar of a part, and its source line."""

    registrar: str = OWN
    file: str = ""
    """The file's name without directories; empty for a part without a file."""
    line: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.file else self.registrar


@dataclass(frozen=True, slots=True)
class ExtensionStep:
    """A priority of an extension: an application and its arguments."""

    priority: int
    application: str
    data: str = ""
    """The arguments, with variables not yet substituted."""
    label: str = ""
    origin: Origin = field(default_factory=Origin)

    def __str__(self) -> str:
        return f"hint: {self.application}" if self.priority == HINT else self.call

    @property
    def call(self) -> str:
        """The step as text: ``1. NoOp(text)``."""
        return f"{self.priority}. {self.application}({self.data})"


@dataclass(frozen=True, slots=True)
class Extension:
    """An extension: the steps for a dialed number."""

    name: str
    """A plain name or a pattern: ``100``, ``_1XX``."""
    cid: str | None = None
    """The callers it is for, a number or a pattern; empty means callers without a number, None all callers."""
    steps: tuple[ExtensionStep, ...] = ()
    """The steps, sorted by priority."""

    def step(self, priority: int) -> ExtensionStep | None:
        """The step of a priority, or None."""
        at = bisect.bisect_left(self.steps, priority, key=lambda step: step.priority)
        found = self.steps[at] if at < len(self.steps) else None
        return found if found is not None and found.priority == priority else None

    def labelled(self, label: str) -> ExtensionStep | None:
        """The step with a label, or None."""
        return next((step for step in self.steps if label and step.label == label), None)

    @property
    def full_name(self) -> str:
        """The name, followed by a slash and the caller pattern if there is one."""
        return self.name if self.cid is None else f"{self.name}/{self.cid}"

    @property
    def rank(self) -> tuple[Rank, bool, Rank]:
        """The sort key of extensions: an extension for certain callers comes before the one for all."""
        return rank(self.name), self.cid is None, rank(self.cid or "")


@dataclass(frozen=True, slots=True)
class Include:
    """An include of another context, optionally at certain times only."""

    context: str
    times: str = ""
    """The times in the format of :func:`runtime.model.timing.parse`; empty means always."""
    origin: Origin = field(default_factory=Origin)

    def __str__(self) -> str:
        return f"{self.context},{self.times}" if self.times else self.context

    def holds(self, moment: float) -> bool:
        """Whether the include applies at a moment, in seconds since the epoch."""
        return not self.times or timing.parse(self.times).holds(moment)


@dataclass(frozen=True, slots=True)
class Note:
    """A pattern after which the dial tone continues (``ignorepat``), or a switch."""

    text: str
    origin: Origin = field(default_factory=Origin)


@dataclass(frozen=True, slots=True)
class Context:
    """A named group of extensions, with its includes."""

    name: str
    registrar: str = OWN
    extensions: tuple[Extension, ...] = ()
    """The extensions, in the order of search."""
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
        """The extensions that match a dialed number, the closest first."""
        for extension in self._plain.get(undashed(dialed), ()):
            if matches_caller(extension.cid, caller):
                yield extension
        for extension in self._patterns:
            if matches(extension.name, dialed) and matches_caller(extension.cid, caller):
                yield extension

    def extension(self, name: str, cid: str | None = None) -> Extension | None:
        """The extension with exactly that name and caller pattern, or None."""
        return next((entry for entry in self.extensions if (entry.name, entry.cid) == (name, cid)), None)

    def with_extension(self, extension: Extension) -> Context:
        """The context with an extension, which replaces one of the same name and caller pattern."""
        others = [entry for entry in self.extensions if (entry.name, entry.cid) != (extension.name, extension.cid)]
        kept = [*others, extension] if extension.steps else others
        return replace(self, extensions=tuple(sorted(kept, key=lambda entry: entry.rank)))


@dataclass(frozen=True, slots=True)
class Found:
    """The result of a search: the context, the extension and the step."""

    context: Context
    extension: Extension
    step: ExtensionStep


@dataclass(frozen=True, slots=True)
class Dialplan:
    """All contexts, by name."""

    contexts: Mapping[str, Context] = field(default_factory=dict)
    autofallthrough: bool = True
    """Whether a call ends after the last step of an extension; otherwise it waits for digits."""

    def context(self, name: str) -> Context:
        """The context with a name.  Raises AsterismError when it does not exist."""
        found = self.contexts.get(name)
        if found is None:
            cure = did_you_mean(name, self.contexts) or "'dialplan show' lists those that are"
            raise AsterismError(Fault(f"there is no context '{name}'", cure=cure, code="no-context"))
        return found

    def reachable(self, name: str, moment: float | None = None) -> Iterator[Context]:
        """A context and the contexts that it includes, each once, in the order of search.

        Args:
            name: the context; an unknown name yields nothing.
            moment: seconds since the epoch, for includes with times; None follows all includes.
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
        """The step that a call runs at a place, or None (``pbx_find_extension``)."""
        for current, extension in self._matching(context, dialed, caller, moment):
            step = extension.step(priority)
            if step is not None:
                return Found(current, extension, step)
        return None

    def matches_more(self, context: str, dialed: str, caller: str = "", moment: float | None = None) -> bool:
        """Whether more digits could match another extension (``ast_matchmore_extension``)."""
        return any(
            matches_more(extension.name, dialed) and matches_caller(extension.cid, caller)
            for current in self.reachable(context, moment)
            for extension in current.extensions
        )

    def labelled(
        self, context: str, dialed: str, label: str, caller: str = "", moment: float | None = None
    ) -> int | None:
        """The priority of a label, or None (``ast_findlabel_extension``)."""
        for _, extension in self._matching(context, dialed, caller, moment):
            step = extension.labelled(label)
            if step is not None:
                return step.priority
        return None

    def with_context(self, context: Context) -> Dialplan:
        """The dialplan with a context, which replaces one of the same name."""
        return replace(self, contexts={**self.contexts, context.name: context})

    def without_context(self, name: str) -> Dialplan:
        """The dialplan without a context."""
        return replace(self, contexts={key: value for key, value in self.contexts.items() if key != name})

    def with_step(
        self, context: str, name: str, cid: str | None, step: ExtensionStep, *, replacing: bool = False
    ) -> Dialplan:
        """The dialplan with a step added; a missing context is created (``ast_add_extension``).

        Raises:
            AsterismError: the priority exists, and ``replacing`` is False.
        """
        current = self.contexts.get(context) or Context(context, step.origin.registrar)
        extension = current.extension(name, cid) or Extension(name, cid)
        taken = extension.step(step.priority)
        if taken is not None and not replacing:
            raise AsterismError(_taken(context, extension, taken))
        return self.with_context(current.with_extension(with_step(extension, step)))

    def with_include(self, context: str, include: Include) -> Dialplan:
        """The dialplan with an include added.  Raises AsterismError when it exists or the context does not."""
        current = self.context(context)
        if any(other.context == include.context for other in current.includes):
            what = f"'{context}' includes '{include.context}' already"
            raise AsterismError(Fault(what, code="included-twice"))
        return self.with_context(replace(current, includes=(*current.includes, include)))

    def without_include(self, context: str, name: str) -> Dialplan:
        """The dialplan without an include.  Raises AsterismError when it does not exist."""
        current = self.context(context)
        kept = tuple(other for other in current.includes if other.context != name)
        if len(kept) == len(current.includes):
            raise AsterismError(Fault(f"'{context}' does not include '{name}'", code="no-include"))
        return self.with_context(replace(current, includes=kept))

    def with_ignorepat(self, context: str, pattern: Note) -> Dialplan:
        """The dialplan with an ignored pattern added.  Raises AsterismError when it exists or the context does not."""
        current = self.context(context)
        if any(other.text == pattern.text for other in current.ignorepats):
            what = f"'{context}' ignores '{pattern.text}' already"
            raise AsterismError(Fault(what, code="ignored-twice"))
        return self.with_context(replace(current, ignorepats=(*current.ignorepats, pattern)))

    def without_ignorepat(self, context: str, text: str) -> Dialplan:
        """The dialplan without an ignored pattern.  Raises AsterismError when it does not exist."""
        current = self.context(context)
        kept = tuple(other for other in current.ignorepats if other.text != text)
        if len(kept) == len(current.ignorepats):
            raise AsterismError(Fault(f"'{context}' does not ignore '{text}'", code="no-ignorepat"))
        return self.with_context(replace(current, ignorepats=kept))

    def without_steps(self, context: str, name: str, cid: str | None, priority: int | None = None) -> Dialplan:
        """The dialplan without an extension, or without one of its priorities.

        Raises:
            AsterismError: the extension or the priority does not exist.
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
        """The parts of the dialplan that a registrar made."""
        return self._kept(lambda origin: origin.registrar == registrar)

    def without(self, registrar: str) -> Dialplan:
        """The dialplan without the parts of a registrar; contexts that become empty are removed as well."""
        return self._kept(lambda origin: origin.registrar != registrar)

    def _kept(self, wanted: Callable[[Origin], bool]) -> Dialplan:
        contexts = {}
        for context in self.contexts.values():
            kept = _part(context, wanted)
            if _is_used(kept) or wanted(Origin(context.registrar)):
                contexts[context.name] = kept
        return replace(self, contexts=contexts)

    def merged(self, other: Dialplan) -> Dialplan:
        """This dialplan with the further parts of another one; parts that both have are taken from this one."""
        contexts = dict(self.contexts)
        for context in other.contexts.values():
            own = contexts.get(context.name)
            contexts[context.name] = context if own is None else _joined(own, context)
        return replace(self, contexts=contexts)


def with_step(extension: Extension, step: ExtensionStep) -> Extension:
    """An extension with a step, which replaces one of the same priority."""
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
    """The current dialplan: any thread may read it; changes replace it as a whole."""

    def __init__(self) -> None:
        self.current = Dialplan()
        """The current dialplan, an immutable value; a look-up reads the attribute once."""
        self.lock = threading.RLock()
        """Held while the dialplan is replaced."""

    def change(self, change: Callable[[Dialplan], Dialplan]) -> Dialplan:
        """Replace the current dialplan, and return the new one.  If ``change`` raises, the dialplan is unchanged."""
        with self.lock:
            self.current = change(self.current)
            return self.current
