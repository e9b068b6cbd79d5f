"""A small tree with the structure of Asterisk's Makefiles, written for these tests: it compiles in a second."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

TOP = """\
export ASTTOPDIR
export ASTERISKVERSION
export CC CXX AR AWK GREP OSARCH
include makeopts
_ASTCFLAGS:=$(CONFIG_CFLAGS) $(COPTS) -Wall -g
ASTTOPDIR:=$(CURDIR)
MOD_SUBDIR_CFLAGS="-I$(ASTTOPDIR)/include"
ASTERISKVERSION:=$(shell build_tools/make_version .)
CORE_XMLDOC=doc/core-en_US.xml
MOD_SUBDIRS:=third-party apps codecs main res $(LOCAL_MOD_SUBDIRS)
OTHER_SUBDIRS:=utils contrib
SUBDIRS:=$(OTHER_SUBDIRS) $(MOD_SUBDIRS)
SILENTMAKE:=$(MAKE) --quiet --no-print-directory
ifneq ($(NOISY_BUILD),)
SUBMAKE:=$(MAKE)
else
SUBMAKE:=$(MAKE) --quiet --no-print-directory
endif

all: _all
	@echo "Build Complete"

_all: makeopts $(SUBDIRS) $(CORE_XMLDOC)

makeopts: configure
	@echo "run ./configure"; exit 1

menuselect.makeopts: menuselect/menuselect menuselect-tree makeopts build_tools/menuselect-deps
	menuselect/menuselect --check-deps $@

$(SUBDIRS): makeopts .lastclean main/version.c include/asterisk/build.h defaults.h

main: third-party
D1:=$(filter-out main res third-party,$(MOD_SUBDIRS))
$(D1): res
res: main

$(SUBDIRS): makeopts
	+@_ASTCFLAGS="$(MOD_SUBDIR_CFLAGS) $(_ASTCFLAGS)" ASTCFLAGS="$(ASTCFLAGS)" _ASTLDFLAGS="$(_ASTLDFLAGS)" \\
	ASTLDFLAGS="$(ASTLDFLAGS)" $(SUBMAKE) --no-builtin-rules -C $@ SUBDIR=$@ all

defaults.h: makeopts .lastclean
	@echo "#define DEFAULT 1" > $@

main/version.c: FORCE include/asterisk/buildopts.h menuselect.makeopts .lastclean
	@build_tools/make_version_c > $@.tmp
	@cmp -s $@.tmp $@ || mv $@.tmp $@
	@rm -f $@.tmp

include/asterisk/buildopts.h: menuselect.makeopts .lastclean
	@build_tools/make_buildopts_h > $@.tmp
	@cmp -s $@.tmp $@ || mv $@.tmp $@
	@rm -f $@.tmp

include/asterisk/build.h: .lastclean
	@echo '#define BUILD "once"' > $@

clean:
	+@for x in $(SUBDIRS); do $(SUBMAKE) -C $$x SUBDIR=$$x clean; done
	@rm -f defaults.h include/asterisk/build.h main/version.c doc/core-en_US.xml
	@cp -f .cleancount .lastclean

.lastclean: .cleancount
	@$(MAKE) clean

DOC_MOD_SUBDIRS := $(filter-out third-party,$(MOD_SUBDIRS))
XML_core_en_US := $(shell find $(DOC_MOD_SUBDIRS) -name '*.c' | sort | xargs $(GREP) -l DOCUMENTATION)

doc/core-en_US.xml: makeopts .lastclean $(XML_core_en_US)
	@mkdir -p doc; sed -n '/DOCUMENTATION/,/\\*\\*\\*\\//p' $(XML_core_en_US) > $@
	@echo "   [DOC] $@"

menuselect/menuselect: menuselect/makeopts .lastclean
	+@$(MAKE) -s -C menuselect menuselect

menuselect/makeopts: makeopts .lastclean
	+@$(MAKE) -s -C menuselect makeopts

