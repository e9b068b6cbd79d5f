"""``asterism why``, ``show`` and ``list``: what is so, and why, down to the missing library."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from verbs_menu import DEPS, MAKEOPTS, MENU

from menuselect.reasons.config_log import Log, Verdict

Asterism = Callable[..., Any]

CURL = (
    "    install curl (a hint: Debian libcurl4-openssl-dev, Fedora libcurl-devel, Alpine curl-dev, Arch curl), "
    "then run ./configure again\n"
)

AUTOCONF = """\
configure:100: checking for gcc
configure:101: result: gcc
configure:200: checking for curl_easy_init in -lcurl
configure:201: gcc -o conftest conftest.c -lcurl >&5
/usr/bin/ld: cannot find -lcurl: No such file or directory
collect2: error: ld returned 1 exit status
configure:202: $? = 1
configure:203: result: no
configure:300: checking for curling iron
configure:301: result: yes
"""


@pytest.fixture
def tree(place: Callable[..., Any]) -> Any:
    """The small menu, saved as by default."""
    return place(MENU, DEPS, MAKEOPTS)


def test_an_unavailable_member_is_explained_down_to_the_package(tree: Any, asterism: Asterism) -> None:
    assert asterism("why", "app_fetch").stdout == (
        "XXX app_fetch  Fetch a page\n"
        "    unavailable: cannot be built here\n"
        "    - it needs res_web, which cannot be built\n"
        "      - it needs curl, which was not found\n"
        "  curl, cURL, transfers over HTTP and other protocols: not found\n" + CURL
    )


def test_the_verdict_of_configure_stands_with_the_library(tree: Any, asterism: Asterism) -> None:
    tree.put("config.log", AUTOCONF)
    assert asterism("why", "curl").stdout == (
        "  curl, cURL, transfers over HTTP and other protocols: not found\n"
        "    config.log:3: curl_easy_init in -lcurl: no (cannot find -lcurl)\n"
        + CURL
        + "    needed by: res_web (unavailable)\n"
    )


def test_a_member_that_is_on_says_who_keeps_it_there(tree: Any, asterism: Asterism) -> None:
    assert asterism("why", "res_line").stdout == (
        "[*] res_line  A line\n"
        "    on: will be built\n"
        "    - this is the default\n"
        "    needed by: app_call (on)\n"
        "    conflicts with: res_other_line (off)\n"
    )


def test_a_member_that_is_off_says_how_to_have_it(tree: Any, asterism: Asterism) -> None:
    assert asterism("why", "app_old", "res_other_line").stdout == (
        "[ ] app_old  An old thing\n"
        "    off: will not be built, but can be\n"
        "    - this is the default\n"
        "    - it is deprecated since 16\n"
        "    - it is removed in 19\n"
        "    - it is replaced by app_call\n"
        "    to enable it: asterism enable app_old\n"
        "\n"
        "( ) res_other_line  Another line\n"
        "    off: will not be built, but can be\n"
        "    - it conflicts with res_line, which is on\n"
        "    conflicts with: res_line (on)\n"
        "    to enable it: switch res_line off first: asterism disable res_line\n"
    )


@pytest.mark.parametrize(
    ("deps", "found", "step"),
    [
        ("CURL=-1\n", "switched off with --without-curl", "run ./configure again without --without-curl"),
        ("ZLIB=1\n", "not checked by configure", CURL.strip()),
    ],
)
def test_each_way_to_miss_a_library_has_its_own_step(
    place: Callable[..., Any], asterism: Asterism, deps: str, found: str, step: str
) -> None:
    place(MENU, deps, MAKEOPTS)
    assert asterism("why", "curl").stdout == (
        f"  curl, cURL, transfers over HTTP and other protocols: {found}\n    {step}\n"
        "    needed by: res_web (unavailable)\n"
    )


def test_a_library_that_is_in_the_way_is_named(place: Callable[..., Any], asterism: Asterism) -> None:
    menu = '<category name="MENUSELECT_A"><member name="a"><conflict>oss</conflict></member></category>'
    place(menu, "OSS=1\n", "MENUSELECT_A=\n")
    assert asterism("why", "a").stdout == (
        "XXX a\n"
        "    unavailable: cannot be built here\n"
        "    - it cannot be built where oss is present\n"
        "    to enable it: run ./configure again with --without-oss\n"
    )


def test_what_later_branches_have_instead_is_told(place: Callable[..., Any], asterism: Asterism) -> None:
    menu = (
        '<category name="MENUSELECT_C"><member name="chan_sip"><deprecated_in>17</deprecated_in>'
        '<removed_in>21</removed_in></member><member name="chan_pjsip"/></category>'
    )
    place(menu, "", "MENUSELECT_C=\n")
    assert asterism("why", "chan_sip").stdout == (
        "[*] chan_sip\n"
        "    on: will be built\n"
        "    - this is the default\n"
        "    - it is deprecated since 17\n"
        "    - it is removed in 21\n"
        "    - it is replaced by chan_pjsip\n"
    )
    assert asterism("show", "chan_sip").stdout.endswith(
        "    deprecated in   17\n    removed in      21\n    replaced by     chan_pjsip\n"
    )


def test_before_configure_a_member_says_what_is_not_known_yet(place: Callable[..., Any], asterism: Asterism) -> None:
    menu = MENU + (
        '<category name="T"><member name="test_web"><depend>app_fetch</depend><depend>TEST_FRAMEWORK</depend>'
        "</member></category>"
    )
    (place(menu).path / "build_tools/menuselect-deps").unlink()
    assert asterism("why", "test_web").stdout == (
        "[*] test_web\n"
        "    on: will be built\n"
        "    - this is the default\n"
        "    - it needs TEST_FRAMEWORK, which exists only after ./configure --enable-dev-mode\n"
        "    - it needs curl, which has not been checked yet: run ./configure\n"
    )


def test_an_option_of_dev_mode_is_no_library(place: Callable[..., Any], asterism: Asterism) -> None:
    place('<category name="T"><member name="test_a"><depend>TEST_FRAMEWORK</depend></member></category>', "CURL=1\n")
    assert asterism("why", "test_a").stdout == (
        "XXX test_a\n"
        "    unavailable: cannot be built here\n"
        "    - it needs TEST_FRAMEWORK, which was not found\n"
        "  TEST_FRAMEWORK: an option that exists only in dev mode\n"
        "    run ./configure --enable-dev-mode, then switch TEST_FRAMEWORK on\n"
    )


def test_what_was_switched_off_is_told_from_what_never_was_on(tree: Any, asterism: Asterism) -> None:
    asterism("disable", "app_call", "FAST")
    found = json.loads(asterism("why", "--json", "app_call", "FAST", "DEBUG", "app_old").stdout)
    assert [(each["name"], each["reasons"][0]["text"]) for each in found] == [
        ("app_call", "it was switched off"),
        ("FAST", "it was switched off"),
        ("DEBUG", "it was never switched on"),
        ("app_old", "this is the default"),
    ]


def test_why_as_data(tree: Any, asterism: Asterism) -> None:
    tree.put("config.log", AUTOCONF)
    (found,) = json.loads(asterism("why", "--json", "res_web").stdout)
    assert found == {
        "name": "res_web",
        "title": "The web",
        "category": "MENUSELECT_RES",
        "support_level": "core",
        "state": "unavailable",
        "depends": [{"name": "curl", "kind": "library", "state": "unmet"}],
        "needed_by": ["app_fetch"],
        "next": CURL.strip(),
        "reasons": [{"code": "missing", "name": "curl", "text": "it needs curl, which was not found"}],
        "opponents": [],
        "libraries": [
            {
                "name": "curl",
                "title": "cURL, transfers over HTTP and other protocols",
                "packages": {
                    "debian": "libcurl4-openssl-dev",
                    "fedora": "libcurl-devel",
                    "alpine": "curl-dev",
                    "arch": "curl",
                },
                "state": "unmet",
                "checks": [
                    {
                        "what": "curl_easy_init in -lcurl",
                        "result": "no",
                        "why": "cannot find -lcurl",
                        "line": 3,
                        "evidence": [],
                    }
                ],
                "next": CURL.strip(),
            }
        ],
    }


def test_show_has_every_fact(tree: Any, asterism: Asterism) -> None:
    assert asterism("show", "app_fetch", "app_old").stdout == (
        "XXX app_fetch  Fetch a page\n"
        "    category        Applications (MENUSELECT_APPS)\n"
        "    support level   core\n"
        "    state           unavailable: cannot be built here\n"
        "    depends on      res_web (unavailable)\n"
        "    can use         zlib (library, found)\n"
        "\n"
        "[ ] app_old  An old thing\n"
        "    category        Applications (MENUSELECT_APPS)\n"
        "    support level   deprecated\n"
        "    state           off: will not be built, but can be\n"
        "    by default      off\n"
        "    deprecated in   16\n"
        "    removed in      19\n"
        "    replaced by     app_call\n"
    )


def test_list_shows_the_marks_of_the_menu(tree: Any, asterism: Asterism) -> None:
    assert asterism("list").stdout == (
        "[*] app_call        apps    core        Call a number\n"
        "XXX app_fetch       apps    core        Fetch a page\n"
        "[ ] app_old         apps    deprecated  An old thing\n"
        "[*] res_line        res     core        A line\n"
        "XXX res_web         res     core        The web\n"
        "( ) res_other_line  res     extended    Another line\n"
        "[ ] DEBUG           cflags  core        For debuggers\n"
        "[*] FAST            cflags  core        Fast code\n"
    )


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (["line"], ["res_line", "res_other_line"]),
        (["on", "level:core"], ["app_call", "res_line", "FAST"]),
        (["needs:curl"], ["res_web"]),
        (["!on", "in:apps"], ["app_fetch", "app_old"]),
        (["--category", "apps", "--category", "RES", "--state", "unavailable"], ["app_fetch", "res_web"]),
        (["--level", "deprecated", "--level", "extended"], ["app_old", "res_other_line"]),
        (["missing"], ["app_fetch", "res_web"]),
        (["changed"], []),
    ],
)
def test_list_narrows(tree: Any, asterism: Asterism, words: list[str], names: list[str]) -> None:
    outcome = asterism("list", "--names", *words)
    assert (outcome.status, outcome.stdout) == (0, "".join(f"{name}\n" for name in names))


def test_list_knows_what_differs_from_the_defaults(tree: Any, asterism: Asterism) -> None:
    asterism("enable", "DEBUG")
    assert asterism("list", "--names", "changed").stdout == "DEBUG\n"


def test_list_refuses_a_category_that_is_not_there(tree: Any, asterism: Asterism) -> None:
    outcome = asterism("list", "--category", "aps")
    assert (outcome.status, outcome.stdout) == (1, "")
    assert outcome.stderr == "asterism: unknown category 'aps'\n    did you mean 'apps'?\n"


def test_a_title_cannot_speak_to_the_terminal(place: Callable[..., Any], asterism: Asterism) -> None:
    place('<category name="C"><member name="a" displayname="&#x9b;2J x&#x202e;y"/></category>', "")
    assert asterism("list").stdout == "[*] a  c  unspecified  \ufffd2J x\ufffdy\n"


def test_colours_are_for_those_who_ask(tree: Any, asterism: Asterism) -> None:
    assert asterism("list", "--color", "always", "DEBUG", "app_call").stdout == ""
    assert asterism("list", "--color", "always", "app_call").stdout == (
        "\x1b[32m[*]\x1b[0m app_call  apps  core  Call a number\n"
    )


def test_autoconf_verdicts_are_read_with_their_reason() -> None:
    assert [str(verdict) for verdict in Log(AUTOCONF).of("CURL")] == [
        "config.log:3: curl_easy_init in -lcurl: no (cannot find -lcurl)"
    ]


def test_what_pkg_config_and_program_searches_say_is_read() -> None:
    text = (
        "configure:10: checking for libedit\n"
        'configure:11: $PKG_CONFIG --exists --print-errors "libedit"\n'
        "Package libedit was not found in the pkg-config search path.\n"
        "Perhaps you should add the directory containing `libedit.pc'\n"
        "configure:12: result: no\n"
        "configure:20: checking for history_init in -ledit\n"
        "configure:21: result: yes\n"
        "configure:30: checking for bison\n"
        "configure:31: result: :\n"
    )
    assert [str(verdict) for verdict in Log(text).of("LIBEDIT")] == [
        "config.log:1: libedit: no (Package libedit was not found)",
        "config.log:6: history_init in -ledit: yes",
    ]
    assert [str(verdict) for verdict in Log(text).of("bison")] == ["config.log:8: bison: no"]


def test_the_commands_of_a_probe_stand_below_its_verdict(tree: Any, asterism: Asterism) -> None:
    log = "asterism 1.0 configure\n\n## curl\n$ gcc - -lcurl\n| int main(void) { return 0; }\ncannot find -lcurl\n"
    tree.put("config.log", f"{log}= exit status 1\ncurl: not found: a test program does not compile\n\n## zlib\n$ no\n")
    assert asterism("why", "curl").stdout.splitlines()[1:6] == [
        "    config.log:8: curl: not found (a test program does not compile)",
        "      $ gcc - -lcurl",
        "      | int main(void) { return 0; }",
        "      cannot find -lcurl",
        "      = exit status 1",
    ]


def test_our_own_log_has_a_section_for_each_library() -> None:
    text = (
        "asterism 1.0 configure\n\n"
        "## curl\n$ pkg-config --libs libcurl\n\ncurl: not found: no header <curl/curl.h>\n\n"
        "## zlib\nzlib: found: pkg-config zlib\n"
    )
    assert [str(verdict) for verdict in Log(text).of("curl")] == [
        "config.log:6: curl: not found (no header <curl/curl.h>)"
    ]
    assert Log(text).of("iconv") == []


@pytest.mark.parametrize(
    ("name", "what", "is_about"),
    [
        ("LUA", "luaL_newstate in -llua5.4", True),
        ("LUA", "evaluation", False),
        ("GENERIC_ODBC", "SQLConnect in -lodbc", True),
        ("SQLITE3", "sqlite3_open in -lsqlite3", True),
        ("SQLITE", "sqlite3_open in -lsqlite3", False),
        ("HAVE_SRTP_256", "srtp_256", True),
    ],
)
def test_a_check_is_known_by_the_librarys_name(name: str, what: str, is_about: bool) -> None:
    log = Log(f"configure:1: checking for {what}\nconfigure:2: result: no\n")
    assert [verdict.what for verdict in log.of(name)] == ([what] if is_about else [])


def test_a_log_that_ends_anywhere_is_no_fault() -> None:
    for end in range(len(AUTOCONF)):
        assert all(isinstance(verdict, Verdict) for verdict in Log(AUTOCONF[:end]).of("curl"))


OFF_BY_DEFAULT = """\
/*** MODULEINFO
	<defaultenabled>no</defaultenabled>
	<support_level>extended</support_level>
 ***/
