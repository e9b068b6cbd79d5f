"""The content of an install tree: a list of files, each with its source or its bytes."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from asterism import __version__
from asterism.documentation import blocks
from asterism.files import BINARY, read_bytes
from asterism.tree import Tree
from asterism.values import asdict, dataclass, field
from buildsys.compile import documentation_file
from buildsys.installing import bundled_packages
from buildsys.planning.plan import GENERATED, LIBRARY
from buildsys.settled import build_options, ninja_program, system_libraries
from buildsys.settled.build_record import Built
from buildsys.settled.configuration import Configuration
from buildsys.settled.tree_places import ABI_FLAGS, VOLATILE, TreeLayout, way

PROGRAM, FILE = 0o755, 0o644
PRIVATE = 0o700
"""The permissions of the run directory: a user who can enter it can use the control socket."""


@dataclass(frozen=True, slots=True)
class Item:
    """A file to install."""

    path: str
    """The path, relative to the prefix; absolute when it lies outside of the prefix."""
    source: Path
    """The source file, whose time is given to the installed file."""
    mode: int = FILE
    content: Callable[[], bytes] | None = None
    """Returns the content when it differs from the source's."""
    is_config: bool = False
    """Whether the file is a configuration file that users edit."""
    stamp: bytes = field(default=b"", repr=False)
    """The first bytes of up-to-date content; empty when the whole content has to be compared."""


def empty_directories(layout: TreeLayout) -> dict[str, int]:
    """Directories that an install creates although they are empty, with their permissions."""
    places = layout.directories
    names = ("astvarlibdir", "astspooldir", "astlogdir", "astetcdir", "astmoddir")
    lasting = {} if layout.run in VOLATILE else {places["astrundir"]: PRIVATE}
    return {places[name]: 0o755 for name in names} | lasting


def tree_text(configuration: Configuration, built: Built, layout: TreeLayout, prefix: str) -> str:
    """The text of tree.json, which describes the tree to the installed program."""
    data = {
        "version": __version__,
        "prefix": way("", layout.home, prefix),
        "directories": layout.directories,
        "layout": asdict(layout),
        "include": layout.include,
        "native": "native",
        "buildopts": {
            "sum": build_options.option_sum(built.options),
            "options": list(build_options.abi_options(built.options)),
        },
        "python": base_python(),
        "compiler": {
            "cc": list(configuration.cc),
            "cxx": list(configuration.cxx),
            "cppflags": _without_origin(configuration.cppflags),
            "cflags": _without_origin(configuration.cflags),
            "ldflags": _without_origin(configuration.ldflags),
            "launcher": list(configuration.launcher),
        },
        **_libraries(configuration),
        "host": "".join(configuration.host),
        "dev_mode": configuration.dev_mode,
    }
    return json.dumps(data, indent=1) + "\n"


def _libraries(configuration: Configuration) -> dict[str, object]:
    """The entries of tree.json about the distribution's libraries; empty when copies are installed."""
    places = list(configuration.system_python)
    return {"libraries": {"directories": places, "needed": list(system_libraries.needed())}} if places else {}


def _without_origin(flags: Iterable[str]) -> list[str]:
    """The flags for modules built elsewhere, without those that name the directory of the package's build."""
    return [flag for flag in flags if not _PREFIX_MAP.match(flag)]


_PREFIX_MAP = re.compile(r"-f(file|debug|macro|profile)-prefix-map=")


def base_python() -> str:
    """The interpreter that the virtual environment is based on, which remains when the environment is removed."""
    return os.path.realpath(getattr(sys, "_base_executable", "") or sys.executable)


ASTERISM, MENUSELECT = "asterism.__main__", "menuselect.dropin.command"
"""The Python modules that the programs run."""

_LAUNCHER = '''\
"""Start Asterism from the tree this file is in, wherever that is now."""

import os
import re
import sys

PACKAGES = os.path.normpath(os.path.join(os.path.dirname(os.path.realpath(__file__)), {packages!r}))
if sys.version_info[:2] != {version}:
    sys.exit("asterism: installed for Python {dotted}, and this is another; run 'make install' again")
sys.path.insert(0, PACKAGES)
{site}{sanitized}
from {program} import main  # noqa: E402

sys.exit(main())
'''


