"""Write menuselect-tree from the sources, in a fraction of a second instead of the Makefiles' eight seconds.

Every source is read once, for its MODULEINFO block, its description and its MAKEOPTS block.  The output
is that of the Makefiles byte for byte, faults included, unless clean names are requested.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from asterism import files
from asterism.errors import AsterismError, Fault, Place
from asterism.tree import SETTINGS, Kind
from asterism.values import dataclass, field
from menuselect.model.menu import LOCAL
from menuselect.sources import module_files, recognition
from menuselect.sources.module_files import CXX_SUFFIXES

if TYPE_CHECKING:
    from menuselect.sources.makefiles import Directory, Part

TITLE = "Asterisk Module and Build Option Selection"

DIRECTORIES = {
    "addons": ("Add-ons (See README-addons.txt)", ""),
    "apps": ("Applications", "app"),
    "bridges": ("Bridging Modules", "bridge"),
    "cdr": ("Call Detail Recording", "cdr"),
    "cel": ("Channel Event Logging", "cel"),
    "channels": ("Channel Drivers", "chan"),
    "codecs": ("Codec Translators", "codec"),
    "formats": ("Format Interpreters", "format"),
    "funcs": ("Dialplan Functions", "func"),
    "pbx": ("PBX Modules", "pbx"),
    "res": ("Resource Modules", "res"),
    "tests": ("Test Modules", "test"),
}
"""The module directories of a tree without Asterisk's Makefiles: title and prefix of the sources."""

C, CXX, PYTHON = ".c", ".cc", ".py"
_OBJECTS = {C: (".o", ".i"), **dict.fromkeys(CXX_SUFFIXES, (".oo", ".ii")), PYTHON: ("", "")}

_NAME = b"MODULEINFO"
_OPENING = re.compile(rb"/\*\*\* +MODULEINFO")
_CLOSING = b"***/"
_LEVEL = b"<support_level>"
_MAKEOPTS = b"/*** MAKEOPTS"
_INFO = b"AST_MODULE_INFO"


@dataclass(frozen=True, slots=True)
class ModuleSource:
    """The source file of a module."""

    name: str
    directory: str
    """The directory, relative to the tree."""
    suffix: str
    """``.c``, ``.cc`` or ``.py``."""
    category: str

    @property
    def path(self) -> str:
        """The path of the source, relative to the tree."""
        return os.path.join(self.directory, f"{self.name}{self.suffix}")


@dataclass(frozen=True, slots=True)
class TreeStyle:
    """Options for writing a tree."""

    dev_mode: bool = False
    clean_names: bool = False
    """Correct descriptions: take the first string of the macro's call, and escape it for XML."""
    preprocessed: bool = True
    adds_sources: bool = True


