"""Build Asterisk's tree after a change of code alone, without what takes long before ninja can start.

The state that the last build has left says whether more has changed; then :mod:`buildsys.adopted.tree_build` makes a
whole build. What a source has for menu and documentation is compared while ninja reads its steps, and ninja is stopped
when that has changed.
"""

from __future__ import annotations

import gc
import os
import sys
import time

from asterism import files
from asterism.errors import AsterismError
from asterism.light import contexts, processes
from asterism.streams import guarded, reported
from asterism.tree import BUILD, LOCK, LOGS, MANIFEST, MENU, SELECTION, Kind, Tree
from asterism.values import TYPE_CHECKING, dataclass, replace
from buildsys.adopted import tree_state
from buildsys.adopted.tree_state import MAKE, BuiltState
from buildsys.compile import following, progress
from buildsys.compile.following import Reporter
from buildsys.settled import compiler_launcher

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from asterism.light.processes import Child
    from buildsys.compile.progress import Ended

PLAIN = "ASTERISM_PLAIN"
"""The environment variable by which make says that neither its command line nor the environment sets variables."""


def launched() -> None:
    """Serve ``make`` in an adopted tree: the makefile starts Python without its site packages, and gives the options.

    The process ends here, and at once: to look for garbage and to free each value takes a tenth of a build of one
    source. For a build as another user this function returns, and ``asterism build`` has to follow.
    """
    gc.disable()
    top = os.getcwd()
    if os.geteuid() == 0 and os.stat(top).st_uid != 0:
        return
    words = sys.argv[1:]
    reporter = Reporter(sys.stdout, quiet="-q" in words, verbose="-v" in words)
    status = guarded(lambda: reported(lambda: _served(top, reporter), "asterism", following.GOES_ON), "asterism")
    sys.stderr.flush()
    os._exit(status)


def _served(top: str, reporter: Reporter) -> int:
    try:
        said = build(reporter) if os.environ.pop(PLAIN, "") else None
        said = said or _whole(top, reporter)
    except KeyboardInterrupt:
        reporter.clear()
        raise
    if not reporter.quiet:
        print(said)
    return 0


def _whole(top: str, reporter: Reporter) -> str:
    import site  # a build of code alone does without it and all that follows

    site.main()
    from buildsys.adopted import tree_build  # as said

    return tree_build.build(_tree(top), reporter)


def build(reporter: Reporter) -> str | None:
    """Build the tree of the current directory when only code has changed since a build without failures.

    Returns:
        A sentence about the result; None when more has changed, and the tree is as it was.

    Raises:
        AsterismError: with a fault for everything that could not be built; everything else is built.
    """
    top = os.getcwd()
    state = tree_state.load(top)
    is_launched = os.environ.get(compiler_launcher.VARIABLE)
    if state is None or is_launched or state.facts.make != os.environ.get(MAKE, "make"):
        return None
    with files.locked(f"{top}/{LOCK}", wait=False):
        found = _with_changed_code(state)
        outputs = tree_state.load_outputs(top)
        if found is None or not outputs or tree_state.ages(top, outputs) != outputs:
            return None
        return _Build(found, outputs, reporter).made()


@dataclass(frozen=True, slots=True)
class _Found:
    """A tree in which code alone has changed."""

    state: BuiltState
    """The state, with the ages that the files have now."""
    changed: tuple[str, ...]
    """The sources that have changed."""


def _with_changed_code(state: BuiltState) -> _Found | None:
    """The changed sources; None when something else than code has changed."""
    now = tree_state.ages(state.facts.top, state.ages)
    changed = []
    for path, before in state.ages.items():
        if now[path] == before:
            continue
        if path in state.directories:
            if not _has_the_same_names(state, path):
                return None
        elif path.endswith(tree_state.CODE) and now[path] and before:
            changed.append(path)
        else:
            return None
    return _Found(replace(state, ages=now), tuple(changed))


def _has_the_same_names(state: BuiltState, directory: str) -> bool:
    try:
        return tree_state.as_line(*tree_state.listed(state.facts.top, directory)) == state.directories[directory]
    except OSError:
        return False


