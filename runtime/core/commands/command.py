"""A command of the console: its words, its handler, a call of the handler and the outcome.

The arguments after a command's own words are declared in the same line (:func:`declare`,
:mod:`runtime.core.arguments`); only handlers in C examine them themselves.
"""

from __future__ import annotations

import codecs
import contextlib
import enum
import os
import threading
from collections.abc import Callable, Iterable, Iterator

from asterism.controls import escaped_lines
from asterism.errors import Fault
from asterism.values import dataclass, field, replace
from runtime.core.arguments import Arguments, Given, split_declaration
from runtime.core.commands.clients import Client

INDENT = " " * 7
"""The indentation of the sentences of a usage text."""


class Status(enum.Enum):
    """How a command ended; the names are those of Asterisk's CLI."""

    SUCCESS = "success"
    SHOWUSAGE = "usage"
    FAILURE = "failure"
    UNKNOWN = "unknown"
    """The words are not a command: they do not match a choice that only the handler could check."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a command's handler."""

    status: Status
    faults: tuple[Fault, ...] = ()
    """Why the command failed; shown to the client as errors."""
    is_answered: bool = False
    """Whether the answer already contains Asterisk's text for a failure, which Asterisk reports as a success."""

    @property
    def ok(self) -> bool:
        """Whether the command succeeded."""
        return self.status is Status.SUCCESS


SUCCESS = Outcome(Status.SUCCESS)


SHOWUSAGE = Outcome(Status.SHOWUSAGE)


UNKNOWN = Outcome(Status.UNKNOWN)


def failure(*faults: Fault) -> Outcome:
    """The outcome of a command that failed, with the reasons."""
    return Outcome(Status.FAILURE, faults)


def answered(*faults: Fault) -> Outcome:
    """The outcome of a command that failed where Asterisk answers with a text and reports success.

    Scripts read that answer, so it is unchanged; the failure is reported as an error and by the status.
    """
    return Outcome(Status.FAILURE, faults, is_answered=True)


@dataclass(frozen=True, slots=True)
class CommandCall:
    """A run of a command: the typed words, and the client to answer."""

    command: Command
    line: str
    """The whole line as typed."""
    words: tuple[str, ...]
    """All words of the line, unquoted: ``argv`` of a C handler."""
    args: tuple[str, ...]
    """The words after the command's own words."""
    rest: str
    """The text after the command's own words, unquoted, with the blanks between words as typed."""
    client: Client
    given: Given = field(default_factory=dict)
    """The words of each declared argument by name; plain words are under themselves, in lower case."""

    def has(self, word: str) -> bool:
        """Whether a plain word of the declaration, or any word of a slot, was typed."""
        return word in self.given

    def all(self, name: str) -> tuple[str, ...]:
        """The words given for a slot."""
        return self.given.get(name, ())

    def value(self, name: str) -> str:
        """The first word given for a slot; empty when there is none."""
        return next(iter(self.all(name)), "")

    def write(self, text: str) -> None:
        """Answer with text, which includes its line ends.

        Control characters are escaped, since answers contain foreign text such as variables and database entries.  Only
        the output of C handlers through :meth:`descriptor` reaches the client unchanged.
        """
        self.client.out(escaped_lines(text))

    def line_out(self, text: str = "") -> None:
        """Answer with one line."""
        self.write(f"{text}\n")

    @contextlib.contextmanager
    def descriptor(self) -> Iterator[int]:
        """A file descriptor to answer through, for C handlers that call ``ast_cli(fd, ...)`` or ``write(fd, ...)``.

        The descriptor is a pipe that a thread reads continuously, so that output of any length arrives while the
        handler runs.  At the end of the body it is closed and all output has been shown.
        """
        reading, writing = os.pipe2(os.O_CLOEXEC)
        pump = threading.Thread(target=_pump, args=(reading, self.client.out), name="cli output", daemon=True)
        pump.start()
        try:
            yield writing
        finally:
            os.close(writing)
            pump.join()


def _pump(reading: int, out: Callable[[str], None]) -> None:
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    with open(reading, "rb", buffering=0) as pipe:
        while piece := pipe.read(65536):
            out(decoder.decode(piece))
    if tail := decoder.decode(b"", final=True):
        out(tail)


