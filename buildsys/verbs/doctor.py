"""``asterism doctor``: find what is wrong with an install tree or a source tree, with cause and cure."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from asterism import files
from asterism.errors import AsterismError, Fault, Place
from asterism.home import directory_option
from asterism.terminal import columns
from asterism.tree import Tree
from asterism.values import dataclass
from asterism.words import counted
from buildsys.develop import target_findings
from buildsys.installing import source_findings, tree_findings, tree_survey
from buildsys.installing.installer import Destination, target_of
from buildsys.installing.staging import Stage, stoppable
from buildsys.installing.tree_findings import Diagnosis, State
from buildsys.settled import toolchain, tree_facts
from buildsys.targets import installed_asterisk, known_targets
from buildsys.targets.installed_asterisk import InstalledAsterisk
from menuselect.sources import recognition

MOST = 8
"""The number of findings of one kind shown to people; JSON has all."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A tree that was examined, with the findings."""

    place: str
    findings: tuple[Diagnosis, ...]
    state: State | None = None
    """The state of an install tree; None for a source tree and for a target."""
    target: InstalledAsterisk | None = None
    """The real Asterisk that was examined; None for trees."""

    @property
    def errors(self) -> int:
        """The number of findings that are errors, not warnings."""
        return sum(finding.fault.severity == "error" for finding in self.findings)

    @property
    def about(self) -> str:
        """The kind and size of the tree in a few words."""
        if self.target is not None:
            return f"Asterisk, {counted(len(self.target.modules), 'module')}"
        if self.state is None:
            return "source tree"
        parts = [counted(len(self.state.entries), "file"), counted(len(self.state.modules), "module")]
        return f"Asterism {self.state.manifest.version}, {', '.join(parts)}"

    def as_json(self) -> dict[str, object]:
        """The tree and its findings as plain data."""
        kind = "target" if self.target else "installed" if self.state else "sources"
        about: dict[str, object] = {"place": self.place, "kind": kind}
        if self.state:
            counts = {"files": len(self.state.entries), "modules": len(self.state.modules)}
            about |= {"version": self.state.manifest.version, **counts}
        return {**about, "findings": [finding.as_json() for finding in self.findings]}


# ---- examining -----------------------------------------------------------------------------------


def targets(tree: Tree, *, root: str, destdir: str) -> list[Destination]:
    """The install trees to examine.

    They are the named tree, or else the tree that the program belongs to. In a source tree they are the configured
    prefix and the ``./root`` of ``make run``.
    """
    own = tree_facts.installed()
    if root:
        return [Destination(os.path.abspath(root), layout=tree_facts.layout_below(Path(root)))]
    if own:
        facts = tree_facts.of_tree(own)
        return [Destination(facts.prefix, os.path.abspath(destdir) if destdir else "", facts.layout)]
    if not tree.is_configured:
        return []
    configured = target_of(tree, root="", destdir=destdir)
    return [configured] if destdir else [configured, Destination(str(tree / "root"))]


def visit(tree: Tree, *, root: str, destdir: str) -> list[Visit]:
    """Examine the source tree and the install trees of the options.

    Raises:
        AsterismError: nothing is installed in the named place, or a manifest is damaged.
    """
    named = bool(root or destdir or tree_facts.installed())
    found = [] if named else [Visit(str(tree), tuple(source_findings.examine(tree)))]
    for target in targets(tree, root=root, destdir=destdir):
        state = tree_survey.take(target, toolchain.run)
        if state:
            found.append(Visit(state.prefix, tuple(tree_findings.examine(state)), state))
        elif named:
            cure = "name the place it was installed to: --root DIR or --destdir DIR"
            raise AsterismError(Fault("nothing is installed here", Place(str(target.root)), "", cure, "not-installed"))
    return found


def visit_targets(tree: Tree, word: str) -> list[Visit]:
    """Examine the real Asterisks that a word names.

    Raises:
        AsterismError: the word names no target, or one of them is not configured.
    """
    found = [installed_asterisk.read(target) for target in known_targets.find(word, tree.top)]
    return [
        Visit(each.target.name, tuple(map(Diagnosis, target_findings.examine(each))), target=each) for each in found
    ]


# ---- output --------------------------------------------------------------------------------------


def lines(found: Visit) -> Iterator[str]:
    """The findings of a tree as lines for people."""
    if not found.findings:
        yield f"{found.place}: {found.about}; nothing is wrong"
        return
    yield f"{found.place}: {found.about}"
    counts: dict[str, int] = {}
    for finding in found.findings:
        code = finding.fault.code
        counts[code] = counts.get(code, 0) + 1
        if counts[code] <= MOST:
            yield str(finding.fault)
    yield from (f"and {number - MOST} more of the kind '{code}'" for code, number in counts.items() if number > MOST)
    tally = ", ".join(f"{number} {code}" for code, number in counts.items())
    number = len(found.findings)
    yield f"{counted(number, 'finding')}: {tally}"


