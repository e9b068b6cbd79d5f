"""The log of an asterism under test (asterism_testing/records.py), read while it is being written."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from asterism_testing.records import Event, Log, Record


def line_of(text: str, file: str = "", level: str = "NOTICE") -> bytes:
    where = {"file": file, "line": 7 if file else 0, "function": "load" if file else ""}
    return json.dumps({"level": level, "location": where, "message": text}).encode() + b"\n"


def notice(text: str) -> Record:
    return Record("NOTICE", text, "", "", 0, "")


@pytest.fixture
def log(tmp_path: Path) -> Log:
    (tmp_path / "res_a.so").touch()
    return Log(tmp_path / "log", tmp_path)


def test_a_log_that_is_not_there_yet_is_empty(log: Log) -> None:
    assert (log.end, log.records(), log.events()) == (0, [], [])


def test_a_message_belongs_to_the_module_of_its_source(log: Log) -> None:
    log.path.write_bytes(line_of("a", "res_a.c") + line_of("b", "other.c"))
    assert [(one.text, one.module, str(one)) for one in log.records()] == [
        ("a", "res_a", "[res_a.c:7] NOTICE a"),
        ("b", "", "[other.c:7] NOTICE b"),
    ]


def test_a_message_that_is_half_written_is_not_there_yet(log: Log) -> None:
    log.path.write_bytes(line_of("whole") + line_of("half")[:20])
    assert log.records() == [notice("whole")]


def seen_since(shown: int, log: Log) -> list[str]:
    """What comes behind the size that the file has when only the first bytes of the second message are shown."""
    lines = [line_of("first"), line_of("second"), line_of("third")]
    log.path.write_bytes(lines[0] + lines[1][:shown])
    since = log.end
    log.path.write_bytes(b"".join(lines))
    return [record.text for record in log.records(since)]


def test_a_message_that_was_half_written_when_one_began_to_watch_is_passed_over(log: Log) -> None:
    size = len(line_of("second"))
    assert [seen_since(shown, log) for shown in range(size + 1)] == [["second", "third"], *[["third"]] * size]


def test_the_end_of_a_line_that_comes_while_the_log_is_read_is_no_line(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Growing(io.BytesIO):
        """A file whose line goes on after a read has met its end."""

        def readline(self, *_size: int | None) -> bytes:
            return self.read(2)

    monkeypatch.setattr(Path, "open", lambda *_: Growing(b"{12345}\n{6}\n"))
    log.path.touch()
    assert log.lines(3) == [b"{6}\n"]


def test_a_test_event_is_a_debug_message_with_its_state(log: Log) -> None:
    log.path.write_bytes(
        line_of("test event CALLED: Who: me", "res_a.c", "DEBUG") + line_of("test event CALLED: Who: you")
    )
    assert log.events() == [Event("CALLED", "Who: me", "res_a.c", 7)]
