"""``asterism doctor`` on real trees."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pexpect
import pytest
from processes import holding, killed
from source_tree import SourceTree, write_sources
from waiting import HANG

from buildsys.installing import bundled_packages
from buildsys.installing.installer import Destination, install
from buildsys.installing.staging import Stage
from buildsys.settled.tree_places import TreeLayout
from buildsys.verbs import doctor

Outcome = subprocess.CompletedProcess[str]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory, project: Path, asterism: Callable[..., Outcome]) -> Destination:
    """A small installed tree without the Python libraries; changed by nobody."""
    room = tmp_path_factory.mktemp("installed")
    small = write_sources(room, project, asterism)
    small.write({"menuselect.makeopts": "MENUSELECT_RES=res_one res_two res_three\n"})
    assert small.build("--quiet").returncode == 0
    made = Destination(str(room / "prefix"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bundled_packages, "distributions", dict)
        patch.setattr(bundled_packages, "own_files", lambda top: iter(()))
        install(small.tree, made)
    return made


@pytest.fixture
def target(installed: Destination, tmp_path: Path) -> Destination:
    """A copy of the small installed tree."""
    made = Destination(str(tmp_path / "prefix"))
    shutil.copytree(installed.root, made.root, symlinks=True)
    return made


def ask(target: Destination, *words: str, text: str = "") -> Outcome:
    return subprocess.run(
        [sys.executable, "-m", "asterism", "doctor", "--root", str(target.root), *words],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])},
        cwd="/",
        input=text,
        capture_output=True,
        text=True,
        check=False,
    )


def codes(target: Destination) -> list[str]:
    return [each["code"] for each in json.loads(ask(target, "--json").stdout)[0]["findings"]]


def test_a_tree_as_it_was_installed_is_well(target: Destination) -> None:
    done = ask(target)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{target.root}: Asterism {doctor_version()}, 9 files, 0 modules; nothing is wrong\n"


def doctor_version() -> str:
    from asterism import __version__

    return __version__


def test_the_installed_program_looks_at_its_own_tree(tree: Path) -> None:
    done = subprocess.run([tree / "sbin/asterism", "doctor"], cwd="/", capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"{tree}: Asterism ")
    assert done.stdout.endswith("; nothing is wrong\n")


def test_a_tree_that_was_moved_is_well_and_runs(tree: Path, tmp_path: Path) -> None:
    moved = tmp_path / "elsewhere"
    shutil.copytree(tree, moved, symlinks=True)
    program = moved / "sbin/asterism"
    done = subprocess.run([program, "doctor"], cwd="/", capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.partition(":")[0]) == (0, str(moved))
    said = subprocess.run([program, "config", "--prefix"], cwd="/", capture_output=True, text=True, check=False)
    assert said.stdout == f"{moved}\n"


def test_prune_removes_what_is_foreign_and_stale_after_saying_what_and_nothing_else(target: Destination) -> None:
    target.place("lib/asterism/odd/er").mkdir(parents=True)
    target.place("lib/asterism/odd/er/file").write_text("")
    target.place("etc/asterism/mine.conf").write_text("mine")
    run = target.place("var/run/asterism")
    (run / "asterisk.pid").write_text("1\n")
    outside = target.root.parent / "outside"
    outside.mkdir()
    (outside / "file").write_text("")
    target.place("lib/asterism/link").symlink_to(outside)
    assert codes(target) == ["foreign", "foreign", "stale"]

    asked = ask(target, "--prune")
    assert asked.returncode == 1
    assert asked.stderr == (
        f"remove {target.root}/lib/asterism/link\n"
        f"remove {target.root}/lib/asterism/odd/er/file\n"
        f"remove {target.root}/lib/asterism/odd/er\n"
        f"remove {target.root}/lib/asterism/odd\n"
        f"remove {run}/asterisk.pid\n"
        "asterism: cannot ask whether to remove files: there is no terminal\n"
        "    add --yes to remove them, or --dry-run to see what would be removed\n"
    )
    assert ask(target, "--prune", "--dry-run").stderr.endswith("nothing was removed\n")
    assert codes(target) == ["foreign", "foreign", "stale"]

    done = ask(target, "--prune", "--yes")
    assert (done.returncode, done.stderr.splitlines()[-1]) == (
        0,
        f"{target.root}: removed 5 files and directories",
    )
    assert codes(target) == []
    assert target.place("etc/asterism/mine.conf").read_text() == "mine"
    assert (outside / "file").exists()
    assert ask(target, "--prune").stderr == f"{target.root}: there is nothing to remove\n"


@pytest.mark.parametrize(("answer", "is_gone"), [("y", True), ("n", False), ("", False)])
def test_prune_asks_on_a_terminal(target: Destination, answer: str, is_gone: bool) -> None:
    foreign = target.place("lib/asterism/foreign")
    foreign.write_text("")
    asked = pexpect.spawn(
        sys.executable,
        ["-m", "asterism", "doctor", "--root", str(target.root), "--prune"],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])},
        encoding="utf-8",
        timeout=HANG,
    )
    asked.expect_exact(f"Do this in {target.root}? [y/N] ")
    assert asked.before.endswith(f"remove {foreign}\r\n")
    asked.sendline(answer)
    asked.expect(pexpect.EOF)
    asked.close()
    assert (foreign.exists(), asked.exitstatus) == (not is_gone, 0 if is_gone else 1)


def test_prune_does_not_follow_a_directory_that_leads_out_of_the_tree(target: Destination) -> None:
    outside = target.root.parent / "outside"
    shutil.move(target.place("lib/asterism"), outside)
    target.place("lib/asterism").symlink_to(outside)
    (outside / "foreign").write_text("")
    done = ask(target, "--prune", "--yes")
    assert done.returncode == 1
    assert "'lib/asterism' leads out of its directory" in done.stderr
    assert (outside / "foreign").exists()


def test_prune_brings_a_stopped_install_to_its_end(target: Destination) -> None:
    def install_half() -> None:
        stage = Stage(target.place(TreeLayout().journal)).__enter__()
        stage.write(target.place("lib/asterism/modules/res_x.so"), b"half")

    killed(install_half)
    assert codes(target) == ["interrupted"]
    assert ask(target, "--prune", "--yes").returncode == 0
    assert codes(target) == []
    assert list(target.place("lib/asterism/modules").iterdir()) == []


def test_a_first_install_that_was_stopped_is_found_and_taken_away(tmp_path: Path) -> None:
    target = Destination(str(tmp_path / "prefix"))

    def install_half() -> None:
        stage = Stage(target.place(TreeLayout().journal)).__enter__()
        stage.write(target.place("lib/asterism/modules/res_x.so"), b"half")

    killed(install_half)
    assert codes(target) == ["interrupted"]
    assert ask(target, "--prune", "--yes").returncode == 1  # there is nothing to look at any more
    assert not target.root.exists()


def test_an_install_under_way_is_told(target: Destination) -> None:
    with holding(lambda: Stage(target.place(TreeLayout().journal))):
        assert codes(target) == ["busy"]
    assert codes(target) == []


def test_a_socket_that_nobody_serves_is_stale(target: Destination, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(target.place("var/run/asterism"))
    with socket.socket(socket.AF_UNIX) as left:
        left.bind("asterisk.ctl")
    assert codes(target) == ["stale"]


def test_a_module_whose_library_has_gone_is_found(
    target: Destination, tmp_path: Path, asterism: Callable[..., Outcome]
) -> None:
    (tmp_path / "g.c").write_text("int gone(void); int gone(void) { return 1; }\n")
    (tmp_path / "m.c").write_text("int gone(void); int use(void); int use(void) { return gone(); }\n")
    flags = ["-shared", "-fPIC"]
    native = target.place("lib/asterism/native")
    native.mkdir(exist_ok=True)
    for command in (
        ["gcc", *flags, "g.c", "-o", "libgone.so"],
        ["gcc", *flags, "m.c", "-o", str(native / "odd.so"), "-L.", "-lgone", "-Wl,-rpath,$ORIGIN/up"],
    ):
        subprocess.run(command, cwd=tmp_path, check=True)
    found = [each for each in json.loads(ask(target, "--json").stdout)[0]["findings"] if each["code"] == "no-library"]
    assert [each["what"] for each in found] == ["it needs 'libgone.so', which cannot be found"]
    (native / "up").mkdir()
    shutil.move(tmp_path / "libgone.so", native / "up")
    assert "no-library" not in codes(target)


def test_a_python_that_is_gone_is_found_from_the_source_tree(target: Destination) -> None:
    launcher = target.place("sbin/asterism")
    text = launcher.read_text()
    launcher.write_text(text.replace(text.splitlines()[0], "#!/nowhere/python3 -IS"))
    assert codes(target) == ["no-python", "changed"]


def test_a_place_where_nothing_is_installed_is_told(tmp_path: Path) -> None:
    done = ask(Destination(str(tmp_path / "none")))
    assert (done.returncode, done.stderr) == (
        1,
        f"{tmp_path}/none: nothing is installed here\n"
        "    name the place it was installed to: --root DIR or --destdir DIR\n",
    )


def test_damaged_manifests_and_descriptions_are_findings_not_ends(target: Destination) -> None:
    target.place("lib/asterism/tree.json").write_text("{")
    target.place("lib/asterism/modules.d").mkdir()
    target.place("lib/asterism/modules.d/mine.json").write_text("[")
    assert codes(target) == ["bad-manifest", "bad-tree", "changed"]


def test_nothing_is_foreign_where_a_manifest_cannot_be_read(target: Destination) -> None:
    target.place("lib/asterism/foreign").write_text("")
    assert codes(target) == ["foreign"]
    target.place("lib/asterism/manifest.json").unlink()
    assert codes(target) == ["bad-manifest"]


def test_a_source_tree_says_what_keeps_it_from_being_built(
    sources: SourceTree, asterism: Callable[..., Outcome]
) -> None:
    done = asterism(sources.top, "doctor")
    top = sources.top
    assert (done.returncode, done.stdout) == (
        0,
        f"{top}: source tree\n{top}: warning: nothing is built here yet\n    run make\n1 finding: 1 not-built\n",
    )
    (top / "makeopts").write_text((top / "makeopts").read_text().replace("gcc", "gcc-none"))
    done = asterism(top, "doctor", "--json")
    assert done.returncode == 1
    found = json.loads(done.stdout)[0]["findings"]
    assert [each["code"] for each in found] == ["no-compiler", "not-built"]
    (top / "makeopts").write_text("CC=\n")
    assert asterism(top, "doctor").returncode == 1


def test_a_directory_that_is_no_tree_is_told(tmp_path: Path, asterism: Callable[..., Outcome]) -> None:
    done = asterism(tmp_path, "doctor")
    assert (done.returncode, done.stderr) == (
        1,
        f"{tmp_path}: there is no tree here\n    run this in a source tree, or name an installed one: --root DIR\n",
    )


def test_many_findings_of_a_kind_are_told_as_a_number() -> None:
    from asterism.errors import Fault
    from buildsys.installing.tree_findings import Diagnosis

    found = tuple(Diagnosis(Fault(f"{number}", code="missing")) for number in range(doctor.MOST + 2))
    said = list(doctor.lines(doctor.Visit("/p", found)))
    assert said[-2:] == ["and 2 more of the kind 'missing'", f"{doctor.MOST + 2} findings: {doctor.MOST + 2} missing"]
