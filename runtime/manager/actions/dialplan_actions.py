"""Actions on the dialplan and its extension states (main/pbx.c, pbx/pbx_config.c), as a table."""

from __future__ import annotations

import re

from asterism.errors import AsterismError
from asterism.values import dataclass, field
from runtime.conf.conf_values import is_true
from runtime.core.actions import Action
from runtime.core.event_classes import CALL, CONFIG, REPORTING, SYSTEM
from runtime.dialplan import hints
from runtime.dialplan.extensions_conf import split_location
from runtime.manager.actions.call_actions import lacks
from runtime.manager.request import Request
from runtime.model.extensions import HINT, Context, Dialplan, Extension, ExtensionStep, Found, Origin
from runtime.model.pattern import matches

Row = list[tuple[str, object]]

# ---- the list --------------------------------------------------------------------------------------


@dataclass(slots=True)
class DialplanListing:
    """The rows and totals of ``ShowDialPlan`` (``manager_show_dialplan_helper``).

    Included contexts are searched only for an extension; without one, an include is a row.
    """

    plan: Dialplan
    exten: str = ""
    rows: list[Row] = field(default_factory=list)
    contexts: int = 0
    extensions: int = 0
    priorities: int = 0

    def everything(self) -> None:
        """List all contexts, newest first, as in Asterisk."""
        for context in reversed(list(self.plan.contexts.values())):
            self.context(context)

    def context(self, context: Context, above: tuple[str, ...] = ()) -> None:
        """List one context; ``above`` are the contexts whose includes led to it."""
        self.contexts += 1
        for extension in context.extensions:
            if not self.exten or matches(extension.name, self.exten):
                self._extension(context, extension)
        for include in context.includes:
            if not self.exten:
                self._row(context, include.origin, ("IncludeContext", include.context))
            elif include.context not in above and include.context in self.plan.contexts:
                self.context(self.plan.contexts[include.context], (*above, include.context))
        for pattern in context.ignorepats:
            if not self.exten or matches(f"_{pattern.text}.", self.exten):
                self._row(context, pattern.origin, ("IgnorePattern", pattern.text))
        for switch in () if above else context.switches:
            self._row(context, switch.origin, ("Switch", switch.text))

    def _extension(self, context: Context, extension: Extension) -> None:
        self.extensions += 1
        self.priorities += len(extension.steps)
        for step in extension.steps:
            label = (("ExtensionLabel", step.label),) if step.label else ()
            what = (
                (("Priority", "hint"), ("Application", step.application))
                if step.priority == HINT
                else (("Priority", step.priority), ("Application", step.application), ("AppData", step.data))
            )
            self._row(context, extension.steps[0].origin, ("Extension", extension.name), *label, *what)

    def _row(self, context: Context, origin: Origin, *fields: tuple[str, object]) -> None:
        self.rows.append([("Context", context.name), *fields, ("Registrar", origin.registrar)])


def show(request: Request) -> None:
    """List the dialplan, a context, or an extension (``manager_show_dialplan``)."""
    name, exten = request.get("Context"), request.get("Extension")
    plan = request.core.plans.current
    listing = DialplanListing(plan, exten)
    if not name:
        listing.everything()
    elif name in plan.contexts:
        listing.context(plan.contexts[name])
    else:
        request.error(f"Did not find context {name}")
        return
    if exten and not listing.extensions:
        request.error(f"Did not find extension {exten}{f'@{name}' if name else ' in any context'}")
        return
    request.list_start("DialPlan list will follow")
    for row in listing.rows:
        request.list_item("ListDialplan", row)
    counts = (
        ("ListExtensions", listing.extensions),
        ("ListPriorities", listing.priorities),
        ("ListContexts", listing.contexts),
    )
    request.list_complete("ShowDialPlanComplete", len(listing.rows), counts)


# ---- changes ---------------------------------------------------------------------------------------

_NUMBER = re.compile(r"\s*[+-]?\d{1,9}")


def _priority(text: str, least: int) -> int | None:
    """The priority in a request; None when it is not a number, or lower than ``least``."""
    if text == "hint":
        return HINT
    found = _NUMBER.match(text)
    return int(found[0]) if found and int(found[0]) >= least else None


def add(request: Request) -> None:
    """Add a step to the dialplan (``manager_dialplan_extension_add``)."""
    words = "Context, Extension, Priority, and Application must be defined for DialplanExtensionAdd."
    if lacks(request, *((header, words) for header in ("Context", "Extension", "Priority", "Application"))):
        return
    priority = _priority(request.get("Priority"), 0)
    if priority is None:
        request.error("The priority specified was invalid.")
        return
    name, cid = split_location(request.get("Extension"))
    step = ExtensionStep(priority, request.get("Application"), request.get("ApplicationData"))
    replacing = is_true(request.get("Replace"))
    try:
        request.core.plans.change(
            lambda plan: plan.with_step(request.get("Context"), name, cid, step, replacing=replacing)
        )
    except AsterismError as error:
        taken = error.faults[0].code == "priority-taken"
        said = "That extension and priority already exist at that context" if taken else "Failed to add extension"
        request.fail(error, said)
        return
    request.ok("Added requested extension")


