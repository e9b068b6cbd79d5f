"""asterisk/cli.h: commands of C modules as commands of the core.

For authors of Python modules: the decorator :func:`command`, and what a handler returns: :data:`SHOWUSAGE`,
:func:`failure`.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable

from asterism.errors import AsterismError
from asterism.values import TYPE_CHECKING, dataclass, field, replace
from runtime.api import bound, core, encode, report, required, text
from runtime.api.export import exported
from runtime.api.module import name_of
from runtime.api.pbx import Registration, note
from runtime.core.commands.command import SHOWUSAGE as SHOWUSAGE  # for authors of Python modules, as is the next
from runtime.core.commands.command import (
    SUCCESS,
    Command,
    CommandCall,
    Completer,
    Completing,
    Outcome,
    declare,
)
from runtime.core.commands.command import failure as failure
from runtime.model.module_record import Module

if TYPE_CHECKING:
    from typing import Any

    from runtime.api.pbx import F

Call = CommandCall
"""What a handler of :func:`command` is called with; the name for authors of modules."""

_INIT, _GENERATE, _HANDLER = -2, -3, -4
_SUCCESS, _SHOWUSAGE, _FAILURE = 0, 1, 2
_NO_PERMS = -1
"""``CLI_NO_PERMS``: as a user and as a group, whose permissions are not asked for."""
_END = "_EOF_"
_MOST_COMPLETIONS = 10_000

_offered = threading.local()
"""Completions that the running handler offered through ast_cli_completion_add."""


@dataclass(slots=True)
class _CCommand:
    """A ``struct ast_cli_entry`` and how its handler is called."""

    entry: Any
    module: Any
    """The name of the entry's module as a C string."""
    kept: list[Any] = field(default_factory=list)
    """C memory that the entry points to."""

    def call(
        self,
        what: int,
        words: Iterable[str] = (),
        *,
        fd: int = -1,
        line: str = "",
        word: str = "",
        pos: int = 0,
        n: int = 0,
    ) -> Any:
        """Call the handler.  Returns its result, a pointer."""
        ffi = bound().ffi
        strings = [ffi.new("char[]", encode(each)) for each in words]
        argv = ffi.new("char *[]", [*strings, ffi.NULL])
        line_c, word_c = ffi.new("char[]", encode(line)), ffi.new("char[]", encode(word))
        arguments = ffi.new(
            "struct ast_cli_args *",
            {"fd": fd, "argc": len(strings), "argv": argv, "line": line_c, "word": word_c, "pos": pos, "n": n},
        )
        return bound().lib.asterism_call_cli(self.module, self.entry, what, arguments)

    def run(self, call: CommandCall) -> Outcome:
        """Run the command."""
        with call.descriptor() as fd:
            result = self.call(_HANDLER, call.words, fd=fd, line=call.line)
        return {_SUCCESS: SUCCESS, _SHOWUSAGE: SHOWUSAGE}.get(_number(result), failure())

    def complete(self, asked: Completing) -> list[str]:
        """Ask the handler for completions until it has no more."""
        _offered.words = found = []
        for n in range(_MOST_COMPLETIONS):
            result = self.call(_GENERATE, asked.words, line=asked.line, word=asked.word, pos=asked.position, n=n)
            if _number(result) in (_SUCCESS, _SHOWUSAGE, _FAILURE):
                break
            word = text(result)
            bound().lib.asterism_free(result)
            if word == _END:
                break
            found.append(word)
        return list(dict.fromkeys(found))


def _number(pointer: Any) -> int:
    return int(bound().ffi.cast("intptr_t", pointer))


def _registered(entry: Any) -> Command | None:
    """The command that a C module registered with an entry, or None."""
    for command in core().commands.registered:
        own = getattr(command.handler, "__self__", None)
        if isinstance(own, _CCommand) and own.entry == entry:
            return command
    return None


def _words_of(entry: Any) -> str:
    """The words that a handler set on CLI_INIT, or the words of the entry itself."""
    if entry.command:
        return text(entry.command)
    return " ".join(text(word) for word in entry.cmda if word)


def _register(entry: Any, mod: Any) -> None:
    if not entry:
        raise ValueError("the command is NULL")
    if not entry.handler:
        raise ValueError("the command has no handler")
    if (known := _registered(entry)) is not None:
        core().logger.warning(f"the command '{known.words}' is already registered with this entry")
        return
    try:
        _take(entry, mod)
    except (AsterismError, ValueError):
        entry.command = bound().ffi.NULL
        raise


def _take(entry: Any, mod: Any) -> None:
    module = name_of(mod)
    own = _CCommand(entry, bound().ffi.new("char[]", encode(module or "core")))
    own.call(_INIT)
    words = " ".join(_words_of(entry).split())
    if not words:
        raise ValueError("the handler did not set the words of its command on CLI_INIT")
    core().commands.register(
        Command(
            words,
            own.run,
            summary=text(entry.summary),
            usage=text(entry.usage),
            complete=own.complete,
            module=module,
        )
    )
    full = bound().ffi.new("char[]", encode(words))
    own.kept.append(full)
    entry._full_cmd, entry.module, entry.args = full, mod, len(words.split())
    entry.cmdlen = min([len(words), *(words.find(char) for char in "[{%" if char in words)])


