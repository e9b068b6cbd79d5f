"""The menu on a real terminal: what a person would see, whatever TERM says and however large the window is."""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pyte
import pytest

from menuselect.tui.unsaved import FILE

MENU = [sys.executable, "-m", "menuselect.dropin.command", "menuselect.makeopts"]
LAUNCHED = "from menuselect.dropin.command import launched; raise SystemExit(launched())"
PROJECT = Path(__file__).resolve().parents[3]


def environ(term: str, home: Path, **more: str) -> dict[str, str]:
    """An environment of this terminal and nothing of the one the tests run in."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "LC_ALL", "PYTHONPATH")}
    return {**kept, "HOME": str(home), "TERM": term, "LANG": "C.UTF-8", **more}


@contextlib.contextmanager
def opened(tree: Path, term: str, size: tuple[int, int] = (24, 80), **more: str) -> Iterator[pexpect.spawn]:
    """The menu on a pseudo-terminal, whatever is written there kept in ``child.all``."""
    child = pexpect.spawn(
        MENU[0], MENU[1:], cwd=tree, env=environ(term, tree, **more), dimensions=size, timeout=20, encoding="utf-8"
    )
    with (tree / "screen").open("w") as log:
        child.logfile_read = log
        try:
            yield child
        finally:
            child.close(force=True)


def written(tree: Path) -> str:
    return (tree / "screen").read_text()


@pytest.mark.parametrize(
    ("term", "size"), [("xterm-256color", (24, 80)), ("screen", (43, 132)), ("linux", (25, 80)), ("vt100", (15, 40))]
)
def test_a_choice_is_made_and_saved_on_every_terminal(tree: Path, term: str, size: tuple[int, int]) -> None:
    with opened(tree, term, size) as child:
        child.expect(" quit")
        child.send("\rn")
        child.expect(r"app_dial is off\.")
        child.send("x")
        child.expect("configuration saved to 'menuselect.makeopts'")
        child.expect(pexpect.EOF)
    assert child.exitstatus == 0
    assert (tree / "menuselect.makeopts").read_text().startswith("MENUSELECT_APPS=app_dial app_mysql \n")


def test_keys_sent_in_one_burst_are_all_obeyed(tree: Path) -> None:
    with opened(tree, "xterm-256color") as child:
        child.expect(" quit")
        child.send("/res_curl\rnx")
        child.expect("configuration saved")
        child.expect(pexpect.EOF)
    assert (tree / "menuselect.makeopts").read_text().splitlines()[1] == (
        "MENUSELECT_RES=res_curl res_config_curl res_sundial "
    )


def test_the_launcher_of_an_adopted_tree_finds_the_packages_of_the_menu(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = [sys.executable, "-S", "-P", "-c", LAUNCHED, "menuselect/menuselect", "menuselect.makeopts"]
    monkeypatch.setitem(globals(), "MENU", words)
    with opened(tree, "xterm-256color", PYTHONPATH=str(PROJECT)) as child:
        child.expect(" quit")
        child.send("q")
        child.expect("nothing was saved")
        child.expect(pexpect.EOF)
    assert child.exitstatus in (0, 255)


def test_quitting_without_a_change_saves_nothing_and_says_so(tree: Path) -> None:
    with opened(tree, "xterm-256color") as child:
        child.expect(" quit")
        child.send("q")
        child.expect("nothing was saved")
        child.expect(pexpect.EOF)
    assert child.exitstatus == 255
    assert not (tree / "menuselect.makeopts").exists()


def test_ctrl_c_asks_before_changes_are_lost(tree: Path) -> None:
    with opened(tree, "xterm-256color") as child:
        child.expect(" quit")
        child.send("\rn\x03")
        child.expect("ARE YOU SURE")
        child.send("y")
        child.expect("nothing was saved")
        child.expect(pexpect.EOF)
    assert child.exitstatus == 255


KEPT = "MENUSELECT_APPS=app_dial app_mysql "
"""The first line of the choice in which app_dial is off."""


@pytest.mark.parametrize(("term", "typed"), [("xterm-256color", "\rn"), ("dumb", "n app_dial\r")])
def test_a_terminal_that_goes_away_keeps_the_choice_and_does_not_save_it(tree: Path, term: str, typed: str) -> None:
    with opened(tree, term) as child:
        child.expect(" quit|categories> ")
        child.send(typed)
        child.expect(r"app_dial is off\.")
        child.ptyproc.fileobj.close()
        child.closed = child.ptyproc.closed = True
        child.wait()
    assert not (tree / "menuselect.makeopts").exists()
    assert (tree / FILE).read_text().splitlines()[0] == KEPT


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize(("term", "typed"), [("xterm-256color", "\rn"), ("dumb", "n app_dial\r")])
def test_a_signal_to_end_gives_the_terminal_back_and_keeps_the_choice(
    tree: Path, number: signal.Signals, term: str, typed: str
) -> None:
    with opened(tree, term) as child:
        child.expect(" quit|categories> ")
        child.send(typed)
        child.expect(r"app_dial is off\.")
        child.kill(number)
        child.expect("not saved: 1 change is kept in 'menuselect.makeopts.unsaved', and the next menu offers them")
        child.expect(pexpect.EOF)
    assert child.exitstatus == 255
    assert not (tree / "menuselect.makeopts").exists()
    assert (tree / FILE).read_text().splitlines()[0] == KEPT
    text = written(tree)
    assert text.rfind("\x1b[?1049l") >= text.rfind("\x1b[?1049h")


def test_a_signal_to_end_keeps_nothing_where_nothing_was_changed(tree: Path) -> None:
    with opened(tree, "xterm-256color") as child:
        child.expect(" quit")
        child.kill(signal.SIGTERM)
        child.expect("nothing was saved")
        child.expect(pexpect.EOF)
    assert sorted(path.name for path in tree.iterdir()) == ["build_tools", "menuselect-tree", "screen"]


@pytest.mark.parametrize("term", ["xterm-256color", "dumb"])
def test_the_next_menu_takes_what_was_kept_and_saves_it(tree: Path, term: str) -> None:
    (tree / FILE).write_text(KEPT + "\n")
    with opened(tree, term) as child:
        child.expect("(?s)left 1 unsaved change")
        child.send("t" if term != "dumb" else "t\r")
        child.expect(r"The unsaved changes: 1 turned off\.")
        child.send("x" if term != "dumb" else "x\r")
        child.expect("configuration saved")
        child.expect(pexpect.EOF)
    assert (tree / "menuselect.makeopts").read_text().splitlines()[0] == KEPT
    assert not (tree / FILE).exists()


class Job:
    """The menu below make, in an interactive shell that controls jobs."""

    def __init__(self, tree: Path) -> None:
        words = " ".join(map(shlex.quote, MENU))
        (tree / "Makefile").write_text(f"menu:\n\t@if {words}; then echo saved it; else echo left it; fi\n")
        environment = environ("xterm-256color", tree, PS1="READY ", ENV="")
        self.child = pexpect.spawn(
            "/bin/sh", ["-i"], cwd=tree, env=environment, dimensions=(24, 80), timeout=20, encoding="utf-8"
        )
        self.child.expect("READY ")

    def states(self) -> dict[str, str]:
        """The state of each process that the shell has started, by the name of its program."""
        tops, found = {self.child.pid}, {}
        stats = [path.read_text() for path in Path("/proc").glob("[0-9]*/stat")]
        # A child has a larger number than its parent here: they are read in the order in which they were started.
        for text in sorted(stats, key=lambda text: int(text.split()[0])):
            name, fields = text[text.index("(") + 1 : text.rindex(")")], text[text.rindex(")") + 2 :].split()
            if int(fields[1]) in tops:
                tops.add(int(text.split()[0]))
                found[name.partition("3")[0]] = fields[0]
        return found


@pytest.mark.skipif(shutil.which("make") is None, reason="needs make")
def test_ctrl_z_below_make_stops_the_whole_job_and_fg_brings_the_menu_back(tree: Path) -> None:
    job = Job(tree)
    child = job.child
    try:
        child.sendline("make menu")
        child.expect(" quit")
        child.send("\rn")
        child.expect(r"app_dial is off\.")
        for _ in range(2):
            child.send("\x1a")
            child.expect(r"\x1b\[\?1049l")
            child.expect("Stopped")
            child.expect("READY ")
            assert set(job.states().values()) == {"T"}
            child.sendline("echo $((6 * 7))")
            child.expect("42")
            child.sendline("fg")
            for part in (r"\x1b\[\?1049h", "filter: words", "Applications", "app_dial", " quit"):
                child.expect(part)
        child.send("x")
        child.expect("configuration saved")
        child.expect("saved it")
        child.expect("READY ")
    finally:
        child.close(force=True)
    assert (tree / "menuselect.makeopts").read_text().splitlines()[0] == KEPT


def test_back_from_the_shell_the_whole_screen_is_painted_anew(tree: Path) -> None:
    with opened(tree, "xterm-256color") as child:
        child.expect(" quit")
        child.send("\x1a")
        child.expect(r"\x1b\[\?1049l")
        child.kill(signal.SIGCONT)
        for part in (r"\x1b\[\?1049h", "Asterism Module", "filter: words", "Applications", "Support Level", " quit"):
            child.expect(part)


def test_standard_error_may_go_elsewhere(tree: Path) -> None:
    shell = ["-c", 'exec "$@" 2>errors', "sh", *MENU]
    child = pexpect.spawn("/bin/sh", shell, cwd=tree, env=environ("xterm", tree), timeout=20, encoding="utf-8")
    child.expect(" quit")
    child.send("x")
    child.expect("configuration saved")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    assert (tree / "errors").read_text() == ""


def test_what_is_pasted_is_looked_for(tree: Path) -> None:
    with opened(tree, "xterm-256color") as child:
        child.expect(" quit")
        child.send("\x1b[200~res_curl\nxn\x1b[201~")
        child.expect("1 of 11 match")


def test_a_terminal_of_16_colours_gets_no_others(tree: Path) -> None:
    with opened(tree, "linux") as child:
        child.expect(" quit")
        child.send("q")
        child.expect(pexpect.EOF)
    assert not re.findall(r"\x1b\[[\d;]*[34]8;[25];", written(tree))


@pytest.mark.parametrize(("term", "locale"), [("xterm-256color", "C"), ("linux", "C.UTF-8")])
def test_a_terminal_without_unicode_gets_ascii(tree: Path, term: str, locale: str) -> None:
    file = tree / "menuselect-tree"
    file.write_text(file.read_text().replace("Simple Echo", "Gr\u00f6\u00dfe, so long that it is cut at 80 columns"))
    with opened(tree, term, LC_ALL=locale) as child:
        child.expect(" quit")
        child.send("\rnq")
        child.expect("ARE YOU SURE")
        child.send("y")
        child.expect(pexpect.EOF)
    assert written(tree).isascii()


def test_no_color_gets_none_and_the_cursor_is_still_seen(tree: Path) -> None:
    with opened(tree, "xterm-256color", NO_COLOR="1", COLORTERM="truecolor") as child:
        child.expect(" quit")
        child.send("q")
        child.expect(pexpect.EOF)
    text = written(tree)
    codes = {code for found in re.findall(r"\x1b\[([\d;]*)m", text) for code in found.split(";") if code}
    assert not codes & {str(code) for code in (*range(30, 39), *range(40, 49), *range(90, 98), *range(100, 108))}
    assert re.search(r"\x1b\[[\d;]*7[\d;]*m---> Applications", text)


def test_a_dumb_terminal_is_asked_line_by_line(tree: Path) -> None:
    with opened(tree, "dumb") as child:
        child.expect("categories> ")
        child.sendline("n app_echo")
        child.expect(r"app_echo is off\.")
        child.expect("categories> ")
        child.sendline("x")
        child.expect("configuration saved")
        child.expect(pexpect.EOF)
    assert child.exitstatus == 0
    assert "\x1b" not in written(tree)


def test_ctrl_c_at_a_prompt_asks_too(tree: Path) -> None:
    with opened(tree, "dumb") as child:
        child.expect("categories> ")
        child.sendline("n app_echo")
        child.expect("categories> ")
        child.sendintr()
        child.expect("n continues")
        child.sendline("y")
        child.expect("nothing was saved")
        child.expect(pexpect.EOF)
    assert child.exitstatus == 255
    assert not (tree / FILE).exists()


@pytest.mark.parametrize("end", ["\x04", "\x03\x03"])
def test_the_end_of_input_and_impatience_keep_the_choice(tree: Path, end: str) -> None:
    with opened(tree, "dumb") as child:
        child.expect("categories> ")
        child.sendline("n app_dial")
        child.expect("categories> ")
        for key in end:
            child.send(key)
        child.expect("kept in 'menuselect.makeopts.unsaved'")
        child.expect(pexpect.EOF)
    assert child.exitstatus == 255
    assert (tree / FILE).read_text().splitlines()[0] == KEPT


def test_without_a_terminal_the_message_says_what_to_do(tree: Path) -> None:
    done = subprocess.run(MENU, cwd=tree, env=environ("xterm", tree), input=b"", capture_output=True)
    assert (done.returncode, done.stdout, done.stderr.decode()) == (
        255,
        b"",
        "menuselect: the menu needs a terminal: standard input or output is not a terminal\n"
        "    run it in a terminal, or without a menu: menuselect --enable NAME menuselect.makeopts\n",
    )


def test_plain_needs_no_terminal(tree: Path) -> None:
    done = subprocess.run(
        [*MENU, "--plain"], cwd=tree, env=environ("", tree), input=b"n app_echo\nx\n", capture_output=True
    )
    assert done.returncode == 0
    assert done.stdout.decode().splitlines()[-2:] == [
        "app_echo is off.",
        "configuration saved to 'menuselect.makeopts'",
    ]


def test_a_wrong_file_of_preferences_is_told_before_the_screen_opens(tree: Path) -> None:
    (tree / "menu.toml").write_text('[keys]\nsav = "w"\n')
    with opened(tree, "xterm-256color", MENUSELECT_PREFERENCES=str(tree / "menu.toml")) as child:
        child.expect("menu.toml: unknown action 'sav'")
        child.expect("did you mean 'save'")
        child.expect(pexpect.EOF)
    assert child.exitstatus == 255
    assert "\x1b" not in written(tree)


class Window:
    """A terminal's window: what the program writes, drawn; its size can change."""

    def __init__(self, child: pexpect.spawn, width: int, height: int) -> None:
        self._child = child
        self._screen = pyte.Screen(width, height)
        self._stream = pyte.Stream(self._screen)

    def resize(self, width: int, height: int) -> None:
        """Change its size, as a hand on the corner does."""
        self._screen.resize(height, width)
        self._child.setwinsize(height, width)

    def until(self, text: str) -> list[str]:
        """The lines of the window once a text is on it."""
        until = time.monotonic() + 15
        while time.monotonic() < until:
            silent = self._read()
            lines = [line.translate(SCROLLBARS).rstrip() for line in self._screen.display]
            if silent and any(text in line for line in lines):
                return lines
        raise AssertionError("\n".join(lines))

    def _read(self) -> bool:
        """Draw what has been written since; true when that is nothing."""
        try:
            written = self._child.read_nonblocking(100_000, timeout=0.4)
        except pexpect.TIMEOUT:
            return True
        # Queries that pyte does not know are dropped, as a terminal would that does not.
        self._stream.feed(QUERIES.sub("", written))
        return False


