"""The Makefile and the setup of the virtual environment, as a user meets them."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from waiting import HANG, until

PROJECT = Path(__file__).resolve().parents[3]
pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="needs make")

CLEAN = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "CC")}
"""The environment of a user's own terminal; pytest may have been started by make."""


def script(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def run(directory: Path, *command: str, text: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=directory,
        env=CLEAN | environment,
        input=text,
        capture_output=True,
        text=True,
        timeout=HANG,
        check=False,
    )


def test_every_target_a_user_calls_has_its_line_of_help() -> None:
    text = (PROJECT / "Makefile").read_text()
    phony = re.search(r"^\.PHONY:((?:.*\\\n)*.*)$", text, re.MULTILINE)
    assert phony is not None
    targets = set(phony[1].replace("\\\n", " ").split())
    done = run(PROJECT, "make", "help")
    assert (done.returncode, done.stderr) == (0, "")
    assert {line.split()[0] for line in done.stdout.splitlines()} == targets
    assert all(len(line.split(maxsplit=1)) == 2 for line in done.stdout.splitlines())


@pytest.mark.parametrize("said", ["prefix=/nowhere", "PREFIX=/nowhere"])
def test_a_prefix_that_comes_too_late_is_refused(said: str) -> None:
    done = run(PROJECT, "make", "-n", "install", said)
    assert (done.returncode, done.stdout) == (2, "")
    assert re.sub(r"^Makefile:\d+: ", "", done.stderr) == (
        "*** the prefix is settled by ./configure --prefix=DIR; "
        "'make install DESTDIR=DIR' stages below another directory.  Stop.\n"
    )


def copy(source: Path, top: Path, *made: str) -> Path:
    """A tree whose virtual environment is set up already: a stand-in that leads to the one the tests run in."""
    shutil.copytree(source, top, ignore=shutil.ignore_patterns("__pycache__", *made))
    for name in ("python", "ninja"):
        # It must never install into the environment that the tests run in.
        guard = 'case "$*" in *pip*) echo "no setup was expected" >&2; exit 1;; esac'
        script(top / ".venv/bin" / name, f'{guard}\nexec "{Path(sys.executable).with_name(name)}" "$@"')
    wanted = f"{top}\n" + (top / "pyproject.toml").read_text().partition("[tool.")[0]
    for extra in ("", "-dev"):
        lock = (top / f"build_tools/requirements{extra}.txt").read_text()
        (top / f".venv/asterism-setup{extra}").write_text(wanted + lock)
    return top


@pytest.fixture
def clone(built_sources: Path, tmp_path: Path) -> Path:
    """A fresh clone."""
    made = ("build", "makeopts", "config.log", "menuselect-tree", "menuselect.make*", "menuselect-deps", "autoconfig.h")
    return copy(built_sources, tmp_path / "clone", *made)


@pytest.fixture
def built_clone(built_sources: Path, tmp_path: Path) -> Path:
    """A clone in which make has run."""
    return copy(built_sources, tmp_path / "clone")


def test_from_a_fresh_clone_to_the_prompt_and_back(clone: Path, tmp_path: Path) -> None:
    """The whole thread: configure, build, nothing to do, install, uninstall, run."""
    first = run(clone, "make", CFLAGS="-O0")  # which takes half the time
    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout.startswith("this tree is not configured yet: running ./configure\n\n⁂ Asterism ")
    assert re.search(r"\nbuilt the core library and (\d+) of \1 modules in [\d.]+ s\n$", first.stdout)

    again = run(clone, "make")
    assert (again.returncode, again.stdout) == (0, "nothing to do: every chosen module is built\n")
    assert run(clone, "make", "-s").stdout == ""

    stage = tmp_path / "it's a stage"
    installed = run(clone, "make", "-s", "install", f"DESTDIR={stage}")
    assert (installed.returncode, installed.stdout, installed.stderr) == (0, "", "")
    assert run(clone, str(stage / "usr/local/sbin/asterism"), "-V").stdout.startswith("Asterism 1.")
    removed = run(clone, "make", "-s", "uninstall", f"DESTDIR={stage}")
    assert (removed.returncode, removed.stdout, removed.stderr) == (0, "", "")
    assert not (stage / "usr/local").exists()

    ran = run(clone, "make", "-s", "run", text="module show like sample\n")
    assert ran.returncode == 0, ran.stderr
    assert re.search(r"^res_sample_module.so +Sample module +0 +Running +core *$", ran.stdout, re.MULTILINE)


def test_a_broken_module_fails_make_with_one_summary(built_clone: Path) -> None:
    (built_clone / "res/res_broken.c").write_text(
        "/*** MODULEINFO\n\t<support_level>core</support_level>\n***/\nint x = y;\n"
    )
    done = run(built_clone, "make", "-s")
    assert done.returncode == 2
    assert "res/res_broken.c:4:9: module res_broken does not compile: 'y' undeclared here" in done.stderr
    assert (built_clone / "build/modules/res_sample_module.so").exists()


def test_the_interpreter_that_the_environment_names_reaches_the_setup(bare: Path) -> None:
    shutil.copy(PROJECT / "Makefile", bare)
    for given in ({"PYTHON": fake_python(bare)}, {}):
        words = [] if given else [f"PYTHON={fake_python(bare)}"]
        done = run(bare, "make", "setup", *words, **given)
        assert (done.returncode, done.stderr.splitlines()[-1]) == (0, "setup: done")
        shutil.rmtree(bare / ".venv")


def test_an_interrupted_setup_says_one_line(bare: Path) -> None:
    python = fake_python(bare)
    slow = Path(python).read_text().replace("mkdir -p", "echo Traceback >&2; touch started; sleep 20; mkdir -p")
    script(Path(python), slow)
    command = ["build_tools/bootstrap"]
    with subprocess.Popen(
        command, cwd=bare, env=CLEAN | {"PYTHON": python}, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        try:
            until(lambda: (bare / "started").exists() or process.poll() is not None)
            os.killpg(process.pid, signal.SIGINT)
            _, complaint = process.communicate(timeout=HANG)
        finally:
            process.kill()
    assert process.returncode == 130
    assert complaint.splitlines()[1:] == ["setup: interrupted; run it again when you like"]


def test_a_menu_without_a_terminal_fails_make(built_clone: Path) -> None:
    done = run(built_clone, "make", "-s", "menuselect")
    assert (done.returncode, done.stdout) == (2, "menuselect changes NOT saved!\n")
    assert "the menu needs a terminal" in done.stderr


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """What the setup needs, and a python that a test makes up."""
    (tmp_path / "build_tools").mkdir()
    shutil.copy(PROJECT / "build_tools/bootstrap", tmp_path / "build_tools")
    shutil.copy(PROJECT / "configure", tmp_path)
    for extra in ("", "-dev"):
        (tmp_path / f"build_tools/requirements{extra}.txt").write_text("lark==1.3.1 --hash=sha256:00\n")
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "asterism"\n[tool.ruff]\nline-length = 120\n')
    return tmp_path


FAKE_PYTHON = """\
case "$*" in
*"version_info"*) exit {old} ;;
*"import venv"*) exit {no_venv} ;;
--version) echo "Python {version}" ;;
"-m venv"*) mkdir -p .venv/bin; cp "$0" .venv/bin/python ;;
*"import pip"*) test -e .venv/bin/python ;;
*"pip install"*) echo "Collecting lark>=1.3"; echo "ERROR: No matching distribution" >&2; exit {pip} ;;
esac"""


def fake_python(directory: Path, *, version: str = "3.11.2", old: int = 0, no_venv: int = 0, pip: int = 0) -> str:
    path = directory / "bin/fakepython"
    script(path, FAKE_PYTHON.format(version=version, old=old, no_venv=no_venv, pip=pip))
    return str(path)


def test_a_python_that_is_too_old_is_told_with_its_version(bare: Path) -> None:
    done = run(bare, "./configure", PYTHON=fake_python(bare, version="3.9.2", old=1))
    assert done.returncode == 1
    assert done.stderr.startswith("setup: Python 3.11 or later is needed, and there is Python 3.9.2\n    install it")
    assert not (bare / ".venv").exists()


def test_a_python_without_venv_names_the_package_that_has_it(bare: Path) -> None:
    done = run(bare, "build_tools/bootstrap", PYTHON=fake_python(bare, no_venv=1))
    assert done.returncode == 1
    assert "cannot make virtual environments\n    install that part of it: 'apt install python3-venv'" in done.stderr


def test_without_a_network_the_way_around_is_shown_and_the_next_run_tries_again(bare: Path) -> None:
    done = run(bare, "build_tools/bootstrap", PYTHON=fake_python(bare, pip=1))
    assert done.returncode == 1
    lines = done.stderr.splitlines()
    assert lines[2:5] == [
        "    lark",
        "ERROR: No matching distribution",
        "setup: pip could not install them; everything it said is in .venv/setup.log",
    ]
    assert "PIP_NO_INDEX=1 PIP_FIND_LINKS=$PWD/wheels ./configure" in lines[-1]
    assert not (bare / ".venv/asterism-setup").exists()
    shutil.copy(fake_python(bare), bare / ".venv/bin/python")
    assert run(bare, "build_tools/bootstrap", PYTHON=fake_python(bare)).returncode == 0
    assert (bare / ".venv/asterism-setup").exists()


def test_a_failure_that_is_not_the_networks_is_shown_with_its_cause(bare: Path) -> None:
    python = fake_python(bare, pip=1)
    text = (
        Path(python)
        .read_text()
        .replace("ERROR: No matching distribution", "      ValueError: bad value\nERROR: Failed")
    )
    script(Path(python), text)
    lines = run(bare, "build_tools/bootstrap", PYTHON=python).stderr.splitlines()
    assert lines[2:] == [
        "    lark",
        "    ValueError: bad value",
        "ERROR: Failed",
        "setup: pip could not install them; everything it said is in .venv/setup.log",
    ]


@pytest.mark.parametrize("name", ["a$x", "a:b"])
def test_a_path_that_cannot_work_is_refused_before_anything_is_made(bare: Path, name: str) -> None:
    place = bare / name
    shutil.copytree(bare / "build_tools", place / "build_tools")
    shutil.copy(bare / "pyproject.toml", place)
    done = run(place, "build_tools/bootstrap", PYTHON=fake_python(bare))
    assert done.returncode == 1
    what = f"setup: {place}: the path of this tree has a '$' or ':' in it, with which a virtual environment cannot work"
    assert done.stderr == f"{what}\n    move the tree to another directory\n"
    assert not (place / ".venv").exists()


def test_a_second_setup_does_nothing_until_what_is_needed_changes(bare: Path) -> None:
    python = fake_python(bare)
    assert "setup: done" in run(bare, "build_tools/bootstrap", "dev", PYTHON=python).stderr
    for extra in ((), ("dev",)):
        assert run(bare, "build_tools/bootstrap", *extra, PYTHON=python).stderr == ""
    project = bare / "pyproject.toml"
    project.write_text(project.read_text().replace("120", "100"))
    assert run(bare, "build_tools/bootstrap", PYTHON=python).stderr == ""
    project.write_text(project.read_text().replace('"asterism"', '"asterism"\ndependencies = ["new"]'))
    assert "setup: done" in run(bare, "build_tools/bootstrap", PYTHON=python).stderr
    (bare / "build_tools/requirements.txt").write_text("lark==1.3.2 --hash=sha256:01\n")
    assert "setup: done" in run(bare, "build_tools/bootstrap", PYTHON=python).stderr


def test_the_setup_takes_the_locked_releases_and_then_this_tree_alone(bare: Path) -> None:
    python = fake_python(bare)
    script(Path(python), 'echo "$@" >>said\n' + Path(python).read_text())
    assert run(bare, "build_tools/bootstrap", "dev", PYTHON=python).returncode == 0
    quietly = "-m pip install --disable-pip-version-check --no-input --progress-bar off"
    assert [line for line in (bare / "said").read_text().splitlines() if "pip install" in line] == [
        f"{quietly} --require-hashes -r build_tools/requirements-dev.txt",
        f"{quietly} --no-deps --no-build-isolation -e .",
    ]


def test_a_package_that_is_not_the_locked_one_is_told(bare: Path) -> None:
    python = fake_python(bare, pip=1)
    said = "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE."
    script(Path(python), Path(python).read_text().replace("ERROR: No matching distribution", said))
    assert run(bare, "build_tools/bootstrap", PYTHON=python).stderr.splitlines()[3:] == [
        said,
        "setup: pip could not install them; everything it said is in .venv/setup.log",
        "    what was fetched is not what build_tools/requirements.txt names: a damaged download, "
        "or a package that was made elsewhere",
        "    PIP_NO_CACHE_DIR=1 fetches it again; 'make lock' writes the file anew",
    ]


def test_a_missing_lock_file_is_told(bare: Path) -> None:
    (bare / "build_tools/requirements.txt").unlink()
    done = run(bare, "build_tools/bootstrap", PYTHON=fake_python(bare))
    assert (done.returncode, done.stderr) == (
        1,
        f"setup: {bare}/build_tools/requirements.txt is missing\n"
        "    'git checkout build_tools/requirements.txt' brings it back\n",
    )


PINNED = re.compile(r"([a-z0-9.-]+)==([\w.]+)(?: ; [^\\]+)? \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)")


@pytest.mark.parametrize(("name", "extras"), [("requirements.txt", ()), ("requirements-dev.txt", ("dev",))])
def test_the_lock_file_has_all_that_the_project_names_in_its_ranges(name: str, extras: tuple[str, ...]) -> None:
    """Exact releases with hashes, and nothing else: no address of a registry, no option."""
    text = (PROJECT / "build_tools" / name).read_text()
    entries = text[text.index("\n", text.index("make lock")) + 1 :]
    assert PINNED.sub("", entries) == ""
    locked = {name: version for name, version, _ in PINNED.findall(entries)}
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    wanted = [*project["build-system"]["requires"], *project["project"]["dependencies"]]
    wanted += [each for extra in extras for each in project["project"]["optional-dependencies"][extra]]
    for requirement in map(Requirement, wanted):
        assert locked[canonicalize_name(requirement.name)] in requirement.specifier, str(requirement)


def test_both_lock_files_have_the_same_release_of_what_both_have() -> None:
    small, large = (
        {name: version for name, version, _ in PINNED.findall((PROJECT / f"build_tools/{name}").read_text())}
        for name in ("requirements.txt", "requirements-dev.txt")
    )
    assert small.items() <= large.items()


def test_every_range_of_the_project_has_an_upper_bound() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    ranges = [*project["build-system"]["requires"], *project["project"]["dependencies"]]
    ranges += [each for extra in project["project"]["optional-dependencies"].values() for each in extra]
    assert [each for each in ranges if ",<" not in each] == []


@pytest.mark.parametrize("path", ["configure", "build_tools/bootstrap", "build_tools/lock", ".ci/run"])
def test_shell_scripts_are_plain_posix(path: str) -> None:
    shell = shutil.which("dash") or shutil.which("sh")
    assert shell is not None
    assert run(PROJECT, shell, "-n", path).returncode == 0
    assert (PROJECT / path).read_text().startswith("#!/bin/sh\n")
    assert os.access(PROJECT / path, os.X_OK)
