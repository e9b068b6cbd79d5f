"""Load and unload a module again and again in one program: ``bench/leaks.py [TREE [TIMES [MODULE]]]``.

Memory (resident set), mappings and descriptors are read from /proc after a warm-up and at the end.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

PROJECT = Path(__file__).resolve().parents[1]
WARM = 500


class Use(NamedTuple):
    """What a process has."""

    kilobytes: int
    mappings: int
    descriptors: int


def use_of(pid: int) -> Use:
    status = Path(f"/proc/{pid}/status").read_text().split("VmRSS:")[1].split()[0]
    maps = len(Path(f"/proc/{pid}/maps").read_text().splitlines())
    return Use(int(status), maps, len(os.listdir(f"/proc/{pid}/fd")))


def cycle(process: subprocess.Popen[str], module: str, times: int) -> None:
    """Have the module unloaded and loaded, one answer after the other."""
    assert process.stdin
    assert process.stdout
    for _ in range(times):
        process.stdin.write(f"module unload {module}\nmodule load {module}\n")
        process.stdin.flush()
        for expected in ("Unloaded", "Loaded"):
            line = process.stdout.readline()
            if not line.startswith(expected):
                sys.exit(f"unexpected: {line}")


def main() -> None:
    tree = Path(sys.argv[1]) if len(sys.argv) > 1 else PROJECT / "root"
    times = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
    module = sys.argv[3] if len(sys.argv) > 3 else "func_strings.so"
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        (place / "modules.conf").write_text(f"[modules]\nload = {module}\n")
        names = ("astrundir", "astlogdir", "astdbdir")
        lines = "".join(f"{entry} => {place}/{entry}\n" for entry in names)
        (place / "asterisk.conf").write_text(f"[directories]\nastetcdir => {place}\n{lines}")
        words = [str(tree.resolve() / "sbin/asterism"), "-cqm", "-C", str(place / "asterisk.conf")]
        process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        cycle(process, module, WARM)
        before, begun = use_of(process.pid), time.perf_counter()
        cycle(process, module, times)
        seconds, after = time.perf_counter() - begun, use_of(process.pid)
        process.communicate("core stop gracefully\n")
    print(f"{module}: {times} times unloaded and loaded in {seconds:.1f} s ({seconds / times * 1e3:.2f} ms each)")
    for field, first, last in zip(Use._fields, before, after, strict=True):
        print(f"  {field:<12} {first:>8} -> {last:>8}  ({last - first:+})")


if __name__ == "__main__":
    main()
