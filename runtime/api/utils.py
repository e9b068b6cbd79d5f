"""asterisk/utils.h: hashes, encodings, random numbers and files."""

from __future__ import annotations

import base64
import errno
import os
import re

from asterism.light.patterns import pattern
from asterism.values import TYPE_CHECKING
from runtime.api import bound, encode, put, required, text
from runtime.api.export import exported, hook

if TYPE_CHECKING:
    import hashlib
    from typing import Any

_ALPHABET = pattern(rb"[A-Za-z0-9+/]*")
_ALPHANUM, _MARK, _LEGACY_SPACE, _SIP_USER = 1 << 0, 1 << 1, 1 << 2, 1 << 20
_KEPT = {
    _ALPHANUM: "".join(filter(str.isalnum, map(chr, range(128)))),
    _MARK: "-_.!~*'()",
    _SIP_USER: "&=+$,;?/",
}
"""The characters that each flag of ``ast_uri_encode`` keeps."""
_LINE = 64
"""Characters of a base64 line."""


def _digest(kind: str, pointer: Any) -> hashlib._Hash:
    """The digest of a text; ``kind`` is ``md5`` or ``sha1``."""
    import hashlib  # 4 ms, with the crypto library: few modules digest

    return hashlib.new(kind, encode(required(pointer, "the text to hash")), usedforsecurity=False)


@exported("void ast_md5_hash(char *output, const char *input)")
def ast_md5_hash(output: Any, value: Any) -> None:
    """The MD5 digest as 32 hexadecimal digits and a NUL; an empty text for NULL."""
    put(output, 1, "")
    put(output, 33, _digest("md5", value).hexdigest())


@exported("void ast_sha1_hash(char *output, const char *input)")
def ast_sha1_hash(output: Any, value: Any) -> None:
    """The SHA-1 digest as 40 hexadecimal digits and a NUL; an empty text for NULL."""
    put(output, 1, "")
    put(output, 41, _digest("sha1", value).hexdigest())


@exported("void ast_sha1_hash_uint(uint8_t *digest, const char *input)")
def ast_sha1_hash_uint(digest: Any, value: Any) -> None:
    """The SHA-1 digest as 20 raw bytes."""
    bound().ffi.memmove(digest, _digest("sha1", value).digest(), 20)


def encoded(data: bytes, room: int, linebreaks: bool = False) -> bytes:
    """Base64 of as much data as gives at most ``room`` characters, in whole groups of four."""
    lines = base64.b64encode(data)
    if linebreaks:
        lines = b"\n".join(lines[at : at + _LINE] for at in range(0, len(lines), _LINE))
    if len(lines) <= room:
        return lines
    fits = max(room, 0) // 4 * 3 if not linebreaks else max(room, 0) // (_LINE + 1) * _LINE // 4 * 3
    return encoded(data[:fits], room, linebreaks) if fits < len(data) else lines[:room]


def decoded(text: bytes) -> bytes:
    """Decode base64 up to the first invalid character; incomplete bytes are dropped."""
    found = _ALPHABET.match(text)
    body = found[0] if found else b""
    body = body[: -1 if len(body) % 4 == 1 else None]
    return base64.b64decode(body + b"=" * (-len(body) % 4))


@exported(
    "int ast_base64encode_full(char *dst, const unsigned char *src, int srclen, int max, int linebreaks)", failure=0
)
def ast_base64encode_full(dst: Any, src: Any, srclen: int, most: int, linebreaks: int) -> int:
    """Encode into ``most`` bytes with the NUL; the number of bytes written without the NUL."""
    if most <= 0 or not dst:
        return 0
    data = encoded(bytes(bound().ffi.buffer(src, max(srclen, 0))), most - 1, bool(linebreaks))
    bound().ffi.memmove(dst, data + b"\0", len(data) + 1)
    return len(data)


