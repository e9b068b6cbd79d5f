"""configure as a whole: what it writes, what it says, how it fails."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from fake_toolchain import FakeToolchain
from source_tree import SourceTree

from asterism.errors import AsterismError
from asterism.tree import Kind, Tree
from buildsys.settled import configuration
from buildsys.settled.configure_line import parse
from buildsys.settled.library_probes import Finding, load_table
from buildsys.settled.toolchain import Ran
from buildsys.verbs.configure import (
    DEV_WARNINGS,
    WARNINGS,
    autoconfig_text,
    check_wishes,
    deps_text,
    examine,
    log_text,
    summary,
    write,
)
from menuselect.reasons.package_hints import host_system, package_hint

TABLE = load_table('[curl]\npkg = ["libcurl"]\n[timerfd]\ncompile = ["sys/timerfd.h: timerfd_create(0, 0);"]\n')
MACHINE = FakeToolchain(headers={"sys/timerfd.h"})
Outcome = subprocess.CompletedProcess[str]


def outcome(*words: str, machine: FakeToolchain = MACHINE):  # type: ignore[no-untyped-def]
    return examine(parse(words, sorted(TABLE), {}), TABLE, machine)


def fault(*words: str, machine: FakeToolchain) -> str:
    with pytest.raises(AsterismError) as caught:
        outcome(*words, machine=machine)
    assert caught.value.status == 1
    return str(caught.value)


def test_no_compiler_is_one_message_that_names_the_packages() -> None:
    text = fault(machine=FakeToolchain(compilers={}))
    assert text.startswith("no C compiler is installed\n    install one, then try again: 'apt install gcc' on Debian")


def test_a_named_compiler_that_is_not_there_is_told_by_its_name() -> None:
    assert fault("CC=tinycc", machine=MACHINE) == (
        "the compiler of CC='tinycc' does not answer: tinycc: not found\n"
        "    check the name, or leave CC out to have one looked for"
    )


def test_a_compiler_that_compiles_nothing_is_found_out_at_once() -> None:
    text = fault("CFLAGS=-frob", machine=FakeToolchain(refused={"-frob"}))
    assert text.startswith("the compiler gcc cannot compile the smallest program: exit status 1\n    unrecognized")


class CrossToolchain(FakeToolchain):
    """A machine whose gcc makes programs for s390."""

    def __call__(self, argv: Sequence[str], text: str) -> Ran:
        if "-o" in argv:
            header = b"\x7fELF\x02\x02\x01" + bytes(9) + b"\x00\x03\x00\x16"
            Path(argv[argv.index("-o") + 1]).write_bytes(header.ljust(64, b"\0"))
        return super().__call__(argv, text)


def test_a_compiler_for_another_machine_is_found_out_at_once() -> None:
    assert fault(machine=CrossToolchain()) == (
        f"the compiler gcc makes programs for another machine: s390, 64 bits: this one is {os.uname().machine}\n"
        "    leave CC and CFLAGS out, or name a compiler for this machine;\n"
        "    './configure --host=TRIPLE' builds modules for another one"
    )


def test_dev_mode_turns_warnings_into_errors() -> None:
    assert outcome().configuration.warnings == WARNINGS
    assert outcome("--enable-dev-mode").configuration.warnings == (*WARNINGS, *DEV_WARNINGS)


def test_a_warning_the_compiler_does_not_know_is_left_out() -> None:
    machine = FakeToolchain(refused={"-Wtrampolines"})
    wanted = tuple(flag for flag in (*WARNINGS, *DEV_WARNINGS) if flag != "-Wtrampolines")
    assert outcome("--enable-dev-mode", machine=machine).configuration.warnings == wanted


def test_a_compiler_that_cannot_precompile_headers_is_not_asked_to() -> None:
    assert outcome().configuration.precompile == ("-x", "c-header")
    assert outcome(machine=FakeToolchain(refused={"c-header"})).configuration.precompile == ()
    assert outcome(machine=FakeToolchain(refused={"-include"})).configuration.precompile == ()


def test_a_dependency_the_user_insists_on_has_to_be_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("menuselect.reasons.package_hints.host_system", lambda: "fedora")
    found = outcome("--with-curl")
    with pytest.raises(AsterismError) as caught:
        check_wishes(found.request, found.findings)
    assert str(caught.value) == (
        "curl was not found, and --with-curl demands it: pkg-config knows no libcurl\n"
        "    try 'dnf install libcurl-devel'; or leave --with-curl out"
    )


def test_the_deps_file_keeps_the_value_before(tmp_path: Path) -> None:
    findings = {"curl": Finding("curl", 1), "timerfd": Finding("timerfd", 0), "zlib": Finding("zlib", -1)}
    assert deps_text(findings) == "CURL=1\nTIMERFD=0\nZLIB=-1\n"
    assert deps_text(findings, "CURL=0:1\nTIMERFD=1\n") == "CURL=1:0\nTIMERFD=0:1\nZLIB=-1\n"


def test_autoconfig_says_what_is_there() -> None:
    findings = {"curl": Finding("curl", 1), "have_x_sanitizer": Finding("have_x_sanitizer", 0)}
    text = autoconfig_text(findings)
    assert "#define HAVE_CURL 1\n/* #undef HAVE_X_SANITIZER */\n" in text


def test_the_log_holds_command_output_and_verdict_of_each_probe() -> None:
    lines = log_text(outcome("--prefix=/opt/x")).splitlines()
    assert lines[1] == "$ ./configure --prefix=/opt/x"
    assert lines[lines.index("## curl") + 1 :][:1] == ["curl: not found: pkg-config knows no libcurl"]
    timerfd = lines[lines.index("## timerfd") + 1 :]
    assert timerfd[0].startswith("$ gcc -D_GNU_SOURCE -D_REENTRANT -x c - -x none -o ")
    assert timerfd[1:] == ["= exit status 0", "timerfd: found: <sys/timerfd.h>"]


def test_the_summary_says_what_is_missing_and_who_wants_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("menuselect.reasons.package_hints.host_system", lambda: "debian")
    text = summary(outcome("--prefix=/opt/x"), {"curl": ["res_curl", "func_curl"], "timerfd": ["res_timing"]})
    assert (
        text
        == """
