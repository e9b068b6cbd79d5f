"""The menu's budgets: first paint with 700 members, a key to its repaint with 10,000.

    .venv/bin/python bench/menu.py [--runs N]

The first paint is that of a whole process on a pseudo-terminal, from its start to the moment when the
last line of the screen has arrived.  A key's time runs from its byte being sent to the terminal until
the bytes of the repaint have arrived and the line is silent.  Ratios are to an empty Textual program
with as many widgets, measured in the same run.  Where other programs keep the machine busy only the
processor's time says something: what the program itself used until its first paint.
"""

from __future__ import annotations

import argparse
import os
import pty
import select
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Sequence
from fcntl import ioctl
from pathlib import Path

SIZE = (40, 120)

EMPTY = """
from textual.app import App
from textual.widgets import Input, Static
class Empty(App):
    def compose(self):
        yield Input()
        for number in range(7):
            yield Static(f"LAST {number}")
Empty().run()
"""

MENU = "from menuselect.session.session import Session; from menuselect import tui; tui.start(Session.open('.'))"


def tree_of(count: int, directory: Path) -> Path:
    """A tree of that many members in 18 categories, a third of them with dependencies, some missing."""
    (directory / "build_tools").mkdir(parents=True)
    lines = ['<?xml version="1.0"?>', '<menu name="Bench">']
    for category in range(18):
        lines.append(f'<category name="MENUSELECT_C{category}" displayname="Category {category}">')
        for number in range(category, count, 18):
            needs = f"<depend>mod_{number - 18}</depend>" if number % 3 == 0 and number >= 18 else ""
            needs += (
                "<depend>curl</depend>" if number % 7 == 0 else "<depend>nothere</depend>" if number % 11 == 0 else ""
            )
            level = ("core", "extended", "deprecated")[number % 3]
            lines.append(
                f'<member name="mod_{number}" displayname="Module number {number} of the bench">{needs}'
                f"<support_level>{level}</support_level></member>"
            )
        lines.append("</category>")
    (directory / "menuselect-tree").write_text("\n".join([*lines, "</menu>"]))
    (directory / "build_tools" / "menuselect-deps").write_text("CURL=1\nNOTHERE=0\n")
    return directory


class Terminal:
    """A program on a pseudo-terminal."""

    def __init__(self, code: str, directory: Path) -> None:
        self.started = time.perf_counter()
        self.handle, inner = pty.openpty()
        ioctl(self.handle, termios.TIOCSWINSZ, struct.pack("HHHH", *SIZE, 0, 0))
        environ = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", "ESCDELAY": "25"}
        self.process = subprocess.Popen(
            [sys.executable, "-c", code], cwd=directory, env=environ, stdin=inner, stdout=inner, stderr=inner
        )
        os.close(inner)

    def until(self, text: bytes, limit: float = 20) -> float:
        """Seconds from the start until a text has arrived."""
        seen = b""
        while text not in seen:
            if not select.select([self.handle], [], [], limit)[0]:
                raise TimeoutError(seen[-2000:])
            seen += os.read(self.handle, 65536)
        return time.perf_counter() - self.started

    def quiet(self, pause: float = 0.15) -> float:
        """When the last byte arrived before a silence, as a clock reading."""
        last = time.perf_counter()
        while select.select([self.handle], [], [], pause)[0]:
            os.read(self.handle, 65536)
            last = time.perf_counter()
        return last

    def key(self, data: bytes, pause: float) -> float:
        """Seconds from sending a key to the last byte of what it repaints before a silence of that many seconds."""
        sent = time.perf_counter()
        os.write(self.handle, data)
        select.select([self.handle], [], [], 5)
        return self.quiet(pause) - sent

    def end(self) -> float:
        """Stop the program; the seconds of processor time it has used."""
        self.process.kill()
        used = os.wait4(self.process.pid, 0)[2]
        self.process.returncode = -signal.SIGKILL
        os.close(self.handle)
        return used.ru_utime + used.ru_stime


def first_paint(code: str, directory: Path, last: bytes, runs: int) -> tuple[float, float]:
    """Medians of some starts: seconds on the clock and of the processor; a start before them fills the caches."""
    times = []
    for _ in range(runs + 1):
        terminal = Terminal(code, directory)
        times.append((terminal.until(last), terminal.end()))
    clock, used = zip(*times[1:], strict=True)
    return statistics.median(clock), statistics.median(used)


def latencies(directory: Path, keys: Sequence[bytes], pause: float) -> list[float]:
    """Seconds from each key to its repaint."""
    terminal = Terminal(MENU, directory)
    terminal.until(b"save")
    terminal.quiet(0.5)
    times = [terminal.key(key, pause) for key in keys]
    terminal.end()
    return times


WALKS = {
    "down": [b"\r", *[b"\x1b[B"] * 30],
    "page down, page up": [b"\r", *[b"\x1b[6~", b"\x1b[5~"] * 8],
    "toggle": [b"\r", *[b" "] * 20],
    "category": [*[b"\x1b[B"] * 15],
    "filter": [b"/", *[bytes([char]) for char in b"mod_12 on"]],
    "none, all": [b"\r", *[b"\x1b[18~", b"\x1b[19~"] * 4],
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as name:
        small, large = tree_of(700, Path(name, "small")), tree_of(10_000, Path(name, "large"))
        empty, bare = first_paint(EMPTY, small, b"LAST 6", runs)
        for count, tree in ((700, small), (10_000, large)):
            paint, used = first_paint(MENU, tree, b"save", runs)
            print(
                f"first paint, {count} members: {paint:.3f} s, {paint / empty:.2f} x an empty program ({empty:.3f} s); "
                f"of the processor {used:.3f} s, {used - bare:.3f} s more than an empty one"
            )
        for count, tree in ((700, small), (10_000, large)):
            for title, keys in WALKS.items():
                # Two silences: the first repaint alone, and with the explanation that follows a moment later.
                first = latencies(tree, keys, 0.012)[1:]
                print(
                    f"{count} members, {title}: median {statistics.median(first) * 1000:.0f} ms, "
                    f"worst {max(first) * 1000:.0f} ms"
                )


if __name__ == "__main__":
    main()
