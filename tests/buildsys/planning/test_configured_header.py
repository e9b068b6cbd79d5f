"""Repositories whose own configure makes a header: it is used when it is there, and named when it is not."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from buildsys.planning import configured_header
from buildsys.planning.configured_header import ConfiguredHeader

Asterism = Callable[..., "subprocess.CompletedProcess[str]"]

MODULE = """\
/*** MODULEINFO
	<support_level>core</support_level>
 ***/
#include "asterisk.h"
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif
#ifndef READY
#error run configure
#endif
#include "asterisk/module.h"
static int load_module(void) { return READY; }
static int unload_module(void) { return 0; }
AST_MODULE_INFO_STANDARD(ASTERISK_GPL_KEY, "A module");
"""


def put(top: Path, text: str = "AC_INIT([x],[1])\nAC_CONFIG_HEADERS([src/config.h])\n") -> Path:
    (top / "src/apps").mkdir(parents=True)
    (top / "configure.ac").write_text(text)
    (top / "src/apps/app_x.c").write_text(MODULE)
    return top


def test_a_header_that_configure_has_not_made_is_named_and_used_once_it_is_there(
    tmp_path: Path, asterism: Asterism
) -> None:
    put(tmp_path)
    done = asterism(tmp_path, "build", "--quiet")
    assert (done.returncode, done.stderr) == (
        1,
        "src/apps/app_x.c:9:2: module app_x does not compile: src/config.h is not there, which this repository's "
        "configure makes: #error run configure\n"
        "    run 'autoreconf -i && ./configure' in this directory with the options that its README names, then build "
        "again\n"
        "    1 more error; 'asterism log app_x' shows all of it (build/log/app_x.log)\n",
    )
    (tmp_path / "src/config.h").write_text("#define READY 0\n")
    done = asterism(tmp_path, "build", "--quiet")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("AC_CONFIG_HEADERS([src/config.h:config.hin])\n", "src/config.h"),
        ("\tAC_CONFIG_HEADER(config.h)\n", "config.h"),
        ("AM_CONFIG_HEADER([ include/config.h other.h ])\n", "include/config.h"),
        ("dnl AC_CONFIG_HEADERS([config.h])\n", ""),
        ("AC_INIT\n", ""),
    ],
)
def test_the_header_is_read_from_what_autoconf_reads(tmp_path: Path, text: str, path: str) -> None:
    put(tmp_path, text)
    found = configured_header.find(tmp_path, "src/apps/app_x.c")
    assert found == (ConfiguredHeader(path, "") if path else None)


def test_the_configure_nearest_to_the_source_counts(tmp_path: Path) -> None:
    put(tmp_path)
    (tmp_path / "src/apps/configure.in").write_text("AM_CONFIG_HEADER(config.h)\n")
    found = configured_header.unmade(tmp_path, "src/apps/app_x.c")
    assert found == ConfiguredHeader("src/apps/config.h", "src/apps")
    assert found.cure(tmp_path).startswith("run 'autoreconf -i && ./configure' in src/apps with")
    (tmp_path / "src/apps/autogen.sh").write_text("")
    assert found.cure(tmp_path).startswith("run 'sh autogen.sh && ./configure' in src/apps with")
    (tmp_path / "src/apps/configure").write_text("")
    assert found.cure(tmp_path).startswith("run './configure' in src/apps with")


def test_a_header_that_no_source_looks_at_changes_nothing(tmp_path: Path) -> None:
    put(tmp_path)
    (tmp_path / "src/apps/app_x.c").write_text("int x;\n")
    assert configured_header.unmade(tmp_path, "src/apps/app_x.c") is None
    (tmp_path / "src/config.h").write_text("")
    assert configured_header.flags(tmp_path, "src/apps/app_x.c") == ()
