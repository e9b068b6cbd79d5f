"""The table of commands: patterns, runs, completion."""

from __future__ import annotations

import os

import pytest

from asterism.errors import AsterismError, Fault
from runtime.core.commands.clients import Transcript
from runtime.core.commands.command import SHOWUSAGE, UNKNOWN, Command, CommandCall, Outcome
from runtime.core.commands.command_table import Provided, Table


def echo(call: CommandCall) -> None:
    call.line_out(f"{call.command.words}: {'|'.join(call.args)}: {call.rest}")


def table(*words: str) -> Table:
    made = Table()
    made.register(*(Command(entry, echo, summary=f"about {entry}") for entry in words))
    return made


def run(made: Table, line: str) -> tuple[str, list[str], bool]:
    client = Transcript()
    ok = made.run(line, client).ok
    return client.output, client.errors, ok


MATCHES = [
    ("module show", "module show [like]: : "),
    ("MODULE Show like res_", "module show [like]: res_: res_"),
    ("module show res_", "module show [like]: res_: res_"),
    ("module show failed", "module show failed: : "),
    ("set a", "set {a|b}: : "),
    ("set b c", "set {a|b}: c: c"),
    ("show % thing", "show %: thing: thing"),
    ('module show like "a  b"', "module show [like]: a  b: a  b"),
    ("module show like a  b", "module show [like]: a|b: a  b"),
]


@pytest.mark.parametrize(("line", "output"), MATCHES)
def test_the_command_that_matches_most_words_runs(line: str, output: str) -> None:
    made = table("module show [like]", "module show failed", "set {a|b}", "show %", "set")
    if line.startswith("show %"):
        line = "show any thing"
    assert run(made, line) == (f"{output}\n", [], True)


def test_an_unknown_command_is_told_in_asterisks_words_with_a_hint() -> None:
    assert run(table("module show", "core set debug"), "modul shwo x") == (
        "No such command 'modul shwo x' (type 'core show help modul shwo' for other possible commands)\n",
        ["did you mean 'module show'?\n"],
        False,
    )


HINTS = [
    ("core show nothing now", "core show nothing now"),
    ("core nothing now", "core nothing now"),
    ("nothing at all", "nothing at"),
    ("c sh up", "c sh"),
    ("one", "one"),
    ("reset a b", "reset a"),
    ("core show " + "x" * 90 + " more", ("core show " + "x" * 90)[:79]),
]


@pytest.mark.parametrize(("line", "hint"), HINTS)
def test_the_hint_at_help_goes_to_the_first_word_that_no_command_of_that_length_has(line: str, hint: str) -> None:
    """As ``find_best`` of main/cli.c has it."""
    made = table("core show help", "core reload", "core show version", "core show all now")
    output, _, _ = run(made, line)
    assert output == f"No such command '{line}' (type 'core show help {hint}' for other possible commands)\n"


def test_a_line_whose_words_only_the_handler_can_judge_is_unknown_when_it_says_so() -> None:
    made = Table()
    made.register(Command("set % {on|off}", lambda _: UNKNOWN))
    assert run(made, "set nix on")[::2] == (
        "No such command 'set nix on' (type 'core show help set nix' for other possible commands)\n",
        False,
    )


def test_a_client_runs_what_it_is_allowed_to() -> None:
    made = table("core show help", "core stop")
    made.allows = lambda _, line: line != "core stop now"
    assert run(made, "core show help")[2]
    assert run(made, "core   stop now") == (
        "You don't have permissions to run 'core stop now' command\n",
        ["'cli show permissions' shows who may run what; cli_permissions.conf says it\n"],
        False,
    )


def test_an_empty_line_is_nothing() -> None:
    assert run(table("a"), "  ") == ("", [], True)


def test_a_handler_may_ask_for_its_usage_to_be_shown() -> None:
    made = Table()
    made.register(Command("a", lambda call: SHOWUSAGE, usage="Usage: a B"))
    assert run(made, "a") == ("Usage: a B\n", [], False)


def test_faults_go_to_the_error_side_and_failure_to_both() -> None:
    def fail(_call: CommandCall) -> Outcome:
        raise AsterismError(Fault("it is broken", cure="mend it"))

    made = Table()
    made.register(Command("a", fail))
    assert run(made, "a x") == ("Command 'a x' failed.\n", ["it is broken\n    mend it\n"], False)


