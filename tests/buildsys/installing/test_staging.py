"""A tree changed all at once."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from processes import holding, killed

from asterism.errors import AsterismError
from buildsys.installing.staging import PREFIX, Stage, finish, stoppable


def files(root: Path) -> dict[str, str]:
    return {str(path.relative_to(root)): path.read_text() for path in sorted(root.rglob("*")) if path.is_file()}


def change(root: Path, new: dict[str, bytes]) -> None:
    with Stage(root / "journal") as stage:
        for name, data in new.items():
            stage.write(root / name, data)
        stage.commit()


def interrupted(stage: Stage) -> None:
    raise KeyboardInterrupt


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "root").mkdir()
    (tmp_path / "root/old").write_text("old")
    (tmp_path / "root/gone").write_text("gone")
    return tmp_path / "root"


def test_nothing_changes_before_the_commit(root: Path) -> None:
    with Stage(root / "journal") as stage:
        stage.write(root / "old", b"new")
        stage.remove(root / "gone")
        assert (root / "old").read_text() == "old"
        assert (root / "gone").exists()
        stage.commit()
    assert files(root) == {"old": "new"}


def test_a_fault_leaves_the_old_tree_and_no_trace(root: Path) -> None:
    with pytest.raises(AsterismError, match="old/in/a: cannot make the directory"):
        change(root, {"old": b"new", "deep/er/new": b"new", "old/in/a/file": b"new"})
    assert files(root) == {"old": "old", "gone": "gone"}
    assert not (root / "deep").exists()


def test_an_interruption_leaves_the_old_tree_and_no_trace(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Stage, "commit", interrupted)
    with pytest.raises(KeyboardInterrupt):
        change(root, {"deep/new": b"new"})
    assert files(root) == {"old": "old", "gone": "gone"}
    assert not (root / "deep").exists()


@contextlib.contextmanager
def small_disk() -> Iterator[None]:
    """Every file may have 1000 bytes at most: the nearest thing to a full disk that needs no file system.

    Within a test only: what pytest itself says may go into a file, too.
    """
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, before)


def test_a_disk_without_room_leaves_the_old_tree_and_no_trace(root: Path) -> None:
    with small_disk(), pytest.raises(AsterismError, match="big: cannot write the file"):
        change(root, {"old": b"new", "big": b"x" * 2000})
    assert files(root) == {"old": "old", "gone": "gone"}


def test_a_run_killed_between_the_renames_is_brought_to_its_end(root: Path) -> None:
    (root / f"{PREFIX}two").write_text("2")
    (root / "one").write_text("1")
    renames = {str(root / f"{PREFIX}{name}"): str(root / name) for name in ("one", "two")}
    (root / "journal").write_text(json.dumps({"rename": renames, "remove": [str(root / "gone")]}))
    with Stage(root / "journal"):
        pass
    assert files(root) == {"old": "old", "one": "1", "two": "2"}


def test_a_run_killed_while_it_staged_leaves_no_trace_after_the_next(root: Path) -> None:
    def install() -> None:
        stage = Stage(root / "deep/journal").__enter__()
        stage.write(root / "deep/er/file", b"1")
        stage.directory(root / "empty")

    killed(install)
    assert (root / f"deep/er/{PREFIX}file").exists()
    with Stage(root / "deep/journal") as stage:
        assert (stage.recovered, stage.made) == (True, [root / "deep"])
    assert sorted(path.name for path in root.iterdir()) == ["gone", "old"]


def test_of_two_changes_at_once_the_second_waits_and_says_for_whom(
    root: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with holding(lambda: Stage(root / "journal")) as (child, leave):
        threading.Timer(0.2, leave).start()
        change(root, {"old": b"new"})
    assert capfd.readouterr().err == (
        f"asterism: another install or uninstall works in {root} (process {child}); waiting for it\n"
    )
    assert files(root) == {"old": "new", "gone": "gone"}


def test_whoever_waited_makes_anew_what_the_holder_took_away(root: Path) -> None:
    def install_and_undo() -> Stage:
        return Stage(root / "deep/er/journal")

    with holding(install_and_undo) as (_, leave):
        threading.Timer(0.2, leave).start()
        with Stage(root / "deep/er/journal") as stage:
            stage.write(root / "deep/er/file", b"1")
            assert stage.made == [root / "deep", root / "deep/er"]
            stage.commit()
    assert files(root) == {"old": "old", "gone": "gone", "deep/er/file": "1"}


def test_a_holder_that_is_dead_keeps_nobody_waiting(root: Path, capfd: pytest.CaptureFixture[str]) -> None:
    killed(lambda: Stage(root / "journal").__enter__())
    assert (root / "journal.lock").exists()
    change(root, {"old": b"new"})
    assert capfd.readouterr().err == ""
    assert files(root) == {"old": "new", "gone": "gone"}


def test_directories_are_open_to_all_whatever_the_umask_of_who_installs(root: Path) -> None:
    before = os.umask(0o077)
    try:
        with Stage(root / "journal") as stage:
            stage.write(root / "a/b/file", b"")
            stage.directory(root / "a/private", 0o700)
            stage.commit()
    finally:
        os.umask(before)
    modes = {name: (root / name).stat().st_mode & 0o777 for name in ("a", "a/b", "a/b/file", "a/private")}
    assert modes == {"a": 0o755, "a/b": 0o755, "a/b/file": 0o644, "a/private": 0o700}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_request_to_stop_undoes_what_was_staged(root: Path, number: signal.Signals) -> None:
    def run() -> None:
        with stoppable(), Stage(root / "journal") as stage:
            stage.write(root / "new", b"")
            signal.raise_signal(number)

    with pytest.raises(KeyboardInterrupt):
        run()
    assert files(root) == {"old": "old", "gone": "gone"}
    assert signal.getsignal(number) is signal.SIG_DFL


def test_finishing_without_a_journal_is_nothing(root: Path) -> None:
    assert not finish(root / "journal")


def test_a_file_can_have_a_time_and_a_mode(root: Path) -> None:
    with Stage(root / "journal") as stage:
        stage.write(root / "file", b"text", 0o755, (10**18, 10**18 + 5))
        stage.commit()
    status = (root / "file").stat()
    assert (status.st_mtime_ns, status.st_mode & 0o777) == (10**18 + 5, 0o755)


def test_a_directory_in_the_way_is_told_by_its_name(root: Path) -> None:
    (root / "busy").mkdir()
    (root / "busy/file").write_text("x")
    with Stage(root / "journal") as stage:
        stage.write(root / "busy", b"new")
        with pytest.raises(AsterismError, match="busy: cannot replace the file"):
            stage.commit()


names = st.sampled_from(["a", "b", "d/a", "d/e/a"])
contents = st.dictionaries(names, st.binary(max_size=8).map(lambda data: data.hex()), max_size=4)


@settings(deadline=None, max_examples=40)
@given(before=contents, change=contents, removed=st.sets(names), fails=st.booleans())
def test_a_change_is_made_whole_or_not_at_all(
    before: dict[str, str],
    change: dict[str, str],
    removed: set[str],
    fails: bool,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    root = tmp_path_factory.mktemp("tree")
    for name, text in before.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    try:
        with Stage(root / "journal") as stage:
            for name, text in change.items():
                stage.write(root / name, text.encode())
            for name in removed - change.keys():
                stage.remove(root / name)
            if fails:
                raise KeyboardInterrupt
            stage.commit()
    except KeyboardInterrupt:
        assert files(root) == before
    else:
        kept = {name: text for name, text in before.items() if name not in removed}
        assert files(root) == kept | change
