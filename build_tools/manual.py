"""Manual pages and completion files, made from the parsers of the verbs: what lies in ``share/`` of the source tree.

``make pages`` writes them; a test compares what is there. There is one page for each verb, so that
``man asterism-why`` opens what was asked for, one for the program, and one for menuselect.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from asterism import __version__, completion, files
from asterism.__main__ import GROUPS, Verb, verbs
from build_tools.command_lines import Argument, CommandLine, command_line, unindented, wrapped
from menuselect.dropin.command import USAGE
from runtime.program.flags import HELP

DATE = "2026-11-30"
"""The date in the head of each page: that of the release, so that pages are the same whenever they are made."""


def pages() -> dict[str, str]:
    """Every manual page, by its path below the directory of manuals."""
    made = {"man8/asterism.8": program_page(), "man1/menuselect.1": menuselect_page()}
    return made | {f"man1/asterism-{verb.name}.1": verb_page(verb) for verb in verbs().values()}


def shell_files() -> dict[str, str]:
    """Every completion file, by its path below the directory of data."""
    found = completion.entries()
    return {
        "bash-completion/completions/asterism": completion.bash(found),
        "zsh/site-functions/_asterism": completion.zsh(found),
        "fish/vendor_completions.d/asterism.fish": completion.fish(found),
    }


# ---- roff ----------------------------------------------------------------------------------------


def _text(words: str) -> str:
    """Words as roff shows them: no escape, no request at the beginning of a line."""
    escaped = words.replace("\\", "\\e").replace("-", "\\-")
    return re.sub(r"^([.'])", r"\\&\1", escaped, flags=re.MULTILINE)


def _paragraph(words: str) -> str:
    """Words as a filled paragraph."""
    return _text(wrapped(words))


def _bold(words: str) -> str:
    return f"\\fB{_text(words)}\\fR"


def _italic(words: str) -> str:
    return f"\\fI{_text(words)}\\fR"


def _head(name: str, section: int, summary: str) -> list[str]:
    return [
        f'.TH "{_text(name.upper())}" "{section}" "{DATE}" "Asterism {__version__}" "Asterism"',
        ".SH NAME",
        f"{_text(name)} \\- {_text(summary)}",
    ]


def _verbatim(text: str) -> list[str]:
    return [".nf", *(_text(line) for line in text.rstrip().splitlines()), ".fi"]


def _items(rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Paragraphs with a hanging word."""
    for word, text in rows:
        yield from (".TP", word, _paragraph(text) or "\\&")


def _page(lines: Iterable[str]) -> str:
    return "\n".join(lines) + "\n"


# ---- pages ---------------------------------------------------------------------------------------

_STATUS = [
    ".SH EXIT STATUS",
    *_items(
        [
            ("0", "Everything was done."),
            ("1", "Something failed, and standard error says what, why, and what to do."),
            ("2", "The command line was not understood."),
        ]
    ),
]


def verb_page(verb: Verb) -> str:
    """The page of a verb."""
    line = command_line(verb)
    return _page(
        [
            *_head(f"asterism-{verb.name}", 1, verb.summary),
            ".SH SYNOPSIS",
            *_verbatim(line.usage),
            ".SH DESCRIPTION",
            _paragraph(line.description),
            *([".SH ARGUMENTS", *_arguments(line.positional)] if line.positional else []),
            ".SH OPTIONS",
            *_arguments(line.options),
            *([".SH NOTES", *_notes(line)] if line.notes else []),
            *_STATUS,
            ".SH SEE ALSO",
            ".BR asterism (8)",
        ]
    )


def _notes(line: CommandLine) -> list[str]:
    return _verbatim(line.notes) if line.notes_are_verbatim else [_paragraph(" ".join(line.notes.split()))]


def _arguments(arguments: Iterable[Argument]) -> Iterator[str]:
    return _items((_word(each), each.text) for each in arguments)


def _word(argument: Argument) -> str:
    """How an argument is written."""
    if not argument.words:
        return _italic(argument.value)
    return ", ".join(map(_bold, argument.words)) + (f" {_italic(argument.value)}" if argument.value else "")


_ABOUT = (
    "Asterism is the module toolchain of Asterisk. With flags it runs modules, or talks to a program that runs them. "
    "With a verb it works on a source tree, or on a directory of modules."
)


