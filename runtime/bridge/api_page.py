"""Write docs/api.md, the list of everything a C module may call: ``python -m runtime.bridge.api_page [FILE]``.

It is read out of the headers: each declaration with the comment above it (a blank line ends what a comment is about),
and where it is implemented.  tests/runtime/native/test_api_page.py compares the page with the headers.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from asterism import files
from runtime.api.export import EXPORTS

HERE = Path(__file__).parent
HEADERS = HERE.parents[1] / "include" / "asterisk"
PAGE = HERE.parents[1] / "docs" / "api.md"

INTRODUCTION = """\
# What C modules can call

Written by `python -m runtime.bridge.api_page` out of [`include/asterisk`](../include/asterisk); how to use it is told
in [modules.md](modules.md). What is not listed is not there: a module that includes another header does not compile,
and one that was compiled elsewhere and needs another function is refused when it is opened, with the nearest name there
is.

**Python** functions are implemented in `runtime/api/`, **C** functions in `runtime/native/`; **header** marks macros
and inline functions.
"""

_TOKEN = re.compile(
    r"""
      (?P<space>\s+)
    | (?P<comment>/\*.*?\*/)
    | (?P<directive>\#(?:[^\n\\]|\\\n|\\.)*)
    | (?P<inline>AST_INLINE_API\(\s*(?P<head>.*?\)),\s*\{.*?\n\}\s*\))
    | (?P<body>[^;{}\#/]*?(?P<braces>\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\})[^;\n]*;?)
    | (?P<statement>[^;{}\#]+?;)
    """,
    re.DOTALL | re.VERBOSE,
)
_CPLUSPLUS = re.compile(r"#ifdef __cplusplus\nextern \"C\" \{\n#endif\n|#ifdef __cplusplus\n\}\n#endif\n")
_NOISE = re.compile(
    r"__attribute__\s*\(\((?:[^()]|\([^()]*\))*\)\)|\battribute_\w+|\b(?:static|extern|force_inline|inline)\b"
)
_OPTIONAL = re.compile(
    r"\bAST_OPTIONAL_API(?:_ATTR)?\((?P<result>[\w *]+),(?:\s*format\([^)]*\),)?\s*(?P<name>\w+),"
    r"\s*(?P<parameters>\([^()]*\)),\s*(?P<stub>\{[^{}]*\})\);"
)
"""A function that a module offers, or not: shown as a function."""
_MACRO = re.compile(r"#\s*define\s+(?P<call>(?P<name>[A-Za-z]\w*)\([^)]*\))")
_LIBRARY = frozenset({"malloc", "calloc", "realloc", "free", "strdup", "strndup", "asprintf", "vasprintf"})
"""The C library's, which astmm.h only forbids or turns into its own."""
_FUNCTION = re.compile(r"(?P<before>[^()=]*?)\b(?P<name>\w+)\((?P<rest>.*)\)$", re.DOTALL)
_VARIABLE = re.compile(r".*?\b(?P<name>\w+)\s*(?:\[\w*\])?$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class DocumentedName:
    """One thing that a header declares."""

    name: str
    text: str
    """As a module's author reads it: the prototype, or the macro with its parameters."""
    where: str
    """``C``, ``Python`` or ``header``."""
    words: str
    """The comment above it."""


def plain(comment: str) -> str:
    """A comment's sentences on one line."""
    lines = [line.strip().removeprefix("*").strip() for line in comment[2:-2].splitlines()]
    return " ".join(line for line in lines if line and not line.startswith("SPDX"))


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", _NOISE.sub("", text)).strip().removesuffix(";").strip()


def _declared(kind: str, token: re.Match[str]) -> tuple[str, str, bool] | None:
    """Name, text and whether the header itself defines it; None when it is nothing to call or to read."""
    if kind == "directive":
        macro = _MACRO.match(token[0])
        if macro is None or macro["name"].endswith("_") or macro["name"].startswith("ASTERISM"):
            return None
        return macro["name"], macro["call"], True
    source = token["head"] if kind == "inline" else token[0].replace(token["braces"] or "\0", "")
    text = _squeezed(source)
    if text.startswith(("struct {", "typedef")) or re.fullmatch(r"(struct|enum|union)?\s*\w*", text):
        return None
    found = _FUNCTION.match(text) or (_VARIABLE.match(text) if source.lstrip().startswith("extern") else None)
    if found is None or not text[: found.start("name")].strip():
        return None  # a macro that stands by itself
    if found["name"].startswith("asterism_") or found["name"].endswith("_"):
        return None  # what a macro of the header calls
    return found["name"], text, kind != "statement"


def entries(header: Path) -> Iterator[DocumentedName]:
    """What a header declares, in its order."""
    source = _OPTIONAL.sub(r"\g<result> \g<name>\g<parameters> {}", _CPLUSPLUS.sub("", header.read_text()))
    words, gap = "", "\n"
    seen: set[str] = set()
    for token in _TOKEN.finditer(source):
        kind = _kind(token)
        if kind == "space":
            gap = token[0]
            words = "" if gap.count("\n") > 1 else words
            continue
        if kind == "comment":
            # What stands behind a declaration is about that one alone.
            words = plain(token[0]) if "\n" in gap else words
        elif (told := _declared(kind, token)) and told[0] not in seen | _LIBRARY:
            name, text, is_here = told
            seen.add(name)
            # A function that is declared and not there fails a test of its own: what is not Python is C.
            where = "header" if is_here else "Python" if name in EXPORTS else "C"
            yield DocumentedName(name, text, where, words)
        gap = ""


def _kind(token: re.Match[str]) -> str:
    return next(kind for kind in ("space", "comment", "directive", "inline", "body", "statement") if token[kind])


def introduction(header: Path) -> str:
    """The first paragraph of a header."""
    found = re.match(r"/\*.*?\*/", header.read_text(), re.DOTALL)
    paragraph = re.split(r"\n \*\n", found[0])[0] if found else ""
    return plain(f"{paragraph.removesuffix('*/')}*/").partition("SPDX")[0].strip()


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def section(header: Path) -> str:
    """One header's part of the page; empty when it declares nothing to call."""
    rows, before = [], ""
    for entry in entries(header):
        if entry.name.startswith("__") and entry.where == "header":
            continue
        words = "″" if entry.words and entry.words == before else _cell(entry.words)
        rows.append(f"| `{_cell(entry.text)}` | {entry.where} | {words} |")
        before = entry.words
    if not rows:
        return ""
    head = [f"## asterisk/{header.name}", "", introduction(header), "", "| | in | |", "| --- | --- | --- |"]
    return "\n".join([*head, *rows, ""])


def page() -> str:
    """The whole page."""
    import runtime.api.all  # noqa: F401  (declares every export)

    generated = ("autoconfig.h", "buildopts.h")
    headers = [header for header in sorted(HEADERS.glob("*.h")) if header.name not in generated]
    return "\n".join([INTRODUCTION, *filter(None, (section(header) for header in headers))])


def main(words: Sequence[str] | None = None) -> int:
    """``python -m runtime.bridge.api_page [FILE]``."""
    from asterism.errors import AsterismError, report

    arguments = sys.argv[1:] if words is None else words
    if len(arguments) > 1:
        print("usage: python -m runtime.bridge.api_page [FILE]", file=sys.stderr)
        return 2
    try:
        files.write(Path(arguments[0]) if arguments else PAGE, page())
    except AsterismError as error:
        report(error.faults, program="document")
        return error.status
    return 0


if __name__ == "__main__":
    sys.exit(main())
