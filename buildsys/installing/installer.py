"""Bring an install tree up to date all at once, and keep configuration files that users have edited."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from asterism import __version__, files
from asterism.tree import Tree
from asterism.values import dataclass, field
from asterism.words import counted
from buildsys.installing import manifest, tree_contents
from buildsys.installing.manifest import NEW, Entry, Manifest
from buildsys.installing.staging import Stage, no_later
from buildsys.installing.tree_contents import Item
from buildsys.settled import build_record, tree_places
from buildsys.settled import configuration as settled
from buildsys.settled.tree_places import TreeLayout, layout_of


@dataclass(frozen=True, slots=True)
class Destination:
    """The destination of an install."""

    prefix: str
    """The prefix as the installed program sees it."""
    destdir: str = ""
    """A directory put before every path, to stage a package; empty for none."""
    layout: TreeLayout = field(default_factory=TreeLayout)
    """The places of the parts of the tree."""

    def place(self, path: str) -> Path:
        """The path on this machine of a path in the manifest."""
        return Path(self.destdir + os.path.join(self.prefix, path))

    @property
    def root(self) -> Path:
        """The prefix on this machine, with DESTDIR before it."""
        return self.place("")


@dataclass(slots=True)
class Installer:
    """A run of an install.

    Attributes:
        entries: the entries of the new manifest.
        notes: sentences for the user.
        written: the number of new and changed files.
        removed: the number of removed files.
    """

    target: Destination
    stage: Stage
    before: Manifest
    entries: list[Entry] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    written: int = 0
    removed: int = 0

    def install(self, item: Item) -> None:
        """Stage a file unless it is already installed."""
        if item.is_config:
            self._config(item)
            return
        target = self.target.place(item.path)
        old = self.before.entries.get(item.path)
        if old and _is_current(item, target, old):
            self.entries.append(old)
            return
        data = item.content() if item.content else files.read_bytes(item.source, files.BINARY)
        entry = manifest.entry_of(item.path, data)
        self.entries.append(entry)
        if old == entry and item.content and _bytes_of(target) == data:
            return
        status = item.source.stat()
        self.stage.write(target, data, item.mode, (status.st_atime_ns, status.st_mtime_ns))
        self.written += 1

    def _config(self, item: Item) -> None:
        """Stage a configuration file; beside an edited one, put a sample that has changed since the last install."""
        target, data = self.target.place(item.path), files.read_bytes(item.source, files.BINARY)
        old, entry = self.before.entries.get(item.path), manifest.entry_of(item.path, data, is_config=True)
        present = _bytes_of(target)
        self.entries.append(entry)
        if present == data:
            return
        if present is None or (old and old.describes(present)):
            self.stage.write(target, data)
            self.written += 1
            return
        beside = manifest.entry_of(item.path + NEW, data)
        if self.before.entries.get(beside.path) == beside or old == entry:
            # The user has seen this sample at an earlier install.
            self.entries += [beside] if beside.path in self.before.entries else []
            return
        self.stage.write(self.target.place(beside.path), data)
        self.written += 1
        self.entries.append(beside)
        self.notes.append(f"{target} was edited and stays; the new sample is {target.name}{NEW}")

    def keep(self, paths: Iterable[str]) -> None:
        """Carry entries over from the old manifest."""
        self.entries += [self.before.entries[path] for path in paths if path in self.before.entries]

    def remove_old(self) -> None:
        """Remove the files that the old manifest has and the new one lacks."""
        present = {entry.path for entry in self.entries}
        for path, entry in self.before.entries.items():
            if path not in present:
                self.let_go(entry)

    def let_go(self, entry: Entry) -> None:
        """Remove one installed file, unless it is a configuration file that was edited."""
        target = self.target.place(entry.path)
        data = _bytes_of(target) if entry.is_config else b""
        if data is None or not os.path.lexists(target):
            return
        if entry.is_config and not entry.describes(data):
            self.notes.append(f"{target} was edited and stays")
            return
        self.stage.remove(target)
        self.removed += 1


def _is_current(item: Item, target: Path, old: Entry) -> bool:
    """Whether size, time and mode of an installed file show that it is up to date, so that it need not be read.

    For byte code, its first bytes tell which source it belongs to.
    """
    try:
        status = target.stat()
        if item.stamp:
            with target.open("rb") as file:
                return status.st_size == old.size and file.read(len(item.stamp)) == item.stamp
        source = item.source.stat()
    except OSError:
        return False
    same_mode = status.st_mode & 0o777 == item.mode
    same_source = (status.st_size, status.st_mtime_ns) == (source.st_size, no_later(source.st_mtime_ns))
    return item.content is None and same_mode and same_source and status.st_size == old.size


def _bytes_of(path: Path) -> bytes | None:
    return files.read_bytes(path, files.BINARY) if path.exists() else None


def install(tree: Tree, target: Destination, *, samples_only: bool = False) -> tuple[str, list[str]]:
    """Install the products of the build in a source tree.

    Args:
        tree: the source tree.
        target: the destination.
        samples_only: whether to install the sample configuration files only.

    Returns:
        The sentence that says what was done, and notes on files that were kept.

    Raises:
        AsterismError: a file cannot be written; the tree is unchanged.
    """
    configuration = settled.load(tree)
    if not samples_only:
        built = build_record.load(tree)
        return install_items(target, tree_contents.everything(tree, configuration, built, target.layout, target.prefix))
    with _installing(target) as installer:
        for item in tree_contents.samples(tree, target.layout):
            installer.install(item)
        named = {entry.path for entry in installer.entries}
        installer.keep(path for path in installer.before.entries if path not in named)
    return sentence_of(installer, "sample configurations"), installer.notes


def install_items(target: Destination, items: Iterable[Item]) -> tuple[str, list[str]]:
    """Bring a whole tree up to date: files that were installed before and are not among the items are removed.

    Args:
        target: the destination.
        items: all files of the tree.

    Returns:
        The sentence that says what was done, and notes on files that were kept.

    Raises:
        AsterismError: a file cannot be written; the tree is unchanged.
    """
    with _installing(target) as installer:
        for item in items:
            installer.install(item)
        installer.remove_old()
    return sentence_of(installer, counted(len(installer.entries), "file")), installer.notes


@contextmanager
def _installing(target: Destination) -> Iterator[Installer]:
    """Stage the files that the body installs and the empty directories, and put all of them in place at the end."""
    layout = target.layout
    with Stage(target.place(layout.journal)) as stage:
        before, notes = manifest.load_or_set_aside(target.place(layout.manifest))
        installer = Installer(target, stage, before)
        installer.notes += notes
        yield installer
        for path, mode in tree_contents.empty_directories(layout).items():
            stage.directory(target.place(path), mode)
        _write_manifest(installer, before)
        stage.commit()


def sentence_of(installer: Installer, what: str) -> str:
    """The sentence at the end of an install; ``what`` names everything that is installed now."""
    counts = {"new or changed": installer.written, "removed": installer.removed}
    changed = ", ".join(f"{count} {how}" for how, count in counts.items() if count)
    root = installer.target.root
    return f"installed {what} in {root} ({changed})" if changed else f"{root} is up to date ({what})"


def _write_manifest(installer: Installer, before: Manifest) -> None:
    target, stage = installer.target, installer.stage
    made = [_logical(target, path) for path in stage.made]
    now = manifest.make(__version__, installer.entries, (*before.directories, *made))
    if now != before:
        stage.write(target.place(target.layout.manifest), manifest.dumps(now).encode())
        # Staging the manifest may have created its directory.
        made = [_logical(target, path) for path in stage.made]
        now = manifest.make(__version__, installer.entries, (*before.directories, *made))
        stage.write(target.place(target.layout.manifest), manifest.dumps(now).encode())


def _logical(target: Destination, path: Path) -> str:
    """A path on this machine in the form of the manifest, without DESTDIR."""
    inside = str(path)[len(target.destdir) :] or "/"
    return tree_places.relative(inside, target.prefix)


def target_of(tree: Tree, *, root: str, destdir: str) -> Destination:
    """The destination: the configured directories, or ``root`` as the prefix with the default layout."""
    if root:
        return Destination(os.path.abspath(root))
    where = settled.load(tree).directories
    return Destination(where.resolved().prefix, os.path.abspath(destdir) if destdir else "", layout_of(where))
