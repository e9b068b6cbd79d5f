"""``asterism new``: what it writes builds, loads and passes its own test, whatever it is begun with."""

from __future__ import annotations

import itertools
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from asterism import __version__
from asterism.errors import AsterismError
from buildsys.develop import new, sandbox, transcript, trial_program
from buildsys.settled import tree_facts
from buildsys.verbs import configure
from menuselect.sources import recognition, settings
from runtime.control import remote_client, socket_frames

Outcome = subprocess.CompletedProcess[str]

PARTS = [parts for number in range(1, len(new.PARTS) + 1) for parts in itertools.combinations(new.PARTS, number)]
"""Everything that ``--with`` takes."""


def write_all(top: Path, language: str) -> dict[str, tuple[str, ...]]:
    """A module for each combination; what each has, by its name."""
    made = {f"res_{language}{'_'.join(('', *parts))}": parts for parts in PARTS}
    for name, parts in made.items():
        new.write(top, new.texts(name, language, parts))
    return made


@pytest.mark.parametrize("framework", [True, False], ids=["tests", "no tests"])
def test_every_combination_in_c_compiles_without_a_warning_of_dev_mode(
    tree: Path, tmp_path: Path, framework: bool
) -> None:
    made = write_all(tmp_path, "c")
    sources = [f"{name}.c" for name, parts in made.items() if framework or "test" in parts]
    # Without the header that says which options are on, the test framework is off.
    without = ["-DASTERISM_BUILDOPTS_H", '-DAST_BUILDOPT_SUM=""', '-DAST_BUILDOPTS=""']
    flags = [*configure.WARNINGS, *configure.DEV_WARNINGS, *configure.BASE, *([] if framework else without)]
    own = ['-DAST_MODULE="res_x"', "-DAST_MODULE_SELF_SYM=__internal_res_x_self", f"-I{tree / 'include/asterism'}"]
    command = ["gcc", "-O2", "-fPIC", *flags, *own, "-c", *sources]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def asking(socket: Path) -> Callable[[str], str]:
    """Asks a running program over one connection for each command, without starting another."""

    def ask(line: str) -> str:
        connection, reader, _ = remote_client.connect(str(socket))
        said: list[str] = []
        with connection:
            connection.sendall(socket_frames.pack("run", line))
            remote_client.answer(reader.read, said.append, said.append)
        return "".join(said)

    return ask


@pytest.fixture
def workshop(tree: Path, tmp_path: Path) -> Iterator[Callable[[], tuple[Path, Callable[[str], str]]]]:
    """Builds what is in a directory with the installed program, and starts it; gives the directory and how to ask."""
    if shutil.which("gcc") is None:
        pytest.skip("needs gcc")
    facts = tree_facts.of_tree(tree / "lib/asterism/tree.json")
    with tempfile.TemporaryDirectory(prefix="asterism-") as rundir:
        started: list[object] = []

        def start() -> tuple[Path, Callable[[str], str]]:
            done = subprocess.run([facts.program, "build"], cwd=tmp_path, capture_output=True, text=True, check=False)
            assert (done.returncode, done.stderr) == (0, "")
            conf = sandbox.prepare(recognition.at(tmp_path), facts, Path(rundir))
            running = trial_program.running(facts.program, conf, tmp_path / "log")
            started.append(running)
            running.__enter__()
            return tmp_path, asking(Path(rundir) / "asterisk.ctl")

        yield start
        for running in started:
            running.__exit__(None, None, None)  # type: ignore[attr-defined]


@pytest.mark.parametrize("language", new.LANGUAGES)
def test_every_combination_lives_reloads_and_passes_its_own_tests(
    workshop: Callable[[], tuple[Path, Callable[[str], str]]], tmp_path: Path, language: str
) -> None:
    made = write_all(tmp_path, language)
    _, ask = workshop()
    found = {name: [str(fault) for fault in trial_program.check(name, ask)] for name in made}
    assert found == {name: [] for name in made}
    for name in made:
        script = tmp_path / f"{name}.test"
        assert [str(fault) for fault in transcript.failures(script.read_text(), script.name, ask)] == []
    assert "0 Failed" in ask("test execute all")
    # The project's own tests are installed too; they are in other categories.
    wanted = {f"/{name.replace('_', '/', 1)}/" for name, parts in made.items() if "test" in parts}
    passed = [result["category"] for result in json.loads(ask("test show results passed json"))]
    assert sorted(category for category in passed if not category.startswith("/main/")) == sorted(wanted)


@pytest.mark.parametrize("language", new.LANGUAGES)
def test_a_reload_reads_the_settings_again_and_keeps_the_old_ones_when_the_file_has_faults(
    workshop: Callable[[], tuple[Path, Callable[[str], str]]], tmp_path: Path, language: str
) -> None:
    new.write(tmp_path, new.texts("func_greet", language, ["func", "config"]))
    top, ask = workshop()
    conf = top / "func_greet.conf"
    question = "dialplan eval function GREET(you)"
    assert ask(question).endswith("Result: Hello, you.\n")
    conf.write_text("[general]\ngreeting = Moin\n")
    assert ask("module reload func_greet") == "Module 'func_greet' reloaded successfully.\n"
    assert ask(question).endswith("Result: Moin, you.\n")
    conf.write_text("[general\n")
    assert "func_greet" in ask("module reload func_greet")
    assert ask(question).endswith("Result: Moin, you.\n")
    conf.unlink()
    ask("module reload func_greet")
    assert ask(question).endswith("Result: Hello, you.\n")


