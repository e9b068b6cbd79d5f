"""What C modules find here is a part of what they find in Asterisk: no name is made up."""

from __future__ import annotations

import subprocess
from pathlib import Path

import runtime.api.all  # noqa: F401  (declares every export)
from asterism.branches import api_names, core_names
from runtime.bridge.api_page import HEADERS, entries, provider

HERE = Path(__file__).parent
GENERATED = ("autoconfig.h", "buildopts.h")


def macros() -> list[str]:
    """The macros of Asterisk, one on each line after a sentence that says what they are."""
    return (HERE / "asterisk_macros.txt").read_text().splitlines()[1:]


def test_the_library_exports_names_of_asterisk_and_its_own(native_directory: Path):
    words = ["nm", "-D", "--defined-only", str(native_directory / "libasterism.so")]
    said = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    exported = {line.split()[-1] for line in said.splitlines()}
    own = {name for name in exported if name.startswith("asterism_")}
    assert len(exported - own) > 900
    assert sorted(exported - own - core_names.load().keys()) == []


def test_the_page_documents_names_of_asterisk_only():
    headers = [header for header in sorted(HEADERS.glob("*.h")) if header.name not in GENERATED]
    known = core_names.load().keys() | set(macros())
    told = {entry.name for header in headers for entry in entries(header) if not _is_private(entry.name)}
    of_modules = {entry.name for header in headers if provider(header) for entry in entries(header)}
    known |= {name for name in of_modules if api_names.find(name, api_names.LINKED)}
    assert sorted(told - known) == []


def _is_private(name: str) -> bool:
    """Whether a name is only what macros of the headers use."""
    return name.startswith("__")


def test_the_lists_are_sorted_and_have_each_name_once():
    for names in (macros(), list(core_names.load())):
        assert names == sorted(set(names))
    rows = [line for line in core_names.FILE.read_text().splitlines() if not line.startswith("#")]
    assert len(rows) == len(core_names.load())
