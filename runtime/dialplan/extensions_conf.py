"""extensions.conf: from text to a :class:`runtime.model.extensions.Dialplan`.

::

    [context]
    exten  => name[/callers],priority[+more][(label)],Application(data)
    same   => priority[+more][(label)],Application(data)       of the extension before it
    include => context[,times]       ignorepat => pattern       switch => ...

``priority`` is a number, ``n`` (the one before and one), ``s`` (the same as before), ``hint``, or a label that stands
above.  What is read and what is passed over follows pbx/pbx_config.c; a line that cannot be understood is left
out and told, with all others of the file.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

from asterism import numbers
from asterism.errors import AsterismError, Fault, Place
from asterism.names import did_you_mean
from asterism.values import dataclass, field, replace
from runtime.conf.conf_values import Config, Section, Variable, is_true
from runtime.dialplan.substitution import split_call
from runtime.model import timing
from runtime.model.extensions import HINT, Context, Dialplan, Extension, ExtensionStep, Include, Note, Origin, with_step
from runtime.model.pattern import is_broken, is_pattern, matches

FILE = "extensions.conf"

OPTIONS = (
    "static",
    "writeprotect",
    "autofallthrough",
    "extenpatternmatchnew",
    "clearglobalvars",
    "overrideswitch",
    "userscontext",
    "priorityjumping",
)
"""What [general] may have; all but autofallthrough and clearglobalvars are accepted and change nothing here."""
_WORDS = ("exten", "same", "include", "ignorepat", "switch", "lswitch", "eswitch", "autohints")

Replace = Callable[[str], str]
"""Replaces variables in the name of an extension, of an include or of an ignored pattern."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says."""

    dialplan: Dialplan
    faults: tuple[Fault, ...] = ()
    """Everything that was passed over, or will not do what it seems to; warnings all of them."""


def global_variables(config: Config) -> Iterator[Variable]:
    """What the [globals] sections set, in order."""
    for section in _sections(config, "globals"):
        yield from section


def clears_globals(config: Config) -> bool:
    """Whether a reload takes away the global variables first (``clearglobalvars``)."""
    return any(is_true(section.get("clearglobalvars")) for section in _sections(config, "general"))


def read(config: Config, replace_variables: Replace = str) -> Reading:
    """Read the contexts of a file."""
    reader = _ExtensionsReader(replace_variables)
    autofallthrough = True
    for section in _sections(config, "general"):
        reader.options(section)
        autofallthrough = is_true(section.get("autofallthrough", "yes"))
    for section in config.sections:
        if not section.is_template and section.name.lower() not in ("general", "globals"):
            reader.section(section)
    dialplan = Dialplan(reader.contexts, autofallthrough)
    reader.faults += _unreachable(dialplan, reader.places)
    return Reading(dialplan, tuple(reader.faults))


def _sections(config: Config, name: str) -> list[Section]:
    return [entry for entry in config.sections if not entry.is_template and entry.name.lower() == name]


def split_location(text: str) -> tuple[str, str | None]:
    """``name/callers`` as the name and the callers, None for all; separators of phone numbers do not count."""
    name, slash, callers = text.partition("/")
    return name, "".join(char for char in callers if char not in " ().-") if slash else None


def _call(text: str) -> tuple[str, str, bool]:
    """``Application(data)`` as both, and whether the closing parenthesis is there; a device of a hint has no data."""
    name, data, closed = split_call(text)
    return (text, "", True) if "${" in name or "$[" in name else (name.strip(), data, closed)


def _first_comma(text: str) -> int:
    """Where the extension ends: commas in brackets, in parentheses and after a backslash belong to it; -1 for none."""
    depth = 0
    escaped = False
    for index, char in enumerate(text):
        if escaped:
            escaped = False
        elif char == "\\":
            escaped = True
        elif char in "[(":
            depth += 1
        elif char in "])":
            depth -= 1
        elif char == "," and depth <= 0:
            return index
    return text.find(",")


@dataclass(slots=True)
class _Spot:
    """Where the reader is in a context."""

    name: str = ""
    """The extension that ``same`` goes on with."""
    cid: str | None = None
    last: int | None = None
    """The priority before."""
    skips: bool = False
    """Whether the extension was refused, so that what goes on with it is passed over without a word."""