menuselect-tree: $(foreach dir,$(filter-out main,$(MOD_SUBDIRS)),$(wildcard $(dir)/*.c)) configure
	@echo "<?xml version=\\"1.0\\"?>" > $@
	@echo >> $@
	@echo "<menu name=\\"Asterisk Module and Build Option Selection\\">" >> $@
	+@for dir in $(sort $(filter-out main third-party,$(MOD_SUBDIRS))); do \\
		$(SILENTMAKE) -C $${dir} SUBDIR=$${dir} moduleinfo >> $@; done
	@cat build_tools/cflags.xml >> $@
	@echo "</menu>" >> $@

install: _all
	@mkdir -p $(DESTDIR) && cp main/asterisk apps/*.so res/*.so codecs/*.so $(DESTDIR)

FORCE:
.PHONY: FORCE all _all clean install $(SUBDIRS)
"""

RULES = """\
-include $(ASTTOPDIR)/makeopts
.SECONDARY:
MAKE_DEPS=-MD -MT $@ -MF .$(subst /,_,$@).d -MP
ifeq ($(NOISY_BUILD),)
    ECHO_PREFIX=@
    CMD_PREFIX=@
else
    ECHO_PREFIX=@\\#
    CMD_PREFIX=
endif
OPTIMIZE?=-O0
ifneq ($(findstring FAST,$(MENUSELECT_CFLAGS)),)
    _ASTCFLAGS+=-O1
else
    _ASTCFLAGS+=$(OPTIMIZE)
endif
CC_CFLAGS=$(_ASTCFLAGS) $(ASTCFLAGS)
SO_SUPPRESS_SYMBOLS=-Wl,--version-script,$(subst .so,.exports,$@)

%.o: %.c
	$(ECHO_PREFIX) echo "   [CC] $< -> $@"
	$(CMD_PREFIX) $(CC) -o $@ -c $< $(MAKE_DEPS) $(CC_CFLAGS)

%.so: %.o
	$(CMD_PREFIX) $(ASTTOPDIR)/build_tools/make_linker_version_script $* "" "$(ASTTOPDIR)"
	$(ECHO_PREFIX) echo "   [LD] $^ -> $@"
	$(CMD_PREFIX) $(CC) -o $@ -shared $(SO_SUPPRESS_SYMBOLS) $(ASTLDFLAGS) $^ $(LIBS)

%: %.o
	$(ECHO_PREFIX) echo "   [LD] $^ -> $@"
	$(CMD_PREFIX) $(CC) -o $@ $^ $(LIBS)
"""

MODULES = """\
include $(ASTTOPDIR)/Makefile.rules
ALL_C_MODS:=$(foreach p,$(MODULE_PREFIX),$(patsubst %.c,%,$(wildcard $(p)_*.c)))
C_MODS:=$(filter-out $(MENUSELECT_$(MENUSELECT_CATEGORY)),$(ALL_C_MODS))
LOADABLE_MODS:=$(C_MODS)
MOD_ASTCFLAGS=-DAST_MODULE=\\"$(1)\\" $(MENUSELECT_OPTS_$(1):%=-D%)

define MOD_ADD_SOURCE
$(1).so: $$(subst .c,.o,$(2))
$$(subst .c,.o,$(2)): _ASTCFLAGS+=$$(call MOD_ASTCFLAGS,$(1))
endef
MOD_ADD_C=$(eval $(call MOD_ADD_SOURCE,$(1),$(2)))

$(addsuffix .o,$(C_MODS)): _ASTCFLAGS+=$(call MOD_ASTCFLAGS,$*)
$(LOADABLE_MODS:%=%.so): _ASTCFLAGS+=-fPIC
$(addsuffix .so,$(C_MODS)): %.so: %.o

.PHONY: clean _all moduleinfo
_all: $(LOADABLE_MODS:%=%.so)

clean::
	rm -f *.so *.o */*.o .*.d *.exports

title=$(shell $(GREP) -e AST_MODULE_INFO $< | head -n 1 | cut -d '"' -f 2)
.%.moduleinfo: %.c
	@echo "<member name=\\"$*\\" displayname=\\"$(title)\\" remove_on_change=\\"$(SUBDIR)/$*.o $(SUBDIR)/$*.so\\">" > $@
	@sed -n 's/^[ \\t]*\\(<support_level>.*\\)/\\t\\1/p' $< >> $@
	@echo "</member>" >> $@

.moduleinfo:: $(addsuffix .moduleinfo,$(addprefix .,$(sort $(ALL_C_MODS))))
	@echo "<category name=\\"MENUSELECT_$(MENUSELECT_CATEGORY)\\" displayname=\\"$(MENUSELECT_DESCRIPTION)\\">" > $@
	@cat $^ >> $@
	@echo "</category>" >> $@

moduleinfo: .moduleinfo
	@cat $<

ifneq ($(wildcard .*.d),)
   include .*.d
endif
"""

SELECTED = "-include $(ASTTOPDIR)/menuselect.makeopts $(ASTTOPDIR)/menuselect.makedeps\n"

APPS = f"""\
{SELECTED}
MODULE_PREFIX=app
MENUSELECT_CATEGORY=APPS
MENUSELECT_DESCRIPTION=Applications
all: _all
include $(ASTTOPDIR)/Makefile.moddir_rules
$(call MOD_ADD_C,app_two,$(wildcard two/*.c))
app_one.o: _ASTCFLAGS+=-DONLY_ONE
"""

RES = f"""\
{SELECTED}
MODULE_PREFIX=res
MENUSELECT_CATEGORY=RES
MENUSELECT_DESCRIPTION=Resources
all: _all
include $(ASTTOPDIR)/Makefile.moddir_rules
"""

CODECS = f"""\
{SELECTED}
MODULE_PREFIX=codec
MENUSELECT_CATEGORY=CODECS
MENUSELECT_DESCRIPTION=Codecs
all: _all
include $(ASTTOPDIR)/Makefile.moddir_rules
codec_own.so: own/lib/libown.a
own/lib/libown.a: own ;
own:
	@mkdir -p own/lib
	@$(MAKE) -C own lib/libown.a
clean::
	rm -rf own/lib own/*.o own/.*.d
.PHONY: own
"""

OWN = """\
include $(ASTTOPDIR)/Makefile.rules
lib/libown.a: part.o
	$(CMD_PREFIX) $(AR) crD $@ $^
part.o: _ASTCFLAGS+=-fPIC
ifneq ($(wildcard .*.d),)
   include .*.d
endif
"""

MAIN = f"""\
{SELECTED}
all: asterisk
include $(ASTTOPDIR)/Makefile.moddir_rules
SRC:=$(wildcard *.c) parser.c
OBJS:=$(sort $(filter-out buildinfo.o,$(SRC:.c=.o)))
parser.c:
	$(CMD_PREFIX) cp parser.y $@
$(OBJS): _ASTCFLAGS+=-DAST_IN_CORE
asterisk: $(OBJS) libown.so
	@$(CC) -c -o buildinfo.o $(_ASTCFLAGS) buildinfo.c $(ASTCFLAGS)
	$(ECHO_PREFIX) echo "   [LD] $(OBJS) -> $@"
	$(CMD_PREFIX) $(CC) -o $@ -Wl,--export-dynamic -Wl,--version-script,asterisk.exports $(OBJS) -L. -lown buildinfo.o
libown.so.1: libown/own.o
	$(CMD_PREFIX) $(CC) -o $@ -shared -Wl,-soname=$@ $^
libown/own.o: _ASTCFLAGS+=-fPIC
libown.so: libown.so.1
	$(ECHO_PREFIX) echo "   [LN] $< -> $@"
	$(CMD_PREFIX) ln -sf $< $@ ;\\

asterisk: asterisk.exports
asterisk.exports: asterisk.exports.in
	$(CMD_PREFIX) $(ASTTOPDIR)/build_tools/make_linker_version_script asterisk ""
clean::
	rm -f asterisk libown.so*
"""

UTILS = f"""\
{SELECTED}
all: tool
include $(ASTTOPDIR)/Makefile.rules
shared.c: $(ASTTOPDIR)/main/shared.c
	$(ECHO_PREFIX) echo "   [CP] $(subst $(ASTTOPDIR)/,,$<) -> $@"
	$(CMD_PREFIX) cp "$<" "$@"
tool: tool.o shared.o
clean:
	rm -f *.o tool shared.c .*.d
ifneq ($(wildcard .*.d),)
   include .*.d
endif
"""

NOTHING = "all moduleinfo clean:\n.PHONY: all moduleinfo clean\n"

MENUSELECT = """\
# A real one: the drop-in's files are Asterisk's to the byte.
menuselect:
	@printf '%s\\n' '#!/bin/sh' \\
		'PYTHONPATH={packages} exec {python} -P -m menuselect.dropin.command "$$@"' > $@; chmod +x $@
makeopts:
	@touch $@
clean:
	@rm -f menuselect makeopts
.PHONY: clean
"""

VERSION_SCRIPT = """\
#!/bin/sh
test -f ${1}.exports.in && cp ${1}.exports.in ${1}.exports && exit 0
cp ${3}/default.exports ${1}.exports
"""

MODULE = """\
/*** MODULEINFO
	<support_level>core</support_level>
 ***/
#include "asterisk.h"
/*** DOCUMENTATION
	<application name="{name}"/>
 ***/
int {name}_value(void) {{ return SHARED; }}
AST_MODULE_INFO_STANDARD(0, "The {name} module")
"""

OPTIONS = '<category name="MENUSELECT_CFLAGS"><member name="FAST"/><member name="SHOWN"/></category>\n'

SELECTION = "MENUSELECT_APPS=\nMENUSELECT_RES=\nMENUSELECT_CODECS=\nMENUSELECT_CFLAGS=\n"


def module(name: str) -> str:
    """The source of a module."""
    return MODULE.format(name=name)


FILES = {
    "Makefile": TOP,
    "Makefile.rules": RULES,
    "Makefile.moddir_rules": MODULES,
    "configure": "#!/bin/sh\n",
    ".cleancount": "1\n",
    ".lastclean": "1\n",
    ".version": "20.0.0-small\n",
    "default.exports": "{ global: *; };\n",
    "include/asterisk.h": '#include "asterisk/buildopts.h"\n#include "asterisk/shared.h"\n',
    "include/asterisk/shared.h": (
        "#define SHARED 1\n#define AST_MODULE_INFO_STANDARD(key, text) const char *module_text(void) { return text; }\n"
    ),
    "apps/Makefile": APPS,
    "apps/app_one.c": module("app_one"),
    "apps/app_two.c": module("app_two"),
    "apps/two/second.c": '#include "asterisk.h"\n#include "second.h"\nint second(void) { return SECOND; }\n',
    "apps/two/second.h": "#define SECOND 2\n",
    "res/Makefile": RES,
    "res/res_one.c": module("res_one"),
    "codecs/Makefile": CODECS,
    "codecs/codec_own.c": module("codec_own"),
    "codecs/own/Makefile": OWN,
    "codecs/own/part.c": "int part(void) { return 3; }\n",
    "main/Makefile": MAIN,
    "main/asterisk.c": '#include "asterisk.h"\n#include "asterisk/build.h"\nint main(void) { return SHARED - 1; }\n',
    "main/shared.c": '#include "asterisk.h"\nint shared(void) { return SHARED; }\n',
    "main/buildinfo.c": '#include "asterisk/build.h"\nconst char *build = BUILD;\n',
    "main/parser.c": "int parser(void) { return 4; }\n",
    "main/parser.y": "int parser(void) { return 4; }\n",
    "main/libown/own.c": "int own(void) { return 5; }\n",
    "main/asterisk.exports.in": "{ global: *; };\n",
    "utils/Makefile": UTILS,
    "utils/tool.c": "int shared(void);\nint main(void) { return shared() - 1; }\n",
    "contrib/Makefile": NOTHING,
    "third-party/Makefile": NOTHING,
    "menuselect/menuselect.c": "",
    "build_tools/cflags.xml": OPTIONS,
    "build_tools/menuselect-deps": "",
    "sounds/Makefile": NOTHING,
    "doc/Makefile": NOTHING,
    "menuselect.makeopts": SELECTION,
}

PROGRAMS = {
    "build_tools/make_version": "#!/bin/sh\ncat $1/.version\n",
    "build_tools/make_version_c": '#!/bin/sh\necho "const char *version = \\"$ASTERISKVERSION\\";"\n',
    "build_tools/make_buildopts_h": (
        "#!/bin/sh\nfor x in $(sed -n 's/^MENUSELECT_CFLAGS=//p' menuselect.makeopts); do echo \"#define $x 1\"; done\n"
    ),
    "build_tools/make_linker_version_script": VERSION_SCRIPT,
}


def write(top: Path) -> Path:
    """Write the tree, as configure leaves it."""
    settled = f"CC=gcc\nAR=ar\nAWK=awk\nGREP=grep\nOSARCH=linux-gnu\nBUILD_CPU={os.uname().machine}\nCONFIG_CFLAGS=\n"
    menuselect = MENUSELECT.format(python=sys.executable, packages=Path(__file__).parents[3])
    for name, text in (FILES | PROGRAMS | {"makeopts": settled, "menuselect/Makefile": menuselect}).items():
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(0o755 if name in PROGRAMS else 0o644)
    return top


def make(top: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run make in a tree, with what it says."""
    unset = ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "ASTERISM_MAKE")
    environment = {name: value for name, value in os.environ.items() if name not in unset} | variables
    return subprocess.run(["make", *words], cwd=top, env=environment, capture_output=True, text=True, check=False)


def copy(top: Path, other: Path) -> Path:
    """A copy of a tree, with the ages of its files."""
    shutil.copytree(top, other, symlinks=True)
    return other


OURS = ("build", "GNUmakefile", "menuselect")
"""What Asterism adds to an adopted tree, and the menuselect that the tree builds for itself."""


def content(top: Path) -> dict[str, bytes]:
    """Every file of a tree but those that Asterism adds, and those that menuselect-tree is put together from."""
    paths = [path for path in top.rglob("*") if path.relative_to(top).parts[0] not in OURS]
    paths = [path for path in paths if not path.name.endswith(".moduleinfo")]
    return {
        str(path.relative_to(top)): os.readlink(path).encode() if path.is_symlink() else path.read_bytes()
        for path in sorted(paths)
        if path.is_symlink() or path.is_file()
    }
