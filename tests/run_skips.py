"""What was skipped in a run of the tests, and what to do so that it runs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

import pytest

RECORDED = "set ASTERISM_CONFORMANCE=DIR, or put the directory at ../shared/conformance"
CURES = {
    r"needs (clang|ccache|make|gcc|pkg-config)": r"apt-get install \1",
    r"needs dpkg-deb": "apt-get install dpkg-dev binutils",
    r"needs rpmbuild": "apt-get install rpm",
    r"needs (runit)": r"apt-get install \1",
    r"needs distccd?": "apt-get install distcc",
    r"needs the links of distcc's compilers": "update-distcc-symlinks",
    r"needs musl-gcc": "apt-get install musl-tools",
    r"needs (aarch64)-linux-gnu-gcc": "apt-get install gcc-aarch64-linux-gnu libc6-dev-arm64-cross",
    r"needs a C\+\+ compiler": "apt-get install g++",
    r"needs a C compiler": "apt-get install gcc",
    r"needs readelf": "apt-get install binutils",
    r"needs gdb": "apt-get install gdb",
    r"needs the right to debug": "run the tests where ptrace is allowed",
    r"needs mandoc": "apt-get install mandoc",
    r"needs mkdocs": "make setup",
    r"needs qemu-aarch64": "apt-get install qemu-user",
    r"needs (bash|zsh|fish)": r"apt-get install \1",
    r"needs a Chromium": "apt-get install chromium",
    r"needs ruff": "make setup",
    r"needs node": "apt-get install nodejs",
    r"needs the extra '(lsp|web|zig)'": r".venv/bin/pip install -e '.[\1]'",
    r"needs the recorded runs of Asterisk": RECORDED,
    r"needs a real Asterisk": "set ASTERISM_TEST_TARGET to its source tree or prefix; colons between several",
    r"needs root.*": "run the tests as root",
    r"needs an ordinary user.*": "run the tests as an ordinary user",
    r"needs the right to mount.*": "run the tests as root, outside of a container",
    r"needs systemd and the right to make namespaces": "apt-get install systemd; run the tests as root",
    r"needs the (\w+) sanitizer": "use a gcc that has it: apt-get install gcc",
    r"needs Linux.*": "",
    r"needs a 64-bit machine": "",
    r"needs a linker that .*": "",
    r"needs /dev/full": "",
    r"needs core files beside the program": "sysctl kernel.core_pattern=core",
}
"""Reasons as regular expressions, and what to type; empty where nothing can be installed."""


def cure(reason: str) -> str | None:
    """What to do about a reason; empty when nothing can be done, None of one that is not in the table."""
    for pattern, words in CURES.items():
        if found := re.fullmatch(pattern, reason):
            return found.expand(words)
    return None


def summary(reasons: Iterable[str]) -> list[str]:
    """The lines that tell of the skipped tests, by reason; none when there are none."""
    counts = Counter(reasons)
    if not counts:
        return []
    width = len(str(max(counts.values())))
    lines = []
    for reason, count in sorted(counts.items(), key=lambda each: (-each[1], each[0])):
        words = cure(reason)
        lines.append(f"  {count:{width}}  {reason}{f': {words}' if words else ''}")
    total = counts.total()
    return [f"{total} {'test was' if total == 1 else 'tests were'} skipped:", *lines]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = terminalreporter.stats.get("skipped", [])
    reasons = [report.longrepr[2].removeprefix("Skipped: ") for report in reports if isinstance(report.longrepr, tuple)]
    for line in summary(reasons):
        terminalreporter.line(line)
