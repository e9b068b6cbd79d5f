"""Explain a header that is not found or does not compile: its location, its package, the header needed before it."""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from asterism import files
from asterism.branches import known_names
from asterism.branches.changes import advice
from asterism.errors import AsterismError, Place, Setting
from asterism.parsing import toml_table
from asterism.tree import SETTINGS
from asterism.values import replace
from asterism.words import both
from buildsys.compile.failures.failed_steps import Failure
from buildsys.planning import configured_header, forwarded_headers, repository_builds
from buildsys.planning.repository_builds import Found
from buildsys.settled import packages
from buildsys.settled.library_probes import load_table
from menuselect.model import known_libraries
from menuselect.reasons.package_hints import host_system, package_hint
from menuselect.sources import module_files

SYSTEM = Path("/usr/include")
"""The directory in which packages install headers, often in a directory of their own."""
_FROM = re.compile(r"(?:from|In file included from) (\S+?):\d+[:,]")
"""The sources that include a header, the outermost one last."""
_OF_ASTERISK = re.compile(r'^[ \t]*#[ \t]*include[ \t]*[<"]asterisk(?P<name>\.h|/[^>"]*)[>"]', re.MULTILINE)
_FORBIDDEN = re.compile(r"\bDo_not_use_(?P<name>\w+?)__use_ast_\w+")
_REPLACED = re.compile(r"\b__PLEASE_USE_(?P<new>\w+?)_INSTEAD_OF_(?P<name>\w+?)__")
"""The names that asterisk/astmm.h and asterisk/utils.h give to forbidden functions of the C library."""
_INSIDE = re.compile(r"^(?P<file>[^\s:][^:\n]*): In (?:\w+ )*function ['\u2018](?P<function>\w+)", re.MULTILINE)
"""The line in which gcc names the function of an error."""
_COMMON = frozenset(
    {"config.h", "version.h", "common.h", "debug.h", "error.h", "log.h", "types.h", "util.h", "utils.h"}
)
"""Headers that so many packages have that a bare name tells nothing."""
_ABSENT = re.compile(r"'?(?P<name>[^\s':]+\.h(?:h|pp|xx)?)'?(?:: No such file.*| file not found)")
_UNDECLARED = re.compile(
    r"(?:implicit declaration of|call to undeclared) function ['\u2018](?P<called>\w+)|"
    r"undeclared identifier '(?P<named>\w+)|['\u2018](?P<used>\w+)['\u2019] undeclared"
)
"""What gcc and clang say of a name that no header declares."""


def explained(top: Path, failure: Failure) -> Failure:
    """A compile failure with cause and cure added when a missing header or the order of headers is the reason.

    Every other failure is returned unchanged.

    Args:
        top: the repository.
        failure: the failure that the compiler reported.
    """
    waiting = _unconfigured(top, failure)
    if waiting:
        return waiting
    name = absent(failure)
    return _absent_header(top, failure, name) if name else _with_change(top, _of_asterisk_h(top, failure))


def _unconfigured(top: Path, failure: Failure) -> Failure | None:
    """The failure of a source in a repository whose own configure has not been run; None for every other failure."""
    fault = failure.fault
    found = (configured_header.unmade(top, source) for source in _own_sources(failure))
    header = next(filter(None, found), None)
    if header is None:
        return None
    what = (
        f"module {failure.unit} does not compile: {header.path} is not there, which this repository's configure makes"
    )
    told = replace(fault, what=what, cure=f"{header.cure(top)}, then build again\n    {fault.cure}")
    return replace(failure, fault=told)


def _with_change(top: Path, failure: Failure) -> Failure:
    """A failure for a name that is not declared, with where it is to be had; any other one as it is.

    Newer branches of Asterisk lack some names; others the repository's own build defines, or adds to Asterisk.
    """
    names = (match for line in (failure.fault.why, *failure.excerpt) for match in _UNDECLARED.finditer(line))
    for name in dict.fromkeys(match[match.lastgroup or 0] for match in names):
        if told := advice.cure(name):
            return replace(failure, fault=replace(failure.fault, cure=f"{told}\n    {failure.fault.cure}"))
        if of_build := _of_the_build(top, failure, name):
            return of_build
    return failure


