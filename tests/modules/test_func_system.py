"""ENV, STAT, RAND and UUID, read as a C module reads them."""

from __future__ import annotations

import os
import re
import stat
import time
import uuid
from pathlib import Path

import pytest
from module_runtime import Runtime, failed, value

# ---- ENV


def test_variable_of_the_environment_is_read_set_and_removed(runtime: Runtime) -> None:
    assert runtime.read("ENV(COLOUR)") == value("")
    assert runtime.write("ENV(COLOUR)", "deep blue") == "0"
    assert runtime.read("ENV(COLOUR)", "nobody") == value("deep blue")
    assert runtime.write("ENV(COLOUR)", "") == "0"
    assert runtime.read("ENV(COLOUR)") == value("")


def test_variable_of_the_shell_is_seen(runtime: Runtime) -> None:
    assert runtime.read("ENV(PATH)") == value(os.environ["PATH"])


def test_long_value_is_kept_whole(runtime: Runtime) -> None:
    runtime.write("ENV(LONG)", "x" * 20_000)
    assert runtime.read("ENV(LONG)") == value("x" * 20_000)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "WARNING ENV needs the name of a variable: ENV(name)"),
        ("AST_NAME", "WARNING ENV: cannot set 'AST_NAME': names that begin with AST_ are reserved"),
        ("A=B", "WARNING ENV: cannot set 'A=B': Invalid argument"),
    ],
)
def test_variable_that_cannot_be_set_is_reported(runtime: Runtime, name: str, said: str) -> None:
    failure = "WARNING writing the function 'ENV' failed\n    the log may say why"
    assert runtime.write(f"ENV({name})", "x") == "\n".join(["-1", said, failure])


def test_variable_without_a_name_has_no_value(runtime: Runtime) -> None:
    assert runtime.read("ENV()") == value("")


