"""Stand-ins for the names of Asterisk that this program does not have, so that modules built for Asterisk open here.

With ``standins = yes`` in [options] of asterisk.conf, a module that lacks names is opened with a stand-in for each: a
function that does nothing, or a variable.  A variable that holds a text points to an empty one; others are filled with
zeros.  libasterism.so notes each call with the module that made it.  A name that a module of the module directory
provides gets no stand-in.
"""

from __future__ import annotations

import contextlib
import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from asterism.branches import core_names
from asterism.errors import AsterismError, Fault, Place
from asterism.modulefile import reader
from asterism.values import TYPE_CHECKING, dataclass
from runtime import api
from runtime.modules import missing_symbols, stand_in_file
from runtime.modules.module_copies import copies_in

if TYPE_CHECKING:
    from typing import Any

OF_ASTERISK = (
    "libuuid.so.1",
    "libjansson.so.4",
    "libxml2.so.2",
    "libxslt.so.1",
    "libsqlite3.so.0",
    "libcrypto.so.3",
    "libssl.so.3",
)
"""Libraries that Asterisk's own program brings; its modules use them without naming them."""


@dataclass(frozen=True, slots=True)
class Call:
    """What a module called of one stand-in."""

    name: str
    """The missing function."""
    module: str
    """Who called it, without suffix."""
    count: int


class _Names:
    """The stand-ins of this process."""

    def __init__(self) -> None:
        self.given: dict[str, frozenset[str]] = {}
        """The names that each module lacks, by the name of the module."""
        self.numbers: dict[str, int] = {}
        """The number of each function; a variable has -1."""
        self.opened: list[Any] = []
        """What is kept open."""


_names = _Names()


def names() -> Sequence[str]:
    """All names that have a stand-in."""
    return sorted(_names.numbers)


def needing(name: str) -> list[str]:
    """The modules that need a name, sorted."""
    return sorted(module for module, lacking in _names.given.items() if name in lacking)


def calls() -> list[Call]:
    """The calls of stand-ins, those of a module added up; by name and module."""
    ffi, lib = api.bound().ffi, api.bound().lib
    room = lib.asterism_stand_in_calls(ffi.NULL, 0)
    told = ffi.new("struct asterism_stand_in_call[]", max(1, room))
    found: dict[tuple[str, str], int] = {}
    for one in told[0 : min(room, lib.asterism_stand_in_calls(told, room))]:
        key = api.text(one.name), api.text(one.module)
        found[key] = found.get(key, 0) + int(one.calls)
    return [Call(*key, found[key]) for key in sorted(found)]


def met() -> Mapping[str, int]:
    """How many stand-ins each module has called."""
    return Counter(call.module for call in calls())


def provide(file: Path) -> bool:
    """Open stand-ins for the names that a module lacks and no module beside it provides; whether there are any.

    Raises:
        AsterismError: they cannot be made on this machine.
    """
    _open_libraries()
    lacking = set(missing_symbols.lacking(file))
    unknown = lacking - core_names.load().keys()
    elsewhere = [path for path in file.parent.glob("*.so") if path != file] if unknown else []
    lacking -= reader.providers(elsewhere, unknown).keys()
    if lacking:
        _open(file, sorted(lacking - _names.numbers.keys()))
        _names.given[file.stem] = frozenset(lacking)
    return bool(lacking)


def _open_libraries() -> None:
    """Open what Asterisk's own program brings, as far as it is installed."""
    ffi = api.bound().ffi
    for library in OF_ASTERISK if not _names.opened else ():
        with contextlib.suppress(OSError):  # a module that needs it is told so
            _names.opened.append(ffi.dlopen(library, ffi.RTLD_NOW | ffi.RTLD_GLOBAL))


def _open(file: Path, wanted: Sequence[str]) -> None:
    """Make and open stand-ins."""
    binding = api.bound()
    known = core_names.load()
    here = [known[name] for name in wanted if name in known and known[name].size]
    variables = [stand_in_file.EmptyVariable(one.name, one.size, one.is_text) for one in here]
    of_variables = {one.name for one in variables}
    functions = [(name, _number(name)) for name in wanted if name not in of_variables]
    _check(file, functions)
    made = stand_in_file.shared_object(functions, variables)
    place = Path(file.parent, f"stand-ins-{len(_names.opened)}.so")
    copy = copies_in(binding.core.settings.directories.astrundir).make(place, made)
    _names.opened.append(binding.ffi.dlopen(copy.target, binding.ffi.RTLD_NOW | binding.ffi.RTLD_GLOBAL))
    _names.numbers |= {**dict(functions), **dict.fromkeys(of_variables, -1)}


def _number(name: str) -> int:
    """A new function, by its number."""
    known = core_names.load().get(name)
    is_text = known is not None and known.is_text
    return int(api.bound().lib.asterism_stand_in_new(name.encode(), is_text))


def _check(file: Path, functions: Iterable[tuple[str, int]]) -> None:
    machine = os.uname().machine
    why = "" if machine in stand_in_file.MACHINES else f"no code for {machine} is known"
    if any(not 0 <= number < stand_in_file.MOST for _, number in functions):
        why = f"there are {stand_in_file.MOST} already"
    if why:
        place = Place(str(file))
        raise AsterismError(Fault("no stand-ins can be made", place, why, "set 'standins = no'", "no-stand-ins"))