def _of_the_build(top: Path, failure: Failure, name: str) -> Failure | None:
    """The failure for a name that the repository's own build defines or adds to Asterisk; None for another one."""
    for source in _own_sources(failure):
        if found := repository_builds.definition(top, name, source):
            why = f"{failure.fault.why}: {found.where} defines it for this repository's own build"
            if found.flag:
                return _with_cflags(failure, found.flag, why)
            cure = f"define it in cflags below [modules.{failure.unit}] in {SETTINGS}"
            return replace(failure, fault=replace(failure.fault, why=why, cure=f"{cure}\n    {failure.fault.cure}"))
    found = repository_builds.patch(top, name) if name.lower().startswith("ast") else None
    return _with_patch(failure, found) if found else None


def _with_patch(failure: Failure, found: Found) -> Failure:
    """The failure with the patch of the repository that adds what is missing to Asterisk."""
    why = f"{failure.fault.why}: {found.where} adds it to Asterisk"
    cure = f"build with --target for the sources of an Asterisk with that patch\n    {failure.fault.cure}"
    return replace(failure, fault=replace(failure.fault, why=why, cure=cure))


def _own_sources(failure: Failure) -> list[str]:
    """The files of the repository that an error is in, or is reached from."""
    fault = failure.fault
    said = "\n".join((fault.what, fault.why, *failure.excerpt))
    named = [*_FROM.findall(said), fault.place.file if fault.place else ""]
    return [source for source in dict.fromkeys(named) if source and not os.path.isabs(source)]


def _absent_header(top: Path, failure: Failure, name: str) -> Failure:
    fault = failure.fault
    place = _elsewhere(top, name)
    if place is not None:
        told = _with_cflags(failure, f"-I{place or '.'}", f"it lies in {_joined(place, name)}")
        what = f"module {failure.unit} does not compile: there is no {name} where headers are looked for"
        return replace(told, fault=replace(told.fault, what=what))
    lying = sorted(forwarded_headers.lying(top, name)) if name.startswith("asterisk/") else []
    if len(lying) > 1:
        what = f"module {failure.unit} does not compile: there is no {name} where headers are looked for"
        why, cure = f"{both(lying)} have its name", f"copy the one that is meant to include/{name}"
        return replace(failure, fault=replace(fault, what=what, why=why, cure=cure))
    if made := _made(top, failure, name):
        return made
    hint = _branches(name) if name.startswith("asterisk/") else _installed(failure, name) or _package(name)
    if isinstance(hint, Failure):
        return hint
    if not hint:
        return failure
    return replace(failure, fault=replace(fault, cure=f"{hint}\n    {fault.cure}"))


def _made(top: Path, failure: Failure, name: str) -> Failure | None:
    """The failure for a header that the repository's own build makes or adds to Asterisk; None for another one."""
    if name.startswith("asterisk/"):
        found = repository_builds.patch(top, name)
        return _with_patch(failure, found) if found else None
    for source in _own_sources(failure):
        if found := repository_builds.maker(top, name, source):
            what = f"module {failure.unit} does not compile: there is no {name}"
            why = f"{found.where} makes it, which is this repository's own build"
            return replace(
                failure, fault=replace(failure.fault, what=what, why=why, cure=f"{found.cure}, then build again")
            )
    return None


def _with_cflags(failure: Failure, flag: str, why: str) -> Failure:
    """The failure with the cure of adding a compiler flag to the module's settings."""
    cure = f'write cflags = "{flag}" below [modules.{failure.unit}] in {SETTINGS}'
    added = (Setting(failure.unit, "cflags", tuple(flag.split())),)
    return replace(failure, fault=replace(failure.fault, why=why, cure=cure, settings=added))


def _installed(failure: Failure, name: str) -> Failure | None:
    """The failure for a header that is installed in a package's own directory; None for every other header."""
    for path in sorted(SYSTEM.glob(f"*/{name}")) if name not in _COMMON else ():
        place = path.parents[name.count("/")]
        package = next((each for each in packages.names() if each == place.name), "")
        if not package:
            return _with_cflags(failure, f"-I{place}", f"{name} lies in {place}")
        cure = f'write packages = ["{package}"] below [modules.{failure.unit}] in {SETTINGS}'
        added = (Setting(failure.unit, "packages", (package,)),)
        return replace(failure, fault=replace(failure.fault, why=f"{name} lies in {place}", cure=cure, settings=added))
    return None


