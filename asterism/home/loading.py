"""Functions named as ``package.module:function``, imported when they are needed."""

from __future__ import annotations

import os
import sys

from asterism.errors import AsterismError, Fault, Place
from asterism.values import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_PACKAGES = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
"""The directory that contains all packages of Asterism."""


def by_name(entry: str) -> Callable[..., Any]:
    """Import and return the function that ``package.module:function`` names.

    Raises:
        AsterismError: a foreign package hides the package of Asterism with the same name.
    """
    module, _, function = entry.partition(":")
    package = module.partition(".")[0]
    try:
        # importlib.import_module is not used, since its package takes a tenth of a bare start.
        __import__(module)
    except ImportError:
        check(package)
        raise
    loaded: Callable[..., Any] = getattr(sys.modules[module], function)
    return loaded


def check(package: str) -> None:
    """Refuse a foreign package that hides Asterism's package of the same name.

    Raises:
        AsterismError: such a package was imported.
    """
    found = getattr(sys.modules.get(package), "__file__", None)
    if found is None or os.path.dirname(os.path.dirname(os.path.realpath(found))) == _PACKAGES:
        return
    raise AsterismError(
        Fault(
            f"another package is named '{package}', and Python finds it before Asterism's",
            Place(found),
            f"Asterism's is in {_PACKAGES}",
            "install Asterism into an environment of its own: pipx install asterism",
            "hidden-package",
        )
    )
