"""Turn a selection into the steps of a build: a pure function from values to values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from asterism.errors import Collector, Fault, Place
from asterism.names import as_identifier, is_module_name
from asterism.tree import BUILD
from asterism.values import TYPE_CHECKING, dataclass, replace
from buildsys.settled import sanitizers
from buildsys.settled.configuration import Configuration, Flags

if TYPE_CHECKING:
    from typing import Literal

    Kind = Literal["generate", "header", "cc", "cxx", "link", "copy"]

MODULES, OBJECTS, GENERATED, NATIVE = (f"{BUILD}/{name}" for name in ("modules", "obj", "generated", "native"))
LIBRARY = f"{NATIVE}/libasterism.so"
CORE = "libasterism"
"""The unit name of the runtime's C library; it precedes the modules in every report."""

PRECOMPILED = "precompiled.h"
"""The generated header with the declarations of all sources of the core, which is compiled in advance."""

LANGUAGES: Mapping[str, Kind] = {".c": "cc", ".cc": "cxx", ".cpp": "cxx", ".cxx": "cxx"}
"""The kind of step that compiles a source, by its suffix; Python modules are not compiled."""

PYTHON = ".py"


@dataclass(frozen=True, slots=True)
class Module:
    """A selected module and the files and flags it is built from."""

    name: str
    sources: tuple[str, ...]
    """The source files; the first one gives the module its name."""
    libraries: tuple[str, ...] = ()
    """The external dependencies whose flags the module needs, by their names in capitals."""
    defines: tuple[str, ...] = ()
    """The selected options of the module's own MAKEOPTS block, each defined as a macro."""
    is_global: bool = False
    """Whether other modules use the module's symbols (``AST_MODFLAG_GLOBAL_SYMBOLS``)."""
    version_script: str = ""
    """The linker script beside the source (``.exports``) that lists the exported symbols."""
    includes: tuple[str, ...] = ()
    """Flags for the repository's own headers, before all other flags."""
    cflags: tuple[str, ...] = ()
    """Compiler flags that asterism.toml adds."""
    libs: tuple[str, ...] = ()
    """Linker flags that asterism.toml adds."""

    @property
    def is_python(self) -> bool:
        """Whether the module is a Python module, which is copied unchanged."""
        return self.sources[0].endswith(PYTHON)

    @property
    def file(self) -> str:
        """The name of the file that the runtime loads."""
        return f"{self.name}{PYTHON if self.is_python else '.so'}"

    @property
    def product(self) -> str:
        """The path of the built module in a build for Asterism, relative to the tree."""
        return f"{MODULES}/{self.file}"


@dataclass(frozen=True, slots=True)
class Core:
    """The sources of the runtime's C library and the command that generates some of them."""

    sources: tuple[str, ...] = ()
    generator: tuple[str, ...] = ()
    """The command that writes C from the Python API, without its last argument, the output directory."""
    generated: tuple[str, ...] = ()
    """The names of the files that the generator writes, C and other."""
    inputs: tuple[str, ...] = ()
    """The files that the generator reads."""


@dataclass(frozen=True, slots=True)
class Step:
    """A command of a build."""

    kind: Kind
    unit: str
    """The module that the step belongs to, or :data:`CORE`."""
    outputs: tuple[str, ...]
    inputs: tuple[str, ...]
    command: tuple[str, ...]
    implicit: tuple[str, ...] = ()
    """Further files the command reads, which are not on its command line."""
    order_only: tuple[str, ...] = ()
    """Files that must exist before the step; a change to them does not run it again."""

    @property
    def depfile(self) -> str:
        """The file in which the compiler lists the headers it read; empty for steps that do not compile."""
        return f"{self.outputs[0]}.d" if self.kind in ("header", "cc", "cxx") else ""


@dataclass(frozen=True, slots=True)
class Plan:
    """All steps of a build."""

    steps: tuple[Step, ...]
    modules: tuple[Module, ...]
    place: str = BUILD
    """The directory of all outputs, relative to the tree."""

    @property
    def products(self) -> tuple[str, ...]:
        """The files that the runtime loads."""
        return tuple(map(self.product_of, self.modules))

    def product_of(self, module: Module) -> str:
        """The path at which this build writes a module."""
        return f"{self.place}/modules/{module.file}"

    @property
    def outputs(self) -> frozenset[str]:
        """Every file that the build writes."""
        return frozenset([*self.products, *(output for step in self.steps for output in step.outputs)])


