"""``asterism watch``: files saved as editors save them, a real compiler, and a real program that takes what comes."""

from __future__ import annotations

import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

SECONDS = 40.0
SOURCE = """\
/*** MODULEINFO
	<support_level>extended</support_level>
 ***/
#include "asterisk.h"
#include "asterisk/module.h"
#include "asterisk/cli.h"
#include "asterisk/options.h"
#include <stdlib.h>
#include "words.h"
BEFORE
static char *show(struct ast_cli_entry *e, int cmd, struct ast_cli_args *a)
{
	switch (cmd) {
	case CLI_INIT:
		e->command = "NAME show";
		e->usage = "Usage: NAME show\\n";
		return NULL;
	case CLI_GENERATE:
		return NULL;
	}
	ast_cli(a->fd, "WORD " WORDS "\\n");
	return CLI_SUCCESS;
}
static struct ast_cli_entry entries[] = { AST_CLI_DEFINE(show, "Show") };
static int unload_module(void)
{
	return ast_cli_unregister_multiple(entries, 1);
}
static int load_module(void)
{
	LOAD;
	return ast_cli_register_multiple(entries, 1);
}
AST_MODULE_INFO(ASTERISK_GPL_KEY, AST_MODFLAG_DEFAULT, "Test", .load = load_module, .unload = unload_module, REQUIRES);
"""


def source(name: str, word: str, load: str = "", before: str = "", requires: str = "") -> str:
    needs = f'.requires = "{requires}"' if requires else ".support_level = 0"
    pairs = {"NAME": name, "WORD ": f"{word} ", "LOAD": load, "BEFORE": before, "REQUIRES": needs}
    text = SOURCE
    for key, value in pairs.items():
        text = text.replace(key, value)
    return text


class Workshop:
    """A directory of somebody's own modules, watched."""

    def __init__(self, top: Path, program: str) -> None:
        self.top = top
        self.program = program
        self.events: queue.Queue[dict[str, Any]] = queue.Queue()
        self.process: subprocess.Popen[str]

    def start(self, *flags: str) -> None:
        self.process = subprocess.Popen(
            [self.program, "watch", "--json", *flags], cwd=self.top, stdout=subprocess.PIPE, text=True
        )
        self.listen()
        self.expect("watching")

    def listen(self) -> None:
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        for line in self.process.stdout or ():
            self.events.put(json.loads(line))

    def next(self) -> dict[str, Any]:
        return self.events.get(timeout=SECONDS)

    def expect(self, event: str) -> dict[str, Any]:
        while (found := self.next())["event"] != event:
            assert found["event"] in ("built", "started", "alone"), found
        return found

    def save(self, name: str, text: str) -> None:
        """As vim does: a new file takes the name."""
        beside = self.top / f".{name}.swx"
        beside.write_text(text)
        os.replace(beside, self.top / name)

    def ask(self, command: str) -> str:
        conf = self.top / "build/run/asterisk.conf"
        done = subprocess.run(
            [self.program, "-C", str(conf), "-rx", command], capture_output=True, text=True, timeout=30
        )
        return done.stdout

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        status = self.process.wait(SECONDS)
        self.reader.join()
        if self.process.stdout is not None:
            self.process.stdout.close()
        return status


@pytest.fixture
def workshop(tree: Path, tmp_path: Path) -> Iterator[Workshop]:
    if shutil.which("gcc") is None:
        pytest.skip("needs gcc")
    top = tmp_path / "mine"
    top.mkdir()
    made = Workshop(top, str(tree / "sbin/asterism"))
    made.save("words.h", '#define WORDS "it is"\n')
    made.save("res_a.c", source("a", "one"))
    yield made
    if made.process.poll() is None:
        made.stop()


def test_a_saved_module_runs_and_a_bad_one_leaves_the_old_one_running(workshop: Workshop) -> None:
    """The life of an afternoon: new code, a mistake in it, a crash, a decline, and good again."""
    workshop.start("--run")
    assert workshop.ask("a show") == "one it is\n"
    workshop.save("res_a.c", source("a", "two"))
    ran = workshop.expect("run")
    assert ran["module"] == "res_a"
    assert workshop.ask("a show") == "two it is\n"

    workshop.save("res_a.c", source("a", "three", load="missing = 1"))
    failed = workshop.expect("failed")
    assert (failed["faults"][0]["file"], failed["faults"][0]["line"]) == ("res_a.c", 31)
    assert "missing" in failed["faults"][0]["why"]
    assert workshop.ask("a show") == "two it is\n"

    workshop.save("res_a.c", source("a", "four", load="*(volatile int *) 0 = 1"))
    refused = workshop.expect("refused")["faults"][0]["why"]
    assert refused == "module res_a crashed in its load callback (SIGSEGV, invalid memory access) at res_a.c:31"
    assert workshop.ask("a show") == "two it is\n"

    workshop.save("res_a.c", source("a", "five", load="return AST_MODULE_LOAD_DECLINE"))
    back = workshop.expect("back")["faults"][0]["what"]
    assert back.startswith("declined to load")
    assert workshop.ask("a show") == "two it is\n"

    workshop.save("res_a.c", source("a", "six"))
    workshop.expect("run")
    assert workshop.ask("a show") == "six it is\n"
    assert workshop.stop() == 0


