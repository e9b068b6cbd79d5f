"""A saved choice and another tree: what is new, gone, renamed, or cannot be built any more.

A makeopts file lists what is off, or, for some categories, what is on; of everything else it does not
even tell whether it existed.  With the old tree beside it all is known; without, menuselect.makedeps
tells of the members that have libraries.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

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
    """What is known of the time when the choice was saved."""

    config: Config
    names: Mapping[str, str] = field(default_factory=dict)
    """Members that existed, by folded name, as spelled then."""
    on: frozenset[str] = frozenset()
    """Folded names of those that were built, as far as the old tree tells."""
    by_default: frozenset[str] = frozenset()
    """Folded names of those whose saved state was the default: nobody chose it."""
    complete: bool = False
    """Whether :attr:`names` has them all."""
    with_libraries: bool = False
    """Whether it has all members that have libraries."""


@dataclass(frozen=True, slots=True)
class Gone:
    """A name that the tree does not have any more."""

    name: str
    was_on: bool | None
    """None when the file does not tell."""
    past: Past | None = None
    to: tuple[Member, ...] = ()
    """What does its work in this tree."""
    by_default: bool = False
    """Whether its saved state was the default."""

    @property
    def is_renamed(self) -> bool:
        """Whether it is still there under another name."""
        return bool(self.to and self.past and self.past.carries_over)

    @property
    def carried(self) -> tuple[Member, ...]:
        """The members that take over its saved state: a choice, not a default."""
        if not self.is_renamed or self.was_on is None or self.by_default:
            return ()
        # What was merged into something bigger must not take that along when it was off.
        return self.to if self.was_on or (self.past and self.past.kind == "renamed") else ()


@dataclass(frozen=True, slots=True)
class LostMember:
    """A member that was to be built and cannot be."""

    member: Member
    because: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Upgrade:
    """What a saved choice meets in another tree."""

    new: tuple[Member, ...] = ()
    gone: tuple[Gone, ...] = ()
    """Those with a new name first."""
    lost: tuple[LostMember, ...] = ()
    doubtful: tuple[Member, ...] = ()
    """On, though off by default: new since the file was written, or switched on by somebody; the file does not tell."""
    complete: bool = False
    """Whether everything new is known."""

    def requests(self) -> Iterator[Request]:
        """What mends the choice: renamed members keep their state, new ones get their default."""
        carried: set[int] = set()
        for gone in self.gone:
            for member in gone.carried:
                carried.add(member.index)
                yield Request(member, bool(gone.was_on), optional=True)
        for member in self.new:
            if is_no(member.default) and member.index not in carried:
                yield Request(member, on=False, optional=True)


def known_of(config: Config, makedeps: str = "", old: Selection | None = None) -> Known:
    """Gather what is known.

    Args:
        config: the saved file.
        makedeps: the text of the menuselect.makedeps that was written with it.
        old: what the file chose in the tree it was saved for.
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
    """Hold a saved choice against a tree.

    Args:
        known: what is known of the choice.
        now: the same file read for this tree, and settled.
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
    """Whether a menuselect.makedeps has a line for it: then it has one for sure."""
    return any(now.menu.resolve(member, each) is None for each in member.depends)


def _gone(known: Known, menu: Menu) -> Iterator[Gone]:
    for name, was_on in _saved(known).items():
        if menu.find(name) is None:
            past = removed_names.find(name)
            targets = (menu.find(each) for each in past.to) if past else ()
            to = tuple(member for member in targets if member)
            yield Gone(name, was_on, past, to, fold(name) in known.by_default)


def _saved(known: Known) -> dict[str, bool | None]:
    """Every name the file or the old tree has, as spelled there, and whether it was on."""
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
    """Whether a category that is gone listed what is on, as far as Asterisk's trees ever had such."""
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
