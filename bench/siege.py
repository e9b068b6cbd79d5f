"""Eight clients besiege one program: ``bench/siege.py [SECONDS] [--tree TREE] [--sanitize address|thread]``.

Four clients of the control socket, the console on standard input and three clients of the manager load, unload, reload,
refresh, list, evaluate and execute, each as fast as it is answered, without a thought for the others.  Every answer
must be one of those that are right at some moment of the question; it must come within WATCHDOG seconds; the program
must still be there at the end, stop with 0, and have logged no traceback.

With --sanitize the core's library and all modules in C are compiled anew with that sanitizer, whose library is loaded
before Python; what it finds ends the siege.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT))

from runtime.control import socket_frames  # noqa: E402
from runtime.control.socket_address import reachable  # noqa: E402

WATCHDOG = 60.0
"""Seconds an answer may take; under a sanitizer everything takes ten times as long."""
MODULES = (
    "func_strings",
    "func_uuid",
    "res_limit",
    "app_verbose",
    "func_math",
    "app_stack",
    "res_auth_stats",
    "res_clock",
)
"""What is loaded and unloaded: modules in C and in Python; some can be reloaded."""
SANITIZERS = {
    "address": (["-fsanitize=address"], "libasan.so", {"ASAN_OPTIONS": "detect_leaks=0:abort_on_error=1"}),
    "thread": (["-fsanitize=thread"], "libtsan.so", {"TSAN_OPTIONS": "abort_on_error=1:halt_on_error=1"}),
}
"""What the compiler is told, the library that comes first, and what that is told."""


class WrongError(Exception):
    """An answer that is right at no moment, or that did not come."""


@dataclass(frozen=True)
class Answer:
    """What came of a question: all that was said, in order."""

    text: str


@dataclass(frozen=True)
class Question:
    """A line of the CLI or an action of the manager, and which answers are right."""

    kind: str
    """A row of the table."""
    line: str
    right: Mapping[str, str]
    """Regular expressions that the whole answer must match, by what that answer means."""
    check: Callable[[str], bool] = lambda _text: True
    """What a regular expression cannot say of an answer that means "done"."""

    def meaning(self, answer: str) -> str:
        """What an answer means.  Raises WrongError."""
        for meaning, pattern in self.right.items():
            if re.fullmatch(pattern, answer, re.DOTALL) and (meaning != "done" or self.check(answer)):
                return meaning
        raise WrongError(f"'{self.line}' was answered: {answer!r}")


# ---- questions -----------------------------------------------------------------------------------


def _rows_are_whole(answer: str) -> bool:
    """Whether ``module show`` counts the rows it shows, each of a module that there is, once."""
    _heading, *rows, last = answer.rstrip("\n").split("\n")
    names = [row.split()[0] for row in rows]
    return last == f"{len(rows)} modules loaded" and names == sorted(set(names)) and all(map(_is_row, rows))


def _is_row(row: str) -> bool:
    return bool(
        re.fullmatch(
            r"(\S+\.(so|py)|extconfig|logger|manager) +\S.* \d+ +(Not )?Running +(unknown|core|extended|deprecated)",
            row,
        )
    )


def _is_list(answer: str) -> bool:
    return all({"file", "use_count", "running", "needs", "build"} <= row.keys() for row in json.loads(answer))


GONE = r".*(No such command|is not running|there is no (function|application)).*"
"""What says that the module of a thing has gone."""
_CHANGES = {
    "load": {"done": "Loaded {0}\n", "refused": "Unable to load module {0}\n.*running already.*"},
    "unload": {"done": "Unloaded {0}\n", "refused": "Unable to unload resource {0}\n.*(not loaded|use count).*"},
    "refresh": {
        "done": "Unloaded and loaded {0}\n",
        "refused": "Unable to unload resource {0}\n.*(not loaded|use count|cannot be unloaded).*",
    },
    "reload": {
        "done": "Module '{0}' reloaded successfully\\.\n",
        "refused": "(The module '{0}' does not support reloads|No such module '{0}'"
        "|A module reload request is already in progress[^\n]*)\n.*",
    },
}


def _changes() -> Iterator[Question]:
    for verb, right in _CHANGES.items():
        for module in MODULES:
            answers = {meaning: pattern.format(module) for meaning, pattern in right.items()}
            yield Question(verb, f"module {verb} {module}", answers)


def _calls() -> Iterator[Question]:
    uuid = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    values = {
        "TOUPPER(abc)": "ABC",
        "UUID()": uuid,
        "MATH(6*7,int)": "42",
        "MD5(a)": "0cc175b9c0f1b6a831c399e269772661",
    }
    for function, value in values.items():
        right = {"done": rf"Return Value: Success \(0\)\nResult: {value}\n", "gone": GONE}
        yield Question("evaluate", f"dialplan eval function {function}", right)
    for application in ("Verbose(4,siege)", "NoOp(siege)", "StackPop()"):
        right = {"done": r"Return Value: Success \(0\)\n", "gone": GONE, "refused": r"Return Value: Failure .*"}
        yield Question("execute", f"dialplan exec application {application}", right)
    yield Question("command", "ulimit", {"done": r".*(core|file).*", "gone": GONE})


def _lists() -> Iterator[Question]:
    heading = r"Module +Description +Use Count +Status +Support Level\n.*"
    for line in ("module show", "module show like func_", "module show like res_limit"):
        yield Question("list", line, {"done": heading}, _rows_are_whole)
    yield Question("list", "module show json", {"done": r"\[.*\]\n"}, _is_list)
    yield Question("list", "module show order", {"done": r".+"})
    yield Question("list", "module show failed", {"done": r"All modules run\.\n"})
    yield Question("list", "core show functions", {"done": r"Installed Custom Functions:\n.*functions installed\.\n"})
    yield Question("list", "core show function TOUPPER", {"done": r".*Info about Function 'TOUPPER'.*", "gone": GONE})
    described = {"done": r".*Info about Application 'Verbose'.*", "gone": GONE}
    yield Question("list", "core show application Verbose", described)
    yield Question("list", "core show help ulimit", {"done": r"Usage: ulimit.*", "gone": r".*ulimit.*"})


def lines() -> list[Question]:
    """All questions for a client that speaks the CLI."""
    return [*_changes(), *_calls(), *_lists()]


def actions() -> list[Question]:
    """All questions for a client of the manager; its lines are separated by ``|``."""
    said = r".*(is not running|Invalid/unknown command).*"
    limits = {"done": r"Response: Success.*EventList: Complete.*", "gone": said}
    found = [Question("action", "Action: Limits", limits)] * 6  # else one in fifty
    for module in MODULES:
        right = {"done": r"Response: Success.*", "refused": r"Response: Error.*"}
        found += [
            Question(verb, f"Action: ModuleLoad|Module: {module}|LoadType: {verb}", right)
            for verb in ("load", "unload", "reload", "refresh")
        ]
        found.append(Question("list", f"Action: ModuleCheck|Module: {module}.so", right))
    right = {"done": r"Response: Success.*Value: ABC.*", "gone": r"Response: (Success.*Value: |Error).*"}
    found.append(Question("evaluate", "Action: Getvar|Variable: TOUPPER(abc)", right))
    found.append(
        Question("list", "Action: Command|Command: module show", {"done": r"Response: Success.*modules loaded.*"})
    )
    found.append(Question("list", "Action: ListCommands", {"done": r"Response: Success.*"}))
    return found


# ---- clients -------------------------------------------------------------------------------------


class SocketClient:
    """A console at the control socket."""

    def __init__(self, place: Place) -> None:
        self._sock = socket.socket(socket.AF_UNIX)
        self._sock.settimeout(WATCHDOG)
        try:
            with reachable(str(place.home / "run/asterisk.ctl")) as name:
                self._sock.connect(name)
        except OSError:
            self._sock.close()
            raise
        self._reader = socket_frames.Reader(self._sock)
        self._sock.sendall(socket_frames.pack("hello", socket_frames.VERSION))
        self._reader.read()
        self.questions = lines()

    def close(self) -> None:
        """Hang up."""
        self._sock.close()

    def ask(self, question: Question) -> str:
        """The answer: what was put out, then why it failed.  Raises OSError."""
        self._sock.sendall(
            socket_frames.pack("complete", question.line[:-2]) + socket_frames.pack("run", question.line)
        )
        said: dict[str, list[str]] = {"out": [], "err": [], "words": []}
        while (frame := self._reader.read()) is not None and frame[0] != "end":
            said[frame[0]].append(frame[1])
        if frame is None:
            raise ConnectionResetError("the program closed the connection")
        return "".join([*said["out"], *said["err"]])


class ConsoleClient:
    """The program's own console: its standard input, output and error."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._process = place.process
        self._count = 0
        self.questions = lines()

    def close(self) -> None:
        """Leave it open: the program stops at the end of its input."""

    def ask(self, question: Question) -> str:
        """The answer; that to another command ends it.  Raises OSError."""
        assert self._process.stdin
        assert self._process.stdout
        self._count += 1
        end = f"    -- Global variable 'SIEGE' set to '{self._count}'\n"
        self._process.stdin.write(f"{question.line}\ndialplan set global SIEGE {self._count}\n")
        self._process.stdin.flush()
        said: list[str] = []
        while (line := self._process.stdout.readline()) and line != end:
            said.append(line)
            self._place.note(line)
        if not line:
            raise ConnectionResetError("the console ended")
        return "".join(said).removesuffix("\n")  # the empty line that begins the other answer


