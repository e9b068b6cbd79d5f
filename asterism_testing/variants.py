"""Builds of modules for tests only: with unit tests, with coverage counters, or with sanitizers.

A variant is built in ``build/test/VARIANT``. So the normal build stays unchanged, and each variant is brought up to
date separately.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TextIO

from asterism import files
from asterism.errors import AsterismError, Fault
from asterism.names import did_you_mean
from asterism.tree import BUILD, Tree
from asterism.values import dataclass, replace
from buildsys.compile.following import Reporter
from buildsys.compile.judging import LoadCheck, approve
from buildsys.compile.ninja_run import CarriedOut, carry_out, gather_tree, launched, write_plan
from buildsys.planning.plan import make_plan
from buildsys.planning.plan_inputs import Inputs
from buildsys.settled import sanitizers, toolchain
from buildsys.settled.tree_facts import Facts

PLACE = f"{BUILD}/test"
FRAMEWORK = "TEST_FRAMEWORK"


@dataclass(frozen=True, slots=True)
class Variant:
    """The differences of a build from the normal one."""

    framework: bool = False
    """Whether unit tests are compiled in although the tree is built without them."""
    coverage: bool = False
    sanitize: tuple[str, ...] = ()
    preload: tuple[str, ...] = ()
    """The sanitizer libraries that the process has to load first."""
    link: tuple[str, ...] = ()
    """The linker flags for sanitizers."""

    @property
    def name(self) -> str:
        """The name of the directory; empty for the normal build."""
        parts = ["coverage"] if self.coverage else []
        return "-".join([*parts, *self.sanitize]) or ("unit" if self.framework else "")

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables of a program that loads modules of this variant."""
        if not self.sanitize:
            return {}
        # Memory that Python itself keeps until its end would hide the leaks of a module.
        usual = {
            "ASAN_OPTIONS": "detect_leaks=0:abort_on_error=1",
            "UBSAN_OPTIONS": "print_stacktrace=1",
            "TSAN_OPTIONS": "ignore_noninstrumented_modules=1",
        }
        given = {name: f"{text}:{os.environ.get(name, '')}".rstrip(":") for name, text in usual.items()}
        return given | ({"LD_PRELOAD": ":".join(self.preload)} if self.preload else {})

    def applied(self, inputs: Inputs) -> Inputs:
        """The build inputs with the flags of this variant."""
        compiled = [f"-D{FRAMEWORK}=1"] if self.framework else []
        compiled += ["-O0", "--coverage"] if self.coverage else []
        compiled += [*sanitizers.flag(self.sanitize), "-fno-omit-frame-pointer"] if self.sanitize else []
        linked = [*sanitizers.flag(self.sanitize), *self.link, *(["--coverage"] if self.coverage else [])]
        settled = inputs.configuration
        changed = replace(
            settled,
            cflags=(*settled.cflags, *compiled),
            cxxflags=(*settled.cxxflags, *compiled),
            ldflags=(*settled.ldflags, *linked),
            origin="" if self.coverage else settled.origin,
        )
        return replace(inputs, configuration=changed)


def variant(base: Facts, sources: Iterable[Path], *, coverage: bool, sanitize: Sequence[str]) -> Variant:
    """The variant for the options of ``asterism test``.

    Raises:
        AsterismError: a sanitizer is unknown, or the compiler does not support it.
    """
    brings_tests = any(b"AST_TEST_DEFINE" in files.read_bytes(path) for path in sources)
    framework = FRAMEWORK not in base.options and brings_tests
    if not sanitize:
        return Variant(framework, coverage)
    unknown = [name for name in sanitize if name not in sanitizers.OPTIONS]
    if unknown:
        cure = did_you_mean(unknown[0], sanitizers.OPTIONS) or f"there are {', '.join(sanitizers.OPTIONS)}"
        raise AsterismError(Fault(f"unknown sanitizer '{unknown[0]}'", cure=cure, code="bad-option"), status=2)
    compiler = toolchain.find_compiler(toolchain.run, "c", " ".join(base.cc))
    if compiler is None:
        raise AsterismError(Fault(f"the compiler '{base.cc[0]}' is missing", code="no-compiler"))
    with tempfile.TemporaryDirectory(prefix="asterism-test-") as scratch:
        sanitizers.check(toolchain.run, compiler, sanitize, f"{scratch}/sanitized")
    preload = sanitizers.preload(toolchain.run, compiler, sanitize)
    return Variant(framework, coverage, tuple(sanitize), preload, sanitizers.link_flags(compiler, sanitize))


def make(tree: Tree, chosen: Variant, names: Sequence[str], out: TextIO) -> tuple[Path, CarriedOut]:
    """Build a variant of modules; returns its directory and the result of the build.

    Raises:
        AsterismError: nothing can be built.
    """
    place = f"{PLACE}/{chosen.name}"
    with files.locked(tree.lock, wait=False):
        inputs = launched(gather_tree(tree, names), None)
        wanted = tuple(module for module in inputs.modules if module.name in names)
        inputs = replace(chosen.applied(inputs), modules=wanted, core=None)
        plan = make_plan(inputs.configuration, wanted, inputs.options, None, place)
        write_plan(tree, plan)
        check = LoadCheck.begun(tree, plan, approve)
        return tree / place, carry_out(tree, plan, inputs, Reporter(out, quiet=True), check)


def forget_counts(place: Path) -> None:
    """Remove the coverage counters of earlier runs."""
    for profile in place.rglob("*.gcda"):
        profile.unlink(missing_ok=True)
