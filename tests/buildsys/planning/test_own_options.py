"""The options of a module's own MAKEOPTS block, and what their change makes anew."""

from __future__ import annotations

from pathlib import Path

from source_tree import GOOD_C, SourceTree

from buildsys.planning import module_directory
from buildsys.settled.configuration import Configuration, Flags
from menuselect.sources import recognition

BLOCK = """\
/*** MAKEOPTS
<category name="MENUSELECT_OPTS_res_one" displayname="Ways" positive_output="yes">
	<member name="FAST_WAY" displayname="fast"><defaultenabled>yes</defaultenabled></member>
	<member name="ODBC_WAY" displayname="odbc"><depend>unixodbc</depend><defaultenabled>no</defaultenabled></member>
</category>
 ***/
"""
WITH_DATA = GOOD_C.replace("\t<support", '\t<member_data><downloader directory_name="x"/></member_data>\n\t<support')


def units(lines: str) -> set[str]:
    """The files that a build has compiled or linked."""
    return {line.split("] ")[1] for line in lines.splitlines() if line.startswith("   [")}


def settled(sources: SourceTree) -> None:
    sources.write({"res/res_one.c": GOOD_C + BLOCK, "build_tools/menuselect-deps": "UNIXODBC=1\n"})
    libraries = {"UNIXODBC": Flags(("-DWITH_ODBC",), ("-Wl,--defsym=odbc=0",))}
    sources.configure(Configuration(cc=("gcc",), libraries=libraries))


def test_the_chosen_options_of_a_module_are_macros_to_it_alone(sources: SourceTree) -> None:
    settled(sources)
    assert sources.build().returncode == 0
    logs = {name: (sources.top / f"build/log/{name}.log").read_text() for name in ("res_one", "res_two")}
    assert [("-DFAST_WAY" in text, "-DODBC_WAY" in text) for text in logs.values()] == [(True, False), (False, False)]


def test_a_changed_option_builds_its_module_anew_and_no_other(sources: SourceTree) -> None:
    settled(sources)
    sources.build()
    before = sources.times()
    sources.run(sources.top, "enable", "ODBC_WAY")
    assert units(sources.build().stdout) == {"res/res_one.c", "build/modules/res_one.so"}
    changed = {name for name, moment in sources.times().items() if moment != before[name]}
    assert changed == {"res_one.so"}


def test_a_module_gets_the_flags_of_what_its_chosen_options_need(sources: SourceTree) -> None:
    settled(sources)
    sources.run(sources.top, "enable", "ODBC_WAY")
    sources.build()
    log = (sources.top / "build/log/res_one.log").read_text()
    assert "-DFAST_WAY -DODBC_WAY -fvisibility=hidden -DWITH_ODBC " in log
    assert "-Wl,--defsym=odbc=0 " in log


def test_outside_of_the_tree_the_usual_options_are_on(sources: SourceTree, tmp_path: Path) -> None:
    sources.write({"mine/res_one.c": GOOD_C + BLOCK, "mine/res_two.c": GOOD_C, "mine/part.h": "#define PART 1\n"})
    made = {
        module.name: module.defines
        for module in module_directory.gather_for(
            recognition.at(sources.top / "mine"), Configuration(cc=("gcc",))
        ).modules
    }
    assert made == {"res_one": ("FAST_WAY",), "res_two": ()}


def test_data_for_others_may_have_tags_of_its_own(sources: SourceTree) -> None:
    sources.write({"res/res_one.c": WITH_DATA})
    assert sources.build("--quiet").returncode == 0
    assert (
        '<member_data><downloader directory_name="x"/></member_data>' in (sources.top / "menuselect-tree").read_text()
    )


def test_nothing_is_left_of_a_module_that_is_not_chosen_any_more(sources: SourceTree) -> None:
    sources.build()
    sources.run(sources.top, "disable", "res_one")
    sources.build()
    left = [path.name for path in (sources.top / "build").rglob("*res_one*")]
    assert (left, sources.products()) == ([], ["res_three.py", "res_two.so"])
