"""The reports of sanitizers and of the crash handler, in what a program has written."""

from __future__ import annotations

import re
from collections.abc import Callable

_SANITIZED = re.compile(r"ERROR: \w+Sanitizer|WARNING: ThreadSanitizer|: runtime error: ")
"""The beginnings of sanitizer reports."""
_CRASHED = re.compile(r"^asterism: module (\S+) (?:crashed|ended)", re.MULTILINE)
_NOISE = re.compile(
    r"_cffi_backend|libpython|/bin/python|libc\.so|libasan|libubsan|the next start leaves it out"
    r"|\s(?:Objects|Python|Modules|Include|Parser)/\S+:\d+"
)
"""Lines of a backtrace about Python's way to the call of a module."""


def sanitizer_report(text: str) -> str:
    """The report of a sanitizer in the output of a program; empty when the output has no report."""
    found = _SANITIZED.search(text)
    if found is None:
        return ""
    whole = text[text.rfind("\n", 0, found.start()) + 1 :]
    return "\n".join(_without_noise(whole.partition("\nShadow bytes around")[0]))


def crash_report(text: str, source_of: Callable[[str], str]) -> str:
    """The crash handler's report, with the source line below its first line and without calls inside Python.

    Args:
        text: the report; empty without a crash.
        source_of: the source line at which a module crashed, by the module's name; empty when it is unknown.
    """
    found = _CRASHED.search(text)
    source = source_of(found[1]) if found else ""
    first, _, rest = text.partition("\n")
    return "\n".join([first, *([f"    at {source}"] if source else []), *_without_noise(rest)])


def _without_noise(text: str) -> list[str]:
    return [line for line in text.splitlines() if not _NOISE.search(line)]