@dataclass(slots=True)
class _ExtensionsReader:
    replace: Replace
    contexts: dict[str, Context] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    places: dict[tuple[str, str], Place] = field(default_factory=dict)
    """Where each extension and each include of a context first stands."""

    def warn(self, what: str, place: Place | None, code: str, *, why: str = "", cure: str = "") -> None:
        self.faults.append(Fault(what, place, why, cure, code, "warning"))

    def options(self, section: Section) -> None:
        for entry in section:
            if entry.name.lower() not in OPTIONS:
                cure = did_you_mean(entry.name.lower(), OPTIONS) or f"there are {', '.join(OPTIONS)}"
                self.warn(f"[general] has no option '{entry.name}'", entry.name_place, "no-option", cure=cure)

    def section(self, section: Section) -> None:
        """Read one context, or more of it."""
        context = self.contexts.get(section.name) or Context(section.name)
        extensions = {(entry.name, entry.cid): entry for entry in context.extensions}
        spot = _Spot()
        for entry in section:
            word = entry.name.lower()
            if word == "exten":
                self._exten(section.name, extensions, spot, entry)
            elif word == "same":
                self._same(section.name, extensions, spot, entry)
            else:
                context = self._other(context, word, entry)
        ordered = tuple(sorted(extensions.values(), key=lambda extension: extension.rank))
        self.contexts[section.name] = replace(context, extensions=ordered)

    # -- exten => 100,1,NoOp()

    def _exten(self, context: str, extensions: _Extensions, spot: _Spot, entry: Variable) -> None:
        comma = _first_comma(entry.value)
        name = self.replace(entry.value if comma < 0 else entry.value[:comma]).strip()
        spot.name, spot.cid = split_location(name)
        spot.skips = True
        if comma < 0:
            self.warn(
                f"'{entry.value}' has no priority",
                _after(entry, len(entry.value)),
                "no-priority",
                cure="write exten => 100,1,Application(data)",
            )
            return
        if is_broken(spot.name):
            column = entry.value.find("[")
            self.warn(
                f"the ']' that closes the set of '{spot.name}' is missing",
                _after(entry, column),
                "unbalanced",
                why="it would match nothing",
            )
            return
        spot.skips = False
        self._step(context, extensions, spot, entry, comma + 1)

    def _same(self, context: str, extensions: _Extensions, spot: _Spot, entry: Variable) -> None:
        if not spot.name:
            self.warn(
                "'same' has no extension before it",
                entry.name_place,
                "no-extension",
                cure="the first line of a context is an exten => name,1,Application(data)",
            )
        elif not spot.skips:
            self._step(context, extensions, spot, entry, 0)

    def _step(self, context: str, extensions: _Extensions, spot: _Spot, entry: Variable, start: int) -> None:
        key = (spot.name, spot.cid)
        extension = extensions.get(key) or Extension(*key)
        self.places.setdefault((context, extension.full_name), entry.place)
        written, comma, call = entry.value[start:].partition(",")
        head = self._priority(extension, spot, entry, start, written)
        if head is None:
            return
        priority, label = head
        spot.last = priority
        application, data, closed = _call(call.strip())
        if not application:
            self.warn(
                f"priority {written.strip()} of '{extension.full_name}' has no application",
                _after(entry, start + len(written) + len(comma)),
                "no-application",
                cure="write Application(data) behind it, NoOp() to do nothing",
            )
            return
        if not closed:
            place = _after(entry, len(entry.value))
            cure = "the arguments were taken to the end of the line"
            self.warn(f"the ')' that closes '{application}(' is missing", place, "unbalanced", cure=cure)
        if priority == HINT:
            application, data = call.strip(), ""
        step = ExtensionStep(
            priority, application, data, label, Origin(file=os.path.basename(entry.file), line=entry.line)
        )
        if self._is_new(context, extension, step, entry, start):
            extensions[key] = with_step(extension, step)

    def _is_new(self, context: str, extension: Extension, step: ExtensionStep, entry: Variable, start: int) -> bool:
        taken = extension.step(step.priority)
        other = extension.labelled(step.label)
        if taken is not None:
            what = "hint" if step.priority == HINT else f"priority {step.priority}"
            self.warn(
                f"'{extension.full_name}@{context}' has a {what} already",
                _after(entry, start),
                "priority-taken",
                why=f"{taken.origin} has it as {taken.application}({taken.data})",
                cure="the first one counts; write 'n' for the next priority",
            )
        elif other is not None:
            self.warn(
                f"the label '{step.label}' of '{extension.full_name}@{context}' is there already",
                _after(entry, start),
                "label-taken",
                why=f"{other.origin} has it at priority {other.priority}",
                cure="the first one counts",
            )
        return taken is None

    def _priority(
        self, extension: Extension, spot: _Spot, entry: Variable, start: int, written: str
    ) -> tuple[int, str] | None:
        """The number and the label that ``n+2(label)`` means; None when it means nothing, which was told."""
        place = _after(entry, start + len(written) - len(written.lstrip()))
        text, opened, rest = written.strip().partition("(")
        label, closed, _ = rest.partition(")")
        if opened and not closed:
            self.warn(f"the ')' that closes the label of '{written.strip()}' is missing", place, "label")
            return None
        text, plus, more = text.strip().partition("+")
        word = text.strip().lower()
        if word in ("n", "next", "s", "same") and spot.last is None:
            self.warn(
                f"'{word}' has no priority before it", place, "priority", cure=f"begin '{extension.full_name}' with 1"
            )
            return None
        number = self._number(extension, spot, word, text.strip())
        added = numbers.number(more, 0, numbers.INT) if plus else 0
        if number is None or added is None or (number < 1 and number != HINT):
            self.warn(
                f"'{written.strip()}' is not a priority",
                place,
                "priority",
                cure="write a number from 1 on, n, n(label), n+2, s, hint or a label that stands above",
            )
            return None
        return number + added, label.strip()

    @staticmethod
    def _number(extension: Extension, spot: _Spot, word: str, text: str) -> int | None:
        last = spot.last or 0
        known = {"hint": HINT, "n": last + 1, "next": last + 1, "s": last, "same": last}.get(word)
        if known is not None:
            return known
        if text.isascii() and text.isdigit() and len(text) < 10:
            return int(text)
        step = extension.labelled(text)
        return step.priority if step else None

    # -- include, ignorepat, switch

    def _other(self, context: Context, word: str, entry: Variable) -> Context:
        origin = Origin(file=os.path.basename(entry.file), line=entry.line)
        if word == "include":
            return self._include(context, entry, origin)
        if word == "ignorepat":
            note = Note(self.replace(entry.value), origin)
            return replace(context, ignorepats=(*context.ignorepats, note))
        if word in ("switch", "lswitch", "eswitch"):
            self.warn(
                f"'{entry.name} => {entry.value}' changes nothing here",
                entry.name_place,
                "switch",
                why="switches are not supported",
            )
            return replace(context, switches=(*context.switches, Note(entry.value, origin)))
        if word != "autohints":
            cure = did_you_mean(word, _WORDS) or f"there are {', '.join(_WORDS)}"
            self.warn(f"a context has no '{entry.name}'", entry.name_place, "no-word", cure=cure)
        return context

    def _include(self, context: Context, entry: Variable, origin: Origin) -> Context:
        name, _, times = self.replace(entry.value).partition(",")
        include = Include(name.strip(), times.strip(), origin)
        if any(other.context == include.context for other in context.includes):
            self.warn(f"'{context.name}' includes '{include.context}' already", entry.place, "included-twice")
            return context
        try:
            timing.parse(include.times)
        except AsterismError as error:
            for fault in error.faults:
                self.warn(fault.what, entry.place, fault.code, cure=f"{fault.cure}; the include was left out")
            return context
        self.places.setdefault((context.name, f"include {include.context}"), entry.place)
        return replace(context, includes=(*context.includes, include))


