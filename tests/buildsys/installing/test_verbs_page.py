"""docs/verbs.md, the reference of the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from asterism import completion
from asterism.__main__ import Verb
from build_tools import command_lines, verbs_page
from build_tools.command_lines import Argument, CommandLine


def test_the_page_is_what_the_parsers_say() -> None:
    """When this fails, 'make pages' writes the page anew."""
    assert verbs_page.PAGE.read_text() == verbs_page.page()


def test_each_verb_has_a_section_with_all_its_options() -> None:
    sections = verbs_page.page().split("\n### asterism ")
    texts = {text.partition("\n")[0]: text for text in sections[1:]}
    for entry in completion.entries():
        assert [each.name for each in entry.options if f"`{each.name}" not in texts[entry.verb]] == []


def test_the_width_of_the_terminal_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    assert verbs_page.PAGE.read_text() == verbs_page.page()


def test_a_usage_is_broken_between_brackets() -> None:
    usage = "asterism x [-h] [--run | --target NAME|DIR] [-o A [B]] NAME [NAME ...]"
    assert command_lines.filled(usage, 30) == [
        "asterism x [-h]",
        "[--run | --target NAME|DIR]",
        "[-o A [B]] NAME [NAME ...]",
    ]


def test_items_that_the_site_does_not_show_as_a_list_are_found() -> None:
    html = "<pre><code>- code\n</code></pre>\n<p>One of these:\n   - a tree;\n- a file</p>\n<ul>\n<li>good</li>\n</ul>"
    pytest.importorskip("mkdocs", reason="needs mkdocs")
    from build_tools import site_hooks

    assert site_hooks.lost_items(html) == ["- a tree;", "- a file</p>"]


def test_text_of_a_parser_is_not_taken_for_markup() -> None:
    line = CommandLine(
        Verb("x", "m:main", "do x"),
        "asterism x [-o A|B] NAME",
        "Write *all* of <tree>.",
        (Argument((), "NAME", "a [name]"),),
        (Argument(("-o", "--out"), "A|B", "A or 'B_C_D'"),),
        "see `man`",
        notes_are_verbatim=False,
    )
    assert "\n".join(verbs_page.section(line)) == (
        "### asterism x\n\n"
        "Write \\*all\\* of \\<tree\\>.\n\n"
        "```text\nasterism x [-o A|B] NAME\n```\n\n"
        "| argument | means |\n| --- | --- |\n"
        "| `NAME` | a \\[name\\] |\n"
        "| `-o A\\|B`, `--out A\\|B` | A or 'B\\_C\\_D' |\n\n"
        "see \\`man\\`\n"
    )


@pytest.mark.parametrize(
    ("text", "source", "in_the_site"),
    [
        ("[bench](../bench/README.md#builds)", "docs/x.md", "[bench](benchmarks.md#builds)"),
        (
            "[page](docs/menu.md#keys) ![a](docs/menu.svg)",
            "CONTRIBUTING.md",
            "[page](menu.md#keys) ![a](docs/menu.svg)",
        ),
        ("[`include`](../include/asterisk), [x](menu.md)", "docs/x.md", "`include`, [x](menu.md)"),
        (
            "[here](#below) [there](https://example.org/a.md)",
            "docs/x.md",
            "[here](#below) [there](https://example.org/a.md)",
        ),
        (
            "[where.md](where.md#x) [docs/where.md](nix.md)",
            "docs/x.md",
            "[Where Asterism works](where.md#x) [docs/where.md](nix.md)",
        ),
        ("```\n[x](../res)\n```\n[x](../res)", "docs/x.md", "```\n[x](../res)\n```\nx"),
    ],
)
def test_links_lead_to_pages_of_the_site(text: str, source: str, in_the_site: str) -> None:
    pytest.importorskip("mkdocs", reason="needs mkdocs")
    from build_tools.site_hooks import with_links

    assert with_links(text, source) == in_the_site


def test_each_page_outside_of_docs_exists() -> None:
    pytest.importorskip("mkdocs", reason="needs mkdocs")
    from build_tools.site_hooks import OUTSIDE

    top = Path(__file__).resolve().parents[3]
    assert [path for path in OUTSIDE.values() if not (top / path).is_file()] == []
