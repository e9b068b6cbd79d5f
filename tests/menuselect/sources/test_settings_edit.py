"""Changes to asterism.toml: values are added below a module, and all else stays as its author wrote it."""

from __future__ import annotations

from pathlib import Path

import pytest

from asterism.errors import AsterismError, Setting
from menuselect.sources import settings_edit
from menuselect.sources.settings_edit import added, table_span


def libs(*values: str, module: str = "res_x") -> Setting:
    return Setting(module, "libs", values)


def test_a_table_is_made_at_the_end() -> None:
    assert added("", [libs("-lm")]) == '[modules.res_x]\nlibs = ["-lm"]\n'
    text = '# mine\nlauncher = "ccache"\n\n\n'
    assert added(text, [libs("-lm")]) == '# mine\nlauncher = "ccache"\n\n[modules.res_x]\nlibs = ["-lm"]\n'


def test_a_key_is_added_below_the_heading_of_its_table() -> None:
    text = '[modules.res_x] # x\nsources = ["a.c"]\n\n[targets.a]\ndirectory = "/a"\n'
    assert added(text, [libs("-lm")]) == (
        '[modules.res_x] # x\nlibs = ["-lm"]\nsources = ["a.c"]\n\n[targets.a]\ndirectory = "/a"\n'
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('libs = ["-lm"] # sums', 'libs = ["-lm", "-lrt"]'),
        ("libs = '-lm'", 'libs = ["-lm", "-lrt"]'),
        ("libs = \"-lm -L'a b'\"", 'libs = ["-lm", "-La b", "-lrt"]'),
        ('libs = [\n  "-lm", # sums\n]', 'libs = ["-lm", "-lrt"]'),
    ],
    ids=["list", "text", "quoted", "lines"],
)
def test_values_are_added_to_those_of_the_key(before: str, after: str) -> None:
    text = f"# above\n[modules.res_x]\n{before}\n# below\n"
    assert added(text, [libs("-lrt", "-lm")]) == f"# above\n[modules.res_x]\n{after}\n# below\n"


def test_what_is_there_changes_nothing() -> None:
    text = "[modules.res_x]\nlibs = '-lm   -lrt'\n"
    assert added(text, [libs("-lrt"), libs()]) == text


def test_a_long_list_takes_a_line_for_each_value() -> None:
    names = tuple(f"src/{'x' * 30}{number}.c" for number in range(3))
    made = added("", [Setting("res_x", "sources", names)])
    assert made == "[modules.res_x]\nsources = [\n" + "".join(f'    "{name}",\n' for name in names) + "]\n"
    assert added(made, [Setting("res_x", "sources", names)]) == made


def test_a_name_with_a_dot_is_quoted() -> None:
    made = added("", [libs("-lm", module="res.x")])
    assert made == '[modules."res.x"]\nlibs = ["-lm"]\n'
    span = table_span(made, "modules", "res.x")
    assert span is not None
    assert (span.begin, made[span.body :]) == (0, 'libs = ["-lm"]\n')


def test_a_value_that_is_written_in_another_way_is_told() -> None:
    with pytest.raises(AsterismError) as caught:
        added('[modules]\nres_x = { libs = ["-lm"] }\n', [libs("-lrt")])
    assert str(caught.value) == (
        "asterism.toml: 'libs' of res_x is written in a way that cannot be changed here\n"
        '    write libs = ["-lm", "-lrt"] below [modules.res_x] by hand'
    )


def test_only_what_was_not_there_is_named_and_a_damaged_file_stays(tmp_path: Path) -> None:
    assert settings_edit.add(tmp_path, [libs("-lm"), libs("-lm")]) == [libs("-lm")]
    assert settings_edit.add(tmp_path, [libs("-lm")]) == []
    (tmp_path / "asterism.toml").write_text("[modules.res_x\n")
    with pytest.raises(AsterismError, match="this is not valid TOML"):
        settings_edit.add(tmp_path, [libs("-lrt")])
    assert (tmp_path / "asterism.toml").read_text() == "[modules.res_x\n"