class ManagerClient:
    """A client of the manager that is told of all events as well."""

    def __init__(self, place: Place) -> None:
        self._sock = socket.create_connection(("127.0.0.1", place.port), timeout=WATCHDOG)
        self._file = self._sock.makefile("r", encoding="utf-8", newline="\r\n")
        self._file.readline()
        self._count = 0
        self.questions = actions()
        self.ask(Question("login", "Action: Login|Username: siege|Secret: siege", {}))

    def close(self) -> None:
        """Hang up."""
        self._file.close()
        self._sock.close()

    def ask(self, question: Question) -> str:
        """The messages of the answer; events that tell of something else are passed over.  Raises OSError."""
        self._count += 1
        mark = f"ActionID: {self._count}"
        text = question.line.replace("|", "\r\n")
        self._sock.sendall(f"{text}\r\n{mark}\r\n\r\n".encode())
        said: list[str] = []
        while not said or ("EventList: start" in said[0] and "EventList: Complete" not in said[-1]):
            message = self._message()
            if f"{mark}\r\n" in message:
                said.append(message)
        return "".join(said)

    def _message(self) -> str:
        parts: list[str] = []
        while (line := self._file.readline()) != "\r\n":
            if not line:
                raise ConnectionResetError("the manager closed the connection")
            parts.append(line)
        return "".join(parts)


