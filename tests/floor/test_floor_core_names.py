"""The table of the names that Asterisk's main program exports."""

from __future__ import annotations

from pathlib import Path

import pytest

from asterism.branches import core_names
from asterism.branches.core_names import CoreName
from asterism.modulefile import headers
from build_tools.core_names import kind_of, text_of, variables


def test_a_name_is_found_with_its_header_its_kind_and_its_uses() -> None:
    known = core_names.load()
    assert known["ast_get_cc_callback_sub"] == CoreName("ast_get_cc_callback_sub", "ccss.h", "text", 0)
    assert (known["ast_null_frame"].header, known["ast_null_frame"].size) == ("frame.h", 136)
    assert known["ast_log"].size == 0
    assert [(known[name].size, known[name].is_text) for name in ("ast_build_date", "ast_format_ulaw", "ast_log")] == [
        (8, True),
        (8, False),
        (0, False),
    ]


@pytest.mark.parametrize(
    ("result", "kind"),
    [
        ("int ", "number"),
        ("void ", "void"),
        ("void *", "pointer"),
        ("const char *", "text"),
        ("char *", "pointer"),
        ("const char **", "pointer"),
        ("enum ast_device_state ", "number"),
        ("struct timeval ", "structure"),
        ("const struct ast_channel_tech *", "pointer"),
        ("unsigned long ", "number"),
        ("double ", "real"),
    ],
)
def test_what_a_function_returns_is_one_of_a_few_kinds(result: str, kind: str) -> None:
    assert kind_of(result) == kind


def test_a_variable_that_holds_a_text_is_told_from_others(tmp_path: Path) -> None:
    declared = """\
extern const char *ast_date;
extern const char *ast_names[];
extern char ast_room[20];
extern const struct ast_eid ast_default;
extern const char *ast_function(int number);
"""
    header = tmp_path / "include/asterisk/known.h"
    header.parent.mkdir(parents=True)
    header.write_text(declared)
    kinds = {"ast_date": "text", "ast_names": "data", "ast_room": "data", "ast_default": "data"}
    assert variables(tmp_path) == {name: ("known.h", kind) for name, kind in kinds.items()}


def test_the_file_is_sorted_and_read_back() -> None:
    rows = [CoreName("b", "x.h", "void", 1), CoreName("a", "-", "data:8", 0)]
    lines = [line for line in text_of(rows).splitlines() if not line.startswith("#")]
    assert lines == ["a - data:8 0", "b x.h void 1"]


def test_the_header_of_a_name_is_known_whatever_it_begins_with() -> None:
    found = [headers.declaring(name) for name in ("ast_get_cc_callback_sub", "ast_cc_new_in_a_later_version", "nix")]
    assert [header and header.name for header in found] == ["ccss", "ccss", None]
