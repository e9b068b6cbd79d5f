"""Find all faults in the MODULEINFO blocks of a tree.

:mod:`menuselect.sources.moduleinfo` reads each block; this module compares the blocks: names that nothing
provides, dependency cycles, duplicates, replacements that do not exist.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path

from asterism import files
from asterism.branches import known_names
from asterism.branches.known_names import BRANCHES
from asterism.errors import AsterismError, Collector, Fault, Place
from asterism.names import akin, suggestion
from asterism.tree import DEPS, SETTINGS, Kind
from asterism.values import dataclass, field, replace
from menuselect.choice import cycles
from menuselect.choice.references import link
from menuselect.model import deps, known_libraries, removed_names, tree_file
from menuselect.model.deps import Deps, State
from menuselect.model.menu import LOCAL, Category, Member, Menu, Reference, fold
from menuselect.reasons import code_check
from menuselect.sources import module_directories, moduleinfo, recognition, scan, settings, source_text
from menuselect.sources.module_files import PassedOver
from menuselect.sources.moduleinfo import SourceBlocks

FRAGMENTS = "*/*.xml"
"""The files of a tree with categories and members that have no source file."""

_MEMBERS = re.compile(rb'^<member name="([^"]*)".*?(?=^[ \t]*<(?:member |/category>))', re.MULTILINE | re.DOTALL)
"""A member of a menuselect-tree with all its lines."""
_MEMBER = re.compile(rb'<member\s[^>]*?name="([^"]*)"[^>]*>(\s*</member>)?')
_BLOCK = re.compile(rb"/\*+[ \t]*MODULE_?INFO\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Named:
    """A reference or a replacement, and where it is written."""

    reference: Reference
    place: Place


@dataclass(frozen=True, slots=True)
class Record:
    """The MODULEINFO data of a module or option."""

    name: str
    place: Place
    references: tuple[Named, ...] = ()
    replacement: Named | None = None
    is_member: bool = True
    """False for a source that is part of another module: only its references count."""


@dataclass(frozen=True, slots=True)
class Report:
    """The result of a check."""

    faults: tuple[Fault, ...]
    """The faults, sorted by file and line."""
    files: tuple[str, ...] = ()
    """The files that were read, with the path of the tree as the user gave it."""
    passed_over: tuple[PassedOver, ...] = ()
    """What resembles a module source and is none, with paths as in ``files``."""


@dataclass(slots=True)
class _Reading:
    """The data that is collected while the files are read."""

    root: Path
    provided: Mapping[str, bool]
    """Every member of the resulting menuselect-tree, and whether the member has elements."""
    faults: Collector = field(default_factory=Collector)
    records: list[Record] = field(default_factory=list)
    read: list[str] = field(default_factory=list)

    def shown(self, path: str) -> str:
        """The path as the user gave the tree."""
        return os.path.normpath(self.root / path)


def check(root: str | os.PathLike[str], target: str = "") -> Report:
    """Check a tree.

    Args:
        root: the tree.
        target: the source tree of an Asterisk that the modules are for; its modules and libraries count as provided.

    Raises:
        AsterismError: one of the trees has no modules.
    """
    sources = module_directories.sources(root)
    # Sources without a block are ignored in the further directories of asterism.toml.
    own = {source.directory for source in sources if not source.category.startswith(LOCAL)}
    text = scan.tree_bytes(root, dev_mode=True)
    reading = _Reading(Path(root), _provided(text))
    listed = {source.path: source.name for source in sources}
    for path in [*listed, *_parts(reading.root, own | {"main"}, listed)]:
        _read_source(reading, path, listed.get(path))
    for fragment in sorted(reading.root.glob(FRAGMENTS)):
        _read_fragment(reading, fragment)
    is_open = not target and recognition.at(root).kind is Kind.MODULES
    theirs = _provided(scan.tree_bytes(target, dev_mode=True)) if target else {}
    provided = {**reading.provided, **theirs}
    linked = _linked(reading.root) if is_open else ()
    known = _Known(reading.records, provided, _deps(target or root), is_open=is_open, linked=linked)
    for judge in _JUDGES:
        reading.faults.extend(judge(reading.records, known))
    reading.faults.extend(_unreadable(reading, text, {source.name: source.path for source in reversed(sources)}))
    ordered = sorted(reading.faults, key=lambda fault: _order(fault.place))
    passed = (replace(each, path=reading.shown(each.path)) for each in recognition.passed_over(reading.root))
    return Report(tuple(dict.fromkeys(ordered)), tuple(reading.read), tuple(passed))


def _linked(root: Path) -> Collection[str]:
    """The modules for which asterism.toml names libraries, which the build takes instead of names it does not know."""
    tables = settings.load(root).modules
    return {name for name, extras in tables.items() if extras.packages or extras.libs}


def _order(place: Place | None) -> tuple[str, int, int]:
    return (place.file, place.line, place.column) if place else ("", 0, 0)


def _unreadable(reading: _Reading, text: bytes, paths: Mapping[str, str]) -> Iterator[Fault]:
    """Faults outside the blocks that make menuselect-tree unreadable: a description that is not UTF-8, an ``&``."""
    malformed = {fault.place.file for fault in reading.faults if fault.place and fault.code in moduleinfo.NOT_XML}
    for match in _MEMBERS.finditer(text):
        path = paths.get(match[1].decode("utf-8", "replace"))
        if path is None:
            continue  # a member of a fragment, which is read separately
        title, _, block = match[0].partition(b"\n")
        yield from _not_xml(title + b"</member>", reading, path, _INFO)
        if reading.shown(path) not in malformed:
            yield from _not_xml(b"<member>\n" + block, reading, path)


_INFO = "AST_MODULE_INFO"
"""The macro that holds the description of a C module."""


def _not_xml(member: bytes, reading: _Reading, path: str, needle: str = "") -> Iterator[Fault]:
    """The fault of a part of a member that is not XML, placed at a needle in the source, else at the part's line."""
    try:
        tree_file.loads(b'<menu><category name="">' + member + b"</category></menu>")
    except AsterismError as error:
        fault = error.faults[0]
        line = member.split(b"\n")[fault.place.line - 1] if fault.place else b""
        needle = needle or line.decode("utf-8", "surrogateescape")
        what = "the description" if needle == _INFO else "this line"
        cure = "write UTF-8 without control characters, &amp; for & and &lt; for <"
        place = _place_in(reading.root / path, needle, reading.shown(path))
        yield Fault(f"{what} makes menuselect-tree unreadable", place, fault.why, cure, "unreadable-tree")


