"""The table of CLI commands: finding the command in a typed line, running and completing it.

The patterns are those of Asterisk (main/cli.c, ``word_match`` and ``find_cli``): a plain word stands for itself,
``{a|b}`` for one of several words, ``[a|b]`` for one of several or none, ``%`` for any word.  The arguments after a
command's own words are declared in the same line (:func:`declare`, :mod:`runtime.core.arguments`); only handlers in C
examine them themselves.

A command is a value; its handler gets a :class:`CommandCall` and returns an :class:`Outcome`.  The console, a remote
console, ``-rx`` and a test are each a :class:`Client`, which takes text.
"""

from __future__ import annotations

import codecs
import contextlib
import enum
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol

from asterism.controls import escaped, escaped_lines
from asterism.errors import AsterismError, Fault
from asterism.names import did_you_mean
from asterism.values import dataclass, field, replace
from runtime.core.arguments import Arguments, Given, Kind, split_declaration
from runtime.core.holding import Holding, unheld

INDENT = " " * 7
"""The indentation of the sentences of a usage text."""
MOST_HINTED = 79
"""The number of characters of an unknown command that the hint repeats (the buffer of ``find_best``)."""


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


class Client(Protocol):
    """The source of commands and receiver of their answers.  All methods may be called from any thread."""

    who: str
    """The client's name, as in "for the console": ``the console``."""
    verbose: int
    """The verbosity of the messages that this client shows."""
    muted: bool
    """Whether the client shows no log lines at all."""
    hidden: set[str]
    """Names, in capitals, of the log levels that the client does not show."""

    def out(self, text: str) -> None:
        """Show output of a command."""

    def err(self, text: str) -> None:
        """Show the reason of a failure."""

    def log(self, text: str) -> None:
        """Show lines of the log; must not wait for a slow reader."""


class Transcript:
    """A client that stores its output, for tests and for output that is needed as text."""

    who = "a transcript"

    def __init__(self, verbose: int = 0) -> None:
        self.verbose = verbose
        self.muted = False
        self.hidden: set[str] = set()
        self.outputs: list[str] = []
        self.errors: list[str] = []

    def out(self, text: str) -> None:
        """Store a piece of output."""
        self.outputs.append(text)

    def err(self, text: str) -> None:
        """Store the reason of a failure."""
        self.errors.append(text)

    def log(self, text: str) -> None:
        """Store lines of the log among the output."""
        self.outputs.append(text)

    @property
    def output(self) -> str:
        """All output so far."""
        return "".join(self.outputs)


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


# ---- patterns ----------------------------------------------------------------------------------


def split(line: str) -> tuple[str, ...]:
    """The words of a line: double quotes keep blanks, a backslash keeps the next character (``parse_args``)."""
    return tuple(text for text, _ in _tokens(line))


def _tokens(line: str) -> list[tuple[str, int]]:
    """Each word of a line, with the offset at which it starts."""
    words: list[tuple[str, int]] = []
    current: list[str] = []
    start = -1
    quoted = escaped = False
    for index, char in enumerate(line):
        if not (quoted or escaped) and char.isspace():
            if start >= 0:
                words.append(("".join(current), start))
                current, start = [], -1
            continue
        if start < 0:
            start = index
        if escaped:
            current.append(char)
            escaped = False
        elif char == "\\":
            escaped = True
        elif char == '"':
            quoted = not quoted
        else:
            current.append(char)
    if start >= 0:
        words.append(("".join(current), start))
    return words


def _plain(text: str) -> str:
    """A piece of a line without its quotes and escaping backslashes, blanks unchanged."""
    out: list[str] = []
    escaped = False
    for char in text:
        if escaped:
            out.append(char)
            escaped = False
        elif char == "\\":
            escaped = True
        elif char != '"':
            out.append(char)
    return "".join(out)


def _is_optional(pattern: str) -> bool:
    return pattern.startswith("[")


def _alternatives(pattern: str) -> list[str]:
    if pattern[:1] in "[{":
        return pattern.strip("[]{}").split("|")
    return [pattern]


def _word_matches(word: str, pattern: str) -> bool:
    if pattern == "%":
        return bool(word)
    wanted = word.lower()
    return any(wanted == choice.lower() for choice in _alternatives(pattern))


def _consumed(words: Sequence[str], patterns: Sequence[str]) -> tuple[int, int]:
    """How many words and how many patterns match, from the left."""
    taken = position = 0
    while position < len(patterns):
        if taken < len(words) and _word_matches(words[taken], patterns[position]):
            taken += 1
        elif not _is_optional(patterns[position]):
            break
        position += 1
    return taken, position


def _differs_in_last(words: Sequence[str], patterns: Sequence[str]) -> bool:
    """Whether words and patterns have the same number and differ at most in the last."""
    taken, position = _consumed(words, patterns)
    if taken == len(words):
        return all(map(_is_optional, patterns[position:]))
    return taken == len(words) - 1 and position == len(patterns) - 1


