"""The drop-in: Asterisk's ``menuselect`` with its options, files, output and exit statuses.

The order of steps is that of ``main`` in menuselect.c: read the tree and the results of configure, read
the command line, read the files it names, settle, then show the menu, list, or change; and write.
"""

from __future__ import annotations

import gc
import os
import sys

from asterism.errors import AsterismError, Fault
from asterism.garbage import uncollected
from asterism.names import did_you_mean
from asterism.streams import guarded
from asterism.tree import SELECTION
from asterism.values import TYPE_CHECKING, dataclass, field
from asterism.words import counted
from menuselect.choice.selection import Change, Refusal
from menuselect.dropin.getopt import Given, Option, Parsed, parse
from menuselect.model import buffer_limits
from menuselect.model.buffer_limits import Limits
from menuselect.model.menu import Member, is_no
from menuselect.model.notices import Note
from menuselect.session.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

FAILED = 255
"""Exit status of a run that failed and wrote nothing."""
NOT_MET = 1
"""Exit status when a name is unknown, or with ``--strict`` a request was not met; nothing was written."""

OPTIONS = (
    Option("check-deps"),
    Option("enable", takes_value=True),
    Option("enable-category", takes_value=True),
    Option("enable-all"),
    Option("disable", takes_value=True),
    Option("disable-category", takes_value=True),
    Option("disable-all"),
    Option("list-options"),
    Option("list-category", takes_value=True),
    Option("category-list"),
    Option("help"),
)
_SETTINGS = ("enable", "enable-category", "enable-all", "disable", "disable-category", "disable-all")
_LISTINGS = ("category-list", "list-options", "list-category")

USAGE = """\
Usage: {program} [--enable <option>] [--disable <option>]
   [--enable-category <category>] [--enable-all]
   [--disable-category <category>] [--disable-all] [...]
   [<config-file> [...]]
Usage: {program} {{ --check-deps | --list-options
   | --list-category <category> | --category-list | --help }}
   [<config-file> [...]]
"""

_OURS = ("--strict", "--plain")
"""Options that the original does not have."""


@dataclass(frozen=True, slots=True)
class RunMode:
    """The options and the environment of a run."""

    program: str = "menuselect"
    """The program name in messages."""
    strict: bool = False
    """Whether an unmet request is an error (``--strict``, ``MENUSELECT_STRICT=1``)."""
    permute: bool = True
    """Whether options may follow files; false with ``POSIXLY_CORRECT``."""
    plain: bool = False
    """Whether the menu asks line by line (``--plain``)."""


def manner(words: Sequence[str], environment: Mapping[str, str], program: str) -> tuple[RunMode, list[str]]:
    """The run mode of a command line and its environment, and the remaining words."""
    ours = words[: words.index("--")] if "--" in words else words
    strict = "--strict" in ours or environment.get("MENUSELECT_STRICT", "0") not in ("", "0")
    left = [word for word in ours if word not in _OURS] + list(words[len(ours) :])
    return RunMode(program, strict, "POSIXLY_CORRECT" not in environment, "--plain" in ours), left


def main(words: Sequence[str] | None = None) -> int:
    """Run one command line in the current directory and return its exit status."""
    return guarded(lambda: _main(words), "menuselect", FAILED)


def launched() -> int:
    """Run as the program of an adopted tree, whose launcher starts Python without its site packages.

    The words after the first one, the name of the program, are the command line. A script's run ends at once: to free
    each value takes a tenth of it.

    Returns:
        The exit status, when the menu was shown.
    """
    gc.disable()
    sys.argv = sys.argv[1:]
    status = main()
    if "menuselect.tui" in sys.modules:
        return status
    os._exit(status)


def _main(words: Sequence[str] | None) -> int:
    given = sys.argv[1:] if words is None else words
    how, left = manner(
        [_text(word) for word in given], os.environ, _text(sys.argv[0]) if words is None else "menuselect"
    )
    try:
        with uncollected():
            return run(left, how)
    except AsterismError as error:
        _say_faults(error.faults)
        return FAILED
    except KeyboardInterrupt:
        _say("menuselect: interrupted; nothing was saved")
        return 130


def run(words: Sequence[str], how: RunMode) -> int:
    """Run in the current directory, and return the exit status.

    Raises:
        AsterismError: the tree or the results of configure cannot be read, or a file cannot be written.
    """
    given = parse(OPTIONS, words, how.permute)
    session = _opened(limit_of(given, how))
    _say_errors(given, how)
    if given.has("help"):
        _say(USAGE.format(program=how.program), end="")
        return 0
    with session.locked():
        _read(session, given, how)
        if given.has("check-deps", *_LISTINGS):
            return _list(session, given)
        if given.has(*_SETTINGS):
            return _set(session, given, how)
    if sys.flags.no_site:
        import site  # a quarter of a bare start, and only the menu needs packages of others

        site.main()
    from menuselect import tui  # here, since scripts never see the menu

    gc.enable()
    return tui.start(session, plain=how.plain)


