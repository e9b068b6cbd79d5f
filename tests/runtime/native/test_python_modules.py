"""Modules in Python live the life of those in C: opened, loaded, used, unloaded, closed; mistakes are faults."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from asterism.errors import AsterismError, Fault, Place
from runtime.core.commands.clients import Transcript
from runtime.core.core import Core
from runtime.dialplan import functions
from runtime.model.emulated_channel import Channel
from runtime.model.module_record import GPL_KEY, ModuleInfo
from runtime.modules.module_opening import PythonModule, open_module

FULL = '''
"""A module.

/*** MODULEINFO
    <support_level>extended</support_level>
***/
"""

from runtime.api.cli import command
from runtime.api.module import ModuleInfo
from runtime.api.pbx import application, function, split_arguments

MODULE = ModuleInfo("Shouts", requires=("res_voice",))
loudness = 1


def set_loudness(channel, arguments, value):
    global loudness
    loudness = int(value)


@function("SHOUT", write=set_loudness, synopsis="Shouts.", syntax="SHOUT(text)")
def shout(channel, arguments):
    return arguments.upper() + "!" * loudness


@application("Shout", synopsis="Shouts.")
def shout_on(channel, data):
    channel.variables.set("SHOUTED", "+".join(split_arguments(data)))


@command("shout %", summary="Shout", usage="Usage: shout TEXT", complete=lambda asked: ["loud", "quiet"])
def shout_command(call):
    call.line_out(shout(None, " ".join(call.words[1:])))


def load_module():
    return 0


def unload_module():
    return 0


def reload_module():
    return 5
'''

Write = Callable[..., PythonModule]


@pytest.fixture
def module(core: Core, tmp_path: Path) -> Write:
    def make(source: str, name: str = "res_try") -> PythonModule:
        file = tmp_path / f"{name}.py"
        file.write_text(textwrap.dedent(source).lstrip())
        opened = open_module(file)
        assert isinstance(opened, PythonModule)
        return opened

    return make


def test_a_module_describes_itself(module: Write):
    assert module(FULL).info == ModuleInfo(
        "Shouts",
        key=GPL_KEY,
        requires=("res_voice",),
        support_level=2,
        name="res_try",
        has_load=True,
        has_unload=True,
        has_reload=True,
    )


def test_what_its_decorators_declare_is_there_while_it_runs(module: Write, core: Core):
    opened = module(FULL)
    assert core.functions.names() == []
    assert opened.load() == 0
    channel = Channel()
    assert functions.read_function(core, channel, "SHOUT(hi)") == "HI!"
    functions.write_function(core, channel, "SHOUT()", "3")
    assert functions.replace(core, channel, "${SHOUT(hi):1}") == "I!!!"
    assert functions.execute(core, channel, "shout", 'a,"b,c"') == 0
    assert channel.variables.get("SHOUTED") == "a+b,c"
    client = Transcript()
    core.commands.run("shout hello", client)
    assert client.output == "HELLO!!!\n"
    assert [entry.module for entry in (core.functions.find("SHOUT"), core.applications.find("Shout"))] == [
        "res_try"
    ] * 2
    assert (opened.reload(), opened.use_count, opened.unload()) == (5, 0, 0)
    assert (core.functions.names(), core.applications.names(), core.commands.complete("sh")) == ([], [], [])
    name = opened.code.__name__
    opened.close()
    assert name not in sys.modules


def test_a_changed_file_is_new_code_when_it_is_opened_again(module: Write):
    source = (
        'from runtime.api.module import ModuleInfo\nMODULE = ModuleInfo("Changes")\ndef reload_module(): return {}\n'
    )
    for answer in (3, 4):
        opened = module(source.format(answer))
        assert opened.reload() == answer
        opened.close()


@pytest.mark.parametrize(
    ("source", "line", "what", "why", "code"),
    [
        ("x = 1\n", 0, "it registers no module", "", "registers-nothing"),
        ("def f(:\n    pass\n", 1, "it raised SyntaxError", "invalid syntax", "python-module"),
        ("import sys\n\nprint(nothing)\n", 3, "it raised NameError", "name 'nothing' is not defined", "python-module"),
        ("import nowhere_to_be_found\n", 1, "it raised ModuleNotFoundError", "No module named 'nowhere_to_be_found'",
         "python-module"),
        ("import sys\nsys.exit(3)\n", 2, "it raised SystemExit", "3", "python-module"),
    ],
)  # fmt: skip
def test_a_module_that_cannot_be_imported_says_where_and_why(source, line, what, why, code, core: Core, tmp_path: Path):
    file = tmp_path / "res_bad.py"
    file.write_text(source)
    with pytest.raises(AsterismError) as raised:
        open_module(file)
    (fault,) = raised.value.faults
    assert (fault.place, fault.what, fault.code) == (Place(str(file), line), what, code)
    assert fault.why.startswith(why)
    assert [name for name in sys.modules if "res_bad" in name] == []


DECLINES = """
from runtime.api.module import LoadResult, ModuleInfo
from runtime.api.pbx import function
MODULE = ModuleInfo("Declines")
@function("GONE")
def gone(channel, arguments):
    return ""
