"""The C modules under the address and undefined-behaviour sanitizers, with the cases of all other tests here."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import test_app_exec
import test_app_set
import test_app_verbose
import test_dialplan_calls
import test_func_codes
import test_func_json
import test_func_lists
import test_func_logic
import test_func_math
import test_func_strings
from hypothesis import given, settings
from hypothesis import strategies as st
from module_runtime import CC, Runtime, compile_module, value

# What the sanitizers add leads that warning of gcc astray.
SANITIZE = ("-fsanitize=address,undefined", "-fno-sanitize-recover=undefined", "-Wno-stringop-overread")


def library(name: str) -> str:
    """Where the compiler has a library; its bare name when it has none."""
    words = [CC, f"-print-file-name={name}"]
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture(scope="module")
def sanitized(tree: Path, project: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runtime]:
    """A running asterism whose C modules check themselves."""
    asan = library("libasan.so")
    if not Path(asan).is_absolute():
        pytest.skip("needs the address sanitizer")
    # What Python itself keeps until the end would drown what a module leaks.
    environment = {"LD_PRELOAD": asan, "ASAN_OPTIONS": "detect_leaks=0:abort_on_error=1"}
    running = Runtime(tree, tmp_path_factory.mktemp("sanitized"), environment)
    running.prepare()
    sources = [source for name in ("res", "apps", "funcs") for source in (project / name).glob("*.c")]
    for source in [*sources, Path(__file__).parent / "res_probe.c"]:
        compile_module(tree, source, running.modules, *SANITIZE)
    running.start()
    try:
        yield running
        assert running.stop() == 0, running.output
        assert "Sanitizer" not in running.output
    finally:
        running.stop()


def test_json_is_decoded_without_anything_undefined(sanitized: Runtime) -> None:
    sanitized.set("DOC", test_func_json.TEXT)
    read = {path: sanitized.read(f"JSON_DECODE(DOC,{path})") for path, _ in test_func_json.CASES}
    assert read == {path: value(expected) for path, expected in test_func_json.CASES}


@pytest.mark.parametrize("who", ["somebody", "nobody"])
def test_functions_do_nothing_that_is_undefined(sanitized: Runtime, who: str) -> None:
    for name, text in (test_func_strings.VARIABLES | test_func_lists.LISTS).items():
        sanitized.set(name, text, who)
    cases = [*test_func_strings.CASES, *test_func_lists.READ, *test_func_math.CASES, *test_func_codes.CASES]
    assert {text: sanitized.read(text, who) for text, _ in cases} == dict(cases)


@pytest.mark.parametrize("who", ["somebody", "nobody"])
def test_applications_do_nothing_that_is_undefined(sanitized: Runtime, who: str) -> None:
    sanitized.set("name", "Ada", who)
    cases: list[tuple[str, str | None, str]] = [
        *(("Verbose", data, f"0\n{said}") for data, said in test_app_verbose.VERBOSE),
        *(("Log", data, f"0\n{said}") for data, said in test_app_verbose.LOG),
        *(("Exec", data, expected) for data, expected, _ in test_app_exec.CALLS),
        *(("ExecIf", data, expected) for data, expected in test_app_exec.CHOICES),
        *((name, data, expected) for name, data, expected, _ in test_app_set.SETS),
    ]
    given = [(name, data, sanitized.execute(name, data, who)) for name, data, _ in cases]
    assert given == cases


def test_conditions_do_nothing_that_is_undefined(sanitized: Runtime) -> None:
    sanitized.set("set", "x")
    assert {text: sanitized.read(text) for text, _ in test_func_logic.READS} == dict(test_func_logic.READS)


@pytest.mark.parametrize("text", test_dialplan_calls.CALLS)
def test_calls_do_nothing_that_is_undefined(sanitized: Runtime, text: str) -> None:
    assert test_dialplan_calls.values(test_dialplan_calls.call(sanitized, text)) == test_dialplan_calls.CALLS[text]


FUNCTIONS = [
    *("BASE64_DECODE", "CUT", "FILTER", "MATH", "RAND", "REPLACE", "STAT", "STRREPLACE", "URIDECODE", "UUID"),
    *("IF", "IFTIME", "SET", "IMPORT", "VARIABLE_EXISTS", "GLOBAL", "GLOBAL_EXISTS", "SHARED"),
    *("FIELDNUM", "FIELDQTY", "LISTFILTER", "POP", "QUOTE", "REGEX", "SHIFT", "STRBETWEEN", "AST_CONFIG", "IFMODULE"),
    *("HASH", "HASHKEYS", "STRFTIME", "STRPTIME"),
]
# What arguments are made of, more often than chance would have it.
PIECES = st.one_of(
    st.sampled_from(
        ["word", "list", ",", ",", "-", "&", "\\", "\\x", "\\0", "\\\\", '"', "(", ")", "[", "%", "=", "1", "2-", "-9"]
    ),
    st.sampled_from(["AND", "<<", ">=", "*", "^", "1e9", "0x7f", "int", "char", "f", "\udc80", " ", "?", ":", ";"]),
    st.characters(exclude_characters="\0"),
)
ARGUMENTS = st.lists(PIECES, max_size=12).map("".join)


@settings(deadline=None, max_examples=300)
@given(st.sampled_from(FUNCTIONS), ARGUMENTS)
def test_function_takes_anything(sanitized: Runtime, function: str, arguments: str) -> None:
    assert sanitized.read(f"{function}({arguments})").startswith(("0 '", "-1 ''"))


@settings(deadline=None, max_examples=150)
@given(
    st.sampled_from(["Verbose", "Log", "Exec", "TryExec", "ExecIf", "Set", "MSet", "NoOp"]),
    ARGUMENTS,
)
def test_application_takes_anything(sanitized: Runtime, application: str, data: str) -> None:
    assert sanitized.execute(application, data).split("\n")[0] in ("0", "-1")


def test_commands_and_rest_do_nothing_that_is_undefined(sanitized: Runtime) -> None:
    lines = ["ulimit", "ulimit core", "ulimit core 0", "ulimit file unlimited", "ulimit x", "ulimit core x y"]
    for line in lines:
        sanitized.ask(line)
    sanitized.complete("ulimit ")
    sanitized.complete("ulimit core ")
    for step in range(3):
        sanitized.set("count", str(step))
        assert sanitized.read("INC(count)") == f"0 '{step + 1}'"
        assert sanitized.write("ENV(SANITIZED)", str(step)) == "0"
        assert sanitized.read("STAT(d,/)") == "0 '1'"
        assert sanitized.read("RAND(5,5)") == "0 '5'"


def test_unloading_and_loading_does_nothing_that_is_undefined(sanitized: Runtime) -> None:
    for module in sorted(sanitized.modules.glob("*.so")):
        if module.stem != "res_probe":
            assert sanitized.ask(f"module refresh {module.name} recursively").status == 0
