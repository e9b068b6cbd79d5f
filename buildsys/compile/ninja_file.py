"""A plan as the text of build.ninja, and as compile_commands.json.

ninja hands every command to the system's shell, so each word is quoted for the shell first and for
ninja after it; nothing a file is named can become a command.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Sequence

from asterism.tree import BUILD
from buildsys.compile.progress import ENGLISH, LAUNCHED
from buildsys.planning.plan import Plan, Step
from buildsys.settled.ninja_program import REQUIRED

NAME = "build.ninja"
MANIFEST = f"{BUILD}/{NAME}"
CHECK = f"{BUILD}/check.ninja"

LABELS = {"generate": "GEN", "cc": "CC", "cxx": "CXX", "link": "LD", "copy": "PY"}


def build_text(plan: Plan) -> str:
    """The text of build.ninja."""
    lines = [
        "# Written by the build from what is chosen; changes are lost.",
        f"ninja_required_version = {'.'.join(map(str, REQUIRED))}",
        f"builddir = {plan.place}",
        "",
        *_rule("generate", "$run", "restat = 1"),
        # Our own Python reads paths in the locale of the user; compilers are to speak plain English.
        # The launcher comes out of the environment: another one makes nothing else, so nothing is made again for it.
        *_rule("compile", f"{ENGLISH}{_value(LAUNCHED)}$run", "deps = gcc", "depfile = $out.d"),
        *_rule("link", f"{ENGLISH}$run"),
        # A full disk would leave half a module behind.
        *_rule("copy", f"{ENGLISH}$run || {{ rm -f $out; exit 1; }}"),
    ]
    for step in plan.steps:
        lines += _edge(step)
    return "\n".join(lines) + "\n"


def check_text(inputs: Iterable[str]) -> str:
    """The text of check.ninja: the build, and what build.ninja itself is made of.

    It is only asked whether there is anything to do (``ninja -n``): that takes ninja a hundredth of a
    second, and spares starting Python when there is not.
    """
    lines = [f"include {MANIFEST}", "", *_rule("plan", "false", "generator = 1")]
    lines.append(f"build {CHECK}: plan | {_paths(sorted(inputs))}")
    return "\n".join(lines) + "\n"


def compile_commands(plan: Plan, directory: str) -> str:
    """The text of compile_commands.json, for editors and analyzers."""
    entries = [
        {"directory": directory, "file": step.inputs[0], "arguments": list(step.command), "output": step.outputs[0]}
        for step in plan.steps
        if step.kind in ("cc", "cxx")
    ]
    return json.dumps(entries, indent=1) + "\n"


def description(step: Step) -> str:
    """What ninja prints when a step is done: unit, kind, file; :mod:`buildsys.compile.progress` reads it."""
    shown = step.outputs[0] if step.kind == "link" else step.inputs[0] if step.inputs else step.outputs[0]
    return f"{step.unit} {LABELS[step.kind]} {shown}"


def _rule(name: str, command: str, *settings: str) -> list[str]:
    return [f"rule {name}", f"  command = {command}", "  description = $what", *(f"  {line}" for line in settings), ""]


def _edge(step: Step) -> list[str]:
    rule = "compile" if step.depfile else step.kind
    line = f"build {_paths(step.outputs)}: {rule} {_paths(step.inputs)}"
    line += f" | {_paths(step.implicit)}" if step.implicit else ""
    line += f" || {_paths(step.order_only)}" if step.order_only else ""
    command = shlex.join(step.command)
    return [line, f"  run = {_value(command)}", f"  what = {_value(description(step))}", ""]


def _paths(paths: Sequence[str]) -> str:
    return " ".join(path.replace("$", "$$").replace(" ", "$ ").replace(":", "$:") for path in paths)


def _value(text: str) -> str:
    return text.replace("$", "$$")
