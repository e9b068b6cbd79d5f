"""The journal of running callbacks, whom it accuses after a crash, and the watchdog: on files, without a program."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import pytest

from asterism.errors import AsterismError, Place
from runtime.conf import conf_file
from runtime.core.journal import SIZE, Journal, Suspect
from runtime.core.message_log import Level
from runtime.loader.distrust import Trust
from runtime.loader.modules_conf import wanted
from runtime.loader.watchdog import Watchdog

LOAD = "its load callback"
NEVER_LEFT: list[contextlib.AbstractContextManager[None]] = []
"""Kept, since whatever is thrown away is left."""


@pytest.fixture
def paths(tmp_path: Path) -> tuple[str, str]:
    """The journal and the crash log."""
    return str(tmp_path / "journal"), str(tmp_path / "crash.log")


def left_by_a_crash(paths: tuple[str, str], *running: tuple[str, str], crash: str = "") -> None:
    """Leave the files as a program does that ends in these callbacks."""
    journal = Journal()
    journal.open(*paths)
    for module, callback in running:
        NEVER_LEFT.append(journal.entering(module, callback))
        NEVER_LEFT[-1].__enter__()
    if crash:
        with open(paths[1], "a", encoding="utf-8") as log:
            log.write(crash)
    journal._file.close()  # the kernel does that for a process that ended
    journal._file = None


def test_a_program_that_ended_as_it_should_leaves_nothing(paths) -> None:
    journal = Journal()
    assert journal.open(*paths) == []
    with journal.entering("res_a", LOAD):
        pass
    journal.close()
    assert Journal().open(*paths) == []


def test_what_was_running_when_it_ended_is_told_to_the_next(paths) -> None:
    left_by_a_crash(paths, ("res_a", LOAD), ("res_b", "its command 'b show'"))
    again = Journal()
    assert again.open(*paths) == [Suspect("res_a", LOAD), Suspect("res_b", "its command 'b show'")]
    again.close()
    assert Journal().open(*paths) == []


@pytest.mark.parametrize(
    ("crash", "suspects"),
    [
        (
            "asterism: module res_b crashed in its command 'b show' (SIGSEGV, invalid memory access)\n",
            [Suspect("res_b", "its command 'b show'", "SIGSEGV, invalid memory access")],
        ),
        (
            "asterism: module res_a ended the program in its load callback (exit 3)\n",
            [Suspect("res_a", LOAD, "exit 3")],
        ),
        ("asterism: the program crashed outside of a module's callback, in libc.so (SIGABRT, abort)\n",
         [Suspect("res_a", LOAD)]),
    ],
)  # fmt: skip
def test_the_crash_handler_knows_better_than_the_journal(paths, crash, suspects) -> None:
    Path(paths[1]).write_text("asterism: module res_old crashed in its load callback (SIGSEGV, long ago)\n")
    left_by_a_crash(paths, ("res_a", LOAD), crash=crash)
    assert Journal().open(*paths) == suspects


@pytest.mark.parametrize(
    ("where", "accused"), [("", ""), (", in libasterism.so", "libasterism"), (", in res_b.so", "res_b")]
)
def test_a_crash_while_the_core_was_at_work_accuses_nobody_who_ran_beside_it(paths, where, accused) -> None:
    words = f"asterism: the core crashed in the command 'module show' for the console{where} (SIGSEGV, x)\n"
    left_by_a_crash(paths, ("app_wait", "its application Wait"), crash=words)
    assert Journal().open(*paths) == [Suspect(accused, "something the core called", "SIGSEGV, x")]


def test_a_crash_in_a_modules_own_thread_accuses_the_module(paths) -> None:
    left_by_a_crash(
        paths, crash="asterism: the program crashed outside of a module's callback, in res_a.so (SIGBUS, x)\n"
    )
    assert Journal().open(*paths) == [Suspect("res_a", "a thread of its own", "SIGBUS, x")]


@pytest.mark.parametrize("text", [b"", bytes(SIZE), b"asterism-journal 0 0\nres_a\tx\n"])
def test_a_journal_that_is_new_was_closed_or_is_of_another_boot_accuses_nobody(paths, text) -> None:
    Path(paths[0]).write_bytes(text)
    journal = Journal()
    assert (journal.open(*paths), journal.warnings) == ([], [])


@pytest.mark.parametrize(
    "text",
    [
        b"\xff\xfe\0",
        b"x" * 2 * SIZE,
        b"asterism-journal BOOT 0",
        b"asterism-journal BOOT 0 0\n",
        b"asterism-journal BOOT 99999999999999999999\n",
        b"asterism-journal BOOT \xc2\xb2\n",
        b"asterism-journal BOOT " + b"9" * 5000 + b"\n",
    ],
)
def test_a_damaged_journal_is_set_aside_with_a_warning(paths, text) -> None:
    data = text.replace(b"BOOT", Path("/proc/sys/kernel/random/boot_id").read_bytes().strip())
    Path(paths[0]).write_bytes(data)
    journal = Journal()
    assert journal.open(*paths) == []
    assert [str(fault).split("\n")[0] for fault in journal.warnings] == [
        f"{paths[0]}: warning: the file is damaged: it is kept as {paths[0]}.damaged, and a new one is begun"
    ]
    assert Path(f"{paths[0]}.damaged").read_bytes() == data
    assert Path(paths[0]).stat().st_size == SIZE
    journal.close()


@pytest.mark.parametrize("number", ["²", "9" * 5000, "99999999999999999999", "-1", ""])
def test_a_line_with_a_number_that_is_none_accuses_the_module_whatever_its_file(paths, number) -> None:
    boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    Path(paths[0]).write_text(f"asterism-journal {boot} 0\nres_a\t{LOAD}\t{number}\t1\n")
    assert Journal().open(*paths) == [Suspect("res_a", LOAD)]


def test_a_journal_that_begins_behind_every_end_of_the_crash_log_tells_what_it_knows(paths) -> None:
    boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    Path(paths[0]).write_text(f"asterism-journal {boot} {2**63 - 1}\nres_a\t{LOAD}\t1\t1\n")
    Path(paths[1]).write_text("asterism: module res_b crashed in its load callback (SIGSEGV)\n")
    assert Journal().open(*paths) == [Suspect("res_a", LOAD, identity=(1, 1))]


def test_a_journal_is_never_written_through_a_link(paths, tmp_path) -> None:
    (tmp_path / "victim").write_text("precious")
    Path(paths[0]).symlink_to("victim")
    journal = Journal()
    assert (journal.open(*paths), [fault.code for fault in journal.warnings]) == ([], ["damaged"])
    assert ((tmp_path / "victim").read_text(), Path(paths[0]).is_symlink()) == ("precious", False)
    journal.close()


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
def test_what_is_no_file_in_the_place_of_the_journal_is_set_aside(paths, make) -> None:
    make(paths[0])
    journal = Journal()
    assert (journal.open(*paths), [fault.code for fault in journal.warnings]) == ([], ["damaged"])
    journal.close()


def test_a_journal_that_another_program_uses_is_refused(paths) -> None:
    first = Journal()
    first.open(*paths)
    with pytest.raises(BlockingIOError):
        Journal().open(*paths)
    first.close()


def test_more_than_fits_is_cut_and_hurts_nobody(paths) -> None:
    left_by_a_crash(paths, *[(f"res_{number:05}", "x" * 90) for number in range(400)])
    found = Journal().open(*paths)
    assert found[0] == Suspect("res_00000", "x" * 90)
    assert 100 < len(found) < 200


# ---- trust


@pytest.fixture
def trust(tmp_path: Path) -> Trust:
    (tmp_path / "modules").mkdir(exist_ok=True)
    (tmp_path / "modules/res_a.so").write_text("one")
    return Trust(str(tmp_path / "distrusted.json"), tmp_path / "modules")


def test_an_accused_module_is_left_out_by_later_starts_too_until_it_is_trusted(trust, tmp_path) -> None:
    trust.accuse([Suspect("res_a", LOAD, "SIGSEGV"), Suspect("no_module", LOAD)])
    again = Trust(trust.path, trust.directory)
    fault = again.against("RES_A.so")
    assert fault is not None
    assert fault.place == Place(f"{tmp_path}/modules/res_a.so")
    assert fault.what == "it is left out since it brought the program down"
    assert fault.why.startswith("the last time it ended in its load callback (SIGSEGV), noted 20")
    assert fault.cure == (
        "build it again, or say 'module trust res_a' to have it tried again as it is; "
        f"without a running program, delete {tmp_path}/distrusted.json"
    )
    assert again.names() == ["res_a"]
    again.restore("res_a")
    assert Trust(trust.path, trust.directory).against("res_a") is None


def test_a_module_that_was_built_again_is_trusted(trust) -> None:
    trust.accuse([Suspect("res_a", LOAD)])
    (trust.directory / "res_a.so").write_text("mended")
    assert trust.against("res_a") is None
    assert Trust(trust.path, trust.directory).names() == []


def test_trusting_one_that_is_trusted_is_refused(trust) -> None:
    trust.accuse([Suspect("res_a", LOAD)])
    with pytest.raises(AsterismError, match="the module 'res_b' is not distrusted\n    did you mean 'res_a'"):
        trust.restore("res_b")


NOTE = '[{"module": "res_a", "callback": "x", "how": "y", "file": %s, "size": %s, "changed": 1, "time": %s}]'


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[",
        "[" * 3000,
        "{}}",
        "[1]",
        '[{"module": "res_a"}]',
        NOTE % ('"a.so"', "9" * 5000, 1),
        NOTE % ('"a.so"', -1, 1),
        NOTE % ('"a.so"', 1, "1e400"),
        NOTE % ('"a.so"', 1, "NaN"),
        NOTE % ('"../a.so"', 1, 1),
        NOTE % ('"a\\u0000.so"', 1, 1),
    ],
)
def test_damaged_notes_accuse_nobody_and_are_kept(trust, text) -> None:
    Path(trust.path).write_text(text)
    again = Trust(trust.path, trust.directory)
    assert (again.names(), again.warning and again.warning.code) == ([], "damaged")
    assert Path(f"{trust.path}.damaged").read_text() == text
    again.accuse([Suspect("res_a", LOAD)])
    assert Trust(trust.path, trust.directory).names() == ["res_a"]


def test_the_loader_leaves_out_whom_it_does_not_trust(loader, shelf) -> None:
    shelf.add("res_a")
    shelf.add("res_b", requires=("res_a",))
    loader.trust.accuse([Suspect("res_a", LOAD)])
    faults = loader.start(wanted(conf_file.loads("[modules]\nautoload = yes\n"), loader.files()))
    assert [fault.code for fault in faults] == ["distrusted", "absent"]
    assert shelf.calls() == []
    with pytest.raises(AsterismError, match="module trust res_a"):
        loader.load("res_a")
    loader.trust.restore("res_a")
    loader.load("res_a")
    loader.load("res_b")
    assert shelf.calls() == ["load res_a", "load res_b"]


def test_callbacks_are_in_the_journal_while_they_run(core, loader, shelf) -> None:
    seen = []

    def note(result: int = 0) -> int:
        seen.extend((entry.module, entry.callback) for entry in core.journal.running())
        return result

    shelf.add("res_a", has_reload=True)
    original = shelf.open

    def opened(path, *, global_symbols=False):
        note()
        module = original(path, global_symbols=global_symbols)
        module.load = module.unload = module.reload = module.close = note
        return module

    loader._open_module = opened
    core.booted.set()
    loader.load("res_a")
    loader.reload("res_a")
    loader.unload("res_a")
    assert seen == [
        ("res_a", "its constructor (it was being opened)"),
        ("res_a", LOAD),
        ("res_a", "its reload callback"),
        ("res_a", "its unload callback"),
        ("res_a", "its destructor (it was being closed)"),
    ]
    assert core.journal.running() == []


# ---- the watchdog


def test_the_watchdog_tells_of_a_long_callback_and_again_when_its_time_has_doubled(core, journal) -> None:
    watchdog = Watchdog(core.journal, core.logger, 10)
    with core.journal.entering("res_a", LOAD), core.journal.entering("app_wait", "its application Wait", patient=True):
        begun = core.journal.running()[0].since
        for passed in (9, 10, 11, 19, 21, 39, 40):
            watchdog.look(begun + passed)
    watchdog.look(begun + 1000)
    assert journal.lines(Level.WARNING) == [
        f"module res_a has been in its load callback for {passed} seconds; whatever waits for it waits as long"
        for passed in (10, 21, 40)
    ]
