"""Small source trees of a test's own modules."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from source_tree import GOOD_C, GOOD_PY, SAMPLE, SourceTree

from buildsys.configuration import Configuration, Directories


@pytest.fixture
def sources(tmp_path: Path, project: Path, asterism: Callable[..., subprocess.CompletedProcess[str]]) -> SourceTree:
    """A tree with ``res_one`` and ``res_two`` in C and ``res_three`` in Python, configured and not built."""
    if shutil.which("gcc") is None:
        pytest.skip("needs gcc")
    found = SourceTree(tmp_path / "src", asterism)
    found.write(
        {
            "res/res_one.c": GOOD_C,
            "res/res_two.c": GOOD_C.replace("module_value", "other_value"),
            "res/res_three.py": GOOD_PY,
            "include/part.h": "#define PART 1\n",
            "build_tools/cflags.xml": (project / "build_tools/cflags.xml").read_text(),
            "build_tools/menuselect-deps": "CURL=0\nHAVE_UNDEFINED_SANITIZER=1\n",
            "configs/sample.conf": SAMPLE,
            "pyproject.toml": "",
        }
    )
    found.configure(Configuration(cc=("gcc",), warnings=("-Wall",), directories=Directories(str(tmp_path / "prefix"))))
    return found


@pytest.fixture
def is_root() -> bool:
    """Whether permissions do not hold this process back."""
    return os.geteuid() == 0
