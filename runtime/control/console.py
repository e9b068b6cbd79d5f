"""The interactive console: of the program itself (``-c``) and remote (``-r``)."""

from __future__ import annotations

# prompt_toolkit is imported where it is used: it takes 200 ms, and only a console at a terminal needs it.
import contextlib
import os
import queue
import sys
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from asterism import files
from asterism.errors import AsterismError, Fault, report
from asterism.values import TYPE_CHECKING
from runtime.control import remote_client, socket_frames
from runtime.control.terminal import Screen, wants_color
from runtime.core.core import Core, Niceness

if TYPE_CHECKING:
    from prompt_toolkit import PromptSession
    from prompt_toolkit.completion import Completer
    from prompt_toolkit.history import History
    from prompt_toolkit.output import Output

    from runtime.host.process import Signals

PROMPT = "*CLI> "
LEAVE = frozenset({"exit", "quit"})
"""Words that end a console; on the program's own console they stop the program, as Ctrl-D does."""

Run = Callable[[str], bool]
"""Runs a line.  Returns whether it succeeded."""
Complete = Callable[[str], list[str]]
"""Returns the words that the last word of a line can become."""


class ClosedError(Exception):
    """The console was closed by another thread while its prompt was open."""


# ---- lines from a person ---------------------------------------------------------------------------


class Prompt:
    """Reads lines that a user types, with history and completion.

    Args:
        screen: writes output above the open prompt.
        complete: returns completions.
        hint: the message of Ctrl-C on an empty line.
        color: whether colours may be used.
    """

    def __init__(self, screen: Screen, complete: Complete, hint: str, *, color: bool = True) -> None:
        self._screen = screen
        self._hint = hint
        self._session = _session(complete, color)
        self._closed = threading.Event()

    def ask(self) -> str:
        """Read one line.

        Raises:
            EOFError: the user pressed Ctrl-D on an empty line.
            ClosedError: :meth:`close` was called.
        """
        while True:
            if self._closed.is_set():
                raise ClosedError
            try:
                return self._session.prompt(PROMPT, pre_run=self._opened, handle_sigint=False)
            except KeyboardInterrupt:
                # Ctrl-C discards the typed text, as in a shell; on an empty line it shows the hint.
                if not self._session.default_buffer.text:
                    self._screen.close_prompt()
                    self._screen.out(f"{self._hint}\n")
            finally:
                self._screen.close_prompt()

    def _opened(self) -> None:
        from prompt_toolkit.application import run_in_terminal

        loop = self._session.app.loop

        def above() -> None:
            if loop is not None and not loop.is_closed():
                with contextlib.suppress(RuntimeError):  # the loop ended a moment ago; the prompt's end writes it
                    loop.call_soon_threadsafe(lambda: _forget(run_in_terminal(self._screen.flush)))

        self._screen.open_prompt(above)
        if self._closed.is_set():
            self._end()

    def close(self) -> None:
        """End the prompt from any thread: :meth:`ask` raises ClosedError."""
        self._closed.set()
        loop = self._session.app.loop
        if loop is not None and not loop.is_closed():
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(self._end)

    def _end(self) -> None:
        app = self._session.app
        if app.is_running and not app.is_done:
            app.exit(exception=ClosedError())


def _forget(_awaitable: object) -> None:
    """Do nothing with an awaitable that the application itself awaits."""


def _session(complete: Complete, color: bool) -> PromptSession[str]:
    from prompt_toolkit import PromptSession
    from prompt_toolkit.output import ColorDepth
    from prompt_toolkit.shortcuts import CompleteStyle

    return PromptSession(
        output=_output(),
        history=_history(),
        completer=_completer(complete),
        complete_style=CompleteStyle.READLINE_LIKE,
        complete_while_typing=False,
        enable_history_search=True,
        color_depth=None if color else ColorDepth.DEPTH_1_BIT,
    )


def _output() -> Output | None:
    """The output for the terminal; None for a dumb one, which gets a plain prompt without escape sequences."""
    from prompt_toolkit.output.vt100 import Vt100_Output
    from prompt_toolkit.utils import is_dumb_terminal

    if is_dumb_terminal():
        return None
    output = Vt100_Output.from_pty(sys.stdout, term=os.environ.get("TERM"))
    # No request for the cursor position: only menus need it, and a terminal that does not answer causes a warning.
    output.enable_cpr = False
    return output


