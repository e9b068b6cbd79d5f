"""``asterism watch``: build a module when it is saved, and load it into the running program at once.

The process keeps the plan. For a change that does not affect the plan, it runs ninja for the affected products only.
``asterism replace --serve``, a child process of the installed program, tries a build, loads it, verifies that the
new code runs, and goes back on failure.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

from asterism import files
from asterism.errors import AsterismError, Fault, Place
from asterism.home import directory_option
from asterism.terminal import columns
from asterism.tree import BUILD, Kind, Tree
from asterism.values import dataclass, field
from asterism.words import counted
from buildsys.compile import asterisk_target, ninja_run
from buildsys.compile.failures import failed_steps
from buildsys.compile.ninja_run import Prepared
from buildsys.compile.progress import Ended
from buildsys.develop import changed_files, run_target, sandbox, tree_watch, trial_program
from buildsys.develop.changed_files import Stamp
from buildsys.develop.replacer import ROOT, Attendant, Receiver, target_of
from buildsys.develop.run import check_outside
from buildsys.develop.target_attendant import TargetAttendant
from buildsys.develop.tree_watch import TreeWatch
from buildsys.develop.watch_events import Event, why_of
from buildsys.planning import plan_inputs
from buildsys.planning.plan import CORE, Module
from buildsys.settled import configuration as settled
from buildsys.settled import tree_facts
from menuselect.sources import recognition

KEPT = f"{BUILD}/watch"
"""The last build of each module that ran, to go back to when the module directory links to ``build/modules``."""
LOG = f"{KEPT}/console.log"
WAIT = 2.0
"""Seconds after which a module in use is tried again."""
STEP, DEBOUNCE = 10, 200
"""Milliseconds without a further event after which a burst ends, and the longest duration of a burst."""
POLL = 300
"""Milliseconds between two looks on a file system without change events."""
DEAF = ("nfs", "cifs", "smb", "9p", "fuse", "vboxsf", "drvfs", "afs", "ncp")
"""Prefixes of the types of file systems that do not report changes made on other machines."""
_SKIPPED = frozenset({BUILD, ROOT, "__pycache__", "node_modules"})
_OF_THE_TREE = (".", "include", "include/asterisk", "build_tools")


# ---- the watch -----------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Watch:
    """The watch of a directory.

    Args:
        tree: the directory.
        tell: receives each event.
        attendant: loads new builds into the running program; None for none.
    """

    tree: Tree
    tell: Callable[[Event], None]
    attendant: Attendant | TargetAttendant | None = None
    prepare: Callable[[Tree], Prepared] = ninja_run.prepare
    """Reads the directory and plans its build."""
    place: str = BUILD
    """The output directory of the build, relative to the tree."""
    restart: Callable[[], None] | None = None
    """Restarts the program, when this process has started it."""
    prepared: Prepared | None = None
    behind: bool = False
    """Whether the plan is older than the sources, because these have faults."""
    seen: dict[str, Stamp] = field(default_factory=dict)
    blocks: dict[str, bytes] = field(default_factory=dict)
    waiting: dict[str, float] = field(default_factory=dict)
    """Modules in use that wait to be loaded, with the time of their save."""

    def begin(self) -> None:
        """Build everything; builds that the program may be running are copied before."""
        for product in sorted((self.tree / self.place / "modules").glob("*")):
            self._keep(product)
        self.seen = self.look()
        try:
            self._build_all(time.time())
        except AsterismError as error:
            self._faults(error.faults)  # built when the faults are corrected

    def turn(self) -> None:
        """Find the changed files, build them, and load the results."""
        before, self.seen = self.seen, self.look()
        found = changed_files.change(before, self.seen)
        if not found:
            self._try_waiting()
            return
        begun = self._moment(found)
        try:
            asked = changed_files.work(found, self.modules, self._settled(found.changed))
            if asked.plan_anew or self.prepared is None or self.behind:
                self._build_all(begun)
            else:
                plan = self.prepared.plan
                products = [plan.product_of(one) for one in plan.modules if one.product in asked.products]
                self._build(begun, self.prepared, products)
        except AsterismError as error:
            if error.faults[0].code == "locked":
                self.seen = before  # another build is running: look again when it has ended
            else:
                self._faults(error.faults)

    @property
    def modules(self) -> Sequence[Module]:
        """The modules of the plan."""
        return self.prepared.plan.modules if self.prepared else ()

    def _moment(self, found: changed_files.Change) -> float:
        """The time at which the newest of the files was saved, in seconds since the epoch."""
        now, times = time.time(), []
        for path in (*found.changed, *found.new):
            with contextlib.suppress(OSError):
                times.append((self.tree / path).stat().st_ctime)  # a renamed file keeps its modification time
        newest = max(times, default=now)
        return newest if now - 5 < newest <= now else now

    # -- looking

    def directories(self) -> list[str]:
        """The directories of sources, headers and files that affect the plan."""
        named = {os.path.dirname(source) or "." for module in self.modules for source in module.sources}
        if self.prepared is None or not self.prepared.inputs.owns_headers:
            below = {path.name for path in self.tree.top.iterdir() if path.is_dir() and not path.name.startswith(".")}
            return sorted({".", *named, *(below - _SKIPPED)})
        named |= {name for name in self.prepared.inputs.watched if (self.tree / name).is_dir()}
        core = self.prepared.inputs.core
        named |= {os.path.dirname(path) for path in (*core.sources, *core.inputs)} if core else set()
        return sorted({*named, *(name for name in _OF_THE_TREE if (self.tree / name).is_dir())})

    def look(self) -> dict[str, Stamp]:
        """The files that can affect a build, with their stamps."""
        found: dict[str, Stamp] = {}
        for directory in self.directories():
            with contextlib.suppress(OSError), os.scandir(self.tree / directory) as entries:
                for entry in entries:
                    if changed_files.counts(entry.name) and entry.is_file():
                        status = entry.stat()
                        path = os.path.normpath(os.path.join(directory, entry.name))
                        found[path] = (status.st_mtime_ns, status.st_size, status.st_ino)
        return found

    def _settled(self, changed: Iterable[str]) -> Iterator[str]:
        """The changed sources that differ in their code only."""
        modules = {source: module for module in self.modules for source in module.sources}
        for path in changed:
            module = modules.get(path)
            if module is not None and self._is_settled(path, module):
                yield path

    def _is_settled(self, path: str, module: Module) -> bool:
        if path != module.sources[0]:
            return True
        block = changed_files.block_of(files.read_bytes(self.tree / path))
        made = plan_inputs.module_of(self.tree, path, module.libraries)  # a fault when a Python source does not compile
        is_as_it_was = isinstance(made, Module) and made.is_global == module.is_global
        return is_as_it_was and block == self.blocks.get(path)

    # -- building

    def _build_all(self, begun: float) -> None:
        before = set(self.prepared.plan.products) if self.prepared else set()
        self.behind = True
        self.prepared = self.prepare(self.tree)
        self.behind = False
        first = [module.sources[0] for module in self.prepared.plan.modules]
        self.blocks = {path: changed_files.block_of(files.read_bytes(self.tree / path)) for path in first}
        self.seen |= {path: stamp for path, stamp in self.look().items() if path not in self.seen}
        self._faults(self.prepared.inputs.faults)
        for product in sorted(before - set(self.prepared.plan.products)):
            self._gone(Path(product))
        self._build(begun, self.prepared, ())

    def _build(self, begun: float, prepared: Prepared, products: Sequence[str]) -> None:
        began = time.monotonic()
        ended = ninja_run.make(self.tree, prepared, products)
        seconds = round(time.monotonic() - began, 4)
        failures = failed_steps.failures(ended)
        for failure in failures:
            self.tell(
                Event("failed", failure.unit, 0.0, seconds, faults=(failure.fault.as_json(),), excerpt=failure.excerpt)
            )
        failed = {failure.unit for failure in failures}
        for unit in _units(ended):
            if unit == CORE and unit not in failed:
                self.tell(Event("core", compiling=seconds))
            elif unit not in failed:
                self._give(unit, begun, seconds)

    def _faults(self, faults: Sequence[Fault]) -> None:
        if faults:
            self.tell(Event("fault", faults=tuple(fault.as_json() for fault in faults)))

    # -- loading into the program

    def _give(self, unit: str, begun: float, compiling: float) -> None:
        file = self._file(unit)
        if file is None:
            return
        kept = self.tree / KEPT / file.name
        outcome: dict[str, Any] = {"outcome": "alone" if self.attendant else "built"}
        for answer in self._ask(replace=str(file), kept=str(kept)):
            if "preview" in answer:
                self.tell(Event("others", unit, others=tuple(answer["preview"])))
            else:
                outcome = answer
        self._given(unit, outcome, begun, compiling)

    def _ask(self, **request: str) -> Iterator[dict[str, Any]]:
        return self.attendant.ask(**request) if self.attendant else iter(())

    def _given(self, unit: str, outcome: Mapping[str, Any], begun: float, compiling: float) -> None:
        name = outcome["outcome"]
        if name == "busy" and unit in self.waiting:
            return  # reported before
        self.waiting.pop(unit, None)
        faults = tuple(outcome.get("faults", ()))
        seconds = round(max(time.time() - begun, 0.0), 4)
        times = (outcome.get("trial", 0.0), outcome.get("taking", 0.0))
        self.tell(Event(name, unit, seconds, compiling, *times, tuple(outcome.get("others", ())), faults))
        if name == "busy":
            self.waiting[unit] = begun
        if name in ("run", "same", "built", "alone"):  # 'built' and 'alone': the next start loads these builds
            file = self._file(unit)
            if file is not None:
                self._keep(file)
        if self.restart is not None and any(fault.get("code") == "ended" for fault in faults):
            self.restart()

    def _try_waiting(self) -> None:
        for unit, begun in list(self.waiting.items()):
            self._give(unit, begun, 0.0)

    def _gone(self, product: Path) -> None:
        answers = list(self._ask(unload=product.name))
        outcome: dict[str, Any] = answers[-1] if answers else {"outcome": "alone"}
        refusal = why_of(outcome.get("faults", ()))
        text = "the module is unloaded" if outcome["outcome"] == "run" else refusal or "it was not loaded"
        self.tell(Event("gone", product.stem, text=text))

    def _file(self, unit: str) -> Path | None:
        """The path of a module's product; None when there is no such module."""
        plan = self.prepared.plan if self.prepared else None
        made = [plan.product_of(module) for module in plan.modules if module.name == unit] if plan else []
        return self.tree / made[0] if made else None

    def _keep(self, product: Path) -> None:
        with contextlib.suppress(AsterismError):
            files.write(self.tree / KEPT / product.name, files.read_bytes(product, files.BINARY))


