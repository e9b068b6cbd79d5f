"""Headers of Asterisk that are not here: what each holds, why it is missing, what to do instead."""

from __future__ import annotations

import functools

from asterism.branches import core_names
from asterism.names import akin
from asterism.values import TYPE_CHECKING, dataclass
from asterism.words import either

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Header:
    """A header of Asterisk, as ``asterisk/NAME.h``."""

    name: str
    holds: str
    """What it is about, in a few words; empty when that is not known."""
    why: str = ""
    """Why it is not here."""
    cure: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """What is known of headers."""

    headers: dict[str, Header]
    names: dict[str, str]
    """Beginnings of the names of functions, and the header that declares them."""

    def of_symbol(self, symbol: str) -> Header | None:
        """The header that declares a function, as far as its name tells."""
        bare = symbol.lstrip("_")
        best = max((begin for begin in self.names if bare.startswith(begin)), key=len, default="")
        return self.headers.get(self.names[best]) if best else None


@functools.cache
def load() -> Table:
    """Read ``headers.toml``, which stands beside this file."""
    import tomllib  # 7 ms: only a mistake needs it
    from pathlib import Path  # 8 ms: only a mistake needs it

    data = tomllib.loads(Path(__file__).with_name("headers.toml").read_text(encoding="utf-8"))
    known = {
        name: Header(name, holds, part["why"], part["cure"])
        for part in data["part"]
        for name, holds in part["headers"].items()
    }
    return Table(known, data["names"])


def why_absent(name: str, present: Iterable[str]) -> tuple[str, str]:
    """Why there is no ``asterisk/NAME.h``, and what to do: the nearest that is there, or what serves instead.

    Args:
        name: without directory and suffix: ``dsp``.
        present: the headers that are there, in the same form.
    """
    found = load().headers.get(name)
    if found is not None:
        return f"in Asterisk it holds {found.holds}: {found.why}", found.cure
    near = [f"asterisk/{other}.h" for other in akin(name, present)]
    cure = f"did you mean {either(near)}?" if near else "docs/modules.md lists those that are there"
    return "no header of Asterisk that is known here has that name", cure


@functools.cache
def declaring(symbol: str) -> Header | None:
    """The header of Asterisk that declares a name and is not here, as far as it is known."""
    known = core_names.load().get(symbol)
    exact = load().headers.get(known.header.removesuffix(".h")) if known else None
    return exact or load().of_symbol(symbol)
