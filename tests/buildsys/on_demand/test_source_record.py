"""The checksum of a core's sources: from pip's record while that fits the files, and from the files otherwise."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from asterism import __version__
from buildsys.on_demand import source_record

SOURCE = "runtime/bridge/generate.py"
LINE = f"{SOURCE},sha256=zRsCTOggFQUGt3VG7vjwUP8sMrUNDr3xlnpk1qn4gq0,7"


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    """A directory of packages with one source, which is older than its record."""
    (tmp_path / SOURCE).parent.mkdir(parents=True)
    (tmp_path / SOURCE).write_text("# text\n")
    (tmp_path / f"asterism-{__version__}.dist-info").mkdir()
    os.utime(tmp_path / SOURCE, (100, 100))
    return tmp_path


def record(packages: Path, *lines: str) -> None:
    path = packages / f"asterism-{__version__}.dist-info/RECORD"
    path.write_text("".join(f"{line}\n" for line in lines))
    os.utime(path, (200, 200))


def test_the_record_gives_the_checksum_of_the_files(packages: Path) -> None:
    from_files = source_record.digest(packages)
    record(packages, "../../../bin/asterism,sha256=x,1", LINE, "runtime/bridge/__pycache__/generate.cpython-311.pyc,,")
    assert source_record.digest(packages) == from_files


def test_the_record_is_used_while_no_file_is_newer(packages: Path) -> None:
    record(packages, LINE.replace("sha256=z", "sha256=y"))
    recorded = source_record.digest(packages)
    os.utime(packages / SOURCE, (300, 300))
    assert source_record.digest(packages) != recorded


def test_a_recorded_file_that_is_missing_has_the_files_read(packages: Path) -> None:
    from_files = source_record.digest(packages)
    record(packages, LINE, "buildsys/gone.py,sha256=x,1")
    assert source_record.digest(packages) == from_files


def test_byte_code_is_not_a_part_of_the_sources(packages: Path) -> None:
    before = source_record.digest(packages)
    (packages / "runtime/bridge/__pycache__").mkdir()
    (packages / "runtime/bridge/__pycache__/x.pyc").write_bytes(b"byte code")
    assert source_record.digest(packages) == before
    (packages / SOURCE).write_text("# other\n")
    assert source_record.digest(packages) != before
