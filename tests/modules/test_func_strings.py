"""LEN, TOUPPER, TOLOWER, FILTER, REPLACE, STRREPLACE and CUT, read as a C module reads them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from module_runtime import Runtime, failed, value

LONG = "x" * 20_000
NOT_UTF8 = "a\udcffb"

CASES = [
    ("LEN()", value("0")),
    ("LEN(hello)", value("5")),
    ("LEN(a,b)", value("3")),
    ("LEN(grün)", value("5")),
    (f"LEN({NOT_UTF8})", value("3")),
    (f"LEN({LONG})", value("20000")),
    ("TOUPPER(Example, and more)", value("EXAMPLE, AND MORE")),
    ("TOUPPER()", value("")),
    ("TOUPPER(grün)", value("GRüN")),
    (f"TOUPPER({NOT_UTF8})", value("A\udcffB")),
    (f"TOUPPER({LONG})", value(LONG.upper())),
    ("TOLOWER(Example)", value("example")),
    ("TOLOWER()", value("")),
    # What is allowed, ranges and escapes.
    ("FILTER(0-9,+1 (555) 010-9999)", value("15550109999")),
    ("FILTER(A-R,0042133333&DAHDI/g1/2212)", value("DAHDI")),
    (r"FILTER(A\-R,0042133333&DAHDI/g1/2212)", value("A")),
    (r"FILTER(\x41-R,0042133333&DAHDI/g1/2212)", value("DAHDI")),
    (r"FILTER(\0101-\0122,0042133333&DAHDI/g1/2212)", value("DAHDI")),
    ("FILTER(0-9A-Ca-c,0042133333&DAHDI/g1/2212)", value("0042133333A12212")),
    ("FILTER(a-,a-b)", value("a")),
    (r"FILTER(a\,b,a,b;c)", value("a,b")),
    (r"FILTER(\t\n,no tab)", value("")),
    ("FILTER(,anything)", value("")),
    ("FILTER(abc,)", value("")),
    (rf"FILTER(a\xff,{NOT_UTF8})", value("a\udcff")),
    (f"FILTER(x,{LONG})", value(LONG)),
    ("FILTER(abc)", failed("FILTER", "ERROR FILTER needs characters and a text: FILTER(allowed-characters,text)")),
    ("FILTER()", failed("FILTER", "ERROR FILTER needs characters and a text: FILTER(allowed-characters,text)")),
    (
        r"FILTER(\xg,abc)",
        failed("FILTER", r"ERROR '\x' is followed by 'g', which is not a hexadecimal digit"),
    ),
    (
        "FILTER(x-b,abxyz)",
        value(
            "abxyz",
            "WARNING FILTER: the range from 'x' to 'b' wraps around: its start is after its end",
        ),
    ),
    (
        'FILTER("a",a"b)',
        value('a"', 'WARNING FILTER: the quote (") counts as one of the allowed characters'),
    ),
    # REPLACE and STRREPLACE take the name of a variable.
    ("REPLACE(word,l,L)", value("heLLo")),
    ("REPLACE(word,lo,-)", value("he---")),
    ("REPLACE(word,l)", value("heo")),
    ("REPLACE(word,l,)", value("heo")),
    ("REPLACE(word,l,xyz)", value("hexxo")),
    ("REPLACE(word,z,-)", value("hello")),
    (r"REPLACE(list,\,,-)", value("one-two-three")),
    (r"REPLACE(list,\\x2c,-)", value("one-two-three")),
    (r"REPLACE(list,\,,\n)", value("one\ntwo\nthree")),
    ("REPLACE(TOUPPER(abc),B,-)", value("A-C")),
    ("REPLACE(unset,a,b)", value("")),
    ("REPLACE(long,x,y)", value("y" * 20_000)),
    (
        "REPLACE(word)",
        failed("REPLACE", "ERROR REPLACE needs a variable and characters: REPLACE(variable,characters[,replacement])"),
    ),
    (
        "REPLACE(,a,b)",
        failed("REPLACE", "ERROR REPLACE needs a variable and characters: REPLACE(variable,characters[,replacement])"),
    ),
    (
        "REPLACE(word,,b)",
        failed("REPLACE", "ERROR REPLACE needs a variable and characters: REPLACE(variable,characters[,replacement])"),
    ),
    ("STRREPLACE(word,l,LL)", value("heLLLLo")),
    ("STRREPLACE(word,l,LL,1)", value("heLLlo")),
    ("STRREPLACE(word,l)", value("heo")),
    ("STRREPLACE(word,l,,1)", value("helo")),
    ("STRREPLACE(word,hello,)", value("")),
    ("STRREPLACE(word,xyz,abc)", value("hello")),
    ("STRREPLACE(word,l,L,0)", value("heLLo")),
    ("STRREPLACE(word,l,L,-1)", value("heLLo")),
    ("STRREPLACE(word,l,L,1,anything)", value("heLlo")),
    ("STRREPLACE(foo,foofoo,bar)", value("barbarfoo")),
    ("STRREPLACE(unset,a,b)", value("")),
    ("STRREPLACE(long,x,yy)", value("y" * 40_000)),
    (
        "STRREPLACE(word,l,L,many)",
        value("heLLo", "WARNING STRREPLACE: 'many' is not a whole number; all occurrences are replaced"),
    ),
    (
        "STRREPLACE(word)",
        failed(
            "STRREPLACE",
            "ERROR STRREPLACE needs a variable and a text to find: STRREPLACE(variable,find[,replacement[,count]])",
        ),
    ),
    (
        "STRREPLACE(word,,b)",
        failed(
            "STRREPLACE",
            "ERROR STRREPLACE needs a variable and a text to find: STRREPLACE(variable,find[,replacement[,count]])",
        ),
    ),
    # CUT: one field, ranges, several of them, delimiters.
    ("CUT(dashed,-,1)", value("a")),
    ("CUT(dashed,,2)", value("b")),
    ("CUT(dashed,-,2-3)", value("b-c")),
    ("CUT(dashed,-,3-)", value("c-d-e")),
    ("CUT(dashed,-,-2)", value("a-b")),
    ("CUT(dashed,-,1&3)", value("a-c")),
    ("CUT(dashed,-,1-2&4-)", value("a-b-d-e")),
    ("CUT(dashed,-, 2 )", value("b")),
    ("CUT(dashed,-,9)", value("")),
    ("CUT(dashed,-,4-2)", value("")),
    (r"CUT(list,\,,2)", value("two")),
    (r"CUT(list,\\x2c,3)", value("three")),
    ("CUT(TOUPPER(a/b),/,2)", value("B")),
    ("CUT(unset,-,1)", value("")),
    ("CUT(word,-,1)", value("hello")),
    ("CUT(long,-,1)", value(LONG)),
    (
        "CUT(dashed,-,3&1)",
        value("c", "WARNING CUT: field 1 is out of order; fields must be in ascending order, from 1 on"),
    ),
    (
        "CUT(dashed,-,0)",
        value("", "WARNING CUT: field 0 is out of order; fields must be in ascending order, from 1 on"),
    ),
    (
        "CUT(dashed,-)",
        failed("CUT", "ERROR CUT needs a variable, a delimiter and fields: CUT(variable,delimiter,fields)"),
    ),
    ("CUT(,-,1)", failed("CUT", "ERROR CUT needs a variable, a delimiter and fields: CUT(variable,delimiter,fields)")),
    ("CUT(dashed,-,)", failed("CUT", "ERROR CUT: '' is neither a field nor a range such as 2-4, 2- or -4")),
    ("CUT(dashed,-,-)", failed("CUT", "ERROR CUT: '-' is neither a field nor a range such as 2-4, 2- or -4")),
    ("CUT(dashed,-,2x)", failed("CUT", "ERROR CUT: '2x' is neither a field nor a range such as 2-4, 2- or -4")),
    ("CUT(dashed,-,1&&2)", failed("CUT", "ERROR CUT: '' is neither a field nor a range such as 2-4, 2- or -4")),
]

VARIABLES = {
    "word": "hello",
    "foo": "foofoofoofoofoo",
    "list": "one,two,three",
    "dashed": "a-b-c-d-e",
    "long": LONG,
}


@pytest.fixture(scope="module", params=["somebody", "nobody"])
def who(request: pytest.FixtureRequest, runtime: Runtime) -> str:
    """A channel with the variables, or none while the variables are global."""
    who: str = request.param
    for name, text in VARIABLES.items():
        runtime.set(name, text, who)
    return who


@pytest.mark.parametrize(("expression", "expected"), CASES, ids=[text[:30] for text, _ in CASES])
def test_function_gives_its_value_and_says_what_is_wrong(
    runtime: Runtime, who: str, expression: str, expected: str
) -> None:
    assert runtime.read(expression, who) == expected


def test_variable_stays_as_it_is_when_its_value_is_changed(runtime: Runtime, who: str) -> None:
    for function in ("REPLACE(word,l,L)", "STRREPLACE(word,l,L)", "CUT(word,l,1)"):
        runtime.read(function, who)
    assert runtime.get("word", who) == "hello"


def test_value_is_cut_to_the_buffer_of_the_caller(runtime: Runtime) -> None:
    assert runtime.ask('probe_copy nobody "TOUPPER(a text of many letters)"').out == "0 'A TEXT OF MANY '\n"


# ---- against the same in Python

WORDS = st.text("abc-x", max_size=20)
FIELD = st.integers(1, 6)


@settings(deadline=None, max_examples=80)
@given(WORDS, st.text("abc-", min_size=1, max_size=3), st.text("abx", max_size=3), st.integers(0, 4))
def test_strreplace_replaces_as_python_does(runtime: Runtime, text: str, find: str, new: str, count: int) -> None:
    runtime.set("text", text)
    assert runtime.read(f"STRREPLACE(text,{find},{new},{count})") == value(text.replace(find, new, count or -1))


@settings(deadline=None, max_examples=80)
@given(WORDS, st.text("abc", min_size=1, max_size=3), st.sampled_from(["", "y"]))
def test_replace_translates_as_python_does(runtime: Runtime, text: str, find: str, new: str) -> None:
    runtime.set("text", text)
    table = dict.fromkeys(map(ord, find), new)
    assert runtime.read(f"REPLACE(text,{find},{new})") == value(text.translate(table))


@settings(deadline=None, max_examples=80)
@given(WORDS, st.text("abx", max_size=3))
def test_filter_keeps_what_is_allowed(runtime: Runtime, text: str, allowed: str) -> None:
    assert runtime.read(f"FILTER({allowed},{text})") == value("".join(char for char in text if char in allowed))


@settings(deadline=None, max_examples=80)
@given(WORDS, FIELD, FIELD)
def test_cut_slices_as_python_does(runtime: Runtime, text: str, first: int, last: int) -> None:
    runtime.set("text", text)
    fields = text.split("-")[first - 1 : last]
    assert runtime.read(f"CUT(text,-,{first}-{last})") == value("-".join(fields))
