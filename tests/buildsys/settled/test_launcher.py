"""What goes before the compiler: a cache and a build farm, the real ones where they are installed."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from source_tree import CORE, SourceTree
from waiting import until

from asterism.errors import AsterismError
from buildsys.compile.following import jobs
from buildsys.settled import compiler_launcher
from buildsys.settled.configuration import Configuration

needs_ccache = pytest.mark.skipif(shutil.which("ccache") is None, reason="needs ccache")
needs_distcc = pytest.mark.skipif(shutil.which("distccd") is None, reason="needs distcc")


def counted(directory: Path) -> tuple[int, int]:
    """What ccache has found in a cache, and what it has not."""
    said = subprocess.run(
        ["ccache", "--print-stats"], env={**os.environ, "CCACHE_DIR": str(directory)}, capture_output=True, text=True
    ).stdout
    values = dict(line.split("\t") for line in said.splitlines())
    hits = int(values["direct_cache_hit"]) + int(values["preprocessed_cache_hit"])
    return hits, int(values["cache_miss"])


@needs_ccache
def test_a_cache_gives_back_what_was_compiled_before(sources: SourceTree, tmp_path: Path) -> None:
    sources.configure(Configuration(cc=("gcc",), launcher=("ccache",)))
    sources.build(CCACHE_DIR=str(tmp_path / "cache"))
    assert counted(tmp_path / "cache") == (0, 2)
    shutil.rmtree(sources.top / "build")
    assert sources.build(CCACHE_DIR=str(tmp_path / "cache")).returncode == 0
    assert counted(tmp_path / "cache") == (2, 2)
    assert sources.products() == ["res_one.so", "res_three.py", "res_two.so"]


@needs_ccache
def test_a_header_of_options_that_was_written_anew_does_not_spoil_the_cache(
    sources: SourceTree, tmp_path: Path
) -> None:
    """Off and on again: the same options give the same bytes."""
    sources.write({"include/part.h": '#include "asterisk/buildopts.h"\n#define PART 1\n'})
    sources.configure(Configuration(cc=("gcc",), launcher=("ccache",)))
    for option in ("", "KEEP_FRAME_POINTERS", ""):
        sources.write({"menuselect.makeopts": f"MENUSELECT_RES=\nMENUSELECT_CFLAGS={option} \n"})
        assert sources.build(CCACHE_DIR=str(tmp_path / "cache")).returncode == 0
    assert counted(tmp_path / "cache") == (2, 4)


@needs_ccache
def test_a_second_clone_finds_what_the_first_has_compiled_when_it_is_told_to(
    sources: SourceTree, tmp_path: Path
) -> None:
    sources.configure(Configuration(cc=("gcc",), launcher=("ccache",)))
    environment = {"CCACHE_DIR": str(tmp_path / "cache"), "CCACHE_NOHASHDIR": "1"}
    sources.build(**environment)
    shutil.rmtree(sources.top / "build")
    shutil.copytree(sources.top, tmp_path / "clone")
    sources.run(tmp_path / "clone", "build", environment=environment)
    assert counted(tmp_path / "cache") == (2, 2)


@needs_ccache
def test_a_cache_keeps_what_was_compiled_with_a_precompiled_header(sources: SourceTree, tmp_path: Path) -> None:
    sources.write(CORE)
    sources.configure(Configuration(cc=("gcc",), launcher=("ccache",), precompile=("-x", "c-header")))
    for hits, misses in ((0, 7), (7, 7)):  # two modules, and of the core four sources and the header
        assert sources.build("--quiet", CCACHE_DIR=str(tmp_path / "cache")).returncode == 0
        assert counted(tmp_path / "cache") == (hits, misses)
        shutil.rmtree(sources.top / "build")


def test_another_launcher_makes_nothing_anew(sources: SourceTree) -> None:
    sources.write({"mine": '#!/bin/sh\necho "$@" >>calls\nexec "$@"\n'})
    (sources.top / "mine").chmod(0o755)
    sources.build("--launcher", "./mine")
    assert len((sources.top / "calls").read_text().splitlines()) == 2
    for words in ((), ("--launcher", "env")):
        assert sources.build(*words).stdout == "nothing to do: every chosen module is built\n"
    assert sources.build(ASTERISM_LAUNCHER="env").stdout == "nothing to do: every chosen module is built\n"


def test_the_settings_file_goes_before_configure_and_the_command_line_before_it(sources: SourceTree) -> None:
    sources.write({"asterism.toml": 'launcher = "nice -n1"\n'})
    sources.configure(Configuration(cc=("gcc",), launcher=("no-such-cache",)))
    sources.build()
    assert (sources.top / "build/log/res_one.log").read_text().startswith("$ nice -n1 gcc ")
    (sources.top / "res/res_one.c").touch()
    sources.build("--launcher", "")
    assert (sources.top / "build/log/res_one.log").read_text().startswith("$ gcc ")


def test_the_log_shows_the_launcher_before_the_compiler(sources: SourceTree) -> None:
    sources.configure(Configuration(cc=("gcc",), launcher=("env",)))
    sources.build()
    log = (sources.top / "build/log/res_one.log").read_text().splitlines()
    assert [line.split()[:3] for line in log if line.startswith("$ ")] == [["$", "env", "gcc"], ["$", "gcc", "-shared"]]


def test_a_launcher_that_is_not_there_is_told(sources: SourceTree) -> None:
    done = sources.build("--launcher", "no-such-cache")
    assert (done.returncode, done.stderr) == (
        1,
        "asterism: the launcher 'no-such-cache' was not found\n    install it, or do without --launcher\n",
    )


def test_a_word_that_a_shell_would_read_is_refused() -> None:
    with pytest.raises(AsterismError) as caught:
        compiler_launcher.find("env 'A=$(id)'")
    assert str(caught.value) == (
        "'A=$(id)' cannot be part of a launcher\n    link it to a name of letters, digits and '/._+,:=-'"
    )


def test_a_cache_before_a_farm_starts_the_farm_itself() -> None:
    found = compiler_launcher.environment(("ccache", "distcc"), Path("/src"), {"CCACHE_BASEDIR": "/mine"})
    assert found == {"ASTERISM_LAUNCHER": "ccache", "CCACHE_PREFIX": "distcc"}


@pytest.mark.parametrize(
    ("launcher", "variables"),
    [
        ((), {"ASTERISM_LAUNCHER": ""}),
        (("/opt/sccache",), {"ASTERISM_LAUNCHER": "/opt/sccache", "SCCACHE_BASEDIRS": "/src"}),
        (("recc",), {"ASTERISM_LAUNCHER": "recc", "RECC_PROJECT_ROOT": "/src"}),
        (("icecc",), {"ASTERISM_LAUNCHER": "icecc"}),
        (("ccache",), {"ASTERISM_LAUNCHER": "ccache", "CCACHE_BASEDIR": "/src"}),
    ],
)
def test_each_launcher_is_told_the_tree_as_it_wants_it(launcher: tuple[str, ...], variables: dict[str, str]) -> None:
    assert compiler_launcher.environment(launcher, Path("/src"), {}) == variables


def answers(port: int) -> bool:
    """Whether somebody listens there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def farm(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A real distccd on the loopback; yields the environment of its clients."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    # The daemon runs only compilers that an administrator has linked here.
    allowed = Path("/usr/local/lib/distcc"), Path("/usr/lib/distcc")
    if not any((path / "gcc").exists() for path in allowed):
        pytest.skip("needs the links of distcc's compilers")
    (tmp_path / "distcc").mkdir()
    words = ["distccd", "--no-detach", "--daemon", "--listen", "127.0.0.1", "--allow", "127.0.0.1", "--port", str(port)]
    words += ["--log-stderr", "--verbose", "--jobs", "3", *(["--user", "daemon"] if os.geteuid() == 0 else [])]
    log = tmp_path / "distccd.log"
    with log.open("w") as stream, subprocess.Popen(words, stderr=stream) as daemon:
        try:
            until(lambda: daemon.poll() is not None or answers(port))
            hosts = {
                "DISTCC_HOSTS": f"127.0.0.1:{port}/5",
                "DISTCC_FALLBACK": "0",
                "DISTCC_DIR": str(tmp_path / "distcc"),
            }
            yield {**hosts, "LOG": str(log)}
        finally:
            daemon.terminate()


@needs_distcc
def test_a_farm_compiles_and_this_machine_links(sources: SourceTree, farm: dict[str, str]) -> None:
    sources.configure(Configuration(cc=("gcc",), launcher=("distcc",)))
    done = sources.build(**farm)
    assert (done.returncode, done.stderr) == (0, "")
    assert sources.products() == ["res_one.so", "res_three.py", "res_two.so"]
    compiled = [line for line in Path(farm["LOG"]).read_text().splitlines() if "COMPILE_OK" in line]
    assert len(compiled) == 2


@needs_distcc
def test_a_farm_says_how_many_jobs_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISTCC_HOSTS", "127.0.0.1/7 127.0.0.2/5")
    assert jobs("", ("distcc",)) == ["-j", "12"]
    assert jobs(" -j3", ("distcc",)) == ["-j", "3"]
    assert jobs("", ("env",)) == []


@pytest.mark.parametrize("launcher", [("icecc",), ("/opt/bin/recc",), ("ccache", "icecc")])
def test_a_farm_that_tells_no_number_gets_several_jobs_for_each_processor(
    monkeypatch: pytest.MonkeyPatch, launcher: tuple[str, ...]
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 3)
    assert jobs("", launcher) == ["-j", "12"]
    assert jobs("-j2", launcher) == ["-j", "2"]