QUERIES = re.compile(r"\x1b\[[?>=<][\d;]*(\$p|u)|\x1b\][^\x07]*\x07")
SCROLLBARS = dict.fromkeys(map(ord, "\u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588"), " ")


def test_a_window_made_smaller_and_larger_shows_one_pane_two_and_three(tree: Path) -> None:
    with opened(tree, "xterm-256color", (15, 40)) as child:
        window = Window(child, 40, 15)
        assert window.until("x save")[:4] == [
            " / filter: words, on, off, changed",
            " Categories                        6 on",
            "---> Applications                   2/3",
            "     Resource Modules               4/5",
        ]
        child.send("\rn")
        assert window.until("app_dial is off.")[3] == "- [ ] app_dial      Dialing Application"
        window.resize(190, 20)
        # One line of each pane: the last pane's words come a moment after the others.
        window.until("Explanation")
        window.until("Off (was on)")
        assert [" ".join(line.split()) for line in window.until("Depends on: res_features(M) on")[2:6]] == [
            "Categories 5 on Applications 1 of 3 Explanation",
            "---> Applications 1/3 --- Core --- app_dial Dialing Application",
            "Resource Modules 4/5 - [ ] app_dial Dialing Application Off (was on)",
            "Compiler Flags 0/1 [*] app_echo Simple Echo Application Depends on: res_features(M) on",
        ]
        window.resize(80, 24)
        child.send("/curl")
        assert window.until("2 of 11 match")[1] == " curl"
