"""The actions of the core itself, as a table; login.py and calls.py have those of logging in and of channels."""

from __future__ import annotations

import grp
import os
import pwd
import re
import resource
import time
from collections.abc import Callable

from asterism import __version__
from asterism.controls import escaped_lines
from asterism.errors import AsterismError
from asterism.names import bare
from runtime.conf import conf_file
from runtime.core.actions import Action
from runtime.core.commands import Outcome, split
from runtime.core.core import Reload
from runtime.core.event_classes import ALL, COMMAND, CONFIG, REPORTING, SYSTEM, USER, event_mask, names_of
from runtime.core.manager_message import GREETING
from runtime.manager import filters
from runtime.manager.channel_actions import CALLS
from runtime.manager.login import LOGIN
from runtime.manager.request import Request

# ---- the session ---------------------------------------------------------------------------------


def ping(request: Request) -> None:
    """Say that it is alive."""
    request.ok("", ("Ping", "Pong"), ("Timestamp", f"{time.time():.6f}"))


def events(request: Request) -> None:
    """Choose the classes of events a session sees; never more than its account may."""
    session = request.session
    mask = event_mask(request.get("EventMask"))
    if mask is None or session is None or session.account is None:
        request.error("Invalid event mask")
        return
    session.wants = session.account.read & mask
    if session.host.settings.brokeneventsaction and mask == ALL:
        request.append("")
        return
    request.ok("", ("Events", "On" if mask else "Off"))


def wait_event(request: Request) -> None:
    """Hold the answer until there is an event."""
    if request.session is None:
        request.error("A module has no session to wait with")
        return
    found = request.session.wait_event(_seconds(request.get("Timeout")))
    request.ok("Waiting for Event completed.")
    request.append(found)
    request.list_item("WaitEventComplete", ())


def _seconds(text: str) -> float | None:
    """A time to wait; None, for ever, when there is none or it is below 0."""
    try:
        seconds = int(text[:20], 0)  # more digits make no difference: for ever
    except ValueError:
        return None
    return float(seconds) if seconds >= 0 else None


def filter_(request: Request) -> None:
    """Add a filter of events to a session."""
    session = request.session
    if request.get("Operation").lower() != "add" or session is None:
        request.error("Unknown operation")
        return
    session.filters = session.filters.plus(filters.parse(request.get("MatchCriteria"), request.get("Filter")))
    request.ok("Filter added successfully")


def list_commands(request: Request) -> None:
    """Name the actions the account may ask for, one header each."""
    account = request.session.account if request.session else None
    rights = account.write if account else ALL
    found = [action for action in request.core.actions if not action.authority or action.authority & rights]
    request.ok("", *((action.name, f"{action.synopsis} (Priv: {names_of(action.authority)})") for action in found))


def user_event(request: Request) -> None:
    """Raise an event of the client's own."""
    ours = ("userevent:", "action:")
    request.ok("Event Sent")
    request.core.events.publish(
        "UserEvent",
        USER,
        [("UserEvent", request.get("UserEvent"))],
        text="\n".join(line for line in request.message.lines if not line.lower().startswith(ours)),
    )


# ---- commands ------------------------------------------------------------------------------------

_NOT_SO = {("module", "load"), ("module", "unload"), ("restart", "gracefully")}
"""Commands that need more than the right to give commands; there are actions for them (``check_blacklist``)."""


class _Output:
    """A client of the command table that keeps everything it is told, in order."""

    who = "a client of the manager"
    verbose = 0
    muted = True

    def __init__(self) -> None:
        self.hidden: set[str] = set()
        self.parts: list[str] = []

    def out(self, text: str) -> None:
        self.parts.append(text)

    def err(self, text: str) -> None:
        self.parts.append(text)

    def log(self, text: str) -> None:
        """The log is no part of the answer."""


_COLOR = re.compile(r"\033\[[0-9;]*m")


