"""What became of files between two looks, and what is built for it: on values."""

from __future__ import annotations

import pytest

from buildsys.develop.changed_files import Change, Work, block_of, change, counts, work
from buildsys.develop.watch import is_deaf
from buildsys.develop.watch_events import Event
from buildsys.planning.plan import Module

ONE = Module("res_one", ("res/res_one.c", "res/res_one/part.c"))
TWO = Module("res_two", ("res/res_two.py",))


def test_two_looks_are_compared_by_file_not_by_event() -> None:
    before = {"a.c": (1, 1, 1), "b.c": (1, 1, 2), "c.c": (1, 1, 3)}
    after = {"a.c": (1, 1, 1), "b.c": (1, 1, 9), "d.c": (2, 2, 4)}
    assert change(before, after) == Change(("b.c",), ("d.c",), ("c.c",))
    assert not change(after, after)


@pytest.mark.parametrize(
    ("found", "settled", "wanted"),
    [
        (Change(("res/res_one/part.c",)), ("res/res_one/part.c",), Work(products=("build/modules/res_one.so",))),
        (
            Change(("res/res_one.c", "res/res_one/part.c", "res/res_two.py")),
            ("res/res_one.c", "res/res_one/part.c", "res/res_two.py"),
            Work(products=("build/modules/res_one.so", "build/modules/res_two.py")),
        ),
        (Change(("res/res_one.c",)), (), Work(plan_anew=True)),
        (Change(("include/part.h",)), (), Work()),
        (Change(("res/res_one.c", "include/part.h")), ("res/res_one.c",), Work()),
        (Change(new=("res/res_new.c",)), (), Work(plan_anew=True)),
        (Change(gone=("res/res_one.c",)), (), Work(plan_anew=True)),
        (Change(("res/res_one.exports",)), (), Work(plan_anew=True)),
        (Change(("menuselect.makeopts",)), (), Work(plan_anew=True)),
        (Change(("asterism.toml",)), (), Work(plan_anew=True)),
        (Change(("runtime/native/base/log.c",)), (), Work()),
        (Change(new=("include/new.h",)), (), Work()),
    ],
)
def test_only_what_a_change_can_reach_is_built(found, settled, wanted) -> None:
    assert work(found, (ONE, TWO), settled) == wanted


def test_what_editors_leave_beside_a_file_does_not_count() -> None:
    names = [
        "res_x.c",
        "res_x.py",
        "x.h",
        "makeopts",
        ".res_x.c.swp",
        "res_x.c~",
        "4913",
        "#res_x.c#",
        ".#res_x.c",
        "a.o",
    ]
    assert [name for name in names if counts(name)] == ["res_x.c", "res_x.py", "x.h", "makeopts"]


def test_the_block_decides_not_the_code() -> None:
    block = b"/*** MODULEINFO\n\t<depend>curl</depend>\n ***/"
    assert block_of(b"/* x */\n" + block + b"\nint x;") == block == block_of(block + b"\nint y;")
    assert block_of(b"int x;") == b""


def test_file_systems_that_tell_nothing_are_known_by_the_longest_mount(tmp_path) -> None:
    mounts = "/dev/sda / ext4 rw 0 0\nserver:/x /srv/a\\040b nfs4 rw 0 0\n/dev/sdb /srv/a\\040b/local xfs rw 0 0\n"
    tops = ("/home/x", "/srv/a b/src", "/srv/a b/local/src", "/srv/a bc")
    assert [is_deaf(tmp_path.__class__(top), mounts) for top in tops] == [False, True, False, False]


def test_events_read_as_lines_and_as_json() -> None:
    fault = {
        "file": "res_x.c",
        "line": 5,
        "what": "module res_x does not compile",
        "why": "expected ';'",
        "cure": "look",
    }
    failed = Event("failed", "res_x", faults=(fault,), excerpt=("res_x.c:5: error: expected ';'",))
    lines = failed.lines(0.0)
    assert [lines[0][8:], *lines[1:]] == [
        "  res_x.c:5: module res_x does not compile: expected ';'",
        "          look",
        "          res_x.c:5: error: expected ';'",
    ]
    ran = Event("run", "res_x", 0.4, 0.25, 0.01, 0.02, ("res_y.so",))
    assert ran.lines(0.0)[0].endswith(
        "res_x runs its new build with 'res_y.so', 0.40 s after it was saved (compiled in 0.25 s)"
    )
    assert ran.as_json(0.5).endswith(
        '.500", "event": "run", "module": "res_x", "seconds": 0.4, "compiling": 0.25, "trial": 0.01, "taking": 0.02, '
        '"others": ["res_y.so"]}'
    )
