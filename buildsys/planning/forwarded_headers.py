"""Headers of a repository that its sources include as ``asterisk/NAME.h``, as if they were copied into Asterisk's.

A header that lies elsewhere in the repository is forwarded: ``build/include/asterisk/NAME.h`` includes it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from asterism import files
from asterism.tree import BUILD, Tree
from buildsys.planning.source_texts import SourceTexts
from menuselect.sources import module_files

PLACE = f"{BUILD}/include"
"""The directory of the forwarding headers, relative to the repository."""
FLAGS = (f"-I{PLACE}",)
"""The compiler flags that search the forwarding headers.

``-idirafter`` would make them headers of the system, which compilers leave out of the list of what a source needs.
"""

_TEXT = """\
#if __has_include_next(<{name}>)
#include_next <{name}>
#else
#include "{target}"
#endif
"""
"""A forwarding header, which gives way to a header of that name in another directory."""

_INCLUDED = re.compile(r'^[ \t]*#[ \t]*include[ \t]*[<"](asterisk/[\w./-]+)[>"]', re.MULTILINE)


def flags(known: SourceTexts, sources: Iterable[str], searched: Iterable[str]) -> tuple[str, ...]:
    """Write the forwarding headers of a module, and return the flags that find them; empty when it needs none.

    Args:
        known: the texts of the repository.
        sources: the sources of the module.
        searched: the directories that the compiler searches, relative to the repository or absolute.

    Raises:
        AsterismError: a forwarding header cannot be written.
    """
    found = find(known, sources, searched)
    for name, header in found.items():
        _forward(known.tree, name, header)
    return FLAGS if found else ()


def find(known: SourceTexts, sources: Iterable[str], searched: Iterable[str]) -> Mapping[str, str]:
    """The headers to forward, by the names under which they are included.

    The sources are searched for names, and the headers that are found. A name that several headers have is left out.
    """
    found = dict[str, str]()
    waiting, places = list(sources), list(searched)
    while waiting:
        for name in _included(known.of(waiting.pop())):
            is_there = name in found or any((known.tree / place / name).is_file() for place in places)
            headers = [] if is_there else list(lying(known.tree.top, name))
            if len(headers) == 1:
                found[name] = headers[0]
                waiting += headers
    return found


def lying(top: Path, name: str) -> Iterator[str]:
    """The headers of a repository that may be meant by ``asterisk/NAME.h``: all files called ``NAME.h``."""
    rest = name.partition("/")[2]
    paths = (os.path.join(place, rest) for place in module_files.directories(top))
    return (path for path in paths if (top / path).is_file())


def _included(text: str) -> Iterator[str]:
    return (name for name in dict.fromkeys(_INCLUDED.findall(text)) if ".." not in name.split("/"))


def _forward(tree: Tree, name: str, header: str) -> None:
    path = tree / PLACE / name
    path.parent.mkdir(parents=True, exist_ok=True)
    target = os.path.relpath(os.path.realpath(tree / header), os.path.realpath(path.parent))
    text = _TEXT.format(name=name, target=target)
    if not path.is_file() or files.read_text(path) != text:
        files.write(path, text)
