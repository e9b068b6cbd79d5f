"""func_logic and func_global: conditions, and variables that more than one channel sees."""

from __future__ import annotations

import pytest
from module_runtime import Runtime, failed, value

NO_VALUE = "WARNING IF needs a condition and a value: IF(condition?[yes][:no])"
NO_TIMES = "WARNING IFTIME needs times and a value: IFTIME(times,weekdays,days,months[,zone]?[yes][:no])"

READS = [
    ("IF(1?yes:no)", value("yes")),
    ("IF(0?yes:no)", value("no")),
    ("IF(00?yes:no)", value("no")),
    ("IF(text?yes:no)", value("yes")),
    ("IF( 1 ? yes : no )", value("yes")),
    ("IF(1?yes)", value("yes")),
    ("IF(0?yes)", value("")),
    ("IF(1?:no)", value("")),
    ("IF(0?:no)", value("no")),
    ('IF(1?"a:b?":no)', value("a:b?")),
    ("IF(?yes:no)", failed("IF", NO_VALUE)),
    ("IF(1)", failed("IF", NO_VALUE)),
    ("IF()", failed("IF", NO_VALUE)),
    (f"IF(1?{'x' * 20_000})", value("x" * 20_000)),
    ("ISNULL()", value("1")),
    ("ISNULL(0)", value("0")),
    ("EXISTS()", value("0")),
    ("EXISTS(0)", value("1")),
    ("IFTIME(*,*,*,*?yes:no)", value("yes")),
    ("IFTIME(0:00-23:59?yes:no)", value("yes")),
    ('IFTIME(*,*,*,*?"a b":no)', value("a b")),
    ("IFTIME(*,*,*,*?:no)", value("")),
    ("IFTIME(*)", failed("IFTIME", NO_TIMES)),
    ("IFTIME(?yes)", failed("IFTIME", NO_TIMES)),
    (
        "IFTIME(24:00,fry,*,*?yes)",
        failed(
            "IFTIME",
            "WARNING '24:00' is not a time such as 9:00\n    write a value, a range or *",
            "WARNING 'fry' is not a day of the week such as mon\n    write a value, a range or *",
        ),
    ),
    ("SET(a=b)", value("b")),
    ("SET( a = b = c )", value("b = c")),
    ("SET(a=)", value("")),
    ("SET(a)", failed("SET", "WARNING SET needs a variable and a value: SET(variable=value)")),
    ("SET(=b)", failed("SET", "WARNING SET needs a variable and a value: SET(variable=value)")),
    ("VARIABLE_EXISTS(set)", value("1")),
    ("VARIABLE_EXISTS(never_set)", value("0")),
    (
        "VARIABLE_EXISTS()",
        failed("VARIABLE_EXISTS", "WARNING VARIABLE_EXISTS needs a variable: VARIABLE_EXISTS(variable)"),
    ),
    ("IMPORT(nobody,set)", value("")),
    ("IMPORT(nobody)", failed("IMPORT", "WARNING IMPORT needs a channel and a variable: IMPORT(channel,variable)")),
    ("GLOBAL(never_set)", value("")),
    ("GLOBAL()", failed("GLOBAL", "WARNING GLOBAL needs a variable: GLOBAL(variable)")),
    ("GLOBAL_EXISTS(never_set)", value("0")),
    ("SHARED(never_set)", value("")),
    ("SHARED()", failed("SHARED", "WARNING SHARED needs a variable: SHARED(variable)")),
    ("SHARED(a,nobody)", failed("SHARED", "WARNING SHARED: no such channel 'nobody'")),
]


@pytest.mark.parametrize(("function", "expected"), READS, ids=[function[:30] for function, _ in READS])
def test_function_gives_what_it_says(runtime: Runtime, function: str, expected: str) -> None:
    runtime.set("set", "x")
    assert runtime.read(function) == expected


def test_condition_is_looked_at_after_its_variables_are_replaced(runtime: Runtime) -> None:
    runtime.set("n", "3")
    said = runtime.ask("dialplan eval function IF($[${LEN(abc)} = 3]?three:other)")
    assert said.out == "Return Value: Success (0)\nResult: three\n"


def test_set_keeps_what_it_gives(runtime: Runtime) -> None:
    runtime.read("SET(kept=this)")
    assert runtime.get("kept") == "this"


def test_deleted_variable_is_gone_and_an_older_one_is_back(runtime: Runtime) -> None:
    runtime.set("doomed", "x")
    assert (runtime.write("DELETE(doomed)", ""), runtime.read("VARIABLE_EXISTS(doomed)")) == ("0", value("0"))
    assert runtime.write("DELETE()", "").startswith("-1\nWARNING DELETE needs a variable")


def test_global_variable_is_everybodys_until_it_is_deleted(runtime: Runtime) -> None:
    assert runtime.write("GLOBAL(everywhere)", "a, b") == "0"
    assert [runtime.read(text, "nobody") for text in ("GLOBAL(everywhere)", "GLOBAL_EXISTS(everywhere)")] == [
        value("a, b"),
        value("1"),
    ]
    assert runtime.ask("dialplan show globals").out.count("everywhere=a, b") == 1
    assert runtime.write("GLOBAL_DELETE(everywhere)", "") == "0"
    assert runtime.read("GLOBAL_EXISTS(everywhere)") == value("0")


def test_shared_variable_is_apart_and_belongs_to_its_channel(runtime: Runtime) -> None:
    runtime.set("apart", "own")
    assert runtime.write("SHARED(apart)", "shared") == "0"
    assert (runtime.read("SHARED(apart)"), runtime.get("apart")) == (value("shared"), "own")
    assert runtime.write("SHARED(apart)", "again") == "0"
    assert runtime.read("SHARED(apart)") == value("again")
    assert runtime.read("SHARED(apart)", "nobody").startswith("-1 ''\nWARNING SHARED needs a channel")
    assert runtime.write("SHARED(long)", "x" * 20_000) == "0"
    assert runtime.read("SHARED(long)") == value("x" * 20_000)


def test_module_whose_variables_are_on_a_channel_is_in_use(runtime: Runtime) -> None:
    assert runtime.write("SHARED(holds)", "x") == "0"
    assert runtime.ask("module unload func_global").err == "func_global.so has use count 1: something uses it\n"
