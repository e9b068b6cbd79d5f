"""The installed program, for tests of directories of modules."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

Asterism = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def asterism(tree: Path) -> Asterism:
    """Runs the installed program, which needs no configured clone around it."""

    def run(
        directory: Path, *words: str, environment: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        clean = {name: value for name, value in os.environ.items() if name not in ("CC", "CFLAGS", "PYTHONPATH")}
        return subprocess.run(
            [tree / "sbin/asterism", *words],
            cwd=directory,
            env=clean | dict(environment or {}),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    return run
