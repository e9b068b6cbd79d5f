"""The branch that a directory of Asterisk's headers belongs to."""

from __future__ import annotations

import functools
from pathlib import Path

from asterism import files
from asterism.branches import known_names
from asterism.branches.known_names import BRANCHES


@functools.cache
def of(headers: Path) -> str:
    """The branch whose headers have the names of those in a directory; the oldest one when several have.

    The headers of Asterism follow the newest branch with a number.

    Args:
        headers: the directory that holds ``asterisk.h`` and ``asterisk/``.
    """
    if is_ours(headers):
        return BRANCHES[-2]
    branches = _branches()
    there = {path.stem.lower() for path in (headers / "asterisk").glob("*.h")} & branches.keys()
    own = {name: known_names.branches_of(span) for name, span in branches.items()}
    return min(BRANCHES, key=lambda branch: sum((branch in own[name]) != (name in there) for name in own))


def is_ours(headers: Path) -> bool:
    """Whether a directory holds the headers of Asterism.

    Raises:
        AsterismError: its ``asterisk.h`` cannot be read.
    """
    return "ASTERISM" in files.read_text(headers / "asterisk.h")


def _branches() -> dict[str, str]:
    """The branches that have each header, as spans."""
    return {name: span for (kind, name), span in known_names.load().items() if kind == "header"}


def version_number(branch: str) -> int:
    """The value of ``ASTERISK_VERSION_NUM`` in a branch: 10800 for 1.8, 110000 for 11; master is the next one."""
    parts = [int(part) for part in branch.replace("master", str(int(BRANCHES[-2]) + 1)).split(".")]
    if parts[0] == 1:
        return parts[0] * 10000 + parts[1] * 100 + (parts[2] if len(parts) > 2 else 0)
    return parts[0] * 10000