@dataclass(frozen=True, slots=True)
class Completing:
    """A completion request: the words before the unfinished one, and the unfinished word."""

    words: tuple[str, ...]
    """All words of the line, including the unfinished one unless it is empty."""
    word: str
    """The typed part of the unfinished word; may be empty."""
    position: int
    """The index of the unfinished word in the line: ``pos`` of a C handler."""
    line: str


Handler = Callable[[CommandCall], Outcome | None]


Completer = Callable[[Completing], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Command:
    """A command of the CLI."""

    words: str
    """The command's own words in pattern syntax: ``module show``.  A leading ``_`` hides the command from help."""
    handler: Handler
    """Carries out the command; returning None means success, raising an :class:`AsterismError` failure."""
    summary: str = ""
    """A short summary for the list of ``core show help``."""
    usage: str = ""
    """The usage text: ``Usage: ...`` and lines of explanation."""
    complete: Completer | None = None
    """Returns candidates for the word after the own words; the caller drops those that do not begin as typed."""
    module: str | None = None
    """The module that registered the command; None for the core."""
    arguments: Arguments | None = None
    """The declared arguments; None when the handler examines them itself."""
    listed: str = ""
    """The words in the list of ``core show help``: ``module show [like]``; by default :attr:`words`."""
    patterns: tuple[str, ...] = field(init=False, repr=False)
    """The words of ``words``, split."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "patterns", tuple(self.words.split()))
        object.__setattr__(self, "listed", self.listed or self.words)

    @property
    def is_hidden(self) -> bool:
        """Whether help and completion omit the command."""
        return self.words.startswith("_")

    @property
    def syntax(self) -> str:
        """The command's words and arguments, as its usage shows them."""
        own = self.listed if "%" in self.words else self.words
        return f"{own} {self.arguments.shown if self.arguments else ''}".rstrip()


def declare(
    line: str,
    handler: Handler,
    summary: str = "",
    about: str = "",
    *,
    complete: Completer | None = None,
    module: str | None = None,
    listed: str = "",
) -> Command:
    """Make a command with declared arguments: arity, usage, completion and help come from one line.

    Args:
        line: own words and arguments: ``module unload [-f|-h] <module:unloadable>...``.
        handler: carries out the command; called only with words that match the declaration, for
            :meth:`CommandCall.value`.
        summary: a short summary.
        about: the explanation in the usage text, in lines.
        complete: completes arguments that no kind can.
        module: the module that registers the command.
        listed: the words in the list of ``core show help``, where they are more than the own words.
    """
    own, arguments = split_declaration(line)
    declared = Arguments(arguments)
    command = Command(own, handler, summary, "", complete, module, declared, listed)
    text = "".join(f"{INDENT}{part}\n" for part in about.splitlines())
    return replace(command, usage=f"Usage: {command.syntax}\n{text}")


def fixed_words(command: Command) -> str:
    """A command's words before the first pattern."""
    words: list[str] = []
    for pattern in command.patterns:
        if pattern[:1] in "[{%":
            break
        words.append(pattern)
    return " ".join(words)


def usage_of(command: Command) -> str:
    """The usage text of a command, ending with a line end; that of a declared command fits a terminal's width."""
    text = command.usage or f"Usage: {command.words}\n       There is no more help for this command.\n"
    if command.arguments is not None:
        return _filled(text)
    return text if text.endswith("\n") else f"{text}\n"


COLUMNS = 80
"""The width, in columns, of the narrowest terminal that usage texts are made for."""


def _filled(text: str) -> str:
    """A usage text with the sentences after its first line wrapped to the width of a terminal."""
    import textwrap  # 1 ms: only help needs it

    usage, _, about = text.partition("\n")
    sentences = " ".join(about.split())
    lines = textwrap.wrap(usage, COLUMNS, subsequent_indent=" " * 14, break_on_hyphens=False)
    lines += textwrap.wrap(sentences, COLUMNS, initial_indent=INDENT, subsequent_indent=INDENT, break_on_hyphens=False)
    return "".join(f"{line}\n" for line in lines)