def test_headers_new_files_renamed_ones_and_those_that_are_gone_are_followed(workshop: Workshop) -> None:
    workshop.start("--run")
    workshop.save("words.h", '#define WORDS "it was"\n')
    workshop.expect("run")
    assert workshop.ask("a show") == "one it was\n"
    workshop.save(
        "res_b.py",
        '"""B.\n\n/*** MODULEINFO\n***/\n"""\nfrom runtime.api.module import *\nMODULE = ModuleInfo(\'B\')\n',
    )
    assert workshop.expect("run")["module"] == "res_b"
    os.replace(workshop.top / "res_b.py", workshop.top / "res_c.py")
    assert without_time(workshop.expect("gone")) == {
        "event": "gone",
        "module": "res_b",
        "text": "the module is unloaded",
    }
    assert workshop.expect("run")["module"] == "res_c"
    (workshop.top / "res_c.py").unlink()
    assert workshop.expect("gone")["module"] == "res_c"
    shown = workshop.ask("module show like res_")
    assert ("res_a.so" in shown, "res_b.py" in shown, "res_c.py" in shown) == (True, False, False)


def without_time(event: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in event.items() if key != "time"}


def test_a_mistake_in_a_block_is_told_and_mended(workshop: Workshop) -> None:
    workshop.start("--run")
    good = source("a", "two")
    workshop.save("res_a.c", good.replace("</support_level>", "</suport_level>"))
    assert workshop.expect("fault")["faults"][0]["line"] == 2
    workshop.save("res_a.c", good)
    workshop.expect("run")
    assert workshop.ask("a show") == "two it is\n"


def test_what_needs_a_module_goes_with_it_and_is_told_before(workshop: Workshop) -> None:
    workshop.save("res_b.c", source("b", "b", requires="res_a"))
    workshop.start("--run")
    workshop.save("res_a.c", source("a", "two"))
    assert without_time(workshop.expect("others")) == {"event": "others", "module": "res_a", "others": ["res_b.so"]}
    assert workshop.expect("run")["others"] == ["res_b.so"]
    assert (workshop.ask("a show"), workshop.ask("b show")) == ("two it is\n", "b it is\n")


def test_a_module_in_use_waits_until_it_is_let_go(workshop: Workshop) -> None:
    held = source("a", "one", load="ast_module_ref(AST_MODULE_SELF)")
    workshop.save("res_a.c", held.replace("ast_cli(a->fd", "ast_module_unref(AST_MODULE_SELF);\n\tast_cli(a->fd"))
    workshop.start("--run")
    workshop.save("res_a.c", source("a", "two"))
    assert workshop.expect("busy")["faults"][0]["what"] == "res_a.so is in use"
    assert workshop.ask("a show") == "one it is\n"  # lets go
    workshop.expect("run")
    assert workshop.ask("a show") == "two it is\n"


def test_a_program_that_dies_of_a_module_is_started_again_with_the_old_one(workshop: Workshop) -> None:
    """A crash that no trial shows: it happens only where the start is complete."""
    workshop.start("--run")
    workshop.save("res_a.c", source("a", "two", load="if (ast_fully_booted) abort()"))
    assert workshop.expect("back")["faults"][0]["what"] == "asterism ended while it took res_a.so"
    workshop.expect("started")
    assert workshop.ask("a show") == "one it is\n"
    workshop.save("res_a.c", source("a", "three"))
    workshop.expect("run")
    assert workshop.ask("a show") == "three it is\n"


def test_without_a_program_it_only_builds(workshop: Workshop) -> None:
    workshop.start()
    workshop.save("res_a.c", source("a", "two"))
    assert workshop.expect("alone")["module"] == "res_a"
    assert workshop.stop() == 0


def test_a_directory_without_modules_is_refused_in_words(tree: Path, tmp_path: Path) -> None:
    words = [str(tree / "sbin/asterism"), "watch"]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert (done.returncode, done.stderr) == (
        1,
        f"{tmp_path}: no modules of your own here\n"
        "    in the source tree of Asterism that is 'make watch'; 'asterism new NAME' writes a module\n",
    )


def test_a_mistake_that_was_there_before_is_told_and_waited_for(workshop: Workshop) -> None:
    good = source("a", "one")
    workshop.save("res_a.c", good.replace("</support_level>", "</suport_level>"))
    workshop.process = subprocess.Popen(
        [workshop.program, "watch", "--json"], cwd=workshop.top, stdout=subprocess.PIPE, text=True
    )
    workshop.listen()
    assert workshop.expect("fault")["faults"][0]["line"] == 2
    workshop.expect("watching")
    workshop.save("res_a.c", good)
    assert workshop.next()["event"] == "alone"


def test_in_the_source_tree_the_program_of_make_run_takes_it(
    built_sources: Path, tmp_path: Path, asterism: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    top = tmp_path / "src"
    shutil.copytree(built_sources, top, symlinks=True)
    assert asterism(top, "install", "--quiet", "--root", "root").returncode == 0
    environment = {**os.environ, "PYTHONPATH": str(top)}
    words = [sys.executable, "-m", "asterism", "watch", "--json", "--run"]
    with subprocess.Popen(words, cwd=top, stdout=subprocess.PIPE, text=True, env=environment) as process:
        try:
            until(process.stdout, "watching")
            limit = top / "res/res_limit.c"
            limit.write_text(limit.read_text() + "int res_limit_anew(void);\nint res_limit_anew(void) { return 1; }\n")
            assert until(process.stdout, "run")["module"] == "res_limit"
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=SECONDS)
    assert process.returncode == 0


def until(lines: Any, event: str) -> dict[str, Any]:
    for line in lines:
        if (found := json.loads(line))["event"] == event:
            return found
    raise AssertionError(f"no {event}")
