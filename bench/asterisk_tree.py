"""Asterisk's own tree, by its own make and by ninja: ``bench/asterisk_tree.py TREE [--stub] [--only KIND ...]``.

TREE is a configured source tree of Asterisk. It is copied twice; the copies take turns in one place, since a compiler
writes the directory into what it compiles. For each kind of change both are built; a row shows the processor time that
each took, and how many files differ besides those that carry a date. Then both are installed, and each of the makes is
run in the tree that the other has built, where it should find nothing to do. ``--stub`` compiles with a program that
writes its command line and its input into its output: whether the commands are the same is then known in minutes, and
the times are those of the makes alone.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
DATED = {
    *(f"{top}include/asterisk/build.h" for top in ("", "usr/")),
    *("main/buildinfo.o", "main/asterisk", "usr/sbin/asterisk"),
    *("funcs/func_version.o", "funcs/func_version.so", "usr/lib/asterisk/modules/func_version.so"),
}
"""What holds the time of the build, and what is linked with it."""
DOWNLOADED = ("MENUSELECT_CORE_SOUNDS", "MENUSELECT_MOH", "MENUSELECT_EXTRA_SOUNDS")
"""What an installation would fetch from the network."""
COMPILED = (".o", ".oo", ".so", ".a")
OURS = ("build", "GNUmakefile", "menuselect", ".git")
HIDDEN = (".moduleinfo", ".makeopts")
"""What the own make puts menuselect-tree together from."""

STUB = r"""
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void copy(FILE *out, const char *name)
{
    FILE *in = fopen(name, "r");
    unsigned long hash = 5381;
    int c;

    while (in && (c = getc(in)) != EOF) {
        hash = hash * 33 + c;
    }
    fprintf(out, "%s %lx\n", name, hash);
    if (in) {
        fclose(in);
    }
}

