"""Parts that the tree's own make builds, the variables it is given, and trees that cannot be built at all."""

from __future__ import annotations

import hashlib
import os
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence

from asterism import files
from asterism.errors import AsterismError, Fault, Place
from asterism.tree import BUILD, MAKEOPTS, MENU, Tree
from asterism.values import replace
from asterism.words import counted
from buildsys.adopted import questions, upkeep
from buildsys.adopted.edges import Edge, Graph
from buildsys.adopted.questions import THIRD_PARTY, Make
from buildsys.compile.following import Reporter
from buildsys.settled.toolchain import which

_MACHINE = re.compile(r"^BUILD_CPU\s*=\s*(\S+)\s*$", re.MULTILINE)
_COMPILER = re.compile(r"^CC\s*=\s*(\S+)", re.MULTILINE)
_SET = re.compile(r"^ *(?:override\s+|export\s+)?([A-Za-z_]\w*)\s*(?::{1,3})?=", re.MULTILINE)
_USED = re.compile(r"\$[({]([A-Z_][A-Z0-9_]+)[)}]")
_OF_THE_SYSTEM = frozenset(
    (
        "CURDIR",
        "HOME",
        "INSIDE_EMACS",
        "MAKE",
        "MAKECMDGOALS",
        "MAKEFILE_LIST",
        "MAKEFLAGS",
        "PATH",
        "PWD",
        "SHELL",
        "TERM",
        "USER",
    )
)
_NO_PROGRAM = re.compile(r"(?:^|[;&(]\s*): -")
"""configure writes a colon in place of a program that it does not find."""
_GIT = (".git/HEAD", ".git/logs/HEAD", ".git/packed-refs", ".git/refs/tags")
_MOST_HEADERS = (".h", ".c", ".cc", ".y", ".fl", ".flex")


# ---- trees that cannot be built --------------------------------------------------------------------------


def check(tree: Tree) -> None:
    """Check whether a tree can be built.

    Raises:
        AsterismError: the tree is not configured, is configured for another machine, or its compiler no longer exists.
    """
    place = Place(str(tree))
    if not tree.is_configured:
        raise AsterismError(
            Fault(
                "this source tree of Asterisk is not configured", place, "", "run ./configure there", "not-configured"
            )
        )
    settled = files.read_text(tree.makeopts)
    here, built = os.uname().machine, _MACHINE.search(settled)
    if built and _family(built[1]) != _family(here):
        why = f"its makeopts are of a machine of type {built[1]}, and this one is of type {here}"
        cure = "run 'make distclean' and ./configure there"
        raise AsterismError(Fault("the tree was configured on another machine", place, why, cure, "other-machine"))
    compiler = _COMPILER.search(settled)
    if compiler and which(compiler[1]) is None:
        why, cure = "configure found it, but it is not there now", "install it again, or run ./configure there"
        raise AsterismError(Fault(f"the compiler '{compiler[1]}' is missing", place, why, cure, "no-compiler"))
    if _is_older(tree, MAKEOPTS, "configure"):
        cure = "run ./configure there, or 'touch makeopts' when nothing in it has changed"
        raise AsterismError(Fault("configure is newer than what it has settled", place, "", cure, "stale-makeopts"))


def check_programs(graph: Graph) -> None:
    """Check whether the programs that generate sources exist.

    Raises:
        AsterismError: a generated source is missing, and configure has not found the program that generates it.
    """
    faults = [_no_program(edge) for edge in graph.edges if any(map(_lacks_program, edge.commands))]
    if faults:
        raise AsterismError(*faults)


def _lacks_program(command: str) -> bool:
    # A thousand commands, of which hardly one has these characters at all.
    return ": -" in command and bool(_NO_PROGRAM.search(command))


def _no_program(edge: Edge) -> Fault:
    what = "the file has to be made by a program that configure did not find"
    cure = "install that program (bison, flex), run ./configure, or take the file back from git"
    return Fault(what, Place(edge.outputs[0]), f"'{edge.commands[-1]}'", cure, "no-program")


def _family(machine: str) -> str:
    return "x86" if re.fullmatch(r"i\d86", machine) else machine


def _is_older(tree: Tree, name: str, than: str) -> bool:
    try:
        return os.stat(tree / name).st_mtime_ns < os.stat(tree / than).st_mtime_ns
    except OSError:
        return False


# ---- what the commands depend on ---------------------------------------------------------------------


def given(tree: Tree, make: Make) -> str:
    """The variables that the commands of a tree may depend on, with their values."""
    values = [f"{name}={os.environ[name]}" for name in environment_names(tree) if name in os.environ]
    return "\n".join([make.program, make.overrides, *values])


