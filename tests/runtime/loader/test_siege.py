"""Clients that look at, call and hold modules which others unload meanwhile: bench/siege.py, with its steps counted."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import threading
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[3] / "bench"))

import siege
from siege import ManagerClient, Question, SocketClient

PAIRS = 40
"""How often the module is unloaded and loaded; without the lock of the loader, the list took 5 to 25 times."""


def asked(line: str, questions: list[Question]) -> Question:
    """The question of the siege that is asked like this."""
    return next(question for question in questions if question.line == line)


LINES = {
    "module show": "func_strings",
    "module show like func_": "func_strings",
    "module show json": "func_strings",
    "module show like res_limit": "res_limit",
    "dialplan eval function TOUPPER(abc)": "func_strings",
    "dialplan eval function UUID()": "func_uuid",
    "dialplan exec application Verbose(4,siege)": "app_verbose",
    "ulimit": "res_limit",
    "Action: Limits": "res_limit",
}
"""What two clients ask, and which module a third unloads and loads meanwhile."""


@pytest.mark.parametrize(("line", "module"), LINES.items(), ids=LINES)
def test_a_module_is_unloaded_while_others_look_at_it(tree: Path, tmp_path: Path, line: str, module: str) -> None:
    kind = ManagerClient if line.startswith("Action") else SocketClient
    over, wrong = threading.Event(), []

    def look() -> None:
        try:
            with contextlib.closing(kind(place)) as client:
                question = asked(line, client.questions)
                while not over.is_set():
                    question.meaning(client.ask(question))
        except (OSError, siege.WrongError) as error:
            wrong.append(f"{type(error).__name__}: {error}")

    with siege.running(tree, tmp_path) as place:
        siege.wait_until_booted(place)
        threads = [threading.Thread(target=look) for _ in range(2)]
        for thread in threads:
            thread.start()
        try:
            with contextlib.closing(SocketClient(place)) as client:
                change(client, module)
        finally:
            over.set()
            for thread in threads:
                thread.join()
        assert wrong == []
        siege.stop(place)


def change(client: SocketClient, module: str) -> None:
    """Unload and load a module again and again; it may be in use, and is running then."""
    for _ in range(PAIRS):
        for verb in ("unload", "load"):
            question = asked(f"module {verb} {module}", client.questions)
            question.meaning(client.ask(question))


def test_eight_clients_do_what_they_like(tree: Path, tmp_path: Path) -> None:
    tallies = siege.besiege(tree, tmp_path, lambda done: done < 60)
    assert sum(sum(tally.meanings.values()) for tally in tallies.values()) == 8 * 60


def test_a_siege_of_a_tree_that_is_not_there_is_one_message(tmp_path: Path) -> None:
    words = [sys.executable, siege.__file__, "--tree", str(tmp_path / "none")]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    cure = "    run 'make', then '.venv/bin/python -m asterism install --root root'\n"
    what = f"{tmp_path}/none: the installed program is missing\n{cure}"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", what)
