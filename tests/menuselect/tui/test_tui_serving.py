"""``asterism select --serve``: requests and answers, and a whole session with a process."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from menuselect.session.session import Session
from menuselect.tui.serving.line_server import serve
from menuselect.tui.serving.protocol import RULES, MenuServer
from menuselect.tui.unsaved import FILE


@pytest.fixture
def server(session: Session) -> MenuServer:
    """The server over the small tree."""
    return MenuServer(session)


def changed(answer: dict[str, object]) -> list[str]:
    """The changed members of an answer: ``app_dial [ ] -``."""
    entries = answer["changed"]
    assert isinstance(entries, list)
    return [f"{each['name']} {each['mark']} {each['change']}".rstrip() for each in entries]


def listed(name: str, title: str, level: str, state: str, mark: str) -> dict[str, str]:
    """A member of the first line."""
    return {"name": name, "title": title, "level": level, "state": state, "mark": mark, "change": ""}


def test_the_first_line_holds_the_menu_with_every_state(server: MenuServer) -> None:
    greeting = server.greeting()
    assert (greeting["protocol"], greeting["menu"], greeting["on"]) == (1, "Asterism Module Selection", 6)
    assert set(greeting["requests"]) == set(RULES)  # type: ignore[call-overload]
    assert greeting["categories"][0] == {  # type: ignore[index]
        "name": "MENUSELECT_APPS",
        "title": "Applications",
        "exclusive": False,
        "members": [
            listed("app_dial", "Dialing Application", "core", "on", "[*]"),
            listed("app_echo", "Simple Echo Application", "core", "on", "[*]"),
            listed("app_mysql", "Simple Mysql Interface", "deprecated", "unavailable", "XXX"),
        ],
    }


def test_an_answer_has_the_members_that_changed_and_undo_gives_them_back(server: MenuServer) -> None:
    off = server.answer({"id": 7, "do": "off", "members": ["res_curl"]})
    assert (off["id"], off["ok"], off["text"]) == (7, True, "res_curl is off. Off: res_config_curl.")
    assert changed(off) == ["res_curl [ ] -", "res_config_curl < > -"]
    assert (off["on"], off["changes"], off["make"], off["steps"]) == (4, 2, "4 to build", ["res_curl off"])
    undone = server.answer({"do": "undo"})
    assert changed(undone) == ["res_curl [*]", "res_config_curl [*]"]
    assert changed(server.answer({"do": "undo"})) == []


def test_what_cannot_be_on_is_refused_with_the_reason(server: MenuServer) -> None:
    answer = server.answer({"do": "on", "members": ["app_mysql"]})
    assert answer["refused"] == [
        {
            "name": "app_mysql",
            "category": "MENUSELECT_APPS",
            "code": "missing",
            "why": "it needs mysqlclient, which was not found",
        }
    ]
    assert changed(answer) == []


def test_several_members_and_categories_are_one_step_each(server: MenuServer) -> None:
    assert changed(server.answer({"do": "off", "members": ["app_dial", "MENUSELECT_APPS/app_echo"]})) == [
        "app_dial [ ] -",
        "app_echo [ ] -",
    ]
    assert changed(server.answer({"do": "category-on", "category": "MENUSELECT_APPS"})) == [
        "app_dial [*]",
        "app_echo [*]",
    ]
    assert server.answer({"do": "state"})["steps"] == ["2 marked members off", "all of Applications on"]


def test_a_preview_changes_nothing(server: MenuServer) -> None:
    answer = server.answer({"do": "preview", "members": ["res_curl"]})
    assert answer["previews"] == [
        {"name": "res_curl", "category": "MENUSELECT_RES", "on": [], "off": ["res_curl", "res_config_curl"]}
    ]
    assert changed(answer) == []


def test_a_member_is_explained_as_data_and_as_text(server: MenuServer) -> None:
    (found,) = server.answer({"do": "explain", "members": ["app_mysql"]})["explained"]  # type: ignore[misc]
    assert found["reasons"][0] == {
        "code": "missing",
        "name": "mysqlclient",
        "text": "it needs mysqlclient, which was not found",
    }
    assert found["lines"][:3] == [
        "app_mysql  Simple Mysql Interface",
        "Cannot be on:",
        "  it needs mysqlclient, which was not found",
    ]
    assert found["state"] == "unavailable"


def test_a_filter_gives_the_matches(server: MenuServer) -> None:
    found = server.answer({"do": "filter", "text": "needs:curl !missing"})["members"]
    assert [each["name"] for each in found] == ["res_curl", "res_config_curl"]  # type: ignore[attr-defined]


def test_another_file_is_compared_and_opened(server: MenuServer, tree: Path) -> None:
    (tree / "small.makeopts").write_text("MENUSELECT_APPS=app_echo app_mysql\n")
    assert server.answer({"do": "compare", "path": "small.makeopts"})["file"] == {"on": [], "off": ["app_echo"]}
    assert changed(server.answer({"do": "open", "path": "small.makeopts"})) == ["app_echo [ ] -"]
    (fault,) = server.answer({"do": "open", "path": "none"})["faults"]  # type: ignore[misc]
    assert (fault["file"], fault["why"]) == (str(tree / "none"), "no such file or directory")


@pytest.mark.parametrize(
    ("request_", "fault"),
    [
        ([], {"code": "bad-request", "what": "a request is a table", "cure": 'write {"do": "state"}'}),
        (
            {"do": "sav"},
            {
                "code": "unknown-request",
                "what": "unknown request 'sav'",
                "cure": "did you mean 'save'?",
                "similar": ["save"],
            },
        ),
        (
            {"do": "on"},
            {"code": "incomplete-request", "what": "'on' needs 'members'", "cure": "it takes members"},
        ),
        (
            {"do": "on", "members": "app_dial"},
            {"code": "bad-request", "what": "'members' is not a list", "cure": 'write ["app_dial"]'},
        ),
        (
            {"do": "category-off", "category": "MENUSELECT_APP"},
            {
                "code": "unknown-category",
                "what": "unknown category 'MENUSELECT_APP'",
                "cure": "did you mean 'MENUSELECT_APPS', 'MENUSELECT_RES' or 'MENUSELECT_MOH'?",
                "similar": ["MENUSELECT_APPS", "MENUSELECT_RES", "MENUSELECT_MOH"],
            },
        ),
    ],
)
def test_a_wrong_request_is_answered_with_a_fault(
    server: MenuServer, request_: object, fault: dict[str, object]
) -> None:
    answer = server.answer(request_)
    assert (answer["ok"], answer["faults"]) == (False, [{"severity": "error", **fault}])


def test_all_unknown_members_are_told_and_nothing_is_switched(server: MenuServer) -> None:
    answer = server.answer({"do": "off", "members": ["app_dial", "app_dail", "nix"]})
    assert [fault["what"] for fault in answer["faults"]] == [  # type: ignore[attr-defined]
        "unknown member 'app_dail'",
        "unknown member 'nix'",
    ]
    assert server.answer({"do": "state"})["changes"] == 0


def test_a_save_is_what_the_next_changes_are_compared_with(server: MenuServer, tree: Path) -> None:
    server.answer({"do": "off", "members": ["app_echo"]})
    saved = server.answer({"do": "save"})
    assert (saved["text"], saved["changes"]) == ("configuration saved to 'menuselect.makeopts'", 0)
    assert (tree / "menuselect.makeopts").read_text().startswith("MENUSELECT_APPS=app_echo app_mysql \n")
    (tree / "menuselect.makeopts").write_text("MENUSELECT_APPS=app_dial\n")
    refused = server.answer({"do": "save"})
    assert refused["faults"][0]["code"] == "overtaken"  # type: ignore[index]
    assert server.answer({"do": "save", "force": True})["ok"] is True


def served(session: Session, *lines: str) -> tuple[int, list[dict[str, object]]]:
    target = io.StringIO()
    status = serve(session, io.StringIO("".join(f"{line}\n" for line in lines)), target)
    return status, [json.loads(line) for line in target.getvalue().splitlines()[1:]]


def test_a_line_that_is_not_json_is_a_fault_and_the_session_goes_on(session: Session) -> None:
    status, answers = served(session, "{", "", "[" * 100_000, '{"do": "undo"}')
    assert [answer["ok"] for answer in answers] == [False, False, True]
    assert (status, answers[0]["faults"][0]["code"]) == (255, "not-json")  # type: ignore[index]


def test_changes_are_kept_when_the_client_goes_away_and_given_up_when_it_quits(session: Session, tree: Path) -> None:
    off = '{"do": "off", "members": ["app_dial"]}'
    assert served(session, off, '{"do": "quit"}')[0] == 255
    assert not (tree / FILE).exists()
    assert served(Session.open(tree), off)[0] == 255
    assert (tree / FILE).exists()


def test_a_session_with_a_process(tree: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "asterism", "select", "--serve", str(tree)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={"LC_ALL": "C", "PYTHONPATH": ":".join(sys.path)},
    )  # fmt: skip
    assert process.stdin
    assert process.stdout
    assert json.loads(process.stdout.readline())["on"] == 6
    for request, wanted in (
        ({"id": 1, "do": "off", "members": ["app_echo"]}, "app_echo is off."),
        ({"id": 2, "do": "save"}, "configuration saved to 'menuselect.makeopts'"),
        ({"id": 3, "do": "quit"}, "everything is saved"),
    ):
        process.stdin.write(f"{json.dumps(request)}\n")
        process.stdin.flush()
        answer = json.loads(process.stdout.readline())
        assert (answer["id"], answer["text"]) == (request["id"], wanted)
    process.stdin.close()
    process.stdout.close()
    assert process.wait(20) == 0
