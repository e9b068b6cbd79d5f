"""Read and write menuselect-tree, a menu as XML.

The reader follows ``process_xml_menu_node`` and its callees of menuselect.c: the same elements and
attributes count, the others are ignored with a note.
"""

from __future__ import annotations

from itertools import count

from asterism import files
from asterism.errors import AsterismError, Fault, Place
from asterism.tree import MENU
from asterism.values import TYPE_CHECKING, dataclass, replace
from menuselect.model import buffer_limits, menu_cache
from menuselect.model.buffer_limits import Limits
from menuselect.model.menu import LEVELS, Category, Kind, Member, Menu, Reference, is_yes, level_of
from menuselect.model.notices import Note

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any
    from xml.parsers.expat import XMLParserType

Attributes = dict[str, str]

_REFERENCES: dict[str, Kind] = {"depend": "depend", "use": "use", "conflict": "conflict"}
_TEXTS = {
    "defaultenabled": "default",
    "support_level": "support_level",
    "replacement": "replacement",
    "deprecated_in": "deprecated_in",
    "removed_in": "removed_in",
}
_IGNORED = frozenset({"member_data"})


class _Draft:
    """A category that is being read; a repeated name continues the category."""

    def __init__(self, category: Category) -> None:
        self.category = category
        self.members: list[list[Any]] = []
        """The arguments of :class:`Member`, in its order; the index is set after sorting."""


class _TreeReader:
    """Builds the menu from the events of the parser."""

    def __init__(self, file: str, limit: Limits, parser: XMLParserType) -> None:
        self.file = file
        self.limit = limit
        self.parser = parser
        self.notes: list[Note] = []
        self.drafts: dict[str, _Draft] = {}
        self.root: str | None = None
        self.menu_name = "Menuselect"
        self.depth = 0
        self.skip_below: int | None = None
        """The depth of the element that is being ignored, if any."""
        self.draft: _Draft | None = None
        self.attributes: Attributes = {}
        self.values: dict[str, str] = {}
        self.references: list[Reference] = []
        self.text: list[str] = []
        self.child: tuple[str, Attributes] = ("", {})

    def start(self, tag: str, attributes: Attributes) -> None:
        self.depth += 1
        if (
            self.skip_below is None
            and self.depth <= len(_OPENERS)
            and not _OPENERS[self.depth - 1](self, tag, attributes)
        ):
            self.skip_below = self.depth

    def end(self, _tag: str) -> None:
        if self.skip_below is None and self.depth <= len(_CLOSERS):
            _CLOSERS[self.depth - 1](self)
        if self.skip_below == self.depth:
            self.skip_below = None
        self.depth -= 1

    def note(self, code: str, *values: str) -> None:
        place = Place(self.file, self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1)
        self.notes.append(Note(code, values, place))

    def open_menu(self, tag: str, attributes: Attributes) -> bool:
        self.root = tag
        self.menu_name = attributes.get("name", self.menu_name)
        return tag == "menu"

    def open_category(self, tag: str, attributes: Attributes) -> bool:
        if tag != "category":
            self.note("unknown-element", tag)
            return False
        if "name" not in attributes:
            self.note("nameless-category")
            return False
        name = attributes["name"]
        self.draft = self.drafts.setdefault(name, _Draft(Category(name)))
        self.draft.category = _amended(self.draft.category, attributes)
        return True

    def open_member(self, tag: str, attributes: Attributes) -> bool:
        if tag != "member":
            self.note("unknown-element", tag)
            return False
        if "name" not in attributes:
            if not self.limit.nameless:
                self.note("nameless-member")
                return False
            attributes["name"] = menu_cache.NAMELESS
        self.attributes, self.values, self.references = attributes, {}, []
        return True

    def open_child(self, tag: str, attributes: Attributes) -> bool:
        if tag in _REFERENCES or tag in _TEXTS:
            self.child, self.text = (tag, attributes), []
            # Set only here: most of a tree's text is the blanks between its elements.
            self.parser.CharacterDataHandler = self.text.append
            return True
        if tag not in _IGNORED:
            self.note("unknown-tag", tag)
        return False

    def close_child(self) -> None:
        text = "".join(self.text)
        self.parser.CharacterDataHandler = None
        tag, attributes = self.child
        # An empty element has no effect, even with a name attribute; of several others the last one counts.
        if not text:
            return
        if tag in _TEXTS:
            self.values[_TEXTS[tag]] = text
            return
        name = attributes.get("name") or text
        title = text if name != text else ""
        self.references.append(Reference(_REFERENCES[tag], name, is_yes(attributes.get("autoselect")), title))

    def close_member(self) -> None:
        if self.draft is None:
            return
        attribute, text = self.attributes.get, self.values.get
        # Positional arguments take half the time of named ones; this is a tenth of a run.
        self.draft.members.append(
            [
                attribute("name"),
                self.draft.category.name,
                0,
                attribute("displayname", ""),
                text("support_level"),
                text("default"),
                tuple(self.references),
                text("replacement"),
                text("deprecated_in"),
                text("removed_in"),
                is_yes(attribute("explicitly_enabled_only")),
                attribute("remove_on_change"),
                attribute("touch_on_change"),
                # As the category is declared so far; a later repetition may change positive_output.
                not self.draft.category.positive,
            ]
        )

    def close_nothing(self) -> None:
        pass

    def menu(self) -> Menu:
        number = count()
        categories = []
        for draft in self.drafts.values():
            draft.members.sort(key=_rank)
            for values in draft.members:
                values[_INDEX] = next(number)
            members = tuple(Member(*values) for values in draft.members)
            categories.append(replace(draft.category, members=members))
        return Menu(self.menu_name, tuple(categories))


