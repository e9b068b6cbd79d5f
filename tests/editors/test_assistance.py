"""What the language server says of a text: faults, hovers, completion."""

from __future__ import annotations

from pathlib import Path

import pytest

from asterism.editors.assistance import Spot, completions, hover
from asterism.editors.conf_samples import ConfOption, options_of
from asterism.editors.edited_files import faults_of, kind_of, span_of
from asterism.editors.tags import ATTRIBUTES, KEYS, TAGS
from asterism.editors.workspace import Workspace, top_of
from asterism.errors import Place
from menuselect.sources import moduleinfo, settings

TREE = """\
<menu name="M"><category name="MENUSELECT_RES" displayname="Resource Modules">
<member name="res_curl" displayname="cURL"><depend>curl</depend><support_level>core</support_level></member>
<member name="res_off" displayname="Off"><depend>nothere</depend><support_level>core</support_level></member>
</category></menu>
"""

SOURCE = """\
/*** MODULEINFO
\t<depend>res_crul</depend>
\t<depend>res_off</depend>
\t<use type="external">curl</use>
\t<support_level>cor</support_level>
 ***/
#include "asterisk.h"
AST_MODULE_INFO_STANDARD(ASTERISK_GPL_KEY, "X");
"""


@pytest.fixture
def top(tmp_path: Path) -> Path:
    """A tree of Asterisk with two members and what configure found."""
    (tmp_path / "build_tools").mkdir()
    (tmp_path / "menuselect-tree").write_text(TREE)
    (tmp_path / "build_tools" / "menuselect-deps").write_text("CURL=1\nNOTHERE=0\n")
    for name in ("main/loader.c", "include/asterisk.h", "build_tools/cflags.xml", "Makefile", "apps/app_x.c"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    return tmp_path


def spot(path: Path | str, text: str, at: str) -> Spot:
    """The place before a part of a text."""
    before = text[: text.index(at)]
    return Spot(str(path), text, before.count("\n"), len(before) - before.rfind("\n") - 1)


def told(path: Path, text: str, workspace: Workspace) -> list[str]:
    """The faults of a text: line, column and words."""
    return [
        f"{fault.place.line}:{fault.place.column} {fault.what}"
        for fault in faults_of(str(path), text, workspace)
        if fault.place
    ]


def test_the_tree_of_a_file_is_the_nearest_directory_that_looks_like_one(top: Path) -> None:
    (top / "apps" / "deep").mkdir()
    assert top_of(str(top / "apps" / "deep" / "app_x.c")) == top
    (top / "apps" / "asterism.toml").touch()
    assert top_of(str(top / "apps" / "deep" / "app_x.c")) == top / "apps"


def test_the_faults_of_a_block_are_those_of_check(top: Path) -> None:
    workspace = Workspace(top)
    assert told(top / "apps/app_x.c", SOURCE, workspace) == [
        "5:17 unknown support level 'cor'",
        "5:17 the block says cor, and AST_MODULE_INFO says core",
        "2:10 nothing provides 'res_crul'",
    ]
    assert told(top / "apps/app_x.c", "int main(void) { return 0; }\n", workspace) == []


def test_the_faults_of_settings_and_of_conf_files(top: Path) -> None:
    workspace = Workspace(top)
    assert told(top / "asterism.toml", 'launch = "x"\n[modules.res_x]\nsourcs = []\n', workspace) == [
        "1:1 unknown key 'launch'",
        "3:1 unknown key 'sourcs'",
    ]
    assert told(top / "any.conf", "[general\n", workspace)[0].startswith("1:")
    assert told(top / "asterisk.conf", "[options]\nnix = 4\n", workspace) == ["2:1 unknown option 'nix'"]
    assert told(top / "modules.conf", "[modules]\nautolod = yes\n", workspace) == ["2:1 unknown word 'autolod'"]


def test_a_command_in_a_conf_file_is_never_run(top: Path) -> None:
    faults_of(str(top / "any.conf"), f"#exec touch {top}/ran\n", Workspace(top))
    assert not (top / "ran").exists()


def test_a_fault_is_drawn_under_its_word() -> None:
    lines = ["\t<depend>res_crul</depend>\n", "  x = 1\n"]
    assert span_of(Place("f", 1, 10), lines) == (0, 9, 17)
    assert span_of(Place("f", 2), lines) == (1, 2, 7)
    assert span_of(Place("f", 9, 9), lines) == (8, 0, 0)
    assert span_of(None, lines) == (0, 1, 26)


@pytest.mark.parametrize(
    ("at", "text"),
    [
        ("res_off", "**res_off**: Off\n\nResource Modules, core; unavailable\n- it needs nothere, which was not found"),
        ("support_level>cor<", TAGS["support_level"]),
        ("type=", ATTRIBUTES["type"]),
        ("asterisk.h", ""),
    ],
)
def test_a_hover_explains_a_member_a_tag_or_an_attribute(top: Path, at: str, text: str) -> None:
    assert hover(spot(top / "apps/app_x.c", SOURCE, at), Workspace(top)) == text


def test_a_hover_on_a_library_says_its_state_and_its_packages(top: Path) -> None:
    found = hover(spot(top / "apps/app_x.c", SOURCE, "curl</use>"), Workspace(top)).split("\n\n")
    assert found[0].startswith("**curl**, a library: ")
    assert found[1] == "found"
    assert "Debian libcurl4-openssl-dev" in found[2]


def test_a_hover_on_a_key_of_settings_explains_it(top: Path) -> None:
    text = 'cflags = "-O2"\n[modules.res_x]\ncflags = "-g"\n'
    path = top / "asterism.toml"
    assert hover(spot(path, text, 'lags = "-O2"'), Workspace(top)) == KEYS[""]["cflags"]
    assert hover(spot(path, text, 'lags = "-g"'), Workspace(top)) == KEYS["modules"]["cflags"]


def test_a_hover_on_an_option_is_what_the_sample_says_of_it(top: Path) -> None:
    (top / "configs" / "samples").mkdir(parents=True)
    (top / "configs" / "samples" / "any.conf.sample").write_text("[general]\n; How loud it is,\n; from 0.\n;loud = 3\n")
    text = "[general]\nloud = 4\n"
    assert hover(spot(top / "any.conf", text, "ud = 4"), Workspace(top)) == "`loud = 3`\n\nHow loud it is, from 0."
    assert hover(spot(top / "any.conf", "[other]\nloud = 4\n", "ud = 4"), Workspace(top)) == ""


def labels(place: Spot, top: Path) -> list[str]:
    return [offered.text for offered in completions(place, Workspace(top))]


def test_completion_in_a_block_knows_tags_attributes_members_libraries_and_levels(top: Path) -> None:
    path = top / "apps/app_x.c"
    assert labels(spot(path, SOURCE, "use type"), top) == list(TAGS)
    assert labels(spot(path, SOURCE, "type="), top) == ["name", "type", "autoselect"]
    names = labels(spot(path, SOURCE, "res_crul"), top)
    assert names[:2] == ["res_curl", "res_off"]
    assert {"curl", "nothere", "openssl"} <= set(names)
    assert labels(spot(path, SOURCE, "cor<"), top)[:3] == ["core", "extended", "deprecated"]
    assert labels(spot(path, SOURCE, "asterisk.h"), top) == []


def test_completion_of_settings_knows_the_keys_of_each_table_and_the_members(top: Path) -> None:
    text = "\n[modules.]\n\n[targets.a]\n\n"
    path = str(top / "asterism.toml")
    assert labels(Spot(path, text, 0, 0), top) == list(KEYS[""])
    assert labels(Spot(path, text, 1, 9), top) == ["res_curl", "res_off"]
    assert labels(Spot(path, text, 2, 0), top) == ["sources", "cflags", "libs", "packages"]
    assert labels(Spot(path, text, 4, 0), top) == ["directory", "prefix"]


def test_completion_of_conf_files_knows_options_and_modules(top: Path) -> None:
    text = "[modules]\nload => \n[options]\n\n"
    assert labels(Spot(str(top / "modules.conf"), text, 1, 8), top) == ["res_curl.so", "res_off.so"]
    assert "verbose" in labels(Spot(str(top / "asterisk.conf"), "[options]\n\n", 1, 0), top)


def test_samples_have_options_beside_and_below_their_comments() -> None:
    sample = "; About a = b in general.\n[a]\none = 1 ; beside\n; above\n;two => x\n\nthree = y\n"
    assert options_of(sample) == [
        ConfOption("a", "one", "1", "beside"),
        ConfOption("a", "two", "x", "above"),
        ConfOption("a", "three", "y", ""),
    ]


def test_every_tag_attribute_and_key_is_explained() -> None:
    assert set(TAGS) == set(moduleinfo.TAGS)
    assert set(ATTRIBUTES) == {name for names in moduleinfo.ATTRIBUTES.values() for name in names}
    assert set(KEYS[""]) == set(settings.KEYS)
    assert (set(KEYS["modules"]), set(KEYS["targets"])) == (set(settings.MODULE_KEYS), set(settings.TARGET_KEYS))


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("a/res_x.c", "source"),
        ("asterism.toml", "settings"),
        ("x.conf", "conf"),
        ("x.conf.sample", "conf"),
        ("x.h", ""),
    ],
)
def test_the_name_says_what_a_file_is(path: str, kind: str) -> None:
    assert kind_of(path, SOURCE) == kind
