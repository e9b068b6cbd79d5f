"""Presets: selections in small TOML files, which are merged in order.

::

    title = "A conference bridge"
    inherit = ["portable", "./site.toml"]     # read before this one; names, or paths relative to this file
    only = ["app_confbridge", "res_pjsip*"]   # exactly these modules and what they need
    enable = ["codec_opus"]
    disable = ["level:deprecated"]

All keys are optional.  :mod:`menuselect.model.member_names` explains the words.  If two presets disagree, the later one
counts, and an :class:`Override` records that.  Inside one preset ``enable`` takes precedence over
``disable``, and a name over a pattern or a group.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from asterism import files
from asterism.errors import AsterismError, Collector, Fault, Place
from asterism.names import closest, did_you_mean, suggestion
from asterism.values import dataclass, field
from asterism.words import either
from menuselect.model import toml_places
from menuselect.model.member_names import is_name, pick, unknown
from menuselect.model.menu import Category, Member, Menu

SUFFIX = ".toml"
DIRECTORY = "presets"
"""The directory of presets in a source tree."""

_KEYS = ("title", "inherit", "only", "enable", "disable")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a preset, and its place."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Preset:
    """The contents of a preset file."""

    name: str
    """The file's name without its suffix."""
    file: str = ""
    title: str = ""
    inherit: tuple[Word, ...] = ()
    only: tuple[Word, ...] | None = None
    """The only modules to be on; None when the preset has no such key."""
    enable: tuple[Word, ...] = ()
    disable: tuple[Word, ...] = ()
    faults: tuple[Fault, ...] = ()
    """The faults of the file; :func:`merge` raises them together with those of unknown words."""


@dataclass(frozen=True, slots=True)
class Override:
    """A member on which two presets disagree; the later one counts."""

    member: Member
    on: bool
    """The state that counts."""
    before: Place
    after: Place

    def __str__(self) -> str:
        states = ("on", "off") if self.on else ("off", "on")
        return f"{self.member.name} is {states[0]} because of {self.after}, not {states[1]} as {self.before} says"


@dataclass(frozen=True, slots=True)
class Wanted:
    """The result of merging presets for a menu."""

    on: tuple[Member, ...] = ()
    off: tuple[Member, ...] = ()
    """The members that must be off."""
    rest: tuple[Member, ...] = ()
    """The members that ``only`` leaves out: off, unless a requested member needs them."""
    overrides: tuple[Override, ...] = ()
    places: Mapping[int, Place] = field(default_factory=dict)
    """The place of the word that decided a member's state, by the member's index."""
    optional: frozenset[int] = frozenset()
    """Members that only a pattern or a group requests: they are left out when unavailable."""
    unknown: tuple[Fault, ...] = ()
    """Faults of unknown words, if those are allowed."""


def loads(text: str, file: str = "") -> Preset:
    """Read a preset.

    Raises:
        AsterismError: the text is not valid TOML, or has invalid keys or values; with all faults.
    """
    return _sound(read(text, file))


def _sound(preset: Preset) -> Preset:
    if preset.faults:
        raise AsterismError(*preset.faults)
    return preset


def read(text: str, file: str = "") -> Preset:
    """Read a preset; never fails: the result holds the faults."""
    lines = toml_places.lines_of(text)
    try:
        row = toml_places.parse(text, file, "bad-preset")
    except AsterismError as error:
        return Preset(Path(file).stem, file, faults=error.faults)
    faults = Collector()
    for key in row:
        if key not in _KEYS:
            cure = did_you_mean(key, _KEYS) or f"a preset has {either(_KEYS)}"
            faults.add(
                Fault(f"unknown key '{key}'", toml_places.key_place(lines, key, file), cure=cure, code="unknown-key")
            )
    title = row.get("title", "")
    if not isinstance(title, str):
        faults.add(Fault("'title' is not a string", toml_places.key_place(lines, "title", file), code="bad-preset"))
    found = {key: _words(row, key, lines, file, faults) for key in _KEYS[1:]}
    only = found["only"] if "only" in row else None
    words = (found["inherit"], only, found["enable"], found["disable"])
    return Preset(Path(file).stem, file, str(title), *words, tuple(faults))


def _words(row: Mapping[str, Any], key: str, lines: list[str], file: str, faults: Collector) -> tuple[Word, ...]:
    values = row.get(key, [])
    place = toml_places.key_place(lines, key, file)
    if not isinstance(values, list) or not all(isinstance(value, str) and value for value in values):
        faults.add(
            Fault(f"'{key}' is not a list of names", place, cure=f'write {key} = ["NAME", ...]', code="bad-preset")
        )
        return ()
    return tuple(Word(value, toml_places.word_place(lines, value, place)) for value in values)


