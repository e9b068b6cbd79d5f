"""Compilers other than gcc for this machine: clang, zig, cross compilers, and builds with sanitizers."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from fake_toolchain import FakeToolchain
from shared_builds import Builds
from source_tree import SourceTree
from waiting import HANG

from asterism.errors import AsterismError
from buildsys.planning.plan import compile_flags
from buildsys.settled import sanitizers
from buildsys.settled.configure_line import parse
from buildsys.settled.library_probes import load_table
from buildsys.settled.toolchain import NOT_FOUND, Compiler, Ran, find_compiler
from buildsys.verbs.configure import examine

CROSS = "aarch64-linux-gnu"
needs_clang = pytest.mark.skipif(shutil.which("clang") is None, reason="needs clang")
needs_cross = pytest.mark.skipif(shutil.which(f"{CROSS}-gcc") is None, reason=f"needs {CROSS}-gcc")
Copied = Callable[[Path], Path]
Asterism = Callable[..., "subprocess.CompletedProcess[str]"]

MODULE = """\
/*** MODULEINFO
	<support_level>core</support_level>
 ***/
#include "asterisk.h"
#include "asterisk/module.h"
static int load_module(void)
{
	%s
	return AST_MODULE_LOAD_SUCCESS;
}
static int unload_module(void) { return 0; }
AST_MODULE_INFO_STANDARD(ASTERISK_GPL_KEY, "A module");
"""


def told(words: Sequence[str], machine: Callable[[Sequence[str], str], Ran]) -> str:
    """What configure refuses."""
    table = load_table("[zlib]\npkg = ['zlib']\n")
    with pytest.raises(AsterismError) as caught:
        examine(parse(words, sorted(table), {}), table, machine)
    return str(caught.value)


# ---- clang and zig


def test_clang_is_told_to_take_blocks() -> None:
    machine = FakeToolchain(compilers={"clang": "Debian clang version 14.0.6"})
    assert find_compiler(machine) == Compiler(("clang", "-fblocks"), "Debian clang version 14.0.6")
    assert find_compiler(machine, wanted="clang -fblocks") == find_compiler(machine)


RAII = """\
#include <stdio.h>
#include "asterisk.h"
#include "asterisk/utils.h"
static void say(int n) { printf("end of %d\\n", n); }
#define SAY(n) say(n)
int main(void)
{
	RAII_VAR(int, first, 1, say);
	for (int i = 0; i < 2; i++) {
		RAII_VAR(int, inner, 10 + i, SAY);
		inner += 10;
	}
	first = 2;
	return 0;
}
"""


@needs_clang
@pytest.mark.parametrize("compiler", [("gcc",), ("clang", "-fblocks")])
def test_a_variable_ends_with_its_block_whatever_the_compiler(
    built_sources: Path, tmp_path: Path, compiler: tuple[str, ...]
) -> None:
    program = tmp_path / "raii"
    own = ('-DAST_MODULE="raii"', "-DAST_MODULE_SELF_SYM=raii", "-D_GNU_SOURCE", f"-I{built_sources}/include")
    words = [*compiler, "-Wall", "-Werror", *own, "-x", "c", "-", "-o", str(program)]
    done = subprocess.run([*words, "-std=gnu11"], input=RAII, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    said = subprocess.run([program], capture_output=True, text=True, check=True).stdout
    assert said == "end of 20\nend of 21\nend of 2\n"


@needs_clang
def test_clang_builds_the_whole_project(
    builds: Builds, project_files: list[Path], asterism: Asterism, copied: Copied
) -> None:
    def build(place: Path) -> None:
        top = copied(place / "asterism")
        words = ["configure", "--quiet", "--enable-dev-mode", "CC=clang", "CXX=clang++", "CFLAGS=-O0"]
        assert asterism(top, *words).returncode == 0
        done = asterism(top, "build", "--quiet")
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")

    assert builds.get("clang", project_files, build).is_dir()


def test_the_compiler_of_the_wheel_is_the_last_resort(monkeypatch: pytest.MonkeyPatch) -> None:
    there = importlib.util.find_spec("json")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: there if name == "ziglang" else None)

    def machine(argv: Sequence[str], _text: str) -> Ran:
        if argv[:4] == [sys.executable, "-m", "ziglang", "cc"]:
            return Ran(tuple(argv), 0, "clang version 20.1.2\n")
        return Ran(tuple(argv), NOT_FOUND, "", "not found")

    found = find_compiler(machine)
    assert found
    assert found.command == (sys.executable, "-m", "ziglang", "cc", "-fblocks")


@pytest.mark.skipif(importlib.util.find_spec("ziglang") is None, reason="needs the extra 'zig'")
def test_the_wheel_builds_modules_where_no_compiler_is(sources: SourceTree) -> None:
    bare = sources.top / "bin"
    bare.mkdir()
    for name in ("sh", "cp", "rm"):
        (bare / name).symlink_to(shutil.which(name) or "")
    done = sources.run(sources.top, "configure", "--quiet", environment={"PATH": str(bare)})
    assert (done.returncode, "ziglang" in done.stderr) == (0, True)
    done = sources.run(sources.top, "build", "--quiet", environment={"PATH": str(bare)})
    assert (done.returncode, done.stderr) == (0, "")
    assert sources.products() == ["res_one.so", "res_three.py", "res_two.so"]


# ---- sanitizers


def test_sanitizers_are_build_options_before_all_others() -> None:
    names = ("undefined", "address")
    assert sanitizers.options(names) == ("ADDRESS_SANITIZER", "UNDEFINED_SANITIZER")
    machine = FakeToolchain(programs=())
    table = load_table("[zlib]\npkg = ['zlib']\n")
    made = examine(parse(["--sanitize=undefined"], sorted(table), {}), table, machine).configuration
    flags = compile_flags(made, ["UNDEFINED_SANITIZER"])
    assert "-fsanitize=undefined" in flags.c
    assert "-fsanitize=undefined" in flags.link
    assert "-D_FORTIFY_SOURCE=2" not in flags.c


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["--sanitize=adress"], "unknown sanitizer 'adress' in --sanitize\n    did you mean 'address'?"),
        (
            ["--sanitize=address,thread"],
            "address and thread cannot sanitize the same build\n    make two builds, one after the other",
        ),
        (
            ["--sanitize=address", f"--host={CROSS}"],
            "--sanitize cannot be combined with --host: the sanitizer's own library is found and started on the "
            "machine that runs the modules\n    leave one of them out; build there to sanitize there",
        ),
        (
            ["--host=arm"],
            "--host=arm is not a triple\n"
            "    write the prefix of its compiler: aarch64-linux-gnu for aarch64-linux-gnu-gcc",
        ),
    ],
)
def test_what_cannot_be_wanted_is_refused(words: list[str], text: str) -> None:
    assert told(words, FakeToolchain()) == text


def test_a_compiler_without_the_sanitizers_library_is_told() -> None:
    def machine(argv: Sequence[str], text: str) -> Ran:
        if "-fsanitize=thread" in argv:
            return Ran(tuple(argv), 1, "", "/usr/bin/ld: cannot find libtsan_preinit.o: No such file or directory\n")
        return FakeToolchain()(argv, text)

    assert told(["--sanitize=thread"], machine) == (
        "the compiler gcc cannot build with --sanitize=thread: "
        "/usr/bin/ld: cannot find libtsan_preinit.o: No such file or directory\n"
        "    install the libraries that belong to the compiler "
        "(libasan, libubsan, libtsan; libclang-rt-dev for clang),\n"
        "    or leave some of them out"
    )


def test_a_script_in_the_place_of_a_library_is_followed(tmp_path: Path) -> None:
    (tmp_path / "libasan.so.8.0.0").write_bytes(b"\x7fELF")
    (tmp_path / "libasan.so.8").symlink_to("libasan.so.8.0.0")
    (tmp_path / "libasan.so").write_text(f"INPUT ( {tmp_path}/libasan.so.8 )\n")

    def machine(argv: Sequence[str], _text: str) -> Ran:
        return Ran(tuple(argv), 0, f"{tmp_path}/{argv[-1].partition('=')[2]}\n")

    assert sanitizers.preload(machine, Compiler(("gcc",), "gcc 12"), ("address", "undefined")) == (
        f"{tmp_path}/libasan.so.8",
    )


@pytest.fixture(scope="module")
def sanitized(
    builds: Builds,
    project_files: list[Path],
    tmp_path_factory: pytest.TempPathFactory,
    asterism: Asterism,
    copied: Copied,
) -> Path:
    """An installed tree that was built with sanitizers, with one module; its programs leave files in it."""

    def build(place: Path) -> None:
        top = copied(place / "asterism")
        if asterism(top, "configure", "--quiet", "--sanitize=address,undefined", "CFLAGS=-O0").returncode:
            pytest.skip("needs the address sanitizer")
        asterism(top, "only", "res_limit")
        done = asterism(top, "build", "--quiet")
        assert (done.returncode, done.stderr) == (0, "")
        assert asterism(top, "install", "--quiet", "--root", "root").returncode == 0

    root = builds.get("sanitized", project_files, build) / "asterism/root"
    return shutil.copytree(root, tmp_path_factory.mktemp("sanitized") / "root", symlinks=True)


def console(tree: Path, directory: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Start the installed program, and stop it at the first prompt."""
    command = [tree / "sbin/asterism", *words, "-c"]
    return subprocess.run(
        command, cwd=directory, input="core stop now\n", capture_output=True, text=True, timeout=HANG, check=False
    )


