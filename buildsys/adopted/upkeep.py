"""Keep menu, selection, generated files and documentation up to date by the tree's own make.

Each of these takes the tree's make seconds, whether or not there is anything to do. Here each is checked first, and
the tree's own make runs only for what is out of date. A source in which only code has changed leaves the menu and the
documentation up to date.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from asterism import files
from asterism.tree import BUILD, DEPS, MAKEOPTS, MENU, SELECTION, Tree
from asterism.values import dataclass
from buildsys.adopted import questions, source_parts, tree_state
from buildsys.adopted.questions import Make

PROGRAM = "menuselect/menuselect"
VERSION = "main/version.c"
GENERATED = (VERSION, "include/asterisk/buildopts.h", "include/asterisk/build.h", "defaults.h")
"""Files that the top Makefile makes before it enters a directory."""

_SETTLED = f"{BUILD}/make/settled"
_SOURCES = (".c", ".cc", ".xml")
_CFLAGS = re.compile(r"^MENUSELECT_CFLAGS.*$", re.MULTILINE)
_BUNDLED = re.compile(r"^(\w+)_BUNDLED\s*=\s*yes\s*$", re.MULTILINE)


# ---- the menu and the selection ----------------------------------------------------------------------------


def refresh_menu(tree: Tree) -> bool:
    """Bring menuselect-tree up to date with the sources.

    Returns:
        Whether its text has changed.

    Raises:
        AsterismError: a source cannot be read.
    """
    menu = tree.menu
    sources = list(menu_sources(tree))
    changed = _newer(tree, menu.stat().st_mtime_ns, sources) if menu.is_file() else None
    if changed is not None and (not changed or _are_known(tree, source_parts.MENU, changed, sources)):
        if changed:
            os.utime(menu)
        elif not (tree / source_parts.MENU).is_file():
            source_parts.keep(tree, source_parts.MENU, sources)
        return False
    from menuselect.sources import scan  # which most builds need not import: no source has changed what is listed

    is_other = files.write(menu, scan.tree_bytes(tree))
    if not is_other:
        os.utime(menu)
    source_parts.keep(tree, source_parts.MENU, sources)
    return is_other


def refresh_selection(tree: Tree, make: Make) -> None:
    """Bring menuselect.makeopts up to date with the menu and with what configure has found.

    Raises:
        AsterismError: the tree's own make fails.
    """
    changed = refresh_menu(tree)
    chosen = tree.selection
    needed = (PROGRAM, MAKEOPTS, DEPS)
    is_current = chosen.is_file() and not _newer(tree, chosen.stat().st_mtime_ns, needed)
    if changed or not is_current or not (tree / PROGRAM).is_file():
        done = questions.own(tree, make, [SELECTION])
        questions.check(done, tree, f"{SELECTION} cannot be brought up to date")
    # A selection that stays as it is is not written again; it is as good as new.
    if _newer(tree, chosen.stat().st_mtime_ns, (*needed, MENU)):
        os.utime(chosen)


def menu_sources(tree: Tree) -> Iterator[str]:
    """The prerequisites of menuselect-tree, as far as make knows them."""
    for name in module_directories(tree):
        if name != "main":
            names = tree_state.listed(os.fspath(tree), name)[0]
            yield from (f"{name}/{each}" for each in names if each.endswith(_SOURCES))
    yield "main/channelstorage_makeopts.xml"
    yield from ("build_tools/cflags.xml", "build_tools/cflags-devmode.xml", "sounds/sounds.xml", "utils/utils.xml")
    yield from ("agi/agi.xml", "configure", MAKEOPTS)


def module_sources(tree: Tree) -> list[str]:
    """The sources that lie directly in the directories of the tree."""
    return [path for path in menu_sources(tree) if path.endswith(tree_state.CODE)]


def module_directories(tree: Tree) -> list[str]:
    """The directories at the top that have a Makefile, and may hold modules."""
    with os.scandir(tree) as entries:
        names = [entry.name for entry in entries if entry.is_dir() and not entry.name.startswith(".")]
    return sorted(name for name in names if name not in _NO_MODULES and (tree / name / "Makefile").is_file())


_NO_MODULES = (BUILD, "agi", "contrib", "doc", "menuselect", "sounds", "utils")
"""Directories without modules; the documentation and copies of sources are written into some of them."""


# ---- generated files -----------------------------------------------------------------------------------------


def refresh_generated(tree: Tree, make: Make, version: str) -> None:
    """Have the tree's own make bring its generated headers and the version up to date, when they may be out of date.

    Args:
        tree: the tree.
        make: its make.
        version: the version of the tree now.

    Raises:
        AsterismError: the tree's own make fails.
    """
    chosen = _CFLAGS.search(files.read_text(tree.selection))
    now = "\n".join(
        [
            version,
            chosen[0] if chosen else "",
            files.text_or_empty(tree / MAKEOPTS),
            files.text_or_empty(tree / ".flavor"),
        ]
    )
    settled = hashlib.sha256(now.encode("utf-8", "surrogateescape")).hexdigest()
    is_there = all((tree / name).is_file() for name in GENERATED)
    if is_there and files.text_or_empty(tree / _SETTLED) == settled and not _is_to_be_cleaned(tree):
        return
    done = questions.own(tree, make, GENERATED)
    questions.check(done, tree, "its generated headers cannot be made")
    files.write(tree / _SETTLED, settled)


def _is_to_be_cleaned(tree: Tree) -> bool:
    """Whether Asterisk's cleancount says that everything built is out of date."""
    last = tree / ".lastclean"
    return not last.is_file() or bool(_newer(tree, last.stat().st_mtime_ns, (".cleancount",)))


