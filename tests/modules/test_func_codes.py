"""MD5, SHA1, BASE64_ENCODE, BASE64_DECODE, URIENCODE and URIDECODE, read as a C module reads them."""

from __future__ import annotations

import base64
import hashlib
import urllib.parse

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from module_runtime import Runtime, failed, value

LONG = "x" * 20_000
BYTES = "a\udcffb"

CASES = [
    ("MD5(hello)", value("5d41402abc4b2a76b9719d911017c592")),
    ("MD5(a,b)", value(hashlib.md5(b"a,b").hexdigest())),
    (f"MD5({LONG})", value(hashlib.md5(LONG.encode()).hexdigest())),
    (f"MD5({BYTES})", value(hashlib.md5(b"a\xffb").hexdigest())),
    ("MD5()", failed("MD5", "WARNING MD5 needs the text to hash: MD5(text)")),
    ("SHA1(hello)", value("aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d")),
    (f"SHA1({LONG})", value(hashlib.sha1(LONG.encode()).hexdigest())),
    ("SHA1()", failed("SHA1", "WARNING SHA1 needs the text to hash: SHA1(text)")),
    ("BASE64_ENCODE(hello)", value("aGVsbG8=")),
    ("BASE64_ENCODE(a,b)", value("YSxi")),
    (f"BASE64_ENCODE({LONG})", value(base64.b64encode(LONG.encode()).decode())),
    (f"BASE64_ENCODE({BYTES})", value("Yf9i")),
    ("BASE64_ENCODE()", failed("BASE64_ENCODE", "WARNING BASE64_ENCODE needs the text to encode: BASE64_ENCODE(text)")),
    ("BASE64_DECODE(aGVsbG8=)", value("hello")),
    ("BASE64_DECODE(aGVsbG8)", value("hello")),
    ("BASE64_DECODE(aGVsbG8= )", value("hello")),
    ("BASE64_DECODE(Yf9i)", value(BYTES)),
    (f"BASE64_DECODE({base64.b64encode(LONG.encode()).decode()})", value(LONG)),
    (
        "BASE64_DECODE(aGVs!bG8=)",
        value("hel", "WARNING BASE64_DECODE: byte 5 is not base64; it and all bytes after it are ignored"),
    ),
    (
        "BASE64_DECODE(aGVsb)",
        value("hel", "WARNING BASE64_DECODE: the last of 5 characters is incomplete and is ignored"),
    ),
    (
        "BASE64_DECODE(YQBi)",
        value("a", "WARNING BASE64_DECODE: the decoded data has a NUL at byte 2, which ends the text"),
    ),
    ("BASE64_DECODE()", failed("BASE64_DECODE", "WARNING BASE64_DECODE needs the text to decode: BASE64_DECODE(text)")),
    ("URIENCODE(a b/c?d=e&f)", value("a%20b%2Fc%3Fd%3De%26f")),
    ("URIENCODE(-_.!~*')", value("-_.!~*'")),
    ("URIENCODE(grün)", value("gr%C3%BCn")),
    (f"URIENCODE({BYTES})", value("a%FFb")),
    ("URIENCODE(" + "ü" * 5_000 + ")", value("%C3%BC" * 5_000)),
    ("URIENCODE()", value("")),
    ("URIDECODE(a%20b%2fc)", value("a b/c")),
    ("URIDECODE(a+b)", value("a+b")),
    ("URIDECODE(100%)", value("100%")),
    ("URIDECODE(%zz%4)", value("%zz%4")),
    ("URIDECODE(%FF)", value("\udcff")),
    ("URIDECODE(" + "%41" * 5_000 + ")", value("A" * 5_000)),
    ("URIDECODE()", value("")),
    ("URIDECODE(a%00b)", value("a", "WARNING URIDECODE: %00 is a NUL, which ends the text")),
]


@pytest.mark.parametrize(("expression", "expected"), CASES, ids=[text[:30] for text, _ in CASES])
def test_function_gives_its_value_and_says_what_is_wrong(runtime: Runtime, expression: str, expected: str) -> None:
    assert runtime.read(expression, "nobody") == expected


@pytest.mark.parametrize("function", ["MD5", "SHA1"])
def test_digest_is_cut_to_the_buffer_of_the_caller(runtime: Runtime, function: str) -> None:
    whole = runtime.read(f"{function}(hello)").split("'")[1]
    assert runtime.ask(f"probe_copy nobody {function}(hello)").out == f"0 '{whole[:15]}'\n"


# Without what ends a function's arguments, takes them apart, or is a variable.
TEXTS = st.text(st.characters(exclude_characters="\0${}()[]", exclude_categories=["Cs"]), min_size=1, max_size=60)


@settings(deadline=None, max_examples=60)
@given(TEXTS)
def test_what_was_encoded_is_decoded_again(runtime: Runtime, text: str) -> None:
    encoded = base64.b64encode(text.encode()).decode()
    quoted = urllib.parse.quote(text, safe="-_.!~*'")
    assert runtime.read(f"BASE64_ENCODE({text})") == value(encoded)
    assert runtime.read(f"BASE64_DECODE({encoded})") == value(text)
    assert runtime.read(f"URIENCODE({text})") == value(quoted)
    assert runtime.read(f"URIDECODE({quoted})") == value(text)
