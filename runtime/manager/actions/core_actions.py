"""Actions on the core: its commands, its modules, its state; as a table."""

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
from asterism.errors import AsterismError, Fault
from asterism.names import bare, did_you_mean
from runtime.conf import conf_values
from runtime.core.actions import Action
from runtime.core.commands.command import Outcome
from runtime.core.commands.typed_words import split
from runtime.core.core import Core, Reload
from runtime.core.event_classes import COMMAND, CONFIG, REPORTING, SYSTEM
from runtime.core.manager_message import GREETING
from runtime.manager.request import Request, reasons

# ---- commands ------------------------------------------------------------------------------------

_NOT_SO = {("module", "load"), ("module", "unload"), ("restart", "gracefully")}
"""Commands that the action Command refuses; other actions do the same (``check_blacklist``)."""


class _Output:
    """A client of the command table that stores the output."""

    who = "a client of the manager"
    verbose = 0
    muted = True

    def __init__(self) -> None:
        self.hidden: set[str] = set()
        self.parts: list[str] = []

    def out(self, text: str) -> None:
        self.parts.append(text)

    def err(self, text: str) -> None:
        """Ignore the reasons of a failure: the outcome has them as faults."""

    def log(self, text: str) -> None:
        """Ignore the log, which is not part of the answer."""


_COLOR = re.compile(r"\033\[[0-9;]*m")


def _uncolored(text: str) -> str:
    """A command's output without colours (``term_strip``), other control characters escaped."""
    return escaped_lines(_COLOR.sub("", text))


def command(request: Request) -> None:
    """Run a CLI command; each line of output becomes a header of the answer (``action_command``).

    A command that reports its failure in its output, and that Asterisk counts as a success, is a success here too.
    """
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
    if not outcome.ok and not outcome.is_answered:
        unsaid = [fault for fault in outcome.faults if fault.code != "unknown-command"]
        request.send("Error", (*fields, *reasons(unsaid)))
    else:
        request.send("Success", fields)


# ---- modules -------------------------------------------------------------------------------------


def module_check(request: Request) -> None:
    """Report whether a module is loaded (``manager_modulecheck``); ``Status`` marks a module that declined."""
    wanted = bare(request.get("Module")).lower()
    if not any(bare(file).lower() == wanted for file in request.core.loader.names()):
        request.error("Module not loaded")
    elif request.core.loader.is_running(wanted):
        request.ok("", ("Version", ""))
    else:
        request.ok("", ("Version", ""), ("Status", "Not Running"))


_RELOADED = {
    Reload.SUCCESS: "",
    Reload.QUEUED: "",
    Reload.NOT_FOUND: "No such module",
    Reload.ERROR: "An unknown error occurred",
    Reload.IN_PROGRESS: "A reload is in progress",
    Reload.UNINITIALIZED: "Module not initialized",
    Reload.NOT_IMPLEMENTED: "Module does not support reload",
}
"""The error for each result of a reload; empty for success."""


def reload_(request: Request) -> None:
    """Reload a module, or all (``action_reload``)."""
    wrong = _RELOADED[request.core.loader.reload(request.get("Module") or None)]
    if wrong:
        request.error(wrong)
    else:
        request.ok("Module Reloaded")


def _reload(request: Request, module: str) -> None:
    result = request.core.loader.reload(module)
    if result is Reload.NOT_IMPLEMENTED:
        request.error("Module does not support reload action.")
    elif _RELOADED[result]:
        request.error(_RELOADED[result])
    else:
        request.ok("Module reloaded.")


def _reload_all(request: Request) -> None:
    request.core.loader.reload(None)
    request.ok("All modules reloaded")


def _load(request: Request, module: str) -> None:
    request.core.loader.load(module)
    request.core.loader.announce(module)
    request.ok("Module loaded.")


def _unload(request: Request, module: str) -> None:
    request.core.loader.unload(module)
    request.ok("Module unloaded.")


