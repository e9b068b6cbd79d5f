"""``asterism port`` as its users type it."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from asterism import __main__ as command
from buildsys.porting import port

SOURCE = """\
#include "asterisk.h"

ASTERISK_FILE_VERSION(__FILE__, "$Revision: 3 $")

#include "asterisk/channel.h"
#include "asterisk/cdr.h"
#include "asterisk/module.h"

static int sample_exec(struct ast_channel *chan, void *data)
{
	ast_cdr_setapp(chan->cdr, "Sample", data);
	return 0;
}

static int load_module(void)
{
	return ast_register_application("Sample", sample_exec, "A sample", "Sample()");
}
"""
PORTED = """\
#include "asterisk.h"

#include "asterisk/channel.h"
#include "asterisk/cdr.h"
#include "asterisk/module.h"

static int sample_exec(struct ast_channel *chan, const char *data)
{
	ast_cdr_setapp(ast_channel_cdr(chan), "Sample", data);
	return 0;
}

static int load_module(void)
{
	return ast_register_application("Sample", sample_exec, "A sample", "Sample()");
}
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "app_sample.c").write_text(SOURCE)
    return tmp_path


def run(words: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    status = command.main(["port", *words])
    out, err = capsys.readouterr()
    return status, out, err


def test_a_report_has_each_change_and_what_is_left(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(["app_sample.c", "--to", "22", "--from", "1.4"], capsys)
    head, _, why = out.partition("\nWhy:\n")
    assert (status, err) == (1, "")
    assert head == (
        "app_sample.c: fits Asterisk 1.4 to 10 as it is, by its names\n"
        "  3: 'ASTERISK_FILE_VERSION(__FILE__, \"$Revision: 3 $\")' is removed [file-version]\n"
        "  9: 'void *data' becomes 'const char *data' [callback-types]\n"
        "  11: 'chan->cdr' becomes 'ast_channel_cdr(chan)' [channel-accessors]\n"
        "  11: to do: there is no ast_cdr_setapp: Asterisk 1.4 to 11 had it [call-records]\n"
    )
    assert why.splitlines()[0].startswith("  file-version: since Asterisk 15 ")
    assert why.splitlines()[-1] == "1 file: 3 changes, 1 left to do"
    assert (here / "app_sample.c").read_text() == SOURCE


def test_write_keeps_the_original_and_a_second_run_changes_nothing(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        assert run(["--write", "."], capsys)[0] == 1
        assert (here / "app_sample.c").read_text() == PORTED
        assert (here / "app_sample.c.orig").read_text() == SOURCE


def test_diff_is_a_patch(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(["--diff", "app_sample.c"], capsys)
    assert out.splitlines()[:7] == [
        "--- a/app_sample.c",
        "+++ b/app_sample.c",
        "@@ -1,14 +1,12 @@",
        ' #include "asterisk.h"',
        "-",
        '-ASTERISK_FILE_VERSION(__FILE__, "$Revision: 3 $")',
        " ",
    ]


TARGET = Path(__file__).parents[1] / "targets/stand_in"
OLD = """\
#include "asterisk.h"
ASTERISK_FILE_VERSION(__FILE__, "$Revision: 3 $")
#include "asterisk/module.h"
static int load_module(void) { return LOADED; }
static int unload_module(void) { return 0; }
AST_MODULE_INFO_STANDARD_EXTENDED(ASTERISK_GPL_KEY, "A module");
"""


@pytest.mark.parametrize(
    ("returned", "status", "proof", "left"),
    [
        ("0", 0, f"compiles for {TARGET}", []),
        (
            "LOADED",
            1,
            f"1 error for {TARGET}, 1 after its port",
            ["  4: to do: 'LOADED' undeclared (first use in this function)"],
        ),
    ],
)
def test_a_target_proves_what_the_port_has_done(
    here: Path, capsys: pytest.CaptureFixture[str], returned: str, status: int, proof: str, left: list[str]
) -> None:
    (here / "res_old.c").write_text(OLD.replace("LOADED", returned))
    given = run(["res_old.c", "--from", "13", "--to", "22", "--target", str(TARGET)], capsys)
    assert (given[0], given[1].partition("\nWhy:\n")[0].splitlines(), given[2]) == (
        status,
        [
            f"res_old.c: fits Asterisk 13 or later as it is, by its names; {proof}",
            """  2: 'ASTERISK_FILE_VERSION(__FILE__, "$Revision: 3 $")' is removed [file-version]""",
            *left,
        ],
        "",
    )


def test_a_target_without_headers_is_told(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = run([str(here / "app_sample.c"), "--to", "22", "--target", str(here / "none")], capsys)
    assert (given[0], given[1], given[2].splitlines()[0]) == (
        1,
        "",
        f"{here}/none: there are no headers of Asterisk here",
    )


def test_rules_are_chosen(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(["--json", "--rules", "file-version", "app_sample.c"], capsys)
    (found,) = json.loads(out)["files"]
    assert [change["rule"] for change in found["changes"]] == ["file-version"]
    _, out, _ = run(["--json", "--without", "file-version,callback-types", "app_sample.c"], capsys)
    (found,) = json.loads(out)["files"]
    assert [change["rule"] for change in found["changes"]] == ["channel-accessors"]
    assert (found["to"], found["unparsed"]) == ("23", 0)


def test_sarif_has_a_result_for_each_change(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(["--sarif", "app_sample.c"], capsys)
    results = json.loads(out)["runs"][0]["results"]
    assert [(each["ruleId"], each["level"]) for each in results] == [
        ("file-version", "warning"),
        ("callback-types", "warning"),
        ("channel-accessors", "warning"),
        ("call-records", "error"),
    ]


def test_both_keeps_the_old_code_and_a_second_run_changes_nothing(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["--both", "--write", "app_sample.c"], capsys)
    once = (here / "app_sample.c").read_text()
    assert "#if ASTERISK_VERSION_NUM >= 110000\n\tast_cdr_setapp(ast_channel_cdr(chan)" in once
    run(["--both", "--write", "app_sample.c"], capsys)
    assert (here / "app_sample.c").read_text() == once


def test_many_sources_are_ported_in_several_processes_with_the_report_of_one(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "sub").mkdir()
    for number in range(9):
        (here / f"sub/app_{number}.c").write_text(SOURCE)
    os.mkfifo(here / "sub/app_pipe.c")
    expected = []
    for number in range(9):
        _, out, _ = run(["--json", f"sub/app_{number}.c"], capsys)
        expected += json.loads(out)["files"]
    status, out, err = run(["--json", "--write", "sub"], capsys)
    assert (status, err) == (
        1,
        "sub/app_pipe.c: cannot read the file: is a named pipe (FIFO)\n    name a regular file\n",
    )
    assert json.loads(out)["files"] == expected
    assert [path.read_text() for path in sorted(here.glob("sub/*_[0-9].c"))] == [PORTED] * 9


def test_the_sources_of_the_current_directory_have_short_names(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(["."], capsys)
    assert out.splitlines()[0] == "app_sample.c: fits Asterisk 1.4 to 10 as it is, by its names"


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (
            [],
            2,
            "asterism: no source is named\n    name sources or directories; 'asterism port --list' lists the rules\n",
        ),
        (["--explain", "macroz"], 2, "asterism: there is no rule 'macroz'\n    did you mean 'macros'?\n"),
        (
            ["--from", "22", "--to", "11", "app_sample.c"],
            2,
            "asterism: branch 11 is not newer than 22\n    name the older one with --from\n",
        ),
        (["gone.c"], 1, "gone.c: cannot read the file: no such file or directory\n    check the path\n"),
    ],
)
def test_what_cannot_be_done_is_said(
    words: list[str], status: int, said: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found, _, err = run(words, capsys)
    assert (found, err) == (status, said)


def test_a_generated_file_is_left_alone(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "made.c").write_text("/* A Bison parser, made by GNU Bison 3.8. */\n" + SOURCE)
    status, out, _ = run(["--write", "made.c"], capsys)
    assert (status, out.splitlines()[0]) == (
        0,
        "made.c: warning: this file is generated: a change would be lost when it is generated again",
    )
    assert not (here / "made.c.orig").exists()


def test_without_the_extra_one_message_names_the_cure(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.startswith("buildsys.porting.")]:
        if name not in ("buildsys.porting.port", "buildsys.porting.report", "buildsys.porting.results"):
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "tree_sitter_c", None)
    monkeypatch.setattr("buildsys.porting.one_source", None, raising=False)
    for gone in ("one_source", "compiling"):
        monkeypatch.delattr(f"buildsys.porting.{gone}", raising=False)
    status, _, err = run(["app_sample.c"], capsys)
    assert (status, err) == (1, f"asterism: {port.EXTRA.what}\n    pip install 'asterism[port]'\n")


def test_rules_are_listed_and_explained(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(["--list"], capsys)
    assert "format-objects" in out
    _, out, _ = run(["--explain", "say-case"], capsys)
    assert out.splitlines()[0] == "say-case: since Asterisk 12 ast_say_character_str takes the case."
    assert "After:" in out
