"""What is said of a module that lacks symbols."""

from __future__ import annotations

import pytest

from asterism.errors import Fault, Place
from asterism.modulefile.missing import fault

PLACE = Place("res_x.so")
THERE = ("ast_module_ref", "ast_sched_report", "asterism_table")
CURE = "load the module that provides it, or build this one against the headers of this version"
MEDIA = "leave out what plays, records or changes sound, or build this module with Asterisk"
BRIDGED = (
    "since 12 ast_bridged_channel is ast_channel_bridge_peer, which counts a reference: "
    "'asterism port' changes sources, 'asterism port --explain bridged-channel' says more"
)
CASES = {
    "one of a known header, whatever is near": (
        ["ast_dsp_free"],
        "it needs 'ast_dsp_free', which nobody provides",
        "asterisk/dsp.h of Asterisk declares it (detection of tones and silence): Asterism carries no media",
        MEDIA,
    ),
    "one that is misspelled": (
        ["ast_module_reff"],
        "it needs 'ast_module_reff', which nobody provides",
        "",
        f"did you mean 'ast_module_ref'? Otherwise {CURE}",
    ),
    "one that is near to nothing": (
        ["ast_set_read_format"],
        "it needs 'ast_set_read_format', which nobody provides",
        "",
        CURE,
    ),
    "one that newer branches of Asterisk lack": (
        ["ast_bridged_channel"],
        "it needs 'ast_bridged_channel', which nobody provides",
        "Asterisk 1.4 to 11 had it",
        BRIDGED,
    ),
    "two of which newer branches of Asterisk lack one": (
        ["ast_bridged_channel", "x_other"],
        "it needs 2 symbols that nobody provides, 'ast_bridged_channel' and 'x_other'",
        "Asterisk 1.4 to 11 had it ('ast_bridged_channel')",
        BRIDGED,
    ),
    "several of several headers": (
        ["ast_dsp_free", "ast_dsp_new", "ast_frame_free", "ast_module_reff"],
        "it needs 4 symbols that nobody provides, 'ast_dsp_free', 'ast_dsp_new', 'ast_frame_free' and "
        "'ast_module_reff'",
        "of Asterisk, asterisk/dsp.h (2), asterisk/frame.h (1) declare 3 of them: Asterism carries no media",
        MEDIA,
    ),
    "more than a screen holds": (
        [f"x_{number}" for number in range(100)],
        "it needs 100 symbols that nobody provides, 'x_0', 'x_1', 'x_2', 'x_3', 'x_4', 'x_5' and 94 more",
        "",
        CURE,
    ),
}


@pytest.mark.parametrize(("names", "what", "why", "cure"), CASES.values(), ids=CASES)
def test_all_symbols_are_counted_and_the_cure_comes_before_a_guess(
    names: list[str], what: str, why: str, cure: str
) -> None:
    found = fault(PLACE, names, lambda: THERE)
    assert found == Fault(what, place=PLACE, why=why, cure=cure, code="undefined-symbol", names=tuple(names))
    assert found.as_json()["names"] == names


def test_what_is_there_is_asked_for_a_guess_only() -> None:
    def refuse() -> list[str]:
        raise AssertionError("nobody needs to know")

    for names in (["ast_dsp_free"], ["x", "y", "z", "u"]):
        fault(PLACE, names, refuse)
