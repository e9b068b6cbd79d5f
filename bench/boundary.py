"""The C boundary: what a call costs each way, and opening modules against a bare C loop.

    .venv/bin/python bench/boundary.py [--modules N] [--calls N]

Costs of calls are the best of five runs, per call.  For opening, N shared objects with a module record are
made; the bare loop is a C program that opens, registers and starts the same files against the same library.
The ratio that has a budget is the last one: 1.3 x the bare loop plus 0.25 s for everything, start of Python included.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "runtime" / "native")]

from native_support import BUILDOPTS, CALLBACKS, FOOT, HEAD, gcc, settings_of  # noqa: E402

from runtime.bridge.generate import generate  # noqa: E402
from runtime.core.core import Core  # noqa: E402
from runtime.dialplan import functions  # noqa: E402
from runtime.model.emulated_channel import Channel  # noqa: E402
from runtime.modules.module_opening import open_module, open_native  # noqa: E402

LOOP = """
#include <dlfcn.h>
#include <stdio.h>
#include "asterisk.h"
#include "asterisk/module.h"

static const struct ast_module_info *last;

/* The same name as the core's: this program is searched first. */
void ast_module_register(const struct ast_module_info *info) { last = info; }
void ast_module_unregister(const struct ast_module_info *info) { (void) info; }

int main(int argc, char **argv)
{
	int i, bad = 0;

	for (i = 1; i < argc; i++) {
		bad += !dlopen(argv[i], RTLD_NOW | RTLD_LOCAL) || last->load();
	}
	return bad;
}
"""

CALLS = """
static int from_c(struct ast_channel *chan, const char *data)
{
	int i, count = atoi(data);

	(void) chan;
	for (i = 0; i < count; i++) {
		pbx_checkcondition("1");
	}
	return 0;
}
static int all_c(struct ast_channel *chan, const char *data)
{
	int i, count = atoi(data), value;

	(void) chan;
	for (i = 0; i < count; i++) {
		ast_str_to_int("7", &value);
	}
	return 0;
}
static int nothing(struct ast_channel *chan, const char *data)
{
	(void) chan;
	(void) data;
	return 0;
}
static int unload_module(void) { return 0; }
static int load_module(void)
{
	return ast_register_application("FromC", from_c, NULL, NULL) | ast_register_application("AllC", all_c, NULL, NULL)
		| ast_register_application("Nothing", nothing, NULL, NULL);
}
"""


def best(run: Callable[[], object], times: int = 5) -> float:
    """The shortest of several runs, in seconds."""
    found = []
    for _ in range(times):
        begin = time.perf_counter()
        run()
        found.append(time.perf_counter() - begin)
    return min(found)


def prepare(room: Path) -> list[str]:
    """Build libasterism.so; gives the flags that modules need."""
    shutil.copytree(ROOT / "include", room / "include", ignore=shutil.ignore_patterns("autoconfig.h", "buildopts.h"))
    (room / "include/asterisk/autoconfig.h").write_text("")
    (room / "include/asterisk/buildopts.h").write_text(BUILDOPTS)
    generate(room)
    includes = [f"-I{room / 'include'}", f"-I{room}", f"-I{ROOT / 'runtime/native'}"]
    sources = [*(ROOT / "runtime/native").glob("*/*.c"), *room.glob("*.c")]
    link = ["-shared", "-fPIC", "-Wl,-Bsymbolic", "-Wl,-soname,libasterism.so"]
    gcc("-O2", *includes, *link, *sources, "-ldl", "-lpthread", "-lm", "-o", room / "libasterism.so")
    return includes


def module(room: Path, includes: list[str], name: str, source: str) -> Path:
    """Compile one module."""
    file = room / f"{name}.c"
    file.write_text(source)
    defines = [f'-DAST_MODULE="{name}"', f"-DAST_MODULE_SELF_SYM=__internal_{name}_self"]
    gcc("-O2", "-shared", "-fPIC", *defines, *includes, file, "-o", room / f"{name}.so")
    return room / f"{name}.so"


def many(room: Path, includes: list[str], count: int) -> list[Path]:
    """That many modules; all but the name is the same, so only the first is compiled and the rest are patched."""
    first = module(room, includes, "res_bench_00000", HEAD + CALLBACKS + FOOT)
    data = first.read_bytes()
    paths = [first]
    for number in range(1, count):
        path = room / f"res_bench_{number:05d}.so"
        path.write_bytes(data.replace(b"res_bench_00000", path.stem.encode()))
        paths.append(path)
    return paths


def calls(core: Core, room: Path, includes: list[str], count: int) -> None:
    """What a call costs, in each direction."""
    opened = open_module(module(room, includes, "res_calls", HEAD + CALLS + FOOT))
    opened.load()
    channel = Channel()

    def from_python() -> None:
        for _ in range(count // 10):
            functions.execute(core, channel, "Nothing", "")

    into_python = best(lambda: functions.execute(core, channel, "FromC", str(count))) / count
    in_c = best(lambda: functions.execute(core, channel, "AllC", str(count))) / count
    into_c = best(from_python) / (count // 10)
    print(f"C to Python (pbx_checkcondition)    {into_python * 1e6:8.3f} us a call")
    print(f"C to C (ast_str_to_int)             {in_c * 1e6:8.3f} us a call")
    print(f"Python to C (an application, whole) {into_c * 1e6:8.3f} us a call")


def openings(room: Path, includes: list[str], count: int) -> None:
    """Opening and starting modules against a bare loop, both as whole processes."""
    paths = many(room, includes, count)
    (room / "loop.c").write_text(LOOP)
    link = ["-rdynamic", f"-L{room}", f"-Wl,-rpath,{room}", "-Wl,--no-as-needed", "-lasterism", "-ldl"]
    gcc(
        "-O2",
        "-DAST_IN_CORE",
        "-DASTMM_LIBC=2",
        '-DAST_MODULE="loop"',
        *includes,
        room / "loop.c",
        *link,
        "-o",
        room / "loop",
    )
    program = (
        f"import sys; sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / 'tests/runtime/native')!r}]\n"
        "from pathlib import Path\nfrom native_support import settings_of\n"
        "from runtime.core.core import Core\nfrom runtime.modules.module_opening import open_module, open_native\n"
        f"native = open_native(Path({str(room)!r}), Core(settings_of(Path({str(room)!r}))))\n"
        "for path in sys.argv[1:]:\n    assert open_module(Path(path)).load() == 0\n"
    )

    def run(*words: str | Path) -> None:
        subprocess.run([*words, *paths], check=True)

    bare = best(lambda: run(room / "loop"))
    ours = best(lambda: run(sys.executable, "-c", program))
    print(f"{count} modules, bare C loop             {bare * 1e3:8.1f} ms")
    share = ours / (1.3 * bare + 0.25)
    print(f"{count} modules, opened by the runtime   {ours * 1e3:8.1f} ms, {share:.2f} of its budget")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--modules", type=int, default=300)
    parser.add_argument("--calls", type=int, default=100_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="boundary-") as name:
        room = Path(name)
        includes = prepare(room)
        begin = time.perf_counter()
        core = Core(settings_of(room))
        open_native(room, core)
        print(f"opening and binding the core        {(time.perf_counter() - begin) * 1e3:8.1f} ms")
        calls(core, room, includes, options.calls)
        openings(room, includes, options.modules)


if __name__ == "__main__":
    main()
