"""makeopts: what configure has settled, written and read back."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asterism.errors import AsterismError
from asterism.tree import Kind, Tree
from buildsys.settled.configuration import PLACES, Configuration, Directories, Flags, dumps, load, loads

SIMPLE = Configuration(
    cc=("gcc", "-m64"),
    cxx=("g++",),
    dev_mode=True,
    directories=Directories("/opt/a b", "/etc"),
    cflags=("-DX=a b", "-O0"),
    warnings=("-Wall",),
    precompile=("-x", "c-header"),
    launcher=("ccache",),
    sanitizers=("address", "undefined"),
    preload=("/usr/lib/libasan.so.8",),
    host=("aarch64-linux-gnu",),
    libraries={"CURL": Flags(("-I/opt/$HOME",), ("-lcurl",))},
    arguments=("--prefix=/opt/a b",),
)

TEXT = """\
# Written by configure; run ./configure again to change it.

CC=gcc -m64
CXX=g++
CPPFLAGS=
CFLAGS='-DX=a b' -O0
CXXFLAGS=
LDFLAGS=
AST_WARNINGS=-Wall
PRECOMPILE=-x c-header
LAUNCHER=ccache
SANITIZE=address undefined
SANITIZE_PRELOAD=/usr/lib/libasan.so.8
SYSTEM_PYTHON=
HOST=aarch64-linux-gnu
CONFIGURE_ARGUMENTS='--prefix=/opt/a b'
AST_DEVMODE=yes

prefix=/opt/a b
sysconfdir=/etc
localstatedir=${prefix}/var
exec_prefix=${prefix}
bindir=${exec_prefix}/bin
sbindir=${exec_prefix}/sbin
libexecdir=${exec_prefix}/libexec
libdir=${exec_prefix}/lib
includedir=${prefix}/include
oldincludedir=/usr/include
sharedstatedir=${prefix}/com
runstatedir=${localstatedir}/run
datarootdir=${prefix}/share
datadir=${datarootdir}
mandir=${datarootdir}/man
infodir=${datarootdir}/info
localedir=${datarootdir}/locale
docdir=${datarootdir}/doc/asterism
htmldir=${docdir}
dvidir=${docdir}
pdfdir=${docdir}
psdir=${docdir}
systemdsystemunitdir=${prefix}/lib/systemd/system

CURL_INCLUDE='-I/opt/$$HOME'
CURL_LIB=-lcurl
"""


def test_the_file_has_one_line_for_each_setting() -> None:
    assert dumps(SIMPLE) == TEXT


def test_the_file_reads_back_as_what_was_written() -> None:
    assert loads(TEXT) == SIMPLE


def test_a_file_of_an_older_version_has_no_launcher_and_no_sanitizers() -> None:
    new = ("LAUNCHER=", "SANITIZE", "HOST=", "PRECOMPILE=")
    older = "".join(line for line in TEXT.splitlines(keepends=True) if not line.startswith(new))
    assert loads(older) == replace(SIMPLE, launcher=(), sanitizers=(), preload=(), host=(), precompile=())


def test_a_file_of_an_older_version_names_three_directories() -> None:
    new = tuple(f"{name}=" for name in PLACES if name not in ("prefix", "sysconfdir", "localstatedir"))
    older = "".join(line for line in TEXT.splitlines(keepends=True) if not line.startswith(new))
    assert loads(older) == SIMPLE


def test_values_that_mean_nothing_are_told_with_their_lines() -> None:
    broken = TEXT.replace("CC=gcc -m64", "CC=").replace("MODE=yes", "MODE=maybe").replace("prefix=/opt", "prefix=opt")
    with pytest.raises(AsterismError) as caught:
        loads(broken)
    cure = "run ./configure to write the file again"
    assert str(caught.value).splitlines() == [
        "makeopts:3: CC names no compiler",
        "    CC=",
        f"    {cure}",
        "makeopts:17: AST_DEVMODE is 'maybe'",
        "    AST_DEVMODE=maybe",
        f"    write yes or no, or {cure}",
        "makeopts:19: prefix is not an absolute path",
        "    prefix=opt/a b",
        f"    start it with a slash, or {cure}",
    ]


def test_directories_are_resolved_below_the_prefix() -> None:
    filled = SIMPLE.directories.resolved()
    assert (filled.prefix, filled.sysconfdir, filled.localstatedir) == ("/opt/a b", "/etc", "/opt/a b/var")
    assert (filled.libdir, filled.docdir) == ("/opt/a b/lib", "/opt/a b/share/doc/asterism")


def test_a_directory_that_names_itself_is_left_as_it_is() -> None:
    assert "${libdir}" in Directories(libdir="${libdir}/64").resolved().libdir


words = st.lists(st.text(st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp")), max_size=12), max_size=3).map(
    tuple
)


@settings(deadline=None, max_examples=60)
@given(cc=words.filter(bool), cflags=words, include=words, lib=words, dev=st.booleans())
def test_any_flags_survive(
    cc: tuple[str, ...], cflags: tuple[str, ...], include: tuple[str, ...], lib: tuple[str, ...], dev: bool
) -> None:
    libraries = {"A_B": Flags(include, lib)}
    configuration = Configuration(cc=cc, cflags=cflags, dev_mode=dev, libraries=libraries)
    assert loads(dumps(configuration)) == configuration


@settings(deadline=None, max_examples=100)
@given(st.text(max_size=200))
def test_any_text_ends_in_a_configuration_or_in_faults(text: str) -> None:
    with contextlib.suppress(AsterismError):
        assert loads(text + TEXT).cc == SIMPLE.cc


def test_a_file_edited_into_nonsense_is_told_line_by_line() -> None:
    broken = TEXT.replace("CC=gcc -m64", "CC gcc").replace("-O0", "'-O0").replace("AST_DEVMODE=yes", "AST_DEVMOD=yes")
    with pytest.raises(AsterismError) as caught:
        loads(broken)
    cure = "run ./configure to write the file again"
    assert str(caught.value).splitlines() == [
        "makeopts:3: expected NAME=value",
        "    CC gcc",
        f"    {cure}",
        "makeopts:17: unknown name 'AST_DEVMOD'",
        "    AST_DEVMOD=yes",
        f"    did you mean 'AST_DEVMODE'? or {cure}",
        "makeopts:6: CFLAGS cannot be split into words: no closing quotation",
        "    CFLAGS='-DX=a b' '-O0",
        f"    {cure}",
        "makeopts: there is no line CC=",
        f"    {cure}",
        "makeopts: there is no line AST_DEVMODE=",
        f"    {cure}",
    ]


def test_a_tree_without_the_file_is_not_configured(tmp_path: Path) -> None:
    with pytest.raises(AsterismError, match=r"not configured\n    run ./configure first"):
        load(Tree(tmp_path, Kind.SOURCES))


@pytest.mark.skipif(not shutil.which("make"), reason="needs make")
def test_make_reads_the_same_values(tmp_path: Path) -> None:
    (tmp_path / "makeopts").write_text(dumps(SIMPLE))
    (tmp_path / "Makefile").write_text(
        "include makeopts\nall:\n\t@printf '%s|' $(CC) $(CFLAGS) '$(localstatedir)' $(CURL_INCLUDE)\n"
    )
    done = subprocess.run(["make", "-s"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == "gcc|-m64|-DX=a b|-O0|/opt/a b/var|-I/opt/$HOME|"
