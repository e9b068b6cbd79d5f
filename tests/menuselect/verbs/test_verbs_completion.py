"""``asterism completion``: scripts that the shells themselves accept, and that complete."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from verbs_menu import DEPS, MAKEOPTS, MENU
from waiting import HANG

from asterism.__main__ import verbs

Asterism = Callable[..., Any]


@pytest.fixture
def script(place: Callable[..., Any], asterism: Asterism) -> Callable[[str], Path]:
    """Writes the script of a shell beside the small menu."""
    made = place(MENU, DEPS, MAKEOPTS)

    def write(shell: str) -> Path:
        if not shutil.which(shell):
            pytest.skip(f"needs {shell}")
        path: Path = made.put("completion", asterism("completion", shell).stdout)
        return path

    return write


def run(*words: str, cwd: Path) -> str:
    done = subprocess.run(words, cwd=cwd, capture_output=True, text=True, timeout=HANG, check=False)
    assert done.stderr == ""
    return done.stdout


def in_bash(path: Path, *lines: str) -> list[list[str]]:
    """What is offered for the last word of each line; an empty last word is written ''."""
    ask = "COMP_WORDS=({line}); COMP_CWORD=$(( ${{#COMP_WORDS[@]}} - 1 )); _asterism; echo ${{COMPREPLY[*]}}"
    text = "\n".join(["source ./completion", *(ask.format(line=line) for line in lines)])
    return [line.split() for line in run("bash", "--norc", "-c", text, cwd=path.parent).splitlines()]


IN_BASH = {
    "asterism dis": ["disable"],
    "asterism enable app_": ["app_call", "app_fetch", "app_old"],
    "asterism enable app_call res_w": ["res_web"],
    "asterism enable --d": ["--directory", "--dry-run"],
    "asterism help upg": ["upgrade"],
    "asterism diff comp": [],
    "asterism graph --format ''": ["text", "dot", "mermaid", "svg"],
    "asterism graph --format =": ["text", "dot", "mermaid", "svg"],
    "asterism graph --format = s": ["svg"],
    "asterism graph -o app_": [],
    "asterism graph --reverse app_c": ["app_call"],
}


def test_bash_completes_verbs_options_values_and_members(script: Callable[[str], Path]) -> None:
    every, *found = in_bash(script("bash"), "asterism ''", *IN_BASH)
    assert set(every) == set(verbs())
    assert dict(zip(IN_BASH, found, strict=True)) == IN_BASH


def test_bash_completes_from_sources_where_no_tree_is_written(script: Callable[[str], Path]) -> None:
    path = script("bash")
    (path.parent / "menuselect-tree").unlink()
    for name in ("res/res_x.c", "apps/app_y.cc", "funcs/func_z.py", "res/helper.h"):
        (path.parent / name).parent.mkdir(exist_ok=True)
        (path.parent / name).write_text("")
    assert in_bash(path, "asterism why ''") == [["app_y", "func_z", "res_x"]]


def test_zsh_accepts_the_script_and_completes_members(script: Callable[[str], Path]) -> None:
    path = script("zsh")
    stubs = "_wanted() { print -l -- ${(P)6} }; _arguments() { print -r -- $@ }; compdef() { : }; source ./completion; "
    assert run("zsh", "-f", "-n", "./completion", cwd=path.parent) == ""
    said = run("zsh", "-f", "-c", f"{stubs} words=(asterism why app); CURRENT=3; _asterism", cwd=path.parent)
    assert said.endswith(" *:word:_asterism_members\n")
    assert "--json[print data for scripts]" in said
    said = run("zsh", "-f", "-c", f"{stubs} words=(asterism graph ''); CURRENT=3; _asterism", cwd=path.parent)
    assert "--format[default, by the ending of FILE, else text]:value:(text dot mermaid svg) " in said
    assert "--output[write to FILE, not to standard output]:value:_files " in said
    members = run("zsh", "-f", "-c", f"{stubs} _asterism_members", cwd=path.parent)
    assert members.split()[:3] == ["app_call", "app_fetch", "app_old"]


def test_fish_completes_verbs_options_and_members(script: Callable[[str], Path]) -> None:
    path = script("fish")

    def complete(line: str) -> list[str]:
        said = run("fish", "--no-config", "-c", f"source ./completion; complete -C'{line}'", cwd=path.parent)
        return [each.partition("\t")[0] for each in said.splitlines()]

    assert complete("asterism dis") == ["disable"]
    assert complete("asterism why app_") == ["app_call", "app_fetch", "app_old"]
    assert complete("asterism enable --d") == ["--directory", "--dry-run"]
    assert complete("asterism graph --format ") == ["dot", "mermaid", "svg", "text"]
    assert complete("asterism graph --output comp") == ["completion"]


def test_an_unknown_shell_is_refused(asterism: Asterism) -> None:
    outcome = asterism("completion", "tcsh")
    assert (outcome.status, outcome.stderr) == (
        2,
        "asterism: there is no completion for 'tcsh'\n    name 'bash', 'zsh' or 'fish'\n",
    )
