"""A source tree of a test's own modules, and how it is built."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from asterism.tree import Kind, Tree
from buildsys.settled.configuration import Configuration, Directories, dumps

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

CORE = {
    "runtime/__init__.py": "",
    "runtime/bridge/__init__.py": "",
    "runtime/bridge/generate.py": """\
import pathlib, sys
for name in ("table.h", "exports.c", "fields.h", "fields.c", "layout.c", "core_types.py"):
    pathlib.Path(sys.argv[1], name).write_text("")
pathlib.Path(sys.argv[1], "precompiled.h").write_text('#include "internal.h"\\n')
""",
    "runtime/native/internal.h": "#ifndef INTERNAL\n#define INTERNAL\n#define VALUE 41\nint value(void);\n#endif\n",
    "runtime/native/base/value.c": '#include "internal.h"\nint value(void) { return VALUE; }\n',
}
"""A core of one function."""


class SourceTree:
    """A configured source tree without the C side of the runtime."""

    def __init__(self, top: Path, run: Callable[..., subprocess.CompletedProcess[str]]) -> None:
        self.top = top
        self.run = run

    @property
    def tree(self) -> Tree:
        """What the product works on."""
        return Tree(self.top, Kind.SOURCES)

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


def write_sources(room: Path, project: Path, asterism: Callable[..., subprocess.CompletedProcess[str]]) -> SourceTree:
    """Write the tree of the fixture ``sources`` to ``src`` below a directory; its prefix is ``prefix`` beside it."""
    if shutil.which("gcc") is None:
        pytest.skip("needs gcc")
    found = SourceTree(room / "src", asterism)
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
    found.configure(Configuration(cc=("gcc",), warnings=("-Wall",), directories=Directories(str(room / "prefix"))))
    return found