def program_page() -> str:
    """The page of the program."""
    usage, _, flags = HELP.partition("\n\n")
    rows, _, rest = flags.partition("\n\n")
    return _page(
        [
            *_head("asterism", 8, "choose, build and run modules of Asterisk"),
            ".SH SYNOPSIS",
            *_verbatim(unindented(usage.removeprefix("usage: ")) + "\nasterism VERB [ARGUMENT ...]"),
            ".SH DESCRIPTION",
            _paragraph(f"{_ABOUT} {' '.join(rest.split())}"),
            ".SH OPTIONS",
            *_items((_flag(row), row[14:].strip()) for row in rows.splitlines()),
            *_verb_sections(),
            ".SH ENVIRONMENT",
            *_items(
                [
                    (_bold("ASTERISM_TREE"), "The installed tree to work with, in place of the program's own."),
                    (_bold("NOTIFY_SOCKET"), "Where a service manager is told of the start and the end."),
                ]
            ),
            *_STATUS,
            ".SH SEE ALSO",
            ".BR menuselect (1),",
            ".BR asterisk (8)",
        ]
    )


def _flag(row: str) -> str:
    word, _, value = row[2:14].strip().partition(" ")
    return _bold(word) + (f" {_italic(value)}" if value else "")


def _verb_sections() -> Iterator[str]:
    yield ".SH VERBS"
    yield _text("Each verb has a page of its own: man asterism-VERB.")
    for title, group in GROUPS.items():
        yield f".SS {_text(title)}"
        yield from _items((f".BR asterism\\-{_text(verb.name)} (1)", f"{verb.summary}.") for verb in group)


_ABOUT_MENUSELECT = (
    "menuselect reads menuselect-tree and build_tools/menuselect-deps in the current directory, and keeps the choice "
    "in the configuration files that are named, menuselect.makeopts as a rule. Without options it opens a menu."
)

_MENUSELECT = {
    "--help": "show a short help",
    "--check-deps": "remove choices whose dependencies are not met, and fail when there are any",
    "--enable OPTION": "switch a member on, with what it needs",
    "--enable-category CATEGORY": "switch every member of a category on",
    "--enable-all": "switch every member on",
    "--disable OPTION": "switch a member off",
    "--disable-category CATEGORY": "switch every member of a category off",
    "--disable-all": "switch every member off",
    "--list-options": "list the members, each with + or -",
    "--list-category CATEGORY": "list the members of a category",
    "--category-list": "list the categories",
    "--strict": "fail when a request cannot be met, and write nothing then",
    "--plain": "ask line by line, for screen readers and terminals without a screen",
}


def menuselect_page() -> str:
    """The page of menuselect."""
    return _page(
        [
            *_head("menuselect", 1, "choose what is built in a source tree of Asterisk"),
            ".SH SYNOPSIS",
            *_verbatim(unindented(USAGE.format(program="menuselect").replace("Usage: ", ""))),
            ".SH DESCRIPTION",
            _paragraph(_ABOUT_MENUSELECT),
            ".SH OPTIONS",
            *_items((_option(word), text) for word, text in _MENUSELECT.items()),
            ".SH ENVIRONMENT",
            *_items([(_bold("MENUSELECT_STRICT"), "When this is 1, as --strict.")]),
            ".SH EXIT STATUS",
            *_items(
                [
                    ("0", "The choice was written, or what was asked for was listed."),
                    ("1", "A name is not known, or with --strict a request was not met; nothing was written."),
                    ("255", "Something failed, or the menu was left without saving."),
                ]
            ),
            ".SH SEE ALSO",
            ".BR asterism (8),",
            ".BR asterism\\-select (1)",
        ]
    )


def _option(word: str) -> str:
    name, _, value = word.partition(" ")
    return _bold(name) + (f" {_italic(value)}" if value else "")


# ---- write ---------------------------------------------------------------------------------------


def share() -> dict[str, str]:
    """Every file of ``share/``, by its path below it."""
    return {f"man/{path}": text for path, text in pages().items()} | shell_files()


def main(words: Sequence[str] | None = None) -> int:
    """Write the files, and take away those that are no longer made."""
    given = sys.argv[1:] if words is None else words
    top = Path(given[0] if given else "share")
    made = share()
    for path, text in made.items():
        (top / path).parent.mkdir(parents=True, exist_ok=True)
        files.write(top / path, text)
    for old in sorted(top.rglob("*")):
        if old.is_file() and old.relative_to(top).as_posix() not in made:
            old.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
