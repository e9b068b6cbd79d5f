"""From sources to menuselect-tree."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path
from typing import Any

import pytest

from asterism import __main__ as asterism
from asterism.errors import AsterismError
from menuselect.choice.selection import Selection
from menuselect.model import deps, tree_file
from menuselect.sources import scan

HERE = Path(__file__).parent
SHARED = Path(os.environ.get("ASTERISM_CONFORMANCE", HERE.parents[3] / "shared" / "conformance")) / "menuselect"

MODULE = """\
/*** MODULEINFO
\t<depend>curl</depend>
\t<support_level>core</support_level>
 ***/
#include "asterisk.h"
AST_MODULE_INFO_STANDARD(ASTERISK_GPL_KEY, "Rings a bell");
"""

TOP = """\
OTHER_SUBDIRS:=utils agi
MOD_SUBDIRS:=third-party channels pbx apps codecs formats cdr \\
	cel bridges funcs tests main res addons $(LOCAL_MOD_SUBDIRS)
menuselect-tree: configure
	@echo "Generating input for menuselect ..."
	+@for dir in $(sort $(filter-out main,$(MOD_SUBDIRS))); do $(SILENTMAKE) -C $${dir} moduleinfo >> $@; done
	@cat build_tools/cflags.xml >> $@
	+@for dir in $(sort $(filter-out main,$(MOD_SUBDIRS))); do $(SILENTMAKE) -C $${dir} makeopts >> $@; done
	@if [ "${AST_DEVMODE}" = "yes" ]; then \\
		cat build_tools/cflags-devmode.xml >> $@; \\
	fi
	@cat utils/utils.xml >> $@
	@cat agi/agi.xml >> $@
	@cat sounds/sounds.xml >> $@
"""


def put(root: Path, **texts: str) -> Path:
    """Write files; two underscores stand for a slash, a last one for a dot."""
    for name, text in texts.items():
        path = root / name.replace("__", "/").replace("_dot_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8", "surrogateescape"))
    return root


def test_in_a_source_tree_a_module_is_found_by_its_prefix_and_its_block_goes_in_as_it_is(tmp_path: Path) -> None:
    put(tmp_path, res__res_bell_dot_c=MODULE, res__other_dot_c=MODULE, res__res_bell_dot_h="", makeopts="")
    assert scan.tree_text(tmp_path) == (
        '<?xml version="1.0"?>\n\n<menu name="Asterisk Module and Build Option Selection">\n'
        '<category name="MENUSELECT_RES" displayname="Resource Modules">\n'
        '<member name="res_bell" displayname="Rings a bell"'
        ' remove_on_change="res/res_bell.o res/res_bell.i res/res_bell.so">\n'
        "\t<depend>curl</depend>\n\t<support_level>core</support_level>\n"
        "</member>\n</category>\n</menu>\n"
    )


def test_a_python_module_is_described_by_its_declaration(tmp_path: Path) -> None:
    text = '"""Tells time.\n\n/*** MODULEINFO\n    <support_level>extended</support_level>\n***/\n"""\n'
    put(tmp_path, res__res_time_dot_py=text + 'MODULE = ModuleInfo(\n    "Tells \\"time\\" & more",\n)\n')
    assert scan.tree_text(tmp_path).split("\n")[4:7] == [
        '<member name="res_time" displayname="Tells &quot;time&quot; &amp; more">',
        "    <support_level>extended</support_level>",
        "</member>",
    ]


def test_members_stand_in_byte_order_and_c_wins_over_python(tmp_path: Path) -> None:
    second = MODULE.replace("Rings", "Also rings")
    put(tmp_path, apps__app_b_dot_c=MODULE, apps__app_B_dot_cc=MODULE, apps__app_b_dot_py=second)
    names = [member.name for member in tree_file.loads(scan.tree_text(tmp_path)).menu.members]
    assert names == ["app_B", "app_b"]
    assert "Also rings" not in scan.tree_text(tmp_path)


def test_makefiles_add_sources_and_lines_and_fragments(tmp_path: Path) -> None:
    rules = 'x:\n.%.moduleinfo: %.c\n\t@echo "$(SUBDIR)/$*.o $(SUBDIR)/$*.i $(SUBDIR)/$*.so$(EXTRA)"\n'
    rules += "define MOD_ADD_SOURCE\n.$(1).moduleinfo: MODULEINFO_EXTRA_OUTPUT=x\nendef\n"
    makefile = """\
