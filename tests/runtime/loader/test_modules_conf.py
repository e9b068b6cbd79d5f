"""modules.conf: which modules are wanted."""

from __future__ import annotations

import pytest

from asterism.errors import AsterismError
from runtime.conf import conf_file
from runtime.loader.modules_conf import unusable, wanted

FILES = ["res_b.so", "res_a.so", "func_p.py"]


def listed(text: str) -> list[tuple[str, bool, bool]]:
    """Name, required, preload of each entry."""
    found = wanted(conf_file.loads(f"[modules]\n{text}", "modules.conf"), FILES)
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
    text = "[modules]\nloda = res_a\nload = ../evil\nrequire = res_b\nnoload = res_b.so\n"
    with pytest.raises(AsterismError) as caught:
        wanted(conf_file.loads(text, "modules.conf"), FILES)
    assert str(caught.value) == (
        "modules.conf:2:1: unknown word 'loda'\n"
        "    loda = res_a\n"
        "    ^\n"
        "    did you mean 'load' or 'noload'?\n"
        "modules.conf:5:10: 'res_b.so' is listed with 'require' and with 'noload'\n"
        "    noload = res_b.so\n"
        "             ^\n"
        "    take out this line or the 'require' line"
    )
    assert caught.value.status == 1


def test_a_line_that_cannot_be_a_modules_costs_that_line_only() -> None:
    text = "[modules]\nload = ../evil\nload =\nload = func_*.so\nload=a\\;b\nload = res_z\nload = res_a\n"
    asked = wanted(conf_file.loads(text, "modules.conf"), FILES)
    assert [entry.name for entry in asked.entries] == ["../evil", "", "func_*.so", "a;b", "res_z", "res_a"]
    assert asked.warnings == ()
    assert [str(fault).split("\n")[0] for fault in unusable(asked.entries, FILES)] == [
        "modules.conf:2:8: '../evil' cannot be the name of a module",
        "modules.conf:3:7: expected the name of a module",
        "modules.conf:4:8: 'func_*.so' cannot be the name of a module",
        "modules.conf:5:6: 'a;b' cannot be the name of a module",
        "modules.conf:6:8: there is no module 'res_z'",
    ]


def test_what_is_built_in_is_not_loaded_and_cannot_be_kept_out() -> None:
    text = "[modules]\nload = manager\nrequire = cdr\nload => pbx_config.so\nload = res_a\n"
    asked = wanted(conf_file.loads(text, "modules.conf"), FILES)
    assert [entry.name for entry in asked.entries] == ["res_a"]
    assert (asked.built_in, asked.warnings) == ({"manager", "cdr", "pbx_config"}, ())
    assert wanted(conf_file.loads("[modules]\nnoload => pbx_config.so\n"), FILES).barred == {"pbx_config"}
    with pytest.raises(AsterismError) as caught:
        wanted(conf_file.loads("[modules]\nnoload => logger.so\n", "modules.conf"), FILES)
    assert [str(fault) for fault in caught.value.faults] == [
        "modules.conf:2:11: 'logger.so' is built in and cannot be kept out with 'noload'\n"
        "    noload => logger.so\n"
        "              ^\n"
        "    take out this line"
    ]


def test_a_module_file_with_the_name_of_something_built_in_is_a_module() -> None:
    asked = wanted(conf_file.loads("[modules]\nload = cdr\nnoload = cel\n", "modules.conf"), ["cdr.so", "cel.so"])
    assert ([entry.name for entry in asked.entries], asked.warnings) == (["cdr"], ())


def test_only_the_first_section_counts_and_the_others_are_warned_of() -> None:
    found = wanted(conf_file.loads("[modules]\nload=res_a\n[modules]\nload=res_b\n", "modules.conf"), FILES)
    assert [entry.name for entry in found.entries] == ["res_a"]
    assert [str(fault).split("\n")[0] for fault in found.warnings] == [
        "modules.conf:3: warning: only the first [modules] counts",
    ]


def test_an_autoload_that_is_neither_on_nor_off_is_warned_of() -> None:
    found = wanted(conf_file.loads("[modules]\nautoload = maybe\n", "modules.conf"), FILES)
    assert [str(fault) for fault in found.warnings] == [
        "modules.conf:2:12: warning: 'maybe' is neither yes nor no; autoload is off\n"
        "    autoload = maybe\n               ^\n    write yes or no"
    ]


def test_a_file_without_the_section_wants_nothing() -> None:
    assert wanted(conf_file.loads("[other]\nload=res_a\n"), FILES).entries == ()
