"""CC, CFLAGS and their like of the environment, in a directory of modules."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from asterism.errors import AsterismError
from buildsys.planning.environment import heeded
from buildsys.settled.configuration import Configuration
from buildsys.settled.toolchain import NOT_FOUND, Ran

Asterism = Callable[..., "subprocess.CompletedProcess[str]"]


BASE = Configuration(cc=("/no/gcc", "-m64"), cxx=("g++",), cflags=("-O1",), ldflags=("-Lbase",))


def only(*programs: str) -> Callable[[Sequence[str], str], Ran]:
    """A machine on which these programs answer."""
    return lambda argv, _: Ran(tuple(argv), 0 if argv[0] in programs else NOT_FOUND, f"{argv[0]} 1.0\n")


def test_flags_of_the_environment_come_after_those_of_the_tree() -> None:
    environment = {"CC": "mycc -g", "CFLAGS": "-O3 -DX='a b'", "LDFLAGS": "-Lmine", "CPPFLAGS": "-Iq", "CXXFLAGS": "-w"}
    made, faults = heeded(BASE, environment, only("mycc"))
    assert (made.cc, made.cxx, made.cppflags, made.cflags, made.cxxflags, made.ldflags, faults) == (
        ("mycc", "-g"),
        ("g++",),
        ("-Iq",),
        ("-O1", "-O3", "-DX=a b"),
        ("-w",),
        ("-Lbase", "-Lmine"),
        [],
    )


def test_another_compiler_takes_the_place_of_a_missing_one_with_a_warning() -> None:
    made, faults = heeded(BASE, {}, only("clang"))
    assert made.cc == ("clang", "-fblocks")
    assert [(fault.what, fault.severity) for fault in faults] == [
        ("the compiler '/no/gcc' is missing, so 'clang' compiles the modules", "warning")
    ]


def test_without_any_compiler_the_cure_is_to_install_or_name_one() -> None:
    with pytest.raises(AsterismError) as caught:
        heeded(BASE, {}, only())
    (fault,) = caught.value.faults
    assert fault.what == "the compiler '/no/gcc' is missing"
    assert "CC=/path/to/compiler" in fault.cure
    assert "configure" not in f"{fault.why} {fault.cure}"


def test_a_compiler_of_the_environment_that_does_not_answer_is_refused() -> None:
    with pytest.raises(AsterismError, match="the compiler of CC='nocc' does not answer"):
        heeded(BASE, {"CC": "nocc"}, only("gcc"))


def test_a_build_compiles_with_the_flags_of_the_environment(tmp_path: Path, asterism: Asterism) -> None:
    """CFLAGS reach the compiler, and a change of them compiles again."""
    (tmp_path / "res_x.c").write_text(
        '/*** MODULEINFO\n\t<support_level>core</support_level>\n ***/\n#include "asterisk.h"\n'
        '#include "asterisk/module.h"\n#ifdef STOP\n#error stopped\n#endif\n'
        "static int load_module(void) { return 0; }\nstatic int unload_module(void) { return 0; }\n"
        'AST_MODULE_INFO_STANDARD(ASTERISK_GPL_KEY, "X");\n'
    )
    assert asterism(tmp_path, "build").returncode == 0
    stopped = asterism(tmp_path, "build", environment={"CFLAGS": "-DSTOP"})
    assert (stopped.returncode, "#error stopped" in stopped.stdout + stopped.stderr) == (1, True)
