"""``$[...]``: arithmetic, comparison, logic and matching, as the dialplan writes them.

Mirrors main/ast_expr2.y and ast_expr2.fl: the same operators, the same precedence, the same answers to
operands of the wrong kind.  Numbers have 18 significant digits.

::

    expr    = chosen ;
    chosen  = binary, { "?", expr, "::", binary } ;
    binary  = unary, { operator, unary } ;          by precedence: | & (= != < > <= >=) (+ -) (* / %)
    unary   = ("-" | "!"), unary | matched ;
    matched = atom, { (":" | "=~" | "~~"), atom } ;
    atom    = "(", expr, ")" | NAME, "(", [ expr, { ",", expr } ], ")" | NUMBER | TEXT ;
"""

from __future__ import annotations

import decimal
import math
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import NamedTuple, Protocol

from asterism.parsing import regular_expression
from asterism.values import dataclass
from asterism.words import counted

INT_MAX = Decimal(2**31 - 1)
MOST_NESTING = 50
"""Parentheses in parentheses, before an expression is refused."""

_TOKEN = re.compile(
    r"""\s+
      | (?P<operator> \|\|? | &&? | ==? (?!~) | =~ | ~~ | >=? | <=? | != | :: | [-+,*/%?!:()] )
      | (?P<number> \d+(?:\.\d+)? (?![\w.';\\^\#@\x80-\U0010ffff]) )
      | (?P<text> "[^"]*" | (?:[\w.';\\^\#@\x80-\U0010ffff] | \$(?!\{).)+ )
    """,
    re.VERBOSE | re.DOTALL,
)
_SAME = {"||": "|", "&&": "&", "==": "="}
_CONTEXT = decimal.Context(prec=21, Emax=4932, Emin=-4932, traps=[])
_DIGITS = decimal.Context(prec=18)
_EXACT = decimal.Context(prec=10000, Emax=decimal.MAX_EMAX, Emin=decimal.MIN_EMIN, traps=[])
"""As many digits as the difference in size of two numbers can ask for."""


class Environment(Protocol):
    """What an expression may ask of the world."""

    def call(self, name: str, arguments: str) -> str | None:
        """The value of a dialplan function, or None when it has none (it was reported)."""

    def warn(self, text: str) -> None:
        """Something is odd, but the evaluation goes on."""


_CLASSES = {
    "alnum": "a-zA-Z0-9",
    "alpha": "a-zA-Z",
    "blank": r" \t",
    "cntrl": r"\x00-\x1f\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": r"!-/:-@\[-`{-~",
    "space": r"\s",
    "upper": "A-Z",
    "xdigit": "0-9a-fA-F",
}
_CLASS = re.compile(rf"\[:({'|'.join(_CLASSES)}):\]")


class Syntax(Exception):  # noqa: N818 (it is caught below, and never leaves this room)
    """The text is not an expression."""


@dataclass(frozen=True, slots=True)
class Value:
    """An operand: a number, a text that looks like one, or any other text."""

    text: str
    number: Decimal | None = None
    """None for a text that is not a number."""

    @property
    def is_empty(self) -> bool:
        """Whether it counts as false in ``|`` and ``&``."""
        return not self.text or self.number == 0


class Token(NamedTuple):
    """A lexeme; ``kind`` is ``operator``, ``number``, ``text`` or ``end``."""

    kind: str
    text: str


def _number(number: Decimal | int) -> Value:
    value = Decimal(number)
    # A result that is not a number (such as the difference of two infinities) is left out of further arithmetic.
    return Value("nan") if value.is_nan() else Value(_written(value), value)


def _written(number: Decimal) -> str:
    """A number as C's ``%.18Lg`` writes it."""
    if not number.is_finite():
        return str(float(number))
    rounded = _DIGITS.plus(number)
    if rounded == 0:
        return "0"
    exponent = rounded.adjusted()
    if -5 < exponent < 18:
        text = f"{rounded:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    digits = f"{rounded.scaleb(-exponent):f}"
    return f"{digits.rstrip('0').rstrip('.') if '.' in digits else digits}e{exponent:+03d}"


def _text(text: str) -> Value:
    """A text, which is a number when it consists of digits and dots (``make_str``)."""
    found = re.match(r"\d+(\.\d*)?|\.\d+", text)
    if found and re.fullmatch(r"[\d.]+", text):
        return Value(text, Decimal(found[0]))
    return Value(text)


def _unquoted(value: Value) -> str:
    text = value.text
    return text.replace('"', "") if len(text) > 1 and text[0] == text[-1] == '"' else text


def _tokens(source: str) -> list[Token]:
    tokens: list[Token] = []
    at = 0
    while at < len(source):
        found = _TOKEN.match(source, at)
        if found is None:
            raise Syntax(f"unexpected '{source[at]}'")
        at = found.end()
        if found.lastgroup:
            tokens.append(Token(found.lastgroup, _SAME.get(found[0], found[0])))
    return [*tokens, Token("end", "")]


# ---- operators -----------------------------------------------------------------------------------


