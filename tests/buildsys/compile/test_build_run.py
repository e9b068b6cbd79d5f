"""Builds with the real compiler."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from source_tree import CORE, GOOD_C, GOOD_PY, SourceTree
from waiting import HANG, until

from buildsys.compile.following import Reporter, jobs
from buildsys.compile.ninja_run import build
from buildsys.compile.progress import Ended
from buildsys.settled.configuration import Configuration
from buildsys.verbs.build import as_owner
from menuselect.sources import recognition


def test_everything_chosen_is_built_and_told(sources: SourceTree) -> None:
    done = sources.build()
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert sorted(lines[:-1]) == [
        "   [CC] res/res_one.c",
        "   [CC] res/res_two.c",
        "   [LD] build/modules/res_one.so",
        "   [LD] build/modules/res_two.so",
        "   [PY] res/res_three.py",
    ]
    assert lines[-1].startswith("built 3 of 3 modules in ")
    assert sources.products() == ["res_one.so", "res_three.py", "res_two.so"]
    assert len(json.loads((sources.top / "build/compile_commands.json").read_text())) == 2


def test_a_second_build_does_nothing(sources: SourceTree) -> None:
    sources.build()
    before = sources.times()
    assert sources.build().stdout == "nothing to do: every chosen module is built\n"
    assert sources.times() == before


def test_a_changed_header_rebuilds_who_includes_it(sources: SourceTree) -> None:
    sources.write({"res/res_two.c": "/*** MODULEINFO\n\t<support_level>core</support_level>\n ***/\nint x;\n"})
    sources.build()
    before = sources.times()
    sources.write({"include/part.h": "#define PART 2\n"})
    sources.build()
    assert [name for name, at in sources.times().items() if at != before[name]] == ["res_one.so"]


def test_a_module_that_is_not_chosen_any_more_goes(sources: SourceTree) -> None:
    sources.build()
    sources.write({"menuselect.makeopts": "MENUSELECT_RES=res_two \nMENUSELECT_CFLAGS=\n"})
    assert sources.build().returncode == 0
    assert sources.products() == ["res_one.so", "res_three.py"]
    assert sorted(path.name for path in (sources.top / "build/log").iterdir()) == ["res_one.log", "res_three.log"]


def test_a_module_whose_dependency_is_missing_is_not_compiled(sources: SourceTree) -> None:
    block = "/*** MODULEINFO\n\t<depend>curl</depend>\n\t<support_level>core</support_level>\n ***/\n#error never\n"
    sources.write({"res/res_curl.c": block})
    assert sources.build().returncode == 0
    assert "res_curl.so" not in sources.products()
    assert "res_curl" in (sources.top / "menuselect.makeopts").read_text()


def test_a_new_module_that_lacks_something_is_told_with_what_it_lacks(sources: SourceTree) -> None:
    sources.build("--quiet")
    sources.write({"res/res_new.c": GOOD_C.replace("\t<support", "\t<depend>res_nosuch</depend>\n\t<support")})
    done = sources.build("--quiet")
    assert (done.returncode, done.stderr) == (
        0,
        "warning: res_new is not built: it needs res_nosuch, which was not found\n"
        "    'asterism why res_new' says more\n",
    )


GENERATOR = """\
import os, pathlib, sys
for name in ("table.h", "precompiled.h", "exports.c", "fields.h", "fields.c", "layout.c", "core_types.py"):
    pathlib.Path(sys.argv[1], name).write_text("")
print("generator:", os.environ["LC_ALL"])
"""


def test_only_compilers_are_made_to_speak_english(sources: SourceTree) -> None:
    """The generator is our own Python, which has to read paths with the letters of the user's language."""
    sources.write(
        {
            "runtime/__init__.py": "",
            "runtime/bridge/__init__.py": "",
            "runtime/bridge/generate.py": GENERATOR,
            "runtime/native/base/a.c": "int a;\n",
            "cc": '#!/bin/sh\necho "compiler: $LC_ALL"\nexec gcc "$@"\n',
        }
    )
    (sources.top / "cc").chmod(0o755)
    sources.configure(Configuration(cc=(str(sources.top / "cc"),)))
    done = sources.build("--quiet", LC_ALL="C.UTF-8")
    assert (done.returncode, done.stderr) == (0, "")
    assert set(done.stdout.splitlines()) == {"generator: C.UTF-8", "compiler: C"}


