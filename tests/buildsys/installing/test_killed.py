"""Old or new, never half: builds and installs that are killed, meet each other, or find no room."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from processes import as_nobody, at_once, killed_before
from source_tree import SourceTree
from waiting import until

from asterism.errors import AsterismError
from asterism.tree import Kind, Tree
from buildsys.installing import module_install
from buildsys.installing.installer import Destination
from buildsys.installing.staging import Stage
from buildsys.settled import build_record
from buildsys.settled.build_record import Built
from buildsys.settled.configuration import Configuration
from buildsys.settled.tree_facts import Facts
from buildsys.settled.tree_places import TreeLayout

OLD = {"res_a.so": b"old a", "res_b.so": b"old b"}
NEW = {"res_a.so": b"new a", "res_c.so": b"new c", "res_d.py": b"VALUE = 1\n"}


def built_in(top: Path, modules: dict[str, bytes]) -> Path:
    """A directory of somebody's own modules, as a build leaves it."""
    shutil.rmtree(top, ignore_errors=True)
    (top / "build/modules").mkdir(parents=True)
    for name, data in modules.items():
        (top / "build/modules" / name).write_bytes(data)
    build_record.save(Tree(top, Kind.MODULES), Built(tuple(f"build/modules/{name}" for name in modules), ()))
    return top


def facts(prefix: Path) -> Facts:
    directories = {"astmoddir": f"{prefix}/lib/asterism/modules", "astetcdir": f"{prefix}/etc/asterism"}
    directories["astdatadir"] = f"{prefix}/var/lib/asterism"
    return Facts("1", str(prefix), f"{prefix}/include/asterism", directories, (), "", ("cc",))


def tree(prefix: Path) -> dict[str, bytes]:
    """Every file below a prefix."""
    return {str(path.relative_to(prefix)): path.read_bytes() for path in sorted(prefix.rglob("*")) if path.is_file()}


def install(top: Path, prefix: Path) -> None:
    module_install.install(Tree(top, Kind.MODULES), facts(prefix), "")


def outcomes(tmp_path: Path, before: dict[str, bytes] | None) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """The tree before an install and after it."""
    prefix = tmp_path / "whole"
    prefix.mkdir()
    mine = tmp_path / "mine"
    if before is not None:
        install(built_in(mine, before), prefix)
    old = tree(prefix)
    install(built_in(mine, NEW), prefix)
    return old, tree(prefix)


@pytest.mark.parametrize("before", [None, OLD], ids=["into nothing", "over an older one"])
def test_an_install_that_is_killed_anywhere_leaves_the_old_tree_or_the_new_one(
    tmp_path: Path, before: dict[str, bytes] | None
) -> None:
    """Whoever works on the tree next, of whatever directory, finds it whole; the same install again ends as always."""
    old, new = outcomes(tmp_path, before)
    mine = tmp_path / "mine"
    for number in count(1):
        prefix = tmp_path / f"prefix{number}"
        prefix.mkdir()
        if before is not None:
            install(built_in(mine, before), prefix)
        built_in(mine, NEW)
        was_killed = killed_before(lambda prefix=prefix: install(mine, prefix), number)  # type: ignore[misc]
        if (prefix / "lib/asterism").exists():
            with Stage(Destination(str(prefix)).place(TreeLayout().journal)):
                pass
        assert tree(prefix) in (old, new), number
        install(mine, prefix)
        assert tree(prefix) == new, number
        if not was_killed:
            break
    assert number > 10


def test_installs_at_once_of_one_directory_and_of_two_are_all_whole(tmp_path: Path) -> None:
    mine, other = built_in(tmp_path / "mine", NEW), built_in(tmp_path / "other", {"res_x.so": b"x"})
    alone = tmp_path / "alone"
    alone.mkdir()
    install(mine, alone)
    install(other, alone)
    for number in range(5):
        prefix = tmp_path / f"prefix{number}"
        prefix.mkdir()
        works = [mine, other, mine, other]
        at_once(*(lambda top=top, prefix=prefix: install(top, prefix) for top in works))  # type: ignore[misc]
        assert tree(prefix) == tree(alone)


@contextlib.contextmanager
def small_disk(place: Path, size: str) -> Iterator[Path]:
    """A file system in memory that is soon full."""
    place.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.skip(f"needs the right to mount a small file system: {done.stderr.strip()}")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=False)


