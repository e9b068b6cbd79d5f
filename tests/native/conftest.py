"""The core library, built by hand with the real compiler, and cores bound to it."""

from __future__ import annotations

import functools
import platform
import shutil
import subprocess
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from native_support import (
    BUILDOPTS,
    CALLBACKS,
    FOOT,
    HEAD,
    ROOT,
    STRICT,
    Ask,
    Sink,
    build_driver,
    driven,
    gcc,
    settings_of,
)

from runtime.core import Core
from runtime.library import Native, SharedModule, open_module, open_native
from runtime.manager.service import Service
from runtime.native.generate import generate


@pytest.fixture(scope="session")
def build_room(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Generated sources, and the headers with the two that configure writes, whatever this tree is configured for."""
    room = tmp_path_factory.mktemp("native")
    configured = shutil.ignore_patterns("autoconfig.h", "buildopts.h")
    shutil.copytree(ROOT / "include", room / "include", ignore=configured)
    (room / "include" / "asterisk" / "autoconfig.h").write_text("")
    (room / "include" / "asterisk" / "buildopts.h").write_text(BUILDOPTS)
    generate(room)
    return room


@pytest.fixture(scope="session")
def includes(build_room: Path) -> list[str]:
    return [f"-I{build_room / 'include'}", f"-I{build_room}", f"-I{ROOT / 'runtime' / 'native'}"]


@pytest.fixture(scope="session")
def native_directory(build_room: Path, includes: list[str]) -> Path:
    """A directory with libasterism.so and core_types.py."""
    sources = [*sorted((ROOT / "runtime" / "native").glob("*.c")), *sorted(build_room.glob("*.c"))]
    link = ["-shared", "-fPIC", "-Wl,-Bsymbolic", "-Wl,-soname,libasterism.so", "-Wl,-z,defs"]
    gcc(
        "-O1",
        "-g",
        *STRICT,
        *includes,
        *link,
        *sources,
        "-ldl",
        "-lpthread",
        "-lm",
        "-o",
        build_room / "libasterism.so",
    )
    return build_room


@pytest.fixture(scope="session")
def ask(build_room: Path, includes: list[str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """The driver under the address and undefined-behaviour sanitizers."""
    sanitize = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
    with driven(build_driver(tmp_path_factory.mktemp("driver"), build_room, includes, *sanitize)) as send:
        yield send


@pytest.fixture(scope="session")
def raced(build_room: Path, includes: list[str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """The driver under the thread sanitizer."""
    room = tmp_path_factory.mktemp("raced")
    (room / "probe.c").write_text("int main(void) { return 0; }\n")
    try:
        gcc("-fsanitize=thread", room / "probe.c", "-o", room / "probe")
        subprocess.run([room / "probe"], check=True, capture_output=True)
    except (AssertionError, subprocess.CalledProcessError):
        pytest.skip(f"the thread sanitizer does not run on this {platform.machine()} machine")
    with driven(build_driver(room, build_room, includes, "-fsanitize=thread")) as send:
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
