"""The texts of sources and headers that decisions about a module look into, each read once."""

from __future__ import annotations

from asterism import files
from asterism.tree import Tree
from asterism.values import dataclass, field


@dataclass(slots=True)
class SourceTexts:
    """The texts of files of a repository, by their paths in it."""

    tree: Tree
    _known: dict[str, str] = field(default_factory=dict)

    def of(self, path: str) -> str:
        """The text of a file; empty for one that cannot be read, which the compiler reports."""
        if path not in self._known:
            self._known[path] = files.text_or_empty(self.tree / path)
        return self._known[path]
