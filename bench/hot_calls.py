"""What modules call often, against plain C: ``bench/hot_calls.py``.

Strings, objects, containers, lists, locks and memory are C on both sides; the budget is twice the plain version.  Each
row is the best of seven runs in turn, in nanoseconds a call.  The plain side lies in a library of its own, so that
both are called as a module calls them.
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from boundary import prepare
from native_support import gcc

HERE = Path(__file__).parent / "hot"


def build(room: Path) -> Path:
    """The program, with the core and with plain C."""
    includes = prepare(room)
    defines = ['-DAST_MODULE="hot"', "-DAST_MODULE_SELF_SYM=__internal_hot_self"]
    gcc("-O2", "-fPIC", "-shared", HERE / "plain.c", "-o", room / "libplain.so", "-lpthread")
    gcc("-O2", "-fPIC", "-c", *defines, *includes, HERE / "core.c", "-o", room / "core.o")
    gcc("-O2", "-fPIC", "-c", HERE / "main.c", "-o", room / "main.o")
    link = [f"-L{room}", f"-Wl,-rpath,{room}", "-lasterism", "-lplain", "-ldl", "-lpthread", "-lm"]
    gcc(room / "main.o", room / "core.o", *link, "-o", room / "hot")
    return room / "hot"


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="hot-calls-") as name:
        done = subprocess.run([build(Path(name))], check=True, capture_output=True, text=True)
    print(f"{'':<52} {'core':>8} {'plain C':>8} {'ratio':>6}")
    for line in done.stdout.splitlines():
        core, plain, words = line.split(" ", 2)
        print(f"{words:<52} {float(core):>5.1f} ns {float(plain):>5.1f} ns {float(core) / float(plain):>6.2f}")


if __name__ == "__main__":
    main()
