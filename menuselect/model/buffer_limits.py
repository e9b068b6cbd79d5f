"""The limits of the C program, which the drop-in reproduces for scripts.

The original reads lines and names into fixed buffers, compares ``char`` with its sign, and matches
references against the headings of its own menu.  The menu, the verbs and ``--strict`` have none of these
limits.  A script that runs the drop-in gets the results of the original, including these; docs/differences.md
lists them.
"""

from __future__ import annotations

from asterism.values import TYPE_CHECKING, dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of the original that apply; by default none."""

    config_line: int | None = None
    """Bytes after which the rest of a line of a config file counts as a new line (``PARSE_BUF_SIZE``)."""
    deps_line: int | None = None
    """Bytes after which the rest of a line of menuselect-deps counts as a new line (``process_deps``)."""
    deps_name: int | None = None
    """Bytes after which a name in menuselect-deps is cut (``struct dep_file``)."""
    signed_char: bool = False
    """Bytes from 0x80 count as blanks, and a CR is part of a name (``skip_blanks``)."""
    nameless: bool = False
    """Members without a name are kept, and print as ``(null)``."""
    headings: bool = False
    """A reference spelled like a heading means that heading (``match_member_relations``)."""
    forgetful: bool = False
    """A member can be built although a dependency is unavailable (``calc_dep_failures``)."""


NONE = Limits()
ORIGINAL = Limits(8191, 79, 31, signed_char=True, nameless=True, headings=True, forgetful=True)


def lines(text: str, most: int | None) -> Iterator[str]:
    r"""The lines of a text with their ``\n``, those longer than ``most`` bytes in pieces (``fgets``)."""
    for line in _split(text):
        if most is None or len(line) * 4 <= most:
            yield line
            continue
        data = line.encode("utf-8", "surrogateescape")
        for start in range(0, len(data), most):
            yield data[start : start + most].decode("utf-8", "surrogateescape")


def _split(text: str) -> Iterator[str]:
    # str.splitlines also splits at form feeds, a lone CR and the like; a file's line ends at \n.
    start = 0
    while start < len(text):
        end = text.find("\n", start) + 1 or len(text)
        yield text[start:end]
        start = end


def cut(name: str, most: int | None) -> str:
    """The name, cut after ``most`` bytes."""
    if most is None:
        return name
    return name.encode("utf-8", "surrogateescape")[:most].decode("utf-8", "surrogateescape")
