"""``-C DIR``: the option of a verb to work in another directory, as of make, git and ninja."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence

from asterism.errors import AsterismError, Fault

_NAMES = ("-C", "--directory")


class _Enter(argparse.Action):
    """Changes the directory of the process at once: whatever else the command line names is relative to it."""

    def __call__(
        self,
        _parser: argparse.ArgumentParser,
        _namespace: argparse.Namespace,
        values: str | Sequence[object] | None,
        _option: str | None = None,
    ) -> None:
        try:
            os.chdir(str(values))
        except OSError as error:
            why = (error.strerror or "").lower()
            raise AsterismError(
                Fault(f"cannot enter the directory '{values}'", None, why, "check the path", "no-tree"), status=2
            ) from None


def add(parser: argparse.ArgumentParser, *names: str) -> None:
    """Give the parser of a verb ``-C DIR``.

    Args:
        parser: the parser.
        names: the names of the option when ``-C`` means something else to the verb.
    """
    parser.add_argument(
        *(names or _NAMES), action=_Enter, metavar="DIR", default=argparse.SUPPRESS, help="work in DIR, not here"
    )


def named(words: Sequence[str]) -> str:
    """The directory that the words of a verb name with ``-C``; the current one when they name none."""
    found = [words[number + 1] for number, word in enumerate(words[:-1]) if word in _NAMES]
    return found[0] if found and os.path.isdir(found[0]) else os.getcwd()
