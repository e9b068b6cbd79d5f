"""Make the wheels: one for every machine, and for each machine that can be compiled for here one with the core inside.

usage: python build_tools/wheels.py [DIRECTORY]

The core is compiled as an installation by pip compiles it, from the first of the wheels. The tag names the oldest C
library that serves (PEP 600), read from the symbols that the compiled files need.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from elftools.elf.elffile import ELFFile
from elftools.elf.gnuversions import GNUVerNeedSection

TOP = Path(__file__).resolve().parents[1]
MACHINES = {"x86_64": "x86_64-linux-gnu", "aarch64": "aarch64-linux-gnu"}
"""The machines that a wheel is offered for, and how the names of their compilers begin."""

_MAKE = """\
import os, sys
from pathlib import Path
from dataclasses import replace
from buildsys.on_demand import core_build, core_files
place, work, *arguments = sys.argv[1:]
core = core_build.make(Path(place), Path(work), os.environ, arguments)
# The compiler is that of whoever uses the wheel.
core_files.save(replace(core, compiler={}))
"""


def build(target: Path, **variables: str) -> Path:
    """Build a wheel into a directory; its path."""
    command = [sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", str(target), str(TOP)]
    done = subprocess.run(command, env={**os.environ, **variables}, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{done.stdout}{done.stderr}\nwheels: the wheel cannot be built")
    return max(target.glob("*.whl"), key=lambda path: path.stat().st_mtime_ns)


def compile_core(pure: Path, machine: str, scratch: Path) -> Path:
    """Compile the core of a wheel for a machine; its directory."""
    packages, core, work = scratch / "packages", scratch / "core", scratch / "work"
    with zipfile.ZipFile(pure) as archive:
        archive.extractall(packages)
    work.mkdir()
    host = [] if machine == platform.machine() else [f"--host={MACHINES[machine]}"]
    environment = {**os.environ, "PYTHONPATH": str(packages), "PYTHONSAFEPATH": "1"}
    command = [sys.executable, "-c", _MAKE, str(core), str(work), *host]
    subprocess.run(command, cwd=scratch, env=environment, check=True)
    return core


def needed_glibc(paths: Sequence[Path]) -> tuple[int, int]:
    """The oldest glibc that has every symbol which some files need, as in ``GLIBC_2.34``."""
    return max((found for path in paths for found in _versions(path)), default=(2, 5))


def _versions(path: Path) -> Iterator[tuple[int, int]]:
    with path.open("rb") as file:
        for section in ELFFile(file).iter_sections():
            if isinstance(section, GNUVerNeedSection):
                for _, versions in section.iter_versions():
                    matches = (re.fullmatch(r"GLIBC_(\d+)\.(\d+)(?:\.\d+)?", version.name) for version in versions)
                    yield from ((int(match[1]), int(match[2])) for match in matches if match)


def can_compile(machine: str) -> bool:
    """Whether there is a compiler here for a machine."""
    return machine == platform.machine() or shutil.which(f"{MACHINES[machine]}-gcc") is not None


def main(words: Sequence[str]) -> int:
    """Make every wheel that can be made here."""
    target = Path(words[0] if words else TOP / "dist").resolve()
    pure = build(target)
    print(f"wheels: {pure}")
    for machine in MACHINES:
        if not can_compile(machine):
            print(
                f"wheels: none for {machine}: apt install gcc-{machine.replace('_', '-')}-linux-gnu brings its compiler"
            )
            continue
        with tempfile.TemporaryDirectory(prefix="asterism-wheel-") as name:
            scratch = Path(name).resolve()
            core = compile_core(pure, machine, scratch)
            major, minor = needed_glibc(sorted(core.rglob("*.so")))
            tag = f"py3-none-manylinux_{major}_{minor}_{machine}"
            print(f"wheels: {build(target, ASTERISM_CORE=str(core), ASTERISM_TAG=tag)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
