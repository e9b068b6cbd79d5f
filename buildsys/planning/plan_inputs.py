"""Gather the inputs of a build: the tree's sources, the selection and the result of configure."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from asterism import files
from asterism.errors import Fault, Place
from asterism.parsing import check_python
from asterism.tree import AUTOCONFIG, BUILD, BUILDOPTS, DEPS, MAKEOPTS, SELECTION, SETTINGS, Tree
from asterism.values import dataclass, replace
from buildsys.planning import checked_blocks, not_built, own_modules
from buildsys.planning.not_built import CFLAGS, OWN_OPTIONS, NotBuilt
from buildsys.planning.plan import LANGUAGES, PRECOMPILED, PYTHON, Core, Module
from buildsys.settled import build_options, sanitizers
from buildsys.settled import configuration as settled
from buildsys.settled.configuration import Configuration
from menuselect.choice.selection import Selection
from menuselect.model import tree_file
from menuselect.model.menu import LOCAL, Member, Menu, is_yes
from menuselect.reasons.explain import obstacles
from menuselect.session.session import Session
from menuselect.sources import module_directories, module_files, scan, settings, source_text
from menuselect.sources.settings import Settings

SUFFIXES = (*LANGUAGES, PYTHON)
_GLOBAL = b"AST_MODFLAG_GLOBAL_SYMBOLS"
_INCLUDED = re.compile(rb'^[ \t]*#[ \t]*include[ \t]*"([^"\n]+\.c(?:c|pp|xx)?)"', re.MULTILINE)
GENERATOR = "runtime/bridge/generate.py"


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything a plan is made from."""

    configuration: Configuration
    modules: tuple[Module, ...]
    options: tuple[str, ...]
    """The chosen members of MENUSELECT_CFLAGS."""
    core: Core | None
    watched: tuple[str, ...]
    """Files and directories whose change requires a new plan."""
    faults: tuple[Fault, ...] = ()
    """The modules left out, each with the reason."""
    blocks: tuple[Fault, ...] = ()
    """Faults in the MODULEINFO blocks of the modules."""
    lacking: tuple[NotBuilt, ...] = ()
    """Modules that are selected but lack a dependency."""
    off: tuple[str, ...] = ()
    """Modules of a source tree that are switched off."""
    passed_over: tuple[str, ...] = ()
    """Sentences about sources that are not modules."""
    spare: tuple[str, ...] = ()
    """Sources that belong to no module; a missing function may be defined there."""
    owns_headers: bool = True
    """Whether this build writes asterisk/buildopts.h; modules outside of the source tree use the installed one."""
    place: str = BUILD
    """The output directory, relative to the tree."""


def menu_of(tree: Tree, *, dev_mode: bool = False) -> Menu:
    """The menu of a source tree, read from its sources."""
    return tree_file.loads(scan.tree_bytes(tree, dev_mode=dev_mode)).menu


def gather(tree: Tree) -> Inputs:
    """Gather the build inputs of a source tree.

    ``menuselect-tree`` is brought up to date. ``menuselect.makeopts`` is written with the defaults when it is missing;
    otherwise members whose dependencies are gone are removed from it.

    Raises:
        AsterismError: the tree is not configured, or one of its files is invalid.
    """
    configuration = replace(settled.load(tree), origin=str(tree.top.resolve()))
    session = refresh(tree, dev_mode=configuration.dev_mode)
    # Members that the selection has lost are known only until it is saved.
    lost = tuple(_lost(session.selection))
    session.save()
    known = settings.load(tree.top)
    modules: list[Module] = []
    faults = settings.check_modules(known, _local_names(session.menu))
    chosen = list(session.selection.built())
    for member in chosen:
        if not_built.is_module(member):
            own = [each for each in chosen if each.category == OWN_OPTIONS + member.name]
            found = _module(tree, member, own, session.menu, known)
            if isinstance(found, Module) and member.category.startswith(_LOCAL):
                found = own_modules.extended(found, known)
            if isinstance(found, Fault):
                faults.append(found)
            else:
                modules.append(found)
    core = core_of(tree)
    return Inputs(
        own_modules.launched(configuration, known),
        tuple(modules),
        all_options(configuration, options_of(session.selection)),
        core,
        tuple(_watched(tree, session.menu, core, known)),
        (*faults, *lost, *_no_directories(tree)),
        lacking=tuple(not_built.find(session.selection)),
        off=tuple(not_built.switched_off(session.selection)),
        passed_over=tuple(not_built.passed_over(tree, known)),
    )


