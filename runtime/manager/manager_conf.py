"""manager.conf: the settings of the manager and its accounts (main/manager.c, ``__init_manager``).

Secrets are omitted from all output: the account's ``repr``, the faults, the log.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import os
import re
import stat
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from asterism.errors import AsterismError, Fault, Place
from asterism.names import did_you_mean
from asterism.numbers import INT, number
from asterism.values import dataclass, field, replace
from runtime.conf import conf_file, conf_values
from runtime.conf.conf_values import Config, Section, Variable
from runtime.core.event_classes import CLASSES, mask_of
from runtime.manager import filters
from runtime.manager.filters import NO_FILTERS, Filters
from runtime.manager.tls import TlsSettings

FILE = "manager.conf"
ACL_FILE = "acl.conf"
PORT = 5038

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def address_of(text: str) -> Address:
    """Parse an address; an IPv4-mapped IPv6 address becomes an IPv4 address.  Raises ValueError."""
    found = ipaddress.ip_address(text.partition("%")[0])
    return getattr(found, "ipv4_mapped", None) or found


@dataclass(frozen=True, slots=True)
class Rule:
    """A ``permit`` or ``deny`` rule."""

    permits: bool
    network: Network

    def covers(self, address: Address) -> bool:
        """Whether the rule applies to an address."""
        return address.version == self.network.version and address in self.network


@dataclass(frozen=True, slots=True)
class AccessList:
    """The rules of one section, in order: those of an account itself, or a list of acl.conf."""

    name: str
    """The list's name in acl.conf; empty for the rules of an account."""
    rules: tuple[Rule, ...]

    def permits(self, address: Address) -> bool:
        """Whether the last rule that applies to an address permits it; True when none applies (``ast_apply_ha``)."""
        verdicts = [rule.permits for rule in self.rules if rule.covers(address)]
        return verdicts[-1] if verdicts else True


@dataclass(frozen=True, slots=True)
class Account:
    """An account of the manager: a section of manager.conf."""

    name: str
    secret: str = field(default="", repr=False)
    """The account's secret; with an empty one, logins are refused."""
    read: int = 0
    """Classes of events that the account may read."""
    write: int = 0
    """Classes of actions that the account may use."""
    acl: tuple[AccessList, ...] = ()
    """The account's own rules, and the lists that it names: an address must pass all of them."""
    filters: Filters = NO_FILTERS
    writetimeout: int = 20_000
    """How long the account may leave output unread, in milliseconds."""
    allowmultiplelogin: bool = True
    displayconnects: bool = True
    setvar: tuple[tuple[str, str], ...] = ()

    def admits(self, address: Address) -> bool:
        """Whether the account may log in from an address: every list permits it."""
        return all(one.permits(address) for one in self.acl)

    def has_secret(self, secret: str) -> bool:
        """Whether a secret is the account's, compared in constant time."""
        return bool(self.secret) and hmac.compare_digest(_bytes(self.secret), _bytes(secret))

    def answers(self, challenge: str, key: str) -> bool:
        """Whether a key answers a challenge: the MD5 of challenge and secret, in hexadecimal digits."""
        return bool(self.secret and challenge) and hmac.compare_digest(self.expected(challenge), _bytes(key))

    def expected(self, challenge: str) -> bytes:
        """The correct answer to a challenge."""
        return hashlib.md5(_bytes(challenge + self.secret), usedforsecurity=False).hexdigest().encode()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


@dataclass(frozen=True, slots=True)
class ManagerSettings:
    """The content of manager.conf."""

    enabled: bool = False
    bindaddr: str = "127.0.0.1"
    port: int = PORT
    allowmultiplelogin: bool = True
    displayconnects: bool = True
    timestampevents: bool = False
    debug: bool = False
    brokeneventsaction: bool = False
    authtimeout: int = 30
    """How long a connection may take to log in, in seconds."""
    authlimit: int = 50
    """The limit of connections that have not logged in."""
    disabledevents: frozenset[str] = frozenset()
    channelvars: tuple[str, ...] = ()
    tls: TlsSettings | None = None
    """The settings of the manager over TLS; None when it is off."""
    accounts: Mapping[str, Account] = field(default_factory=dict)
    """The accounts by name in lower case."""
    warnings: tuple[Fault, ...] = ()

    def account(self, name: str) -> Account | None:
        """The account with a name, in any case, or None."""
        return self.accounts.get(name.lower())

    @property
    def is_local(self) -> bool:
        """Whether only this machine can connect without TLS."""
        return ipaddress.ip_address(self.bindaddr).is_loopback


