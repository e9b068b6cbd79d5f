"""The flags of the runtime, as in Asterisk: ``asterism -cvvvg``, ``-rx COMMAND`` (main/asterisk.c, ``main``)."""

from __future__ import annotations

# runtime is imported where it is used: importing the program takes 150 ms, a remote command 15 ms of that.
import getopt
import os
import sys

from asterism import __version__
from asterism.errors import AsterismError, Fault, report
from asterism.values import TYPE_CHECKING, dataclass, field

if TYPE_CHECKING:
    from collections.abc import Sequence

    from runtime.conf.asterisk_conf import Options

TAKEN = "BC:cde:FfG:ghIiL:M:mnpqRrs:TtU:VvWXx:"
"""All flags of Asterisk; those followed by a colon take an argument."""

UNSUPPORTED = {
    "e": "there are no calls to refuse when memory is short",
    "L": "there are no calls to refuse under load",
    "M": "there are no calls to count",
    "i": "it has no keys to initialise",
    "I": "it has no internal timing",
    "t": "it records no sound",
    "p": "it does not run at real-time priority; use chrt(1)",
    "B": "it does not change the background; the terminal's own colours are used",
    "W": "it does not change the background; the terminal's own colours are used",
}
"""Flags of Asterisk that are accepted without effect, and the reason."""
START_ONLY = "cFfGgnUX"
"""Flags that have no effect on a remote console."""

HELP = """\
usage: asterism -c [-v...] [-g] [-C FILE]    run with a console
       asterism -f | -F [-C FILE]            run without one
       asterism -r | -R | -rx COMMAND        talk to a running asterism

  -C FILE     use this asterisk.conf
  -c          provide a console
  -f          stay in the foreground, with the log on standard output
  -F          go to the background; ends with the status of the start
  -r          connect to a running asterism, with a prompt
  -R          the same, and connect again when the connection is lost
  -x COMMAND  run one command there; ends with 1 when it failed (implies -r)
  -s SOCKET   the control socket to connect to, with -r, -R or -x
  -v          be more verbose (again: more)
  -d          make more debug messages (again: more)
  -g          dump core in case of a crash
  -m          begin with the log muted on the console
  -n          no colours
  -q          be quiet: print nothing but faults during the start
  -T          put the time before each line of verbose output
  -X          allow #exec in asterisk.conf
  -U USER     run as this user (only root can)
  -G GROUP    run as this group (only root can)
  --probe     try each new module in a child process first
  -V          print the version
  -h          print this help

Without -c, -f or -F it goes to the background, as asterisk does.
"""


@dataclass(frozen=True, slots=True)
class Flags:
    """A parsed command line."""

    letters: tuple[str, ...] = ()
    values: dict[str, str] = field(default_factory=dict)
    """The last argument of each flag that takes one."""

    def has(self, letters: str) -> bool:
        """Whether the command line has any of these flags."""
        return any(letter in self.letters for letter in letters)

    def count(self, letter: str) -> int:
        """How often a flag is given."""
        return self.letters.count(letter)

    @property
    def is_remote(self) -> bool:
        """Whether the command line refers to a program that runs already."""
        return self.has("rRx")


def parse(words: Sequence[str]) -> Flags:
    """Parse a command line.

    Raises:
        AsterismError: an unknown flag, a missing argument, or an extra word; its status is 2.
    """
    try:
        pairs, rest = getopt.getopt(list(words), TAKEN, ["probe"])
    except getopt.GetoptError as error:
        cure = "'asterism -h' lists the flags, 'asterism help' the verbs"
        raise AsterismError(Fault(str(error), cure=cure, code="usage"), status=2) from None
    if rest:
        cure = "a command for -x is one argument: asterism -rx 'module show'"
        raise AsterismError(Fault(f"unexpected '{rest[0]}'", cure=cure, code="usage"), status=2)
    letters = tuple(flag.lstrip("-") for flag, _ in pairs)
    return Flags(letters, {flag.lstrip("-"): value for flag, value in pairs if value})


def main(words: Sequence[str]) -> int:
    """Run the runtime's part of the command line.  Returns the exit status.

    Raises:
        AsterismError: the command failed.
    """
    open_missing_streams()
    flags = parse(words)
    if flags.has("h"):
        print(HELP, end="")
        return 0
    if flags.has("V"):
        print(f"Asterism {__version__}")
        return 0
    for letter in dict.fromkeys(flags.letters):
        if letter in UNSUPPORTED:
            print(f"asterism: -{letter} has no effect: {UNSUPPORTED[letter]}", file=sys.stderr)
    return _remote(flags) if flags.is_remote else _run(flags)


def open_missing_streams() -> None:
    """Open the null device where standard input, output or error is closed.

    Otherwise the next opened file or socket gets that number, and receives the output for the user.
    """
    for number, (name, mode) in enumerate((("stdin", "r"), ("stdout", "w"), ("stderr", "w"))):
        if getattr(sys, name) is not None:
            continue
        null = os.open(os.devnull, os.O_RDWR)
        if null != number:
            os.dup2(null, number)
            os.close(null)
        os.set_inheritable(number, True)
        setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115 (for good)


def _remote(flags: Flags) -> int:
    from runtime.conf import asterisk_conf, install_tree
    from runtime.control import remote_client

    for letter in START_ONLY:
        if flags.has(letter):
            print(f"asterism: -{letter} has no effect with -r, -R or -x", file=sys.stderr)
    read = asterisk_conf.load(install_tree.load, flags.values.get("C"), exec_=flags.has("X"))
    path = flags.values.get("s") or read.socket
    if flags.has("x"):
        return remote_client.execute(path, flags.values.get("x", ""))
    from runtime.control.console import remote_console

    verbose = max(flags.count("v"), read.options.verbose)
    has_shell = not read.options.disable_remote_console_shell
    return remote_console(path, verbose, reconnect=flags.has("R"), has_shell=has_shell)


def _run(flags: Flags) -> int:
    from runtime.conf import asterisk_conf, install_tree
    from runtime.host import process
    from runtime.program import program_run

    read = asterisk_conf.load(install_tree.provide, flags.values.get("C"), exec_=flags.has("X"))
    chosen = asterisk_conf.with_flags(read, **_chosen(flags, read.options))
    options = chosen.options
    if options.console and options.alwaysfork:
        print("asterism: -F and alwaysfork have no effect with a console", file=sys.stderr)
    background = not options.console and (options.alwaysfork or not options.nofork)
    try:
        status = program_run.run(chosen, console=options.console, background=background)
    except AsterismError as error:
        report(error.faults, program="asterism")
        status = error.status
    process.leave(status)


def _chosen(flags: Flags, options: Options) -> dict[str, object]:
    """The options that the flags set, which override those of asterisk.conf."""
    switches = {
        "c": "console",
        "f": "nofork",
        "F": "alwaysfork",
        "g": "dumpcore",
        "n": "nocolor",
        "m": "mute",
        "q": "quiet",
        "T": "timestamp",
    }
    chosen: dict[str, object] = {name: True for letter, name in switches.items() if flags.has(letter)}
    for letter, name in (("U", "runuser"), ("G", "rungroup")):
        if letter in flags.values:
            chosen[name] = flags.values[letter]
    chosen["probe"] = "probe" in flags.letters
    chosen["verbose"] = max(options.verbose, flags.count("v"))
    chosen["debug"] = max(options.debug, flags.count("d"))
    if flags.has("f"):
        chosen["alwaysfork"] = flags.has("F")
    return chosen
