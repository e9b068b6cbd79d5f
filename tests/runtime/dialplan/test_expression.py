"""``$[...]``: the operators of Asterisk's dialplan, their precedence, and their answers to odd operands."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runtime.dialplan.expression import evaluate


class World:
    """Functions an expression may call, and what it warns of."""

    def __init__(self) -> None:
        self.warnings: list[str] = []

    def call(self, name: str, arguments: str) -> str | None:
        return {"LEN": str(len(arguments)), "ECHO": arguments}.get(name)

    def warn(self, text: str) -> None:
        self.warnings.append(text)


def value(text: str) -> str:
    world = World()
    result = evaluate(text, world)
    assert world.warnings == []
    return result


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("", ""),
        ("7", "7"),
        ("1 + 2 * 3", "7"),
        ("(1 + 2) * 3", "9"),
        ("10 - 3 - 2", "5"),
        ("2*-3", "-6"),
        ("- 2 + 5", "3"),
        ("7 % 3", "1"),
        ("-7 % 3", "-1"),
        ("7.5 % 2", "1.5"),
        ("1 / 3", "0.333333333333333333"),
        ("0.1 + 0.2", "0.3"),
        ("9007199254740993 + 0", "9007199254740993"),
        ("1000000000 * 1000000000", "1e+18"),
        ("1 / 100000", "1e-05"),
        ("1 < 2", "1"),
        ("2 >= 10", "0"),
        ("1.0 = 1", "1"),
        ("abc = abc", "1"),
        ('"a b" = "a b"', "1"),
        ("a < b", "1"),
        ("1 != 1", "0"),
        ("0 | 5", "5"),
        ("3 | 5", "3"),
        ("abc & 0", "0"),
        ("3 & 5", "3"),
        ("1 = 1 & 2 = 3", "0"),
        ("0 || 1 && 1", "1"),
        ("!0", "1"),
        ("!5", "0"),
        ("!abc", "1"),
        ("!0.5", "1"),
        ("1 ? yes :: no", "yes"),
        ("0 ? yes :: no", "no"),
        ('"" ? yes :: no', "no"),
        ("0 ? a :: 0 ? b :: c", "c"),
        ('"abcdef" : "abc"', "3"),
        ('"abcdef" : "bcd"', "0"),
        ('"abcdef" =~ "bcd"', "3"),
        ('"abcdef" =~ "b(.)d"', "c"),
        ('"abc" =~ "x(.)"', ""),
        ('"a1" =~ "[[:digit:]]"', "1"),
        ('"abc" ~~ "def"', "abcdef"),
        ("abc$def", "abc$def"),
        ("SQRT(16)", "4"),
        ("ROUND(2.5)", "3"),
        ("ABS(0-4)", "4"),
        ("POW(2,10)", "1024"),
        ("LEN(abcd)", "4"),
        ("LEN(ab,cd) + 1", "6"),
        ("ECHO(xy)", "xy"),
        ("1.2.3 = 1.2.3", "1"),
    ],
)
def test_an_expression_has_the_value_it_has_in_asterisk(text, result):
    assert value(text) == result


@pytest.mark.parametrize(
    ("text", "result", "warning"),
    [
        ("abc + 1", "1", "'abc' is not a number"),
        ("1 - abc", "1", "'abc' is not a number"),
        ("abc * 2", "0", "'abc' is not a number"),
        ("1 / 0", "2147483647", "division by zero"),
        ("5 % 0", "0", "division by zero"),
        ("hello world", "0", "'hello world' is not an expression: unexpected 'world'"),
        ("1 +", "0", "'1 +' is not an expression: unexpected 'end'"),
        ("(1", "0", "'(1' is not an expression: expected ')' before 'the end'"),
        ("1 ? 2", "0", "'1 ? 2' is not an expression: expected '::' before 'the end'"),
        ('"open', "0", "'\"open' is not an expression: unexpected '\"'"),
        ("SQRT(1,2)", "0", "SQRT takes 1 argument, not 2"),
        ("LOG(0)", "0", "LOG(0): math domain error"),
        ('"a" =~ "("', "", "'(' is not a regular expression: missing ), unterminated subpattern at position 0"),
        ("(" * 200, "0", f"'{'(' * 200}' is not an expression: too many parentheses"),
    ],
)
def test_what_makes_no_sense_is_told_and_has_a_value_all_the_same(text, result, warning):
    world = World()
    assert (evaluate(text, world), world.warnings) == (result, [warning])


@pytest.mark.parametrize(
    ("text", "result"),
    [
        (f"{'9' * 400} % 3", "0"),
        (f"{'1' * 400} % 7", "5"),
        (f"7 % {'9' * 400}", "7"),
        (f"{'9' * 5000} * {'9' * 5000}", "inf"),
        (f"!{'9' * 5000}", "0"),
        (f"!x{'9' * 5000}", "1"),
        ("!0.5", "1"),
        ("EXP(700) % 3", "0"),
        (f"({'9' * 4000} * {'9' * 4000}) - ({'9' * 4000} * {'9' * 4000})", "nan"),
    ],
)
def test_numbers_have_no_size_that_breaks_an_expression(text, result):
    assert value(text) == result


@pytest.mark.parametrize("pattern", ["a{99999999999}", "a{" + "9" * 5000 + "}", "[[a", "(?P<a>.)(?P<a>.)"])
def test_a_pattern_that_python_cannot_compile_is_told(pattern):
    world = World()
    assert evaluate(f'"a" : "{pattern}"', world) == ""
    assert len(world.warnings) == 1


@settings(deadline=None, max_examples=200)
@given(st.text(alphabet='01a."()+-*/%|&=!<>?:~ ,$[]é', max_size=25))
def test_any_text_has_a_value(text: str):
    assert isinstance(evaluate(text, World()), str)


NUMBERS = st.integers(-(10**8), 10**8)


@settings(deadline=None, max_examples=200)
@given(NUMBERS, NUMBERS, NUMBERS)
def test_whole_numbers_calculate_exactly(a: int, b: int, c: int):
    assert evaluate(f"({a}) + ({b}) * ({c})", World()) == str(a + b * c)
