"""Whether a saved configuration still fits what configure found (``sanity_check`` of menuselect.c)."""

from __future__ import annotations

from asterism.values import dataclass
from menuselect.choice.selection import Selection
from menuselect.choice.switches import Failure
from menuselect.model.deps import State
from menuselect.model.menu import Kind, Member, fold


@dataclass(frozen=True, slots=True)
class LostLibrary:
    """A library that the previous run of configure found and the last run did not."""

    name: str
    unavailable: tuple[str, ...]
    """Members that are on and need the library; once for each reference."""
    affected: tuple[str, ...]
    """Members that are on and use the library."""

    def __str__(self) -> str:
        parts = [
            f"\n{_RULE}\n",
            f"  The '{self.name}' dependency was previously satisfied but         \n",
            "  is now unsatisfied.                                      \n",
        ]
        if self.unavailable:
            parts += ["\n  The following modules will no longer be available:\n", *map(_indented, self.unavailable)]
        if self.affected:
            parts += ["\n  The functionality of the following modules will\n  be affected:\n"]
            parts += map(_indented, self.affected)
        return "".join([*parts, f"{_RULE}\n"])


@dataclass(frozen=True, slots=True)
class Stale:
    """A member that is on although it cannot be built."""

    name: str
    dependency: bool
    """Whether a dependency fails."""
    conflict: bool
    """Whether a conflict exists."""

    def __str__(self) -> str:
        causes = []
        if self.dependency:
            causes.append("\ndependencies for this module were not found")
        if self.conflict:
            causes.append("\na conflict exists")
        return (
            f"\n{_RULE}\n"
            "  The existing menuselect.makeopts file did not specify    \n"
            f"  that '{self.name}' should not be included.  However, {' and'.join(causes)}.\n"
            f"{' ' * 59}\n"
            "  Either run 'make menuselect' or remove the existing      \n"
            "  menuselect.makeopts file to resolve this issue.          \n"
            f"{_RULE}\n\n"
        )


_RULE = "*" * 59


def _indented(name: str) -> str:
    return f"          {name}\n"


def check(selection: Selection) -> list[LostLibrary | Stale]:
    """The problems of a selection; an empty list means that a build can start.  ``str`` gives the known banners."""
    problems: list[LostLibrary | Stale] = []
    for entry in selection.deps.entries:
        if entry.previous is State.MET and entry.state is State.UNMET:
            lost = LostLibrary(
                entry.name,
                _naming(selection, "depend", entry.name),
                _naming(selection, "use", entry.name),
            )
            if lost.unavailable or lost.affected:
                problems.append(lost)
    problems += (_stale(selection, member) for member in selection.menu.members if is_stale(selection, member))
    return problems


def is_stale(selection: Selection, member: Member) -> bool:
    """Whether a member is on although it cannot be built."""
    return selection.is_on(member) and selection.failed(member)


def _stale(selection: Selection, member: Member) -> Stale:
    return Stale(
        member.name,
        dependency=selection.dependency_failure(member) is not Failure.NONE,
        conflict=selection.conflict_failure(member) is not Failure.NONE,
    )


def _naming(selection: Selection, kind: Kind, name: str) -> tuple[str, ...]:
    key = fold(name)
    return tuple(
        member.name
        for member in selection.menu.members
        if selection.is_on(member)
        for reference in member.references
        if reference.kind == kind and fold(reference.name) == key
    )
