"""A build of modules that is only for tests: with unit tests compiled in, counted, or with sanitizers.

It lies in ``build/test/VARIANT``, so that the build for use stays as it is and each is brought up to date by itself.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from asterism import files
from asterism.errors import AsterismError, Fault
from asterism.names import did_you_mean
from asterism.tree import BUILD, Tree
from asterism.values import dataclass, replace
from buildsys.compile.ninja_process import Reporter
from buildsys.compile.ninja_run import CarriedOut, carry_out, gather_tree, launched, write_plan
from buildsys.planning.plan import make_plan
from buildsys.planning.plan_inputs import Inputs
from buildsys.settled import sanitizers, toolchain
from buildsys.settled.tree_facts import Facts

PLACE = f"{BUILD}/test"
FRAMEWORK = "TEST_FRAMEWORK"


@dataclass(frozen=True, slots=True)
class Variant:
    """How a build differs from the one for use."""

    framework: bool = False
    """Unit tests are compiled in, although the tree does without."""
    coverage: bool = False
    sanitize: tuple[str, ...] = ()
    preload: tuple[str, ...] = ()
    """Libraries that have to be in the process first."""
    link: tuple[str, ...] = ()
    """What sanitizers want of the linker."""

    @property
    def name(self) -> str:
        """Of its directory; empty for the build for use."""
        parts = ["coverage"] if self.coverage else []
        return "-".join([*parts, *self.sanitize]) or ("unit" if self.framework else "")

    @property
    def environment(self) -> dict[str, str]:
        """What a program has to see that loads such modules."""
        if not self.sanitize:
            return {}
        # What Python itself keeps until the end would drown what a module leaks.
        usual = {
            "ASAN_OPTIONS": "detect_leaks=0:abort_on_error=1",
            "UBSAN_OPTIONS": "print_stacktrace=1",
            "TSAN_OPTIONS": "ignore_noninstrumented_modules=1",
        }
        given = {name: f"{text}:{os.environ.get(name, '')}".rstrip(":") for name, text in usual.items()}
        return given | ({"LD_PRELOAD": ":".join(self.preload)} if self.preload else {})

    def applied(self, inputs: Inputs) -> Inputs:
        """What is built, with the flags of this variant."""
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
    """The build that is asked for.

    Raises:
        AsterismError: there is no such sanitizer, or the compiler has it not.
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


def make(tree: Tree, chosen: Variant, names: Sequence[str]) -> tuple[Path, CarriedOut]:
    """Build a variant of modules: the directory where it lies, and what came of the build.

    Raises:
        AsterismError: nothing can be built.
    """
    place = f"{PLACE}/{chosen.name}"
    with files.locked(tree.lock, wait=False):
        inputs = launched(gather_tree(tree), None)
        wanted = tuple(module for module in inputs.modules if module.name in names)
        inputs = replace(chosen.applied(inputs), modules=wanted, core=None)
        plan = make_plan(inputs.configuration, wanted, inputs.options, None, place)
        write_plan(tree, plan)
        return tree / place, carry_out(tree, plan, inputs, Reporter(sys.stdout, quiet=True))


def forget_counts(place: Path) -> None:
    """Let go what an earlier run has counted."""
    for profile in place.rglob("*.gcda"):
        profile.unlink(missing_ok=True)
