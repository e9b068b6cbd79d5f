"""Commands whose standard streams are closed, full or without a reader."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from waiting import HANG

from asterism.errors import AsterismError, Fault, Place
from asterism.streams import reported

LITTLE = "def command():\n    print('a line')\n    return 0\n"
MUCH = "def command():\n    print('a line\\n' * 100_000)\n    return 0\n"
LEAVING = "def command():\n    print('usage')\n    raise SystemExit(0)\n"
FULL = "/dev/full"
needs_full = pytest.mark.skipif(not os.path.exists(FULL), reason="needs /dev/full")


def run(body: str, redirection: str) -> tuple[int, str]:
    """The status of a guarded command and what it said on standard error; a shell has seen to its streams."""
    program = f"import sys\nfrom asterism.streams import guarded\n{body}sys.exit(guarded(command, 'list', 7))\n"
    root = Path(__file__).parents[2]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    done = subprocess.run(
        ["/bin/sh", "-c", f'exec "$0" -c "$1" {redirection}', sys.executable, program],
        cwd=root,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=HANG,
    )
    return done.returncode, done.stderr


@needs_full
@pytest.mark.parametrize("body", [LITTLE, MUCH, LEAVING])
def test_output_that_finds_no_room_is_told_in_words(body: str) -> None:
    assert run(body, f">{FULL}") == (7, "list: cannot write to standard output: no space left on device\n")


@pytest.mark.parametrize("redirection", [">&-", "<&-", "2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize("body", [LITTLE, MUCH])
def test_a_closed_stream_is_as_the_null_device(body: str, redirection: str) -> None:
    assert run(body, redirection) == (0, "")


def test_a_file_does_not_get_the_number_of_a_closed_stream(tmp_path: Path) -> None:
    body = (
        "def command():\n"
        f"    handle = open({str(tmp_path / 'file')!r}, 'w')\n"
        "    print('a line', flush=True)\n"
        "    return handle.fileno() < 3\n"
    )
    assert run(body, "<&- >&- 2>&-") == (0, "")
    assert (tmp_path / "file").read_text() == ""


@pytest.mark.parametrize("body", [LITTLE, MUCH, LEAVING])
def test_a_reader_that_has_gone_ends_a_command_in_silence(body: str) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        program = f"import sys\nfrom asterism.streams import guarded\n{body}sys.exit(guarded(command, 'list'))\n"
        done = subprocess.run(
            [sys.executable, "-c", program], cwd=Path(__file__).parents[2], stdout=writing, stderr=subprocess.PIPE
        )
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (141, b"")


def test_other_refusals_of_the_system_are_not_taken_for_those_of_output() -> None:
    body = "def command():\n    raise PermissionError(13, 'Permission denied', 'x')\n"
    status, said = run(body, "")
    assert status == 1
    assert said.endswith("PermissionError: [Errno 13] Permission denied: 'x'\n")


def test_faults_of_a_command_and_an_interrupt_are_told_with_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    def refused() -> int:
        raise AsterismError(Fault("no such tree", cure="check the path"), Fault("no rights", Place("a.c", 3)), status=4)

    def stopped() -> int:
        raise KeyboardInterrupt

    statuses = [
        reported(lambda: 3, "list"),
        reported(refused, "list"),
        reported(stopped, "list"),
        reported(stopped, "list", "run it again"),
    ]
    assert statuses == [3, 4, 130, 130]
    assert capsys.readouterr().err == (
        "list: no such tree\n    check the path\na.c:3: no rights\nlist: interrupted\nlist: interrupted; run it again\n"
    )


@needs_full
def test_configure_tells_that_its_output_finds_no_room() -> None:
    done = subprocess.run(
        ["/bin/sh", "-c", f'exec "$0" -m buildsys.verbs.configure --help >{FULL}', sys.executable],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=HANG,
        check=False,
    )
    assert (done.returncode, done.stderr) == (
        1,
        "configure: cannot write to standard output: no space left on device\n",
    )
