"""The files of a real Asterisk besides its headers: program, modules, libraries, data and configuration."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from asterism import files
from asterism.errors import AsterismError, Fault, Place
from asterism.modulefile import elf
from asterism.modulefile.library_search import Find
from asterism.values import dataclass, replace
from buildsys.compile import asterisk_target
from buildsys.compile.asterisk_target import AsteriskTarget, Binaries
from buildsys.settled import build_options, shared_libraries, toolchain
from buildsys.settled.tree_facts import Facts
from buildsys.targets import known_targets
from buildsys.targets.known_targets import KnownTarget

SOURCE_DIRECTORIES = (
    *("addons", "apps", "bridges", "cdr", "cel", "channels", "codecs"),
    *("formats", "funcs", "pbx", "res", "tests"),
)
"""The directories of a source tree that contain built modules."""
_SETTING = re.compile(r"^\s*(?P<name>ast\w+dir)\s*=>?\s*(?P<value>[^;\s]+)", re.MULTILINE)
_SUFFIX = ".so"


@dataclass(frozen=True, slots=True)
class InstalledAsterisk:
    """A real Asterisk that can be started, or at least installed to; paths are absolute."""

    target: KnownTarget
    headers: AsteriskTarget
    program: Path | None
    """The executable; None when only headers are available."""
    modules: Mapping[str, Path]
    """The files of the modules, by name."""
    module_directory: Path | None
    """The directory of installed modules; None when the Asterisk is not installed."""
    configuration: Path | None
    """The configuration directory; None when the Asterisk is not installed."""
    libraries: tuple[Path, ...] = ()
    """The directories of the Asterisk's own shared libraries."""
    data: Path | None = None
    """The astdatadir, with the documentation that modules read when they start."""
    control: Path | None = None
    """The directory of the control socket."""

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables for running the program at its place: LD_LIBRARY_PATH with its libraries."""
        before = os.environ.get("LD_LIBRARY_PATH", "")
        path = ":".join([*map(str, self.libraries), *([before] if before else [])])
        return {**os.environ, **({"LD_LIBRARY_PATH": path} if path else {})}

    def required_program(self) -> Path:
        """The path of the executable.  Raises AsterismError when the target has none."""
        return require_program(self)

    def as_json(self) -> dict[str, object]:
        """The target and its files as plain data."""
        return {
            **self.target.as_json(),
            "headers": str(self.headers.headers),
            "sum": self.headers.sum,
            "options": list(self.headers.options),
            "record": self.headers.layout,
            "program": _text(self.program),
            "modules": len(self.modules),
            "module_directory": _text(self.module_directory),
            "configuration": _text(self.configuration),
            "libraries": [str(each) for each in self.libraries],
            "data": _text(self.data),
        }


def _text(path: Path | None) -> str:
    return str(path) if path else ""


def read(target: KnownTarget) -> InstalledAsterisk:
    """Find the files of a target.

    Raises:
        AsterismError: the target has no headers, or is not configured.
    """
    headers = asterisk_target.read(target.directory)
    top = Path(target.directory).resolve()
    prefix = Path(target.prefix).resolve() if target.prefix else None
    if headers.variables:
        found = _of_sources(target, headers, top, prefix)
    else:
        found = _of_prefix(target, headers, prefix or (top.parent if top == headers.headers.resolve() else top))
    binaries = Binaries((found.program,) if found.program else (), tuple(found.modules.values()))
    return replace(found, headers=replace(headers, binaries=binaries))


def the_one(word: str, top: Path) -> InstalledAsterisk:
    """The single target that a word names: a target name or a directory.

    Raises:
        AsterismError: the word names no target or several.
    """
    return read(known_targets.the_one(word, top))


def require_program(found: InstalledAsterisk) -> Path:
    """The path of a target's executable.

    Raises:
        AsterismError: the target has none.
    """
    if found.program is not None:
        return found.program
    cure = (
        f"build it, or say where it is installed: 'asterism target add NAME {found.target.directory} --prefix PREFIX'"
    )
    raise AsterismError(Fault("this Asterisk has no program", Place(found.target.directory), "", cure, "no-program"))


def require_startable(found: InstalledAsterisk) -> Path:
    """The path of a target's executable, which this machine can run and which takes modules for the target's headers.

    Raises:
        AsterismError: the target has no program, it is for another machine, or was built with other options.
    """
    program = require_program(found)
    content = files.read_bytes(program, files.BINARY)
    elf.check_machine(program, content)
    _require_sum(found, program, content)
    return program


def check_sum(asterisk: InstalledAsterisk) -> None:
    """Refuse a program that was built with other options than the headers used for modules.

    Raises:
        AsterismError: the program does not contain the sum of the headers.
    """
    if asterisk.program is not None:
        _require_sum(asterisk, asterisk.program, files.read_bytes(asterisk.program, files.BINARY))


def _require_sum(asterisk: InstalledAsterisk, program: Path, content: bytes) -> None:
    if asterisk.headers.sum.encode() in content:
        return
    why = f"the headers in {asterisk.headers.headers} have the sum {asterisk.headers.sum}, which it does not demand"
    cure = "name the headers of that build: the source tree that it was installed from, or its own include directory"
    raise AsterismError(
        Fault("the program was built with other options than the headers", Place(str(program)), why, cure, "other-sum")
    )


def finder(found: InstalledAsterisk) -> Find:
    """A look-up of shared libraries as the dynamic linker does for a target, with the target's directories first."""
    usual, own = shared_libraries.finder(toolchain.run), [str(each) for each in found.libraries]

    def find(name: str, first: Iterable[str] = ()) -> Path | None:
        return usual(name, [*first, *own])

    return find