def load(path: str | os.PathLike[str]) -> Preset:
    """Read a preset from a file.

    Raises:
        AsterismError: as :func:`loads`, or the file cannot be read.
    """
    return _sound(_read_file(path))


def _read_file(path: str | os.PathLike[str]) -> Preset:
    try:
        return read(files.read_text(path), os.fspath(path))
    except AsterismError as error:
        return Preset(Path(path).stem, os.fspath(path), faults=error.faults)


def directories(top: str | os.PathLike[str] = ".") -> list[Path]:
    """The directories to search for a preset: in the tree, in the user's configuration, and in the program."""
    from importlib.resources import files as resources  # imported here, since the import is slow

    config = os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")
    shipped = Path(str(resources("menuselect.shipped")))
    return [Path(top) / DIRECTORY, Path(config) / "asterism" / DIRECTORY, shipped]


def available(top: str | os.PathLike[str] = ".") -> list[Preset]:
    """The available presets, each name once, in search order; unreadable files are left out."""
    found: dict[str, Preset] = {}
    for path in _paths(top):
        if path.stem not in found:
            try:
                found[path.stem] = load(path)
            except AsterismError:
                continue
    return list(found.values())


def _paths(top: str | os.PathLike[str]) -> Iterator[Path]:
    for directory in directories(top):
        if os.path.isdir(directory):
            yield from sorted(directory.glob(f"*{SUFFIX}"))


def find(name: str, top: str | os.PathLike[str] = ".", place: Place | None = None) -> Path:
    """The file of a preset.

    Args:
        name: a path when it has a slash or ends in ``.toml``, else a preset's name.
        top: the source tree.
        place: the place of the name in another preset; a path is then relative to that file.

    Raises:
        AsterismError: the preset does not exist; code ``unknown-preset``.
    """
    if "/" in name or name.endswith(SUFFIX):
        path = Path(place.file).parent / name if place else Path(name)
        if os.path.isfile(path):
            return path
        raise AsterismError(
            Fault(f"preset file '{path}' does not exist", place, cure="check the path", code="unknown-preset")
        )
    for directory in directories(top):
        path = directory / f"{name}{SUFFIX}"
        if os.path.isfile(path):
            return path
    known = [path.stem for path in _paths(top)]
    near = closest(name, known) or list(dict.fromkeys(known))
    cure = suggestion(near) or "give the path of a file"
    raise AsterismError(Fault(f"preset '{name}' does not exist", place, cure=cure, code="unknown-preset"))


def gather(names: Iterable[str], top: str | os.PathLike[str] = ".") -> list[Preset]:
    """Read the named presets, each after the presets that it inherits, and each once.

    Never fails: a missing preset, or a cycle of inheritance, is returned as a preset that holds only faults.
    """
    gathering = _Gathering(top)
    for name in names:
        gathering.take(name)
    return gathering.found


@dataclass(slots=True)
class _Gathering:
    top: str | os.PathLike[str]
    found: list[Preset] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def take(self, name: str, place: Place | None = None, trail: tuple[str, ...] = ()) -> None:
        """Read a preset and the presets that it inherits; ``trail`` has the files that led to it."""
        try:
            path = find(name, self.top, place)
        except AsterismError as error:
            self.found.append(Preset(name, faults=error.faults))
            return
        key = os.path.realpath(path)
        if key in trail:
            circle = (*trail[trail.index(key) :], key)
            self.found.append(Preset(path.stem, str(path), faults=(_circle_fault(path, circle),)))
        elif key not in self.seen:
            self.seen.add(key)
            preset = _read_file(path)
            for word in preset.inherit:
                self.take(word.text, word.place, (*trail, key))
            self.found.append(preset)


def _circle_fault(path: Path, circle: Iterable[str]) -> Fault:
    names = " -> ".join(Path(each).name for each in circle)
    cure = "remove one of the 'inherit' entries"
    return Fault("presets inherit each other", Place(str(path)), names, cure, "preset-cycle")


@dataclass(frozen=True, slots=True)
class _Decision:
    on: bool
    place: Place
    named: bool


