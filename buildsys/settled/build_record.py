"""The record of the last build, ``build/built.json``, which the installer reads."""

from __future__ import annotations

import json

from asterism import files
from asterism.errors import AsterismError, Fault, Place
from asterism.parsing import json_value
from asterism.tree import Tree
from asterism.values import dataclass


@dataclass(frozen=True, slots=True)
class Built:
    """The modules built without a fault, and the options they were built with."""

    products: tuple[str, ...]
    """The built modules, as paths relative to the tree."""
    options: tuple[str, ...] = ()
    """The selected build options."""


def save(tree: Tree, built: Built) -> None:
    """Write the record of a build."""
    text = json.dumps({"products": built.products, "options": built.options}, indent=1) + "\n"
    files.write(tree.built, text)


def load(tree: Tree) -> Built:
    """Read the record of the last build.

    Raises:
        AsterismError: the tree has not been built, or the file is damaged.
    """
    path = tree.built
    if not path.exists():
        raise AsterismError(
            Fault(
                "nothing is built here yet",
                Place(str(tree)),
                "",
                "run make first; 'asterism build' for modules of your own",
                "not-built",
            )
        )
    try:
        data = json_value(files.read_text(path))
        return Built(tuple(map(str, data["products"])), tuple(map(str, data["options"])))
    except (ValueError, KeyError, TypeError) as error:
        fault = Fault(
            "it is damaged", Place(str(path)), why=str(error), cure="run make clean, then make", code="damaged"
        )
        raise AsterismError(fault) from None
