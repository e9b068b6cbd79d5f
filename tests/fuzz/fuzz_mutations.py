"""Mutations of bytes: what damage, haste and ill will do to a file, decided by a generator of random numbers."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

LONGEST = 200_000
"""Bytes an input may grow to."""

NASTY: tuple[bytes, ...] = (
    b"",
    b"\0",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\xc2\xb2",
    b"\xd9\xa3",
    b"\xed\xa0\x80",
    b"\r\n",
    b"\x1b]0;x\x07",
    b"0",
    b"-1",
    b"2147483648",
    b"18446744073709551616",
    b"9" * 400,
    b"9" * 5000,
    b"1e400",
    b"NaN",
    b"0x10",
    b"(" * 60,
    b"(" * 5000,
    b"[" * 60,
    b"[" * 5000,
    b"{" * 5000,
    b"<a>" * 500,
    b"x" * 300,
    b"/" * 300,
    b"../" * 20,
    b"/dev/zero",
    b"%s%n",
    b"$(" * 50,
    b"${" * 50,
    b"a{99999999999}",
    b"[[a]",
)
"""What readers have stumbled over, here and elsewhere."""

Mutation = Callable[[bytearray, random.Random, Sequence[bytes]], None]


def _flip(data: bytearray, chance: random.Random, _others: Sequence[bytes]) -> None:
    for _ in range(chance.randint(1, 4)):
        if data:
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def _set(data: bytearray, chance: random.Random, _others: Sequence[bytes]) -> None:
    if data:
        data[chance.randrange(len(data))] = chance.choice((0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)))


def _range(data: bytearray, chance: random.Random) -> tuple[int, int]:
    begin = chance.randint(0, len(data))
    return begin, min(len(data), begin + chance.choice((1, 2, 4, 8, 40, 400, len(data))))


def _cut(data: bytearray, chance: random.Random, _others: Sequence[bytes]) -> None:
    begin, end = _range(data, chance)
    del data[begin:end]


def _end_early(data: bytearray, chance: random.Random, _others: Sequence[bytes]) -> None:
    del data[chance.randint(0, len(data)) :]


def _repeat(data: bytearray, chance: random.Random, _others: Sequence[bytes]) -> None:
    begin, end = _range(data, chance)
    data[begin:begin] = bytes(data[begin:end]) * chance.choice((1, 2, 10, 100))


def _move(data: bytearray, chance: random.Random, _others: Sequence[bytes]) -> None:
    begin, end = _range(data, chance)
    part = bytes(data[begin:end])
    del data[begin:end]
    at = chance.randint(0, len(data))
    data[at:at] = part


def _insert(data: bytearray, chance: random.Random, others: Sequence[bytes]) -> None:
    at = chance.randint(0, len(data))
    data[at:at] = chance.choice(others) if others and chance.random() < 0.5 else chance.choice(NASTY)


def _number(data: bytearray, chance: random.Random, _others: Sequence[bytes]) -> None:
    """Put another number in the place of one."""
    digits = [index for index, byte in enumerate(data[:4096]) if 48 <= byte < 58]
    if digits:
        begin = end = chance.choice(digits)
        while end < len(data) and 48 <= data[end] < 58:
            end += 1
        data[begin:end] = chance.choice(NASTY[9:16])


def _splice(data: bytearray, chance: random.Random, others: Sequence[bytes]) -> None:
    other = chance.choice(others) if others else b""
    at = chance.randint(0, len(other))
    data[chance.randint(0, len(data)) :] = other[at : at + 4000]


MUTATIONS: tuple[Mutation, ...] = (_flip, _set, _cut, _end_early, _repeat, _move, _insert, _insert, _number, _splice)


def mutated(seed: bytes, others: Sequence[bytes], chance: random.Random) -> bytes:
    """A seed with one to five things done to it.

    Args:
        seed: what to begin with.
        others: further seeds and words of the language, to be put in.
        chance: decides.
    """
    data = bytearray(seed)
    for _ in range(chance.randint(1, 5)):
        chance.choice(MUTATIONS)(data, chance, others)
        del data[LONGEST:]
    return bytes(data)
