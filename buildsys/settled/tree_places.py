"""The places of the parts of an install tree."""

from __future__ import annotations

import os

from asterism.values import dataclass
from buildsys.settled.configuration import Directories

ABI_FLAGS = ("-fPIC", "-pthread", "-D_GNU_SOURCE", "-D_REENTRANT")
"""The flags that every module is compiled with, on every system."""

VOLATILE = ("/run", "/var/run")
"""Directories that are empty after each boot, so nothing is installed in them."""


@dataclass(frozen=True, slots=True)
class TreeLayout:
    """The directories of an install tree: relative to its prefix, absolute where they lie outside of it."""

    lib: str = "lib"
    include_dir: str = "include"
    bin: str = "bin"
    sbin: str = "sbin"
    etc: str = "etc"
    var: str = "var"
    run: str = "var/run"
    data: str = "share"
    man: str = "share/man"
    doc: str = "share/doc/asterism"
    units: str = "lib/systemd/system"
    """The directory of the systemd unit; empty to install none."""

    @property
    def home(self) -> str:
        """The directory of Asterism's own files."""
        return f"{self.lib}/asterism"

    @property
    def modules(self) -> str:
        """The directory of the modules."""
        return f"{self.home}/modules"

    @property
    def native(self) -> str:
        """The directory of libasterism.so."""
        return f"{self.home}/native"

    @property
    def packages(self) -> str:
        """The directory of the Python packages."""
        return f"{self.home}/python"

    @property
    def ninja(self) -> str:
        """The program that runs builds."""
        return f"{self.home}/bin/ninja"

    @property
    def include(self) -> str:
        """The directory of the headers for modules."""
        return f"{self.include_dir}/asterism"

    @property
    def tree(self) -> str:
        """The file that describes the tree to the programs in it."""
        return f"{self.home}/tree.json"

    @property
    def manifest(self) -> str:
        """The file that lists the installed files."""
        return f"{self.home}/manifest.json"

    @property
    def manifests(self) -> str:
        """The directory of manifests of modules installed from outside of the source tree."""
        return f"{self.home}/modules.d"

    @property
    def pkg_config(self) -> str:
        """The file for pkg-config."""
        return f"{self.lib}/pkgconfig/asterism.pc"

    @property
    def launcher(self) -> str:
        """The program ``asterism``."""
        return f"{self.sbin}/asterism"

    @property
    def menuselect(self) -> str:
        """The program ``menuselect``."""
        return f"{self.bin}/menuselect"

    @property
    def journal(self) -> str:
        """The record that an install keeps while it renames files (:mod:`buildsys.installing.staging`)."""
        return f"{self.home}/install.journal"

    @property
    def trail(self) -> str:
        """The record that an install keeps while it writes files."""
        return f"{self.home}/install.trail"

    @property
    def lock(self) -> str:
        """The lock file of an install."""
        return f"{self.home}/install.lock"

    @property
    def owned(self) -> tuple[str, ...]:
        """Directories that contain installed files only."""
        return self.home, self.include

    @property
    def code(self) -> tuple[str, ...]:
        """Directories that every user has to be able to read."""
        return *self.owned, self.sbin, os.path.dirname(self.pkg_config)

    @property
    def directories(self) -> dict[str, str]:
        """The directories of asterisk.conf."""
        library = f"{self.var}/lib/asterism"
        return {
            "astetcdir": f"{self.etc}/asterism",
            "astmoddir": self.modules,
            "astvarlibdir": library,
            "astdbdir": library,
            "astkeydir": library,
            "astdatadir": library,
            "astagidir": f"{library}/agi-bin",
            "astspooldir": f"{self.var}/spool/asterism",
            "astrundir": f"{self.run}/asterism",
            "astlogdir": f"{self.var}/log/asterism",
            "astcachedir": f"{self.var}/cache/asterism",
            "astsbindir": self.sbin,
        }


def layout_of(where: Directories) -> TreeLayout:
    """The layout of a tree for the directories of configure."""
    filled = where.resolved()

    def at(directory: str) -> str:
        return relative(directory, filled.prefix) if directory else ""

    return TreeLayout(
        lib=at(filled.libdir),
        include_dir=at(filled.includedir),
        bin=at(filled.bindir),
        sbin=at(filled.sbindir),
        etc=at(filled.sysconfdir),
        var=at(filled.localstatedir),
        run=at(filled.runstatedir),
        data=at(filled.datadir),
        man=at(filled.mandir),
        doc=at(filled.docdir),
        units=at(filled.systemdsystemunitdir),
    )


def relative(path: str, prefix: str) -> str:
    """A path as the manifest records it: relative to the prefix when it is below it, else unchanged."""
    inside = os.path.commonpath([path, prefix]) == os.path.normpath(prefix)
    return os.path.relpath(path, prefix) if inside else path


def way(path: str, start: str, prefix: str) -> str:
    """The path by which a program finds a part of its tree from its own directory.

    Args:
        path: the part, relative to the prefix or absolute, as in a layout.
        start: the program's directory, in the form of ``path``.
        prefix: the prefix of the tree.

    Returns:
        A path relative to ``start`` when both are below the prefix, so that the tree can be moved; otherwise an
        absolute path.
    """
    if os.path.isabs(path) or os.path.isabs(start):
        return os.path.normpath(os.path.join(prefix, path))
    return os.path.relpath(path or ".", start)
