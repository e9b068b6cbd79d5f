"""Write ``asterism/branches/core_names.txt``: ``python build_tools/core_names.py TREE``.

TREE is a source tree of Asterisk in which ``make`` has run.  What is taken of it are facts about names only: those that
its main program exports, the header that declares each, what kind of value each returns, and how many of the tree's
modules use it.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from asterism import files
from asterism.branches.core_names import FILE, NO_HEADER, CoreName
from asterism.modulefile import reader
from menuselect.sources.module_directories import DIRECTORIES

HEAD = """\
# What Asterisk's main program (master, August 2026, with its test framework) exports to modules.
# A line is a name, the header that declares it, what it is (see core_names.py), and how many of the 266 modules of a
# default build use it.  Written by build_tools/core_names.py.
"""
_EXPORT = re.compile(r"^\w+(?: (?P<size>\w+))? (?P<kind>[A-Z]) (?P<name>\w+)$", re.MULTILINE)
_PROTOTYPE = re.compile(
    r"^/\* \S*/(?P<header>asterisk\.h|asterisk/[\w./]+):\d+:\w+ \*/ extern (?P<result>.*?)(?P<name>\w+) \(",
    re.MULTILINE,
)
_VARIABLE = re.compile(r"^extern (?P<text>const char ?\* ?(?=\w+;))?[^;()]*?\b(?P<name>\w+)(?:\[[^;]*)?;", re.MULTILINE)
_OF_SYSTEM = frozenset({"_IO_stdin_used", "optarg", "optind", "stdin", "stdout", "stderr", "xmlFree"})
"""Exported by the linker for variables of libraries."""
_FLAGS = ("-I/usr/include/libxml2", '-DAST_MODULE="x"', "-DAST_MODULE_SELF_SYM=__internal_x_self", "-w")


def _run(*words: str) -> str:
    """The output of a program; what it wrote before it failed, when it fails."""
    program = shutil.which(words[0]) or words[0]
    return subprocess.run([program, *words[1:]], capture_output=True, text=True, check=False).stdout


def exports(program: Path) -> dict[str, int]:
    """The names that a program exports; the size of each that is data, and 0 for functions."""
    listed = _EXPORT.finditer(_run("nm", "-DS", "--defined-only", str(program)))
    return {
        found["name"]: 0 if found["kind"] == "T" else int(found["size"], 16)
        for found in listed
        if found["name"] not in _OF_SYSTEM
    }


def kind_of(result: str) -> str:
    """What a function returns, in the word that :class:`asterism.branches.core_names.CoreName` has for it."""
    bare = re.sub(r"\b(struct|enum|union|unsigned|signed|const|volatile)\b", "", result).split()
    if "*" in result:
        return "text" if re.fullmatch(r"const char \*\s*", result) else "pointer"
    if re.match(r"\s*(struct|union)\b", result):
        return "structure"
    return {"void": "void", "double": "real", "float": "real"}.get(bare[0] if bare else "int", "number")


def declared(top: Path) -> dict[str, tuple[str, str]]:
    """The header that declares each function, without directory, and what it returns."""
    found: dict[str, tuple[str, str]] = {}
    for text in _prototypes(top):
        for line in _PROTOTYPE.finditer(text):
            header = line["header"].removeprefix("asterisk/")
            found.setdefault(line["name"], (header, kind_of(line["result"])))
    return found


def _prototypes(top: Path) -> Iterator[str]:
    """What gcc says of the functions in each header."""
    with tempfile.TemporaryDirectory() as room:
        source, told = Path(room, "one.c"), Path(room, "one.txt")
        for header in sorted((top / "include/asterisk").glob("*.h")):
            source.write_text(f'#include "asterisk.h"\n#include "asterisk/{header.name}"\n')
            _run("gcc", f"-I{top}/include", *_FLAGS, "-aux-info", str(told), "-fsyntax-only", str(source))
            yield told.read_text() if told.exists() else ""


def variables(top: Path) -> dict[str, tuple[str, str]]:
    """The header of each variable, and ``text`` for a ``const char *``, ``data`` for others."""
    headers = sorted((top / "include/asterisk").glob("*.h"))
    return {
        found["name"]: (header.name, "text" if found["text"] else "data")
        for header in headers
        for found in _VARIABLE.finditer(header.read_text(errors="replace"))
    }


def uses(top: Path) -> Mapping[str, int]:
    """How many modules of a tree need each name."""
    modules = [module for directory in DIRECTORIES for module in (top / directory).glob("*.so")]
    needed = (reader.needs_of(module.read_bytes(), str(module))[0] for module in modules)
    return Counter(need.name for needs in needed for need in needs if need.is_open)


def names_of(top: Path) -> Iterator[CoreName]:
    """All that is known of each name."""
    functions, data, used = declared(top), variables(top), uses(top)
    for name, size in exports(top / "main/asterisk").items():
        if size:
            header, kind = data.get(name, (NO_HEADER, "data"))
            yield CoreName(name, header, f"{kind}:{size}", used.get(name, 0))
        else:
            yield CoreName(name, *functions.get(name, (NO_HEADER, "number")), used.get(name, 0))


def text_of(names: Iterable[CoreName]) -> str:
    """The file."""
    rows = sorted(names, key=lambda one: one.name)
    return HEAD + "".join(f"{row.name} {row.header} {row.what} {row.uses}\n" for row in rows)


def main() -> None:
    """Serve the command line."""
    if len(sys.argv) != 2:
        sys.exit("usage: build_tools/core_names.py TREE")
    files.write(FILE, text_of(names_of(Path(sys.argv[1]))))


if __name__ == "__main__":
    main()
