"""The variables by which ``asterism test`` tells the plugin of pytest what to run."""

from __future__ import annotations

PROGRAM = "ASTERISM_PROGRAM"
"""The installed program."""
MODULES = "ASTERISM_MODULES"
"""Directories of modules, with colons between."""
ENVIRONMENT = "ASTERISM_ENVIRONMENT"
"""Variables that the program sees, as JSON."""
TARGET = "ASTERISM_TARGET"
"""The real Asterisk that tests run in, as JSON; missing when they run in an asterism."""
