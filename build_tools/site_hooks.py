"""What mkdocs asks while it makes the site (``mkdocs.yml``): pages from outside of docs/, and links that leave docs/.

A link to a file of the repository works on GitHub. In the site a page of the site takes its place. A link to
anything else becomes its text. Where the text is the name of a page, the site shows the title of that page.
"""

from __future__ import annotations

import logging
import posixpath
import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

TOP = Path(__file__).resolve().parents[1]
OUTSIDE = {"CHANGES.md": "CHANGES.md", "CONTRIBUTING.md": "CONTRIBUTING.md", "benchmarks.md": "bench/README.md"}
"""Pages of the site that lie elsewhere in the repository: the name in the site, and the path from the top."""

_LINK = re.compile(
    r"(?P<fence>^```.*?^```)|(?<!!)\[(?P<text>[^\[\]]*)\]\((?P<target>[^()\s:#]+)(?P<anchor>#[^()\s]*)?\)", re.M | re.S
)


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Add the pages from outside of docs/."""
    for name, path in OUTSIDE.items():
        files.append(File.generated(config, name, abs_src_path=str(TOP / path)))
    return files


def on_page_markdown(markdown: str, *, page: Page, **_: object) -> str:
    """Lead the links of a page to pages of the site."""
    source = OUTSIDE.get(page.file.src_uri, f"docs/{page.file.src_uri}")
    return with_links(markdown, source)


def on_page_content(html: str, *, page: Page, **_: object) -> None:
    """Warn of items that are in no list, which strict makes an error: they need four blanks, or a blank line before."""
    for line in lost_items(html):
        _LOG.warning("%s: a list that the site shows as running text: %s", page.file.src_uri, line)


def lost_items(html: str) -> list[str]:
    """Lines of a page's text that begin as items of a list do."""
    return [line.strip() for line in _VERBATIM.sub("", html).splitlines() if _ITEM.match(line)]


_LOG = logging.getLogger("mkdocs.hooks.site")
_VERBATIM = re.compile(r"<pre\b.*?</pre>", re.S)
_ITEM = re.compile(r"\s*(?:[-*]|1\.) ")


def with_links(markdown: str, source: str) -> str:
    """The text of the page ``source``, a path from the top of the repository, with links as the site needs them."""
    return _LINK.sub(lambda found: found["fence"] or _link(found, posixpath.dirname(source)), markdown)


def _link(found: re.Match[str], directory: str) -> str:
    target = posixpath.normpath(posixpath.join(directory, found["target"]))
    name = target.removeprefix("docs/") if target.startswith("docs/") else _NAMES.get(target)
    text = found["text"]
    if text.endswith(".md") and posixpath.basename(text) == posixpath.basename(target):
        text = _title(TOP / target) or text
    return f"[{text}]({name}{found['anchor'] or ''})" if name else text


def _title(page: Path) -> str:
    """The first heading of a page; empty when there is no such page."""
    if not page.is_file():
        return ""
    return next((line[2:] for line in page.read_text().splitlines() if line.startswith("# ")), "")


_NAMES = {path: name for name, path in OUTSIDE.items()}
