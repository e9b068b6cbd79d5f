"""asterisk.conf: directories and options.  It overrides the installed tree; the command line overrides it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Set

from asterism.errors import Fault
from asterism.light.types import NamedTuple
from asterism.names import did_you_mean
from asterism.numbers import INT, number
from asterism.values import TYPE_CHECKING
from runtime.conf import conf_file, conf_values
from runtime.conf.install_tree import Layout

if TYPE_CHECKING:
    from typing import Any

CONTROL = "asterisk.ctl"
"""The name of the control socket in the run directory, as in Asterisk."""


class Directories(NamedTuple):
    """The directories as absolute paths; strings, since ``-rx`` reads them before it imports anything else."""

    astetcdir: str
    astmoddir: str
    astvarlibdir: str
    astdbdir: str
    astkeydir: str
    astdatadir: str
    astagidir: str
    astspooldir: str
    astrundir: str
    astlogdir: str
    astcachedir: str
    astsbindir: str


class Options(NamedTuple):
    """The options of asterisk.conf and the command line."""

    verbose: int = 0
    debug: int = 0
    console: bool = False
    nofork: bool = False
    alwaysfork: bool = False
    quiet: bool = False
    timestamp: bool = False
    nocolor: bool = False
    dumpcore: bool = False
    execincludes: bool = False
    highpriority: bool = False
    hideconnect: bool = False
    live_dangerously: bool = False
    """Whether clients of the manager may read and change configuration files outside astetcdir."""
    disable_remote_console_shell: bool = False
    mute: bool = False
    probe: bool = False
    strict: bool = False
    """Whether faults in configuration files stop the start; otherwise they are logged."""
    runuser: str = ""
    rungroup: str = ""
    systemname: str = ""
    maxfiles: int = 0
    """The limit of open descriptors of the process; 0 leaves it unchanged."""
    watchdog: int = 10
    """Seconds that a module's callback may take before a warning is logged; 0 turns the warnings off."""
    standins: bool = False
    """Whether modules that need missing names of Asterisk are opened with stand-ins for them."""
    astctl: str = CONTROL
    astctlpermissions: int = 0o600
    """Permission bits of the control socket."""
    astctlowner: str = ""
    """The user that owns the control socket; empty for the program's user."""
    astctlgroup: str = ""
    """The group of the control socket; empty for the program's group."""


class Settings(NamedTuple):
    """The directories and options, with their sources."""

    file: str
    """The path of the asterisk.conf; unless it was named explicitly, the file may not exist."""
    directories: Directories
    options: Options = Options()
    layout: Layout | None = None
    warnings: tuple[Fault, ...] = ()

    @property
    def socket(self) -> str:
        """The path of the control socket."""
        return os.path.join(self.directories.astrundir, self.options.astctl)


Convert = Callable[[str], object]


def _number(text: str) -> int:
    """The number that an option such as ``verbose`` means; yes is 1, as in Asterisk."""
    found = number(text, -INT, INT)
    return int(conf_values.is_true(text)) if found is None else max(0, found)


OPTIONS: dict[str, tuple[str, Convert]] = {
    "verbose": ("verbose", _number),
    "debug": ("debug", _number),
    "console": ("console", conf_values.is_true),
    "nofork": ("nofork", conf_values.is_true),
    "alwaysfork": ("alwaysfork", conf_values.is_true),
    "quiet": ("quiet", conf_values.is_true),
    "timestamp": ("timestamp", conf_values.is_true),
    "nocolor": ("nocolor", conf_values.is_true),
    "dumpcore": ("dumpcore", conf_values.is_true),
    "execincludes": ("execincludes", conf_values.is_true),
    "highpriority": ("highpriority", conf_values.is_true),
    "hideconnect": ("hideconnect", conf_values.is_true),
    "live_dangerously": ("live_dangerously", conf_values.is_true),
    "disable_remote_console_shell": ("disable_remote_console_shell", conf_values.is_true),
    "runuser": ("runuser", str),
    "rungroup": ("rungroup", str),
    "systemname": ("systemname", str),
    "strict": ("strict", conf_values.is_true),
    "maxfiles": ("maxfiles", _number),
    "watchdog": ("watchdog", _number),
    "standins": ("standins", conf_values.is_true),
}
"""The options of [options] that have an effect: the field of each, and the function that reads its value."""

TELEPHONY = frozenset(
    {
        "autosystemname",
        "cache_media_frames",
        "cache_record_files",
        "channel_storage_backend",
        "defaultlanguage",
        "documentation_language",
        "dontwarn",
        "entityid",
        "forceblackbackground",
        "hide_messaging_ami_events",
        "initcrypto",
        "languageprefix",
        "lightbackground",
        "lockconfdir",
        "lockmode",
        "maxcalls",
        "maxload",
        "mindtmfduration",
        "minmemfree",
        "record_cache_dir",
        "refdebug",
        "rtp_pt_dynamic",
        "rtp_use_dynamic",
        "sounds_search_custom_dir",
        "stdexten",
        "trace",
        "transcode_via_sln",
        "transmit_silence",
        "transmit_silence_during_record",
    },
)
"""Options of Asterisk about calls and media: accepted silently, since a working asterisk.conf contains them."""


