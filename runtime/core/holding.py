"""Finding something of a module and holding the module, in one step; docs/architecture.md has the rule.

What is found in a registry belongs to a module that may be unloaded in the next moment.  So whoever wants to call it
holds the module first, and says how to see that the thing is still registered.  Both are looked at under the lock of
the loader that also closes the module's door before it is unloaded.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Protocol


class Holding(Protocol):
    """Keeps a module from being unloaded while its code runs; see :meth:`runtime.loader.loader.Loader.holding`."""

    def __call__(
        self, module: str | None, doing: str, is_there: Callable[[], bool], *, dialplan: bool = False
    ) -> contextlib.AbstractContextManager[bool]:
        """Hold a module while the body runs; gives False when there is nothing to be called any more.

        Args:
            module: its name; None is the core, which nobody unloads.
            doing: what runs, for the journal and the crash handler: ``its command 'x show'``.
            is_there: whether the thing is still registered; called under a lock, so it must not wait.
            dialplan: it is an application or a function: it may take as long as it likes, and may be called while the
                load callback of its module still runs, as in Asterisk.
        """


@contextlib.contextmanager
def unheld(module: str | None, doing: str, is_there: Callable[[], bool], *, dialplan: bool = False) -> Iterator[bool]:
    """Stand in for a loader where there is none: nothing is unloaded."""
    del module, doing, dialplan
    yield is_there()


Doing = Callable[[str, str], contextlib.AbstractContextManager[object]]
"""Tells the crash handler what this thread does, and of which module (empty: the core), while the body runs."""


@contextlib.contextmanager
def untold(_module: str, _what: str) -> Iterator[None]:
    """Stand in for the crash handler where there is none."""
    yield
