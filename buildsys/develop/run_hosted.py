"""``asterism run --modules DIR``: a console with modules of a real Asterisk, and stand-ins for missing functions."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from asterism import files
from asterism.errors import AsterismError, Fault, Place
from asterism.home import user_directories
from buildsys.develop import sandbox
from buildsys.settled.tree_facts import Facts

CONF = "asterisk.conf"
MODULES_CONF = "modules.conf"
OF_THE_HOST = ("astmoddir", "astetcdir")
"""The directories that do not lie in the host's own directory."""


def prepare(modules: Path, base: Facts, config: Path | None = None) -> Path:
    """Write the directory in which the installed program runs the modules of an Asterisk.

    Files that the program writes go there: a directory of the user's cache, named after the module directory.

    Args:
        modules: the module directory of an Asterisk.
        base: the installed tree.
        config: a directory with .conf files for the modules; None to load all modules without configuration.

    Returns:
        The path of the asterisk.conf for the installed program.

    Raises:
        AsterismError: the directory has no modules, ``config`` does not exist, or no program is installed.
    """
    sandbox.require_program(base)
    top = modules.resolve()
    if not any(top.glob("*.so")):
        cure = "name the module directory of an Asterisk, such as /usr/lib/asterisk/modules"
        raise AsterismError(Fault("there are no modules (*.so)", Place(str(modules)), "", cure, "no-modules"))
    place = Path(
        user_directories.directory("XDG_CACHE_HOME"), "hosted", hashlib.sha256(os.fsencode(top)).hexdigest()[:12]
    )
    own = {"astmoddir": top, "astetcdir": _configuration(place, config), "astrundir": place / "socket"}
    directories = own | dict.fromkeys(sandbox.OF_THE_SANDBOX, place / "var")
    for name, path in directories.items():
        if name not in OF_THE_HOST:
            path.mkdir(parents=True, exist_ok=True)
    lines = [
        "[directories]",
        *(f"{name} => {path}" for name, path in directories.items()),
        "[options]",
        "standins = yes",
    ]
    conf = place / CONF
    files.write(conf, "\n".join(lines) + "\n")
    return conf


def _configuration(place: Path, given: Path | None) -> Path:
    """The directory with the .conf files: the given one, or one whose modules.conf loads all modules."""
    if given is None:
        made = place / "etc"
        files.write(made / MODULES_CONF, "[modules]\nautoload = yes\n")
        return made
    if not given.is_dir():
        raise AsterismError(Fault("no such directory", Place(str(given)), "", "", "no-such-file"))
    return given.resolve()