def make_plan(
    configuration: Configuration,
    modules: Iterable[Module],
    options: Sequence[str],
    core: Core | None = None,
    place: str = BUILD,
) -> Plan:
    """Plan a build.

    Args:
        configuration: the result of configure.
        modules: the selected modules.
        options: the selected members of MENUSELECT_CFLAGS.
        core: the runtime's C library; None builds modules only.
        place: the directory of all outputs but the core's.

    Raises:
        AsterismError: with a fault for each module that has an invalid name or two sources of one name.
    """
    chosen = tuple(sorted(modules, key=lambda module: module.name))
    _check(chosen)
    flags = compile_flags(configuration, options)
    steps = list(_core_steps(configuration, core, flags)) if core and core.sources else []
    for module in chosen:
        make = _copy_steps if module.is_python else _module_steps
        steps += make(configuration, module, flags, place)
    return Plan(tuple(steps), chosen, place)


def _check(modules: Sequence[Module]) -> None:
    faults = Collector()
    seen: dict[str, Module] = {}
    for module in modules:
        if not is_module_name(module.name):
            cure = "rename the file: letters, digits, '_', '-' and '+', starting with a letter"
            faults.add(Fault(f"'{module.name}' cannot be a module's name", Place(module.sources[0]), cure=cure))
        other = seen.setdefault(module.name, module)
        if other is not module:
            why = f"{other.sources[0]} has the same name"
            faults.add(
                Fault(f"two modules are named {module.name}", Place(module.sources[0]), why, "rename one of them")
            )
    faults.check()


@dataclass(frozen=True, slots=True)
class CompileFlags:
    """Compiler and linker flags common to all files of a build."""

    c: tuple[str, ...]
    cxx: tuple[str, ...]
    link: tuple[str, ...]
    """For links by the C compiler; some compilation flags apply to the link as well."""
    link_cxx: tuple[str, ...]


_OPTIMIZE = ("-O2",)
_OPTION_FLAGS: Mapping[str, tuple[str, ...]] = {
    "KEEP_FRAME_POINTERS": ("-fno-omit-frame-pointer",),
    "BUILD_NATIVE": ("-march=native",),
    "CODE_COVERAGE": ("--coverage",),
}
"""The compiler flags that each option adds."""

_LINK_FLAGS: Mapping[str, tuple[str, ...]] = {
    "CODE_COVERAGE": ("--coverage",),
}
"""The linker flags that each option adds."""

_OWN_C = ("-Werror=implicit-function-declaration", "-Werror=implicit-int")
"""Errors in C since GCC 14: an undeclared function returns int, so a returned pointer loses its upper half."""

_C_ONLY = frozenset(
    {"-Wstrict-prototypes", "-Wmissing-prototypes", "-Wdeclaration-after-statement", "-Wold-style-declaration"}
)


def compile_flags(configuration: Configuration, options: Sequence[str]) -> CompileFlags:
    """The flags for the selected options; the user's own flags come last and take precedence."""
    chosen = [flag for option in options for flag in _OPTION_FLAGS.get(option, ())]
    sanitize = sanitizers.flag(sanitizers.names(options))
    chosen += [*sanitize, "-fno-omit-frame-pointer"] if sanitize else []
    optimize = ("-O0",) if "DONT_OPTIMIZE" in options else _OPTIMIZE
    # As in Asterisk, _FORTIFY_SOURCE is for production builds: it has no effect with -O0, and in dev mode and with
    # sanitizers it would hide faults.
    is_plain = "DONT_OPTIMIZE" in options or configuration.dev_mode or bool(sanitize)
    given = (*configuration.cppflags, *configuration.cflags)
    is_given = any("_FORTIFY_SOURCE" in flag for flag in given)
    fortify = () if is_plain or is_given else ("-U_FORTIFY_SOURCE", "-D_FORTIFY_SOURCE=2")
    # Debuggers and coverage reports find sources by their recorded names.
    is_kept = configuration.dev_mode or "CODE_COVERAGE" in options or not configuration.origin
    origin = () if is_kept else (f"-ffile-prefix-map={configuration.origin}=.",)
    base = (
        "-pipe",
        "-g",
        *optimize,
        "-D_GNU_SOURCE",
        "-D_REENTRANT",
        *fortify,
        *origin,
        "-fPIC",
        "-pthread",
        f"-I{configuration.headers}",
    )
    linked = ("-shared", "-pthread", *sanitize, *(flag for each in options for flag in _LINK_FLAGS.get(each, ())))
    plain = (*base, *configuration.warnings, *_OWN_C)
    plusplus = (*base, *(flag for flag in configuration.warnings if flag not in _C_ONLY))
    return CompileFlags(
        c=(*plain, *dict.fromkeys(chosen), *configuration.cppflags, *configuration.cflags),
        cxx=(*plusplus, *dict.fromkeys(chosen), *configuration.cppflags, *configuration.cxxflags),
        link=(*linked, *configuration.cflags, *configuration.ldflags),
        link_cxx=(*linked, *configuration.cxxflags, *configuration.ldflags),
    )


