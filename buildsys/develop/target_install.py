"""``asterism install --target`` and ``uninstall --target``: modules in a real Asterisk's module directory.

The manifests of what a directory has installed lie in a directory beside the module directory.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from asterism import files
from asterism.documentation import blocks
from asterism.errors import AsterismError, Fault, Place
from asterism.modulefile import elf
from asterism.tree import Tree
from buildsys.compile import documentation_file
from buildsys.develop import run_target
from buildsys.installing import manifest, module_install, tree_contents
from buildsys.installing.installer import Destination
from buildsys.installing.tree_contents import Item
from buildsys.planning import module_directory
from buildsys.settled.tree_places import TreeLayout
from buildsys.targets import installed_asterisk, known_targets
from buildsys.targets.installed_asterisk import InstalledAsterisk


def install(tree: Tree, word: str, destdir: str) -> tuple[str, list[str]]:
    """Build the modules of a directory for targets, and install them there.

    Args:
        tree: the directory.
        word: the name or directory of a target, or ``all``.
        destdir: a directory put before every path; empty for none.

    Returns:
        A sentence for each target, and notes for the user.

    Raises:
        AsterismError: a module cannot be built, would be refused, or would replace a file of another install; the
            target is unchanged.
    """
    said, notes = [], list[str]()
    for target in known_targets.find(word, tree.top):
        asterisk = installed_asterisk.read(target)
        where = destination(asterisk, destdir)
        installed_asterisk.check_sum(asterisk)
        products = run_target.built(tree, asterisk)
        _check_machine(asterisk, products)
        run_target.with_needs(products, asterisk)  # refuse a module with missing dependencies before anything is copied
        sentence, more = module_install.put(tree, list(items(tree, asterisk, products)), where, is_shared=True)
        said.append(sentence)
        notes += more
    return "\n".join(said), notes


def uninstall(tree: Tree, word: str, destdir: str) -> tuple[str, list[str]]:
    """Remove the modules that :func:`install` has installed.

    Raises:
        AsterismError: no module of the directory is installed there.
    """
    done = [
        module_install.take(tree, destination(installed_asterisk.read(target), destdir))
        for target in known_targets.find(word, tree.top)
    ]
    return "\n".join(sentence for sentence, _ in done), [note for _, notes in done for note in notes]


def destination(asterisk: InstalledAsterisk, destdir: str = "") -> Destination:
    """The destination for modules of an Asterisk.

    Raises:
        AsterismError: the Asterisk is not installed.
    """
    modules = asterisk.module_directory
    if modules is None:
        cure = f"install it, or say where it is: 'asterism target add NAME {asterisk.target.directory} --prefix PREFIX'"
        raise AsterismError(
            Fault("this Asterisk is not installed", Place(asterisk.target.directory), "", cure, "no-install")
        )
    library = modules.parent.parent
    return Destination(str(library.parent), destdir, TreeLayout(lib=f"{library.name}/{modules.parent.name}"))


def installed(tree: Tree, asterisk: InstalledAsterisk) -> list[Path]:
    """The module files that a directory has installed in an Asterisk and that still exist.

    Raises:
        AsterismError: the Asterisk is not installed, or the manifest of the directory is damaged.
    """
    where = destination(asterisk)
    listed = manifest.load_file(where.place(module_install.manifest_path(tree, where)))
    paths = [where.place(entry.path) for entry in listed.entries.values()] if listed else []
    return [path for path in paths if path.suffix == ".so" and path.is_file()]


def _check_machine(asterisk: InstalledAsterisk, products: Mapping[str, Path]) -> None:
    """Refuse modules for another machine than that of the program.

    Raises:
        AsterismError: with a fault for each such module.
    """
    if asterisk.program is None:
        return
    program = files.read_bytes(asterisk.program, files.BINARY)
    if not program.startswith(elf.MAGIC):
        return
    theirs = elf.machine(program)
    found = {path: elf.machine(files.read_bytes(path, files.BINARY)) for path in products.values()}
    faults = [
        Fault(
            f"{path.stem} was built for another machine than that Asterisk",
            Place(str(asterisk.program)),
            f"the module is for {ours}, the program for {theirs}",
            "name the compiler of that machine: 'asterism build --target' takes the one in its makeopts",
            "wrong-machine",
        )
        for path, ours in found.items()
        if ours != theirs
    ]
    if faults:
        raise AsterismError(*faults)


def items(tree: Tree, asterisk: InstalledAsterisk, products: Mapping[str, Path]) -> Iterator[Item]:
    """The files to install in an Asterisk: the modules, their documentation, and configuration files."""
    where = destination(asterisk)
    for path in products.values():
        yield Item(
            _relative(str(asterisk.module_directory), where.prefix) + f"/{path.name}", path, tree_contents.PROGRAM
        )
    for path in documentation_file.paths(tree, asterisk.headers.place) if asterisk.data else ():
        if path.stem in products:  # Asterisk reads it at its start (main/xmldoc.c, xmldoc_load_documentation)
            file = f"{blocks.OWN_FILES}/{path.stem}-{blocks.LANGUAGE}.xml"
            yield Item(f"{_relative(str(asterisk.data), where.prefix)}/{file}", path)
    for source in module_directory.configurations(tree) if asterisk.configuration else ():
        yield Item(f"{_relative(str(asterisk.configuration), where.prefix)}/{source.name}", source, is_config=True)


def _relative(path: str, prefix: str) -> str:
    return os.path.relpath(path, prefix) if path.startswith(prefix + os.sep) else path
