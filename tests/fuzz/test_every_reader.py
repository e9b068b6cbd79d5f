"""Every reader of the product gives a result or a fault, whatever it is fed with; ``make fuzz`` asks for longer."""

from __future__ import annotations

import pytest
from fuzz_mutations import mutated
from fuzz_readers import READERS, Reader
from fuzz_run import inputs_of, run

INPUTS = 200
"""How many a test takes, of readers that take no time."""


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
def test_any_input_is_a_result_or_a_fault(reader: Reader) -> None:
    tally = run(reader, seed=0, inputs=INPUTS // reader.weight + len(reader.formerly))
    assert tally.mistakes == {}
    assert tally.results + tally.faults >= INPUTS // reader.weight


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
def test_a_good_input_is_read(reader: Reader) -> None:
    seeds = reader.seeds()
    assert seeds
    first = run(Reader(reader.name, reader.read, reader.seeds), seed=0, inputs=1)
    assert (first.results + first.faults, first.mistakes) == (1, {})


def test_a_seed_decides_the_inputs() -> None:
    reader = next(each for each in READERS if each.name == "conf")
    first, again, other = ([next(stream) for _ in range(50)] for stream in map(inputs_of, [reader] * 3, (1, 1, 2)))
    assert first == again != other


def test_mutations_of_nothing_are_inputs_too() -> None:
    import random

    assert all(isinstance(mutated(b"", [], random.Random(seed)), bytes) for seed in range(200))
