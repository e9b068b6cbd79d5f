"""``asterism build --target DIR``: build modules for a real Asterisk, with its headers, flags and AST_BUILDOPT_SUM.

DIR is a configured source tree, whose ``makeopts`` has the compiler flags, or the directory of the installed headers
(``/usr/include``), or its parent (``/usr``). The headers lay out the record that a module registers, so one source
serves Asterisk 13 and all later versions.
"""

from __future__ import annotations

import functools
import os
import re
import shlex
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

from asterism import files
from asterism.branches import header_branch
from asterism.errors import AsterismError, Fault, Place
from asterism.modulefile import reader
from asterism.tree import BUILD, MAKEOPTS, Kind, Tree
from asterism.values import dataclass, field, replace
from buildsys.compile.following import Reporter
from buildsys.compile.judging import Judge, Judged, LoadCheck, unloadable
from buildsys.compile.ninja_run import carry_out, focused, from_the_future, launched, only, sentence, write_plan
from buildsys.compile.symbol_check import Providers, exports_of
from buildsys.planning import module_directory, plan_inputs
from buildsys.planning.plan import Module, Plan, make_plan
from buildsys.planning.plan_inputs import Inputs
from buildsys.settled.configuration import Configuration, Flags
from buildsys.settled.toolchain import NO_COMPILER, find_compiler, run, words
from menuselect.sources import moduleinfo, recognition

PLACE = f"{BUILD}/target"
SUM = re.compile(r'^\s*#\s*define\s+AST_BUILDOPT_SUM\s+"([0-9a-f]{32})"', re.MULTILINE)
OPTION = re.compile(r"^\s*#\s*define\s+(\w+)\s+1\s*$", re.MULTILINE)
GONE = ("ASTERISK_FILE_VERSION", "ASTERISK_REGISTER_FILE")
"""Macros that began every source in older versions and that newer headers lack; they expand to nothing there."""

_TESTS = "TEST_FRAMEWORK"

_LINE = re.compile(r"^(?P<name>\w+)\s*[:+]?=\s*(?P<value>.*)$")
_DEEPEST = 50
"""The longest chain of variables that refer to each other."""
_LONGEST = 100_000
"""The most characters of a value; a variable that refers to another one twice doubles its length."""
_WORD = re.compile(r"[A-Za-z_]\w*")
_REFERENCE = re.compile(r"\$[({](\w+)[)}]")
_LIBRARY = re.compile(r"(?P<name>[A-Z0-9_]+)_(?P<kind>INCLUDE|LIB)")


@dataclass(frozen=True, slots=True)
class Binaries:
    """The compiled files of an Asterisk, whose symbols modules may use: its programs and modules."""

    programs: tuple[Path, ...] = ()
    modules: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class AsteriskTarget:
    """An Asterisk to build for."""

    directory: str
    """The directory as the user named it."""
    headers: Path
    """The directory that holds ``asterisk.h`` and ``asterisk/``."""
    sum: str
    """The AST_BUILDOPT_SUM of the Asterisk, which a module has to register."""
    options: tuple[str, ...]
    """The options that its buildopts.h defines."""
    layout: str
    """The version of the module record that its headers lay out: ``13``, or ``14 and later``."""
    variables: Mapping[str, str] = field(default_factory=dict)
    """The variables of its makeopts; empty when only the headers are available."""
    binaries: Binaries = Binaries()
    """The program and the modules of the Asterisk, found by :func:`buildsys.targets.installed_asterisk.read`."""

    @property
    def place(self) -> str:
        """The output directory of builds for this target; two targets never share one."""
        name = re.sub(r"[^A-Za-z0-9.]+", "-", os.path.abspath(self.directory)).strip("-")
        return f"{PLACE}/{name or 'root'}"

    def words(self, name: str) -> tuple[str, ...]:
        """A makeopts variable of the target, split into words."""
        return words(self.variables.get(name, ""), f"{name} in its makeopts")


# ---- reading a target ---------------------------------------------------------------------------


