"""``asterism replace``: a new build of a module put into a running program, and taken back when it does not run."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from runtime_support import Place
from waiting import HANG

from runtime.modules import build_id
from runtime.verbs.module_place import put
from runtime.verbs.replacement import Shown, dependents, in_use

Compile = Callable[..., None]
SAYS = 'ast_log(LOG_NOTICE, "this is {}\\n"); return 0;'
HOLDER = """\
#include "asterisk.h"
#include "asterisk/module.h"
{before}
static int unload_module(void) {{ return 0; }}
static int load_module(void) {{ {load} }}
AST_MODULE_INFO(ASTERISK_GPL_KEY, AST_MODFLAG_DEFAULT, "Holder", .load = load_module,
	.unload = unload_module, .requires = "res_one");
"""


@pytest.fixture
def new(place: Place) -> Path:
    """Where new builds lie."""
    directory = place.root / "new"
    directory.mkdir()
    return directory


@pytest.fixture
def running(place: Place, compiled: Compile) -> Iterator[Place]:
    """A program that runs ``res_one``."""
    compiled("res_one", SAYS.format("one"))
    (place.root / "etc/logger.conf").write_text("[logfiles]\nlog => notice,error\n")
    with place.running():
        yield place


def ask(place: Place, command: str) -> str:
    return place.ask(command).stdout


def replaced(place: Place, file: Path) -> dict[str, object]:
    done = subprocess.run(
        [str(place.tree / "sbin/asterism"), "replace", "-C", str(place.conf), "--json", str(file)],
        capture_output=True,
        text=True,
        timeout=HANG,
        check=False,
    )
    assert done.stderr == ""
    made = json.loads(done.stdout)
    assert done.returncode == (0 if made["outcome"] in ("run", "same") else 1)
    return made


def build_of(place: Place, name: str) -> str:
    return json.loads(ask(place, f"module show like {name} json"))[0]["build"]


def test_the_new_code_runs_and_that_is_seen_in_memory(running: Place, compiled: Compile, new: Path) -> None:
    old = build_of(running, "res_one")
    compiled("res_one", SAYS.format("two"), to=new)
    made = replaced(running, new / "res_one.so")
    wanted = build_id.of_file(new / "res_one.so")
    assert (made["outcome"], made["build"], made["faults"]) == ("run", wanted, [])
    assert build_of(running, "res_one") == wanted != old
    assert (running.root / "log/log").read_text().rstrip().endswith("this is two")
    assert replaced(running, new / "res_one.so")["outcome"] == "same"


BAD = {
    "crashes": ("abort();", "#include <stdlib.h>", "refused", "module res_one crashed in its load callback (SIGABRT"),
    "exits": ("exit(0);", "#include <stdlib.h>", "refused", "module res_one ended the program in its load callback"),
    "declines": ('ast_log(LOG_ERROR, "no luck\\n"); return 1;', "", "back", "declined to load: it said: no luck"),
    "fails": ("return -1;", "", "back", "failed to load"),
}


@pytest.mark.parametrize(("load", "before", "outcome", "why"), BAD.values(), ids=BAD)
def test_a_build_that_does_not_run_leaves_the_old_one_running(
    running: Place, compiled: Compile, new: Path, load: str, before: str, outcome: str, why: str
) -> None:
    old, bytes_before = build_of(running, "res_one"), (running.modules / "res_one.so").read_bytes()
    compiled("res_one", load, before, to=new)
    made = replaced(running, new / "res_one.so")
    assert made["outcome"] == outcome
    assert why in json.dumps(made["faults"])
    assert build_of(running, "res_one") == old
    assert (running.modules / "res_one.so").read_bytes() == bytes_before
    assert ask(running, "module show failed") == "All modules run.\n"


def test_what_needs_the_module_is_refreshed_with_it_and_comes_back_with_the_old_one(
    running: Place, compiled: Compile, new: Path
) -> None:
    compiled("res_holder", "return 0;", source=HOLDER)
    assert ask(running, "module load res_holder") == "Loaded res_holder\n"
    compiled("res_one", SAYS.format("two"), to=new)
    made = replaced(running, new / "res_one.so")
    assert (made["outcome"], made["others"]) == ("run", ["res_holder.so"])
    compiled("res_one", "return 1;", to=new)
    assert replaced(running, new / "res_one.so")["outcome"] == "back"
    rows = json.loads(ask(running, "module show json"))
    assert [(row["file"], row["running"], row["use_count"]) for row in rows] == [
        ("res_holder.so", True, 0),
        ("res_one.so", True, 1),
    ]


def test_a_module_in_use_is_not_touched(running: Place, compiled: Compile, new: Path) -> None:
    compiled("res_used", "ast_module_ref(AST_MODULE_SELF); return 0;")
    ask(running, "module load res_used")
    compiled("res_used", "return 0;", to=new)
    made = replaced(running, new / "res_used.so")
    assert (made["outcome"], made["faults"]) == (
        "busy",
        [
            {
                "code": "in-use",
                "severity": "error",
                "what": "res_used.so is in use",
                "why": "1 reference on it, held by commands, calls or the like",
                "cure": "the old build keeps running; try again when the module is no longer in use",
            }
        ],
    )


def test_a_program_that_dies_of_it_leaves_the_old_file_and_no_accusation(
    running: Place, compiled: Compile, new: Path
) -> None:
    """A crash that the trial cannot see: it happens only where the program itself runs."""
    body = f"if (getppid() != {os.getpid()}) return 0;\nabort();"
    compiled("res_one", body, "#include <unistd.h>\n#include <stdlib.h>", to=new)
    old = (running.modules / "res_one.so").read_bytes()
    made = replaced(running, new / "res_one.so")
    assert made["outcome"] == "back"
    assert made["faults"][0]["what"] == "asterism ended while it took res_one.so"
    assert made["faults"][0]["why"].startswith("module res_one crashed in its load callback (SIGABRT")
    assert (running.modules / "res_one.so").read_bytes() == old
    assert running.asterism("-cq", given="module show failed\n").stdout == "All modules run.\n"


def test_python_modules_are_replaced_as_well(running: Place, new: Path) -> None:
    text = "from runtime.api.module import *\nMODULE = ModuleInfo('{}')\n"
    (new / "res_snake.py").write_text(text.format("one"))
    assert replaced(running, new / "res_snake.py")["outcome"] == "run"
    (new / "res_snake.py").write_text(text.format("two"))
    assert replaced(running, new / "res_snake.py")["outcome"] == "run"
    (new / "res_snake.py").write_text("import nothing_of_that_name\n")
    made = replaced(running, new / "res_snake.py")
    assert (made["outcome"], made["faults"][0]["what"]) == ("refused", "it raised ModuleNotFoundError")
    assert " two " in ask(running, "module show like res_snake")


def test_without_a_program_nothing_is_touched(place: Place, compiled: Compile, new: Path) -> None:
    compiled("res_one", "return 0;", to=new)
    assert replaced(place, new / "res_one.so")["outcome"] == "alone"
    assert list(place.modules.iterdir()) == []


def test_a_file_that_is_no_module_is_told_of_before_anything_else(place: Place, new: Path) -> None:
    (new / "res_one.so").write_text("x")
    told = [replaced(place, new / name)["faults"][0]["what"] for name in ("res_one.so", "res_two.so")]
    assert told == ["it is not a shared object", "cannot read the file"]


# ---- decided


def row(name: str, uses: int = 0, *needs: str) -> Shown:
    return Shown(name, uses, True, needs)


def test_dependents_are_found_by_way_of_others_the_nearest_first() -> None:
    rows = [row("a"), row("b", 0, "a"), row("c", 0, "b"), row("d", 0, "a"), row("e")]
    assert dependents(rows, "a") == ["b", "d", "c"]


def test_references_of_modules_are_no_use_but_others_are() -> None:
    rows = [row("a", 1), row("b", 0, "a")]
    assert in_use(rows, ["a", "b"]) is None
    fault = in_use([row("a", 3), row("b", 0, "a")], ["a", "b"])
    assert (fault.what, fault.why) == ("a is in use", "2 references on it, held by commands, calls or the like")


def test_a_link_stays_a_link_and_goes_back_to_the_kept_build(tmp_path: Path) -> None:
    for name in ("built", "kept"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "res_x.so").write_text(name)
    target = tmp_path / "res_x.so"
    target.symlink_to(tmp_path / "built/res_x.so")
    put(tmp_path / "built/res_x.so", target, tmp_path / "kept/res_x.so").restore()
    assert (target.is_symlink(), target.read_text()) == (True, "kept")
    put(tmp_path / "built/res_x.so", target, tmp_path / "kept/res_x.so")
    assert (target.is_symlink(), target.read_text()) == (True, "built")
