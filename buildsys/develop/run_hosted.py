"""``asterism run --modules DIR``: a console with the modules of a real Asterisk, and stand-ins for what is not here."""

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
"""The directories that are not below the place of the host."""


def prepare(modules: Path, base: Facts, config: Path | None = None) -> Path:
    """Make the place in which the installed program runs the modules of a directory.

    What the program writes goes there: a directory of the user's cache, which is named after the module directory.

    Args:
        modules: the module directory of an Asterisk.
        base: the installed tree.
        config: a directory with the .conf files for the modules; by default there are none, and all modules are loaded.

    Returns:
        The asterisk.conf to start the installed program with.

    Raises:
        AsterismError: there are no modules in the directory, or no such configuration, or no installed program.
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
    """The directory with the .conf files."""
    if given is None:
        made = place / "etc"
        files.write(made / MODULES_CONF, "[modules]\nautoload = yes\n")
        return made
    if not given.is_dir():
        raise AsterismError(Fault("there is no such directory", Place(str(given)), "", "", "no-such-file"))
    return given.resolve()
