"""What is wrong with an install tree, as a function of its manifests and what is on disk."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asterism.errors import Fault, Place
from asterism.modulefile.content import ModuleFile
from buildsys.installing.manifest import Entry, Manifest
from buildsys.installing.tree_findings import Interpreter, Seen, State, examine
from buildsys.settled.build_options import option_sum
from buildsys.settled.system_libraries import Unmet
from buildsys.settled.tree_places import TreeLayout

LAYOUT = TreeLayout()

ETC, MODULES, RUN = "etc/asterism", "lib/asterism/modules", "var/run/asterism"
DIRECTORIES = {"astetcdir": ETC, "astmoddir": MODULES, "astrundir": RUN}

FILES = ("sbin/asterism", f"{MODULES}/res_a.so", "include/asterism/asterisk.h")
CONF = f"{ETC}/a.conf"


def entries(*paths: str) -> dict[str, Entry]:
    return {path: Entry(path, 1, "sum", path.endswith((".conf", ".new"))) for path in paths}


def file(path: str) -> Seen:
    return Seen(path, "file", 0o755 if path.startswith("sbin") else 0o644, "root", "", 1, "sum")


def directory(path: str, mode: int = 0o755) -> Seen:
    return Seen(path, "directory", mode, "root")


WHOLE = State(
    "/p",
    Manifest("1", entries(*FILES, CONF)),
    seen={
        each.path: each
        for each in (
            *(directory(path) for path in ("lib/asterism", MODULES, "include/asterism", ETC, RUN)),
            *map(file, (*FILES, CONF, LAYOUT.manifest)),
        )
    },
    directories=DIRECTORIES,
    interpreter=Interpreter("/usr/bin/python3", (3, 12), (3, 12)),
)
"""A tree in which nothing is wrong."""


def having(*seen: Seen, without: str = "") -> State:
    kept = {path: each for path, each in WHOLE.seen.items() if path != without}
    return replace(WHOLE, seen=kept | {each.path: each for each in seen})


def faults(state: State) -> list[Fault]:
    return [finding.fault for finding in examine(state)]


def told(state: State) -> list[str]:
    return [str(fault) for fault in faults(state)]


def test_a_tree_as_it_was_installed_has_nothing_wrong() -> None:
    assert examine(WHOLE) == []


def test_a_file_that_has_gone_is_missing_and_a_configuration_that_was_removed_is_a_warning() -> None:
    assert told(having(without=FILES[1])) == [
        "/p/lib/asterism/modules/res_a.so: it is missing: it was installed\n"
        "    run 'make install' again in the source tree"
    ]
    assert told(having(without=CONF)) == [
        "/p/etc/asterism/a.conf: warning: the configuration was removed\n    'make samples' puts the sample back"
    ]


@pytest.mark.parametrize(
    ("seen", "why"),
    [
        (replace(file(FILES[1]), size=2, digest="x"), "it has 2 bytes, and was installed with 1"),
        (replace(file(FILES[1]), digest="x"), "its contents differ"),
        (replace(file(FILES[1]), kind="link"), "a link is in its place"),
    ],
)
def test_a_file_that_is_another_one_is_told_with_what_differs(seen: Seen, why: str) -> None:
    cure = "remove it, then run 'make install' again in the source tree"
    where = Place("/p/lib/asterism/modules/res_a.so")
    assert faults(having(seen)) == [Fault("it is not as it was installed", where, why, cure, "changed")]


def test_an_edited_configuration_is_nobodys_business_and_a_new_sample_beside_it_is_a_warning() -> None:
    edited = replace(file(CONF), digest="x")
    assert told(having(edited)) == []
    assert told(having(edited, file(f"{CONF}.new"))) == [
        "/p/etc/asterism/a.conf.new: warning: a newer sample lies beside a configuration that was edited\n"
        "    take over what you want (diff /p/etc/asterism/a.conf /p/etc/asterism/a.conf.new), then remove it"
    ]


def test_a_foreign_directory_is_told_once_and_all_of_it_is_what_can_go() -> None:
    found = examine(
        having(
            directory("lib/asterism/odd"), file("lib/asterism/odd/b"), directory("lib/asterism/odd/a"), file("etc/mine")
        )
    )
    assert [(str(each.fault), each.remove) for each in found] == [
        (
            "/p/lib/asterism/odd: this directory belongs to no install, and has 2 entries: "
            "no manifest of this tree names it\n    'asterism doctor --prune' removes it",
            ("lib/asterism/odd/b", "lib/asterism/odd/a", "lib/asterism/odd"),
        )
    ]


def test_a_module_that_no_manifest_names_can_be_kept_by_installing_it() -> None:
    assert told(having(file(f"{MODULES}/res_b.so"))) == [
        "/p/lib/asterism/modules/res_b.so: this module belongs to no install\n"
        "    'asterism doctor --prune' removes it; 'asterism install' in its directory keeps it, with a manifest"
    ]
    own = {"lib/asterism/modules.d/mine.json": Manifest("1", entries(f"{MODULES}/res_b.so"))}
    state = replace(having(file(f"{MODULES}/res_b.so"), file(*own)), added=own)
    assert told(state) == []


def test_what_a_directory_of_modules_installed_is_installed_again_from_there() -> None:
    own = {"lib/asterism/modules.d/mine.json": Manifest("1", entries(f"{MODULES}/res_b.so"), source="/home/me/mine")}
    assert told(replace(having(file(*own)), added=own)) == [
        "/p/lib/asterism/modules/res_b.so: it is missing: it was installed\n"
        "    run 'asterism install' again in /home/me/mine"
    ]


def test_a_file_that_two_manifests_name_is_told_with_both() -> None:
    own = {"lib/asterism/modules.d/mine.json": Manifest("1", entries(FILES[1]))}
    assert told(replace(having(file(*own)), added=own)) == [
        "/p/lib/asterism/modules/res_a.so: it was installed twice: "
        "/p/lib/asterism/manifest.json and /p/lib/asterism/modules.d/mine.json both list it\n"
        "    give one of the modules another name, and install both again"
    ]


def test_byte_code_of_another_python_is_stale() -> None:
    path = "lib/asterism/python/a.cpython-39.pyc"
    state = replace(having(file(path), directory("lib/asterism/python")))
    listed = replace(state, directories=DIRECTORIES | {"astdatadir": "lib/asterism/python"})
    assert told(listed) == [
        "/p/lib/asterism/python/a.cpython-39.pyc: this byte code is stale: "
        "another Python has written it, or the source was removed\n    'asterism doctor --prune' removes it"
    ]


def test_byte_code_that_a_package_makes_after_its_install_is_known() -> None:
    source, cache = "lib/asterism/python/a.py", "lib/asterism/python/__pycache__"
    found = (file(source), file(f"{cache}/a.cpython-312.pyc"), *map(directory, (os.path.dirname(source), cache)))
    bare = replace(having(*found), manifest=Manifest("1", entries(*FILES, CONF, source)))
    assert told(bare) == []
    compiled = entries(*FILES, CONF, source, f"{cache}/a.cpython-311.pyc")
    assert f"/p/{cache}/a.cpython-312.pyc: this byte code is stale: " in "\n".join(
        told(replace(bare, manifest=Manifest("1", compiled)))
    )


def test_a_library_that_the_distribution_has_no_more_is_told() -> None:
    lacks = Unmet("lark", ">=1.3,<2"), Unmet("cffi", ">=2.0,<3", "1.15")
    assert told(replace(WHOLE, lacks=lacks)) == [
        f"/p/sbin/asterism: the program needs the distribution's {what}\n    install its package again "
        f"('apt install {package}' on Debian or Ubuntu), or ./configure without --system-python"
        for what, package in (
            ("lark, which is missing: >=1.3,<2 is needed", "python3-lark"),
            ("cffi, which is 1.15: >=2.0,<3 is needed", "python3-cffi"),
        )
    ]


def test_a_module_of_another_build_is_explained_option_by_option() -> None:
    module = ModuleFile("", "C", "res_a", sum=option_sum(["DEBUG_THREADS"]), options=("DEBUG_THREADS",))
    assert told(replace(WHOLE, modules={FILES[1]: module}, options=("TEST_FRAMEWORK",))) == [
        "/p/lib/asterism/modules/res_a.so: the module was built with other options, and will not be loaded: "
        "DEBUG_THREADS: on in the module, off in this tree; TEST_FRAMEWORK: off in the module, on in this tree\n"
        "    build it again, then 'make install' again in the source tree"
    ]


def test_a_module_for_another_machine_a_lost_library_and_a_double_name_are_told() -> None:
    both = {
        f"{MODULES}/res_a.so": ModuleFile("", "C", "res_a", machine="AArch64"),
        f"{MODULES}/res_a.py": ModuleFile("", "Python", "res_a"),
    }
    state = replace(WHOLE, modules=both, machine="x64", lost={FILES[1]: ("libx.so.1",)})
    assert [(fault.code, fault.what) for fault in faults(state)] == [
        ("other-machine", "it is for another machine"),
        ("no-library", "it needs 'libx.so.1', which cannot be found"),
        ("same-name", "two modules are named res_a"),
    ]


@pytest.mark.parametrize(
    ("python", "code", "what"),
    [
        (
            Interpreter("/gone", (), (3, 12), "no such file"),
            "no-python",
            "the Python it was installed for is gone: /gone",
        ),
        (Interpreter("/old", (3, 9), (3, 9)), "old-python", "Python 3.9 is too old"),
        (
            Interpreter("/p3", (3, 13), (3, 12)),
            "other-python",
            "it was installed for Python 3.12, and /p3 is Python 3.13 now",
        ),
    ],
)
def test_an_interpreter_that_will_not_do_is_told(python: Interpreter, code: str, what: str) -> None:
    assert [(fault.code, fault.what) for fault in faults(replace(WHOLE, interpreter=python))] == [(code, what)]


def test_a_python_that_only_its_owner_can_reach_is_told_where_the_tree_is_open_to_all() -> None:
    python = Interpreter("/root/bin/python3", (3, 12), (3, 12), closed="/root")
    assert told(replace(WHOLE, interpreter=python)) == [
        "/p/sbin/asterism: warning: only one user can run it: its Python is /root/bin/python3, "
        "and /root is closed to all others\n"
        "    remove .venv in the source tree, then install with another: PYTHON=/usr/bin/python3 make install"
    ]
    assert told(replace(having(directory("/p", 0o700)), interpreter=python)) == []


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (directory(MODULES, 0o777), "any user of this machine can write here: programs are run from here"),
        (directory("var", 0o1777), ""),
        (replace(directory(ETC, 0o775), group="staff"), "warning: every member of the group 'staff' can write here: "),
        (directory(ETC, 0o775), ""),
        (
            replace(file(CONF), owner="joe"),
            "warning: it belongs to 'joe', who can change it: the tree belongs to 'root'",
        ),
        (directory(MODULES, 0o700), "warning: other users than its owner cannot read it: "),
        (directory(RUN, 0o700), ""),
        (replace(directory(MODULES), trouble="permission denied"), "it cannot be read: permission denied"),
    ],
)
def test_who_can_write_and_who_cannot_read_is_told(seen: Seen, expected: str) -> None:
    lines = [line.partition(": ")[2] for line in "\n".join(told(having(seen))).splitlines() if line.startswith("/")]
    assert len(lines) == bool(expected)
    assert "".join(lines).startswith(expected)


def test_what_lies_in_a_directory_that_cannot_be_read_is_not_told_for_itself() -> None:
    denied = [replace(each, trouble="permission denied") for each in (directory(MODULES), file(FILES[1]))]
    assert told(having(*denied)) == [
        "/p/lib/asterism/modules: it cannot be read: permission denied\n"
        "    chmod a+rX /p/lib/asterism/modules, or ask as root"
    ]


def test_a_stopped_install_is_told_once_and_not_while_one_is_under_way() -> None:
    left = (file(LAYOUT.journal), file(LAYOUT.trail), file(f"{MODULES}/.asterism-new-res_a.so"))
    found = examine(having(*left))
    assert [(each.fault.code, each.finishes, each.remove) for each in found] == [("interrupted", True, ())]
    assert [fault.code for fault in faults(replace(having(*left), is_busy=True))] == ["busy"]
    alone = examine(having(left[2]))
    assert [(each.fault.code, each.remove) for each in alone] == [("leftover", (left[2].path,))]


def test_what_a_program_left_that_is_gone_is_stale() -> None:
    left = (file(f"{RUN}/asterisk.pid"), replace(file(f"{RUN}/asterisk.ctl"), kind="socket"))
    assert [(each.fault.what, each.remove) for each in examine(having(*left))] == [
        ("a program that is gone has left this PID file", (f"{RUN}/asterisk.pid",)),
        ("a program that is gone has left this socket", (f"{RUN}/asterisk.ctl",)),
    ]
    assert examine(replace(having(*left), is_running=True)) == []


PATHS = st.sampled_from([*WHOLE.seen, f"{MODULES}/x.so", f"{ETC}/b.conf", f"{ETC}/a.conf.new", "lib/asterism/d/e", "x"])
SEEN = st.builds(
    Seen,
    PATHS,
    st.sampled_from(["file", "directory", "link", "socket", "other"]),
    st.integers(0, 0o1777),
    st.sampled_from(["root", "joe", ""]),
    st.sampled_from(["", "staff"]),
    st.just(1),
    st.sampled_from(["sum", "x"]),
    st.sampled_from(["", "permission denied"]),
)


@settings(deadline=None, max_examples=200)
@given(st.lists(SEEN, max_size=6))
def test_nothing_that_was_installed_and_no_configuration_is_ever_to_be_removed(seen: list[Seen]) -> None:
    removed = {path for finding in examine(having(*seen)) for path in finding.remove}
    assert removed.isdisjoint(WHOLE.entries)
    assert not [path for path in removed if path.startswith(ETC)]
