"""The menu of a tree: categories, their members, and the references of each member.

All types are frozen values; the selection is in :mod:`menuselect.choice.selection`.
"""

from __future__ import annotations

from asterism.values import TYPE_CHECKING, dataclass, field

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Literal

    Kind = Literal["depend", "use", "conflict"]
else:
    Kind = str

LOCAL = "LOCAL_"
"""The file that names further directories of modules, and the first letters of the categories made of them."""

LEVELS = ("core", "extended", "deprecated", "unspecified", "external", "option")
"""Support levels in the order in which a category lists them."""

HEADINGS = {
    "core": "Core",
    "extended": "Extended",
    "deprecated": "Deprecated",
    "unspecified": "Unspecified",
    "external": "External",
    "option": "Module Options",
}
"""The heading a menu shows above the members of each level."""

_ASCII_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}


def fold(name: str) -> str:
    """The name as a key for comparison: without regard to case, in ASCII alone (``strcasecmp`` in the C locale)."""
    return name.lower() if name.isascii() else name.translate(_ASCII_LOWER)


def is_yes(text: str | None) -> bool:
    """Whether an attribute or a ``defaultenabled`` says yes."""
    return text is not None and fold(text) == "yes"


def is_no(text: str | None) -> bool:
    """Whether an attribute or a ``defaultenabled`` says no."""
    return text is not None and fold(text) == "no"


def level_of(text: str | None) -> str:
    """The support level a text stands for; anything unknown is ``unspecified``."""
    if text in HEADINGS:
        return text
    level = fold(text or "")
    return level if level in HEADINGS else "unspecified"


@dataclass(frozen=True, slots=True)
class Reference:
    """A dependency, use or conflict of a member: another member, or an external library."""

    kind: Kind
    name: str
    """The name that is looked up, without regard to case."""
    autoselect: bool = False
    """For a ``use``: whether switching the member on also switches the used member on."""
    displayname: str = ""
    """The text for people, when it differs from the name."""

    @property
    def title(self) -> str:
        """The text that messages show."""
        return self.displayname or self.name


@dataclass(frozen=True, slots=True)
class Member:
    """A module, compiler flag or sound set that can be switched on or off."""

    name: str
    category: str
    """The name of the member's category."""
    index: int = 0
    """The member's position in menu order; the key of the member in a selection."""
    displayname: str = ""
    support_level: str | None = None
    """The support level as written; :attr:`level` is the normalized one."""
    default: str | None = None
    """The text of ``defaultenabled``, usually ``yes`` or ``no``."""
    references: tuple[Reference, ...] = ()
    """The references in the order in which they are written."""
    replacement: str | None = None
    deprecated_in: str | None = None
    removed_in: str | None = None
    explicit_only: bool = False
    """``explicitly_enabled_only``: no other member may switch it on by depending on it."""
    remove_on_change: str | None = None
    """Files to delete when the member is switched, separated by single spaces."""
    touch_on_change: str | None = None
    """Files to touch when the member is switched, separated by single spaces."""
    starts_on: bool = True
    """The member's state before any file is read: on, unless its category is ``positive_output``."""

    @property
    def level(self) -> str:
        """The normalized support level, an element of :data:`LEVELS`."""
        return level_of(self.support_level)

    @property
    def depends(self) -> tuple[Reference, ...]:
        """The references that the member needs."""
        return tuple(reference for reference in self.references if reference.kind == "depend")

    @property
    def uses(self) -> tuple[Reference, ...]:
        """The references that the member uses if they are available."""
        return tuple(reference for reference in self.references if reference.kind == "use")

    @property
    def conflicts(self) -> tuple[Reference, ...]:
        """The references that the member conflicts with."""
        return tuple(reference for reference in self.references if reference.kind == "conflict")


@dataclass(frozen=True, slots=True)
class Category:
    """A list of members, sorted by support level."""

    name: str
    displayname: str = ""
    positive: bool = False
    """``positive_output``: the file lists the members that are on; otherwise those that are off."""
    exclusive: bool = False
    """At most one member can be on."""
    remove_on_change: str | None = None
    touch_on_change: str | None = None
    members: tuple[Member, ...] = ()
    builds_all: bool = False
    """Whether its members are on by default whatever their ``defaultenabled`` says, as outside of a source tree."""

    @property
    def title(self) -> str:
        """The text that messages show."""
        return self.displayname or self.name

    def groups(self) -> Iterator[tuple[str, tuple[Member, ...]]]:
        """The members under their headings, ``("Core", (...))``; levels without members are left out."""
        groups: dict[str, list[Member]] = {level: [] for level in LEVELS}
        for member in self.members:
            groups[member.level].append(member)
        for level, members in groups.items():
            if members:
                yield HEADINGS[level], tuple(members)


@dataclass(frozen=True, slots=True)
class Menu:
    """All categories and members of one tree."""

    name: str = "Menuselect"
    categories: tuple[Category, ...] = ()
    members: tuple[Member, ...] = field(init=False, repr=False)
    """All members in menu order; ``members[member.index] is member``."""
    _by_name: dict[str, Member] = field(init=False, repr=False, compare=False)
    _by_place: dict[tuple[str, str], Member] = field(init=False, repr=False, compare=False)
    _by_key: dict[str, Category] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        members = tuple(member for category in self.categories for member in category.members)
        by_name: dict[str, Member] = {}
        by_place: dict[tuple[str, str], Member] = {}
        for member in members:
            key = fold(member.name)
            by_name.setdefault(key, member)
            by_place.setdefault((member.category, key), member)
        by_title = {fold(category.name): category for category in reversed(self.categories)}
        made = (("members", members), ("_by_name", by_name), ("_by_place", by_place), ("_by_key", by_title))
        for name, value in made:
            object.__setattr__(self, name, value)

    def find(self, name: str) -> Member | None:
        """The first member of that name, without regard to case (``find_member`` of menuselect.c)."""
        return self._by_name.get(fold(name))

    def find_in(self, category: str, name: str) -> Member | None:
        """The first member of that name in one category, given by its exact name."""
        return self._by_place.get((category, fold(name)))

    def category(self, name: str) -> Category | None:
        """The first category of that name, without regard to case (``find_category`` of menuselect.c)."""
        return self._by_key.get(fold(name))

    def default_of(self, member: Member) -> bool | None:
        """Whether a member is on by default; None when neither its ``defaultenabled`` nor its category says so."""
        category = self._by_key.get(fold(member.category))
        if is_no(member.default) and category and category.builds_all:
            return True
        return is_yes(member.default) if is_yes(member.default) or is_no(member.default) else None

    def resolve(self, member: Member, reference: Reference) -> Member | None:
        """The member that a reference names, own category first; None for an external reference."""
        key = fold(reference.name)
        return self._by_place.get((member.category, key)) or self._by_name.get(key)


def in_order(members: Iterable[Member]) -> list[Member]:
    """Members of one category sorted by support level, otherwise in the given order."""
    return sorted(members, key=lambda member: LEVELS.index(member.level))
