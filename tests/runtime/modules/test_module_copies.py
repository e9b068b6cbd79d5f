"""Private copies of module files: what is mapped cannot be changed by anybody."""

from __future__ import annotations

import ctypes
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from runtime_support import Place

from runtime.modules import module_copies
from runtime.modules.module_copies import Copies, sweep

ANSWERS = """\
#include "asterisk/cli.h"
static char *show(struct ast_cli_entry *e, int cmd, struct ast_cli_args *a)
{{
	if (cmd == CLI_INIT) {{ e->command = "one show"; e->usage = ""; return NULL; }}
	if (cmd == CLI_GENERATE) {{ return NULL; }}
	ast_cli(a->fd, "{answer}\\n");
	return CLI_SUCCESS;
}}
static struct ast_cli_entry cli[] = {{ AST_CLI_DEFINE(show, "Shows one") }};
__attribute__((destructor)) static void gone(void) {{ ast_cli_unregister_multiple(cli, 1); }}
"""


def room_of(run: Path) -> Path:
    return next(run.glob(f"{module_copies.PREFIX}*"))


def listed(directory: Path) -> list[str]:
    """All that is below a directory, links with where they lead."""
    found = [path for path in sorted(directory.rglob("*")) if path.is_symlink() or not path.is_dir()]
    arrows = [f" -> {os.readlink(path)}" if path.is_symlink() else "" for path in found]
    return [f"{path.relative_to(directory)}{arrow}" for path, arrow in zip(found, arrows, strict=True)]


# ---- the copies


def test_a_copy_has_the_name_of_its_file_and_goes_with_it(tmp_path: Path) -> None:
    copies = Copies(str(tmp_path), "")
    first, second = (copies.make(Path("res_a.so"), data) for data in (b"one", b"two"))
    room = room_of(tmp_path)
    assert room.stat().st_mode & 0o777 == 0o700
    assert (first.target, second.target) == (f"{room}/res_a.so", f"{room}/2/res_a.so")
    assert Path(first.target).read_bytes() + Path(second.target).read_bytes() == b"onetwo"
    for copy in (first, second):
        copy.remove()
    assert listed(room) == []
    copies.close()
    assert list(tmp_path.iterdir()) == []


