"""The options of .conf files, as the sample files explain them in their comments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from asterism import files
from asterism.errors import AsterismError
from asterism.home import where
from asterism.values import dataclass

_SECTION = re.compile(r"\[([^\]]+)\]")
_OPTION = re.compile(r";?\s*([A-Za-z_][\w-]*)\s*=>?\s*([^;]*)(?:;\s*(.*))?$")
_SPACED = re.compile(r";\s+[a-z].*\s\w+.*[.:]?$")
"""A comment of several words, which is not an option even if it has an equals sign."""


@dataclass(frozen=True, slots=True)
class ConfOption:
    """An option of a sample file."""

    section: str
    name: str
    example: str
    text: str
    """What the comments beside or above it say."""


def options_of(sample: str) -> list[ConfOption]:
    """The options of the text of a sample file, written or commented out, each name once in a section."""
    found: dict[tuple[str, str], ConfOption] = {}
    for option in _options(sample):
        found.setdefault((option.section, option.name.lower()), option)
    return list(found.values())


def _options(sample: str) -> Iterator[ConfOption]:
    section = ""
    above: list[str] = []
    for line in map(str.strip, sample.splitlines()):
        heading = _SECTION.match(line)
        option = None if line.startswith("; ") and _SPACED.match(line) else _OPTION.match(line)
        if heading:
            section, above = heading[1], []
        elif option:
            text = (option[3] or "").strip() or " ".join(above)
            yield ConfOption(section, option[1], option[2].strip(), text)
            above = [] if option[3] else above
        elif line.startswith(";"):
            above.append(line.lstrip("; "))
        else:
            above = []


def sample_of(path: str, top: Path) -> str:
    """The text of the sample of a file: from the tree that it lies in, else from this program; empty without one.

    Args:
        path: the edited file.
        top: the top of its tree.
    """
    name = Path(path).name.removesuffix(".sample")
    program = Path(where.PACKAGE)
    places = (
        top / "configs" / "samples" / f"{name}.sample",
        top / "configs" / name,
        program.parent / "configs" / name,
        program / "sources" / "configs" / name,
    )
    for place in places:
        try:
            return files.read_text(place)
        except AsterismError:
            continue
    return ""
