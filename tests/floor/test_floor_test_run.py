"""What a run of the tests shows (tests/run_progress.py, run_skips.py), and the builds it shares (shared_builds.py)."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import compile_once
import pytest
import run_skips
from run_progress import Count, spoken
from shared_builds import SECONDS_KEPT, Builds

TESTS = Path(__file__).parents[1]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 s"), (0.6, "1 s"), (19, "19 s"), (44, "45 s"), (58, "1 min"), (112, "1 min 50 s"), (3599, "60 min")],
)
def test_a_duration_is_told_as_exactly_as_it_can_be_known(seconds: float, words: str) -> None:
    assert spoken(seconds) == words


def test_the_time_left_goes_by_how_long_each_test_took_the_last_time() -> None:
    count = Count(["a", "b", "c"], {"a": 1.0, "b": 29.0, "c": 30.0})
    lines = [count.line(0)]
    for elapsed, test in ((2, "a"), (60, "b"), (120, "c")):
        count.finish(test)
        lines.append(count.line(elapsed))
    assert lines == [
        "[  0 %] 0 of 3",
        "[ 33 %] 1 of 3, about 2 min left",
        "[ 66 %] 2 of 3, about 1 min left",
        "[100 %] 3 of 3, about 0 s left",
    ]


def test_a_test_that_is_new_counts_as_the_average_of_the_others() -> None:
    count = Count(["a", "b", "new"], {"a": 10.0, "b": 30.0})
    count.finish("b")
    assert count.seconds_left(30) == 30


def test_tests_that_failed_are_counted() -> None:
    count = Count(["a", "b"])
    count.failed = 1
    count.finish("a")
    assert count.line(3) == "[ 50 %] 1 of 2, 1 failed, about 3 s left"


def test_skipped_tests_are_told_by_reason_with_what_to_install() -> None:
    reasons = ["needs clang"] * 2 + ["needs Linux, which has it"] + ["needs bash"] * 10
    assert run_skips.summary(reasons) == [
        "13 tests were skipped:",
        "  10  needs bash: apt-get install bash",
        "   2  needs clang: apt-get install clang",
        "   1  needs Linux, which has it",
    ]
    assert run_skips.summary(["needs root, who can mount"]) == [
        "1 test was skipped:",
        "  1  needs root, who can mount: run the tests as root",
    ]
    assert run_skips.summary([]) == []


def reasons(path: Path) -> Iterator[str]:
    """The reasons for which tests of a file are skipped; what a run finds out is ``x``."""
    for call in (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)):
        name = ast.unparse(call.func)
        given = [word.value for word in call.keywords if word.arg == "reason"]
        if name == "pytest.skip" or (given and "skip" in name):
            words = (given or call.args)[0]
            parts = words.values if isinstance(words, ast.JoinedStr) else [words]
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in parts)


def test_the_table_of_cures_knows_every_reason() -> None:
    found = {reason for path in TESTS.rglob("*.py") for reason in reasons(path)}
    unknown = {reason for reason in found if run_skips.cure(reason) is None}
    # One of a program that is written into its own sentence.
    assert (unknown, len(found) > 10) == ({"needs x", "needs x-gcc"}, True)


@pytest.fixture
def builds(tmp_path: Path) -> Builds:
    return Builds(tmp_path / "builds")


def count_up(place: Path) -> None:
    """A build that notes beside it how often it was made."""
    times = place.parents[1] / "times"
    times.write_text(f"{times.read_text() if times.exists() else ''}+")
    (place / "made").write_text("made")


def made(builds: Builds) -> str:
    return (builds.root.parent / "times").read_text()


def test_a_build_is_made_once_of_the_same_inputs(builds: Builds, tmp_path: Path) -> None:
    source = tmp_path / "a.c"
    source.write_text("1")
    first = builds.get("core", ["-O1", source], count_up)
    assert (Builds(builds.root).get("core", ["-O1", source], count_up), made(builds)) == (first, "+")
    source.write_text("2")
    assert (builds.get("core", ["-O1", source], count_up) == first, made(builds)) == (False, "++")
    builds.get("core", ["-O", "1", source], count_up)
    assert made(builds) == "+++"


@pytest.mark.parametrize("spoil", ["made", "more"])
def test_a_build_that_somebody_changed_is_made_anew(builds: Builds, spoil: str) -> None:
    (builds.get("core", [], count_up) / spoil).write_text("spoilt")
    place = builds.get("core", [], count_up)
    assert (made(builds), [path.name for path in place.iterdir()]) == ("++", ["made"])


def test_a_build_that_failed_leaves_nothing(builds: Builds) -> None:
    def fail(place: Path) -> None:
        (place / "half").touch()
        raise OSError("no space")

    with pytest.raises(OSError, match="no space"):
        builds.get("core", [], fail)
    assert [path.name for path in builds.get("core", [], count_up).iterdir()] == ["made"]


def test_a_build_that_nobody_used_for_a_day_is_removed(builds: Builds) -> None:
    old = builds.get("core", ["old"], count_up)
    note = old.with_suffix(".json")
    os.utime(note, (0, note.stat().st_mtime - SECONDS_KEPT - 1))
    new = builds.get("core", ["new"], count_up)
    assert {path.name for path in builds.root.iterdir()} == {new.name, f"{new.name}.json", f"{new.name}.lock"}


# ---- modules that are compiled once

COUNTING = """\
#!/bin/sh
echo >>calls
[ "$1" != -fails ] || exit 3
cat "$2" >"$4"
"""


def test_a_module_is_compiled_once_whatever_directory_it_is_in(tmp_path: Path) -> None:
    (tmp_path / "cc").write_text(COUNTING)
    (tmp_path / "cc").chmod(0o755)
    (tmp_path / "kept").mkdir()

    def compiled(flag: str, directory: str, text: str) -> tuple[int, str]:
        source, product = tmp_path / directory / "res_a.c", tmp_path / directory / "res_a.so"
        source.parent.mkdir(exist_ok=True)
        source.write_text(text)
        product.unlink(missing_ok=True)
        words = [tmp_path / "kept", tmp_path / "cc", flag, source, "-o", product]
        done = subprocess.run([sys.executable, "-IS", compile_once.__file__, *words], cwd=tmp_path, check=False)
        return done.returncode, product.read_text() if product.exists() else ""

    assert [compiled("-w", directory, "one") for directory in ("a", "b", "a")] == [(0, "one")] * 3
    assert (tmp_path / "calls").read_text() == "\n"
    assert [compiled("-w", "a", "two"), compiled("-g", "a", "two")] == [(0, "two")] * 2
    assert (tmp_path / "calls").read_text() == "\n" * 3
    assert [compiled("-fails", "a", "two") for _ in range(2)] == [(3, "")] * 2
    assert ((tmp_path / "calls").read_text(), len(list((tmp_path / "kept").iterdir()))) == ("\n" * 5, 3)
