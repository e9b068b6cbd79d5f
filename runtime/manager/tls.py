"""The manager over TLS: what manager.conf says of it, and the context that sockets are served with."""

from __future__ import annotations

import ssl
from collections.abc import Callable

from asterism.errors import AsterismError, Fault
from asterism.values import dataclass

PORT = 5039
"""Where the manager listens over TLS unless ``tlsbindaddr`` says otherwise."""


@dataclass(frozen=True, slots=True)
class TlsSettings:
    """The ``tls...`` options of manager.conf (main/tcptls.c, ``ast_tls_read_conf``)."""

    tlsbindaddr: tuple[str, int | None] = ("", None)
    """Address and port; empty for that of the plain protocol."""
    tlscertfile: str = ""
    """The certificates, in PEM form; with the private key unless that has a file of its own."""
    tlsprivatekey: str = ""
    tlscipher: str = ""
    """The ciphers, in OpenSSL's words."""
    tlscafile: str = ""
    """Who signs the certificates of clients."""
    tlscapath: str = ""
    """A directory of such files."""
    tlsverifyclient: bool = False
    """Whether a client needs a certificate."""

    def address(self, bindaddr: str) -> tuple[str, int]:
        """Address and port to listen on, where the plain protocol is on an address."""
        host, port = self.tlsbindaddr
        return host or bindaddr, port or PORT

    def context(self) -> ssl.SSLContext:
        """What sockets are served with: TLS 1.2 or later.

        Raises:
            AsterismError: there is no certificate, a file cannot be used, or the ciphers mean nothing.
        """
        if not self.tlscertfile:
            raise AsterismError(_fault("there is no certificate", "", "name its file with 'tlscertfile'"))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        key = self.tlsprivatekey or None
        _loaded(lambda: context.load_cert_chain(self.tlscertfile, key, _no_password), self.tlscertfile)
        if self.tlscipher:
            _loaded(lambda: context.set_ciphers(self.tlscipher), self.tlscipher)
        if self.tlsverifyclient:
            context.verify_mode = ssl.CERT_REQUIRED
            cafile, capath = self.tlscafile or None, self.tlscapath or None
            _loaded(lambda: context.load_verify_locations(cafile, capath), cafile or capath or "tlscafile")
        return context


def _no_password() -> str:
    """Refuse to ask at the terminal for the password of a key."""
    raise ValueError("the private key has a password")


def _fault(what: str, why: str, cure: str) -> Fault:
    return Fault(f"the manager is not reached over TLS: {what}", why=why, cure=cure, code="tls")


def _loaded(load: Callable[[], object], what: str) -> None:
    try:
        load()
    except (OSError, ValueError, TypeError) as error:
        cure = "see that the file is there, is PEM and goes with its key"
        raise AsterismError(_fault(f"'{what}' cannot be used", str(error), cure)) from None
