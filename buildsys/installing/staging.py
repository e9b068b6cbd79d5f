"""Change a tree all at once: write every file beside its place first, then rename the files into place.

A full disk, a missing permission or an interruption while files are staged leaves the old tree unchanged, without
leftovers. A journal lists the renames, so that the next run completes them when a run is killed between them.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from asterism import files, state
from asterism.errors import AsterismError, Fault, report
from asterism.numbers import number
from asterism.parsing import json_value
from asterism.values import dataclass, field

PREFIX = ".asterism-new-"
"""The prefix of a staged file's name, before the name of its destination."""


EPOCH = "SOURCE_DATE_EPOCH"
"""The variable with the latest time of an installed file, in seconds since 1970 (reproducible-builds.org)."""


def no_later(nanoseconds: int) -> int:
    """A modification time in nanoseconds, limited to SOURCE_DATE_EPOCH.

    Raises:
        AsterismError: the variable is not a number.
    """
    text = os.environ.get(EPOCH, "")
    latest = number(text)
    if text and latest is None:
        cure = "write seconds since 1970, or unset it"
        raise AsterismError(Fault(f"{EPOCH}={text} is not a number", cure=cure, code="bad-option"))
    return nanoseconds if latest is None else min(nanoseconds, latest * 10**9)


@dataclass(slots=True)
class Stage:
    """Staged changes of a tree.

    Used as a context manager: leaving it undoes everything, unless :meth:`commit` has made the changes. Of two runs
    in one tree the second waits for the first.

    Args:
        journal: the path of the list of renames, which exists while they are made; the lock file lies beside it.
    """

    journal: Path
    made: list[Path] = field(default_factory=list)
    """The directories that were created, parents first."""
    recovered: bool = False
    """Whether the leftovers of a killed run were cleaned up."""
    _staged: dict[Path, Path] = field(default_factory=dict)
    _removed: list[Path] = field(default_factory=list)
    _trail: int = -1
    """The file descriptor of the trail; -1 before it is opened."""
    _lock: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)
    _vanish: Callable[[], None] = lambda: None
    """Removes the lock file while the lock is still held."""
    _is_locked: bool = False
    _is_done: bool = False

    def __enter__(self) -> Stage:
        try:
            lock = self.journal.with_suffix(".lock")
            held = files.locked(lock, fleeting=True, waiting=self._tell, make_parents=self._home)
            self._vanish = self._lock.enter_context(held)
            self._is_locked = True
            left = recover(self.journal)
        except BaseException:
            self._undo()
            raise
        self.recovered = left is not None
        # Directories that the killed run has created belong to this run.
        self.made += [each for each in left or () if each not in self.made]
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if self._trail >= 0:
            os.close(self._trail)
            _trail_of(self.journal).unlink(missing_ok=True)
        if self._is_done:
            self._lock.close()
            for directory in filter(Path.exists, self.made):
                _set_times(directory)
        else:
            self._undo()

    def _home(self) -> None:
        """Create the directory of journal and lock, as the first one that this run creates."""
        self.made = [each for each in self.made if each.exists()]
        self.directory(self.journal.parent)

    def _tell(self, holder: str) -> None:
        what = f"another install or uninstall works in {self.journal.parent} ({holder}); waiting for it"
        print(f"asterism: {what}", file=sys.stderr, flush=True)

    def _note(self, kind: str, path: Path) -> None:
        """Record a path in the trail, by which the next run cleans up after a killed one."""
        if not self._is_locked:
            return
        if self._trail < 0:
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
            self._trail = os.open(_trail_of(self.journal), flags, 0o644)
            for each in self.made:
                self._note("d", each)
        os.write(self._trail, os.fsencode(f"{kind}{path}\0"))

    def directory(self, path: Path, mode: int = 0o755) -> None:
        """Create a directory and its parents; ``mode`` is for the directory itself.

        Raises:
            AsterismError: the directory cannot be created.
        """
        missing = [each for each in (path, *path.parents) if not os.path.lexists(each)]
        with files.told(path, "make"):
            for each in reversed(missing):
                try:
                    each.mkdir()
                except FileExistsError:  # created by another install, or not a directory, which is reported below
                    continue
                # The umask of the user applies to the user's own files only.
                each.chmod(mode if each == path else 0o755)
                self.made.append(each)
                self._note("d", each)
            if not path.is_dir():
                raise NotADirectoryError(20, os.strerror(20))

    def write(self, target: Path, data: bytes, mode: int = 0o644, times: tuple[int, int] | None = None) -> None:
        """Stage a file.

        Args:
            target: the destination of the file.
            data: the content.
            mode: the permission bits.
            times: access and modification time in nanoseconds, now when None; both are limited to SOURCE_DATE_EPOCH.
        """
        staged = self._beside(target)
        with files.told(target, "write"):
            self._note("f", staged)
            staged.write_bytes(data)
            staged.chmod(mode)
            _set_times(staged, times)

    def remove(self, target: Path) -> None:
        """Remove a file when the changes are made."""
        self._removed.append(target)

    def _beside(self, target: Path) -> Path:
        self.directory(target.parent)
        staged = target.with_name(PREFIX + target.name)
        self._staged[staged] = target
        return staged

    def commit(self) -> None:
        """Make the changes; a signal to stop takes effect after them."""
        if not self._staged and not self._removed:
            self._is_done = True
            return
        renames = {str(staged): str(target) for staged, target in self._staged.items()}
        with _unstoppable():
            files.write(self.journal, json.dumps({"rename": renames, "remove": [str(each) for each in self._removed]}))
            finish(self.journal)
            self._is_done = True

    def _undo(self) -> None:
        # Once the journal is written, its changes are completed, not undone.
        promised = self._is_locked and self.journal.exists()
        for staged in () if promised else self._staged:
            with contextlib.suppress(OSError):
                staged.unlink()
        if not promised:
            self.remove_directories(self.made)
        self._lock.close()

    def remove_directories(self, directories: Sequence[Path]) -> None:
        """Remove the empty ones of some directories, given with parents first; the last action in a tree."""
        self._vanish()
        for directory in reversed(directories):
            with contextlib.suppress(OSError):
                directory.rmdir()


