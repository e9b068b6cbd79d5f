"""Parse a command line like ``getopt_long``: words are permuted, options may be abbreviated.

The drop-in cannot use :mod:`getopt`: that module stops at the first error, where the original reports
the error and continues, and it does not return the permuted words, which the original reads again.
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
    """An option of a command line."""

    name: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Parsed:
    """The result of parsing a command line."""

    options: tuple[Given, ...]
    files: tuple[str, ...]
    errors: tuple[str, ...]
    """The error messages, without the program's name."""
    permuted: tuple[str, ...]
    """The words as a second reading finds them: options first, then the files."""

    def has(self, *names: str) -> bool:
        """Whether one of the options was given."""
        return any(option.name in names for option in self.options)


def parse(table: Sequence[Option], words: Sequence[str], permute: bool = True) -> Parsed:
    """Read a command line.

    Args:
        table: the known options.
        words: the command line without the program's name.
        permute: whether options may follow files; otherwise the first file ends the options (``POSIXLY_CORRECT``).
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
    """Read a long option; return true when the next word is its value."""
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
    """The option of that name, or all options that begin with it."""
    exact = [option for option in table if option.name == name]
    return exact or [option for option in table if option.name.startswith(name)]


def _unknown(word: str, found: Sequence[Option]) -> str:
    if not found:
        # glibc prints the whole word, with its value.
        return f"unrecognized option '{word}'"
    possible = " ".join(f"'--{option.name}'" for option in found)
    return f"option '{word}' is ambiguous; possibilities: {possible}"
