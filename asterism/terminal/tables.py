"""Tables that are wider than a terminal: columns get narrower, and cells go on in further lines.

Columns share the width as those of HTML do: each gets its longest word, and the rest goes to those that need more.  The
first column, which holds the names, stays whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from asterism.light.patterns import pattern
from asterism.values import dataclass

LEAST_ROWS = 3
"""The lines from which columns below each other are a table."""
LEAST_COLUMNS = 3
"""Two columns read well when the second one is wrapped."""
LEAST_WIDTH = 10
"""The columns up to which no word is parted."""
GAP = 2
"""The blanks between columns."""
_SEEN = pattern(r"(?:\x1b\[(?!0?m)[0-9;]*m)*[^\x1b](?:\x1b\[0?m)*")
"""A character of a terminal's line with its colours."""

Text = list[str]
"""The characters of a line, each with the sequences of its colours."""


def characters(line: str) -> Text | None:
    """The characters of a line with their colours; None for a line with other sequences of a terminal."""
    found: Text = _SEEN.findall(line)
    return found if "".join(found) == line else None


@dataclass(frozen=True, slots=True)
class TextTable:
    """Lines that have their columns below each other."""

    indent: int
    """The blanks before the first column."""
    rows: list[list[Text]]
    """The cells of each line."""
    width: int
    """The columns that the longest line takes."""


def begun_at(lines: Sequence[str], at: int) -> TextTable | None:
    """The table whose first line has that index; None when no table begins there."""
    starts = _starts(characters(lines[at]) or [])
    if len(starts) < LEAST_COLUMNS:
        return None
    rows, widest = list[list[Text]](), 0
    for number in range(at, len(lines)):
        text = characters(lines[number])
        if not text or not _has_columns(text, starts):
            break
        ends = [*starts[1:], len(text)]
        rows.append([_stripped(text[start:end]) for start, end in zip(starts, ends, strict=True)])
        widest = max(widest, len(text))
    return TextTable(starts[0], rows, widest) if len(rows) >= LEAST_ROWS else None


def laid_out(table: TextTable, width: int) -> list[str]:
    """A table in no more than some columns, as lines; none when its columns have no room."""
    columns = list(zip(*table.rows, strict=True))
    widths = _shared(columns, width - table.indent - GAP * (len(columns) - 1))
    if not widths:
        return []
    aligned = [all(_is_number(cell) for cell in column[1:]) for column in columns]
    return [" " * table.indent + line for row in table.rows for line in _row(row, widths, aligned)]


def _starts(first: Text) -> list[int]:
    """Where the columns of a line begin: at its first character, and behind two blanks."""
    blank = [char == " " for char in first]
    inner = [at for at in range(2, len(first)) if blank[at - 2] and blank[at - 1] and not blank[at]]
    indent = next((at for at, is_blank in enumerate(blank) if not is_blank), 0)
    return [indent, *(at for at in inner if at > indent)]


def _has_columns(text: Text, starts: Sequence[int]) -> bool:
    """Whether a line has its columns at these places, and more than the first one."""
    is_apart = all(char == " " for at in starts for char in text[max(at - 1, 0) : at])
    is_indented = all(char == " " for char in text[: starts[0]])
    return is_apart and is_indented and any(char != " " for char in text[starts[1] :])


def _stripped(cell: Text) -> Text:
    start, end = 0, len(cell)
    while start < end and cell[start] == " ":
        start += 1
    while end > start and cell[end - 1] == " ":
        end -= 1
    return cell[start:end]


def _is_rule(cell: Text) -> bool:
    return bool(cell) and set(cell) <= {"-", "="}


def _is_number(cell: Text) -> bool:
    return "".join(cell).isdigit() or not cell


def _words(cell: Text) -> Iterator[Text]:
    word: Text = []
    for char in cell:
        if char == " ":
            if word:
                yield word
            word = []
        else:
            word.append(char)
    if word:
        yield word


def _shared(columns: Sequence[Sequence[Text]], room: int) -> list[int]:
    """The widths of columns that share some room; none when there is not enough."""
    texts = [[cell for cell in column if not _is_rule(cell)] for column in columns]
    most = [max((len(cell) for cell in column), default=1) for column in texts]
    words = [max((len(word) for cell in column for word in _words(cell)), default=1) for column in texts]
    share = max((room - most[0]) // (len(most) - 1), LEAST_WIDTH)
    least = [most[0], *(min(each, share) for each in words[1:])]
    free, wanted = room - sum(least), sum(most) - sum(least)
    if free < 0:
        return []
    if wanted <= free:
        return most
    widths = [low + (high - low) * free // wanted for low, high in zip(least, most, strict=True)]
    widths[most.index(max(most))] += room - sum(widths)
    return widths


def _row(row: Sequence[Text], widths: Sequence[int], aligned: Sequence[bool]) -> Iterator[str]:
    cells = [_wrapped(cell, width) for cell, width in zip(row, widths, strict=True)]
    for number in range(max(map(len, cells))):
        line = [cell[number] if number < len(cell) else [] for cell in cells]
        yield (" " * GAP).join(map(_padded, line, widths, aligned)).rstrip()


def _padded(text: Text, width: int, is_number: bool) -> str:
    blanks = " " * (width - len(text))
    return f"{blanks}{''.join(text)}" if is_number else f"{''.join(text)}{blanks}"


def _wrapped(cell: Text, width: int) -> list[Text]:
    if len(cell) <= width:
        return [cell]
    if _is_rule(cell):
        return [cell[:width]]
    lines: list[Text] = []
    for word in (part for each in _words(cell) for part in _parts(each, width)):
        if lines and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += [" ", *word]
        else:
            lines.append(word)
    return lines


def _parts(word: Text, width: int) -> Iterator[Text]:
    """A word in parts of at most some columns, behind a comma or bracket where there is one."""
    while len(word) > width:
        end = next((at for at in range(width, width // 2, -1) if word[at - 1] in ",([/_"), width)
        yield word[:end]
        word = word[end:]
    yield word
