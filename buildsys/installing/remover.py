"""Remove the files that the manifest lists, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from asterism.errors import AsterismError, Fault, Place
from buildsys.installing import manifest
from buildsys.installing.installer import Destination, Installer
from buildsys.installing.staging import Stage


def uninstall(target: Destination) -> tuple[str, list[str]]:
    """Remove an installed tree; edited configuration files and directories with other content stay.

    Returns:
        The sentence that says what was done, and notes on files that were kept.

    Raises:
        AsterismError: nothing is installed there, or a file cannot be removed.
    """
    cure = "name the place it was installed to: DESTDIR, or --prefix of ./configure"
    nothing = Fault("nothing is installed here", Place(str(target.root)), "", cure, "not-installed")
    if not target.place(target.layout.journal).parent.is_dir():
        raise AsterismError(nothing)
    with Stage(target.place(target.layout.journal)) as stage:
        before = manifest.load_file(target.place(target.layout.manifest))
        if before is None:
            if not stage.recovered:
                raise AsterismError(nothing)
            return f"removed what an install that was killed had left in {target.root}", []
        remover = Installer(target, stage, before)
        for entry in before.entries.values():
            remover.let_go(entry)
        stage.remove(target.place(target.layout.manifest))
        stage.commit()
        directories = [target.place(path) for path in before.directories]
        stage.remove_directories(directories)
        left = [path for path in directories if _has_other_things(path, remover.notes)]
    notes = [*remover.notes, *(f"{path} stays: there are files in it that were not installed" for path in left)]
    return f"removed {len(before.entries) - len(remover.notes)} files from {target.root}", notes


def _has_other_things(path: Path, notes: Sequence[str]) -> bool:
    """Whether a directory contains files that no note mentions."""
    if not path.is_dir():
        return False
    return any(each.is_file() and not any(str(each) in note for note in notes) for each in path.iterdir())
