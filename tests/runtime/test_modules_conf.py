"""modules.conf: which modules are wanted."""

from __future__ import annotations

import pytest

from asterism.errors import AsterismError
from runtime import config
from runtime.wanted import wanted

FILES = ["res_b.so", "res_a.so", "func_p.py"]


def listed(text: str) -> list[tuple[str, bool, bool]]:
    """Name, required, preload of each entry."""
    found = wanted(config.loads(f"[modules]\n{text}", "modules.conf"), FILES)
    return [(entry.name, entry.required, entry.preload) for entry in found.entries]


CASES = [
    ("load=res_c\nload=res_a\n", [("res_c", False, False), ("res_a", False, False)]),
    ("require=res_a\npreload=res_b\npreload-require=res_c\n",
     [("res_a", True, False), ("res_b", False, True), ("res_c", True, True)]),
    ("autoload=yes\n", [("func_p.py", False, False), ("res_a.so", False, False), ("res_b.so", False, False)]),
    ("autoload=yes\nload=res_b\n", [("res_b", False, False), ("func_p.py", False, False), ("res_a.so", False, False)]),
    ("autoload=maybe\n", []),
    ("noload=res_a\nautoload=yes\nload=RES_A.so\n", [("func_p.py", False, False), ("res_b.so", False, False)]),
    ("load=res_a\nrequire=res_a.so\npreload=RES_A\n", [("res_a", True, True)]),
    ("LOAD=res_a\n", [("res_a", False, False)]),
    ("noload=res_z\n", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_what_is_listed(text: str, expected: list[tuple[str, bool, bool]]) -> None:
    assert listed(text) == expected


def test_all_faults_of_the_file_come_together() -> None:
    text = "[modules]\nloda = res_a\nload = ../evil\nload =\nrequire = res_b\nnoload = res_b.so\n"
    with pytest.raises(AsterismError) as caught:
        wanted(config.loads(text, "modules.conf"), FILES)
    assert str(caught.value) == (
        "modules.conf:2:1: unknown word 'loda'\n"
        "    loda = res_a\n"
        "    ^\n"
        "    did you mean 'load' or 'noload'?\n"
        "modules.conf:3:8: '../evil' cannot be the name of a module\n"
        "    load = ../evil\n"
        "           ^\n"
        "    write the name of a file in the module directory, such as res_x.so; a path is not possible\n"
        "modules.conf:4:7: expected the name of a module\n"
        "    load =\n"
        "          ^\n"
        "    write the name of a file in the module directory, such as res_x.so; a path is not possible\n"
        "modules.conf:6:10: 'res_b.so' is listed with 'require' and with 'noload'\n"
        "    noload = res_b.so\n"
        "             ^\n"
        "    take out this line or the 'require' line"
    )
    assert caught.value.status == 1


def test_only_the_first_section_counts_and_the_others_are_warned_of() -> None:
    found = wanted(config.loads("[modules]\nload=res_a\n[modules]\nload=res_b\n", "modules.conf"), FILES)
    assert [entry.name for entry in found.entries] == ["res_a"]
    assert [str(fault).split("\n")[0] for fault in found.warnings] == [
        "modules.conf:3: warning: only the first [modules] counts",
    ]


def test_an_autoload_that_is_neither_on_nor_off_is_warned_of() -> None:
    found = wanted(config.loads("[modules]\nautoload = maybe\n", "modules.conf"), FILES)
    assert [str(fault) for fault in found.warnings] == [
        "modules.conf:2:12: warning: 'maybe' is neither yes nor no; autoload is off\n"
        "    autoload = maybe\n               ^\n    write yes or no"
    ]


def test_a_file_without_the_section_wants_nothing() -> None:
    assert wanted(config.loads("[other]\nload=res_a\n"), FILES).entries == ()
