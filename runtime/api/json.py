"""asterisk/json.h: Python's :mod:`json` parses texts; the values are in C (runtime/native/json/json.c)."""

from __future__ import annotations

import datetime
import json
import math
import struct

from asterism.light.patterns import pattern
from asterism.parsing import time_zone
from asterism.values import TYPE_CHECKING, dataclass
from runtime.api import bound, put, required
from runtime.api.export import hook

if TYPE_CHECKING:
    from typing import Any, NoReturn

DEEPEST = 500
"""``JSON_DEEPEST`` of runtime/native/json/json.h."""

_LEAST, _MOST = -(1 << 63), (1 << 63) - 1
_TOKEN = pattern(r'"(?:[^"\\]|\\.)*"|-?Infinity|NaN|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?|[\[\]{}]')
_NUL = pattern(r"\\u0000")
_HALF = pattern(r"\\u(?:[dD][89abAB]..(?!\\u[dD][c-fC-F]..)|(?<!\\u[dD][89abAB]..\\u)[dD][c-fC-F]..)")


@dataclass(slots=True)
class UnreadableError(Exception):
    """The reason why a text is not JSON, for ``struct ast_json_error``."""

    reason: str
    line: int = 1
    column: int = 1
    """In characters, from 1."""
    position: int = 0
    """In bytes, from 0."""


class _RefusedError(ValueError):
    """A literal that Python's json accepts and this module refuses."""

    def __init__(self, reason: str, literal: str) -> None:
        super().__init__(reason)
        self.literal = literal


def _integer(literal: str) -> int:
    number = int(literal) if len(literal) <= 20 else _MOST + 1
    if not _LEAST <= number <= _MOST:
        raise _RefusedError("an integer has more than 64 bits", literal)
    return number


def _real(literal: str) -> float:
    number = float(literal)
    if math.isinf(number):
        raise _RefusedError("a real is too large", literal)
    return number


def _constant(literal: str) -> NoReturn:
    raise _RefusedError(f"{literal} is not JSON", literal)


_DECODER = json.JSONDecoder(parse_int=_integer, parse_float=_real, parse_constant=_constant)


def _at(text: str, at: int, reason: str) -> UnreadableError:
    """A reason with the place of a character."""
    before = text[:at]
    return UnreadableError(
        reason, before.count("\n") + 1, at - before.rfind("\n"), len(before.encode("utf-8", "surrogateescape"))
    )


def _place_of(text: str, literal: str) -> int:
    """The position of the first occurrence of a literal outside of strings.  The text before it is JSON."""
    return next((found.start() for found in _TOKEN.finditer(text) if found[0] == literal), 0)


def _too_deep(text: str) -> UnreadableError | None:
    depth = 0
    for found in _TOKEN.finditer(text):
        depth += (found[0] in "[{") - (found[0] in "]}")
        if depth > DEEPEST:
            return _at(text, found.start(), f"the text is nested more than {DEEPEST} levels deep")
    return None


def loads(data: bytes) -> Any:
    """Read an array or an object.  Raises UnreadableError."""
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        kept = data.decode("utf-8", "surrogateescape")
        raise _at(kept, len(data[: error.start].decode()), f"the byte 0x{data[error.start]:02x} is not UTF-8") from None
    if text.lstrip(" \t\r\n")[:1] not in ("[", "{"):
        raise _at(text, len(text) - len(text.lstrip(" \t\r\n")), "the text must begin with '[' or '{'")
    # Counting brackets is cheap; brackets in strings only cause the slower check.
    if (data.count(b"[") + data.count(b"{")) > DEEPEST and (deep := _too_deep(text)):
        raise deep
    try:
        value = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        reason = error.msg[:1].lower() + error.msg[1:].removesuffix(" at").removesuffix(" starting")
        raise _at(text, error.pos, reason) from None
    except _RefusedError as refused:
        raise _at(text, _place_of(text, refused.literal), str(refused)) from None
    except RecursionError:
        raise UnreadableError("the text is nested too deeply") from None
    return value


def _add_text(tokens: list[bytes], text: str) -> None:
    data = text.encode()
    if b"\0" in data:
        raise _RefusedError("a text has a NUL character", "")
    tokens += (struct.pack("=I", len(data)), data, b"\0")


def _add(tokens: list[bytes], value: Any) -> None:
    if isinstance(value, str):
        tokens.append(b"s")
        _add_text(tokens, value)
    elif value is None or isinstance(value, bool):
        tokens.append({None: b"n", True: b"t", False: b"f"}[value])
    elif isinstance(value, int):
        tokens.append(struct.pack("=cq", b"i", value))
    elif isinstance(value, float):
        tokens.append(struct.pack("=cd", b"r", value))
    elif isinstance(value, dict):
        tokens.append(struct.pack("=cI", b"o", len(value)))
        for key, entry in value.items():
            _add_text(tokens, key)
            _add(tokens, entry)
    else:
        tokens.append(struct.pack("=cI", b"a", len(value)))
        for entry in value:
            _add(tokens, entry)


def tokens_of(value: Any) -> bytes:
    """A Python value as tokens for ``asterism_json_build`` of runtime/native/core.h.

    Raises:
        ValueError: a text has a NUL character or half a character (UnicodeEncodeError).
    """
    tokens: list[bytes] = []
    _add(tokens, value)
    return b"".join(tokens)


def understood(data: bytes) -> bytes:
    """Parse a text into tokens.  Raises UnreadableError."""
    value = loads(data)
    try:
        return tokens_of(value)
    except UnicodeEncodeError:
        text, pattern, reason = data.decode(), _HALF, "half a character"
    except _RefusedError as refused:
        text, pattern, reason = data.decode(), _NUL, str(refused)
    found = pattern.search(text)
    raise _at(text, found.start() if found else 0, reason)


@hook("struct ast_json *asterism_json_parse(const char *text, size_t length, struct ast_json_error *error)")
def json_parse(pointer: Any, length: int, error: Any) -> Any:
    """Parse a text into a new value, or NULL and the reason (``ast_json_load_buf`` of main/json.c)."""
    binding = bound()
    try:
        tokens = understood(bytes(binding.ffi.buffer(pointer, length)))
    except UnreadableError as unreadable:
        if error:
            error.line, error.column, error.position = unreadable.line, unreadable.column, unreadable.position
            put(error.text, binding.ffi.sizeof(error.text), unreadable.reason)
        return binding.ffi.NULL
    return binding.lib.asterism_json_build(tokens, len(tokens))


@hook("int asterism_zone_text(long seconds, int microseconds, const char *zone, char *buf, size_t size)", failure=-1)
def zone_text(seconds: int, microseconds: int, zone: Any, buf: Any, size: int) -> int:
    """Format a time in a time zone as ISO 8601 (``ast_json_timeval`` of main/json.c)."""
    name = required(zone, "the time zone")
    where = time_zone(name)
    moment = datetime.datetime.fromtimestamp(seconds, where)
    put(buf, size, f"{moment:%Y-%m-%dT%H:%M:%S}.{microseconds // 1000:03}{moment:%z}")
    return 0