def test_a_core_that_fails_is_told_beside_the_modules_that_are_built(sources: SourceTree) -> None:
    sources.write({"runtime/bridge/generate.py": "raise SystemExit(3)\n", "runtime/native/base/a.c": "int a;\n"})
    sources.write({"runtime/__init__.py": "", "runtime/bridge/__init__.py": ""})
    done = sources.build("--quiet")
    assert done.returncode == 1
    assert done.stdout.endswith("\n3 of 3 modules are built; the core library is not; what is wrong:\n\n")


def test_a_chosen_option_changes_the_header_and_rebuilds(sources: SourceTree) -> None:
    sources.build()
    sources.write({"menuselect.makeopts": "MENUSELECT_RES=\nMENUSELECT_CFLAGS=DONT_OPTIMIZE \n"})
    assert "built 2 of 3 modules" in sources.build().stdout
    assert "#define DONT_OPTIMIZE 1" in (sources.top / "include/asterisk/buildopts.h").read_text()
    assert "'-DAST_MODULE=\"res_one\"'" in (sources.top / "build/log/res_one.log").read_text()


def test_a_module_that_fails_shows_its_first_error_and_leaves_the_others_built(sources: SourceTree) -> None:
    broken = GOOD_C.replace("return PART;", "return frob + brof;")
    sources.write({"res/res_one.c": broken})
    done = sources.build("--quiet")
    assert done.returncode == 1
    assert done.stdout == (
        "res/res_one.c: In function 'module_value':\n"
        "res/res_one.c:6:33: error: 'frob' undeclared (first use in this function)\n"
        "    6 | int module_value(void) { return frob + brof; }\n"
        "      |                                 ^~~~\n"
        "res/res_one.c:6:33: note: each undeclared identifier is reported only once for each function it appears in\n"
        "\n2 of 3 modules are built; what is wrong:\n\n"
    )
    assert done.stderr == (
        "res/res_one.c:6:33: module res_one does not compile: 'frob' undeclared (first use in this function)\n"
        "    1 more error; 'asterism log res_one' shows all of it (build/log/res_one.log)\n"
    )
    assert sources.products() == ["res_three.py", "res_two.so"]
    log = sources.run(sources.top, "log", "res_one").stdout
    assert "'brof' undeclared" in log
    assert log.endswith("= exit status 1\n")


def test_a_failed_build_fails_again_until_it_is_mended(sources: SourceTree) -> None:
    sources.write({"res/res_three.py": GOOD_PY + "x = = 1\n"})
    for _ in range(2):
        done = sources.build("--quiet")
        assert done.returncode == 1
        assert done.stderr == (
            "res/res_three.py:9:5: module res_three does not compile: invalid syntax\n    x = = 1\n        ^\n"
        )
    assert sources.products() == ["res_one.so", "res_two.so"]
    sources.write({"res/res_three.py": GOOD_PY})
    assert sources.build().returncode == 0


def test_a_warning_is_shown_and_fails_nothing_outside_of_dev_mode(sources: SourceTree) -> None:
    sources.write({"res/res_one.c": GOOD_C + "static int unused;\n"})
    done = sources.build("--quiet")
    assert done.returncode == 0
    assert "warning: 'unused' defined but not used" in done.stdout


def test_in_dev_mode_a_warning_is_an_error(sources: SourceTree) -> None:
    sources.configure(Configuration(cc=("gcc",), warnings=("-Wall", "-Werror"), dev_mode=True))
    sources.write({"res/res_one.c": GOOD_C + "static int unused;\n"})
    done = sources.build("--quiet")
    assert done.returncode == 1
    assert "res_one does not compile: 'unused' defined but not used" in done.stderr


