"""Changes of a configuration file as the action UpdateConfig names them, decided and carried out on its text."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from asterism.errors import AsterismError, Fault
from asterism.values import dataclass
from runtime.conf import conf_edit
from runtime.conf.conf_edit import ConfText
from runtime.conf.conf_filter import sections_like, split_quoted
from runtime.manager.request import Request

MOST_CHANGES = 100_000
NO_ARGUMENT = "Problem with category, value, or line (if required)"
NO_CATEGORY = "Given category does not exist"
NO_UPDATE = "Update did not complete successfully"
NO_NEW = "Create category did not complete successfully"


def _wrong(words: str, why: str = "") -> AsterismError:
    return AsterismError(Fault(words, why=why, code="update"))


@dataclass(frozen=True, slots=True)
class ConfigChange:
    """A change of ``UpdateConfig``: the headers with one number."""

    action: str
    category: str
    variable: str
    value: str
    match: str
    line: str
    options: tuple[str, ...]

    @classmethod
    def of(cls, request: Request, number: int) -> ConfigChange:
        """The change with a number."""

        def header(name: str) -> str:
            return request.get(f"{name}-{number:06}")

        return cls(
            header("Action"),
            header("Cat"),
            header("Var"),
            header("Value"),
            header("Match"),
            header("Line"),
            tuple(split_quoted(header("Options"), ",")),
        )

    def has(self, option: str) -> bool:
        """Whether an option is given, in any case."""
        return option in (entry.lower() for entry in self.options)

    def option(self, name: str) -> str:
        """The value of an option, as in ``inherit="template"``."""
        found = [split_quoted(entry, "=")[1:] for entry in self.options if entry.startswith(name)]
        return found[-1][0] if found and found[-1] else ""

    @property
    def is_object(self) -> bool:
        """Whether the value is written with ``=>``: it begins with ``>``."""
        return self.value.startswith(">")

    @property
    def plain(self) -> str:
        """The value without the leading ``>``."""
        return self.value.removeprefix(">")

    @property
    def position(self) -> int | None:
        """The line in the section, from 0; None when it is missing or not a number."""
        return int(self.line) if self.line.isascii() and self.line.isdigit() and len(self.line) < 10 else None


Change = Callable[[ConfText, ConfigChange], ConfText]


def _new(text: ConfText, change: ConfigChange) -> ConfText:
    sections = text.config.sections
    if not change.has("allowdups") and any(entry.name.lower() == change.category.lower() for entry in sections):
        if change.has("ignoreerror"):
            return text
        raise _wrong(NO_NEW, f"there is a category '{change.category}' already")
    bases = [name for name in split_quoted(change.option("inherit"), ",") if name]
    templates = {entry.name.lower() for entry in sections if entry.is_template}
    if missing := [name for name in bases if name.lower() not in templates]:
        raise _wrong("Template category not found", f"there is no template '{missing[0]}'")
    before = next((at for at, entry in enumerate(sections) if entry.name.lower() == change.match.lower()), None)
    if change.match and before is None:
        raise _wrong(NO_NEW, f"there is no category '{change.match}' to put it before")
    return conf_edit.with_section(
        text, change.category, is_template=change.has("template"), bases=bases, before=before if change.match else None
    )


def _each(
    text: ConfText, change: ConfigChange, doing: Callable[[ConfText, int], ConfText], *, may_lack: bool
) -> ConfText:
    """Apply a function to each section that a change selects, last first.  Returns the new file.

    Raises:
        AsterismError: no section matches and ``may_lack`` is False.
    """
    found = [
        text.index(entry) for entry in sections_like(text.config.sections, change.category, change.option("catfilter"))
    ]
    if not found and not may_lack:
        raise _wrong(NO_CATEGORY)
    for at in reversed(found):
        text = doing(text, at)
    return text


def _rename(text: ConfText, change: ConfigChange) -> ConfText:
    if not change.value:
        raise _wrong(NO_ARGUMENT)
    return _each(text, change, lambda text, at: conf_edit.renamed(text, at, change.plain), may_lack=False)


def _delete_section(text: ConfText, change: ConfigChange) -> ConfText:
    return _each(text, change, conf_edit.without_section, may_lack=change.has("ignoreerror"))


def _empty(text: ConfText, change: ConfigChange) -> ConfText:
    return _each(text, change, lambda text, at: conf_edit.removed(text, at, text.own(text[at])), may_lack=False)


def _update(text: ConfText, change: ConfigChange) -> ConfText:
    if not change.variable:
        raise _wrong(NO_ARGUMENT)
    done: list[int] = []

    def doing(text: ConfText, at: int) -> ConfText:
        wanted = change.variable.lower(), change.match.lower()
        found = [
            entry
            for entry in text[at]
            if entry.name.lower() == wanted[0] and (not wanted[1] or entry.value.lower() == wanted[1])
        ]
        if not found:
            return text
        done.append(at)
        if id(found[-1]) in text.config.inherited(text[at]):
            return conf_edit.inserted(text, at, 0, change.variable, change.plain, change.is_object)
        return conf_edit.updated(text, at, found[-1], change.variable, change.plain, change.is_object)

    text = _each(text, change, doing, may_lack=False)
    if not done:
        raise _wrong(NO_UPDATE, f"there is no such variable '{change.variable}'")
    return text


def _delete(text: ConfText, change: ConfigChange) -> ConfText:
    if not change.variable and not change.line:
        raise _wrong(NO_ARGUMENT)
    done: list[int] = []

    def doing(text: ConfText, at: int) -> ConfText:
        entries = list(text[at])
        if change.line:
            gone = [entry for number, entry in enumerate(entries) if number == change.position]
        else:
            gone = [
                entry
                for entry in entries
                if entry.name.lower() == change.variable.lower() and change.match.lower() in ("", entry.value.lower())
            ]
        own = [entry for entry in gone if id(entry) not in text.config.inherited(text[at])]
        done.extend([at] * bool(own))
        return conf_edit.removed(text, at, own)

    text = _each(text, change, doing, may_lack=False)
    if not done and not change.has("ignoreerror"):
        raise _wrong(NO_UPDATE, "there is no such variable, or a template has it")
    return text


def _append(text: ConfText, change: ConfigChange) -> ConfText:
    if not change.variable:
        raise _wrong(NO_ARGUMENT)
    is_object = change.is_object or change.match.lower() == "object"
    return _each(
        text,
        change,
        lambda text, at: conf_edit.inserted(
            text, at, len(text.own(text[at])), change.variable, change.plain, is_object
        ),
        may_lack=False,
    )


def _insert(text: ConfText, change: ConfigChange) -> ConfText:
    if not change.variable or change.position is None:
        raise _wrong(NO_ARGUMENT)
    line = change.position

    def doing(text: ConfText, at: int) -> ConfText:
        own = text.own(text[at])
        position = min(max(line - (len(text[at].variables) - len(own)), 0), len(own))
        return conf_edit.inserted(text, at, position, change.variable, change.plain)

    return _each(text, change, doing, may_lack=False)


CHANGES: dict[str, Change] = {
    "newcat": _new,
    "renamecat": _rename,
    "delcat": _delete_section,
    "emptycat": _empty,
    "update": _update,
    "delete": _delete,
    "append": _append,
    "insert": _insert,
}


def changes_of(request: Request) -> Iterator[ConfigChange]:
    """The changes of a request, up to the first number without an action."""
    for number in range(MOST_CHANGES):
        change = ConfigChange.of(request, number)
        if not change.action:
            return
        yield change


def changed(text: ConfText, changes: Iterator[ConfigChange], *, keeps_context: bool = True) -> ConfText:
    """The file after some changes (main/manager.c, ``handle_updates``).

    Args:
        text: the file.
        changes: the changes, in order.
        keeps_context: whether sections keep the variables that they inherited from a changed template.

    Raises:
        AsterismError: a change is impossible, in Asterisk's words; then none is made.
    """
    for change in changes:
        if not change.category:
            raise _wrong("Category not specified")
        doing = CHANGES.get(change.action.lower())
        if doing is None:
            raise _wrong("Unknown action command")
        after = doing(text, change)
        text = conf_edit.kept_for_heirs(text, after) if keeps_context else after
    return text