@dataclass(frozen=True, slots=True)
class _Build:
    """A build of code alone."""

    found: _Found
    outputs: dict[str, int]
    """The ages of all outputs."""
    reporter: Reporter

    def made(self) -> str | None:
        """Run ninja; the sentence about it, or None when the sources have changed more than their code."""
        began = time.monotonic()
        facts = self.found.state.facts
        try:
            asked, ninja = self._version_asked(), self._ninja()
        except OSError:
            return None
        try:
            if not self._are_known() or (asked and _said(asked) != facts.version):
                ninja.stop()
                return None
            self._touch()
            commands = tree_state.load_commands(facts.top)
            self.reporter.commands = {key: each.text for key, each in commands.items()}
            ended = list(self._followed(ninja))
        except BaseException:
            ninja.stop()
            raise
        outputs = [path for step in ended if (made := commands.get(step.key)) for path in made.outputs]
        tree_state.save_outputs(facts.top, {**self.outputs, **tree_state.ages(facts.top, outputs)})
        following.write_logs(f"{facts.top}/{LOGS}", ended, self.reporter.commands)
        self._check(ended)
        self._mark()
        return tree_state.sentence(len({step.unit for step in ended}), facts.parts, time.monotonic() - began)

    def _version_asked(self) -> Child | None:
        """In a git repository the version changes with each commit, and with the first change after it."""
        state = self.found.state
        if not os.path.isdir(f"{state.facts.top}/.git"):
            return None
        return processes.start(tree_state.VERSION_COMMAND, {**os.environ, **state.environment}, errors=False)

    def _ninja(self) -> Child:
        state = self.found.state
        environment = {**os.environ, **state.environment, **following.environment(state.facts.top, ())}
        # No step has such a mark: the tree's own make has built nothing since.
        environment |= {tree_state.TAKEN: f"{state.facts.top}/{BUILD}/taken", "LC_MESSAGES": "C", "LANGUAGE": ""}
        limit = following.jobs(os.environ.get("MAKEFLAGS", ""))
        return processes.start([state.facts.ninja, "-f", MANIFEST, "-k", "0", *limit], environment)

    def _are_known(self) -> bool:
        """Whether the changed sources have for menu and documentation what they had."""
        if not self.found.changed:
            return True
        from buildsys.adopted import source_parts  # 15 ms, in which ninja reads its steps

        top = self.found.state.facts.top
        of_menu = source_parts.known(top, source_parts.MENU)
        listed = [path for path in self.found.changed if path in of_menu]
        documented = self.found.changed if self.found.state.facts.documentation else ()
        wanted = ((source_parts.MENU, listed), (source_parts.DOCUMENTED, documented))
        return all(source_parts.are_known(top, kept, changed) for kept, changed in wanted)

    def _touch(self) -> None:
        """Let menu, selection and documentation be newer than the sources, for the tree's own make."""
        if self.found.changed:
            for path in filter(None, (MENU, SELECTION, self.found.state.facts.documentation)):
                with files.told(path, "write"), contexts.suppress(FileNotFoundError):
                    os.utime(path)

    def _followed(self, ninja: Child) -> Iterator[Ended]:
        def located(step: Ended) -> Ended:
            if not (step.output or step.status):
                return step
            from buildsys.adopted import tree_build  # only a step with messages needs it

            return tree_build.located(_tree(self.found.state.facts.top), step)

        return following.followed(ninja, list, self.reporter, located)

    def _check(self, ended: Sequence[Ended]) -> None:
        if not any(step.status for step in ended):
            return
        full = progress.full_disk(ended)
        if full:
            raise AsterismError(full)
        from buildsys.adopted import own_steps, tree_build  # only a build that failed needs them

        own_steps.check(_tree(self.found.state.facts.top))
        tree_build.check(_tree(self.found.state.facts.top), ended)

    def _mark(self) -> None:
        """Note that everything is built; the ages of sources are those from before the build."""
        state, top = self.found.state, self.found.state.facts.top
        directories = tree_state.ages(top, state.directories)
        if not all(_has_the_same_names(state, path) for path, age in directories.items() if age != state.ages[path]):
            return
        now = {**state.ages, **directories, **tree_state.ages(top, [MENU, SELECTION])}
        tree_state.save(top, replace(state, ages=now))
        tree_state.mark(top, now)


def _tree(top: str) -> Tree:
    from pathlib import Path  # as long as starting Python, and only a whole build or a message needs it

    return Tree(Path(top), Kind.ASTERISK)


def _said(asked: Child) -> str:
    said = "".join(asked.stdout).strip()
    asked.wait()
    return said