def remove(request: Request) -> None:
    """Remove a step or an extension from the dialplan (``manager_dialplan_extension_remove``)."""
    words = "Context and Extension must be provided for DialplanExtensionRemove"
    if lacks(request, ("Context", words), ("Extension", words)):
        return
    given = request.get("Priority")
    priority = _priority(given, 1) if given else None
    if given and priority is None:
        request.error("The priority specified was invalid.")
        return
    name, cid = split_location(request.get("Extension"))
    try:
        request.core.plans.change(lambda plan: plan.without_steps(request.get("Context"), name, cid, priority))
    except AsterismError as error:
        request.fail(error, "Failed to remove requested extension")
        return
    request.ok("Removed the requested priority from the extension" if given else "Removed the requested extension")


# ---- states of extensions --------------------------------------------------------------------------


def _hint(plan: Dialplan, context: str, exten: str) -> Found | None:
    return plan.find(context, exten, HINT)


def _state(hint: str, context: str, exten: str, state: tuple[int, str]) -> Row:
    number, words = state
    return [("Exten", exten), ("Context", context), ("Hint", hint), ("Status", number), ("StatusText", words)]


def extension_state(request: Request) -> None:
    """Report the state of an extension by its hint (``action_extensionstate``)."""
    if lacks(request, ("Exten", "Extension not specified")):
        return
    context, exten = request.get("Context") or "default", request.get("Exten")
    found = _hint(request.core.plans.current, context, exten)
    hint = found.step.application if found else ""
    request.ok(
        "Extension Status",
        *_state(hint, context, exten, hints.state(request.core.states, hint) if found else hints.UNKNOWN),
    )


def extension_states(request: Request) -> None:
    """List the states of all extensions with a hint (``action_extensionstatelist``)."""
    found = list(hints.hints(request.core.plans.current))
    if not found:
        request.error("No dialplan hints are available")
        return
    request.list_start("Extension Statuses will follow")
    for hint in found:
        request.list_item(
            "ExtensionStatus", _state(hint.text, hint.context, hint.exten, hints.state(request.core.states, hint.text))
        )
    request.list_complete("ExtensionStateListComplete", len(found))


def presence_state(request: Request) -> None:
    """Report the presence that a provider of a module tells (``action_presencestate``)."""
    if lacks(request, ("Provider", "No provider specified")):
        return
    provider = request.get("Provider")
    found = request.core.states.presence(provider)
    if found.state == "invalid":
        request.error(f"Invalid provider {provider} or provider in invalid state")
        return
    rows: Row = [("State", found.state)]
    rows += [("Subtype", found.subtype)] if found.subtype else []
    rows += [("Message", found.message), ("PresenceMessage", found.message)] if found.message else []
    request.ok("Presence State", *rows)


_CONTEXT = ("Context", "a context")
_EXTENSION = ("Extension", "an extension; behind a slash, the callers it is for")
_PRIORITY = ("Priority", "a number, or hint")

ACTIONS = (
    Action(
        "DialplanExtensionAdd",
        add,
        SYSTEM,
        "Add an extension to the dialplan.",
        (
            _CONTEXT,
            _EXTENSION,
            _PRIORITY,
            ("Application", "what is done"),
            ("ApplicationData", "its arguments"),
            ("Replace", "yes, to put it in the place of what is there"),
        ),
    ),
    Action(
        "DialplanExtensionRemove",
        remove,
        SYSTEM,
        "Take an extension out of the dialplan.",
        (_CONTEXT, _EXTENSION, ("Priority", "one priority; the whole extension, when left out")),
    ),
    Action(
        "ExtensionState",
        extension_state,
        CALL | REPORTING,
        "Say the state of an extension.",
        (("Exten", "an extension"), ("Context", "its context; default, when left out")),
        "A hint is Unavailable when no module provides its devices.",
    ),
    Action("ExtensionStateList", extension_states, CALL | REPORTING, "List the states of extensions."),
    Action(
        "PresenceState",
        presence_state,
        CALL | REPORTING,
        "Say the presence of somebody, as a module provides it.",
        (("Provider", "a provider"),),
    ),
    Action(
        "ShowDialPlan",
        show,
        CONFIG | REPORTING,
        "List the dialplan.",
        (("Context", "one context"), ("Extension", "one extension, in all contexts that it is looked for in")),
        "One event ListDialplan for each step, include, pattern and switch, closed by ShowDialPlanComplete.",
    ),
)
