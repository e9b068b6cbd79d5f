"""The user's tree of an installation by pip: an installed tree made from a core.

The tree lies in the user's own directories and is brought up to date when a verb needs it. Modules that ``asterism
install`` has added to it are kept.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path

from asterism import __version__, files
from asterism.errors import AsterismError, Fault, Place
from asterism.home import where
from asterism.parsing import json_value
from asterism.tree import Kind, Tree
from asterism.words import agreed, both
from buildsys.installing import installer, manifest, tree_contents
from buildsys.installing.installer import Destination
from buildsys.installing.manifest import Manifest
from buildsys.installing.tree_contents import Item
from buildsys.on_demand import core_build, core_cache, core_files, core_key
from buildsys.on_demand.core_files import CompiledCore
from buildsys.on_demand.core_key import Key
from buildsys.on_demand.wanted_tree import Wanted
from buildsys.settled import toolchain
from buildsys.settled.build_record import Built
from buildsys.settled.configuration import Configuration
from buildsys.settled.tree_places import TreeLayout


def provide(wanted: Wanted) -> list[str]:
    """Bring the user's tree up to date; returns the notes of :func:`install`.

    Raises:
        AsterismError: no compiler is found, or the cache or the tree cannot be written.
    """
    with files.told(wanted.prefix, "make"):
        wanted.prefix.mkdir(parents=True, exist_ok=True)  # before a core is built, which takes a minute
    return install(wanted, core_of(wanted.key))


def core_of(key: Key) -> CompiledCore:
    """The core in the package, or else the one in the cache, built if necessary.

    Raises:
        AsterismError: the core in the package is damaged, or the package has no core and none can be built.
    """
    shipped = where.package_core()
    if not shipped:
        return core_cache.provide(core_cache.place(), key, core_build.make)
    core = core_files.load(Path(shipped))
    if damaged := core.damage():
        cure = "install the package again: pip install --force-reinstall asterism"
        raise AsterismError(
            Fault("the core of the package is damaged", Place(str(core.place / damaged)), "", cure, "bad-core")
        )
    return core


def install(wanted: Wanted, core: CompiledCore) -> list[str]:
    """Install a core as the user's tree; returns notes on files kept and on modules of trees of other versions.

    Raises:
        AsterismError: a file cannot be written; the tree is unchanged.
    """
    is_new = not wanted.description.exists()
    target = Destination(str(wanted.prefix), layout=wanted.layout)
    notes = installer.install_items(target, items(wanted, core))[1]
    return [*notes, *(left_behind(wanted.prefix) if is_new else ())]


def items(wanted: Wanted, core: CompiledCore) -> Iterator[Item]:
    """The files of the user's tree."""
    layout, marker = wanted.layout, core.place / core_files.FILE
    pkg_config = tree_contents.pkg_config_text(Built((), core.options), layout, str(wanted.prefix))
    yield Item(layout.tree, marker, content=lambda: tree_text(wanted, core).encode())
    yield Item(layout.pkg_config, marker, content=pkg_config.encode)
    for name in core.entries:
        yield Item(name, core.place / name, tree_contents.PROGRAM if name.endswith(".so") else tree_contents.FILE)
    yield from tree_contents.samples(Tree(Path(where.package_sources()), Kind.SOURCES), layout)


def tree_text(wanted: Wanted, core: CompiledCore) -> str:
    """The text of the tree.json: an installed tree's, with the name of the core in place of the Python.

    Every environment with this version of Asterism uses the tree with its own Python.
    """
    found = core.compiler or found_compiler()
    configuration = Configuration(
        found["cc"],
        found["cxx"],
        cppflags=found["cppflags"],
        cflags=found["cflags"],
        ldflags=found["ldflags"],
        launcher=found["launcher"],
    )
    text = tree_contents.tree_text(configuration, Built((), core.options), wanted.layout, str(wanted.prefix))
    data = json_value(text)
    del data["python"]
    return json.dumps({**data, "core": wanted.key.name}, indent=1) + "\n"


def found_compiler() -> Mapping[str, tuple[str, ...]]:
    """The compiler settings for tree.json when the core was not compiled here; ``cc`` when no compiler is found."""
    found = {
        language: toolchain.find_compiler(toolchain.run, language, shlex.join(command))
        for language, command in (("c", core_key.compiler_command()), ("c++", ()))
    }
    cc, cxx = found["c"], found["c++"]
    flags = dict.fromkeys(("cppflags", "cflags", "ldflags", "launcher"), ())
    return {"cc": cc.command if cc else ("cc",), "cxx": cxx.command if cxx else (), **flags}


def left_behind(prefix: Path) -> Iterator[str]:
    """A note for each directory of modules installed for another version of Asterism and not for this one."""
    for path in sorted(prefix.parent.glob(f"*/{TreeLayout().manifests}/*.json")):
        here = prefix / TreeLayout().manifests / path.name
        try:
            listed = manifest.load_file(path)
        except AsterismError:
            continue
        if listed and listed.source and not here.exists():
            yield _left_note(listed)


def _left_note(listed: Manifest) -> str:
    names = [Path(name).stem for name in listed.entries if "/modules/" in name]
    what = f"{both(names)} {agreed(len(names), 'was', 'were')} installed for Asterism {listed.version}"
    how = f"'asterism install' in {listed.source} builds {agreed(len(names), 'it', 'them')} for {__version__}"
    return f"{what}; {how}"