def test_an_answer_drives_no_terminal_unless_a_c_handler_wants_that() -> None:
    def answer(call: CommandCall) -> Outcome:
        call.line_out("name=\x1b[2J\tx\r")
        with call.descriptor() as fd:
            os.write(fd, b"\x1b[32mgreen\x1b[0m\n")
        raise AsterismError(Fault(f"it is not '{call.args[0]}'"))

    made = Table()
    made.register(Command("a", answer))
    assert run(made, "a \x07") == (
        "name=\\x1b[2J\tx\\x0d\n\x1b[32mgreen\x1b[0m\nCommand 'a \\x07' failed.\n",
        ["it is not '\\x07'\n"],
        False,
    )
    assert "\x07" not in run(made, "b \x07")[0]


def test_a_handler_that_raises_ends_its_command_only_and_is_reported() -> None:
    reported: list[str] = []

    def wrong(_call: CommandCall) -> Outcome:
        raise ZeroDivisionError("of course")

    made = Table()
    made.report = lambda command, error: reported.append(f"{command.words}: {error}")
    made.register(Command("a", wrong))
    output, errors, ok = run(made, "a")
    assert (output, ok, reported) == ("Command 'a' failed.\n", False, ["a: of course"])
    assert errors[0].startswith("the command raised ZeroDivisionError: of course\n")


def test_the_same_words_cannot_be_registered_twice() -> None:
    made = table("a b")
    with pytest.raises(AsterismError) as caught:
        made.register(Command("c", echo), Command("A B", echo, module="res_x"))
    assert str(caught.value) == "the command 'A B' exists already: the core registered it\n    give it other words"
    assert [command.words for command in made] == ["a b"]


def test_commands_of_a_module_go_together() -> None:
    made = table("a", "c")
    made.register(Command("b", echo, module="res_x"), Command("d", echo, module="res_y"))
    assert [command.words for command in made.remove_of("res_x")] == ["b"]
    assert [command.words for command in made] == ["a", "c", "d"]


COMPLETIONS = [
    ("", ["core", "module", "set"]),
    ("mo", ["module"]),
    ("module ", ["load", "show"]),
    ("module show ", ["like", "RES_A", "res_b"]),
    ("module show l", ["like"]),
    ("module show like r", ["RES_A", "res_b"]),
    ("module load r", []),
    ("set ", ["alpha", "beta"]),
    ("set b", ["beta"]),
    ("nothing ", []),
    ("core x y z", []),
]


@pytest.mark.parametrize(("line", "found"), COMPLETIONS)
def test_completions(line: str, found: list[str]) -> None:
    made = table("core show version", "set {alpha|beta}", "module load", "_hidden thing")
    made.register(Command("module show [like]", echo, complete=lambda asked: ["RES_A", "res_b"]))
    assert made.complete(line) == found


def test_what_a_c_handler_writes_to_its_descriptor_arrives_whole_and_in_order() -> None:
    def write(call: CommandCall) -> None:
        call.write("first\n")
        with call.descriptor() as fd:
            os.write(fd, b"x" * 300_000)
            os.write(fd, b"\xc3")
            os.write(fd, b"\xa4\xff\n")
        call.write("last\n")

    made = Table()
    made.register(Command("a", write))
    output, _, _ = run(made, "a")
    assert output == "first\n" + "x" * 300_000 + "ä\udcff\nlast\n"


def test_commands_whose_file_was_replaced_say_so_and_keep_no_other() -> None:
    def from_a_newer_release() -> list[Command]:
        raise ImportError("cannot import name 'newer' from 'runtime.core.core'")

    made = table("module show")
    made.provide(Provided((("database",), ("core", "show", "hints")), from_a_newer_release))
    told = (
        "the file of this command does not belong to the program that runs: "
        "cannot import name 'newer' from 'runtime.core.core'\n"
        "    it was replaced while the program runs: start the program again\n"
    )
    assert run(made, "database get a b") == (
        "Command 'database get a b' failed.\n",
        [told],
        False,
    )
    assert run(made, "module show") == ("module show: : \n", [], True)
    assert [command.words for command in made] == ["core show hints", "database", "module show"]