def _place_in(path: Path, needle: str, shown: str) -> Place:
    try:
        return _place_of(files.read_text(path), needle, shown)
    except AsterismError:
        return Place(shown)


def _parts(root: Path, directories: Iterable[str], listed: Mapping[str, str]) -> Iterator[str]:
    """Sources that are not modules but have a block."""
    for directory in sorted(directories):
        for path in sorted((root / directory).rglob("*.c*")):
            relative = path.relative_to(root).as_posix()
            if path.suffix in (source_text.C, source_text.CXX) and relative not in listed and _has_block(path):
                yield relative


def _has_block(path: Path) -> bool:
    try:
        return _BLOCK.search(files.read_bytes(path)) is not None
    except AsterismError:
        return False


def _read_source(reading: _Reading, path: str, name: str | None) -> None:
    try:
        text = files.read_text(reading.root / path)
    except AsterismError as error:
        reading.faults.extend(error.faults)
        return
    reading.read.append(reading.shown(path))
    source = moduleinfo.read(text, reading.shown(path))
    made_elsewhere = name is not None and not source.blocks and reading.provided.get(name)
    # Asterisk's Makefiles generate the blocks of some modules.
    reading.faults.extend(fault for fault in source.faults if not (made_elsewhere and fault.code == "no-block"))
    if not path.endswith(source_text.PYTHON):
        reading.faults.extend(code_check.faults(text, reading.shown(path), source.blocks, is_module=name is not None))
    reading.records.append(_record(source, name or Path(path).stem, is_member=name is not None))


def _record(source: SourceBlocks, name: str, *, is_member: bool) -> Record:
    elements = [element for block in source.blocks for element in block.elements]
    references = [
        Named(reference, element.text_place)
        for element in elements
        for reference in moduleinfo.Block(element.place, (element,)).references()
    ]
    replaced = next((element for element in elements if element.tag == "replacement" and element.text), None)
    place = source.blocks[0].place if source.blocks else Place(source.file, 1)
    replacement = Named(Reference("use", replaced.text), replaced.text_place) if replaced else None
    return Record(name, place, tuple(references), replacement, is_member)


