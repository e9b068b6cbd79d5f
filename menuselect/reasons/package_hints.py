"""The command that installs missing libraries on this system."""

from __future__ import annotations

from collections.abc import Iterable

from asterism import files
from asterism.errors import AsterismError
from menuselect.model import known_libraries


def package_hint(names: Iterable[str], system: str = "") -> str:
    """The command that installs the missing libraries on a system; empty when no package is known."""
    where = system or host_system()
    libraries = [found for name in names if (found := known_libraries.find(name))]
    packages = [dict(library.packages).get(where) for library in libraries]
    known = dict.fromkeys(package for package in packages if package)
    return f"try '{known_libraries.INSTALL[where]} {' '.join(known)}'" if known else ""


def host_system(release: str = "/etc/os-release") -> str:
    """The family of this system, a key of ``known_libraries.SYSTEMS``; Debian when ``ID`` and ``ID_LIKE`` name none."""
    try:
        text = files.read_text(release)
    except AsterismError:
        text = ""
    names = " ".join(line.partition("=")[2] for line in text.splitlines() if line.startswith(("ID=", "ID_LIKE=")))
    return next((name for name in known_libraries.SYSTEMS if name in names.replace("rhel", "fedora")), "debian")
