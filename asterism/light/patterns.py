"""``pattern``, which is ``re.compile`` at the first use, for patterns at the top of modules that every start imports.

Compiling a pattern takes as long as importing a module of Asterism; a start imports forty patterns and uses five. Type
checkers see :func:`re.compile` itself.
"""

from __future__ import annotations

TYPE_CHECKING = False

if TYPE_CHECKING:
    import re
    from typing import Any


class _Pattern:
    """A regular expression that is compiled when one of its methods is first asked for."""

    def __init__(self, text: str | bytes, flags: int = 0) -> None:
        self._given = text, flags

    def __getattr__(self, name: str) -> Any:
        import re  # 3 ms: only a pattern that is used needs it

        text, flags = self._given
        compiled: re.Pattern[Any] = re.compile(text, flags)
        found = getattr(compiled, name)
        setattr(self, name, found)  # later uses find the method of the compiled pattern in the instance
        return found


if TYPE_CHECKING:
    pattern = re.compile
else:
    pattern = _Pattern