_Extensions = dict[tuple[str, "str | None"], Extension]


def _after(entry: Variable, index: int) -> Place:
    """The place of a character of a value; the line's end, when the value was put together from several lines."""
    column = min(entry.column + max(index, 0), len(entry.text) + 1)
    return Place(entry.file, entry.line, column, entry.text)


# ---- what will not do what it seems to --------------------------------------------------------------


def _unreachable(dialplan: Dialplan, places: dict[tuple[str, str], Place]) -> Iterator[Fault]:
    for context in dialplan.contexts.values():
        for include in context.includes:
            place = places.get((context.name, f"include {include.context}"))
            yield from _include_faults(dialplan, context, include, place)
        for extension in context.extensions:
            if _lacks_beginning(dialplan, context, extension):
                yield Fault(
                    f"'{extension.full_name}@{context.name}' has no priority 1",
                    places.get((context.name, extension.full_name)),
                    cure="a call begins there; give its first line priority 1",
                    code="no-beginning",
                    severity="warning",
                )


def _include_faults(dialplan: Dialplan, context: Context, include: Include, place: Place | None) -> Iterator[Fault]:
    if include.context not in dialplan.contexts:
        cure = did_you_mean(include.context, dialplan.contexts)
        yield Fault(f"there is no context '{include.context}' to include", place, "", cure, "no-context", "warning")
    elif any(other.name == context.name for other in dialplan.reachable(include.context)):
        yield Fault(
            f"'{context.name}' includes itself",
            place,
            why=f"'{include.context}' leads back to it",
            cure="each is asked once",
            code="include-cycle",
            severity="warning",
        )


def _lacks_beginning(dialplan: Dialplan, context: Context, extension: Extension) -> bool:
    """Whether no call can begin there: no extension that matches the same has a first step."""
    if extension.step(1) or all(step.priority == HINT for step in extension.steps):
        return False
    if not is_pattern(extension.name):
        return dialplan.find(context.name, extension.name, 1, extension.cid or "") is None
    # Other contexts may include this one, so that any extension may lend its beginning.
    return not any(
        other.step(1) and (is_pattern(other.name) or matches(extension.name, other.name))
        for current in dialplan.contexts.values()
        for other in current.extensions
    )
