"""The table of the core's commands names the file of each; a start imports none that it does not need."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from asterism.errors import AsterismError
from runtime.cli import all_commands
from runtime.cli.all_commands import FILES, CommandFile
from runtime.core.commands.clients import Transcript
from runtime.core.commands.command import Command, declare
from runtime.core.commands.command_table import Provided, Table
from runtime.core.core import Core
from runtime.loader.loader import Loader
from runtime.logs.log_files import Logs

PROJECT = str(Path(all_commands.__file__).parents[2])
HEAVY = {"dataclasses", "glob", "hashlib", "inspect", "random", "sqlite3", "string", "subprocess", "typing", "xml"}
"""Modules of Python that take long to import and that few starts need."""


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.module)
def test_every_command_of_a_file_begins_as_the_table_says_and_every_beginning_has_one(
    file: CommandFile, core: Core, loader: Loader, tmp_path: Path
) -> None:
    given = {"core": core, "loader": loader, "logs": Logs(core.logger, str(tmp_path)), "service": core.manager}
    provided = all_commands._provided(file, given)
    words = [command.patterns for command in provided.make()]
    assert [each for each in words if not provided.begins(each)] == []
    used = {
        beginning for beginning in provided.beginnings if any(each[: len(beginning)] == beginning for each in words)
    }
    assert used == set(provided.beginnings)


def test_a_start_imports_what_it_needs() -> None:
    program = (
        "import sys, runtime.program.assembly, runtime.program.program_run, runtime.api.all;"
        "print(*[name for name in sys.modules if name in {*sys.argv[1:]} or name.startswith('runtime.cli')])"
    )
    run = subprocess.run(
        [sys.executable, "-IS", "-c", f"import sys; sys.path.insert(0, {PROJECT!r}); {program}", *HEAVY],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    needed = "", ".all_commands", ".argument_kinds", ".core", ".core.core_commands", ".core.license_commands"
    imported = {*run.stdout.split()} - ({"glob"} if sys.version_info >= (3, 13) else set())  # pathlib imports it there
    assert imported == {f"runtime.cli{name}" for name in (*needed, ".module_commands")}


def provided(made: list[str], beginning: str, *lines: str) -> Provided:
    """Commands that note when they are made."""

    def make() -> Iterable[Command]:
        made.append(beginning)
        return [declare(line, lambda call: call.line_out(call.command.words)) for line in lines]

    return Provided((tuple(beginning.split()),), make)


@pytest.fixture
def made() -> list[str]:
    return []


@pytest.fixture
def table(made: list[str]) -> Table:
    table = Table()
    table.provide(
        provided(made, "disk show", "disk show free", "disk show [like]"), provided(made, "disk", "disk eject"),
        provided(made, "lamp", "lamp on"),
    )  # fmt: skip
    return table


@pytest.mark.parametrize(
    ("line", "output", "wanted"),
    [
        ("Disk SHOW free", "disk show free\n", ["disk show", "disk"]),
        ("disk eject", "disk eject\n", ["disk"]),
        ("lamp on", "lamp on\n", ["lamp"]),
    ],
)
def test_a_command_makes_those_that_begin_as_it_does(
    table: Table, made: list[str], line: str, output: str, wanted: list[str]
) -> None:
    client = Transcript()
    assert table.run(line, client).ok
    assert table.run(line, client).ok
    assert (client.output, made) == (output * 2, wanted)


def test_the_list_of_commands_and_completion_make_all(table: Table, made: list[str]) -> None:
    assert table.complete("disk ") == ["eject", "show"]
    assert [command.words for command in table] == ["disk eject", "disk show [like]", "disk show free", "lamp on"]
    assert made == ["disk show", "disk", "lamp"]


def test_an_unknown_command_is_compared_with_all(table: Table) -> None:
    client = Transcript()
    assert not table.run("lamb on", client).ok
    assert client.errors == ["did you mean 'lamp on'?\n"]


def test_a_module_cannot_take_the_words_of_a_command_that_is_not_made_yet(table: Table, made: list[str]) -> None:
    with pytest.raises(AsterismError) as error:
        table.register(declare("lamp on", lambda call: None, module="res_lamp"))
    assert (error.value.faults[0].code, made) == ("command-exists", ["lamp"])


def test_commands_of_others_make_none(table: Table, made: list[str]) -> None:
    table.register(declare("radio on", lambda call: None, module="res_radio"))
    assert (table.run("radio on", Transcript()).ok, [c.words for c in table.remove_of("res_radio")], made) == (
        True, ["radio on"], [],
    )  # fmt: skip