@pytest.mark.parametrize(
    ("name", "kind", "note"),
    [
        ("res_x", "res", ""),
        ("app_x", "app", ""),
        ("func_x_y", "func", ""),
        ("hello", "res", "did you mean 'res_hello'?"),
        ("funk_x", "res", "did you mean 'func_x'?"),
        ("apps_x", "res", "did you mean 'app_x'?"),
        ("chan_x", "res", "did you mean 'res_chan_x'?"),
    ],
)
def test_a_name_says_what_a_module_is_for_or_is_asked_about(name: str, kind: str, note: str) -> None:
    found, said = new.kind_of(name)
    assert found == kind
    assert said.rpartition("; ")[2] == note


@pytest.mark.parametrize(
    ("name", "cure"),
    [
        ("res x", "did you mean 'res_x'?"),
        ("res-x", "did you mean 'res_x'?"),
        ("res_x.c", "did you mean 'res_x'?"),
        ("../res_x", "did you mean 'res_x'?"),
        ("1x", "letters, digits and '_', starting with a letter: res_hello"),
        ("", "letters, digits and '_', starting with a letter: res_hello"),
        ("ä", "letters, digits and '_', starting with a letter: res_hello"),
    ],
)
def test_what_cannot_be_a_name_is_refused_with_what_was_meant(name: str, cure: str) -> None:
    with pytest.raises(AsterismError) as refused:
        new.check_name(name)
    assert str(refused.value) == f"'{name}' cannot be a module's name\n    {cure}"
    assert refused.value.status == 2


def test_a_name_that_tells_nothing_is_told_and_begun_all_the_same(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert new.main(["hello.so", "--lang", "py", "--with", "config,test"]) == 0
    said = capfd.readouterr()
    assert said.out == (
        "wrote hello.py, hello.test and hello.conf; next: 'asterism test', 'asterism run', 'asterism install'\n"
    )
    assert said.err == (
        "note: 'hello' begins with none of 'res_', 'app_' or 'func_', so it is begun as a resource; "
        "did you mean 'res_hello'?\n"
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["hello.conf", "hello.py", "hello.test"]
    assert recognition.module_sources(tmp_path) == ["hello.py"]


def test_python_that_is_written_passes_the_linter_of_this_house(tmp_path: Path, project: Path) -> None:
    ruff = Path(sys.executable).with_name("ruff")
    if not ruff.exists():
        pytest.skip("needs ruff")
    write_all(tmp_path, "py")
    rules = ["--config", str(project / "pyproject.toml"), "--ignore", "S101,D"]
    for words in (["check", "--no-cache", *rules], ["format", "--no-cache", "--check", *rules[:2]]):
        done = subprocess.run([ruff, *words, str(tmp_path)], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", ["res", "res_", "app_", "func_"])
def test_the_prefix_alone_is_no_name(name: str) -> None:
    with pytest.raises(AsterismError) as refused:
        new.check_name(name)
    kind = name.rstrip("_")
    assert str(refused.value) == f"'{name}' is the prefix of a name alone\n    write the name behind it: {kind}_hello"


def test_the_name_of_an_installed_module_is_refused(tmp_path: Path) -> None:
    installed = [tmp_path / "res_limit.so", tmp_path / "res_pie.py", tmp_path / "res_doc.md"]
    for name in ("res_limit", "res_pie"):
        with pytest.raises(AsterismError, match=f"a module {name} is installed already: the new one would take its"):
            new.check_free(name, installed)
    new.check_free("res_lim", installed)
    new.check_free("res_doc", installed)


def test_a_repository_is_begun_that_passes_its_own_workflow(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Every file is there, and the steps of the workflow that check and build succeed."""
    monkeypatch.chdir(tmp_path)
    assert new.main(["--repository", "res_hello"]) == 0
    assert capfd.readouterr().out == (
        "wrote .gitignore, README.md, LICENSE, asterism.toml, .github/workflows/modules.yml, res_hello.c and "
        "res_hello.test into res_hello/\nnext: 'cd res_hello', 'git init', 'asterism test'\n"
    )
    top = tmp_path / "res_hello"
    assert sorted(str(path.relative_to(top)) for path in top.rglob("*") if path.is_file()) == [
        ".github/workflows/modules.yml",
        ".gitignore",
        "LICENSE",
        "README.md",
        "asterism.toml",
        "res_hello.c",
        "res_hello.test",
    ]
    project = Path(__file__).resolve().parents[3]
    assert (top / "LICENSE").read_bytes() == (project / "LICENSE").read_bytes()
    steps = [line.strip() for line in (top / ".github/workflows/modules.yml").read_text().splitlines()]
    assert [line for line in steps if line.startswith("- run:")] == [
        f'- run: python -m pip install "asterism>={__version__}"',
        "- run: asterism check --strict --format github",
        "- run: asterism build",
        "- run: asterism test",
    ]
    assert recognition.module_sources(top) == ["res_hello.c"]
    assert list(settings.load(top).modules) == ["res_hello"]
    with pytest.raises(AsterismError, match="the directory exists already"):
        new.main(["--repository", "res_hello"])
