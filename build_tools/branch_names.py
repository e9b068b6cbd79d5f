"""Write the tables of ``asterism/branches``: ``python -m build_tools.branch_names GITDIR``.

GITDIR is a git directory of Asterisk.  What is taken of each branch are names only: modules by their file names, build
options and external modules by the members of its XML files, headers, the libraries that its configure looks for, and
the elements of DOCUMENTATION blocks (``known_names.txt``); and what its headers declare: names, types and parameters
(``api_names.txt.xz``).
"""

from __future__ import annotations

import io
import lzma
import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from asterism import files
from asterism.branches import api_names
from asterism.branches.api_names import ApiName
from asterism.branches.known_names import BRANCHES, FILE, KINDS, span_text
from buildsys.porting.language.declarations import declared
from menuselect.sources.module_directories import DIRECTORIES

HEAD = """\
# Names in the branches of Asterisk that modules and scripts refer to: a line is a kind, the branches, the names.
# Written by build_tools/branch_names.py.
"""
API_KINDS = ("function", "macro", "type", "member", "enumerator", "variable", "include")
API_HEAD = "# What the headers of Asterisk's branches declare. Written by build_tools/branch_names.py.\n"
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


# ---- the names of the headers ----------------------------------------------------------------------------------------


def headers_of(directory: str, branch: str) -> Iterator[tuple[str, bytes]]:
    """The headers of a branch that modules include, below ``include/``, and their texts."""
    argv = [shutil.which("git") or "git", "-C", directory, "archive", branch, "include"]
    archive = subprocess.run(argv, capture_output=True, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(archive)) as members:
        for member in members:
            name = member.name.removeprefix("include/")
            content = members.extractfile(member) if name.endswith(".h") else None
            if content:
                yield name, content.read()


def api_rows(directory: str) -> list[ApiName]:
    """The rows of the table of names, in its order."""
    found: dict[tuple[str, str, str, str], set[str]] = {}
    for branch in BRANCHES:
        for header, text in headers_of(directory, branch):
            for each in declared(text):
                row = (header.removesuffix(".h"), each.name) if each.kind == "include" else (each.name, header)
                found.setdefault((each.kind, *row, each.signature), set()).add(branch)
    rows = [
        ApiName(kind, name, header, span_text(on), signature) for (kind, name, header, signature), on in found.items()
    ]
    oldest = {branch: at for at, branch in enumerate(BRANCHES)}
    return sorted(
        rows, key=lambda row: (API_KINDS.index(row.kind), row.name, min(map(oldest.get, row.branches)), row.header)
    )


def api_table(rows: Iterable[ApiName]) -> bytes:
    """The compressed table."""
    lines = ("\t".join((row.kind, row.name, row.header, row.span, row.signature)) for row in rows)
    written = API_HEAD + "".join(f"{line}\n" for line in lines)
    return lzma.compress(written.encode(), preset=9 | lzma.PRESET_EXTREME)


def main() -> None:
    """Serve the command."""
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    rows = [(branch, *row) for branch in BRANCHES for row in sorted(set(names_of(sys.argv[1], branch)))]
    files.write(Path(FILE), text_of(rows))
    files.write(api_names.FILE, api_table(api_rows(sys.argv[1])))


if __name__ == "__main__":
    main()
