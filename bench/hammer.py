"""Eight threads hammer queues, scheduled calls, objects and containers: ``bench/hammer.py [SECONDS]``.

The C core as a program of its own (the driver of tests/runtime/native), once under the thread sanitizer and once under
the address and undefined-behaviour sanitizers, for so many seconds each (60).  What a sanitizer finds ends it.
"""

from __future__ import annotations

import itertools
import sys
import tempfile
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(PROJECT), str(PROJECT / "tests" / "runtime" / "native")]

from native_support import BUILDOPTS, ROOT, build_driver, driven  # noqa: E402

from runtime.bridge.generate import generate  # noqa: E402

SANITIZERS = {
    "thread": ["-fsanitize=thread"],
    "address, undefined": ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"],
}
JOBS = (
    ("tasks pushed into one queue", "task-threads", "1000", "1 1 1"),
    ("queues that come and go", "task-names", "300", "1 0"),
    ("calls scheduled and deleted", "schedule-threads", "300", "0 1"),
    ("objects in a hash table", "container-threads", "h1000", "0 0 0"),
    ("objects in a sorted tree", "container-threads", "t1000", "0 0 0"),
    ("objects in a list", "container-threads", "L500", "0 0 0"),
)
"""What it is, the driver's request, and its answer when all is well."""


def prepare(room: Path) -> list[str]:
    """Generated sources, and the two headers that configure writes; gives the include path."""
    (room / "asterisk").mkdir()
    (room / "asterisk" / "autoconfig.h").write_text("")
    (room / "asterisk" / "buildopts.h").write_text(BUILDOPTS)
    generate(room)
    return [f"-I{room}", f"-I{ROOT / 'include'}", f"-I{ROOT / 'runtime' / 'native'}"]


def hammer(program: Path, seconds: float) -> dict[str, int]:
    """Do the jobs in turn until the time is over; how often each was done."""
    done = dict.fromkeys((job for job, *_ in JOBS), 0)
    until = time.monotonic() + seconds
    with driven(program) as ask:
        for job, request, argument, well in itertools.cycle(JOBS):
            if time.monotonic() > until:
                break
            answer = ask(request, argument.encode())
            if answer != well:
                raise SystemExit(f"{job}: {answer!r} instead of {well!r}")
            done[job] += 1
    return done


def main() -> int:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    for name, flags in SANITIZERS.items():
        with tempfile.TemporaryDirectory() as place:
            room = Path(place)
            includes = prepare(room)
            done = hammer(build_driver(room / "driver", room, includes, *flags), seconds)
        print(f"{name}: nothing found in {seconds:.0f} s")
        for job, times in done.items():
            print(f"    {job:<30} {times:>6} times")
    return 0


if __name__ == "__main__":
    sys.exit(main())
