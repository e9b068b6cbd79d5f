"""Headers of Asterisk that Asterism lacks: the content of each, why it is missing, what to use instead."""

from __future__ import annotations

import functools

from asterism.branches import core_names
from asterism.names import akin, suggestion
from asterism.values import TYPE_CHECKING, dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Header:
    """A header of Asterisk that Asterism lacks: ``asterisk/NAME.h``."""

    name: str
    holds: str
    """The content of the header in a few words; empty when unknown."""
    why: str = ""
    """The reason why it is missing."""
    cure: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """The table of known headers."""

    headers: dict[str, Header]
    names: dict[str, str]
    """Prefixes of the names of functions, and the header that declares those."""

    def of_symbol(self, symbol: str) -> Header | None:
        """The header that declares a function, by the longest known prefix; None for other names."""
        bare = symbol.lstrip("_")
        best = max((begin for begin in self.names if bare.startswith(begin)), key=len, default="")
        return self.headers.get(self.names[best]) if best else None


@functools.cache
def load() -> Table:
    """Read ``headers.toml`` beside this file."""
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
    """The reason why ``asterisk/NAME.h`` is missing, and the cure: a similar header that exists, or a replacement.

    Args:
        name: the header without directory and suffix: ``dsp``.
        present: the headers that exist, in the same form.
    """
    found = load().headers.get(name)
    if found is not None:
        return f"in Asterisk it holds {found.holds}: {found.why}", found.cure
    near = [f"asterisk/{other}.h" for other in akin(name, present)]
    cure = suggestion(near) or "docs/modules.md lists those that are there"
    return "no header of Asterisk that is known here has that name", cure


@functools.cache
def declaring(symbol: str) -> Header | None:
    """The missing header of Asterisk that declares a name; None when unknown."""
    known = core_names.load().get(symbol)
    exact = load().headers.get(known.header.removesuffix(".h")) if known else None
    return exact or load().of_symbol(symbol)
