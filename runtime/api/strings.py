"""asterisk/strings.h: the texts for yes and no; the rest of the header is in C."""

from __future__ import annotations

from asterism.values import TYPE_CHECKING
from runtime.api import text
from runtime.api.export import exported

if TYPE_CHECKING:
    from typing import Any

YES = frozenset({"yes", "true", "y", "t", "1", "on"})
NO = frozenset({"no", "false", "n", "f", "0", "off"})


@exported("int ast_true(const char *val)", failure=0)
def ast_true(val: Any) -> int:
    """-1 when the text means yes, otherwise 0."""
    return -(text(val).lower() in YES)


@exported("int ast_false(const char *val)", failure=0)
def ast_false(val: Any) -> int:
    """-1 when the text means no, otherwise 0."""
    return -(text(val).lower() in NO)