_OPENERS: tuple[Callable[[_TreeReader, str, Attributes], bool], ...] = (
    _TreeReader.open_menu,
    _TreeReader.open_category,
    _TreeReader.open_member,
    _TreeReader.open_child,
)
_CLOSERS: tuple[Callable[[_TreeReader], None], ...] = (
    _TreeReader.close_nothing,
    _TreeReader.close_nothing,
    _TreeReader.close_member,
    _TreeReader.close_child,
)


_INDEX = Member.__match_args__.index("index")
_LEVEL = Member.__match_args__.index("support_level")


def _rank(values: list[Any]) -> int:
    return LEVELS.index(level_of(values[_LEVEL]))


def _amended(category: Category, attributes: Attributes) -> Category:
    changes: dict[str, object] = {
        key: attributes[key] for key in ("displayname", "remove_on_change", "touch_on_change") if key in attributes
    }
    if "positive_output" in attributes:
        changes["positive"] = is_yes(attributes["positive_output"])
    if "exclusive" in attributes:
        changes["exclusive"] = is_yes(attributes["exclusive"])
    return replace(category, **changes) if changes else category  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Tree:
    """A menu, and notes on the input that was ignored."""

    menu: Menu
    notes: tuple[Note, ...] = ()


def loads(text: str | bytes, limit: Limits = buffer_limits.NONE, file: str = MENU) -> Tree:
    """Read a menu from XML.

    Raises:
        AsterismError: the text is not well-formed XML, or its root is not ``menu``; code ``bad-tree``, status 255.
    """
    from xml.parsers import expat  # 2 ms, needed only to read trees

    data = text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text
    parser = expat.ParserCreate()
    parser.buffer_text = True
    reader = _TreeReader(file, limit, parser)
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise _malformed(expat.ErrorString(error.code), error.lineno, error.offset, data, file) from None
    except (LookupError, UnicodeError, ValueError) as error:
        raise _malformed(str(error), 1, 0, data, file) from None
    if reader.root != "menu":
        fault = Fault(f"the root element is '{reader.root}', not 'menu'", Place(file), cure=_CURE, code="wrong-root")
        raise AsterismError(fault, status=255)
    return Tree(reader.menu(), tuple(reader.notes))


_CURE = "write it again: 'make menuselect-tree', or 'asterism tree'"


def _malformed(why: str, line: int, column: int, data: bytes, file: str) -> AsterismError:
    rows = data.split(b"\n")
    text = rows[line - 1].decode("utf-8", "replace") if 0 < line <= len(rows) else ""
    # A line of a minified tree would fill the screen.
    place = Place(file, line, column + 1, text if len(text) <= 200 else "")
    return AsterismError(Fault("this is not well-formed XML", place, why, _CURE, "bad-tree"), status=255)


def load(path: str = MENU, limit: Limits = buffer_limits.NONE) -> Tree:
    """Read a menu from a file.

    Raises:
        AsterismError: as :func:`loads`, or the file cannot be read; code ``no-tree``, status 255.
    """
    try:
        data = files.read_bytes(path)
    except AsterismError as error:
        fault = error.faults[0]
        cure = "run this where menuselect-tree is, or write it: 'make menuselect-tree', or 'asterism tree'"
        raise AsterismError(
            Fault("the list of modules is missing", fault.place, fault.why, cure, "no-tree"), status=255
        ) from error
    kept = menu_cache.load(path, data)
    if kept:
        return Tree(kept)
    tree = loads(data, limit, path)
    if not tree.notes:
        menu_cache.save(path, data, tree.menu)
    return tree


_TEXT_ESCAPES = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;", ord("\r"): "&#13;"}
_ESCAPES = _TEXT_ESCAPES | {ord('"'): "&quot;", ord("\n"): "&#10;", ord("\t"): "&#9;"}


def dumps(menu: Menu) -> str:
    """Write a menu as XML; reading it back gives the same menu."""
    return "".join(_menu_lines(menu))


def _menu_lines(menu: Menu) -> Iterator[str]:
    yield f'<?xml version="1.0"?>\n\n<menu{_attributes(name=menu.name)}>\n'
    for category in menu.categories:
        yield from _category_lines(category)
    yield "</menu>\n"


def _category_lines(category: Category) -> Iterator[str]:
    more = _attributes(
        displayname=category.displayname or None,
        positive_output="yes" if category.positive else None,
        exclusive="yes" if category.exclusive else None,
        remove_on_change=category.remove_on_change,
        touch_on_change=category.touch_on_change,
    )
    yield f"<category{_attributes(name=category.name)}{more}>\n"
    for member in category.members:
        yield from _member_lines(member)
    yield "</category>\n"


def _member_lines(member: Member) -> Iterator[str]:
    attributes = _attributes(
        name=member.name,
        displayname=member.displayname or None,
        explicitly_enabled_only="yes" if member.explicit_only else None,
        remove_on_change=member.remove_on_change,
        touch_on_change=member.touch_on_change,
    )
    yield f"<member{attributes}>\n"
    for reference in member.references:
        yield _reference_line(reference)
    for tag, field_name in _TEXTS.items():
        text: str | None = getattr(member, field_name)
        if text:
            yield f"\t<{tag}>{text.translate(_TEXT_ESCAPES)}</{tag}>\n"
    yield "</member>\n"


def _reference_line(reference: Reference) -> str:
    attributes = _attributes(
        name=reference.name if reference.displayname else None, autoselect="yes" if reference.autoselect else None
    )
    return f"\t<{reference.kind}{attributes}>{reference.title.translate(_TEXT_ESCAPES)}</{reference.kind}>\n"


def _attributes(**attributes: str | None) -> str:
    return "".join(f' {key}="{text.translate(_ESCAPES)}"' for key, text in attributes.items() if text is not None)
