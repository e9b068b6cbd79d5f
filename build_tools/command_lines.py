"""The command lines of the verbs as values: what the manual pages and docs/verbs.md are made of."""

from __future__ import annotations

import argparse
import re
import textwrap

from asterism.__main__ import Verb, parser_of
from asterism.values import dataclass


@dataclass(frozen=True, slots=True)
class Argument:
    """An option or a positional argument."""

    words: tuple[str, ...]
    """How the option is spelled; none for a positional argument."""
    value: str
    """The name of the value, or its choices as ``{a,b}``; empty for an option without one."""
    text: str


@dataclass(frozen=True, slots=True)
class CommandLine:
    """What the parser of a verb takes and says."""

    verb: Verb
    usage: str
    """Lines without ``usage:`` and without indentation."""
    description: str
    """One paragraph, on one line."""
    positional: tuple[Argument, ...]
    options: tuple[Argument, ...]
    notes: str
    """The text below the options; empty when there is none."""
    notes_are_verbatim: bool
    """Whether the line ends of the notes count."""


def command_line(verb: Verb) -> CommandLine:
    """Read the parser of a verb."""
    parser = parser_of(verb)
    taken = [
        (bool(action.option_strings), _argument(parser, action))
        for action in parser._actions  # argparse has no public way to list what a parser takes
        if action.help != argparse.SUPPRESS
    ]
    return CommandLine(
        verb,
        unindented(_usage(parser)),
        " ".join((parser.description or "").split()) or f"{verb.summary[:1].upper()}{verb.summary[1:]}.",
        tuple(argument for is_option, argument in taken if not is_option),
        tuple(argument for is_option, argument in taken if is_option),
        (parser.epilog or "").replace("%%", "%").strip("\n"),
        issubclass(_formatter(parser), argparse.RawDescriptionHelpFormatter),
    )


def unindented(usage: str) -> str:
    """The lines of a usage text without the blanks before them."""
    return "\n".join(line.strip() for line in usage.splitlines())


def wrapped(words: str, width: int = 76) -> str:
    """Words filled into lines; paths, options and long names stay whole."""
    return "\n".join(textwrap.wrap(words, width, break_long_words=False, break_on_hyphens=False))


def _usage(parser: argparse.ArgumentParser) -> str:
    """The usage in lines of 78 characters, whatever terminal and whatever release of Python this runs in."""
    formatter = argparse.HelpFormatter(parser.prog, width=10_000)  # releases break lines in different places
    formatter.add_usage(parser.usage, parser._actions, parser._mutually_exclusive_groups)
    usage = formatter.format_help().removeprefix("usage: ").rstrip()
    return "\n".join(line for text in usage.splitlines() for line in filled(text.strip(), 78))


def filled(usage: str, width: int) -> list[str]:
    """A usage in lines; what is in brackets stays on one line."""
    lines: list[str] = []
    for word in _UNIT.findall(usage):
        if lines and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


_UNIT = re.compile(r"(?:\[[^\]]*(?:\[[^\]]*\][^\]]*)*\]|\([^)]*\)|\S)+")
"""A word of a usage, with everything in its brackets and one level of brackets inside."""


def _formatter(parser: argparse.ArgumentParser) -> type:
    found = parser.formatter_class
    return found if isinstance(found, type) else argparse.HelpFormatter


def _argument(parser: argparse.ArgumentParser, action: argparse.Action) -> Argument:
    formatter = parser._get_formatter()  # nor has it one to fill in the help text of an option
    text = formatter._expand_help(action) if action.help else ""
    takes_value = not action.option_strings or action.nargs != 0
    return Argument(tuple(action.option_strings), _value(action) if takes_value else "", text)


def _value(action: argparse.Action) -> str:
    if action.choices:
        return "{" + ",".join(map(str, action.choices)) + "}"
    if isinstance(action.metavar, str):
        return action.metavar
    return action.dest.upper() if action.option_strings else action.dest
