"""Notes of a reader on input that it ignores: unknown elements, unknown names, invalid values.

A note is data.  The drop-in prints the sentence of menuselect.c, which scripts know; the other
programs show the note as a :class:`~asterism.errors.Fault`.
"""

from __future__ import annotations

from asterism.errors import Fault, Place
from asterism.values import dataclass


@dataclass(frozen=True, slots=True)
class Wording:
    """The texts of a kind of note; ``{0}``, ``{1}`` stand for the values."""

    known: str
    """The line of menuselect.c."""
    what: str
    cure: str


WORDINGS = {
    "unknown-element": Wording(
        "Ignoring unknown element: {0}",
        "unknown element '{0}' is ignored",
        "a menu holds categories, and a category members",
    ),
    "unknown-tag": Wording(
        "Encountered unknown node: {0}",
        "unknown tag '{0}' is ignored",
        "a member holds depend, use, conflict, defaultenabled, support_level, replacement, deprecated_in, removed_in",
    ),
    "nameless-category": Wording(
        "Missing 'name' attribute for 'category' element.  Skipping...",
        "a category without a name is skipped, with its members",
        "give it a name attribute",
    ),
    "nameless-member": Wording(
        "Missing 'name' attribute for 'member' element.  Skipping...",
        "a member without a name is skipped",
        "give it a name attribute",
    ),
    "unknown-dependency-value": Wording(
        "Unknown value '{0}' found in build_tools/menuselect-deps for {1}",
        "unknown value '{0}' for {1}; it counts as missing",
        "1 means found, 0 missing, -1 disabled",
    ),
    "bad-default": Wording(
        "Invalid defaultenabled value for '{0}' in category '{1}'",
        "the defaultenabled of '{0}' in {1} is neither yes nor no, and has no effect",
        "write yes or no",
    ),
    "no-equals-sign": Wording(
        "Invalid string in 'menuselect.makeopts' at line '{0}'!",
        "a line without '=' is ignored",
        "a line reads CATEGORY=NAME NAME ...",
    ),
    "cut-line": Wording(
        "menuselect: warning: {0}:{1}: the line is longer than {2} bytes, and the names behind them are not read; "
        "--strict reads them",
        "the line is longer than {2} bytes, and the names after that are not read",
        "use --strict, which reads them",
    ),
    "stale-member": Wording(
        "member '{0}' in category '{1}' not found, ignoring.",
        "'{0}' is no longer a member of {1} and is ignored",
        "remove it from the file, or save the file again",
    ),
    "stale-failure": Wording(
        "Unable to find '{0}' in category '{1}'",
        "'{0}', which once lacked a dependency, is no longer a member of {1}",
        "remove the line from the file, or save the file again",
    ),
}


@dataclass(frozen=True, slots=True)
class Note:
    """A note of a reader."""

    code: str
    """A key of :data:`WORDINGS`."""
    values: tuple[str, ...] = ()
    place: Place | None = None

    @property
    def known(self) -> str:
        """The line that menuselect.c prints for the note."""
        return WORDINGS[self.code].known.format(*self.values)

    def fault(self) -> Fault:
        """The note as a warning."""
        wording = WORDINGS[self.code]
        what = wording.what.format(*self.values)
        return Fault(what, self.place, cure=wording.cure, code=self.code, severity="warning")
