"""Compare a saved selection with another tree: members that are new, gone, renamed or no longer available.

A makeopts file lists the members that are off, or, for some categories, those that are on; other members
of the old tree are not listed.  With the old tree all members are known; without it,
menuselect.makedeps lists the members that have libraries.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from asterism.values import dataclass, field
from menuselect.choice.selection import Selection
from menuselect.model import removed_names
from menuselect.model.menu import Member, Menu, fold, is_no
from menuselect.model.removed_names import Past
from menuselect.reasons.explain import Reason, obstacles
from menuselect.reasons.requests import Request
from menuselect.session.makeopts import Config

_POSITIVE = ("menuselect_opts_", "menuselect_cflags", "menuselect_embed", "menuselect_utils", "menuselect_agis")
_POSITIVE_ENDS = ("_sounds", "_moh")
_DEPENDS = "MENUSELECT_DEPENDS_"


@dataclass(frozen=True, slots=True)
class Known:
    """The known facts about the tree in which the selection was saved."""

    config: Config
    names: Mapping[str, str] = field(default_factory=dict)
    """The members of the old tree, by folded name, as spelled there."""
    on: frozenset[str] = frozenset()
    """Folded names of the members that were built; empty without the old tree."""
    by_default: frozenset[str] = frozenset()
    """Folded names of the members whose saved state was the default."""
    complete: bool = False
    """Whether :attr:`names` has all members."""
    with_libraries: bool = False
    """Whether :attr:`names` has all members that have libraries."""


@dataclass(frozen=True, slots=True)
class Gone:
    """A name that the tree no longer has."""

    name: str
    was_on: bool | None
    """The saved state; None when the file does not list the name."""
    past: Past | None = None
    to: tuple[Member, ...] = ()
    """The replacements in this tree."""
    by_default: bool = False
    """Whether the saved state was the default."""

    @property
    def is_renamed(self) -> bool:
        """Whether the member exists under another name."""
        return bool(self.to and self.past and self.past.carries_over)

    @property
    def carried(self) -> tuple[Member, ...]:
        """The members that take over the saved state, unless it was the default."""
        if not self.is_renamed or self.was_on is None or self.by_default:
            return ()
        # A member that was off must not switch off the larger module that it was merged into.
        return self.to if self.was_on or (self.past and self.past.kind == "renamed") else ()


@dataclass(frozen=True, slots=True)
class LostMember:
    """A member that was selected and can no longer be built."""

    member: Member
    because: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Upgrade:
    """The differences between a saved selection and another tree."""

    new: tuple[Member, ...] = ()
    gone: tuple[Gone, ...] = ()
    """The names that are gone, renamed ones first."""
    lost: tuple[LostMember, ...] = ()
    doubtful: tuple[Member, ...] = ()
    """Members that are on, though off by default: new since the file was written, or selected by the user."""
    complete: bool = False
    """Whether all new members are known."""

    def requests(self) -> Iterator[Request]:
        """The requests that correct the selection: renamed members keep their state, new ones get their default."""
        carried: set[int] = set()
        for gone in self.gone:
            for member in gone.carried:
                carried.add(member.index)
                yield Request(member, bool(gone.was_on), optional=True)
        for member in self.new:
            if is_no(member.default) and member.index not in carried:
                yield Request(member, on=False, optional=True)


def known_of(config: Config, makedeps: str = "", old: Selection | None = None) -> Known:
    """Collect the known facts.

    Args:
        config: the saved file.
        makedeps: the text of the menuselect.makedeps that was written with it.
        old: the selection of the file in the tree it was saved for.
    """
    if old is not None:
        return _known_from(config, old)
    listed = [word.removeprefix("-") for line in config.lines for word in line.words]
    lines = (line.partition("=")[0] for line in makedeps.split("\n") if line.startswith(_DEPENDS))
    listed += [line.removeprefix(_DEPENDS) for line in lines]
    return Known(config, {fold(name): name for name in listed}, with_libraries=bool(makedeps))


def _known_from(config: Config, old: Selection) -> Known:
    defaults = Selection(old.menu, old.deps)
    defaults.settle()
    defaults.apply_defaults()
    defaults.settle()
    members = old.menu.members
    return Known(
        config,
        {fold(member.name): member.name for member in members},
        frozenset(fold(member.name) for member in members if old.is_built(member)),
        frozenset(fold(member.name) for member in members if old.is_built(member) == defaults.is_built(member)),
        complete=True,
    )


def compare(known: Known, now: Selection) -> Upgrade:
    """Compare a saved selection with a tree.

    Args:
        known: the known facts about the saved selection.
        now: the selection of the saved file in this tree, settled.
    """
    new = tuple(_new(known, now))
    gone = sorted(_gone(known, now.menu), key=lambda each: (not each.is_renamed, not each.to, each.name))
    fresh = {member.index for member in new}
    return Upgrade(
        new=new,
        gone=tuple(gone),
        lost=tuple(_lost(known, now, fresh)),
        doubtful=tuple(_doubtful(known, now, fresh | {member.index for each in gone for member in each.carried})),
        complete=known.complete,
    )


def _new(known: Known, now: Selection) -> Iterator[Member]:
    for member in now.menu.members:
        if fold(member.name) in known.names:
            continue
        if known.complete or (known.with_libraries and _has_libraries(now, member)):
            yield member


def _has_libraries(now: Selection, member: Member) -> bool:
    """Whether menuselect.makedeps always has a line for a member."""
    return any(now.menu.resolve(member, each) is None for each in member.depends)


def _gone(known: Known, menu: Menu) -> Iterator[Gone]:
    for name, was_on in _saved(known).items():
        if menu.find(name) is None:
            past = removed_names.find(name)
            targets = (menu.find(each) for each in past.to) if past else ()
            to = tuple(member for member in targets if member)
            yield Gone(name, was_on, past, to, fold(name) in known.by_default)


def _saved(known: Known) -> dict[str, bool | None]:
    """Every name in the file or in the old tree, as spelled there, and whether the member was on."""
    states: dict[str, bool | None] = {}
    for line in known.config.lines:
        if line.kind == "failed":
            states.setdefault(line.words[0], None)
        for word in line.words if line.kind == "category" else ():
            states[word.removeprefix("-")] = _is_positive(line.name) and not word.startswith("-")
    spelled = {fold(name) for name in states}
    states |= {name: None for folded, name in sorted(known.names.items()) if folded not in spelled}
    if known.complete:
        states = {name: fold(name) in known.on for name in states if fold(name) in known.names}
    return states


def _is_positive(category: str) -> bool:
    """Whether a category that is gone listed the members that are on, by the names in Asterisk's trees."""
    name = fold(category)
    return name.startswith(_POSITIVE) or name.endswith(_POSITIVE_ENDS)


def _lost(known: Known, now: Selection, fresh: set[int]) -> Iterator[LostMember]:
    failed = {fold(line.words[0]) for line in known.config.lines if line.kind == "failed"}
    for member in now.menu.members:
        name = fold(member.name)
        was_on = name in known.on if known.complete else now.was_on(member) and name not in failed
        if was_on and not now.is_available(member) and member.index not in fresh:
            yield LostMember(member, obstacles(now, member))


def _doubtful(known: Known, now: Selection, skipped: set[int]) -> Iterator[Member]:
    if known.complete:
        return
    for member in now.menu.members:
        category = now.menu.category(member.category)
        positive = category.positive if category else False
        unlisted = is_no(member.default) and now.is_built(member) and not positive
        if unlisted and member.index not in skipped:
            yield member
