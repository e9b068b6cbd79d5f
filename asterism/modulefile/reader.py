"""The reader of module files: from bytes to a value or a fault."""

from __future__ import annotations

import contextlib
import struct
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePath

from asterism import files
from asterism.errors import AsterismError, Fault, Place
from asterism.modulefile import elf, marks, pythonsource, record
from asterism.modulefile.content import ModuleFile, Need
from asterism.modulefile.enums import level_name
from asterism.modulefile.faults import registers_nothing
from asterism.modulefile.image import GLOBAL, UNIQUE, WEAK, Image
from asterism.values import replace

_LINKERS_OWN = frozenset({"_init", "_fini", "_edata", "_end", "__bss_start"})
_DAMAGE = (struct.error, ValueError, LookupError, ArithmeticError, MemoryError, RecursionError)
"""The exceptions that invalid tables raise."""


def read(path: Path) -> ModuleFile:
    """Read a module's file, ``NAME.so`` or ``NAME.py``.

    Raises:
        AsterismError: the file cannot be read, is damaged, or is not a module.
    """
    if path.suffix == ".py":
        return parse_python(files.read_bytes(path), str(path))
    if path.suffix != ".so":
        cure = "name a NAME.so or NAME.py"
        raise AsterismError(Fault("it is not named like a module", place=Place(str(path)), cure=cure, code="no-module"))
    found = parse_shared(files.read_bytes(path, files.BINARY), str(path))
    if not found.name:
        raise AsterismError(registers_nothing(path))
    return found


def parse_shared(data: bytes, path: str) -> ModuleFile:
    """Parse a shared object for any machine; the result has no name when the file registers no module.

    Raises:
        AsterismError: the bytes are not a shared object, or a damaged one (``not-elf``).
    """
    elf.check_whole(path, data)
    with _damage_told(path):
        return _shared(Image(data), data, path)


def exports_of(data: bytes, path: str) -> frozenset[str]:
    """The symbols that a shared object or program exports.  Raises AsterismError as :func:`parse_shared` does."""
    elf.check_linked(path, data)
    with _damage_told(path):
        return frozenset(_symbols(Image(data))[0])


def needs_of(data: bytes, path: str) -> tuple[tuple[Need, ...], tuple[str, ...]]:
    """The undefined symbols and the linked libraries of a shared object.  Raises as :func:`parse_shared` does."""
    elf.check_whole(path, data)
    with _damage_told(path):
        image = Image(data)
        return _symbols(image)[1], image.libraries()


def runpath_of(data: bytes, path: str) -> tuple[str, ...]:
    """The run path of a shared object, with ``$ORIGIN`` unchanged.  Raises AsterismError (``not-elf``)."""
    with _damage_told(path):
        return Image(data).runpath()


@contextlib.contextmanager
def _damage_told(path: str) -> Iterator[None]:
    try:
        yield
    except _DAMAGE as error:
        why = str(error) or type(error).__name__
        fault = Fault(
            "the file is damaged", place=Place(path), why=why, cure="build and install it again", code="not-elf"
        )
        raise AsterismError(fault) from error


def _shared(image: Image, data: bytes, path: str) -> ModuleFile:
    exports, needs = _symbols(image)
    here = str(PurePath(path).parent)
    made = ModuleFile(
        path,
        "C",
        "",
        options=marks.buildopts_named(data),
        exports=exports,
        needs=needs,
        libraries=image.libraries(),
        runpath=tuple(expanded(each, here) for each in image.runpath()),
        machine=elf.machine(data),
        sources=marks.sources_named(data),
    )
    found = record.find(image, PurePath(path).stem)
    if found is None:
        return made
    said = found._asdict() | {"rank": str(found.rank), "level": level_name(found.level)}
    return replace(made, **said)


def expanded(directory: str, origin: str) -> str:
    """A directory of a run path, with ``$ORIGIN`` replaced by the directory of the file."""
    return directory.replace("${ORIGIN}", origin).replace("$ORIGIN", origin)


def _symbols(image: Image) -> tuple[tuple[str, ...], tuple[Need, ...]]:
    exports, needs = set(), set()
    for symbol in image.symbols():
        if symbol.binding not in (GLOBAL, WEAK, UNIQUE):
            continue
        if not symbol.is_defined:
            needs.add(Need(symbol.name, symbol.library, symbol.binding == WEAK))
        elif symbol.is_visible:
            exports.add(symbol.name)
    return tuple(sorted(exports - _LINKERS_OWN)), tuple(sorted(needs, key=lambda need: (need.name, need.library)))


def parse_python(data: bytes, path: str) -> ModuleFile:
    """Parse the source of a module in Python.

    Raises:
        AsterismError: the source has a syntax error, or declares no module.
    """
    source = pythonsource.parse(data, path)
    given = source.arguments
    with _damage_told(path):
        return ModuleFile(
            path,
            "Python",
            PurePath(path).stem,
            description=pythonsource.as_text(given.get("description")),
            level=pythonsource.level_of(source),
            rank=pythonsource.as_text(given.get("load_pri")),
            requires=pythonsource.as_names(given.get("requires")),
            optional=pythonsource.as_names(given.get("optional")),
            enhances=pythonsource.as_names(given.get("enhances")),
            callbacks=source.callbacks,
        )


_FEW = 20
"""The most symbols that are searched for one by one."""


def providers(paths: Iterable[Path], symbols: Iterable[str]) -> dict[str, list[str]]:
    """The names of the files that export each of the symbols; a file that cannot be read is ignored."""
    wanted = set(symbols)
    marks = [b"\0%s\0" % symbol.encode() for symbol in wanted]
    found: dict[str, list[str]] = {}
    for path in paths if wanted else ():
        with contextlib.suppress(AsterismError):
            data = files.read_bytes(path, files.BINARY) if path.suffix == ".so" else b""
            # A few symbols are searched for as plain bytes first: that is a hundred times faster, and mostly
            # sufficient.
            if len(marks) > _FEW or any(mark in data for mark in marks):
                for symbol in sorted(wanted & exports_of(data, str(path))):
                    found.setdefault(symbol, []).append(path.name)
    return found
