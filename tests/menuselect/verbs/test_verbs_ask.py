"""``asterism enable``, ``disable`` and ``only``: all or nothing, and every consequence said."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from verbs_menu import DEPS, MAKEOPTS, MENU
from waiting import HANG

Asterism = Callable[..., Any]

CURL = (
    "install curl (a hint: Debian libcurl4-openssl-dev, Fedora libcurl-devel, Alpine curl-dev, Arch curl), "
    "then run ./configure again"
)


@pytest.fixture
def tree(place: Callable[..., Any]) -> Any:
    """The small menu, saved as by default."""
    return place(MENU, DEPS, MAKEOPTS)


def test_what_is_needed_comes_along_and_is_said(tree: Any, asterism: Asterism) -> None:
    asterism("disable", "res_line")
    outcome = asterism("enable", "app_call")
    assert outcome.stdout == (
        "+ app_call\n+ res_line (app_call needs it)\nconfiguration saved to 'menuselect.makeopts'\n"
    )
    assert (outcome.status, outcome.stderr) == (0, "")
    assert tree.makeopts == MAKEOPTS


def test_what_needs_it_goes_along_and_is_said(tree: Any, asterism: Asterism) -> None:
    outcome = asterism("disable", "res_line")
    assert outcome.stdout == (
        "- app_call (it depends on res_line)\n- res_line\nconfiguration saved to 'menuselect.makeopts'\n"
    )
    assert tree.makeopts.startswith("MENUSELECT_APPS=app_call app_fetch app_old \n")


def test_a_dry_run_says_the_same_and_writes_nothing(tree: Any, asterism: Asterism) -> None:
    outcome = asterism("disable", "--dry-run", "res_line")
    assert outcome.stdout == (
        "- app_call (it depends on res_line)\n- res_line\nnothing was written: this was a dry run\n"
    )
    assert tree.makeopts == MAKEOPTS


def test_a_missing_library_refuses_and_changes_nothing(tree: Any, asterism: Asterism) -> None:
    outcome = asterism("enable", "app_old", "app_fetch")
    assert outcome.stdout == "nothing was changed\n"
    assert outcome.stderr == (
        f"asterism: cannot enable 'app_fetch': it needs res_web, which cannot be built (missing: curl)\n    {CURL}\n"
    )
    assert outcome.status == 1
    assert tree.makeopts == MAKEOPTS


def test_a_conflict_names_what_to_switch_off(tree: Any, asterism: Asterism) -> None:
    outcome = asterism("enable", "res_other_line")
    assert outcome.stderr == (
        "asterism: cannot enable 'res_other_line': it conflicts with res_line, which is on\n"
        "    switch res_line off first: asterism disable res_line\n"
    )
    assert outcome.status == 1
    assert tree.makeopts == MAKEOPTS


def test_every_unknown_name_is_told_with_what_was_meant(tree: Any, asterism: Asterism) -> None:
    outcome = asterism("enable", "app_cal", "zzz", "APPS", "level:deprcated", "chan_sip", "x*")
    assert outcome.stderr == (
        "asterism: 'app_cal' is not a member of this tree\n    did you mean 'app_call', 'app_old' or 'app_fetch'?\n"
        "asterism: 'zzz' is not a member of this tree\n    'asterism list' lists them all\n"
        "asterism: 'APPS' is a category, not a member\n    write 'in:apps' for the whole category\n"
        "asterism: unknown support level 'deprcated'\n    did you mean 'deprecated'?\n"
        "asterism: 'chan_sip' is not a member of this tree: it was removed in Asterisk 21, chan_pjsip replaces it; "
        "sip.conf becomes pjsip.conf; contrib/scripts/sip_to_pjsip of Asterisk's sources converts it\n"
        "    'asterism list' lists them all\n"
        "asterism: no member matches 'x*'\n    'asterism list' lists them all\n"
    )
    assert outcome.status == 1
    assert tree.makeopts == MAKEOPTS


def test_a_group_leaves_out_what_cannot_be_had(tree: Any, asterism: Asterism) -> None:
    outcome = asterism("enable", "in:apps")
    assert outcome.stdout == (
        "left out because they cannot be built: app_fetch\n+ app_old\nconfiguration saved to 'menuselect.makeopts'\n"
    )
    assert outcome.status == 0


def test_a_name_in_a_group_is_still_insisted_on(tree: Any, asterism: Asterism) -> None:
    assert asterism("enable", "in:apps", "app_fetch").status == 1
    assert asterism("enable", "app_fetch", "in:apps").status == 1


def test_a_pattern_takes_all_that_match(tree: Any, asterism: Asterism) -> None:
    outcome = asterism("disable", "-n", "app_[co]*", "FAST")
    assert outcome.stdout == "- app_call\n- FAST\nnothing was written: this was a dry run\n"


def test_only_leaves_exactly_that_and_what_it_needs(tree: Any, asterism: Asterism) -> None:
    asterism("enable", "app_old")
    outcome = asterism("only", "app_call.so")
    assert outcome.stdout == "- app_old\nconfiguration saved to 'menuselect.makeopts'\n"
    assert tree.makeopts == MAKEOPTS


def test_only_makes_room_for_what_conflicts(tree: Any, asterism: Asterism) -> None:
    outcome = asterism("only", "res_other_line")
    assert outcome.stdout == (
        "- app_call\n- res_line\n+ res_other_line\nconfiguration saved to 'menuselect.makeopts'\n"
    )
    assert "MENUSELECT_CFLAGS=FAST \n" in tree.makeopts


def test_only_takes_compiler_flags_exactly_when_one_is_named(tree: Any, asterism: Asterism) -> None:
    outcome = asterism("only", "-n", "app_call", "DEBUG")
    assert outcome.stdout == "+ DEBUG\n- FAST\nnothing was written: this was a dry run\n"


def test_requests_that_undo_each_other_are_refused(place: Callable[..., Any], asterism: Asterism) -> None:
    made = place(
        '<category name="MENUSELECT_A"><member name="a"/><member name="b"><conflict>a</conflict></member></category>',
        "",
        "MENUSELECT_A=a b \n",
    )
    outcome = asterism("enable", "a", "b")
    assert outcome.stderr == (
        "asterism: cannot enable 'b': it conflicts with a, which is on\n    switch a off first: asterism disable a\n"
    )
    assert outcome.status == 1
    assert made.makeopts == "MENUSELECT_A=a b \n"


def test_json_tells_all_that_the_text_tells(tree: Any, asterism: Asterism) -> None:
    outcome = asterism("disable", "--json", "res_line")
    assert json.loads(outcome.stdout) == {
        "on": [],
        "off": [
            {"name": "app_call", "category": "MENUSELECT_APPS", "why": "dependency", "because_of": "res_line"},
            {"name": "res_line", "category": "MENUSELECT_RES", "why": "requested"},
        ],
        "refused": [],
        "left_out": [],
        "saved": True,
        "text": "configuration saved to 'menuselect.makeopts'",
    }


def test_a_refusal_is_data_down_to_the_library(tree: Any, asterism: Asterism) -> None:
    outcome = asterism("enable", "--json", "app_fetch")
    assert outcome.status == 1
    assert json.loads(outcome.stdout) == {
        "on": [],
        "off": [],
        "refused": [
            {
                "name": "app_fetch",
                "category": "MENUSELECT_APPS",
                "wanted": "on",
                "code": "unavailable",
                "why": "it needs res_web, which cannot be built (missing: curl)",
                "cure": CURL,
                "because": [
                    {
                        "code": "needs-unavailable",
                        "name": "res_web",
                        "text": "it needs res_web, which cannot be built",
                        "because": [{"code": "missing", "name": "curl", "text": "it needs curl, which was not found"}],
                    }
                ],
            }
        ],
        "left_out": [],
        "saved": False,
        "text": "",
    }


def test_faults_are_data_with_json(tree: Any, asterism: Asterism) -> None:
    outcome = asterism("enable", "--json", "app_cal")
    assert outcome.status == 1
    assert json.loads(outcome.stdout) == {
        "faults": [
            {
                "code": "unknown-name",
                "severity": "error",
                "what": "'app_cal' is not a member of this tree",
                "cure": "did you mean 'app_call', 'app_old' or 'app_fetch'?",
                "similar": ["app_call", "app_old", "app_fetch"],
            }
        ]
    }


def test_a_wrong_command_line_is_data_too(tree: Any, asterism: Asterism) -> None:
    outcome = asterism("list", "--bogus", "--json")
    assert (outcome.status, outcome.stderr) == (2, "")
    assert json.loads(outcome.stdout) == {
        "faults": [
            {
                "code": "usage",
                "severity": "error",
                "what": "unexpected argument '--bogus'",
                "cure": "'asterism list --help' lists the arguments",
            }
        ]
    }


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["enable"], "the following arguments are required: NAME"),
        (["enable", "--dry-rnu", "a"], "unexpected argument '--dry-rnu'\n    did you mean '--dry-run'?"),
        (["tree", "--json"], "unexpected argument '--json'\n    'asterism tree --help' lists the arguments"),
        (["adopt", "--und"], "unexpected argument '--und'\n    did you mean '--undo'?"),
        (["list", "--level", "corr"], "argument --level: invalid choice: 'corr'"),
    ],
)
def test_a_wrong_command_line_ends_with_2(tree: Any, asterism: Asterism, words: list[str], said: str) -> None:
    outcome = asterism(*words)
    assert outcome.status == 2
    assert outcome.stderr.startswith(f"asterism: {said}")
    assert outcome.stdout == ""


def test_without_a_tree_the_next_step_is_said(asterism: Asterism) -> None:
    outcome = asterism("enable", "app_x")
    assert outcome.status == 255
    assert outcome.stderr == (
        f"{os.getcwd()}: there is neither a list of modules (menuselect-tree) nor a module\n"
        "    name a source tree or a directory of modules with -C DIR; 'asterism new NAME' writes a module\n"
    )
    assert asterism("enable", "-C", "nowhere", "app_x").stderr == (
        "asterism: 'nowhere' is not a directory\n    check the path\n"
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["tree", "nowhere"], "'nowhere' is not a directory\n    check the path\n"),
        (["adopt", "nowhere"], "'nowhere' is not a directory\n    check the path\n"),
        (
            ["tree", "-o", "nowhere/tree"],
            "cannot write 'nowhere/tree': directory 'nowhere' does not exist\n    check or create the path\n",
        ),
    ],
)
def test_what_makes_a_tree_makes_no_directory(tree: Any, asterism: Asterism, words: list[str], said: str) -> None:
    tree.put("res/res_x.c", "/*** MODULEINFO\n***/\n")
    outcome = asterism(*words)
    assert (outcome.status, outcome.stdout, outcome.stderr) == (1, "", f"asterism: {said}")
    assert not (tree.path / "nowhere").exists()


def test_names_that_are_gone_are_told_once(place: Callable[..., Any], asterism: Asterism) -> None:
    place(MENU, DEPS, MAKEOPTS.replace("app_old", "app_old app_lost"))
    outcome = asterism("disable", "-n", "DEBUG")
    assert outcome.stderr == (
        "asterism: warning: 'app_lost' in menuselect.makeopts is not in this tree\n"
        "    'asterism upgrade' shows their replacements; saving drops them\n"
    )


def test_a_tree_nobody_has_built_is_chosen_from_its_sources(place: Callable[..., Any], asterism: Asterism) -> None:
    made = place("")
    (made.path / "menuselect-tree").unlink()
    (made.path / "build_tools/menuselect-deps").unlink()
    made.put("res/res_x.c", "/*** MODULEINFO\n<depend>curl</depend>\n<support_level>core</support_level>\n***/\n")
    outcome = asterism("disable", "res_x")
    assert (outcome.stdout, outcome.stderr) == ("- res_x\nconfiguration saved to 'menuselect.makeopts'\n", "")
    assert made.makeopts.startswith("MENUSELECT_RES=res_x \n")
    assert asterism("why", "curl").stdout == (
        "  curl, cURL, transfers over HTTP and other protocols: not checked yet, run ./configure\n"
        "    needed by: res_x (off)\n"
    )


def test_the_choices_of_the_person_hold_until_the_tree_has_its_own(
    place: Callable[..., Any], asterism: Asterism
) -> None:
    made = place(MENU, DEPS)
    made.put("home/.asterisk.makeopts", "MENUSELECT_RES=res_line \n")
    asterism("enable", "DEBUG")
    assert made.makeopts.split("\n")[:3] == [
        "MENUSELECT_APPS=app_call app_fetch app_old ",
        "MENUSELECT_RES=res_line res_web res_other_line ",
        "MENUSELECT_CFLAGS=DEBUG FAST ",
    ]


def test_a_saved_member_that_is_held_comes_on_with_its_needs(place: Callable[..., Any], asterism: Asterism) -> None:
    """A file may list a need as off and what needs it as on; the original then refuses without a word."""
    made = place(MENU, DEPS, MAKEOPTS.replace("=res_web", "=res_line res_web"))
    outcome = asterism("enable", "app_call")
    assert outcome.stdout == (
        "+ app_call\n+ res_line (app_call needs it)\nconfiguration saved to 'menuselect.makeopts'\n"
    )
    assert made.makeopts == MAKEOPTS


def test_a_verb_loads_nothing_heavy(tree: Any) -> None:
    text = (
        "import sys\nfrom asterism.__main__ import main\nmain(['enable', 'DEBUG'])\n"
        "heavy = {'textual', 'lark', 'jinja2', 'prompt_toolkit', 'elftools', 'cffi', 'tomllib'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", text], cwd=tree.path, capture_output=True, text=True, check=True)
    assert done.stdout == "+ DEBUG\nconfiguration saved to 'menuselect.makeopts'\n[]\n"


def test_two_at_once_both_count(place: Callable[..., Any]) -> None:
    names = [f"m{number}" for number in range(2)]
    members = "".join(f'<member name="{name}"/>' for name in names)
    made = place(f'<category name="MENUSELECT_A">{members}</category>', "", "MENUSELECT_A=m0 m1 \n")
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "asterism", "enable", name], cwd=made.path, stdout=subprocess.PIPE, text=True
        )
        for name in names
    ]
    said = [process.communicate(timeout=HANG)[0].split("\n")[0] for process in started]
    assert said == [f"+ {name}" for name in names]
    assert made.makeopts.startswith("MENUSELECT_A=\n")
