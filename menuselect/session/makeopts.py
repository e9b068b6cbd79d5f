"""Read and write menuselect.makeopts and menuselect.makedeps, the selection in make's format.

The first file lists, for each category, the members that are off, or, for a category with
``positive_output``, those that are on.  The second lists the external libraries that members are built with.
"""

from __future__ import annotations

from asterism.errors import Place
from asterism.tree import SELECTION
from asterism.values import TYPE_CHECKING, dataclass
from menuselect.choice.selection import Selection
from menuselect.model import buffer_limits
from menuselect.model.buffer_limits import Limits
from menuselect.model.menu import Category, Member, fold, is_yes
from menuselect.model.notices import Note

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Literal

_PREFIX = "menuselect_"
_SKIPPED = ("menuselect_depends_", "menuselect_build_deps")
_FAILED = "menuselect_depsfailed"
_BLANKS = "".join(chr(code) for code in range(1, 33))


@dataclass(frozen=True, slots=True)
class Line:
    """A significant line of a makeopts file."""

    kind: Literal["category", "failed", "broken"]
    """``NAME=...``, ``MENUSELECT_DEPSFAILED=...``, or a line without an equals sign."""
    name: str
    """The category, as written."""
    words: tuple[str, ...]
    """The listed members; for ``failed`` a single member."""
    place: Place


@dataclass(frozen=True, slots=True)
class Config:
    """A makeopts file as a value."""

    file: str
    lines: tuple[Line, ...] = ()
    notes: tuple[Note, ...] = ()
    """Notes on lines that were not read completely."""

    def listed(self, category: str) -> frozenset[str]:
        """The words that follow a category's name, on all its lines."""
        return frozenset(word for line in self.lines if line.name == category for word in line.words)


def loads(text: str, file: str = SELECTION, limit: Limits = buffer_limits.NONE) -> Config:
    """Parse the text of a makeopts file (``parse_existing_config`` of menuselect.c); never fails."""
    lines = (
        _line(line, Place(file, number), limit)
        for number, line in enumerate(buffer_limits.lines(text, limit.config_line), 1)
    )
    return Config(file, tuple(line for line in lines if line), tuple(_cut(text, file, limit)))


def _cut(text: str, file: str, limit: Limits) -> Iterator[Note]:
    if limit.config_line is None or len(text) * 4 <= limit.config_line:
        return
    for number, line in enumerate(text.split("\n"), 1):
        ours = fold(line[:64]).startswith(_PREFIX)
        if ours and len(line.encode("utf-8", "surrogateescape")) > limit.config_line:
            yield Note("cut-line", (file, str(number), str(limit.config_line)), Place(file, number))


def _line(text: str, place: Place, limit: Limits) -> Line | None:
    # The original ends a line at a NUL; here a NUL is part of a name, which is then unknown.
    key = fold(text[:64])
    if not key.startswith(_PREFIX) or key.startswith(_SKIPPED):
        return None
    name, equals, rest = text.partition("=")
    if not equals:
        return Line("broken", name, (), place)
    if not limit.signed_char:
        rest = rest.rstrip("\n").removesuffix("\r")
    rest = _skip(rest, limit)
    if fold(name) == _FAILED:
        return _failed(rest, place)
    words = (_skip(word, limit) for word in rest.replace("\n", " ").split(" "))
    return Line("category", name, tuple(word for word in words if word), place)


def _skip(text: str, limit: Limits) -> str:
    if not limit.signed_char:
        return text.lstrip(_BLANKS)
    start = 0
    while start < len(text) and (text[start] in _BLANKS or text[start] >= "\x80"):
        start += 1
    return text[start:]


def _failed(rest: str, place: Place) -> Line | None:
    category, equals, member = rest.partition("=")
    return Line("failed", category, (member.partition("\n")[0],), place) if equals else None


def apply(config: Config, selection: Selection) -> list[Note]:
    """Set a selection to the contents of a file; the caller settles it afterwards.

    Returns:
        Notes on the names that the menu does not have.
    """
    notes: list[Note] = list(config.notes)
    categories: dict[str, Category] = {}
    for category in selection.menu.categories:
        categories.setdefault(category.name, category)
    exact: dict[str, dict[str, Member]] = {}
    for line in config.lines:
        if line.kind == "broken":
            notes.append(Note("no-equals-sign", (str(line.place.line),), line.place))
        elif line.kind == "failed":
            notes.extend(_recover(line, selection))
        elif line.name in categories:
            category = categories[line.name]
            members = exact.get(line.name) or exact.setdefault(line.name, _first_by_name(category))
            notes.extend(_apply_category(line, category, members, selection))
    return notes


