"""What can be built: a menu of categories of members, and what each member refers to.

Everything here is a frozen value; what is chosen lives in :mod:`menuselect.choice.selection`.
"""

from __future__ import annotations

from asterism.values import TYPE_CHECKING, dataclass, field

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Literal

    Kind = Literal["depend", "use", "conflict"]
else:
    Kind = str

SETTINGS, LOCAL = "asterism.toml", "LOCAL_"
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
    """The name as names are compared: without regard to case, in ASCII alone (``strcasecmp`` in the C locale)."""
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
    """What a member depends on, uses or conflicts with: another member, or an external library."""

    kind: Kind
    name: str
    """The name that is looked up, without regard to case."""
    autoselect: bool = False
    """Of a ``use``: whether choosing the member chooses this one too."""
    displayname: str = ""
    """The text for people, when it differs from the name."""

    @property
    def title(self) -> str:
        """What a person reads."""
        return self.displayname or self.name


@dataclass(frozen=True, slots=True)
class Member:
    """One thing that can be chosen: a module, a compiler flag, a sound set."""

    name: str
    category: str
    """The name of the category it stands in."""
    index: int = 0
    """Its place among all members of the menu, counted in menu order; its key in a selection."""
    displayname: str = ""
    support_level: str | None = None
    """As written; :attr:`level` is what it means."""
    default: str | None = None
    """The text of ``defaultenabled``, usually ``yes`` or ``no``."""
    references: tuple[Reference, ...] = ()
    """In the order in which they are written."""
    replacement: str | None = None
    deprecated_in: str | None = None
    removed_in: str | None = None
    explicit_only: bool = False
    """``explicitly_enabled_only``: no other member may switch it on by depending on it."""
    remove_on_change: str | None = None
    """Files to delete when it changes, separated by single blanks."""
    touch_on_change: str | None = None
    """Files to touch when it changes, separated by single blanks."""
    starts_on: bool = True
    """Its state before any file is read: on, unless its category listed what is on when it was defined."""

    @property
    def level(self) -> str:
        """One of :data:`LEVELS`."""
        return level_of(self.support_level)

    @property
    def depends(self) -> tuple[Reference, ...]:
        """What it needs."""
        return tuple(reference for reference in self.references if reference.kind == "depend")

    @property
    def uses(self) -> tuple[Reference, ...]:
        """What it can do without."""
        return tuple(reference for reference in self.references if reference.kind == "use")

    @property
    def conflicts(self) -> tuple[Reference, ...]:
        """What must not be there."""
        return tuple(reference for reference in self.references if reference.kind == "conflict")


@dataclass(frozen=True, slots=True)
class Category:
    """A list of members, sorted by support level."""

    name: str
    displayname: str = ""
    positive: bool = False
    """``positive_output``: the file lists what is on; otherwise it lists what is off."""
    exclusive: bool = False
    """At most one member can be on."""
    remove_on_change: str | None = None
    touch_on_change: str | None = None
    members: tuple[Member, ...] = ()

    @property
    def title(self) -> str:
        """What a person reads."""
        return self.displayname or self.name

    def groups(self) -> Iterator[tuple[str, tuple[Member, ...]]]:
        """The members under their headings, ``("Core", (...))``; levels nobody has are left out."""
        groups: dict[str, list[Member]] = {level: [] for level in LEVELS}
        for member in self.members:
            groups[member.level].append(member)
        for level, members in groups.items():
            if members:
                yield HEADINGS[level], tuple(members)


@dataclass(frozen=True, slots=True)
class Menu:
    """Everything that can be chosen in one tree."""

    name: str = "Menuselect"
    categories: tuple[Category, ...] = ()
    members: tuple[Member, ...] = field(init=False, repr=False)
    """All members in menu order; ``members[member.index] is member``."""
    _by_name: dict[str, Member] = field(init=False, repr=False, compare=False)
    _by_place: dict[tuple[str, str], Member] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        members = tuple(member for category in self.categories for member in category.members)
        by_name: dict[str, Member] = {}
        by_place: dict[tuple[str, str], Member] = {}
        for member in members:
            key = fold(member.name)
            by_name.setdefault(key, member)
            by_place.setdefault((member.category, key), member)
        for name, value in (("members", members), ("_by_name", by_name), ("_by_place", by_place)):
            object.__setattr__(self, name, value)

    def find(self, name: str) -> Member | None:
        """The first member of that name, without regard to case (``find_member`` of menuselect.c)."""
        return self._by_name.get(fold(name))

    def find_in(self, category: str, name: str) -> Member | None:
        """The first member of that name in one category, given by its exact name."""
        return self._by_place.get((category, fold(name)))

    def category(self, name: str) -> Category | None:
        """The first category of that name, without regard to case (``find_category`` of menuselect.c)."""
        key = fold(name)
        return next((category for category in self.categories if fold(category.name) == key), None)

    def resolve(self, member: Member, reference: Reference) -> Member | None:
        """The member a reference means, its own category first; None when it is external."""
        key = fold(reference.name)
        return self._by_place.get((member.category, key)) or self._by_name.get(key)


def in_order(members: Iterable[Member]) -> list[Member]:
    """Members of one category sorted by support level, otherwise as they came."""
    return sorted(members, key=lambda member: LEVELS.index(member.level))
