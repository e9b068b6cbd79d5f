"""Actions that read, change and create configuration files, as a table.

A file name is relative to astetcdir and must stay below it, unless asterisk.conf says ``live_dangerously = yes``.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator

from asterism import files
from asterism.errors import AsterismError, Fault
from asterism.files import is_missing
from asterism.values import dataclass
from runtime.conf import conf_edit, conf_file, conf_values
from runtime.conf.conf_edit import ConfText
from runtime.conf.conf_filter import sections_like, split_quoted
from runtime.conf.conf_values import Config, Section
from runtime.core.actions import Action
from runtime.core.core import Core
from runtime.core.event_classes import CONFIG, SYSTEM
from runtime.manager.actions.call_actions import lacks
from runtime.manager.request import Request

NOT_FOUND = "Config file not found"
INVALID = "Config file has invalid format"
RESTRICTED = "File requires escalated privileges"
_NO_NAME = "Filename not specified"

# ---- which file ------------------------------------------------------------------------------------


def _path(core: Core, name: str) -> str:
    return os.path.join(core.settings.directories.astetcdir, name.strip())


def _may_be_used(core: Core, path: str) -> bool:
    """Whether a path resolves to a place in astetcdir, or any place is allowed (``is_restricted_file``)."""
    root = os.path.realpath(core.settings.directories.astetcdir)
    return core.settings.options.live_dangerously or os.path.commonpath([root, os.path.realpath(path)]) == root


def _refusal(core: Core, path: str, missing: str) -> str:
    """Why a file may not be used, in Asterisk's words; ``missing`` is the answer for a file that does not exist."""
    if not os.path.exists(path):
        return missing
    return "" if _may_be_used(core, path) else RESTRICTED


def _read(request: Request, missing: str = NOT_FOUND) -> Config | None:
    """The parsed file of a request; when it cannot be read, answer with an error and return None."""
    if lacks(request, ("Filename", _NO_NAME)):
        return None
    path = _path(request.core, request.get("Filename"))
    refused = _refusal(request.core, path, missing)
    if refused:
        request.error(refused)
        return None
    try:
        return conf_file.load(path, exec_=request.core.settings.options.execincludes)
    except AsterismError as error:
        request.fail(error, NOT_FOUND if is_missing(error) else INVALID)
        return None


# ---- reading ---------------------------------------------------------------------------------------


def get_config(request: Request) -> None:
    """Send the sections of a file (``action_getconfig``)."""
    read = _read(request)
    if read is None:
        return
    category = request.get("Category")
    found = list(sections_like(read.sections, category, request.get("Filter")))
    fields = [pair for number, section in enumerate(found) for pair in _section_fields(number, section)]
    request.start_ok(fields)
    request.append("No categories found\r\n\r\n" if category and not found else "\r\n")


def _section_fields(number: int, section: Section) -> Iterator[tuple[str, object]]:
    yield f"Category-{number:06}", section.name
    if section.is_template:
        yield f"IsTemplate-{number:06}", 1
    if section.bases:
        yield f"Templates-{number:06}", ",".join(section.bases)
    for line, variable in enumerate(section):
        yield f"Line-{number:06}-{line:06}", f"{variable.name}={variable.value}"


def list_categories(request: Request) -> None:
    """Send the names of the sections of a file (``action_listcategories``)."""
    read = _read(request)
    if read is None:
        return
    found = sections_like(read.sections, wanted=request.get("Match"))
    fields = [(f"Category-{number:06}", section.name) for number, section in enumerate(found)]
    request.ok("", *(fields or [("Error", "no categories found")]))


def get_config_json(request: Request) -> None:
    """Send the sections of a file as JSON, in one header (``action_getconfigjson``)."""
    read = _read(request, missing=RESTRICTED)
    if read is not None:
        found = sections_like(read.sections, request.get("Category"), request.get("Filter"))
        request.ok("", ("JSON", _object((section.name, _section_json(section)) for section in found)))


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _object(members: Iterator[tuple[str, str]]) -> str:
    """A JSON object without blanks; names may repeat, as in the file."""
    return "{" + ",".join(f"{_quoted(name)}:{value}" for name, value in members) + "}"


