"""A source tree of a test's own modules, and how it is built."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

from buildsys.configuration import Configuration, dumps

GOOD_C = """\
/*** MODULEINFO
	<support_level>extended</support_level>
 ***/
#include "part.h"
int module_value(void);
int module_value(void) { return PART; }
"""

GOOD_PY = '"""A module.\n\n/*** MODULEINFO\n\t<support_level>extended</support_level>\n***/\n"""\n\nVALUE = 1\n'

SAMPLE = "[general]\nanswer = 42\n"


class SourceTree:
    """A configured source tree without the C side of the runtime."""

    def __init__(self, top: Path, run: Callable[..., subprocess.CompletedProcess[str]]) -> None:
        self.top = top
        self.run = run

    def write(self, files: Mapping[str, str]) -> None:
        """Write files, by their paths relative to the tree."""
        for name, text in files.items():
            path = self.top / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def configure(self, configuration: Configuration) -> None:
        """Settle what configure would."""
        self.write({"makeopts": dumps(configuration)})

    def build(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run ``asterism build``."""
        return self.run(self.top, "build", *words, environment=environment)

    def install(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run ``asterism install``."""
        return self.run(self.top, "install", *words)

    def products(self) -> list[str]:
        """The modules that are built."""
        return sorted(path.name for path in (self.top / "build/modules").glob("*"))

    def times(self) -> dict[str, int]:
        """When each module was made, in nanoseconds."""
        return {path.name: path.stat().st_mtime_ns for path in (self.top / "build/modules").glob("*")}
