"""CC, CFLAGS and the like from the environment; they apply to a directory of modules as they do in make."""

from __future__ import annotations

from collections.abc import Mapping

from asterism.errors import AsterismError, Fault
from asterism.values import replace
from buildsys.settled import toolchain
from buildsys.settled.configuration import Configuration
from buildsys.settled.toolchain import Run, words

_NONE = (
    "the modules would be compiled with it, and no other one is there",
    "install a compiler ('apt install gcc libc6-dev' on Debian or Ubuntu), or name one: CC=/path/to/compiler;\n"
    "    without permission to install: pip install 'asterism[zig]'",
)


def heeded(
    configuration: Configuration, environment: Mapping[str, str], run: Run, *, has_c: bool = True
) -> tuple[Configuration, list[Fault]]:
    """The configuration with the environment applied, and a warning when a missing compiler is replaced.

    Flags of the environment come after those of the configuration. CC and CXX replace its compilers. When the C
    compiler of the configuration is missing and CC is not set, the first C compiler found is used.

    Args:
        configuration: how the installed tree, or an Asterisk, was compiled.
        environment: CC, CXX, CPPFLAGS, CFLAGS, CXXFLAGS and LDFLAGS are read.
        run: how programs are run.
        has_c: whether there is a C source to compile; without one, a missing compiler is not a fault.

    Raises:
        AsterismError: CC or CXX does not work, no C compiler is found, or flags have an unclosed quote.
    """
    faults: list[Fault] = []
    given = environment.get("CC", "").strip()
    cc = _named(run, "c", given) if given else configuration.cc
    if has_c and not given and cc and toolchain.which(cc[0]) is None:
        cc = _another(run, cc[0])
        what = f"the compiler '{configuration.cc[0]}' is missing, so '{cc[0]}' compiles the modules"
        faults.append(Fault(what, cure="CC=COMPILER names another one", code="other-compiler", severity="warning"))
    cxx = _named(run, "c++", environment.get("CXX", "").strip()) or configuration.cxx
    return (
        replace(
            configuration,
            cc=cc,
            cxx=cxx,
            cppflags=(*configuration.cppflags, *_flags(environment, "CPPFLAGS")),
            cflags=(*configuration.cflags, *_flags(environment, "CFLAGS")),
            cxxflags=(*configuration.cxxflags, *_flags(environment, "CXXFLAGS")),
            ldflags=(*configuration.ldflags, *_flags(environment, "LDFLAGS")),
        ),
        faults,
    )


def _named(run: Run, language: str, command: str) -> tuple[str, ...]:
    found = toolchain.find_compiler(run, language, command) if command else None
    return found.command if found else ()


def _another(run: Run, missing: str) -> tuple[str, ...]:
    found = toolchain.find_compiler(run)
    if found is None:
        why, cure = _NONE
        raise AsterismError(Fault(f"the compiler '{missing}' is missing", None, why, cure, "no-compiler"))
    return found.command


def _flags(environment: Mapping[str, str], name: str) -> tuple[str, ...]:
    return words(environment.get(name, ""), name)
