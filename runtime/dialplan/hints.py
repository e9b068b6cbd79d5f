"""Hints: the extensions that stand for devices and presences, and their states (main/extension_state.c)."""

from __future__ import annotations

from collections.abc import Iterator

from asterism.values import dataclass
from runtime.core.states import States
from runtime.model.extensions import HINT, Dialplan


@dataclass(frozen=True, slots=True)
class Hint:
    """An extension with a hint."""

    context: str
    exten: str
    text: str
    """The devices, joined by ``&``, and behind a comma who tells the presence."""

    @property
    def name(self) -> str:
        """The extension and its context: ``100@default``."""
        return f"{self.exten}@{self.context}"


def hints(plan: Dialplan) -> Iterator[Hint]:
    """The hints of a dialplan whose extensions are no patterns, in the order of the dialplan."""
    for context in plan.contexts.values():
        for extension in context.extensions:
            step = extension.step(HINT)
            if step is not None and not extension.name.startswith("_"):
                yield Hint(context.name, extension.name, step.application)


UNKNOWN = (-1, "Unknown")
"""The state of an extension without a hint."""


def state(states: States, text: str) -> tuple[int, str]:
    """The state of a hint, from those of its devices; Unavailable when no module provides them."""
    return states.extension(text.partition(",")[0].strip())


def presence(states: States, text: str) -> str:
    """The presence of a hint; not_set when it names none."""
    provider = text.partition(",")[2].strip()
    return states.presence(provider).state if provider else "not_set"
