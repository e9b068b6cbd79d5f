"""The core library, built by hand with the real compiler, and cores bound to it."""

from __future__ import annotations

import functools
import math
import shutil
import subprocess
import textwrap
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from native_support import (
    APPLICATION,
    BUILDOPTS,
    CALLBACKS,
    FOOT,
    HEAD,
    HERE,
    PRECOMPILED,
    ROOT,
    STRICT,
    Ask,
    Sink,
    Try,
    build_driver,
    compile_all,
    contents,
    core_sources,
    driven,
    gcc,
    settings_of,
)
from shared_builds import Builds

from runtime.bridge.generate import generate
from runtime.core.core import Core
from runtime.dialplan import functions
from runtime.manager.service import Service
from runtime.model.emulated_channel import Channel
from runtime.model.line import Line, OwnTime
from runtime.modules.module_opening import Native, SharedModule, open_module, open_native


def generate_sources(room: Path) -> None:
    """Generated sources, and the headers with the two that configure writes, whatever this tree is configured for."""
    configured = shutil.ignore_patterns("autoconfig.h", "buildopts.h")
    shutil.copytree(ROOT / "include", room / "include", ignore=configured)
    (room / "include" / "asterisk" / "autoconfig.h").write_text("")
    (room / "include" / "asterisk" / "buildopts.h").write_text(BUILDOPTS)
    generate(room)


@pytest.fixture(scope="session")
def build_room(builds: Builds) -> Path:
    """A directory with headers and generated sources; changed by nobody."""
    return builds.get("headers", [ROOT / "include", ROOT / "runtime", ROOT / "asterism"], generate_sources)


@pytest.fixture(scope="session")
def includes(build_room: Path) -> list[str]:
    return [f"-I{build_room / 'include'}", f"-I{build_room}", f"-I{ROOT / 'runtime' / 'native'}"]


@pytest.fixture(scope="session")
def native_directory(build_room: Path, includes: list[str], builds: Builds) -> Path:
    """A directory with libasterism.so and core_types.py; changed by nobody."""

    def make(room: Path) -> None:
        shutil.copy(build_room / "core_types.py", room)
        link = ["-shared", "-Wl,-Bsymbolic", "-Wl,-soname,libasterism.so", "-Wl,-z,defs"]
        header = build_room / PRECOMPILED
        compile_all(core_sources(build_room), room / "libasterism.so", header, ["-fPIC", *includes], link)

    return builds.get("native", [*contents(build_room), HERE / "native_support.py"], make)


@pytest.fixture(scope="session")
def driver(build_room: Path, includes: list[str], builds: Builds) -> Callable[..., Path]:
    """Compiles the core and driver*.c as a program, with a sanitizer."""

    def build(name: str, *flags: str) -> Path:
        parts = sorted(HERE.glob("driver*.[ch]"))

        def make(room: Path) -> None:
            build_driver(room / "driver", build_room, includes, *flags)

        return builds.get(name, [*contents(build_room), HERE / "native_support.py", *parts, *flags], make) / "driver"

    return build


@pytest.fixture(scope="session")
def ask(driver: Callable[..., Path]) -> Iterator[Ask]:
    """The driver under the address and undefined-behaviour sanitizers."""
    with driven(driver("driver", "-fsanitize=address,undefined", "-fno-sanitize-recover=all")) as send:
        yield send


@pytest.fixture(scope="session")
def raced(driver: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """The driver under the thread sanitizer."""
    room = tmp_path_factory.mktemp("raced")
    (room / "probe.c").write_text("int main(void) { return 0; }\n")
    try:
        gcc("-fsanitize=thread", room / "probe.c", "-o", room / "probe")
        subprocess.run([room / "probe"], check=True, capture_output=True)
    except (AssertionError, subprocess.CalledProcessError):
        pytest.skip("needs the thread sanitizer")
    with driven(driver("raced", "-fsanitize=thread")) as send:
        yield send


@pytest.fixture
def native(native_directory: Path, tmp_path: Path) -> Iterator[Native]:
    """A fresh core, bound."""
    opened = open_native(native_directory, Core(settings_of(tmp_path)))
    Service(opened.core)
    yield opened
    opened.close()


@pytest.fixture
def core(native: Native) -> Core:
    return native.core


@pytest.fixture
def log(core: Core) -> list[str]:
    """What is logged, as ``LEVEL text``."""
    sink = Sink()
    core.logger.attach(sink)
    return sink.lines


Compile = Callable[..., Path]


@pytest.fixture(scope="session")
def compile_into(includes: list[str]) -> Compile:
    """Make NAME.so of C source in a directory."""

    def make(room: Path, name: str, source: str, *flags: str) -> Path:
        file = room / f"{name}.c"
        file.write_text(textwrap.dedent(source))
        defines = [f'-DAST_MODULE="{name}"', f"-DAST_MODULE_SELF_SYM=__internal_{name}_self"]
        built = room / f".{name}.new"
        gcc("-O0", "-g", "-shared", "-fPIC", *STRICT, *defines, *includes, *flags, file, "-o", built)
        built.replace(room / f"{name}.so")
        return room / f"{name}.so"

    return make


@pytest.fixture
def compile_module(compile_into: Compile, tmp_path: Path) -> Compile:
    """Make NAME.so of C source in the test's own directory."""
    return functools.partial(compile_into, tmp_path)


Open = Callable[..., SharedModule]


@pytest.fixture
def opened(core: Core, compile_module: Compile) -> Iterator[Open]:
    """Compile a module of C source, headers and record added, and open it; closed at the end of the test."""
    modules: list[SharedModule] = []

    def make(name: str, body: str, *flags: str, callbacks: str = CALLBACKS) -> SharedModule:
        module = open_module(compile_module(name, HEAD + textwrap.dedent(body) + callbacks + FOOT, *flags))
        assert isinstance(module, SharedModule)
        modules.append(module)
        return module

    yield make
    for module in modules:
        if module.handle:
            core.forget_module(module.info.name)
            module.close()


@pytest.fixture
def tried_application(core: Core, opened: Open, log: list[str]) -> Try:
    """Runs the body of an application on a channel whose time passes at once, and gives what it said."""

    def run(headers: Iterable[str], body: str, before: str = "") -> list[str]:
        lines = "\n".join(f'#include "asterisk/{header}.h"' for header in headers)
        source = APPLICATION.format(headers=lines, before=before, body=body)
        module = opened("app_try", source, "-Wno-unused-parameter", "-Wno-unused-function", callbacks="")
        assert module.load() == 0
        channel = Channel("C/1", accountcode="mine", line=Line(OwnTime()))
        channel.line.clock.let_pass(math.inf)
        log.clear()
        functions.execute(core, channel, "Try")
        assert module.unload() == 0
        core.forget_module("app_try")
        module.close()
        said, log[:] = log[:], []
        # What only pretends is told once in a process.
        return [line.removeprefix("VERBOSE ") for line in said if not line.startswith("NOTICE ")]

    return run
