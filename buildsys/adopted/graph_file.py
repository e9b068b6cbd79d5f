"""The steps of Asterisk's tree as the text of build.ninja, and as compile_commands.json. Pure.

The commands are those of the tree's own make and run in its directories. The dependency files of that make
(``.app_dial.o.d``) stay as they are; ninja reads copies in which the paths are relative to the tree.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterable, Sequence

from asterism.tree import BUILD
from buildsys.adopted.edges import Edge
from buildsys.adopted.tree_state import TAKEN
from buildsys.compile.ninja_file import LABELS
from buildsys.compile.progress import ENGLISH, LAUNCHED
from buildsys.settled.ninja_program import REQUIRED

DEPENDENCIES = f"{BUILD}/headers"
"""The directory of the copies of dependency files."""

_RELATIVE = r"s#(^|[^\\]) +([^/ \\])#\1 {directory}/\2#g"
_IN_TREE = r"s#(^|[^\\]) +{top}/#\1 #g"
_SPECIAL = re.compile(r"([][\\.*^$+?(){}|#])")


def build_text(top: str, edges: Iterable[Edge]) -> str:
    """The text of build.ninja.

    Args:
        top: the directory of the tree; absolute.
        edges: the steps.
    """
    lines = [
        "# Written by Asterism from the commands of the tree's own make; changes are lost.",
        f"ninja_required_version = {'.'.join(map(str, REQUIRED))}",
        f"builddir = {BUILD}",
        "",
        *_rule("generate", f"{_taken()} || {{ $run; }}", "restat = 1"),
        *_rule("link", f"{_taken()} || {{ $run; }}"),
        *_rule("compile", f"{_taken()} || {{ $run; }} && {_copied(top)}", "deps = gcc", "depfile = $copy"),
    ]
    for edge in edges:
        lines += _edge(edge)
    return "\n".join(lines) + "\n"


def check_text(inputs: Iterable[str], check: str, manifest: str) -> str:
    """The text of check.ninja: the build, and the files that build.ninja was made from.

    ``ninja -n`` on this file tells whether there is anything to do; when there is not, Python is not started.
    """
    lines = [f"include {manifest}", "", "rule plan", "  command = false", "  generator = 1", ""]
    lines.append(f"build {check}: plan | {_paths(sorted(inputs))}")
    return "\n".join(lines) + "\n"


def compile_commands(top: str, edges: Iterable[Edge]) -> str:
    """The text of compile_commands.json, for editors and analyzers."""
    entries = [
        {
            "directory": f"{top}/{edge.directory}",
            "file": f"{top}/{edge.inputs[0]}",
            "command": edge.commands[-1],
            "output": f"{top}/{edge.outputs[0]}",
        }
        for edge in edges
        if edge.kind in ("cc", "cxx") and edge.inputs
    ]
    # With an indent, json takes four times as long.
    return "[\n" + ",\n".join(map(json.dumps, entries)) + "\n]\n"


def description(edge: Edge) -> str:
    """The line that ninja prints after a step: unit, kind, file; :mod:`buildsys.compile.progress` reads it."""
    return f"{edge.unit} {LABELS[edge.kind]} {shown(edge)}"


def shown(edge: Edge) -> str:
    """The file that names a step: the source that is compiled, or else the first output."""
    return edge.inputs[0] if edge.kind in ("cc", "cxx") and edge.inputs else edge.outputs[0]


def mark_of(output: str) -> str:
    """The name of the mark of a file that the tree's own make has built."""
    return output.replace("/", "%")


def _taken() -> str:
    return f'test -e "$${TAKEN}/$mark"'


def _copied(top: str) -> str:
    """The command that copies a dependency file, with paths relative to the tree."""
    inside = _IN_TREE.format(top=_SPECIAL.sub(r"\\\1", top))
    return f"sed -E -e {_value(shlex.quote(_RELATIVE.format(directory='$directory')), keep='$directory')} " + (
        f"-e {_value(shlex.quote(inside))} $headers > $copy"
    )


def _rule(name: str, command: str, *settings: str) -> list[str]:
    return [f"rule {name}", f"  command = {command}", "  description = $what", *(f"  {line}" for line in settings), ""]


def _edge(edge: Edge) -> list[str]:
    rule = "compile" if edge.depfile else "link" if edge.kind == "link" else "generate"
    line = f"build {_paths(edge.outputs)}: {rule} {_paths(edge.inputs)}"
    line += f" || {_paths(edge.order_only)}" if edge.order_only else ""
    lines = [line, f"  run = {_value(command_of(edge))}", f"  what = {_value(description(edge))}"]
    lines.append(f"  mark = {_value(shlex.quote(mark_of(edge.outputs[0])))}")
    if edge.depfile:
        lines.append(f"  headers = {_value(shlex.quote(edge.depfile))}")
        lines.append(f"  copy = {DEPENDENCIES}/{_value(mark_of(edge.outputs[0]))}.d")
        lines.append(f"  directory = {_value(edge.directory)}")
    return [*lines, ""]


def command_of(edge: Edge) -> str:
    """The commands of a step in one line for the shell, run in its directory."""
    before = f"{ENGLISH}{LAUNCHED}" if edge.depfile else ENGLISH if edge.kind == "link" else ""
    launched = f"{before}{edge.commands[-1]}"
    commands = [*edge.commands[:-1], launched]
    each = (f"( {one} )" if len(commands) > 1 and not _is_plain(one) else one for one in commands)
    return f"( cd {shlex.quote(edge.directory)} && {' && '.join(each)} )"


def _is_plain(command: str) -> bool:
    return not re.search(r"[;&|]|(?:^|\s)cd\s", command)


def _paths(paths: Sequence[str]) -> str:
    return " ".join(path.replace("$", "$$").replace(" ", "$ ").replace(":", "$:") for path in paths)


def _value(text: str, keep: str = "") -> str:
    """A text as the value of a ninja variable; the ninja variable ``keep`` in it stays a reference."""
    doubled = text.replace("$", "$$")
    return doubled.replace(f"${keep}", keep) if keep else doubled
