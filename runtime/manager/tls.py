"""The manager over TLS: its options in manager.conf, and the TLS context of its sockets."""

from __future__ import annotations

from collections.abc import Callable

from asterism.errors import AsterismError, Fault
from asterism.values import TYPE_CHECKING, dataclass

if TYPE_CHECKING:
    import ssl

PORT = 5039
"""The port over TLS, unless ``tlsbindaddr`` sets another."""


@dataclass(frozen=True, slots=True)
class TlsSettings:
    """The ``tls...`` options of manager.conf (main/tcptls.c, ``ast_tls_read_conf``)."""

    tlsbindaddr: tuple[str, int | None] = ("", None)
    """Address and port; an empty address means that of the plain protocol."""
    tlscertfile: str = ""
    """The file of the certificates in PEM format, with the private key unless that has its own file."""
    tlsprivatekey: str = ""
    tlscipher: str = ""
    """The ciphers, in OpenSSL's syntax."""
    tlscafile: str = ""
    """The file of the authorities that sign client certificates."""
    tlscapath: str = ""
    """A directory of such files."""
    tlsverifyclient: bool = False
    """Whether a client needs a certificate."""

    def address(self, bindaddr: str) -> tuple[str, int]:
        """Address and port to listen on; ``bindaddr`` is the address of the plain protocol."""
        host, port = self.tlsbindaddr
        return host or bindaddr, port or PORT

    def context(self) -> ssl.SSLContext:
        """The TLS context of the sockets, for TLS 1.2 or later.

        Raises:
            AsterismError: there is no certificate, a file cannot be used, or the ciphers are invalid.
        """
        import ssl  # 20 ms, needed only when the manager listens over TLS

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
    """Refuse to ask for the password of a private key."""
    raise ValueError("the private key has a password")


def _fault(what: str, why: str, cure: str) -> Fault:
    return Fault(f"the manager is not reached over TLS: {what}", why=why, cure=cure, code="tls")


def _loaded(load: Callable[[], object], what: str) -> None:
    try:
        load()
    except (OSError, ValueError, TypeError) as error:
        cure = "see that the file is there, is PEM and goes with its key"
        raise AsterismError(_fault(f"'{what}' cannot be used", str(error), cure)) from None