Client = SocketClient | ConsoleClient | ManagerClient
KINDS: Sequence[tuple[str, type[SocketClient] | type[ConsoleClient] | type[ManagerClient]]] = (
    *((f"socket {number}", SocketClient) for number in range(1, 5)),
    ("console", ConsoleClient),
    *((f"manager {number}", ManagerClient) for number in range(1, 4)),
)


# ---- the program ---------------------------------------------------------------------------------


@dataclass
class Place:
    """A program that runs, and where."""

    home: Path
    port: int
    process: subprocess.Popen[str]

    noted: deque[str] = field(default_factory=lambda: deque(maxlen=200))
    """What it said last on its console, where a crash is told as well."""

    def note(self, line: str) -> None:
        """Keep a line of its console."""
        self.noted.append(line)

    @property
    def said(self) -> str:
        """What it said last."""
        return "".join(self.noted)

    @property
    def log(self) -> str:
        """The log of the program."""
        return (self.home / "log/full").read_text(errors="replace")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as sock:
        return int(sock.getsockname()[1])


def _configure(home: Path, modules: Path, port: int) -> None:
    names = {"astetcdir": home, "astmoddir": modules}
    names |= {f"ast{name}dir": home / name for name in ("run", "log", "db")}
    directories = "".join(f"{name} => {path}\n" for name, path in names.items())
    (home / "asterisk.conf").write_text(f"[directories]\n{directories}[options]\nwatchdog = 0\n")
    (home / "modules.conf").write_text("[modules]\nautoload = yes\n")
    (home / "logger.conf").write_text("[general]\n[logfiles]\nfull => notice,warning,error\n")
    account = "[siege]\nsecret = siege\nread = all\nwrite = all\n"
    (home / "manager.conf").write_text(f"[general]\nenabled = yes\nport = {port}\nbindaddr = 127.0.0.1\n{account}")


@contextlib.contextmanager
def running(tree: Path, home: Path, environment: Mapping[str, str] | None = None) -> Iterator[Place]:
    """The program of an installed tree with all its modules, in a directory of its own; killed if it still runs."""
    port = _free_port()
    _configure(home, tree / "lib/asterism/modules", port)
    process = subprocess.Popen(
        [str(tree / "sbin/asterism"), "-cm", "-C", str(home / "asterisk.conf")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env={**os.environ, **(environment or {})},
    )
    try:
        yield Place(home, port, process)
    finally:
        process.kill()
        for pipe in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):
                pipe.close() if pipe else None
        process.wait()


