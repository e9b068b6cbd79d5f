"""An installed stand-in for Asterisk: a small program, its headers and one module, laid out as Asterisk's are."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

STAND_IN = Path(__file__).parent / "stand_in"

BASE = """\
/*** MODULEINFO
	<support_level>core</support_level>
 ***/
#include "asterisk.h"
#include "asterisk/module.h"
int base_number(void);
int base_number(void) { return 42; }
static int load_module(void) { return 0; }
static int unload_module(void) { return 0; }
AST_MODULE_INFO(ASTERISK_GPL_KEY, AST_MODFLAG_GLOBAL_SYMBOLS, "The base",
	.load = load_module, .unload = unload_module, .support_level = AST_MODULE_SUPPORT_CORE);
"""

GREET = """\
/*** MODULEINFO
	<support_level>extended</support_level>
 ***/
#include "asterisk.h"
#include "asterisk/cli.h"
#include "asterisk/module.h"
static const char *answer(void) { return "hello"; }
static int load_module(void) { stand_in_command("greet", answer); return 0; }
static int unload_module(void) { return 0; }
AST_MODULE_INFO_STANDARD_EXTENDED(ASTERISK_GPL_KEY, "A greeting");
"""


@pytest.fixture(scope="session")
def stand_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The prefix of the stand-in: sbin/asterisk, include/, lib/asterisk/modules with res_base; changed by nobody."""
    prefix = tmp_path_factory.mktemp("stand-in")
    modules = prefix / "lib/asterisk/modules"
    for directory in (prefix / "sbin", modules, prefix / "etc/asterisk", prefix / "var/lib/asterisk/documentation"):
        directory.mkdir(parents=True)
    shutil.copytree(STAND_IN / "include", prefix / "include")
    include = f"-I{prefix}/include"
    program = ["cc", include, "-rdynamic", "-o", f"{prefix}/sbin/asterisk", str(STAND_IN / "asterisk.c"), "-ldl"]
    subprocess.run(program, check=True, capture_output=True)
    (prefix / "res_base.c").write_text(BASE)
    shared = ["cc", include, "-shared", "-fPIC", '-DAST_MODULE="res_base"', "-o", f"{modules}/res_base.so"]
    subprocess.run([*shared, f"{prefix}/res_base.c"], check=True)
    (prefix / "etc/asterisk/asterisk.conf").write_text(f"[directories]\nastmoddir => {modules}\n")
    return prefix


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory of somebody's own with the module res_greet; the user's settings are empty."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    place = tmp_path / "mine"
    place.mkdir()
    (place / "res_greet.c").write_text(GREET)
    return place
