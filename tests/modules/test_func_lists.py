"""Functions of func_strings on lists, quotes, blanks and expressions, read and written as a C module does it."""

from __future__ import annotations

import csv
import io
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from module_runtime import Runtime, failed, value

LISTS = {"list": "one,two,three", "words": "a--b--a--c", "empty": ""}

READ = [
    # How many, and which.
    (r"FIELDQTY(list,\,)", value("3")),
    (r"FIELDQTY(list,\x2c)", value("3")),
    ("FIELDQTY(list,-)", value("1")),
    ("FIELDQTY(words,-)", value("7")),
    ("FIELDQTY(empty,-)", value("0")),
    ("FIELDQTY(unset,-)", value("0")),
    ("FIELDQTY(PASSTHRU(a/b),/)", value("2")),
    (
        "FIELDQTY(list)",
        failed("FIELDQTY", "ERROR FIELDQTY needs a variable and a delimiter: FIELDQTY(variable,delimiter)"),
    ),
    (
        r"FIELDQTY(list,\xg)",
        failed("FIELDQTY", r"ERROR '\x' is followed by 'g', which is not a hexadecimal digit"),
    ),
    (r"FIELDNUM(list,\,,two)", value("2")),
    (r"FIELDNUM(list,\\x2c,THREE)", value("3")),
    (r"FIELDNUM(list,\,,four)", value("0")),
    (r"FIELDNUM(list,\,,)", value("0")),
    ("FIELDNUM(words,-,)", value("2")),
    ("FIELDNUM(empty,-,)", value("0")),
    (
        "FIELDNUM(list,-)",
        failed(
            "FIELDNUM",
            "ERROR FIELDNUM needs a variable, a delimiter and an entry: FIELDNUM(variable,delimiter,entry)",
        ),
    ),
    (r"LISTFILTER(list,\,,two)", value("one,three")),
    ("LISTFILTER(list,,one)", value("two,three")),
    (r"LISTFILTER(list,\,,tw)", value("one,two,three")),
    ("LISTFILTER(words,--,a)", value("b--c")),
    ("LISTFILTER(words,--,)", value("a--b--a--c")),
    ("LISTFILTER(empty,-,a)", value("")),
    (
        "LISTFILTER(list)",
        failed(
            "LISTFILTER",
            "ERROR LISTFILTER needs a variable, a delimiter and an entry: LISTFILTER(variable,delimiter,entry)",
        ),
    ),
    ("SHIFT(empty)", value("")),
    ("POP(unset)", value("")),
    ("SHIFT()", failed("SHIFT", "WARNING SHIFT needs the name of a variable: SHIFT(variable[,delimiter])")),
    # Quotes.
    ('QUOTE(ab"c"de)', value(r'"ab\"c\"de"')),
    (r"QUOTE(a\b,c)", value(r'"a\\b,c"')),
    ("QUOTE()", value('""')),
    ('CSV_QUOTE("a,b" 123)', value('"""a,b"" 123"')),
    ("CSV_QUOTE()", value('""')),
    # Blanks.
    ("TRIM( \t x y \n)", value("x y")),
    ("LTRIM( x y )", value("x y ")),
    ("RTRIM( x y )", value(" x y")),
    ("TRIM()", value("")),
    # Expressions.
    ('REGEX("^a.*b$" axxb)', value("1")),
    ('REGEX("^a.*b$"axxb)', value("1")),
    ('REGEX("^ a"  a)', value("1")),
    ('REGEX("[0-9]+(a|b)" 12c)', value("0")),
    (r'REGEX("a\"b" a"b)', value("1")),
    ('REGEX("" anything)', value("1")),
    ('REGEX("a")', value("0")),
    (
        "REGEX(abc)",
        failed("REGEX", 'ERROR REGEX needs an expression in quotes and a text: REGEX("expression" text)'),
    ),
    (
        'REGEX("open)',
        failed("REGEX", 'ERROR REGEX needs an expression in quotes and a text: REGEX("expression" text)'),
    ),
    ("KEYPADHASH(Les)", value("537")),
    ("KEYPADHASH(abc-WXYZ 019)", value("2229999019")),
    ("KEYPADHASH()", value("")),
    ("STRBETWEEN(list,-)", value("o-n-e-,-t-w-o-,-t-h-r-e-e")),
    ("STRBETWEEN(empty,-)", value("")),
    (
        "STRBETWEEN(list)",
        failed("STRBETWEEN", "ERROR STRBETWEEN needs a variable and a text: STRBETWEEN(variable,text)"),
    ),
    ("PASSTHRU(a,b)", value("a,b")),
    ("PASSTHRU()", value("")),
    ("EVAL(${list} and $[1 + 1])", value("one,two,three and 2")),
    ("EVAL()", failed("EVAL", "WARNING EVAL needs a text: EVAL(text)")),
]