def load(directory: str, *, exec_: bool = False) -> ManagerSettings:
    """Read manager.conf of a configuration directory.

    Raises:
        AsterismError: the file cannot be read, or a port or an address is invalid.
    """
    path = os.path.join(directory, FILE)
    try:
        read = conf_file.load(path, exec_=exec_)
    except AsterismError as error:
        raise AsterismError(*map(_without_line, error.faults)) from None

    def named() -> Config:
        return conf_file.load(os.path.join(directory, ACL_FILE), exec_=exec_)

    settings, warnings = _settings(read, named)
    if settings.enabled and stat.S_IMODE(os.stat(path).st_mode) & stat.S_IROTH and settings.accounts:
        cure = f"chmod o-r {path}"
        warnings.append(
            Fault("everybody can read the secrets", Place(path), cure=cure, code="readable", severity="warning")
        )
    return _with(settings, warnings)


def loads(text: str, acl: str = "", file: str = FILE) -> ManagerSettings:
    """Parse a manager.conf and an acl.conf given as texts.  Raises AsterismError."""
    settings, warnings = _settings(conf_file.loads(text, file), lambda: conf_file.loads(acl, ACL_FILE))
    return _with(settings, warnings)


def _without_line(fault: Fault) -> Fault:
    """A fault without the source line, which may contain a secret."""
    place = fault.place and Place(fault.place.file, fault.place.line, fault.place.column)
    return replace(fault, place=place)


def _with(settings: ManagerSettings, warnings: Iterable[Fault]) -> ManagerSettings:
    return replace(settings, warnings=tuple(warnings))


def _settings(read: Config, named: Callable[[], Config]) -> tuple[ManagerSettings, list[Fault]]:
    reader = _AccountsReader(named)
    reader.warnings += map(_without_line, read.warnings)
    general = _general(read, reader)
    accounts: dict[str, Account] = {}
    for section in read.sections:
        if not section.is_template and section.name.lower() != "general":
            account = reader.account(section, general)
            if account is not None:
                accounts[section.name.lower()] = account
    if reader.faults:
        raise AsterismError(*reader.faults)
    return ManagerSettings(**general, accounts=accounts), reader.warnings


# ---- [general] -----------------------------------------------------------------------------------

_ELSEWHERE = ("webenabled", "httptimeout")
_NOT_HERE = {"webenabled": "over HTTP"}
_NEVER = (
    "tlsdisablev1",
    "tlsdisablev11",
    "tlsdisablev12",
    "tlsservercipherorder",
    "tlsclientmethod",
    "tlsdontverifyserver",
)
"""TLS options without effect: versions before 1.2 are always refused, and the manager is not a client."""


def _general(read: Config, reader: _AccountsReader) -> dict[str, Any]:
    said: dict[str, Any] = {}
    tls: dict[str, Any] = {}
    section = read.section("general")
    for variable in section or ():
        name = variable.name.lower()
        if name in _GENERAL:
            value = _GENERAL[name](reader, variable)
            if value is not None:
                said[name] = value
        elif name in _NOT_HERE and conf_values.is_true(variable.value):
            cure = "use the plain protocol, on the loopback address or through a tunnel"
            reader.warn(f"the manager is not reached {_NOT_HERE[name]} here", variable, cure)
        elif name in _TLS:
            tls[name] = _TLS[name](reader, variable)
        elif name not in (*_ELSEWHERE, *_NEVER):
            near = did_you_mean(name, [*_GENERAL, *_TLS])
            reader.warn(f"unknown option '{variable.name}'", variable, near, name_=True)
    if tls.pop("tlsenable", False):
        said["tls"] = TlsSettings(**{name: value for name, value in tls.items() if value is not None})
    return said


