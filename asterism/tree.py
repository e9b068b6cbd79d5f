"""The directory that a verb works on: its kind, and the places of its files."""

from __future__ import annotations

from asterism.light.enumeration import Enum
from asterism.values import TYPE_CHECKING, dataclass

if TYPE_CHECKING:
    from pathlib import Path

MAKEOPTS = "makeopts"
"""The file with the result of configure."""

SELECTION = "menuselect.makeopts"
"""The file with the selection of the menu."""

MAKEDEPS = "menuselect.makedeps"
"""The file with the libraries that each selected member is built with."""

MENU = "menuselect-tree"
"""The file with the members to select from."""

DEPS = "build_tools/menuselect-deps"
"""The file with the libraries that configure has found."""

DESCRIPTION = "lib/asterism/tree.json"
"""The path of tree.json below the prefix of an installed tree whose libraries are in lib."""

SETTINGS = "asterism.toml"
"""The file with the user's settings for modules."""

AUTOCONFIG = "include/asterisk/autoconfig.h"
BUILDOPTS = "include/asterisk/buildopts.h"
BUILD = "build"
"""The output directory of a build; relative to the tree, as all paths of a plan."""

BUILT = f"{BUILD}/built.json"
LOCK = f"{BUILD}/lock"
COMPILE_COMMANDS = f"{BUILD}/compile_commands.json"
LOGS = f"{BUILD}/log"
"""The directory with a log for each module."""
MANIFEST, CHECK = f"{BUILD}/build.ninja", f"{BUILD}/check.ninja"
"""The steps for ninja, and the file by which ninja says whether there is anything to do."""


class Kind(Enum):
    """The kind of a directory, for verbs; the value is its name in messages."""

    SOURCES = "a source tree of Asterism"
    MODULES = "a directory of modules"
    ASTERISK = "a source tree of Asterisk"
    PREFIX = "an installed tree"
    PACKAGE = "the installed package"
    NOTHING = "none of these"


@dataclass(frozen=True, slots=True)
class Tree:
    """A directory and its kind. A tree can be used like a path, and ``tree / name`` is a path in it.

    ``menuselect.sources.recognition.at`` makes the tree of a directory.
    """

    top: Path
    kind: Kind

    def __truediv__(self, name: str | Path) -> Path:
        return self.top / name

    def __fspath__(self) -> str:
        return str(self.top)

    def __str__(self) -> str:
        return str(self.top)

    @property
    def is_configured(self) -> bool:
        """Whether the tree is configured: makeopts exists."""
        return self.makeopts.exists()

    @property
    def makeopts(self) -> Path:
        """The file with the result of configure: makeopts."""
        return self.top / MAKEOPTS

    @property
    def selection(self) -> Path:
        """The file with the selection: menuselect.makeopts."""
        return self.top / SELECTION

    @property
    def menu(self) -> Path:
        """The file with the members to select from: menuselect-tree."""
        return self.top / MENU

    @property
    def deps(self) -> Path:
        """The file with the libraries that configure has found: menuselect-deps."""
        return self.top / DEPS

    @property
    def settings(self) -> Path:
        """The file with the user's settings for modules: asterism.toml."""
        return self.top / SETTINGS

    @property
    def include(self) -> Path:
        """The directory of the headers of a source tree."""
        return self.top / "include"

    @property
    def autoconfig(self) -> Path:
        """The header with the libraries that configure has found."""
        return self.top / AUTOCONFIG

    @property
    def buildopts(self) -> Path:
        """The header with the selected build options."""
        return self.top / BUILDOPTS

    @property
    def build(self) -> Path:
        """The output directory of builds."""
        return self.top / BUILD

    @property
    def built(self) -> Path:
        """The record of the last build: built.json."""
        return self.top / BUILT

    @property
    def lock(self) -> Path:
        """The lock file that a running build holds."""
        return self.top / LOCK

    @property
    def compile_commands(self) -> Path:
        """The file with the compile commands of all sources, for editors."""
        return self.top / COMPILE_COMMANDS