def _units(ended: Iterable[Ended]) -> list[str]:
    """The modules of the steps that ran, in the order in which they were complete."""
    return list(dict.fromkeys(step.unit for step in reversed(list(ended))))[::-1]


# ---- waiting for changes ---------------------------------------------------------------------------------------


def is_deaf(top: Path, mounts: str) -> bool:
    """Whether a directory lies on a file system that does not report all changes.

    Args:
        top: the directory, absolute.
        mounts: the text of /proc/self/mounts.
    """
    kinds = {}
    for line in mounts.splitlines():
        _, where, kind, *_ = [*line.split(" "), "", "", ""]
        kinds[where.replace("\\040", " ")] = kind
    holders = [where for where in kinds if top == Path(where) or Path(where) in top.parents]
    return kinds[max(holders, key=len)].startswith(DEAF) if holders else False


def follow(watch: Watch | TreeWatch, stop: threading.Event, *, polling: bool) -> None:
    """Take a turn for each burst of changes, until the event is set."""
    from watchfiles import watch as changes

    while not stop.is_set():
        directories = watch.directories()
        for _ in changes(
            *(watch.tree / name for name in directories),
            watch_filter=lambda _kind, path: changed_files.counts(os.path.basename(path)) or os.path.isdir(path),
            debounce=DEBOUNCE,
            step=STEP,
            stop_event=stop,
            rust_timeout=int(WAIT * 1000),
            yield_on_timeout=True,
            force_polling=polling or None,
            poll_delay_ms=POLL,
            recursive=False,
            raise_interrupt=False,
        ):
            watch.turn()
            if watch.directories() != directories:
                break


