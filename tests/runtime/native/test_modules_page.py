"""The two modules of docs/modules.md compile, load and do what the page says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from native_support import ROOT

from asterism.errors import AsterismError
from runtime.core.commands.clients import Transcript
from runtime.core.core import Core
from runtime.dialplan import functions
from runtime.model.emulated_channel import Channel
from runtime.modules.module_opening import open_module


def block(language: str) -> str:
    """The first block of code in that language that holds a MODULEINFO."""
    page = (ROOT / "docs" / "modules.md").read_text()
    return next(text for text in re.findall(rf"```{language}\n(.*?)```", page, re.DOTALL) if "MODULEINFO" in text)


def test_the_module_in_c_does_what_the_page_says(core: Core, compile_module, log: list[str]):
    module = open_module(compile_module("func_greeting", block("c")))
    assert (module.info.description, module.info.support_level, module.load()) == ("Greetings", 2, 0)
    channel = Channel()
    assert functions.read_function(core, channel, "GREETING(World)") == "Hello, World!"
    assert functions.replace(core, channel, "${GREETING(World,Good bye)}") == "Good bye, World!"
    with pytest.raises(AsterismError, match="reading the function 'GREETING' failed"):
        functions.read_function(core, channel, "GREETING()")
    assert log == ["WARNING GREETING needs a name"]
    assert module.unload() == 0
    module.close()


def test_the_module_in_python_does_what_the_page_says(core: Core, tmp_path: Path):
    file = tmp_path / "res_farewell.py"
    file.write_text(block("python"))
    module = open_module(file)
    assert (module.info.description, module.info.support_level, module.load()) == ("Farewells", 2, 0)
    channel = Channel()
    assert functions.read_function(core, channel, "FAREWELL(World,So long)") == "So long, World!"
    assert functions.execute(core, channel, "dismiss", "you") == 0
    assert channel.variables.get("DISMISSED") == "Goodbye, you!"
    with pytest.raises(AsterismError, match="FAREWELL needs a name\n    write FAREWELL"):
        functions.read_function(core, channel, "FAREWELL()")
    client = Transcript()
    core.commands.run("dismiss World", client)
    assert client.output == "Goodbye, World!\n"
    module.unload()
    module.close()
