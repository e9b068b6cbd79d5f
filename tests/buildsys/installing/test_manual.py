"""Manual pages and completion files of share/."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
from pathlib import Path

import pytest

from asterism import completion
from asterism.__main__ import verbs

_SOURCE = Path(__file__).parents[3] / "build_tools/manual.py"
_SPEC = importlib.util.spec_from_file_location("manual", _SOURCE)
assert _SPEC is not None
assert _SPEC.loader is not None
manual = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(manual)


def test_share_is_what_the_parsers_say(project: Path) -> None:
    """When this fails, 'make pages' writes the files anew."""
    top = project / "share"
    there = {path.relative_to(top).as_posix(): path.read_text() for path in top.rglob("*") if path.is_file()}
    made = manual.share()
    assert sorted(there) == sorted(made)
    assert [name for name, text in there.items() if text != made[name]] == []


def test_each_verb_has_a_page_with_all_its_options() -> None:
    pages = manual.pages()
    assert set(pages) == {"man8/asterism.8", "man1/menuselect.1", *(f"man1/asterism-{name}.1" for name in verbs())}
    for entry in completion.entries():
        text = pages[f"man1/asterism-{entry.verb}.1"].replace("\\-", "-")
        assert [each.name for each in entry.options if f"\\fB{each.name}\\fR" not in text] == []


@pytest.mark.parametrize(
    ("words", "roff"),
    [("--x", "\\-\\-x"), ("a\\b", "a\\eb"), (".TH\n'x\na.b", "\\&.TH\n\\&'x\na.b")],
)
def test_nothing_in_a_text_is_taken_for_a_request(words: str, roff: str) -> None:
    assert manual._text(words) == roff


@pytest.mark.skipif(shutil.which("mandoc") is None, reason="needs mandoc")
def test_the_pages_are_clean(project: Path) -> None:
    pages = sorted(map(str, (project / "share/man").glob("*/*")))
    done = subprocess.run(
        ["mandoc", "-T", "lint", "-W", "warning", *pages], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_flags_are_completed_in_place_of_a_verb(project: Path) -> None:
    script = project / "share/bash-completion/completions/asterism"
    ask = f"source '{script}'; COMP_WORDS=(asterism -r); COMP_CWORD=1; _asterism; echo ${{COMPREPLY[*]}}"
    done = subprocess.run(["bash", "-c", ask], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["-r", "-rx"]


@pytest.mark.parametrize(("shell", "words"), [("zsh", ["-n"]), ("fish", ["--no-execute"])])
def test_other_shells_read_their_file(project: Path, shell: str, words: list[str]) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"needs {shell}")
    file = {"zsh": "zsh/site-functions/_asterism", "fish": "fish/vendor_completions.d/asterism.fish"}[shell]
    done = subprocess.run([shell, *words, project / "share" / file], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
