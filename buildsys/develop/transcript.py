"""Transcript tests of a module: console commands after the prompt, each followed by the expected answer.

::

    # a comment
    *CLI> hello show
    Hello, world.

A line ``...`` matches any number of lines. The number of blanks between words does not matter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from asterism.errors import Fault, Place
from asterism.values import dataclass

PROMPT = "*CLI> "
ANY = "..."


@dataclass(frozen=True, slots=True)
class Exchange:
    """A command and its expected answer."""

    line: int
    """The line number of the command, from 1."""
    command: str
    answer: tuple[str, ...]
    """The lines of the answer, without blank lines at its end."""


def parse(text: str) -> list[Exchange]:
    """The exchanges of a transcript; text before the first prompt is a comment."""
    found: list[tuple[int, str, list[str]]] = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith(PROMPT.rstrip()):
            found.append((number, line.removeprefix(PROMPT.rstrip()).strip(), []))
        elif found and not line.startswith("#"):
            found[-1][2].append(line.rstrip())
    return [Exchange(number, command, _stripped(answer)) for number, command, answer in found]


def _stripped(lines: Sequence[str]) -> tuple[str, ...]:
    kept = [line.rstrip() for line in lines]
    while kept and not kept[-1]:
        kept.pop()
    return tuple(kept)


def fits(answer: Sequence[str], expected: Sequence[str]) -> bool:
    """Whether an answer matches the expected one."""
    at = since = 0
    any_at: int | None = None
    # Only the last "..." is tried again: returning to an earlier one finds no further match, and takes exponential
    # time.
    while at < len(answer):
        wanted = expected[since] if since < len(expected) else None
        if wanted == ANY:
            any_at, retry = since, at
            since += 1
        elif wanted is not None and answer[at].split() == wanted.split():
            at, since = at + 1, since + 1
        elif any_at is not None:
            retry += 1
            at, since = retry, any_at + 1
        else:
            return False
    return all(line == ANY for line in expected[since:])


def failures(text: str, file: str, ask: Callable[[str], str | None]) -> Iterator[Fault]:
    """A fault for each command whose answer differs.

    Args:
        text: the transcript.
        file: the name of the transcript.
        ask: runs a command and returns its answer; None for a command that cannot be run, which is ignored.
    """
    for exchange in parse(text):
        said = ask(exchange.command)
        if said is None:
            continue
        answer = _stripped(said.splitlines())
        if not fits(answer, exchange.answer):
            lines = [*(f"    - {line}" for line in exchange.answer), *(f"    + {line}" for line in answer)]
            what = f"'{exchange.command}' gives another answer (- expected, + got)"
            yield Fault("\n".join([what, *lines]), Place(file, exchange.line), code="other-answer")
