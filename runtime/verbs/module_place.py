"""A place in the module directory: a new build is put there, and the previous content restored."""

from __future__ import annotations

import os
from pathlib import Path

from asterism import files
from asterism.values import dataclass


@dataclass(slots=True)
class Before:
    """The previous content of a place in the module directory, for restoring it."""

    target: Path
    link: str | None = None
    data: bytes | None = None

    def restore(self) -> None:
        """Restore the previous content; without one, delete the new file.  Raises AsterismError."""
        with files.told(self.target, "put the old file back to"):
            if self.link is not None:
                relink(self.target, self.link)
            elif self.data is not None:
                files.write(self.target, self.data)
            else:
                self.target.unlink(missing_ok=True)

    @property
    def is_there(self) -> bool:
        """Whether there is previous content."""
        return self.link is not None or self.data is not None


def put(file: Path, target: Path, kept: Path | None) -> Before:
    """Put a file into the module directory; a link there is kept, and redirected to the new file.

    Args:
        file: the new build.
        target: its place.
        kept: the last build that ran, for a link that leads to ``file`` itself already.

    Raises:
        AsterismError: the file cannot be written.
    """
    with files.told(target, "write"):
        if target.is_symlink():
            is_same = os.path.realpath(target) == os.path.realpath(file)
            link = str(kept) if is_same and kept and kept.exists() else None if is_same else os.readlink(target)
            if not is_same:
                relink(target, str(file))
            return Before(target, link=link)
        data = files.read_bytes(target, files.BINARY) if target.exists() else None
    files.write(target, files.read_bytes(file, files.BINARY), 0o644 if file.suffix == ".py" else 0o755)
    return Before(target, data=data)


def relink(target: Path, to: str) -> None:
    """Redirect a link, atomically."""
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    beside.symlink_to(to)
    os.replace(beside, target)
