"""A tree to try modules in: the installed program with the modules of a directory added, below ``build/run``.

Nothing is installed, so no permission is needed, and the installed tree stays unchanged.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from asterism import files
from asterism.documentation import blocks
from asterism.errors import AsterismError, Fault, Place
from asterism.modulefile.content import SUFFIXES
from asterism.tree import BUILD, Tree
from buildsys.compile import documentation_file
from buildsys.planning import module_directory
from buildsys.settled import build_record
from buildsys.settled.tree_facts import Facts

PLACE = f"{BUILD}/run"
CONF = "asterisk.conf"
OF_THE_SANDBOX = ("astvarlibdir", "astdbdir", "astkeydir", "astdatadir", "astagidir", "astspooldir", "astlogdir")


def prepare(tree: Tree, base: Facts, rundir: Path | None = None, only: Collection[str] | None = None) -> Path:
    """Write or renew the sandbox of a directory of modules that has been built.

    Args:
        tree: the directory.
        base: the installed tree.
        only: the modules of the directory to add; None for all that are built.
        rundir: a directory for the control socket, whose path must be short; None for one in the sandbox.

    Returns:
        The path of the asterisk.conf for the installed program.

    Raises:
        AsterismError: no program is installed, or nothing is built.
    """
    require_program(base)
    place = tree.top.resolve() / PLACE
    modules, etc = Path(base.directories["astmoddir"]), Path(base.directories["astetcdir"])
    theirs = [path for path in _files(modules) if path.suffix in SUFFIXES]
    built = [tree.top.resolve() / product for product in build_record.load(tree).products]
    _link(place / "modules", [*theirs, *(path for path in built if only is None or path.stem in only)])
    _link(
        place / "etc",
        [*(path for path in _files(etc) if path.suffix == ".conf"), *module_directory.configurations(tree)],
    )
    _link_documentation(tree, place, Path(base.directories["astdatadir"]))
    conf = place / CONF
    own = {"astetcdir": place / "etc", "astmoddir": place / "modules", "astrundir": rundir or place / "socket"}
    directories = own | dict.fromkeys(OF_THE_SANDBOX, place / "var")
    lines = ["[directories]", *(f"{name} => {path}" for name, path in directories.items())]
    files.write(conf, "\n".join(lines) + "\n")
    for path in directories.values():
        path.mkdir(parents=True, exist_ok=True)
    return conf


def require_program(base: Facts) -> None:
    """Raise AsterismError unless the program of an installed tree exists."""
    if not Path(base.program).is_file():
        cure = "run 'make install' in the source tree of Asterism"
        raise AsterismError(Fault("asterism is not installed there", Place(base.program), "", cure, "not-installed"))


def _link_documentation(tree: Tree, place: Path, data: Path) -> None:
    """Link the documentation of the installed tree and of the directory's modules."""
    own = place / "var" / blocks.DIRECTORY
    named = f"*-{blocks.LANGUAGE}.xml"
    _link(own, sorted((data / blocks.DIRECTORY).glob(named)))
    theirs = sorted((data / blocks.OWN_FILES).glob(named))
    made = {f"{path.stem}-{blocks.LANGUAGE}.xml": path for path in documentation_file.paths(tree)}
    _link_named(own / "thirdparty", {path.name: path for path in theirs} | made)


def _files(directory: Path) -> list[Path]:
    return sorted(directory.iterdir()) if directory.is_dir() else []


def _link(directory: Path, sources: Iterable[Path]) -> None:
    """Fill a directory with links; of two files with one name the later one is linked."""
    _link_named(directory, {source.name: source for source in sources})


def _link_named(directory: Path, sources: Mapping[str, Path]) -> None:
    with files.told(directory, "make"):
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir(parents=True)
        for name, source in sources.items():
            (directory / name).symlink_to(source.resolve())
