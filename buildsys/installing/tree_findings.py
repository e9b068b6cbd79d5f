"""Check an install tree: a pure function from its manifests and the files on disk to findings."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Literal

from asterism.errors import Fault, Place, Severity
from asterism.modulefile.content import ModuleFile
from asterism.values import dataclass, field
from buildsys.installing.manifest import NEW, Entry, Manifest
from buildsys.installing.staging import PREFIX as STAGED
from buildsys.settled import build_options, shared_libraries
from buildsys.settled.ninja_program import NEEDED, Answer
from buildsys.settled.system_libraries import Unmet
from buildsys.settled.tree_places import TreeLayout

OLDEST = (3, 11)
"""The oldest version of Python that the program supports."""

Kind = Literal["file", "directory", "link", "socket", "other"]


@dataclass(frozen=True, slots=True)
class Seen:
    """A file or directory on disk."""

    path: str
    """The path, relative to the prefix; absolute when it lies outside of the prefix."""
    kind: Kind = "file"
    mode: int = 0o644
    """The permission bits."""
    owner: str = ""
    """The name of the owner."""
    group: str = ""
    """The name of the group that may write, when it has members besides the owner; otherwise empty."""
    size: int = 0
    digest: str = ""
    """The SHA-256 of a file that a manifest lists."""
    trouble: str = ""
    """The reason why it cannot be read; empty when it can."""


@dataclass(frozen=True, slots=True)
class Interpreter:
    """The Python that the launcher names."""

    path: str
    version: tuple[int, ...] = ()
    """The version; empty when the interpreter is missing or does not answer."""
    wanted: tuple[int, ...] = ()
    """The version that the tree was installed for; empty when unknown."""
    trouble: str = ""
    closed: str = ""
    """The first directory in its path that not every user can enter; empty when all can be entered."""


@dataclass(frozen=True, slots=True)
class State:
    """The state of an install tree: its manifests and the files on disk."""

    prefix: str
    """The path of the tree on this machine."""
    manifest: Manifest
    destdir: str = ""
    added: Mapping[str, Manifest] = field(default_factory=dict)
    """The manifests of modules from outside of the source tree, by the manifests' paths."""
    seen: Mapping[str, Seen] = field(default_factory=dict)
    directories: Mapping[str, str] = field(default_factory=dict)
    """The directories of asterisk.conf, by name; paths as in manifests."""
    modules: Mapping[str, ModuleFile] = field(default_factory=dict)
    """The modules, by path."""
    lost: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The shared libraries that are not found, by the file that needs them."""
    unread: tuple[Fault, ...] = ()
    """Faults of files that cannot be read: files that are not modules, damaged manifests."""
    options: tuple[str, ...] = ()
    """The build options of the tree that change the ABI."""
    machine: str = ""
    """The machine of libasterism.so; empty when the file cannot be read."""
    interpreter: Interpreter | None = None
    ninja: Answer | None = None
    """The version check of the tree's ninja; None in a tree without one."""
    lacks: tuple[Unmet, ...] = ()
    """The libraries that the tree takes from the distribution, and that this lacks."""
    is_running: bool = False
    """Whether a running program owns the run directory."""
    is_busy: bool = False
    """Whether an install is changing the tree."""
    layout: TreeLayout = field(default_factory=TreeLayout)
    is_users: bool = False
    """Whether this is the user's tree of an installation by pip, which is installed anew when it is not whole."""

    def place(self, path: str) -> Place:
        """The place on this machine of a path in a manifest."""
        return Place(os.path.normpath(os.path.join(self.prefix, path)) if path[:1] != "/" else self.destdir + path)

    @property
    def entries(self) -> dict[str, Entry]:
        """All installed files, by path."""
        return {path: entry for each in (*self.added.values(), self.manifest) for path, entry in each.entries.items()}

    @property
    def owner(self) -> str:
        """The user who owns the tree; empty when unknown."""
        own = self.seen.get(self.layout.manifest)
        return own.owner if own else ""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A fault of a tree, and the files to remove to correct it."""

    fault: Fault
    remove: tuple[str, ...] = ()
    """The paths to remove, as in manifests, files before their directories."""
    finishes: bool = False
    """Whether completing an interrupted install corrects the fault."""

    def as_json(self) -> dict[str, object]:
        """The fault, and the files that ``--prune`` removes."""
        return {**self.fault.as_json(), "prune": list(self.remove), "finishes": self.finishes}


def examine(state: State) -> list[Diagnosis]:
    """Everything that is wrong with a tree, the most serious first."""
    return [finding for check in CHECKS for finding in check(state)]


def _finding(
    state: State, code: str, path: str, what: str, why: str = "", cure: str = "", severity: Severity = "error"
) -> Diagnosis:
    return Diagnosis(Fault(what, state.place(path), why, cure, code, severity))


def _is_below(path: str, directories: Iterable[str]) -> bool:
    return any(path == each or path.startswith(f"{each}/") for each in directories)


def _again(state: State, path: str) -> str:
    """What installs a file again: a command, or the next use of a tree that is brought up to date at each use."""
    for own, listed in state.added.items():
        if path in listed.entries:
            where = listed.source or f"the directory {os.path.basename(own).removesuffix('.json')}"
            return f"run 'asterism install' again in {where}"
    if state.is_users:
        return "use 'asterism' again, which installs it anew"
    return "run 'make install' again in the source tree"


# ---- the program itself --------------------------------------------------------------------------


def _interpreter(state: State) -> Iterator[Diagnosis]:
    python = state.interpreter
    if python is None:
        return
    dotted = ".".join(map(str, python.version))
    wanted = ".".join(map(str, python.wanted))
    cure = "install that Python again, or run './configure' and 'make install' with another: PYTHON=/path/to/python3"
    if not python.version:
        how = "cannot be run" if python.closed else "is gone"
        what = f"the Python it was installed for {how}: {python.path}"
        yield _finding(state, "no-python", state.layout.launcher, what, python.trouble, cure)
    elif python.version < OLDEST:
        what = f"Python {dotted} is too old"
        why = f"{python.path} is {dotted}, and {'.'.join(map(str, OLDEST))} or later is needed"
        yield _finding(state, "old-python", state.layout.launcher, what, why, cure)
    elif python.wanted and python.version != python.wanted:
        what = f"it was installed for Python {wanted}, and {python.path} is Python {dotted} now"
        cure = "run 'make install' again in the source tree, after './configure'"
        yield _finding(state, "other-python", state.layout.launcher, what, "", cure)
    elif python.closed and not _is_private(state):
        what = "only one user can run it"
        why = f"its Python is {python.path}, and {python.closed} is closed to all others"
        cure = "remove .venv in the source tree, then install with another: PYTHON=/usr/bin/python3 make install"
        yield _finding(state, "closed-python", state.layout.launcher, what, why, cure, "warning")


def _ninja(state: State) -> Iterator[Diagnosis]:
    """Faults of the tree's own ninja, which builds modules outside of the source tree; ``_missing`` checks the file."""
    answer = state.ninja
    if answer and not answer.is_good:
        what = f"no module can be built with this ninja: it {answer.trouble}"
        why = f"{NEEDED} or later is needed" if answer.version else ""
        yield _finding(state, "bad-ninja", state.layout.ninja, what, why, _again(state, state.layout.ninja))


