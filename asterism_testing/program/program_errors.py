"""The faults of a program under test, as exceptions that fail or skip a test."""

from __future__ import annotations


class RunningError(Exception):
    """The base of the faults of a running asterism."""


class NotStartedError(RunningError):
    """The program ended before it was ready, or took too long to start."""


class CommandError(RunningError):
    """A command failed."""


class CrashedError(RunningError):
    """The program ended while the test needed it, or ended with a fault."""


class HangingError(RunningError):
    """The program did not answer in time, and was killed."""


class UnsupportedError(RunningError):
    """The program lacks the feature that was used; the test is skipped."""
