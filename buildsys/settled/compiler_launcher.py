"""Compiler launchers, programs put before a compiler: caches (ccache) and clients of build farms (distcc, icecc)."""

from __future__ import annotations

import os

from asterism.errors import AsterismError, Fault
from asterism.numbers import INT, number
from asterism.values import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

VARIABLE = "ASTERISM_LAUNCHER"
"""The environment variable with the launcher's words, which precede each compiler. The shell of ninja splits it."""

CACHE = "ccache"
KNOWN = (CACHE, "distcc", "icecc", "sccache")
"""The launchers that Debian packages under their own names."""
ROOTS = {CACHE: "CCACHE_BASEDIR", "sccache": "SCCACHE_BASEDIRS", "recc": "RECC_PROJECT_ROOT"}
"""For each launcher, the variable with the directory whose paths it makes relative, so that clones share results."""
SLOPPY = "CCACHE_SLOPPINESS=${CCACHE_SLOPPINESS:+$CCACHE_SLOPPINESS,}pch_defines,time_macros"
"""An assignment in the shell, without which ccache caches nothing that reads a precompiled header.

``time_macros`` has no effect on the core, whose sources do not use ``__DATE__`` and ``__TIME__``.
"""
REMOTE = ("icecc", "recc")
"""Clients of build farms that do not tell how many compilations their farm takes."""
_FOR_EACH = 4
"""The number of compilations for each processor with a launcher of :data:`REMOTE`."""
_PLAIN = frozenset("_/.+,:=-")
"""The characters of a launcher's words besides letters and digits."""


def find(text: str) -> tuple[str, ...]:
    """Split a launcher's command line into words, and check it.

    Raises:
        AsterismError: the program is not found, or a word contains characters that a shell would interpret.
    """
    if not text.strip():
        return ()
    from buildsys.settled.toolchain import which, words  # 20 ms, and most builds have no launcher

    named = words(text, "the launcher")
    strange = next((word for word in named if not all(char.isalnum() or char in _PLAIN for char in word)), None)
    if strange is not None:
        cure = "link it to a name of letters, digits and '/._+,:=-'"
        raise AsterismError(Fault(f"'{strange}' cannot be part of a launcher", cure=cure, code="bad-launcher"))
    if named and which(named[0]) is None:
        how = f" ('apt install {named[0]}' on Debian or Ubuntu)" if named[0] in KNOWN else ""
        cure = f"install it{how}, or do without --launcher"
        raise AsterismError(Fault(f"the launcher '{named[0]}' was not found", cure=cure, code="no-launcher"))
    return named


def environment(launcher: Sequence[str], tree: str | os.PathLike[str], given: Mapping[str, str]) -> dict[str, str]:
    """The environment variables of a build for its launchers; variables already set by the user are kept.

    ccache takes the next word for the compiler, so in ``ccache distcc`` the second word goes into CCACHE_PREFIX. Paths
    inside of the tree are made relative before the look-up. The directory of the tree stays in the cache key, or debug
    information would lead into the clone that compiled first; ``CCACHE_NOHASHDIR=1`` removes it from the key.
    """
    roots = {ROOTS[name]: os.fspath(tree) for name in map(_name, launcher) if name in ROOTS}
    is_cached = bool(launcher) and _name(launcher[0]) == CACHE
    behind = " ".join(launcher[1:]) if is_cached else ""
    wanted = roots | ({"CCACHE_PREFIX": behind} if behind else {})
    said = launcher[0] if is_cached else " ".join(launcher)
    return {VARIABLE: said} | {name: value for name, value in wanted.items() if name not in given}


def jobs(launcher: Sequence[str]) -> int:
    """The number of parallel compilations for a launcher; 0 for as many as this machine has processors.

    ``distcc -j`` reports it. The clients of farms that have no such question, ``icecc`` and ``recc``, wait for other
    machines most of the time, so several compilations run for each processor.
    """
    farm = next((word for word in launcher if _name(word) == "distcc"), "")
    if not farm:
        return _FOR_EACH * (os.cpu_count() or 1) if any(_name(word) in REMOTE for word in launcher) else 0
    import subprocess  # 10 ms, and only a build farm is asked

    try:
        said = subprocess.run([farm, "-j"], capture_output=True, text=True, timeout=10, check=False).stdout.strip()
    except (OSError, subprocess.TimeoutExpired):
        return 0
    return number(said, 0, INT) or 0


def _name(word: str) -> str:
    return os.path.basename(word)
