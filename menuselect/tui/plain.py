"""The menu line by line: numbered lists and one-letter commands, for screen readers and plain terminals.

The module uses the steps, filter and explanation of the screen.
"""

from __future__ import annotations

import contextlib
import re
import sys
from collections.abc import Callable, Iterator, Sequence

from asterism.errors import AsterismError
from asterism.names import did_you_mean
from asterism.tree import SELECTION
from asterism.values import dataclass
from asterism.words import counted
from menuselect.listing.need_tree import STATES, NeedRow, NeedTree, unfolded_at_first
from menuselect.listing.query import Term, parse
from menuselect.listing.rows import View
from menuselect.listing.styled_text import plain, shown
from menuselect.model.menu import Category, Member
from menuselect.session import saved_files
from menuselect.session.session import Session
from menuselect.tui import explanation, preset_steps
from menuselect.tui.signals import Ended, FirstSignal
from menuselect.tui.undo import Steps
from menuselect.tui.unsaved import Unsaved

MOST_NEEDS = 40
"""The number of lines of a tree of needs up to which another level is shown."""

PAGE = 20
"""The number of lines of a list between two prompts."""

_STATES = {
    "[*]": "on",
    "[ ]": "off",
    "<*>": "on, but a dependency is off",
    "< >": "off, a dependency is off",
    "(*)": "on, but in conflict with a member that is on",
    "( )": "off, in conflict with a member that is on",
    "XXX": "cannot be on",
}
"""The marks in words."""

_CHANGES = {"+": ", changed", "-": ", changed", " ": ""}

_QUESTION = "Changes that are not saved: {count}. y quits without saving, n continues, s saves: "

_OFFER = "An earlier menu left {changes}. t applies them, d discards them, l keeps them for later: "

_OVERWRITE = f"Another program changed {SELECTION} since the menu was opened. s overwrites it, n continues: "


@dataclass(frozen=True, slots=True)
class Command:
    """A command, given by the first word of a line."""

    words: tuple[str, ...]
    takes: str
    """The arguments, for the help."""
    summary: str
    serve: Callable[[Plain, str], None]


