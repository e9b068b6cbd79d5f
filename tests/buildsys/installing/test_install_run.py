"""install and uninstall of small trees."""

from __future__ import annotations

import json
import marshal
import os
import py_compile
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from processes import as_nobody, killed
from source_tree import GOOD_C, SAMPLE, SourceTree

from asterism.errors import AsterismError
from asterism.tree import Kind, Tree
from buildsys.installing import bundled_packages, manifest, tree_contents
from buildsys.installing.installer import Destination, install, target_of
from buildsys.installing.remover import uninstall
from buildsys.installing.staging import PREFIX, Stage
from buildsys.settled import system_libraries, tree_facts
from buildsys.settled.configuration import Configuration, Directories
from buildsys.settled.system_libraries import SystemPython
from buildsys.settled.tree_places import TreeLayout, layout_of, way

LAYOUT = TreeLayout()


@pytest.fixture
def small(sources: SourceTree, monkeypatch: pytest.MonkeyPatch) -> SourceTree:
    """The source tree, built; its install leaves the Python libraries out, which take two seconds."""
    monkeypatch.setattr(bundled_packages, "distributions", dict)
    monkeypatch.setattr(bundled_packages, "own_files", lambda top: iter(()))
    assert sources.build("--quiet").returncode == 0
    return sources


@pytest.fixture
def target(tmp_path: Path) -> Destination:
    return Destination(str(tmp_path / "prefix"))


def placed(target: Destination) -> dict[str, bytes]:
    root = target.root
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


INSTALLED = {
    "bin/menuselect",
    "lib/systemd/system/asterism.service",
    "etc/asterism/sample.conf",
    "include/asterism/asterisk/buildopts.h",
    "include/asterism/part.h",
    "lib/asterism/bin/ninja",
    "lib/asterism/manifest.json",
    "lib/asterism/modules/res_one.so",
    "lib/asterism/modules/res_three.py",
    "lib/asterism/modules/res_two.so",
    "lib/asterism/tree.json",
    "lib/pkgconfig/asterism.pc",
    "sbin/asterism",
}


def test_an_install_is_what_was_built_and_its_manifest(small: SourceTree, target: Destination) -> None:
    sentence, notes = install(small.tree, target)
    assert (sentence, notes) == (f"installed 12 files in {target.root} (12 new or changed)", [])
    assert set(placed(target)) == INSTALLED
    listed = manifest.load_file(target.place(LAYOUT.manifest))
    assert listed is not None
    assert set(listed.entries) == INSTALLED - {LAYOUT.manifest}
    assert all(entry.describes(placed(target)[path]) for path, entry in listed.entries.items())


def test_a_second_install_touches_nothing(small: SourceTree, target: Destination) -> None:
    install(small.tree, target)
    before = {path: path.stat().st_ino for path in target.root.rglob("*")}
    assert install(small.tree, target)[0] == f"{target.root} is up to date (12 files)"
    assert {path: path.stat().st_ino for path in target.root.rglob("*")} == before


