"""A virtual environment with the wheel in it, and a user of it."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from waiting import HANG

_NOT_OURS = ("ASTERISM_TREE", "CC", "CFLAGS", "CXX", "LDFLAGS", "MAKEFLAGS", "PYTHONPATH")


def succeed(*words: str | Path, **options: object) -> None:
    """Run a program; what it says is the failure."""
    done = subprocess.run(list(map(str, words)), capture_output=True, text=True, check=False, **options)  # type: ignore[call-overload]
    if done.returncode:
        pytest.fail(f"{words[0]} fails:\n{done.stdout}{done.stderr}", pytrace=False)


@dataclass(frozen=True)
class Installation:
    """A virtual environment with the wheel in it, and a user's home and cache."""

    place: Path
    """The environment."""
    home: Path
    cache: Path
    path: str = os.environ.get("PATH", os.defpath)
    """Where programs are looked for after those of the environment."""

    @property
    def python(self) -> str:
        """The interpreter of the environment."""
        return str(self.place / "bin/python")

    def environment(self, **more: str) -> dict[str, str]:
        """The variables of a user who has just logged in."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if name not in _NOT_OURS and not name.startswith(("XDG_", "PYTEST_", "COV_"))
        }
        own = {"HOME": str(self.home), "XDG_CACHE_HOME": str(self.cache), "PATH": f"{self.place}/bin:{self.path}"}
        return kept | own | more

    def run(self, cwd: Path, *words: str, text: str = "", **more: str) -> subprocess.CompletedProcess[str]:
        """Run ``asterism WORDS`` in a directory."""
        return self.call(cwd, [str(self.place / "bin/asterism"), *words], text, **more)

    def call(self, cwd: Path, words: Sequence[str], text: str = "", **more: str) -> subprocess.CompletedProcess[str]:
        """Run a program in a directory."""
        return subprocess.run(
            list(words),
            cwd=cwd,
            env=self.environment(**more),
            input=text,
            capture_output=True,
            text=True,
            timeout=HANG,
            check=False,
        )


def make_environment(place: Path, wheel: Path) -> None:
    """Install the wheel into a new virtual environment; what it depends on is that of this environment."""
    succeed(sys.executable, "-m", "venv", "--without-pip", place)
    python = place / "bin/python"
    succeed(sys.executable, "-m", "pip", "--python", python, "install", "--no-index", "--no-deps", "--quiet", wheel)
    site = next(place.glob("lib/python*/site-packages"))
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