def read(directory: str) -> AsteriskTarget:
    """Read the configuration of an Asterisk source tree or installation.

    Raises:
        AsterismError: the directory has no headers of Asterisk, or the tree is not configured.
    """
    top = Path(directory)
    headers = next((path for path in (top, top / "include") if (path / "asterisk.h").is_file()), None)
    if headers is None:
        cure = "name a configured source tree, or the directory that holds asterisk.h, such as /usr/include"
        raise AsterismError(Fault("there are no headers of Asterisk here", Place(directory), "", cure, "no-target"))
    if header_branch.is_ours(headers):
        cure = "without --target, 'asterism build' builds for Asterism"
        raise AsterismError(Fault("these are the headers of Asterism", Place(str(headers)), "", cure, "no-target"))
    options = headers / "asterisk/buildopts.h"
    if not options.is_file():
        cure = f"run './configure && make include/asterisk/buildopts.h' in {directory}; modules must carry its sum"
        raise AsterismError(Fault("this Asterisk is not configured", Place(str(options)), "", cure, "no-target"))
    text = files.read_text(options)
    total = SUM.search(text)
    if total is None:
        raise AsterismError(
            Fault("AST_BUILDOPT_SUM is not defined", Place(str(options)), "", "configure it again", "no-target")
        )
    module_h = headers / "asterisk/module.h"
    layout = "14 and later" if "optional_modules" in files.read_text(module_h) else "13"
    makeopts = top / MAKEOPTS
    variables = read_makeopts(files.read_text(makeopts)) if makeopts.is_file() else {}
    return AsteriskTarget(directory, headers, total[1], tuple(OPTION.findall(text)), layout, variables)


def read_makeopts(text: str) -> dict[str, str]:
    """The variables of Asterisk's makeopts with references expanded; values that call make functions are left out."""
    raw = {match["name"]: match["value"].strip() for match in map(_LINE.match, text.splitlines()) if match}

    known: dict[str, str] = {}

    def filled(name: str, depth: int = 0) -> str:
        if name not in known:
            known[name] = ""  # a variable that refers to itself is empty
            inner = raw.get(name, "") if depth < _DEEPEST else ""
            known[name] = _REFERENCE.sub(lambda match: filled(match[1], depth + 1), inner)[:_LONGEST]
        return known[name]

    return {name: filled(name) for name, value in raw.items() if "$(shell" not in value and "$(or" not in value}


def libraries(variables: Mapping[str, str]) -> dict[str, Flags]:
    """The compiler and linker flags of every library that the configure of Asterisk has found."""
    found: dict[str, Flags] = {}
    for name, value in variables.items():
        match = _LIBRARY.fullmatch(name)
        if match and value:
            kind = "include" if match["kind"] == "INCLUDE" else "lib"
            found[match["name"]] = replace(found.get(match["name"], Flags()), **{kind: words(value, name)})
    return found


# ---- building for it ----------------------------------------------------------------------------


def configuration(target: AsteriskTarget) -> Configuration:
    """The build configuration for a target: its compilers, flags and libraries.

    Raises:
        AsterismError: no compiler is found.
    """
    compilers = {
        language: find_compiler(run, language, shlex.join(target.words(name)))
        for language, name in (("c", "CC"), ("c++", "CXX"))
    }
    compiler, plusplus = compilers["c"], compilers["c++"]
    if compiler is None:
        raise AsterismError(NO_COMPILER)
    return Configuration(
        cc=compiler.command,
        cxx=plusplus.command if plusplus else (),
        cppflags=(*_gone(target.headers), *target.words("CONFIG_CFLAGS")),
        cflags=target.words("PTHREAD_CFLAGS"),
        ldflags=(*target.words("CONFIG_LDFLAGS"), *target.words("AST_CLANG_BLOCKS_LIBS")),
        warnings=module_directory.WARNINGS,
        libraries=libraries(target.variables),
        headers=str(target.headers.resolve()),
    )


def _gone(headers: Path) -> tuple[str, ...]:
    """Macro definitions that let sources of an older Asterisk compile with newer headers."""
    text = files.read_text(headers / "asterisk.h")
    return tuple(f"-D{name}(...)=" for name in GONE if name not in text)


def check_kind(tree: Tree) -> None:
    """Refuse a directory without modules before anything is written there.  Raises AsterismError."""
    if tree.kind not in (Kind.MODULES, Kind.SOURCES):
        raise AsterismError(recognition.no_modules(tree, "'asterism new NAME' writes a module"))


def gather(tree: Tree, target: AsteriskTarget, named: Collection[str] = ()) -> Inputs:
    """The build inputs for a target: the modules of a directory, or the selected ones of a source tree.

    Args:
        tree: the directory.
        target: the Asterisk.
        named: modules of a directory to include although they are switched off.

    Raises:
        AsterismError: the directory has no modules, or their MODULEINFO blocks have faults.
    """
    check_kind(tree)
    settled = configuration(target)
    is_own = tree.kind is Kind.MODULES
    found = module_directory.gather_for(tree, settled, named) if is_own else plan_inputs.gather(tree)
    reasons = {module: _unfit(tree, module, target) for module in found.modules}
    fit = tuple(module for module, why in reasons.items() if not why)
    left = [
        Fault("the module is left out", Place(module.sources[0]), why, severity="warning", code="left-out")
        for module, why in reasons.items()
        if why
    ]
    ours = replace(settled, libraries={**found.configuration.libraries, **settled.libraries})
    return replace(
        found,
        configuration=ours,
        modules=fit,
        options=target.options,
        core=None,
        watched=(),
        faults=(*found.faults, *left),
        owns_headers=False,
        place=target.place,
    )