def _libraries(state: State) -> Iterator[Diagnosis]:
    """Faults of the distribution's libraries that the program uses."""
    for lack in state.lacks:
        what = f"the program needs the distribution's {lack.name}, which {lack.trouble}"
        cure = f"install its package again ('apt install {lack.debian}' on Debian or Ubuntu), or ./configure without"
        why = f"{lack.wanted} is needed"
        yield _finding(state, "no-library", state.layout.launcher, what, why, f"{cure} --system-python")


def _is_private(state: State) -> bool:
    """Whether the tree lies below a directory that not every user can enter."""
    above = [seen for path, seen in state.seen.items() if path.startswith("/") and _is_below(state.prefix, [path])]
    return any(not seen.mode & 0o001 for seen in above)


def _unread(state: State) -> Iterator[Diagnosis]:
    if state.layout.manifest not in state.seen and state.layout.tree in state.seen:
        path = state.layout.manifest
        yield _finding(state, "bad-manifest", path, "the manifest of the tree is missing", "", _again(state, path))
    yield from (Diagnosis(fault) for fault in state.unread)


# ---- files ---------------------------------------------------------------------------------------


def _interrupted(state: State) -> Iterator[Diagnosis]:
    if state.is_busy:
        what = "an install or uninstall is under way in this tree"
        cure = "wait until it has finished, and ask again"
        yield _finding(state, "busy", "", what, "", cure, "warning")
        return
    cure = "run 'make install' or 'make uninstall' again, or 'asterism doctor --prune'"
    left = [path for path in (state.layout.journal, state.layout.trail) if path in state.seen]
    if left:
        path = left[0]
        why = (
            "the install was stopped while it renamed files; its journal says how to finish"
            if path == state.layout.journal
            else ""
        )
        found = _finding(state, "interrupted", path, "an install was stopped before its end", why, cure)
        yield Diagnosis(found.fault, finishes=True)
        return
    for path in state.seen:
        if os.path.basename(path).startswith(STAGED):
            cure = "'asterism doctor --prune' removes it"
            found = _finding(state, "leftover", path, "an install that was stopped has left it", "", cure)
            yield Diagnosis(found.fault, (path,))


