"""asterisk/config.h: :mod:`runtime.conf.conf_file` reads the files; C keeps and searches their content.

For authors of Python modules: :func:`load_config`.
"""

from __future__ import annotations

import os
import threading

from asterism import files
from asterism.errors import AsterismError
from asterism.values import TYPE_CHECKING
from runtime.api import PREPARATIONS, Binding, bound, core, encode, report, text
from runtime.api.export import hook
from runtime.conf import conf_file
from runtime.conf.conf_values import Config, Variable

if TYPE_CHECKING:
    from typing import Any

_FILEUNCHANGED, _NOCACHE = 1 << 1, 1 << 2
_READ, _MISSING, _UNCHANGED, _INVALID = range(4)
"""``enum asterism_config_status`` of runtime/native/core.h."""

Look = tuple[tuple[str, int, int, int], ...]
"""The state of the files of a config: path, inode, modification time in ns and size of each."""

_seen: dict[tuple[str, str], Look] = {}
"""The last known states by path and module: each module is notified of a change once."""
_changing = threading.Lock()


def look(read: Config) -> Look | None:
    """The current state of the files of a config; None when a file is missing or is the output of a program."""
    found = []
    for file in read.files:
        try:
            status = os.stat(file)
        except OSError:
            return None
        found.append((file, status.st_ino, status.st_mtime_ns, status.st_size))
    return tuple(found)


def _remember(key: tuple[str, str], now: Look | None) -> bool:
    """Store the state of a config's files.  Returns whether the state is unchanged."""
    with _changing:
        before = _seen.pop(key, None)
        if now is not None:
            _seen[key] = now
        return now is not None and now == before


def _path(filename: str) -> str:
    return os.path.join(core().settings.directories.astetcdir, filename)


def _is_missing(path: str) -> bool:
    """Whether a path leads to nothing, by way of a dangling link too; a loop of links is a fault for the reader."""
    try:
        os.stat(path)
    except OSError as error:
        return isinstance(error, FileNotFoundError)
    return False


def load_config(filename: str) -> Config:
    """Read a file, relative to the configuration directory, and its includes; an empty config when the file is missing.

    Raises:
        AsterismError: the file has faults; each has its place.
    """
    path = _path(filename)
    if _is_missing(path):
        core().note_missing(path)
        return Config(path)
    settings = core().settings
    read = conf_file.load(path, settings.directories.astetcdir, exec_=settings.options.execincludes)
    who = text(bound().lib.asterism_calling_module())
    if who:
        core().config_files.add((path, who))
    if read.warnings:
        report("load_config", AsterismError(*read.warnings))
    return read


@hook(
    "int asterism_config_read(struct ast_config *cfg, const char *filename, const char *who_asked, unsigned int flags)",
    failure=_INVALID,
)
def config_read(cfg: Any, filename: Any, who_asked: Any, flags: int) -> int:
    """Read a file into an empty config (``ast_config_load2`` of main/config.c)."""
    if not filename:
        report("ast_config_load", ValueError("the name of a configuration file is NULL"))
        return _INVALID
    path = _path(text(filename))
    key = (path, text(who_asked))
    if not os.path.lexists(path):
        _remember(key, None)
        core().note_missing(path)
        return _MISSING
    settings = core().settings
    try:
        read = conf_file.load(path, settings.directories.astetcdir, exec_=settings.options.execincludes)
    except AsterismError as error:
        _remember(key, None)
        report("ast_config_load", error)
        return _MISSING if files.is_missing(error) or files.is_other_kind(error) else _INVALID
    if not flags & _NOCACHE and _remember(key, look(read)) and flags & _FILEUNCHANGED:
        return _UNCHANGED
    if key[1]:
        core().config_files.add(key)
    if read.warnings:
        report("ast_config_load", AsterismError(*read.warnings))
    _fill(cfg, read)
    return _READ


def _fill(cfg: Any, read: Config) -> None:
    """Pass all sections to C.  Raises MemoryError."""
    lib = bound().lib
    for section in read.sections:
        category = lib.asterism_config_category(
            cfg, encode(section.name), encode(section.file), section.line, section.is_template
        )
        if not category or any(lib.asterism_config_base(category, encode(base)) for base in section.bases):
            raise MemoryError("out of memory for a configuration")
        inherited = read.inherited(section)
        if any(_add(category, variable, id(variable) in inherited) for variable in section.variables):
            raise MemoryError("out of memory for a configuration")


def _add(category: Any, variable: Variable, inherited: bool) -> int:
    name, value, file = map(encode, (variable.name, variable.value, variable.file))
    result: int = bound().lib.asterism_config_variable(
        category, name, value, file, variable.line, variable.is_object, inherited
    )
    return result


def _forget(_binding: Binding) -> None:
    """Forget the files that a previous core has read."""
    _seen.clear()


PREPARATIONS.append(_forget)
