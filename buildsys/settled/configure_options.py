"""The options and variables of configure, and its help text."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Literal

from asterism.errors import Fault, Severity
from asterism.values import dataclass, field, replace
from buildsys.settled.configuration import PLACES, Directories


@dataclass(frozen=True, slots=True)
class Request:
    """The parsed command line of configure."""

    dev_mode: bool = False
    directories: Directories = field(default_factory=Directories)
    wishes: tuple[tuple[str, bool | str], ...] = ()
    """(dependency, with, without or directory) in the order given."""
    variables: tuple[tuple[str, str], ...] = ()
    """CC, CFLAGS and the like: (name, value)."""
    launcher: str = ""
    """The launcher put before each compilation: ``ccache``, ``distcc``, ``icecc``, or several in order."""
    sanitizers: str = ""
    """Sanitizer names separated by commas, as in the compiler's ``-fsanitize``."""
    system_python: bool = False
    """Whether the distribution's Python libraries are used instead of copies."""
    host: str = ""
    """The machine to build for, as a triple; empty for this machine."""
    build: str = ""
    """The triple of this machine, as packagers name it; only compared with the host."""
    arguments: tuple[str, ...] = ()
    """The words of the command line, unchanged."""
    option_checking: Severity | Literal[""] = "warning"
    """The severity of unknown ``--enable-X`` and ``--with-X``; empty to ignore them."""
    warnings: tuple[Fault, ...] = ()
    """Warnings about options that have no effect."""
    help: bool = False
    version: bool = False
    quiet: bool = False

    @property
    def target(self) -> str:
        """The other machine to build for; empty for this machine."""
        return "" if self.host == self.build else self.host


Change = Callable[[Request, str], Request]


def _directory(name: str) -> Change:
    def change(request: Request, value: str) -> Request:
        return replace(request, directories=replace(request.directories, **{name: value}))

    return change


def _text(name: str) -> Change:
    def change(request: Request, value: str) -> Request:
        return replace(request, **{name: value})  # type: ignore[arg-type]

    return change


def _switch(name: str, *, on: bool = True) -> Change:
    def change(request: Request, _: str) -> Request:
        return replace(request, **{name: on})  # type: ignore[arg-type]

    return change


def _nothing(request: Request, _: str) -> Request:
    return request


def _checking(request: Request, value: str) -> Request:
    how: dict[str, Severity | Literal[""]] = {"no": "", "fatal": "error"}
    return replace(request, option_checking=how.get(value, "warning"))


def _no_unit(request: Request, _: str) -> Request:
    return replace(request, directories=replace(request.directories, systemdsystemunitdir=""))


def _unchecked(request: Request, _: str) -> Request:
    return replace(request, option_checking="")


@dataclass(frozen=True, slots=True)
class Option:
    """An option of configure: its spelling, its effect and its line of help."""

    word: str
    help: str
    change: Change
    argument: str = ""
    """The name of the argument in the help; empty for an option without argument."""
    may_be_empty: bool = False
    """Whether the argument may be empty."""


_DIRECTORY_HELP = {
    "prefix": "install below DIR",
    "exec_prefix": "what depends on the machine, below DIR",
    "bindir": "the program menuselect",
    "sbindir": "the program asterism",
    "libdir": "modules and libraries, in DIR/asterism, and DIR/pkgconfig",
    "includedir": "headers for modules, in DIR/asterism",
    "sysconfdir": "configuration files, in DIR/asterism",
    "localstatedir": "files that change, in DIR/*/asterism",
    "runstatedir": "the control socket, in DIR/asterism",
    "datadir": "completion for shells",
    "mandir": "manual pages",
    "docdir": "documentation",
    "systemdsystemunitdir": "the unit for systemd",
}
"""The content of each install directory; the other directories of :data:`PLACES` are accepted but not used."""

_SPELLED = {"systemdsystemunitdir": "--with-systemdsystemunitdir"}


def directory_option(name: str) -> Option:
    """The option that sets a directory of :data:`PLACES`."""
    usual = f" [{getattr(Directories(), name)}]".replace("${", "").replace("}", "")
    word = _SPELLED.get(name) or f"--{name.replace('_', '-')}"
    return Option(word, f"{_DIRECTORY_HELP[name]}{usual}" if name in _DIRECTORY_HELP else "", _directory(name), "DIR")


