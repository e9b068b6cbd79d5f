"""``asterism package``: make a package of a directory of modules, for a real Asterisk or for Asterism itself."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

from asterism.home import directory_option
from asterism.terminal import data_output
from buildsys.packages import contents, debian, rpm
from menuselect.sources import recognition


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(
        prog="asterism package",
        description="Build the modules of this directory and make a package of them, with the tools of the "
        "distribution. It depends on the build-option sum of the program that is to load them.",
    )
    directory_option.add(made)
    kind = made.add_mutually_exclusive_group(required=True)
    kind.add_argument("--deb", action="store_true", help="make a Debian package, with dpkg-deb")
    kind.add_argument("--rpm", action="store_true", help="make an RPM package, with rpmbuild")
    made.add_argument("--target", default="", metavar="NAME|DIR", help="the real Asterisk they are for; else Asterism")
    made.add_argument("--name", default="", help="the name of the package; after the directory if omitted")
    made.add_argument("--version", default="1.0", help="the version of the package (default: 1.0)")
    made.add_argument("--maintainer", default="", metavar="'NAME <MAIL>'", help="default: DEBFULLNAME and DEBEMAIL")
    made.add_argument("--summary", default="", metavar="TEXT", help="one line that says what the modules are for")
    data_output.add(made, "the path of the package")
    made.add_argument("-o", "--output", default=".", metavar="DIR", help="where the package goes (default: here)")
    return made


def main(words: Sequence[str]) -> int:
    """Serve ``asterism package``."""
    options = parser().parse_args(words)
    if options.json:
        return data_output.told(lambda: _as_data(*_packed(options)))
    made, needed = _packed(options)
    print(f"made {made}\nit depends on {needed}")
    return 0


def _as_data(package: str, depends: str) -> data_output.Data:
    return {"package": package, "depends": depends}


def _packed(options: argparse.Namespace) -> tuple[str, str]:
    """Make the package; returns its path, and the virtual package that it depends on."""
    tree = recognition.here()
    program = "asterisk" if options.target else "asterism"
    maker = debian if options.deb else rpm
    about = contents.About(
        options.name or contents.package_name(program, tree.top.resolve().name),
        options.version,
        options.maintainer or _maintainer(),
        options.summary or f"modules for {program.capitalize()}",
    )
    maker.check(about)
    packed = contents.gather(tree, options.target)
    output = Path(options.output)
    output.mkdir(parents=True, exist_ok=True)
    return str(maker.build(packed, about, tree.build.resolve() / "package", output.resolve())), packed.abi


def _maintainer() -> str:
    name, mail = os.environ.get("DEBFULLNAME", ""), os.environ.get("DEBEMAIL", "")
    return f"{name} <{mail}>" if name and mail else ""
