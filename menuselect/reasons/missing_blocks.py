"""Write the MODULEINFO blocks that sources lack."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from asterism import files
from asterism.errors import Fault
from menuselect.sources import moduleinfo
from menuselect.sources.module_files import PYTHON

_LICENCE = re.compile(r"\ufeff?\s*(?:/\*(?!\*\* ).*?\*/[ \t]*\r?\n|(?://[^\n]*\n)+)", re.DOTALL)
"""The comment that a source begins with."""


def write(faults: Iterable[Fault]) -> Iterator[str]:
    """Write the block into each source that was found without one; gives the files.

    Args:
        faults: those of a check; all others are passed over.

    Raises:
        AsterismError: a file cannot be written.
    """
    for fault in faults:
        if (
            fault.code == "no-block"
            and fault.severity == "warning"
            and fault.place
            and not _is_python(fault.place.file)
        ):
            files.write(fault.place.file, with_block(files.read_text(fault.place.file)))
            yield fault.place.file


def _is_python(file: str) -> bool:
    return file.endswith(PYTHON)


def with_block(text: str) -> str:
    """A source with a MODULEINFO block."""
    at, block = insertion(text)
    return text[:at] + block + text[at:]


def insertion(text: str) -> tuple[int, str]:
    """The position of a missing MODULEINFO block in a source, and the block with the empty lines around it.

    As in Asterisk's sources, the block follows the comment that the source begins with.
    """
    opening = _LICENCE.match(text)
    at = opening.end() if opening else 0
    block = moduleinfo.block_for(text)
    end = "\r\n" if "\r\n" in text else "\n"
    return at, ("\n" if at else "").replace("\n", end) + block.replace("\n", end) + end