def _of_asterisk_h(top: Path, failure: Failure) -> Failure:
    """The failure of a source that includes asterisk.h after other Asterisk headers or before headers of the system."""
    said = "\n".join((failure.fault.what, failure.fault.why, *failure.excerpt))
    replaced = _REPLACED.search(said)
    if replaced and (own := _caller(top, said, replaced["name"])):
        return _of_replaced_call(failure, own, replaced["name"], replaced["new"])
    if forbidden := _FORBIDDEN.search(said):
        if own := _caller(top, said, forbidden["name"]):
            return _of_own_call(failure, own, forbidden["name"])
        why = "a header that is included behind asterisk.h calls functions of the C library that Asterisk replaces"
        return _with_cflags(failure, "-DASTMM_LIBC=ASTMM_IGNORE", why)
    source = next(reversed(_FROM.findall(said)), "")
    if not source or "/asterisk/" not in str(failure.fault.place) or not _is_first(top / source):
        return failure
    return _with_cflags(failure, "-include asterisk.h", f"{source} includes a header of Asterisk before asterisk.h")


def _caller(top: Path, said: str, name: str) -> Place | None:
    """The line of the repository that calls a function of the C library; None when a header of somebody else does."""
    inside = _INSIDE.search(said)
    path = top / inside["file"] if inside and not os.path.isabs(inside["file"]) else None
    if inside is None or path is None or not path.is_file():
        return None
    text = files.read_text(path)
    start = re.search(rf"\b{inside['function']}\s*\([^;]*?\{{", text)
    call = re.compile(rf"\b{name}\s*\(").search(text, start.end() if start else 0)
    return Place(inside["file"], text.count("\n", 0, call.start()) + 1) if call else None


def _of_own_call(failure: Failure, place: Place, name: str) -> Failure:
    """The failure of a source that itself calls a function of the C library that Asterisk replaces."""
    told = _with_cflags(failure, "-DASTMM_LIBC=ASTMM_IGNORE", f"it calls {name}(), which Asterisk replaces")
    theirs = ", or ast_std_free() for memory that a library has allocated" if name == "free" else ""
    cure = f"call ast_{name}(){theirs}; or {told.fault.cure}"
    return replace(told, fault=replace(told.fault, place=place, cure=cure))


def _of_replaced_call(failure: Failure, place: Place, name: str, new: str) -> Failure:
    """The failure of a source that calls a function of the C library which is not safe between threads."""
    fault = failure.fault
    what = f"module {failure.unit} does not compile"
    why = f"it calls {name}(), which Asterisk forbids: threads disturb each other's calls"
    return replace(
        failure, fault=replace(fault, what=what, place=place, why=why, cure=f"call {new}()\n    {fault.cure}")
    )


def _is_first(source: Path) -> bool:
    """Whether the first header of Asterisk that a source includes is not asterisk.h."""
    try:
        first = _OF_ASTERISK.search(files.read_text(source))
    except AsterismError:
        return False
    return first is not None and first["name"] != ".h"


def absent(failure: Failure) -> str:
    """The name of the header that a compiler did not find; empty when the failure has another reason."""
    found = _ABSENT.search(f"{failure.fault.why}") or _ABSENT.search(failure.excerpt[-1] if failure.excerpt else "")
    lines = (match for line in failure.excerpt if (match := _ABSENT.search(line)))
    return found["name"] if (found := found or next(lines, None)) else ""


def _joined(place: str, name: str) -> str:
    return f"{place}/{name}" if place else name


def _elsewhere(top: Path, name: str) -> str | None:
    """The directory of a repository in which a header lies under the included name; None when no directory has it."""
    for place in module_files.directories(top):
        if (top / place / name).is_file():
            return place
    return None


def _branches(name: str) -> str:
    """The branches of Asterisk that have a header; empty when the newest branch has it or none does."""
    span = known_names.find(Path(name).stem, ["header"])
    return f"{known_names.words(span)} had it" if span and not span.endswith(known_names.BRANCHES[-1]) else ""


def _package(name: str) -> str:
    """The package that installs a library's header, as an install command; empty when unknown."""
    system = host_system()
    for key, row in _table().items():
        if name == key or (key.endswith("/") and name.startswith(key)):
            install = f"try '{known_libraries.INSTALL[system]} {row[system]}'" if system in row else ""
            return "; ".join(filter(None, (install, row.get("note", ""))))
    return next(_of_probes(name), "")


def _of_probes(name: str) -> Iterator[str]:
    """Package hints of the libraries that configure finds by this header."""
    for library, probe in load_table().items():
        if name in probe.headers and (hint := package_hint([library])):
            yield hint


@functools.cache
def _table() -> Mapping[str, Mapping[str, str]]:
    return toml_table(files.read_text(Path(__file__).with_name("library_headers.toml")))
