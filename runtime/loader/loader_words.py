"""The faults of modules that do not run, are in use or cannot be unloaded, made from results and reasons."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path

from asterism.errors import AsterismError, Fault, Place
from asterism.values import replace
from asterism.words import agreed, both, counted
from runtime.core.message_log import Record
from runtime.loader.modules_conf import Wanted, WantedModule
from runtime.loader.start_order import Cause, Refusal, key_of

Files = Callable[[], Iterable[str]]
"""A function that lists names of files."""

UNWILLING = {1: (Cause.DECLINED, "AST_MODULE_LOAD_DECLINE"), -1: (Cause.FAILED, "AST_MODULE_LOAD_FAILURE")}
"""Results of a load callback that decline or fail, with the name of the C constant."""
_REFUSED = {
    Cause.DECLINED: ("declined to load", ""),
    Cause.INVALID: ("returned a result that means nothing", "this is a mistake in the module"),
    Cause.FAILED: ("failed to load", ""),
    Cause.ABSENT: ("needs {0}, which {1} not there", ""),
    Cause.NEED: ("needs {0}, which {2} not run", ""),
    Cause.CYCLE: ("needs itself: {0}", "take one of these modules out of the others' needs"),
}
"""By cause: what is wrong with a module that does not run, and the cure."""


def of_module(file: Path, what: str, *, why: str = "", cure: str = "", code: str = "") -> Fault:
    """A fault whose place is a module's file."""
    return Fault(what, Place(os.fspath(file)), why, cure, code)


def unwilling(file: Path, number: int, said: Sequence[Record], missing: Sequence[str]) -> Fault:
    """The fault of a module that declined or failed, with the last of its most severe log lines as the reason.

    Args:
        file: the module's file.
        number: the result of its load callback, a key of :data:`UNWILLING`.
        said: the records that it logged meanwhile.
        missing: the configuration files that it looked for and did not find.
    """
    cause, name = UNWILLING[number]
    what, _ = _REFUSED[cause]
    if missing and cause is Cause.DECLINED:
        why = f"it found no {' and no '.join(map(os.path.basename, missing))}"
        cure = f"write {' or '.join(missing)}, then 'module load {file.name}'"
        return of_module(file, what, why=why, cure=cure, code="no-configuration")
    if not said:
        why = f"its load callback returned {name} and said nothing"
        cure = f"with 'core set debug 5', 'module load {file.name}' may say more"
        return of_module(file, what, why=why, cure=cure, code=cause.value)
    worst = max(said, key=lambda record: record.level.value).level
    words = [record.text for record in said if record.level == worst][-1].strip().split("\n")[0]
    cure = f"mend that, then 'module load {file.name}'"
    if len(said) > 1:
        cure += f"; the log has all {len(said)} lines it said"
    return of_module(file, what, why=f"it said: {words}", cure=cure, code=cause.value)


def refused(
    file: Path, refusal: Refusal, wanted: Wanted | None = None, failed: Collection[str] = (), files: Files = tuple
) -> Fault:
    """The fault of a module that does not run.

    Args:
        file: the module's file.
        refusal: the reason that the start order gives.
        wanted: what modules.conf selects; None for a module that is loaded later.
        failed: the keys of modules that could not be opened.
        files: lists the names of the files in the module directory; called only for an absent module.
    """
    what, cure = _REFUSED[refusal.cause]
    names = (" -> " if refusal.cause is Cause.CYCLE else ", ").join(refusal.names)
    many = len(refusal.names) > 1
    if refusal.cause is Cause.ABSENT and wanted is not None:
        cure = "; ".join(_where_is(name, wanted, failed, files) for name in refusal.names)
    what = what.format(names, "are" if many else "is", "do" if many else "does")
    return of_module(file, what, cure=cure, code=refusal.cause.value)


def _where_is(name: str, wanted: Wanted, failed: Collection[str], files: Files) -> str:
    """The cure for a needed module that is not opened."""
    key = key_of(name)
    if key in failed:
        return f"'{name}' could not be opened; see what is said of it"
    if key in wanted.barred:
        return f"modules.conf says 'noload = {name}'"
    if key in map(key_of, files()):
        return f"add 'load = {name}' to modules.conf"
    return f"build and install '{name}'"


def in_use(file: str, count: int, holders: Sequence[str]) -> Fault:
    """The fault of a module that cannot be unloaded because it is in use.

    Args:
        file: the name of the module's file.
        count: its use count.
        holders: the names of the modules that hold it.
    """
    others = count - len(holders)
    parts = [f"{', '.join(holders)} {agreed(len(holders), 'needs', 'need')} it"] if holders else []
    if others > 0:
        parts.append(f"{counted(others, 'other reference')} on it" if holders else "something uses it")
    cure = f"unload {both(holders)} first, or use 'module refresh {file} recursively'" if holders else ""
    return Fault(f"{file} has use count {count}", why="; ".join(parts), cure=cure, code="in-use")


def required(entry: WantedModule) -> Fault:
    """The fault of a missing module that modules.conf requires."""
    cure = "mend that, or list the module with 'load' instead of 'require'"
    return Fault(f"the required module '{entry.name}' cannot be loaded", entry.place, cure=cure, code="required")


def stopping(stopped: Refusal, faults: dict[str, Fault]) -> list[Fault]:
    """All faults of a start that stopped, the fault that stopped it last."""
    last = faults.pop(key_of(stopped.name))
    reason = "modules.conf requires this module" if stopped.required else "that is a failure, not a decline"
    why = f"{last.why}; {reason}" if last.why else reason
    return [*faults.values(), Fault(last.what, last.place, f"{why}: the start stops", last.cure, last.code)]


def needs_first(file: str, missing: Sequence[str]) -> Fault:
    """The fault of a module that cannot be loaded before the modules that it needs."""
    verb = agreed(len(missing), "does", "do")
    cure = f"load {both(missing)} first"
    return Fault(f"{file} needs {', '.join(missing)}, which {verb} not run", cure=cure, code="need")


def still_used(file: str, extra: int, target: str) -> Fault:
    """The fault of a module that cannot be unloaded with its dependents, since something else holds one of them."""
    why = f"{counted(extra, 'reference')} on {file} would be left"
    return Fault(f"{target} cannot be unloaded", why=why, cure="nothing was changed", code="in-use")


def not_again(file: str, error: AsterismError) -> list[Fault]:
    """The faults of a module that a refresh unloaded and could not load again."""
    first, *rest = error.faults
    what = f"{file} was unloaded and could not be loaded again: {first.what}"
    return [Fault(what, first.place, first.why, first.cure, "not-loaded-again"), *rest]


def taken_out(refusal: Fault) -> Fault:
    """The fault of a module that refused to be unloaded and was unloaded by force."""
    return replace(refusal, cure="it was taken out all the same, as was asked")