OPTIONS = (
    Option("--help", "show this text", _switch("help")),
    Option("--version", "show the version", _switch("version")),
    Option("--quiet", "print nothing but faults", _switch("quiet")),
    *map(directory_option, PLACES),
    Option("--without-systemdsystemunitdir", "install no unit for systemd", _no_unit),
    Option("--enable-dev-mode", "warnings are errors, and unit tests are compiled in", _switch("dev_mode")),
    Option("--disable-dev-mode", "the opposite, and the default", _switch("dev_mode", on=False)),
    Option(
        "--system-python", "install no copies of Python libraries; take the distribution's", _switch("system_python")
    ),
    Option("--launcher", "put PROGRAM before each compilation: ccache, distcc, icecc", _text("launcher"), "PROGRAM"),
    Option("--sanitize", "report errors at run time: address, undefined, thread, leak", _text("sanitizers"), "LIST"),
    Option("--host", "build modules for another machine, such as aarch64-linux-gnu", _text("host"), "TRIPLE"),
    Option("--build", "what this machine is called; only compared with --host", _text("build"), "TRIPLE"),
    Option("--disable-option-checking", "pass over unknown --enable-X and --with-X without a word", _unchecked),
)

_QUIETLY = (
    Option("--enable-option-checking", "", _checking, "HOW"),
    Option("--silent", "", _switch("quiet")),
    Option("--target", "", _nothing, "TRIPLE"),
    Option("--srcdir", "", _nothing, "DIR"),
    Option("--cache-file", "", _nothing, "FILE"),
    Option("--config-cache", "", _nothing),
    *(
        Option(f"--program-{what}", "", _nothing, "NAME", may_be_empty=True)
        for what in ("prefix", "suffix", "transform-name")
    ),
)
"""Options of autoconf that have no effect here, and are therefore not in the help."""

AUTOMAKE = (
    *("aix-soname", "debug", "dependency-tracking", "fast-install", "gnu-ld", "largefile", "libtool-lock"),
    *("maintainer-mode", "nls", "pic", "pkgconfigdir", "rpath", "shared", "silent-rules", "static", "strip"),
    *("sysroot", "threads", "year2038"),
)
"""Names after ``--enable-`` or ``--with-`` that automake, libtool and gettext define for every ``configure``."""

BY_WORD = {option.word: option for option in (*OPTIONS, *_QUIETLY)}
SHORT = {"-h": "--help", "-V": "--version", "-q": "--quiet", "-C": "--config-cache"}

VARIABLES = {
    "CC": "the C compiler, with its own flags",
    "CXX": "the C++ compiler, likewise",
    "CPPFLAGS": "flags for the preprocessor, such as -I DIR",
    "CFLAGS": "flags for C",
    "CXXFLAGS": "flags for C++",
    "LDFLAGS": "flags for the linker, such as -L DIR",
    "PKG_CONFIG": "the pkg-config to ask",
    "PKG_CONFIG_PATH": "where pkg-config looks first",
    "PKG_CONFIG_LIBDIR": "where pkg-config looks in place of its usual directories",
}

OTHER_VARIABLES = (
    *("AR", "CPP", "CXXCPP", "FC", "FCFLAGS", "F77", "FFLAGS", "LD", "LIBS", "LT_SYS_LIBRARY_PATH", "NM"),
    *("OBJCFLAGS", "OBJCXXFLAGS", "OBJDUMP", "RANLIB", "STRIP"),
)
"""Variables of other ``configure`` scripts, which packaging tools pass to all of them."""


def usage(dependencies: Collection[str]) -> str:
    """The text of ``./configure --help``, in lines of any length."""
    rows = [(f"{o.word}={o.argument}" if o.argument else o.word, o.help) for o in OPTIONS if o.help]
    rows += [
        ("--with-NAME[=DIR]", "insist on a dependency; look for it in DIR"),
        ("--without-NAME", "do without a dependency"),
    ]
    return "\n".join(
        [
            "usage: ./configure [OPTION ...] [VARIABLE=value ...]",
            "",
            *(_row(word, text) for word, text in rows),
            "",
            "Variables, here or in the environment:",
            *(_row(name, text) for name, text in VARIABLES.items()),
            "",
            "NAME is one of:",
            f"  {' '.join(sorted(dependencies))}",
            "",
            "Taken, and of no effect:",
            f"  {' '.join(option.word for option in OPTIONS if not option.help)}",
        ]
    )


_COLUMN = 24


def _row(word: str, text: str) -> str:
    """The line of the help for one option: its spelling and its text."""
    return f"  {word:<{_COLUMN - 4}}  {text}"