⁂ Asterism 1.1.0 is configured

  compiler       gcc  (gcc 12.2)
  C++ compiler   none; C++ modules cannot be built
  prefix         /opt/x
  configuration  /opt/x/etc/asterism
  dev mode       off
  libraries      1 of 2 that modules may ask for; see config.log

Missing, and wanted by modules:
  curl           for 'res_curl' and 'func_curl': pkg-config knows no libcurl
  try 'apt install libcurl4-openssl-dev', then ./configure again

Next: 'make menuselect' to choose modules, 'make' to build them, 'make run' to run them."""
    )


def test_the_four_files_are_written_and_read_back(tmp_path: Path) -> None:
    result = outcome("--enable-dev-mode")
    write(result, Tree(tmp_path, Kind.SOURCES))
    assert configuration.load(Tree(tmp_path, Kind.SOURCES)) == result.configuration
    files = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert files == {"makeopts", "config.log", "build_tools/menuselect-deps", "include/asterisk/autoconfig.h"}


def test_a_second_run_with_the_same_answers_touches_no_input_of_the_build(tmp_path: Path) -> None:
    write(outcome(), Tree(tmp_path, Kind.SOURCES))
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.h")}
    write(outcome(), Tree(tmp_path, Kind.SOURCES))
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.h")} == before


@pytest.mark.parametrize(
    ("release", "system"),
    [
        ("ID=ubuntu\nID_LIKE=debian\n", "debian"),
        ('ID="rocky"\nID_LIKE="rhel centos fedora"\n', "fedora"),
        ("", "debian"),
    ],
)
def test_the_system_is_told_by_os_release(release: str, system: str, tmp_path: Path) -> None:
    (tmp_path / "os-release").write_text(release)
    assert host_system(str(tmp_path / "os-release")) == system


def test_a_hint_names_each_package_once() -> None:
    assert package_hint(["openssl", "crypto", "curl"], "alpine") == "try 'apk add openssl-dev curl-dev'"
    assert package_hint(["win32"], "alpine") == ""


def test_entering_dev_mode_switches_the_tests_on_in_a_tree_that_was_chosen_from(
    sources: SourceTree, project: Path
) -> None:
    sources.write({"build_tools/cflags-devmode.xml": (project / "build_tools/cflags-devmode.xml").read_text()})
    sources.build("--quiet")
    chosen = sources.top / "menuselect.makeopts"
    assert "MENUSELECT_CFLAGS=OPTIONAL_API \n" in chosen.read_text()
    for words, expected in (
        (("--enable-dev-mode",), "OPTIONAL_API TEST_FRAMEWORK "),
        ((), "OPTIONAL_API "),
        (("--enable-dev-mode",), "OPTIONAL_API TEST_FRAMEWORK "),
    ):
        assert sources.run(sources.top, "configure", "-q", *words).returncode == 0
        sources.build("--quiet")
        assert f"MENUSELECT_CFLAGS={expected}\n" in chosen.read_text()
        header = (sources.top / "include/asterisk/buildopts.h").read_text()
        assert ("#define TEST_FRAMEWORK 1" in header) is ("TEST_FRAMEWORK" in expected)


def test_a_source_with_a_bad_block_is_told_and_the_tree_is_configured_all_the_same(sources: SourceTree) -> None:
    (sources.top / "makeopts").unlink()
    sources.write({"res/res_bad.c": "/*** MODULEINFO\n\t<wrong>x</wrong>\n ***/\n"})
    done = sources.run(sources.top, "configure")
    assert done.returncode == 0
    assert done.stderr.startswith("res/res_bad.c:2:2: unknown tag <wrong>\n")
    assert (sources.top / "makeopts").exists()


def test_a_directory_without_sources_is_left_as_it_is(tmp_path: Path, asterism: Callable[..., Outcome]) -> None:
    for verb, status, what in (
        ("configure", 2, "this is not a source tree"),
        ("build", 1, "no modules of your own here"),
    ):
        done = asterism(tmp_path, verb)
        assert (done.returncode, done.stdout) == (status, "")
        assert done.stderr.startswith(f"{tmp_path}: {what}\n    ")
        assert list(tmp_path.iterdir()) == []


def test_a_terminal_of_few_letters_gets_the_summary_all_the_same(sources: SourceTree) -> None:
    done = sources.run(sources.top, "configure", environment={"PYTHONIOENCODING": "ascii"})
    assert (done.returncode, done.stderr) == (0, "")
    assert "\n? Asterism " in done.stdout


def test_an_unknown_option_ends_the_program_with_status_2(tmp_path: Path, asterism: Callable[..., Outcome]) -> None:
    done = asterism(tmp_path, "configure", "--enable-devmode")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("asterism: unknown option '--enable-devmode'\n    did you mean '--enable-dev-mode'")
    assert list(tmp_path.iterdir()) == []


def test_a_configured_tree_has_everything_the_build_needs(built_sources: Path) -> None:
    deps = (built_sources / "build_tools/menuselect-deps").read_text().splitlines()
    assert "TIMERFD=1" in deps
    names = [line.partition("=")[0] for line in deps]
    assert names == sorted(set(names))
    assert "AST_DEVMODE=yes" in (built_sources / "makeopts").read_text()
