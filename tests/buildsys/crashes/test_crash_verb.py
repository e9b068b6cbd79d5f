"""``asterism crash``: real crashes of a small program that opens a shared object, by core file and by text."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from asterism.modulefile import elf

BOOM = """\
static int inner(volatile int *where)
{
	*where = 7;
	return 1;
}

int app_boom_load(int n);
int app_boom_load(int n)
{
	volatile int *nothing = n > 100 ? &n : 0;
	return inner(nothing);
}
"""
PROGRAM = """
#include <dlfcn.h>
int main(int count, char **words)
{
	void *opened = dlopen(words[1], RTLD_NOW);
	int (*load)(int) = (int (*)(int)) dlsym(opened, "app_boom_load");
	return load(count);
}
"""
FLAGS = ("-g", "-O1", "-fPIC", "-Wl,--build-id")

needs_gdb = pytest.mark.skipif(not shutil.which("gdb"), reason="needs gdb")


def crash(*words: str | Path, text: str = "", path: str | None = None) -> tuple[int, str, str]:
    """Run the verb; its status, output and complaints."""
    environment = {**os.environ, **({} if path is None else {"PATH": path})}
    argv = [sys.executable, "-m", "asterism", "crash", *map(str, words)]
    done = subprocess.run(argv, input=text, capture_output=True, text=True, env=environment, check=False)
    return done.returncode, done.stdout, done.stderr


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with app_boom.so, and a program that opens it."""
    place = tmp_path_factory.mktemp("crash")
    (place / "app_boom.c").write_text(BOOM)
    (place / "program.c").write_text(PROGRAM)
    subprocess.run(["cc", *FLAGS, "-shared", "-o", "app_boom.so", "app_boom.c"], cwd=place, check=True)
    subprocess.run(["cc", "-g", "-o", "program", "program.c", "-ldl"], cwd=place, check=True)
    return place


@pytest.fixture(scope="module")
def core(place: Path) -> Path:
    """A core file of the program, written by gdb."""
    commands = ["-ex", "run", "-ex", "generate-core-file boom.core"]
    argv = ["gdb", "-nx", "-batch", *commands, "--args", "./program", "./app_boom.so"]
    subprocess.run(argv, cwd=place, capture_output=True, text=True, check=False)
    if not (place / "boom.core").is_file():
        pytest.skip("needs the right to debug")
    return place / "boom.core"


def of_thread(text: str) -> str:
    """The text without what differs from run to run."""
    return re.sub(r"0x[0-9a-f]{6,}|LWP \d+", "*", text)


@needs_gdb
def test_a_core_file_gives_the_calls_with_lines_and_the_module(place: Path, core: Path) -> None:
    status, out, _ = crash(core, "--modules", place)
    offset = re.search(r"app_boom\.so\+(0x\w+)", out)
    assert offset
    assert (status, of_thread(out).replace(offset[1], "AT").splitlines()[:6]) == (
        0,
        [
            f"core file of {place}/program ended by SIGSEGV",
            "",
            "Thread 1 (Thread * (*))",
            "#0  app_boom.so+AT  inner()  app_boom.c:3",
            "#1  app_boom.so+AT  app_boom_load()  app_boom.c:11",
            out.splitlines()[5],
        ],
    )
    assert out.endswith(f"module app_boom: inner() at app_boom.c:3\n    file: {place}/app_boom.so\n")


@needs_gdb
def test_without_gdb_a_core_file_gives_the_innermost_call(place: Path, core: Path) -> None:
    status, out, err = crash(core, "--modules", place, "--json", path="")
    calls = [(call["object"], call["function"], call["source"]) for call in json.loads(out)["calls"]]
    assert (status, calls) == (0, [(f"{place}/app_boom.so", "app_boom_load", "app_boom.c:3")])
    assert err == (
        f"{core}: only the innermost call of each thread is known\n"
        "    install gdb to see the calls below the innermost ones\n"
    )