def test_a_sanitized_tree_starts_like_any_other(sanitized: Path, tmp_path: Path) -> None:
    done = console(sanitized, tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Asterisk Ready." in done.stdout


def test_an_error_in_a_module_is_told_with_its_line(sanitized: Path, tmp_path: Path) -> None:
    (tmp_path / "res_over.c").write_text(MODULE % "char *p = ast_malloc(4); p[4] = 'x'; ast_free(p);")
    done = console(sanitized, tmp_path, "run")
    assert done.returncode not in (0, -11)
    assert "heap-buffer-overflow" in done.stderr
    assert "in load_module res_over.c:8" in done.stderr


def test_a_library_of_a_sanitizer_that_has_gone_is_named(sanitized: Path, tmp_path: Path) -> None:
    program = sanitized / "sbin/asterism"
    text = program.read_text()
    needed = next(line for line in text.splitlines() if line.startswith("NEEDED = "))
    other = sanitized / "sbin/moved"
    other.write_text(text.replace(needed, "NEEDED = ['/no/libasan.so.8']"))
    other.chmod(0o755)
    done = subprocess.run([other, "-c"], capture_output=True, text=True, timeout=HANG, check=False)
    assert (done.returncode, done.stderr) == (
        1,
        "asterism: built with sanitizers (address, undefined), whose library is not here: /no/libasan.so.8\n"
        "    install it, or build without --sanitize\n",
    )
    other.unlink()


# ---- other machines


def test_a_cross_build_asks_the_other_machines_programs_alone() -> None:
    table = load_table("[xml2]\nconfig = ['xml2-config']\n[native_arch]\nflags = ['-march=native']\n")
    machine = FakeToolchain(
        compilers={f"{CROSS}-gcc": "gcc 12.2", "gcc": "gcc 12.2"}, programs=("xml2-config", f"{CROSS}-pkg-config")
    )
    found = examine(parse([f"--host={CROSS}"], sorted(table), {}), table, machine)
    assert found.configuration.cc == (f"{CROSS}-gcc",)
    assert {name: each.reason for name, each in found.findings.items()} == {
        "native_arch": f"native is this machine, and modules are built for {CROSS}",
        "xml2": f"no {CROSS}-xml2-config",
    }
    assert {command[0] for command in machine.commands} <= {
        *(f"{CROSS}-{name}" for name in ("gcc", "g++", "c++", "clang++", "pkg-config", "xml2-config")),
    }


def test_a_host_that_is_this_machine_is_no_cross_build() -> None:
    assert parse([f"--host={CROSS}", f"--build={CROSS}"], (), {}).target == ""


def test_a_missing_cross_compiler_is_named() -> None:
    assert told([f"--host={CROSS}"], FakeToolchain()) == (
        f"there is no C compiler for {CROSS}: none of {CROSS}-gcc, {CROSS}-cc, {CROSS}-clang answers\n"
        f"    install one ('apt install gcc-{CROSS}' on Debian or Ubuntu), or name it: ./configure CC=..."
    )


@needs_cross
def test_modules_for_another_machine_are_staged_without_the_program(sources: SourceTree) -> None:
    assert sources.run(sources.top, "configure", "--quiet", f"--host={CROSS}", "--prefix=/usr").returncode == 0
    assert sources.build("--quiet").returncode == 0
    stage = sources.top / "stage"
    done = sources.install("--destdir", str(stage))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"for {CROSS}: without the program, whose libraries are compiled for this machine\n")
    installed = {path.relative_to(stage).as_posix() for path in stage.rglob("*") if path.is_file()}
    modules = {f"usr/lib/asterism/modules/{name}" for name in ("res_one.so", "res_two.so", "res_three.py")}
    assert modules <= installed
    assert not [path for path in installed if "/python/" in path or "/sbin/" in path]
    header = (stage / "usr/lib/asterism/modules/res_one.so").read_bytes()[:20]
    assert int.from_bytes(header[18:20], "little") == 183  # EM_AARCH64


@needs_cross
def test_what_is_built_for_another_machine_is_not_run_here(sources: SourceTree) -> None:
    sources.run(sources.top, "configure", "--quiet", f"--host={CROSS}")
    sources.build("--quiet")
    done = sources.install("--root", "root")
    assert (done.returncode, done.stderr) == (
        1,
        f"root: the installed program could not run there: everything here is built for {CROSS}\n"
        "    'make install DESTDIR=DIR' stages it for that machine\n",
    )