def load(layout: Callable[[], Layout], file: str | None = None, *, exec_: bool = False) -> Settings:
    """Read asterisk.conf.

    Args:
        layout: returns the installed tree; called only for directories that the file does not name.
        file: the file; by default asterisk.conf in the tree's configuration directory, which may be absent.
        exec_: whether ``#exec`` in it may run programs (``-X``).

    Raises:
        AsterismError: the file cannot be read or is invalid.
    """
    path = os.path.abspath(file) if file else os.path.join(layout().directories["astetcdir"], "asterisk.conf")
    if file is None and not os.path.lexists(path):
        return _settings(conf_values.Config(path), layout)
    return _settings(conf_file.load(path, exec_=exec_), layout)


def loads(text: str, layout: Layout, file: str = "asterisk.conf") -> Settings:
    """Parse an asterisk.conf given as text.  Raises AsterismError when it is invalid."""
    return _settings(conf_file.loads(text, file), lambda: layout)


def _settings(read: conf_values.Config, layout: Callable[[], Layout]) -> Settings:
    directories, warnings = _directories(read)
    known = None
    if len(directories) < len(Directories._fields):
        known = layout()
        directories = {**known.directories, **directories}
    options, more = _options(read)
    chosen = Directories(**{name: directories[name] for name in Directories._fields})
    return Settings(read.file, chosen, options, known, (*read.warnings, *warnings, *more))


def _directories(read: conf_values.Config) -> tuple[dict[str, str], list[Fault]]:
    """The directories that [directories] names, absolute; relative ones are resolved against the file's directory."""
    base = os.path.dirname(os.path.abspath(read.file))
    known = set(Directories._fields)
    found: dict[str, str] = {}
    warnings = []
    for variable in read.variables("directories"):
        name = variable.name.lower()
        if name in known and variable.value:
            found[name] = os.path.normpath(os.path.join(base, variable.value))
        elif name not in known:
            warnings.append(_unknown("directory", variable, known))
    # As in main/options.c: astdbdir follows astvarlibdir, and astkeydir follows astdatadir.
    for follower, leader in (("astdbdir", "astvarlibdir"), ("astkeydir", "astdatadir")):
        if leader in found:
            found.setdefault(follower, found[leader])
    return found, warnings


def _options(read: conf_values.Config) -> tuple[Options, list[Fault]]:
    values: dict[str, Any] = {}
    warnings = []
    for variable in read.variables("options"):
        name = variable.name.lower()
        if name in OPTIONS:
            entry, convert = OPTIONS[name]
            values[entry] = convert(variable.value)
            if convert is not str and _is_unclear(variable.value, convert):
                warnings.append(_unclear(variable, convert))
        elif name not in TELEPHONY:
            warnings.append(_unknown("option", variable, OPTIONS))
    for variable in read.variables("files"):
        name = variable.name.lower()
        if name == "astctl" and variable.value and "/" not in variable.value:
            values["astctl"] = variable.value
        elif name == "astctl":
            warnings.append(_no_socket_name(variable))
        elif name == "astctlpermissions":
            mode = _mode(variable.value)
            values[name] = 0o600 if mode is None else mode
            warnings += [] if mode is not None else [_no_mode(variable)]
        elif name in _OF_THE_SOCKET:
            values[name] = variable.value
        else:
            warnings.append(_unknown("setting of [files]", variable, _OF_THE_SOCKET))
    return Options(**values), warnings


def _is_unclear(text: str, convert: Convert) -> bool:
    return conf_values.is_unclear(text) and not (convert is _number and number(text, -INT, INT) is not None)


def _unclear(variable: conf_values.Variable, convert: Convert) -> Fault:
    kind = "a number" if convert is _number else "yes or no"
    what = f"'{variable.value}' is not {kind}; {variable.name} is off"
    return Fault(what, variable.place, cure=f"write {kind}", code="unclear", severity="warning")


_OF_THE_SOCKET = frozenset({"astctl", "astctlpermissions", "astctlowner", "astctlgroup"})


def _mode(text: str) -> int | None:
    """Permission bits from octal digits; None when the text is invalid."""
    return int(text, 8) if text and len(text) <= 4 and set(text) <= set("01234567") and int(text, 8) <= 0o777 else None


def _no_mode(variable: conf_values.Variable) -> Fault:
    return Fault(
        f"'{variable.value}' is not a mode of a file; the control socket is its owner's alone",
        variable.place,
        cure="write three octal digits: 0660 lets the group in that astctlgroup names",
        code="astctlpermissions",
        severity="warning",
    )


def _no_socket_name(variable: conf_values.Variable) -> Fault:
    return Fault(
        f"'{variable.value}' cannot be the name of the control socket; it is '{CONTROL}'",
        variable.place,
        cure="write a file name without a slash; the directory is 'astrundir' of [directories]",
        code="astctl",
        severity="warning",
    )


def _unknown(kind: str, variable: conf_values.Variable, known: Mapping[str, object] | Set[str]) -> Fault:
    hint = did_you_mean(variable.name, known)
    return Fault(
        f"unknown {kind} '{variable.name}'", variable.name_place, cure=hint, code="unknown-option", severity="warning"
    )


def with_flags(settings: Settings, **flags: Any) -> Settings:
    """The settings with options of the command line in place of their own."""
    return settings._replace(options=settings.options._replace(**flags))
