"""Read the state of an install tree from disk, for :mod:`buildsys.installing.tree_findings` to check."""

from __future__ import annotations

import contextlib
import fcntl
import grp
import hashlib
import os
import pwd
import re
import stat
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

from asterism import files
from asterism.errors import AsterismError, Collector
from asterism.modulefile import reader
from asterism.modulefile.content import SUFFIXES, ModuleFile
from asterism.modulefile.library_search import Find
from asterism.numbers import number
from buildsys.installing import manifest
from buildsys.installing.installer import Destination
from buildsys.installing.manifest import Manifest
from buildsys.installing.staging import PREFIX as STAGED
from buildsys.installing.tree_findings import Interpreter, Kind, Seen, State
from buildsys.planning.plan import LIBRARY
from buildsys.settled import ninja_program, system_libraries, tree_facts, tree_places
from buildsys.settled.shared_libraries import finder, lost
from buildsys.settled.toolchain import Run

_KINDS: Mapping[int, Kind] = {
    stat.S_IFREG: "file",
    stat.S_IFDIR: "directory",
    stat.S_IFLNK: "link",
    stat.S_IFSOCK: "socket",
}


def take(target: Destination, run: Run) -> State | None:
    """Read the state of an install tree; None when nothing is installed there.

    Args:
        target: the place of the tree.
        run: runs the interpreter and the ninja of the tree to ask for their versions.

    Raises:
        AsterismError: the manifest of the tree is damaged.
    """
    layout = target.layout
    listed = manifest.load_file(target.place(layout.manifest))
    traces = (layout.manifests, layout.tree, layout.journal, layout.trail)
    if listed is None and not any(target.place(path).exists() for path in traces):
        return None
    faults = Collector()
    added = dict(_added(target, faults))
    facts = _facts(target, faults)
    places = (
        {name: tree_places.relative(path, facts.prefix) for name, path in facts.directories.items()} if facts else {}
    )
    every = [listed or Manifest(), *added.values()]
    entries = {path: entry for each in every for path, entry in each.entries.items()}
    seen = {each.path: each for each in _look(target, entries, places)}
    modules = _modules(target, seen, places.get("astmoddir", ""), faults)
    return State(
        str(target.root).rstrip("/"),
        listed or Manifest(),
        target.destdir,
        added,
        seen,
        places,
        modules,
        _lost(target, seen, modules, finder(run)),
        tuple(faults),
        facts.options if facts else (),
        _machine(target),
        _interpreter(target, run),
        ninja_program.ask(str(target.place(layout.ninja)), run) if layout.ninja in seen else None,
        lacks=tuple(system_libraries.lacking(facts.system, run)) if facts else (),
        is_running=_is_held(target.place(places["astrundir"]) / "asterisk.lock") if places else False,
        is_busy=_is_held(target.place(layout.lock)),
        layout=layout,
        is_users=facts is not None and facts.is_users,
    )


def _added(target: Destination, faults: Collector) -> Iterator[tuple[str, Manifest]]:
    for path in sorted(target.place(target.layout.manifests).glob("*.json")):
        try:
            found = manifest.load_file(path)
        except AsterismError as error:
            faults.extend(error.faults)
        else:
            if found:
                yield f"{target.layout.manifests}/{path.name}", found


def _facts(target: Destination, faults: Collector) -> tree_facts.Facts | None:
    """The facts in tree.json; None when it is missing or damaged.

    The check against the manifest reports a missing file; faults of a damaged one are added to ``faults``.
    """
    path = target.place(target.layout.tree)
    try:
        return tree_facts.of_tree(path) if path.exists() else None
    except AsterismError as error:
        faults.extend(error.faults)
        return None


# ---- files ---------------------------------------------------------------------------------------


def _look(target: Destination, entries: Mapping[str, manifest.Entry], places: Mapping[str, str]) -> Iterator[Seen]:
    """The files to check: installed files, other files in the tree, and the directories above them."""
    names = [*entries, target.layout.manifest, *_walk(target, target.layout.owned), *_near(target, entries, places)]
    ways = {parent for name in names for parent in _parents(name)}
    for name in sorted({*names, *ways, *places.values()}):
        found = _seen(target, name, entries.get(name))
        if found:
            yield found
    for parent in (target.root, *target.root.parents):
        found = _seen(Destination("/"), str(parent)) if parent != Path(parent.anchor) else None
        if found and not target.destdir:
            yield found


def _parents(name: str) -> Iterator[str]:
    while (name := os.path.dirname(name)) not in ("", "/"):
        yield name


def _walk(target: Destination, tops: Iterable[str]) -> Iterator[str]:
    """The paths of everything below some directories; links are not followed."""
    for top in tops:
        for parent, directories, names in os.walk(target.place(top)):
            below = os.path.relpath(parent, target.root)
            yield from (os.path.normpath(os.path.join(below, name)) for name in (*directories, *names))


