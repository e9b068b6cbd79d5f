"""Finding dependencies: what is asked of the compiler and pkg-config, and what their answers mean."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from fake_toolchain import FakeToolchain

from buildsys.settled.library_probes import Finding, Prober, headers_found, headers_source, load_table
from buildsys.settled.toolchain import Compiler
from menuselect.model import known_libraries

GCC = Compiler(("gcc",), "gcc 12")
CURL = '[curl]\npkg = ["libcurl"]\nlink = ["curl curl_easy_init curl/curl.h"]\n'


def find(text: str, machine: FakeToolchain, wishes: dict[str, bool | str] | None = None) -> dict[str, Finding]:
    prober = Prober(machine, {"c": GCC}, Path("/scratch"), (), wishes or {})
    return prober.find(load_table(text))


def told(finding: Finding) -> tuple[int, Sequence[str], Sequence[str], str]:
    return finding.state, finding.include, finding.lib, finding.reason


def test_pkg_config_knows_the_flags() -> None:
    machine = FakeToolchain(packages={"libcurl": ("-I/opt/curl", "-L/opt -lcurl")})
    assert told(find(CURL, machine)["curl"]) == (1, ("-I/opt/curl",), ("-L/opt", "-lcurl"), "pkg-config libcurl")


def test_without_pkg_config_a_program_is_linked() -> None:
    machine = FakeToolchain(headers={"curl/curl.h"}, links={"curl_easy_init": "-lcurl"})
    assert told(find(CURL, machine)["curl"]) == (1, (), ("-lcurl",), "curl_easy_init in libcurl")


def test_a_missing_header_spares_the_compiler() -> None:
    machine = FakeToolchain()
    finding = find(CURL, machine)["curl"]
    assert told(finding) == (0, (), (), "pkg-config knows no libcurl; no header <curl/curl.h>")
    assert [command[0] for command in machine.commands] == ["gcc", "pkg-config"]


def test_a_header_without_its_library_is_not_enough() -> None:
    machine = FakeToolchain(headers={"curl/curl.h"})
    assert told(find(CURL, machine)["curl"])[0] == 0
    assert "a test program does not compile" in find(CURL, machine)["curl"].reason


def test_without_switches_a_dependency_off_and_asks_nobody() -> None:
    machine = FakeToolchain(packages={"libcurl": ("", "-lcurl")})
    assert told(find(CURL, machine, {"curl": False})["curl"]) == (-1, (), (), "switched off by --without-curl")


def test_a_directory_given_by_the_user_wins_over_pkg_config() -> None:
    machine = FakeToolchain(
        packages={"libcurl": ("", "-lcurl")}, headers={"curl/curl.h"}, links={"curl_easy_init": "-lcurl"}
    )
    finding = find(CURL, machine, {"curl": "/opt/curl"})["curl"]
    assert told(finding)[1:3] == (("-I/opt/curl/include",), ("-L/opt/curl/lib", "-lcurl"))


def test_an_old_version_is_passed_over_for_the_next_way() -> None:
    text = '[jansson]\npkg = ["jansson >= 2.11"]\nlink = ["jansson json_sprintf jansson.h"]\n'
    machine = FakeToolchain(packages={"jansson": None}, headers={"jansson.h"})
    reason = (
        "pkg-config refuses jansson >= 2.11; a test program does not compile: undefined reference to `json_sprintf'"
    )
    assert told(find(text, machine)["jansson"]) == (0, (), (), reason)


def test_what_uses_another_dependency_comes_after_it() -> None:
    text = '[gcm]\nuses = ["srtp"]\nlink = ["- srtp_gcm srtp2/srtp.h"]\n[srtp]\npkg = ["libsrtp2"]\n'
    machine = FakeToolchain(
        packages={"libsrtp2": ("", "-lsrtp2")}, headers={"srtp2/srtp.h"}, links={"srtp_gcm": "-lsrtp2"}
    )
    assert find(text, machine)["gcm"].state == 1
    assert told(find(text, FakeToolchain())["gcm"]) == (0, (), (), "needs srtp")


def test_the_first_tool_that_answers_counts() -> None:
    text = '[xmlstarlet]\ntool = ["xmlstarlet", "xml"]\n'
    assert told(find(text, FakeToolchain(programs={"xml"}))["xmlstarlet"]) == (1, (), (), "the program xml")


def test_a_compiler_that_does_not_know_has_include_is_asked_for_each() -> None:
    machine = FakeToolchain(headers={"curl/curl.h"}, links={"curl_easy_init": "-lcurl"}, knows_has_include=False)
    assert find(CURL, machine)["curl"].state == 1


def test_a_probe_in_c_plus_plus_needs_its_compiler() -> None:
    text = '[cxx17]\nlanguage = "c++"\nflags = ["-std=c++17"]\n'
    assert told(find(text, FakeToolchain())["cxx17"]) == (0, (), (), "no C++ compiler")


def test_the_log_of_a_finding_holds_every_command() -> None:
    machine = FakeToolchain(headers={"curl/curl.h"}, links={"curl_easy_init": "-lcurl"})
    log = [str(ran) for ran in find(CURL, machine)["curl"].log]
    command = "$ gcc -x c - -x none -lcurl -o /scratch/probe-curl"
    assert log == [f"{command}\n= exit status 0"]


def test_the_list_of_headers_survives_the_preprocessor() -> None:
    names = ["stdio.h", "sys/no such.h", "a+b.h"]
    text = "".join(f'found "{name}"\n' for name in names)
    assert headers_found(text) == set(names)
    assert headers_source(names).count("__has_include") == 3


def test_the_table_is_sound() -> None:
    table = load_table()
    known = known_libraries.table()
    for name, probe in table.items():
        assert name == name.lower()
        assert name in known, f"menuselect/model/known_libraries.toml does not say what {name} is"
        assert set(probe.uses) <= set(table)
        assert all(each.library or each.header for each in probe.link)


@pytest.mark.parametrize("name", ["timerfd", "dladdr", "iconv", "native_arch"])
def test_this_machine_has_what_every_linux_has(name: str, tmp_path: Path) -> None:
    from buildsys.settled.toolchain import find_compiler, run

    compiler = find_compiler(run)
    assert compiler is not None
    finding = Prober(run, {"c": compiler}, tmp_path, ("-D_GNU_SOURCE",)).find(load_table(), [name])[name]
    assert finding.is_met, "\n".join(map(str, finding.log))
