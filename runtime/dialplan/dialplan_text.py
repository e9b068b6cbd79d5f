"""A dialplan as the text of an extensions.conf (pbx/pbx_config.c, ``dialplan save``)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from runtime.model.extensions import HINT, Context, Dialplan, Extension, ExtensionStep

Pairs = Iterable[tuple[str, str]]
"""Names and values of a section."""


def dumps(general: Pairs, global_variables: Pairs, dialplan: Dialplan) -> str:
    """The text that gives this dialplan, options and global variables when it is read."""
    blocks = [_section("general", [f"{name}={value}" for name, value in general])]
    variables = [f"{name} => {_escaped(value)}" for name, value in global_variables]
    if variables:
        blocks.append(_section("globals", variables))
    blocks += [_section(context.name, list(_context_lines(context))) for context in dialplan.contexts.values()]
    return "\n".join(blocks)


def _section(name: str, lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in (f"[{name}]", *lines))


def _context_lines(context: Context) -> Iterator[str]:
    for extension in context.extensions:
        yield from (_step_line(extension, step) for step in extension.steps)
    yield from (f"include => {include}" for include in context.includes)
    yield from (f"switch => {switch.text}" for switch in context.switches)
    yield from (f"ignorepat => {pattern.text}" for pattern in context.ignorepats)


def _step_line(extension: Extension, step: ExtensionStep) -> str:
    if step.priority == HINT:
        return f"exten => {extension.full_name},hint,{_escaped(step.application)}"
    label = f"({step.label})" if step.label else ""
    return f"exten => {extension.full_name},{step.priority}{label},{step.application}({_escaped(step.data)})"


def _escaped(text: str) -> str:
    """A value in which a semicolon begins no comment."""
    return text.replace(";", "\\;")
