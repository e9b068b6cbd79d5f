"""``ASTERISK_VERSION_NUM``, by which sources for several branches of Asterisk tell them apart.

No public header of Asterisk defines it. Authors' configure scripts and Makefiles do, so it is defined here for the
sources that ask for it and that nothing else defines it for.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from asterism.branches import header_branch
from buildsys.planning.source_texts import SourceTexts

MACRO = "ASTERISK_VERSION_NUM"
_INCLUDED = re.compile(r'^[ \t]*#[ \t]*include[ \t]*"(?P<name>[\w./+-]+)"', re.MULTILINE)
_DEFINED = re.compile(rf"^[ \t]*#[ \t]*define[ \t]+{MACRO}\b", re.MULTILINE)
_FALLBACK = re.compile(rf"^[ \t]*#[ \t]*ifndef[ \t]+{MACRO}\b[^\n]*\n[ \t]*#[ \t]*define[ \t]+{MACRO}\b", re.MULTILINE)
_CONFIGURED = "-DHAVE_CONFIG_H"
"""The flag of a repository whose own configure has run; what that says of the version counts."""


def flags(known: SourceTexts, sources: Iterable[str], headers: Path, given: Iterable[str]) -> tuple[str, ...]:
    """The flag that defines the macro for the sources of a module; none when they do not ask, or something defines it.

    Args:
        known: the texts of the repository.
        sources: the sources of the module, relative to the repository.
        headers: the directory of Asterisk's headers.
        given: the compiler flags that the repository and the user give.
    """
    texts = list(_texts(known, sources))
    is_asked = any(MACRO in text for text in texts)
    is_given = any(MACRO in flag or flag == _CONFIGURED for flag in given)
    if not is_asked or is_given or any(_DEFINED.search(_FALLBACK.sub("", text)) for text in texts):
        return ()
    return (f"-D{MACRO}={header_branch.version_number(header_branch.of(headers))}",)


def _texts(known: SourceTexts, sources: Iterable[str]) -> Iterator[str]:
    """The sources, and the headers of the repository that they include."""
    waiting, seen = list(sources), set[str]()
    while waiting:
        path = os.path.normpath(waiting.pop())
        if path in seen or not (known.tree / path).is_file():
            continue
        seen.add(path)
        text = known.of(path)
        yield text
        places = dict.fromkeys((os.path.dirname(path), "", "include"))
        waiting += [os.path.join(place, match["name"]) for match in _INCLUDED.finditer(text) for place in places]
