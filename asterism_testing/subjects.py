"""The subjects of ``asterism test``: modules, the transcripts beside them, and their pytest files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from asterism.errors import AsterismError, Fault
from asterism.names import did_you_mean
from asterism.tree import Tree
from asterism.values import dataclass


@dataclass(frozen=True, slots=True)
class Subjects:
    """The modules to test, and the tree they are in."""

    tree: Tree
    sources: tuple[Path, ...]
    """The first source of each module, whose stem is the module's name."""
    is_own: bool
    """Whether the tree is a directory of modules, not Asterism's source tree."""

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the modules."""
        return tuple(source.stem for source in self.sources)

    def script(self, name: str) -> Path | None:
        """The transcript of a module; None without one."""
        return next((path for path in (each.with_suffix(".test") for each in self._of([name])) if path.exists()), None)

    def pytest_files(self, chosen: Sequence[str]) -> list[Path]:
        """The pytest files beside the modules and in ``tests`` there; for chosen modules files with their names."""
        places = dict.fromkeys(source.parent for source in self.sources)
        found = [
            path for place in places for each in (place, place / "tests") for path in sorted(each.glob("test_*.py"))
        ]
        return [path for path in found if path not in self.sources and _is_for(path.stem, chosen)]

    def chosen(self, names: Sequence[str]) -> Subjects:
        """The named modules, or all without names, sorted by name.

        Raises:
            AsterismError: a name is not one of the modules.
        """
        unknown = [name for name in names if name not in self.names]
        if unknown:
            cure = did_you_mean(unknown[0], self.names) or f"there are {', '.join(self.names)}"
            raise AsterismError(Fault(f"there is no module '{unknown[0]}' here", cure=cure, code="no-module"), status=2)
        kept = [one for one in self.sources if one.stem in (names or self.names)]
        return Subjects(self.tree, tuple(sorted(kept, key=lambda one: one.stem)), self.is_own)

    def _of(self, names: Sequence[str]) -> list[Path]:
        return [source for source in self.sources if source.stem in names]


def _is_for(stem: str, chosen: Sequence[str]) -> bool:
    return not chosen or any(stem == f"test_{name}" or stem.startswith(f"test_{name}_") for name in chosen)
