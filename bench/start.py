"""Start with many modules, beside a bare C loop over dlopen: ``bench/start.py [TREE [COUNT ...]]``.

One module is compiled; the others are its copies with another name of the same length in them.  Half of them
require another one.  Times are whole processes, the best of three, so that Python's own start is in them.  The last
column is what the private copy of each module costs: its time, and its share of the start.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT))

from runtime.modules.module_copies import Copies  # noqa: E402

NAME, NEED = "res_m00000", "res_n00000"
MODULE = """\
#include "asterisk.h"
#include "asterisk/module.h"
static int unload_module(void) { return 0; }
static enum ast_module_load_result load_module(void) { return AST_MODULE_LOAD_SUCCESS; }
AST_MODULE_INFO(ASTERISK_GPL_KEY, AST_MODFLAG_DEFAULT, "Generated",
	.load = load_module, .unload = unload_module, NEEDS);
"""
LOOP = """\
#include <dlfcn.h>
#include <stdio.h>
struct info { void *self; int (*load)(void); };
static const struct info *last;
void ast_module_register(const struct info *info) { last = info; }
void ast_module_unregister(const struct info *info) { (void) info; }
int main(int argc, char **argv)
{
	int started = 0;
	for (int i = 1; i < argc; i++) {
		last = NULL;
		if (!dlopen(argv[i], RTLD_NOW | RTLD_LOCAL) || !last) {
			fprintf(stderr, "%s: %s\\n", argv[i], dlerror());
			return 1;
		}
		started += !last->load();
	}
	return started != argc - 1;
}
"""


def compile_modules(tree: Path, directory: Path) -> tuple[bytes, bytes]:
    """A module that needs nothing, and one that requires NEED."""
    (directory / "module.c").write_text(MODULE)
    made = []
    for needs in ("", f'.requires = "{NEED}"'):
        names = [f'-DAST_MODULE="{NAME}"', f"-DAST_MODULE_SELF_SYM=__internal_{NAME}_self", f"-DNEEDS={needs}"]
        include = f"-I{tree}/include/asterism"
        subprocess.run(
            ["cc", "-shared", "-fPIC", "-w", include, *names, "module.c", "-o", "m.so"], cwd=directory, check=True
        )
        made.append((directory / "m.so").read_bytes())
    return made[0], made[1]


def write_modules(kinds: tuple[bytes, bytes], directory: Path, count: int, *, needs: bool = True) -> list[Path]:
    """``count`` modules; with needs, every second one requires the one before it."""
    directory.mkdir()
    files = []
    for number in range(count):
        name = f"res_m{number:05}"
        data = kinds[number % 2 if needs else 0].replace(NAME.encode(), name.encode())
        data = data.replace(NEED.encode(), f"res_m{max(number - 1, 0):05}".encode())
        files.append(directory / f"{name}.so")
        files[-1].write_bytes(data)
    return files


def best_of_three(words: list[str], typed: str = "") -> float:
    """Seconds of the quickest of three runs, each with ``typed`` as its input."""
    times = []
    for _ in range(3):
        begun = time.perf_counter()
        subprocess.run(words, input=typed, text=True, stdout=subprocess.DEVNULL, check=True)
        times.append(time.perf_counter() - begun)
    return min(times)


def configure(root: Path, modules: Path) -> Path:
    """An asterisk.conf that autoloads a directory."""
    root.mkdir(exist_ok=True)
    (root / "modules.conf").write_text("[modules]\nautoload = yes\n")
    places = {"astetcdir": root, "astmoddir": modules, "astrundir": root / "run", "astlogdir": root / "log"}
    (root / "asterisk.conf").write_text(
        "[directories]\n" + "".join(f"{key} => {path}\n" for key, path in places.items())
    )
    return root / "asterisk.conf"


def copying(files: list[Path], run: Path) -> float:
    """Milliseconds that the private copy of a module costs, made and removed."""
    run.mkdir()
    copies = Copies(str(run))
    begun = time.perf_counter()
    made = [copies.make(file, file.read_bytes()) for file in files]
    for copy in made:
        copy.remove()
    taken = time.perf_counter() - begun
    copies.close()
    return taken * 1e3 / max(len(files), 1)


def main(words: list[str]) -> None:
    """Print a table."""
    tree = Path(words[0]).resolve() if words else PROJECT / "root"
    counts = [int(word) for word in words[1:]] or [0, 30, 300, 5000]
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        kinds = compile_modules(tree, place)
        (place / "loop.c").write_text(LOOP)
        subprocess.run(["cc", "-O2", "-rdynamic", "loop.c", "-o", "loop", "-ldl"], cwd=place, check=True)
        heads = f"{'modules':>8} {'need each other':>16} {'bare C loop':>12} {'asterism':>10} {'difference':>11}"
        print(f"{heads} {'copies':>22}")
        for count, needs in ((each, needs) for each in counts for needs in (False, True)[: 1 + bool(each)]):
            directory = place / f"modules{count}-{needs}"
            files = write_modules(kinds, directory, count, needs=needs)
            conf = configure(place / "etc", directory)
            bare = best_of_three([str(place / "loop"), *map(str, files)])
            ours = best_of_three([str(tree / "sbin/asterism"), "-C", str(conf), "-c"], "core stop now\n")
            each = copying(files, place / f"run{count}-{needs}")
            share = 100 * each * count / 1e3 / ours
            print(
                f"{count:8} {'half of them' if needs else 'no':>16} {bare:10.3f} s {ours:8.3f} s {ours - bare:9.3f} s"
                f" {each:6.3f} ms each, {share:3.0f} %",
                flush=True,
            )


if __name__ == "__main__":
    main(sys.argv[1:])
