"""Hovers and completion: what stands at a place in a file, and what could."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping

from asterism.editors import conf_samples, tags
from asterism.editors.edited_files import kind_of
from asterism.editors.workspace import Workspace
from asterism.values import dataclass
from menuselect.cli.states import found_text, state_of
from menuselect.model import known_libraries
from menuselect.model.menu import LEVELS, Member
from menuselect.reasons import explain
from menuselect.sources import moduleinfo

_WORD = re.compile(r"[\w.+-]+")
_REFERENCE = re.compile(r"<(\w+)[^<>]*>[^<]*$")
"""The tag whose text a place is in, by the line before that place."""
_TAG = re.compile(r"</?\w*$")
_ATTRIBUTE = re.compile(r"<(\w+)\s[^<>]*$")
_TABLE = re.compile(r"^\s*\[([^\]]+)\]", re.MULTILINE)
_SECTION = re.compile(r"^[ \t]*\[([^\]]+)\]", re.MULTILINE)
_ASSIGNED = re.compile(r"\s*([\w-]+)\s*=>?\s*")


@dataclass(frozen=True, slots=True)
class Offered:
    """A completion."""

    text: str
    note: str = ""
    """A few words beside it."""
    about: str = ""
    """What it means, in Markdown."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in the text of a file."""

    path: str
    text: str
    line: int
    """The line, from 0."""
    column: int
    """The column, in characters, from 0."""

    @property
    def row(self) -> str:
        """The line of the place."""
        lines = self.text.split("\n")
        return lines[self.line] if self.line < len(lines) else ""

    @property
    def before(self) -> str:
        """The line up to the place."""
        return self.row[: self.column]

    @property
    def at(self) -> int:
        """The position in the text, in characters."""
        return sum(len(line) + 1 for line in self.text.split("\n")[: self.line]) + self.column

    @property
    def word(self) -> str:
        """The word at the place."""
        words = (match for match in _WORD.finditer(self.row) if match.start() <= self.column <= match.end())
        found = next(words, None)
        return found[0] if found else ""

    def heading(self, pattern: re.Pattern[str]) -> str:
        """The last heading above the place; empty without one."""
        found = [match[1] for match in pattern.finditer(self.text[: self.at])]
        return found[-1].strip() if found else ""


def hover(spot: Spot, workspace: Workspace) -> str:
    """What is known of the word at a place, in Markdown; empty if nothing is."""
    kind = kind_of(spot.path, spot.text)
    if kind == "source" and moduleinfo.is_in_block(spot.text, spot.at):
        return _in_block(spot, workspace)
    if kind == "settings":
        return _keys(spot).get(spot.word, "")
    if kind == "conf":
        return _of_option(spot, workspace)
    return ""


def _in_block(spot: Spot, workspace: Workspace) -> str:
    tag = _REFERENCE.search(spot.before)
    if tag and tag[1] in moduleinfo.REFERENCES:
        return about_name(spot.word, workspace)
    return {**tags.ATTRIBUTES, **tags.TAGS}.get(spot.word, "")


def about_name(name: str, workspace: Workspace) -> str:
    """What is known of a member or a library, in Markdown; empty for an unknown name."""
    session = workspace.session
    member = session.menu.find(name) if session else None
    if session and member:
        return _about_member(member, workspace)
    library = known_libraries.find(name)
    if library is None:
        return ""
    state = f"\n\n{found_text(session.selection, name)}" if session else ""
    hint = f"\n\n{library.hint()}" if library.hint() else ""
    note = f"\n\n{library.note}" if library.note else ""
    return f"**{library.name}**, a library: {library.title}{state}{hint}{note}"


def _about_member(member: Member, workspace: Workspace) -> str:
    session = workspace.session
    if session is None:
        return ""
    selection = session.selection
    category = session.menu.category(member.category)
    place = f"{category.title}, {member.level}" if category else member.level
    reasons = [f"- {line.strip()}" for line in explain.tree_lines(explain.obstacles(selection, member))]
    state = "\n".join([f"{place}; {state_of(selection, member)}", *reasons])
    return f"**{member.name}**: {member.displayname}\n\n{state}"


def _keys(spot: Spot) -> Mapping[str, str]:
    return tags.KEYS.get(spot.heading(_TABLE).partition(".")[0], {})


def _options(spot: Spot, workspace: Workspace) -> Iterator[conf_samples.ConfOption]:
    section = spot.heading(_SECTION).lower()
    for option in conf_samples.options_of(conf_samples.sample_of(spot.path, workspace.top)):
        if option.section.lower() == section:
            yield option


def _of_option(spot: Spot, workspace: Workspace) -> str:
    assigned = _ASSIGNED.match(spot.row)
    if assigned and spot.column >= assigned.end(1):
        return about_name(re.sub(r"\.(so|py)$", "", spot.word), workspace)
    found = next((each for each in _options(spot, workspace) if each.name.lower() == spot.word.lower()), None)
    return f"`{found.name} = {found.example}`\n\n{found.text}" if found else ""


def completions(spot: Spot, workspace: Workspace) -> list[Offered]:
    """What can stand at a place."""
    kind = kind_of(spot.path, spot.text)
    if kind == "source" and moduleinfo.is_in_block(spot.text, spot.at):
        return list(_for_block(spot, workspace))
    if kind == "settings":
        return list(_for_settings(spot, workspace))
    return list(_for_conf(spot, workspace)) if kind == "conf" else []


def _for_block(spot: Spot, workspace: Workspace) -> Iterator[Offered]:
    text, attribute = _REFERENCE.search(spot.before), _ATTRIBUTE.search(spot.before)
    if _TAG.search(spot.before):
        yield from (Offered(tag, "tag", about) for tag, about in tags.TAGS.items())
    elif attribute:
        names = moduleinfo.ATTRIBUTES.get(attribute[1], ())
        yield from (Offered(name, "attribute", tags.ATTRIBUTES[name]) for name in names)
    elif text and text[1] in moduleinfo.REFERENCES:
        yield from _members(workspace)
        yield from (Offered(name, "library") for name in workspace.libraries)
    elif text and text[1] == "replacement":
        yield from _members(workspace)
    elif text:
        yield from map(Offered, {"support_level": LEVELS, "defaultenabled": ("yes", "no")}.get(text[1], ()))


def _members(workspace: Workspace) -> Iterator[Offered]:
    return (Offered(member.name, member.displayname) for member in workspace.members)


def _for_settings(spot: Spot, workspace: Workspace) -> Iterator[Offered]:
    if spot.before.lstrip().startswith("[modules."):
        yield from _members(workspace)
    elif "=" not in spot.before:
        yield from (Offered(key, "key", about) for key, about in _keys(spot).items())


def _for_conf(spot: Spot, workspace: Workspace) -> Iterator[Offered]:
    assigned = _ASSIGNED.match(spot.before)
    if not assigned:
        yield from (Offered(each.name, each.example, each.text) for each in _options(spot, workspace))
    elif os.path.basename(spot.path).startswith("modules.conf") and assigned[1].lower() in _LOADING:
        yield from (Offered(f"{member.name}.so", member.displayname) for member in workspace.members)


_LOADING = ("load", "noload", "preload", "require", "preload-require", "load-required")
"""The options of modules.conf that name a module."""
