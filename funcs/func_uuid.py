"""The function UUID: an identifier like no other.

/*** MODULEINFO
    <support_level>extended</support_level>
***/
"""

from __future__ import annotations

import secrets
import time
import uuid
from collections.abc import Callable

from asterism.errors import AsterismError, Fault
from asterism.names import did_you_mean, either
from runtime.api.channel import Channel
from runtime.api.module import ModuleInfo, SupportLevel
from runtime.api.pbx import function

MODULE = ModuleInfo("Universally unique identifiers", support_level=SupportLevel.EXTENDED)

NAMESPACES = {
    "dns": uuid.NAMESPACE_DNS,
    "url": uuid.NAMESPACE_URL,
    "oid": uuid.NAMESPACE_OID,
    "x500": uuid.NAMESPACE_X500,
}
"""Those of RFC 9562 by name; any UUID may be one as well."""

DESCRIPTION = """\
Gives 36 characters: 3b2f1d5e-6f0a-4c7b-9a57-2f1c8d0e4b61. A version 4 UUID is
random. Those of version 7 begin with the time, so that they sort in the order
in which they were made. That of version 5 is made from a name, always the same
one for the same name: UUID(5,dns,example.org)."""

ARGUMENTS = """\
version   - 4 when it is missing, 5 or 7.
namespace - for version 5: dns, url, oid, x500 or a UUID.
name      - for version 5: the name; commas in it do no harm."""


def ordered_by_time() -> uuid.UUID:
    """A UUID of version 7: 48 bits of milliseconds since 1970, then 74 random ones (RFC 9562, 5.7)."""
    milliseconds = time.time_ns() // 1_000_000
    number = milliseconds << 80 | secrets.randbits(80)
    number = number & ~(0xF << 76) | 0x7 << 76
    number = number & ~(0x3 << 62) | 0x2 << 62
    return uuid.UUID(int=number)


MAKERS: dict[str, Callable[[], uuid.UUID]] = {"4": uuid.uuid4, "7": ordered_by_time}
"""Versions that need nothing but their number."""


def _fault(what: str, cure: str, code: str) -> AsterismError:
    return AsterismError(Fault(what, cure=cure, code=code))


def namespace_of(text: str) -> uuid.UUID:
    """The namespace of that name, or that UUID.  Raises AsterismError when it is neither."""
    if text.lower() in NAMESPACES:
        return NAMESPACES[text.lower()]
    try:
        return uuid.UUID(text)
    except ValueError:
        cure = did_you_mean(text, NAMESPACES) or f"use {either(NAMESPACES)}, or a UUID"
        raise _fault(f"'{text}' is no namespace", cure, "unknown-namespace") from None


def named(arguments: str) -> uuid.UUID:
    """The version 5 UUID of ``namespace,name``."""
    namespace, comma, name = arguments.partition(",")
    if not comma or not name:
        raise _fault("version 5 is made from a name", "write UUID(5,namespace,name)", "no-name")
    digested = namespace_of(namespace.strip()).bytes + name.encode("utf-8", "surrogateescape")
    return uuid.UUID(bytes=_sha1(digested)[:16], version=5)


def _sha1(data: bytes) -> bytes:
    import hashlib  # only version 5 wants it

    return hashlib.sha1(data, usedforsecurity=False).digest()


def make(arguments: str) -> str:
    """The UUID that ``[version[,namespace,name]]`` asks for.

    Raises:
        AsterismError: there is no such version, or its arguments are missing or too many.
    """
    version, comma, rest = arguments.partition(",")
    version = version.strip() or "4"
    if version == "5":
        return str(named(rest))
    if version not in MAKERS:
        raise _fault(f"there is no UUID of version '{version}' here", "use 4, 5 or 7", "unknown-version")
    if comma and rest.strip():
        raise _fault(f"version {version} takes no arguments", "only version 5 is made from a name", "too-many")
    return str(MAKERS[version]())


@function(
    "UUID",
    synopsis="Makes an identifier like no other.",
    syntax="UUID([version[,namespace,name]])",
    arguments=ARGUMENTS,
    description=DESCRIPTION,
)
def read_uuid(_channel: Channel | None, arguments: str) -> str:
    """What the dialplan gets."""
    return make(arguments)