def test_counts_of_code_that_was_compiled_anew_go(sources: SourceTree) -> None:
    chosen = {"menuselect.makeopts": "MENUSELECT_RES=\nMENUSELECT_CFLAGS=DONT_OPTIMIZE CODE_COVERAGE \n"}
    sources.write(chosen)
    sources.build("--quiet")
    counts = [sources.top / f"build/obj/res_{name}/res_{name}.c.gcda" for name in ("one", "two")]
    for path in counts:
        path.write_text("counts")
    sources.write({"res/res_one.c": GOOD_C + "int more;\n"})
    assert sources.build("--quiet").returncode == 0
    assert [path.exists() for path in counts] == [False, True]


def test_a_compiler_that_has_gone_is_told_once(sources: SourceTree) -> None:
    sources.configure(Configuration(cc=("no-such-gcc",)))
    done = sources.build()
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "asterism: the compiler 'no-such-gcc' is missing: configure found it, but it is not there now\n"
        "    install it again, or run ./configure to look for another\n"
    )


def test_a_compiler_that_crashes_is_told_as_such(sources: SourceTree) -> None:
    compiler = sources.top / "crashing-gcc"
    compiler.write_text("#!/bin/sh\nkill -SEGV $$\n")
    compiler.chmod(0o755)
    sources.configure(Configuration(cc=(str(compiler),)))
    done = sources.build("--quiet")
    assert done.returncode == 1
    assert done.stderr.count("the compiler crashed on this file") == 2


def test_a_full_disk_is_told_once_and_leaves_nothing_half_written(sources: SourceTree) -> None:
    for name in ("gcc", "cp"):
        said = f"{name}: error writing: No space left on device"
        sources.write({f"bin/{name}": f"#!/bin/sh\nfor last; do :; done\nprintf x >$last\necho '{said}' >&2\nexit 1\n"})
        (sources.top / "bin" / name).chmod(0o755)
    done = sources.build("--quiet", PATH=f"{sources.top}/bin:{os.environ['PATH']}")
    assert (done.returncode, done.stdout) == (1, "")
    what, cure = done.stderr.splitlines()
    assert re.fullmatch(r"build: the disk is full: \w+: error writing: No space left on device", what)
    assert cure == "    free some room on that disk and run make again; what is built stays"
    assert sources.products() == []
    assert sources.build("--quiet").returncode == 0
    assert sources.products() == ["res_one.so", "res_three.py", "res_two.so"]


def test_an_include_that_is_not_there_is_told_where_it_is_wanted(sources: SourceTree) -> None:
    sources.write({"res/res_one.c": GOOD_C.replace("part.h", "parts.h")})
    done = sources.build("--quiet")
    why = "parts.h: No such file or directory"
    assert done.stderr.startswith(f"res/res_one.c:4:10: module res_one does not compile: {why}\n")


def test_two_sources_of_one_name_are_told(sources: SourceTree) -> None:
    sources.write({"res/res_one.py": GOOD_PY})
    done = sources.build("--quiet")
    assert done.returncode == 1
    assert "two modules are named res_one" in done.stderr


def test_bad_blocks_are_told_together_with_their_places_and_nothing_is_made_of_them(sources: SourceTree) -> None:
    sources.build("--quiet")
    before = (sources.top / "menuselect-tree").read_bytes()
    sources.write(
        {
            "res/res_b.c": "/*** MODULEINFO\n\t<support_level>core</suport_level>\n***/\n",
            "res/res_c.c": "/*** MODULEINFO\n\t<depnd>curl</depnd>\n\t<support_level>cor</support_level>\n***/\n",
        }
    )
    for _ in range(2):
        done = sources.build("--quiet")
        assert (done.returncode, done.stdout) == (1, "")
        assert [line for line in done.stderr.splitlines() if line.startswith("res/")] == [
            "res/res_b.c:2:21: <support_level> is closed by </suport_level>",
            "res/res_c.c:2:2: unknown tag <depnd>",
            "res/res_c.c:3:17: unknown support level 'cor'",
        ]
    assert (sources.top / "menuselect-tree").read_bytes() == before


