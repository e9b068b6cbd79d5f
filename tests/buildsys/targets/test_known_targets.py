"""Targets that have names."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from asterism.errors import AsterismError
from buildsys.targets import known_targets
from buildsys.targets.known_targets import KnownTarget

Asterism = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(autouse=True)
def no_asterisk_on_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known_targets, "_installed", lambda: None)


def test_a_name_of_the_directory_comes_before_one_of_the_user(mine: Path, tmp_path: Path) -> None:
    (tmp_path / "config/asterism").mkdir(parents=True)
    (tmp_path / "config/asterism/asterism.toml").write_text(
        '[targets.a]\ndirectory = "/of/the/user"\n[targets.b]\ndirectory = "/b"\nprefix = "/opt/b"\n'
    )
    (mine / "asterism.toml").write_text('[targets.a]\ndirectory = "../a"\n')
    assert known_targets.known(mine) == {
        "a": KnownTarget("a", f"{mine}/../a", "", f"{mine}/asterism.toml"),
        "b": KnownTarget("b", "/b", "/opt/b", f"{tmp_path}/config/asterism/asterism.toml"),
    }


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("targets = 1\n", ("'targets' is not a table", "write [targets.NAME] and below it directory")),
        (
            "[targets.a]\nprefix = '/x'\n",
            ("'targets.a' does not name a directory", 'write [targets.a] and below it directory = "/path/of/asterisk"'),
        ),
        ("[targets.a]\ndirectory = '/x'\nprefx = 1\n", ("unknown key 'prefx'", "did you mean 'prefix'?")),
    ],
)
def test_a_table_that_is_wrong_is_reported(mine: Path, text: str, fault: tuple[str, str]) -> None:
    (mine / "asterism.toml").write_text(text)
    with pytest.raises(AsterismError) as raised:
        known_targets.known(mine)
    assert [(each.what, each.cure) for each in raised.value.faults] == [fault]


def test_a_word_is_a_name_a_directory_or_all(mine: Path, tmp_path: Path) -> None:
    (mine / "asterism.toml").write_text('[targets.a]\ndirectory = "/a"\n[targets.b]\ndirectory = "/b"\n')
    meant = {word: [each.directory for each in known_targets.find(word, mine)] for word in ("a", "all", str(tmp_path))}
    assert meant == {"a": ["/a"], "all": ["/a", "/b"], str(tmp_path): [str(tmp_path)]}


def test_an_unknown_name_is_refused_with_the_nearest(mine: Path) -> None:
    (mine / "asterism.toml").write_text('[targets.ast20]\ndirectory = "/a"\n')
    with pytest.raises(AsterismError) as raised:
        known_targets.find("ast21", mine)
    assert [str(each) for each in raised.value.faults] == ["target 'ast21' is not known\n    did you mean 'ast20'?"]


def test_adding_and_removing_leave_the_rest_of_the_file(mine: Path) -> None:
    file = mine / "asterism.toml"
    file.write_text("# mine\ncflags = ['-O1']\n")
    known_targets.add(KnownTarget("one", "/o n/e", "/opt"), file)
    known_targets.add(KnownTarget("v1.2", "/two"), file)
    assert file.read_text() == (
        '# mine\ncflags = [\'-O1\']\n\n[targets.one]\ndirectory = "/o n/e"\nprefix = "/opt"\n\n'
        '[targets."v1.2"]\ndirectory = "/two"\n'
    )
    known_targets.remove("one", [file])
    known_targets.remove("v1.2", [file])
    assert file.read_text() == "# mine\ncflags = ['-O1']\n"


def test_the_verb_names_shows_and_forgets_a_target(mine: Path, stand_in: Path, asterism: Asterism) -> None:
    added = asterism(mine, "target", "add", "small", str(stand_in))
    assert (added.returncode, added.stdout.splitlines()[0], added.stderr) == (0, "target small", "")
    shown = json.loads(asterism(mine, "target", "show", "small", "--json").stdout)[0]
    assert (shown["program"], shown["modules"], shown["sum"]) == (
        f"{stand_in}/sbin/asterisk",
        1,
        "0123456789abcdef0123456789abcdef",
    )
    twice = asterism(mine, "target", "add", "small", str(stand_in))
    assert (twice.returncode, "exists already" in twice.stderr) == (1, True)
    removed = asterism(mine, "target", "remove", "small")
    assert (removed.returncode, asterism(mine, "target", "list", "--json").stdout) == (0, "[]\n")


def test_a_directory_without_headers_gets_no_name(mine: Path, tmp_path: Path, asterism: Asterism) -> None:
    done = asterism(mine, "target", "add", "nothing", str(tmp_path))
    assert (done.returncode, done.stderr) == (
        1,
        f"{tmp_path}: there are no headers of Asterisk here\n    name a configured source tree, or the directory that "
        "holds asterisk.h, such as /usr/include\n",
    )
    assert not (tmp_path / "config").exists()
