"""asterisk.conf and tree.json: directories and options."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from asterism.errors import AsterismError
from runtime.conf import asterisk_conf, install_tree

TREE = install_tree.parse(
    {
        "version": "1.2",
        "prefix": "../..",
        "directories": {"astmoddir": "lib/asterism/modules", "astlogdir": "/var/log/x"},
        "native": "native",
        "buildopts": {"sum": "abc", "options": ["A", "B"]},
    },
    "/opt/a/lib/asterism/tree.json",
)


def test_paths_of_the_tree_begin_at_its_prefix_wherever_that_is() -> None:
    assert (TREE.prefix, TREE.native, TREE.buildopt_sum, TREE.buildopts) == (
        "/opt/a",
        "/opt/a/lib/asterism/native",
        "abc",
        ("A", "B"),
    )
    assert TREE.directories["astmoddir"] == "/opt/a/lib/asterism/modules"
    assert TREE.directories["astlogdir"] == "/var/log/x"
    assert TREE.directories["astetcdir"] == "/opt/a/etc/asterism"


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"version": "1", "directories": 3}', "{"])
def test_a_damaged_description_of_the_tree_is_a_fault(tmp_path: Path, text: str) -> None:
    (tmp_path / "tree.json").write_text(text)
    with pytest.raises(AsterismError) as caught:
        install_tree.load(str(tmp_path / "tree.json"))
    assert caught.value.faults[0].code == "bad-tree"


def test_a_missing_tree_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASTERISM_TREE", str(tmp_path))
    with pytest.raises(AsterismError) as caught:
        install_tree.load()
    assert str(caught.value) == (
        f"{tmp_path}/lib/asterism/tree.json: this is not an installed tree: no such file or directory\n"
        "    ASTERISM_TREE and --tree take a prefix (make install), its lib/asterism, or its tree.json"
    )


def test_an_environment_variable_names_the_tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tree.json").write_text(json.dumps({"version": "9"}))
    monkeypatch.setenv("ASTERISM_TREE", str(tmp_path / "tree.json"))
    assert install_tree.load().version == "9"


def test_directories_of_the_file_count_before_the_tree() -> None:
    read = asterisk_conf.loads("[directories]\nastmoddir => /m\nastlogdir = logs\n", TREE, "/etc/a/asterisk.conf")
    assert (read.directories.astmoddir, read.directories.astlogdir) == ("/m", "/etc/a/logs")
    assert read.directories.astetcdir == "/opt/a/etc/asterism"
    assert read.socket == "/opt/a/var/run/asterism/asterisk.ctl"


def test_a_section_marked_as_template_says_nothing() -> None:
    read = asterisk_conf.loads("[directories](!)\nastmoddir => /m\n", TREE)
    assert read.directories.astmoddir == "/opt/a/lib/asterism/modules"


def test_the_database_goes_with_the_library_and_keys_with_the_data() -> None:
    read = asterisk_conf.loads("[directories]\nastvarlibdir => /v\nastdatadir => /d\n", TREE)
    assert (read.directories.astdbdir, read.directories.astkeydir) == ("/v", "/d")


def test_options_are_numbers_yeses_and_names() -> None:
    read = asterisk_conf.loads(
        "[options]\nverbose = 3\ndebug = yes\nnofork = no\nconsole = on\nrunuser = me\n[files]\nastctl = c\n", TREE
    )
    assert read.options == asterisk_conf.Options(verbose=3, debug=1, console=True, runuser="me", astctl="c")
    assert asterisk_conf.with_flags(read, verbose=5).options.verbose == 5


def test_unknown_names_are_warned_of_and_those_about_calls_are_not() -> None:
    read = asterisk_conf.loads("[directories]\nastmodir => /m\n[options]\nmaxcalls = 3\nverbos = 1\n", TREE, "a.conf")
    assert [str(fault).split("\n")[0] for fault in read.warnings] == [
        "a.conf:2:1: warning: unknown directory 'astmodir'",
        "a.conf:5:1: warning: unknown option 'verbos'",
    ]


@pytest.mark.parametrize("name", ["/tmp/x", ""])
def test_a_socket_that_is_a_path_is_warned_of_and_has_its_usual_name(name: str) -> None:
    read = asterisk_conf.loads(f"[files]\nastctl = {name}\n", TREE, "a.conf")
    assert read.options.astctl == "asterisk.ctl"
    assert [str(fault).split("\n")[0].partition("warning: ")[2] for fault in read.warnings] == [
        f"'{name}' cannot be the name of the control socket; it is 'asterisk.ctl'"
    ]


def test_a_file_that_was_named_must_be_there_the_usual_one_need_not(tmp_path: Path) -> None:
    with pytest.raises(AsterismError):
        asterisk_conf.load(lambda: TREE, str(tmp_path / "none.conf"))
    assert asterisk_conf.load(lambda: TREE).file == "/opt/a/etc/asterism/asterisk.conf"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("verbose = abc", "'abc' is not a number; verbose is off"),
        ("verbose = 3", None),
        ("verbose = yes", None),
        ("quiet = perhaps", "'perhaps' is not yes or no; quiet is off"),
        ("quiet = off", None),
        ("systemname = anything", None),
        ("[files]\nastctlgroup = ops\nastctlowner = bob\nastctlpermissions = 0660", None),
        ("[files]\nastctlpermissions = rw", "'rw' is not a mode of a file; the control socket is its owner's alone"),
        (
            "[files]\nastctlpermissions = 1777",
            "'1777' is not a mode of a file; the control socket is its owner's alone",
        ),
        ("[files]\nastclt = x", "unknown setting of [files] 'astclt'"),
    ],
)
def test_a_value_that_says_nothing_is_warned_of(line: str, told: str | None) -> None:
    read = asterisk_conf.loads(f"[options]\n{line}\n", TREE)
    assert [fault.what for fault in read.warnings] == [told] * (told is not None)
