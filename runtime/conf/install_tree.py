"""The installed tree: its location and its description (``tree.json``, written by the installer)."""

from __future__ import annotations

import os
from collections.abc import Mapping
from types import MappingProxyType

from asterism import files
from asterism.errors import AsterismError, Fault, Place
from asterism.home import provided, where
from asterism.light.types import NamedTuple
from asterism.parsing import json_value

DIRECTORIES = {
    "astetcdir": "etc/asterism",
    "astmoddir": "lib/asterism/modules",
    "astvarlibdir": "var/lib/asterism",
    "astdbdir": "var/lib/asterism",
    "astkeydir": "var/lib/asterism",
    "astdatadir": "var/lib/asterism",
    "astagidir": "var/lib/asterism/agi-bin",
    "astspooldir": "var/spool/asterism",
    "astrundir": "var/run/asterism",
    "astlogdir": "var/log/asterism",
    "astcachedir": "var/cache/asterism",
    "astsbindir": "sbin",
}
"""The directories of asterisk.conf, with their default places relative to the prefix of the installed tree."""


class Layout(NamedTuple):
    """The content of ``tree.json``; every path is absolute."""

    file: str
    prefix: str
    version: str
    directories: Mapping[str, str]
    native: str
    """The directory of libasterism.so and core_types.py."""
    buildopt_sum: str = ""
    """The checksum of the build options, which a module must share."""
    buildopts: tuple[str, ...] = ()
    """The names of those build options."""
    details: Mapping[str, object] = MappingProxyType({})
    """The whole content of the file."""


def load(file: str | None = None) -> Layout:
    """Read ``tree.json``.

    Raises:
        AsterismError: the file does not exist or is damaged.
    """
    path = file or where.tree_file()
    try:
        return parse(json_value(files.read_text(path)), path)
    except AsterismError as error:
        raise AsterismError(provided.no_tree(path, error.faults[0].why)) from None
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise AsterismError(_damaged(path, error)) from None


def provide() -> Layout:
    """Read ``tree.json`` before a start; the user's tree of an installation by pip is updated first.

    Raises:
        AsterismError: there is no installed tree, or the user's cannot be made.
    """
    return load(provided.tree_file())


def parse(data: Mapping[str, object], file: str) -> Layout:
    """The layout of a decoded ``tree.json``; ``file`` is its path."""
    place = os.path.dirname(os.path.realpath(file))
    prefix = _absolute(place, str(data.get("prefix", "../..")))
    named = data.get("directories", {})
    buildopts = data.get("buildopts", {})
    if not isinstance(named, Mapping) or not isinstance(buildopts, Mapping):
        raise TypeError("expected 'directories' and 'buildopts' to be objects")
    options = buildopts.get("options", ())
    return Layout(
        file=file,
        prefix=prefix,
        version=str(data["version"]),
        directories={name: _absolute(prefix, str(named.get(name, usual))) for name, usual in DIRECTORIES.items()},
        native=_absolute(place, str(data.get("native", "native"))),
        buildopt_sum=str(buildopts.get("sum", "")),
        buildopts=tuple(str(option) for option in options),
        details=dict(data),
    )


def _absolute(base: str, path: str) -> str:
    return os.path.normpath(os.path.join(base, path))


def _damaged(path: str, error: Exception) -> Fault:
    return Fault(
        "the description of the installed tree is damaged",
        place=Place(path),
        why=str(error),
        cure="run 'make install' again",
        code="bad-tree",
    )
