"""Touch and remove the files of a build after a change of the selection.

:func:`plan` is pure; only :func:`perform` changes files.  No shell is used: words are paths, or patterns
with ``*``, ``?`` and ``[``, relative to the tree and inside it.
"""

from __future__ import annotations

import os

from asterism import files
from asterism.errors import AsterismError, Fault, Place
from asterism.light import contexts
from asterism.tree import MENU
from asterism.values import TYPE_CHECKING, dataclass
from menuselect.choice.selection import Selection

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Literal

    Directory = str | os.PathLike[str]


@dataclass(frozen=True, slots=True)
class FileAction:
    """A word of a ``touch_on_change`` or ``remove_on_change`` list."""

    do: Literal["touch", "remove"]
    pattern: str
    owner: str
    """The member or category that has the list."""


def plan(selection: Selection) -> list[FileAction]:
    """The actions, in order, for the members whose state differs from the saved one."""
    actions: list[FileAction] = []
    for category in selection.menu.categories:
        changed = [member for member in category.members if selection.is_on(member) != selection.was_on(member)]
        for member in changed:
            actions += _actions(member.name, member.touch_on_change, member.remove_on_change)
        if changed:
            actions += _actions(category.name, category.touch_on_change, category.remove_on_change)
    return actions


def _actions(owner: str, touch: str | None, remove: str | None) -> Iterator[FileAction]:
    for word in _split(touch):
        yield FileAction("touch", word, owner)
    for word in _split(remove):
        yield FileAction("remove", word, owner)


def _split(words: str | None) -> list[str]:
    # Words are separated only by spaces, as in the original; a tab is part of a name.
    return [word for word in (words or "").split(" ") if word]


def perform(directory: Directory, actions: Iterable[FileAction]) -> list[Fault]:
    """Carry out actions; return a fault for each action that fails or is not allowed."""
    faults: list[Fault] = []
    # A change of many members names the same files repeatedly.
    for action in dict.fromkeys(actions):
        for name in _matches(directory, action.pattern):
            try:
                _DO[action.do](directory, name)
            except AsterismError as error:
                faults += [_owned(fault, action) for fault in error.faults]
            except OSError as error:
                faults.append(_owned(files.file_fault(name, error, action.do), action))
    return faults


def _matches(directory: Directory, pattern: str) -> list[str]:
    if not any(char in pattern for char in "*?["):
        return [pattern]
    import glob

    return sorted(glob.glob(pattern, root_dir=directory))


def _touch(directory: Directory, name: str) -> None:
    path = files.name_inside(directory, name)
    with contexts.suppress(FileNotFoundError, NotADirectoryError):
        os.utime(path)


def _remove(directory: Directory, name: str) -> None:
    parent, last = os.path.split(name.rstrip("/"))
    if last in ("", ".", ".."):
        cure = "name a file inside the tree"
        raise AsterismError(Fault(f"'{name}' is a directory that must stay", cure=cure, code="path-escape"))
    # A link as the last part is removed, not its target.
    path = os.path.join(files.name_inside(directory, parent), last)
    if os.path.isdir(path) and not os.path.islink(path):
        import shutil  # 5 ms, needed only for a directory

        shutil.rmtree(path)
    else:
        with contexts.suppress(FileNotFoundError, NotADirectoryError):
            os.unlink(path)


_DO = {"touch": _touch, "remove": _remove}


def _owned(fault: Fault, action: FileAction) -> Fault:
    """The fault as a warning that names the owner of the list."""
    return Fault(
        what=f"cannot {action.do} '{action.pattern}'",
        why=": ".join(part for part in (fault.what, fault.why) if part),
        place=Place(MENU),
        cure=f"see the {action.do}_on_change list of '{action.owner}'; {fault.cure or 'remove it by hand'}",
        code=fault.code,
        severity="warning",
    )
