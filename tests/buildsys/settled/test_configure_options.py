"""The command line of configure."""

from __future__ import annotations

from pathlib import Path

import pytest

from asterism.errors import AsterismError
from buildsys.settled.configuration import Directories
from buildsys.settled.configure_options import OPTIONS, VARIABLES, Request, parse, usage

NAMES = ("curl", "libxml2", "sqlite3")


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
        ("--with-crul", "unknown dependency 'crul' in --with-crul\n    did you mean 'curl'?"),
        ("--prefix", "--prefix needs a value\n    write --prefix=DIR"),
        ("--prefix=here", "--prefix=here is not an absolute path\n    start it with a slash"),
        ("--enable-dev-mode=3", "--enable-dev-mode takes no value\n    write --enable-dev-mode alone"),
        ("--with-curl=/no/such", "--with-curl=/no/such is no directory\n    name the directory that holds its include"),
        ("LDFLAG=-s", "unknown option 'LDFLAG=-s'\n    did you mean 'LDFLAGS'"),
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
        "unknown dependency 'crul' in --with-crul",
    ]


def test_help_names_every_option_variable_and_dependency() -> None:
    text = usage(NAMES)
    for word in (*(option.word for option in OPTIONS), *VARIABLES, *NAMES):
        assert word in text


def test_help_is_given_whatever_else_is_wrong() -> None:
    assert request("--frob", "-h").help