def _uncolored(text: str) -> str:
    """Output of a command for a program: without colours (``term_strip``), other control characters escaped."""
    return escaped_lines(_COLOR.sub("", text))


def command(request: Request) -> None:
    """Run a command of the CLI; each line it says is a header of the answer."""
    line = request.get("Command")
    if not line:
        request.error("No command provided")
        return
    if tuple(word.lower() for word in split(line)[:2]) in _NOT_SO:
        request.error("Command blacklisted")
        return
    output = _Output()
    outcome: Outcome = request.core.commands.run(line, output)
    said = _uncolored("".join(output.parts)).removesuffix("\n").split("\n")
    fields = [("Message", "Command output follows"), *(("Output", text) for text in said)]
    request.send("Success" if outcome.ok else "Error", fields)


# ---- modules -------------------------------------------------------------------------------------


def module_check(request: Request) -> None:
    """Say whether a module runs."""
    if request.core.loader.is_running(bare(request.get("Module"))):
        request.ok("", ("Version", ""))
    else:
        request.error("Module not loaded")


_RELOADED = {
    Reload.SUCCESS: "",
    Reload.QUEUED: "",
    Reload.NOT_FOUND: "No such module",
    Reload.ERROR: "An unknown error occurred",
    Reload.IN_PROGRESS: "A reload is in progress",
    Reload.UNINITIALIZED: "Module not initialized",
    Reload.NOT_IMPLEMENTED: "Module does not support reload",
}
"""What is wrong, by the result of a reload."""


def reload_(request: Request) -> None:
    """Have a module, or all, read their configuration again."""
    _reload(request, "Module Reloaded")


def _reload(request: Request, done: str) -> None:
    wrong = _RELOADED[request.core.loader.reload(request.get("Module") or None)]
    if wrong:
        request.error(wrong)
    else:
        request.ok(done)


def _load(request: Request, module: str) -> None:
    request.core.loader.load(module)
    request.core.loader.announce(module)
    request.ok("Module loaded.")


def _unload(request: Request, module: str) -> None:
    request.core.loader.unload(module)
    request.ok("Module unloaded.")


def _refresh(request: Request, module: str) -> None:
    request.core.loader.refresh(module, recursively=conf_file.is_true(request.get("Recursive")))
    request.ok("Module unloaded and loaded.")


_LOAD_TYPES: dict[str, tuple[Callable[[Request, str], None], str]] = {
    "load": (_load, "Could not load module."),
    "unload": (_unload, "Could not unload module."),
    "refresh": (_refresh, "Could not refresh module."),
}


def module_load(request: Request) -> None:
    """Load, unload, refresh or reload a module."""
    kind, module = request.get("LoadType").lower(), request.get("Module")
    if kind == "reload":
        _reload(request, "Module reloaded." if module else "All modules reloaded")
    elif kind not in _LOAD_TYPES:
        request.error("Incomplete ModuleLoad action.")
    elif not module:
        request.error("Need module name")
    else:
        doing, failed = _LOAD_TYPES[kind]
        try:
            doing(request, module)
        except AsterismError as error:
            fault = error.faults[0]
            fields = (("Reason", fault.what), ("Detail", fault.why), ("Cure", fault.cure))
            request.error(failed, *((name, text) for name, text in fields if text))


# ---- the core ------------------------------------------------------------------------------------


def core_status(request: Request) -> None:
    """Say since when it runs."""
    times = request.core.times
    fields = []
    for label, moment in (("Startup", times.started), ("Reload", times.reloaded or times.started)):
        local = time.localtime(moment)
        fields.append((f"Core{label}Date", time.strftime("%Y-%m-%d", local)))
        fields.append((f"Core{label}Time", time.strftime("%H:%M:%S", local)))
    channels = request.core.channels
    calls = len({channel.linkedid for channel in channels})
    request.ok("", *fields, ("CoreCurrentCalls", calls), ("CoreProcessedCalls", channels.processed))