def _missing(state: State) -> Iterator[Diagnosis]:
    for path, entry in state.entries.items():
        if path in state.seen:
            continue
        if entry.is_config:
            if not path.endswith(NEW):
                cure = "'make samples' puts the sample back" if path in state.manifest.entries else _again(state, path)
                yield _finding(state, "missing", path, "the configuration was removed", "", cure, "warning")
        else:
            yield _finding(state, "missing", path, "it is missing", "it was installed", _again(state, path))


def _changed(state: State) -> Iterator[Diagnosis]:
    for path, entry in state.entries.items():
        seen = state.seen.get(path)
        if seen is None or entry.is_config or seen.trouble:
            continue
        what, cure = "it is not as it was installed", f"remove it, then {_again(state, path)}"
        if seen.kind != "file":
            why = f"a {seen.kind} is in its place"
            yield _finding(state, "changed", path, what, why, cure)
        elif seen.digest != entry.sha256:
            lengths = f"it has {seen.size} bytes, and was installed with {entry.size}"
            why = lengths if seen.size != entry.size else "its contents differ"
            yield _finding(state, "changed", path, what, why, cure)
        elif path in (state.layout.launcher, state.layout.ninja) and not seen.mode & 0o100:
            cure = f"chmod 755 {state.place(path)}"
            yield _finding(state, "changed", path, "it is a program that nobody may start", "", cure)


def _foreign(state: State) -> Iterator[Diagnosis]:
    """Files in directories of the tree that were not installed; a foreign directory is reported once."""
    if state.layout.manifest not in state.seen or any(fault.code == "bad-manifest" for fault in state.unread):
        return  # without a readable manifest it is unknown which files are foreign
    entries = state.entries
    ours = {*entries, *state.added, state.layout.manifest, state.layout.manifests, *state.layout.owned}
    ours |= {state.layout.journal, state.layout.trail, state.layout.lock}
    parents = {*(parent for path in ours for parent in _parents(path)), *state.directories.values()}
    parents |= set(state.manifest.directories)
    is_compiled = any(path.endswith(".pyc") for path in entries)
    known = ours | parents | (set() if is_compiled else {*_byte_code(state)})
    foreign = {path for path in state.seen if path not in known and _is_below(path, state.layout.owned)}
    tops = [path for path in state.seen if path in foreign and foreign.isdisjoint(_parents(path))]
    for path in tops:
        if os.path.basename(path).startswith(STAGED):
            continue
        within = sorted((each for each in foreign if _is_below(each, [path])), reverse=True)
        yield Diagnosis(_foreign_fault(state, path, within), tuple(within))


def _parents(path: str) -> Iterator[str]:
    while path := os.path.dirname(path).rstrip("/"):
        yield path


def _byte_code(state: State) -> Iterator[str]:
    """Byte code that interpreters and packaging tools have written beside sources of a tree installed without it."""
    entries = state.entries
    for path in state.seen:
        directory, name = os.path.split(path)
        source = os.path.join(os.path.dirname(directory), f"{name.partition('.')[0]}.py")
        if os.path.basename(directory) == "__pycache__" and source in entries:
            yield from (directory, path)


def _foreign_fault(state: State, path: str, within: list[str]) -> Fault:
    cure = "'asterism doctor --prune' removes it"
    if path.endswith(".pyc"):
        why = "another Python has written it, or the source was removed"
        return Fault("this byte code is stale", state.place(path), why, cure, "stale")
    if os.path.dirname(path) == state.directories.get("astmoddir") and path.endswith((".so", ".py")):
        cure = f"{cure}; 'asterism install' in its directory keeps it, with a manifest"
        return Fault("this module belongs to no install", state.place(path), "", cure, "foreign")
    what = f"this directory belongs to no install, and has {len(within) - 1} entries"
    if state.seen[path].kind != "directory":
        what = "this file belongs to no install"
    return Fault(what, state.place(path), "no manifest of this tree names it", cure, "foreign")


def _twice(state: State) -> Iterator[Diagnosis]:
    """Files that two manifests list: the first uninstall removes them from the other install, too."""
    seen: dict[str, str] = {}
    for own, listed in ((state.layout.manifest, state.manifest), *state.added.items()):
        for path in listed.entries:
            other = seen.setdefault(path, own)
            if other != own:
                why = f"{state.place(other)} and {state.place(own)} both list it"
                cure = "give one of the modules another name, and install both again"
                yield _finding(state, "two-owners", path, "it was installed twice", why, cure)


def _new_samples(state: State) -> Iterator[Diagnosis]:
    etc = state.directories.get("astetcdir", "")
    for path in state.seen:
        if os.path.dirname(path) == etc and path.endswith(f".conf{NEW}") and path.removesuffix(NEW) in state.seen:
            old = state.place(path.removesuffix(NEW))
            cure = f"take over what you want (diff {old} {state.place(path)}), then remove it"
            what = "a newer sample lies beside a configuration that was edited"
            yield _finding(state, "new-sample", path, what, "", cure, "warning")