@exported("int __ast_cli_register(struct ast_cli_entry *e, struct ast_module *mod)", failure=-1)
def ast_cli_register(e: Any, mod: Any) -> int:
    """Register a command: 0, or -1 when its words are taken or missing."""
    _register(e, mod)
    return 0


@exported("int __ast_cli_register_multiple(struct ast_cli_entry *e, int len, struct ast_module *mod)", failure=-1)
def ast_cli_register_multiple(e: Any, count: int, mod: Any) -> int:
    """Register commands; a command that is refused is logged, and the others are registered."""
    result = 0
    for index in range(count):
        try:
            _register(e + index, mod)
        except (AsterismError, ValueError) as error:
            report("ast_cli_register_multiple", error)
            result = -1
    return result


def _reset(entry: Any) -> None:
    """Clear the fields set by registration, so that the entry can be registered again (``ast_cli_unregister``)."""
    ffi = bound().ffi
    ffi.memmove(
        ffi.cast("char *", ffi.addressof(entry[0], "cmda")), bytes(ffi.sizeof(entry.cmda)), ffi.sizeof(entry.cmda)
    )
    entry._full_cmd = entry.command = entry.usage = ffi.NULL


@exported("int ast_cli_unregister(struct ast_cli_entry *e)", failure=-1)
def ast_cli_unregister(e: Any) -> int:
    """Unregister a command and clear its entry: 0, also when it is not registered."""
    if not e:
        raise ValueError("the command is NULL")
    command = _registered(e)
    if command is not None:
        core().commands.unregister(command)
    if e.handler:
        _reset(e)
    return 0


@exported("int ast_cli_unregister_multiple(struct ast_cli_entry *e, int len)", failure=-1)
def ast_cli_unregister_multiple(e: Any, count: int) -> int:
    """Unregister commands."""
    return min([ast_cli_unregister(e + index) for index in range(count)], default=0)


@exported("int ast_cli_completion_add(char *value)", failure=-1)
def ast_cli_completion_add(value: Any) -> int:
    """Add a completion of the running handler and take over its memory."""
    if value:
        getattr(_offered, "words", []).append(text(value))
        bound().lib.asterism_free(value)
    return 0


class _Descriptor:
    """A client whose output goes to a file descriptor."""

    who = "a module"
    verbose = 0
    muted = True

    def __init__(self, fd: int, user: int, group: int) -> None:
        self.hidden: set[str] = set()
        self.credentials = None if (user, group) == (_NO_PERMS, _NO_PERMS) else (user, group)
        self._fd = fd

    def out(self, text: str) -> None:
        """Write output."""
        data = encode(text)
        while data:
            data = data[os.write(self._fd, data) :]

    def err(self, text: str) -> None:
        """Write an error to the same stream as output."""
        self.out(text)

    def log(self, text: str) -> None:
        """Ignore log lines, which are not part of the answer."""


@exported("int ast_cli_command_full(int uid, int gid, int fd, const char *s)", failure=_FAILURE)
def ast_cli_command_full(uid: int, gid: int, fd: int, s: Any) -> int:
    """Run a command line as a user of a group and write its output to a descriptor; -1 and -1 may run anything."""
    outcome = core().commands.run(required(s, "the command"), _Descriptor(fd, uid, gid))
    return _SUCCESS if outcome.ok else _SHOWUSAGE if outcome == SHOWUSAGE else _FAILURE


# ---- for authors of Python modules ---------------------------------------------------------------


def command(words: str, *, summary: str = "", usage: str = "", complete: Completer | None = None) -> Callable[[F], F]:
    """Make the decorated function a command of the CLI while its module runs.

    Args:
        words: the command's own words, and the arguments that may follow: ``clock show [in <zone>]``.  Without any
            ``<...>`` the text is in pattern syntax (``clock show [in] %``); the function reads the arguments.
        summary: a short description.
        usage: the help text, in lines; the line ``Usage: ...`` is made of declared arguments unless the text has one.
        complete: gives candidates for the word after the command.

    The function is called with a :data:`Call`, whose ``value("zone")`` is the word that was typed, and returns an
    outcome, or None for success.
    """

    def decorate(function: F) -> F:
        def make(module: Module) -> Command:
            if "<" not in words:
                return Command(words, function, summary, usage, complete, module.info.name)
            made = declare(words, function, summary, usage, complete=complete, module=module.info.name)
            return replace(made, usage=usage) if usage.startswith("Usage:") else made

        return note(function, Registration(make, "commands"))

    return decorate


@exported("char *ast_cli_generator(const char *text, const char *word, int state)")
def ast_cli_generator(line: Any, word: Any, state: int) -> Any:
    """A completion of the last word of a line, or of a new word when ``word`` is empty; NULL after the last one."""
    binding = bound()
    found = core().commands.complete(text(line) + ("" if text(word) else " "))
    if not 0 <= state < len(found):
        return binding.ffi.NULL
    data = encode(found[state])
    return binding.lib.asterism_copy(data, len(data))