def _mounts() -> str:
    with contextlib.suppress(AsterismError):
        return files.read_text("/proc/self/mounts")
    return ""


# ---- the verb --------------------------------------------------------------------------------------------------


def parser() -> argparse.ArgumentParser:
    """The command line of ``asterism watch``."""
    made = argparse.ArgumentParser(
        prog="asterism watch",
        description="Build a module when it is saved, try it in a child process, and have the running asterism take "
        "it; one that does not build or run leaves the old one running.",
        epilog="In the source tree that is the program of 'make run', else the installed one; in a directory of "
        "modules of your own that of 'asterism run', else the installed one. Ctrl-C ends it.",
    )
    made.add_argument("-C", metavar="FILE", dest="conf", help="the asterisk.conf of the program that takes the modules")
    directory_option.add(made, "--directory")
    chosen = made.add_mutually_exclusive_group()
    chosen.add_argument(
        "--run", action="store_true", help="start the program as well, without a console, and stop it at the end"
    )
    chosen.add_argument(
        "--target",
        metavar="NAME|DIR",
        help="build for a real Asterisk: try each build in a private instance, then have the installed one take it",
    )
    made.add_argument("--poll", action="store_true", help="poll for changes, where the system reports none")
    made.add_argument("--json", action="store_true", help="a line of JSON for each event, for editors")
    return made