AST_MODULE_INFO_STANDARD_EXTENDED(ASTERISK_GPL_KEY, "Quiet");
"""


def test_outside_of_a_source_tree_a_module_is_on_whatever_its_default(tmp_path: Path, asterism: Asterism) -> None:
    (tmp_path / "app_x.c").write_text(OFF_BY_DEFAULT)
    assert asterism("list").stdout == "[*] app_x  local_top  extended  Quiet\n"
    assert (asterism("list", "--names", "off").stdout, asterism("diff").stdout) == ("", "")
    assert asterism("why", "app_x").stdout == (
        "[*] app_x  Quiet\n    on: will be built\n"
        "    - outside of a source tree every module is built, whatever its defaultenabled says\n"
    )
    assert asterism("show", "app_x").stdout.splitlines()[-1] == (
        "    by default      on, since every module is built outside of a source tree"
    )


def test_a_saved_choice_is_kept_outside_of_a_source_tree(tmp_path: Path, asterism: Asterism) -> None:
    (tmp_path / "app_x.c").write_text(OFF_BY_DEFAULT)
    (tmp_path / "menuselect.makeopts").write_text("MENUSELECT_LOCAL_TOP=app_x\n")
    assert asterism("why", "app_x").stdout == (
        "[ ] app_x  Quiet\n    off: will not be built, but can be\n    - it was switched off\n"
        "    to enable it: asterism enable app_x\n"
    )


def test_in_a_source_tree_a_module_that_is_off_by_default_is_off(tmp_path: Path, asterism: Asterism) -> None:
    for name in ("apps", "build_tools"):
        (tmp_path / name).mkdir()
    (tmp_path / "apps/app_x.c").write_text(OFF_BY_DEFAULT)
    (tmp_path / "build_tools/cflags.xml").write_text("")
    assert asterism("list").stdout == "[ ] app_x  apps  extended  Quiet\n"
    assert asterism("show", "app_x").stdout.splitlines()[-1] == "    by default      off"


def test_outside_of_a_source_tree_the_build_looks_for_libraries(tmp_path: Path, asterism: Asterism) -> None:
    (tmp_path / "app_x.c").write_text(
        OFF_BY_DEFAULT.replace("<defaultenabled>no</defaultenabled>", "<depend>curl</depend>")
    )
    assert asterism("why", "app_x").stdout == (
        "[*] app_x  Quiet\n    on: will be built\n    - this is the default\n"
        "    - it needs curl, which 'asterism build' looks for\n"
    )
    assert asterism("graph").stdout == "app_x (on)\n└─ curl (library, not looked for)\n"


def test_outside_of_a_source_tree_a_written_list_of_modules_does_not_grow_old(
    tmp_path: Path, asterism: Asterism
) -> None:
    (tmp_path / "app_x.c").write_text(OFF_BY_DEFAULT)
    assert asterism("tree").stdout == "./menuselect-tree: 1 member\n"
    (tmp_path / "app_y.c").write_text(OFF_BY_DEFAULT)
    assert asterism("list", "--names").stdout == "app_x\napp_y\n"