def _prefixes(word: str, pattern: str) -> list[str]:
    """The words of a pattern that begin with ``word``; ``%`` has none."""
    start = word.lower()
    return [choice for choice in _alternatives(pattern) if choice != "%" and choice.lower().startswith(start)]


# ---- the table -----------------------------------------------------------------------------------


class Table:
    """All commands; any thread may register and remove commands at any time.

    Args:
        holding: holds the module of a command while it runs.
    """

    def __init__(self, holding: Holding = unheld) -> None:
        self._commands: tuple[Command, ...] = ()  # replaced, never changed: readers need no lock
        self._changing = threading.Lock()
        self._holding = holding
        self.kinds: dict[str, Kind] = {}
        """Kinds of arguments, by name."""
        self.allows: Callable[[Client, str], bool] = _everything
        """Whether a client may run a command line, given with single blanks between its words."""
        self.report: Callable[[Command, BaseException], None] = _reraise
        """Called when a handler raised an exception other than :class:`AsterismError`."""

    def __iter__(self) -> Iterator[Command]:
        """Iterate over the commands in the order of their words."""
        return iter(self._commands)

    def register(self, *commands: Command) -> None:
        """Add commands.

        Raises:
            AsterismError: a command with the same words exists; then none is added.
        """
        with self._changing:
            known = {command.words.lower(): command for command in self._commands}
            for command in commands:
                other = known.setdefault(command.words.lower(), command)
                if other is not command:
                    raise AsterismError(_taken(command, other))
            self._commands = tuple(sorted(known.values(), key=lambda command: command.words.lower()))

    def has(self, command: Command) -> bool:
        """Whether this command object is registered."""
        return any(other is command for other in self._commands)

    def unregister(self, *commands: Command) -> None:
        """Remove commands; those that are not registered are ignored."""
        gone = {id(command) for command in commands}
        with self._changing:
            self._commands = tuple(command for command in self._commands if id(command) not in gone)

    def remove_of(self, module: str) -> list[Command]:
        """Remove all commands of a module.  Returns them."""
        gone = [command for command in self._commands if command.module == module]
        if gone:
            self.unregister(*gone)
        return gone

    def find(self, words: Sequence[str]) -> tuple[Command, int] | None:
        """The command of a line and the number of its own words: the command that matches most words, or None."""
        best: tuple[Command, int] | None = None
        for command in self._commands:
            taken, position = _consumed(words, command.patterns)
            if position == len(command.patterns) and taken and (best is None or taken > best[1]):
                best = (command, taken)
        return best

    def run(self, line: str, client: Client) -> Outcome:
        """Run one line and show its answer, usage or failure; an empty line is a success."""
        tokens = _tokens(line)
        words = tuple(text for text, _ in tokens)
        if not words:
            return SUCCESS
        found = self.find(words)
        if found is None:
            return self._unknown(line, words, client)
        if not self.allows(client, " ".join(words)):
            return _refused(" ".join(words), client)
        command, taken = found
        rest = _plain(line[tokens[taken][1] :].rstrip()) if taken < len(tokens) else ""
        given = self._given(command, words, taken)
        call = CommandCall(command, line, words, words[taken:], rest, client, given or {})
        outcome = SHOWUSAGE if given is None else self._call(call)
        if outcome.status is Status.UNKNOWN:
            return self._unknown(line, words, client)
        _show(outcome, command, line.strip(), client)
        return outcome

    def _given(self, command: Command, words: Sequence[str], taken: int) -> Given | None:
        """The typed words by name, or None when they do not match the command's declaration."""
        own = {word.lower(): (word,) for word in words[len(fixed_words(command).split()) : taken]}
        if command.arguments is None:
            return own
        found = command.arguments.match(words[taken:], self.kinds)
        return None if found is None else {**own, **found}

    def _call(self, call: CommandCall) -> Outcome:
        try:
            with self._held(call.command, _doing(call)) as running:
                if not running:
                    return failure(_not_running(call.command))
                return call.command.handler(call) or SUCCESS
        except AsterismError as error:
            return failure(*error.faults)
        except BaseException as error:  # errors in a module's code end the command, not the program
            self.report(call.command, error)
            return failure(_raised(error))

    def _held(self, command: Command, doing: str) -> contextlib.AbstractContextManager[bool]:
        return self._holding(command.module, doing, lambda: self.has(command))

    def _unknown(self, line: str, words: Sequence[str], client: Client) -> Outcome:
        near, typed = self._nearest_prefix(words), line.strip()
        client.out(
            escaped(f"No such command '{typed}' (type 'core show help {near}' for other possible commands)") + "\n",
        )
        names = {fixed_words(command) for command in self._commands if not command.is_hidden}
        hint = (
            did_you_mean(" ".join(words[:4]), names)
            or "there is none of that name; 'core show help' lists those there are"
        )
        fault = Fault(f"no such command '{typed}'", cure=hint, code="unknown-command")
        client.err(f"{hint}\n")  # also for clients that show only errors, such as -rx
        return failure(fault)

    def _nearest_prefix(self, words: Sequence[str]) -> str:
        """The leading words to repeat in the hint for an unknown command, to the first unknown one (``find_best``)."""
        count = 2  # at least one word is always taken, as in Asterisk, which has a command of one word
        while count < len(words) and any(_differs_in_last(words[:count], entry.patterns) for entry in self._commands):
            count += 1
        return " ".join(words[:count])[:MOST_HINTED]

    def exact(self, words: Sequence[str]) -> Command | None:
        """The command whose own words are exactly these, as for ``core show help TOPIC``; None without one."""
        found = self.find(words)
        return found[0] if found and found[1] == len(words) else None

    def complete(self, line: str) -> list[str]:
        """The words that the unfinished last word of a line can become, sorted, without duplicates."""
        words = split(line)
        unfinished = bool(words) and not line[-1:].isspace()
        word = words[-1] if unfinished else ""
        asked = Completing(words, word, len(words) - unfinished, line)
        before = words[: asked.position]
        found: set[str] = set()
        for command in self._commands:
            if not command.is_hidden:
                found.update(self._candidates(command, before, asked))
        return sorted(found, key=str.lower)

    def _candidates(self, command: Command, before: Sequence[str], asked: Completing) -> Iterator[str]:
        taken, position = _consumed(before, command.patterns)
        if taken == len(before):
            yield from self._next_words(command, before, asked.word)
        is_open = command.arguments is not None and command.patterns[position : position + 1] == ("%",)
        if position == len(command.patterns) or (taken == len(before) and is_open):
            for candidate in self._offered(command, before[taken:], asked):
                if candidate.lower().startswith(asked.word.lower()):
                    yield candidate

    def _offered(self, command: Command, before: Sequence[str], asked: Completing) -> list[str]:
        """The candidates that a command offers; none when its module does not run or the completion raises a fault."""
        doing = f"the completion of {_named(command)}"
        with contextlib.suppress(AsterismError), self._held(command, doing) as running:
            return list(self._arguments(command, before, asked)) if running else []
        return []

    def _arguments(self, command: Command, before: Sequence[str], asked: Completing) -> Iterator[str]:
        if command.arguments is not None:
            for candidate in command.arguments.completions(before, self.kinds):
                if asked.word.startswith("-") or not candidate.startswith("-"):  # options only after a typed '-'
                    yield candidate
        if command.complete is not None:
            yield from command.complete(asked)

    @staticmethod
    def _next_words(command: Command, before: Sequence[str], word: str) -> Iterator[str]:
        """Words of the pattern that may follow those typed: optional words, and the next required one."""
        position = taken = 0
        while taken < len(before):
            taken += _word_matches(before[taken], command.patterns[position])
            position += 1
        for pattern in command.patterns[position:]:
            yield from _prefixes(word, pattern)
            if not _is_optional(pattern):
                return