@dataclass(slots=True)
class _Directory:
    """A module directory with its sources, before they are read."""

    name: str
    category: str
    title: str
    sources: list[ModuleSource]
    made: Directory | None = None
    makeopts: list[bytes] = field(default_factory=list)


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
    top, parts = _makefile(base)
    manner = TreeStyle(
        dev_mode=_is_dev_mode(base) if dev_mode is None else dev_mode,
        clean_names=top is None if clean_names is None else clean_names,
        preprocessed=top is None or top.preprocessed,
        adds_sources=top is None or top.adds_sources,
    )
    directories = _directories(base, top.directories if top else None)
    _check_names(directories)
    if not any(directory.sources for directory in directories):
        raise AsterismError(
            Fault(
                "this tree has no modules",
                Place(os.fspath(root)),
                why=recognition.what_is_there(recognition.at(base)) or "no directory holds sources such as res/res_x.c",
                cure="run the command in a source tree, or name one",
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


if TYPE_CHECKING:
    from menuselect.sources.makefiles import Top


def _makefile(base: Path) -> tuple[Top | None, Sequence[Part]]:
    from menuselect.sources import makefiles

    top = makefiles.read_top(base)
    if top:
        return top, top.parts
    return None, (
        makefiles.Part("modules"),
        makefiles.Part("build_tools/cflags.xml"),
        makefiles.Part("makeopts"),
        makefiles.Part("build_tools/cflags-devmode.xml", dev_mode=True),
    )


def _is_dev_mode(base: Path) -> bool:
    """Whether configure has enabled development mode."""
    try:
        return re.search(rb"^AST_DEVMODE\s*=\s*yes\s*$", files.read_bytes(base / "makeopts"), re.MULTILINE) is not None
    except AsterismError:
        return False


def _part(
    base: Path, part: Part, directories: list[_Directory], manner: TreeStyle, faults: list[Fault]
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


def sources(root: str | os.PathLike[str]) -> list[ModuleSource]:
    """Every module of a tree, by directory and name."""
    base = Path(root)
    top, _ = _makefile(base)
    return [
        source for directory in _directories(base, top.directories if top else None) for source in directory.sources
    ]


def _directories(base: Path, names: Sequence[str] | None) -> list[_Directory]:
    if names is None and recognition.at(base).kind is Kind.MODULES:
        return list(_of_repository(base))
    found = []
    for name in DIRECTORIES if names is None else names:
        directory = _directory(base, name, made=names is not None)
        if directory and (directory.sources or names is not None):
            found.append(directory)
    return found if names is not None else [*found, *_local(base)]


def _of_repository(base: Path) -> Iterator[_Directory]:
    """The directories of a repository that hold modules; those of Asterisk's layout have Asterisk's titles."""
    listed: dict[str, list[ModuleSource]] = {}
    for path in recognition.module_sources(base):
        name, file = os.path.split(path)
        stem, suffix = os.path.splitext(file)
        listed.setdefault(name, []).append(ModuleSource(stem, name, suffix, _category_of(name)))
    for name, found in sorted(listed.items(), key=lambda each: _rank(base, each[0])):
        title = DIRECTORIES[name][0] if name in DIRECTORIES else f"Modules in {name}" if name else "Modules"
        escaped = _escaped(os.fsencode(title)).decode("utf-8", "surrogateescape")
        yield _Directory(name, _category_of(name), escaped, found)


def _rank(base: Path, name: str) -> tuple[int, int, str]:
    """The order of directories: Asterisk's, those that asterism.toml names, all others by name."""
    from menuselect.sources import settings

    orders = (list(DIRECTORIES), list(settings.load(base).directories))
    at, order = next(((at, order) for at, order in enumerate(orders) if name in order), (len(orders), [name]))
    return at, order.index(name), name


def _category_of(name: str) -> str:
    """The category of a directory of a repository."""
    if name in DIRECTORIES:
        return name.upper()
    return LOCAL + (re.sub(r"\W+", "_", name, flags=re.ASCII).strip("_").upper() or "TOP")


def _local(base: Path) -> Iterator[_Directory]:
    """The further directories that asterism.toml names, with the module sources in them."""
    if not os.path.lexists(base / SETTINGS):
        return
    from menuselect.sources import settings

    for category, name in settings.load(base).categories.items():
        title = _escaped(os.fsencode(f"Modules in {name}")).decode("utf-8", "surrogateescape")
        listed = module_files.own_sources(base / name)
        if listed:
            yield _Directory(name, category, title, [ModuleSource(*each, category) for each in _placed(name, listed)])


def _check_names(directories: list[_Directory]) -> None:
    """Refuse a module of a further directory that has the name of another module.

    Raises:
        AsterismError: two modules have one name; the faults give both places.
    """
    places: dict[str, str] = {}
    faults: list[Fault] = []
    for directory in directories:
        for source in directory.sources:
            other = places.setdefault(source.name, source.path)
            if other != source.path and directory.category.startswith(LOCAL):
                cure = f"rename one of them, or remove {source.directory} from {SETTINGS}"
                what = f"two modules are named {source.name}"
                faults.append(Fault(what, Place(source.path), f"{other} has the same name", cure, "same-name"))
    if faults:
        raise AsterismError(*faults)


def _directory(base: Path, name: str, made: bool) -> _Directory | None:
    path = base / name
    title, prefix = DIRECTORIES.get(name, (name, ""))
    if not made:
        prefixes = [prefix] if prefix else []
        listed = _by_prefix(path, prefixes, (C, CXX, PYTHON))
        return _Directory(
            name, name.upper(), title, [ModuleSource(*each, name.upper()) for each in _placed(name, listed)]
        )
    from menuselect.sources import makefiles

    said = makefiles.read_directory(path)
    category = said.variables.get("MENUSELECT_CATEGORY", "").strip()
    if not category:
        return None
    prefixes = said.variables.get("MODULE_PREFIX", "").split()
    listed = _by_prefix(path, prefixes, (C, CXX))
    if not prefixes:
        listed = [(module, C) for module in said.variables.get("ALL_C_MODS", "").split()]
        listed += [(module, CXX) for module in said.variables.get("ALL_CC_MODS", "").split()]
    title = said.variables.get("MENUSELECT_DESCRIPTION", title)
    return _Directory(name, category, title, [ModuleSource(*each, category) for each in _placed(name, listed)], said)


def _placed(directory: str, listed: list[tuple[str, str]]) -> Iterator[tuple[str, str, str]]:
    return ((module, directory, suffix) for module, suffix in listed)


def _by_prefix(path: Path, prefixes: Sequence[str], suffixes: Sequence[str]) -> list[tuple[str, str]]:
    """Names and suffixes of the sources that begin with a prefix: C before C++, each in byte order."""
    starts = tuple(f"{prefix}_" for prefix in prefixes)
    if not starts or not path.is_dir():
        return []
    found: list[tuple[str, str]] = []
    with os.scandir(path) as entries:
        names = sorted((entry.name for entry in entries), key=os.fsencode)
    for suffix in suffixes:
        found += [(name[: -len(suffix)], suffix) for name in names if name.startswith(starts) and name.endswith(suffix)]
    return [each for each in found if each[1] != PYTHON or _is_python_module(path / f"{each[0]}{PYTHON}")]


def _is_python_module(path: Path) -> bool:
    """Whether a Python file is a module source, not a test; True for an unreadable file, which is reported later."""
    try:
        return module_files.is_module(files.read_bytes(path), PYTHON)
    except AsterismError:
        return True


def _category(base: Path, directory: _Directory, manner: TreeStyle, faults: list[Fault]) -> Iterator[bytes]:
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
        yield from _lines_of_all([data, *further])
    else:
        yield from _lines(data, [False])
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


def _lines_of_all(contents: list[bytes]) -> Iterator[bytes]:
    level_seen = [False]
    for data in contents:
        yield from _lines(data, level_seen)
        # A level counts anywhere, even outside a block.
        level_seen[0] = level_seen[0] or _LEVEL in data


def _lines(data: bytes, level_seen: list[bool]) -> Iterator[bytes]:
    """The lines of the MODULEINFO blocks of a source, all levels but the first left out (``get_moduleinfo``)."""
    at = 0
    while True:
        at = data.find(_NAME, at)
        if at < 0:
            return
        line = data.rfind(b"\n", 0, at) + 1
        opening = _OPENING.search(data, line, at + len(_NAME))
        at = _line_end(data, at)
        if opening is None:
            continue
        while at < len(data):
            end = _line_end(data, at)
            text = data[at:end]
            at = end
            if _LEVEL in text:
                if level_seen[0]:
                    continue
                level_seen[0] = True
            if _CLOSING in text:
                break
            yield text if text.endswith(b"\n") else text + b"\n"


def _line_end(data: bytes, at: int) -> int:
    return data.find(b"\n", at) + 1 or len(data)


def own_options(data: bytes) -> Iterator[bytes]:
    """The lines of the first MAKEOPTS block of a source (``get_makeopts``)."""
    at = data.find(_MAKEOPTS)
    if at < 0:
        return
    start = _line_end(data, at)
    closing = data.find(_CLOSING, start)
    end = data.rfind(b"\n", 0, closing) + 1 if closing >= 0 else len(data)
    text = data[start:end]
    if text:
        yield text if text.endswith(b"\n") else text + b"\n"


def description(data: bytes, suffix: str = C, *, clean: bool = False) -> bytes:
    """The description of a module in its source.

    Args:
        data: the source.
        suffix: ``.py`` for a Python module.
        clean: take the first string of the macro's call, on any line, escaped for XML; otherwise take
            the result of grep and cut on the first line that holds the macro's name.
    """
    if suffix == PYTHON:
        return _escaped(_python_description(data))
    if clean:
        return _escaped(_macro_description(data))
    at = data.find(_INFO)
    if at < 0:
        return b""
    line = data[data.rfind(b"\n", 0, at) + 1 : _line_end(data, at)].rstrip(b"\n")
    parts = line.split(b'"')
    return parts[1] if len(parts) > 1 else line


_CALL = re.compile(rb"^[ \t]*AST_MODULE_INFO\w*\s*\(", re.MULTILINE)
_STRINGS = re.compile(rb'"((?:[^"\\\n]|\\.)*)"(?:\s*"((?:[^"\\\n]|\\.)*)")*')
_STRING = re.compile(rb'"((?:[^"\\\n]|\\.)*)"')


def _macro_description(data: bytes) -> bytes:
    start = data.find(_INFO)
    call = _CALL.search(data, data.rfind(b"\n", 0, start) + 1) if start >= 0 else None
    if call is None:
        return description(data)
    end = data.find(b";", call.end())
    strings = _STRINGS.search(data, call.end(), end if end >= 0 else len(data))
    return _unescaped(b"".join(_STRING.findall(strings[0]))) if strings else b""


def _unescaped(text: bytes) -> bytes:
    return re.sub(rb"\\(.)", rb"\1", text)


_PYTHON_CALL = re.compile(rb"^MODULE\b[^=\n]*=\s*(?:\w+\.)*ModuleInfo\s*\(", re.MULTILINE)
_PYTHON_TEXT = re.compile(rb"""(?:\A|[(,]\s*description\s*=)\s*[rRuU]?("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')""")


def _python_description(data: bytes) -> bytes:
    """The first argument of ``MODULE = ModuleInfo("...")``, or its argument ``description``."""
    call = _PYTHON_CALL.search(data)
    text = _PYTHON_TEXT.search(data[call.end() : call.end() + 2000]) if call else None
    return _unescaped(text[1][1:-1]) if text else b""


def _escaped(text: bytes) -> bytes:
    return text.replace(b"&", b"&amp;").replace(b"<", b"&lt;").replace(b">", b"&gt;").replace(b'"', b"&quot;")
