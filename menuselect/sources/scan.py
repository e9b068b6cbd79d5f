"""Write menuselect-tree from the sources, in a fraction of a second instead of the Makefiles' eight seconds.

Every source is read once, for its MODULEINFO block, its description and its MAKEOPTS block.  The output
is that of the Makefiles byte for byte, faults included, unless clean names are requested.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from asterism import files
from asterism.errors import AsterismError, Fault, Place
from asterism.values import dataclass
from menuselect.model.menu import LOCAL
from menuselect.sources import recognition
from menuselect.sources.module_directories import (
    ModuleDirectory,
    ModuleSource,
    check_names,
    directories_of,
    makefile_of,
)
from menuselect.sources.module_files import CXX_SUFFIXES
from menuselect.sources.source_text import PYTHON, C, description, lines_of, lines_of_all, own_options

if TYPE_CHECKING:
    from menuselect.sources.makefiles import Directory, Part

TITLE = "Asterisk Module and Build Option Selection"


_OBJECTS = {C: (".o", ".i"), **dict.fromkeys(CXX_SUFFIXES, (".oo", ".ii")), PYTHON: ("", "")}


@dataclass(frozen=True, slots=True)
class TreeStyle:
    """Options for writing a tree."""

    dev_mode: bool = False
    clean_names: bool = False
    """Correct descriptions: take the first string of the macro's call, and escape it for XML."""
    preprocessed: bool = True
    adds_sources: bool = True


def tree_text(root: str | os.PathLike[str], *, dev_mode: bool | None = None, clean_names: bool | None = None) -> str:
    """menuselect-tree of a source tree; bytes that are not UTF-8 are lone surrogates.

    Args:
        root: the tree.
        dev_mode: include the options for developers; None means as configured, else without.
        clean_names: correct the descriptions that grep gets wrong; None means not in Asterisk's own trees.

    Raises:
        AsterismError: the tree has no modules, or a source cannot be read; all such faults together.
    """
    return tree_bytes(root, dev_mode=dev_mode, clean_names=clean_names).decode("utf-8", "surrogateescape")


def tree_bytes(root: str | os.PathLike[str], *, dev_mode: bool | None = None, clean_names: bool | None = None) -> bytes:
    """menuselect-tree of a source tree as bytes; see :func:`tree_text`."""
    base = Path(root)
    top, parts = makefile_of(base)
    manner = TreeStyle(
        dev_mode=_is_dev_mode(base) if dev_mode is None else dev_mode,
        clean_names=top is None if clean_names is None else clean_names,
        preprocessed=top is None or top.preprocessed,
        adds_sources=top is None or top.adds_sources,
    )
    directories = directories_of(base, top.directories if top else None)
    check_names(directories)
    if not any(directory.sources for directory in directories):
        raise AsterismError(
            Fault(
                "this tree has no modules",
                Place(os.fspath(root)),
                why=recognition.what_is_there(recognition.at(base)) or "no source here registers a module",
                cure="name a source tree or a directory of modules; 'asterism new NAME' writes a module",
                code="no-modules",
            )
        )
    faults: list[Fault] = []
    pieces = [b'<?xml version="1.0"?>\n\n<menu name="', TITLE.encode(), b'">\n']
    for part in parts:
        pieces += _part(base, part, directories, manner, faults)
    if faults:
        raise AsterismError(*faults)
    return b"".join([*pieces, b"</menu>\n"])


def _is_dev_mode(base: Path) -> bool:
    """Whether configure has enabled development mode."""
    try:
        return re.search(rb"^AST_DEVMODE\s*=\s*yes\s*$", files.read_bytes(base / "makeopts"), re.MULTILINE) is not None
    except AsterismError:
        return False


def _part(
    base: Path, part: Part, directories: list[ModuleDirectory], manner: TreeStyle, faults: list[Fault]
) -> Iterator[bytes]:
    if part.what == "modules":
        for directory in directories:
            yield from _category(base, directory, manner, faults)
    elif part.what == "makeopts":
        for directory in directories:
            yield from directory.makeopts
    elif manner.dev_mode or not part.dev_mode:
        yield from _fragment(base / part.what)


def _fragment(path: Path) -> Iterator[bytes]:
    """A file that is copied; a missing one is ignored, as make does."""
    if path.is_file():
        yield files.read_bytes(path)


def _category(base: Path, directory: ModuleDirectory, manner: TreeStyle, faults: list[Fault]) -> Iterator[bytes]:
    yield f'<category name="MENUSELECT_{directory.category}" displayname="{directory.title}">\n'.encode()
    members: dict[str, bytes] = {}
    for source in directory.sources:
        try:
            data = files.read_bytes(os.path.join(base, source.path))
        except AsterismError as error:
            faults += error.faults
            continue
        directory.makeopts += own_options(data)
        # For two sources with one name, make keeps the rule for C.
        if source.name not in members:
            members[source.name] = b"".join(_member(base, directory.made, source, data, manner))
    for name in sorted(members, key=os.fsencode):
        yield members[name]
    yield from _fragment(base / directory.name / f"{directory.category.lower()}.xml")
    yield b"</category>\n"


def _member(
    base: Path, made: Directory | None, source: ModuleSource, data: bytes, manner: TreeStyle
) -> Iterator[bytes]:
    title = description(data, source.suffix, clean=manner.clean_names)
    if made and source.name in made.fixed:
        for line in made.fixed[source.name]:
            yield line.encode("utf-8", "surrogateescape").replace(b"\0", title) + b"\n"
        return
    name = os.fsencode(source.name)
    removed = _removed(made, source, manner)
    yield b'<member name="%b" displayname="%b"%b>\n' % (name, title, removed)
    further = _further(base, made, source)
    if further:
        yield from lines_of_all([data, *further])
    else:
        yield from lines_of(data, [False])
    yield b"</member>\n"


def _removed(made: Directory | None, source: ModuleSource, manner: TreeStyle) -> bytes:
    """The remove_on_change attribute; empty for a Python module, which has no build products."""
    object_suffix, preprocessed = _OBJECTS[source.suffix]
    if not object_suffix or source.category.startswith(LOCAL):
        return b""
    stem = f"{source.directory}/{source.name}"
    names = [f"{stem}{object_suffix}", f"{stem}{preprocessed}" if manner.preprocessed else "", f"{stem}.so"]
    text = " ".join(name for name in names if name)
    added = made.added.get(source.name) if made and manner.adds_sources else None
    if added:
        objects = [path.replace(added.suffix, _OBJECTS[added.suffix][0]) for path in added.sources]
        others = [path.replace(added.suffix, _OBJECTS[added.suffix][1]) for path in added.sources]
        text += " " + " ".join(f"{source.directory}/{path}" for path in (*objects, *others))
    return f' remove_on_change="{text}"'.encode("utf-8", "surrogateescape")


def _further(base: Path, made: Directory | None, source: ModuleSource) -> list[bytes]:
    """The contents of the other sources whose blocks belong to a module."""
    if made is None:
        return []
    added = made.added.get(source.name)
    named = [*(added.sources if added else ()), *made.scanned.get(source.name, ())]
    paths = [base / source.directory / name for name in named]
    return [files.read_bytes(path) for path in paths if path.is_file()]
