"""A tree changed all at once: everything is written beside its place first, and then takes it.

A full disk, a missing permission or an interruption while files are staged leaves the old tree, and no
trace.  Taking the places is a row of renames; a journal says which, so that a run that was killed in
the middle of them is brought to its end by the next.
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
"""Staged files are named after their place, with this before it."""


EPOCH = "SOURCE_DATE_EPOCH"
"""Names the latest time that an installed file may have, in seconds since 1970 (reproducible-builds.org)."""


def no_later(nanoseconds: int) -> int:
    """A time of change, or that of SOURCE_DATE_EPOCH when it is later.

    Raises:
        AsterismError: the variable holds no number.
    """
    text = os.environ.get(EPOCH, "")
    latest = number(text)
    if text and latest is None:
        cure = "write seconds since 1970, or unset it"
        raise AsterismError(Fault(f"{EPOCH}={text} is not a number", cure=cure, code="bad-option"))
    return nanoseconds if latest is None else min(nanoseconds, latest * 10**9)


@dataclass(slots=True)
class Stage:
    """Changes that wait to be made.

    Use it as a context: leaving it undoes everything, unless :meth:`commit` has made it so. Of two at once
    in one tree the second waits for the first.

    Args:
        journal: where the list of renames is kept while they are under way; the lock is beside it.
    """

    journal: Path
    made: list[Path] = field(default_factory=list)
    """Directories that were made, parents first."""
    recovered: bool = False
    """Whether a run that was killed has been tidied up after."""
    _staged: dict[Path, Path] = field(default_factory=dict)
    _removed: list[Path] = field(default_factory=list)
    _trail: int = -1
    """Descriptor of the trail, once there is one."""
    _lock: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)
    _vanish: Callable[[], None] = lambda: None
    """Takes the lock's file away while it is still held."""
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
        # What the killed run has made is ours now.
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
        """The directory of journal and lock, as the first that is made here."""
        self.made = [each for each in self.made if each.exists()]
        self.directory(self.journal.parent)

    def _tell(self, holder: str) -> None:
        what = f"another install or uninstall works in {self.journal.parent} ({holder}); waiting for it"
        print(f"asterism: {what}", file=sys.stderr, flush=True)

    def _note(self, kind: str, path: Path) -> None:
        """Leave a trail, by which a run that was killed can be tidied up after."""
        if not self._is_locked:
            return
        if self._trail < 0:
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
            self._trail = os.open(_trail_of(self.journal), flags, 0o644)
            for each in self.made:
                self._note("d", each)
        os.write(self._trail, os.fsencode(f"{kind}{path}\0"))

    def directory(self, path: Path, mode: int = 0o755) -> None:
        """Make a directory and its parents, with a mode for the last of them."""
        missing = [each for each in (path, *path.parents) if not os.path.lexists(each)]
        with files.told(path, "make"):
            for each in reversed(missing):
                try:
                    each.mkdir()
                except FileExistsError:  # another install was faster; what else it can be is told below
                    continue
                # The umask of whoever installs is about their own files.
                each.chmod(mode if each == path else 0o755)
                self.made.append(each)
                self._note("d", each)
            if not path.is_dir():
                raise NotADirectoryError(20, os.strerror(20))

    def write(self, target: Path, data: bytes, mode: int = 0o644, times: tuple[int, int] | None = None) -> None:
        """Stage a file.

        Args:
            target: the place it will take.
            data: its bytes.
            mode: its permission bits.
            times: its times of access and change in nanoseconds; now when they are not given.  Neither is later than
                SOURCE_DATE_EPOCH.
        """
        staged = self._beside(target)
        with files.told(target, "write"):
            self._note("f", staged)
            staged.write_bytes(data)
            staged.chmod(mode)
            _set_times(staged, times)

    def remove(self, target: Path) -> None:
        """Let a file go when the change is made."""
        self._removed.append(target)

    def _beside(self, target: Path) -> Path:
        self.directory(target.parent)
        staged = target.with_name(PREFIX + target.name)
        self._staged[staged] = target
        return staged

    def commit(self) -> None:
        """Make the changes; a signal to stop is heard when they are made."""
        if not self._staged and not self._removed:
            self._is_done = True
            return
        renames = {str(staged): str(target) for staged, target in self._staged.items()}
        with _unstoppable():
            files.write(self.journal, json.dumps({"rename": renames, "remove": [str(each) for each in self._removed]}))
            finish(self.journal)
            self._is_done = True

    def _undo(self) -> None:
        # A journal that is written is a promise: what it lists is brought to its end, not undone.
        promised = self._is_locked and self.journal.exists()
        for staged in () if promised else self._staged:
            with contextlib.suppress(OSError):
                staged.unlink()
        if not promised:
            self.remove_directories(self.made)
        self._lock.close()

    def remove_directories(self, directories: Sequence[Path]) -> None:
        """Remove directories that are empty, parents being listed first; the last act in a tree."""
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
    """Tidy up after a run that was killed: finish what it had begun to rename, take away what it had staged.

    Returns:
        Directories that it had made and that are not empty; None when there was nothing to tidy up.
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
    """What a journal says is to be renamed, and what removed.  Raises one of ``state.DAMAGES``."""
    work = json_value(text)
    rename = {str(staged): str(target) for staged, target in work["rename"].items()}
    if not isinstance(work["remove"], list):
        raise TypeError("'remove' is not a list")
    return rename, list(map(str, work["remove"]))


def finish(journal: Path) -> bool:
    """Bring the renames and removals of a journal to their end; False when there is none, or it is damaged.

    Raises:
        AsterismError: the system refuses one; the journal stays, and the next run tries again.
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
    """Let SIGTERM and SIGHUP stop the body as Ctrl-C does, unless they are ignored, as under nohup."""
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
    """Hold SIGINT, SIGTERM and SIGHUP back while the body runs."""
    held = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, held)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