class Plain:
    """A line-by-line dialog, which ends when :attr:`saved` is set or :attr:`left` is true."""

    def __init__(self, session: Session, read: Callable[[str], str], write: Callable[[str], None]) -> None:
        """Create the dialog.

        Args:
            session: an open tree.
            read: prompts and returns a line; raises EOFError at the end.
            write: prints a line.
        """
        self.steps = Steps(session)
        self.unsaved = Unsaved(self.steps)
        self.view = View(session.menu)
        self.saved = ""
        """The sentence of the save."""
        self.left = False
        self._read = read
        self._write = write
        self._category: Category | None = None
        self._terms: tuple[Term, ...] = ()
        self._first = 0

    def run(self) -> None:
        """Run the dialog until the user saves or leaves."""
        self._write(shown(self.steps.menu.name))
        self._write(f"{self.steps.greeting()} Type h for help.")
        self.offer_unsaved()
        self.list_items("")
        while not self.saved and not self.left:
            try:
                self.obey(self._read(self._prompt()).strip())
            except EOFError:
                self.left = True
            except KeyboardInterrupt:
                self._write("")
                self.quit("")

    def offer_unsaved(self) -> None:
        """Ask what to do with the changes that an earlier menu has kept, if any."""
        number = self.unsaved.count()
        if not number:
            return
        answer = self._answer(_OFFER.format(changes=counted(number, "unsaved change")))
        if answer in ("t", "d"):
            self._write(self.unsaved.take() if answer == "t" else self.unsaved.discard())

    def _prompt(self) -> str:
        place = "matches" if self._terms else shown(self._category.title) if self._category else "categories"
        return f"{place}> "

    def obey(self, line: str) -> None:
        """Carry out one line: a command, numbers, or the name of a member."""
        if line.startswith("/"):
            self.filter(line[1:])
            return
        word, _, rest = line.partition(" ")
        found = next((command for command in COMMANDS if word.lower() in command.words), None)
        if found:
            found.serve(self, rest.strip())
        elif line:
            self._choose(line)

    def _choose(self, line: str) -> None:
        """Open a category or switch members by number; explain a member by name."""
        if not re.fullmatch(r"[\d\s,-]+", line):
            self.explain(line)
        elif self._category or self._terms:
            self._each(line, self.steps.toggle)
        else:
            self._open(line)

    def _open(self, line: str) -> None:
        numbers = list(_numbers(line, len(self.steps.menu.categories)))
        if not numbers:
            self._write(f"Category '{line}' does not exist.")
            return
        self._category = self.steps.menu.categories[numbers[0]]
        self._first = 0
        self.list_items("")

    # Lists.

    def _members(self) -> list[Member]:
        if self._terms:
            return [row for row in self.view.matches(self._terms, self.steps.is_in) if isinstance(row, Member)]
        return list(self._category.members) if self._category else []

    def list_items(self, _: str) -> None:
        """Print the list, from the current position."""
        lines = list(self._lines())
        page = lines[self._first : self._first + PAGE]
        for line in page or ["The list is empty."]:
            self._write(line)
        rest = len(lines) - self._first - len(page)
        if rest > 0:
            self._write(f"{rest} more; m shows them.")

    def _lines(self) -> Iterator[str]:
        if self._category or self._terms:
            for number, member in enumerate(self._members(), 1):
                yield self._line(number, member)
            return
        for number, category in enumerate(self.steps.menu.categories, 1):
            yield f"{number}. {shown(category.title)}: {self.steps.count_on(category)} of {len(category.members)} on"

    def _line(self, number: int, member: Member) -> str:
        state = f"{_STATES[self.steps.mark(member)]}{_CHANGES[self.steps.change(member)]}"
        title = f": {shown(member.displayname)}" if member.displayname else ""
        return f"{number}. {shown(member.name)}, {state}{title}"

    def more(self, _: str) -> None:
        """Print the next lines of the list; continue at the beginning after its end."""
        self._first += PAGE
        if self._first >= len(list(self._lines())):
            self._first = 0
        self.list_items("")

    def back(self, _: str) -> None:
        """Go back to the categories, or clear the filter."""
        if self._terms:
            self._terms = ()
        else:
            self._category = None
        self._first = 0
        self.list_items("")

    def filter(self, text: str) -> None:
        """Narrow the list over all categories; without words, clear the filter."""
        self._terms = parse(text)
        self._first = 0
        self._write(f"{len(self._members())} match." if self._terms else "The filter is cleared.")
        self.list_items("")

    # Turning.

    def _named(self, text: str) -> list[Member]:
        """The members with the given numbers or names; unknown ones are reported."""
        members = self._members()
        found: list[Member] = []
        for word in text.replace(",", " ").split():
            named = self.steps.menu.find(word)
            picked = [named] if named else [members[number] for number in _numbers(word, len(members))]
            if not picked:
                hint = did_you_mean(word, (member.name for member in self.steps.menu.members))
                self._write(f"'{word}' is neither a member nor a number of this list{'; ' if hint else '.'}{hint}")
            found += picked
        return found

    def _each(self, text: str, step: Callable[[Member], str]) -> None:
        for member in self._named(text):
            self._write(step(member))

    def turn_on(self, text: str) -> None:
        """Turn members on."""
        self._each(text, self.steps.enable)

    def turn_off(self, text: str) -> None:
        """Turn members off."""
        self._each(text, self.steps.disable)

    def explain(self, text: str) -> None:
        """Print the explanation of members."""
        for member in self._named(text):
            for line in explanation.everything(self.steps, member):
                self._write(shown(plain(line)))

    def needs(self, text: str) -> None:
        """Print what members need and what needs them, as trees whose depth is given by the indent."""
        for member in self._named(text):
            tree = NeedTree(self.steps.selection, member)
            for row in tree.rows(unfolded_at_first(tree, MOST_NEEDS)):
                self._write(_need_line(row))

    def turn_all(self, _: str) -> None:
        """Switch the open category on, or all categories if none is open."""
        self._write(self.steps.enable_category(self._category) if self._category else self.steps.enable_all())

    def turn_none(self, _: str) -> None:
        """Switch the open category off, or all categories if none is open."""
        self._write(self.steps.disable_category(self._category) if self._category else self.steps.disable_all())

    def reset(self, text: str) -> None:
        """Reset members, the category or everything to the saved file."""
        if text:
            self._each(text, self.steps.reset)
        else:
            self._write(self.steps.reset_category(self._category) if self._category else self.steps.reset_all())

    def defaults(self, _: str) -> None:
        """Reset everything to the defaults."""
        self._write(self.steps.to_defaults())

    def undo(self, _: str) -> None:
        """Undo the last step."""
        self._write(self.steps.undo())

    def redo(self, _: str) -> None:
        """Redo the step that was undone."""
        self._write(self.steps.redo())

    def difference(self, _: str) -> None:
        """Print the differences from the saved file and from the defaults."""
        for title, (more, less) in (
            ("Since the menu was opened", self.steps.since_saved()),
            ("From the defaults", self.steps.since_defaults()),
        ):
            self._write(f"{title}: {len(more)} more, {len(less)} fewer.")
            self._write_names("On", more)
            self._write_names("Off", less)

    def _write_names(self, word: str, members: Sequence[Member]) -> None:
        if members:
            self._write(f"{word}: {', '.join(shown(member.name) for member in members)}.")

    def open_file(self, text: str) -> None:
        """Take the selection of a saved file, as one step; without a name, list the saved files."""
        if text:
            self._with_file(lambda: self._write(self.steps.open_file(text)))
            return
        names = saved_files.beside(self.steps.session.directory)
        self._write(f"Saved selections: {', '.join(map(shown, names))}." if names else "There is no saved selection.")

    def compare(self, text: str) -> None:
        """Print what taking the selection of a saved file would turn on and off."""

        def work() -> None:
            more, less = self.steps.difference_to(self.steps.other(text or SELECTION))
            self._write(f"{text or SELECTION}: {len(more)} more, {len(less)} fewer than now.")
            self._write_names("On", more)
            self._write_names("Off", less)

        self._with_file(work)

    def _with_file(self, work: Callable[[], None]) -> None:
        try:
            work()
        except AsterismError as error:
            for line in str(error).splitlines():
                self._write(shown(line))

    def presets(self, text: str) -> None:
        """List the presets, apply one by name, or save one."""
        for line in preset_steps.told(self.steps, text):
            self._write(line)

    # Leaving.

    def help(self, _: str) -> None:
        """Print every command."""
        for command in COMMANDS:
            words = " or ".join(command.words)
            self._write(f"{words}{f' {command.takes}' if command.takes else ''}: {command.summary}")
        self._write("/WORDS: narrow the list over all categories; on, off, changed, missing, level:core, needs:curl")
        self._write("a number: open the category, or turn the member on or off; 2 5-7 are several")
        self._write("a name: explain the member")

    def save(self, _: str) -> None:
        """Save and leave; stay if saving fails, or if the user declines to overwrite another program's changes."""
        if self.steps.is_overtaken and self._answer(_OVERWRITE) != "s":
            return
        try:
            self.saved = self.steps.session.save()
        except AsterismError as error:
            self._write(f"NOT SAVED: {error}")

    def quit(self, _: str) -> None:
        """Leave; ask first if changes would be lost."""
        if not self.steps.is_changed:
            self.left = True
            return
        answer = self._answer(_QUESTION.format(count=self.steps.count_changed()))
        if answer == "s":
            self.save("")
        if answer == "y":
            self.steps.is_given_up = self.left = True

    def _answer(self, question: str) -> str:
        """The letter that answers a question; end of input and Ctrl-C leave the menu and keep the changes."""
        try:
            return self._read(question).strip().lower()
        except (EOFError, KeyboardInterrupt):
            self.left = True
            return ""


