"""What an installation by pip does in an empty directory, with nothing but the wheel and a C compiler."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from on_demand_support import Installation, make_environment

from asterism import __version__


@pytest.fixture
def hello(pip: Installation) -> Path:
    """A directory with a new module in C."""
    place = pip.home / "hello"
    place.mkdir()
    assert pip.run(place, "new", "res_hello", "--with", "cli,test").returncode == 0
    return place


def test_the_core_is_built_once_and_says_so(filled_cache: Path) -> None:
    said = (filled_cache.parent / "said").read_text()
    assert re.sub(r" with .*;", " with COMPILER;", re.sub(r"\(\d+ s\)", "(N s)", said)).splitlines() == [
        f"asterism: building the core of Asterism {__version__} with COMPILER; this is done once",
        "asterism: the core is built (N s)",
    ]
    assert [path.name.startswith(f"{__version__}-") for path in (filled_cache / "asterism/cores").iterdir()] == [True]


def test_from_new_to_test_to_run(pip: Installation, hello: Path) -> None:
    tested = pip.run(hello, "test")
    assert (tested.returncode, tested.stderr) == (0, "")
    assert tested.stdout.startswith("ok     res_hello  3 tests\n")
    ran = pip.run(hello, "run", text="hello show\nmodule show like res_sample\ncore stop now\n")
    assert ran.returncode == 0
    assert "== res_hello.so => (The module res_hello)" in ran.stdout
    assert "Hello, world." in ran.stdout
    assert "res_sample_module.so" in ran.stdout


def test_an_installed_module_is_loaded_by_the_program_and_uninstalled(pip: Installation, hello: Path) -> None:
    assert pip.run(hello, "build").returncode == 0
    prefix = f"{pip.home}/.local/share/asterism/{__version__}"
    assert pip.run(hello, "install").stdout == (
        f"installed 1 file in {prefix} (1 new or changed)\n"
        "next: 'asterism -rx \"module load res_hello\"' loads it into the running program\n"
    )
    ran = pip.run(pip.home, "-cvvg", text="hello show\ncore stop now\n")
    assert "== res_hello.so => (The module res_hello)" in ran.stdout
    assert "Hello, world." in ran.stdout
    health = pip.run(pip.home, "doctor")
    assert health.stdout == f"{prefix}: Asterism {__version__}, {_counts(health.stdout)}; nothing is wrong\n"
    assert pip.run(hello, "uninstall").stdout == f"removed 1 file from {prefix}\n"


def _counts(said: str) -> str:
    found = re.search(r"\d+ files, \d+ modules", said)
    return found[0] if found else "no counts"


def test_modules_of_the_core_are_known_to_modinfo_and_depmod(pip: Installation) -> None:
    found = json.loads(pip.run(pip.home, "modinfo", "--json", "res_statsd").stdout)
    assert [(each["name"], each["fits"]) for each in found] == [("res_statsd", True)]
    assert pip.run(pip.home, "depmod").returncode == 0


def test_the_running_program_answers_another_one(pip: Installation) -> None:
    said = pip.run(pip.home, "-rx", "core show version")
    assert (said.returncode, said.stdout) == (1, "")
    assert "no asterism of this user has been started or built yet" in said.stderr
    asked = f"!{pip.place}/bin/asterism -rx 'core show version'\ncore stop now\n"
    ran = pip.run(pip.home, "-c", text=asked)
    assert f"Asterism {__version__}" in ran.stdout


def test_a_start_with_all_modules_imports_nothing_heavy_that_it_does_not_use(pip: Installation) -> None:
    assert pip.run(pip.home, "config").returncode == 0  # makes the tree
    command = [pip.python, "-X", "importtime", f"{pip.place}/bin/asterism", "-cn"]
    said = pip.call(pip.home, command, "core stop now\n").stderr
    imported = {line.rpartition("|")[2].strip() for line in said.splitlines()}
    assert "runtime.modules.python_module" in imported
    heavy = {"asyncio", "buildsys.on_demand.user_tree", "dataclasses", "jinja2", "lark", "secrets", "zoneinfo"}
    assert imported & {*heavy, "runtime.cli.test_commands", "runtime.cli.logger_commands"} == set()


def test_the_plugin_of_pytest_starts_the_program(pip: Installation) -> None:
    (pip.home / "test_one.py").write_text(
        "def test_it(runtime):\n"
        "    runtime.load('func_md5')\n"
        "    assert runtime.evaluate('MD5(a)').startswith('0cc1')\n"
    )
    command = [pip.python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
    done = pip.call(pip.home, [*command, "--override-ini", "addopts=", "test_one.py"])
    assert done.returncode == 0, done.stdout


def test_a_second_environment_finds_the_core_when_the_first_is_gone(
    pip: Installation, wheel: Path, tmp_path: Path
) -> None:
    make_environment(tmp_path / "first", wheel)
    first = replace(pip, place=tmp_path / "first")
    assert (first.run(pip.home, "config", "--version").stdout, _cores(pip)) == (f"{__version__}\n", 1)
    (tmp_path / "first").rename(tmp_path / "gone")
    second = pip.run(pip.home, "-c", text="module show like func_md5\ncore stop now\n")
    assert (second.returncode, second.stderr, _cores(pip)) == (0, "", 1)
    assert "1 modules loaded" in second.stdout


def _cores(user: Installation) -> int:
    return len(list((user.cache / "asterism/cores").iterdir()))


def test_without_a_compiler_modules_in_python_work_once_a_core_is_there(pip: Installation, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    for name in ("cp", "env", "sh"):
        (tmp_path / "bin" / name).symlink_to(shutil.which(name) or name)
    bare = replace(pip, path=str(tmp_path / "bin"))
    place = pip.home / "snake"
    place.mkdir()
    assert bare.run(place, "new", "res_snake", "--lang", "py").returncode == 0
    tested = bare.run(place, "test")
    assert (tested.returncode, tested.stderr) == (0, "")
    empty = replace(bare, cache=tmp_path / "empty", home=tmp_path)
    refused = empty.run(place, "test")
    assert refused.returncode == 1
    assert refused.stderr.startswith("asterism: no C compiler is installed: the core of Asterism is compiled once")
    assert "pip install 'asterism[zig]'" in refused.stderr
    assert not (tmp_path / "empty").exists()


def test_a_home_that_cannot_be_written_is_one_message(pip: Installation, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    refused = replace(pip, home=tmp_path / "file").run(tmp_path, "config")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert len([line for line in refused.stderr.splitlines() if not line.startswith("    ")]) == 1
    assert f"{tmp_path}/file/.local" in refused.stderr


def test_an_edited_configuration_stays_when_the_tree_is_made_anew(pip: Installation) -> None:
    assert pip.run(pip.home, "config").returncode == 0
    conf = pip.home / ".config/asterism/logger.conf"
    conf.write_text("; mine\n")
    (pip.home / f".local/share/asterism/{__version__}/lib/asterism/native/libasterism.so").unlink()
    said = pip.run(pip.home, "config")
    assert said.returncode == 0
    assert conf.read_text() == "; mine\n"
    assert (pip.home / f".local/share/asterism/{__version__}/lib/asterism/native/libasterism.so").is_file()


@pytest.mark.parametrize("name", ["native/libasterism.so", "modules/func_md5.so"])
def test_a_file_of_the_users_tree_that_was_cut_is_installed_anew(pip: Installation, name: str) -> None:
    assert pip.run(pip.home, "config").returncode == 0
    path = pip.home / f".local/share/asterism/{__version__}/lib/asterism" / name
    whole = path.read_bytes()
    path.write_bytes(whole[:100])
    assert pip.run(pip.home, "config").returncode == 0
    assert path.read_bytes() == whole


def test_a_file_that_was_changed_is_found_by_the_doctor_with_the_cure(pip: Installation) -> None:
    assert pip.run(pip.home, "config").returncode == 0
    prefix = pip.home / ".local/share/asterism" / __version__
    path = prefix / "lib/asterism/modules/func_md5.so"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    found = pip.run(pip.home, "doctor")
    assert found.returncode == 1
    assert found.stdout.splitlines()[1:] == [
        f"{path}: it is not as it was installed: its contents differ",
        "    remove it, then use 'asterism' again, which installs it anew",
        "1 finding: 1 changed",
    ]
    path.unlink()
    assert pip.run(pip.home, "config").returncode == 0
    assert pip.run(pip.home, "doctor").returncode == 0


def test_where_tells_the_users_tree_and_makes_nothing(pip: Installation) -> None:
    found = json.loads(pip.run(pip.home, "where", "--json").stdout)
    prefix = pip.home / ".local/share/asterism" / __version__
    assert found["uses"] == {
        "place": str(prefix),
        "what": "the user's tree",
        "why": "the program was installed by pip; it is made on first need",
    }
    assert found["program"]["what"] == "installed by pip"
    assert not prefix.exists()


def test_an_installed_tree_that_is_named_is_used(pip: Installation, tree: Path) -> None:
    for named in (tree, tree / "lib/asterism"):
        assert pip.run(pip.home, "--tree", str(named), "config", "--prefix").stdout == f"{tree}\n"
    refused = pip.run(pip.home, "config", ASTERISM_TREE=str(pip.home))
    assert (refused.returncode, refused.stderr) == (
        1,
        f"{pip.home}/lib/asterism/tree.json: this is not an installed tree\n"
        "    ASTERISM_TREE and --tree take a prefix (make install), its lib/asterism, or its tree.json\n",
    )


def test_modules_that_were_installed_for_an_older_version_are_named(pip: Installation) -> None:
    older = pip.home / ".local/share/asterism/0.9.0/lib/asterism/modules.d"
    older.mkdir(parents=True)
    entry = {"path": "lib/asterism/modules/res_old.so", "size": 1, "sha256": "0" * 64}
    text = json.dumps({"version": "0.9.0", "directories": [], "source": "/home/x/old", "files": [entry]})
    (older / "old.json").write_text(text)
    assert pip.run(pip.home, "config", "--version").stderr == (
        f"asterism: 'res_old' was installed for Asterism 0.9.0; 'asterism install' in /home/x/old builds it for "
        f"{__version__}\n"
    )
    assert pip.run(pip.home, "config", "--version").stderr == ""
