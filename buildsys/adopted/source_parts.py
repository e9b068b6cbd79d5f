"""What menu and documentation were made of: a digest of what each source has for them, kept below ``build``."""

from __future__ import annotations

import hashlib
import os
import re

from asterism import files
from asterism.parsing import json_value
from asterism.tree import BUILD
from asterism.values import TYPE_CHECKING
from buildsys.adopted import tree_state

if TYPE_CHECKING:
    from collections.abc import Iterable

DOCUMENTED, MENU = f"{BUILD}/documentation.json", f"{BUILD}/menu.json"
"""The files with the digests for the documentation and for the menu."""
_PARTS = {
    DOCUMENTED: re.compile(rb"/\*\*\*\s*(?:DOCUMENTATION|MODULEINFO).*?\*\*\*/", re.DOTALL),
    MENU: re.compile(
        rb"/\*\*\*\s*(?:MODULEINFO|MAKEOPTS).*?\*\*\*/|^[^\n]*AST_MODULE_INFO[^\n]*", re.DOTALL | re.MULTILINE
    ),
}
"""The parts of a source that documentation and menu are made of."""


def are_known(tree: str | os.PathLike[str], kept: str, changed: Iterable[str]) -> bool:
    """Whether the documentation or the menu was made of what the changed sources have for it now.

    Args:
        tree: the tree.
        kept: :data:`DOCUMENTED` or :data:`MENU`.
        changed: the paths of the changed files.

    Raises:
        AsterismError: one of them cannot be read.
    """
    digests = known(tree, kept)
    return all(digests.get(path) == _digest(tree, kept, path) for path in changed)


def known(tree: str | os.PathLike[str], kept: str) -> dict[str, str]:
    """The digest of each source; empty when none were kept."""
    try:
        return {
            str(path): str(digest) for path, digest in dict(json_value(files.text_or_empty(_path(tree, kept)))).items()
        }
    except (ValueError, TypeError):
        return {}


def keep(tree: str | os.PathLike[str], kept: str, sources: Iterable[str]) -> None:
    """Keep the digests of the sources, in a tree that was built here before.

    Raises:
        AsterismError: a source cannot be read, or the file cannot be written.
    """
    if not os.path.isfile(_path(tree, f"{BUILD}/.gitignore")):
        return
    import json  # only a build that has made the documentation or the menu writes this

    digests = {path: _digest(tree, kept, path) for path in sources if os.path.isfile(_path(tree, path))}
    files.write(_path(tree, kept), json.dumps(digests) + "\n")


def _digest(tree: str | os.PathLike[str], kept: str, path: str) -> str:
    """What tells a file from another one, as far as the documentation or the menu is made of it."""
    content = files.read_bytes(_path(tree, path))
    part = b"\0".join(_PARTS[kept].findall(content)) if path.endswith(tree_state.CODE) else content
    return hashlib.sha256(part).hexdigest()[:16]


def _path(tree: str | os.PathLike[str], name: str) -> str:
    return os.path.join(tree, name)
