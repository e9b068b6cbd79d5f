"""The wanted state of the user's tree of an installation by pip, and whether the tree has it.

The check runs at each start of an installation by pip, so this module imports nothing that only a build needs.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from asterism.errors import AsterismError
from asterism.files import read_text
from asterism.home import user_directories, where
from asterism.home.loading import by_name
from asterism.parsing import json_value
from asterism.values import asdict, dataclass
from buildsys.installing import manifest
from buildsys.on_demand import core_key
from buildsys.on_demand.core_key import Key
from buildsys.settled.tree_places import TreeLayout


@dataclass(frozen=True, slots=True)
class Wanted:
    """The wanted state of the user's tree."""

    prefix: Path
    layout: TreeLayout
    key: Key

    @property
    def description(self) -> Path:
        """The path of the tree.json."""
        return self.prefix / self.layout.tree

    def is_met(self) -> bool:
        """Whether the tree exists in the wanted state; without a compiler, a core of any compiler is accepted."""
        try:
            data = json_value(read_text(self.description))
            name = str(data["core"])
            fits = name == self.key.name if self.key.compiler else name.startswith(self.key.base)
            return fits and data["layout"] == asdict(self.layout) and self._is_whole()
        except (AsterismError, ValueError, KeyError, TypeError):
            return False

    def _is_whole(self) -> bool:
        """Whether each file that was installed is there with its size; configuration belongs to the user."""
        listed = manifest.load_file(self.prefix / self.layout.manifest)
        return listed is not None and all(
            entry.is_config or _size(os.path.join(self.prefix, entry.path)) == entry.size
            for entry in listed.entries.values()
        )


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size
    except OSError:
        return -1


def provide() -> None:
    """Bring the user's tree up to date: build its core when the cache lacks it, and install it.

    Programs started by this one use the tree without checking it again.

    Raises:
        AsterismError: no compiler is found, or the cache or the tree cannot be written.
    """
    wanted = Wanted(Path(user_directories.prefix()), layout(), core_key.current())
    if not wanted.is_met():
        # Only the first run needs this module, whose import takes a quarter of a second.
        for note in by_name("buildsys.on_demand.user_tree:provide")(wanted):
            print(f"asterism: {note}", file=sys.stderr)
    os.environ[where.VARIABLE] = str(wanted.description)


def layout() -> TreeLayout:
    """The layout of the user's tree.

    Files that change at run time belong to the user and are shared by all versions. The control socket is not in
    XDG_RUNTIME_DIR, since a program started by cron would use another directory than one of a login session.
    """
    state = user_directories.directory("XDG_STATE_HOME")
    return TreeLayout(etc=user_directories.base("XDG_CONFIG_HOME"), var=state, run=f"{state}/run")
