"""The contents and dependencies of a package of modules."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable
from pathlib import Path

from asterism import files
from asterism.documentation import blocks
from asterism.errors import AsterismError, Fault, Place
from asterism.tree import Kind, Tree
from asterism.values import dataclass
from buildsys.compile import documentation_file
from buildsys.compile.following import Reporter
from buildsys.compile.ninja_run import build
from buildsys.develop import run_target, target_install
from buildsys.planning import module_directory
from buildsys.settled import build_record
from buildsys.settled.tree_facts import facts
from buildsys.targets import installed_asterisk


@dataclass(frozen=True, slots=True)
class PackageFile:
    """A file of a package."""

    path: str
    """The absolute path at which it is installed."""
    source: Path
    is_config: bool = False


@dataclass(frozen=True, slots=True)
class About:
    """The metadata of a package."""

    name: str
    version: str
    maintainer: str
    summary: str


@dataclass(frozen=True, slots=True)
class Contents:
    """The files of a package, and the program that loads its modules."""

    program: str
    """The program that loads the modules: ``asterisk`` or ``asterism``."""
    sum: str
    """The build-option sum that the program has to have."""
    files: tuple[PackageFile, ...]

    @property
    def abi(self) -> str:
        """The virtual package provided by every build of the program that can load these modules."""
        return f"{self.program}-abi-{self.sum}"

    @property
    def sentence(self) -> str:
        """The package description's sentence about its modules, in lines of at most 79 columns."""
        return f"Modules for {self.program.capitalize()}, loaded by builds whose options have the sum\n {self.sum}."

    @property
    def newest(self) -> int:
        """The modification time of the newest file, in seconds since the epoch."""
        return max(int(os.stat(each.source).st_mtime) for each in self.files)

    @property
    def has_binaries(self) -> bool:
        """Whether the package is for one machine architecture."""
        return any(each.source.suffix == ".so" for each in self.files)


def gather(tree: Tree, target: str) -> Contents:
    """Build a directory of modules for a target, or for Asterism itself when ``target`` is empty.

    Raises:
        AsterismError: not a directory of modules, or a module cannot be built or would be refused.
    """
    if tree.kind is not Kind.MODULES:
        cure = "change to a directory of modules; 'asterism new' begins one"
        raise AsterismError(Fault("packages are made of modules of your own", Place(str(tree.top)), "", cure, "place"))
    return _for_asterisk(tree, target) if target else _for_asterism(tree)


def _for_asterisk(tree: Tree, word: str) -> Contents:
    asterisk = installed_asterisk.the_one(word, tree.top)
    where = target_install.destination(asterisk)
    installed_asterisk.check_sum(asterisk)
    products = run_target.built(tree, asterisk)
    items = target_install.items(tree, asterisk, products)
    listed = (PackageFile(os.path.join(where.prefix, each.path), each.source, each.is_config) for each in items)
    return Contents("asterisk", asterisk.headers.sum, _ordered(listed))


def _for_asterism(tree: Tree) -> Contents:
    base = facts()
    build(tree, Reporter(sys.stdout, quiet=True))
    modules, etc, data = (base.directories[name] for name in ("astmoddir", "astetcdir", "astdatadir"))
    own = f"{data}/{blocks.OWN_FILES}"
    listed = [
        *(PackageFile(f"{modules}/{Path(each).name}", tree / each) for each in build_record.load(tree).products),
        *(PackageFile(f"{own}/{each.stem}-{blocks.LANGUAGE}.xml", each) for each in documentation_file.paths(tree)),
        *(PackageFile(f"{etc}/{each.name}", each, is_config=True) for each in module_directory.configurations(tree)),
    ]
    return Contents("asterism", base.sum, _ordered(listed))


def copy_files(contents: Contents, root: Path, library_mode: int = 0o644) -> list[Path]:
    """Copy the files of a package below a directory; returns the copies of its shared objects.

    Args:
        contents: the files of the package.
        root: the directory that stands for ``/``.
        library_mode: the permission bits of shared objects; other files get 0644.
    """
    libraries = []
    for each in contents.files:
        place = root / each.path.lstrip("/")
        is_library = each.source.suffix == ".so"
        files.write(place, files.read_bytes(each.source, files.BINARY), library_mode if is_library else 0o644)
        libraries += [place] if is_library else []
    return libraries


def _ordered(listed: Iterable[PackageFile]) -> tuple[PackageFile, ...]:
    return tuple(sorted(listed, key=lambda each: each.path))


def package_name(program: str, directory: str) -> str:
    """The package name for a directory, such as ``asterisk-my-modules``, in characters that distributions allow."""
    word = re.sub(r"[^a-z0-9.+]+", "-", directory.lower()).strip("-.+") or "modules"
    return word if word.startswith(f"{program}-") else f"{program}-{word}"
