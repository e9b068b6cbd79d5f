"""What an editor is offered for a fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from asterism.editors.corrections import Correction, corrections
from asterism.editors.edited_files import faults_of
from asterism.editors.workspace import Workspace
from asterism.errors import Fault, Place
from asterism.names import suggestion


def corrected(path: Path, text: str) -> list[str]:
    """The text after each correction that is offered for its faults, with the correction's title."""
    made = []
    for fault in faults_of(str(path), text, Workspace(path.parent)):
        for each in corrections(fault, text):
            lines = text.split("\n")
            first, last = lines[each.start[0]][: each.start[1]], lines[each.end[0]][each.end[1] :]
            whole = [*lines[: each.start[0]], f"{first}{each.text}{last}", *lines[each.end[0] + 1 :]]
            made.append(f"{each.title}:\n" + "\n".join(whole))
    return made


def test_a_source_without_a_block_gets_it_behind_its_licence(tmp_path: Path) -> None:
    text = '/*\n * Licence.\n */\n#include "asterisk.h"\nAST_MODULE_INFO_STANDARD(ASTERISK_GPL_KEY, "X");\n'
    assert corrected(tmp_path / "app_x.c", text) == [
        "Write the MODULEINFO block:\n"
        "/*\n * Licence.\n */\n\n"
        "/*** MODULEINFO\n\t<support_level>core</support_level>\n ***/\n\n"
        '#include "asterisk.h"\nAST_MODULE_INFO_STANDARD(ASTERISK_GPL_KEY, "X");\n'
    ]


def test_a_misspelled_key_is_changed_to_the_similar_one(tmp_path: Path) -> None:
    text = '[modules.app_x]\nsources = ["a.c"]\nlbs = ["-lcurl"]\n'
    assert corrected(tmp_path / "asterism.toml", text) == [
        'Change to \'libs\':\n[modules.app_x]\nsources = ["a.c"]\nlibs = ["-lcurl"]\n'
    ]


def test_a_misspelled_option_of_a_conf_file_is_changed(tmp_path: Path) -> None:
    assert corrected(tmp_path / "modules.conf", "[modules]\nautolod = yes\n") == [
        "Change to 'autoload':\n[modules]\nautoload = yes\n",
        "Change to 'noload':\n[modules]\nnoload = yes\n",
    ]


@pytest.mark.parametrize(
    ("what", "cure", "place", "made"),
    [
        (
            "unknown name 'abd'",
            suggestion(["abc", "abx", "abe"]),
            Place("x", 2, 3),
            [
                Correction(f"Change to '{name}'", (1, 2), (1, 5), name, is_only_one=False)
                for name in ("abc", "abx", "abe")
            ],
        ),
        ("unknown name 'other'", suggestion(["abc"]), Place("x", 2, 3), []),
        ("unknown name 'abd'", "did you mean 'abc'?", Place("x", 2, 3), []),
        ("unknown name 'abd'", suggestion(["abc"]), Place("x", 9, 3), []),
        ("unknown name 'abd'", suggestion(["abc"]), None, []),
    ],
)
def test_only_the_word_that_the_fault_names_is_changed(
    what: str, cure: str, place: Place | None, made: list[Correction]
) -> None:
    assert corrections(Fault(what, place, cure=cure), "first\n= abd\n") == made
