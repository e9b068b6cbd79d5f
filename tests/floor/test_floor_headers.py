"""The table of Asterisk's headers: whole, and what it says of a name."""

from __future__ import annotations

import pytest

from asterism.modulefile.headers import declaring, load, why_absent


def test_every_beginning_of_a_name_leads_to_a_header_or_to_one_that_is_here():
    table = load()
    here = {"pbx", "channel", "file"}
    assert {header for header in table.names.values() if header not in table.headers} <= here
    assert all(header.holds and header.why and header.cure for header in table.headers.values())


@pytest.mark.parametrize(
    ("symbol", "header"),
    [
        ("ast_format_cache_get", "format_cache"),
        ("ast_format_cmp", "format"),
        ("__ast_sip_push_task", "res_pjsip"),
        ("stasis_app_send", "stasis_app"),
        ("stasis_publish", "stasis"),
        ("sqlite3_open", ""),
        ("ast_queue_frame", ""),
    ],
)
def test_the_longest_beginning_of_a_name_tells_its_header(symbol: str, header: str):
    found = declaring(symbol)
    assert (found.name if found else "") == header


def test_a_header_is_known_with_what_serves_instead_or_by_the_nearest_name():
    assert why_absent("hashtab", []) == (
        "in Asterisk it holds hash tables: something else here does the same",
        "use ao2_container_alloc_hash of asterisk/astobj2.h",
    )
    unknown = "no header of Asterisk that is known here has that name"
    assert why_absent("astobj", ["astobj2", "lock"]) == (unknown, "did you mean 'asterisk/astobj2.h'?")
    assert why_absent("xyzzy", []) == (unknown, "docs/modules.md lists those that are there")