@pytest.fixture(params=["somebody", "nobody"])
def who(request: pytest.FixtureRequest, runtime: Runtime) -> str:
    """A channel with the lists, or none while they are global."""
    who: str = request.param
    for name, text in LISTS.items():
        runtime.set(name, text, who)
    return who


@pytest.mark.parametrize(("expression", "expected"), READ, ids=[text[:30] for text, _ in READ])
def test_function_gives_its_value_and_says_what_is_wrong(
    runtime: Runtime, who: str, expression: str, expected: str
) -> None:
    assert runtime.read(expression, who) == expected


def test_wrong_expression_is_told_with_its_fault(runtime: Runtime) -> None:
    told = runtime.read('REGEX("(" x)')
    assert re.sub(r"expression: .*", "expression: (why)", told) == failed(
        "REGEX", "WARNING REGEX: '(' is not a regular expression: (why)"
    )


@pytest.mark.parametrize(
    ("function", "taken", "left"),
    [
        ("SHIFT(list)", "one", "two,three"),
        ("POP(list)", "three", "one,two"),
        ("SHIFT(words,-)", "a", "-b--a--c"),
        ("POP(words,b)", "--a--c", "a--"),
        ("SHIFT(list,-)", "one,two,three", "(none)"),
        ("POP(list,-)", "one,two,three", "(none)"),
    ],
)
def test_entry_is_taken_off_the_list(runtime: Runtime, who: str, function: str, taken: str, left: str) -> None:
    assert runtime.read(function, who) == value(taken)
    assert runtime.get("list" if "list" in function else "words", who) == left


@pytest.mark.parametrize(
    ("function", "text", "expected"),
    [
        ("PUSH(list)", "four,five", "one,two,three,four,five"),
        ("UNSHIFT(list)", "zero", "zero,one,two,three"),
        ("PUSH(list,/)", "x", "one,two,three/x"),
        ("PUSH(list)", "", "one,two,three,"),
    ],
)
def test_entries_are_put_into_the_list(runtime: Runtime, who: str, function: str, text: str, expected: str) -> None:
    assert runtime.write(function, text, who) == "0"
    assert runtime.get("list", who) == expected


def test_first_entry_makes_the_list(runtime: Runtime, who: str) -> None:
    assert runtime.write("PUSH(empty)", "one", who) == "0"
    assert runtime.get("empty", who) == "one"


def test_array_sets_each_variable_to_its_value(runtime: Runtime, who: str) -> None:
    assert runtime.write("ARRAY(first,second,third)", '1,"2,3"', who) == "0"
    assert [runtime.get(name, who) for name in ("first", "second", "third")] == ["1", "2,3", "(none)"]


def test_array_without_variables_or_with_too_many_is_refused(runtime: Runtime) -> None:
    said = "WARNING ARRAY needs the names of 1 to 100 variables: ARRAY(variable[,variable...])"
    failure = "WARNING writing the function 'ARRAY' failed\n    the log may say why"
    for names in ("", ",".join(f"v{number}" for number in range(101))):
        assert runtime.write(f"ARRAY({names})", "1") == "\n".join(["-1", said, failure])


# ---- against the same in Python

TEXT = st.text('ab", \\;-', max_size=16)
ENTRIES = st.lists(st.text("abc", max_size=3), min_size=1, max_size=5)


@settings(deadline=None, max_examples=60)
@given(TEXT)
def test_quoted_text_is_one_field_of_a_table(runtime: Runtime, text: str) -> None:
    runtime.set("text", text)
    answer = runtime.read("EVAL(${CSV_QUOTE(${text})})")
    answer = answer.removeprefix("0 '").removesuffix("'")
    assert next(csv.reader(io.StringIO(answer))) == [text]


@settings(deadline=None, max_examples=60)
@given(ENTRIES)
def test_entries_taken_one_by_one_are_the_list(runtime: Runtime, entries: list[str]) -> None:
    runtime.set("text", "/".join(entries))
    assert [runtime.read("SHIFT(text,/)") for _ in entries] == [value(entry) for entry in entries]
    assert runtime.get("text") == "(none)"


@settings(deadline=None, max_examples=60)
@given(ENTRIES)
def test_entries_pushed_one_by_one_are_the_list(runtime: Runtime, entries: list[str]) -> None:
    runtime.set("text", "")
    for entry in entries:
        runtime.write("PUSH(text,/)", entry)
    # What is pushed onto nothing begins the list anew.
    while len(entries) > 1 and not entries[0]:
        entries = entries[1:]
    assert runtime.get("text") == ("/".join(entries) or "(none)")
