"""How many module sources of a real Asterisk compile with our headers: ``python build_tools/asterisk_sources.py TREE``.

TREE is a checkout of Asterisk; nothing of it is changed.  Each source in its module directories is compiled with the
headers of the installed tree alone, with its test framework.  The missing headers and the first errors come with how
many sources have them.  With a second directory, what compiles is linked there, for asterisk_modules.py.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from buildsys.settled import tree_facts
from menuselect.sources.module_directories import DIRECTORIES

_ABSENT = re.compile(r"fatal error: ([\w./-]+): No such file")
_ERROR = re.compile(r"error: (.*)")
_OWN = (
    "-w",
    "-Werror=implicit-function-declaration",
    "-Werror=int-conversion",
    "-fPIC",
    "-O0",
    "-DTEST_FRAMEWORK=1",
    "-I/usr/include/libxml2",
)
SHOWN = 25
"""How many of the commonest errors are shown."""


def modules(top: Path) -> Iterator[tuple[str, list[Path]]]:
    """The modules of a tree: the name and the sources of each."""
    for directory in DIRECTORIES:
        for source in sorted((top / directory).glob("*.c")):
            if b"AST_MODULE_INFO" not in source.read_bytes():
                continue  # a part of a module
            yield source.stem, [source, *sorted((source.parent / source.stem).glob("*.c"))]


def compiled(name: str, sources: Sequence[Path], cflags: Sequence[str], room: Path) -> str:
    """Compile the sources of a module into a directory; what the compiler says, which is nothing when all went well."""
    defines = [f'-DAST_MODULE="{name}"', f"-DAST_MODULE_SELF_SYM=__internal_{name}_self"]
    for index, source in enumerate(sources):
        words = [*cflags, *_OWN, *defines, f"-I{source.parent}", "-c", str(source), "-o", str(room / f"{index}.o")]
        done = subprocess.run([_compiler(), *words], capture_output=True, text=True, check=False)
        if done.returncode:
            return done.stderr or "the compiler failed"
    return ""


def _compiler() -> str:
    return shutil.which("gcc") or "gcc"


def main() -> None:
    """Serve the command line."""
    if len(sys.argv) not in (2, 3):
        sys.exit(f"usage: {sys.argv[0]} TREE [OUTDIR]")
    facts = tree_facts.facts()
    made, causes, total = [], Counter[str](), 0
    for name, sources in modules(Path(sys.argv[1])):
        total += 1
        with tempfile.TemporaryDirectory(prefix="asterism-") as place:
            said = compiled(name, sources, facts.cflags.split(), Path(place))
            if said:
                found = _ABSENT.search(said) or _ERROR.search(said)
                causes[found[1] if found else said[:60]] += 1
                continue
            made.append(name)
            if len(sys.argv) == 3:
                objects = sorted(map(str, Path(place).glob("*.o")))
                product = Path(sys.argv[2], f"{name}.so")
                subprocess.run([_compiler(), "-shared", *objects, "-o", str(product)], check=True)
    print(f"{len(made)} of {total} module sources compile: {' '.join(made)}")
    for cause, count in causes.most_common(SHOWN):
        print(f"{count:4} {cause}")


if __name__ == "__main__":
    main()
