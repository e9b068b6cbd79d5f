"""Command line words as ``getopt_long`` reads them: permuted, abbreviated, and read twice.

The drop-in cannot use :mod:`getopt`: that stops at the first error, where the original says so and
goes on, and it does not tell in which order it would have permuted the words.
"""

from __future__ import annotations

from asterism.values import TYPE_CHECKING, dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Option:
    """A long option."""

    name: str
    takes_value: bool = False


@dataclass(frozen=True, slots=True)
class Given:
    """An option as it was given."""

    name: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a command line says."""

    options: tuple[Given, ...]
    files: tuple[str, ...]
    errors: tuple[str, ...]
    """Without the program's name."""
    permuted: tuple[str, ...]
    """The words as a second reading finds them: options first, then the files."""

    def has(self, *names: str) -> bool:
        """Whether one of the options was given."""
        return any(option.name in names for option in self.options)


def parse(table: Sequence[Option], words: Sequence[str], permute: bool = True) -> Parsed:
    """Read a command line.

    Args:
        table: the options there are.
        words: the command line without the program's name.
        permute: options may follow files; otherwise the first file ends them (``POSIXLY_CORRECT``).
    """
    options: list[Given] = []
    files: list[str] = []
    errors: list[str] = []
    moved: list[str] = []
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if word == "--":
            moved.append(word)
            break
        if len(word) < 2 or not word.startswith("-"):
            files.append(word)
            if not permute:
                break
            continue
        moved.append(word)
        if not word.startswith("--"):
            errors += [f"invalid option -- '{letter}'" for letter in word[1:]]
            continue
        if _long(table, word, rest, options, errors):
            moved.append(rest.pop(0))
    files += rest
    return Parsed(tuple(options), tuple(files), tuple(errors), (*moved, *files))


def _long(table: Sequence[Option], word: str, rest: list[str], options: list[Given], errors: list[str]) -> bool:
    """Read one long option; true when it takes the next word as its value."""
    name, equals, value = word[2:].partition("=")
    found = _find(table, name)
    if len(found) != 1:
        errors.append(_unknown(word, found))
        return False
    option = found[0]
    if equals and not option.takes_value:
        errors.append(f"option '--{option.name}' doesn't allow an argument")
        return False
    if option.takes_value and not equals:
        if not rest:
            errors.append(f"option '--{option.name}' requires an argument")
            return False
        value = rest[0]
    options.append(Given(option.name, value))
    return option.takes_value and not equals


def _find(table: Sequence[Option], name: str) -> list[Option]:
    """The option of that name, or all that begin with it."""
    exact = [option for option in table if option.name == name]
    return exact or [option for option in table if option.name.startswith(name)]


def _unknown(word: str, found: Sequence[Option]) -> str:
    if not found:
        # The whole word, with its value, as glibc does it.
        return f"unrecognized option '{word}'"
    possible = " ".join(f"'--{option.name}'" for option in found)
    return f"option '{word}' is ambiguous; possibilities: {possible}"
