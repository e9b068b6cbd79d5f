"""asterism.toml: what it says, and what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from asterism.errors import AsterismError, Place
from menuselect.model import tree_file
from menuselect.reasons import block_check
from menuselect.sources import module_directories, scan, settings
from menuselect.sources.settings import Extras, Settings

SOURCE = "/*** MODULEINFO\n\t<support_level>extended</support_level>\n***/\n"


@pytest.fixture
def top(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for path in ("tree/local/a.c", "tree/local/b.c", "other/c.c"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("")
    return tmp_path / "tree"


def test_everything_that_can_be_said_is_taken_over(top: Path) -> None:
    text = """
directories = ["local", "../other", "./local"]
cflags = "-DA='b c' -O1"
libs = ["-lm"]
launcher = "ccache"

[modules.res_x]
sources = ["local/a.c"]
cflags = ["-DX"]
libs = "-lx -ly"
"""
    found = settings.read(text, "asterism.toml", top)
    place = Place("asterism.toml", 7, 2, "[modules.res_x]")
    own = Extras(("local/a.c",), ("-DX",), ("-lx", "-ly"), place)
    assert found == Settings(("local", "../other"), ("-DA=b c", "-O1"), ("-lm",), "ccache", {"res_x": own})
    assert found.extras("res_x") == Extras(("local/a.c",), ("-DA=b c", "-O1", "-DX"), ("-lm", "-lx", "-ly"), place)
    assert found.extras("res_y") == Extras((), ("-DA=b c", "-O1"), ("-lm",))
    assert found.categories == {"LOCAL_LOCAL": "local", "LOCAL_OTHER": "../other"}


def test_all_that_is_wrong_is_told_at_once_with_its_lines(top: Path) -> None:
    text = """\
directorys = ["local"]
directories = ["local", "nowhere"]
cflags = 'a"'
launcher = 1

[modules.res_x]
source = ["local/a.c"]
sources = ["local/z.c"]
libs = 3

[modules]
res_y = 1
"""
    with pytest.raises(AsterismError) as refused:
        settings.read(text, "t", top)
    assert (
        str(refused.value)
        == f"""\
t:1:1: unknown key 'directorys'
    directorys = ["local"]
    ^
    did you mean 'directories'?
t:2:26: directory 'nowhere' does not exist
    directories = ["local", "nowhere"]
                             ^
    paths are relative to {top}
t:3:1: 'cflags' cannot be split into words: no closing quotation
    cflags = 'a"'
    ^
    close the quote
t:4:1: 'launcher' is not a string
    launcher = 1
    ^
    write launcher = "ccache"
t:7:1: unknown key 'source'
    source = ["local/a.c"]
    ^
    did you mean 'sources'?
t:8:13: file 'local/z.c' does not exist
    sources = ["local/z.c"]
                ^
    paths are relative to {top}
t:9:1: 'libs' is not a string or a list of strings
    libs = 3
    ^
    write libs = ["...", ...]
t: 'modules.res_y' is not a table
    write [modules.res_y] and below it sources, cflags, libs or packages"""
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a = \n", "t:1:5: this is not valid TOML: invalid value\n    a = \n        ^"),
        ("modules = 1\n", "t:1:1: 'modules' is not a table\n    modules = 1\n    ^\n    write [modules.NAME] "),
        ("cflags = ['']\n", "t:1:1: 'cflags' is not a string or a list of strings\n"),
    ],
)
def test_a_file_that_means_nothing_is_told(top: Path, text: str, expected: str) -> None:
    with pytest.raises(AsterismError) as refused:
        settings.read(text, "t", top)
    assert str(refused.value).startswith(expected)


def test_what_a_user_wants_everywhere_comes_first_and_a_tree_wins(top: Path) -> None:
    settings.shared_file().parent.mkdir(parents=True)
    settings.shared_file().write_text('cflags = "-O1"\nlauncher = "ccache"\n')
    assert settings.load(top) == Settings((), ("-O1",), (), "ccache")
    (top / "asterism.toml").write_text('cflags = "-O0"\nlauncher = ""\ndirectories = ["local"]\n')
    assert settings.load(top) == Settings(("local",), ("-O1", "-O0"), (), "")
    settings.shared_file().write_text('directories = ["/"]\n')
    with pytest.raises(AsterismError, match="unknown key 'directories'"):
        settings.load(top)


def test_a_table_of_a_module_that_is_not_there_is_told_with_what_was_meant(top: Path) -> None:
    found = settings.read("[modules.res_exampel]\n", "t", top)
    assert [str(fault) for fault in settings.check_modules(found, ["res_example"])] == [
        "t:1:2: module 'res_exampel' does not exist\n    [modules.res_exampel]\n     ^\n    did you mean 'res_example'?"
    ]


def test_modules_of_further_directories_are_members_whatever_their_names(top: Path) -> None:
    for path, text in (("res/res_a.c", SOURCE), ("local/odd.c", SOURCE), ("../other/res_c.py", f'"""\n{SOURCE}"""\n')):
        (top / path).parent.mkdir(exist_ok=True)
        (top / path).write_text(text)
    (top / "asterism.toml").write_text('directories = ["local", "../other"]\n')
    menu = tree_file.loads(scan.tree_bytes(top)).menu
    assert [
        (category.name, category.title, [member.name for member in category.members]) for category in menu.categories
    ] == [
        ("MENUSELECT_RES", "Resource Modules", ["res_a"]),
        ("MENUSELECT_LOCAL_LOCAL", "Modules in local", ["odd"]),
        ("MENUSELECT_LOCAL_OTHER", "Modules in ../other", ["res_c"]),
    ]
    assert [source.path for source in module_directories.sources(top)] == [
        "res/res_a.c",
        "local/odd.c",
        "../other/res_c.py",
    ]


def test_a_check_reads_the_modules_of_further_directories_and_nothing_else_there(top: Path) -> None:
    elsewhere = (top / "../other").resolve()
    bad = "/*** MODULEINFO\n\t<depnd>x</depnd>\n***/\n"
    for path, text in (("res/res_a.c", SOURCE), (f"{elsewhere}/res_c.c", bad), (f"{elsewhere}/deep/more.c", bad)):
        (top / path).parent.mkdir(parents=True, exist_ok=True)
        (top / path).write_text(text)
    (top / "asterism.toml").write_text(f'directories = ["{elsewhere}"]\n')
    found = block_check.check(top)
    assert [(fault.place.file, fault.what) for fault in found.faults if fault.place] == [
        (f"{elsewhere}/res_c.c", "unknown tag <depnd>"),
        (f"{elsewhere}/res_c.c", "<support_level> is missing"),
    ]


def test_two_modules_of_one_name_are_told_with_both_places(top: Path) -> None:
    for path in ("res/res_a.c", "local/res_a.c"):
        (top / path).parent.mkdir(exist_ok=True)
        (top / path).write_text(SOURCE)
    (top / "asterism.toml").write_text('directories = ["local"]\n')
    with pytest.raises(AsterismError) as refused:
        scan.tree_bytes(top)
    assert str(refused.value) == (
        "local/res_a.c: two modules are named res_a: res/res_a.c has the same name\n"
        "    rename one of them, or remove local from asterism.toml"
    )
