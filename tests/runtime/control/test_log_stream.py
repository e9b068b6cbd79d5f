"""The log on standard output: a reader who is slow, and one who goes."""

from __future__ import annotations

import os
import threading

from waiting import until

from runtime.control.log_stream import LINES, LogStream


def test_who_logs_never_waits_for_a_reader_and_what_overflows_is_counted() -> None:
    reading, writing = os.pipe()
    stream = LogStream(handle=writing)
    size = 4000
    many = LINES + 100
    for number in range(many):
        stream.log(f"{number:>{size - 1}}\n")
    got = bytearray()

    def read() -> None:
        while piece := os.read(reading, 65536):
            got.extend(piece)

    reader = threading.Thread(target=read)
    reader.start()
    stream.close(60)
    until(lambda: b"missing" in got)
    stream.log("the last\n")
    stream.close(60)
    os.close(writing)
    reader.join()
    os.close(reading)
    lines = got.decode().split("\n")
    numbers = [int(line) for line in lines if line.strip().isdigit()]
    lost = next(int(line[1:].split()[0]) for line in lines if line.startswith("("))
    assert numbers == list(range(len(numbers)))
    assert len(numbers) + lost == many
    assert lines[-2:] == ["the last", ""]


def test_a_reader_who_has_gone_is_no_fault() -> None:
    reading, writing = os.pipe()
    stream = LogStream(handle=writing)
    os.close(reading)
    stream.log("one\n")
    stream.log("two\n")
    stream.close(60)
    os.close(writing)
