"""What the last good build has made: ``build/built.json``, read by whoever installs it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from asterism import files
from asterism.errors import AsterismError, Fault, Place
from asterism.parsing import json_value
from buildsys.settled.configuration import BUILD

FILE = f"{BUILD}/built.json"


@dataclass(frozen=True, slots=True)
class Built:
    """The result of a build in which nothing failed."""

    products: tuple[str, ...]
    """The modules, relative to the tree."""
    options: tuple[str, ...] = ()
    """The build options that were chosen."""


def save(top: Path, built: Built) -> None:
    """Note what was built."""
    text = json.dumps({"products": built.products, "options": built.options}, indent=1) + "\n"
    files.write(top / FILE, text)


def load(top: Path) -> Built:
    """What was built.

    Raises:
        AsterismError: nothing was, or the file is damaged.
    """
    path = top / FILE
    if not path.exists():
        raise AsterismError(
            Fault(
                "nothing is built here yet",
                Place(str(top)),
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