MODULE_PREFIX=app
MENUSELECT_CATEGORY=APPS
MENUSELECT_DESCRIPTION=Applications
PARTS:=one.c \\
	two.c # a comment
ifneq ($(wildcard absent/Makefile),)
$(call MOD_ADD_C,app_bell,absent/x.c)
else
$(call MOD_ADD_C,app_bell,$(addprefix bell/,$(PARTS)) $(wildcard more/*.c))
endif
.app_fixed.moduleinfo: app_fixed.c
	@echo "<member name=\\"app_fixed\\" displayname=\\"$(shell $(GREP) -e AST_MODULE_INFO $< | cut -d '"' -f 2)\\" \
remove_on_change=\\"$(SUBDIR)/$*.o\\">" > $@
	echo "<defaultenabled>no</defaultenabled>" >> $@
	echo "</member>" >> $@
"""
    put(tmp_path, Makefile=TOP, Makefile_dot_moddir_rules=rules, apps__Makefile=makefile, apps__app_bell_dot_c=MODULE)
    put(tmp_path, apps__bell__one_dot_c="/*** MODULEINFO\n<use>ssl</use>\n<support_level>x</support_level>\n***/\n")
    put(tmp_path, apps__more__z_dot_c="", apps__more__a_dot_c="", apps__app_fixed_dot_c=MODULE)
    put(tmp_path, apps__apps_dot_xml="<!-- apps -->\n", build_tools__cflags_dot_xml="<!-- flags -->\n")
    put(
        tmp_path,
        **{"build_tools__cflags-devmode_dot_xml": "<!-- dev -->\n", "utils__utils_dot_xml": "<!-- utils -->\n"},
    )
    put(tmp_path, apps__app_opts_dot_c="/*** MAKEOPTS\n<x/>\n***/\n" + MODULE)
    added = [f"apps/{path}{end}" for end in (".o", ".i") for path in ("bell/one", "bell/two", "more/a", "more/z")]
    assert scan.tree_text(tmp_path, dev_mode=True).split("\n")[3:] == [
        '<category name="MENUSELECT_APPS" displayname="Applications">',
        '<member name="app_bell" displayname="Rings a bell"'
        f' remove_on_change="apps/app_bell.o apps/app_bell.i apps/app_bell.so {" ".join(added)}">',
        "\t<depend>curl</depend>",
        "\t<support_level>core</support_level>",
        "<use>ssl</use>",
        "</member>",
        '<member name="app_fixed" displayname="Rings a bell" remove_on_change="apps/.o">',
        "<defaultenabled>no</defaultenabled>",
        "</member>",
        '<member name="app_opts" displayname="Rings a bell"'
        ' remove_on_change="apps/app_opts.o apps/app_opts.i apps/app_opts.so">',
        "\t<depend>curl</depend>",
        "\t<support_level>core</support_level>",
        "</member>",
        "<!-- apps -->",
        "</category>",
        "<!-- flags -->",
        "<x/>",
        "<!-- dev -->",
        "<!-- utils -->",
        "</menu>",
        "",
    ]


def test_development_mode_is_what_configure_said(tmp_path: Path) -> None:
    put(tmp_path, res__res_bell_dot_c=MODULE, **{"build_tools__cflags-devmode_dot_xml": "<!-- dev -->\n"})
    assert "dev" not in scan.tree_text(tmp_path)
    put(tmp_path, makeopts="AST_DEVMODE=yes\n")
    assert "<!-- dev -->" in scan.tree_text(tmp_path)


def test_a_directory_without_modules_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AsterismError) as caught:
        scan.tree_text(tmp_path)
    assert str(caught.value) == (
        f"{tmp_path}: this tree has no modules: no source here registers a module\n"
        "    name a source tree or a directory of modules; 'asterism new NAME' writes a module"
    )


def test_variables_that_name_themselves_end(tmp_path: Path) -> None:
    makefile = (
        "A=$(A)$(A)\nMODULE_PREFIX=res\nMENUSELECT_CATEGORY=RES\nMENUSELECT_DESCRIPTION=$(A)x\ninclude Makefile\n"
    )
    put(tmp_path, Makefile=TOP, res__Makefile=makefile, res__res_bell_dot_c=MODULE)
    assert "res_bell" in scan.tree_text(tmp_path)


def test_unknown_dependencies_keep_nobody_from_choosing(tmp_path: Path) -> None:
    menu = tree_file.loads(scan.tree_text(put(tmp_path, res__res_bell_dot_c=MODULE))).menu
    selection = Selection(menu, deps.UNKNOWN)
    selection.settle()
    assert [member.name for member in selection.built()] == ["res_bell"]


def test_the_verb_writes_the_tree_and_leaves_an_equal_one_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(tmp_path, res__res_bell_dot_c=MODULE)
    assert asterism.main(["tree", str(tmp_path)]) == 0
    assert asterism.main(["tree", str(tmp_path)]) == 0
    name = tmp_path / "menuselect-tree"
    assert capsys.readouterr().out == f"{name}: 1 member\n{name}: 1 member, no change\n"
    assert name.read_text() == scan.tree_text(tmp_path)


# The trees that Asterisk's own Makefiles wrote, from the same facts about their sources.


def rebuild(root: Path, branch: str) -> Path:
    """A source tree of the recorded facts: Makefiles, sources that hold no more than their blocks, fragments."""
    said = json.loads((SHARED / f"dirs-{branch}.json").read_text("utf-8"))
    lists_preprocessed = said["remove_lists_preprocessed_files"]
    rules = "$(SUBDIR)/$*.o $(SUBDIR)/$*.i $(SUBDIR)/$*.so MODULEINFO_EXTRA_OUTPUT=\n" if lists_preprocessed else ""
    put(root, Makefile=TOP, Makefile_dot_moddir_rules=rules)
    for directory in said["directories"]:
        (root / directory["dir"]).mkdir(exist_ok=True)
        (root / directory["dir"] / "Makefile").write_text(makefile_of(directory))
    for line in gzip.decompress((SHARED / f"moduleinfo-{branch}.jsonl.gz").read_bytes()).decode().splitlines():
        rebuild_source(root, json.loads(line))
    fragments = SHARED / f"fragments-{branch}"
    for path in fragments.rglob("*.xml"):
        target = root / path.relative_to(fragments)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    return root


def makefile_of(directory: dict[str, Any]) -> str:
    if not directory.get("category"):
        return ""
    lines = [
        f"MENUSELECT_CATEGORY={directory['category'].removeprefix('MENUSELECT_')}",
        f"MENUSELECT_DESCRIPTION={directory['description']}",
        f"MODULE_PREFIX={directory['prefix']}" if directory["prefix"] else "",
        f"ALL_C_MODS:={' '.join(directory['c_modules'])}" if not directory["prefix"] else "",
    ]
    for module, sources in (directory.get("extra_sources") or {}).items():
        lines.append(f"$(call MOD_ADD_C,{module},{' '.join(sources)})")
    for module, sources in (directory.get("scanned_only_sources") or {}).items():
        lines.append(f".{module}.moduleinfo: {' '.join(sources)}")
    for module, fixed in (directory.get("fixed_members") or {}).items():
        lines.append(f".{module}.moduleinfo: {module}.c")
        opening = (
            f'<member name="{module}" displayname="$(shell grep $<)" remove_on_change="$(SUBDIR)/$*.o $(SUBDIR)/$*.so">'
        )
        for text in (opening, *fixed):
            escaped = text.replace('"', '\\"')
            lines.append(f'\t@echo "{escaped}" >> $@')
    return "\n".join(lines) + "\n"


def rebuild_source(root: Path, facts: dict[str, Any]) -> None:
    parts = [facts["moduleinfo"], facts["makeopts"], facts["info_line"] or facts["info_macro"]]
    path = root / facts["path"]
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(f"{part}\n" for part in parts if part)
    path.write_bytes(text.encode("utf-8", "surrogateescape"))


@pytest.mark.parametrize(
    ("branch", "dev_mode", "recorded"),
    [
        ("13", False, "menuselect-tree-13.xml"),
        ("13", True, "menuselect-tree-13-devmode.xml"),
        ("18", False, "menuselect-tree-18.xml"),
    ],
)
def test_the_trees_of_asterisk_come_out_byte_for_byte(
    tmp_path: Path, branch: str, dev_mode: bool, recorded: str
) -> None:
    if not (SHARED / recorded).is_file():
        pytest.skip("needs the recorded runs of Asterisk")
    rebuilt = rebuild(tmp_path, branch)
    expected = (SHARED / recorded).read_bytes()
    assert scan.tree_bytes(rebuilt, dev_mode=dev_mode).split(b"\n") == expected.split(b"\n")
