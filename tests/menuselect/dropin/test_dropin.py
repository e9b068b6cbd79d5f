"""The drop-in beyond the recorded runs: strict mode, and malformed input."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable

import pytest
from dropin import ORIGIN, Outcome, Place, run_in

from menuselect.dropin import command

Make = Callable[..., Place]

DOORS = """
<category name="MENUSELECT_DOORS">
  <member name="door"><depend>hinge</depend></member>
  <member name="gate"/>
  <member name="hatch"><conflict>gate</conflict><defaultenabled>no</defaultenabled></member>
</category>
"""
MAKEOPTS = "menuselect.makeopts"


def test_a_request_that_is_not_met_is_told_and_changes_no_status(place: Make) -> None:
    here = place(DOORS, "HINGE=0\n", "MENUSELECT_DOORS=hatch \n")
    assert here.run("--enable", "door", MAKEOPTS) == Outcome(
        0, "", "menuselect: warning: 'door' stays off: it needs hinge, which was not found\n"
    )
    assert here.makeopts.startswith("MENUSELECT_DOORS=door hatch \n")


def test_strict_refuses_and_saves_nothing(place: Make) -> None:
    here = place(DOORS, "HINGE=0\n", "MENUSELECT_DOORS=hatch \n")
    outcome = here.run("--strict", "--enable", "door", "--disable", "gate", MAKEOPTS)
    assert outcome == Outcome(
        1,
        "",
        "menuselect: 'door' stays off: it needs hinge, which was not found\n"
        "    see 'asterism why door'\n"
        "menuselect: nothing was saved\n",
    )
    assert here.makeopts == "MENUSELECT_DOORS=hatch \n"


def test_the_environment_can_be_strict_too(place: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MENUSELECT_STRICT", "1")
    assert place(DOORS, "HINGE=0\n").run("--enable", "door").status == 1


def test_strict_suggests_a_name(place: Make) -> None:
    outcome = place(DOORS, "HINGE=1\n").run("--strict", "--enable", "dor")
    assert outcome.stderr == (
        "'dor' not found\nmenuselect: unknown name 'dor'\n    did you mean 'door'?\nmenuselect: nothing was saved\n"
    )


def test_strict_warns_of_a_configuration_that_was_not_named(place: Make) -> None:
    here = place(DOORS, "HINGE=1\n", "MENUSELECT_DOORS=door \n")
    outcome = here.run("--strict", "--disable", "gate")
    assert outcome == Outcome(
        0,
        "",
        "menuselect: warning: 'menuselect.makeopts' was not read, and is replaced by the defaults with these changes\n"
        "    name it after the options: menuselect ... menuselect.makeopts\n",
    )


def test_strict_wants_named_files_to_be_there(place: Make) -> None:
    here = place(DOORS, "HINGE=1\n")
    assert here.run("--strict", "--disable", "gate", "make").status == 255
    assert not (here.path / MAKEOPTS).exists()


def test_a_later_option_can_overrule_and_is_told(place: Make) -> None:
    here = place(DOORS, "HINGE=1\n", "MENUSELECT_DOORS=hatch \n")
    outcome = here.run("--enable", "hatch", "--enable", "gate", MAKEOPTS)
    # hatch came on beside gate, in conflict with it: it stays on in name only.
    assert outcome.stderr == "menuselect: warning: 'hatch' stays off: it conflicts with gate, which is on\n"


def test_a_category_that_cannot_be_had_whole_is_told_in_one_line(place: Make) -> None:
    outcome = place(DOORS, "HINGE=0\n").run("--enable-category", "MENUSELECT_DOORS")
    assert outcome.stderr == ("menuselect: warning: 2 members of MENUSELECT_DOORS cannot be built: door, hatch\n")


def test_a_long_line_is_told_and_strict_reads_it(place: Make) -> None:
    members = "".join(f'<member name="module_with_a_long_name_{number:04}"/>' for number in range(400))
    names = [f"module_with_a_long_name_{number:04}" for number in range(400)]
    text = f"MENUSELECT_MANY={' '.join(names)} \nMENUSELECT_BUILD_DEPS=\n"
    here = place(f'<category name="MENUSELECT_MANY">{members}</category>', "", text)
    assert here.run("--strict", "--check-deps", MAKEOPTS) == Outcome(0, "", "")
    assert here.makeopts == text
    assert "1: the line is longer than 8191 bytes" in here.run("--check-deps", MAKEOPTS).stderr


def test_without_a_terminal_the_menu_says_what_to_do(place: Make) -> None:
    here = place(DOORS, "HINGE=1\n")
    assert here.run(MAKEOPTS) == Outcome(
        255,
        "",
        "menuselect: the menu needs a terminal: standard input or output is not a terminal\n"
        "    run it in a terminal, or without a menu: menuselect --enable NAME menuselect.makeopts\n",
    )
    assert sorted(os.listdir(here.path)) == ["build_tools", "menuselect-tree"]


def test_a_malformed_tree_is_shown_with_its_place(place: Make) -> None:
    here = place(DOORS)
    here.put("menuselect-tree", "<menu>\n<category name='A'>\n</menu>\n")
    assert here.run("--help") == Outcome(
        255,
        "",
        "Error parsing 'menuselect-tree'!\n"
        "menuselect-tree:3:3: this is not well-formed XML: mismatched tag\n"
        "    </menu>\n"
        "      ^\n"
        "    write it again: 'make menuselect-tree', or 'asterism tree'\n",
    )


def test_entities_that_grow_without_end_are_refused(place: Make) -> None:
    here = place(DOORS)
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    doctype = f'<!DOCTYPE menu [<!ENTITY e0 "{"x" * 100}">{entities}]>'
    here.put("menuselect-tree", f'{doctype}<menu><category name="A"><member name="&e11;"/></category></menu>')
    assert here.run("--list-options").status == 255


def test_a_tree_without_configure_is_refused_in_known_words(place: Make) -> None:
    here = place(DOORS)
    (here.path / "build_tools/menuselect-deps").unlink()
    outcome = here.run("--check-deps", MAKEOPTS)
    assert outcome.status == 255
    first = "Unable to open 'build_tools/menuselect-deps' for reading!  Did you run ./configure ?"
    assert outcome.stderr.splitlines()[0] == first


def test_two_words_of_a_list_are_two_files_and_no_command(place: Make) -> None:
    words = "x.o $(touch${IFS}bad) ;touch bad2"
    menu = f'<category name="MENUSELECT_A"><member name="a" remove_on_change="{words}"/></category>'
    here = place(menu, "", "MENUSELECT_A=\n", **{"x.o": "", ";touch": "", "bad2": ""})
    assert here.run("--disable", "a", MAKEOPTS) == Outcome(0, "", "")
    assert sorted(os.listdir(here.path)) == ["build_tools", "menuselect-tree", "menuselect.makedeps", MAKEOPTS]


@pytest.mark.parametrize("word", ["../outside", "/etc/hostname", "link/inside", "..", ".", "build_tools/.."])
def test_nothing_outside_the_tree_is_removed(place: Make, tmp_path_factory: pytest.TempPathFactory, word: str) -> None:
    menu = f'<category name="MENUSELECT_A"><member name="a" remove_on_change="{word}"/></category>'
    here = place(menu, "", "MENUSELECT_A=\n")
    outside = tmp_path_factory.mktemp("elsewhere")
    (outside / "inside").write_text("precious")
    (here.path / "link").symlink_to(outside)
    outcome = here.run("--disable", "a", MAKEOPTS)
    assert outcome.status == 0
    assert f"cannot remove '{word}'" in outcome.stderr
    assert (outside / "inside").read_text() == "precious"
    assert (here.path / "menuselect-tree").exists()


def test_a_link_is_removed_and_what_it_leads_to_is_not(place: Make, tmp_path_factory: pytest.TempPathFactory) -> None:
    menu = '<category name="MENUSELECT_A"><member name="a" remove_on_change="link"/></category>'
    here = place(menu, "", "MENUSELECT_A=\n")
    outside = tmp_path_factory.mktemp("elsewhere")
    (outside / "inside").write_text("precious")
    (here.path / "link").symlink_to(outside)
    assert here.run("--disable", "a", MAKEOPTS) == Outcome(0, "", "")
    assert (os.path.lexists(here.path / "link"), (outside / "inside").exists()) == (False, True)


def test_an_unchanged_choice_leaves_the_file_alone(place: Make) -> None:
    here = place(DOORS, "HINGE=1\n", "MENUSELECT_DOORS=hatch \nMENUSELECT_BUILD_DEPS=\n")
    here.run("--disable", "hatch", MAKEOPTS)
    assert int((here.path / MAKEOPTS).stat().st_mtime) == ORIGIN


def test_a_file_that_cannot_be_written_is_told_and_the_old_one_is_whole(
    place: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = place(DOORS, "HINGE=1\n", "MENUSELECT_DOORS=hatch \n")

    def full(_source: object, _target: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    outcome = here.run("--disable", "gate", MAKEOPTS)
    assert outcome.status == 255
    assert "menuselect.makeopts: cannot write the file: no space left on device" in outcome.stderr
    assert here.makeopts == "MENUSELECT_DOORS=hatch \n"
    assert sorted(os.listdir(here.path)) == ["build_tools", "menuselect-tree", MAKEOPTS]


def test_two_at_once_both_have_their_way(place: Make) -> None:
    members = "".join(f'<member name="m{number}"/>' for number in range(8))
    here = place(f'<category name="MENUSELECT_M">{members}</category>', "", "MENUSELECT_M=\n")
    words = [sys.executable, "-m", "menuselect.dropin.command", "--disable"]
    running = [subprocess.Popen([*words, f"m{number}", MAKEOPTS], cwd=here.path) for number in range(8)]
    assert [process.wait() for process in running] == [0] * 8
    assert here.makeopts.splitlines()[0] == "MENUSELECT_M=m0 m1 m2 m3 m4 m5 m6 m7 "


def test_every_name_of_the_program_is_the_program(place: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    here = place(DOORS, "HINGE=1\n")
    for name in ("menuselect", "cmenuselect", "nmenuselect", "gmenuselect"):
        how, left = command.manner(["--help"], {}, name)
        assert (how.program, left) == (name, ["--help"])
    assert here.run("--help").stderr.startswith("Usage: menuselect [--enable <option>]")


def test_posixly_correct_ends_options_at_the_first_file(place: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSIXLY_CORRECT", "1")
    here = place(DOORS, "HINGE=1\n", "MENUSELECT_DOORS=hatch \n")
    assert here.run(MAKEOPTS, "--disable", "gate").status == 255
    assert here.makeopts == "MENUSELECT_DOORS=hatch \n"


def test_no_heavy_library_is_loaded_for_one_change(place: Make) -> None:
    here = place(DOORS, "HINGE=1\n")
    program = (
        "import sys; from menuselect.dropin import command; command.main(['--disable', 'gate', 'menuselect.makeopts']);"
        "print(sorted({'textual', 'lark', 'jinja2', 'cffi', 'argparse', 'xml.etree'} & set(sys.modules)))"
    )
    result = subprocess.run([sys.executable, "-c", program], cwd=here.path, capture_output=True, text=True, check=True)
    assert result.stdout == "[]\n"


def test_a_reader_that_goes_away_is_no_traceback(place: Make) -> None:
    here = place(DOORS, "HINGE=1\n")
    read, write = os.pipe()
    os.close(read)
    process = subprocess.run(
        [sys.executable, "-m", "menuselect.dropin.command", "--list-options"],
        cwd=here.path,
        stdout=write,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(write)
    assert (process.returncode, process.stderr) == (141, "")


def test_runs_in_threads_of_one_process_do_not_wait_for_each_other(place: Make) -> None:
    here = place(DOORS, "HINGE=1\n", "MENUSELECT_DOORS=\n")
    session = __import__("menuselect.session.session", fromlist=["Session"]).Session.open(here.path)
    done = threading.Event()
    with session.locked():
        worker = threading.Thread(target=lambda: (session.save(), done.set()))
        worker.start()
        worker.join(5)
    assert done.is_set()


def test_run_in_restores_the_streams(place: Make) -> None:
    streams = sys.stdin, sys.stdout, sys.stderr
    run_in(place(DOORS).path, "--help")
    assert (sys.stdin, sys.stdout, sys.stderr) == streams
