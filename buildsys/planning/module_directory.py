"""Modules outside of the source tree: the author's own directory, built against the installed headers."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from asterism import files
from asterism.branches import known_names
from asterism.errors import AsterismError, Fault, Place, Setting
from asterism.names import akin, is_module_name, suggestion
from asterism.tree import SELECTION, SETTINGS, Tree
from asterism.values import dataclass, field, replace
from buildsys.planning import (
    configured_header,
    environment,
    forwarded_headers,
    left_out,
    own_modules,
    plan_inputs,
    version_macro,
)
from buildsys.planning.plan import PYTHON, Module
from buildsys.planning.plan_inputs import Inputs
from buildsys.planning.source_texts import SourceTexts
from buildsys.settled import packages, toolchain
from buildsys.settled.configuration import Configuration, Flags
from buildsys.settled.library_probes import Finding, Prober, load_table
from buildsys.settled.toolchain import Compiler
from buildsys.settled.tree_facts import Facts, facts
from menuselect.model import known_libraries
from menuselect.reasons.package_hints import package_hint
from menuselect.sources import moduleinfo, recognition, settings
from menuselect.sources.moduleinfo import Element
from menuselect.sources.recognition import module_directories
from menuselect.sources.settings import Settings

WARNINGS = ("-Wall", "-Wmissing-prototypes")


def gather(tree: Tree, named: Collection[str] = ()) -> Inputs:
    """Read a directory of modules and search for the libraries they need, since such a directory has no configure.

    Args:
        tree: the directory.
        named: modules to include although they are switched off.

    Raises:
        AsterismError: no installed tree to build against, or asterism.toml has faults.
    """
    base = facts()
    return replace(gather_for(tree, _configuration(base), named), options=base.options)


def gather_for(tree: Tree, configuration: Configuration, named: Collection[str] = ()) -> Inputs:
    """The build inputs for the modules of a directory, compiled as a configuration says.

    Libraries that the configuration does not list are searched for. A module that cannot be built becomes a fault of
    the result; the others are built. Modules that the saved selection switches off are left out, with a warning.

    Args:
        tree: the directory.
        configuration: how the modules are compiled.
        named: modules to include although they are switched off; with any, nothing is said about the others.

    Raises:
        AsterismError: asterism.toml has faults, or every module is switched off.
    """
    known, found = settings.load(tree.top), recognition.walk(tree.top)
    chosen, out = left_out.kept(tree, found.modules, named)
    configuration, told = environment.heeded(
        configuration, os.environ, toolchain.run, has_c=any(not source.endswith(PYTHON) for source in chosen)
    )
    blocks = [_read(tree, source) for source in chosen]
    wanted = {name for block in blocks for name in block.libraries if name.upper() not in configuration.libraries}
    flags = {name.upper(): Flags(each.include, each.lib) for name, each in _find(wanted, configuration) if each.is_met}
    libraries = {**configuration.libraries, **flags}
    complete = replace(configuration, libraries=libraries, origin=str(tree.top.resolve()))
    made = [_module(tree, block, complete, known) for block in blocks]
    faults = [
        *told,
        *settings.check_modules(known, [Path(source).stem for source in found.modules]),
        *(
            fault
            for block in blocks
            for fault in block.faults
            if fault.code == "no-block" and fault.severity == "warning"
        ),
        *(fault for block in blocks for fault in _unknown(block, blocks, known)),
        *(each for each in made if isinstance(each, Fault)),
        *([out.fault()] if out.modules and not named else []),
    ]
    modules = tuple(each for each in made if isinstance(each, Module))
    return Inputs(
        own_modules.launched(complete, known),
        modules,
        (),
        None,
        (*chosen, *(name for name in (SELECTION,) if (tree / name).exists())),
        tuple(faults),
        owns_headers=False,
        blocks=tuple(fault for block in blocks for fault in block.faults if fault.severity == "error"),
        passed_over=tuple(map(str, found.passed_over)),
        spare=found.others,
    )


@dataclass(frozen=True, slots=True)
class _Block:
    """The dependencies that the MODULEINFO block of a source names."""

    source: str
    libraries: Mapping[str, bool] = field(default_factory=dict)
    """The libraries the block names, in lower case, each with whether it is required (``depend``)."""
    others: tuple[Element, ...] = ()
    """The other dependencies of the block: modules."""
    faults: tuple[Fault, ...] = ()


def _read(tree: Tree, source: str) -> _Block:
    try:
        read = moduleinfo.read(files.read_text(tree / source), source)
    except AsterismError as error:
        return _Block(source, faults=error.faults)
    table = load_table()
    named = [element for block in read.blocks for element in block.elements if element.tag in ("depend", "use")]
    external = [element for element in named if element.attribute("type") != "module" and _name(element) in table]
    libraries: dict[str, bool] = {}
    for element in external:
        libraries[_name(element)] = element.tag == "depend" or libraries.get(_name(element), False)
    others = tuple(element for element in named if element not in external)
    return _Block(source, libraries, others, read.faults)


def _name(element: Element) -> str:
    return (element.attribute("name") or element.text).lower()


def _module(tree: Tree, block: _Block, configuration: Configuration, known: Settings) -> Module | Fault:
    errors = [fault for fault in block.faults if fault.severity == "error"]
    if errors:
        return errors[0]
    lost = [name for name, needed in block.libraries.items() if needed and name.upper() not in configuration.libraries]
    if lost:
        return _lacks(block.source, lost)
    libraries = tuple(name.upper() for name in block.libraries)
    made = plan_inputs.module_of(tree, block.source, libraries, plan_inputs.usual_options(tree, block.source))
    if isinstance(made, Fault):
        return made
    extended = own_modules.extended(replace(made, includes=includes(tree, block.source)), known)
    if isinstance(extended, Fault):
        return extended
    texts = SourceTexts(tree)
    return _with_version(texts, _with_forwarded(texts, extended, configuration.headers), configuration)


def _with_version(texts: SourceTexts, module: Module, configuration: Configuration) -> Module:
    """The module with the version of Asterisk as a macro, when its sources ask for that and nobody defines it."""
    given = (*module.includes, *module.cflags, *configuration.cppflags, *configuration.cflags)
    flags = version_macro.flags(texts, module.sources, Path(configuration.headers), given)
    return replace(module, includes=(*module.includes, *flags)) if flags else module


def _with_forwarded(texts: SourceTexts, module: Module, headers: str) -> Module:
    """The module with the flags for headers that are included as Asterisk's and lie elsewhere in the repository."""
    if module.is_python:
        return module
    present = [source for source in module.sources if (texts.tree / source).is_file()]
    places = (*_below(module.sources[0]), *_own(module.sources[0]), headers)
    return replace(module, includes=(*module.includes, *forwarded_headers.flags(texts, present, places)))


