"""Compile the core of an installation by pip from the sources in the package."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from asterism import __version__, files
from asterism.tree import Kind, Tree
from buildsys.compile.following import Reporter
from buildsys.compile.ninja_run import build
from buildsys.on_demand import core_files
from buildsys.on_demand.core_files import CompiledCore
from buildsys.on_demand.core_key import PACKAGES
from buildsys.planning import plan_inputs
from buildsys.settled import build_record, configure_line, toolchain
from buildsys.settled import configuration as settled
from buildsys.settled.configuration import Configuration
from buildsys.settled.library_probes import load_table
from buildsys.verbs import configure


def make(
    place: Path, scratch: Path, environ: Mapping[str, str] = os.environ, arguments: Sequence[str] = ()
) -> CompiledCore:
    """Compile a core.

    Args:
        place: the directory for the core, which is created.
        scratch: an empty directory to build in.
        environ: the environment variables with CC, CFLAGS and the like.
        arguments: further options of configure, such as ``--host``.

    Raises:
        AsterismError: no compiler is found, a source does not compile, or a file cannot be written.
    """
    began, tree = time.monotonic(), Tree(scratch, Kind.SOURCES)
    lay_out(scratch)
    about = _configure(tree, environ, arguments)
    _say(f"building the core of Asterism {__version__} with {about}; this is done once")
    build(tree, Reporter(sys.stderr, quiet=not sys.stderr.isatty()))
    built = build_record.load(tree)
    entries = core_files.collect(scratch, built.products, place)
    core = CompiledCore(place, __version__, built.options, compiler_of(settled.load(tree)), about, entries)
    core_files.save(core)
    _say(f"the core is built ({time.monotonic() - began:.0f} s)")
    return core


def _say(text: str) -> None:
    print(f"asterism: {text}", file=sys.stderr, flush=True)


def lay_out(scratch: Path) -> None:
    """Write a source tree from the files of the package; the runtime is linked, the rest copied."""
    with files.told(scratch, "write"):
        shutil.copytree(PACKAGES / "asterism/sources", scratch, dirs_exist_ok=True)
        (scratch / "runtime").symlink_to(PACKAGES / "runtime")


def _configure(tree: Tree, environ: Mapping[str, str], arguments: Sequence[str]) -> str:
    """Configure the source tree, and return the compiler's version line.

    Only the libraries that the sample modules name are searched for.
    """
    wanted = configure.wanted_by(plan_inputs.menu_of(tree))
    table = {name: probe for name, probe in load_table().items() if name in wanted}
    request = configure_line.parse(arguments, sorted(table), environ)
    outcome = configure.examine(request, table, toolchain.run)
    configure.write(outcome, tree)
    configure.prepare(tree, dev_mode=False, entered=False)
    return outcome.compilers["c"].version


def compiler_of(configuration: Configuration) -> dict[str, tuple[str, ...]]:
    """The compiler settings of a configuration, in the form of tree.json."""
    return {
        "cc": configuration.cc,
        "cxx": configuration.cxx,
        "cppflags": configuration.cppflags,
        "cflags": configuration.cflags,
        "ldflags": configuration.ldflags,
        "launcher": configuration.launcher,
    }
