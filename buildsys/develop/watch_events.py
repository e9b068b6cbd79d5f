"""The events of ``asterism watch``, as data and in words; pure."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from asterism.values import asdict, dataclass
from asterism.words import agreed, both


@dataclass(frozen=True, slots=True)
class Event:
    """An event of a watch."""

    event: str
    """An outcome of ``asterism replace``: ``run``, ``same``, ``refused``, ``busy``, ``back``, ``lost``, ``alone``; or
    ``built``, ``others``, ``failed``, ``gone``, ``core``, ``fault``, ``watching``, ``started``, ``ended``."""
    module: str = ""
    seconds: float = 0.0
    """Seconds from the save to the outcome."""
    compiling: float = 0.0
    trial: float = 0.0
    taking: float = 0.0
    """Parts of that time in seconds: compiler and linker; trial in a child process; refresh in the program."""
    others: tuple[str, ...] = ()
    """Modules that are refreshed together with the module."""
    faults: tuple[dict[str, Any], ...] = ()
    """The faults, in the form of ``Fault.as_json``."""
    excerpt: tuple[str, ...] = ()
    """The first error as the compiler printed it."""
    text: str = ""

    def as_json(self, moment: float) -> str:
        """A line of JSON for programs; empty fields are left out."""
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.localtime(moment))
        data = {name: value for name, value in asdict(self).items() if value}
        return json.dumps({"time": f"{stamp}.{int(moment * 1000) % 1000:03}", **data})

    def lines(self, moment: float) -> list[str]:
        """Lines for people, the first one with the time of day."""
        first, *rest = [*_sentence(self).split("\n"), *self.excerpt]
        return [
            f"{time.strftime('%H:%M:%S', time.localtime(moment))}  {first}",
            *(f"          {line}" for line in rest),
        ]


def _sentence(event: Event) -> str:
    name = event.module
    why = why_of(event.faults) if event.event in ("failed", "fault", "busy") else _short(event.faults)
    times = f"{event.seconds:.2f} s after it was saved (compiled in {event.compiling:.2f} s)"
    words: dict[str, Callable[[], str]] = {
        "run": lambda: f"{name} runs its new build{_with(event.others)}, {times}",
        "same": lambda: f"{name} was saved without a change to its code",
        "refused": lambda: f"{name} is refused, the old one runs on: {why}",
        "busy": lambda: f"{name} is built and waits: {why}",
        "back": lambda: f"{name} does not run, the old one runs again: {why}",
        "lost": lambda: f"{name} does not run, and neither does an old one: {why}",
        "alone": lambda: f"{name} is built in {event.compiling:.2f} s; no asterism runs that could take it",
        "built": lambda: f"{name} is built in {event.compiling:.2f} s",
        "others": lambda: (
            f"{both(event.others)} {agreed(len(event.others), 'needs', 'need')} {name}: refreshed with it"
        ),
        "failed": lambda: f"{why}",
        "gone": lambda: f"{name} has no source any more; {event.text}",
        "core": lambda: f"the core library was built in {event.compiling:.2f} s; the next start uses it",
        "fault": lambda: why,
    }
    return words[event.event]() if event.event in words else event.text


def _with(others: Sequence[str]) -> str:
    return f" with {both(others)}" if others else ""


def why_of(faults: Iterable[Mapping[str, Any]]) -> str:
    """Faults in words, each with its cure on a separate line."""
    return "\n".join(_fault_text(fault) for fault in faults)


def _short(faults: Iterable[Mapping[str, Any]]) -> str:
    """Faults without place and cure, for events that name the module themselves."""
    return "\n".join(
        ": ".join(part for part in (fault.get("what", ""), fault.get("why", "")) if part) for fault in faults
    )


def _fault_text(fault: Mapping[str, Any]) -> str:
    numbers = [str(fault[key]) for key in ("line", "column") if fault.get(key)]
    place = ":".join([fault["file"], *numbers]) if fault.get("file") else ""
    head = ": ".join(part for part in (place, fault.get("what", ""), fault.get("why", "")) if part)
    return "\n".join([head, *(line.strip() for line in fault.get("cure", "").split("\n") if line)])
