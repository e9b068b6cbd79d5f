"""MATH, INC and DEC, read as a C module reads them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from module_runtime import Runtime, failed, value

USAGE = "WARNING MATH needs two numbers and an operator: MATH(number operator number[,type])"
BEYOND = "does not fit into a 64-bit integer"

CASES = [
    ("MATH(1+2)", value("3.000000")),
    ("MATH(10-20)", value("-10.000000")),
    ("MATH(6*7,int)", value("42")),
    ("MATH(10/4)", value("2.500000")),
    ("MATH(123%16,int)", value("11")),
    ("MATH(2^10,i)", value("1024")),
    ("MATH(170AND63,i)", value("42")),
    ("MATH(170 AND 63,i)", value("42")),
    ("MATH(40OR2,i)", value("42")),
    ("MATH(63XOR21,i)", value("42")),
    ("MATH(21<<1,i)", value("42")),
    ("MATH(84>>1,i)", value("42")),
    ("MATH(1<<40,i)", value("1099511627776")),
    ("MATH(1<2)", value("TRUE")),
    ("MATH(2<1,int)", value("FALSE")),
    ("MATH(2>1)", value("TRUE")),
    ("MATH(1<=1)", value("TRUE")),
    ("MATH(1>=2)", value("FALSE")),
    ("MATH(1==1.0)", value("TRUE")),
    ("MATH(1==2)", value("FALSE")),
    # Signs, exponents, hexadecimal numbers and blanks.
    ("MATH(-3+5,i)", value("2")),
    ("MATH(3--5,i)", value("8")),
    ("MATH(-3-5,i)", value("-8")),
    ("MATH(3*-5,i)", value("-15")),
    ("MATH(10/-2,i)", value("-5")),
    ("MATH(1e3+1,i)", value("1001")),
    ("MATH(1e-3-1)", value("-0.999000")),
    ("MATH(0x10+1,i)", value("17")),
    ("MATH( 1 + 2 ,int)", value("3")),
    ("MATH(-7%3,i)", value("-1")),
    # Types of the result.
    ("MATH(1+2,float)", value("3.000000")),
    ("MATH(1+2,F)", value("3.000000")),
    ("MATH(7/2,int)", value("3")),
    ("MATH(-7/2,int)", value("-3")),
    ("MATH(250+5,hex)", value("ff")),
    ("MATH(0-1,h)", value("ffffffff")),
    ("MATH(0-4294967296,h)", value("ffffffff00000000")),
    ("MATH(64+1,char)", value("A")),
    ("MATH(2147483647+1,int)", value("2147483648")),
    ("MATH(1e300*1e300)", value("inf")),
    # Where there is no answer.
    ("MATH(1/0)", value("0.000000", "WARNING MATH: division by zero, 0 is used")),
    ("MATH(1%0,i)", value("0", "WARNING MATH: remainder of a division by zero, 0 is used")),
    ("MATH(-9223372036854775808%-1,i)", value("0")),
    ("MATH()", failed("MATH", USAGE)),
    ("MATH(,int)", failed("MATH", USAGE)),
    (
        "MATH(5)",
        failed("MATH", "WARNING MATH: one of + - * / % ^ AND OR XOR << >> < > <= >= == is expected at ''"),
    ),
    (
        "MATH(1=1)",
        failed("MATH", "WARNING MATH: one of + - * / % ^ AND OR XOR << >> < > <= >= == is expected at '=1'"),
    ),
    ("MATH(a+b)", failed("MATH", "WARNING MATH: a number is expected at 'a+b'")),
    ("MATH(1+)", failed("MATH", "WARNING MATH: a number is expected at ''")),
    ("MATH(1+2+3)", failed("MATH", "WARNING MATH takes two numbers and one operator; '+3' is left over")),
    ("MATH(1+2,double)", failed("MATH", "WARNING MATH: unknown type 'double'; use float, int, hex or char")),
    ("MATH(1<<64,i)", failed("MATH", "WARNING MATH: cannot shift a number by 64 bits, only by 0 to 63")),
    ("MATH(1>>-1,i)", failed("MATH", "WARNING MATH: cannot shift a number by -1 bits, only by 0 to 63")),
    ("MATH(1e300*1,int)", failed("MATH", f"WARNING MATH: 1e+300 {BEYOND}")),
    ("MATH(1e300 AND 1)", failed("MATH", f"WARNING MATH: 1e+300 {BEYOND}")),
    ("MATH(1e300*1e300,hex)", failed("MATH", f"WARNING MATH: inf {BEYOND}")),
    ("MATH(0*1,char)", failed("MATH", "WARNING MATH: 0 is not a character code")),
    ("MATH(200+100,char)", failed("MATH", "WARNING MATH: 300 is not a character code")),
    ("MATH(\udcff+1)", failed("MATH", "WARNING MATH: a number is expected at '\udcff+1'")),
]


@pytest.mark.parametrize(("expression", "expected"), CASES, ids=[text for text, _ in CASES])
def test_math_gives_its_result_and_says_what_is_wrong(runtime: Runtime, expression: str, expected: str) -> None:
    assert runtime.read(expression) == expected


def test_large_result_is_not_cut(runtime: Runtime) -> None:
    assert runtime.read("MATH(10^300)") == value(f"{10.0**300:f}")


@settings(deadline=None, max_examples=60)
@given(st.integers(-(2**31), 2**31), st.integers(1, 2**31), st.sampled_from("+-*"))
def test_whole_numbers_compute_as_in_python(runtime: Runtime, left: int, right: int, operator: str) -> None:
    result = {"+": left + right, "-": left - right, "*": left * right}[operator]
    if abs(result) < 2**53:
        assert runtime.read(f"MATH({left}{operator}{right},int)") == value(str(result))


STEPS = [
    ("41", "INC", "42"),
    ("0", "DEC", "-1"),
    ("-1", "INC", "0"),
    (" 7", "INC", "8"),
    ("2147483647", "INC", "2147483648"),
    ("-2147483648", "DEC", "-2147483649"),
]


@pytest.mark.parametrize(("before", "function", "after"), STEPS)
def test_step_changes_the_variable_and_gives_its_new_value(
    runtime: Runtime, before: str, function: str, after: str
) -> None:
    runtime.set("count", before)
    assert runtime.read(f"{function}(count)") == value(after)
    assert runtime.get("count") == after


UNCOUNTABLE = ["five", "1.5", "5 apples", "9223372036854775807", "99999999999999999999"]


@pytest.mark.parametrize("before", UNCOUNTABLE)
def test_what_cannot_be_counted_on_stays_as_it_is(runtime: Runtime, before: str) -> None:
    runtime.set("count", before)
    said = f"NOTICE INC: the variable 'count' holds '{before}', which is not an integer of 64 bits"
    assert runtime.read("INC(count)") == failed("INC", said)
    assert runtime.get("count") == before


@pytest.mark.parametrize(
    ("expression", "who", "said"),
    [
        ("INC()", "somebody", "WARNING INC needs the name of a variable: INC(variable)"),
        ("DEC(unset)", "somebody", "NOTICE DEC: the variable 'unset' has no value"),
        ("INC(count)", "nobody", "WARNING INC needs a channel, because it changes a channel variable"),
    ],
)
def test_step_fails_without_a_variable(runtime: Runtime, expression: str, who: str, said: str) -> None:
    assert runtime.read(expression, who) == failed(expression[:3], said)
