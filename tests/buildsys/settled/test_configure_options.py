"""The command line of configure."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from asterism.errors import AsterismError
from buildsys.settled.configuration import PLACES, Directories
from buildsys.settled.configure_line import parse
from buildsys.settled.configure_options import OPTIONS, VARIABLES, Request, usage

NAMES = ("curl", "libedit", "libxml2", "sqlite3")


def request(*words: str, **environment: str) -> Request:
    return parse(words, NAMES, environment)


def faults(*words: str) -> tuple[int, str]:
    with pytest.raises(AsterismError) as caught:
        request(*words)
    return caught.value.status, str(caught.value)


def test_without_words_everything_has_its_default() -> None:
    assert request() == Request()


def test_each_option_has_its_effect() -> None:
    given = ["--enable-dev-mode", "--prefix=/opt/a", "--sysconfdir=/etc", "--localstatedir=/var", "CC=clang -m32"]
    got = request(*given)
    directories = Directories("/opt/a", "/etc", "/var")
    assert got == Request(
        dev_mode=True, directories=directories, variables=(("CC", "clang -m32"),), arguments=tuple(given)
    )


def test_the_last_of_two_contrary_options_counts() -> None:
    assert not request("--enable-dev-mode", "--disable-dev-mode").dev_mode
    assert not request("--enable-dev-mode=no").dev_mode


def test_a_variable_on_the_command_line_wins_over_the_environment() -> None:
    assert dict(request("CC=clang", CC="tcc", CFLAGS="-O0").variables) == {"CC": "clang", "CFLAGS": "-O0"}


def test_wishes_for_dependencies_are_kept_by_name(tmp_path: Path) -> None:
    words = ("--with-curl", f"--with-sqlite3={tmp_path}", "--without-libxml2")
    assert request(*words).wishes == (("curl", True), ("sqlite3", str(tmp_path)), ("libxml2", False))


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("--enable-devmode", "unknown option '--enable-devmode'\n    did you mean '--enable-dev-mode'"),
        ("--frob", "unknown option '--frob'\n    './configure --help' lists the options"),
        ("--with-crul", "unknown option '--with-crul'\n    did you mean '--with-curl'?"),
        ("--prefix", "--prefix needs a value\n    write --prefix=DIR"),
        ("--prefix=here", "--prefix=here is not an absolute path\n    start it with a slash"),
        ("--enable-dev-mode=3", "--enable-dev-mode takes no value\n    write --enable-dev-mode alone"),
        (
            "--with-curl=/no/such",
            "--with-curl=/no/such is not a directory\n    name the directory that holds its include",
        ),
        ("LDFLAG=-s", "unknown variable 'LDFLAG'\n    did you mean 'LDFLAGS'"),
        ("--libdri=/usr/lib", "unknown option '--libdri=/usr/lib'\n    did you mean '--libdir'"),
        ("--mandir=share/man", "--mandir=share/man is not an absolute path\n    start it with a slash"),
        ("--libdir=${prefx}/lib", "--libdir=${prefx}/lib names a directory that is not settled\n    name others as "),
        ("--libdir=${libdir}/64", "--libdir=${libdir}/64 names a directory that is not settled\n    name others as "),
        ("--bindir=/a\nb", "--bindir has a line break in it\n    choose another directory"),
    ],
)
def test_a_word_that_is_not_understood_ends_with_status_2_and_a_cure(word: str, message: str) -> None:
    status, text = faults(word)
    assert status == 2
    assert text.startswith(message)


def test_all_faults_of_a_command_line_are_told_together() -> None:
    _, text = faults("--frob", "--prefix=", "--with-crul")
    assert [line for line in text.splitlines() if not line.startswith(" ")] == [
        "unknown option '--frob'",
        "--prefix needs a value",
        "unknown option '--with-crul'",
    ]


def test_help_names_every_option_variable_and_dependency() -> None:
    text = usage(NAMES)
    for word in (*(option.word for option in OPTIONS), *VARIABLES, *NAMES):
        assert word in text


def test_help_is_given_whatever_else_is_wrong() -> None:
    assert request("--frob", "-h").help


DEBHELPER = shlex.split("""
--build=x86_64-linux-gnu --prefix=/usr --includedir=${prefix}/include --mandir=${prefix}/share/man
--infodir=${prefix}/share/info --sysconfdir=/etc --localstatedir=/var --disable-option-checking
--disable-silent-rules --libdir=${prefix}/lib/x86_64-linux-gnu --runstatedir=/run --disable-maintainer-mode
--disable-dependency-tracking
""")

RPM = shlex.split("""
--build=x86_64-redhat-linux-gnu --host=x86_64-redhat-linux-gnu --program-prefix= --disable-dependency-tracking
--prefix=/usr --exec-prefix=/usr --bindir=/usr/bin --sbindir=/usr/sbin --sysconfdir=/etc --datadir=/usr/share
--includedir=/usr/include --libdir=/usr/lib64 --libexecdir=/usr/libexec --localstatedir=/var
--sharedstatedir=/var/lib --mandir=/usr/share/man --infodir=/usr/share/info
""")


def test_debhelper_is_understood_without_a_word() -> None:
    got = request(*DEBHELPER)
    assert (got.warnings, got.target) == ((), "")
    filled = got.directories.resolved()
    assert (filled.libdir, filled.mandir) == ("/usr/lib/x86_64-linux-gnu", "/usr/share/man")
    assert (filled.sysconfdir, filled.localstatedir, filled.runstatedir) == ("/etc", "/var", "/run")


def test_rpm_is_understood_without_a_word() -> None:
    got = request(*RPM)
    assert (got.warnings, got.target) == ((), "")
    filled = got.directories.resolved()
    assert (filled.libdir, filled.datadir, filled.runstatedir) == ("/usr/lib64", "/usr/share", "/var/run")


def test_every_standard_directory_has_an_option() -> None:
    words = [f"--{name.replace('_', '-')}=/at/{name}" for name in PLACES if name != "systemdsystemunitdir"]
    got = request(*words, "--with-systemdsystemunitdir=/at/systemdsystemunitdir").directories
    assert got == Directories(**{name: f"/at/{name}" for name in PLACES})
    assert request("--without-systemdsystemunitdir").directories.systemdsystemunitdir == ""


def test_an_argument_may_stand_apart_from_its_option() -> None:
    assert request("--prefix", "/opt/a", "CC=gcc").directories.prefix == "/opt/a"
    assert faults("--prefix", "--quiet")[1].startswith("--prefix needs a value")


def test_options_of_other_programs_are_passed_over_with_a_warning() -> None:
    got = request("--enable-frobnication", "--without-pulse=x", "--disable-static", "GLORIOUS=1", "LIBS=-lm")
    assert [str(each) for each in got.warnings] == [
        "warning: nothing heeds the option '--enable-frobnication'",
        "warning: nothing heeds the option '--without-pulse'",
        "warning: nothing heeds the variable 'GLORIOUS'",
    ]


@pytest.mark.parametrize("word", ["--disable-option-checking", "--enable-option-checking=no"])
def test_without_option_checking_they_are_passed_over_in_silence(word: str) -> None:
    assert request("--enable-frobnication", word, "--with-crul").warnings == ()


def test_with_fatal_option_checking_they_are_faults() -> None:
    assert faults("--enable-option-checking=fatal", "--enable-frob")[1] == "nothing heeds the option '--enable-frob'"


def test_an_option_that_is_nearly_one_of_ours_is_a_mistake() -> None:
    assert faults("--with-sanitise=address")[1] == "unknown option '--with-sanitise'\n    did you mean '--sanitize'?"
    assert faults("--enable-curl")[1] == "unknown option '--enable-curl'\n    did you mean '--with-curl'?"
