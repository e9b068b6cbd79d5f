"""Make an RPM package with rpmbuild from a generated spec file."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from asterism import files
from asterism.errors import AsterismError, Collector, Fault
from buildsys.packages.contents import About, Contents, copy_files
from buildsys.settled import toolchain

_SPEC = """\
%global debug_package %{{nil}}
%global _build_id_links none
%global clamp_mtime_to_source_date_epoch 1
%global _buildhost localhost
Name: {name}
Version: {version}
Release: {release}
Summary: {summary}
License: GPL-2.0-or-later
{maintainer}{architecture}Requires: {abi}

%description
{sentence}

%install
cp -a {root}/. %{{buildroot}}/

%files
%defattr(-,root,root,-)
{files}
"""


def check(about: About) -> None:
    """Check the metadata and rpmbuild before anything is built.

    Raises:
        AsterismError: with a fault for everything that is missing or invalid.
    """
    faults = Collector()
    if toolchain.which("rpmbuild") is None:
        cure = "dnf install rpm-build; apt install rpm"
        faults.add(Fault("rpmbuild, which makes RPM packages, is not installed", cure=cure, code="no-tool"))
    if not about.version.replace("-", "").replace(".", "").replace("~", "").isalnum() or about.version.count("-") > 1:
        cure = "a version is VERSION or VERSION-RELEASE: 1.0, 1.0-1"
        faults.add(Fault(f"'{about.version}' is not a version of an RPM package", cure=cure, code="bad-version"))
    faults.check()


def build(contents: Contents, about: About, scratch: Path, output: Path) -> Path:
    """Make the package; returns its path.

    Args:
        contents: the files of the package.
        about: the metadata of the package.
        scratch: a directory to work in; its content is removed first.
        output: the directory for the package.

    Raises:
        AsterismError: a path cannot be written in a spec file, or rpmbuild fails.
    """
    check(about)
    shutil.rmtree(scratch, ignore_errors=True)
    root = scratch / "root"
    copy_files(contents, root, 0o755)
    spec = scratch / "package.spec"
    files.write(spec, spec_text(contents, about, root))
    os.environ.setdefault("SOURCE_DATE_EPOCH", str(contents.newest))
    defines = {
        "_topdir": scratch / "top",
        "_rpmdir": scratch / "rpms",
        "use_source_date_epoch_as_buildtime": 1,
        "build_mtime_policy": "clamp_to_source_date_epoch",
    }
    words = [word for name, value in defines.items() for word in ("--define", f"{name} {value}")]
    ran = toolchain.run(["rpmbuild", "-bb", "--quiet", *words, str(spec)])
    made = sorted((scratch / "rpms").rglob("*.rpm"))
    if not ran.is_good or not made:
        raise AsterismError(Fault("rpmbuild failed", why=ran.complaint.strip(), code="tool-failed"))
    return Path(shutil.copy(made[0], output / made[0].name))


def spec_text(contents: Contents, about: About, root: Path) -> str:
    """The text of the spec file.

    Raises:
        AsterismError: a path has a character with a special meaning in spec files.
    """
    paths = [each.path for each in contents.files]
    odd = [path for path in (str(root), *paths) if not _is_plain(path)]
    if odd:
        cure = "rename it: letters, digits and '._+-' only"
        raise AsterismError(*(Fault(f"an RPM package cannot have '{path}'", cure=cure, code="path") for path in odd))
    version, _, release = about.version.partition("-")
    listed = [f"{'%config(noreplace) ' if each.is_config else ''}{each.path}" for each in contents.files]
    return _SPEC.format(
        name=about.name,
        version=version,
        release=release or "1",
        summary=_one_line(about.summary),
        maintainer=f"Packager: {_one_line(about.maintainer)}\n" if about.maintainer else "",
        architecture="" if contents.has_binaries else "BuildArch: noarch\n",
        abi=contents.abi,
        sentence=contents.sentence.replace("\n ", "\n"),
        root=root,
        files="\n".join(listed),
    )


def _is_plain(path: str) -> bool:
    return all(letter.isalnum() or letter in "/._+-" for letter in path)


def _one_line(text: str) -> str:
    """A text in one line with macros escaped, so that it cannot begin another field."""
    return " ".join(text.split()).replace("%", "%%")
