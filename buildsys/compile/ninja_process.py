"""A running ninja: how it is started and interrupted, and what is wrong when it stops by itself.

Plans are made elsewhere: by :mod:`buildsys.compile.ninja_run` for modules, by :mod:`buildsys.adopted` for Asterisk's
own tree.
"""

from __future__ import annotations

import re
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from asterism.errors import Fault, Place
from asterism.tree import Tree
from buildsys.compile import progress
from buildsys.settled import ninja_program, toolchain
from buildsys.settled.toolchain import on_parent_death


@contextmanager
def started(
    tree: Tree, manifest: str, words: Sequence[str], surroundings: Mapping[str, str]
) -> Iterator[subprocess.Popen[str]]:
    """Start ninja on a manifest; it keeps going after a failed step, and is interrupted when the body raises.

    Args:
        tree: the directory in which it runs.
        manifest: the path of the build.ninja.
        words: further options and the targets to build.
        surroundings: the environment variables.

    Raises:
        AsterismError: no usable ninja is found.
    """
    with subprocess.Popen(
        [ninja_program.find(), "-f", manifest, "-k", "0", *words],
        cwd=tree,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="surrogateescape",
        env=surroundings,
        # ninja ends its compilers; each is a process group of its own, which no other signal reaches.
        preexec_fn=on_parent_death(signal.SIGTERM),
    ) as process:
        try:
            yield process
        except BaseException:
            # ninja removes half-written outputs of interrupted commands; wait until it has done so.
            process.send_signal(signal.SIGINT)
            process.wait()
            raise


def ninja_fault(said: Sequence[str], status: int) -> Fault:
    """The fault of a ninja that stopped without a failed step, from its messages."""
    if full := progress.no_room(said):
        return full
    words = "; ".join(said) or toolchain.how_it_ended(status)
    vanished = re.search(r"'([^']+)', needed by '[^']+', missing", words)
    if vanished:
        return Fault("the source no longer exists", Place(vanished[1]), "", "run make again", "no-source")
    return Fault("the build stopped", why=words, cure="build again; what is built stays", code="ninja")
