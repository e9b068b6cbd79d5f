"""Edits of a text: values that say what is replaced, by what, and because of which rule."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from asterism.values import dataclass


@dataclass(frozen=True, slots=True)
class Edit:
    """A place of a text with its replacement."""

    start: int
    end: int
    text: bytes
    rule: str
    """The name of the rule behind the edit."""
    adds: tuple[str, ...] = ()
    """Headers below ``asterisk/`` that the replacement needs."""


@dataclass(frozen=True, slots=True)
class CodeChange:
    """An edit that was carried out, for people."""

    line: int
    """The line number in the original file, from 1."""
    rule: str
    before: str
    after: str

    def as_json(self) -> dict[str, object]:
        """The change as plain data."""
        return {"line": self.line, "rule": self.rule, "before": self.before, "after": self.after}


@dataclass(slots=True)
class Text:
    """A text under change, with the original line number of each of its lines."""

    content: bytes
    origins: list[int]

    @classmethod
    def of(cls, content: bytes) -> Text:
        """The text of a file, unchanged."""
        return cls(content, list(range(1, content.count(b"\n") + 2)))

    def line_of(self, at: int) -> int:
        """The original line of a place."""
        return self.origins[self.content.count(b"\n", 0, at)]

    def apply(self, edits: Sequence[Edit]) -> list[CodeChange]:
        """Carry out edits that do not overlap; returns the new text and the changes."""
        told = [self._told(edit) for edit in edits]
        for edit in sorted(edits, key=lambda each: each.start, reverse=True):
            first = self.content.count(b"\n", 0, edit.start)
            old = self.content.count(b"\n", edit.start, edit.end)
            self.origins[first : first + old + 1] = [self.origins[first]] * (edit.text.count(b"\n") + 1)
            self.content = self.content[: edit.start] + edit.text + self.content[edit.end :]
        return told

    def _told(self, edit: Edit) -> CodeChange:
        old = self.content[edit.start : edit.end]
        return CodeChange(self.line_of(edit.start), edit.rule, _shown(old), _shown(edit.text))


def _shown(text: bytes) -> str:
    return " ".join(text.decode("utf-8", "replace").split())


def apart(edits: Iterable[Edit]) -> list[Edit]:
    """The edits without those that overlap an earlier one."""
    kept: list[Edit] = []
    for edit in sorted(dict.fromkeys(edits), key=lambda each: (each.start, -each.end)):
        if not kept or edit.start >= kept[-1].end:
            kept.append(edit)
    return kept
