"""The references of a menu as indices."""

from __future__ import annotations

from menuselect.choice import references
from menuselect.model import deps, tree_file
from menuselect.model.menu import Menu

TREE = """\
<menu name="m">
<category name="APPS">
<member name="app_a"><depend>res_b</depend><depend>curl</depend><use autoselect="yes">res_c</use></member>
<member name="res_c"><conflict>ssl</conflict></member>
</category>
<category name="RES">
<member name="res_b"><depend>res_c</depend><use>ODBC</use><conflict>app_a</conflict></member>
<member name="res_c"><depend>zlib</depend></member>
</category>
<category name="MOH" exclusive="yes" positive_output="yes"><member name="wav"/><member name="ulaw"/></category>
</menu>
"""


def _menu() -> Menu:
    return tree_file.loads(TREE).menu


def test_references_lead_to_members_of_the_own_category_first() -> None:
    links = references.link(_menu(), deps.loads("CURL=1\nSSL=1\nZLIB=0\n"))
    assert (links.depends, links.dependents) == (((2,), (), (3,), (), (), ()), ((), (), (0,), (2,), (), ()))
    assert (links.conflicts, links.opponents) == (((), (), (0,), (), (), ()), ((2,), (), (), (), (), ()))
    assert (links.uses, links.autoselects) == (((1,), (), (), (), (), ()), ((1,), (), (), (), (), ()))


def test_other_references_are_external_and_decide_what_is_available() -> None:
    links = references.link(_menu(), deps.loads("CURL=1\nSSL=1\nZLIB=0\n"))
    assert [[each.name for each in some] for some in links.external] == [["curl"], ["ssl"], ["ODBC"], ["zlib"], [], []]
    assert [each and each.name for each in links.missing] == [None, None, None, "zlib", None, None]
    assert [each and each.name for each in links.present] == [None, "ssl", None, None, None, None]
    assert list(links.has_library) == [1, 0, 0, 1, 0, 0]


def test_members_of_an_exclusive_category_are_rivals() -> None:
    links = references.link(_menu(), deps.loads(""))
    assert (links.rivals, links.exclusives) == ((-1, -1, -1, -1, 0, 0), ((4, 5),))


def test_a_reference_spelled_like_a_heading_leads_to_the_heading_when_the_original_would() -> None:
    text = TREE.replace("<depend>zlib</depend>", "<depend>Extended</depend>").replace(
        '<member name="res_b">', '<member name="res_b"><support_level>extended</support_level>'
    )
    menu = tree_file.loads(text).menu
    plain, original = (references.link(menu, deps.loads(""), headings) for headings in (False, True))
    named = {member.name: member.index for member in original.headings}
    assert ([each.name for each in plain.external[3]], plain.headings) == (["Extended"], ())
    assert (original.external[3], [name for name in named if named[name] in original.depends[3]]) == ((), ["Extended"])
