"""Compile a source for a target, to prove that it fits or to find what is left to do."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

from asterism import files
from asterism.names import as_identifier
from asterism.values import dataclass
from buildsys.compile import asterisk_target
from buildsys.settled.configuration import Configuration
from buildsys.settled.toolchain import run

_STRICT = ("implicit-function-declaration", "int-conversion", "incompatible-pointer-types", "implicit-int")
"""Warnings that newer compilers treat as errors."""
_ERROR = re.compile(r"^[^\n:]*:(?P<line>\d+):(?:\d+:)? (?:fatal )?error: (?P<words>[^\n]*)", re.MULTILINE)
_NAME = re.compile(r"['\u2018](?:struct )?(\w+)['\u2019]")


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """An error of the compiler."""

    line: int
    words: str

    @property
    def names(self) -> tuple[str, ...]:
        """The names that the message quotes."""
        return tuple(_NAME.findall(self.words))


def settled(directory: str) -> Configuration:
    """The command that compiles modules for a target.

    Raises:
        AsterismError: the target has no headers, or no compiler is found.
    """
    return asterisk_target.configuration(asterisk_target.read(directory))


def errors(text: bytes, path: str, how: Configuration) -> list[Diagnostic]:
    """The compiler's errors for a text in the place of a source; no output is written."""
    with tempfile.TemporaryDirectory(prefix="asterism-port-") as scratch:
        source = Path(scratch) / Path(path).name
        files.write(source, text)
        done = run([*_command(path, how), str(source)])
    said = [Diagnostic(int(match["line"]), match["words"]) for match in _ERROR.finditer(done.complaint)]
    return said or ([] if done.is_good else [Diagnostic(0, done.complaint.strip().splitlines()[-1:][0])])


def _command(path: str, how: Configuration) -> Sequence[str]:
    name = as_identifier(Path(path).stem)
    own = [f'-DAST_MODULE="{Path(path).stem}"', f"-DAST_MODULE_SELF_SYM=__internal_{name}_self"]
    libraries = [flag for flags in how.libraries.values() for flag in flags.include]
    strict = [f"-Werror={each}" for each in _STRICT]
    around = ["-iquote", str(Path(path).parent), f"-I{Path(path).parent}", f"-I{how.headers}"]
    return [*how.cc, "-fsyntax-only", "-w", *strict, "-D_GNU_SOURCE", *how.cppflags, *own, *around, *libraries]
