"""The table of CLI commands: finding the command in a typed line, running and completing it."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence

from asterism.controls import escaped, escaped_lines
from asterism.errors import AsterismError, Fault
from asterism.names import did_you_mean
from asterism.values import dataclass
from runtime.core.arguments import Given, Kind
from runtime.core.commands.clients import Client
from runtime.core.commands.command import (
    SHOWUSAGE,
    SUCCESS,
    Command,
    CommandCall,
    Completing,
    Outcome,
    Status,
    failure,
    fixed_words,
    usage_of,
)
from runtime.core.commands.typed_words import (
    beginning_with,
    consumed,
    differs_in_last,
    is_optional,
    split,
    tokens_of,
    unquoted,
    word_matches,
)
from runtime.core.holding import Holding, unheld

MOST_HINTED = 79
"""The number of characters of an unknown command that the hint repeats (the buffer of ``find_best``)."""


# ---- the table -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Provided:
    """Commands of the core that are made when they are first asked for."""

    beginnings: tuple[tuple[str, ...], ...]
    """The words, in lower case, that the commands begin with: every command begins with one of these."""
    make: Callable[[], Iterable[Command]]

    def begins(self, words: Sequence[str]) -> bool:
        """Whether the words of a line begin as one of the commands may."""
        typed = tuple(word.lower() for word in words)
        return any(typed[: len(beginning)] == beginning for beginning in self.beginnings)


def _made(provided: Provided) -> list[Command]:
    """The provided commands; when their file does not fit the running program, commands that say so."""
    try:
        return list(provided.make())
    except (ImportError, AttributeError) as error:
        what = "the file of this command does not belong to the program that runs"
        cure = "it was replaced while the program runs: start the program again"
        lost = failure(Fault(what, None, str(error), cure, "replaced"))
        return [Command(" ".join(words), lambda _: lost, "Needs a new start") for words in provided.beginnings]


class Table:
    """All commands; any thread may register and remove commands at any time.

    Args:
        holding: holds the module of a command while it runs.
    """

    def __init__(self, holding: Holding = unheld) -> None:
        self._known: tuple[Command, ...] = ()  # replaced, never changed: readers need no lock
        self._changing = threading.Lock()
        self._later: tuple[Provided, ...] = ()
        self._filling = threading.RLock()
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

    def provide(self, *later: Provided) -> None:
        """Add commands that are made when a command that begins as they do, or all commands, are first asked for."""
        with self._filling:
            self._later += later

    def _make(self, is_asked: Callable[[Provided], bool]) -> None:
        """Register the provided commands that are asked for; other threads wait until they are registered."""
        if not self._later:
            return
        with self._filling:
            for provided in filter(is_asked, self._later):
                self._register(_made(provided))
                self._later = tuple(other for other in self._later if other is not provided)

    @property
    def _commands(self) -> tuple[Command, ...]:
        """All commands, in the order of their words."""
        self._make(lambda _: True)
        return self._known

    def register(self, *commands: Command) -> None:
        """Add commands.

        Raises:
            AsterismError: a command with the same words exists; then none is added.
        """
        self._make(lambda provided: any(provided.begins(command.patterns) for command in commands))
        self._register(commands)

    def _register(self, commands: Iterable[Command]) -> None:
        with self._changing:
            known = {command.words.lower(): command for command in self._known}
            for command in commands:
                other = known.setdefault(command.words.lower(), command)
                if other is not command:
                    raise AsterismError(_taken(command, other))
            self._known = tuple(sorted(known.values(), key=lambda command: command.words.lower()))

    @property
    def registered(self) -> tuple[Command, ...]:
        """The commands that were registered, without those of the core that nothing has asked for yet."""
        return self._known

    def has(self, command: Command) -> bool:
        """Whether this command object is registered."""
        return any(other is command for other in self._known)

    def unregister(self, *commands: Command) -> None:
        """Remove commands; those that are not registered are ignored."""
        gone = {id(command) for command in commands}
        with self._changing:
            self._known = tuple(command for command in self._known if id(command) not in gone)

    def remove_of(self, module: str) -> list[Command]:
        """Remove all commands of a module.  Returns them."""
        gone = [command for command in self._known if command.module == module]
        if gone:
            self.unregister(*gone)
        return gone

    def find(self, words: Sequence[str]) -> tuple[Command, int] | None:
        """The command of a line and the number of its own words: the command that matches most words, or None."""
        best: tuple[Command, int] | None = None
        self._make(lambda provided: provided.begins(words))
        for command in self._known:
            taken, position = consumed(words, command.patterns)
            if position == len(command.patterns) and taken and (best is None or taken > best[1]):
                best = (command, taken)
        return best

    def run(self, line: str, client: Client) -> Outcome:
        """Run one line and show its answer, usage or failure; an empty line is a success."""
        tokens = tokens_of(line)
        words = tuple(text for text, _ in tokens)
        if not words:
            return SUCCESS
        found = self.find(words)
        if found is None:
            return self._unknown(line, words, client)
        if not self.allows(client, " ".join(words)):
            return _refused(" ".join(words), client)
        command, taken = found
        rest = unquoted(line[tokens[taken][1] :].rstrip()) if taken < len(tokens) else ""
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
        hint = did_you_mean(" ".join(words[:4]), names) or "'core show help' lists the commands"
        fault = Fault(f"no such command '{typed}'", cure=hint, code="unknown-command")
        client.err(f"{hint}\n")  # also for clients that show only errors, such as -rx
        return failure(fault)

    def _nearest_prefix(self, words: Sequence[str]) -> str:
        """The leading words to repeat in the hint for an unknown command, to the first unknown one (``find_best``)."""
        count = 2  # at least one word is always taken, as in Asterisk, which has a command of one word
        while count < len(words) and any(differs_in_last(words[:count], entry.patterns) for entry in self._commands):
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
        taken, position = consumed(before, command.patterns)
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
            taken += word_matches(before[taken], command.patterns[position])
            position += 1
        for pattern in command.patterns[position:]:
            yield from beginning_with(word, pattern)
            if not is_optional(pattern):
                return


def _show(outcome: Outcome, command: Command, line: str, client: Client) -> None:
    if outcome.status is Status.SHOWUSAGE:
        client.out(usage_of(command))
    elif outcome.status is Status.FAILURE:
        for fault in outcome.faults:
            client.err(escaped_lines(f"{fault}\n"))
        tell = client.err if outcome.is_answered else client.out
        tell(escaped(f"Command '{line}' failed.") + "\n")


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