def load_module():
    {body}
def unload_module():
    return -1
"""


def test_callbacks_that_cannot_be_called_are_refused_together(core: Core, tmp_path: Path):
    source = tmp_path / "res_odd.py"
    source.write_text(
        "from runtime.api.module import ModuleInfo\n"
        "MODULE = ModuleInfo('Odd')\n"
        "def load_module(core):\n    return 0\n"
        "def unload_module(force=False):\n    return 0\n"
        "reload_module = 5\n"
    )
    with pytest.raises(AsterismError) as caught:
        open_module(source)
    assert str(caught.value) == (
        f"{source}:3: its load_module takes arguments\n    write 'def load_module() -> int:'\n"
        f"{source}: its reload_module is not a function\n    write 'def reload_module() -> int:'"
    )


def test_a_module_that_declines_leaves_nothing_registered(module: Write, core: Core):
    assert module(DECLINES.format(body="return LoadResult.DECLINE")).load() == 1
    assert core.functions.names() == []


def test_a_callback_that_raises_is_logged_and_fails(module: Write, core: Core, log: list[str]):
    assert module(DECLINES.format(body="raise OSError('no line')")).load() == 1
    assert core.functions.names() == []
    first, *_, last = log[0].splitlines()
    assert (first, last) == ("ERROR res_try.load_module raised OSError: no line", "OSError: no line")


def test_a_module_that_refuses_to_unload_stays_registered(module: Write, core: Core):
    opened = module(DECLINES.format(body="return 0"))
    assert (opened.load(), opened.unload(), core.functions.names()) == (0, -1, ["GONE"])


def test_a_name_that_is_taken_declines_with_its_owner(module: Write, core: Core, log: list[str]):
    assert module(DECLINES.format(body="return 0"), "res_one").load() == 0
    assert module(DECLINES.format(body="return 0"), "res_two").load() == 1
    assert log == [
        "WARNING the function 'GONE' exists already: module res_one registered it\n"
        "    give it another name, or unload that module first"
    ]


def test_a_function_that_raises_is_a_fault_and_its_traceback_is_logged(module: Write, core: Core, log: list[str]):
    module("""
    from runtime.api.module import ModuleInfo
    from runtime.api.pbx import application, function
    MODULE = ModuleInfo("Raises")
    @function("ODD")
    @application("Odd")
    def odd(channel, arguments):
        return 1 // 0
    """).load()
    with pytest.raises(AsterismError) as raised:
        functions.read_function(core, None, "ODD()")
    assert raised.value.faults == (
        Fault("calling the function 'ODD' failed", cure="the log may say why", code="function-failed"),
    )
    assert functions.execute(core, None, "Odd") == -1
    assert [line.splitlines()[0] for line in log] == [
        "ERROR ODD raised ZeroDivisionError: integer division or modulo by zero",
        "ERROR Odd raised ZeroDivisionError: integer division or modulo by zero",
    ]