def _compare(holds: Callable[[int], bool]) -> Callable[[Value, Value, Environment], Value]:
    def operate(left: Value, right: Value, _env: Environment) -> Value:
        if left.number is None or right.number is None:
            one, other = (side.text.encode("utf-8", "surrogateescape") for side in (left, right))
            return _number(holds((one > other) - (one < other)))
        return _number(holds((left.number > right.number) - (left.number < right.number)))

    return operate


def _or(left: Value, right: Value, _env: Environment) -> Value:
    return right if left.is_empty else left


def _and(left: Value, right: Value, _env: Environment) -> Value:
    return _number(0) if left.is_empty or right.is_empty else left


def _plus(left: Value, right: Value, env: Environment) -> Value:
    if left.number is None:
        env.warn(f"'{left.text}' is not a number")
        return _number(0) if right.number is None else right
    if right.number is None:
        return left
    return _number(_CONTEXT.add(left.number, right.number))


def _minus(left: Value, right: Value, env: Environment) -> Value:
    if left.number is None:
        env.warn(f"'{left.text}' is not a number")
        return _number(0) if right.number is None else _number(-right.number)
    if right.number is None:
        env.warn(f"'{right.text}' is not a number")
        return left
    return _number(_CONTEXT.subtract(left.number, right.number))


def _times(left: Value, right: Value, env: Environment) -> Value:
    if left.number is None or right.number is None:
        env.warn(f"'{(left if left.number is None else right).text}' is not a number")
        return _number(0)
    return _number(_CONTEXT.multiply(left.number, right.number))


def _divide(left: Value, right: Value, env: Environment) -> Value:
    if left.number is None:
        env.warn(f"'{left.text}' is not a number")
        return _number(0)
    if not right.number:
        env.warn("division by zero" if right.number is not None else f"'{right.text}' is not a number")
        return _number(INT_MAX)
    return _number(_CONTEXT.divide(left.number, right.number))


def _remainder(left: Value, right: Value, env: Environment) -> Value:
    if left.number is None or right.number is None:
        env.warn(f"'{(left if left.number is None else right).text}' is not a number")
        return _number(0)
    if right.number == 0:
        env.warn("division by zero")
        return right
    return _number(_fmod(left.number, right.number))


def _fmod(left: Decimal, right: Decimal) -> Decimal:
    """What C's ``fmod`` leaves; numbers beyond its range are exact, and an infinite one leaves no number."""
    one, other = float(left), float(right)
    if math.isfinite(one) and other:
        return Decimal(repr(math.fmod(one, other)))
    return _EXACT.remainder(left, right)


def _compiled(pattern: str) -> re.Pattern[str]:
    """A regular expression, with the character classes of POSIX: ``[[:digit:]]``.  Raises ValueError."""
    return regular_expression(_CLASS.sub(lambda found: _CLASSES[found[1]], pattern))


def _matching(anchored: bool) -> Callable[[Value, Value, Environment], Value]:
    def operate(left: Value, right: Value, env: Environment) -> Value:
        subject = _unquoted(left)
        try:
            pattern = _compiled(_unquoted(right))
        except ValueError as error:
            env.warn(f"'{_unquoted(right)}' is not a regular expression: {error}")
            return _text("")
        found = pattern.match(subject) if anchored else pattern.search(subject)
        if found is None:
            return _text("") if pattern.groups else _number(0)
        if pattern.groups and found[1] is not None:
            return _text(found[1])
        return _number(found.end() - found.start())

    return operate


def _join(left: Value, right: Value, _env: Environment) -> Value:
    return _text(_unquoted(left) + _unquoted(right))


Operator = Callable[[Value, Value, Environment], Value]

BINARY: tuple[dict[str, Operator], ...] = (
    {"|": _or},
    {"&": _and},
    {
        "=": _compare(lambda order: order == 0),
        "!=": _compare(lambda order: order != 0),
        ">": _compare(lambda order: order > 0),
        "<": _compare(lambda order: order < 0),
        ">=": _compare(lambda order: order >= 0),
        "<=": _compare(lambda order: order <= 0),
    },
    {"+": _plus, "-": _minus},
    {"*": _times, "/": _divide, "%": _remainder},
)
"""Binary operators, those that bind least first."""

LEVELS = {operator: level for level, operators in enumerate(BINARY) for operator in operators}
"""How much each of them binds."""

MATCHING: dict[str, Operator] = {":": _matching(True), "=~": _matching(False), "~~": _join}

MATHEMATICS: dict[str, tuple[int, Callable[..., float]]] = {
    "COS": (1, math.cos),
    "SIN": (1, math.sin),
    "TAN": (1, math.tan),
    "ACOS": (1, math.acos),
    "ASIN": (1, math.asin),
    "ATAN": (1, math.atan),
    "ATAN2": (2, math.atan2),
    "POW": (2, math.pow),
    "SQRT": (1, math.sqrt),
    "FLOOR": (1, math.floor),
    "CEIL": (1, math.ceil),
    "ROUND": (1, lambda x: math.copysign(math.floor(abs(x) + 0.5), x)),
    "RINT": (1, round),
    "TRUNC": (1, math.trunc),
    "EXP": (1, math.exp),
    "EXP2": (1, lambda x: 2.0**x),
    "EXP10": (1, lambda x: 10.0**x),
    "LOG": (1, math.log),
    "LOG2": (1, math.log2),
    "LOG10": (1, math.log10),
    "REMAINDER": (2, math.remainder),
    "ABS": (1, abs),
}
"""Functions an expression has of its own: how many arguments, and what they do."""


