"""Judge ``asterism port`` by Asterisk's history: ``python -m build_tools.port_history GITDIR HEADERS [BRANCH ...]``.

GITDIR is a git directory of Asterisk, HEADERS the configured headers of the branch to port to (``--to``, 22).  The
modules of apps, funcs and res that are in an old branch and still in the new one are compiled for the new one: as they
are, and after a port.  A module counts when today's source of it compiles here, so that no library is missing.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from asterism.branches.changes import rules
from asterism.values import dataclass
from build_tools.branch_names import git
from buildsys.porting import rewriting
from buildsys.porting.transforms.table import TRANSFORMS
from buildsys.settled.toolchain import run

DIRECTORIES = ("apps", "funcs", "res")
STRICT = ("implicit-function-declaration", "int-conversion", "incompatible-pointer-types", "implicit-int")
"""Warnings that newer compilers make errors."""
MEDIA = re.compile(
    r'#include "asterisk/(?:translate|dsp|rtp|rtp_engine|audiohook|framehook|slinfactory|mod_format|fskmodem|plc|tdd|'
    r'adsi|bridging|bridge|format_attr|abstract_jb|features|speech|res_fax|udptl|tcptls|conf_bridge)\w*\.h"'
)
"""What includes one of these works on media, bridges or connections themselves."""


@dataclass(frozen=True, slots=True)
class Judged:
    """The source of a module, taken from a branch."""

    path: str
    is_media: bool
    before: int
    """Errors of the compiler for the source as it is."""
    after: int
    """Errors after the port."""
    changes: int
    first: str = ""
    """The first error that is left."""


def compiled(text: str, path: str, headers: Path, extra: Sequence[str] = ()) -> list[str]:
    """The errors of a source for the new branch."""
    name = Path(path).stem
    with tempfile.TemporaryDirectory() as scratch:
        source = Path(scratch) / Path(path).name
        source.write_text(text, encoding="latin-1")
        warnings = [f"-Werror={each}" for each in STRICT]
        flags = ["-std=gnu99", "-w", *warnings, "-D_GNU_SOURCE", f'-DAST_MODULE="{name}"', f"-I{headers}"]
        own = f"-DAST_MODULE_SELF_SYM=__internal_{name}_self"
        libraries = "-I/usr/include/libxml2"
        argv = ["nice", "-n", "15", "gcc", "-fsyntax-only", *flags, own, libraries, *extra, str(source)]
        done = run(argv)
    return [line.partition("error: ")[2] for line in done.complaint.splitlines() if "error: " in line]


def modules(gitdir: str, old: str, new: str) -> Iterator[str]:
    """The paths of the modules that two branches share."""
    for directory in DIRECTORIES:
        listed = [set(git(gitdir, "ls-tree", "--name-only", f"{each}:{directory}").splitlines()) for each in (old, new)]
        yield from (f"{directory}/{name}" for name in sorted(set.intersection(*listed)) if name.endswith(".c"))


def source_of(gitdir: str, branch: str, path: str) -> str:
    """The text of a file in a branch; bytes of any encoding are kept."""
    import subprocess

    argv = ["git", "-C", gitdir, "show", f"{branch}:{path}"]
    return subprocess.run(argv, capture_output=True, check=False).stdout.decode("latin-1")


def judge(gitdir: str, headers: Path, old: str, new: str, paths: Iterable[str], keep: Path | None) -> Iterator[Judged]:
    """Each module from an old branch, judged."""
    job = rewriting.Job(old, new, rules.load(), TRANSFORMS)
    for path in paths:
        text = source_of(gitdir, old, path)
        ported = rewriting.rewrite(text.encode("latin-1"), job)
        made = ported.text.decode("latin-1")
        if keep:
            (keep / old / path).parent.mkdir(parents=True, exist_ok=True)
            (keep / old / path).write_text(made, encoding="latin-1")
        before, after = compiled(text, path, headers), compiled(made, path, headers)
        is_media = bool(MEDIA.search(text))
        yield Judged(path, is_media, len(before), len(after), len(ported.changes), after[0] if after else "")


def counted(found: Sequence[Judged]) -> dict[str, int]:
    """The counts of a table's row."""
    return {
        "modules": len(found),
        "compile as they are": sum(not each.before for each in found),
        "compile after": sum(not each.after for each in found),
        "worse": sum(each.after > each.before for each in found),
    }


def main() -> None:
    """Serve the command."""
    made = argparse.ArgumentParser(description=__doc__)
    made.add_argument("gitdir")
    made.add_argument("headers", type=Path)
    made.add_argument("branches", nargs="*", default=["1.4", "1.8", "11"])
    made.add_argument("--to", default="22")
    made.add_argument("--only", default="", help="a part of the paths")
    made.add_argument("--keep", type=Path, help="keep the ported sources here")
    made.add_argument("--good", type=Path, help="a file that remembers which of today's sources compile here")
    options = made.parse_args()
    known = json.loads(options.good.read_text()) if options.good and options.good.is_file() else {}
    for old in options.branches:
        paths = [path for path in modules(options.gitdir, old, options.to) if options.only in path]
        for path in paths:
            if path not in known:
                today = source_of(options.gitdir, options.to, path)
                known[path] = not compiled(today, path, options.headers)
        if options.good:
            options.good.write_text(json.dumps(known))
        good = [path for path in paths if known[path]]
        found = []
        for each in judge(options.gitdir, options.headers, old, options.to, good, options.keep):
            found.append(each)
            mark = "ok  " if not each.after else "FAIL"
            told = (
                f"{mark} {old} {each.path} {'media ' if each.is_media else ''}{each.before}->{each.after} {each.first}"
            )
            print(told, flush=True)
        plain = [each for each in found if not each.is_media]
        print(old, "all", counted(found), "without media", counted(plain), flush=True)


if __name__ == "__main__":
    os.environ.setdefault("LC_ALL", "C")
    sys.exit(main())
