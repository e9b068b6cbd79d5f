"""The environment variables by which ``asterism test`` tells the pytest plugin what to run."""

from __future__ import annotations

PROGRAM = "ASTERISM_PROGRAM"
"""The path of the installed program."""
MODULES = "ASTERISM_MODULES"
"""The directories of modules, separated by colons."""
ENVIRONMENT = "ASTERISM_ENVIRONMENT"
"""Further environment variables of the program, as JSON."""
TARGET = "ASTERISM_TARGET"
"""The real Asterisk that tests run in, as JSON; not set when they run in an asterism."""