def main(words: Sequence[str]) -> int:
    """Serve ``asterism watch``."""
    options = parser().parse_args(words)
    tree = recognition.here()
    is_outside = tree.kind is Kind.MODULES
    if not is_outside and not (tree / "build_tools").exists():
        check_outside(tree, "make watch")
    if not is_outside and tree.kind is not Kind.ASTERISK:
        settled.load(tree)
    tell = _teller(sys.stdout, as_json=options.json)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with contextlib.ExitStack() as stack:
        watch = _begun(tree, tell, stack, options)
        is_blind = is_deaf(tree.top, _mounts())
        why = "; this file system reports no changes, so they are polled for" if is_blind else ""
        count = counted(len(watch.modules), "module")
        tell(Event("watching", text=f"watching {count} in {tree}{why}; Ctrl-C ends it"))
        follow(watch, stop, polling=options.poll or is_blind)
    tell(Event("ended", text="ended"))
    return 0


def _begun(
    tree: Tree, tell: Callable[[Event], None], stack: contextlib.ExitStack, options: argparse.Namespace
) -> Watch | TreeWatch:
    """The watch of a directory, after its first build."""
    if tree.kind is Kind.ASTERISK:
        return tree_watch.watch_of(tree, tell, options.target or "")
    if options.target:
        of_target = _of_target(tree, tell, options.target)
        of_target.begin()
        return of_target
    watch = Watch(tree, tell)
    _attended(watch, stack, options)
    return watch


def _of_target(tree: Tree, tell: Callable[[Event], None], word: str) -> Watch:
    """A watch that builds for a real Asterisk and loads the builds into it.

    Raises:
        AsterismError: the target is unknown, has no program, or is not installed.
    """
    check_outside(tree, "make watch")
    asterisk = run_target.the_one(word, tree)
    attendant = TargetAttendant(tree, asterisk, tree / KEPT)

    def prepare(of: Tree) -> Prepared:
        return ninja_run.prepare(of, lambda each: asterisk_target.gather(each, asterisk.headers))

    return Watch(tree, tell, attendant, prepare, asterisk.headers.place)


def _attended(watch: Watch, stack: contextlib.ExitStack, options: argparse.Namespace) -> None:
    """Build, and load the builds into Asterism's own program, which is started first with ``--run``."""
    target = target_of(watch.tree, options.conf)
    if options.run:
        watch.begin()
        target = _started(watch, stack, target, watch.tree.kind is Kind.MODULES)
    attendant = Attendant(target.program, target.confs)
    watch.attendant = attendant
    stack.callback(attendant.close)
    if not options.run:
        watch.begin()


def _teller(out: TextIO, *, as_json: bool) -> Callable[[Event], None]:
    def tell(event: Event) -> None:
        now = time.time()
        first, *excerpt = [event.as_json(now)] if as_json else event.lines(now)
        shown = first if as_json else columns.fitted(first, out)
        print("\n".join([shown, *excerpt]), file=out, flush=True)

    return tell


def _started(watch: Watch, stack: contextlib.ExitStack, target: Receiver, is_outside: bool) -> Receiver:
    """Start the program with the modules just built; it ends with this process."""
    if is_outside:
        conf = sandbox.prepare(watch.tree, tree_facts.facts())
    else:
        conf = Path(target.confs[0])
        if not Path(target.program).exists():
            cure = "run 'make run' or 'make install' once"
            raise AsterismError(
                Fault("the installed program is missing", Place(target.program), "", cure, "not-installed")
            )
    running = stack.enter_context(contextlib.ExitStack())

    log = watch.tree / LOG
    with files.told(log.parent, "make"):
        log.parent.mkdir(parents=True, exist_ok=True)

    def start() -> None:
        running.close()
        running.enter_context(trial_program.running(target.program, conf, log))
        watch.tell(Event("started", text=f"asterism runs: {target.program} -C {conf} -r connects to it"))

    start()
    watch.restart = start
    return Receiver(target.program, (str(conf),))
