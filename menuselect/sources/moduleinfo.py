"""Parse MODULEINFO blocks like a compiler, with a place for every fault.

The module reports faults to the author of a block, and serves tools that need the data of one source.
:mod:`menuselect.sources.scan`, which writes menuselect-tree, does not use it.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, cast

from asterism.errors import Collector, Fault, Place
from asterism.names import did_you_mean
from asterism.values import dataclass
from asterism.words import either
from menuselect.model.menu import HEADINGS, Kind, Reference, fold, is_yes
from menuselect.sources import source_facts

if TYPE_CHECKING:
    from lark import Lark, Token, Tree
    from lark.exceptions import UnexpectedInput

REFERENCES: dict[str, Kind] = {"depend": "depend", "use": "use", "conflict": "conflict"}
"""Tags that may be repeated."""
SINGLE = ("support_level", "defaultenabled", "replacement", "deprecated_in", "removed_in", "member_data")
"""Tags that may occur once."""
TAGS = (*REFERENCES, *SINGLE)
ATTRIBUTES = {
    "depend": ("name", "type"),
    "use": ("name", "type", "autoselect"),
    "conflict": ("name", "type"),
}
"""The attributes of each tag; other tags have none."""
VALUES = {"type": ("module", "external", "optional_module"), "autoselect": ("yes", "no")}


@dataclass(frozen=True, slots=True)
class Element:
    """An element of a block."""

    tag: str
    text: str
    """The text of the element, without surrounding blanks."""
    attributes: tuple[tuple[str, str], ...]
    place: Place
    """The place of the tag."""
    text_place: Place

    def attribute(self, name: str) -> str:
        """The value of an attribute, or an empty string."""
        return dict(self.attributes).get(name, "")


@dataclass(frozen=True, slots=True)
class Block:
    """A MODULEINFO block of a source."""

    place: Place
    elements: tuple[Element, ...]

    def text(self, tag: str) -> str:
        """The text of the first element of a tag, or an empty string."""
        return next((element.text for element in self.elements if element.tag == tag), "")

    def references(self) -> tuple[Reference, ...]:
        """The dependencies, uses and conflicts of the module."""
        return tuple(_reference(element) for element in self.elements if element.tag in REFERENCES and element.text)


def _reference(element: Element) -> Reference:
    name = element.attribute("name") or element.text
    title = element.text if element.text != name else ""
    return Reference(REFERENCES[element.tag], name, is_yes(element.attribute("autoselect")), title)


@dataclass(frozen=True, slots=True)
class SourceBlocks:
    """The blocks of a source, and their faults."""

    file: str
    blocks: tuple[Block, ...]
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Mistake:
    """A common mistake: its texts, and examples by which the parser recognizes it."""

    code: str
    what: str
    cure: str
    examples: tuple[str, ...]
    """Blocks with this mistake, in the first element and after another element: the parser distinguishes them."""


def _examples(*bodies: str, end: str = "\n***/") -> tuple[str, ...]:
    whole = "<depend>a</depend>\n"
    return tuple(f"/*** MODULEINFO\n{before}{body}{end}" for body in bodies for before in ("", whole))


MISTAKES = (
    Mistake(
        "unclosed-block",
        "the block is not closed",
        "end it with ***/ on a line of its own",
        _examples("", "<depend>a</depend>", end="")
        + _examples("\nint x;", "*/\nint load(void)", "<depend>a</depend>\n*/\nint x;", end=""),
    ),
    Mistake(
        "not-a-tag",
        "this is not a tag",
        "a tag begins with a letter: <depend>",
        _examples("<", "<>a</>", "< depend>a</depend>", "<!-- a", "<1>a</1>", "<?x?>"),
    ),
    Mistake(
        "unclosed-tag",
        "a tag is not closed",
        "end it with </tag>, or remove it",
        _examples("<depend>a", "<depend>a\n<use>b</use>", "<depend><use>b</use>", "<depend>a<", "<depend>")
        + _examples("<depend>a", "<depend>", end=""),
    ),
    Mistake(
        "unfinished-tag",
        "a tag has no '>'",
        "write <tag>text</tag>",
        _examples(
            "<depend", "<depend a</depend>", "<depend\n<use>b</use>", '<depend name="x"', '<use name="x"\n<use>b</use>'
        )
        + _examples("<depend", end=""),
    ),
    Mistake(
        "bad-attribute",
        'an attribute is not written name="value"',
        'put its value in quotes: type="module"',
        _examples("<depend type=module>a</depend>", "<depend type>a</depend>", '<depend type="module>a</depend>')
        + _examples('<depend "module">a</depend>', "<depend =module>a</depend>", '<depend type "module">a</depend>'),
    ),
    Mistake(
        "closing-without-opening",
        "a closing tag without its opening one",
        "remove it, or write the opening tag before it",
        _examples("</depend>", "a</depend>", "</depend>b"),
    ),
    Mistake(
        "text-outside",
        "text outside a tag",
        "put it in a tag, or in a comment outside the block",
        _examples("curl", "depend>a</depend>", "curl\n<use>b</use>", "=", ">", '"a"', "-", "* curl"),
    ),
)
"""The mistakes that the grammar refuses, in the order of recognition; the tests use this table, too."""


_OPENING = re.compile(r"/\*\*\* +MODULEINFO")
_CLOSING = "***/"


@functools.cache
def _parser() -> Lark:
    from importlib import resources  # with the grammar alone

    from lark import Lark  # 40 ms, needed only to read blocks

    grammar = resources.files(__package__).joinpath("moduleinfo.lark").read_text("utf-8")
    return Lark(grammar, parser="lalr", start="block", propagate_positions=True, maybe_placeholders=False)


def read(text: str, file: str) -> SourceBlocks:
    """Read every block of a source; never fails: the result holds the faults.

    Args:
        text: the whole source, C, C++ or Python.
        file: its name, for the faults.
    """
    faults = Collector()
    spans = list(_spans(text))
    if not spans:
        faults.add(_no_block(text, file))
    blocks = [block for start, end in spans if (block := _block(text, start, end, file, faults))]
    if len(spans) > 1:
        what = "a second MODULEINFO block; both are read as one"
        faults.add(
            Fault(what, _place(text, spans[1][0], file), cure="merge them", code="second-block", severity="warning")
        )
    elements = [element for block in blocks for element in block.elements]
    faults.extend(_meaning(elements))
    if blocks and not any(element.tag == "support_level" for element in elements):
        faults.add(_no_level(elements[0].place if elements else blocks[0].place))
    return SourceBlocks(file, tuple(blocks), tuple(faults))


def _no_block(text: str, file: str) -> Fault:
    near = re.search(r"/\*+[ \t]*MODULE_?INFO\b", text, re.IGNORECASE)
    if near:
        why, cure = "a block begins with '/*** MODULEINFO'", "write '/*** MODULEINFO' there"
        return Fault("the MODULEINFO block is missing", _place(text, near.start(), file), why, cure, "no-block")
    shown = "\n    ".join(block_for(text).splitlines())
    return Fault(
        "the MODULEINFO block is missing",
        Place(file, 1),
        "menuselect lists the module as unspecified, and knows nothing that it needs",
        f"'asterism check --fix' writes it, or begin the file with:\n    {shown}",
        "no-block",
        "warning",
    )


def block_for(text: str) -> str:
    """A MODULEINFO block for a source without one: its support level, and the modules that it says it requires."""
    said = source_facts.read(text)
    lines = [f"\t<depend>{name}</depend>" for name in said.requires if "_" in name]  # not 'cdr', built in
    lines.append(f"\t<support_level>{said.level or 'extended'}</support_level>")
    return "\n".join(["/*** MODULEINFO", *lines, " ***/"]) + "\n"


def is_in_block(text: str, at: int) -> bool:
    """Whether a position of a source is inside a MODULEINFO block; a block that is not closed counts, too."""
    return any(start <= at <= end for start, end in _spans(text))


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """The start and the end of each block; an unclosed block ends with the text at the latest."""
    at = 0
    while match := _OPENING.search(text, at):
        closing = text.find(_CLOSING, match.end())
        following = _OPENING.search(text, match.end())
        if closing < 0 or (following and following.start() < closing):
            # The block is not closed: read to the end of the comment, the next block or the end of the text.
            ends = [end for end in (text.find("*/", match.end()), following.start() if following else -1) if end >= 0]
            at = min(ends, default=len(text))
        else:
            at = closing + len(_CLOSING)
        yield match.start(), at


def _block(text: str, start: int, end: int, file: str, faults: Collector) -> Block | None:
    beside = _beside_opening(text, start, end)
    if beside is not None:
        faults.add(_opening_fault(_place(text, beside, file)))
        if "\n" not in text[start:end]:
            return None
    elements = _plain_elements(text, start, end, file)
    if elements is not None:
        return Block(_place(text, start, file), elements)
    from lark import TextSlice  # 0.1 s with the grammar: blocks of plain elements, which are most, need neither
    from lark.exceptions import UnexpectedInput

    try:
        tree = _parser().parse(TextSlice(text, start, end))
    except UnexpectedInput as error:
        faults.add(_syntax_fault(text, start, end, file, error))
        return None
    nodes = cast("list[Tree[Token]]", tree.children[1:-1])
    for node in nodes:
        faults.extend(_mismatch(node, text, file))
    return Block(_place(text, start, file), tuple(_element(node, text, file) for node in nodes))


_PLAIN_ELEMENT = re.compile(
    r'\s*(?P<all><(?P<tag>[A-Za-z_][\w.-]*)(?P<attributes>(?:[ \t]+[A-Za-z_][\w.-]*="[^"<\n]*")*)>'
    r"(?P<blanks>\s*)(?P<text>[^<*\s][^<*]*)</(?P=tag)>)"
)
_PLAIN_ATTRIBUTE = re.compile(r'([\w.-]+)="([^"]*)"')


def _plain_elements(text: str, start: int, end: int, file: str) -> tuple[Element, ...] | None:
    """The elements of a block of plain lines, as the grammar reads them; None when the grammar has to read it.

    Plain elements have a text, their own closing tag and different attributes; nothing else is between them.
    """
    at, elements = text.find("\n", start, end), []
    if at < 0 or not text.endswith(_CLOSING, start, end):
        return None
    while match := _PLAIN_ELEMENT.match(text, at, end):
        attributes = tuple(_PLAIN_ATTRIBUTE.findall(match["attributes"]))
        if match["tag"] == "member_data" or len(dict(attributes)) != len(attributes):
            return None
        places = (_place(text, match.start(group), file) for group in ("all", "text"))
        elements.append(Element(match["tag"], match["text"].strip(), attributes, *places))
        at = match.end()
    return tuple(elements) if elements and not text[at : end - len(_CLOSING)].strip() else None


def _beside_opening(text: str, start: int, end: int) -> int | None:
    """The position of text in the first line of a block, which ``get_moduleinfo`` drops; None without such text."""
    opening = _OPENING.match(text, start)
    line_end = text.find("\n", start, end)
    rest = text[opening.end() : line_end if line_end >= 0 else end] if opening else ""
    return start + len(opening[0]) + len(rest) - len(rest.lstrip()) if opening and rest.strip() else None


def _opening_fault(place: Place) -> Fault:
    return Fault(
        "the first line of a block holds only '/*** MODULEINFO'",
        place,
        cure="write each tag, and the ***/ at the end, on a line below it",
        code="beside-opening",
    )


def _syntax_fault(text: str, start: int, end: int, file: str, error: UnexpectedInput) -> Fault:
    closed = text.endswith(_CLOSING, start, end)
    possible = [mistake for mistake in MISTAKES if not closed or mistake.code != "unclosed-block"]
    examples = {mistake.code: mistake.examples for mistake in possible}
    code = error.match_examples(_parser().parse, examples, use_accepts=True)
    mistake = next((mistake for mistake in possible if mistake.code == code), possible[-1])
    at = error.pos_in_stream if error.pos_in_stream is not None and error.pos_in_stream >= 0 else end
    if mistake.code in _FOUND_AT:
        at = _FOUND_AT[mistake.code](text, start, at)
    name = re.match(r"<([\w.-]+)", text[at : at + 80])
    what, cure = mistake.what, mistake.cure
    if name:
        what = what.replace("a tag", f"<{name[1]}>", 1)
        cure = cure.replace("tag>", f"{name[1]}>")
    return Fault(what, _place(text, at, file), cure=cure, code=mistake.code)


def _last_tag(text: str, start: int, at: int) -> int:
    """The start of the last open tag."""
    opened = [match.start() for match in re.finditer(r"<[A-Za-z_]", text[start:at])]
    return start + opened[-1] if opened else at


_FOUND_AT: dict[str, Callable[[str, int, int], int]] = {
    "unclosed-tag": _last_tag,
    "unfinished-tag": _last_tag,
    "unclosed-block": lambda _text, start, _at: start,
}
"""The position of a mistake, if it differs from the position of the parser."""

NOT_XML = frozenset({mistake.code for mistake in MISTAKES} | {"wrong-closing-tag", "duplicate-attribute"})
"""Codes of faults that make menuselect-tree unreadable."""


def _element(node: Tree[Token], text: str, file: str) -> Element:
    tag = cast("Token", node.children[0])
    if node.data == "data":
        return _data_element(tag, text, file)
    attributes = []
    content, content_at = "", tag.start_pos or 0
    for child in cast("list[Tree[Token]]", [part for part in node.children[1:] if hasattr(part, "data")]):
        tokens = cast("list[Token]", child.children)
        if child.data == "attribute":
            attributes.append((str(tokens[0]), str(tokens[2])[1:-1]))
        elif tokens:
            written = str(tokens[0])
            content = written.strip()
            content_at = (tokens[0].start_pos or 0) + len(written) - len(written.lstrip())
    place = _place(text, tag.start_pos or 0, file)
    return Element(str(tag)[1:], content, tuple(attributes), place, _place(text, content_at, file))


def _data_element(token: Token, text: str, file: str) -> Element:
    """A ``<member_data>`` element, whose content is not parsed."""
    at = token.start_pos or 0
    content = str(token)[token.index(">") + 1 : token.rindex("<")]
    begins = at + token.index(">") + 1 + len(content) - len(content.lstrip())
    return Element("member_data", content.strip(), (), _place(text, at, file), _place(text, begins, file))


def _mismatch(node: Tree[Token], text: str, file: str) -> Iterator[Fault]:
    """The fault of an element whose closing tag has another name."""
    if node.data != "element":
        return
    opening, closing = str(node.children[0])[1:], cast("Token", node.children[-1])
    name = str(closing)[2:-1].strip()
    if name != opening:
        what = f"<{opening}> is closed by </{name}>"
        at = closing.start_pos or 0
        yield Fault(what, _place(text, at, file), cure=f"write </{opening}>", code="wrong-closing-tag")


def _meaning(elements: list[Element]) -> Iterator[Fault]:
    """Faults of elements that are well-formed and invalid."""
    seen: dict[tuple[str, str], Element] = {}
    for element in elements:
        if element.tag not in TAGS:
            cure = did_you_mean(element.tag, TAGS) or f"tags are {either(TAGS)}"
            yield Fault(f"unknown tag <{element.tag}>", element.place, cure=cure, code="unknown-tag")
            continue
        yield from _attributes(element)
        yield from _content(element)
        key = (element.tag, fold(element.attribute("name") or element.text) if element.tag in REFERENCES else "")
        if key in seen:
            yield _duplicate(element, seen[key])
        seen.setdefault(key, element)


def _no_level(place: Place) -> Fault:
    return Fault(
        "<support_level> is missing",
        place,
        cure="add <support_level>extended</support_level>; without one a module is listed as unspecified",
        code="no-support-level",
        severity="warning",
    )


def _duplicate(element: Element, first: Element) -> Fault:
    if element.tag in REFERENCES:
        what = f"<{element.tag}> names '{element.text}' again"
    else:
        what = f"<{element.tag}> is repeated"
    return Fault(what, element.place, f"the first is on line {first.place.line}", "keep one of them", "duplicate")


def _attributes(element: Element) -> Iterator[Fault]:
    known = ATTRIBUTES.get(element.tag, ())
    names = [name for name, _ in element.attributes]
    for at, (name, value) in enumerate(element.attributes):
        if name not in known:
            cure = did_you_mean(name, known) or (f"it can have {either(known)}" if known else "remove it")
            yield Fault(
                f"<{element.tag}> has no attribute '{name}'", element.place, cure=cure, code="unknown-attribute"
            )
        elif name in VALUES and value not in VALUES[name]:
            what = f"'{value}' is not a value of {name}"
            yield Fault(what, element.place, cure=f"write {either(VALUES[name])}", code="bad-attribute-value")
        if name in names[:at]:
            yield Fault(
                f"<{element.tag}> has '{name}' twice", element.place, cure="keep one", code="duplicate-attribute"
            )


def _content(element: Element) -> Iterator[Fault]:
    if not element.text and element.tag != "member_data":
        yield Fault(f"<{element.tag}> is empty", element.place, cure="write its value, or remove it", code="empty-tag")
    elif element.tag == "support_level" and fold(element.text) not in HEADINGS:
        levels = [level for level in HEADINGS if level != "unspecified"]
        cure = did_you_mean(element.text, levels) or f"levels are {either(levels)}"
        yield Fault(f"unknown support level '{element.text}'", element.text_place, cure=cure, code="unknown-level")
    elif element.tag == "defaultenabled" and fold(element.text) not in ("yes", "no"):
        what = f"'{element.text}' is neither yes nor no"
        yield Fault(what, element.text_place, cure="write yes or no", code="bad-default")
    elif element.tag in REFERENCES and re.search(r"[\s,|&]", element.attribute("name") or element.text):
        what = f"'{element.text}' is not one name"
        cure = f"write one <{element.tag}> for each name"
        yield Fault(what, element.text_place, cure=cure, code="many-names")


def _place(text: str, at: int, file: str) -> Place:
    start = text.rfind("\n", 0, at) + 1
    end = text.find("\n", at)
    return Place(file, text.count("\n", 0, at) + 1, at - start + 1, text[start : end if end >= 0 else len(text)])
