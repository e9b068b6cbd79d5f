"""Looking up a module's registration and holding the module, in one step; docs/architecture.md has the rule.

The owner of an entry found in a registry may be unloaded at any moment.  Therefore a caller first holds the module, and
passes a function that tests whether the entry is still registered.  Both happen under the loader's lock, which also
guards the closing of a module's door before it is unloaded.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

from asterism.light.types import Protocol


class Holding(Protocol):
    """Keeps a module from being unloaded while its code runs; see :meth:`runtime.loader.loader.Loader.holding`."""

    def __call__(
        self, module: str | None, doing: str, is_there: Callable[[], bool], *, dialplan: bool = False
    ) -> contextlib.AbstractContextManager[bool]:
        """Hold a module while the body runs; yields False when the entry must not be called any more.

        Args:
            module: the module's name; None is the core, which is never unloaded.
            doing: the operation in words, for the journal and the crash handler: ``its command 'x show'``.
            is_there: whether the entry is still registered; called under a lock, so it must not wait.
            dialplan: the entry is an application or a function: it may take unlimited time, and may be called while the
                load callback of its module still runs, as in Asterisk.
        """


@contextlib.contextmanager
def unheld(module: str | None, doing: str, is_there: Callable[[], bool], *, dialplan: bool = False) -> Iterator[bool]:
    """The :class:`Holding` of a core without a loader: modules are never unloaded."""
    del module, doing, dialplan
    yield is_there()


Doing = Callable[[str, str], contextlib.AbstractContextManager[object]]
"""Tells the crash handler what this thread does, and for which module (empty: the core), while the body runs."""


@contextlib.contextmanager
def untold(_module: str, _what: str) -> Iterator[None]:
    """The :data:`Doing` of a core without a crash handler."""
    yield
