"""What README and the pages of docs/ show of a shell or a console is typed here, in order, and answers as they say.

Each page begins in an empty directory with the installed program on PATH. A command that cannot be typed in a test is
in ``LEFT_OUT``, with the reason.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from buildsys.develop.transcript import ANY, PROMPT, fits

PROJECT = Path(__file__).resolve().parents[2]
LEFT_OUT = {
    r"sudo .*": "needs root",
    r"make( .*)?": "works on a clone; the job of the tests of the Makefile",
    r"\./configure.*": "as make",
    r"pipx? .*|PIP_NO_INDEX=.*": "fetches packages",
    r"asterism watch.*": "goes on until Ctrl-C",
    r"asterism (why|disable) .*": "about a real source tree of Asterisk 18",
    r"asterism adopt .*|asterism build app_.*": "as the verbs about a source tree",
    r"asterism port .*|cc -D.*": "about sources that the page does not show whole",
    r"asterism call .*|\*CLI> (call dial .*|core show stand-ins)": "about a dialplan or a module of the reader",
    r"printf .*": "about the menu of a source tree",
    r"asterism (target|run --target|test --target) .*": "about a real Asterisk",
    r"asterism -rx .*|chmod 640 .*": "asks a program that the reader has started",
    r"(gdb|asterism crash) .*": "about a core file, whose addresses are those of one machine",
    r"asterism test (-k greets --sanitize|--coverage).*": "shows a mistake made on purpose, and counts of one compiler",
}
"""Commands that are not typed, by patterns, and why."""
PAGES = [
    "README.md",
    "CONTRIBUTING.md",
    *sorted(f"docs/{path.name}" for path in (PROJECT / "docs").glob("*.md") if path.name not in ("api.md", "verbs.md")),
]
NEEDED_BEFORE = {"docs/learners.md": "docs/authors.md"}
"""Pages that go on where another one ends."""
FILES = {
    "docs/modules.md": [
        ("func_greeting.c", r"```c\n(/\*\*\* MODULEINFO.*?)```"),
        ("res_farewell.py", r'```python\n(""".*?)```'),
    ],
    "docs/dialplan.md": [("extensions.conf", r"```\n(\[globals\].*?)```")],
}
"""Files of a page that its reader has written, and where the page shows them."""
OTHER_MODULE = (
    'from runtime.api.module import ModuleInfo\n\nMODULE = ModuleInfo("A module beside the files of a page")\n'
)
_BLOCK = re.compile(r"^( *)```[^\n]*\n(?P<text>.*?)^ *```", re.MULTILINE | re.DOTALL)
_COMMENT = re.compile(r"\s{2,}#.*$")
_SECONDS = re.compile(r"\d+\.\d+ s\b")


class Step(NamedTuple):
    """A command of a page, and what the page shows of its answer."""

    line: int
    command: str
    """Of a shell; empty for the console of ``asterism run``."""
    typed: tuple[str, ...]
    """Commands of the console that it opens."""
    answer: tuple[str, ...]


def steps(page: str) -> Iterator[Step]:
    """The commands that a page shows, those of its consoles below the one that opens the console."""
    text = (PROJECT / page).read_text()
    for block in _BLOCK.finditer(text):
        if block["text"].lstrip().startswith(("$ ", PROMPT)):
            yield from _of_block(block["text"], text.count("\n", 0, block.start()) + 1)


def _of_block(text: str, above: int) -> Iterator[Step]:
    made: Step | None = None
    for number, line in enumerate(text.splitlines(), above + 1):
        if line.startswith("$ "):
            yield from [made] if made else []
            made = Step(number, _COMMENT.sub("", line[2:]).strip(), (), ())
        elif line.startswith(PROMPT):
            made = made or Step(number, "", (), ())
            made = made._replace(typed=(*made.typed, line.removeprefix(PROMPT)), answer=(*made.answer, ANY))
        elif made and line.strip():
            made = made._replace(answer=(*made.answer, line.rstrip()))
    yield from [made] if made else []


def pattern_of(step: Step) -> str:
    """The pattern of LEFT_OUT that a command matches; empty when it is typed."""
    typed = step.command or f"{PROMPT}{step.typed[0]}"
    return next((pattern for pattern in LEFT_OUT if re.fullmatch(pattern, typed)), "")


class Shell:
    """Types commands one after the other, as a user with an empty home."""

    def __init__(self, tree: Path, place: Path) -> None:
        self.here = place / "work"
        self.note = place / "directory"
        for name in ("work", "home", "bin"):
            (place / name).mkdir()
        own = shutil.copytree(
            tree, place / "tree", symlinks=True, copy_function=os.link
        )  # files are replaced, not changed
        (place / "bin/asterism").symlink_to(own / "sbin/asterism")
        kept = {name: os.environ[name] for name in ("TMPDIR", "LANG") if name in os.environ}
        path = f"{place}/bin:{os.environ.get('PATH', os.defpath)}"
        self.environment = {**kept, "PATH": path, "HOME": str(place / "home"), "TERM": "dumb"}

    def run(self, step: Step) -> tuple[int, list[str]]:
        """The status of a command, and the lines that it prints."""
        command = step.command or "asterism run -c"
        typed = "".join(f"{line}\n" for line in (*step.typed, "core stop gracefully")) if step.typed else ""
        script = f"{command}\nstatus=$?\npwd > '{self.note}'\nexit $status"
        done = subprocess.run(
            ["bash", "-c", script],
            cwd=self.here,
            env=self.environment,
            input=typed,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        self.here = Path(self.note.read_text().strip())
        return done.returncode, [line for line in done.stdout.splitlines() if line.strip()]


def differences(page: str, shell: Shell) -> Iterator[str]:
    """What answers otherwise than a page says."""
    for step in steps(page):
        if pattern_of(step):
            continue
        status, said = shell.run(step)
        expected = (ANY, *step.answer, ANY) if step.typed else step.answer
        shown = [_SECONDS.sub("0.0 s", line) for line in said]
        is_right = not expected or fits(shown, [_SECONDS.sub("0.0 s", line) for line in expected])
        if status or not is_right:
            yield f"{page}:{step.line}: '{step.command or step.typed[0]}' ended with {status} and said:\n" + "\n".join(
                said
            )


@pytest.mark.parametrize("page", [page for page in PAGES if any(not pattern_of(step) for step in steps(page))])
def test_what_a_page_shows_is_what_one_sees(page: str, tree: Path, tmp_path: Path) -> None:
    if shutil.which("gcc") is None or shutil.which("bash") is None:
        pytest.skip("needs gcc")
    shell = Shell(tree, tmp_path)
    if page in FILES:
        (shell.here / "res_other.py").write_text(OTHER_MODULE)
    for name, pattern in FILES.get(page, ()):
        found = re.search(pattern, (PROJECT / page).read_text(), re.DOTALL)
        assert found, f"{page} shows no {name}"
        (shell.here / name).write_text(found[1])
    before = NEEDED_BEFORE.get(page)
    assert [*(differences(before, shell) if before else ()), *differences(page, shell)] == []


def test_only_commands_of_pages_are_left_out() -> None:
    used = {pattern_of(step) for page in PAGES for step in steps(page)} - {""}
    assert set(LEFT_OUT) - used == set()
