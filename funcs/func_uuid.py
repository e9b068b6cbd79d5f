"""The function UUID: universally unique identifiers.

/*** MODULEINFO
    <support_level>extended</support_level>
***/
"""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Callable

from asterism.errors import AsterismError, Fault
from asterism.names import did_you_mean
from asterism.words import either
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
"""The namespaces of RFC 9562 by name; any UUID may be used as a namespace too."""

DESCRIPTION = """\
Gives 36 characters: 3b2f1d5e-6f0a-4c7b-9a57-2f1c8d0e4b61. A UUID of version 4
is random. A UUID of version 7 begins with the time: such UUIDs sort in the
order of their creation. A UUID of version 5 is computed from a name and is
always the same for the same name: UUID(5,dns,example.org)."""

ARGUMENTS = """\
version   - 4, 5 or 7; 4 if omitted.
namespace - for version 5: dns, url, oid, x500 or a UUID.
name      - for version 5: the name; it may contain commas."""


def ordered_by_time() -> uuid.UUID:
    """A UUID of version 7: 48 bits of milliseconds since 1970, then 74 random bits (RFC 9562, 5.7)."""
    milliseconds = time.time_ns() // 1_000_000
    number = milliseconds << 80 | int.from_bytes(os.urandom(10), "big")
    number = number & ~(0xF << 76) | 0x7 << 76
    number = number & ~(0x3 << 62) | 0x2 << 62
    return uuid.UUID(int=number)


MAKERS: dict[str, Callable[[], uuid.UUID]] = {"4": uuid.uuid4, "7": ordered_by_time}
"""The versions that take no arguments."""


def _fault(what: str, cure: str, code: str) -> AsterismError:
    return AsterismError(Fault(what, cure=cure, code=code))


def namespace_of(text: str) -> uuid.UUID:
    """A namespace by its name or as a UUID.  Raises AsterismError when the text is neither."""
    if text.lower() in NAMESPACES:
        return NAMESPACES[text.lower()]
    try:
        return uuid.UUID(text)
    except ValueError:
        cure = did_you_mean(text, NAMESPACES) or f"use {either(NAMESPACES)}, or a UUID"
        raise _fault(f"unknown namespace '{text}'", cure, "unknown-namespace") from None


def named(arguments: str) -> uuid.UUID:
    """The version 5 UUID of ``namespace,name``."""
    namespace, comma, name = arguments.partition(",")
    if not comma or not name:
        raise _fault("version 5 needs a namespace and a name", "write UUID(5,namespace,name)", "no-name")
    digested = namespace_of(namespace.strip()).bytes + name.encode("utf-8", "surrogateescape")
    return uuid.UUID(bytes=_sha1(digested)[:16], version=5)


def _sha1(data: bytes) -> bytes:
    import hashlib  # needed by version 5 only

    return hashlib.sha1(data, usedforsecurity=False).digest()


def make(arguments: str) -> str:
    """Create a UUID from the arguments ``[version[,namespace,name]]``.

    Raises:
        AsterismError: the version is unknown, or there are too few or too many arguments.
    """
    version, comma, rest = arguments.partition(",")
    version = version.strip() or "4"
    if version == "5":
        return str(named(rest))
    if version not in MAKERS:
        raise _fault(f"UUID version '{version}' is not supported", "use 4, 5 or 7", "unknown-version")
    if comma and rest.strip():
        raise _fault(f"version {version} takes no arguments", "only version 5 takes a namespace and a name", "too-many")
    return str(MAKERS[version]())


@function(
    "UUID",
    synopsis="Creates a universally unique identifier.",
    syntax="UUID([version[,namespace,name]])",
    arguments=ARGUMENTS,
    description=DESCRIPTION,
)
def read_uuid(_channel: Channel | None, arguments: str) -> str:
    """Read UUID(version,namespace,name)."""
    return make(arguments)
