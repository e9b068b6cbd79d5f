"""``config`` and ``modinfo`` of a real Asterisk."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

Asterism = Callable[..., "subprocess.CompletedProcess[str]"]
SUM = "0123456789abcdef0123456789abcdef"


def test_flags_and_directories_are_those_of_the_target(mine: Path, stand_in: Path, asterism: Asterism) -> None:
    asked = ("--cflags", "--moddir", "--sysconfdir", "--sum")
    done = asterism(mine, "config", "--target", str(stand_in), *asked)
    assert (done.returncode, done.stdout.splitlines()) == (
        0,
        [
            f"-I{stand_in}/include -fPIC -pthread -D_GNU_SOURCE -D_REENTRANT '-DASTERISK_FILE_VERSION(...)=' "
            "'-DASTERISK_REGISTER_FILE(...)='",
            f"{stand_in}/lib/asterisk/modules",
            f"{stand_in}/etc/asterisk",
            SUM,
        ],
    )


def test_a_module_is_compared_with_the_sum_of_the_target(mine: Path, stand_in: Path, asterism: Asterism) -> None:
    done = asterism(mine, "modinfo", "--target", str(stand_in), "--json", "res_base")
    (found,) = json.loads(done.stdout)
    assert (found["name"], found["sum"], found["fits"]) == ("res_base", SUM, True)


def test_several_targets_are_not_one(mine: Path, stand_in: Path, asterism: Asterism) -> None:
    for name in ("a", "b"):
        assert asterism(mine, "target", "add", name, str(stand_in), "--here").returncode == 0
    done = asterism(mine, "config", "--target", "all")
    assert (done.returncode, done.stderr.split("\n")[0]) == (2, "asterism: 'all' means several targets")