class _AccountsReader:
    """Reads values of manager.conf, and collects their faults."""

    def __init__(self, named: Callable[[], Config]) -> None:
        self.warnings: list[Fault] = []
        self.faults: list[Fault] = []
        self._named = named
        self._acl: Config | None = None

    def warn(self, what: str, variable: Variable, cure: str = "", *, name_: bool = False) -> None:
        place = variable.name_place if name_ else variable.place
        self.warnings.append(Fault(what, place, cure=cure, code="manager-conf", severity="warning"))

    def fail(self, what: str, variable: Variable, cure: str) -> None:
        self.faults.append(Fault(what, variable.place, cure=cure, code="manager-conf"))

    # -- values

    def switch(self, variable: Variable) -> bool:
        if conf_values.is_unclear(variable.value):
            self.warn(f"'{variable.value}' is not yes or no; {variable.name} is off", variable, "write yes or no")
        return conf_values.is_true(variable.value)

    def port(self, variable: Variable) -> int | None:
        port = number(variable.value, 1, 65535)
        if port is not None:
            return port
        self.fail(f"'{variable.value}' is not a port", variable, "write a number from 1 to 65535; 5038 is usual")
        return None

    def address(self, variable: Variable) -> str | None:
        try:
            return str(ipaddress.ip_address(variable.value.strip("[]")))
        except ValueError:
            cure = "write an address of this machine, such as 127.0.0.1 or ::1, without the port"
            self.fail(f"'{variable.value}' is not an address", variable, cure)
            return None

    def place(self, variable: Variable) -> tuple[str, int | None] | None:
        """The address and port of ``ADDRESS[:PORT]``; an IPv6 address with a port is in brackets."""
        found = _PLACE.fullmatch(variable.value)
        host, port = (found[1] or found[3], found[2] or found[4]) if found else (variable.value, None)
        address = self.address(variable._replace(value=host))
        if address is None:
            return None
        return address, self.port(variable._replace(value=port)) if port else None

    def file(self, variable: Variable) -> str:
        """A file path, relative to the directory of the file that names it."""
        return os.path.join(os.path.dirname(variable.file), variable.value) if variable.value else ""

    def at_least(self, least: int) -> Callable[[Variable], int | None]:
        def read(variable: Variable) -> int | None:
            found = number(variable.value, least, INT)
            if found is not None:
                return found
            self.warn(f"'{variable.value}' is not a number from {least} on", variable, "the default is used")
            return None

        return read

    def classes(self, variable: Variable) -> int:
        mask, unknown = mask_of(variable.value)
        for word in unknown:
            cure = did_you_mean(word, [*CLASSES, "all", "none"]) or f"there are {', '.join(CLASSES)}, all and none"
            self.warn(f"'{word}' is not a class", variable, cure)
        return mask

    # -- accounts

    def account(self, section: Section, general: Mapping[str, Any]) -> Account | None:
        """The account of a section; None when its address rules are invalid, since it must not be open to all."""
        said: dict[str, Any] = {
            name: general[name] for name in ("allowmultiplelogin", "displayconnects") if name in general
        }
        own: list[Rule] = []
        lists: list[AccessList] = []
        wanted = NO_FILTERS
        variables: list[tuple[str, str]] = []
        refused = False
        for variable in section:
            name, _, criteria = variable.name.partition("(")
            kind = name.strip().lower()
            if kind in ("permit", "deny", "acl"):
                refused |= not self._rule(kind, variable, own, lists)
            elif kind == filters.OPTION:
                wanted = self._filter(criteria, variable, wanted)
            elif kind == "setvar":
                key, _, value = variable.value.partition("=")
                variables.append((key.strip(), value.strip()))
            else:
                self._option(kind, variable, said)
        if refused:
            return None
        acl = ((AccessList("", tuple(own)),) if own else ()) + tuple(lists)
        return Account(section.name, acl=acl, filters=wanted, setvar=tuple(variables), **said)

    def _option(self, name: str, variable: Variable, said: dict[str, Any]) -> None:
        if name not in _ACCOUNT:
            known = [*_ACCOUNT, "permit", "deny", "acl", filters.OPTION, "setvar"]
            self.warn(f"unknown option '{variable.name}'", variable, did_you_mean(name, known), name_=True)
            self.warnings[-1] = _without_line(self.warnings[-1])  # it may be 'secret', misspelled
            return
        value = _ACCOUNT[name](self, variable)
        if value is not None:
            said[name] = value

    def _filter(self, criteria: str, variable: Variable, wanted: Filters) -> Filters:
        try:
            return wanted.plus(filters.parse(criteria.rstrip().removesuffix(")"), variable.value, variable.place))
        except AsterismError as error:
            self.warnings += [replace(fault, severity="warning") for fault in error.faults]
            return wanted

    def _rule(self, kind: str, variable: Variable, own: list[Rule], lists: list[AccessList]) -> bool:
        try:
            if kind == "acl":
                lists += [self._list(name, variable) for name in _words(variable.value)]
            else:
                own += _rules(kind, variable)
        except AsterismError as error:
            self.warnings += error.faults
            return False
        return True

    def _list(self, name: str, variable: Variable) -> AccessList:
        """A list of acl.conf.  Raises AsterismError."""
        if self._acl is None:
            self._acl = self._named()
        section = self._acl.section(name)
        if section is None:
            near = did_you_mean(name, [one.name for one in self._acl.sections])
            what = f"there is no list '{name}' in {ACL_FILE}; the account cannot be used"
            raise AsterismError(Fault(what, variable.place, cure=near, code="manager-conf", severity="warning"))
        rules = [
            rule for one in section if one.name.lower() in ("permit", "deny") for rule in _rules(one.name.lower(), one)
        ]
        return AccessList(section.name, tuple(rules))


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _rules(kind: str, variable: Variable) -> list[Rule]:
    """The rules of one line: addresses with or without a mask, separated by commas.

    ``!`` before an address turns permit into deny and deny into permit (main/acl.c, ``ast_append_ha``). Raises
    AsterismError.
    """
    found: list[Rule] = []
    for word in _words(variable.value):
        text = word.removeprefix("!")
        try:
            permits = (kind == "permit") == (text == word)
            found.append(Rule(permits, ipaddress.ip_network(text.strip(), strict=False)))
        except ValueError as error:
            cure = "write 192.0.2.0/24, 192.0.2.0/255.255.255.0 or 2001:db8::/32"
            what = f"'{word}' is not a network; the account cannot be used"
            fault = Fault(what, variable.place, why=str(error), cure=cure, code="manager-conf", severity="warning")
            raise AsterismError(fault) from None
    return found


