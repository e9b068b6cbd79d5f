"""Make a Debian package with dpkg-deb; the same sources give identical bytes on every machine."""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import shutil
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from asterism import files
from asterism.errors import AsterismError, Collector, Fault
from buildsys.packages.contents import About, Contents, copy_files
from buildsys.settled import toolchain

TOOLS = {"dpkg-deb": "dpkg", "dpkg": "dpkg", "dpkg-shlibdeps": "dpkg-dev", "strip": "binutils"}
"""The programs that make a package, each with the Debian package that contains it."""


def check(about: About) -> None:
    """Check the metadata and the tools before anything is built.

    Raises:
        AsterismError: with a fault for everything that is missing or invalid.
    """
    faults = Collector()
    missing = sorted({package for tool, package in TOOLS.items() if toolchain.which(tool) is None})
    if missing:
        cure = f"apt install {' '.join(missing)}"
        faults.add(Fault("the tools that make Debian packages are not installed", cure=cure, code="no-tool"))
    if not re.fullmatch(r"[0-9][A-Za-z0-9.+~-]*", about.version):
        cure = "a version begins with a digit: 1.0, 1.0-1"
        faults.add(Fault(f"'{about.version}' is not a version of a Debian package", cure=cure, code="bad-version"))
    if not re.fullmatch(r"[^<>\n]+ <[^<>@\s]+@[^<>@\s]+>", about.maintainer):
        cure = "set DEBFULLNAME and DEBEMAIL, or write --maintainer 'Ann Example <ann@example.org>'"
        faults.add(Fault("the package has no maintainer", cure=cure, code="no-maintainer"))
    faults.check()


def build(contents: Contents, about: About, scratch: Path, output: Path) -> Path:
    """Make the package; returns its path.

    Args:
        contents: the files of the package.
        about: the metadata of the package.
        scratch: a directory to work in; its content is removed first.
        output: the directory for the package.

    Raises:
        AsterismError: a tool fails.
    """
    check(about)
    shutil.rmtree(scratch, ignore_errors=True)
    root, stamp = scratch / "root", _stamp(contents)
    libraries = copy_files(contents, root)
    for library in libraries:
        _strip(library)
    _write_documents(about, root, stamp)
    architecture = _run("dpkg", "--print-architecture").strip() if contents.has_binaries else "all"
    needs = [contents.abi, *_libraries(about, scratch, libraries)]
    _write_control(contents, about, root, architecture, needs)
    _settle(root, stamp)
    made = output / f"{about.name}_{about.version}_{architecture}.deb"
    os.environ["SOURCE_DATE_EPOCH"] = str(stamp)
    _run("dpkg-deb", "--root-owner-group", "-Zxz", "--build", str(root), str(made))
    return made


def _run(*argv: str) -> str:
    ran = toolchain.run(argv)
    if not ran.is_good:
        raise AsterismError(Fault(f"{argv[0]} failed", why=ran.complaint.strip(), code="tool-failed"))
    return ran.output


def _stamp(contents: Contents) -> int:
    """The time of all files in the package: SOURCE_DATE_EPOCH, or the time of the newest file."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    if given.isdigit():
        return int(given)
    return contents.newest


def _strip(library: Path) -> None:
    _run("strip", "--strip-unneeded", "--remove-section=.comment", "--remove-section=.note", str(library))


def _write_documents(about: About, root: Path, stamp: int) -> None:
    """Write the copyright file and the changelog, which every Debian package has."""
    place = root / "usr/share/doc" / about.name
    when = time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime(stamp))
    entry = f"{about.name} ({about.version}) unstable; urgency=medium\n\n  * Build of the modules.\n\n"
    changes = f"{entry} -- {about.maintainer}  {when}\n".encode()
    name = "changelog.Debian.gz" if "-" in about.version else "changelog.gz"
    files.write(place / name, gzip.compress(changes, 9, mtime=0), 0o644)
    licence = (
        "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n\n"
        f"Files: *\nCopyright: {time.gmtime(stamp).tm_year} {about.maintainer}\nLicense: GPL-2\n"
        " The full text of the license is in /usr/share/common-licenses/GPL-2.\n"
    )
    files.write(place / "copyright", licence, 0o644)


def _libraries(about: About, scratch: Path, modules: Sequence[Path]) -> list[str]:
    """The packages of the shared libraries that the modules are linked with, according to dpkg-shlibdeps."""
    if not modules:
        return []
    stub = f"Source: {about.name}\nMaintainer: {about.maintainer}\n\nPackage: {about.name}\nArchitecture: any\n"
    files.write(scratch / "debian/control", stub)
    before = Path.cwd()
    os.chdir(scratch)
    try:
        said = _run("dpkg-shlibdeps", "-O", "--ignore-missing-info", *map(str, modules))
    finally:
        os.chdir(before)
    return [need.strip() for need in said.partition("shlibs:Depends=")[2].split(",") if need.strip()]


def _write_control(contents: Contents, about: About, root: Path, architecture: str, needs: list[str]) -> None:
    size = sum(-(-path.stat().st_size // 1024) for path in root.rglob("*") if path.is_file())
    fields: Mapping[str, object] = {
        "Package": about.name,
        "Version": about.version,
        "Architecture": architecture,
        "Maintainer": about.maintainer,
        "Installed-Size": size,
        "Depends": ", ".join(needs),
        "Section": "comm",
        "Priority": "optional",
        "Description": f"{about.summary}\n {contents.sentence}",
    }
    sums = "".join(
        f"{hashlib.md5(files.read_bytes(path, files.BINARY)).hexdigest()}  {path.relative_to(root)}\n"  # noqa: S324 (dpkg's format)
        for path in sorted(root.rglob("*"))
        if path.is_file()
    )
    control = root / "DEBIAN"
    files.write(control / "control", "".join(f"{name}: {value}\n" for name, value in fields.items()), 0o644)
    files.write(control / "md5sums", sums, 0o644)
    configuration = "".join(f"{each.path}\n" for each in contents.files if each.is_config)
    if configuration:
        files.write(control / "conffiles", configuration, 0o644)


def _settle(root: Path, stamp: int) -> None:
    """Set permissions and time of every file and directory, regardless of the umask."""
    for path in sorted(root.rglob("*"), reverse=True):
        path.chmod(0o755 if path.is_dir() else 0o644)
        os.utime(path, (stamp, stamp))
    root.chmod(0o755)
    os.utime(root, (stamp, stamp))
