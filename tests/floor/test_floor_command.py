"""The one command."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from collections.abc import Sequence

import pytest
from waiting import HANG

from asterism import __main__ as command
from asterism import __version__
from asterism.errors import AsterismError, Fault


def run(words: Sequence[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    status = command.main(words)
    out, err = capsys.readouterr()
    return status, out, err


def serve(monkeypatch: pytest.MonkeyPatch, function: object) -> None:
    monkeypatch.setattr(command, "_main", lambda entry: function)


@pytest.mark.parametrize("words", [[], ["help"], ["--help"]])
def test_without_a_verb_the_help_is_shown(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(words, capsys)
    assert (status, out) == (0, command.usage() + "\n")
    assert all(f"  {name} " in out for name in command.verbs())


def test_the_version_can_be_asked_for_in_full(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"], capsys) == (0, f"Asterism {__version__}\n", "")


def test_an_unknown_verb_ends_with_status_2_and_a_suggestion(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["biuld"], capsys) == (2, "", "asterism: there is no verb 'biuld'\n    did you mean 'build'?\n")


def test_a_verb_gets_the_words_after_it(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    given: list[Sequence[str]] = []

    def verb(words: Sequence[str]) -> int:
        given.append(words)
        return 7

    serve(monkeypatch, verb)
    assert run(["build", "-v", "x"], capsys)[0] == 7
    assert run(["help", "build"], capsys)[0] == 7
    assert given == [["-v", "x"], ["--help"]]


def test_flags_alone_run_the_runtime(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    asked: list[str] = []

    def load(entry: str) -> object:
        asked.append(entry)
        return lambda words: 0

    monkeypatch.setattr(command, "_main", load)
    assert run(["-cvvg"], capsys)[0] == 0
    assert asked == ["runtime.program.flags:main"]


def test_faults_become_lines_and_a_status(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def verb(words: Sequence[str]) -> int:
        raise AsterismError(Fault("one"), Fault("two"), status=4)

    serve(monkeypatch, verb)
    assert run(["build"], capsys) == (4, "", "asterism: one\nasterism: two\n")


def test_an_interruption_is_one_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def verb(words: Sequence[str]) -> int:
        raise KeyboardInterrupt

    serve(monkeypatch, verb)
    assert run(["build"], capsys) == (130, "", "asterism: interrupted\n")


@pytest.mark.parametrize("entry", sorted({verb.entry for verb in command.verbs().values()}))
def test_every_verb_can_be_loaded(entry: str) -> None:
    module, _, function = entry.partition(":")
    assert callable(getattr(importlib.import_module(module), function))


@pytest.mark.parametrize("verb", sorted(command.verbs()))
def test_every_verb_explains_itself(verb: str) -> None:
    command_line = [sys.executable, "-m", "asterism", verb, "--help"]
    done = subprocess.run(command_line, capture_output=True, text=True, timeout=HANG, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "usage:" in done.stdout.lower()


def test_a_reader_that_goes_away_is_no_fault() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command_line = [sys.executable, "-m", "asterism", "help"]
    done = subprocess.run(command_line, stdout=writing, stderr=subprocess.PIPE, text=True, timeout=HANG, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, "")