def _completer(complete: Complete) -> Completer:
    from prompt_toolkit import completion
    from prompt_toolkit.document import Document

    class Words(completion.Completer):
        """Completes the last word of the line."""

        def get_completions(
            self, document: Document, _event: completion.CompleteEvent
        ) -> Iterable[completion.Completion]:
            line = document.text_before_cursor
            word = line.rpartition(" ")[2]
            found = complete(line)
            for candidate in found:
                yield completion.Completion(
                    candidate + " " * (len(found) == 1), start_position=-len(word), display=candidate
                )

    return Words()


def _history() -> History:
    from prompt_toolkit.history import FileHistory, InMemoryHistory

    path = Path(os.environ.get("HOME") or os.devnull) / ".asterism_history"
    try:
        handle = files.opened(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    except OSError:
        return InMemoryHistory()
    with contextlib.suppress(OSError):
        os.fchmod(handle, 0o600)
    os.close(handle)
    return FileHistory(str(path))


# ---- the console of the program ----------------------------------------------------------------------


def local_console(core: Core, screen: Screen, signals: Signals, *, color: bool = True) -> None:
    """Run the console of ``-c`` until the program is to stop; leaving the console requests the stop."""

    def run(line: str) -> bool:
        return core.commands.run(line, screen).ok

    if not sys.stdin.isatty():
        _read_commands(core, run, screen)
        return
    hint = "To stop: 'core stop gracefully', or Ctrl-D for 'core stop now'."
    prompt = Prompt(screen, core.commands.complete, hint, color=color)
    core.halt.wakers.append(prompt.close)
    try:
        _converse(prompt, screen, run, lambda: core.halt.requested, signals)
    except ClosedError:
        return
    finally:
        core.halt.wakers.remove(prompt.close)
    if not core.halt.requested:
        core.halt.request(Niceness.NOW)


def _read_commands(core: Core, run: Run, screen: Screen) -> None:
    """Run commands from a file or a pipe, then request the stop; a failed command makes the exit status 1.

    Output that cannot be written makes the status 1 as well, or 141 after a broken pipe.
    """
    failed = False
    for line in sys.stdin:
        if core.halt.requested:
            break
        text = line.strip()
        if text in LEAVE:
            break
        if text.startswith("!"):
            failed |= shell(text[1:].strip()) != 0
        else:
            failed |= not run(text)
        if screen.lost is not None:
            break
    core.halt.request(Niceness.GRACEFULLY, status=_output_lost(screen) or int(failed))


def _output_lost(screen: Screen) -> int:
    """The exit status for lost output, which is reported on standard error; 0 when none was lost."""
    if screen.lost is None:
        return 0
    if isinstance(screen.lost, BrokenPipeError):
        return 141
    why = (screen.lost.strerror or str(screen.lost)).lower()
    report([Fault("cannot write the output", why=why, code="output")], program="asterism")
    return 1


def _converse(
    prompt: Prompt,
    screen: Screen,
    run: Run,
    is_over: Callable[[], bool],
    signals: Signals | None = None,
    *,
    has_shell: bool = True,
) -> None:
    """Read and run lines until the user leaves.  Raises ClosedError."""
    while not is_over():
        try:
            if signals:
                signals.disarm()
            answer = prompt.ask()
        except EOFError:
            return
        finally:
            if signals:
                signals.arm()
        for line in filter(None, map(str.strip, answer.splitlines())):  # a pasted text may be several
            if line in LEAVE:
                return
            if not line.startswith("!"):
                run(line)
            elif has_shell:
                shell(line[1:].strip(), screen)
            else:
                screen.err("asterisk.conf says disable_remote_console_shell\n")


def shell(command: str, screen: Screen | None = None) -> int:
    """Run a command line in the user's own shell on the user's own terminal.  Returns its exit status.

    This is the only place that passes text to a shell: the person at the terminal types it, and it runs with that
    person's rights.  Text from the socket, a file or a module never reaches it.
    """
    import subprocess  # 4 ms of each start: only '!' needs it

    program = os.environ.get("SHELL") or "/bin/sh"
    words = [program, "-c", command] if command else [program]
    try:
        return subprocess.run(words, check=False).returncode
    except OSError as error:
        text = f"cannot run {program}: {(error.strerror or str(error)).lower()}\n"
        screen.err(text) if screen else remote_client.write_err(text)
        return 127


# ---- the remote console -----------------------------------------------------------------------------


_STOPS = frozenset({("core", "stop", "now"), ("core", "stop", "gracefully")})
_FAREWELL = 5.0
"""Seconds that a stop may take before the prompt returns."""


class _Connection:
    """A connection shared by the prompt, which sends requests, and a thread, which shows what arrives."""

    def __init__(self, path: str, screen: Screen, verbose: int) -> None:
        self._sock, self._reader, self.hello = remote_client.connect(path)
        self._screen = screen
        self._answers: queue.SimpleQueue[tuple[str, str]] = queue.SimpleQueue()
        self.lost = threading.Event()
        self.farewell = False
        """Whether the program announced its stop before the connection ended."""
        self.on_lost: Callable[[], None] = lambda: None
        self._sock.sendall(socket_frames.pack("attach", str(verbose)))
        threading.Thread(target=self._listen, name="answers", daemon=True).start()

    def _listen(self) -> None:
        with contextlib.suppress(OSError, socket_frames.WireError):
            while (frame := self._reader.read()) is not None:
                kind, text = frame
                self.farewell |= kind == "bye"
                if kind in ("out", "bye"):
                    self._screen.out(text)
                elif kind == "err":
                    self._screen.err(text)
                else:
                    self._answers.put(frame)
        self.lost.set()
        self._answers.put(("end", "1"))
        self.on_lost()

    def _ask(self, kind: str, text: str) -> str:
        try:
            self._sock.sendall(socket_frames.pack(kind, text))
        except OSError:
            return ""
        wanted = "end" if kind == "run" else "words"
        while (frame := self._answers.get())[0] not in (wanted, "end"):
            pass
        return frame[1]

    def run(self, line: str) -> bool:
        """Run a command in the program.  Returns whether it succeeded."""
        done = self._ask("run", line) == "0"
        if done and tuple(line.lower().split()) in _STOPS:
            self.lost.wait(_FAREWELL)  # to show no prompt after the program has gone
        return done

    def complete(self, line: str) -> list[str]:
        """Complete the last word of the line in the program."""
        return [] if self.lost.is_set() else self._ask("complete", line).split("\n")

    def close(self) -> None:
        """End the connection."""
        self._sock.close()


def remote_console(path: str, verbose: int, *, reconnect: bool = False, has_shell: bool = True) -> int:
    """Run a console on the program that listens at ``path``; without ``has_shell``, ``!COMMAND`` is refused.

    Returns:
        0 when the user left or the program stopped, 1 when a command read from a file failed.

    Raises:
        AsterismError: no program listens, or the connection was lost unexpectedly.
    """
    screen = Screen(verbose)
    while True:
        status, farewell = _remote_session(path, screen, has_shell)
        if status is not None:
            return status
        if not reconnect:
            return _ended(farewell)
        _wait_for(path, screen)


def _ended(farewell: bool) -> int:
    if farewell:
        return 0
    cure = "see its log, and crash.log beside it; 'asterism -R' connects again by itself"
    raise AsterismError(Fault(remote_client.GONE, why="it ended without a word", cure=cure, code="lost"))


def _remote_session(path: str, screen: Screen, has_shell: bool) -> tuple[int | None, bool]:
    """Run one connection.  Returns its status, None when lost, and whether the program announced its stop."""
    line = _Connection(path, screen, screen.verbose)
    try:
        if not sys.stdin.isatty():
            results = [line.run(text.strip()) for text in sys.stdin if text.strip()]
            return int(not all(results)), False
        screen.out(f"Connected to {line.hello}")
        prompt = Prompt(screen, line.complete, "To leave: Ctrl-D, or 'exit'. It goes on running.", color=wants_color())
        line.on_lost = prompt.close
        try:
            _converse(prompt, screen, line.run, line.lost.is_set, has_shell=has_shell)
        except ClosedError:
            return None, line.farewell
        return (None if line.lost.is_set() else 0), line.farewell
    finally:
        line.close()


def _wait_for(path: str, screen: Screen) -> None:
    screen.out("The connection was lost; trying to connect again (Ctrl-C to give up)\n")
    while True:
        try:
            sock, _, _ = remote_client.connect(path)
        except AsterismError:
            time.sleep(1)
        else:
            sock.close()
            return
