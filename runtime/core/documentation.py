"""Documentation of applications, functions and actions, from their registrations and from the installed files.

The files are read at a look-up, never at the start.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable

from asterism import files
from asterism.documentation.layout import Texts, texts
from asterism.errors import AsterismError, Fault, Place
from asterism.values import TYPE_CHECKING
from runtime.core.actions import Action
from runtime.core.registry import Application, Function

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from asterism.documentation.library import Library

Signature = tuple[tuple[str, int, int], ...]
"""Path, modification time in nanoseconds and size in bytes of each file."""
LANGUAGE = "en_US"
_KINDS = {Application: "application", Function: "function", Action: "manager"}


class Documentation:
    """The entries of the files in ``astdatadir/documentation`` and its directory ``thirdparty``.

    Changed files are read again at the next look-up, so that a newly installed module's documentation is found.

    Args:
        directory: astdatadir.
        warn: receives the fault of each unreadable file, once for each state of the files.
    """

    def __init__(self, directory: str, warn: Callable[[Fault], object]) -> None:
        self._directory = directory
        self._warn = warn
        self._reading = threading.Lock()
        self._seen: Signature | None = None
        self._library: Library | None = None

    def of(self, entry: Application | Function | Action) -> Texts:
        """The documentation of an entry: each text from its registration or, where that is empty, from the files."""
        own = _own(entry)
        written = self._written(_KINDS[type(entry)], entry.name, entry.module or "")
        return Texts(*(getattr(own, part) or getattr(written, part) for part in Texts.__match_args__))

    def _written(self, kind: str, name: str, module: str) -> Texts:
        with self._reading:
            found = self._current().find(kind, name, module)
        return Texts() if found is None else texts(found)

    def _current(self) -> Library:
        """The entries of the current files."""
        from asterism.documentation.library import Library  # XML: 10 ms that no start pays

        signature = tuple(_stamped(self._files()))
        if self._library is None or signature != self._seen:
            self._seen = signature
            self._library = Library(element for path, _, _ in signature for element in self._read(path))
        return self._library

    def _files(self) -> list[str]:
        """The paths of the files, the core's own first (main/xmldoc.c, ``xmldoc_load_documentation``)."""
        import glob  # 1 ms: only a look-up needs it

        place = os.path.join(glob.escape(self._directory), "documentation")
        names = (f"*-{LANGUAGE}.xml", f"thirdparty/*-{LANGUAGE}.xml")
        return [path for name in names for path in sorted(glob.glob(os.path.join(place, name)))]

    def _read(self, path: str) -> list[Element]:
        from asterism.documentation.blocks import loads  # XML: 10 ms that no start pays

        try:
            return loads(files.read_text(path))
        except ValueError as error:
            cure = "install the modules that it is of again"
            self._warn(Fault("the documentation is not XML", Place(path), str(error), cure, "bad-documentation"))
        except AsterismError as error:
            for fault in error.faults:
                self._warn(fault)
        return []


def _own(entry: Application | Function | Action) -> Texts:
    """The texts that an entry was registered with."""
    if isinstance(entry, Action):
        headers = "\n".join(f"{name}: {about}" for name, about in (("Action", entry.name), *entry.syntax))
        return Texts(entry.synopsis, description=entry.description, syntax=headers if entry.syntax else "")
    see_also = entry.see_also if isinstance(entry, Function) else ""
    return Texts(entry.synopsis, "", entry.description, entry.syntax, entry.arguments, see_also)


def _stamped(paths: Iterable[str]) -> Iterable[tuple[str, int, int]]:
    for path in paths:
        try:
            status = os.stat(path)
        except OSError:
            continue
        yield path, status.st_mtime_ns, status.st_size
