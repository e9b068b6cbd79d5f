"""One sitting with one tree: its menu, what configure found, what is chosen, and the files all that lives in.

The menu, the drop-in and the verbs of ``asterism`` work on a :class:`Session`::

    session = Session.open("/usr/src/asterisk")
    change = session.selection.enable(session.menu.find("res_curl"))
    print(session.save())
"""

from __future__ import annotations

import contextlib
import fcntl
import os

from asterism import files
from asterism.errors import AsterismError, Fault
from asterism.values import TYPE_CHECKING
from menuselect.choice.selection import Selection
from menuselect.model import buffer_limits, deps, tree_file
from menuselect.model.buffer_limits import Limits
from menuselect.model.deps import Deps
from menuselect.model.menu import Menu, fold
from menuselect.model.notices import Note
from menuselect.session import file_actions, makeopts
from menuselect.session.makeopts import MAKEDEPS, MAKEOPTS, Config

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_HELD: set[str] = set()
"""The trees this process has locked: a lock of its own must not keep it out."""


class Session:
    """A tree that is being chosen from.

    Attributes:
        menu: what can be built.
        deps: what configure found.
        selection: what is chosen.
        configs: the files that were read, in order.
        existing: whether ``menuselect.makeopts`` was among them; without it defaults hold.
        notes: what readers passed over.
        faults: what :meth:`save` could not clean up.
    """

    def __init__(
        self,
        directory: str | os.PathLike[str],
        menu: Menu,
        found: Deps,
        notes: Iterable[Note] = (),
        limit: Limits = buffer_limits.NONE,
    ) -> None:
        self._directory = os.fspath(directory)
        self.menu = menu
        self.deps = found
        self.selection = Selection(menu, found, limit)
        self.configs: list[Config] = []
        self.existing = False
        self.notes: list[Note] = [*notes, *found.notes]
        self.faults: list[Fault] = []
        self._limit = limit

    @classmethod
    def open(
        cls,
        directory: str | os.PathLike[str] = ".",
        configs: Iterable[str] = (MAKEOPTS,),
        menu: Menu | None = None,
    ) -> Session:
        """Open a tree and read its configuration; what is missing does not matter.

        A tree that was never configured has unknown dependencies; one that was never chosen from has
        its defaults.

        Args:
            directory: the tree.
            configs: makeopts files to read, in order, relative to the tree; those that do not exist are passed over.
            menu: what can be built, when it does not come from ``menuselect-tree``.

        Raises:
            AsterismError: ``menuselect-tree`` is missing or malformed, or another file cannot be read.
        """
        base = os.fspath(directory)
        notes: tuple[Note, ...] = ()
        if menu is None:
            read = tree_file.load(_below(base, tree_file.FILE))
            menu, notes = read.menu, read.notes
        session = cls(base, menu, deps.load_if_there(_below(base, deps.FILE)), notes)
        for config in configs:
            if not session.read(config) and os.path.lexists(_below(base, config)):
                # There, and not readable: going on would replace it with the defaults.
                files.read_bytes(_below(base, config))
        session.prepare()
        return session

    @classmethod
    def of_files(cls, directory: str | os.PathLike[str] = ".", limit: Limits = buffer_limits.NONE) -> Session:
        """The tree of a drop-in: menuselect-tree and menuselect-deps must be there; no configuration is read yet.

        Raises:
            AsterismError: one of them is not; status 255.
        """
        base = os.fspath(directory)
        read = tree_file.load(_below(base, tree_file.FILE), limit)
        return cls(base, read.menu, deps.load(_below(base, deps.FILE), limit), read.notes, limit)

    @property
    def directory(self) -> Path:
        """The tree; all files are read and written there."""
        from pathlib import Path  # as long as starting Python, and the drop-in never asks

        return Path(self._directory)

    def read(self, name: str) -> bool:
        """Read a makeopts file; false when there is none (``parse_existing_config`` of menuselect.c)."""
        path = _below(self._directory, name)
        try:
            text = files.read_text(path)
        except AsterismError as error:
            if files.is_refused(error):
                raise
            return False
        config = makeopts.loads(text, name, self._limit)
        self.configs.append(config)
        self.notes += makeopts.apply(config, self.selection)
        # Exactly so in the original: './menuselect.makeopts' is another file.
        self.existing = self.existing or fold(name) == MAKEOPTS
        return True

    def prepare(self) -> None:
        """Settle what was read, and apply the defaults if there was no configuration before."""
        self.selection.settle()
        if not self.existing:
            self.notes += self.selection.apply_defaults()
            self.selection.settle()

    @property
    def is_changed(self) -> bool:
        """Whether saving would change menuselect.makeopts."""
        try:
            return files.read_text(_below(self._directory, MAKEOPTS)) != makeopts.dumps(self.selection)
        except AsterismError:
            return True

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other sittings with this tree out while the body reads, changes and saves; may be nested."""
        place = os.path.realpath(self._directory)
        if place in _HELD:
            yield
            return
        with files.told(self._directory, "lock"):
            handle = os.open(self._directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            # The directory itself is the lock, so that none is left lying about in somebody's tree.
            with contextlib.suppress(OSError):
                fcntl.flock(handle, fcntl.LOCK_EX)
            _HELD.add(place)
            yield
        finally:
            _HELD.discard(place)
            os.close(handle)

    def save(self) -> str:
        """Write menuselect.makeopts and menuselect.makedeps, and clean up after what changed.

        Returns:
            The sentence that says so.

        Raises:
            AsterismError: a file cannot be written; the old one is whole.
        """
        with self.locked():
            written = files.write(_below(self._directory, MAKEOPTS), makeopts.dumps(self.selection))
            if self.existing:
                self.faults = file_actions.perform(self._directory, file_actions.plan(self.selection))
            files.write(_below(self._directory, MAKEDEPS), makeopts.dumps_makedeps(self.selection))
        self.selection.mark_saved()
        self.existing = True
        return f"configuration saved to '{MAKEOPTS}'" if written else f"no change to '{MAKEOPTS}'"


def _below(directory: str, name: str) -> str:
    """The file's name as messages show it: without the ``./`` of the current directory."""
    return name if directory == "." else os.path.join(directory, name)