# ---- STAT


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file of five bytes, with a comma in its name and times of its own."""
    path = tmp_path / "a,b"
    path.write_text("hello")
    path.chmod(0o640)
    os.utime(path, (1_000_000_000, 1_100_000_000))
    return path


@pytest.mark.parametrize(
    ("flag", "expected"),
    [
        ("e", "1"),
        ("f", "1"),
        ("d", "0"),
        ("s", "5"),
        ("m", "100640"),
        ("A", "1000000000"),
        ("M", "1100000000"),
    ],
)
def test_stat_tells_facts_about_a_file(runtime: Runtime, file: Path, flag: str, expected: str) -> None:
    assert runtime.read(f"STAT({flag},{file})") == value(expected)


def test_stat_tells_when_the_inode_changed(runtime: Runtime, file: Path) -> None:
    assert runtime.read(f"STAT(C,{file})") == value(str(int(file.stat().st_ctime)))


def test_stat_of_a_directory_says_so(runtime: Runtime, tmp_path: Path) -> None:
    mode = stat.S_IFDIR | stat.S_IMODE(tmp_path.stat().st_mode)
    assert [runtime.read(f"STAT({flag},{tmp_path})") for flag in "dfm"] == [
        value("1"),
        value("0"),
        value(f"{mode:o}"),
    ]


def test_size_beyond_32_bits_is_told(runtime: Runtime, file: Path) -> None:
    os.truncate(file, 5_000_000_000)
    assert runtime.read(f"STAT(s,{file})") == value("5000000000")


def test_stat_of_a_missing_file_is_zero(runtime: Runtime, tmp_path: Path) -> None:
    assert [runtime.read(f"STAT({flag},{tmp_path}/none)") for flag in "efdsmACM"] == [value("0")] * 8


@pytest.mark.parametrize("arguments", ["", "e", "e,", ",/tmp"])
def test_stat_needs_a_flag_and_a_file(runtime: Runtime, arguments: str) -> None:
    said = "WARNING STAT needs a flag and a file name: STAT(flag,filename)"
    assert runtime.read(f"STAT({arguments})") == failed("STAT", said)


def test_stat_names_its_flags(runtime: Runtime) -> None:
    said = "WARNING STAT: unknown flag 'x'; use one of d e f m s A C M"
    assert runtime.read("STAT(x,/tmp)") == failed("STAT", said)


# ---- RAND


@pytest.mark.parametrize(
    ("arguments", "low", "high"),
    [
        ("", 0, 2147483647),
        ("1,6", 1, 6),
        ("6,1", 1, 6),
        ("-3,-1", -3, -1),
        (",10", 0, 10),
        ("2147483640", 2147483640, 2147483647),
        ("-2147483648,2147483647", -2147483648, 2147483647),
    ],
)
def test_random_number_is_within_its_bounds(runtime: Runtime, arguments: str, low: int, high: int) -> None:
    drawn = [runtime.read(f"RAND({arguments})", "nobody") for _ in range(20)]
    numbers = [int(text.removeprefix("0 '").removesuffix("'")) for text in drawn]
    assert all(low <= number <= high for number in numbers), numbers


def test_every_number_is_drawn(runtime: Runtime) -> None:
    assert {runtime.read("RAND(1,3)") for _ in range(100)} == {value("1"), value("2"), value("3")}


def test_only_number_of_a_range_is_drawn(runtime: Runtime) -> None:
    assert runtime.read("RAND(7,7)") == value("7")


@pytest.mark.parametrize("text", ["some", "3000000000", "1.5"])
def test_bound_that_is_no_number_is_reported(runtime: Runtime, text: str) -> None:
    assert runtime.read(f"RAND({text},0)") == value("0", f"WARNING RAND: '{text}' is not a whole number, 0 is used")


# ---- UUID


@pytest.mark.parametrize("version", ["", "4", " 4 ", "7"])
def test_identifiers_differ(runtime: Runtime, version: str) -> None:
    made = {runtime.read(f"UUID({version})", "nobody") for _ in range(20)}
    assert len(made) == 20
    for text in made:
        found = re.fullmatch(r"0 '(.{36})'", text)
        assert found, text
        identifier = uuid.UUID(found[1])
        assert (identifier.version, identifier.variant) == (int(version or 4), uuid.RFC_4122)


def test_version_7_begins_with_the_time(runtime: Runtime) -> None:
    before = time.time_ns() // 1_000_000
    made = uuid.UUID(runtime.read("UUID(7)").split("'")[1])
    assert before <= made.int >> 80 <= time.time_ns() // 1_000_000


@pytest.mark.parametrize(
    ("arguments", "namespace", "name"),
    [
        ("5,dns,example.org", uuid.NAMESPACE_DNS, "example.org"),
        ("5,URL,http://example.org/a,b", uuid.NAMESPACE_URL, "http://example.org/a,b"),
        (f"5,{uuid.NAMESPACE_OID},1.3.6", uuid.NAMESPACE_OID, "1.3.6"),
        ("5,x500,grün", uuid.NAMESPACE_X500, "grün"),
    ],
)
def test_version_5_is_made_from_a_name(runtime: Runtime, arguments: str, namespace: uuid.UUID, name: str) -> None:
    assert runtime.read(f"UUID({arguments})") == value(str(uuid.uuid5(namespace, name)))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("1", "UUID version '1' is not supported\n    use 4, 5 or 7"),
        ("random", "UUID version 'random' is not supported\n    use 4, 5 or 7"),
        ("4,dns,x", "version 4 takes no arguments\n    only version 5 takes a namespace and a name"),
        ("5", "version 5 needs a namespace and a name\n    write UUID(5,namespace,name)"),
        ("5,dns,", "version 5 needs a namespace and a name\n    write UUID(5,namespace,name)"),
        ("5,dms,x", "unknown namespace 'dms'\n    did you mean 'dns'?"),
        ("5,,x", "unknown namespace ''\n    use 'dns', 'url', 'oid' or 'x500', or a UUID"),
    ],
)
def test_identifier_that_cannot_be_made_is_refused(runtime: Runtime, arguments: str, said: str) -> None:
    assert runtime.read(f"UUID({arguments})") == f"-1 ''\nWARNING {said}"