def options_of(selection: Selection) -> tuple[str, ...]:
    """The selected compiler options, in the order of the menu."""
    return tuple(member.name for member in selection.built() if member.category == CFLAGS)


def all_options(configuration: Configuration, chosen: Iterable[str]) -> tuple[str, ...]:
    """The selected options after those set by configure (sanitizers), which come first as in Asterisk's menu."""
    return tuple(dict.fromkeys((*sanitizers.options(configuration.sanitizers), *chosen)))


def write_buildopts(tree: Tree, options: tuple[str, ...], *, dev_mode: bool) -> None:
    """Write asterisk/buildopts.h."""
    files.write(tree.buildopts, build_options.header(options, dev_mode=dev_mode))


def enter_dev_mode(selection: Selection) -> None:
    """Select TEST_FRAMEWORK, as its default does in a tree without a saved selection."""
    member = selection.menu.find_in(CFLAGS, "TEST_FRAMEWORK")
    if member:
        selection.enable(member)


def refresh(tree: Tree, *, dev_mode: bool) -> Session:
    """Bring menuselect-tree up to date with the sources, and open it with the saved selection.

    Raises:
        AsterismError: with all faults of the MODULEINFO blocks.
    """
    checked_blocks.check(tree)
    files.write(tree.menu, scan.tree_bytes(tree, dev_mode=dev_mode))
    return Session.open(tree)


def _module(tree: Tree, member: Member, own: Sequence[Member], menu: Menu, known: Settings) -> Module | Fault:
    directory = _directory_of(member.category, known)
    named = [f"{directory}/{member.name}{suffix}" for suffix in SUFFIXES]
    present = [path for path in named if (tree / path).is_file()]
    if len(present) != 1:
        return _ambiguous(member.name, present, named)
    libraries = dict.fromkeys(name for each in (member, *own) for name in _libraries(each, menu))
    return module_of(tree, present[0], tuple(libraries), tuple(option.name for option in own))


_LOCAL = f"MENUSELECT_{LOCAL}"
"""Prefix of the categories of directories that asterism.toml names."""


def _directory_of(category: str, known: Settings) -> str:
    """The directory of a category's modules, relative to the tree."""
    name = category.removeprefix("MENUSELECT_")
    return known.categories.get(name) or name.lower()


def _local_names(menu: Menu) -> Iterator[str]:
    return (member.name for member in menu.members if member.category.startswith(_LOCAL))


def usual_options(tree: Tree, source: str) -> tuple[str, ...]:
    """The options of a module's own MAKEOPTS block that are on by default, for builds without a menu.

    Raises:
        AsterismError: the block is not well-formed XML.
    """
    block = b"".join(source_text.own_options(files.read_bytes(tree / source)))
    if not block:
        return ()
    menu = tree_file.loads(b'<menu name="own">' + block + b"</menu>", file=source).menu
    category = OWN_OPTIONS + Path(source).stem
    return tuple(member.name for member in menu.members if member.category == category and is_yes(member.default))


def module_of(tree: Tree, source: str, libraries: tuple[str, ...], defines: tuple[str, ...] = ()) -> Module | Fault:
    """The module of a source, with the other files that belong to it; a fault when it cannot be built."""
    stem, suffix = os.path.splitext(source)
    name = os.path.basename(stem)
    if suffix == PYTHON:
        return _syntax_fault(tree, source) or Module(name, (source,))
    if (tree / stem).is_file():
        cure = "move it elsewhere, or make it a directory"
        return Fault(
            "this file has the name of the directory for further sources of the module",
            Place(stem),
            "",
            cure,
            "no-directory",
        )
    return Module(
        name,
        (source, *_further_sources(tree, stem)),
        libraries,
        defines,
        is_global=_GLOBAL in files.read_bytes(tree / source),
        version_script=f"{stem}.exports" if (tree / f"{stem}.exports").is_file() else "",
    )


def _libraries(member: Member, menu: Menu) -> tuple[str, ...]:
    """The external dependencies whose flags a module gets: those that are not members of the menu."""
    references = (*member.depends, *member.uses)
    return tuple(each.name.upper() for each in references if menu.resolve(member, each) is None)


def _ambiguous(name: str, present: list[str], named: list[str]) -> Fault:
    if present:
        why = f"{present[1]} has the same name"
        return Fault(f"two modules are named {name}", Place(present[0]), why, "rename one of them", "same-name")
    return Fault(f"the source of {name} no longer exists", Place(named[0]), "", "run make again", "no-source")


