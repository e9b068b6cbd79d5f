"""A module that ``asterism new`` writes, in each real Asterisk that ASTERISM_TEST_TARGET names."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from asterism.tree import Kind, Tree
from buildsys.develop import run_target
from buildsys.targets import installed_asterisk, private_instance
from buildsys.targets.installed_asterisk import InstalledAsterisk

Asterism = Callable[..., "subprocess.CompletedProcess[str]"]

TARGETS = [each for each in os.environ.get("ASTERISM_TEST_TARGET", "").split(os.pathsep) if each]


@pytest.fixture(params=TARGETS or [""])
def real(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The directory of a real Asterisk."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    if not request.param:
        pytest.skip("needs a real Asterisk")
    return str(request.param)


@pytest.fixture
def own(tmp_path: Path, asterism: Asterism) -> Path:
    """A directory with a module of each kind, as ``asterism new`` writes them, without transcripts."""
    place = tmp_path / "own"
    place.mkdir()
    for name in ("res_new", "app_new", "func_new"):
        assert asterism(place, "new", name).returncode == 0
        (place / f"{name}.test").unlink()
    return place


def found(real: str, tmp_path: Path) -> InstalledAsterisk:
    return installed_asterisk.the_one(real, tmp_path)


def test_scaffolds_are_built_without_a_warning_and_have_its_sum(real: str, own: Path, asterism: Asterism) -> None:
    done = asterism(own, "build", "--quiet", "--target", real)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    built = own / found(real, own).headers.place / "modules/app_new.so"
    told = json.loads(asterism(own, "modinfo", "--json", "--target", real, str(built)).stdout)
    assert found(real, own).headers.sum in json.dumps(told)


def test_modules_live_in_a_private_instance(real: str, own: Path, asterism: Asterism) -> None:
    done = asterism(own, "test", "--target", real)
    assert [line.split()[:2] for line in done.stdout.splitlines()[:3]] == [
        ["ok", "app_new"],
        ["ok", "func_new"],
        ["ok", "res_new"],
    ], done.stderr


def test_the_console_of_a_private_instance_has_the_modules(real: str, own: Path) -> None:
    (own / "asterism.toml").write_text("")
    tree, asterisk = Tree(own, Kind.MODULES), found(real, own)
    modules = run_target.with_needs(run_target.built(tree, asterisk), asterisk)
    with run_target.instance(tree, asterisk, modules, []) as made, private_instance.running(made):
        assert "app_new.so" in made.ask("module show like app_new").stdout


def test_a_crash_is_named_with_its_line(real: str, own: Path, asterism: Asterism) -> None:
    for name in ("res_new", "app_new"):
        (own / f"{name}.c").unlink()
    source = own / "func_new.c"
    text = source.read_text()
    source.write_text(
        text.replace("static int load_module(void)\n{", "static int load_module(void)\n{\n\t*(volatile int *) 0 = 1;")
    )
    done = asterism(own, "test", "--target", real)
    line = source.read_text().splitlines().index("\t*(volatile int *) 0 = 1;") + 1
    assert (done.returncode, f"func_new.c:{line}" in done.stderr) == (1, True), done.stderr


def test_modules_are_installed_below_a_staging_directory_and_taken_out(
    real: str, own: Path, tmp_path: Path, asterism: Asterism
) -> None:
    if found(real, own).module_directory is None:
        refused = asterism(own, "install", "--target", real)
        assert (refused.returncode, "this Asterisk is not installed" in refused.stderr) == (1, True)
        return
    stage = tmp_path / "stage"
    done = asterism(own, "install", "--target", real, "--destdir", str(stage))
    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(path.name for path in stage.rglob("*.so")) == ["app_new.so", "func_new.so", "res_new.so"]
    assert asterism(own, "uninstall", "--target", real, "--destdir", str(stage)).returncode == 0
    assert list(stage.rglob("*.so")) == []


@pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="needs dpkg-deb")
def test_a_package_depends_on_its_sum(real: str, own: Path, asterism: Asterism) -> None:
    if found(real, own).module_directory is None:
        return
    words = ["package", "--deb", "--target", real, "--maintainer", "A <a@example.org>"]
    done = asterism(own, *words)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (
        0,
        f"it depends on asterisk-abi-{found(real, own).headers.sum}",
    )
