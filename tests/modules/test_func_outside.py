"""IFMODULE, SHELL and AST_CONFIG: functions that look outside of the dialplan."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from module_runtime import Runtime, compile_module, failed, value

FUNCS = Path(__file__).parents[2] / "funcs"


# ---- IFMODULE


@pytest.mark.parametrize(
    ("name", "answer"),
    [("func_module", "1"), ("func_module.so", "1"), ("FUNC_MODULE.SO", "1"), ("res_nix", "0"), ("../func_module", "0")],
)
def test_module_that_runs_is_told(runtime: Runtime, name: str, answer: str) -> None:
    assert runtime.read(f"IFMODULE({name})") == value(answer)


def test_module_that_was_unloaded_is_told(runtime: Runtime) -> None:
    runtime.ask("module unload func_sha1")
    assert runtime.read("IFMODULE(func_sha1)") == value("0")
    runtime.ask("module load func_sha1")
    assert runtime.read("IFMODULE(func_sha1)") == value("1")


def test_module_without_a_name_is_an_error(runtime: Runtime) -> None:
    assert runtime.read("IFMODULE()") == failed(
        "IFMODULE", "WARNING IFMODULE needs the name of a module: IFMODULE(module)"
    )


# ---- SHELL


@pytest.fixture(scope="module")
def shell(runtime: Runtime, tree: Path) -> Iterator[Runtime]:
    """The runtime with the module that nobody gets without choosing it."""
    assert "func_shell.so" not in os.listdir(tree / "lib" / "asterism" / "modules")
    compile_module(tree, FUNCS / "func_shell.c", runtime.modules)
    assert runtime.ask("module load func_shell").status == 0
    yield runtime
    assert runtime.ask("module unload func_shell").status == 0


@pytest.mark.parametrize(
    ("command", "output"),
    [
        ("echo hello", "hello\n"),
        ("echo a; echo b", "a\nb\n"),
        ("printf 'x%.0s' $(seq 20000)", "x" * 20_000),
        ("true", ""),
        ("echo out; false", "out\n"),
        ("exec 2>&-; no-such-command", ""),
    ],
)
def test_output_of_a_command_is_the_value(shell: Runtime, command: str, output: str) -> None:
    assert shell.read(f"SHELL({command})") == value(output)


def test_command_that_prints_without_end_is_cut_off(shell: Runtime) -> None:
    assert shell.read("LEN(${SHELL(yes)})").startswith("0 '")
    assert shell.read("SHELL(yes)").splitlines()[-1] == (
        "WARNING SHELL: 'yes' prints more than 65536 bytes; the rest is not read"
    )


def test_command_that_is_missing_is_an_error(shell: Runtime) -> None:
    assert shell.read("SHELL()") == failed("SHELL", "WARNING SHELL needs a command: SHELL(command)")


# ---- AST_CONFIG

CONF = """\
[base](!)
colour = red
[door](base)
colour = green
colour = blue
empty =
"""


@pytest.fixture
def conf(runtime: Runtime) -> Path:
    """A file beside the other configurations."""
    path = runtime.home / "etc" / "house.conf"
    path.write_text(CONF)
    return path


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("house.conf,door,colour", value("red")),
        ("house.conf,door,colour,0", value("red")),
        ("house.conf,door,COLOUR,1", value("green")),
        ("house.conf,door,colour,-1", value("blue")),
        ("house.conf,door,empty", value("")),
        ("house.conf,door,colour,3", failed("AST_CONFIG")),
        ("house.conf,door,size", failed("AST_CONFIG")),
        ("house.conf,window,colour", failed("AST_CONFIG")),
        (
            "house.conf,door,colour,last",
            failed(
                "AST_CONFIG",
                "ERROR AST_CONFIG: 'last' is not an index; use a number from 0 on, or -1 for the last value",
            ),
        ),
        (
            "house.conf,door",
            failed(
                "AST_CONFIG",
                "ERROR AST_CONFIG needs a file, a section and a name: AST_CONFIG(file,section,name[,index])",
            ),
        ),
    ],
)
def test_value_of_a_configuration_file_is_found(runtime: Runtime, conf: Path, arguments: str, expected: str) -> None:
    assert runtime.read(f"AST_CONFIG({arguments})") == expected


def test_file_that_changed_is_read_again(runtime: Runtime, conf: Path) -> None:
    assert runtime.read("AST_CONFIG(house.conf,door,colour,-1)") == value("blue")
    conf.write_text(CONF.replace("blue", "white"))
    os.utime(conf, (time.time() + 5, time.time() + 5))
    assert runtime.read("AST_CONFIG(house.conf,door,colour,-1)") == value("white")


def test_file_that_is_gone_and_comes_back_is_read(runtime: Runtime, conf: Path) -> None:
    assert runtime.read("AST_CONFIG(house.conf,door,colour)") == value("red")
    conf.unlink()
    assert runtime.read("AST_CONFIG(house.conf,door,colour)").startswith("-1 ''")
    conf.write_text(CONF)
    assert runtime.read("AST_CONFIG(house.conf,door,colour)") == value("red")