def _negate(value: Value, env: Environment) -> Value:
    if value.number is None:
        env.warn(f"'{value.text}' is not a number")
        return _number(0)
    return _number(-value.number)


def _not(value: Value) -> Value:
    if value.number is not None:
        return _number(abs(value.number) < 1)
    return _number(not re.match(r"\s*[-+]?0*[1-9]", value.text))  # whether atoi makes 0 of it


def _holds(value: Value) -> bool:
    if value.number is None:
        return value.text not in ("", '""', "0")
    return value.number != 0


# ---- the parser ----------------------------------------------------------------------------------


class _Parser:
    def __init__(self, source: str, env: Environment) -> None:
        self._rest = _tokens(source)[::-1]
        self._env = env
        self._depth = 0

    @property
    def _next(self) -> Token:
        return self._rest[-1]

    def _take(self, *operators: str) -> str:
        """The next token's text when it is one of these operators, otherwise an empty string."""
        if self._next.kind == "operator" and self._next.text in operators:
            return self._rest.pop().text
        return ""

    def _expect(self, operator: str) -> None:
        if not self._take(operator):
            raise Syntax(f"expected '{operator}' before '{self._next.text or 'the end'}'")

    def whole(self) -> Value:
        if self._next.kind == "end":
            return Value("")
        value = self._expr()
        if self._next.kind != "end":
            raise Syntax(f"unexpected '{self._next.text}'")
        return value

    def _expr(self) -> Value:
        self._depth += 1
        if self._depth > MOST_NESTING:
            raise Syntax("too many parentheses")
        value = self._binary(0)
        while self._take("?"):
            chosen = self._expr()
            self._expect("::")
            other = self._binary(0)
            value = chosen if _holds(value) else other
        self._depth -= 1
        return value

    def _binary(self, least: int) -> Value:
        """Operands and operators that bind at least so much, by precedence climbing."""
        value = self._unary()
        while self._next.kind == "operator" and LEVELS.get(self._next.text, -1) >= least:
            operator = self._rest.pop().text
            level = LEVELS[operator]
            value = BINARY[level][operator](value, self._binary(level + 1), self._env)
        return value

    def _unary(self) -> Value:
        signs: list[str] = []
        while sign := self._take("-", "!"):
            signs.append(sign)
        value = self._matched()
        for sign in reversed(signs):
            value = _negate(value, self._env) if sign == "-" else _not(value)
        return value

    def _matched(self) -> Value:
        value = self._atom()
        while operator := self._take(*MATCHING):
            value = MATCHING[operator](value, self._atom(), self._env)
        return value

    def _atom(self) -> Value:
        if self._take("("):
            value = self._expr()
            self._expect(")")
            return value
        token = self._rest.pop() if self._next.kind != "end" else self._next
        if token.kind == "number":
            return Value(token.text, Decimal(token.text))
        if token.kind != "text":
            raise Syntax(f"unexpected '{token.text or 'end'}'")
        if self._take("("):
            return self._called(token.text, self._arguments())
        return Value(token.text)

    def _arguments(self) -> list[Value]:
        arguments: list[Value] = []
        while not self._take(")"):
            arguments.append(Value("") if self._next.text == "," else self._expr())
            if not self._take(","):
                self._expect(")")
                break
        return arguments

    def _called(self, name: str, arguments: Sequence[Value]) -> Value:
        if name in MATHEMATICS:
            return self._calculated(name, arguments)
        value = self._env.call(name, ",".join(argument.text for argument in arguments))
        if value is None:
            return _number(0)
        return _text(value.strip()) if re.fullmatch(r"\s*-?[\d.]+\s*", value) else Value(value)

    def _calculated(self, name: str, arguments: Sequence[Value]) -> Value:
        count, function = MATHEMATICS[name]
        if len(arguments) != count:
            self._env.warn(f"{name} takes {counted(count, 'argument')}, not {len(arguments)}")
            return _number(0)
        try:
            return _number(Decimal(repr(function(*(float(argument.number or 0) for argument in arguments)))))
        except (ValueError, OverflowError) as error:
            self._env.warn(f"{name}({', '.join(argument.text for argument in arguments)}): {error}")
            return _number(0)


def evaluate(source: str, env: Environment) -> str:
    """The value of an expression, its variables already replaced.

    Of a text that is no expression, ``0``, after a warning that says what is wrong (``ast_str_expr``).
    """
    try:
        return _Parser(source, env).whole().text
    except Syntax as error:
        env.warn(f"'{source}' is not an expression: {error}")
        return "0"
