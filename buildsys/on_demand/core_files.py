"""A compiled core as a directory: its modules, library and headers, and ``core.json``, which describes them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from asterism import files
from asterism.errors import AsterismError, Fault, Place
from asterism.parsing import json_value
from asterism.values import dataclass
from buildsys.installing import manifest
from buildsys.installing.manifest import Entry
from buildsys.settled.tree_places import TreeLayout

FILE = "core.json"
LAYOUT = TreeLayout()
"""The places of files in a core's directory, as in an installed tree."""


@dataclass(frozen=True, slots=True)
class CompiledCore:
    """A core on disk."""

    place: Path
    version: str
    options: tuple[str, ...]
    """The selected build options."""
    compiler: Mapping[str, tuple[str, ...]]
    """The settings ``cc``, ``cxx``, ``cppflags``, ``cflags``, ``ldflags`` and ``launcher``, as in tree.json."""
    about: str
    """The version line of the compiler."""
    entries: Mapping[str, Entry]
    """The size and the checksum of each file, by its path."""

    @property
    def bytes(self) -> int:
        """The total size of the core's files in bytes."""
        return sum(entry.size for entry in self.entries.values())

    def damage(self) -> str:
        """The path of the first file that is not as it was built; empty when the core is whole."""
        return next((name for name, entry in self.entries.items() if not _is_whole(self.place / name, entry)), "")


def _is_whole(path: Path, entry: Entry) -> bool:
    try:
        return entry.describes(files.read_bytes(path, files.BINARY))
    except AsterismError:
        return False


def load(place: Path) -> CompiledCore:
    """Read the description of a core.

    Raises:
        AsterismError: the directory has no core, or its description is damaged.
    """
    path = place / FILE
    try:
        data = json_value(files.read_text(path))
        return _core(place, data)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        cure = "'asterism cache clear' removes it; the next use builds another"
        raise AsterismError(Fault("the core is damaged", Place(str(path)), str(error), cure, "bad-core")) from None


def _core(place: Path, data: Mapping[str, Any]) -> CompiledCore:
    return CompiledCore(
        place,
        str(data["version"]),
        tuple(map(str, data["options"])),
        {str(name): tuple(map(str, words)) for name, words in data["compiler"].items()},
        str(data["about"]),
        {str(row["path"]): Entry(str(row["path"]), int(row["size"]), str(row["sha256"])) for row in data["files"]},
    )


def save(core: CompiledCore) -> None:
    """Write the description of a core whose files are in place."""
    data = {
        "version": core.version,
        "options": core.options,
        "compiler": dict(core.compiler),
        "about": core.about,
        "files": [{"path": each.path, "size": each.size, "sha256": each.sha256} for each in core.entries.values()],
    }
    files.write(core.place / FILE, json.dumps(data, indent=1) + "\n")


def collect(source: Path, products: tuple[str, ...], place: Path) -> dict[str, Entry]:
    """Copy the products of a build into a core's directory; returns the entry of each file by its path.

    Args:
        source: the tree that was built.
        products: the modules, relative to the tree.
        place: the directory of the core.
    """
    entries = {}
    for origin, name in _made(source, products):
        target = place / name
        with files.told(target, "write"):
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(origin, target)
        entries[name] = manifest.entry_of(name, files.read_bytes(target, files.BINARY))
    return entries


def _made(source: Path, products: tuple[str, ...]) -> Iterator[tuple[Path, str]]:
    for product in products:
        yield source / product, f"{LAYOUT.modules}/{Path(product).name}"
    yield source / "build/native/libasterism.so", f"{LAYOUT.native}/libasterism.so"
    yield source / "build/generated/core_types.py", f"{LAYOUT.native}/core_types.py"
    for header in sorted((source / "include").rglob("*.h")):
        yield header, f"{LAYOUT.include}/{header.relative_to(source / 'include').as_posix()}"
