"""The kinds of files that the language server knows, and the faults of their text, before it is saved."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from asterism.editors.workspace import Workspace
from asterism.errors import AsterismError, Fault, Place
from asterism.tree import SETTINGS
from menuselect.reasons import block_check
from menuselect.sources import settings
from runtime.conf import asterisk_conf, cli_permissions, conf_file
from runtime.conf.conf_values import Config
from runtime.conf.install_tree import Layout
from runtime.loader import modules_conf
from runtime.logs import logger_conf

FileKind = Literal["source", "settings", "conf", ""]

_SOURCES = (".c", ".cc", ".cpp", ".cxx", ".py")
_MARKS = ("MODULEINFO", "AST_MODULE_INFO")
"""What a source of a module holds; others are not judged."""


def kind_of(path: str, text: str) -> FileKind:
    """What a file is to the language server; empty for a file that it leaves alone."""
    name = os.path.basename(path)
    if name == SETTINGS:
        return "settings"
    if name.endswith((".conf", ".conf.sample")):
        return "conf"
    return "source" if name.endswith(_SOURCES) and any(mark in text for mark in _MARKS) else ""


def faults_of(path: str, text: str, workspace: Workspace) -> list[Fault]:
    """The faults of a file's text.

    Args:
        path: the file.
        text: its text as it stands in the editor.
        workspace: the tree that the file belongs to.
    """
    kind = kind_of(path, text)
    try:
        if kind == "source":
            return block_check.check_text(text, path, workspace.names, workspace.deps, is_open=workspace.is_open)
        if kind == "settings":
            settings.read(text, path, workspace.directory_of(path))
        if kind == "conf":
            return _of_conf(path, text)
    except AsterismError as error:
        return list(error.faults)
    return []


def _of_conf(path: str, text: str) -> list[Fault]:
    read = conf_file.loads(text, path, os.path.dirname(path))
    judge = _JUDGES.get(os.path.basename(path).removesuffix(".sample"))
    return [*dict.fromkeys([*read.warnings, *(judge(read, text) if judge else ())])]


def _asterisk_conf(read: Config, text: str) -> tuple[Fault, ...]:
    names = asterisk_conf.Directories._fields
    layout = Layout("", "", "", dict.fromkeys(names, "/"), "")
    return asterisk_conf.loads(text, layout, read.file).warnings


def _modules_conf(read: Config, _: str) -> tuple[Fault, ...]:
    return modules_conf.wanted(read, ()).warnings


_JUDGES: Mapping[str, Callable[[Config, str], tuple[Fault, ...]]] = {
    "asterisk.conf": _asterisk_conf,
    "cli_permissions.conf": lambda read, _: tuple(cli_permissions.read(read).warnings),
    "logger.conf": lambda read, _: tuple(logger_conf.read(read).warnings),
    "modules.conf": _modules_conf,
}
"""The readers of the files that the runtime knows."""


def span_of(place: Place | None, lines: Sequence[str]) -> tuple[int, int, int]:
    """Where a fault is drawn: its line from 0, and the columns of the word there; the first line without a place."""
    at = max(place.line - 1, 0) if place else 0
    line = lines[at].rstrip("\r\n") if at < len(lines) else ""
    start = min(max(place.column - 1, 0) if place else 0, len(line))
    if not place or not place.column:
        return at, len(line) - len(line.lstrip()), len(line)
    end = start
    while end < len(line) and (line[end].isalnum() or line[end] in "_-."):
        end += 1
    return at, start, end if end > start else len(line)
