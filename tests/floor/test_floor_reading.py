"""Reading: regular files of a sensible size, and one sentence for everything else."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from asterism import files
from asterism.errors import AsterismError

Make = Callable[[Path], object]


def a_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(path))


ODD: list[tuple[Make, str]] = [
    (os.mkfifo, "is a named pipe (FIFO)\n    name a regular file"),
    (Path.mkdir, "is a directory\n    name a regular file"),
    (a_socket, "is a socket\n    name a regular file"),
    (lambda path: path.symlink_to("/dev/zero"), "is a device\n    name a regular file"),
    (lambda path: path.symlink_to("Gone"), "is a symbolic link to 'Gone', which does not exist\n    check the path"),
    (
        lambda path: path.symlink_to(path.name),
        "too many levels of symbolic links\n    a symbolic link in that path leads to itself",
    ),
    (lambda path: None, "no such file or directory\n    check the path"),
]


@pytest.mark.parametrize(("make", "told"), ODD, ids=["fifo", "directory", "socket", "device", "lost", "loop", "none"])
def test_what_is_no_file_gets_one_sentence(tmp_path: Path, make: Make, told: str) -> None:
    path = tmp_path / "x"
    make(path)
    for read in (files.read_bytes, files.read_text):
        with pytest.raises(AsterismError) as raised:
            read(path)
        assert str(raised.value) == f"{path}: cannot read the file: {told}"


def test_a_name_with_a_nul_is_told(tmp_path: Path) -> None:
    with pytest.raises(AsterismError, match="has a NUL in its name"):
        files.read_bytes(f"{tmp_path}/a\0b")


def test_a_file_may_have_as_many_bytes_as_the_limit_and_no_more(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"12345")
    assert files.read_bytes(path, 5) == b"12345"
    with pytest.raises(AsterismError, match="is larger than 4 bytes"):
        files.read_bytes(path, 4)


def test_an_endless_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "x"
    with path.open("wb") as sparse:
        sparse.truncate(1 << 40)
    with pytest.raises(AsterismError, match="is larger than 64 MiB"):
        files.read_text(path)


def test_the_null_device_is_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "x").symlink_to("/dev/null")
    assert files.read_text(tmp_path / "x") == ""


def test_a_file_of_proc_has_no_size_and_is_read_all_the_same() -> None:
    assert b"python" in files.read_bytes("/proc/self/cmdline")


def reading(path: str, given: bytes) -> str:
    """What a program reads from a path, with something on its standard input."""
    code = f"from asterism import files; print(files.read_text({path!r}))"
    done = subprocess.run([sys.executable, "-c", code], input=given, capture_output=True, check=True, timeout=60)
    return done.stdout.decode()


def test_a_pipe_that_the_shell_made_is_read_to_its_end(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(project))
    assert [reading(path, b"a\nb") for path in ("/dev/stdin", "/dev/fd/0", "/proc/self/fd/0")] == ["a\nb\n"] * 3


def test_a_pipe_is_refused_where_nobody_expects_one() -> None:
    end, other = os.pipe()
    try:
        with pytest.raises(AsterismError, match="named pipe"):
            files.read_text(f"/dev/fd/{end}", pipes=False)
    finally:
        os.close(end)
        os.close(other)


def test_a_pipe_has_the_same_limit() -> None:
    end, other = os.pipe()
    os.write(other, b"12345")
    os.close(other)
    try:
        with pytest.raises(AsterismError, match="is larger than 4 bytes"):
            files.read_bytes(f"/dev/fd/{end}", 4)
    finally:
        os.close(end)


def test_a_damaged_file_is_kept_in_place_of_an_earlier_one(tmp_path: Path) -> None:
    path = tmp_path / "state"
    for text in ("one", "two"):
        path.write_text(text)
        fault = files.set_aside(path)
        assert str(fault) == (
            f"{path}: warning: the file is damaged: it is kept as {path}.damaged, and a new one is begun\n"
            "    delete it when nothing in it is missed"
        )
        assert (path.exists(), Path(f"{path}.damaged").read_text()) == (False, text)


def test_a_link_is_set_aside_and_not_what_it_leads_to(tmp_path: Path) -> None:
    (tmp_path / "victim").write_text("kept")
    (tmp_path / "state").symlink_to("victim")
    files.set_aside(tmp_path / "state")
    assert (tmp_path / "victim").read_text() == "kept"
    assert sorted(os.listdir(tmp_path)) == ["state.damaged", "victim"]


def test_a_file_that_cannot_be_set_aside_is_told_with_the_reason(tmp_path: Path) -> None:
    path = tmp_path / "gone" / "state"
    fault = files.set_aside(path)
    assert (fault.severity, fault.what, fault.why) == (
        "warning",
        "the file is damaged",
        "cannot rename the file: no such file or directory",
    )
