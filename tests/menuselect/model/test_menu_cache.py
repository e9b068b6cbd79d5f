"""The menu that an adopted tree keeps beside menuselect-tree."""

from __future__ import annotations

from pathlib import Path

import pytest

from menuselect.model import buffer_limits, menu_cache, tree_file
from menuselect.model.menu import Category, Member, Menu, Reference

XML = """\
<?xml version="1.0"?>
<menu name="Modules">
  <category name="APPS" displayname="Applications" remove_on_change="apps/*.o">
    <member name="app_one" displayname="Ünicode &amp; more" remove_on_change="apps/app_one.o apps/app_one.so">
      <depend>res_one</depend><use autoselect="yes" name="zlib">the library</use><support_level>core</support_level>
    </member>
    <member name="app_two"><support_level>core</support_level><defaultenabled>no</defaultenabled></member>
  </category>
  <category name="EMPTY" />
  <category name="FLAGS" positive_output="yes" exclusive="yes">
    <member name="ONE" explicitly_enabled_only="yes" touch_on_change=".lastclean"/>
  </category>
</menu>
"""

MENU = Menu(
    "Modules",
    (
        Category(
            "APPS",
            "Applications",
            remove_on_change="apps/*.o",
            members=(
                Member(
                    "app_one",
                    "APPS",
                    0,
                    "Ünicode & more",
                    "core",
                    references=(Reference("depend", "res_one"), Reference("use", "zlib", True, "the library")),
                    remove_on_change="apps/app_one.o apps/app_one.so",
                ),
                Member("app_two", "APPS", 1, support_level="core", default="no"),
            ),
        ),
        Category("EMPTY"),
        Category(
            "FLAGS",
            positive=True,
            exclusive=True,
            members=(Member("ONE", "FLAGS", 2, explicit_only=True, touch_on_change=".lastclean", starts_on=False),),
        ),
    ),
)


@pytest.fixture
def adopted(tmp_path: Path) -> Path:
    """The menuselect-tree of an adopted tree."""
    (tmp_path / "menuselect").mkdir()
    (tmp_path / "menuselect/GNUmakefile").touch()
    (tmp_path / "menuselect-tree").write_text(XML)
    return tmp_path / "menuselect-tree"


def kept(tree: Path) -> Path:
    return tree.parent / menu_cache.FILE


def test_a_menu_is_kept_and_read_back_whole(adopted: Path) -> None:
    assert tree_file.load(str(adopted)).menu == MENU
    assert menu_cache.load(str(adopted), XML.encode()) == MENU
    assert menu_cache.loads(menu_cache.dumps(MENU)) == MENU


def test_the_kept_menu_is_read_instead_of_the_file(adopted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tree_file.load(str(adopted))
    monkeypatch.setattr(tree_file, "loads", None)
    assert tree_file.load(str(adopted)).menu == MENU


@pytest.mark.parametrize(
    "change", [("Modules", "Modulos"), ("</menu>", "</menu>\n"), ('name="app_two"', 'name="app_2"')]
)
def test_another_content_is_read_anew(adopted: Path, change: tuple[str, str]) -> None:
    tree_file.load(str(adopted))
    adopted.write_text(XML.replace(*change))
    assert tree_file.load(str(adopted)).menu == tree_file.loads(XML.replace(*change)).menu
    assert menu_cache.load(str(adopted), XML.encode()) is None


@pytest.mark.parametrize("damage", [b"", b"menu of Asterism, format 0\n", b"\xff\x00"])
def test_a_damaged_cache_costs_time_alone(adopted: Path, damage: bytes) -> None:
    tree_file.load(str(adopted))
    kept(adopted).write_bytes(damage)
    assert tree_file.load(str(adopted)).menu == MENU
    head = kept(adopted).read_bytes()[: -len(menu_cache.dumps(MENU).encode())]
    kept(adopted).write_bytes(head + b"x\x1ey\x1fz" + damage)
    assert tree_file.load(str(adopted)).menu == MENU


def test_nothing_is_kept_in_a_tree_that_was_not_adopted(adopted: Path) -> None:
    (adopted.parent / "menuselect/GNUmakefile").unlink()
    tree_file.load(str(adopted))
    assert not kept(adopted).exists()


def test_a_menu_with_notes_is_read_each_time(adopted: Path) -> None:
    adopted.write_text(XML.replace("<defaultenabled>no</defaultenabled>", "<surprise/>"))
    for _ in range(2):
        assert [note.code for note in tree_file.load(str(adopted)).notes] == ["unknown-tag"]


def test_a_member_without_a_name_is_for_scripts_alone(adopted: Path) -> None:
    adopted.write_text(XML.replace(' name="app_two"', ""))
    assert tree_file.load(str(adopted), buffer_limits.ORIGINAL).menu.find("(null)")
    assert [note.code for note in tree_file.load(str(adopted)).notes] == ["nameless-member"]