def test_a_tree_that_is_not_configured_says_so(sources: SourceTree) -> None:
    (sources.top / "makeopts").unlink()
    done = sources.build()
    assert done.returncode == 1
    assert done.stderr == f"{sources.top}: this tree is not configured\n    run ./configure first\n"


def test_a_file_from_the_future_is_told_and_does_not_keep_the_tree_stale(sources: SourceTree) -> None:
    future = time.time() + 3600
    os.utime(sources.top / "build_tools/menuselect-deps", (future, future))
    done = sources.build("--quiet")
    what = "it was changed in the future, by the clock of this machine"
    assert done.stderr.startswith(f"build_tools/menuselect-deps: warning: {what}\n    set the clock right")
    assert up_to_date(sources)


def test_what_a_slow_look_at_the_tree_has_written_is_not_from_the_future(
    sources: SourceTree, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    real, earlier = time.time_ns, iter([time.time_ns() - 60 * 10**9])
    monkeypatch.chdir(sources.top)  # as 'make' does; the tree that is asked is the one it stands in
    monkeypatch.setattr(time, "time_ns", lambda: next(earlier, 0) or real())
    build(recognition.at(sources.top), Reporter(sys.stdout, quiet=True))
    assert capsys.readouterr() == ("", "")


def up_to_date(sources: SourceTree) -> bool:
    """What the Makefile asks before it starts Python."""
    command = [Path(sys.executable).with_name("ninja"), "-f", "build/check.ninja", "-n"]
    done = subprocess.run(command, cwd=sources.top, capture_output=True, text=True, check=False)
    return done.stdout.startswith("ninja: no work to do")


@pytest.mark.parametrize(
    "change",
    [
        {"res/res_new.c": GOOD_C},
        {"res/res_three.py": GOOD_PY + "x = 2\n"},
        {"include/part.h": "#define PART 3\n"},
        {"menuselect.makeopts": "MENUSELECT_RES=res_one \n"},
        {"build_tools/menuselect-deps": "CURL=1\n"},
    ],
)
def test_make_finds_every_kind_of_change(sources: SourceTree, change: dict[str, str]) -> None:
    sources.build()
    assert up_to_date(sources)
    sources.write(change)
    assert not up_to_date(sources)
    sources.build()
    assert up_to_date(sources)


def test_make_finds_a_product_that_was_deleted(sources: SourceTree) -> None:
    sources.build()
    (sources.top / "build/modules/res_three.py").unlink()
    assert not up_to_date(sources)


def test_a_source_that_was_deleted_takes_its_module_along(sources: SourceTree) -> None:
    sources.build()
    (sources.top / "res/res_one.c").unlink()
    assert not up_to_date(sources)
    assert sources.build().returncode == 0
    assert sources.products() == ["res_three.py", "res_two.so"]


def test_a_second_build_at_the_same_time_is_refused(sources: SourceTree) -> None:
    import fcntl

    (sources.top / "build").mkdir()
    with (sources.top / "build/lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = sources.build()
    assert done.returncode == 1
    assert "another program holds this lock" in done.stderr


def test_an_interrupted_build_says_one_line_and_goes_on_the_next_time(sources: SourceTree) -> None:
    compiler = sources.top / "slow-gcc"
    compiler.write_text('#!/bin/sh\ncase "$*" in *" -c "*two*) touch started; sleep 60;; esac\nexec gcc "$@"\n')
    compiler.chmod(0o755)
    sources.configure(Configuration(cc=(str(compiler),)))
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
    compiler.write_text('#!/bin/sh\nexec gcc "$@"\n')
    assert sources.build("--quiet").returncode == 0
    assert sources.products() == ["res_one.so", "res_three.py", "res_two.so"]


@pytest.mark.parametrize(
    ("makeflags", "expected"),
    [
        ("", []),
        (" -j3 --jobserver-auth=3,4", ["-j", "3"]),
        (" -j8 --jobserver-auth=fifo:/tmp/GMfifo1", []),
        ("s -j2", ["-j", "2"]),
        ("k", []),
    ],
)
def test_make_jn_limits_the_jobs(makeflags: str, expected: list[str]) -> None:
    assert jobs(makeflags) == expected


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, who can give a file away")
def test_under_sudo_the_owner_of_the_tree_builds(tmp_path: Path) -> None:
    assert as_owner(tmp_path) is None
    os.chown(tmp_path, 1234, 1235)
    assert as_owner(tmp_path) == (1234, 1235)


class Terminal(list[str]):
    """A stream that says it is a terminal, and keeps what is written."""

    def write(self, text: str) -> int:
        self.append(text)
        return len(text)

    def flush(self) -> None: ...

    def isatty(self) -> bool:
        return True


def test_on_a_terminal_one_line_changes_in_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "40")
    screen = Terminal()
    reporter = Reporter(screen)  # type: ignore[arg-type]
    reporter.step(Ended("res_x", "CC", "res/res_x.c", 1, 3, 4.0))
    reporter.step(Ended("res_x", "LD", "build/modules/res_x.so", 2, 3, 5.0, output=("a warning",)))
    reporter.clear()
    assert "".join(screen) == (
        "\r\x1b[K[1/3, 8 s left] CC res/res_x.c\r\x1b[K[2/3, 2 s left] LD build/modules/res_x.\r\x1b[Ka warning\n"
    )


def test_on_a_dumb_terminal_each_step_has_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    screen = Terminal()
    Reporter(screen).step(Ended("res_x", "CC", "res/res_x.c", 1, 3, 4.0))  # type: ignore[arg-type]
    assert "".join(screen) == "   [CC] res/res_x.c\n"


def test_a_module_that_lacks_something_is_told_by_every_build(sources: SourceTree) -> None:
    """A module that is chosen and not built is named with the reason, also when there is nothing to do."""
    block = "/*** MODULEINFO\n\t<depend>{}</depend>\n\t<support_level>core</support_level>\n ***/\n"
    sources.write({"res/res_mine.c": block.format("nosuch_a")})
    first = sources.build()
    assert first.stdout.splitlines()[-1].endswith(" s; res_mine is not: it needs nosuch_a, which was not found")
    told = "nothing to do: 3 of 4 modules are built; res_mine is not: it needs nosuch_b, which was not found\n"
    sources.write({"res/res_mine.c": block.format("nosuch_b")})
    assert sources.build().stdout == told
    assert sources.build().stdout == told
    assert (sources.top / "build/idle.txt").read_text() == told
    named = sources.build("res_mine")
    assert (named.returncode, named.stderr) == (
        1,
        "asterism: res_mine cannot be built: it needs nosuch_b, which was not found\n",
    )


def test_a_source_without_the_prefix_of_its_directory_is_told(sources: SourceTree) -> None:
    sources.build()
    sources.write({"res/mine.c": "int mine;\n"})
    assert sources.build().stdout == (
        "res/mine.c is passed over: the names of modules in res/ begin with 'res_'\n"
        "nothing to do: every chosen module is built\n"
    )


@pytest.mark.parametrize("compiler", ["gcc", "clang"])
def test_a_precompiled_header_changes_no_object_and_counts_when_it_changes(sources: SourceTree, compiler: str) -> None:
    if shutil.which(compiler) is None:
        pytest.skip(f"needs {compiler}")
    sources.write(CORE)
    objects = []
    for precompile in ((), ("-x", "c-header")):
        sources.configure(Configuration(cc=(compiler,), cflags=("-g0",), precompile=precompile))
        done = sources.build("--quiet")
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        objects.append((sources.top / "build/obj/native/runtime/native/base/value.o").read_bytes())
    assert objects[0] == objects[1]
    assert (sources.top / "build/generated/precompiled.h.gch").is_file()
    sources.write({"runtime/native/internal.h": CORE["runtime/native/internal.h"].replace("41", "42")})
    assert sources.build("--quiet").returncode == 0
    assert (sources.top / "build/obj/native/runtime/native/base/value.o").read_bytes() != objects[0]
