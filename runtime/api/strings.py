"""asterisk/strings.h: yes and no; everything else of that header is C."""

from __future__ import annotations

from typing import Any

from runtime.api import text
from runtime.api.export import exported

YES = frozenset({"yes", "true", "y", "t", "1", "on"})
NO = frozenset({"no", "false", "n", "f", "0", "off"})


@exported("int ast_true(const char *val)", failure=0)
def ast_true(val: Any) -> int:
    """-1 when the text says yes."""
    return -(text(val).lower() in YES)


@exported("int ast_false(const char *val)", failure=0)
def ast_false(val: Any) -> int:
    """-1 when the text says no."""
    return -(text(val).lower() in NO)
