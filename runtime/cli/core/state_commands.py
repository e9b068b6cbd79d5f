"""What modules tell of devices, presences and technologies, and the state of what they record calls with.

``core show hints``, ``core show channeltypes``, ``core show switches``, ``cdr show status``, ``cel show status``.
"""

from __future__ import annotations

from collections.abc import Iterable

from asterism.errors import Fault
from asterism.names import did_you_mean
from asterism.words import counted
from runtime.api import provided_states
from runtime.core.commands.command import Command, CommandCall, Outcome, answered, declare, failure
from runtime.core.core import Core
from runtime.dialplan import hints
from runtime.dialplan.hints import Hint

_HINT = "{:<30.30}: {:<60.60}  State:{:<15.15} Presence:{:<15.15} Watchers {:>2}"
_TYPE = "{:<15.15}  {:<40.40} {:<13.13} {:<13.13} {:<13.13} {:<13.13}"
_TYPE_HEADING = ("Type", "Description", "Devicestate", "Presencestate", "Indications", "Transfer")
_COLUMNS = ("devicestate", "presencestate", "indicate", "transfer")
_ABILITIES = (
    ("  Device State", "devicestate"),
    ("Presence State", "presencestate"),
    ("    Indication", "indicate"),
    ("     Transfer ", "transfer"),
    ("  Capabilities", ""),
    ("   Digit Begin", "digit_begin"),
    ("     Digit End", "digit_end"),
    ("    Send HTML ", "html"),
    (" Image Support", "image"),
    ("  Text Support", "text"),
)
"""The lines of ``core show channeltype``, each with what it tells; that of the formats has none."""


def commands(core: Core) -> tuple[Command, ...]:
    """The commands for one core."""
    own = _States(core)
    return (
        declare("core show hints", own.hints, "Show dialplan hints", _HINTS),
        declare("core show hint <extension:hint>", own.hint, "Show dialplan hint", _HINTS),
        declare("core show switches", _switches, "Show alternative switches", _SWITCHES),
        declare("cdr show status", _cdr, "Display the CDR status", _RECORDS),
        declare("cel show status", _cel, "Display the CEL status", _RECORDS),
        declare("core show channeltypes", _types, "List available channel types", _TYPES),
        declare("core show channeltype <technology>", _type, "Give more details on that channel type", _TYPES),
    )


class _States:
    def __init__(self, core: Core) -> None:
        self.core = core

    def _all(self, call: CommandCall) -> list[Hint]:
        found = list(hints.hints(self.core.plans.current))
        if not found:
            call.line_out("There are no registered dialplan hints")
        return found

    def hints(self, call: CommandCall) -> Outcome | None:
        found = self._all(call)
        if found:
            call.line_out("\n    -= Registered Asterisk Dial Plan Hints =-")
            self._show(call, found)
            call.line_out(f"----------------\n- {len(found)} hints registered")
        return None

    def hint(self, call: CommandCall) -> Outcome | None:
        beginning = call.value("extension")
        found = self._all(call)
        chosen = [hint for hint in found if hint.name.lower().startswith(beginning.lower())]
        self._show(call, chosen)
        if chosen:
            call.line_out(f"{counted(len(chosen), 'hint')} matching extension {beginning}")
            return None
        if found:
            call.line_out(f"No hints matching extension {beginning}")
        cure = did_you_mean(beginning, [hint.exten for hint in found]) or "'core show hints' lists the hints"
        return answered(Fault(f"there is no hint for '{beginning}'", cure=cure, code="no-hint"))

    def _show(self, call: CommandCall, found: Iterable[Hint]) -> None:
        for hint in found:
            _, shown = hints.state(self.core.states, hint.text)
            presence = hints.presence(self.core.states, hint.text)
            call.line_out(_HINT.format(hint.name, hint.text, shown, presence, 0))


def _switches(call: CommandCall) -> None:
    call.line_out("There are no registered alternative switches")


def _cdr(call: CommandCall) -> None:
    call.line_out("\nCall Detail Record (CDR) settings\n----------------------------------")
    call.line_out(f"  {'Logging:':<27} Disabled\n  {'Mode:':<27} Simple")


def _cel(call: CommandCall) -> None:
    call.line_out("CEL Logging: Disabled")


def _types(call: CommandCall) -> None:
    found = provided_states.channel_types()
    call.line_out(_TYPE.format(*_TYPE_HEADING))
    call.line_out(_TYPE.format(*["-------------"] * len(_TYPE_HEADING)))
    for each in found:
        told = (_yes(ability in each.can) for ability in _COLUMNS)
        call.line_out(_TYPE.format(each.name, each.description, *told))
    call.line_out(f"----------\n{len(found)} channel drivers registered.")


def _type(call: CommandCall) -> Outcome | None:
    wanted = call.value("technology")
    known = provided_states.channel_types()
    found = next((each for each in known if wanted.lower().startswith(each.name.lower())), None)
    if found is None:
        call.line_out(f"\n{wanted} is not a registered channel driver.")
        names = [each.name for each in known]
        cure = did_you_mean(wanted, names) or "'core show channeltypes' lists what modules have registered"
        return failure(Fault(f"there is no channel technology '{wanted}'", cure=cure, code="no-technology"))
    call.line_out(f"-- Info about channel driver: {found.name} --")
    for heading, ability in _ABILITIES:
        call.line_out(f"{heading}: {_yes(ability in found.can) if ability else found.formats}")
    return None


def _yes(is_so: bool) -> str:
    return "yes" if is_so else "no"


_HINTS = """\
Shows hints: the extension, the devices and who tells the presence, the state of
the devices together, the presence, and who watches. The state is Unavailable when no module
provides the devices; nothing here watches.
"""
_SWITCHES = """\
Lists the switches, which look extensions up elsewhere. No module can register
one here.
"""
_TYPES = """\
Shows the channel technologies that modules have registered, and what their
callbacks can do.
"""
_RECORDS = """\
Shows whether records of calls are written. Modules can register where to write
them to, and nothing is written here.
"""