@pytest.mark.skipif(os.geteuid() != 0 or shutil.which("mount") is None, reason="needs root, to mount a small disk")
@pytest.mark.parametrize("room", range(0, 40, 8))
def test_an_install_on_a_disk_that_gets_full_leaves_the_old_tree(tmp_path: Path, room: int) -> None:
    """However little is left: none for the list of what is staged, or some for a part of the files."""
    mine = tmp_path / "mine"
    with small_disk(tmp_path / "disk", "256k") as prefix:
        install(built_in(mine, OLD), prefix)
        old = tree(prefix)
        built_in(mine, {name: data * 4000 for name, data in NEW.items()})
        with (prefix / "filler").open("wb", buffering=0) as filler, contextlib.suppress(OSError):
            while True:
                filler.write(b"\0" * 4096)
        os.truncate(prefix / "filler", (prefix / "filler").stat().st_size - room * 1024)
        with pytest.raises(AsterismError, match="no space left on device"):
            install(mine, prefix)
        (prefix / "filler").unlink()
        assert tree(prefix) == old
        install(mine, prefix)
        assert (prefix / "lib/asterism/modules/res_a.so").read_bytes() == b"new a" * 4000


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to become another user")
def test_an_install_into_a_directory_that_cannot_be_written_leaves_the_old_tree() -> None:
    with tempfile.TemporaryDirectory() as place:  # the directory of pytest is closed to others
        top = Path(place)
        top.chmod(0o755)
        mine, prefix = top / "mine", top / "prefix"
        prefix.mkdir()
        install(built_in(mine, OLD), prefix)
        old = tree(prefix)
        built_in(mine, NEW)

        def refused() -> None:
            with pytest.raises(AsterismError, match="permission"):
                install(mine, prefix)

        assert as_nobody(refused) == 0
        assert tree(prefix) == old


@pytest.mark.parametrize("gone", ["lib/asterism/modules", "lib/asterism/modules.d", "lib/asterism", ""])
def test_an_install_into_a_tree_whose_directories_vanish_ends_with_all_its_files_or_a_fault(
    tmp_path: Path, gone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The parts vanish when all is staged; the next install makes everything anew."""
    mine, prefix = tmp_path / "mine", tmp_path / "prefix"
    prefix.mkdir()
    install(built_in(mine, OLD), prefix)
    built_in(mine, NEW)
    commit = Stage.commit

    def vanish(stage: Stage) -> None:
        shutil.rmtree(prefix / gone)
        commit(stage)

    with monkeypatch.context() as patched:
        patched.setattr(Stage, "commit", vanish)
        with contextlib.suppress(AsterismError):
            install(mine, prefix)
    prefix.mkdir(exist_ok=True)
    install(mine, prefix)
    installed = {path.name: path.read_bytes() for path in (prefix / "lib/asterism/modules").iterdir()}
    assert installed == NEW
    assert not list(prefix.rglob(".asterism*"))


KILLER = """\
#!/bin/sh
# The compiler, whose N-th call kills the build that has called it, and goes on by itself as a compiler would.
echo >>calls
if [ "$(wc -l <calls)" = "$(cat fatal)" ]; then
	process=$PPID
	until grep -q python /proc/$process/comm; do process=$(awk '{ print $4 }' /proc/$process/stat); done
	kill -9 $process
fi
exec gcc "$@"
"""


@pytest.mark.parametrize("call", [1, 2, 3, 4])
def test_a_build_that_is_killed_is_brought_to_its_end_by_the_next(sources: SourceTree, call: int) -> None:
    """While a file is compiled or linked; what is then built is what a build without a kill makes."""
    sources.write({"killer": KILLER, "fatal": "0\n"})
    (sources.top / "killer").chmod(0o755)
    sources.configure(Configuration(cc=(str(sources.top / "killer"),)))
    assert sources.build().returncode == 0
    whole = {path.name: path.read_bytes() for path in (sources.top / "build/modules").iterdir()}
    shutil.rmtree(sources.top / "build")
    sources.write({"calls": "", "fatal": f"{call}\n"})
    # One compiler at a time: two could count each other's call, and pass over the fatal one.
    assert sources.build(MAKEFLAGS="-j1").returncode == -signal.SIGKILL
    sources.write({"fatal": "0\n"})
    again = sources.build()
    assert (again.returncode, again.stderr) == (0, "")
    assert {path.name: path.read_bytes() for path in (sources.top / "build/modules").iterdir()} == whole
    assert sources.build().stdout == "nothing to do: every chosen module is built\n"


ENDLESS = """\
#!/bin/sh
# A compiler that kills the build that has called it, and does not come to an end.
echo $$ >compiler
process=$PPID
until grep -q python /proc/$process/comm; do process=$(awk '{ print $4 }' /proc/$process/stat); done
kill -9 $process
exec sleep 100000
"""


def is_running(process: int) -> bool:
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] not in ("Z", "X")
    return False


def test_a_build_that_is_killed_takes_its_compilers_along(sources: SourceTree) -> None:
    sources.write({"endless": ENDLESS})
    (sources.top / "endless").chmod(0o755)
    sources.configure(Configuration(cc=(str(sources.top / "endless"),)))
    assert sources.build(MAKEFLAGS="-j1").returncode == -signal.SIGKILL
    compiler = int((sources.top / "compiler").read_text())
    try:
        until(lambda: not is_running(compiler), "the end of the compiler")
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(compiler, signal.SIGKILL)
