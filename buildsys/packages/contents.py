"""What a package of a directory of modules holds, and what it needs."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable
from pathlib import Path

from asterism.documentation import blocks
from asterism.errors import AsterismError, Fault, Place
from asterism.tree import Kind, Tree
from asterism.values import dataclass
from buildsys.compile import documentation_file
from buildsys.compile.ninja_process import Reporter
from buildsys.compile.ninja_run import build
from buildsys.develop import run_target, target_install
from buildsys.planning import module_directory
from buildsys.settled import build_record
from buildsys.settled.tree_facts import facts
from buildsys.targets import installed_asterisk


@dataclass(frozen=True, slots=True)
class PackageFile:
    """One file of a package."""

    path: str
    """Where it is installed; absolute."""
    source: Path
    is_config: bool = False


@dataclass(frozen=True, slots=True)
class About:
    """What a package says of itself."""

    name: str
    version: str
    maintainer: str
    summary: str


@dataclass(frozen=True, slots=True)
class Contents:
    """What is packed."""

    program: str
    """``asterisk`` or ``asterism``: what the modules are loaded by."""
    sum: str
    """The build-option sum that the program has to have."""
    files: tuple[PackageFile, ...]

    @property
    def abi(self) -> str:
        """The virtual package of every build of the program that these modules can be loaded by."""
        return f"{self.program}-abi-{self.sum}"

    @property
    def sentence(self) -> str:
        """What the description of the package says of its modules, in lines of at most 79 columns."""
        return f"Modules for {self.program.capitalize()}, loaded by builds whose options have the sum\n {self.sum}."

    @property
    def newest(self) -> int:
        """When the newest file was written, in seconds since the epoch."""
        return max(int(os.stat(each.source).st_mtime) for each in self.files)

    @property
    def has_binaries(self) -> bool:
        """Whether the package is for one kind of machine."""
        return any(each.source.suffix == ".so" for each in self.files)


def gather(tree: Tree, target: str) -> Contents:
    """Build a directory of modules, for Asterism itself when no target is named.

    Raises:
        AsterismError: it is no directory of modules, or a module cannot be built or would be refused.
    """
    if tree.kind is not Kind.MODULES:
        cure = "change to a directory of modules; 'asterism new' begins one"
        raise AsterismError(Fault("packages are made of modules of your own", Place(str(tree.top)), "", cure, "place"))
    return _for_asterisk(tree, target) if target else _for_asterism(tree)


def _for_asterisk(tree: Tree, word: str) -> Contents:
    asterisk = installed_asterisk.the_one(word, tree.top)
    where = target_install.destination(asterisk)
    target_install.check_sum(asterisk)
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


def _ordered(listed: Iterable[PackageFile]) -> tuple[PackageFile, ...]:
    return tuple(sorted(listed, key=lambda each: each.path))


def package_name(program: str, directory: str) -> str:
    """``asterisk-my-modules``: the name of a package of a directory, as distributions allow it."""
    word = re.sub(r"[^a-z0-9.+]+", "-", directory.lower()).strip("-.+") or "modules"
    return word if word.startswith(f"{program}-") else f"{program}-{word}"