COMMANDS = (
    Command(("l", "list"), "", "show the current list again", Plain.list_items),
    Command(("m", "more"), "", "show the next lines of the list", Plain.more),
    Command(("b", "back"), "", "go back to the categories, or out of the filter", Plain.back),
    Command(("y", "on"), "NUMBERS or NAMES", "turn the members on", Plain.turn_on),
    Command(("n", "off"), "NUMBERS or NAMES", "turn the members off", Plain.turn_off),
    Command(("w", "why"), "NUMBERS or NAMES", "explain the members", Plain.explain),
    Command(("all",), "", "turn the open category on, or all categories", Plain.turn_all),
    Command(("none",), "", "turn the open category off, or all categories", Plain.turn_none),
    Command(("u", "undo"), "", "undo the last step", Plain.undo),
    Command(("r", "redo"), "", "redo the step that was undone", Plain.redo),
    Command(("reset",), "[NUMBERS or NAMES]", "reset members, a category or all to the saved file", Plain.reset),
    Command(("defaults",), "", "reset everything to the defaults", Plain.defaults),
    Command(("d", "diff"), "", "show what differs from the saved file and from the defaults", Plain.difference),
    Command(("e", "needs"), "NUMBERS or NAMES", "show what the members need, and what needs them", Plain.needs),
    Command(("o", "open"), "[FILE]", "take the selection of a saved file, or list the saved files", Plain.open_file),
    Command(("compare",), "[FILE]", "show what the selection of a saved file would change", Plain.compare),
    Command(("p", "presets"), "[NAME or keep NAME]", "list the presets, apply one, or save one", Plain.presets),
    Command(("h", "help", "?"), "", "show this help", Plain.help),
    Command(("x", "save"), "", "save and exit", Plain.save),
    Command(("q", "quit"), "", "quit; asks first when changes are not saved", Plain.quit),
)
"""Every command of the plain mode."""


def _need_line(row: NeedRow) -> str:
    """A row of a tree in words: ``  curl: library, found (uses)``."""
    name = shown(row.name)
    if row.state is None:
        return f"{name}:" if row.folds else f"{name}: none"
    relation = f" ({row.label})" if row.label else ""
    return f"{'  ' * (len(row.path) - 1)}{name}: {STATES[row.state]}{relation}"


def _numbers(text: str, count: int) -> Iterator[int]:
    """The valid indices, from 0, in a text such as ``2 5-7``."""
    for first, last in re.findall(r"(\d{1,9})(?:-(\d{1,9}))?", text):
        for number in range(int(first), min(int(last or first), count) + 1):
            if 1 <= number <= count:
                yield number - 1


def _read_silently(_: str) -> str:
    """Read a line without a prompt, for input that is not a terminal."""
    return input()


def run(session: Session) -> Plain:
    """Run the dialog on standard input and output until the menu is left.

    Args:
        session: an open tree.

    Returns:
        The dialog, whose :attr:`Plain.saved` shows whether the selection was saved.
    """
    talk = Plain(session, input if sys.stdin.isatty() else _read_silently, print)
    signals = FirstSignal()
    with contextlib.suppress(Ended):
        with contextlib.suppress(OSError):  # a closed terminal refuses writes
            talk.run()
        signals.disarm()
    return talk