# ---- removing ------------------------------------------------------------------------------------


def removals(found: Iterable[Diagnosis]) -> list[str]:
    """The paths that ``--prune`` removes, without duplicates: foreign and stale files, never configuration."""
    return list(dict.fromkeys(path for finding in found for path in finding.remove))


def prune(target: Destination, found: Sequence[Diagnosis]) -> int:
    """Remove foreign and stale files, and complete a stopped install.

    Returns:
        The number of files and directories removed.

    Raises:
        AsterismError: a file cannot be removed; those before it are removed.
    """
    paths = removals(found)
    with Stage(target.place(target.layout.journal)):  # which completes a stopped install
        for path in paths:
            _remove(target, path)
    return len(paths)


def _remove(target: Destination, path: str) -> None:
    # An absolute path is in a run directory; a relative one must not lead out of the prefix through a link.
    place = target.place(path)
    if not os.path.isabs(path):
        place = files.inside(target.root, os.path.dirname(path)) / os.path.basename(path)
    with files.told(place, "remove"), contextlib.suppress(FileNotFoundError):
        place.rmdir() if place.is_dir() and not place.is_symlink() else place.unlink()


def _agreed(found: Visit, options: argparse.Namespace) -> bool:
    """List the files to remove, and ask for permission.

    Raises:
        AsterismError: standard input is not a terminal.
    """
    assert found.state is not None  # noqa: S101 - only install trees have anything to remove
    paths = removals(found.findings)
    for path in paths:
        print(f"remove {found.state.place(path)}", file=sys.stderr)
    if any(finding.finishes for finding in found.findings):
        print(f"bring the stopped install in {found.place} to its end", file=sys.stderr)
    if options.dry_run or options.yes:
        return not options.dry_run
    if not sys.stdin.isatty():
        cure = "add --yes to remove them, or --dry-run to see what would be removed"
        raise AsterismError(Fault("cannot ask whether to remove files: there is no terminal", None, "", cure, "ask"))
    print(f"Do this in {found.place}? [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _prune_all(found: Iterable[Visit], options: argparse.Namespace) -> bool:
    """Prune each tree; returns whether anything was removed."""
    went = False
    for each in found:
        if not any(finding.remove or finding.finishes for finding in each.findings):
            print(f"{each.place}: there is nothing to remove", file=sys.stderr)
        elif not _agreed(each, options):
            print("nothing was removed", file=sys.stderr)
        else:
            assert each.state is not None  # noqa: S101 - as above
            destdir = each.state.destdir
            number = prune(Destination(each.place[len(destdir) :] or "/", destdir, each.state.layout), each.findings)
            print(f"{each.place}: removed {number} files and directories", file=sys.stderr)
            went = True
    return went


# ---- the verb ------------------------------------------------------------------------------------


def parser() -> argparse.ArgumentParser:
    """The command line of ``asterism doctor``."""
    made = argparse.ArgumentParser(
        prog="asterism doctor",
        description="Say what is wrong with an installed tree, why, and what to do about it; in a source tree, with "
        "that, too.",
        epilog="The status is 1 when something is wrong; a warning alone is no reason. Configuration is never removed.",
    )
    directory_option.add(made)
    made.add_argument("--root", default="", metavar="DIR", help="look at the tree in DIR")
    made.add_argument("--destdir", default="", metavar="DIR", help="look at the tree that is staged in DIR")
    made.add_argument(
        "--target", metavar="NAME|DIR|all", help="look at a real Asterisk and its modules; see 'asterism target list'"
    )
    made.add_argument("--json", action="store_true", help="the findings as JSON")
    made.add_argument("--prune", action="store_true", help="remove what is foreign or stale, after asking")
    made.add_argument("-n", "--dry-run", action="store_true", help="with --prune: only tell what would be removed")
    made.add_argument("-y", "--yes", action="store_true", help="with --prune: do not ask")
    return made


def main(words: Sequence[str]) -> int:
    """Serve ``asterism doctor``."""
    options = parser().parse_args(words)
    tree = recognition.here()
    if options.target and options.prune:
        cure = "'asterism uninstall --target' removes what Asterism has installed there"
        raise AsterismError(Fault("nothing of a real Asterisk is pruned", None, "", cure, "usage"), status=2)
    if options.target:
        found = visit_targets(tree, options.target)
    else:
        found = visit(tree, root=options.root, destdir=options.destdir)
    if options.prune:
        with stoppable():
            pruned = _prune_all([each for each in found if each.state], options)
        found = visit(tree, root=options.root, destdir=options.destdir) if pruned else found
    if options.json:
        print(json.dumps([each.as_json() for each in found], indent=1))
    else:
        columns.show("\n\n".join("\n".join(lines(each)) for each in found))
    return 1 if any(each.errors for each in found) else 0