def _near(target: Destination, entries: Iterable[str], places: Mapping[str, str]) -> Iterator[str]:
    """Staged files left in other directories by a stopped install, new samples, and files in the run directory."""
    run, etc = places.get("astrundir", ""), places.get("astetcdir", "")
    for directory in sorted({os.path.dirname(path) for path in entries} | {run, etc} - {""}):
        with contextlib.suppress(OSError):
            for name in os.listdir(target.place(directory)):
                is_sample = directory == etc and name.endswith(f".conf{manifest.NEW}")
                if name.startswith(STAGED) or is_sample or directory == run:
                    yield os.path.join(directory, name)


def _seen(target: Destination, name: str, entry: manifest.Entry | None = None) -> Seen | None:
    path = target.place(name)
    try:
        status = path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        return Seen(name, "other", trouble=_words(error))
    kind = _KINDS.get(stat.S_IFMT(status.st_mode), "other")
    digest, trouble = "", ""
    try:
        if kind == "directory":
            os.scandir(path).close()
        elif kind == "file" and entry:
            digest = hashlib.sha256(files.read_bytes(path, files.BINARY)).hexdigest()
    except AsterismError as error:
        trouble = error.faults[0].why
    except OSError as error:
        trouble = _words(error)
    mode = stat.S_IMODE(status.st_mode)
    group = _others(status.st_gid, status.st_uid) if mode & 0o020 else ""
    return Seen(name, kind, mode, _user(status.st_uid), group, status.st_size, digest, trouble)


def _words(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


@cache
def _user(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)


@cache
def _others(group: int, owner: int) -> str:
    """The name of a group with members other than the owner of a file; empty when the owner is the only member."""
    try:
        found = grp.getgrgid(group)
    except KeyError:
        return ""
    own = _user(owner)
    is_shared = any(member != own for member in found.gr_mem)
    return found.gr_name if is_shared or any(u.pw_gid == group and u.pw_name != own for u in pwd.getpwall()) else ""


# ---- content of files ----------------------------------------------------------------------------


def _modules(target: Destination, seen: Mapping[str, Seen], directory: str, faults: Collector) -> dict[str, ModuleFile]:
    """Every module that can be read; faults of the others are added to ``faults``."""
    found: dict[str, ModuleFile] = {}
    for path, each in seen.items():
        is_module = os.path.dirname(path) == directory and path.endswith(SUFFIXES)
        if is_module and each.kind == "file" and not os.path.basename(path).startswith("."):
            try:
                found[path] = reader.read(target.place(path))
            except AsterismError as error:
                faults.extend(fault for fault in error.faults if fault.code != "file" or not each.trouble)
    return found


def _lost(
    target: Destination, seen: Mapping[str, Seen], modules: Mapping[str, ModuleFile], find: Find
) -> dict[str, tuple[str, ...]]:
    """The shared libraries that are not found, by the file that needs them."""
    found = dict(modules)
    for path in seen:
        if path not in found and (path.endswith(".so") or ".so." in path) and path.startswith(target.layout.home):
            with contextlib.suppress(AsterismError):
                found[path] = reader.parse_shared(
                    files.read_bytes(target.place(path), files.BINARY), str(target.place(path))
                )
    return lost(found, find)


def _machine(target: Destination) -> str:
    path = target.place(f"{target.layout.native}/{Path(LIBRARY).name}")
    try:
        return reader.parse_shared(files.read_bytes(path, files.BINARY), str(path)).machine
    except AsterismError:
        return ""


_PYTHON = re.compile(r"^#!(\S.*) -IS$|^'''exec' \"(.*)\" -IS ", re.MULTILINE)
_WANTED = re.compile(r"sys\.version_info\[:2\] != \((\d+), (\d+)\)")


def _interpreter(target: Destination, run: Run) -> Interpreter | None:
    """The Python that the launcher names, with the version it reports; None when the launcher names none."""
    try:
        text = files.read_text(target.place(target.layout.launcher))
    except AsterismError:
        return None
    named, wanted = _PYTHON.search(text), _WANTED.search(text)
    if named is None:
        return None
    path = named[1] or named[2]
    answer = run([path, "-ISc", "import sys; print(*sys.version_info[:2])"], "")
    version = _version(answer.output) if answer.is_good else ()
    complaint = answer.complaint.strip().rpartition("\n")[2].removeprefix(f"{path}: ").lower()
    return Interpreter(path, version, _version(" ".join(wanted.groups())) if wanted else (), complaint, _closed(path))


def _version(text: str) -> tuple[int, ...]:
    numbers = [number(word) for word in text.split()]
    return tuple(each for each in numbers if each is not None)


def _closed(path: str) -> str:
    """The first directory in a program's path that not everybody can enter; empty when all can be entered."""
    for parent in reversed(Path(path).parents):
        with contextlib.suppress(OSError):
            if not parent.stat().st_mode & 0o001:
                return str(parent)
    return ""


def _is_held(lock: Path) -> bool:
    """Whether a program holds a lock; a lock file that may not be opened counts as held."""
    try:
        handle = files.opened(lock)
    except PermissionError:
        return True
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False
