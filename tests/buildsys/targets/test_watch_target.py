"""``asterism watch --target``: a module is saved, tried in private, and taken by a stand-in that runs all the time."""

from __future__ import annotations

import json
import os
import select
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

SECONDS = 120.0
PROJECT = Path(__file__).resolve().parents[3]


class Watching:
    """A watch whose events are read one by one."""

    def __init__(self, directory: Path, target: Path) -> None:
        argv = [sys.executable, "-m", "asterism", "watch", "--target", str(target), "--json"]
        environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
        self.process = subprocess.Popen(argv, cwd=directory, env=environment, stdout=subprocess.PIPE)
        self.rest = b""

    def end(self) -> None:
        """Stop it."""
        self.process.terminate()
        self.process.communicate()

    def next(self, *names: str) -> dict[str, Any]:
        """The next event of one of these names."""
        assert self.process.stdout
        while True:
            line, newline, self.rest = self.rest.partition(b"\n")
            if newline:
                event: dict[str, Any] = json.loads(line)
                if event["event"] in names:
                    return event
                continue
            self.rest = line
            assert select.select([self.process.stdout], [], [], SECONDS)[0], f"no event {names}"
            more = os.read(self.process.stdout.fileno(), 65536)
            assert more, f"the watch ended before an event {names}"
            self.rest += more


@pytest.fixture
def running(tmp_path: Path, stand_in: Path) -> Iterator[Path]:
    """The prefix of a stand-in that is installed and runs."""
    prefix = shutil.copytree(stand_in, tmp_path / "other")
    conf, run = prefix / "etc/asterisk/asterisk.conf", prefix / "var/run"
    run.mkdir()
    conf.write_text(
        f"[directories]\nastetcdir => {conf.parent}\nastmoddir => {prefix}/lib/asterisk/modules\nastrundir => {run}\n"
    )
    with subprocess.Popen([prefix / "sbin/asterisk", "-f", "-C", conf], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "Asterisk Ready.\n"
        yield prefix
        process.terminate()


@pytest.fixture
def watching(mine: Path, running: Path) -> Iterator[Watching]:
    """A watch over res_greet, which the stand-in has taken already."""
    made = Watching(mine, running)
    try:
        yield made
    finally:
        made.end()


def say(prefix: Path, line: str) -> str:
    argv = [prefix / "sbin/asterisk", "-C", prefix / "etc/asterisk/asterisk.conf", "-rx", line]
    return subprocess.run(argv, capture_output=True, text=True, check=True).stdout


def save(mine: Path, before: str, after: str) -> None:
    """Save as editors do: a new file in place of the old one."""
    source = mine / "res_greet.c"
    (mine / "new").write_text(source.read_text().replace(before, after))
    (mine / "new").replace(source)


def test_what_is_saved_is_tried_taken_and_verified(mine: Path, running: Path, watching: Watching) -> None:
    first = watching.next("run")
    assert (first["module"], say(running, "greet")) == ("res_greet", "hello\n")
    watching.next("watching")
    save(mine, '"hello"', '"good day"')
    watching.next("run")
    assert say(running, "greet") == "good day\n"


def test_a_build_that_does_not_load_is_refused_and_the_old_one_runs_on(
    mine: Path, running: Path, watching: Watching
) -> None:
    watching.next("run")
    watching.next("watching")
    save(mine, "answer); return 0;", "answer); return 1;")
    refused = watching.next("refused")
    assert (refused["faults"][0]["what"], say(running, "greet")) == (
        "res_greet does not run in a private instance",
        "hello\n",
    )


def test_a_file_of_somebody_else_is_never_replaced(mine: Path, running: Path, watching: Watching) -> None:
    watching.next("run")
    watching.next("watching")
    theirs = running / "lib/asterisk/modules/res_base.so"
    before = theirs.read_bytes()
    (mine / "res_base.c").write_text((mine / "res_greet.c").read_text().replace('"greet"', '"base"'))
    refused = watching.next("refused")
    assert (refused["module"], refused["faults"][0]["what"], theirs.read_bytes() == before) == (
        "res_base",
        "this file was not installed by Asterism",
        True,
    )


def test_nobody_takes_what_is_built_while_the_asterisk_does_not_run(mine: Path, tmp_path: Path, stand_in: Path) -> None:
    prefix = shutil.copytree(stand_in, tmp_path / "still")
    conf = prefix / "etc/asterisk/asterisk.conf"
    conf.write_text(f"[directories]\nastmoddir => {prefix}/lib/asterisk/modules\nastrundir => {prefix}/var\n")
    watching = Watching(mine, prefix)
    try:
        assert watching.next("alone")["module"] == "res_greet"
        assert (prefix / "lib/asterisk/modules/res_greet.so").exists()
    finally:
        watching.end()


def test_a_build_of_somebody_is_replaced_once_and_the_neighbours_stay(
    mine: Path, running: Path, asterism: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    (mine / "res_more.c").write_text((mine / "res_greet.c").read_text().replace('"greet"', '"more"'))
    assert asterism(mine, "install", "--target", str(running)).returncode == 0
    save(mine, '"hello"', '"good day"')
    assert asterism(mine, "build", "--target", str(running)).returncode == 0
    (built,) = mine.glob("build/target/*/modules/res_greet.so")
    done = asterism(mine, "replace", "--target", str(running), str(built))
    assert (done.returncode, done.stdout.split(" (")[0], say(running, "greet")) == (
        0,
        "res_greet.so runs its new build",
        "good day\n",
    )
    assert (running / "lib/asterisk/modules/res_more.so").exists()
    again = asterism(mine, "replace", "--target", str(running), "--json", str(built))
    assert json.loads(again.stdout)["outcome"] == "same"


def test_replace_with_a_target_is_for_a_directory_of_modules(
    tmp_path: Path, stand_in: Path, asterism: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    done = asterism(tmp_path, "replace", "--target", str(stand_in), str(stand_in / "lib/asterisk/modules/res_base.so"))
    assert (done.returncode, done.stderr.split("\n")[0]) == (
        1,
        f"{tmp_path}: no modules of your own here",
    )
