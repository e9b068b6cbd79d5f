"""The names that Asterisk no longer has, and their replacements."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Literal

from asterism.values import dataclass
from menuselect.model.menu import Member, fold

Kind = Literal["renamed", "merged", "replaced", "removed"]


@dataclass(frozen=True, slots=True)
class Past:
    """A section of ``removed_names.toml``; that file explains the fields."""

    name: str
    gone: str
    """The first branch without it."""
    kind: Kind
    to: tuple[str, ...] = ()
    note: str = ""

    @property
    def carries_over(self) -> bool:
        """Whether the saved state of the old name applies to the new name."""
        return self.kind in ("renamed", "merged")

    def __str__(self) -> str:
        text = _TEXTS[self.kind].format(to=" or ".join(self.to), gone=self.gone)
        return f"{text}; {self.note}" if self.note else text

    def as_json(self) -> dict[str, object]:
        """The entry as plain data; empty parts are left out."""
        entries = {"name": self.name, "gone": self.gone, "kind": self.kind, "to": list(self.to), "note": self.note}
        return {key: value for key, value in entries.items() if value}


_TEXTS = {
    "renamed": "it was renamed to {to} in Asterisk {gone}",
    "merged": "it became part of {to} in Asterisk {gone}",
    "replaced": "it was removed in Asterisk {gone}, {to} replaces it",
    "removed": "it was removed in Asterisk {gone} without a replacement",
}


def loads(text: str) -> dict[str, Past]:
    """Parse a text in the format of ``removed_names.toml``; the result is keyed by folded name."""
    import tomllib  # 6 ms, needed only for old names

    return {
        fold(name): Past(name, row["gone"], row["kind"], tuple(row.get("to", ())), row.get("note", ""))
        for name, row in tomllib.loads(text).items()
    }


@functools.cache
def table() -> Mapping[str, Past]:
    """The entries of ``removed_names.toml``."""
    from importlib.resources import files  # costs as much as reading the table

    return loads(files(__package__).joinpath("removed_names.toml").read_text("utf-8"))


def successors(member: Member) -> tuple[str, ...]:
    """The replacements of a deprecated member: its own ``replacement``, else those in later branches; often empty."""
    if member.replacement:
        return (member.replacement,)
    past = find(member.name) if member.deprecated_in or member.removed_in else None
    return past.to if past else ()


def find(name: str) -> Past | None:
    """The entry of a name, without regard to case; None when the name has no entry."""
    return table().get(fold(name))
