"""``asterism check``: every fault of a tree at once, in four forms."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from asterism import __version__

Asterism = Callable[..., Any]


def block(*lines: str, level: str = "core") -> str:
    """A source with a MODULEINFO block; the first line given is line 2."""
    return "".join(
        f"{line}\n" for line in ("/*** MODULEINFO", *lines, f"<support_level>{level}</support_level>", "***/")
    )


@pytest.fixture
def sources(tmp_path: Path) -> Callable[..., None]:
    """Writes sources, given by their paths."""

    def write(files: dict[str, str]) -> None:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    return write


BAD = {
    "res/res_a.c": block("<depend>res_b</depend>", "<depend>crul</depend>"),
    "res/res_b.c": block("<depend>res_a</depend>", "<conflict>curl</conflict>", "<use>CURL</use>", level="coer"),
    "res/res_c.c": block("<depend>res_c</depend>", "<replacement>res_x</replacement>"),
    "apps/app_d.c": "/*** MODULEINFO\n\t<depend>res_a\n***/\n",
    "apps/app_e.c": block(),
    "apps/app_e.cc": block(),
    "build_tools/cflags.xml": '<category name="C">\n<member name="X">\n<depend>Y</depend></member></category>\n',
}

SAID = """\
apps/app_d.c:2:2: <depend> is not closed
     <depend>res_a
     ^
    end it with </depend>, or remove it