def stop(place: Place) -> None:
    """Stop the program and look at what it leaves behind.  Raises WrongError."""
    try:
        place.note(place.process.communicate("core stop gracefully\n", timeout=WATCHDOG)[0])
    except subprocess.TimeoutExpired:
        raise WrongError(f"the program did not stop within {WATCHDOG:.0f} s") from None
    status = place.process.returncode
    if status:
        raise WrongError(f"the program ended with {status}: {place.said[-4000:]}")
    for text in (place.said, place.log):
        if "Traceback" in text or "Sanitizer" in text:
            raise WrongError(f"something went wrong inside: {text[-4000:]}")


def sanitized(tree: Path, room: Path, name: str) -> tuple[Path, dict[str, str]]:
    """A copy of a tree whose core and modules in C are compiled with a sanitizer, and what it has to find around it."""
    flags, library, options = SANITIZERS[name]
    copy = room / "tree"
    shutil.copytree(tree, copy, symlinks=True)
    base = [
        os.environ.get("CC", "cc"),
        "-shared",
        "-fPIC",
        "-O1",
        "-g",
        "-fno-omit-frame-pointer",
        "-D_GNU_SOURCE",
        *flags,
    ]
    generated = PROJECT / "build/generated"
    core = [*(PROJECT / "runtime/native").glob("*/*.c"), *generated.glob("*.c")]
    includes = [f"-I{PROJECT / 'include'}", f"-I{PROJECT / 'runtime/native'}", f"-I{generated}"]
    native = copy / "lib/asterism/native/libasterism.so"
    native.unlink()
    subprocess.run([*base, *includes, *map(str, core), "-ldl", "-lpthread", "-lm", "-o", str(native)], check=True)
    for directory in ("res", "apps", "funcs"):
        for source in (PROJECT / directory).glob("*.c"):
            target = copy / "lib/asterism/modules" / f"{source.stem}.so"
            if target.exists():
                target.unlink()
                parts = sorted((source.parent / source.stem).glob("*.c"))
                words = [*base, f'-DAST_MODULE="{source.stem}"', f"-DAST_MODULE_SELF_SYM=__{source.stem}_self"]
                words += [f"-I{copy / 'include/asterism'}", *includes, str(source), *map(str, parts), "-lm"]
                subprocess.run([*words, "-o", str(target)], check=True)
    found = subprocess.run([base[0], f"-print-file-name={library}"], capture_output=True, text=True, check=True)
    return copy, {"LD_PRELOAD": found.stdout.strip(), **options}


# ---- the siege -----------------------------------------------------------------------------------


@dataclass
class Tally:
    """What came of the questions of one kind."""

    meanings: dict[str, int] = field(default_factory=dict)
    longest: float = 0.0

    def add(self, meaning: str, seconds: float) -> None:
        """Count an answer."""
        self.meanings[meaning] = self.meanings.get(meaning, 0) + 1
        self.longest = max(self.longest, seconds)