def _section_json(section: Section) -> str:
    head = [("istemplate", "1")] * section.is_template
    head += [("templates", _quoted(",".join(section.bases)))] * bool(section.bases)
    return _object(iter([*head, *((entry.name, _quoted(entry.value)) for entry in section)]))


# ---- making ----------------------------------------------------------------------------------------


def create_config(request: Request) -> None:
    """Create an empty file (``action_createconfig``)."""
    if lacks(request, ("Filename", _NO_NAME)):
        return
    directory, name = os.path.split(_path(request.core, request.get("Filename")))
    try:
        os.stat(directory)
        if not _may_be_used(request.core, directory):
            request.error(RESTRICTED)
            return
        os.close(os.open(os.path.join(directory, name), os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o640))
    except OSError as error:
        request.error(error.strerror or str(error))
        return
    request.ok("New configuration file created successfully")


# ---- changing --------------------------------------------------------------------------------------

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


def _changes(request: Request) -> Iterator[ConfigChange]:
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


def update_config(request: Request) -> None:
    """Change a file, atomically (``action_updateconfig``)."""
    if lacks(request, ("SrcFilename", _NO_NAME), ("DstFilename", _NO_NAME)):
        return
    source, target = (_path(request.core, request.get(name)) for name in ("SrcFilename", "DstFilename"))
    refused = next(filter(None, (_refusal(request.core, path, RESTRICTED) for path in (source, target))), "")
    if refused:
        request.error(refused)
        return
    try:
        text = ConfText(source, files.read_text(source))
    except AsterismError as error:
        request.fail(error, INVALID)
        return
    keeps = request.get("PreserveEffectiveContext")
    try:
        text = changed(text, _changes(request), keeps_context=not keeps or conf_values.is_true(keeps))
    except AsterismError as error:
        known = error.faults[0].code == "update"
        request.fail(error, "" if known else NO_UPDATE)
        return
    _save(request, target, text.text)


def _save(request: Request, target: str, text: str) -> None:
    """Write the file, and reload when the request asks for it."""
    try:
        files.write(target, text)
    except AsterismError as error:
        request.fail(error, "Save of config failed")
        return
    request.ok()
    reload = request.get("Reload")
    if conf_values.is_true(reload):
        request.core.loader.reload(None)
    elif reload and conf_values.is_unclear(reload):
        request.core.loader.reload(reload)


_FILE = ("Filename", "a file below astetcdir")
_FILTER = "NAME=VALUE: only those with such a variable; TEMPLATES=include or restrict: also templates, or only these"

ACTIONS = (
    Action("CreateConfig", create_config, CONFIG, "Make an empty configuration file.", (_FILE,)),
    Action(
        "GetConfig",
        get_config,
        SYSTEM | CONFIG,
        "Read a configuration file.",
        (_FILE, ("Category", "one section"), ("Filter", _FILTER)),
    ),
    Action(
        "GetConfigJSON",
        get_config_json,
        SYSTEM | CONFIG,
        "Read a configuration file as JSON.",
        (_FILE, ("Category", "one section"), ("Filter", _FILTER)),
    ),
    Action(
        "ListCategories",
        list_categories,
        CONFIG,
        "List the sections of a configuration file.",
        (_FILE, ("Match", _FILTER)),
    ),
    Action(
        "UpdateConfig",
        update_config,
        CONFIG,
        "Change a configuration file.",
        (
            ("SrcFilename", "the file to read"),
            ("DstFilename", "the file to write, which has to be there"),
            ("Reload", "yes, or a module that is to read its configuration again"),
            ("PreserveEffectiveContext", "no, to have a change of a template reach those that inherit from it"),
            ("Action-000000", "NewCat, RenameCat, DelCat, EmptyCat, Update, Delete, Append or Insert"),
            ("Cat-000000", "the section"),
            ("Var-000000", "the variable"),
            ("Value-000000", "the value, or the new name; with '>' before it, it is written with =>"),
            ("Match-000000", "the value the variable must have; of NewCat, the section before which it stands"),
            ("Line-000000", "the number of a line in the section, from 0"),
            ("Options-000000", "allowdups, template, inherit=TEMPLATE, ignoreerror, catfilter=FILTER"),
        ),
        "Comments, blank lines and templates stay as they are. When one change cannot be made, none is.",
    ),
)
