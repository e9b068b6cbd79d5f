"""``asterism install`` and ``uninstall`` for modules outside of the source tree.

Each directory of modules has a manifest of its own below ``lib/asterism/modules.d``, so that installing
Asterism itself anew leaves them, and they can be taken away again.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from asterism import __version__, files
from asterism.errors import AsterismError, Collector, Fault, Place
from buildsys import built, contents, manifest, outside
from buildsys.config import Facts
from buildsys.contents import Item
from buildsys.install import JOURNAL, Installer, Target, counted, sentence_of
from buildsys.manifest import Manifest
from buildsys.staging import Stage, recover

MANIFESTS = f"{contents.LIB}/modules.d"


def manifest_path(top: Path) -> str:
    """Where the manifest of a directory of modules is, relative to the prefix."""
    return f"{MANIFESTS}/{top.resolve().name}.json"


def items(top: Path, tree: Facts) -> Iterator[Item]:
    """What there is to install of a directory in which the build has run.

    Raises:
        AsterismError: it has not.
    """
    modules = contents.relative(tree.directories["astmoddir"], tree.prefix)
    etc = contents.relative(tree.directories["astetcdir"], tree.prefix)
    for product in built.load(top).products:
        mode = contents.FILE if product.endswith(".py") else contents.PROGRAM
        yield Item(f"{modules}/{Path(product).name}", top / product, mode)
    for source in outside.configurations(top):
        yield Item(f"{etc}/{source.name}", source, is_config=True)


def install(top: Path, tree: Facts, destdir: str) -> tuple[str, list[str]]:
    """Install the modules and sample configurations of a directory; as :func:`buildsys.install.install`."""
    target = Target(tree.prefix, destdir)
    wanted = list(items(top, tree))
    with Stage(target.place(JOURNAL)) as stage:
        _check_owners(wanted, target, manifest_path(top))
        before = _load(target.place(manifest_path(top))) or Manifest()
        installer = Installer(target, stage, before)
        for item in wanted:
            installer.install(item)
        installer.remove_old()
        now = manifest.make(__version__, installer.entries, before.directories)
        if now != before:
            stage.write(target.place(manifest_path(top)), manifest.dumps(now).encode())
        stage.commit()
    return sentence_of(installer, counted(len(wanted))), installer.notes


def _load(path: Path) -> Manifest | None:
    return manifest.loads(files.read_text(path), str(path)) if path.exists() else None


def _check_owners(wanted: list[Item], target: Target, own: str) -> None:
    """Refuse to replace what somebody else has installed."""
    faults = Collector()
    others = [target.place(manifest.FILE), *sorted(target.place(MANIFESTS).glob("*.json"))]
    for path in others:
        listed = _load(path) if path != target.place(own) else None
        for item in wanted if listed else ():
            if listed and item.path in listed.entries:
                why = f"{path} has it"
                cure = "give the module another name, or uninstall the other one"
                faults.add(Fault("it is installed by somebody else", Place(item.path), why, cure, "not-ours"))
    faults.check()


def uninstall(top: Path, tree: Facts, destdir: str) -> tuple[str, list[str]]:
    """Remove what :func:`install` has installed; as :func:`buildsys.uninstall.uninstall`."""
    target = Target(tree.prefix, destdir)
    recover(target.place(JOURNAL))
    path = target.place(manifest_path(top))
    before = _load(path)
    if before is None:
        fault = Fault("nothing of this directory is installed", Place(str(target.root)), "", "", "not-installed")
        raise AsterismError(fault)
    with Stage(target.place(JOURNAL)) as stage:
        remover = Installer(target, stage, before)
        for entry in before.entries.values():
            remover.let_go(entry)
        stage.remove(path)
        stage.commit()
    with contextlib.suppress(OSError):
        path.parent.rmdir()
    return f"removed {counted(remover.removed)} from {target.root}", remover.notes
