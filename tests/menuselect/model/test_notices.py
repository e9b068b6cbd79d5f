"""Notes of readers, in the words of menuselect.c and as faults."""

from __future__ import annotations

import string

import pytest

from asterism.errors import Place
from menuselect.model.notices import WORDINGS, Note


def test_a_note_has_the_sentence_that_scripts_know_and_one_with_a_cure() -> None:
    note = Note("stale-member", ("app_gone", "MENUSELECT_APPS"), Place("menuselect.makeopts", 3))
    assert note.known == "member 'app_gone' in category 'MENUSELECT_APPS' not found, ignoring."
    assert str(note.fault()) == (
        "menuselect.makeopts:3: warning: 'app_gone' is no longer a member of MENUSELECT_APPS and is ignored\n"
        "    remove it from the file, or save the file again"
    )


@pytest.mark.parametrize("code", WORDINGS)
def test_both_sentences_of_a_note_show_values_that_readers_give(code: str) -> None:
    def fields(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}

    wording = WORDINGS[code]
    assert fields(wording.what) <= fields(wording.known)
