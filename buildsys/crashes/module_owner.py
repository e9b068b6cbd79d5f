"""Find the owner of a module's file: an install of Asterism, a package of the distribution, or a source directory."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from asterism.errors import AsterismError
from buildsys.installing import manifest
from buildsys.settled import toolchain, tree_facts
from buildsys.settled.toolchain import Ran
from buildsys.settled.tree_places import TreeLayout

Run = Callable[[Sequence[str]], Ran]


def owner(path: Path, run: Run = toolchain.run) -> str:
    """The owner of a file in words; empty when unknown.

    Args:
        path: the file.
        run: runs the package tools of the distribution.
    """
    return _asterism(path.resolve()) or _packaged(path.resolve(), run) or _built(path.resolve())


def _asterism(path: Path) -> str:
    """The owner according to the manifests of an installed tree, which lie beside the module directory."""
    home = path.parent.parent
    layout = TreeLayout()
    tree, single, several = (home / Path(each).name for each in (layout.tree, layout.manifest, layout.manifests))
    try:
        prefix = Path(tree_facts.of_tree(tree).prefix)
        found = [manifest.load_file(each) for each in (single, *sorted(several.glob("*.json")))]
    except AsterismError:
        return ""
    name = os.path.relpath(path, prefix)
    lister = next((each for each in found if each and name in each.entries), None)
    if lister is None:
        return ""
    return f"installed from {lister.source}" if lister.source else f"Asterism {lister.version}"


def _packaged(path: Path, run: Run) -> str:
    done = run(["dpkg-query", "-S", str(path)])
    package = done.output.partition(": ")[0] if done.is_good else ""
    if package:
        shown = run(["dpkg-query", "-W", "-f", "${source:Package} ${Version}, ${Maintainer}", package])
        return f"Debian package {package}" + (f" ({shown.output.strip()})" if shown.is_good else "")
    done = run(["rpm", "-qf", "--qf", "%{NAME}-%{VERSION}-%{RELEASE}, %{VENDOR}", str(path)])
    return f"package {done.output.strip()}" if done.is_good else ""


def _built(path: Path) -> str:
    """The source directory that the enclosing build directory belongs to, in words."""
    build = next((parent for parent in path.parents if parent.name == "build"), None)
    return f"built in {build.parent}" if build else ""