def test_no_installed_file_is_newer_than_source_date_epoch(
    small: SourceTree, target: Destination, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.utime(small.top / "include/part.h", (1_000_000_000, 1_000_000_000))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1500000000")
    install(small.tree, target)
    times = {str(path.relative_to(target.root)): path.stat().st_mtime for path in target.root.rglob("*")}
    assert times.pop("include/asterism/part.h") == 1_000_000_000
    assert set(times.values()) == {1_500_000_000}
    assert install(small.tree, target)[0] == f"{target.root} is up to date (12 files)"


def test_a_source_date_epoch_that_is_no_number_is_refused(
    small: SourceTree, target: Destination, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    with pytest.raises(AsterismError) as caught:
        install(small.tree, target)
    assert str(caught.value) == (
        "SOURCE_DATE_EPOCH=yesterday is not a number\n    write seconds since 1970, or unset it"
    )
    assert not target.root.exists()


def test_destdir_stages_and_leaves_no_trace_of_itself(small: SourceTree, tmp_path: Path) -> None:
    staged = Destination("/opt/asterism", str(tmp_path / "stage"))
    install(small.tree, staged)
    assert set(placed(staged)) == INSTALLED
    assert not [path for path, data in placed(staged).items() if str(tmp_path / "stage").encode() in data]
    listed = manifest.load_file(staged.place(LAYOUT.manifest))
    assert listed is not None
    assert [path for path in listed.directories if not path.startswith(("/", "."))][:3] == [
        "bin",
        "etc",
        "etc/asterism",
    ]


def test_an_upgrade_removes_what_the_new_one_lacks(small: SourceTree, target: Destination) -> None:
    install(small.tree, target)
    small.write({"menuselect.makeopts": "MENUSELECT_CFLAGS=OPTIONAL_API \nMENUSELECT_RES=res_two \n"})
    small.build("--quiet")
    sentence = install(small.tree, target)[0]
    assert set(placed(target)) == INSTALLED - {"lib/asterism/modules/res_two.so"}
    assert sentence == f"installed 11 files in {target.root} (1 removed)"


def test_an_install_that_was_killed_is_tidied_up_by_uninstall(small: SourceTree, target: Destination) -> None:
    def install_half() -> None:
        stage = Stage(target.place(LAYOUT.journal)).__enter__()
        stage.write(target.place("lib/asterism/modules/res_one.so"), b"half")

    killed(install_half)
    assert target.place(f"lib/asterism/modules/{PREFIX}res_one.so").exists()
    assert uninstall(target) == (f"removed what an install that was killed had left in {target.root}", [])
    assert list(target.root.glob("*")) == []


def test_an_unedited_configuration_follows_the_sample(small: SourceTree, target: Destination) -> None:
    install(small.tree, target)
    small.write({"configs/sample.conf": "[general]\nanswer = 43\n"})
    assert install(small.tree, target)[1] == []
    assert target.place("etc/asterism/sample.conf").read_text() == "[general]\nanswer = 43\n"


def test_an_edited_configuration_stays_and_the_new_sample_is_put_beside_it_once(
    small: SourceTree, target: Destination
) -> None:
    install(small.tree, target)
    conf = target.place("etc/asterism/sample.conf")
    conf.write_text("mine")
    assert install(small.tree, target)[1] == []
    assert set(placed(target)) == INSTALLED
    small.write({"configs/sample.conf": "new"})
    assert install(small.tree, target)[1] == [f"{conf} was edited and stays; the new sample is sample.conf.new"]
    assert (conf.read_text(), conf.with_name("sample.conf.new").read_text()) == ("mine", "new")
    assert install(small.tree, target)[1] == []
    assert set(placed(target)) == INSTALLED | {"etc/asterism/sample.conf.new"}


def test_a_configuration_that_was_there_before_the_first_install_stays(small: SourceTree, target: Destination) -> None:
    conf = target.place("etc/asterism/sample.conf")
    conf.parent.mkdir(parents=True)
    conf.write_text("mine")
    _, notes = install(small.tree, target)
    assert notes == [f"{conf} was edited and stays; the new sample is sample.conf.new"]
    assert conf.read_text() == "mine"


def test_samples_alone_leave_everything_else_as_it_is(small: SourceTree, target: Destination) -> None:
    install(small.tree, target)
    (small.top / "build/modules/res_one.so").write_bytes(b"changed")
    target.place("etc/asterism/sample.conf").unlink()
    assert install(small.tree, target, samples_only=True)[0].startswith("installed sample configurations")
    assert target.place("etc/asterism/sample.conf").read_text() == SAMPLE
    assert target.place("lib/asterism/modules/res_one.so").read_bytes() != b"changed"
    listed = manifest.load_file(target.place(LAYOUT.manifest))
    assert listed is not None
    assert set(listed.entries) == INSTALLED - {LAYOUT.manifest}


def test_uninstall_removes_exactly_what_was_installed(small: SourceTree, target: Destination, tmp_path: Path) -> None:
    install(small.tree, target)
    assert uninstall(target) == (f"removed 12 files from {target.root}", [])
    assert not target.root.exists()


def test_uninstall_leaves_edited_configurations_and_foreign_files_and_says_so(
    small: SourceTree, target: Destination
) -> None:
    install(small.tree, target)
    target.place("etc/asterism/sample.conf").write_text("mine")
    target.place("lib/asterism/modules/mine.so").write_text("mine")
    sentence, notes = uninstall(target)
    assert sentence == f"removed 11 files from {target.root}"
    assert notes == [
        f"{target.root}/etc/asterism/sample.conf was edited and stays",
        f"{target.root}/lib/asterism/modules stays: there are files in it that were not installed",
    ]
    assert set(placed(target)) == {"etc/asterism/sample.conf", "lib/asterism/modules/mine.so"}


def test_uninstalling_what_is_not_installed_is_told(target: Destination) -> None:
    with pytest.raises(AsterismError, match="nothing is installed here"):
        uninstall(target)


def test_a_failed_install_leaves_the_old_tree(
    small: SourceTree, target: Destination, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(small.tree, target)
    before = placed(target)
    small.write({"include/part.h": "#define PART 9\n"})
    small.build("--quiet")
    real = Path.write_bytes
    written: list[Path] = []

    def full_disk(self: Path, data: bytes) -> int:
        written.append(self)
        if len(written) > 1:
            raise OSError(28, "No space left on device")
        return real(self, data)

    monkeypatch.setattr(Path, "write_bytes", full_disk)
    with pytest.raises(AsterismError, match="no space left on device\n    free some room"):
        install(small.tree, target)
    monkeypatch.undo()
    assert placed(target) == before


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of two megabytes; only root can make one."""
    place = tmp_path / "disk"
    place.mkdir()
    mount, umount = shutil.which("mount"), shutil.which("umount")
    command = [mount or "", "-t", "tmpfs", "-o", "size=2m", "none", str(place)]
    if not (mount and umount) or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("needs the right to mount a file system")
    yield place
    subprocess.run([umount, str(place)], check=True)


def test_a_disk_that_fills_up_leaves_the_old_tree_whole(small: SourceTree, small_disk: Path) -> None:
    target = Destination(str(small_disk / "prefix"))
    install(small.tree, target)
    before = placed(target)
    (small.top / "build/modules/res_one.so").write_bytes(os.urandom(1 << 20))
    (small.top / "build/modules/res_two.so").write_bytes(os.urandom(1 << 20))
    with pytest.raises(AsterismError) as refused:
        install(small.tree, target)
    full = target.place("lib/asterism/modules/res_two.so")
    assert str(refused.value) == (
        f"{full}: cannot write the file: no space left on device\n"
        "    free some room on that disk and try again; the old file is unchanged"
    )
    assert placed(target) == before


def test_a_module_directory_that_is_a_file_is_told_and_kept(small: SourceTree, target: Destination) -> None:
    place = target.place("lib/asterism/modules")
    place.parent.mkdir(parents=True)
    place.write_text("mine")
    with pytest.raises(AsterismError) as refused:
        install(small.tree, target)
    assert str(refused.value) == (
        f"{place}: cannot make the directory: not a directory\n"
        "    a part of that path is a file where a directory is expected"
    )
    assert placed(target) == {"lib/asterism/modules": b"mine"}


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, who can become somebody else")
def test_somebody_without_permission_is_told_and_changes_nothing() -> None:
    # pytest's own directories are closed to everybody else.
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name:
        os.chmod(name, 0o755)
        journal = Path(name, "prefix/lib/asterism/install.journal")
        reading, writing = os.pipe()

        def refused() -> None:
            try:
                with Stage(journal):
                    pass
            except AsterismError as error:
                os.write(writing, str(error).encode())

        assert as_nobody(refused) == 0
        os.close(writing)
        with open(reading) as said:
            assert said.read() == (
                f"{name}/prefix/lib/asterism: cannot make the directory: permission denied\n"
                "    you have no permission there; use another directory, or sudo if it belongs to the system"
            )
        assert os.listdir(name) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="needs an ordinary user, whom permissions hold back")
def test_a_prefix_without_write_permission_is_told(small: SourceTree, tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0o555)
    with pytest.raises(AsterismError, match="permission denied\n    you have no permission there"):
        install(small.tree, Destination(str(tmp_path / "closed/prefix")))


def test_a_prefix_that_is_a_file_is_told(small: SourceTree, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(AsterismError, match="not a directory\n    a part of that path is a file"):
        install(small.tree, Destination(str(tmp_path / "file")))
    assert (tmp_path / "file").read_text() == ""


def test_nothing_is_installed_of_a_tree_that_is_not_built(sources: SourceTree, target: Destination) -> None:
    with pytest.raises(AsterismError, match="nothing is built here yet\n    run make first"):
        install(sources.tree, target)
    assert not target.root.exists()


@pytest.mark.parametrize("text", ["{", "[" * 3000, '{"version": 1, "files": [], "directories": []}'])
def test_a_damaged_manifest_is_set_aside_and_the_install_goes_on(
    small: SourceTree, target: Destination, text: str
) -> None:
    install(small.tree, target)
    whole = manifest.load_file(target.place(LAYOUT.manifest))
    path = target.place(LAYOUT.manifest)
    path.write_text(text)
    _, notes = install(small.tree, target)
    assert notes[0].startswith(f"{path}: warning: the file is damaged: it is kept as {path}.damaged")
    assert Path(f"{path}.damaged").read_text() == text
    again = manifest.load_file(target.place(LAYOUT.manifest))
    assert whole is not None
    assert again is not None
    assert again.entries == whole.entries


def test_the_usual_directories_make_the_usual_layout() -> None:
    assert layout_of(Directories()) == layout_of(Directories(prefix="/opt/ä b")) == LAYOUT


def test_directories_outside_the_prefix_stay_absolute() -> None:
    layout = layout_of(Directories("/usr", "/etc", "/var", libdir="/usr/lib64", runstatedir="/run"))
    assert (layout.directories["astetcdir"], layout.directories["astrundir"], layout.modules) == (
        "/etc/asterism",
        "/run/asterism",
        "lib64/asterism/modules",
    )


@pytest.mark.parametrize(
    ("libdir", "home", "prefix"),
    [
        ("${prefix}/lib64", "lib64/asterism", "../.."),
        ("${prefix}/lib/x86_64-linux-gnu", "lib/x86_64-linux-gnu/asterism", "../../.."),
        ("/usr/lib64", "/usr/lib64/asterism", "/opt/a"),
    ],
)
def test_what_is_installed_knows_the_way_to_its_prefix(libdir: str, home: str, prefix: str) -> None:
    layout = layout_of(Directories("/opt/a", libdir=libdir))
    assert layout.home == home
    assert way("", layout.home, "/opt/a") == prefix


def test_a_library_directory_moves_modules_headers_and_pkg_config(small: SourceTree, tmp_path: Path) -> None:
    """Blanks and letters beyond ASCII are in every directory."""
    where = Directories(str(tmp_path / "prä fix"), libdir="${prefix}/lib/x86_64-linux-gnu", sbindir="${prefix}/s bin")
    small.configure(Configuration(cc=("gcc",), directories=where))
    target = target_of(small.tree, root="", destdir="")
    install(small.tree, target)
    found = {name for name in placed(target) if not name.startswith(("etc/", "include/", "lib/systemd/"))}
    assert found == {
        "bin/menuselect",
        *(
            f"lib/x86_64-linux-gnu/asterism/{name}"
            for name in ("bin/ninja", "manifest.json", "modules/res_one.so", "modules/res_three.py")
        ),
        *(f"lib/x86_64-linux-gnu/asterism/{name}" for name in ("modules/res_two.so", "tree.json")),
        "lib/x86_64-linux-gnu/pkgconfig/asterism.pc",
        "s bin/asterism",
    }
    facts = tree_facts.of_tree(target.place(target.layout.tree))
    assert (facts.prefix, facts.layout) == (str(target.root), target.layout)
    assert tree_facts.layout_below(target.root) == target.layout
    assert facts.directories["astmoddir"] == str(target.place(target.layout.modules))
    assert "\nprefix=${pcfiledir}/../../..\n" in "\n" + target.place(target.layout.pkg_config).read_text()
    uninstall(target)
    assert not target.root.exists()


def test_the_distributions_libraries_are_taken_in_place_of_copies(
    sources: SourceTree, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The launcher puts their directory on its path, behind its own packages."""
    assert sources.build("--quiet").returncode == 0
    own = bundled_packages.own_files
    monkeypatch.setattr(bundled_packages, "own_files", lambda _: own(Tree(project, Kind.SOURCES)))
    site = tmp_path / "dist-packages"
    site.symlink_to(Path(pytest.__file__).parents[1])
    sources.configure(Configuration(cc=("gcc",), system_python=(str(site),)))
    target = Destination(str(tmp_path / "prefix"))
    install(sources.tree, target)
    packages = target.place(LAYOUT.packages)
    assert {path.name for path in packages.iterdir()} == set(bundled_packages.OWN)
    assert not target.place(LAYOUT.ninja).exists()
    facts = tree_facts.of_tree(target.place(LAYOUT.tree))
    assert facts.system == SystemPython((str(site),), system_libraries.needed())
    ask = "import lark, asterism; print(lark.__file__, asterism.__file__, sep='\\n')"
    launcher = target.place(LAYOUT.launcher)
    launcher.write_text(launcher.read_text().replace("from asterism.__main__ import main", f"{ask}\nmain = int"))
    said = subprocess.run([launcher], capture_output=True, text=True, check=True).stdout.splitlines()
    assert said == [f"{site}/lark/__init__.py", f"{packages}/asterism/__init__.py"]


def test_a_destdir_that_cannot_be_written_is_one_message_and_nothing_else(sources: SourceTree, tmp_path: Path) -> None:
    """The medium is read-only: whatever file system refuses to make directories answers so, to root, too."""
    assert sources.build("--quiet").returncode == 0
    before = sorted(tmp_path.rglob("*"))
    done = sources.install("--destdir", "/proc/self/fdinfo")
    assert done.returncode == 1
    assert done.stderr.count("cannot make the directory") == 1
    assert "Traceback" not in done.stderr
    assert sorted(tmp_path.rglob("*")) == before


def test_a_tree_that_is_configured_anew_is_installed_to_its_new_directories(small: SourceTree, tmp_path: Path) -> None:
    old = target_of(small.tree, root="", destdir="")
    install(small.tree, old)
    where = Directories(str(tmp_path / "nëw prefix"), libdir=str(tmp_path / "libs out"))
    small.configure(Configuration(cc=("gcc",), directories=where))
    assert small.build("--quiet").returncode == 0
    new = target_of(small.tree, root="", destdir="")
    install(small.tree, new)
    assert new.root == tmp_path / "nëw prefix"
    assert not (new.root / "lib/asterism").exists()
    home = tmp_path / "libs out/asterism"
    assert {path.name for path in (home / "modules").iterdir()} == {"res_one.so", "res_two.so", "res_three.py"}
    facts = tree_facts.of_tree(home / "tree.json")
    assert (facts.prefix, facts.directories["astmoddir"]) == (str(new.root), str(home / "modules"))
    assert old.place(LAYOUT.tree).exists()


@pytest.mark.skipif(not shutil.which("readelf"), reason="needs readelf")
def test_flags_of_the_user_are_in_what_is_built(sources: SourceTree, tmp_path: Path) -> None:
    flags = {"cflags": ("-g", "-frecord-gcc-switches", "-fno-plt"), "ldflags": ("-Wl,-rpath,/opt/own",)}
    where = Directories(str(tmp_path / "prefix"))
    sources.configure(Configuration(cc=("gcc",), directories=where, cppflags=("-DPACKAGED=1",), **flags))
    sources.write({"res/res_one.c": GOOD_C.replace("return PART", "return PART + PACKAGED")})
    assert sources.build("--quiet").returncode == 0
    module = sources.top / "build/modules/res_one.so"

    def said(*words: str) -> str:
        return subprocess.run(["readelf", *words, module], capture_output=True, text=True, check=True).stdout

    producer = next(line for line in said("--debug-dump=info").splitlines() if "DW_AT_producer" in line)
    assert " -fno-plt" in producer
    assert "[/opt/own]" in said("-d")


def test_a_root_of_its_own_has_the_usual_layout(small: SourceTree, tmp_path: Path) -> None:
    """Configured for /usr and /etc, 'make run' writes below its directory alone."""
    where = Directories("/usr", "/etc", "/var", libdir="/usr/lib64", runstatedir="/run")
    small.configure(Configuration(cc=("gcc",), directories=where))
    assert target_of(small.tree, root=str(tmp_path / "root"), destdir="") == Destination(str(tmp_path / "root"))


def test_nothing_is_staged_in_a_directory_that_is_empty_after_a_start(small: SourceTree, tmp_path: Path) -> None:
    where = Directories("/usr", "/etc", "/var", runstatedir="/run")
    small.configure(Configuration(cc=("gcc",), directories=where))
    install(small.tree, target_of(small.tree, root="", destdir=str(tmp_path / "stage")))
    assert sorted(path.name for path in (tmp_path / "stage").iterdir()) == ["etc", "usr", "var"]
    assert sorted(path.name for path in (tmp_path / "stage/var").iterdir()) == ["lib", "log", "spool"]


def test_the_launcher_survives_an_interpreter_with_a_blank_in_its_path(tmp_path: Path) -> None:
    assert tree_contents.launcher_text("/usr/bin/python3", (3, 11), "../lib").startswith("#!/usr/bin/python3 -IS\n")
    python = tmp_path / "a b" / "python"
    python.parent.mkdir()
    python.symlink_to(tree_contents.base_python())
    text = tree_contents.launcher_text(str(python), (3, 11), "../lib")
    assert text.startswith("#!/bin/sh\n")
    compile(text, "asterism", "exec")


def test_requirements_of_extras_are_left_out() -> None:
    lines = ["cffi>=2.0", "lark<2,>=1.3", "pytest>=9; extra == 'dev'", 'tomli; python_version < "3.11"']
    assert bundled_packages.requirements(lines) == ["cffi", "lark", "tomli"]


def test_the_closure_holds_what_the_program_imports() -> None:
    found = bundled_packages.distributions()
    assert {"cffi", "jinja2", "lark", "ninja", "prompt-toolkit", "pyelftools", "textual", "rich"} <= set(found)
    assert not {"pytest", "mypy", "asterism"} & set(found)


def test_byte_code_belongs_to_the_bytes_of_its_source(tmp_path: Path) -> None:
    """Neither directory nor time, nor what this process has loaded before, nor a cache changes its bytes."""
    text = "def f(a, b=(1, 'x y')):\n    return {a: [c for c in b if c in {'one', 'two'}]}\n"
    sources = [tmp_path / "a.py", tmp_path / "other place/a.py"]
    for source in sources:
        source.parent.mkdir(exist_ok=True)
        source.write_text(text)
    os.utime(sources[0], (1000, 1000))
    py_compile.compile(str(sources[1]), doraise=True)
    first, second = (bundled_packages.byte_code(source, "a.py") for source in sources)
    assert first == second
    assert first.startswith(bundled_packages.pyc_header(text.encode()))
    kept = [marshal.loads(first[16:]) for _ in range(2)]
    assert bundled_packages.byte_code(sources[0], "a.py") == first
    assert [each.co_filename for each in kept] == ["a.py", "a.py"]


def test_the_manifest_reads_back(tmp_path: Path) -> None:
    entries = [manifest.entry_of("b", b"1"), manifest.entry_of("a", b"", is_config=True)]
    made = manifest.make("1.0", entries, ["d/e", "d"])
    assert manifest.loads(manifest.dumps(made)) == made
    assert list(json.loads(manifest.dumps(made))["files"][0]) == ["path", "size", "sha256", "config"]