def _core_steps(configuration: Configuration, core: Core, flags: CompileFlags) -> Iterator[Step]:
    generated = tuple(f"{GENERATED}/{name}" for name in core.generated)
    if generated:
        yield Step("generate", CORE, generated, core.inputs, (*core.generator, GENERATED))
    compiled = list(_core_compilations(configuration, core, flags, generated))
    yield from compiled
    link = ("-Wl,-Bsymbolic", "-Wl,-soname,libasterism.so", "-ldl", "-lpthread", "-lm")
    linker = (*configuration.cc, *flags.link)
    yield _link(linker, CORE, [step.outputs[0] for step in compiled if step.kind == "cc"], LIBRARY, link)


def _core_compilations(
    configuration: Configuration, core: Core, flags: CompileFlags, generated: Sequence[str]
) -> Iterator[Step]:
    """Compile the core's sources; their common header comes first where the compiler can precompile it."""
    own = ["-fvisibility=default", f"-I{GENERATED}", "-Iruntime/native"]
    header, first = f"{GENERATED}/{PRECOMPILED}", []
    if configuration.precompile and header in generated:
        first = [_precompile(configuration, header, flags, own, generated)]
        own += ["-include", header]
    yield from first
    # Of a precompiled header, compilers do not list that they read it.
    implicit = tuple(output for step in first for output in step.outputs)
    for source in (*core.sources, *(path for path in generated if path.endswith(".c"))):
        output = f"{OBJECTS}/native/{PurePosixPath(source).with_suffix('.o')}"
        yield replace(_compile(configuration, CORE, source, output, flags, own, generated), implicit=implicit)


def _copy_steps(_configuration: Configuration, module: Module, _flags: CompileFlags, place: str) -> list[Step]:
    source, product = module.sources[0], f"{place}/modules/{module.file}"
    return [Step("copy", module.name, (product,), (source,), ("cp", source, product))]


def _module_steps(configuration: Configuration, module: Module, flags: CompileFlags, place: str) -> list[Step]:
    libraries = [configuration.libraries.get(name, Flags()) for name in module.libraries]
    own = [f'-DAST_MODULE="{module.name}"', f"-DAST_MODULE_SELF_SYM=__internal_{as_identifier(module.name)}_self"]
    own += [f"-D{name}" for name in module.defines]
    own += [] if module.is_global else ["-fvisibility=hidden"]
    own += [*(flag for library in libraries for flag in library.include), *module.cflags]
    shared = replace(flags, c=(*module.includes, *flags.c), cxx=(*module.includes, *flags.cxx))
    steps = [
        _compile(configuration, module.name, source, _object(module, source, place), shared, own)
        for source in module.sources
    ]
    is_cxx = any(step.kind == "cxx" for step in steps)
    linker = (*configuration.cxx, *flags.link_cxx) if is_cxx else (*configuration.cc, *flags.link)
    script = [f"-Wl,--version-script,{module.version_script}"] if module.version_script else []
    # Asterisk's modules use libm of the program that loads them; ours must not depend on what Python is linked with.
    link = [*script, *(flag for library in libraries for flag in library.lib), *module.libs, "-Wl,--as-needed", "-lm"]
    objects = [step.outputs[0] for step in steps]
    implicit = [module.version_script] if module.version_script else []
    return [*steps, _link(linker, module.name, objects, f"{place}/modules/{module.file}", link, implicit)]


def _object(module: Module, source: str, place: str) -> str:
    return f"{place}/obj/{module.name}/{PurePosixPath(source).name}.o"


def _compile(
    configuration: Configuration,
    unit: str,
    source: str,
    output: str,
    flags: CompileFlags,
    own: Sequence[str],
    order_only: Sequence[str] = (),
) -> Step:
    kind = LANGUAGES[PurePosixPath(source).suffix]
    compiler, shared = (configuration.cc, flags.c) if kind == "cc" else (configuration.cxx, flags.cxx)
    depfile = ("-MMD", "-MF", f"{output}.d")
    command = (*compiler, *shared, *own, *depfile, "-c", source, "-o", output)
    return Step(kind, unit, (output,), (source,), command, order_only=tuple(order_only))


def _precompile(
    configuration: Configuration, header: str, flags: CompileFlags, own: Sequence[str], order_only: Sequence[str]
) -> Step:
    """Compile a header in advance, with the flags of the sources that include it; the compilers find ``NAME.gch``."""
    output = f"{header}.gch"
    depfile = ("-MMD", "-MF", f"{output}.d")
    command = (*configuration.cc, *flags.c, *own, *depfile, *configuration.precompile, header, "-o", output)
    return Step("header", CORE, (output,), (header,), command, order_only=tuple(order_only))


def _link(
    linker: Sequence[str],
    unit: str,
    objects: Sequence[str],
    output: str,
    own: Sequence[str],
    implicit: Sequence[str] = (),
) -> Step:
    # Libraries come last: a linker takes from them what the objects before them need.
    command = (*linker, "-o", output, *objects, *own)
    return Step("link", unit, (output,), tuple(objects), command, tuple(implicit))
