"""A library that comes as an archive with Asterisk's tree: its own make unpacks, builds and installs it."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest
import stand_in
from stand_in import content, make

from buildsys.adopted import adoption

LIBRARY = {
    "jansson-2/jansson.c": "int json_value(void) { return 6; }\n",
    "jansson-2/jansson.h": "int json_value(void);\n",
    "jansson-2/Makefile": """\
all: libjansson.a
libjansson.a: jansson.c
	$(CC) -c -fPIC -o jansson.o $< && $(AR) crD $@ jansson.o
install:
	mkdir -p $(DESTDIR)/usr/lib $(DESTDIR)/usr/include
	cp libjansson.a $(DESTDIR)/usr/lib && cp jansson.h $(DESTDIR)/usr/include
""",
}

THIRD_PARTY = """\
-include ../makeopts
ifeq ($(JANSSON_BUNDLED),yes)
TP_SUBDIRS += jansson
endif
override MAKECMDGOALS?=all
.PHONY: all clean moduleinfo $(TP_SUBDIRS)
all: $(TP_SUBDIRS)
clean moduleinfo:
$(TP_SUBDIRS):
	+@$(MAKE) --quiet --no-print-directory -C $@ $(MAKECMDGOALS)
"""

JANSSON = """\
include ../../makeopts
.PHONY: all
all: dist/usr/lib/libjansson.a
dist/usr/lib/libjansson.a: source/.unpacked
	@echo "[jansson] Building bundled jansson."
	@(cd source; $(MAKE) CC=$(CC) AR=$(AR) >/dev/null)
	@(cd source; $(MAKE) install DESTDIR=$(CURDIR)/dist >/dev/null)
source/.unpacked: jansson-2.tar $(wildcard patches/*.patch)
	@rm -rf source jansson-2
	@tar -xf $<
	@mv jansson-2 source
	@cat /dev/null $(wildcard patches/*.patch) >> source/jansson.c
	@touch $@
"""

MAKEOPTS = """\
JANSSON_BUNDLED=yes
JANSSON_INCLUDE=-I$(ASTTOPDIR)/third-party/jansson/dist/usr/include
JANSSON_LIB=$(ASTTOPDIR)/third-party/jansson/dist/usr/lib/libjansson.a
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A configured tree whose module res_one uses the bundled library; nothing was built."""
    top = stand_in.write(tmp_path / "tree")
    (top / "third-party/jansson").mkdir()
    (top / "third-party/Makefile").write_text(THIRD_PARTY)
    (top / "third-party/jansson/Makefile").write_text(JANSSON)
    with tarfile.open(top / "third-party/jansson/jansson-2.tar", "w") as archive:
        for name, text in LIBRARY.items():
            about = tarfile.TarInfo(name)
            about.size = len(text)
            archive.addfile(about, io.BytesIO(text.encode()))
    with (top / "makeopts").open("a") as stream:
        stream.write(MAKEOPTS)
    with (top / "res/Makefile").open("a") as stream:
        stream.write("res_one.o: _ASTCFLAGS+=$(JANSSON_INCLUDE)\nres_one.so: LIBS+=$(JANSSON_LIB)\n")
    source = top / "res/res_one.c"
    source.write_text(source.read_text().replace("return SHARED", "return json_value()") + "#include <jansson.h>\n")
    source.write_text("#include <jansson.h>\n" + source.read_text())
    return top


def test_the_library_is_built_once_by_its_own_make_and_linked(tree: Path) -> None:
    theirs = stand_in.copy(tree, tree.with_name("theirs"))
    adoption.adopt(tree)
    done = make(tree, "-j2")
    assert (done.returncode, done.stderr) == (0, "")
    assert "third-party: jansson, built by its own make" in done.stdout
    assert make(tree).stdout.startswith("nothing to do: ")
    ours = content(tree)
    tree.rename(tree.with_name("ours"))
    theirs.rename(tree)
    assert make(tree, "-f", "Makefile").returncode == 0
    assert {name for name in ours.keys() | content(tree).keys() if ours.get(name) != content(tree).get(name)} == set()


def test_another_patch_has_the_library_built_again(tree: Path) -> None:
    adoption.adopt(tree)
    assert make(tree).returncode == 0
    (tree / "third-party/jansson/patches").mkdir()
    (tree / "third-party/jansson/patches/more.patch").write_text("int more(void) { return 7; }\n")
    done = make(tree)
    assert (done.returncode, done.stderr) == (0, "")
    assert "third-party: jansson, built by its own make" in done.stdout
    assert "int more" in (tree / "third-party/jansson/source/jansson.c").read_text()
    assert "[LD] res/res_one.so" in done.stdout


def test_an_archive_that_is_missing_or_damaged_is_one_fault(tree: Path) -> None:
    adoption.adopt(tree)
    (tree / "third-party/jansson/jansson-2.tar").write_text("not an archive")
    done = make(tree)
    assert done.returncode == 2
    assert done.stderr.replace(str(tree), "TREE").splitlines()[:2] == [
        "TREE: the bundled libraries cannot be built: tar: This does not look like a tar archive",
        "    'make -f Makefile' shows all that it says",
    ]
    assert "This does not look like a tar archive" in (tree / "build/log/third-party.log").read_text()