def tree_data(word: str) -> dict[str, object]:
    """The facts of an installed target, in the form of the tree.json of an installed tree.

    Args:
        word: the name of the target, or its directory.

    Raises:
        AsterismError: the target is unknown, or it is not installed.
    """
    found = the_one(word, Path.cwd())
    if found.configuration is None or found.module_directory is None:
        cure = f"install it, or say where it is: 'asterism target add NAME {found.target.directory} --prefix PREFIX'"
        raise AsterismError(
            Fault("this Asterisk is not installed", Place(found.target.directory), "", cure, "no-install")
        )
    said = facts(found)
    return {
        "version": said.version,
        "prefix": said.prefix,
        "directories": {name: path for name, path in said.directories.items() if path},
        "buildopts": {"sum": said.sum, "options": list(build_options.abi_options(said.options))},
    }


def facts(found: InstalledAsterisk) -> Facts:
    """The facts of a target in the form used for Asterism's trees; directories that do not exist are empty.

    Raises:
        AsterismError: no compiler is found.
    """
    settled = asterisk_target.configuration(found.headers)
    directories = {
        "astmoddir": _text(found.module_directory),
        "astetcdir": _text(found.configuration),
        "astdatadir": _text(found.data),
        "astrundir": _text(found.control),
        "astsbindir": _text(found.program.parent if found.program else None),
    }
    return Facts(
        version="",
        prefix=found.headers.variables.get("prefix") or found.target.prefix or found.target.directory,
        includedir=settled.headers,
        directories=directories,
        options=found.headers.options,
        sum=found.headers.sum,
        cc=settled.cc,
        cppflags=settled.cppflags,
        ldflags=settled.ldflags,
        cxx=settled.cxx,
        user_cflags=settled.cflags,
    )


# ---- a source tree ---------------------------------------------------------------------------------------------------


