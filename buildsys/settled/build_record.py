"""What the last good build has made: ``build/built.json``, read by whoever installs it."""

from __future__ import annotations

import json

from asterism import files
from asterism.errors import AsterismError, Fault, Place
from asterism.parsing import json_value
from asterism.tree import Tree
from asterism.values import dataclass


@dataclass(frozen=True, slots=True)
class Built:
    """The result of a build in which nothing failed."""

    products: tuple[str, ...]
    """The modules, relative to the tree."""
    options: tuple[str, ...] = ()
    """The build options that were chosen."""


def save(tree: Tree, built: Built) -> None:
    """Note what was built."""
    text = json.dumps({"products": built.products, "options": built.options}, indent=1) + "\n"
    files.write(tree.built, text)


def load(tree: Tree) -> Built:
    """What was built.

    Raises:
        AsterismError: nothing was, or the file is damaged.
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
