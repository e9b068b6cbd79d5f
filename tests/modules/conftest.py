"""Fixtures: a running asterism with the project's modules, one for each test file."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from module_runtime import Runtime, compile_module


@pytest.fixture(scope="session")
def probe(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A compiled res_probe.so."""
    return compile_module(tree, Path(__file__).parent / "res_probe.c", tmp_path_factory.mktemp("probe"))


@pytest.fixture(scope="module")
def runtime(tree: Path, probe: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runtime]:
    """A running asterism with every module of the project and the probe."""
    running = Runtime(tree, tmp_path_factory.mktemp("runtime"))
    running.prepare()
    shutil.copy(probe, running.modules)
    running.start()
    try:
        yield running
    finally:
        status = running.stop()
    assert (status, "Traceback" in running.output) == (0, False), running.output
