"""Modules that are selected but not built, and sources that are ignored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from asterism.tree import Tree
from asterism.values import dataclass
from buildsys.planning.plan import LANGUAGES
from menuselect.choice.selection import Selection
from menuselect.model.known_libraries import DEVELOPERS_OPTIONS
from menuselect.model.menu import Member, is_no
from menuselect.reasons.explain import Reason, obstacles, text_of
from menuselect.sources import module_directories
from menuselect.sources.settings import Settings

CFLAGS = "MENUSELECT_CFLAGS"
"""The category of compiler options."""

OWN_OPTIONS = "MENUSELECT_OPTS_"
"""Prefix of the category of a module's own options (its MAKEOPTS block); the module's name follows.

Every other category is a directory of modules.
"""

_MOST = 3
"""The number of modules that the sentence explains one by one."""


@dataclass(frozen=True, slots=True)
class NotBuilt:
    """A module that is selected but not built, with the reason."""

    name: str
    why: str


def is_module(member: Member) -> bool:
    """Whether a member of the menu is a module, not an option of the compiler or of a module."""
    return member.category != CFLAGS and not member.category.startswith(OWN_OPTIONS)


def find(selection: Selection) -> Iterator[NotBuilt]:
    """The modules that are on, or on by default, and whose dependencies are missing."""
    for member in selection.menu.members:
        is_wanted = selection.was_on(member) or (member.starts_on and not is_no(member.default))
        if is_module(member) and is_wanted and selection.failed(member):
            reasons = obstacles(selection, member)
            if not is_for_developers(reasons):
                yield NotBuilt(member.name, why_text(reasons))


def switched_off(selection: Selection) -> Iterator[str]:
    """The modules that can be built and are off."""
    for member in selection.menu.members:
        if is_module(member) and not selection.is_on(member) and not selection.failed(member):
            yield member.name


def is_for_developers(reasons: Iterable[Reason]) -> bool:
    """Whether developer options are all that a member lacks: a test module in a tree without dev mode."""
    return all(reason.code == "missing" and reason.name.lower() in DEVELOPERS_OPTIONS for reason in reasons)


def why_text(reasons: Iterable[Reason]) -> str:
    """The obstacles of a member, joined in one line."""
    return "; ".join(text_of(reason) for reason in reasons)


def text(lacking: Iterable[NotBuilt]) -> str:
    """The end of a build's sentence that names the modules not built; empty when all are built."""
    found = list(lacking)
    named = [f"; {each.name} is not: {each.why}" for each in found[:_MOST]]
    more = len(found) - _MOST
    return "".join([*named, f"; nor are {more} more" if more > 0 else ""])


def passed_over(tree: Tree, known: Settings) -> Iterator[str]:
    """A line for each source in a directory of modules whose name lacks the directory's prefix."""
    if (tree / "main").is_dir() and (tree / "Makefile.moddir_rules").is_file():
        return  # Asterisk's own Makefiles define the modules there
    listed = {source for extras in known.modules.values() for source in extras.sources}
    for directory, (_, prefix) in module_directories.DIRECTORIES.items():
        for path in sorted(Path(tree / directory).glob("*")) if prefix else ():
            name = f"{directory}/{path.name}"
            if path.suffix in LANGUAGES and not path.name.startswith(f"{prefix}_") and name not in listed:
                yield f"{name} is passed over: the names of modules in {directory}/ begin with '{prefix}_'"
