"""Which installed tree a program uses: of a name, of the tree it is part of, of the user, of nobody."""

from __future__ import annotations

from pathlib import Path

import pytest

from asterism import __version__
from asterism.errors import AsterismError
from asterism.home import loading, provided, user_directories, where


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A user with an empty home, who has named nothing."""
    for name in ("ASTERISM_TREE", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))


@pytest.mark.parametrize("named", ["", "lib/asterism", "lib/asterism/tree.json"])
def test_a_prefix_its_library_and_its_file_name_the_same_tree(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    tree = tmp_path / "lib/asterism/tree.json"
    tree.parent.mkdir(parents=True)
    tree.write_text("{}")
    monkeypatch.setenv("ASTERISM_TREE", str(tmp_path / named))
    assert where.tree_file() == str(tree)


def test_a_program_of_an_installed_tree_uses_that_tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "lib/asterism/python/asterism/sources").mkdir(parents=True)
    (tmp_path / "lib/asterism/tree.json").write_text("{}")
    monkeypatch.setattr(where, "PACKAGE", str(tmp_path / "lib/asterism/python/asterism"))
    assert where.tree_file() == where.own_tree() == str(tmp_path / "lib/asterism/tree.json")


def test_an_installation_by_pip_uses_the_tree_of_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "site-packages/asterism/sources").mkdir(parents=True)
    monkeypatch.setattr(where, "PACKAGE", str(tmp_path / "site-packages/asterism"))
    assert where.tree_file() == f"{tmp_path}/home/.local/share/asterism/{__version__}/lib/asterism/tree.json"
    assert str(provided.no_tree(where.tree_file())) == (
        f"{where.tree_file()}: no asterism of this user has been started or built yet\n"
        "    'asterism -c' starts one; 'asterism where' shows which directories belong to it"
    )


def test_the_program_of_a_source_tree_is_part_of_no_installed_tree(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert where.is_of_sources()
    monkeypatch.setenv("ASTERISM_TREE", str(tmp_path))
    assert not where.is_of_sources()


def test_a_relative_path_in_a_variable_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", "relative")
    monkeypatch.setenv("XDG_STATE_HOME", "/var/tmp/state/")
    assert user_directories.base("XDG_CONFIG_HOME") == f"{tmp_path}/home/.config"
    assert user_directories.directory("XDG_STATE_HOME") == "/var/tmp/state/asterism"


def test_a_package_of_somebody_else_with_our_name_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "foreign_runtime").mkdir()
    (tmp_path / "foreign_runtime/__init__.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(AsterismError) as caught:
        loading.by_name("foreign_runtime.program.flags:main")
    assert str(caught.value) == (
        f"{tmp_path}/foreign_runtime/__init__.py: another package is named 'foreign_runtime', and Python finds it "
        f"before Asterism's: Asterism's is in {Path(where.PACKAGE).parent}\n"
        "    install Asterism into an environment of its own: pipx install asterism"
    )
