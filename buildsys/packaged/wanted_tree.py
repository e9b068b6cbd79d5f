"""What the user's tree of an installation by pip is to be, and whether it is that already.

This is asked at each start of an installation by pip, so that nothing is imported here that only a build needs.
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
from buildsys.packaged import core_key
from buildsys.packaged.core_key import Key
from buildsys.settled.tree_places import TreeLayout


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the user's tree is to be."""

    prefix: Path
    layout: TreeLayout
    key: Key

    @property
    def description(self) -> Path:
        """Its tree.json."""
        return self.prefix / self.layout.tree

    def is_met(self) -> bool:
        """Whether the tree is there as it is wanted; without a compiler, a core of any compiler will do."""
        try:
            data = json_value(read_text(self.description))
            name = str(data["core"])
            fits = name == self.key.name if self.key.compiler else name.startswith(self.key.base)
            is_whole = (self.prefix / self.layout.native / "libasterism.so").is_file()
            return fits and is_whole and data["layout"] == asdict(self.layout)
        except (AsterismError, ValueError, KeyError, TypeError):
            return False


def provide() -> None:
    """Bring the user's tree up to date: build its core when no such core is in the cache, and install it.

    The programs that this one starts use the tree without looking at it again.

    Raises:
        AsterismError: there is no compiler, or the cache or the tree cannot be written.
    """
    wanted = Wanted(Path(user_directories.prefix()), layout(), core_key.current())
    if not wanted.is_met():
        # Which only the first run needs, and takes a quarter of a second to import.
        for note in by_name("buildsys.packaged.user_tree:provide")(wanted):
            print(f"asterism: {note}", file=sys.stderr)
    os.environ[where.VARIABLE] = str(wanted.description)


def layout() -> TreeLayout:
    """Where the parts of the user's tree are.

    What changes at run time belongs to the user and to all versions. The control socket is not in XDG_RUNTIME_DIR:
    a program that cron has started would be in another place than one of a login session.
    """
    state = user_directories.directory("XDG_STATE_HOME")
    return TreeLayout(etc=user_directories.base("XDG_CONFIG_HOME"), var=state, run=f"{state}/run")