int main(int argc, char **argv)
{
    const char *made = NULL, *headers = NULL, *target = "", *include = "";
    char place[4096];
    FILE *out;
    int i;

    /* A tree whose own make cleans it builds its menuselect again, and runs it. */
    if (getcwd(place, sizeof(place)) && strlen(place) > 11 && !strcmp(place + strlen(place) - 11, "/menuselect")) {
        argv[0] = "cc";
        return execvp("cc", argv);
    }
    for (i = 1; i < argc; i++) {
        made = !strcmp(argv[i], "-o") ? argv[i + 1] : made;
        headers = !strcmp(argv[i], "-MF") ? argv[i + 1] : headers;
        target = !strcmp(argv[i], "-MT") ? argv[i + 1] : target;
        include = !*include && !strncmp(argv[i], "-I/", 3) ? argv[i] + 2 : include;
    }
    made = made ? made : argc > 2 && argv[1][0] != '-' ? argv[2] : NULL;
    if (!made || !(out = fopen(made, "w"))) {
        return !made ? 0 : 1;
    }
    for (i = 1; i < argc; i++) {
        const char *end = strrchr(argv[i], '.');

        fprintf(out, "%s\n", argv[i]);
        if (end && argv[i][0] != '-' && strcmp(argv[i], made) && strstr(".c .cc .o .oo .a .exports", end)) {
            copy(out, argv[i]);
        }
    }
    fclose(out);
    if (headers && (out = fopen(headers, "w"))) {
        for (i = 1; i < argc; i++) {
            const char *end = strrchr(argv[i], '.');

            if (end && argv[i][0] != '-' && (!strcmp(end, ".c") || !strcmp(end, ".cc"))) {
                fprintf(out, "%s: %s %s/asterisk/buildopts.h\n", target, argv[i], include);
                break;
            }
        }
        fclose(out);
    }
    return 0;
}
"""
"""A compiler, linker and archiver: the output is the command line, and a digest of each input."""


def edited(name: str) -> Callable[[Path], None]:
    """A change of the code of a file."""

    def change(top: Path) -> None:
        with (top / name).open("a") as stream:
            stream.write("\n/* changed */\n")

    return change


def chosen(name: str, *, is_on: bool) -> Callable[[Path], None]:
    """A member of the menu switched on or off."""

    def change(top: Path) -> None:
        word = "--enable" if is_on else "--disable"
        subprocess.run([top / "menuselect/menuselect", word, name, "menuselect.makeopts"], cwd=top, check=True)

    return change


def added(top: Path) -> None:
    """A new module: one that is there, under another name."""
    text = (top / "apps/app_verbose.c").read_text().replace("app_verbose", "app_copied")
    (top / "apps/app_copied.c").write_text(text)


def removed(top: Path) -> None:
    """The source of the new module is taken away; what was made of it stays."""
    (top / "apps/app_copied.c").unlink()


KINDS: dict[str, Callable[[Path], None]] = {
    "full build": lambda _top: None,
    "nothing to do": lambda _top: None,
    "a source": edited("apps/app_verbose.c"),
    "a header": edited("include/asterisk/lock.h"),
    "a module off": chosen("app_zapateller", is_on=False),
    "a module on": chosen("app_zapateller", is_on=True),
    "a new module": added,
    "a removed one": removed,
    "an option": chosen("DEBUG_FD_LEAKS", is_on=True),
}


def content(top: Path) -> dict[str, bytes]:
    """Every file of a tree but those that Asterism adds."""
    return {
        name: (top / name).read_bytes() if not (top / name).is_symlink() else os.readlink(top / name).encode()
        for name in _names(top)
    }


def _names(top: Path) -> Iterator[str]:
    for directory, below, names in os.walk(top):
        if Path(directory) == top:
            below[:] = [name for name in below if name not in OURS]
        for name in names:
            path = os.path.relpath(os.path.join(directory, name), top)
            if not name.endswith(HIDDEN) and path not in OURS:
                yield path


def asterism(*words: str | Path) -> None:
    """Run this Asterism."""
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    argv = [sys.executable, "-P", "-m", "asterism", *map(str, words)]
    subprocess.run(argv, env=environment, check=True, stdout=subprocess.DEVNULL)


def stubbed(place: Path) -> list[str]:
    """The variables for make that put the stub in place of compilers."""
    program = place / "stub"
    subprocess.run(["cc", "-o", program, "-x", "c", "-"], input=STUB.encode(), check=True)
    return [*(f"{name}={program}" for name in ("CC", "CXX", "AR")), "RANLIB=true"]


@dataclass(frozen=True, slots=True)
class Bench:
    """Two copies of a tree that take turns in one place."""

    place: Path
    variables: tuple[str, ...]
    """The variables for make."""
    jobs: int

    @property
    def here(self) -> Path:
        """Where a copy is while it is at work."""
        return self.place / "tree"

    @contextlib.contextmanager
    def turn(self, whose: str) -> Iterator[Path]:
        """The copy that one of the makes builds, in the common place."""
        copy = self.place / whose
        copy.rename(self.here)
        try:
            yield self.here
        finally:
            self.here.rename(copy)

    def make(self, whose: str, *words: str) -> tuple[float, int]:
        """Run one of the makes; the processor time that it took, in seconds, and its exit status."""
        argv = ["make", f"-j{self.jobs}", *(("-f", "Makefile") if whose == "own" else ()), *self.variables, *words]
        began = resource.getrusage(resource.RUSAGE_CHILDREN)
        with (self.place / f"{whose}.log").open("a") as log:
            status = subprocess.run(argv, cwd=self.here, stdout=log, stderr=log, check=False).returncode
        ended = resource.getrusage(resource.RUSAGE_CHILDREN)
        return ended.ru_utime + ended.ru_stime - began.ru_utime - began.ru_stime, status


def prepared(tree: Path, place: Path, variables: Sequence[str], jobs: int) -> Bench:
    """Two copies of a configured tree, one of them adopted; neither is to download sounds."""
    bench = Bench(place, tuple(variables), jobs)
    for whose in ("own", "ninja"):
        copy = place / whose
        shutil.copytree(tree, copy, symlinks=True, ignore=shutil.ignore_patterns(".git", "build"))
        (copy / "GNUmakefile").unlink(missing_ok=True)
    asterism("adopt", place / "ninja")
    for whose in ("own", "ninja"):
        with bench.turn(whose) as here:
            words = ("-f", "Makefile") if whose == "own" else ()
            # The menu is built by the real compiler.
            subprocess.run(
                ["make", "-s", *words, "menuselect.makeopts"], cwd=here, check=True, stdout=subprocess.DEVNULL
            )
            without = [f"--disable-category={name}" for name in DOWNLOADED]
            subprocess.run(["menuselect/menuselect", *without, "menuselect.makeopts"], cwd=here, check=True)
    return bench


def measure(bench: Bench, kinds: Sequence[str]) -> Iterator[str]:
    """A row for each kind of change."""
    for kind in kinds:
        seconds, made = {}, {}
        for whose in ("own", "ninja"):
            with bench.turn(whose) as here:
                KINDS[kind](here)
                seconds[whose], status = bench.make(whose)
                made[whose] = content(here)
            if status:
                yield f"{kind}: {whose} make ends with {status}; see {bench.place / f'{whose}.log'}"
        yield row(kind, seconds, made["own"], made["ninja"])


def install(bench: Bench) -> Iterator[str]:
    """The row of ``make install``."""
    seconds, made = {}, {}
    for whose in ("own", "ninja"):
        root = bench.place / "root"
        with bench.turn(whose):
            seconds[whose], status = bench.make(whose, "install", f"DESTDIR={root}")
        if status:
            yield f"install: {whose} make ends with {status}; see {bench.place / f'{whose}.log'}"
        made[whose] = content(root)
        shutil.rmtree(root, ignore_errors=True)
    yield row("install", seconds, made["own"], made["ninja"])


def in_turn(bench: Bench) -> Iterator[str]:
    """What each of the makes builds again in a tree that the other has built; nothing is right."""
    for first, second in (("ninja", "own"), ("own", "ninja")):
        with bench.turn(first) as here:
            if second == "ninja":
                asterism("adopt", here)
            before = ages(here)
            seconds, status = bench.make(second)
            again = sorted(name for name, age in ages(here).items() if age != before.get(name) and name not in DATED)
        shown = f"{len(again)}: {' '.join(again[:6])}" if again else "nothing"
        yield f"{second} after {first}: {seconds:.1f} s, status {status}, built again: {shown}"


def ages(top: Path) -> dict[str, int]:
    """When each compiled or linked file of a tree was written."""
    return {name: os.stat(top / name).st_mtime_ns for name in _names(top) if name.endswith(COMPILED)}


def row(kind: str, seconds: dict[str, float], own: dict[str, bytes], ninja: dict[str, bytes]) -> str:
    """Times and differences of a kind of change."""
    other = sorted(name for name in own.keys() | ninja.keys() if own.get(name) != ninja.get(name))
    different = [name for name in other if name not in DATED]
    shown = f"{len(different)}: {' '.join(different[:6])}" if different else "none"
    return f"| {kind} | {seconds['own']:.1f} s | {seconds['ninja']:.1f} s | {len(own)} | {shown} |"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tree", type=Path)
    parser.add_argument("--stub", action="store_true", help="compile with a stub")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a variable for both makes")
    parser.add_argument("--only", nargs="*", choices=list(KINDS), default=list(KINDS), help="the kinds of change")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="how many compilers at once (default: cores)")
    parser.add_argument("--place", type=Path, help="where the copies go (default: a temporary directory)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        place = options.place or Path(temporary)
        place.mkdir(parents=True, exist_ok=True)
        variables = [*(stubbed(place) if options.stub else []), *options.set]
        print("| | own make | by ninja | files | different |\n| --- | --- | --- | --- | --- |")
        bench = prepared(options.tree, place, variables, options.jobs)
        for line in itertools.chain(measure(bench, options.only), install(bench), in_turn(bench)):
            print(line, flush=True)


if __name__ == "__main__":
    main()
