"""Actions that read, change and create configuration files, as a table.

A file name is relative to astetcdir and must stay below it, unless asterisk.conf says ``live_dangerously = yes``.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator

from asterism import files
from asterism.errors import AsterismError
from asterism.files import is_missing
from runtime.conf import conf_file, conf_values
from runtime.conf.conf_edit import ConfText
from runtime.conf.conf_filter import sections_like
from runtime.conf.conf_values import Config, Section
from runtime.core.actions import Action
from runtime.core.core import Core
from runtime.core.event_classes import CONFIG, SYSTEM
from runtime.manager.actions.call_actions import lacks
from runtime.manager.actions.config_changes import NO_UPDATE, changed, changes_of
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
        text = changed(text, changes_of(request), keeps_context=not keeps or conf_values.is_true(keeps))
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
