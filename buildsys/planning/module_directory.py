"""Modules outside of the source tree: a directory of somebody's own, built against the installed headers."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from asterism import files
from asterism.errors import AsterismError, Fault, Place
from asterism.tree import Tree
from asterism.values import replace
from buildsys.planning import own_modules, plan_inputs
from buildsys.planning.plan import Module
from buildsys.planning.plan_inputs import Inputs
from buildsys.settled import toolchain
from buildsys.settled.configuration import Configuration, Flags
from buildsys.settled.library_probes import Finding, Prober, load_table
from buildsys.settled.toolchain import Compiler
from buildsys.settled.tree_facts import Facts, facts
from menuselect.reasons.package_hints import package_hint
from menuselect.sources import moduleinfo, settings
from menuselect.sources.recognition import module_directories, module_sources

WARNINGS = ("-Wall", "-Wmissing-prototypes")


def gather(tree: Tree) -> Inputs:
    """Read a directory of modules; what they need is looked for now, for there is no configure.

    Raises:
        AsterismError: something is wrong with the MODULEINFO blocks, or there is nothing to build against.
    """
    base = facts()
    return replace(gather_for(tree, _configuration(base)), options=base.options)


def gather_for(tree: Tree, configuration: Configuration) -> Inputs:
    """The modules of a directory, to be compiled as a configuration says; libraries it does not know are looked for.

    Raises:
        AsterismError: something is wrong with the MODULEINFO blocks.
    """
    known = settings.load(tree.top)
    named = {source: _externals(tree, source) for source in module_sources(tree.top)}
    wanted = {name for names in named.values() for name in names if name.upper() not in configuration.libraries}
    found = {name.upper(): Flags(each.include, each.lib) for name, each in _find(wanted, configuration) if each.is_met}
    libraries = {**configuration.libraries, **found}
    complete = replace(configuration, libraries=libraries, origin=str(tree.top.resolve()))
    modules: list[Module] = []
    faults = settings.check_modules(known, [Path(source).stem for source in named])
    for source, names in named.items():
        lost = [name for name, is_needed in names.items() if is_needed and name.upper() not in complete.libraries]
        made = _lacks(source, lost) if lost else _module(tree, source, names)
        made = own_modules.extended(made, known) if isinstance(made, Module) else made
        modules += [made] if isinstance(made, Module) else []
        faults += [made] if isinstance(made, Fault) else []
    return Inputs(
        own_modules.launched(complete, known), tuple(modules), (), None, (), tuple(faults), owns_headers=False
    )


def _module(tree: Tree, source: str, names: Iterable[str]) -> Module | Fault:
    libraries = tuple(name.upper() for name in names)
    return plan_inputs.module_of(tree, source, libraries, plan_inputs.usual_options(tree, source))


def _externals(tree: Tree, source: str) -> dict[str, bool]:
    """The libraries a source names, in lower case, and whether it cannot do without.

    Raises:
        AsterismError: its MODULEINFO block is wrong.
    """
    read = moduleinfo.read(files.read_text(tree / source), source)
    errors = [fault for fault in read.faults if fault.severity == "error"]
    if errors:
        raise AsterismError(*errors)
    table = load_table()
    named = [element for block in read.blocks for element in block.elements if element.tag in ("depend", "use")]
    # What no probe is known for is another module, which the loader will look for.
    known = [(each.attribute("name") or each.text, each.tag) for each in named if each.attribute("type") != "module"]
    return {name.lower(): tag == "depend" for name, tag in known if name.lower() in table}


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
        # It belongs to the machine that built the tree; here there may be none.
        launcher=base.launcher if base.launcher and toolchain.which(base.launcher[0]) else (),
        headers=base.includedir,
    )


def configurations(tree: Tree) -> Iterator[Path]:
    """The sample configurations that lie beside the modules."""
    for name in module_directories(tree.top):
        yield from sorted((tree / name).glob("*.conf"))


def beside(tree: Tree, name: str) -> Path | None:
    """A file that lies beside the modules; None when there is none of that name."""
    return next((path for path in (tree / each / name for each in module_directories(tree.top)) if path.exists()), None)