def environment_names(tree: Tree) -> list[str]:
    """The variables that the Makefiles of a tree take from the environment, since none of them sets these."""
    names = ("Makefile", "Makefile.rules", "Makefile.moddir_rules", MAKEOPTS)
    text = "\n".join(files.read_text(tree / name) for name in names if (tree / name).is_file())
    return sorted(set(_USED.findall(text)) - set(_SET.findall(text)) - _OF_THE_SYSTEM)


def watched(tree: Tree) -> Iterator[str]:
    """Files, besides the sources of the selected modules, whose change may cause a build."""
    yield from _GIT
    yield from upkeep.menu_sources(tree)
    yield from upkeep.documented(tree)
    yield from (".lastclean", MENU, upkeep.PROGRAM)


# ---- bundled libraries -----------------------------------------------------------------------------------

_BUNDLED = f"{BUILD}/make/third-party.key"


def build_bundled(tree: Tree, make: Make, reporter: Reporter) -> None:
    """Have the tree's own make build the bundled libraries when their inputs have changed.

    Raises:
        AsterismError: the tree's own make fails.
    """
    names = upkeep.bundled(tree)
    if not names:
        return
    key = _bundled_key(tree)
    kept = files.read_text(tree / _BUNDLED) if (tree / _BUNDLED).is_file() else ""
    before, _, products = kept.partition("\n")
    if before == key and products and all((tree / name).is_file() for name in products.split()):
        return
    reporter.lines([f"{THIRD_PARTY}: {', '.join(sorted(name.lower() for name in names))}, built by its own make"])
    done = questions.own(tree, make, [THIRD_PARTY])
    files.write(tree / f"{BUILD}/log/{THIRD_PARTY}.log", done.stdout + done.stderr)
    questions.check(done, tree, "the bundled libraries cannot be built")
    made = sorted(_below(tree, THIRD_PARTY, (".a", ".symbols", "build.mak")))
    # Of the files as they are now: the library has installed its headers.
    files.write(tree / _BUNDLED, "\n".join([_bundled_key(tree), *made]) + "\n")


def _bundled_key(tree: Tree) -> str:
    """A digest of the inputs of the bundled libraries: their Makefiles, patches and the results of configure."""
    names = [path for path in _below(tree, THIRD_PARTY, _OF_BUNDLED) if "/source/" not in path]
    whole = b"\0".join(files.read_bytes(tree / name) for name in [MAKEOPTS, *sorted(names)])
    return hashlib.sha256(whole).hexdigest()


_OF_BUNDLED = ("Makefile", "Makefile.rules", "configure.m4", ".patch", ".md5", ".mak.in", "versions.mak", ".h")


def _below(tree: Tree, name: str, suffixes: Sequence[str]) -> Iterator[str]:
    for directory, _, names in os.walk(tree / name):
        below = os.path.relpath(directory, tree)
        yield from (f"{below}/{each}" for each in names if each.endswith(tuple(suffixes)))


# ---- directories that the tree's own make builds -----------------------------------------------------------


def with_own_makes(tree: Tree, make: Make, made: Graph, refused: Mapping[str, str]) -> Graph:
    """The steps of a tree, with a run of the tree's own make for each directory whose recipes are not understood."""
    tangled = {**made.tangled, **refused}
    steps = [_own_make(tree, make, name) for name in sorted(tangled)]
    return replace(made, edges=(*made.edges, *steps), tangled=tangled)


def _own_make(tree: Tree, make: Make, name: str) -> Edge:
    words, environment = questions.directory_environment(tree, name)
    settings = [f"{key}={value}" for key, value in sorted(environment.items()) if key in _FLAGS]
    command = ["env", *settings, make.program, "--no-print-directory", *words]
    stamp = f"{BUILD}/once/{name}"
    mark = shlex.join(["touch", f"{tree.top}/{stamp}"])
    sources = sorted({*_below(tree, name, _MOST_HEADERS), *_below(tree, "include", (".h",))})
    commands = (shlex.join(command), mark)
    return Edge("generate", (stamp,), tuple(sources), ".", commands, unit=name, place=f"{name}/Makefile")


_FLAGS = ("_ASTCFLAGS", "ASTCFLAGS", "_ASTLDFLAGS", "ASTLDFLAGS")


def told(tangled: Mapping[str, str]) -> list[str]:
    """The sentence about directories that the tree's own make builds."""
    if not tangled:
        return []
    first = f"{counted(len(tangled), 'directory', 'directories')} of the tree will be built by the tree's own make:"
    return [first, *(f"    {name}: {why}" for name, why in sorted(tangled.items()))]