def check_text(text: str, file: str, names: Iterable[str], found: Deps, *, is_open: bool) -> list[Fault]:
    """The faults of the text of one source, as in an editor, before it is saved.

    Args:
        text: the source.
        file: its path, for the faults.
        names: the members of the tree.
        found: the libraries that configure looked for.
        is_open: whether the module is for another tree, so that what Asterisk has elsewhere counts.
    """
    source = moduleinfo.read(text, file)
    record = _record(source, Path(file).stem, is_member=True)
    code = [] if file.endswith(source_text.PYTHON) else code_check.faults(text, file, source.blocks, is_module=True)
    known = _Known([record], names, found, is_open=is_open)
    return [*source.faults, *code, *(fault for judge in _OF_ONE for fault in judge([record], known))]


def _read_fragment(reading: _Reading, path: Path) -> None:
    """Read the members of an XML fragment; other XML files are ignored."""
    shown = reading.shown(path.relative_to(reading.root).as_posix())
    try:
        data = files.read_bytes(path)
        if b"<category" not in data and b"<member" not in data:
            return
        reading.read.append(shown)
        # A fragment of a category holds members only; the menu around it preserves the line numbers.
        opening, closing = (
            (b"<menu>", b"</menu>") if b"<category" in data else (b'<menu><category name="">', b"</category></menu>")
        )
        read = tree_file.loads(opening + data + closing, file=shown)
    except AsterismError as error:
        reading.faults.extend(error.faults)
        return
    reading.faults.extend(note.fault() for note in read.notes)
    text = data.decode("utf-8", "surrogateescape")
    for member in read.menu.members:
        place = _place_of(text, f'name="{member.name}"', shown)
        named = (Named(each, place) for each in member.references)
        replaced = Named(Reference("use", member.replacement), place) if member.replacement else None
        reading.records.append(Record(member.name, place, tuple(named), replaced))


def _place_of(text: str, needle: str, file: str) -> Place:
    at = text.find(needle)
    if at < 0:
        return Place(file)
    start = text.rfind("\n", 0, at) + 1
    return Place(file, text.count("\n", 0, at) + 1, at - start + 1, text[start:].partition("\n")[0])


def _provided(text: bytes) -> dict[str, bool]:
    return {name.decode("utf-8", "replace"): not empty for name, empty in _MEMBER.findall(text)}


def _deps(root: str | os.PathLike[str]) -> Deps:
    try:
        return deps.load(os.fspath(Path(root) / DEPS))
    except AsterismError:
        return deps.UNKNOWN


class _Known:
    """The names that a reference can have."""

    def __init__(
        self,
        records: Iterable[Record],
        provided: Iterable[str],
        found: Deps,
        *,
        is_open: bool,
        linked: Collection[str] = (),
    ) -> None:
        self.deps = found
        self.linked = linked
        """The modules whose libraries asterism.toml names."""
        self.is_open = is_open
        """Whether the modules are for another tree than this one, so that names of other trees count as known."""
        self.members = {fold(record.name): record for record in records if record.is_member}
        self.names = {fold(name): name for name in provided} | {key: each.name for key, each in self.members.items()}

    def has(self, name: str) -> bool:
        """Whether a member or a library provides the name."""
        return fold(name) in self.names or self.deps.find(name) is not None or known_libraries.find(name) is not None

    def why(self, name: str) -> str:
        """A sentence on the branches of Asterisk that have a name which this tree lacks; empty when none has it."""
        span = known_names.find(name)
        return f"{known_names.words(span)} {'have' if '-' in span else 'has'} it, this tree has not" if span else ""

    def near(self, name: str) -> list[str]:
        """Known names that are similar to a name."""
        libraries = (*known_libraries.table(), *(fold(entry.name) for entry in self.deps.entries))
        return akin(name, (*self.names.values(), *libraries))


def _unprovided(records: list[Record], known: _Known) -> Iterator[Fault]:
    for record in records:
        for named in record.references:
            name = named.reference.name
            if re.search(r"[\s,|&]", name):
                continue  # moduleinfo has reported this
            span = "" if known.has(name) else known_names.find(name) if known.is_open else ""
            if span:
                yield from _gone(named, span)
            elif not known.has(name):
                yield from _unknown(named, record, known)
            elif fold(name) not in known.names and known.deps.state(name) is State.UNLISTED:
                what = f"configure of this tree does not look for '{name}'"
                yield Fault(what, named.place, code="unlisted-dependency", severity="warning")


