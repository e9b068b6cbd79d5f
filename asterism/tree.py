"""The directory that a verb works on: what it is, and where its files are."""

from __future__ import annotations

import enum

from asterism.home.where import DESCRIPTION as DESCRIPTION
from asterism.values import TYPE_CHECKING, dataclass

if TYPE_CHECKING:
    from pathlib import Path

MAKEOPTS = "makeopts"
"""What configure has settled."""

SELECTION = "menuselect.makeopts"
"""What is chosen in the menu."""

MENU = "menuselect-tree"
DEPS = "build_tools/menuselect-deps"
"""The libraries that configure has found."""

SETTINGS = "asterism.toml"
AUTOCONFIG = "include/asterisk/autoconfig.h"
BUILDOPTS = "include/asterisk/buildopts.h"
BUILD = "build"
"""Where everything made goes; relative to the tree, as are all paths of a plan."""

BUILT = f"{BUILD}/built.json"
LOCK = f"{BUILD}/lock"
COMPILE_COMMANDS = f"{BUILD}/compile_commands.json"


class Kind(enum.Enum):
    """What a directory is to the verbs; the value says it in a message."""

    SOURCES = "a source tree of Asterism"
    MODULES = "a directory of modules"
    ASTERISK = "a source tree of Asterisk"
    PREFIX = "an installed tree"
    PACKAGE = "the installed package"
    NOTHING = "none of these"


@dataclass(frozen=True, slots=True)
class Tree:
    """A directory and its kind; can be used wherever a path can, and ``tree / name`` is a path in it.

    ``menuselect.sources.recognition.at`` makes one of a directory.
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
        """Whether configure has settled how this tree is built."""
        return self.makeopts.exists()

    @property
    def makeopts(self) -> Path:
        """What configure has settled."""
        return self.top / MAKEOPTS

    @property
    def selection(self) -> Path:
        """What is chosen: menuselect.makeopts."""
        return self.top / SELECTION

    @property
    def menu(self) -> Path:
        """What can be chosen: menuselect-tree."""
        return self.top / MENU

    @property
    def deps(self) -> Path:
        """The libraries that configure has found: menuselect-deps."""
        return self.top / DEPS

    @property
    def settings(self) -> Path:
        """What its owner adds to its modules: asterism.toml."""
        return self.top / SETTINGS

    @property
    def include(self) -> Path:
        """The headers of a source tree."""
        return self.top / "include"

    @property
    def autoconfig(self) -> Path:
        """The header of what configure has found."""
        return self.top / AUTOCONFIG

    @property
    def buildopts(self) -> Path:
        """The header of the chosen build options."""
        return self.top / BUILDOPTS

    @property
    def build(self) -> Path:
        """Where everything made goes."""
        return self.top / BUILD

    @property
    def built(self) -> Path:
        """What the last good build has made."""
        return self.top / BUILT

    @property
    def lock(self) -> Path:
        """Held while a build is under way."""
        return self.top / LOCK

    @property
    def compile_commands(self) -> Path:
        """How each source is compiled, for editors."""
        return self.top / COMPILE_COMMANDS