def version_now(tree: Tree, environment: Mapping[str, str]) -> str:
    """The version of the tree from its own script; in a git repository the version changes with each commit."""
    if not (tree / ".git").is_dir():
        return files.text_or_empty(tree / ".version")
    try:
        done = subprocess.run(
            tree_state.VERSION_COMMAND,
            cwd=tree,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError:
        return ""
    return done.stdout.strip()


def bundled(tree: Tree) -> list[str]:
    """The bundled libraries, which are downloaded as archives and built by their own make: ``PJPROJECT``."""
    return _BUNDLED.findall(files.text_or_empty(tree / MAKEOPTS))


# ---- documentation -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Documentation:
    """The documentation of a tree."""

    goals: tuple[str, ...]
    """What the top Makefile makes of it."""
    process: subprocess.Popen[str] | None = None
    """The running make; None when there is nothing to do."""


def start_documentation(tree: Tree, make: Make, goals: Sequence[str]) -> Documentation:
    """Start the tree's own make on its documentation when that has changed."""
    made = [goal for goal in goals if "/" in goal]
    if not made or not _has_changed(tree, tree / made[0]):
        return Documentation(tuple(goals))
    words = [make.program, "-s", "-f", "Makefile", *goals]
    process = subprocess.Popen(
        words,
        cwd=tree,
        env=make.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="surrogateescape",
    )
    return Documentation(tuple(goals), process)


def end_documentation(tree: Tree, started: Documentation) -> None:
    """Wait for the documentation.

    Raises:
        AsterismError: its make has failed.
    """
    if started.process is None:
        return
    said = started.process.communicate()[0]
    done = subprocess.CompletedProcess[str]([], started.process.returncode, "", said)
    questions.check(done, tree, "the documentation cannot be made")
    source_parts.keep(tree, source_parts.DOCUMENTED, documented(tree))


def _has_changed(tree: Tree, made: Path) -> bool:
    """Whether the documentation in the sources has changed since the file was made; otherwise the file is touched."""
    if not made.is_file():
        return True
    sources = documented(tree)
    changed = _newer(tree, made.stat().st_mtime_ns, sources)
    if not changed:
        if not (tree / source_parts.DOCUMENTED).is_file():
            source_parts.keep(tree, source_parts.DOCUMENTED, sources)
        return False
    if not _are_known(tree, source_parts.DOCUMENTED, changed, sources):
        return True
    os.utime(made)
    return False


def documented(tree: Tree) -> list[str]:
    """The files that may hold documentation."""
    return [
        f"{directory}/{each}"
        for name in module_directories(tree)
        for directory, names, _ in tree_state.walked(os.fspath(tree), name)
        for each in names
        if each.endswith(_SOURCES)
    ]


def _are_known(tree: Tree, kept: str, changed: Iterable[str], sources: Iterable[str]) -> bool:
    """Whether the menu or the documentation was made of these sources as they are."""
    is_one_gone = not source_parts.known(tree, kept).keys() <= set(sources)
    return not is_one_gone and source_parts.are_known(tree, kept, changed)


# ---- files ---------------------------------------------------------------------------------------------------


def _newer(tree: Tree, moment: int, names: Iterable[str]) -> list[str]:
    """The files that were changed after a moment, in nanoseconds."""
    # A string and not a path: a build with nothing to do looks at three thousand files.
    top = os.fspath(tree)
    return [name for name in names if files.age(f"{top}/{name}") > moment]
