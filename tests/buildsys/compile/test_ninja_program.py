"""Which ninja runs a build: Asterism's own before any other, and none that is too old."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from asterism.errors import AsterismError
from buildsys.settled import ninja_program
from buildsys.settled.ninja_program import Answer
from buildsys.settled.toolchain import NOT_FOUND, Ran, run

OLD = "#!/bin/sh\necho 1.11.1\n"


def program(path: Path, text: str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return str(path)


def machine(versions: Mapping[str, str]) -> ninja_program.Run:
    """Programs that answer with a version."""

    def answer(argv: Sequence[str], _text: str) -> Ran:
        version = versions.get(argv[0])
        return Ran(tuple(argv), NOT_FOUND if version is None else 0, version or "", f"{argv[0]}: Exec format error\n")

    return answer


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """Three files in the place of a ninja."""
    return [program(tmp_path / name / "ninja", "") for name in ("own", "neighbour", "path")]


def test_the_first_that_is_new_enough_is_taken(files: list[str]) -> None:
    versions = dict(zip(files, ("1.13.0.git.kitware.jobserver-pipe-1", "1.14", "1.15"), strict=True))
    assert ninja_program.choose(files, machine(versions)) == files[0]
    assert ninja_program.choose(files, machine(versions | {files[0]: "1.12.1"})) == files[1]
    assert ninja_program.choose(files, machine({files[2]: "2.0"})) == files[2]


def test_none_that_serves_is_told_with_each_that_was_looked_at(files: list[str]) -> None:
    tried = ["/nowhere/ninja", *files]
    with pytest.raises(AsterismError) as caught:
        ninja_program.choose(tried, machine({files[0]: "1.11.1", files[2]: "Usage: make me a tea"}))
    assert str(caught.value) == (
        "ninja 1.13 or later is needed: /nowhere/ninja is missing; "
        f"{files[0]} is version 1.11.1; "
        f"{files[1]} cannot be run: exec format error; "
        f"{files[2]} cannot be run: exec format error\n"
        "    run build_tools/bootstrap, which brings Asterism's own ninja; "
        "or put one on PATH: pip install 'ninja>=1.13'"
    )


def test_no_ninja_at_all_is_told() -> None:
    with pytest.raises(AsterismError) as caught:
        ninja_program.choose([], machine({}))
    assert str(caught.value).startswith("ninja 1.13 or later is needed: there is none on PATH\n    run build_tools/")


def test_a_program_that_says_no_version_is_not_taken(tmp_path: Path) -> None:
    path = program(tmp_path / "ninja", "#!/bin/sh\necho no display >&2\nexit 3\n")
    assert ninja_program.ask(path, run) == Answer(path, trouble="cannot be run: no display")


def test_the_ninja_of_this_environment_serves() -> None:
    assert ninja_program.find() == str(Path(sys.executable).with_name("ninja"))


def ask_beside(python: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Which ninja a Python takes, with the packages of this project, and of the environment of the tests."""
    packages = [str(Path(__file__).parents[3]), *(path for path in sys.path if path.endswith("site-packages"))]
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONHOME"}
    return subprocess.run(
        [python, "-Sc", "from buildsys.settled import ninja_program; print(ninja_program.find())"],
        env=clean | {"PYTHONPATH": os.pathsep.join(packages)} | environment,
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_old_one_beside_the_python_is_passed_over(tmp_path: Path) -> None:
    """As in an environment that pip has put the package into elsewhere."""
    venv.create(tmp_path / "venv", symlinks=True)
    program(tmp_path / "venv/bin/ninja", OLD)
    done = ask_beside(tmp_path / "venv/bin/python")
    assert (done.stdout, done.stderr) == (f"{Path(sys.executable).with_name('ninja')}\n", "")


def test_the_installed_program_takes_its_own_before_an_old_one_of_the_system(tree: Path, tmp_path: Path) -> None:
    """The system's Python has the system's ninja for a neighbour, and on PATH; an installed program wants neither."""
    system = tmp_path / "system/bin"
    system.mkdir(parents=True)
    venv.create(tmp_path / "system", symlinks=True)
    program(system / "ninja", OLD)
    prefix = tmp_path / "prefix"
    shutil.copytree(tree, prefix, symlinks=True)
    packages = prefix / "lib/asterism/python"
    command = [system / "python", "-Sc", "from buildsys.settled import ninja_program; print(ninja_program.find())"]
    environment = os.environ | {"PYTHONPATH": str(packages), "PATH": f"{system}:/nowhere"}

    def ask() -> tuple[str, str]:
        done = subprocess.run(command, env=environment, cwd="/", capture_output=True, text=True, check=False)
        return done.stdout, done.stderr.strip().rpartition("asterism.errors.AsterismError: ")[2]

    assert ask() == (f"{prefix}/lib/asterism/bin/ninja\n", "")
    (prefix / "lib/asterism/bin/ninja").unlink()
    assert ask() == (
        "",
        f"ninja 1.13 or later is needed: {prefix}/lib/asterism/bin/ninja is missing; {system}/ninja is version 1.11.1\n"
        "    run 'make install' again in the source tree, which brings Asterism's own ninja; "
        "or put one on PATH: pip install 'ninja>=1.13'",
    )


def test_doctor_tells_a_ninja_of_the_tree_that_does_not_serve(tree: Path, tmp_path: Path) -> None:
    prefix = tmp_path / "prefix"
    shutil.copytree(tree, prefix, symlinks=True)
    program(prefix / "lib/asterism/bin/ninja", OLD)
    command = [sys.executable, "-m", "asterism", "doctor", "--root", str(prefix)]
    done = subprocess.run(command, cwd=Path(__file__).parents[3], capture_output=True, text=True, check=False)
    assert (
        f"{prefix}/lib/asterism/bin/ninja: no module can be built with this ninja: it is version 1.11.1: "
        "1.13 or later is needed\n    run 'make install' again in the source tree\n"
    ) in done.stdout