def test_a_copy_whose_code_is_still_mapped_is_left_to_the_next_process(tmp_path: Path) -> None:
    copies = Copies(str(tmp_path), "")
    copies.make(Path("res_a.so"), b"one")
    copies.close()
    assert listed(tmp_path) == [f"{room_of(tmp_path).name}/res_a.so"]
    sweep(str(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_the_copies_of_a_process_that_lives_are_left_alone(tmp_path: Path) -> None:
    mine, theirs = Copies(str(tmp_path), ""), Copies(str(tmp_path), "")
    mine.make(Path("res_a.so"), b"one")
    theirs.make(Path("res_b.so"), b"two")
    assert [name.rpartition("/")[2] for name in listed(tmp_path)] == ["res_a.so", "res_b.so"]


def memory(copies: Copies, tmp_path: Path) -> str:
    """Where a copy in memory is linked from; it cannot be changed."""
    copy = copies.make(Path("res_a.so"), b"one")
    with pytest.raises(PermissionError), open(copy.target, "r+b") as opened:
        opened.write(b"two")
    assert Path(copy.target).read_bytes() == b"one"
    copy.remove()
    return re.sub(r"\d+", "N", copy.target.removeprefix(str(tmp_path)))


def test_a_file_system_that_lets_nothing_run_leaves_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import mmap

    def refuse(*_args: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(mmap, "mmap", refuse)
    copies = Copies(str(tmp_path), "")
    assert [memory(copies, tmp_path) for _ in range(2)] == ["/modules.N-N/res_a.so"] * 2
    assert listed(tmp_path) == []


def test_a_full_disk_leaves_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.statvfs(tmp_path)
    full = os.statvfs_result((*real[:4], real.f_blocks // 11, *real[5:]))
    monkeypatch.setattr(os, "statvfs", lambda _path: full)
    assert memory(Copies(str(tmp_path), ""), tmp_path) == "/modules.N-N/res_a.so"


def test_without_a_run_directory_a_copy_is_in_memory_alone(tmp_path: Path) -> None:
    assert memory(Copies(str(tmp_path / "none"), ""), tmp_path) == "/proc/self/fd/N"


# ---- where the copies are


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    """A directory as /dev/shm is, and a run directory beside it."""
    (tmp_path / "run").mkdir()
    place = tmp_path / "shm"
    place.mkdir()
    place.chmod(0o1777)
    return place


@pytest.mark.parametrize(
    ("is_in_memory", "mode", "where"),
    [(False, 0o1777, "shm/asterism-modules.N-N"), (True, 0o1777, "run/modules.N-N"), (False, 0o777, "run/modules.N-N")],
    ids=["a run directory on a disk", "a run directory in memory", "shared memory where anybody may rename"],
)
def test_copies_are_in_memory_where_nobody_else_can_change_them(
    tmp_path: Path, shared: Path, monkeypatch: pytest.MonkeyPatch, is_in_memory: bool, mode: int, where: str
) -> None:
    shared.chmod(mode)
    monkeypatch.setattr(module_copies, "is_in_memory", lambda _directory: is_in_memory)
    copies = Copies(str(tmp_path / "run"), str(shared))
    copy = copies.make(Path("res_a.so"), b"one")
    assert re.sub(r"\d+", "N", copy.target.removeprefix(f"{tmp_path}/")) == f"{where}/res_a.so"
    assert os.stat(os.path.dirname(copy.target)).st_mode & 0o777 == 0o700
    copy.remove()
    copies.close()
    assert [*shared.iterdir(), *(tmp_path / "run").iterdir()] == []


def test_what_killed_processes_of_this_user_left_in_shared_memory_is_removed(
    tmp_path: Path, shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module_copies, "is_in_memory", lambda _directory: False)
    for name in ("asterism-modules.1-1", "asterism-modules.2-1", "other"):
        (shared / name).mkdir()
        (shared / name / "res_a.so").touch()
    if os.geteuid() == 0:
        os.chown(shared / "asterism-modules.2-1", 65534, 65534)
    else:
        shutil.rmtree(shared / "asterism-modules.2-1")
        (shared / "asterism-modules.2-1").symlink_to("other")
    copy = Copies(str(tmp_path / "run"), str(shared)).make(Path("res_b.so"), b"one")
    left = {path.name for path in shared.iterdir()} - {Path(copy.target).parent.name}
    assert (left, (shared / "other/res_a.so").exists()) == ({"asterism-modules.2-1", "other"}, True)


@pytest.mark.parametrize(("kind", "found"), [("tmpfs", True), ("ext4", False), ("overlay", False), (None, False)])
def test_the_table_of_mounts_says_whether_a_directory_is_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str | None, found: bool
) -> None:
    device = tmp_path.stat().st_dev
    mounts = tmp_path / "mountinfo"
    if kind:
        mounts.write_text(
            "21 1 0:99 / /proc rw shared:5 - proc proc rw\n"
            f"22 1 {os.major(device)}:{os.minor(device)} / / rw,relatime shared:1 master:2 - {kind} /dev/a rw\n"
        )
    monkeypatch.setattr(module_copies, "_MOUNTS", str(mounts))
    assert module_copies.is_in_memory(str(tmp_path)) is found


# ---- $ORIGIN


def linked(source: str, to: Path, *flags: str) -> Path:
    to.parent.mkdir(parents=True, exist_ok=True)
    words = ["cc", "-shared", "-fPIC", "-x", "c", "-", "-o", str(to), *flags]
    subprocess.run(words, input=source, text=True, check=True)
    return to


ORIGINS = {
    "beside it": (".", "$ORIGIN"),
    "below it": ("own", "${ORIGIN}/own"),
    "one above": ("..", "/none:$ORIGIN/.."),
    "elsewhere above": ("../../lib/deep", "$ORIGIN/../../lib/deep:$ORIGIN/../x"),
}


@pytest.mark.skipif(shutil.which("cc") is None, reason="needs a C compiler")
@pytest.mark.parametrize(("where", "runpath"), ORIGINS.values(), ids=ORIGINS)
def test_origin_in_a_run_path_leads_where_it_led_before(tmp_path: Path, where: str, runpath: str) -> None:
    """The library has no SONAME, so it is found by its directory or not at all."""
    modules = tmp_path / "a/b/modules"
    modules.mkdir(parents=True)
    library = linked("int dep(void) { return 42; }", Path(os.path.normpath(modules / where)) / "libdep.so")
    source = "int dep(void); int ask(void) { return dep(); }"
    module = linked(source, modules / "res_a.so", f"-L{library.parent}", "-ldep", f"-Wl,-rpath,{runpath}")
    (tmp_path / "run").mkdir()
    copy = Copies(str(tmp_path / "run"), "").make(module, module.read_bytes())
    opened = ctypes.CDLL(copy.target)
    assert opened.ask() == 42
    assert (library.stat().st_nlink, os.path.dirname(copy.target)) != (0, str(modules))
    copy.remove()
    assert (listed(tmp_path / "run"), library.exists()) == ([], True)


# ---- the whole program


def room_of_program(place: Place, process: subprocess.Popen[str]) -> Path:
    """Where a program has its copies: in its run directory, or in shared memory when that is on a disk."""
    is_in_memory = module_copies.is_in_memory(str(place.run))
    directory, prefix = (
        (place.run, module_copies.PREFIX)
        if is_in_memory
        else (Path(module_copies.SHARED_MEMORY), module_copies.SHARED_PREFIX)
    )
    return next(directory.glob(f"{prefix}{process.pid}-*"))


@pytest.fixture
def two(place: Place, compiled: Callable[..., None]) -> Path:
    """The second version of res_one, beside the first in the module directory."""
    (place.root / "new").mkdir()
    for answer, to in (("version one", None), ("version two", place.root / "new")):
        load = "return ast_cli_register_multiple(cli, 1);"
        compiled("res_one", load, ANSWERS.format(answer=answer), to=to)
    return place.root / "new/res_one.so"


def overwrite(file: Path, data: bytes) -> None:
    """What ``cp -f`` does: write into the very file."""
    with open(file, "r+b") as opened:
        opened.truncate(0)
        opened.write(data)


def test_writing_into_the_file_of_a_module_that_runs_changes_nothing(place: Place, two: Path) -> None:
    file = place.modules / "res_one.so"
    with place.running():
        overwrite(file, two.read_bytes())
        assert place.ask("one show").stdout == "version one\n"
        assert place.ask("module refresh res_one").returncode == 0
        assert place.ask("one show").stdout == "version two\n"
        overwrite(file, b"")
        assert place.ask("one show").stdout == "version two\n"
        assert place.ask("module unload res_one").returncode == 0
        assert place.ask("module load res_one").returncode == 1
        assert place.ask("core stop gracefully").returncode == 0


def test_a_killed_run_leaves_copies_that_the_next_removes(place: Place, two: Path) -> None:
    with place.running() as process:
        process.kill()
        process.wait()
    old = room_of_program(place, process)
    assert listed(old) == ["res_one.so"]
    assert place.asterism("-cq", given="core stop gracefully\n").returncode == 0
    assert not old.exists()


@pytest.mark.skipif(shutil.which("gdb") is None, reason="needs gdb")
def test_a_debugger_finds_the_symbols_of_a_module(place: Place, two: Path) -> None:
    with place.running() as process:
        words = ["gdb", "-nx", "-batch", "-p", str(process.pid), "-ex", "info sharedlibrary res_one"]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        if "ptrace" in done.stderr:
            pytest.skip("needs the right to debug")
        row = next(line for line in done.stdout.splitlines() if line.endswith("/res_one.so"))
        assert row.split()[2:] == ["Yes", "(*)", str(room_of_program(place, process) / "res_one.so")]
