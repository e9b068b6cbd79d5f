"""The modules of a directory that its saved selection switches off: no build includes them unless they are named."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from asterism import files
from asterism.errors import AsterismError, Fault, Place, report
from asterism.tree import SELECTION, Tree
from asterism.values import dataclass
from buildsys.planning import not_built
from buildsys.planning.not_built import NotBuilt
from menuselect.session.saved_files import GLOBAL, OWN
from menuselect.sources import recognition

_MOST = 5
"""The number of modules that the message explains one by one."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """The modules of a directory that are switched off, and the file that says so."""

    file: str = SELECTION
    modules: tuple[NotBuilt, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """The names of the modules."""
        return frozenset(module.name for module in self.modules)

    def fault(self) -> Fault:
        """The warning that names the modules, each with the reason."""
        first, place = self.modules[0], Place(self.file)
        if len(self.modules) == 1:
            cure = (
                f"'asterism enable {first.name}' switches it on, 'asterism build {first.name}' builds it all the same"
            )
            return Fault(f"{first.name} is left out", place, first.why, cure, "switched-off", "warning")
        more = [f"{len(self.modules) - _MOST} more"] if len(self.modules) > _MOST else []
        why = ", ".join([*(f"{each.name} ({each.why})" for each in self.modules[:_MOST]), *more])
        cure = "'asterism enable NAME' switches one on, 'asterism build NAME' builds it all the same"
        names = tuple(each.name for each in self.modules)
        return Fault(f"{len(names)} modules are left out", place, why, cure, "switched-off", "warning", names)


def find(tree: Tree) -> LeftOut:
    """The modules of a directory that ``asterism list`` shows as off; none without a saved selection.

    Raises:
        AsterismError: the saved selection cannot be read.
    """
    candidates = (os.fspath(tree.selection), GLOBAL, os.path.expanduser(OWN))
    saved = next((path for path in candidates if os.path.lexists(path)), "")
    if not saved:
        return LeftOut()
    file = SELECTION if saved == candidates[0] else saved
    return LeftOut(file, tuple(_selected_off(tree, saved)))


def _selected_off(tree: Tree, saved: str) -> Iterator[NotBuilt]:
    from menuselect.cli import opening  # only a directory with a saved selection needs it and the next two
    from menuselect.reasons.explain import reasons, text_of
    from menuselect.session import makeopts

    try:
        selection = opening.reading(os.fspath(tree.top)).selection
    except AsterismError:
        # A malformed block leaves no menu, and keeps no other module from being built.
        lines = makeopts.loads(files.read_text(saved)).lines
        names = dict.fromkeys(word for line in lines if line.kind == "category" for word in line.words)
        yield from (NotBuilt(name, "it was switched off") for name in names)
        return
    for member in selection.menu.members:
        if not_built.is_module(member) and not selection.is_built(member):
            yield NotBuilt(member.name, text_of(reasons(selection, member)[0]))


def kept(tree: Tree, sources: Sequence[str], named: Collection[str]) -> tuple[tuple[str, ...], LeftOut]:
    """The sources of the modules that are built, and the modules that are left out.

    Args:
        tree: the directory.
        sources: the sources of its modules.
        named: modules that were named, which are built although they are off.

    Raises:
        AsterismError: every module is switched off, or the saved selection cannot be read.
    """
    off = find(tree)
    out = LeftOut(off.file, tuple(module for module in off.modules if module.name not in named))
    on = tuple(source for source in sources if Path(source).stem not in out.names)
    if sources and not on:
        cure = "'asterism enable NAME' switches one on, 'asterism build NAME' builds one all the same"
        raise AsterismError(Fault("every module here is switched off", Place(out.file), "", cure, "switched-off"))
    return on, out


def sources_of(tree: Tree, named: Collection[str] = ()) -> tuple[str, ...]:
    """The sources of the modules of a directory that are on or named.

    Raises:
        AsterismError: as :func:`kept`.
    """
    return kept(tree, recognition.module_sources(tree.top), named)[0]


def sources_told(tree: Tree, named: Collection[str] = ()) -> tuple[str, ...]:
    """The sources of the modules of a directory that are on or named; unless some are named, warns of the others.

    Raises:
        AsterismError: as :func:`kept`.
    """
    on, out = kept(tree, recognition.module_sources(tree.top), named)
    if out.modules and not named:
        report([out.fault()])
    return on