def _unknown(named: Named, record: Record, known: _Known) -> Iterator[Fault]:
    """The fault of a name that nothing provides; in a repository, a warning unless it is a misspelling."""
    name = named.reference.name
    near = [each for each in known.near(name) if each != record.name]
    if known.is_open and not near:
        if named.reference.kind != "conflict" and record.name not in known.linked:
            what = f"'{name}' is neither a module of Asterisk nor a library that is known here"
            cure = f"if it is a library, write its packages or libs below [modules.{record.name}] in {SETTINGS}"
            yield Fault(what, named.place, "", cure, "unknown-dependency", "warning")
        return
    cure = suggestion(near) or "name a module, or a library configure looks for"
    yield Fault(f"nothing provides '{name}'", named.place, known.why(name), cure, "unknown-dependency")


def _gone(named: Named, span: str) -> Iterator[Fault]:
    """A warning when only older branches of Asterisk have a needed name."""
    if not span.endswith(BRANCHES[-1]) and named.reference.kind == "depend":
        what = f"'{named.reference.name}' is gone from newer branches of Asterisk"
        why = f"{known_names.words(span)} {'have' if '-' in span else 'has'} it"
        yield Fault(what, named.place, why, code="gone-dependency", severity="warning")


def _contradictory(records: list[Record], _known: _Known) -> Iterator[Fault]:
    for record in records:
        kinds: dict[str, str] = {}
        for named in record.references:
            reference = named.reference
            name = fold(reference.name)
            if name == fold(record.name):
                verb = {"depend": "depends on", "use": "uses", "conflict": "conflicts with"}[reference.kind]
                yield Fault(f"'{record.name}' {verb} itself", named.place, cure="remove it", code="self-reference")
            elif "conflict" in (kinds.get(name), reference.kind) and kinds.get(name, reference.kind) != reference.kind:
                what = f"'{record.name}' wants '{reference.name}' and conflicts with it"
                yield Fault(what, named.place, cure="remove one of the two", code="contradiction")
            kinds.setdefault(name, reference.kind)


def _repeated(records: list[Record], _known: _Known) -> Iterator[Fault]:
    first: dict[str, Record] = {}
    for record in records:
        if not record.is_member:
            continue
        other = first.setdefault(fold(record.name), record)
        if other is not record:
            why = f"the first is {other.place}"
            yield Fault(f"duplicate name '{record.name}'", record.place, why, "rename one of the two", "duplicate-name")


def _unreplaced(records: list[Record], known: _Known) -> Iterator[Fault]:
    for record in records:
        name = record.replacement.reference.name if record.replacement else ""
        if record.replacement and fold(name) not in known.names:
            past = removed_names.find(name)
            near = known.near(name)
            cure = suggestion(near) or "name one module of this tree"
            what = f"the replacement '{name}' does not exist"
            place, why = record.replacement.place, str(past or "")
            yield Fault(what, place, why, cure, "unknown-replacement", severity="warning")


def _circular(_records: list[Record], known: _Known) -> Iterator[Fault]:
    menu = _menu(known.members.values())
    for circle in cycles.find(menu, link(menu, deps.UNKNOWN)):
        if len(circle) > 1:  # a cycle of one member is reported as a self-reference
            what, cure = "modules depend on each other in a circle", "remove one of these dependencies"
            place = _place_of_need(known.members[fold(circle[0].name)], circle[1].name)
            yield Fault(what, place, cycles.path_text(circle), cure, "cycle")


def _menu(records: Iterable[Record]) -> Menu:
    """A menu of one category that holds the records with their dependencies only."""
    members = tuple(
        Member(record.name, "", index, references=tuple(_depends(record))) for index, record in enumerate(records)
    )
    return Menu(categories=(Category("", members=members),))


def _depends(record: Record) -> Iterator[Reference]:
    return (named.reference for named in record.references if named.reference.kind == "depend")


def _place_of_need(record: Record, name: str) -> Place:
    wanted = (named.place for named in record.references if named.reference.kind == "depend")
    names = (fold(each.name) for each in _depends(record))
    return next((place for place, each in zip(wanted, names, strict=True) if each == fold(name)), record.place)


_JUDGES: tuple[Callable[[list[Record], _Known], Iterator[Fault]], ...] = (
    _unprovided,
    _contradictory,
    _repeated,
    _unreplaced,
    _circular,
)

_OF_ONE = (_unprovided, _contradictory, _unreplaced)
"""The judges that need no other source."""
