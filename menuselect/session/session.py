"""A session with a tree: the menu, the results of configure, the selection, and their files.

The menu, the drop-in and the verbs of ``asterism`` work on a :class:`Session`::

    session = Session.open("/usr/src/asterisk")
    change = session.selection.enable(session.menu.find("res_curl"))
    print(session.save())
"""

from __future__ import annotations

import fcntl
import os

from asterism import files
from asterism.errors import AsterismError, Fault
from asterism.light import contexts
from asterism.tree import DEPS, MAKEDEPS, MENU, SELECTION
from asterism.values import TYPE_CHECKING
from menuselect.choice.selection import Selection
from menuselect.model import buffer_limits, deps, tree_file
from menuselect.model.buffer_limits import Limits
from menuselect.model.deps import Deps
from menuselect.model.menu import Menu, fold
from menuselect.model.notices import Note
from menuselect.session import file_actions, makeopts
from menuselect.session.makeopts import Config

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_HELD: set[str] = set()
"""The trees that this process has locked, so that nested locks do not block."""


class Session:
    """An open tree.

    Attributes:
        menu: the members that can be built.
        deps: the results of configure.
        selection: the state of every member.
        configs: the files that were read, in order.
        existing: whether ``menuselect.makeopts`` was among them; without it the defaults apply.
        notes: input that readers ignored.
        faults: files that :meth:`save` could not clean up.
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
        configs: Iterable[str] = (SELECTION,),
        menu: Menu | None = None,
    ) -> Session:
        """Open a tree and read its configuration; missing files are ignored.

        A tree that was never configured has unknown dependencies; a tree without a saved selection has
        its defaults.

        Args:
            directory: the tree.
            configs: makeopts files to read, in order, relative to the tree; those that do not exist are ignored.
            menu: the menu, when it does not come from ``menuselect-tree``.

        Raises:
            AsterismError: ``menuselect-tree`` is missing or malformed, or another file cannot be read.
        """
        base = os.fspath(directory)
        notes: tuple[Note, ...] = ()
        if menu is None:
            read = tree_file.load(_below(base, MENU))
            menu, notes = read.menu, read.notes
        session = cls(base, menu, deps.load_if_there(_below(base, DEPS)), notes)
        for config in configs:
            if not session.read(config) and os.path.lexists(_below(base, config)):
                # The file exists but is not readable: to continue would replace it with the defaults.
                files.read_bytes(_below(base, config))
        session.prepare()
        return session

    @classmethod
    def of_files(cls, directory: str | os.PathLike[str] = ".", limit: Limits = buffer_limits.NONE) -> Session:
        """Open a tree for the drop-in: menuselect-tree and menuselect-deps must exist; no configuration is read yet.

        Raises:
            AsterismError: one of the files is missing; status 255.
        """
        base = os.fspath(directory)
        read = tree_file.load(_below(base, MENU), limit)
        return cls(base, read.menu, deps.load(_below(base, DEPS), limit), read.notes, limit)

    @property
    def directory(self) -> Path:
        """The directory of the tree; all files are read and written there."""
        from pathlib import Path  # takes as long as starting Python, and the drop-in does not need it

        return Path(self._directory)

    def read(self, name: str) -> bool:
        """Read a makeopts file; false when it does not exist (``parse_existing_config`` of menuselect.c)."""
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
        # As in the original, './menuselect.makeopts' counts as another file.
        self.existing = self.existing or fold(name) == SELECTION
        return True

    def prepare(self) -> None:
        """Settle the files that were read, and apply the defaults if ``menuselect.makeopts`` was not among them."""
        self.selection.settle()
        if not self.existing:
            self.notes += self.selection.apply_defaults()
            self.selection.settle()

    @property
    def is_changed(self) -> bool:
        """Whether saving would change menuselect.makeopts."""
        try:
            return files.read_text(_below(self._directory, SELECTION)) != makeopts.dumps(self.selection)
        except AsterismError:
            return True

    @contexts.contextmanager
    def locked(self) -> Iterator[None]:
        """Lock the tree against other sessions while the body reads, changes and saves; may be nested."""
        place = os.path.realpath(self._directory)
        if place in _HELD:
            yield
            return
        with files.told(self._directory, "lock"):
            handle = os.open(self._directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            # The lock is on the directory, so that no lock file is left in the tree.
            with contexts.suppress(OSError):
                fcntl.flock(handle, fcntl.LOCK_EX)
            _HELD.add(place)
            yield
        finally:
            _HELD.discard(place)
            os.close(handle)

    def save(self) -> str:
        """Write menuselect.makeopts and menuselect.makedeps, and clean up after changed members.

        Returns:
            The sentence to print.

        Raises:
            AsterismError: a file cannot be written; the old file is unchanged.
        """
        with self.locked():
            written = files.write(_below(self._directory, SELECTION), makeopts.dumps(self.selection))
            if self.existing:
                self.faults = file_actions.perform(self._directory, file_actions.plan(self.selection))
            files.write(_below(self._directory, MAKEDEPS), makeopts.dumps_makedeps(self.selection))
        self.selection.mark_saved()
        self.existing = True
        return f"configuration saved to '{SELECTION}'" if written else f"no change to '{SELECTION}'"


def _below(directory: str, name: str) -> str:
    """The name of a file in messages: without the ``./`` of the current directory."""
    return name if directory == "." else os.path.join(directory, name)