def _refresh(request: Request, module: str) -> None:
    request.core.loader.refresh(module, recursively=conf_values.is_true(request.get("Recursive")))
    request.ok("Module unloaded and loaded.")


_LOAD_TYPES: dict[str, tuple[Callable[[Request, str], None], str]] = {
    "load": (_load, "Could not load module."),
    "unload": (_unload, "Could not unload module."),
    "refresh": (_refresh, "Could not refresh module."),
    "reload": (_reload, "An unknown error occurred"),
}


def module_load(request: Request) -> None:
    """Load, unload, refresh or reload a module (``manager_moduleload``), with exactly one answer."""
    kind, module = request.get("LoadType").lower(), request.get("Module")
    if kind == "reload" and not module:
        _reload_all(request)
    elif kind and not module:
        request.error("Need module name")
    elif module and (missing := _no_file(request.core, module)):
        request.fail(AsterismError(missing))
    elif kind not in _LOAD_TYPES:
        request.error("Incomplete ModuleLoad action.")
    else:
        doing, failed = _LOAD_TYPES[kind]
        try:
            doing(request, module)
        except AsterismError as error:
            request.fail(error, failed)


def _no_file(core: Core, module: str) -> Fault | None:
    """The fault of a name that is not a module, in Asterisk's words, or None (``file_in_modules_dir``)."""
    known = {*core.loader.files(), *core.loader.names()}
    if module in known or module in map(bare, known):
        return None
    if os.path.exists(os.path.join(core.settings.directories.astmoddir, module.strip())):
        return Fault("Module must be in the configured modules directory.", code="module-name")
    return Fault("Module not found.", cure=did_you_mean(module, known), code="no-such-file")


# ---- the core ------------------------------------------------------------------------------------


def core_status(request: Request) -> None:
    """Report the times of start and last reload, and the number of calls."""
    times = request.core.times
    fields = []
    for label, moment in (("Startup", times.started), ("Reload", times.reloaded or times.started)):
        local = time.localtime(moment)
        fields.append((f"Core{label}Date", time.strftime("%Y-%m-%d", local)))
        fields.append((f"Core{label}Time", time.strftime("%H:%M:%S", local)))
    channels = request.core.channels
    request.ok("", *fields, ("CoreCurrentCalls", len(channels)), ("CoreProcessedCalls", channels.processed))


def core_settings(request: Request) -> None:
    """Report the version and the settings of the program."""
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


def logger_rotate(request: Request) -> None:
    """Start new log files (``action_loggerrotate``)."""
    faults = request.core.rotate_logs()
    if faults:
        request.fail(AsterismError(*faults), "Failed to reload the logger and rotate log files")
    else:
        request.ok("Reloaded the logger and rotated log files")


def _name(look: Callable[[], str], number: int) -> str:
    try:
        return look()
    except KeyError:
        return str(number)


_ONE = ("Module", "a module, with or without its suffix")

ACTIONS = (
    Action(
        "Command",
        command,
        COMMAND,
        "Run a command of the CLI.",
        (("Command", "the line, as on the console"),),
        "Each line the command says is a header 'Output'. When it failed, the Response is Error, and Reason, Detail "
        "and Cure say why. 'module load' and 'module unload' need the action ModuleLoad.",
    ),
    Action("CoreSettings", core_settings, SYSTEM | REPORTING, "Show what this program is.", is_quick=True),
    Action("CoreStatus", core_status, SYSTEM | REPORTING, "Show since when this program runs.", is_quick=True),
    Action("LoggerRotate", logger_rotate, SYSTEM | REPORTING, "Begin new log files."),
    Action("ModuleCheck", module_check, SYSTEM, "Check whether a module is loaded.", (_ONE,), is_quick=True),
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
    Action(
        "Reload",
        reload_,
        CONFIG | SYSTEM,
        "Have modules read their configuration again.",
        (("Module", "a module; all of them, when left out"),),
    ),
)