def _first_by_name(category: Category) -> dict[str, Member]:
    members: dict[str, Member] = {}
    for member in category.members:
        members.setdefault(member.name, member)
    return members


def _recover(line: Line, selection: Selection) -> Iterator[Note]:
    category = selection.menu.category(line.name)
    member = selection.menu.find_in(category.name, line.words[0]) if category else None
    if member is None:
        yield Note("stale-failure", (line.words[0], line.name), line.place)
    else:
        selection.recover(member)


def _apply_category(line: Line, category: Category, members: dict[str, Member], selection: Selection) -> Iterator[Note]:
    if not category.positive:
        selection.presume_on(category)
    for word in line.words:
        name = word.removeprefix("-")
        member = members.get(name)
        if member is None:
            yield Note("stale-member", (name, category.name), line.place)
        else:
            selection.list_as(member, category.positive and name == word)


def dumps(selection: Selection) -> str:
    """menuselect.makeopts as text (``generate_makeopts_file`` of menuselect.c).

    In a tree that was never configured, a member that is on and may turn out to be unavailable is written
    as the original writes an unavailable member: off, and to be switched on when its dependencies are met.
    """
    menu = selection.menu
    doubtful = {member.index for member in _doubtful(selection) if selection.is_built(member)}
    built = [selection.is_built(member) and member.index not in doubtful for member in menu.members]
    lines = [f"{category.name}={_words(_listed(category, built))}\n" for category in menu.categories]
    lines.append(f"MENUSELECT_BUILD_DEPS={_words(_build_deps(selection, built))}\n")
    lines.extend(
        f"MENUSELECT_DEPSFAILED={member.category}={member.name}\n"
        for member in menu.members
        if member.index in doubtful
        or (not selection.is_available(member) and (not member.default or is_yes(member.default)))
    )
    return "".join(lines)


def _words(names: Iterator[str]) -> str:
    return "".join(f"{name} " for name in names)


def _listed(category: Category, built: list[bool]) -> Iterator[str]:
    return (member.name for member in category.members if built[member.index] == category.positive)


def _doubtful(selection: Selection) -> Iterator[Member]:
    """Members that configure may find unavailable, in a tree where it has not run yet, and those that need them."""
    if selection.deps.known:
        return
    links = selection.links
    waiting = [at for at, references in enumerate(links.external) if any(each.kind != "use" for each in references)]
    seen = set(waiting)
    while waiting:
        at = waiting.pop()
        yield selection.menu.members[at]
        new = [dependent for dependent in links.dependents[at] if dependent not in seen]
        seen.update(new)
        waiting += new


def _build_deps(selection: Selection, built: list[bool]) -> Iterator[str]:
    # The original walks the members that are not listed, even in positive categories, where those are the
    # members that are off; make reads the line, so the result is the same here.
    seen: set[int] = set()
    for category in selection.menu.categories:
        for member in category.members:
            if built[member.index] == category.positive:
                continue
            needed = selection.dependencies(member)
            used = [other for other in selection.used(member) if selection.is_on(other)]
            for other in (*needed, *used):
                if other.index not in seen:
                    seen.add(other.index)
                    yield other.name


def dumps_makedeps(selection: Selection) -> str:
    """menuselect.makedeps as text (``generate_makedeps_file`` of menuselect.c); independent of states."""
    return "".join(
        f"MENUSELECT_DEPENDS_{member.name}={_words(iter(names))}\n"
        for member in selection.menu.members
        if (names := _libraries(member, selection))
    )


_ASCII_UPPER = {code: code - 32 for code in range(ord("a"), ord("z") + 1)}


def _libraries(member: Member, selection: Selection) -> list[str]:
    external = selection.links.external[member.index]
    if not external:
        return []
    needed = [reference.name for reference in external if reference.kind == "depend"]
    used = [reference.name for reference in external if reference.kind == "use" and selection.deps.find(reference.name)]
    return [name.translate(_ASCII_UPPER) for name in (*needed, *used)]