def limit_of(given: Parsed, how: RunMode) -> Limits:
    """The original's limits for scripts (without a menu, and not strict), else none."""
    scripted = given.has("check-deps", "help", *_SETTINGS, *_LISTINGS)
    return buffer_limits.ORIGINAL if scripted and not how.strict else buffer_limits.NONE


_KNOWN = {
    "not-configured": "Unable to open 'build_tools/menuselect-deps' for reading!  Did you run ./configure ?",
    "wrong-root": "Invalid document: Expected \"menu\" element.\nError parsing 'menuselect-tree'!",
}
"""Messages that scripts know, by fault code; other faults are about the tree."""


def _opened(limit: Limits) -> Session:
    try:
        session = Session.of_files(".", limit)
    except AsterismError as error:
        _say(_KNOWN.get(error.faults[0].code, "Error parsing 'menuselect-tree'!"))
        raise
    _say_notes(session.notes)
    return session


def _read(session: Session, given: Parsed, how: RunMode) -> None:
    for name in given.files:
        known = len(session.notes)
        found = session.read(name)
        _say_notes(session.notes[known:])
        if not found and how.strict and name != SELECTION:
            raise AsterismError(
                Fault(f"cannot read '{name}'", cure="name makeopts files after the options", code="no-such-config")
            )
    known = len(session.notes)
    session.prepare()
    _say_notes(session.notes[known:])


def _list(session: Session, given: Parsed) -> int:
    is_sane = not (session.existing and given.has("check-deps")) or _check(session)
    listing = next((name for name in _LISTINGS if given.has(name)), None)
    if listing:
        value = next(option.value for option in reversed(given.options) if option.name == listing)
        _print("".join(f"{line}\n" for line in _LISTS[listing](session, value)))
    return _saved(session) if is_sane else FAILED


def _check(session: Session) -> bool:
    """Whether the selection fits the results of configure; print the problems."""
    from menuselect.session import stale_choice  # imported here, since only one option needs the module

    problems = stale_choice.check(session.selection)
    for problem in problems:
        _say(str(problem), end="")
    return not problems


def _categories(session: Session, _value: str) -> Iterator[str]:
    return (category.name for category in session.menu.categories)


def _options(session: Session, _value: str) -> Iterator[str]:
    for category in session.menu.categories:
        for member in category.members:
            # The name is padded and cut to thirty bytes, not characters.
            name = member.name.encode("utf-8", "surrogateescape")[:30].ljust(30).decode("utf-8", "surrogateescape")
            yield f"{_mark(session, member)} {name} {category.name}"


def _category(session: Session, value: str) -> Iterator[str]:
    category = session.menu.category(value) if value else None
    return (f"{_mark(session, member)} {member.name}" for member in (category.members if category else ()))


_LISTS: dict[str, Callable[[Session, str], Iterator[str]]] = {
    "category-list": _categories,
    "list-options": _options,
    "list-category": _category,
}


def _mark(session: Session, member: Member) -> str:
    return "+" if session.selection.is_on(member) else "-"


