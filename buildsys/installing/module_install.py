"""``asterism install`` and ``uninstall`` for modules outside of the source tree.

Each directory of modules has its own manifest below ``lib/asterism/modules.d``, so that a new install of Asterism
keeps its modules, and they can be removed on their own.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Collection, Iterator
from pathlib import Path

from asterism import __version__
from asterism.documentation import blocks
from asterism.errors import AsterismError, Collector, Fault, Place
from asterism.tree import Tree
from asterism.words import counted
from buildsys.compile import documentation_file
from buildsys.installing import manifest, tree_contents
from buildsys.installing.installer import Destination, Installer, sentence_of
from buildsys.installing.manifest import Manifest
from buildsys.installing.staging import Stage
from buildsys.installing.tree_contents import Item
from buildsys.planning import left_out, module_directory
from buildsys.settled import build_record, tree_places
from buildsys.settled.tree_facts import Facts
from menuselect.sources import recognition


def manifest_path(tree: Tree, target: Destination) -> str:
    """The path of the manifest of a directory of modules, relative to the prefix.

    The manifest is named after the directory; a hash of its path is added when another directory has that name.
    """
    own = tree.top.resolve()
    usual = f"{target.layout.manifests}/{own.name}.json"
    there = manifest.load_file(target.place(usual))
    source = Path(there.source) if there and there.source else own
    # A source directory that no longer exists was probably moved to this one.
    if source == own or not source.is_dir():
        return usual
    return f"{target.layout.manifests}/{own.name}-{hashlib.sha256(os.fsencode(own)).hexdigest()[:8]}.json"


def items(tree: Tree, base: Facts, off: Collection[str] = ()) -> Iterator[Item]:
    """The files to install from a directory of modules that has been built.

    Args:
        tree: the directory.
        base: the installed tree.
        off: modules to leave out.

    Raises:
        AsterismError: the directory has not been built.
    """
    modules = tree_places.relative(base.directories["astmoddir"], base.prefix)
    etc = tree_places.relative(base.directories["astetcdir"], base.prefix)
    for product in (each for each in build_record.load(tree).products if Path(each).stem not in off):
        mode = tree_contents.FILE if product.endswith(".py") else tree_contents.PROGRAM
        yield Item(f"{modules}/{Path(product).name}", tree / product, mode)
    data = tree_places.relative(base.directories["astdatadir"], base.prefix)
    for path in (each for each in documentation_file.paths(tree) if each.stem not in off):
        yield Item(f"{data}/{blocks.OWN_FILES}/{path.stem}-{blocks.LANGUAGE}.xml", path)
    for source in module_directory.configurations(tree):
        yield Item(f"{etc}/{source.name}", source, is_config=True)


def install(tree: Tree, base: Facts, destdir: str) -> tuple[str, list[str]]:
    """Install modules and sample configurations of a directory, like :func:`buildsys.installing.installer.install`.

    Modules that are switched off are not installed, and a note names them.
    """
    _, off = left_out.kept(tree, recognition.module_sources(tree.top), ())
    wanted = list(items(tree, base, off.names))
    sentence, notes = put(tree, wanted, Destination(base.prefix, destdir, base.layout))
    return sentence, [*notes, *([str(off.fault())] if off.modules else [])]


def put(tree: Tree, wanted: list[Item], target: Destination, *, is_shared: bool = False) -> tuple[str, list[str]]:
    """Install files of a directory, and remove files that an earlier install of it has written.

    Args:
        tree: the directory of modules.
        wanted: the files to install.
        target: the destination.
        is_shared: whether others install there without a manifest; a file that no manifest lists is not replaced then.

    Raises:
        AsterismError: a file belongs to another install, or cannot be written; nothing is changed.
    """
    with Stage(target.place(target.layout.journal)) as stage:
        own = manifest_path(tree, target)
        _check_owners(wanted, target, own)
        before, notes = manifest.load_or_set_aside(target.place(own))
        if is_shared:
            _check_strangers(wanted, target, before)
        installer = Installer(target, stage, before)
        installer.notes += notes
        for item in wanted:
            installer.install(item)
        installer.remove_old()
        # A package must not contain paths of the machine that it is made on.
        source = "" if target.destdir else str(tree.top.resolve())
        now = manifest.make(__version__, installer.entries, before.directories, source)
        if now != before:
            stage.write(target.place(own), manifest.dumps(now).encode())
        stage.commit()
    return sentence_of(installer, counted(len(wanted), "file")), installer.notes


def _check_owners(wanted: list[Item], target: Destination, own: str) -> None:
    """Refuse to replace files of another install."""
    faults = Collector()
    others = [target.place(target.layout.manifest), *sorted(target.place(target.layout.manifests).glob("*.json"))]
    for path in others:
        listed = manifest.load_file(path) if path != target.place(own) else None
        for item in wanted if listed else ():
            if listed and item.path in listed.entries:
                why = f"{path} has it"
                cure = "give the module another name, or uninstall the other one"
                faults.add(Fault("another install owns this file", Place(item.path), why, cure, "not-ours"))
    faults.check()


def _check_strangers(wanted: list[Item], target: Destination, before: Manifest) -> None:
    """Refuse to replace a module that no manifest lists, which a package or a person has installed."""
    faults = Collector()
    for item in wanted:
        if not item.is_config and item.path not in before.entries and os.path.lexists(target.place(item.path)):
            cure = "move the file away, uninstall its package, or give the module another name"
            place = Place(str(target.place(item.path)))
            faults.add(Fault("this file was not installed by Asterism", place, "", cure, "not-ours"))
    faults.check()


def uninstall(tree: Tree, base: Facts, destdir: str) -> tuple[str, list[str]]:
    """Remove the files that :func:`install` has installed, as :func:`buildsys.installing.remover.uninstall` does."""
    return take(tree, Destination(base.prefix, destdir, base.layout))


def take(tree: Tree, target: Destination) -> tuple[str, list[str]]:
    """Remove the files of a directory that :func:`put` has installed.

    Raises:
        AsterismError: no file of the directory is installed there.
    """
    nothing = Fault("no module of this directory is installed", Place(str(target.root)), "", "", "not-installed")
    if not target.place(target.layout.journal).parent.is_dir():
        raise AsterismError(nothing)
    with Stage(target.place(target.layout.journal)) as stage:
        path = target.place(manifest_path(tree, target))
        before = manifest.load_file(path)
        if before is None:
            raise AsterismError(nothing)
        remover = Installer(target, stage, before)
        for entry in before.entries.values():
            remover.let_go(entry)
        stage.remove(path)
        stage.commit()
    with contextlib.suppress(OSError):
        path.parent.rmdir()
    return f"removed {counted(remover.removed, 'file')} from {target.root}", remover.notes