apps/app_e.cc:1:1: duplicate name 'app_e': the first is apps/app_e.c:1:1
    /*** MODULEINFO
    ^
    rename one of the two
build_tools/cflags.xml:2:9: nothing provides 'Y'
    <member name="X">
            ^
    name a module, or a library configure looks for
res/res_a.c:2:9: modules depend on each other in a circle: res_a -> res_b -> res_a
    <depend>res_b</depend>
            ^
    remove one of these dependencies
res/res_a.c:3:9: nothing provides 'crul'
    <depend>crul</depend>
            ^
    did you mean 'curl'?
res/res_b.c:4:6: 'res_b' wants 'CURL' and conflicts with it
    <use>CURL</use>
         ^
    remove one of the two
res/res_b.c:5:16: unknown support level 'coer'
    <support_level>coer</support_level>
                   ^
    did you mean 'core'?
res/res_c.c:2:9: 'res_c' depends on itself
    <depend>res_c</depend>
            ^
    remove it
res/res_c.c:3:14: warning: the replacement 'res_x' does not exist
    <replacement>res_x</replacement>
                 ^
    name one module of this tree
7 files: 8 errors, 1 warning
"""


def test_all_faults_come_at_once_in_the_order_of_the_files(sources: Callable[..., None], asterism: Asterism) -> None:
    sources(BAD)
    outcome = asterism("check")
    assert outcome.stdout == SAID
    assert (outcome.status, outcome.stderr) == (1, "")


def test_a_good_tree_is_good(sources: Callable[..., None], asterism: Asterism) -> None:
    sources({"res/res_a.c": block(), "apps/app_b.py": f'"""A module.\n\n{block("<depend>res_a</depend>")}"""\n'})
    outcome = asterism("check", "--strict")
    assert (outcome.status, outcome.stdout) == (0, "2 files: 0 errors\n")


def test_warnings_count_when_they_are_made_to(sources: Callable[..., None], asterism: Asterism) -> None:
    sources({"res/res_a.c": block("<replacement>res_zz</replacement>")})
    assert asterism("check").status == 0
    assert asterism("check", "--strict").status == 1


def test_what_configure_does_not_look_for_is_told(sources: Callable[..., None], asterism: Asterism) -> None:
    sources({"res/res_a.c": block("<depend>curl</depend>"), "build_tools/menuselect-deps": "ZLIB=1\n"})
    assert asterism("check").stdout == (
        "res/res_a.c:2:9: warning: configure of this tree does not look for 'curl'\n"
        "    <depend>curl</depend>\n            ^\n"
        "1 file: 0 errors, 1 warning\n"
    )


PASSED_OVER = {
    "app_a.c": block() + 'AST_MODULE_INFO_STANDARD(ASTERISK_GPL_KEY, "A");\n',
    "app_b.c": '#include "asterisk.h"\n',
    "app_a/app_part.c": '#include "asterisk.h"\n',
    "app_listed.c": '#include "asterisk.h"\n',
    "old/app_a.c": block(),
    "asterism.toml": '[modules.app_a]\nsources = ["app_listed.c"]\n',
}
"""A directory of modules: app_a has two further sources, and two files resemble modules."""


def test_what_resembles_a_module_and_is_none_is_named_with_the_reason(
    sources: Callable[..., None], asterism: Asterism
) -> None:
    sources(PASSED_OVER)
    first, second = (
        "app_b.c is passed over: it has neither AST_MODULE_INFO nor a MODULEINFO block\n",
        "old/app_a.c is passed over: app_a.c has its name\n",
    )
    assert asterism("check", "--strict").stdout == f"{first}{second}1 file: 0 errors\n"
    listed = asterism("list", "--names")
    assert (listed.stdout, listed.stderr) == ("app_a\n", f"asterism: {first}asterism: {second}")


def test_what_is_passed_over_is_data_and_a_notice(sources: Callable[..., None], asterism: Asterism) -> None:
    sources(PASSED_OVER)
    assert json.loads(asterism("check", "--json").stdout)["passed_over"] == [
        {"file": "app_b.c", "why": "it has neither AST_MODULE_INFO nor a MODULEINFO block"},
        {"file": "old/app_a.c", "why": "app_a.c has its name"},
    ]
    assert asterism("check", "--format", "github", "old").stdout.splitlines()[-1] == (
        "::notice file=old/app_a.c::old/app_a.c is passed over: app_a.c has its name"
    )
    assert asterism("check", "app_b.c").stdout == (
        "warning: 'app_b.c' is not a module of this tree: it has neither AST_MODULE_INFO nor a MODULEINFO block\n"
        "1 file: 0 errors, 1 warning\n"
    )


def test_only_the_files_that_are_named_are_told_of(sources: Callable[..., None], asterism: Asterism) -> None:
    sources(BAD)
    outcome = asterism("check", "apps/app_d.c", "apps/app_e.c")
    assert outcome.stdout == (
        "apps/app_d.c:2:2: <depend> is not closed\n     <depend>res_a\n     ^\n"
        "    end it with </depend>, or remove it\n"
        "7 files: 1 error\n"
    )
    assert asterism("check", "apps/app_e.c").status == 0


def test_github_shows_it_beside_the_line(sources: Callable[..., None], asterism: Asterism) -> None:
    sources({"res/res_a,1.c": block("<depend>crul</depend>", "<replacement>50%</replacement>")})
    assert asterism("check", "--format", "github").stdout == (
        "::error file=res/res_a%2C1.c,line=2,col=9,title=unknown-dependency::"
        "nothing provides 'crul'%0Adid you mean 'curl'?\n"
        "::warning file=res/res_a%2C1.c,line=3,col=14,title=unknown-replacement::"
        "the replacement '50%25' does not exist%0Aname one module of this tree\n"
    )


def test_sarif(sources: Callable[..., None], asterism: Asterism) -> None:
    sources({"res/res_a.c": block("<depend>crul</depend>")})
    outcome = asterism("check", "--format", "sarif")
    assert outcome.status == 1
    assert json.loads(outcome.stdout) == {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "asterism check",
                        "version": __version__,
                        "rules": [{"id": "unknown-dependency", "name": "UnknownDependency"}],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [
                    {
                        "ruleId": "unknown-dependency",
                        "level": "error",
                        "message": {"text": "nothing provides 'crul'\ndid you mean 'curl'?"},
                        "locations": [
                            {
                                "physicalLocation": {
                                    "artifactLocation": {"uri": "res/res_a.c"},
                                    "region": {"startLine": 2, "startColumn": 9},
                                }
                            }
                        ],
                    }
                ],
            }
        ],
    }


def test_json(sources: Callable[..., None], asterism: Asterism) -> None:
    sources({"res/res_a.c": block("<depend>crul</depend>")})
    assert json.loads(asterism("check", "--json").stdout) == {
        "files": 1,
        "faults": [
            {
                "code": "unknown-dependency",
                "severity": "error",
                "file": "res/res_a.c",
                "line": 2,
                "column": 9,
                "what": "nothing provides 'crul'",
                "cure": "did you mean 'curl'?",
                "similar": ["curl"],
            }
        ],
        "passed_over": [],
    }


def test_the_blocks_of_a_directory_of_modules_are_checked(tmp_path: Path, asterism: Asterism) -> None:
    block = "/*** MODULEINFO\n  <dependd>res_other</dependd>\n  <support_level>extended</support_level>\n***/\n"
    (tmp_path / "res_x.c").write_text(block)
    (tmp_path / "res_y.c").write_text(block.replace("dependd", "depend"))
    outcome = asterism("check", "-C", str(tmp_path))
    assert (outcome.status, outcome.stderr) == (1, "")
    stranger = "'res_other' is neither a module of Asterisk nor a library that is known here"
    assert outcome.stdout.splitlines() == [
        f"{tmp_path}/res_x.c:2:3: unknown tag <dependd>",
        "      <dependd>res_other</dependd>",
        "      ^",
        "    did you mean 'depend'?",
        f"{tmp_path}/res_y.c:2:11: warning: {stranger}",
        "      <depend>res_other</depend>",
        "              ^",
        "    if it is a library, write its packages or libs below [modules.res_y] in asterism.toml",
        "2 files: 1 error, 1 warning",
    ]
    (tmp_path / "asterism.toml").write_text('[modules.res_y]\nlibs = "-lother"\n')
    assert asterism("check", "-C", str(tmp_path)).stdout.splitlines()[-1] == "2 files: 1 error"


