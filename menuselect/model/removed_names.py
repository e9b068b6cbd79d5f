"""What became of names that Asterisk no longer has."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from menuselect.model.menu import Member, fold

Kind = Literal["renamed", "merged", "replaced", "removed"]


@dataclass(frozen=True, slots=True)
class Past:
    """One section of ``history.toml``; that file explains the fields."""

    name: str
    gone: str
    """The first branch without it."""
    kind: Kind
    to: tuple[str, ...] = ()
    note: str = ""

    @property
    def carries_over(self) -> bool:
        """Whether a saved choice means the same for the new name."""
        return self.kind in ("renamed", "merged")

    def __str__(self) -> str:
        text = _TEXTS[self.kind].format(to=" or ".join(self.to), gone=self.gone)
        return f"{text}; {self.note}" if self.note else text

    def as_json(self) -> dict[str, object]:
        """The same as plain data; empty parts are left out."""
        entries = {"name": self.name, "gone": self.gone, "kind": self.kind, "to": list(self.to), "note": self.note}
        return {key: value for key, value in entries.items() if value}


_TEXTS = {
    "renamed": "it is called {to} since Asterisk {gone}",
    "merged": "it is part of {to} since Asterisk {gone}",
    "replaced": "it is gone since Asterisk {gone}, and {to} does its work",
    "removed": "it is gone since Asterisk {gone}, without a successor",
}


def loads(text: str) -> dict[str, Past]:
    """The past of a text in the form of ``history.toml``, by folded name."""
    import tomllib  # 6 ms that only a question about the past should pay for

    return {
        fold(name): Past(name, row["gone"], row["kind"], tuple(row.get("to", ())), row.get("note", ""))
        for name, row in tomllib.loads(text).items()
    }


@functools.cache
def table() -> Mapping[str, Past]:
    """What ``history.toml`` says."""
    from importlib.resources import files  # costs as much as reading the table

    return loads(files(__package__).joinpath("history.toml").read_text("utf-8"))


def successors(member: Member) -> tuple[str, ...]:
    """What replaces a member that is to go: as it says itself, else as its later branches have it; often nothing."""
    if member.replacement:
        return (member.replacement,)
    past = find(member.name) if member.deprecated_in or member.removed_in else None
    return past.to if past else ()


def find(name: str) -> Past | None:
    """What became of a name, without regard to case; None when nothing is known."""
    return table().get(fold(name))