def fixed_words(command: Command) -> str:
    """A command's words before the first pattern."""
    words: list[str] = []
    for pattern in command.patterns:
        if pattern[:1] in "[{%":
            break
        words.append(pattern)
    return " ".join(words)


def _show(outcome: Outcome, command: Command, line: str, client: Client) -> None:
    if outcome.status is Status.SHOWUSAGE:
        client.out(usage_of(command))
    elif outcome.status is Status.FAILURE:
        for fault in outcome.faults:
            client.err(escaped_lines(f"{fault}\n"))
        tell = client.err if outcome.is_answered else client.out
        tell(escaped(f"Command '{line}' failed.") + "\n")


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


def _doing(call: CommandCall) -> str:
    """The running command in words; one of the core includes the client, since there is no module to name."""
    return _named(call.command) if call.command.module else f"{_named(call.command)} for {call.client.who}"


def _named(command: Command) -> str:
    return f"{'its' if command.module else 'the'} command '{command.words}'"


def _everything(_client: Client, _line: str) -> bool:
    return True


def _refused(line: str, client: Client) -> Outcome:
    """The outcome of a command that cli_permissions.conf forbids; the client gets Asterisk's words."""
    client.out(escaped(f"You don't have permissions to run '{line}' command") + "\n")
    cure = "'cli show permissions' shows who may run what; cli_permissions.conf says it"
    client.err(f"{cure}\n")
    return failure(Fault(f"you may not run '{line}'", cure=cure, code="not-allowed"))


def _reraise(_command: Command, error: BaseException) -> None:
    raise error


def _taken(command: Command, other: Command) -> Fault:
    owner = f"module {other.module}" if other.module else "the core"
    return Fault(
        f"the command '{command.words}' exists already",
        why=f"{owner} registered it",
        cure="give it other words",
        code="command-exists",
    )


def _not_running(command: Command) -> Fault:
    return Fault(f"the module {command.module} is not running", code="not-running")


def _raised(error: BaseException) -> Fault:
    return Fault(
        f"the command raised {type(error).__name__}",
        why=str(error),
        cure="this is a mistake in the module that registered it; the log has its traceback",
        code="handler-raised",
    )
