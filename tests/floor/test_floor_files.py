"""Files written so that they can be trusted."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asterism import files
from asterism.errors import AsterismError


def test_a_new_file_is_written_with_its_directories(tmp_path: Path) -> None:
    target = tmp_path / "a/b/c"
    assert files.write(target, "text") is True
    assert files.read_text(target) == "text"
    assert [path.name for path in target.parent.iterdir()] == ["c"]


def test_the_same_content_leaves_the_file_alone(tmp_path: Path) -> None:
    target = tmp_path / "file"
    files.write(target, "text")
    os.utime(target, ns=(5, 5))
    assert files.write(target, b"text") is False
    assert target.stat().st_mtime_ns == 5


def test_an_existing_file_keeps_its_permissions(tmp_path: Path) -> None:
    target = tmp_path / "file"
    files.write(target, "old", mode=0o640)
    files.write(target, "new")
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_another_mode_alone_is_a_change(tmp_path: Path) -> None:
    target = tmp_path / "file"
    files.write(target, "text", mode=0o600)
    assert files.write(target, "text", mode=0o755) is True
    assert stat.S_IMODE(target.stat().st_mode) == 0o755


def test_a_link_is_followed_and_stays(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("real")
    files.write(tmp_path / "link", "text")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "text"


def test_bytes_that_are_not_utf_8_survive_reading_and_writing(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"caf\xe9\n")
    files.write(tmp_path / "copy", files.read_text(tmp_path / "file"))
    assert (tmp_path / "copy").read_bytes() == b"caf\xe9\n"


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (errno.ENOSPC, "cannot write the file: no space left on device\n    free some room on that disk"),
        (errno.EROFS, "cannot write the file: read-only file system\n    that file system is mounted read-only"),
        (errno.EDQUOT, "cannot write the file: disk quota exceeded\n    your disk quota is used up"),
    ],
)
def test_a_refusal_leaves_the_old_file_and_says_what_to_do(
    code: int, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "file"
    target.write_text("old")

    def refuse(handle: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(AsterismError) as caught:
        files.write(target, "new")
    assert str(caught.value).startswith(f"{target}: {message}")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("file", "old")]


def test_a_directory_in_the_way_is_told(tmp_path: Path) -> None:
    with pytest.raises(AsterismError, match="is a directory\n    a directory is in the way"):
        files.write(tmp_path, "text")


def test_a_missing_file_is_told_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(
        AsterismError, match="none: cannot read the file: no such file or directory\n    check the path"
    ):
        files.read_bytes(tmp_path / "none")


@settings(deadline=None, max_examples=60)
@given(first=st.binary(max_size=200), second=st.binary(max_size=200))
def test_what_is_written_is_read_and_told_to_be_new_only_when_it_is(
    first: bytes, second: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    target = tmp_path_factory.mktemp("files") / "file"
    files.write(target, first)
    assert files.write(target, second) is (first != second)
    assert files.read_bytes(target) == second


parts = st.lists(st.sampled_from(["..", ".", "a", "b", "link", "out"]), min_size=1, max_size=6).map("/".join)


@settings(deadline=None, max_examples=150)
@given(relative=parts)
def test_no_path_leads_out_of_its_directory(relative: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    base = tmp_path_factory.mktemp("inside")
    root = base / "root"
    (root / "a/b").mkdir(parents=True)
    (root / "link").symlink_to("a")
    (root / "out").symlink_to(base)
    real = os.path.realpath(root / relative)
    if real == str(root) or real.startswith(f"{root}/"):
        assert os.path.realpath(files.inside(root, relative)) == real
    else:
        with pytest.raises(AsterismError, match="leads out of its directory"):
            files.inside(root, relative)


def test_a_device_is_poured_into_and_never_replaced(tmp_path: Path) -> None:
    link = tmp_path / "null"
    link.symlink_to("/dev/null")
    assert files.write(link, "text") is True
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)


def test_a_named_pipe_gets_the_bytes(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    assert files.write(pipe, "text") is True
    assert os.read(reader, 100) == b"text"
    os.close(reader)
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_lock_is_held_by_one(tmp_path: Path) -> None:
    lock = tmp_path / "deep/lock"
    with (
        files.locked(lock),
        pytest.raises(AsterismError, match="another program holds this lock"),
        files.locked(lock, wait=False),
    ):
        pass
    with files.locked(lock, wait=False):
        assert lock.exists()


def test_a_fault_of_the_system_keeps_its_cause(tmp_path: Path) -> None:
    with pytest.raises(AsterismError) as caught, files.told(tmp_path, "read"):
        raise OSError(errno.EIO, "Input/output error")
    assert str(caught.value) == f"{tmp_path}: cannot read the directory: input/output error"
    assert isinstance(caught.value.__cause__, OSError)


WRITER = """
import os, sys
from asterism import files
def sync(handle, really=os.fsync):
    {sync}
os.fsync = sync
files.write(sys.argv[1], "from the other run")
"""


def other_run(target: Path, sync: str) -> subprocess.Popen[bytes]:
    """Another program that writes a file, and does something before the file is whole."""
    command = [sys.executable, "-c", WRITER.format(sync=sync), str(target)]
    return subprocess.Popen(command, cwd=Path(__file__).parents[2], stdin=subprocess.PIPE, stdout=subprocess.PIPE)


@pytest.mark.parametrize("name", ["file", "\u00e4" * 127])
def test_what_a_killed_run_left_is_removed_by_the_next(tmp_path: Path, name: str) -> None:
    target = tmp_path / name
    with other_run(target, "os.kill(os.getpid(), 9)") as killed:
        pass
    assert killed.returncode == -9
    assert len(list(tmp_path.iterdir())) == 1
    assert files.write(target, "text") is True
    assert list(tmp_path.iterdir()) == [target]
    assert files.read_text(target) == "text"


def test_what_a_run_is_writing_now_is_left_to_it(tmp_path: Path) -> None:
    target = tmp_path / "file"
    with other_run(target, "print(flush=True); sys.stdin.read()") as slow:
        assert slow.stdout is not None
        slow.stdout.readline()
        files.write(target, "text")
        assert len(list(tmp_path.iterdir())) == 2
    assert slow.returncode == 0
    assert list(tmp_path.iterdir()) == [target]
    assert files.read_text(target) == "from the other run"


def test_what_was_left_on_another_host_or_belongs_to_another_file_stays(tmp_path: Path) -> None:
    others = [".file.another-host.1-0", f".file2.{os.uname().nodename}.1-0", ".file.swp", "file.new"]
    for name in others:
        (tmp_path / name).touch()
    files.write(tmp_path / "file", "text")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*others, "file"])


def test_writers_at_once_leave_one_whole_file_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "file"
    texts = [str(number) * 20_000 for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda text: [files.write(target, text) for _ in range(20)], texts))
    assert files.read_text(target) in texts
    assert list(tmp_path.iterdir()) == [target]
