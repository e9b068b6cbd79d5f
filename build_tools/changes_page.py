"""Write ``docs/changes-since-1.4.md`` out of the rules of ``asterism port``: ``python -m build_tools.changes_page``."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from asterism import files
from asterism.branches.changes import rules
from asterism.branches.changes.rules import Rule

PAGE = Path(__file__).resolve().parents[1] / "docs/changes-since-1.4.md"
HEAD = """\
# What changed between 1.4 and today

Asterisk's C API has changed with each branch. This page has the changes that a module's source meets, oldest first:
what changed, why, and what to look at. `asterism port` makes those that can be made on a source
([Porting a module](porting.md)); `asterism port --explain RULE` prints one of them. The page is written by `make pages`
from the rules in `asterism/branches/changes/`.
"""


def page() -> str:
    """The whole page."""
    parts = [HEAD]
    for branch, found in groupby(rules.load(), lambda rule: rule.since):
        parts += [f"## Asterisk {branch}\n", *(part for rule in found for part in _of(rule))]
    return "\n".join(parts)


def _of(rule: Rule) -> Iterator[str]:
    yield f"### {rule.id}\n"
    about = f"{rule.about[0].upper()}{rule.about[1:]}" if not rule.about.startswith(("ast_", "ao2_")) else rule.about
    yield f"{about}. {rule.why}\n"
    if not rule.is_mechanical:
        yield "`asterism port` does not make this change: it needs the author.\n"
    if rule.look:
        yield f"Look at this: {rule.look}\n"
    if rule.names:
        yield f"It is about {', '.join(f'`{name}`' for name in rule.names)}.\n"
    if rule.before:
        yield f"```c\n{rule.before.strip()}\n```\n\nbecomes\n\n```c\n{rule.after.strip()}\n```\n"


if __name__ == "__main__":
    files.write(PAGE, page())
