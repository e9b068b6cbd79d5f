"""The selection: the state of every member, and requests that change it.

A :class:`Selection` is mutable; its arguments and results are values.  Requests have the same
consequences as the options and the menu of menuselect.c; each returns a :class:`Change` with the
members that were switched, the reasons, and the refusals.
"""

from __future__ import annotations

from asterism.errors import AsterismError, Fault
from asterism.light import contexts
from asterism.values import TYPE_CHECKING, dataclass
from asterism.words import agreed, both
from menuselect.choice.engine import Engine, Snapshot
from menuselect.choice.references import Links, link
from menuselect.choice.switches import Failure, Flip, Obstacle, UnsettledError, Why
from menuselect.model import buffer_limits
from menuselect.model.buffer_limits import Limits
from menuselect.model.deps import Deps
from menuselect.model.menu import Category, Member, Menu, Reference, is_no, is_yes
from menuselect.model.notices import Note

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Literal

__all__ = ["Change", "Failure", "Refusal", "Selection", "Snapshot", "Switch", "Why"]

if TYPE_CHECKING:
    Refused = Literal["missing", "present", "unavailable", "blocked", "conflict", "overruled"]
else:
    Refused = str


@dataclass(frozen=True, slots=True)
class Switch:
    """A member that was switched on or off, and the reason."""

    member: Member
    on: bool
    why: Why
    other: Member | None = None
    """The member that caused the switch."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A request that was not carried out, and the reason."""

    member: Member
    code: Refused
    """``missing``: a library is missing; ``present``: a conflicting library is present; ``unavailable``: a
    dependency cannot be built; ``blocked``: a dependency cannot be switched on now; ``conflict``: a conflicting
    member is on; ``overruled``: the member was switched on, and a consequence switched it off again."""
    other: Member | None = None
    """The member that prevents it."""
    reference: Reference | None = None
    """The external dependency or conflict that prevents it."""
    because: str = ""
    """The reason of ``blocked``: ``conflict``, ``unavailable``, ``explicit`` or ``cycle``."""


@dataclass(frozen=True, slots=True)
class Change:
    """The effect of a request."""

    switched: tuple[Switch, ...] = ()
    """The switched members in menu order, without those that were switched back."""
    refused: tuple[Refusal, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.switched)

    @property
    def turned_on(self) -> tuple[Member, ...]:
        """The members that were switched on."""
        return tuple(switch.member for switch in self.switched if switch.on)

    @property
    def turned_off(self) -> tuple[Member, ...]:
        """The members that were switched off."""
        return tuple(switch.member for switch in self.switched if not switch.on)


