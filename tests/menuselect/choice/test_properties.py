"""What holds whatever is asked for, and whatever the files hold."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import tempfile
from pathlib import Path

from dropin import run_in
from hypothesis import given, settings
from hypothesis import strategies as st

from asterism.errors import AsterismError
from menuselect.choice import cycles
from menuselect.choice.selection import Selection
from menuselect.model import deps, tree_file
from menuselect.model.deps import Deps
from menuselect.model.menu import Category, Member, Menu, Reference
from menuselect.session import makeopts, stale_choice
from menuselect.sources import moduleinfo, scan

MANY = settings(deadline=None, max_examples=150)
FEW = settings(deadline=None, max_examples=40)

NAMES = [f"m{number}" for number in range(8)]
LIBRARIES = ["zlib", "curl"]
ASKED = ("enable", "disable")


@st.composite
def menus(draw: st.DrawFn, conflicts: bool = True) -> Menu:
    """A menu of up to eight members in two categories, without members that need each other in a circle."""
    size = draw(st.integers(1, len(NAMES)))
    split = draw(st.integers(0, size))
    members = []
    for at in range(size):
        later = NAMES[at + 1 : size] + LIBRARIES
        others = [name for name in NAMES[:size] if name != NAMES[at]]
        references = [
            *(Reference("depend", name) for name in draw(st.lists(st.sampled_from(later), max_size=2))),
            *(Reference("use", name, autoselect=True) for name in draw(st.lists(st.sampled_from(later), max_size=1))),
        ]
        if others and conflicts:
            references += [Reference("conflict", name) for name in draw(st.lists(st.sampled_from(others), max_size=1))]
        default = draw(st.sampled_from([None, "yes", "no"]))
        category = "N" if at < split else "P"
        members.append(
            Member(
                NAMES[at],
                f"MENUSELECT_{category}",
                at,
                default=default,
                references=tuple(references),
                starts_on=at < split,
            )
        )
    return Menu(
        "M",
        (
            Category("MENUSELECT_N", members=tuple(members[:split])),
            Category(
                "MENUSELECT_P",
                positive=True,
                exclusive=conflicts and draw(st.booleans()),
                members=tuple(members[split:]),
            ),
        ),
    )


FOUND = st.sampled_from(["ZLIB=1\nCURL=1\n", "ZLIB=1\nCURL=0\n", "ZLIB=0\nCURL=-1\n"]).map(deps.loads)
REQUESTS = st.lists(st.tuples(st.sampled_from(ASKED), st.sampled_from(NAMES)), max_size=6)


def ready(menu: Menu, found: Deps) -> Selection:
    selection = Selection(menu, found)
    selection.settle()
    selection.apply_defaults()
    selection.settle()
    return selection


def carry_out(selection: Selection, requests: list[tuple[str, str]]) -> None:
    for what, name in requests:
        member = selection.menu.find(name)
        if member:
            (selection.enable if what == "enable" else selection.disable)(member)


@MANY
@given(menus(), FOUND, REQUESTS)
def test_what_is_built_has_all_it_needs_and_nothing_it_refuses(
    menu: Menu, found: Deps, requests: list[tuple[str, str]]
) -> None:
    selection = ready(menu, found)
    carry_out(selection, requests)
    for member in selection.built():
        for reference in member.depends:
            target = menu.resolve(member, reference)
            assert (
                selection.is_built(target) or selection.conflict_failure(target)
                if target
                else found.is_met(reference.name)
            )
        for reference in member.conflicts:
            target = menu.resolve(member, reference)
            assert not (selection.is_on(target) if target else found.is_present(reference.name))


@MANY
@given(menus(), FOUND, REQUESTS, st.sampled_from(NAMES))
def test_a_change_says_exactly_what_differs(
    menu: Menu, found: Deps, requests: list[tuple[str, str]], name: str
) -> None:
    selection = ready(menu, found)
    carry_out(selection, requests)
    member = menu.find(name) or menu.members[0]
    before = {each.name for each in menu.members if selection.is_on(each)}
    change = selection.toggle(member)
    after = {each.name for each in menu.members if selection.is_on(each)}
    assert {each.name for each in change.turned_on} == after - before
    assert {each.name for each in change.turned_off} == before - after


@MANY
@given(menus(), FOUND, REQUESTS, st.sampled_from(NAMES))
def test_a_snapshot_brings_everything_back(menu: Menu, found: Deps, requests: list[tuple[str, str]], name: str) -> None:
    selection, twin = ready(menu, found), ready(menu, found)
    before = selection.snapshot()
    carry_out(selection, requests)
    selection.restore(before)
    member = menu.find(name) or menu.members[0]
    assert selection.toggle(member) == twin.toggle(member)
    assert makeopts.dumps(selection) == makeopts.dumps(twin)


@MANY
@given(menus(conflicts=False), FOUND | st.just(deps.UNKNOWN), REQUESTS)
def test_what_was_written_reads_back_the_same(menu: Menu, found: Deps, requests: list[tuple[str, str]]) -> None:
    """Where members do not conflict: of two that do, and one needs the other, the original loses track."""
    selection = ready(menu, found)
    carry_out(selection, requests)
    text = makeopts.dumps(selection)
    again = Selection(menu, found)
    assert makeopts.apply(makeopts.loads(text), again) == []
    again.settle()
    assert again.built() == selection.built()


@MANY
@given(menus(conflicts=False), FOUND, REQUESTS)
def test_what_was_chosen_before_configure_fits_what_it_finds(
    menu: Menu, found: Deps, requests: list[tuple[str, str]]
) -> None:
    before = ready(menu, deps.UNKNOWN)
    carry_out(before, requests)
    after = Selection(menu, found)
    assert not makeopts.apply(makeopts.loads(makeopts.dumps(before)), after)
    after.settle()
    assert stale_choice.check(after) == []
    assert after.built() == [member for member in before.built() if after.is_available(member)]


@MANY
@given(menus())
def test_a_menu_written_as_xml_reads_back_the_same(menu: Menu) -> None:
    assert tree_file.loads(tree_file.dumps(menu)).menu == menu


@MANY
@given(menus(), FOUND)
def test_menus_without_circles_have_none(menu: Menu, found: Deps) -> None:
    assert cycles.find(menu, Selection(menu, found).links) == []


@st.composite
def graphs(draw: st.DrawFn) -> Menu:
    """Members that need any others, themselves included."""
    size = draw(st.integers(1, 6))
    names = NAMES[:size]
    members = [
        Member(
            name,
            "P",
            at,
            references=tuple(Reference("depend", other) for other in draw(st.sets(st.sampled_from(names), max_size=2))),
            starts_on=False,
        )
        for at, name in enumerate(names)
    ]
    return Menu("M", (Category("P", positive=True, members=tuple(members)),))


@MANY
@given(graphs())
def test_a_circle_leads_from_each_member_to_the_next_and_back(menu: Menu) -> None:
    links = Selection(menu, deps.UNKNOWN).links
    in_circles: set[int] = set()
    for circle in cycles.find(menu, links):
        for member, following in zip(circle, (*circle[1:], circle[0]), strict=True):
            assert following.index in links.depends[member.index]
        in_circles.update(member.index for member in circle)
    # Whoever reaches itself can be reached from a member of some circle.
    for start in range(len(menu.members)):
        reached, wave = set[int](), {start}
        while wave:
            wave = {target for at in wave for target in links.depends[at]} - reached
            reached |= wave
        assert start not in reached or reached & in_circles


@MANY
@given(graphs(), REQUESTS)
def test_circles_never_keep_a_request_from_ending(menu: Menu, requests: list[tuple[str, str]]) -> None:
    selection = ready(menu, deps.UNKNOWN)
    carry_out(selection, requests)


BYTES = st.binary(max_size=200) | st.text(
    alphabet=st.sampled_from("MENUSELECT_ABC=-ab \n\r\t\"'<>/*&;:01é\x00"), max_size=120
).map(lambda text: text.encode("utf-8", "surrogateescape"))
XML = '<menu><category name="MENUSELECT_A"><member name="a"><depend>zlib</depend></member></category></menu>'


def check_all_input(**contents: bytes) -> None:
    """Whatever the files hold, a run ends with a status, and with a message when it failed."""
    top = Path(tempfile.mkdtemp())
    try:
        (top / "build_tools").mkdir()
        (top / "menuselect-tree").write_bytes(contents.get("tree", XML.encode()))
        (top / "build_tools/menuselect-deps").write_bytes(contents.get("deps", b"ZLIB=1\n"))
        (top / "menuselect.makeopts").write_bytes(contents.get("makeopts", b""))
        for words in (("--check-deps",), ("--disable", "a"), ("--list-options",), ("--strict", "--enable-all")):
            outcome = run_in(top, *words, "menuselect.makeopts")
            assert outcome.status in (0, 1, 255)
            assert outcome.stderr or outcome.status == 0
            assert "Traceback" not in outcome.stderr
    finally:
        shutil.rmtree(top)


@FEW
@given(BYTES)
def test_any_bytes_in_the_tree_end_in_a_result_or_a_fault(data: bytes) -> None:
    check_all_input(tree=data)


@FEW
@given(BYTES)
def test_any_bytes_in_the_results_of_configure_end_in_a_result_or_a_fault(data: bytes) -> None:
    check_all_input(deps=data)


@FEW
@given(BYTES)
def test_any_bytes_in_the_choice_end_in_a_result_or_a_fault(data: bytes) -> None:
    check_all_input(makeopts=b"MENUSELECT_A=" + data)


BLOCKS = st.text(alphabet=st.sampled_from("<>/=\"' \n*-!abdepndusort_lv"), max_size=60)


@MANY
@given(BLOCKS, st.booleans())
def test_any_block_is_read_or_faulted(inner: str, closed: bool) -> None:
    source = moduleinfo.read(f"/*** MODULEINFO\n{inner}{'***/' if closed else ''}", "x.c")
    assert source.blocks or source.faults


@FEW
@given(BYTES, BYTES)
def test_any_source_and_makefile_are_scanned(source: bytes, makefile: bytes) -> None:
    top = Path(tempfile.mkdtemp())
    try:
        (top / "res").mkdir()
        (top / "res/res_x.c").write_bytes(b"/*** MODULEINFO\n" + source)
        (top / "res/Makefile").write_bytes(makefile)
        (top / "Makefile").write_bytes(b"MOD_SUBDIRS:=res\nmenuselect-tree:\n\tmoduleinfo >> $@\n" + makefile)
        with contextlib.suppress(AsterismError):
            assert scan.tree_bytes(top).endswith(b"</menu>\n")
    finally:
        shutil.rmtree(top)


def test_a_write_cut_off_leaves_the_old_file_or_the_new_one() -> None:
    top = Path(tempfile.mkdtemp())
    old, new = b"MENUSELECT_A=\n", b"MENUSELECT_A=a \nMENUSELECT_BUILD_DEPS=\n"
    try:
        (top / "build_tools").mkdir()
        (top / "menuselect-tree").write_text(XML)
        (top / "build_tools/menuselect-deps").write_text("ZLIB=1\n")
        for delay in range(12):
            (top / "menuselect.makeopts").write_bytes(old)
            child = os.fork()
            if child == 0:
                signal.setitimer(signal.ITIMER_REAL, 0.0002 * (delay + 1))
                signal.signal(signal.SIGALRM, lambda *_: os._exit(9))
                run_in(top, "--disable", "a", "menuselect.makeopts")
                os._exit(0)
            os.waitpid(child, 0)
            assert (top / "menuselect.makeopts").read_bytes() in (old, new)
    finally:
        shutil.rmtree(top)
