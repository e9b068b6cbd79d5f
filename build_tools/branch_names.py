"""Write ``asterism/branches/known_names.txt``: ``python build_tools/branch_names.py GITDIR``.

GITDIR is a git directory of Asterisk.  What is taken of each branch are names only: modules by their file names, build
options and external modules by the members of its XML files, headers, the libraries that its configure looks for, and
the elements of DOCUMENTATION blocks.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from asterism import files
from asterism.branches.known_names import BRANCHES, FILE, KINDS
from menuselect.sources.scan import DIRECTORIES

HEAD = """\
# Names in the branches of Asterisk that modules and scripts refer to: a line is a kind, the branches, the names.
# Written by build_tools/branch_names.py.
"""
_MEMBER = re.compile(r'<member\s+name="(\w+)"')
_ELEMENT = re.compile(r"<!ELEMENT\s+([\w-]+)")
_LIBRARY = re.compile(r"^(\w+)=", re.MULTILINE)
_PREFIXES = tuple(f"{prefix}_" for _, prefix in DIRECTORIES.values() if prefix)


def git(directory: str, *words: str) -> str:
    """The output of git; an empty string when it fails."""
    done = subprocess.run(
        [shutil.which("git") or "git", "-C", directory, *words], capture_output=True, text=True, check=False
    )
    return done.stdout


def names_of(directory: str, branch: str) -> Iterator[tuple[str, str]]:
    """Kind and name of everything that a branch has.

    Raises:
        SystemExit: there is no such branch.
    """
    paths = [PurePosixPath(line) for line in git(directory, "ls-tree", "-r", "--name-only", branch).splitlines()]
    if not paths:
        sys.exit(f"{directory} has no branch '{branch}'")
    for path in paths:
        place = str(path.parent)
        if place == "include/asterisk" and path.suffix == ".h":
            yield "header", path.stem
        elif place in DIRECTORIES and path.suffix in (".c", ".cc") and path.name.startswith(_PREFIXES):
            yield "module", path.stem
        elif place in DIRECTORIES and path.suffix == ".xml":
            yield from (("module", name) for name in _MEMBER.findall(git(directory, "show", f"{branch}:{path}")))
    for name in ("cflags", "cflags-devmode"):
        text = git(directory, "show", f"{branch}:build_tools/{name}.xml")
        yield from (("option", member) for member in _MEMBER.findall(text))
    documented = _ELEMENT.findall(git(directory, "show", f"{branch}:doc/appdocsxml.dtd"))
    yield from (("element", name) for name in documented)
    libraries = _LIBRARY.findall(git(directory, "show", f"{branch}:build_tools/menuselect-deps.in"))
    yield from (("library", name.lower()) for name in libraries)


def span_text(branches: Iterable[str]) -> str:
    """Branches as runs, ``13-16,20-master``; the order is that of :data:`BRANCHES`."""
    runs: list[list[int]] = []
    for at in sorted(map(BRANCHES.index, branches)):
        if runs and at == runs[-1][-1] + 1:
            runs[-1].append(at)
        else:
            runs.append([at])
    return ",".join("-".join(dict.fromkeys((BRANCHES[run[0]], BRANCHES[run[-1]]))) for run in runs)


def text_of(found: Iterable[tuple[str, str, str]]) -> str:
    """The file for (branch, kind, name) rows."""
    branches: dict[tuple[str, str], list[str]] = {}
    for branch, kind, name in found:
        branches.setdefault((kind, name), []).append(branch)
    lines: dict[tuple[int, str], list[str]] = {}
    for (kind, name), where in sorted(branches.items()):
        lines.setdefault((KINDS.index(kind), span_text(where)), []).append(name)
    rows = (f"{KINDS[at]} {span} {' '.join(names)}\n" for (at, span), names in sorted(lines.items()))
    return HEAD + "".join(rows)


def main() -> None:
    """Serve the command."""
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    rows = [(branch, *row) for branch in BRANCHES for row in sorted(set(names_of(sys.argv[1], branch)))]
    files.write(Path(FILE), text_of(rows))


if __name__ == "__main__":
    main()
