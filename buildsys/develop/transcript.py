"""Tests of a module as a console shows it: commands after the prompt, and below each what it must answer.

::

    # a comment
    *CLI> hello show
    Hello, world.

A line ``...`` stands for any number of lines; how many blanks are between words does not matter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from asterism.errors import Fault, Place
from asterism.values import dataclass

PROMPT = "*CLI> "
ANY = "..."


@dataclass(frozen=True, slots=True)
class Exchange:
    """A command and its answer."""

    line: int
    """Of the command, from 1."""
    command: str
    answer: tuple[str, ...]
    """Without blank lines at its end."""


def parse(text: str) -> list[Exchange]:
    """The exchanges of a transcript; what stands before the first prompt is a comment."""
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
    """Whether an answer is the expected one."""
    at = since = 0
    any_at: int | None = None
    # The last "..." takes what is needed: going back to an earlier one finds nothing more, and costs without end.
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
    """A fault for each command that answers otherwise.

    Args:
        text: the transcript.
        file: its name.
        ask: runs a command, gives its answer; None when it cannot be run, and is passed over.
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
