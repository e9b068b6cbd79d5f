"""The installed tree as a whole."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

from waiting import HANG


def test_the_tree_runs_after_it_was_moved_without_any_environment(tree: Path, tmp_path: Path) -> None:
    moved = tmp_path / "another place"
    shutil.copytree(tree, moved, symlinks=True)
    asked = [moved / "sbin/asterism", "config", "--prefix", "--moddir"]
    done = subprocess.run(asked, env={}, capture_output=True, text=True, timeout=HANG, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{moved}\n{moved}/lib/asterism/modules\n", "")


def test_every_module_of_the_project_that_is_on_by_default_is_installed(tree: Path, project: Path) -> None:
    found = [path for name in ("apps", "funcs", "res") for path in (project / name).glob("*_*.[cp]*")]
    found += (project / "tests").glob("test_*.c")
    sources = [path for path in found if path.is_file() and "<defaultenabled>no<" not in path.read_text()]
    expected = {f"{path.stem}{'.py' if path.suffix == '.py' else '.so'}" for path in sources}
    assert {path.name for path in (tree / "lib/asterism/modules").iterdir() if path.is_file()} == expected


def test_the_manifest_names_every_file_and_no_other(tree: Path) -> None:
    manifest = json.loads((tree / "lib/asterism/manifest.json").read_text())
    named = {row["path"] for row in manifest["files"]}
    present = {path.relative_to(tree).as_posix() for path in tree.rglob("*") if path.is_file()}
    assert present - named == {"lib/asterism/manifest.json"}
    assert named <= present


def test_tree_json_holds_no_path_of_the_machine_but_the_interpreter(tree: Path) -> None:
    description = json.loads((tree / "lib/asterism/tree.json").read_text())
    python = description.pop("python")
    assert Path(python).is_absolute()
    assert "/" not in [str(value)[:1] for value in description["directories"].values()]
    assert str(tree) not in json.dumps(description)


def test_a_foreign_makefile_can_compile_a_module_with_what_config_prints(tree: Path, tmp_path: Path) -> None:
    source = tmp_path / "res_foreign.c"
    source.write_text(
        """\
/*** MODULEINFO
	<support_level>extended</support_level>
 ***/
#include "asterisk.h"
#include "asterisk/module.h"
static int load_module(void) { return AST_MODULE_LOAD_SUCCESS; }
static int unload_module(void) { return 0; }
AST_MODULE_INFO_STANDARD(ASTERISK_GPL_KEY, "Foreign");
"""
    )
    ask = [tree / "sbin/asterism", "config", "--cflags"]
    flags = subprocess.run(ask, capture_output=True, text=True, check=True).stdout.split()
    own = ['-DAST_MODULE="res_foreign"', "-DAST_MODULE_SELF_SYM=__internal_res_foreign_self"]
    command = ["gcc", "-shared", "-Wall", "-Werror", *flags, *own, str(source), "-o", str(tmp_path / "res_foreign.so")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=HANG, check=False)
    assert (done.returncode, done.stderr) == (0, "")
