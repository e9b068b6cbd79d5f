"""Modules that are selected and not built, in the sentence of a build."""

from __future__ import annotations

from pathlib import Path

from asterism.tree import Kind, Tree
from buildsys.planning import not_built
from buildsys.planning.not_built import NotBuilt
from menuselect.choice.selection import Selection
from menuselect.model import deps, tree_file
from menuselect.sources import settings

TREE = """\
<menu name="m">
<category name="MENUSELECT_RES">
<member name="res_a"><depend>curl</depend><depend>ssl</depend></member>
<member name="res_b"><depend>res_a</depend></member>
<member name="res_quiet"><depend>curl</depend><defaultenabled>no</defaultenabled></member>
<member name="test_x"><depend>TEST_FRAMEWORK</depend></member>
<member name="res_fine"/>
</category>
<category name="MENUSELECT_OPTS_res_fine" positive_output="yes">
<member name="FAST"><depend>curl</depend></member></category>
<category name="MENUSELECT_CFLAGS" positive_output="yes"><member name="SLOW"><depend>curl</depend></member></category>
</menu>
"""


def test_modules_that_lack_something_are_found_but_no_options_nor_test_modules() -> None:
    selection = Selection(tree_file.loads(TREE).menu, deps.loads("CURL=0\nSSL=0\n"))
    selection.settle()
    selection.apply_defaults()
    selection.settle()
    assert list(not_built.find(selection)) == [
        NotBuilt("res_a", "it needs curl, which was not found; it needs ssl, which was not found"),
        NotBuilt("res_b", "it needs res_a, which cannot be built"),
    ]


def test_three_are_explained_and_further_ones_are_counted() -> None:
    lacking = [NotBuilt(f"res_{letter}", f"why {letter}") for letter in "abcde"]
    assert [not_built.text(lacking[:count]) for count in (0, 1, 5)] == [
        "",
        "; res_a is not: why a",
        "; res_a is not: why a; res_b is not: why b; res_c is not: why c; nor are 2 more",
    ]


def test_a_source_without_the_prefix_of_its_directory_is_told(tmp_path: Path) -> None:
    for name in ("apps/app_x.c", "apps/helper.c", "apps/listed.c", "apps/notes.txt", "res/res_y.c"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    known = settings.read('[modules.app_x]\nsources = ["apps/listed.c"]\n', "asterism.toml", tmp_path)
    assert list(not_built.passed_over(Tree(tmp_path, Kind.MODULES), known)) == [
        "apps/helper.c is passed over: the names of modules in apps/ begin with 'app_'"
    ]