# ---- modules -------------------------------------------------------------------------------------


def _other_build(state: State) -> Iterator[Diagnosis]:
    for path, module in state.modules.items():
        lines = build_options.verdict(module.sum, module.options, state.options)
        if lines:
            cure = _rebuild(state, path)
            what = "the module was built with other options, and will not be loaded"
            yield _finding(state, "other-build", path, what, "; ".join(lines), cure)
        elif state.machine and module.machine not in ("", state.machine):
            why = f"it is for {module.machine}, the program for {state.machine}"
            yield _finding(state, "other-machine", path, "it is for another machine", why, _rebuild(state, path))


def _rebuild(state: State, path: str) -> str:
    if path in state.entries:
        return f"build it again, then {_again(state, path).removeprefix('run ')}"
    return "compile it again with the flags that 'asterism config --cflags' prints"


def _lost_libraries(state: State) -> Iterator[Diagnosis]:
    for path, names in state.lost.items():
        yield Diagnosis(shared_libraries.fault(state.place(path), names))


def _same_name(state: State) -> Iterator[Diagnosis]:
    for path, module in state.modules.items():
        twin = f"{path.removesuffix('.py')}.so"
        if path.endswith(".py") and twin in state.modules:
            what, why = f"two modules are named {module.name}", f"{state.place(twin)} is the other"
            yield _finding(state, "same-name", path, what, why, "uninstall one of them")


# ---- permissions ---------------------------------------------------------------------------------


def _writable(state: State) -> Iterator[Diagnosis]:
    for path, seen in state.seen.items():
        if seen.kind == "link":
            continue
        place = state.place(path)
        is_sticky = seen.kind == "directory" and seen.mode & 0o1000
        if seen.mode & 0o002 and not is_sticky:
            what = "any user of this machine can write here"
            yield _finding(state, "world-writable", path, what, "programs are run from here", f"chmod o-w {place}")
        elif seen.group and seen.mode & 0o020 and not is_sticky:
            what = f"every member of the group '{seen.group}' can write here"
            why = "programs are run from here"
            yield _finding(state, "group-writable", path, what, why, f"chmod g-w {place}", "warning")
        elif state.owner and seen.owner not in ("root", state.owner, ""):
            what = f"it belongs to '{seen.owner}', who can change it"
            why = f"the tree belongs to '{state.owner}'"
            yield _finding(state, "other-owner", path, what, why, f"chown {state.owner} {place}", "warning")


def _unreadable(state: State) -> Iterator[Diagnosis]:
    closed = {path for path, seen in state.seen.items() if seen.trouble and seen.kind == "directory"}
    for path, seen in state.seen.items():
        if not closed.isdisjoint(_parents(path)):
            continue  # reported for the directory
        right = 0o5 if seen.kind == "directory" else 0o4
        if seen.trouble:
            cure = f"chmod a+rX {state.place(path)}, or ask as {state.owner or 'the owner of the tree'}"
            severity: Severity = "error" if _is_below(path, state.layout.code) else "warning"
            yield _finding(state, "unreadable", path, "it cannot be read", seen.trouble, cure, severity)
        elif seen.kind in ("file", "directory") and _is_below(path, state.layout.code) and seen.mode & right != right:
            what, cure = "other users than its owner cannot read it", f"chmod a+rX {state.place(path)}"
            why = "who is not root cannot run the program then"
            if path not in (state.layout.journal, state.layout.trail, state.layout.lock):
                yield _finding(state, "unreadable", path, what, why, cure, "warning")


# ---- leftovers of a program ------------------------------------------------------------------------


def _stale_run(state: State) -> Iterator[Diagnosis]:
    """PID files and sockets left by a program that has ended; the next start replaces both."""
    run = state.directories.get("astrundir", "")
    if state.is_running or not run:
        return
    for path, seen in state.seen.items():
        if os.path.dirname(path) == run and (seen.kind == "socket" or path.endswith("/asterisk.pid")):
            what = f"a program that is gone has left this {'socket' if seen.kind == 'socket' else 'PID file'}"
            cure = "'asterism doctor --prune' removes it; the next start does, too"
            yield Diagnosis(_finding(state, "stale", path, what, "", cure, "warning").fault, (path,))


CHECKS: tuple[Callable[[State], Iterator[Diagnosis]], ...] = (
    _interrupted,
    _interpreter,
    _ninja,
    _libraries,
    _unread,
    _missing,
    _changed,
    _twice,
    _other_build,
    _lost_libraries,
    _same_name,
    _foreign,
    _writable,
    _unreadable,
    _stale_run,
    _new_samples,
)
"""The checks, the most serious faults first."""