def _unfit(tree: Tree, module: Module, target: AsteriskTarget) -> str:
    """The reason why a module cannot be built for a target; empty when it can."""
    if module.is_python:
        return "Asterisk loads shared objects only"
    source = moduleinfo.read(files.read_text(tree / module.sources[0]), module.sources[0])
    named = {reference.name for block in source.blocks for reference in block.references()}
    if _TESTS in named and _TESTS not in target.options:
        return f"it needs {_TESTS}, without which that Asterisk was built"
    return ""


@dataclass(frozen=True, slots=True)
class MadeForTarget:
    """The result of a build for an Asterisk."""

    sentence: str
    """The sentence that says what was done."""
    modules: Mapping[str, Path]
    """The files of the built modules, by module name."""


def make(
    tree: Tree, target: AsteriskTarget, reporter: Reporter, wanted: str | None = None, names: Collection[str] = ()
) -> MadeForTarget:
    """Build modules for an Asterisk, and check whether it could load them.

    Args:
        tree: the directory of the modules.
        target: the Asterisk.
        reporter: shows the progress.
        wanted: the compiler launcher; None takes the environment's or the configuration's.
        names: the modules to build; all when empty.

    Raises:
        AsterismError: with a fault for every module that could not be built.
    """
    check_kind(tree)
    with files.locked(tree.lock, wait=False):
        made = launched(gather(tree, target, names), wanted)
        whole = make_plan(made.configuration, made.modules, made.options, None, made.place)
        write_plan(tree, whole)
        plan = only(whole, made, names)
        began = time.monotonic()
        sources = [source for module in plan.modules for source in module.sources]
        warnings = from_the_future(tree, sources, time.time_ns())
        check = LoadCheck.begun(tree, whole, judge_of(tree, made, target, whole))
        done = carry_out(tree, plan, focused(made, names), reporter, check, warnings)
        done.check()
        ended = done.ended
    said = sentence(plan, ended, time.monotonic() - began)
    said += f"\n{plan.place}/modules is for the Asterisk in {target.directory}: sum {target.sum}"
    products = {module.name: tree / plan.product_of(module) for module in plan.modules}
    return MadeForTarget(f"{said}, record of {target.layout}", products)


def judge_of(tree: Tree, inputs: Inputs, target: AsteriskTarget, plan: Plan) -> Judge:
    """The judge of modules for an Asterisk: each has to register a name and the right sum, and to lack no symbol."""

    def judge(made: Mapping[Module, Path]) -> Judged:
        read = {module: _registered(file) for module, file in made.items()}
        refused = [(module, fault) for module, said in read.items() for fault in _refused(said, module, target)]
        return [*refused, *(unloadable(tree, inputs, plan, made, providers(target, tree, plan)) if made else [])]

    return judge


def providers(target: AsteriskTarget, tree: Tree, plan: Plan) -> Providers:
    """The symbols that a target provides: its program, its modules, its headers and the modules of the plan."""
    modules = (*(tree / product for product in plan.products), *target.binaries.modules)
    core = frozenset[str]().union(*map(exports_of, target.binaries.programs))
    return Providers(core, modules, functools.partial(declared_in, target.headers / "asterisk"))


def declared_in(headers: Path, names: Iterable[str]) -> set[str]:
    """The names, of those given, that occur in the headers of a directory."""
    wanted = set(names)
    found: set[str] = set()
    for path in headers.rglob("*.h"):
        found |= wanted & set(_WORD.findall(files.read_text(path)))
    return found


def _registered(path: Path) -> tuple[str, str]:
    """The name and the sum that a module registers; both are empty when the file registers no module."""
    try:
        found = reader.read(path)
    except AsterismError:
        return "", ""
    return found.name, found.sum


def _refused(found: tuple[str, str], module: Module, target: AsteriskTarget) -> Iterator[Fault]:
    place = Place(module.sources[0])
    name, total = found
    if not name:
        cure = "close it with AST_MODULE_INFO(...)"
        yield Fault(
            "Asterisk would refuse the module", place, f"the source registers no module {module.name}", cure, "refused"
        )
    elif total and total != target.sum:  # Asterisk does not compare an empty sum (main/loader.c, inspect_module)
        why = f"the module has the build sum {total}, and {target.sum} is demanded"
        cure = "include asterisk/module.h of that Asterisk before anything else that defines AST_BUILDOPT_SUM"
        yield Fault("Asterisk would refuse the module", place, why, cure, "refused")
