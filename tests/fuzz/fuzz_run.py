"""``make fuzz``: every reader of the product over mutated inputs, and a table of what came of it.

::

    python tests/fuzz/fuzz_run.py [SECONDS] [--seed N] [--only NAME] [--inputs N]

The same seed gives the same inputs, as many as the time allows: processor time, of which each reader gets the same
share whatever else the machine does.  What ended in anything but a result or a fault is kept in ``build/fuzz``, the
shortest input for each place in the code, and makes the exit status 1.
"""

from __future__ import annotations

import argparse
import faulthandler
import hashlib
import random
import resource
import signal
import sys
import time
import traceback
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

sys.path[:0] = [str(Path(__file__).resolve().parents[2]), str(Path(__file__).resolve().parent)]

from fuzz_mutations import mutated  # noqa: E402
from fuzz_readers import PROJECT, READERS, Reader, by_name, faults_in, remove_files  # noqa: E402

from asterism.errors import AsterismError  # noqa: E402

KEPT = PROJECT / "build/fuzz"
TIMERS = {signal.ITIMER_PROF: (signal.SIGPROF, 20), signal.ITIMER_REAL: (signal.SIGALRM, 120)}
"""Seconds of processor time, and of any time, that one input may take before it counts as endless."""
MEMORY = 3 << 30
"""Bytes of address space that the whole may take."""


class EndlessError(Exception):
    """An input took too long."""


@dataclass(slots=True)
class Tally:
    """What came of the inputs of one reader."""

    reader: str
    results: int = 0
    faults: int = 0
    """How many inputs were refused in words."""
    exceptions: int = 0
    """How many ended in anything else."""
    mistakes: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    """The exceptions by their place in the code: their last words, and the shortest input."""
    slowest: float = 0.0
    """Seconds of processor time."""

    @property
    def inputs(self) -> int:
        """All inputs."""
        return self.results + self.faults + self.exceptions


def inputs_of(reader: Reader, seed: int) -> Iterator[bytes]:
    """The inputs of a reader, without end: what once was a mistake, the seeds themselves, mutations of both."""
    chance = random.Random(f"{seed} {reader.name}")
    seeds = reader.seeds()
    yield from reader.formerly
    yield from seeds
    formerly = [each[:400] for each in reader.formerly]
    others = [*reader.words, *(each for each in seeds if len(each) < 4000)]
    while True:
        yield mutated(chance.choice(formerly if formerly and chance.random() < 0.1 else seeds), others, chance)


def _endless(_number: int, _frame: FrameType | None) -> None:
    raise EndlessError("no end")


def try_one(reader: Reader, data: bytes, tally: Tally) -> None:
    """Feed a reader with one input, and note what comes of it."""
    began = time.process_time()
    for timer, (_, seconds) in TIMERS.items():
        signal.setitimer(timer, seconds)
    try:
        for fault in faults_in(reader.read(data)):
            str(fault)
        tally.results += 1
    except AsterismError as error:
        str(error)
        for fault in error.faults:
            fault.as_json()
        tally.faults += 1
    except Exception as error:
        _note(tally, error, data)
    finally:
        for timer in TIMERS:
            signal.setitimer(timer, 0)
        tally.slowest = max(tally.slowest, time.process_time() - began)


def _note(tally: Tally, error: Exception, data: bytes) -> None:
    tally.exceptions += 1
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if str(PROJECT) in frame.filename]
    last = frames[-1] if frames else None
    place = f"{Path(last.filename).relative_to(PROJECT)}:{last.lineno}" if last else "?"
    known = tally.mistakes.get(f"{type(error).__name__} {place}")
    if known is None or len(data) < len(known[1]):
        tally.mistakes[f"{type(error).__name__} {place}"] = (f"{type(error).__name__}: {error}"[:200], data)


def run(reader: Reader, seed: int, *, seconds: float = float("inf"), inputs: int | None = None) -> Tally:
    """Feed a reader for so many seconds of processor time, or with so many inputs."""
    tally = Tally(reader.name)
    until = time.process_time() + seconds
    before = {number: signal.signal(number, _endless) for number, _ in TIMERS.values()}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            for number, data in enumerate(inputs_of(reader, seed)):
                if number == inputs or time.process_time() > until:
                    break
                try_one(reader, data, tally)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return tally


def table(tallies: Sequence[Tally]) -> Iterator[str]:
    """The table, as docs/reliability.md has it."""
    yield "| reader | inputs | results | faults | exceptions | slowest |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: |"
    for each in tallies:
        counts = f"{each.inputs:,} | {each.results:,} | {each.faults:,} | {each.exceptions:,}"
        yield f"| {each.reader} | {counts} | {each.slowest * 1000:.0f} ms |"
    names = ("inputs", "results", "faults", "exceptions")
    sums = " | ".join(f"{sum(getattr(each, name) for each in tallies):,}" for name in names)
    slowest = max(each.slowest for each in tallies) * 1000
    yield f"| all | {sums} | {slowest:.0f} ms |"


def keep(tally: Tally) -> Iterator[str]:
    """Write down the inputs that were mistakes, and say what they did."""
    for place, (words, data) in tally.mistakes.items():
        KEPT.mkdir(parents=True, exist_ok=True)
        name = f"{tally.reader.replace(' ', '-').replace(',', '')}-{hashlib.sha256(place.encode()).hexdigest()[:8]}"
        (KEPT / name).write_bytes(data)
        yield f"{tally.reader}: {place}: {words}\n    {data[:200]!r}\n    all {len(data)} bytes: {KEPT / name}"


def main(words: Sequence[str]) -> int:
    """Run the table; 1 when there was anything but results and faults."""
    parser = argparse.ArgumentParser(description="Feed every reader of the product with mutated inputs.")
    parser.add_argument(
        "seconds", type=float, nargs="?", default=60, help="of processor time, for all of them together"
    )
    parser.add_argument("--seed", type=int, default=1, help="other inputs")
    parser.add_argument("--only", metavar="NAME", help="one reader")
    parser.add_argument("--inputs", type=int, help="so many for each reader, whatever the time")
    given = parser.parse_args(words)
    faulthandler.enable()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))
    readers = [by_name()[given.only]] if given.only else READERS
    share = given.seconds / len(readers) if given.inputs is None else float("inf")
    tallies = []
    for reader in readers:
        tallies.append(run(reader, given.seed, seconds=share, inputs=given.inputs))
        for line in keep(tallies[-1]):
            print(line, file=sys.stderr, flush=True)
    print("\n".join(table(tallies)))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"\nseed {given.seed}, {given.seconds:g} seconds of processor time, at most {peak} MiB of memory")
    remove_files()
    return int(any(tally.mistakes for tally in tallies))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