_SANITIZED = """
# Modules built with sanitizers ({names}) need these in the process before anything else is.
NEEDED = {preload}
SANE = {{"ASAN_OPTIONS": "detect_leaks=0", "UBSAN_OPTIONS": "print_stacktrace=1"}}
if sys.argv[1:2] and sys.argv[1].startswith("-"):
    for path in NEEDED:
        if not os.path.exists(path):
            sys.exit(f"asterism: built with sanitizers ({names}), whose library is not here: {{path}}\\n"
                     "    install it, or build without --sanitize")
    loaded = os.environ.get("LD_PRELOAD", "").split(":")
    if not set(NEEDED) <= set(loaded):
        os.environ["LD_PRELOAD"] = ":".join([*NEEDED, *filter(None, loaded)])
        for name, value in SANE.items():
            os.environ.setdefault(name, value)
        os.execv(sys.executable, [sys.executable, "-IS", os.path.realpath(__file__), *sys.argv[1:]])
"""


def launcher_text(
    python: str,
    version: tuple[int, int],
    packages: str,
    program: str = ASTERISM,
    sanitizers: Sequence[str] = (),
    preload: Sequence[str] = (),
    site: Sequence[str] = (),
) -> str:
    """The text of a program of the tree: ``sbin/asterism``, ``bin/menuselect``.

    Args:
        python: the path of the interpreter.
        version: the version of the interpreter.
        packages: the directory of packages, relative to the program's directory or absolute.
        program: the Python module whose ``main`` is called.
        sanitizers: the sanitizers that the tree was built with.
        preload: the libraries of the sanitizers.
        site: the directories of the distribution's Python libraries, with ``--system-python``.

    In a tree built with sanitizers, the program starts itself again with the sanitizer libraries preloaded.

    ``-I`` and ``-S`` ignore the user's environment and the interpreter's own packages. ``-S`` also makes the start a
    third faster.
    """
    # The kernel splits a #! line at its first blank, and truncates a long one. In these cases a shell starts Python:
    # the three lines mean one thing to a shell and another to Python.
    plain = f"#!{python} -IS\n"
    shell = f"#!/bin/sh\n'''exec' \"{python}\" -IS \"$0\" \"$@\"\n' '''\n"
    first = plain if " " not in python and len(plain) < 120 else shell
    again = _SANITIZED.format(names=", ".join(sanitizers), preload=list(preload)) if preload else ""
    dotted = ".".join(map(str, version))
    libraries = f"sys.path += {list(site)!r}\n" if site else ""
    return first + _LAUNCHER.format(
        version=version, dotted=dotted, packages=packages, program=program, site=libraries, sanitized=again
    )


def pkg_config_text(built: Built, layout: TreeLayout, prefix: str) -> str:
    """The text of asterism.pc; paths are relative to the file, so the tree can be moved."""
    up = way("", os.path.dirname(layout.pkg_config), prefix)
    lines = [
        f"prefix={up if os.path.isabs(up) else f'${{pcfiledir}}/{up}'}",
        f"includedir={_from_prefix(layout.include)}",
        f"moduledir={_from_prefix(layout.modules)}",
        f"sysconfdir={_from_prefix(layout.directories['astetcdir'])}",
        f"sum={build_options.option_sum(built.options)}",
        f"moduleflags={' '.join(ABI_FLAGS)}",
        "",
        "Name: asterism",
        "Description: Headers for modules of Asterism",
        f"Version: {__version__}",
        "Cflags: -I${includedir} ${moduleflags}",
    ]
    return "\n".join(lines) + "\n"


def _from_prefix(path: str) -> str:
    return path if os.path.isabs(path) else f"${{prefix}}/{path}"


def everything(
    tree: Tree, configuration: Configuration, built: Built, layout: TreeLayout, prefix: str
) -> Iterator[Item]:
    """Every file of an install tree; for another machine only files built for it or valid on every machine."""
    marker = tree / "pyproject.toml"
    if not configuration.host:
        yield from _program(tree, marker, configuration, layout, prefix)
    yield Item(layout.tree, marker, FILE, lambda: tree_text(configuration, built, layout, prefix).encode())
    yield Item(layout.pkg_config, marker, FILE, lambda: pkg_config_text(built, layout, prefix).encode())
    for product in built.products:
        yield Item(
            f"{layout.modules}/{Path(product).name}", tree / product, FILE if product.endswith(".py") else PROGRAM
        )
    library = tree / LIBRARY
    if library.exists():
        yield Item(f"{layout.native}/{library.name}", library, PROGRAM)
        yield from _with_byte_code(
            [bundled_packages.Copied(tree / GENERATED / "core_types.py", "core_types.py")], layout.native
        )
    for header in sorted(tree.include.rglob("*.h")):
        yield Item(f"{layout.include}/{header.relative_to(tree.include).as_posix()}", header)
    yield from _documentation(tree, layout)
    yield from samples(tree, layout)
    yield from delivered(tree, layout, prefix)