def _set_times(path: Path, times: tuple[int, int] | None = None) -> None:
    if times or os.environ.get(EPOCH):
        accessed, changed = times or (time.time_ns(),) * 2
        os.utime(path, ns=(no_later(accessed), no_later(changed)))


def _trail_of(journal: Path) -> Path:
    return journal.with_suffix(".trail")


def recover(journal: Path) -> list[Path] | None:
    """Clean up after a killed run: complete its renames, and remove its staged files.

    Returns:
        The directories that it had created and that are not empty; None when there was nothing to clean up.
    """
    finished, trail = finish(journal), _trail_of(journal)
    files.sweep(journal)
    if not trail.exists():
        return [] if finished else None
    noted = [os.fsdecode(each) for each in files.read_bytes(trail).split(b"\0")[:-1] if each]
    with files.told(trail, "remove"):
        trail.unlink()
    left: list[Path] = []
    for kind, path in ((each[0], Path(each[1:])) for each in reversed(noted)):
        try:
            path.unlink() if kind == "f" else path.rmdir()
        except FileNotFoundError:
            continue
        except OSError:
            left += [path] if kind == "d" else []
    return left[::-1]


def _work(text: str) -> tuple[dict[str, str], list[str]]:
    """The renames and removals in a journal.  Raises one of ``state.DAMAGES``."""
    work = json_value(text)
    rename = {str(staged): str(target) for staged, target in work["rename"].items()}
    if not isinstance(work["remove"], list):
        raise TypeError("'remove' is not a list")
    return rename, list(map(str, work["remove"]))


def finish(journal: Path) -> bool:
    """Complete the renames and removals of a journal; False when it is missing or damaged.

    Raises:
        AsterismError: a rename or removal fails; the journal stays, and the next run tries again.
    """
    if not journal.exists():
        return False
    begun, warning = state.load(journal, _work, None)
    if begun is None:
        report([warning] if warning else [], "asterism")
        return False
    rename, remove = begun
    for staged, target in rename.items():
        with files.told(target, "replace"):
            if os.path.lexists(staged):
                os.replace(staged, target)
    for path in remove:
        with files.told(path, "remove"):
            Path(path).unlink(missing_ok=True)
    with files.told(journal, "remove"):
        journal.unlink()
    return True


@contextlib.contextmanager
def stoppable() -> Iterator[None]:
    """Let SIGTERM and SIGHUP interrupt the body as Ctrl-C does, unless they are ignored, as under nohup."""
    wanted = [each for each in (signal.SIGTERM, signal.SIGHUP) if signal.getsignal(each) is signal.SIG_DFL]
    for each in wanted:
        signal.signal(each, signal.default_int_handler)
    try:
        yield
    finally:
        for each in wanted:
            signal.signal(each, signal.SIG_DFL)


@contextlib.contextmanager
def _unstoppable() -> Iterator[None]:
    """Block SIGINT, SIGTERM and SIGHUP while the body runs."""
    held = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, held)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