def _of_sources(target: KnownTarget, headers: AsteriskTarget, top: Path, prefix: Path | None) -> InstalledAsterisk:
    variables = headers.variables
    own = Path(variables.get("prefix") or "/usr/local")
    root = _root(own, prefix) if prefix else Path("/")

    def placed(name: str) -> Path | None:
        value = variables.get(name, "")
        return root / value.lstrip("/") if value.startswith("/") else None

    sbin, modules = placed("ASTSBINDIR"), placed("ASTMODDIR")
    installed = sbin / "asterisk" if sbin and (sbin / "asterisk").is_file() else None
    if installed and modules and modules.is_dir():
        libraries = placed("ASTLIBDIR")
        return InstalledAsterisk(
            target=target,
            headers=headers,
            program=installed,
            modules=_shared_objects(modules),
            module_directory=modules,
            configuration=placed("ASTETCDIR"),
            libraries=(libraries,) if libraries and libraries.is_dir() else (),
            data=placed("ASTDATADIR") or placed("ASTVARLIBDIR"),
            control=placed("ASTVARRUNDIR"),
        )
    built = top / "main/asterisk"
    found = {name: path for each in SOURCE_DIRECTORIES for name, path in _shared_objects(top / each).items()}
    program = built if built.is_file() else None
    return InstalledAsterisk(target, headers, program, found, None, None, (top / "main",) if program else (), top)


def _root(own: Path, prefix: Path) -> Path:
    """The staging directory of an install with DESTDIR: PREFIX without the tree's own prefix at its end."""
    parts, tail = prefix.parts, own.parts[1:]
    return Path(*parts[: len(parts) - len(tail)]) if tail and parts[-len(tail) :] == tail else prefix


# ---- an installed prefix -----------------------------------------------------------------------------------------


def _of_prefix(target: KnownTarget, headers: AsteriskTarget, prefix: Path) -> InstalledAsterisk:
    program = prefix / "sbin/asterisk"
    etc = next((each for each in _configurations(prefix) if (each / "asterisk.conf").is_file()), None)
    said = _directories(etc / "asterisk.conf") if etc else {}
    modules = _first([_mapped(said.get("astmoddir"), prefix), *_module_directories(prefix)])
    data = _first([_mapped(said.get("astdatadir"), prefix), prefix / "var/lib/asterisk", prefix / "share/asterisk"])
    libraries = [each for each in (modules.parent.parent, prefix / "lib") if each.is_dir()] if modules else []
    return InstalledAsterisk(
        target=target,
        headers=headers,
        program=program if program.is_file() else None,
        modules=_shared_objects(modules) if modules else {},
        module_directory=modules,
        configuration=etc,
        libraries=tuple(dict.fromkeys(libraries)),
        data=data,
        control=_mapped(said.get("astrundir"), prefix),
    )


def _configurations(prefix: Path) -> Iterator[Path]:
    yield prefix / "etc/asterisk"
    if prefix.name in ("usr", "local"):
        yield from (parent / "etc/asterisk" for parent in prefix.parents)


def _module_directories(prefix: Path) -> Iterator[Path]:
    yield from (prefix / name / "asterisk/modules" for name in ("lib", "lib64"))
    yield from sorted(prefix.glob("lib/*/asterisk/modules"))


def _directories(conf: Path) -> dict[str, str]:
    try:
        text = files.read_text(conf)
    except AsterismError:
        return {}
    return {match["name"]: match["value"] for match in _SETTING.finditer(text)}


def _mapped(path: str | None, prefix: Path) -> Path | None:
    """A directory of asterisk.conf; looked up below the staging root when the tree was moved or staged."""
    if not path:
        return None
    for root in prefix.parents:
        inside = root / path.lstrip("/")
        if root != Path("/") and inside.is_dir():
            return inside
    return Path(path)


def _first(candidates: list[Path | None]) -> Path | None:
    return next((each for each in candidates if each and each.is_dir()), None)


def _shared_objects(directory: Path) -> dict[str, Path]:
    if not directory.is_dir():
        return {}
    return {path.stem: path for path in sorted(directory.iterdir()) if path.suffix == _SUFFIX}
