"""Report references to paths and modules that do not exist: ``python build_tools/stale_references.py``.

Names are looked at in every page of documentation and in every comment and docstring of the sources:

- a path below one of the project's directories, such as ``runtime/native/core.h``, in backticks or not;
- a dotted name that begins with one of the project's packages, such as ``runtime.core.core.Core``, in backticks, in
  a role of a docstring or after ``python -m``.

On pages, a name in backticks that follows the path of a source, as ``Table.run`` follows the path of its file in
docs/architecture.md, has to be defined there.

So are the links of pages, as GitHub follows them: to a file, and to a heading of a page.

CHANGES.md tells of older versions and is left out.  The exit status is 1 when something is stale.
"""

from __future__ import annotations

import ast
import io
import re
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
PACKAGES = ("asterism", "menuselect", "buildsys", "runtime", "asterism_testing")
DIRECTORIES = (*PACKAGES, "tests", "bench", "docs", "build_tools", "include", "res", "apps", "funcs", "configs")

_PATH = re.compile(rf"(?<![\w./~$-])(?:{'|'.join(DIRECTORIES)})/[\w./-]*\w(?![\w*<{{]|/\*)")
_DOTTED = re.compile(rf"(?:`~?|python3? -m )((?:{'|'.join(PACKAGES)})(?:\.\w+)+)")
_LINK = re.compile(r"\]\((?P<file>[^()\s:#]*)(?:#(?P<heading>[^()\s]*))?\)")
_MEMBER = re.compile(r"`(?P<file>[\w./-]+\.(?:py|c))`,?\s+`(?P<name>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)`")
_FENCE = re.compile(r"^(\s*)```.*?^\1```\n|`[^`\n]*`", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#+ +(.*)$", re.MULTILINE)
_MADE = re.compile(r"^(build/|include/asterisk/(?:autoconfig|buildopts)\.h|build_tools/menuselect-deps)")
"""What configure and the build make is not in a fresh clone."""
_ELSEWHERE = re.compile(
    r"^(?:(?:runtime|res|apps|funcs|tests|include|docs)/(?:res_|app_|func_|chan_|x\.|test_x|asterisk/x)"  # examples
    r"|include/asterism$|asterism/menu\.toml|menuselect/(?:GNUmakefile|PROGRAM)|build_tools/make_buildopts_h"
    r"|asterism\.(?:toml|pc)$|menuselect\.make(?:deps|opts)(?:\.unsaved)?$"
    r"|runtime\.(?:load|evaluate|cli|unload|reload|log|call)$)"  # the fixture of the pytest plugin
)
"""Names that stand for a reader's own files, for what is installed, and for files of Asterisk."""

Reference = tuple[str, int, str]
"""File, line and the name that does not exist."""


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """The lines of a file that a person reads: all of a page, comments and docstrings of a source."""
    text = path.read_text("utf-8", "replace")
    if path.suffix != ".py":
        yield from enumerate(text.splitlines(), 1)
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            for statement in node.body[:1]:
                if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
                    yield from enumerate(str(statement.value.value).splitlines(), statement.lineno)
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def module_exists(name: str) -> bool:
    """Whether the first words of a dotted name are a module or package, and the next word stands in its source."""
    place, words = TOP, name.split(".")
    while words and (place / words[0]).is_dir():
        place = place / words.pop(0)
    if not words:
        return True
    source = place / f"{words[0]}.py"
    if source.is_file():
        words.pop(0)
    else:  # a name that the package itself defines
        source = place / "__init__.py"
    return source.is_file() and (not words or re.search(rf"\b{re.escape(words[0])}\b", source.read_text()) is not None)


def stale(path: Path) -> Iterator[Reference]:
    """The references of a file that lead nowhere."""
    shown = str(path.relative_to(TOP))
    for line, text in texts(path):
        for found in _PATH.finditer(text):
            name = found[0]
            if not (_MADE.match(name) or _ELSEWHERE.match(name) or (TOP / name).exists()):
                yield shown, line, name
        for found in _DOTTED.finditer(text):
            if not (_ELSEWHERE.match(found[1]) or module_exists(found[1])):
                yield shown, line, found[1]


def defined(source: Path) -> set[str]:
    """The functions, classes, methods (``Class.method``) and constants that a source in Python defines; words of C."""
    if source.suffix == ".c":
        return set(re.findall(r"^[\w *]*\b(\w+)\([^;]*$", source.read_text("utf-8", "replace"), re.MULTILINE))
    names: set[str] = set()
    for node in ast.parse(source.read_text("utf-8")).body:
        names |= _names(node)
        if isinstance(node, ast.ClassDef):
            names |= {f"{node.name}.{name}" for inner in node.body for name in _names(inner)}
    return names


def _names(node: ast.stmt) -> set[str]:
    if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        return {node.name}
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return {target.id for target in targets if isinstance(target, ast.Name)}


def undefined(page: Path) -> Iterator[Reference]:
    """The names of a page that the source named before them does not define."""
    text = page.read_text("utf-8")
    for found in _MEMBER.finditer(text):
        source, name = TOP / found["file"], found["name"]
        if source.is_file() and name not in defined(source) | {method.rpartition(".")[2] for method in defined(source)}:
            line = text.count("\n", 0, found.start("name")) + 1
            yield str(page.relative_to(TOP)), line, f"{found['file']} {name}"


def headings(page: Path) -> set[str]:
    """The anchors that GitHub makes of the headings of a page."""
    without_code = re.sub(r"^```.*?^```$", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    return {re.sub(r"[^\w\- ]", "", words).lower().replace(" ", "-") for words in _HEADING.findall(without_code)}


def dead_links(page: Path) -> Iterator[Reference]:
    """The links of a page to a file or a heading that is not there."""
    text = _FENCE.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), page.read_text("utf-8"))
    for found in _LINK.finditer(text):
        target = page.parent / found["file"] if found["file"] else page
        if not target.exists() or (found["heading"] and found["heading"] not in headings(target)):
            yield str(page.relative_to(TOP)), text.count("\n", 0, found.start()) + 1, found[0][2:-1]


def sources() -> Iterator[Path]:
    """The pages and sources that git tracks."""
    command = ["git", "ls-files", "-z"]
    listed = subprocess.run(command, cwd=TOP, capture_output=True, check=True, text=True).stdout
    for name in filter(None, listed.split("\0")):
        if name.endswith((".md", ".py", ".c", ".h")) and name != "CHANGES.md" and (TOP / name).is_file():
            yield TOP / name


def main() -> int:
    """Print what is stale, one reference a line."""
    paths = list(sources())
    found = [reference for path in paths for reference in stale(path)]
    pages = [path for path in paths if path.suffix == ".md"]
    found += [reference for page in pages for reference in (*undefined(page), *dead_links(page))]
    for file, line, name in found:
        print(f"{file}:{line}: {name} does not exist")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
