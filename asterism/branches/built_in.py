"""The parts of Asterisk's program that it lists as modules: modules may require them, and they have no file."""

from __future__ import annotations

NAMES = frozenset(
    (
        "acl",
        "ccss",
        "cdr",
        "cel",
        "dnsmgr",
        "dsp",
        "enum",
        "extconfig",
        "features",
        "http",
        "indications",
        "logger",
        "manager",
        "plc",
        "sounds",
        "udptl",
    )
)
"""The names of the parts, which every branch since 16 has: ``AST_MODULE_INFO`` in main/*.c."""
OURS = frozenset(("cdr", "cel", "extconfig", "features", "logger", "manager"))
"""The parts that Asterism's program has, too."""