def includes(tree: Tree, source: str) -> tuple[str, ...]:
    """The compiler flags for a repository's own headers: its ``include``, its top and the directory of a source.

    Only ``include`` is searched for headers in angle brackets, so a ``features.h`` at the top does not hide the C
    library's. The header that the repository's configure has made is used, too.
    """
    return (
        *(f"-I{path}" for path in _below(source) if (tree / path).is_dir()),
        *(word for path in _own(source) for word in ("-iquote", path)),
        *configured_header.flags(tree.top, source),
    )


def _below(source: str) -> Iterable[str]:
    """The directories ``include`` that are searched for the headers of a source."""
    return dict.fromkeys((os.path.join(os.path.dirname(source), "include"), "include"))


def _own(source: str) -> Iterable[str]:
    """The directory of a source, and the top of its repository."""
    return dict.fromkeys((os.path.dirname(source) or ".", "."))


def _unknown(block: _Block, blocks: Sequence[_Block], known: Settings) -> Iterator[Fault]:
    """A warning for each name that is neither a module nor a known library, unless asterism.toml names libraries."""
    module = Path(block.source).stem
    extras = known.extras(module)
    if extras.packages or extras.libs:
        return
    own = {Path(each.source).stem.lower() for each in blocks}
    for element in block.others:
        name = _name(element)
        if name in own or known_names.find(name) or known_libraries.find(name) or not is_module_name(name):
            continue
        packages_like = packages.like(name)
        near = akin(name, (*own, *load_table(), *known_names.names("module")))
        cure = f"if it is a library, write its packages or libs below [modules.{module}] in {SETTINGS}"
        added: tuple[Setting, ...] = ()
        if packages_like:
            cure = f'if it is a library, write packages = ["{packages_like[0]}"] below [modules.{module}] in {SETTINGS}'
            added = (Setting(module, "packages", (packages_like[0],)),)
        elif near:
            cure = suggestion(near)
        what = f"'{name}' is neither a module of Asterisk nor a library that is known here"
        yield Fault(what, element.text_place, "", cure, "unknown-dependency", "warning", settings=added)


def _find(names: Collection[str], configuration: Configuration) -> Iterable[tuple[str, Finding]]:
    wanted = {name: probe for name, probe in load_table().items() if name in names}
    if not wanted:
        return ()
    with tempfile.TemporaryDirectory(prefix="asterism-build-") as scratch:
        flags = (*configuration.cppflags, *configuration.cflags, *configuration.ldflags)
        compilers = {"c": configuration.cc, "c++": configuration.cxx}
        there = {language: Compiler(command, "", language) for language, command in compilers.items() if command}
        return Prober(toolchain.run, there, Path(scratch), flags).find(wanted).items()


def _lacks(source: str, names: Iterable[str]) -> Fault:
    wanted = list(names)
    cure = package_hint(wanted) or "install it, with its headers"
    return Fault(f"it needs {', '.join(wanted)}, which was not found", Place(source), "", cure, "no-library")


def _configuration(base: Facts) -> Configuration:
    return Configuration(
        cc=base.cc,
        cxx=base.cxx,
        cppflags=base.cppflags,
        cflags=base.user_cflags,
        ldflags=base.ldflags,
        warnings=WARNINGS,
        # The launcher was configured on the machine that built the tree; this machine may lack it.
        launcher=base.launcher if base.launcher and toolchain.which(base.launcher[0]) else (),
        headers=base.includedir,
    )


def configurations(tree: Tree) -> Iterator[Path]:
    """The sample configurations that lie beside the modules."""
    for name in module_directories(tree.top):
        yield from sorted((tree / name).glob("*.conf"))


def beside(tree: Tree, name: str) -> Path | None:
    """The path of a file that lies beside the modules; None when no such file exists."""
    return next((path for path in (tree / each / name for each in module_directories(tree.top)) if path.exists()), None)