def test_a_tree_without_modules_is_no_tree(asterism: Asterism) -> None:
    outcome = asterism("check")
    assert (outcome.status, outcome.stdout) == (1, "")
    assert outcome.stderr.startswith(".: this tree has no modules")


def test_a_fragment_that_is_no_xml_is_shown_where(sources: Callable[..., None], asterism: Asterism) -> None:
    sources({"res/res_a.c": block(), "build_tools/cflags.xml": '<category name="C">\n<member name="a">\n</category>\n'})
    outcome = asterism("check")
    assert outcome.stdout.startswith("build_tools/cflags.xml:3:3: this is not well-formed XML: mismatched tag\n")
    assert outcome.status == 1


def test_bytes_that_are_no_text_are_found_where_no_block_shows_them(
    tmp_path: Path, sources: Callable[..., None], asterism: Asterism
) -> None:
    sources({"res/res_a.c": block(), "res/res_b.c": block(), "res/res_c.c": block()})
    with (tmp_path / "res/res_b.c").open("ab") as file:
        file.write(b'AST_MODULE_INFO_STANDARD(ASTERISK_GPL_KEY, "Caf\xe9");\n')
    assert asterism("check").stdout == (
        "res/res_b.c:4:1: the description makes menuselect-tree unreadable: not well-formed (invalid token)\n"
        '    AST_MODULE_INFO_STANDARD(ASTERISK_GPL_KEY, "Caf\ufffd");\n    ^\n'
        "    write UTF-8 without control characters, &amp; for & and &lt; for <\n"
        "3 files: 1 error\n"
    )
    outcome = asterism("list")
    assert (outcome.status, outcome.stderr) == (
        255,
        "asterism: a MODULEINFO block is malformed\n    'asterism check' shows where\n",
    )