def _documentation(tree: Tree, layout: TreeLayout) -> Iterator[Item]:
    """The file with the documentation of all built modules; nothing when no module has any."""
    said = documentation_file.elements(tree)
    if said:
        path = f"{layout.directories['astdatadir']}/{blocks.CORE_FILE}"
        yield Item(path, tree / documentation_file.SEEN, content=lambda: blocks.dumps(said).encode())


def delivered(tree: Tree, layout: TreeLayout, prefix: str) -> Iterator[Item]:
    """Files that come with the program: manual pages, shell completion, documentation and the systemd unit."""
    for source in _below(tree / "share"):
        path = source.relative_to(tree / "share")
        below = layout.man if path.parts[0] == "man" else f"{layout.data}/{path.parts[0]}"
        yield Item(f"{below}/{path.relative_to(path.parts[0]).as_posix()}", source)
    for source in (tree / "README.md", tree / "CHANGES.md", *_below(tree / "docs")):
        if source.suffix in (".md", ".svg") and source.is_file():
            yield Item(f"{layout.doc}/{source.relative_to(tree.top).as_posix()}", source)
    if layout.units:
        text = unit_text(layout, prefix).encode()
        yield Item(f"{layout.units}/asterism.service", tree / "pyproject.toml", FILE, lambda: text)


def _below(directory: Path) -> list[Path]:
    return sorted(path for path in directory.rglob("*") if path.is_file() and not path.name.startswith("."))


_UNIT = """\
[Unit]
Description=Asterism, which runs modules of Asterisk
Documentation=man:asterism(8)
After=network.target

[Service]
Type=notify
ExecStart={program} -f
ExecReload={program} -rx "module reload"
Restart=on-failure
TimeoutStopSec=60
{run}
[Install]
WantedBy=multi-user.target
"""


def unit_text(layout: TreeLayout, prefix: str) -> str:
    """The text of the systemd unit; the program notifies systemd when it is ready."""
    program = os.path.normpath(os.path.join(prefix, layout.launcher)).replace("%", "%%").replace("\\", "\\\\")
    quoted = f'"{program}"' if " " in program else program
    run = "RuntimeDirectory=asterism\nRuntimeDirectoryMode=0700\n" if layout.run in VOLATILE else ""
    return _UNIT.format(program=quoted.replace("$", "$$"), run=run)


def _program(tree: Tree, marker: Path, configuration: Configuration, layout: TreeLayout, prefix: str) -> Iterator[Item]:
    """The programs and the libraries they need, some of which are compiled for this machine."""
    python, site = (base_python(), sys.version_info[:2]), configuration.system_python
    sanitized = configuration.sanitizers, configuration.preload
    launcher = launcher_text(*python, way(layout.packages, layout.sbin, prefix), ASTERISM, *sanitized, site).encode()
    yield Item(layout.launcher, marker, PROGRAM, lambda: launcher)
    menu = launcher_text(*python, way(layout.packages, layout.bin, prefix), MENUSELECT, site=site).encode()
    yield Item(layout.menuselect, marker, PROGRAM, lambda: menu)
    yield from _with_byte_code(bundled_packages.own_files(tree), layout.packages)
    if not site:
        yield from _copies(layout)


def _copies(layout: TreeLayout) -> Iterator[Item]:
    """The libraries that the program imports, and its ninja."""
    for distribution in bundled_packages.distributions().values():
        yield from _with_byte_code(bundled_packages.library_files(distribution), layout.packages)
    yield Item(layout.ninja, Path(ninja_program.find()), PROGRAM)


def samples(tree: Tree, layout: TreeLayout) -> Iterator[Item]:
    """The sample configuration files."""
    for source in sorted((tree / "configs").glob("*.conf")):
        yield Item(f"{layout.directories['astetcdir']}/{source.name}", source, is_config=True)


def _with_byte_code(files: Iterable[bundled_packages.Copied], below: str) -> Iterator[Item]:
    for file in files:
        program = os.access(file.source, os.X_OK)
        yield Item(f"{below}/{file.path}", file.source, PROGRAM if program else FILE)
        if file.path.endswith(".py"):
            yield Item(
                f"{below}/{bundled_packages.pyc_path(file.path)}",
                file.source,
                content=lambda file=file: bundled_packages.byte_code(file.source, file.path),  # type: ignore[misc]
                stamp=bundled_packages.pyc_header(read_bytes(file.source, BINARY)),
            )
