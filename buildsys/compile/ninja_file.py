"""Write a plan as the text of build.ninja, and as compile_commands.json.

ninja passes every command to the system's shell, so each word is quoted for the shell first and then for ninja. No
file name can become a command.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Sequence

from asterism.tree import CHECK, MANIFEST
from buildsys.compile.progress import ENGLISH, LAUNCHED, SLOPPY
from buildsys.planning.plan import PRECOMPILED, Plan, Step
from buildsys.settled.ninja_program import REQUIRED

NAME = "build.ninja"

LABELS = {"generate": "GEN", "header": "PCH", "cc": "CC", "cxx": "CXX", "link": "LD", "copy": "PY"}


def build_text(plan: Plan) -> str:
    """The text of build.ninja."""
    lines = [
        "# Written by the build from what is chosen; changes are lost.",
        f"ninja_required_version = {'.'.join(map(str, REQUIRED))}",
        f"builddir = {plan.place}",
        "",
        *_rule("generate", "$run", "restat = 1"),
        # Asterism's Python reads paths in the user's locale; compilers have to print plain English.
        # The launcher comes from the environment, so a change of launcher compiles nothing again.
        *_rule("compile", f"{ENGLISH}{_value(LAUNCHED)}$run", "deps = gcc", "depfile = $out.d"),
        *_rule("compile_core", f"{ENGLISH}{_value(SLOPPY)}{_value(LAUNCHED)}$run", "deps = gcc", "depfile = $out.d"),
        *_rule("link", f"{ENGLISH}$run"),
        # A full disk would leave half a module.
        *_rule("copy", f"{ENGLISH}$run || {{ rm -f $out; exit 1; }}"),
    ]
    for step in plan.steps:
        lines += _edge(step)
    return "\n".join(lines) + "\n"


def check_text(inputs: Iterable[str]) -> str:
    """The text of check.ninja: the build, and the files that build.ninja itself is made from.

    ``ninja -n`` only asks whether anything is to be done. That takes a hundredth of a second, and saves the start of
    Python when nothing is to be done.
    """
    lines = [f"include {MANIFEST}", "", *_rule("plan", "false", "generator = 1")]
    lines.append(f"build {CHECK}: plan | {_paths(sorted(inputs))}")
    return "\n".join(lines) + "\n"


def compile_commands(plan: Plan, directory: str) -> str:
    """The text of compile_commands.json, for editors and analyzers."""
    entries = [
        {"directory": directory, "file": step.inputs[0], "arguments": _arguments(step), "output": step.outputs[0]}
        for step in plan.steps
        if step.kind in ("cc", "cxx")
    ]
    return json.dumps(entries, indent=1) + "\n"


def _arguments(step: Step) -> list[str]:
    """The words of a compilation without a precompiled header: an analyzer does not read another compiler's."""
    words = list(step.command)
    if _is_precompiled(step):
        position = words.index("-include")
        del words[position : position + 2]
    return words


def _is_precompiled(step: Step) -> bool:
    return any(path.endswith(f"/{PRECOMPILED}.gch") for path in (*step.outputs, *step.implicit))


def description(step: Step) -> str:
    """The line that ninja prints after a step (unit, kind, file); :mod:`buildsys.compile.progress` parses it."""
    shown = step.outputs[0] if step.kind == "link" else step.inputs[0] if step.inputs else step.outputs[0]
    return f"{step.unit} {LABELS[step.kind]} {shown}"


def _rule(name: str, command: str, *settings: str) -> list[str]:
    return [f"rule {name}", f"  command = {command}", "  description = $what", *(f"  {line}" for line in settings), ""]


def _edge(step: Step) -> list[str]:
    rule = ("compile_core" if _is_precompiled(step) else "compile") if step.depfile else step.kind
    line = f"build {_paths(step.outputs)}: {rule} {_paths(step.inputs)}"
    line += f" | {_paths(step.implicit)}" if step.implicit else ""
    line += f" || {_paths(step.order_only)}" if step.order_only else ""
    command = shlex.join(step.command)
    return [line, f"  run = {_value(command)}", f"  what = {_value(description(step))}", ""]


def _paths(paths: Sequence[str]) -> str:
    return " ".join(path.replace("$", "$$").replace(" ", "$ ").replace(":", "$:") for path in paths)


def _value(text: str) -> str:
    return text.replace("$", "$$")
