"""What the tests of the C boundary share: compiling, settings, a sink for the log, pieces of C."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from buildsys.planning.plan import PRECOMPILED
from runtime.conf.asterisk_conf import Directories, Options, Settings

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
STRICT = ["-Wall", "-Wextra", "-Wshadow", "-Wstrict-prototypes", "-Wmissing-prototypes", "-Werror"]
BUILDOPTS = """\
#define OPTIONAL_API 1
#define AST_BUILDOPT_SUM "0123456789abcdef0123456789abcdef"
#define AST_BUILDOPTS "ONE TWO"
"""


def gcc(*words: str | Path) -> None:
    """Compile; what the compiler says is the failure's message."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    assert compiler, "no C compiler"
    done = subprocess.run([compiler, *map(str, words)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


Ask = Callable[[str, bytes], str]
"""Sends the driver one request, its name and a text, and gives back its answer."""


Try = Callable[..., list[str]]
"""Runs the body of an application, compiled with headers of asterisk/ and with what stands before it."""
APPLICATION = """
{headers}
#define SAY(...) ast_verb(0, __VA_ARGS__)
{before}
static int try(struct ast_channel *chan, const char *data) {{
	(void) data;
	(void) chan;
{body}
	return 0;
}}
static int unload_module(void) {{ return ast_unregister_application("Try"); }}
static int load_module(void) {{ return ast_register_application("Try", try, "", ""); }}
"""


def core_sources(build_room: Path) -> list[Path]:
    """The C sources of libasterism.so."""
    return sorted([*(ROOT / "runtime" / "native").glob("*/*.c"), *build_room.glob("*.c")])


def contents(build_room: Path) -> Iterator[bytes]:
    """All that the C core is compiled from."""
    for path in sorted([*(ROOT / "runtime" / "native").rglob("*.[ch]"), *build_room.rglob("*.[ch]")]):
        yield path.name.encode()
        yield path.read_bytes()


def compile_all(
    sources: Iterable[Path], product: Path, header: Path, flags: Sequence[str], link: Sequence[str]
) -> None:
    """Compile sources with warnings as errors, as many at a time as there are processors, and link them.

    Args:
        sources: each includes what ``header`` includes, before anything else.
        product: what is made.
        header: is compiled once, for all sources.
        flags: are for the compiler alone.
        link: are for the linker.
    """
    with tempfile.TemporaryDirectory() as room, ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        objects = {Path(room, f"{number}.o"): source for number, source in enumerate(sources)}
        command = ["-O1", "-g", *STRICT, *flags]
        shutil.copy(header, room)
        gcc(*command, Path(room, header.name), "-o", Path(room, f"{header.name}.gch"))
        each = [*command, "-include", Path(room, header.name), "-c"]
        list(pool.map(lambda made: gcc(*each, objects[made], "-o", made), objects))
        gcc(*link, *objects, "-ldl", "-lpthread", "-lm", "-o", product)


def build_driver(product: Path, build_room: Path, includes: Sequence[str], *flags: str) -> Path:
    """Compile driver*.c and the core as one program; ``flags`` are for compiling and linking."""
    sources = [*HERE.glob("driver*.c"), *core_sources(build_room)]
    compile_all(sources, product, build_room / PRECOMPILED, ["-O0", *flags, *includes], flags)
    return product


@contextlib.contextmanager
def driven(program: Path) -> Iterator[Ask]:
    """Start a driver; at the end its sanitizer must have found nothing.

    What it found is told whole, with every request up to there: a race may need them in this order.
    """
    asked: list[str] = []
    environment = {**os.environ, "ASAN_OPTIONS": "detect_leaks=0"}
    with subprocess.Popen(
        [program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None

        def send(request: str, text: bytes) -> str:
            asked.append(f"{request} {text.hex()}")
            process.stdin.write(f"{asked[-1]}\n".encode())
            process.stdin.flush()
            return process.stdout.readline().decode().rstrip("\n")

        yield send
        process.stdin.close()
        told = process.stderr.read().decode()
    if process.returncode or told:
        pytest.fail("\n".join((f"the driver ended with {process.returncode}", told, "it was asked:", *asked)))


def settings_of(room: Path) -> Settings:
    names = ("etc", "mod", "varlib", "db", "key", "data", "agi", "spool", "run", "log", "cache", "sbin")
    (room / "run").mkdir(parents=True, exist_ok=True)  # as the program does before it opens a module
    directories = Directories(**{f"ast{name}dir": str(room / name) for name in names})
    return Settings(str(room / "etc" / "asterisk.conf"), directories, Options())


class Sink:
    """Keeps what is logged."""

    verbose = 10

    def __init__(self) -> None:
        self.lines: list[str] = []

    def wants(self, _record: object) -> bool:
        return True

    def write(self, record: object) -> None:
        self.lines.append(f"{record.level.name} {record.text}")  # type: ignore[attr-defined]


HEAD = """
#include "asterisk.h"
#include "asterisk/module.h"
#include "asterisk/app.h"
#include "asterisk/channel.h"
#include "asterisk/cli.h"
#include "asterisk/conversions.h"
#include "asterisk/pbx.h"
"""
FOOT = """
AST_MODULE_INFO_STANDARD(ASTERISK_GPL_KEY, "A module");
"""
CALLBACKS = """
static int unload_module(void) { return 0; }
static int load_module(void) { return AST_MODULE_LOAD_SUCCESS; }
"""
