"""The core and the sample modules with another C library (musl), and for another processor (aarch64)."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from shared_builds import Builds

CROSS = "aarch64-linux-gnu"
OTHERS = {
    "musl": ("musl-gcc", ["CC=musl-gcc"]),
    "aarch64": (f"{CROSS}-gcc", [f"--host={CROSS}"]),
}
"""The compiler, and what configure is told."""

DRIVER = r"""
#include "asterisk.h"

#include <dlfcn.h>
#include <stdio.h>

#include "asterisk/lock.h"

AST_MUTEX_DEFINE_STATIC(lock);
int asterism_crash_install(void);

/* Opens the modules, takes a lock twice, installs the crash handler, and crashes. */
int main(int argc, char **argv)
{
	int i, failed;

	for (i = 1; i < argc; i++) {
		if (!dlopen(argv[i], RTLD_NOW | RTLD_LOCAL)) {
			puts(dlerror());
			return 1;
		}
	}
	failed = ast_mutex_lock(&lock) || ast_mutex_trylock(&lock) || ast_mutex_unlock(&lock) || ast_mutex_unlock(&lock);
	printf("%d modules, %d, %d\n", argc - 1, failed, asterism_crash_install());
	fflush(stdout);
	*(volatile int *) 0 = 1;
	return 0;
}
"""


@pytest.fixture(scope="module", params=OTHERS)
def other(
    request: pytest.FixtureRequest,
    builds: Builds,
    project_files: list[Path],
    copied: Callable[[Path], Path],
    asterism: Callable[..., subprocess.CompletedProcess[str]],
) -> tuple[str, Path]:
    """A compiler, and the project built with it in dev mode, where each warning is an error."""
    compiler, words = OTHERS[request.param]
    if shutil.which(compiler) is None:
        pytest.skip(f"needs {compiler}")

    def build(place: Path) -> None:
        top = copied(place / "asterism")
        for verb in (["configure", "--quiet", "--enable-dev-mode", "CFLAGS=-O0", *words], ["build", "--quiet"]):
            done = asterism(top, *verb)
            assert done.returncode == 0, done.stdout + done.stderr

    return compiler, builds.get(f"other-{request.param}", [compiler, *project_files], build) / "asterism"


def driver(compiler: str, top: Path, room: Path) -> Path:
    """A program that is linked with the core."""
    source, made = room / "driver.c", room / "driver"
    source.write_text(DRIVER)
    flags = ["-D_GNU_SOURCE", "-pthread", '-DAST_MODULE="driver"', "-DAST_MODULE_SELF_SYM=driver", f"-I{top}/include"]
    core = [f"-L{top}/build/native", "-lasterism", f"-Wl,-rpath,{top}/build/native", "-ldl"]
    subprocess.run([compiler, *flags, source, "-o", made, *core], check=True)
    return made


def test_core_and_modules_load_and_crash_with_another_c_library(other: tuple[str, Path], tmp_path: Path) -> None:
    compiler, top = other
    modules = sorted(top.glob("build/modules/*.so"))
    launcher: list[str] = []
    if compiler.startswith(CROSS):
        if (emulator := shutil.which("qemu-aarch64")) is None:
            pytest.skip("needs qemu-aarch64")
        launcher = [emulator, "-L", f"/usr/{CROSS}"]
    done = subprocess.run(
        [*launcher, driver(compiler, top, tmp_path), *modules], capture_output=True, text=True, check=False
    )
    assert done.stdout == f"{len(modules)} modules, 0, 0\n"
    assert len(modules) > 20
    told = [line for line in done.stderr.splitlines() if line.startswith("asterism: ")]
    assert told == [
        "asterism: the program crashed outside of a module's callback, in driver (SIGSEGV, invalid memory access)"
    ]