class Siege:
    """Clients that ask until they may no more; the first wrong answer stops them all."""

    def __init__(self, place: Place, goes_on: Callable[[int], bool], seed: int) -> None:
        self.place = place
        self.tallies: dict[str, Tally] = {}
        self.wrong: list[str] = []
        self.waiting: dict[str, tuple[float, str]] = {}
        """Since when a client waits for which answer."""
        self._goes_on = goes_on
        self._seed = seed
        self._counting = threading.Lock()

    def run(self, kinds: Sequence[tuple[str, type[Client]]] = KINDS) -> None:
        """Besiege it.  Raises WrongError."""
        threads = [threading.Thread(target=self._besiege, args=kind, name=kind[0], daemon=True) for kind in kinds]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads) and not self.wrong:
            threads[0].join(0.2)
            self._look(time.monotonic())
        if self.wrong:
            self._hear_the_end()
            raise WrongError("\n".join([*self.wrong, self.place.said[-4000:]]))

    def _hear_the_end(self) -> None:
        """Take what a dying program still has to say; one that lives is killed."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.place.process.wait(2.0)
        self.place.process.kill()
        with contextlib.suppress(OSError, ValueError):
            assert self.place.process.stdout
            self.place.note(self.place.process.stdout.read())

    def _look(self, now: float) -> None:
        for who, (since, line) in list(self.waiting.items()):
            if now - since > WATCHDOG:
                self.wrong.append(f"{who} waits for the answer to '{line}' for more than {WATCHDOG:.0f} s")

    def _besiege(self, who: str, kind: type[Client]) -> None:
        chance = random.Random(f"{self._seed} {who}")
        line = "(connecting)"
        try:
            with contextlib.closing(kind(self.place)) as client:
                done = 0
                while self._goes_on(done) and not self.wrong:
                    question = chance.choice(client.questions)
                    line = question.line
                    self._ask(who, client, question)
                    done += 1
        except (OSError, WrongError, socket_frames.WireError, ValueError) as error:
            self.wrong.append(f"{who}: {type(error).__name__} at '{line}': {error}")
        finally:
            self.waiting.pop(who, None)

    def _ask(self, who: str, client: Client, question: Question) -> None:
        began = time.monotonic()
        self.waiting[who] = (began, question.line)
        meaning = question.meaning(client.ask(question))
        with self._counting:
            self.tallies.setdefault(question.kind, Tally()).add(meaning, time.monotonic() - began)


def wait_until_booted(place: Place) -> None:
    """Wait for the end of the start.  Raises WrongError."""
    until = time.monotonic() + WATCHDOG
    ready = Question("start", "core waitfullybooted", {"done": ".*"})
    while time.monotonic() < until and place.process.poll() is None:
        with contextlib.suppress(OSError), contextlib.closing(SocketClient(place)) as client:
            client.ask(ready)
            return
        time.sleep(0.05)
    raise WrongError(f"the program did not start: {place.said[-4000:]}")


def what_is_missing(tree: Path, sanitizer: str | None) -> str:
    """Why a siege cannot begin, and what to type; empty when it can."""
    if not (tree / "sbin/asterism").exists():
        install = ".venv/bin/python -m asterism install --root root"
        return f"{tree}: the installed program is missing\n    run 'make', then '{install}'"
    if sanitizer and not (PROJECT / "build/generated").is_dir():
        return f"{PROJECT / 'build/generated'}: does not exist\n    run 'make', which generates the C side of the core"
    return ""


def table(tallies: Mapping[str, Tally]) -> str:
    """What came of the siege, in lines."""
    rows = [f"{'what':<10} {'answers':>9} {'done':>9} {'refused':>9} {'gone':>9} {'longest':>9}"]
    for kind, tally in sorted(tallies.items()):
        counts = [tally.meanings.get(meaning, 0) for meaning in ("done", "refused", "gone")]
        cells = " ".join(f"{count:>9}" for count in (sum(counts), *counts))
        rows.append(f"{kind:<10} {cells} {tally.longest:>8.2f}s")
    return "\n".join(rows)


def besiege(
    tree: Path, home: Path, goes_on: Callable[[int], bool], environment: Mapping[str, str] | None = None, seed: int = 0
) -> dict[str, Tally]:
    """Run a program, besiege it, stop it; what came of it.

    Args:
        tree: an installed tree.
        home: an empty directory.
        goes_on: whether a client that has asked so many questions asks another.
        environment: what the program finds around it.
        seed: another one asks in another order.

    Raises:
        WrongError: it crashed, gave a wrong answer, or none.
    """
    with running(tree, home, environment) as place:
        wait_until_booted(place)
        siege = Siege(place, goes_on, seed)
        siege.run()
        stop(place)
        return siege.tallies


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("seconds", nargs="?", type=float, default=60.0)
    parser.add_argument("--tree", type=Path, default=PROJECT / "root", help="an installed tree; ./root")
    parser.add_argument("--sanitize", choices=SANITIZERS)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        tree, environment = asked.tree.resolve(), {}
        if missing := what_is_missing(tree, asked.sanitize):
            print(missing, file=sys.stderr)
            return 1
        if asked.sanitize:
            try:
                tree, environment = sanitized(tree, home, asked.sanitize)
            except subprocess.CalledProcessError as error:
                print(f"{error.cmd[0]} ends with {error.returncode}: see above", file=sys.stderr)
                return 1
        until = time.monotonic() + asked.seconds
        try:
            tallies = besiege(tree, home, lambda _done: time.monotonic() < until, environment, asked.seed)
        except WrongError as error:
            print(f"seed {asked.seed}: {error}", file=sys.stderr)
            return 1
    print(f"eight clients, {asked.seconds:.0f} s, seed {asked.seed}: no crash, no wrong answer, no lock-up")
    print(table(tallies))
    return 0


if __name__ == "__main__":
    sys.exit(main())