class Selection:
    """The state of every member of a menu.

    Members are identified by their index, so arguments must be members of this menu.
    """

    def __init__(self, menu: Menu, deps: Deps, limit: Limits = buffer_limits.NONE) -> None:
        self.menu = menu
        self.deps = deps
        self.links: Links = link(menu, deps, limit.headings)
        self._entries = (*menu.members, *self.links.headings)
        self._engine = Engine(
            self.links,
            explicit=bytes(member.explicit_only for member in self._entries),
            starts_on=bytes(member.starts_on for member in self._entries),
            default_no=bytes(is_no(member.default) for member in self._entries),
            default_yes=bytes(is_yes(member.default) for member in self._entries),
            forgetful=limit.forgetful,
        )
        self._blocks: list[Obstacle] = []
        self._blocked: dict[int, Obstacle] = {}

    # Queries.

    def is_on(self, member: Member) -> bool:
        """Whether a member is switched on; a member that is on but fails is not built, see :meth:`is_built`."""
        return bool(self._engine.on[member.index])

    def was_on(self, member: Member) -> bool:
        """Whether a member was on when the configuration was read."""
        return bool(self._engine.was[member.index])

    def is_defaulted(self, member: Member) -> bool:
        """Whether a member has its default state and was not requested."""
        return bool(self._engine.defaulted[member.index])

    def dependency_failure(self, member: Member) -> Failure:
        """The failure of a member because of its dependencies."""
        return Failure(self._engine.depfail[member.index])

    def conflict_failure(self, member: Member) -> Failure:
        """The failure of a member because of its conflicts."""
        return Failure(self._engine.conffail[member.index])

    def failed(self, member: Member) -> bool:
        """Whether a dependency or a conflict fails now."""
        return bool(self._engine.depfail[member.index] or self._engine.conffail[member.index])

    def is_available(self, member: Member) -> bool:
        """Whether a member can be switched on, now or after other switches (``XXX`` in a menu if not)."""
        return self._engine.available(member.index)

    def is_built(self, member: Member) -> bool:
        """Whether a member will be built: the member is on and does not fail."""
        return self.is_on(member) and not self.failed(member)

    def mark(self, member: Member) -> str:
        """The mark of a menu: ``[*] [ ] XXX < > ( )`` (``draw_category_menu`` of menuselect_curses.c)."""
        if not self.is_available(member):
            return "XXX"
        star = "*" if self.is_on(member) else " "
        if self.dependency_failure(member) is not Failure.NONE:
            return f"<{star}>"
        if self.conflict_failure(member) is not Failure.NONE:
            return f"({star})"
        return f"[{star}]"

    def built(self) -> list[Member]:
        """All members that will be built, in menu order."""
        return [member for member in self.menu.members if self.is_built(member)]

    def opponent(self, member: Member) -> Member | None:
        """The first member that is on and conflicts with a member."""
        return self._at(self._engine.opponent(member.index))

    def dependencies(self, member: Member) -> list[Member]:
        """The members that a member depends on, in the order written."""
        return [self._entries[at] for at in self.links.depends[member.index]]

    def dependents(self, member: Member) -> list[Member]:
        """The members that depend on a member."""
        return [self._entries[at] for at in dict.fromkeys(self.links.dependents[member.index])]

    def used(self, member: Member) -> list[Member]:
        """The members that a member uses, in the order written."""
        return [self._entries[at] for at in self.links.uses[member.index]]

    def opponents(self, member: Member) -> list[Member]:
        """The members that cannot be on together with a member, whichever of the two declares the conflict."""
        at = member.index
        number = self.links.rivals[at]
        rivals = self.links.exclusives[number] if number >= 0 else ()
        numbers = {*self.links.conflicts[at], *self.links.opponents[at], *rivals} - {at}
        return [self._entries[other] for other in sorted(numbers)]

    # Requests.

    def enable(self, member: Member) -> Change:
        """Switch a member on, with its dependencies and autoselected members (``--enable``)."""
        with self._request():
            if self._engine.available(member.index) and not self.is_on(member):
                self._engine.switch_on(member.index)
                self._asked(member.index)
                self._engine.settle(interactive=True)
        return self._change([member])

    def disable(self, member: Member) -> Change:
        """Switch a member off, with the members that depend on it (``--disable``)."""
        with self._request():
            if self.is_on(member):
                self._engine.put(member.index, on=False)
                self._asked(member.index)
                self._engine.settle(interactive=True)
        return self._change()

    def toggle(self, member: Member) -> Change:
        """Switch a member the other way, as a key in the menu does (``toggle_enabled``)."""
        if not self.is_available(member):
            return Change(refused=(self.refusal(member),))
        return self.disable(member) if self.is_on(member) else self.enable(member)

    def enable_category(self, category: Category) -> Change:
        """Switch on every available member of a category (``--enable-category``)."""
        with self._request():
            self._set_all(category, on=True)
        return self._change(category.members)

    def disable_category(self, category: Category) -> Change:
        """Switch off every available member of a category (``--disable-category``)."""
        with self._request():
            self._set_all(category, on=False)
        return self._change()

    def enable_all(self) -> Change:
        """Switch on every available member, category by category (``--enable-all``)."""
        with self._request():
            for category in self.menu.categories:
                self._set_all(category, on=True)
        return self._change(self.menu.members)

    def disable_all(self) -> Change:
        """Switch off every available member, category by category (``--disable-all``)."""
        with self._request():
            for category in self.menu.categories:
                self._set_all(category, on=False)
        return self._change()

    def preview(self, request: Callable[[Selection], Change]) -> Change:
        """The change that a request would cause; the state is unchanged afterwards."""
        before = self.snapshot()
        try:
            return request(self)
        finally:
            self.restore(before)

    def snapshot(self) -> Snapshot:
        """The whole state, as a value to compare and to restore."""
        return self._engine.snapshot()

    def restore(self, snapshot: Snapshot) -> Change:
        """Restore a state; the change holds the differences from the state before."""
        before = bytes(self._engine.on)
        self._engine.restore(snapshot)
        after = self._engine.on
        return Change(
            tuple(
                Switch(member, bool(after[member.index]), Why.REQUESTED)
                for member in self.menu.members
                if after[member.index] != before[member.index]
            )
        )

    @contexts.contextmanager
    def _request(self) -> Iterator[None]:
        self._engine.begin()
        self._blocks, self._blocked = [], {}
        try:
            yield
        except UnsettledError as unsettled:
            names = both(self._entries[at].name for at in unsettled.members[:10])
            verb = agreed(len(unsettled.members), "keeps switching itself", "keep switching each other")
            raise AsterismError(
                Fault(
                    "the selection never settles",
                    why=f"{names} {verb} on and off",
                    cure="look for a member that needs what it conflicts with, or needs itself: 'asterism check'",
                    code="unsettled",
                ),
                status=255,
            ) from None

    def _set_all(self, category: Category, on: bool) -> None:
        state = self._engine
        for member in category.members:
            at = member.index
            if bool(state.on[at]) == on or not state.available(at):
                continue
            if on:
                state.switch_on(at)
            else:
                state.put(at, on=False)
            self._asked(at)
        state.settle(interactive=True)

    def _asked(self, at: int) -> None:
        self._engine.defaulted[at] = 0

    def _at(self, at: int) -> Member | None:
        return self._entries[at] if at >= 0 else None

    def _change(self, wanted: Iterable[Member] = ()) -> Change:
        refusals = (self.refusal(member) for member in wanted if not self.is_built(member))
        return Change(tuple(self._switches()), tuple(refusals))

    def _switches(self) -> list[Switch]:
        first: dict[int, bool] = {}
        last: dict[int, Flip] = {}
        for flip in self._engine.flips:
            first.setdefault(flip.member, not flip.on)
            last[flip.member] = flip
        return [
            Switch(self._entries[at], flip.on, flip.why, self._at(flip.other))
            for at, flip in sorted(last.items())
            if first[at] != flip.on
        ]

    def refusal(self, member: Member) -> Refusal:
        """Why a member that was asked for is not built."""
        at = member.index
        if self.links.missing[at]:
            return Refusal(member, "missing", reference=self.links.missing[at])
        if self.links.present[at]:
            return Refusal(member, "present", reference=self.links.present[at])
        if not self._engine.available(at):
            return Refusal(member, "unavailable", self.obstacle(member))
        # Otherwise an indirect dependency was blocked, or a consequence switched the member off again.
        block = self._first_blocks().get(at) or self._deeper_block(at)
        if block is not None:
            # In a cycle, name the other member.
            other = block.member if block.needs == at else block.needs
            return Refusal(member, "blocked", self._at(other), because=block.why)
        opponent = self.opponent(member)
        if opponent:
            return Refusal(member, "conflict", opponent)
        return Refusal(member, "overruled", self.obstacle(member))

    def _first_blocks(self) -> dict[int, Obstacle]:
        """The first block of each member since the request began; cached, since a request may need it often."""
        if len(self._blocks) != len(self._engine.blocks):
            self._blocks = list(self._engine.blocks)
            self._blocked = {block.member: block for block in reversed(self._blocks)}
        return self._blocked

    def _deeper_block(self, at: int) -> Obstacle | None:
        blocks = self._first_blocks()
        seen: set[int] = set()
        trail = list(self.links.depends[at]) if blocks else []
        while trail:
            needed = trail.pop()
            if needed in blocks:
                return blocks[needed]
            if needed not in seen:
                seen.add(needed)
                trail.extend(self.links.depends[needed])
        return None

    def obstacle(self, member: Member) -> Member | None:
        """The first dependency of a member that is off or fails."""
        for needed in self.dependencies(member):
            if self.dependency_failure(needed) or not self.is_on(needed):
                return needed
        return None

    # Input from files; used while a configuration is read, before settling.

    def list_as(self, member: Member, on: bool) -> None:
        """Set the current and the saved state of a member that a file lists."""
        self._engine.put(member.index, on)
        self._engine.was[member.index] = on

    def presume_on(self, category: Category) -> None:
        """Set the saved state of all members to on, for a category whose line lists the members that are off."""
        for member in category.members:
            self._engine.was[member.index] = True

    def recover(self, member: Member) -> None:
        """Switch on a member that a file lists as failed, if its dependencies are met now."""
        if not self.failed(member):
            self._engine.put(member.index, on=True)
            self._asked(member.index)

    def apply_defaults(self) -> list[Note]:
        """Set every available member to its default (``process_defaults``); return notes on invalid defaults."""
        notes = []
        for member in self.menu.members:
            if not member.default or not self.is_available(member):
                continue
            default = self.menu.default_of(member)
            if default is not None:
                self._engine.put(member.index, on=default)
                self._engine.defaulted[member.index] = True
            else:
                notes.append(Note("bad-default", (member.name, member.category)))
        return notes

    def mark_saved(self) -> None:
        """Set the saved state of every member to its current state, after a save."""
        self._engine.was[:] = self._engine.on

    def settle(self) -> None:
        """Apply the consequences of the files that were read.

        Raises:
            AsterismError: the selection never settles; code ``unsettled``.
        """
        with self._request():
            self._engine.settle(interactive=False)