@needs_gdb
def test_a_file_of_another_build_is_told_and_not_believed(place: Path, core: Path, tmp_path: Path) -> None:
    whole = (place / "app_boom.so").read_bytes()
    identity = elf.build_id_of(whole)
    other = whole.replace(bytes.fromhex(identity), bytes(20))
    (tmp_path / "app_boom.so").write_bytes(other)
    text = f"Module app_boom.so with build-id {identity}\n#0  0x00007f1 n/a (app_boom.so + 0x10)\n"
    (tmp_path / "crash.txt").write_text(text)
    assert crash(tmp_path / "crash.txt", "--modules", tmp_path) == (
        1,
        "#0  app_boom.so+0x10\n\nmodule app_boom\n",
        "app_boom.so: warning: the file here is another build than the one that crashed: the crash has build id "
        f"{identity}, the file {'0' * 40}\n    name the directory with the build that crashed: --modules DIR\n",
    )


def test_a_backtrace_on_standard_input_is_resolved_by_symbol_and_offset(place: Path) -> None:
    status, out, err = crash("-", "--modules", place, text="app_boom.so(app_boom_load+0x1) [0x7f12]\n")
    assert (status, out, err) == (
        0,
        "#0  app_boom.so(app_boom_load+0x1)  app_boom_load()  app_boom.c:10\n\n"
        f"module app_boom: app_boom_load() at app_boom.c:10\n    file: {place}/app_boom.so\n",
        "",
    )


def test_kernel_messages_count_from_the_executable_segment_or_in_the_file(place: Path) -> None:
    data = (place / "app_boom.so").read_bytes()
    text = next(each for each in elf.segments(data) if each.kind == elf.PT_LOAD and each.flags & 1)
    symbol = subprocess.run(["nm", "app_boom.so"], cwd=place, capture_output=True, text=True, check=True).stdout
    address = int(next(line for line in symbol.splitlines() if line.endswith(" app_boom_load")).split()[0], 16)
    old = f"segfault at 0 ip {0x7F0000000000 + address - text.address:x} sp 0 error 4 in app_boom.so[7f0000000000+1000]"
    new = (
        f"segfault at 0 ip 7f0000000000 sp 0 error 4 in "
        f"app_boom.so[{address - text.address + text.offset:x},7f0000000000+1000]"
    )
    status, out, _ = crash("-", "--modules", place, text=f"{old}\n{new}\n")
    named = [line.split("  ", 1)[1].split("  ")[1:] for line in out.splitlines()[:2]]
    assert (status, named) == (0, [["app_boom_load()", "app_boom.c:10"], ["app_boom_load()", "app_boom.c:10"]])


def test_a_file_that_is_not_there_is_told_and_the_rest_is_shown(tmp_path: Path) -> None:
    assert crash("-", "--modules", tmp_path, text="app_gone.so + 0x2749b\n") == (
        1,
        "#0  app_gone.so+0x2749b\n\nmodule app_gone\n",
        "app_gone.so: warning: the file was not found\n"
        "    name the directory that has the build that crashed: --modules DIR\n",
    )


def test_a_text_without_calls_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes").write_text("It crashed again.\n")
    assert crash(tmp_path / "notes") == (
        1,
        "",
        f"{tmp_path}/notes: no call of a backtrace was found\n    it has lines such as 'app_x.so + 0x2749b', "
        "'app_x.so(load+0x1b) [0x7f...]' or '#0 ... at app_x.c:57'\n",
    )


@needs_gdb
def test_a_core_file_that_was_cut_short_is_refused(core: Path, tmp_path: Path) -> None:
    (tmp_path / "cut").write_bytes(core.read_bytes()[:3000])
    status, out, err = crash(tmp_path / "cut")
    assert (status, out) == (1, "")
    assert re.fullmatch(
        r".*/cut: the core file is damaged: .*\n"
        r"    copy the core file again; was it cut short by a limit on its size \(ulimit -c\)\?\n",
        err,
    )