@dataclass(slots=True)
class _Merging:
    """The state of a merge: the decisions so far, by the member's index."""

    menu: Menu
    faults: Collector = field(default_factory=Collector)
    decided: dict[int, _Decision] = field(default_factory=dict)
    rest: dict[int, Place] = field(default_factory=dict)
    overrides: list[Override] = field(default_factory=list)

    def take(self, preset: Preset) -> None:
        said: dict[int, _Decision] = {}
        named: dict[int, _Decision] = {}
        off = [(word, False) for word in preset.disable]
        on = [(word, True) for word in (*(preset.only or ()), *preset.enable)]
        for word, state in (*off, *on):
            is_named = is_name(word.text)
            for member in self._members(word):
                (named if is_named else said)[member.index] = _Decision(state, word.place, is_named)
        decisions = said | named
        if preset.only is not None:
            self._start_over(preset, decisions)
        for index, decision in decisions.items():
            self._decide(index, decision)

    def _members(self, word: Word) -> tuple[Member, ...]:
        found = pick(self.menu, word.text)
        if not found:
            fault = unknown(self.menu, word.text, word.place)
            # A preset that switches deprecated modules off is valid in a tree without such modules.
            if fault.code != "empty-group":
                self.faults.add(fault)
        return found

    def _start_over(self, preset: Preset, decisions: Mapping[int, _Decision]) -> None:
        place = preset.only[0].place if preset.only else Place(preset.file)
        listed = [member for word in preset.only or () for member in pick(self.menu, word.text)]
        self.rest = {member.index: place for member in left_out(self.menu, listed)}
        for index, before in list(self.decided.items()):
            if index in self.rest and index not in decisions:
                del self.decided[index]
                if before.on:
                    self.overrides.append(Override(self.menu.members[index], False, before.place, place))

    def _decide(self, index: int, decision: _Decision) -> None:
        before = self.decided.pop(index, None)
        if before and before.on != decision.on:
            self.overrides.append(Override(self.menu.members[index], decision.on, before.place, decision.place))
        self.decided[index] = decision
        self.rest.pop(index, None)


def left_out(menu: Menu, listed: Iterable[Member]) -> list[Member]:
    """The members that ``only`` leaves out when it lists several members.

    These are modules, in categories that list the members that are off.  Compiler flags, sounds and other
    categories that list the members that are on are not affected, unless one of their members is listed.
    """
    wanted = {member.index for member in listed}
    return [
        member
        for category in menu.categories
        if _is_concerned(category, wanted)
        for member in category.members
        if member.index not in wanted
    ]


def _is_concerned(category: Category, wanted: set[int]) -> bool:
    return not category.positive or any(member.index in wanted for member in category.members)


def merge(menu: Menu, presets: Iterable[Preset], lenient: bool = False) -> Wanted:
    """Merge presets; a later preset overrides an earlier one.

    Args:
        menu: the menu of the tree.
        presets: the presets in order.
        lenient: record unknown words and ignore them, as for a preset of several branches.

    Raises:
        AsterismError: words are unknown, or presets have faults; with all faults.
    """
    merging = _Merging(menu)
    broken: list[Fault] = []
    for preset in presets:
        merging.take(preset)
        broken += preset.faults
    merging.faults.faults.sort(key=_place_of)
    if broken or not lenient:
        unknown_words = [] if lenient else merging.faults.faults
        Collector(sorted(dict.fromkeys([*broken, *unknown_words]), key=_place_of)).check()
    decided = merging.decided
    return Wanted(
        on=tuple(menu.members[index] for index, decision in decided.items() if decision.on),
        off=tuple(menu.members[index] for index, decision in decided.items() if not decision.on),
        rest=tuple(menu.members[index] for index in merging.rest),
        overrides=tuple(merging.overrides),
        places={index: decision.place for index, decision in decided.items()} | merging.rest,
        optional=frozenset(index for index, decision in decided.items() if not decision.named),
        unknown=tuple(merging.faults),
    )


def _place_of(fault: Fault) -> tuple[str, int, int]:
    place = fault.place
    return (place.file, place.line, place.column) if place else ("", 0, 0)


def dumps(menu: Menu, on: Iterable[Member], off: Iterable[Member], title: str = "") -> str:
    """A preset as text: names in menu order, under the titles of their categories.

    Args:
        menu: the menu with the members.
        on: the members that the preset switches on.
        off: the members that the preset switches off.
        title: the title of the preset.
    """
    lines = [f"title = {_quoted(title)}"] if title else []
    for key, members in (("enable", on), ("disable", off)):
        wanted = {member.index for member in members}
        if wanted:
            lines += [f"{key} = [", *_entries(menu, wanted), "]"]
    return "".join(f"{line}\n" for line in lines)


def _entries(menu: Menu, wanted: set[int]) -> Iterator[str]:
    for category in menu.categories:
        members = [member for member in category.members if member.index in wanted]
        if members:
            yield f"    # {_one_line(category.title)}"
        for member in members:
            text = f"    {_quoted(member.name)},"
            yield f"{text:<40}  # {_one_line(member.displayname)}" if member.displayname else text


_CONTROLS = dict.fromkeys((*range(32), 127), " ")


def _one_line(text: str) -> str:
    """A text for a comment: characters that a terminal must not receive become U+FFFD."""
    return toml_places.UNSHOWABLE.sub("\ufffd", text.translate(_CONTROLS)).strip()


def _quoted(text: str) -> str:
    """A text as a TOML string."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(f"\\u{ord(char):04x}" if char < " " or char == "\x7f" else char for char in escaped) + '"'