@dataclass(slots=True)
class Requests:
    """Carries out the options that change the selection, and records the results."""

    session: Session
    unknown: list[Fault] = field(default_factory=list)
    wanted: dict[str, tuple[Member, bool, tuple[Refusal, ...]]] = field(default_factory=dict)
    """Each member that was requested by name: whether it is to be on, and the refusals."""
    left_off: list[Fault] = field(default_factory=list)

    def do(self, given: Given) -> None:
        """Carry out an option; an empty value is ignored."""
        if given.name.endswith("-all"):
            self.note_left_off("", self._all(given.name))
        elif given.name.endswith("-category") and given.value:
            self.for_category(given)
        elif given.value:
            self.for_member(given)

    def for_member(self, given: Given) -> None:
        """Carry out ``--enable NAME`` or ``--disable NAME``."""
        member = self.session.menu.find(given.value)
        if member is None:
            self.not_found(given.value, [other.name for other in self.session.menu.members])
            return
        selection, on = self.session.selection, given.name == "enable"
        change = selection.enable(member) if on else selection.disable(member)
        self.wanted.pop(member.name, None)
        self.wanted[member.name] = (member, on, change.refused)

    def for_category(self, given: Given) -> None:
        """Carry out ``--enable-category NAME`` or ``--disable-category NAME``."""
        category = self.session.menu.category(given.value)
        if category is None:
            self.not_found(given.value, [other.name for other in self.session.menu.categories])
            return
        selection = self.session.selection
        on = given.name == "enable-category"
        change = selection.enable_category(category) if on else selection.disable_category(category)
        self.note_left_off(f" of {category.name}", change)

    def _all(self, name: str) -> Change:
        selection = self.session.selection
        return selection.enable_all() if name == "enable-all" else selection.disable_all()

    def not_found(self, name: str, candidates: list[str]) -> None:
        """Report an unknown name in the words of the original; nothing will be written."""
        _say(f"'{name}' not found")
        self.unknown.append(Fault(f"unknown name '{name}'", cure=did_you_mean(name, candidates), code="unknown-name"))

    def note_left_off(self, where: str, change: Change) -> None:
        """Record a fault for a request of many members of which some are unavailable."""
        if change.refused:
            names = [refusal.member.name for refusal in change.refused]
            some = ", ".join(names[:5]) + (", ..." if len(names) > 5 else "")
            cure = "'asterism why NAME' tells the reason for each"
            what = f"{counted(len(names), 'member')}{where} cannot be built: {some}"
            self.left_off.append(Fault(what, cure=cure, code="left-off", severity="warning"))

    def unmet(self) -> Iterator[Fault]:
        """A fault for each request by name that does not hold in the end."""
        selection = self.session.selection
        for member, on, refused in self.wanted.values():
            if on and not selection.is_built(member):
                from menuselect.reasons import explain  # imported here, since most runs need no text

                refusal = refused[0] if refused else selection.refusal(member)
                why = explain.refusal_text(refusal, selection)
                yield Fault(
                    f"'{member.name}' stays off", why=why, cure=f"see 'asterism why {member.name}'", code="refused"
                )
            elif not on and selection.is_on(member):
                yield Fault(f"'{member.name}' is on again", why="a later option switched it on", code="refused")


def _set(session: Session, given: Parsed, how: RunMode) -> int:
    # Read the permuted words again: a trailing option without its value now takes the first file.
    again = parse(OPTIONS, given.permuted, how.permute)
    _say_errors(again, how)
    requests = Requests(session)
    for option in again.options:
        requests.do(option)
    unmet = list(requests.unmet())
    if how.strict:
        return _set_strictly(session, requests, unmet)
    if requests.unknown:
        return NOT_MET
    for fault in (*unmet, *requests.left_off):
        _say(f"{how.program}: warning: {fault.what}{': ' if fault.why else ''}{fault.why}")
    return _saved(session)


def _set_strictly(session: Session, requests: Requests, unmet: list[Fault]) -> int:
    warnings = [*requests.left_off, *_unlisted(session)]
    _say_faults((*requests.unknown, *unmet, *warnings))
    if requests.unknown or unmet:
        _say("menuselect: nothing was saved")
        return NOT_MET
    return _saved(session)


def _unlisted(session: Session) -> Iterator[Fault]:
    """Warnings for members that are off by default, but on because the file does not list them."""
    if not session.existing:
        if (session.directory / SELECTION).exists():
            yield Fault(
                f"'{SELECTION}' was not read, and is replaced by the defaults with these changes",
                cure=f"name it after the options: menuselect ... {SELECTION}",
                code="unread-config",
                severity="warning",
            )
        return
    names = [
        member.name
        for category in session.menu.categories
        for member in category.members
        if not category.positive and is_no(member.default) and session.selection.was_on(member)
    ]
    if names:
        what = f"off by default, but on because '{SELECTION}' does not list them: {', '.join(names)}"
        yield Fault(what, cure="switch off what you do not want", code="unlisted-default", severity="warning")


def _saved(session: Session) -> int:
    session.save()
    _say_faults(session.faults)
    return 0


def _text(word: str) -> str:
    return os.fsencode(word).decode("utf-8", "surrogateescape")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _print(text: str) -> None:
    sys.stdout.buffer.write(_bytes(text))
    sys.stdout.buffer.flush()


def _say(text: str, end: str = "\n") -> None:
    # Write the bytes as they were read, whatever the locale is.
    sys.stderr.buffer.write(_bytes(text + end))
    sys.stderr.buffer.flush()


def _say_errors(given: Parsed, how: RunMode) -> None:
    for error in given.errors:
        _say(f"{how.program}: {error}")


def _say_notes(notes: Sequence[Note]) -> None:
    for note in notes:
        _say(note.known)


def _say_faults(faults: Sequence[Fault]) -> None:
    for fault in dict.fromkeys(faults):
        _say(str(fault) if fault.place else f"menuselect: {fault}")


if __name__ == "__main__":
    sys.exit(main())
