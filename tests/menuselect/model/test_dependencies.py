"""What is known of libraries, and of names that are gone."""

from __future__ import annotations

import tomllib
from importlib.resources import files

import pytest

from menuselect.model import known_libraries, removed_names
from menuselect.model.known_libraries import SYSTEMS

_NAMES = """
alsa bash beanstalk bfd bison bluetooth codec2 corosync crypto curl cxx11 dahdi dladdr fftw3 flex freetds
generic_odbc gmime gsm have_address_sanitizer have_leak_sanitizer have_srtp_192 have_srtp_256 have_srtp_gcm
have_thread_sanitizer have_undefined_sanitizer hoard ical iconv iksemel ilbc imap_tk isdnnet ixjuser jack
jansson kqueue launchd ldap libjwt libxml2 libxslt ltdl lua misdn mysqlclient native_arch nbs neon neon29
netsnmp newt no_binary_modules ogg openr2 openssl osptk oss pgsql pjproject popt portaudio pri radius resample
sndfile spandsp speex speex_preprocess speexdsp sqlite sqlite3 srtp ss7 suppserv timerfd tonezone unbound
uriparser vorbis vpb win32 xmlstarlet zlib
"""
"""Every name that a MODULEINFO block or fragment of these branches refers to and that is not a member."""


@pytest.mark.parametrize("name", _NAMES.split())
def test_every_name_asterisk_uses_is_described(name: str) -> None:
    library = known_libraries.find(name.upper())
    assert library is not None
    assert library.title
    assert library.packages or library.note


def test_the_table_has_only_known_fields_and_is_sorted() -> None:
    text = files("menuselect.model").joinpath("known_libraries.toml").read_text("utf-8")
    rows = tomllib.loads(text)
    assert set().union(*rows.values()) <= {"title", "note", *SYSTEMS}
    assert list(rows) == sorted(rows)
    assert all(value and value == value.strip() for row in rows.values() for value in row.values())


def test_a_hint_names_every_system_it_knows() -> None:
    library = known_libraries.find("curl")
    assert library is not None
    assert library.hint() == "Debian libcurl4-openssl-dev, Fedora libcurl-devel, Alpine curl-dev, Arch curl"
    assert library.as_json() == {
        "name": "curl",
        "title": "cURL, transfers over HTTP and other protocols",
        "packages": {
            "debian": "libcurl4-openssl-dev",
            "fedora": "libcurl-devel",
            "alpine": "curl-dev",
            "arch": "curl",
        },
    }


def test_the_past_is_consistent() -> None:
    for past in removed_names.table().values():
        assert past.kind in ("renamed", "merged", "replaced", "removed")
        assert bool(past.to) == (past.kind != "removed")
        assert past.gone.isdigit()
        # What takes over must not be gone itself.
        assert all(removed_names.find(name) is None for name in past.to)


def test_the_past_in_words() -> None:
    assert str(removed_names.find("odbc_storage")) == (
        "it was renamed to app_voicemail_odbc in Asterisk 17; each storage of voicemail is a module of its own now"
    )
    assert str(removed_names.find("app_nbscat")) == "it was removed in Asterisk 19 without a replacement"
    assert removed_names.find("app_dial") is None