def _further_sources(tree: Tree, stem: str) -> Iterator[str]:
    """Further sources of a module: the files in the directory of its name, as in ``res/res_x/*.c``."""
    found = [path for path in sorted((tree / stem).glob("*")) if path.suffix in LANGUAGES]
    texts = b"\n".join(files.read_bytes(path) for path in found)
    included = {os.path.basename(os.fsdecode(name)) for name in _INCLUDED.findall(texts)}
    # A source that another one includes is compiled with that one.
    yield from (f"{stem}/{path.name}" for path in found if path.name not in included)


def _syntax_fault(tree: Tree, source: str) -> Fault | None:
    """The fault that keeps a Python module from being compiled; None when it compiles."""
    try:
        check_python(files.read_bytes(tree / source), source)
    except SyntaxError as error:
        place = Place(source, error.lineno or 0, error.offset or 0, error.text or "")
        return Fault(f"module {Path(source).stem} does not compile", place, error.msg, "", "does-not-compile")
    except ValueError as error:
        return Fault(f"module {Path(source).stem} does not compile", Place(source), str(error), "", "does-not-compile")
    return None


def core_of(tree: Tree) -> Core | None:
    """The runtime's C library; None in a tree without it."""
    if not (tree / GENERATOR).is_file():
        return None
    sources = tuple(_below(tree, "runtime/native/*/*.c"))
    inputs = _below(
        tree,
        "runtime/bridge/*.py",
        "runtime/native/*.h",
        "runtime/native/*/*.h",
        "runtime/api/*.py",
        "runtime/api/contexts/*.py",
        "runtime/model/channel_fields.py",
        "include/*.h",
        "include/asterisk/*.h",
    )
    ours = {AUTOCONFIG, BUILDOPTS}
    return Core(
        sources,
        (sys.executable, "-m", "runtime.bridge.generate"),
        ("table.h", PRECOMPILED, "exports.c", "fields.h", "fields.c", "layout.c", "core_types.py"),
        tuple(path for path in inputs if path not in ours),
    )


def _below(tree: Tree, *patterns: str) -> Iterator[str]:
    for pattern in patterns:
        yield from sorted(str(path.relative_to(tree.top)) for path in tree.top.glob(pattern))


def _watched(tree: Tree, menu: Menu, core: Core | None, known: Settings) -> Iterator[str]:
    """The files whose change requires a new plan; ninja itself tracks what compilers read."""
    named = (
        MAKEOPTS,
        SELECTION,
        DEPS,
        "build_tools/cflags.xml",
        "build_tools/cflags-devmode.xml",
        SETTINGS,
    )
    yield from (name for name in named if (tree / name).exists())
    for directory in known.directories:
        yield directory
        yield from (
            os.path.join(directory, name + suffix) for name, suffix in module_files.own_sources(tree / directory)
        )
    found = [category.name.removeprefix("MENUSELECT_").lower() for category in menu.categories]
    # An empty directory may receive its first module later.
    for directory in dict.fromkeys([*found, *module_directories.DIRECTORIES]):
        if (tree / directory).is_dir():
            yield directory
            yield from _below(tree, *(f"{directory}/*{suffix}" for suffix in (*SUFFIXES, ".exports")))
    # The code that makes the plan is an input, too.
    yield from _below(tree, "buildsys/**/*.py", "menuselect/**/*.py")
    if core:
        yield from _below(tree, "runtime/native/", "runtime/native/*/")


def _no_directories(tree: Tree) -> Iterator[Fault]:
    """A warning for each file that has the name of a directory of modules."""
    for name in module_directories.DIRECTORIES:
        if (tree / name).is_file():
            why = "modules would be in a directory of that name"
            yield Fault("it is a file", Place(name), why, "move it elsewhere", "no-directory", "warning")


def _lost(selection: Selection) -> Iterator[Fault]:
    """A warning for each member that was selected, or is new and on by default, and lacks a dependency."""
    for member in selection.menu.members:
        if selection.was_on(member) and selection.failed(member) and selection.is_on(member):
            reasons = obstacles(selection, member)
            if not_built.is_for_developers(reasons):
                continue
            yield Fault(
                f"{member.name} is not built",
                why=not_built.why_text(reasons),
                cure=f"'asterism why {member.name}' says more",
                severity="warning",
                code="lost-dependency",
            )
