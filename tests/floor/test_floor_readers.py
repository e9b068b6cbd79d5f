"""No reader of the product opens a file by itself: ``asterism.files`` and ``asterism.parsing`` do, for all of them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

PACKAGES = ("asterism", "menuselect", "buildsys", "runtime", "asterism_testing")

OWN = "a file of the product itself, beside its code"
WRITES = "opens to write, to lock or to throw away"
ANSWER = "an answer of a process of ours, over a pipe"
TEST = "what a test run wrote in its own directory"

ALLOWED = {
    "asterism/files.py": "the room that reads",
    "asterism/parsing.py": "the room that parses",
    "asterism/modulefile/headers.py load": OWN,
    "asterism/streams.py _drop_output": WRITES,
    "asterism/streams.py _open_closed": WRITES,
    "menuselect/model/known_libraries.py table": OWN,
    "menuselect/model/known_libraries.py loads": OWN,
    "menuselect/model/removed_names.py table": OWN,
    "menuselect/model/removed_names.py loads": OWN,
    "menuselect/sources/moduleinfo.py _parser": OWN,
    "menuselect/session/session.py locked": WRITES,
    "runtime/manager/actions/config_actions.py create_config": WRITES,
    "buildsys/adopted/questions.py _ask_one": WRITES,
    "buildsys/installing/installer.py _is_current": "the first bytes of a file whose status was just looked at",
    "buildsys/crashes/core_file.py read": "over a descriptor of files.opened",
    "buildsys/verbs/crash.py _start_of": "over a descriptor of files.opened",
    "buildsys/develop/new.py _rendered": OWN,
    "buildsys/settled/library_probes.py load_table": OWN,
    "buildsys/installing/staging.py _note": WRITES,
    "buildsys/develop/trial_program.py running": WRITES,
    "buildsys/targets/private_instance.py start": WRITES,
    "runtime/control/socket_address.py reachable": "a directory, by O_PATH",
    "runtime/api/stasis.py heard": "JSON that the core in C has written",
    "runtime/loader/backtrace.py source_of": "over a descriptor of files.opened",
    "runtime/program/flags.py open_missing_streams": WRITES,
    "runtime/core/commands/command.py _pump": ANSWER,
    "runtime/logs/log_sinks.py _is_torn": "the last byte of the log file that is written next",
    "runtime/modules/module_copies.py _is_executable": WRITES,
    "runtime/modules/module_copies.py _is_written": WRITES,
    "runtime/modules/module_copies.py _locked": WRITES,
    "runtime/logs/log_sinks.py reopen": WRITES,
    "runtime/bridge/api_page.py introduction": OWN,
    "runtime/bridge/api_page.py entries": OWN,
    "runtime/bridge/generate.py types_module": OWN,
    "runtime/bridge/generate.py declarations": OWN,
    "runtime/loader/trial_load.py serve": WRITES,
    "runtime/loader/trial_load.py attempt": ANSWER,
    "runtime/host/process.py _to_nowhere": WRITES,
    "runtime/host/process.py _write_pid": WRITES,
    "runtime/host/process.py _wait_and_exit": ANSWER,
    "runtime/program/assembly.py _note_sources": "over a descriptor of files.opened",
    "runtime/verbs/replacer.py rows": ANSWER,
    "runtime/verbs/replace.py serve": ANSWER,
    "asterism_testing/coverage.py merged": ANSWER,
    "asterism_testing/module_tests.py unit_tests": ANSWER,
    "asterism_testing/module_tests.py unit_result": ANSWER,
    "asterism_testing/plugin.py _of_asterism": "an environment variable that 'asterism test' has set",
    "asterism_testing/target_running.py loads": "an environment variable that 'asterism test' has set",
    "asterism_testing/target_running.py _no_core": "a setting of the kernel",
    "asterism_testing/asterisk_log.py _of_json": TEST,
    "asterism_testing/program/started_program.py start": WRITES,
    "asterism_testing/program/started_program.py output": TEST,
    "asterism_testing/program/started_program.py crash": TEST,
    "asterism_testing/records.py records": TEST,
    "asterism_testing/records.py lines": TEST,
}
"""Rooms and functions that read by themselves, and why they may."""


def calls(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """The function each direct read stands in, and how it is called."""
    owners = [(node, node.name) for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (name := read_by(node)):
            inside = [name_ for owner, name_ in owners if owner.lineno <= node.lineno <= (owner.end_lineno or 0)]
            yield inside[-1] if inside else "", name


def read_by(call: ast.Call) -> str:
    """How a call reads a file or a text of others; empty when it does not."""
    function = call.func
    if isinstance(function, ast.Name):
        return "open" if function.id == "open" else ""
    if not isinstance(function, ast.Attribute):
        return ""
    owner = function.value.id if isinstance(function.value, ast.Name) else ""
    if function.attr in ("read_text", "read_bytes"):
        return "" if owner == "files" else f".{function.attr}"
    if function.attr == "open" and owner != "os":
        modes = [each for each in call.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
        return ".open" if any(set(each.value) <= set("rwabt+x") for each in modes) else ""
    known = {("os", "open"), ("json", "loads"), ("json", "load"), ("tomllib", "loads"), ("tomllib", "load")}
    return f"{owner}.{function.attr}" if (owner, function.attr) in known | {("ast", "parse")} else ""


def found(project: Path) -> dict[str, str]:
    """Every function of the product that reads by itself, and how."""
    reads: dict[str, str] = {}
    for package in PACKAGES:
        for path in sorted((project / package).rglob("*.py")):
            room = path.relative_to(project).as_posix()
            for inside, how in calls(ast.parse(path.read_text("utf-8"))):
                reads[room if room in ALLOWED else f"{room} {inside}"] = how
    return reads


def test_nobody_reads_by_itself_who_has_no_reason_to(project: Path) -> None:
    strangers = {place: how for place, how in found(project).items() if place not in ALLOWED}
    assert strangers == {}, "take files.read_text, files.read_bytes or asterism.parsing instead"


def test_the_list_of_reasons_has_nobody_who_reads_no_more(project: Path) -> None:
    assert sorted(set(ALLOWED) - set(found(project))) == []


def test_a_direct_read_is_seen() -> None:
    source = "def f(p):\n    open(p); os.open(p, 0); p.read_text(); files.read_text(p); p.open('rb'); Session.open(p)\n"
    assert list(calls(ast.parse(source))) == [("f", "open"), ("f", "os.open"), ("f", ".read_text"), ("f", ".open")]
