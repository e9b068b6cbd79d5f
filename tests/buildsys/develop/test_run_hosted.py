"""asterism run --modules: the place in which the modules of a real Asterisk run."""

from __future__ import annotations

from pathlib import Path

import pytest

from asterism.errors import AsterismError
from buildsys.develop import run_hosted
from buildsys.settled.tree_facts import Facts


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Facts:
    """An installed tree with a program, and a cache of its own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "sbin").mkdir()
    (tmp_path / "sbin/asterism").touch()
    return Facts("1", str(tmp_path), "", {"astsbindir": str(tmp_path / "sbin")}, (), "", ("cc",))


@pytest.fixture
def modules(tmp_path: Path) -> Path:
    """A module directory."""
    directory = tmp_path / "modules"
    directory.mkdir()
    (directory / "app_x.so").touch()
    return directory


def test_the_modules_run_where_they_lie_and_all_else_goes_to_the_cache(base: Facts, modules: Path) -> None:
    conf = run_hosted.prepare(modules, base)
    place = conf.parent
    assert place.parent == modules.parent / "cache/asterism/hosted"
    assert conf.read_text() == (
        f"[directories]\nastmoddir => {modules}\nastetcdir => {place}/etc\nastrundir => {place}/socket\n"
        f"astvarlibdir => {place}/var\nastdbdir => {place}/var\nastkeydir => {place}/var\nastdatadir => {place}/var\n"
        f"astagidir => {place}/var\nastspooldir => {place}/var\nastlogdir => {place}/var\n[options]\nstandins = yes\n"
    )
    assert (place / "etc/modules.conf").read_text() == "[modules]\nautoload = yes\n"
    assert [path.name for path in modules.iterdir()] == ["app_x.so"]


def test_a_configuration_that_is_named_is_used_where_it_lies(base: Facts, modules: Path, tmp_path: Path) -> None:
    (tmp_path / "conf").mkdir()
    conf = run_hosted.prepare(modules, base, tmp_path / "conf")
    assert f"astetcdir => {tmp_path}/conf\n" in conf.read_text()
    assert not (conf.parent / "etc").exists()


def test_each_directory_has_a_place_of_its_own(base: Facts, modules: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "app_x.so").touch()
    assert run_hosted.prepare(modules, base) != run_hosted.prepare(other, base)


@pytest.mark.parametrize(
    ("directory", "config", "told"),
    [
        ("sbin", None, "there are no modules (*.so)"),
        ("nowhere", None, "there are no modules (*.so)"),
        ("modules", "nowhere", "no such directory"),
    ],
)
def test_what_is_not_there_is_named(
    directory: str, config: str | None, told: str, base: Facts, modules: Path, tmp_path: Path
) -> None:
    given = tmp_path / config if config else None
    with pytest.raises(AsterismError) as raised:
        run_hosted.prepare(tmp_path / directory, base, given)
    (fault,) = raised.value.faults
    assert (fault.place and fault.place.file, fault.what) == (str(given or tmp_path / directory), told)
