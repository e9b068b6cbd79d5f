"""Compare a module's MODULEINFO block and documentation with its code."""

from __future__ import annotations

from collections.abc import Iterator

from asterism.errors import Fault, Place
from menuselect.reasons import documentation_check
from menuselect.sources import source_facts
from menuselect.sources.moduleinfo import Block, Element
from menuselect.sources.source_facts import SourceFacts


def faults(text: str, file: str, blocks: tuple[Block, ...], *, is_module: bool) -> Iterator[Fault]:
    """The faults of a source in C or C++.

    Args:
        text: the source.
        file: its name, for the faults.
        blocks: its MODULEINFO blocks.
        is_module: whether it is the main source of a module, not a further one.
    """
    said = source_facts.read(text)
    if is_module and blocks and said.includes and not said.has_info:
        what = "nothing here registers a module"
        cure = "close the source with AST_MODULE_INFO(...)"
        yield Fault(what, Place(file, 1), "there is no AST_MODULE_INFO", cure, "no-module-info", "warning")
    for block in blocks:
        for element in block.elements:
            if element.tag == "support_level":
                yield from _other_level(element, file, said)
    yield from documentation_check.faults(text, file, said)


def _other_level(element: Element, file: str, said: SourceFacts) -> Iterator[Fault]:
    if said.level and element.text.lower() != said.level:
        what = f"the block says {element.text}, and AST_MODULE_INFO says {said.level}"
        cure = f"write <support_level>{said.level}</support_level>, or change the macro in {file}:{said.line}"
        yield Fault(what, element.text_place, "", cure, "other-level", "warning")
