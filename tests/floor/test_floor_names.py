"""Names of modules, and what somebody meant who wrote another one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asterism.names import akin, bare, closest, did_you_mean, is_module_name

KNOWN = ("res_curl", "res_cURL_more", "func_curl", "app_dial")


@pytest.mark.parametrize(("name", "expected"), [("res_x.so", "res_x"), ("res_x.PY", "res_x"), ("res_x.c", "res_x.c")])
def test_the_suffix_of_a_module_is_not_its_name(name: str, expected: str) -> None:
    assert bare(name) == expected


@pytest.mark.parametrize(
    ("name", "is_one"), [("res_x", True), ("_x-1+", True), ("a b", False), ("a/b", False), ("", False), ("1a", False)]
)
def test_a_module_name_is_one_word(name: str, is_one: bool) -> None:
    assert is_module_name(name) is is_one


def test_the_nearest_names_come_first_and_as_they_are_spelled() -> None:
    assert closest("RES_CRUL", KNOWN)[0] == "res_curl"
    assert did_you_mean("app_dail", KNOWN) == "did you mean 'app_dial'?"
    assert did_you_mean("zzz", KNOWN) == ""


@given(st.text(max_size=10), st.lists(st.text(max_size=10), max_size=6))
def test_what_is_near_is_one_of_those_that_exist(name: str, candidates: list[str]) -> None:
    found = closest(name, candidates)
    assert set(found) <= set(candidates)
    assert len(found) <= 3


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("ast_module_reff", "ast_module_ref"),
        ("res_crul", "res_curl"),
        ("curl", "func_curl"),
        ("chan_sipp", "chan_sip"),
        ("astobj", "astobj2"),
        ("ast_modulename", "ast_module_name"),
    ],
)
def test_a_slip_in_one_word_is_akin(name: str, meant: str) -> None:
    assert akin(name, ["res_x", meant, meant]) == [meant]


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("ast_write", "ast_true"),
        ("ast_stream_topology_clone", "ast_str_to_long"),
        ("ast_dnsmgr_release", "ast_channel_release"),
        ("db_init", "MD5Init"),
        ("bson", "bison"),
        ("res_usbradio", "res_srtp"),
        ("res_x", "res_x"),
    ],
)
def test_what_means_something_else_is_not_akin_however_alike_it_looks(name: str, other: str) -> None:
    assert akin(name, [other]) == []