def test_what_is_no_xml_is_told_of_every_module_beside_the_other_faults(
    sources: Callable[..., None], asterism: Asterism
) -> None:
    sources(
        {
            "Makefile": "MOD_SUBDIRS:=res\n",
            "res/res_a.c": block("<depend>crul</depend>") + 'AST_MODULE_INFO_STANDARD(KEY, "a \x1b b");\n',
            "res/res_b.c": "/*** MODULEINFO\n<depend\n***/\n" + 'AST_MODULE_INFO_STANDARD(KEY, "c \x01 d");\n',
            "res/res_c.c": block("<member_data>x & y</member_data>"),
        }
    )
    assert asterism("check").stdout == (
        "res/res_a.c:2:9: nothing provides 'crul'\n    <depend>crul</depend>\n            ^\n"
        "    did you mean 'curl'?\n"
        "res/res_a.c:5:1: the description makes menuselect-tree unreadable: not well-formed (invalid token)\n"
        '    AST_MODULE_INFO_STANDARD(KEY, "a \ufffd b");\n    ^\n'
        "    write UTF-8 without control characters, &amp; for & and &lt; for <\n"
        "res/res_b.c:2:1: <depend> has no '>'\n    <depend\n    ^\n    write <depend>text</depend>\n"
        "res/res_b.c:4:1: the description makes menuselect-tree unreadable: not well-formed (invalid token)\n"
        '    AST_MODULE_INFO_STANDARD(KEY, "c \ufffd d");\n    ^\n'
        "    write UTF-8 without control characters, &amp; for & and &lt; for <\n"
        "res/res_c.c:2:1: this line makes menuselect-tree unreadable: not well-formed (invalid token)\n"
        "    <member_data>x & y</member_data>\n    ^\n"
        "    write UTF-8 without control characters, &amp; for & and &lt; for <\n"
        "3 files: 5 errors\n"
    )


def test_a_file_that_is_not_checked_does_not_pass(
    tmp_path: Path, sources: Callable[..., None], asterism: Asterism
) -> None:
    sources({"tree/res/res_a.c": block(), "tree/res/notes.txt": "", "other/res/res_x.c": block("<depend")})
    outcome = asterism("check", "-C", "tree", "nosuch.c", "other/res/res_x.c", "tree/res/notes.txt", "tree/res/res_a.c")
    assert outcome.stdout == (
        "'nosuch.c' does not exist\n    check the path\n"
        "'other/res/res_x.c' is not in the tree 'tree'\n    name its tree with -C DIR\n"
        "warning: 'tree/res/notes.txt' is not a module of this tree and has no MODULEINFO block\n"
        "1 file: 2 errors, 1 warning\n"
    )
    assert outcome.status == 1


def test_a_directory_stands_for_the_files_in_it(sources: Callable[..., None], asterism: Asterism) -> None:
    sources({"res/res_a.c": block("<use"), "apps/app_b.c": block(level="coer")})
    assert asterism("check", "apps").stdout == (
        "apps/app_b.c:2:16: unknown support level 'coer'\n    <support_level>coer</support_level>\n"
        "                   ^\n    did you mean 'core'?\n2 files: 1 error\n"
    )


@pytest.mark.parametrize("words", [("check",), ("list",), ("why", "a"), ("preset",), ("upgrade",), ("graph",)])
def test_a_directory_that_is_not_there_is_refused_by_every_verb(asterism: Asterism, words: tuple[str, ...]) -> None:
    outcome = asterism(*words, "-C", "nowhere")
    assert (outcome.status, outcome.stdout) == (1, "")
    assert outcome.stderr == "asterism: 'nowhere' is not a directory\n    check the path\n"


def test_a_long_circle_is_told_as_a_chain_from_its_first_module(
    sources: Callable[..., None], asterism: Asterism
) -> None:
    sources(
        {
            "res/res_a.c": block("<depend>res_b</depend>"),
            "res/res_b.c": block("<use>res_a</use>", "<depend>res_c</depend>"),
            "res/res_c.c": block("<depend>RES_D</depend>"),
            "res/res_d.c": block("<depend>res_b</depend>"),
        }
    )
    assert asterism("check").stdout == (
        "res/res_b.c:3:9: modules depend on each other in a circle: res_b -> res_c -> res_d -> res_b\n"
        "    <depend>res_c</depend>\n            ^\n    remove one of these dependencies\n"
        "4 files: 1 error\n"
    )
