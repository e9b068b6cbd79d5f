"""The requests of ``asterism select --serve``: each is a table, and so is its answer.

The rules are in the steps of the menu; here requests become steps, and what changed becomes data.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from asterism.errors import AsterismError, Fault
from asterism.names import did_you_mean
from asterism.tree import SELECTION
from asterism.values import dataclass
from menuselect.cli.states import record
from menuselect.listing.query import parse
from menuselect.listing.rows import View
from menuselect.listing.styled_text import plain, shown
from menuselect.model.menu import Category, Member
from menuselect.reasons.explain import reasons, refusal_text
from menuselect.session.session import Session
from menuselect.tui import explanation, preset_steps
from menuselect.tui.undo import Steps
from menuselect.tui.unsaved import Unsaved

PROTOCOL = 1
"""The number of the protocol; a change that old clients cannot follow makes it larger."""

Request = Mapping[str, object]
Answer = dict[str, object]


@dataclass(frozen=True, slots=True)
class Rule:
    """A request."""

    summary: str
    takes: tuple[str, ...]
    """The names of what it needs besides ``do`` and ``id``."""
    serve: Callable[[MenuServer, Request], Answer]


class MenuServer:
    """The menu of a session, which answers requests; :attr:`status` is set by the last one."""

    def __init__(self, session: Session) -> None:
        self.steps = Steps(session)
        self.unsaved = Unsaved(self.steps)
        self.view = View(session.menu)
        self.status: int | None = None
        """The exit status, once the client has ended the session."""
        self._states = self._all_states()

    def greeting(self) -> Answer:
        """The first line: the menu with every member and its state."""
        return {
            "protocol": PROTOCOL,
            "menu": self.steps.menu.name,
            "requests": {name: {"takes": list(rule.takes), "summary": rule.summary} for name, rule in RULES.items()},
            "categories": [self._category(category) for category in self.steps.menu.categories],
            **self._counts(),
        }

    def answer(self, request: object) -> Answer:
        """Carry out a request; faults are part of the answer, and nothing is changed then."""
        if not isinstance(request, dict):
            return _refused(None, _fault("a request is a table", 'write {"do": "state"}', "bad-request"))
        number = request.get("id")
        try:
            rule = self._rule(request)
            found = rule.serve(self, request)
        except AsterismError as error:
            return _refused(number, *error.faults)
        return {"id": number, "ok": True, **found, "changed": self._changed(), **self._counts()}

    def _rule(self, request: Request) -> Rule:
        name = request.get("do")
        rule = RULES.get(name) if isinstance(name, str) else None
        if rule is None:
            cure = did_you_mean(str(name), RULES) or f"use one of {', '.join(RULES)}"
            raise AsterismError(_fault(f"unknown request '{name}'", cure, "unknown-request"))
        missing = [each for each in rule.takes if not each.endswith("?") and each not in request]
        if missing:
            what = f"'{name}' needs '{missing[0]}'"
            raise AsterismError(_fault(what, f"it takes {', '.join(rule.takes)}", "incomplete-request"))
        return rule

    # States as data.

    def _state(self, member: Member) -> Answer:
        steps = self.steps
        available = steps.selection.is_available(member)
        state = "unavailable" if not available else "on" if steps.selection.is_built(member) else "off"
        return {"state": state, "mark": steps.mark(member), "change": steps.change(member).strip()}

    def _all_states(self) -> list[Answer]:
        return [self._state(member) for member in self.steps.menu.members]

    def _changed(self) -> list[Answer]:
        """The members whose state differs from that of the last answer."""
        before, self._states = self._states, self._all_states()
        pairs = zip(self.steps.menu.members, before, self._states, strict=True)
        return [{**_named(member), **now} for member, then, now in pairs if now != then]

    def _counts(self) -> Answer:
        on, changed = self.steps.count_all_on(), self.steps.count_changed()
        return {"on": on, "changes": changed, "make": self.steps.make_line(), "steps": self.steps.taken}

    def _category(self, category: Category) -> Answer:
        return {
            "name": category.name,
            "title": category.title,
            "exclusive": category.exclusive,
            "members": [self._listed(member) for member in category.members],
        }

    def _listed(self, member: Member) -> Answer:
        return {"name": member.name, "title": member.displayname, "level": member.level, **self._state(member)}

    # What requests name.

    def members(self, request: Request) -> list[Member]:
        """The members of a request: ``members`` is a list of names, or of ``CATEGORY/NAME``.

        Raises:
            AsterismError: a name is unknown; with a fault for each.
        """
        names = request["members"]
        if not isinstance(names, list):
            raise AsterismError(_fault("'members' is not a list", 'write ["app_dial"]', "bad-request"))
        found = [(name, self._find(str(name))) for name in names]
        known = [member.name for member in self.steps.menu.members]
        faults = [
            _fault(f"unknown member '{name}'", did_you_mean(str(name), known), "unknown-member")
            for name, member in found
            if member is None
        ]
        if faults:
            raise AsterismError(*faults)
        return [member for _, member in found if member]

    def _find(self, name: str) -> Member | None:
        place, slash, rest = name.partition("/")
        return self.steps.menu.find_in(place, rest) if slash else self.steps.menu.find(name)

    def category(self, request: Request) -> Category:
        """The category of a request.

        Raises:
            AsterismError: the name is unknown.
        """
        name = str(request["category"])
        found = self.steps.menu.category(name)
        if found is None:
            cure = did_you_mean(name, (category.name for category in self.steps.menu.categories))
            raise AsterismError(_fault(f"unknown category '{name}'", cure, "unknown-category"))
        return found

    # Requests.

    def _state_of_all(self, _: Request) -> Answer:
        return {"categories": [self._category(category) for category in self.steps.menu.categories]}

    def _on(self, request: Request) -> Answer:
        members = self.members(request)
        text = self._switch(members, True)
        return {"text": text, "refused": [self._refusal(member) for member in members if not self._is_built(member)]}

    def _is_built(self, member: Member) -> bool:
        return self.steps.selection.is_built(member)

    def _refusal(self, member: Member) -> Answer:
        refusal = self.steps.selection.refusal(member)
        return {**_named(member), "code": refusal.code, "why": refusal_text(refusal, self.steps.selection)}

    def _off(self, request: Request) -> Answer:
        return {"text": self._switch(self.members(request), False)}

    def _switch(self, members: list[Member], on: bool) -> str:
        if len(members) == 1:
            return self.steps.enable(members[0]) if on else self.steps.disable(members[0])
        return self.steps.switch(members, on)

    def _category_on(self, request: Request) -> Answer:
        return {"text": self.steps.enable_category(self.category(request))}

    def _category_off(self, request: Request) -> Answer:
        return {"text": self.steps.disable_category(self.category(request))}

    def _filter(self, request: Request) -> Answer:
        rows = self.view.matches(parse(str(request["text"])), self.steps.is_in)
        return {"members": [_named(row) for row in rows if isinstance(row, Member)]}

    def _explain(self, request: Request) -> Answer:
        return {"explained": [self._explained(member) for member in self.members(request)]}

    def _explained(self, member: Member) -> Answer:
        selection = self.steps.selection
        lines = [shown(plain(line)) for line in explanation.everything(self.steps, member)]
        why = [reason.as_json() for reason in reasons(selection, member)]
        return {**record(selection, member), "reasons": why, "lines": lines}

    def _preview(self, request: Request) -> Answer:
        """What switching each member would change, without doing it."""
        return {"previews": [self._previewed(member) for member in self.members(request)]}

    def _previewed(self, member: Member) -> Answer:
        change = self.steps.preview(member)
        on, off = [each.name for each in change.turned_on], [each.name for each in change.turned_off]
        return {**_named(member), "on": on, "off": off}

    def _difference(self, _: Request) -> Answer:
        saved, defaults = self.steps.since_saved(), self.steps.since_defaults()
        return {"saved": _difference(*saved), "defaults": _difference(*defaults)}

    def _compare(self, request: Request) -> Answer:
        return {"file": _difference(*self.steps.difference_to(self.steps.other(str(request["path"]))))}

    def _open(self, request: Request) -> Answer:
        return {"text": self.steps.open_file(str(request["path"]))}

    def _presets(self, _: Request) -> Answer:
        found = preset_steps.offered(self.steps)
        return {"presets": [{"name": each.name, "title": each.title, "file": each.file} for each in found]}

    def _preset(self, request: Request) -> Answer:
        name = str(request["name"])
        preset_steps.wanted(self.steps, name)  # raises what is wrong with it
        return {"text": preset_steps.take(self.steps, name)}

    def _save(self, request: Request) -> Answer:
        if self.steps.is_overtaken and not request.get("force"):
            what, cure = f"another program changed {SELECTION}", 'send "force": true to overwrite it'
            raise AsterismError(_fault(what, cure, "overtaken"))
        text = self.steps.save()
        return {"text": text, "warnings": [fault.as_json() for fault in self.steps.session.faults]}

    def _quit(self, _: Request) -> Answer:
        self.steps.is_given_up = self.steps.is_changed
        return {"text": self.end()}

    def end(self) -> str:
        """End the session as a menu that is left: changes are kept for the next menu unless they were given up.

        Returns:
            A sentence about the changes.
        """
        saved = self.steps.is_saved and not self.steps.is_changed
        self.status = 0 if saved else 255
        return self.unsaved.left("everything is saved" if saved else "")


def _said(step: Callable[[Steps], str]) -> Callable[[MenuServer, Request], Answer]:
    """A request that is a step without arguments."""
    return lambda server, _: {"text": step(server.steps)}


RULES: dict[str, Rule] = {
    "state": Rule("every category with its members and their states", (), MenuServer._state_of_all),
    "on": Rule("turn members on, with what they need", ("members",), MenuServer._on),
    "off": Rule("turn members off, with what needs them", ("members",), MenuServer._off),
    "category-on": Rule("turn a category on", ("category",), MenuServer._category_on),
    "category-off": Rule("turn a category off", ("category",), MenuServer._category_off),
    "preview": Rule("what switching members would change", ("members",), MenuServer._preview),
    "explain": Rule("all that is known of members, with reasons and text", ("members",), MenuServer._explain),
    "filter": Rule("the members that a filter matches", ("text",), MenuServer._filter),
    "undo": Rule("undo the last step", (), _said(Steps.undo)),
    "redo": Rule("redo the step that was undone", (), _said(Steps.redo)),
    "reset": Rule("go back to the saved file", (), _said(Steps.reset_all)),
    "defaults": Rule("go back to the defaults", (), _said(Steps.to_defaults)),
    "difference": Rule("the differences from the saved file and the defaults", (), MenuServer._difference),
    "compare": Rule("the difference from another saved selection", ("path",), MenuServer._compare),
    "open": Rule("take another saved selection", ("path",), MenuServer._open),
    "presets": Rule("the presets that there are", (), MenuServer._presets),
    "preset": Rule("apply a preset", ("name",), MenuServer._preset),
    "save": Rule("write menuselect.makeopts", ("force?",), MenuServer._save),
    "quit": Rule("end without saving", (), MenuServer._quit),
}
"""Every request by its name."""


def _named(member: Member) -> Answer:
    return {"name": member.name, "category": member.category}


def _difference(on: list[Member], off: list[Member]) -> dict[str, list[str]]:
    return {"on": [member.name for member in on], "off": [member.name for member in off]}


def _fault(what: str, cure: str, code: str) -> Fault:
    return Fault(what, cure=cure, code=code)


def _refused(number: object, *faults: Fault) -> Answer:
    return {"id": number, "ok": False, "faults": [fault.as_json() for fault in faults]}