@exported("int ast_base64encode(char *dst, const unsigned char *src, int srclen, int max)", failure=0)
def ast_base64encode(dst: Any, src: Any, srclen: int, most: int) -> int:
    """Encode into ``most`` bytes, without line breaks."""
    return ast_base64encode_full(dst, src, srclen, most, 0)


@exported("int ast_base64decode(unsigned char *dst, const char *src, int max)", failure=0)
def ast_base64decode(dst: Any, src: Any, most: int) -> int:
    """Decode at most ``most`` bytes; the number of bytes written.  A NUL follows if it fits."""
    if most <= 0 or not dst:
        return 0
    data = decoded(encode(required(src, "the text to decode")))[:most]
    bound().ffi.memmove(dst, (data + b"\0")[:most], min(len(data) + 1, most))
    return len(data)


def _new_string(data: bytes) -> Any:
    """A new C string, which the caller frees."""
    binding = bound()
    return binding.lib.asterism_copy(data, len(data))


@exported("char *ast_base64encode_string(const char *src)")
def ast_base64encode_string(src: Any) -> Any:
    """Encode into allocated memory."""
    return _new_string(base64.b64encode(encode(required(src, "the text to encode"))))


@exported("char *ast_base64decode_string(const char *src)")
def ast_base64decode_string(src: Any) -> Any:
    """Decode into allocated memory."""
    return _new_string(decoded(encode(required(src, "the text to decode"))))


def quoted(value: str, flags: int) -> str:
    """A text with ``%XX`` for each byte that the flags do not keep."""
    kept = set("".join(chars for flag, chars in _KEPT.items() if flags & flag).encode())
    blank = "+" if flags & _LEGACY_SPACE else "%20"
    return "".join(
        blank if byte == ord(" ") else chr(byte) if byte in kept else f"%{byte:02X}" for byte in encode(value)
    )


def unquoted(value: str, flags: int) -> str:
    """A text with ``%XX`` decoded; a ``%`` without two hexadecimal digits does not change."""
    data = encode(value)
    if flags & _LEGACY_SPACE:
        data = data.replace(b"+", b" ")
    data = re.sub(rb"%([0-9A-Fa-f]{2})", lambda found: bytes([int(found[1], 16)]), data)
    return data.decode("utf-8", "surrogateescape")


@hook("void asterism_uri_encode(const char *text, char *outbuf, int buflen, unsigned int flags)")
def uri_encode(value: Any, outbuf: Any, buflen: int, flags: int) -> None:
    """Encode a text for a URI (``ast_uri_encode``); an escape that does not fit completely is omitted."""
    pieces = re.findall(r"%..|.", quoted(required(value, "the text to encode"), flags))
    kept, room = 0, buflen - 1
    for piece in pieces:
        if len(piece) > room:
            break
        room -= len(piece)
        kept += 1
    put(outbuf, buflen, "".join(pieces[:kept]))


@hook("void asterism_uri_decode(char *text, unsigned int flags)")
def uri_decode(value: Any, flags: int) -> None:
    """Decode a text from a URI in place (``ast_uri_decode``); the result is never longer."""
    original = text(value)
    put(value, len(encode(original)) + 1, unquoted(original, flags))


@exported("long int ast_random(void)", failure=0)
def ast_random() -> int:
    """A number from 0 to 2^31 - 1."""
    return int.from_bytes(os.urandom(4), "big") >> 1


@exported("int ast_mkdir(const char *path, int mode)", failure=errno.EIO)
def ast_mkdir(path: Any, mode: int) -> int:
    """Create a directory and its parents: 0, or an errno."""
    try:
        os.makedirs(encode(required(path, "the path")), mode, exist_ok=True)
    except OSError as error:
        return error.errno or errno.EIO
    return 0


@exported("int ast_file_is_readable(const char *filename)", failure=0)
def ast_file_is_readable(filename: Any) -> int:
    """1 when the file can be read."""
    return int(bool(filename) and os.access(encode(text(filename)), os.R_OK))
