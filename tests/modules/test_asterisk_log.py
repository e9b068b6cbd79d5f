"""The log of a real Asterisk, in the formats of its branches."""

from __future__ import annotations

from pathlib import Path

import pytest

from asterism_testing.asterisk_log import AsteriskLog, read
from asterism_testing.records import Record
from asterism_testing.target_running import is_listed_running, parted

JSON = (
    '{"hostname":"","timestamp":"Jan  1 00:00:00","identifiers":{"lwp":7,"callid":""},"logmsg":{"location":'
    '{"filename":"res_x.c","function":"load_module","line":12},"level":"WARNING","message":"no\\nluck\\n"}}'
)


@pytest.mark.parametrize(
    ("lines", "records"),
    [
        pytest.param([JSON], [Record("WARNING", "no\nluck", "", "res_x.c", 12, "load_module")], id="json"),
        pytest.param(
            [JSON[:150]], [Record("", JSON[:150], "", "", 0, "")], id="json that Asterisk has cut off is its own text"
        ),
        pytest.param(
            ["[Jan  1 00:00:00] Asterisk 13.38.3 built by me", "[Jan  1 00:00:00] WARNING[7] res_x.c: no", "luck"],
            [Record("WARNING", "no\nluck", "", "res_x.c", 0, "")],
            id="13 has no line and no function",
        ),
        pytest.param(
            ["[Jan  1 00:00:00] ERROR[7][C-00000001] pbx.c: \x1b[1;31mgone\x1b[0m"],
            [Record("ERROR", "gone", "", "pbx.c", 0, "")],
            id="a call and colours are left out",
        ),
        pytest.param(
            ["[Jan  1 00:00:00] NOTICE[7]: res_x.c:12 load_module: well"],
            [Record("NOTICE", "well", "", "res_x.c", 12, "load_module")],
            id="the console's format has both",
        ),
    ],
)
def test_messages_are_read_in_the_formats_of_all_branches(lines: list[str], records: list[Record]) -> None:
    assert read(lines) == records


def test_a_message_belongs_to_the_module_of_its_source(tmp_path: Path) -> None:
    (tmp_path / "res_x.so").touch()
    log = tmp_path / "messages"
    log.write_text(f"{JSON}\n[Jan  1 00:00:00] NOTICE[7] loader.c: hm\n[Jan  1 00:00:00] NOTICE[7] half")
    assert [(each.module, each.file) for each in AsteriskLog(log, tmp_path).records()] == [
        ("res_x", "res_x.c"),
        ("", "loader.c"),
    ]


@pytest.mark.parametrize(
    ("line", "said", "answer"),
    [
        ("module load x", "Loaded x\n", ("Loaded x\n", "")),
        ("module load x", "Unable to load module x\nCommand 'module load x' failed.\n", ("", None)),
        ("module unload x", "Unable to unload resource x\n", ("", None)),
        ("nix", "No such command 'nix' (type 'core show help nix' for other possible commands)\n", ("", None)),
        ("module reload x", "The module 'x' does not support reloads\n", ("", None)),
        ("x show y", "Usage: x show\n", ("", None)),
        ("core show help x show", "Usage: x show\n", ("Usage: x show\n", "")),
        ("dialplan eval function X()", "Return Value: Failure (-1)\nResult: \n", ("Result: \n", None)),
    ],
)
def test_a_failure_is_what_a_reader_of_the_console_takes_for_one(
    line: str, said: str, answer: tuple[str, str | None]
) -> None:
    out, err = parted(line, said)
    assert (out, err if answer[1] is not None else None) == answer
    assert bool(err) == (answer[1] is None)


def test_a_module_that_is_listed_and_does_not_run_is_none_that_runs() -> None:
    shown = (
        "Module  Description  Use Count  Status  Support Level\n"
        "res_x.so  One of Running Hill  0  Not Running  core\nres_xy.so  Two  0  Running  core\n"
    )
    assert [is_listed_running(shown, name) for name in ("res_x", "res_xy", "res_y")] == [False, True, False]