_Read = Callable[[_AccountsReader, Variable], object]

_GENERAL: dict[str, _Read] = {
    "enabled": _AccountsReader.switch,
    "bindaddr": _AccountsReader.address,
    "port": _AccountsReader.port,
    "allowmultiplelogin": _AccountsReader.switch,
    "displayconnects": _AccountsReader.switch,
    "timestampevents": _AccountsReader.switch,
    "debug": _AccountsReader.switch,
    "brokeneventsaction": _AccountsReader.switch,
    "authtimeout": lambda reader, variable: reader.at_least(1)(variable),
    "authlimit": lambda reader, variable: reader.at_least(1)(variable),
    "disabledevents": lambda _reader, variable: frozenset(_words(variable.value)),
    "channelvars": lambda _reader, variable: tuple(_words(variable.value)),
}
_PLACE = re.compile(r"\[([^]]*)\](?::(\d+))?|([^:]*)(?::(\d+))?")
_TLS: dict[str, _Read] = {
    "tlsenable": _AccountsReader.switch,
    "tlsbindaddr": _AccountsReader.place,
    "tlscertfile": _AccountsReader.file,
    "tlsprivatekey": _AccountsReader.file,
    "tlscipher": lambda _reader, variable: variable.value,
    "tlscafile": _AccountsReader.file,
    "tlscapath": _AccountsReader.file,
    "tlsverifyclient": _AccountsReader.switch,
}
_ACCOUNT: dict[str, _Read] = {
    "secret": lambda _reader, variable: variable.value,
    "read": _AccountsReader.classes,
    "write": _AccountsReader.classes,
    "allowmultiplelogin": _AccountsReader.switch,
    "displayconnects": _AccountsReader.switch,
    "writetimeout": lambda reader, variable: reader.at_least(100)(variable),
}
