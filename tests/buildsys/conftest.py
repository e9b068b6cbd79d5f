"""Small source trees of a test's own modules."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from source_tree import SourceTree, write_sources


@pytest.fixture
def sources(tmp_path: Path, project: Path, asterism: Callable[..., subprocess.CompletedProcess[str]]) -> SourceTree:
    """A tree with ``res_one`` and ``res_two`` in C and ``res_three`` in Python, configured and not built."""
    return write_sources(tmp_path, project, asterism)


@pytest.fixture
def is_root() -> bool:
    """Whether permissions do not hold this process back."""
    return os.geteuid() == 0
