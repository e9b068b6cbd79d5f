"""What users do to a build: one clear message each, and nothing lost."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from source_tree import GOOD_C, SourceTree
from waiting import HANG, until

from asterism.errors import Fault, Place
from buildsys.compile.ninja_process import ninja_fault
from buildsys.compile.slow_steps import at_work, notice, watched
from buildsys.planning.plan import Step
from buildsys.settled.configuration import Configuration


def test_a_name_with_a_blank_is_refused_before_anything_is_built(sources: SourceTree) -> None:
    sources.write({"res/res_a b.c": GOOD_C})
    done = sources.build("--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (
        1,
        "",
        "res/res_a b.c: 'res_a b' cannot be a module's name\n"
        "    rename the file: letters, digits, '_', '-' and '+', starting with a letter\n",
    )


def test_a_file_in_the_place_of_a_modules_directory_is_told(sources: SourceTree) -> None:
    sources.write({"res/res_one": "not a directory\n"})
    done = sources.build("--quiet")
    assert (done.returncode, done.stderr) == (
        1,
        "res/res_one: this file has the name of the directory for further sources of the module\n"
        "    move it elsewhere, or make it a directory\n",
    )
    assert sources.products() == ["res_three.py", "res_two.so"]


def test_a_file_in_the_place_of_a_directory_of_modules_is_told(sources: SourceTree) -> None:
    sources.write({"funcs": "not a directory\n"})
    done = sources.build("--quiet")
    assert (done.returncode, done.stderr) == (
        0,
        "funcs: warning: it is a file: modules would be in a directory of that name\n    move it elsewhere\n",
    )


def test_a_file_in_the_place_of_the_build_directory_is_told(sources: SourceTree) -> None:
    sources.write({"build": "mine\n"})
    done = sources.build()
    assert (done.returncode, done.stderr) == (
        1,
        f"{sources.top}/build/lock: cannot lock the file: file exists\n"
        "    a file is where a directory is expected; move it elsewhere\n",
    )
    assert (sources.top / "build").read_text() == "mine\n"


def test_a_source_that_is_a_directory_is_told(sources: SourceTree) -> None:
    (sources.top / "res/res_dir.c").mkdir()
    done = sources.build("--quiet")
    assert (done.returncode, done.stderr) == (
        1,
        f"{sources.top}/res/res_dir.c: cannot read the file: is a directory\n    name a regular file\n",
    )


def test_a_source_from_the_future_is_built_once_for_each_make_and_no_more(sources: SourceTree) -> None:
    """By itself ninja takes the object for too old each time, but does not go round in circles."""
    future = time.time() + 86400
    os.utime(sources.top / "res/res_one.c", (future, future))
    for _ in range(2):
        done = sources.build("--quiet")
        assert done.returncode == 0
        assert done.stderr.startswith(
            "res/res_one.c: warning: it was changed in the future, by the clock of this machine"
        )


def test_makeopts_edited_into_nonsense_is_told_and_left(sources: SourceTree) -> None:
    before = (sources.top / "makeopts").read_text()
    edited = before.replace("CC=gcc", "CC=") + "\0\x01binary\n"
    (sources.top / "makeopts").write_text(edited)
    done = sources.build()
    assert (done.returncode, done.stdout, "Traceback" in done.stderr) == (1, "", False)
    assert [line for line in done.stderr.splitlines() if line.startswith("/")] == [
        f"{sources.top}/makeopts:{before.count(chr(10)) + 1}: expected NAME=value",
        f"{sources.top}/makeopts:3: CC names no compiler",
    ]
    assert (sources.top / "makeopts").read_text() == edited


# ---- a compiler that hangs


def hanging(sources: SourceTree) -> None:
    compiler = sources.top / "slow gcc"
    compiler.write_text('#!/bin/sh\ncase "$*" in *" -c "*two*) touch started; exec sleep 600;; esac\nexec gcc "$@"\n')
    compiler.chmod(0o755)
    sources.configure(Configuration(cc=(str(compiler),)))


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="needs Linux, which lists the threads of a process")
def test_a_silent_compiler_is_named_by_what_it_works_on(tmp_path: Path) -> None:
    """As ninja starts it: a shell with the command, and the compiler below."""
    child = "import subprocess; subprocess.run(['sh', '-c', 'sleep 60; : -c res/two.c -o obj/two.o'])"
    process = subprocess.Popen([sys.executable, "-c", child], stdout=subprocess.PIPE, text=True, start_new_session=True)
    steps = [Step("cc", name, (f"obj/{name}.o",), (f"res/{name}.c",), ()) for name in ("one", "two")]
    said: list[str] = []
    heard = threading.Event()

    def say(lines: list[str]) -> None:
        said.extend(lines)
        if "two.c" in lines[0]:
            heard.set()
            os.killpg(process.pid, signal.SIGKILL)

    try:
        assert list(watched(process, lambda: steps, say, patience=0.3)) == []
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if process.stdout:
            process.stdout.close()
    assert heard.is_set()
    assert re.fullmatch(
        r"nothing has ended for \d+ s; at work on res/two\.c; Ctrl-C stops, and the next make goes on from here",
        said[-1],
    )


def test_without_proc_the_notice_names_nobody() -> None:
    assert at_work(-1, []) == []
    assert notice([], 61.2) == (
        "nothing has ended for 61 s; ninja waits; Ctrl-C stops, and the next make goes on from here"
    )


def test_ctrl_c_ends_a_compiler_that_hangs(sources: SourceTree) -> None:
    hanging(sources)
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    command = [sys.executable, "-m", "asterism", "build", "--quiet"]
    with subprocess.Popen(
        command, cwd=sources.top, env=environment, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        try:
            until(lambda: (sources.top / "started").exists() or process.poll() is not None)
            os.killpg(process.pid, signal.SIGINT)
            _, complaint = process.communicate(timeout=HANG)
        finally:
            process.kill()
    assert (process.returncode, complaint) == (130, "asterism: interrupted; the next make goes on from here\n")
    assert not list((sources.top / "build").rglob("*two*.o"))


# ---- a disk that is full


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, with room for little."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", str(place)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("needs the right to mount a file system")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


BIG = "const char big[4000000] = {1};\n"


def test_a_disk_on_which_ninja_itself_has_no_room_is_told_as_one_that_a_compiler_filled() -> None:
    line = "build stopped: Error writing to deps log: No space left on device."
    cure = "free some room on that disk and run make again; what is built stays"
    assert ninja_fault([line], 1) == Fault("the disk is full", Place("build"), line, cure, "full-disk")


def test_a_disk_that_fills_up_is_told_once_and_the_next_build_goes_on(sources: SourceTree, small_disk: Path) -> None:
    (sources.top / "build").symlink_to(small_disk)
    sources.write({"res/res_one.c": GOOD_C + BIG})
    done = sources.build("--quiet")
    assert done.returncode == 1
    what, cure = done.stderr.splitlines()[-2:]
    assert what.startswith("build: the disk is full: ")
    assert cure == "    free some room on that disk and run make again; what is built stays"
    sources.write({"res/res_one.c": GOOD_C})
    done = sources.build("--quiet")
    assert (done.returncode, done.stderr) == (0, "")
    assert sources.products() == ["res_one.so", "res_three.py", "res_two.so"]