def core_settings(request: Request) -> None:
    """Say what it is."""
    options = request.core.settings.options
    version = GREETING.strip().rpartition("/")[2]
    request.ok(
        "",
        ("AMIversion", version),
        ("AsteriskVersion", __version__),
        ("SystemName", options.systemname),
        ("CoreMaxCalls", 0),
        ("CoreMaxLoadAvg", f"{0:.6f}"),
        ("CoreRunUser", options.runuser or _name(lambda: pwd.getpwuid(os.geteuid()).pw_name, os.geteuid())),
        ("CoreRunGroup", options.rungroup or _name(lambda: grp.getgrgid(os.getegid()).gr_name, os.getegid())),
        ("CoreMaxFilehandles", resource.getrlimit(resource.RLIMIT_NOFILE)[0]),
        ("CoreRealTimeEnabled", "No"),
        ("CoreCDRenabled", "No"),
        ("CoreHTTPenabled", "No"),
        ("SoundsSearchCustomDir", "No"),
    )


def _name(look: Callable[[], str], number: int) -> str:
    try:
        return look()
    except KeyError:
        return str(number)


_ONE = ("Module", "a module, with or without its suffix")

ACTIONS = (
    *LOGIN,
    *CALLS,
    Action(
        "Command",
        command,
        COMMAND,
        "Run a command of the CLI.",
        (("Command", "the line, as on the console"),),
        "Each line the command says is a header 'Output'. When it failed, the Response is Error. 'module load' and "
        "'module unload' need the action ModuleLoad.",
    ),
    Action("CoreSettings", core_settings, SYSTEM | REPORTING, "Show what this program is.", is_quick=True),
    Action("CoreStatus", core_status, SYSTEM | REPORTING, "Show since when this program runs.", is_quick=True),
    Action(
        "Events",
        events,
        synopsis="Choose which events this session sees.",
        syntax=(("EventMask", "on, off, or classes such as system,user; an account sees no more than it may read"),),
        is_quick=True,
    ),
    Action(
        "Filter",
        filter_,
        SYSTEM,
        "Add a filter of events to this session.",
        (
            ("Operation", "Add"),
            ("Filter", "what to look for; with '!' before it, what to leave out"),
            ("MatchCriteria", "name(EVENT),header(HEADER),method(METHOD),action(exclude): as eventfilter(...) has it"),
        ),
        is_quick=True,
    ),
    Action("ListCommands", list_commands, synopsis="List the actions this session may ask for.", is_quick=True),
    Action("ModuleCheck", module_check, SYSTEM, "Check whether a module runs.", (_ONE,), is_quick=True),
    Action(
        "ModuleLoad",
        module_load,
        SYSTEM,
        "Load, unload, refresh or reload a module.",
        (
            ("Module", "a module, with or without its suffix; may be left out with reload, which then means all"),
            ("LoadType", "load, unload, refresh or reload"),
            ("Recursive", "yes, to refresh all that depend on it as well"),
        ),
        "When it is refused, Reason, Detail and Cure say why, and what to do.",
    ),
    Action("Ping", ping, synopsis="Keep the connection alive.", is_quick=True),
    Action(
        "Reload",
        reload_,
        CONFIG | SYSTEM,
        "Have modules read their configuration again.",
        (("Module", "a module; all of them, when left out"),),
    ),
    Action(
        "UserEvent",
        user_event,
        USER,
        "Raise an event of one's own.",
        (("UserEvent", "what to call it"), ("...", "headers of the event")),
    ),
    Action(
        "WaitEvent",
        wait_event,
        synopsis="Wait for an event.",
        syntax=(("Timeout", "seconds; -1 or nothing waits for ever"),),
        description="The answer comes with the events that arrived, closed by the event WaitEventComplete. A message "
        "that the client sends meanwhile ends the wait.",
    ),
)
"""In no order: a registry has its own."""
