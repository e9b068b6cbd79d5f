"""Names of hangup causes."""

from __future__ import annotations

import pytest

from runtime.model import causes


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("NORMAL_CLEARING", 16),
        ("AST_CAUSE_USER_BUSY", 17),
        (" ast_cause_interworking ", 127),
        ("Busy", None),
        ("", None),
        ("AST_CAUSE_", None),
    ],
)
def test_a_cause_is_found_by_its_name_in_any_case(name: str, number: int | None) -> None:
    assert causes.number(name) == number


def test_a_name_of_the_table_leads_back_to_its_number() -> None:
    assert [causes.number(f"AST_CAUSE_{name}") for name in causes.NAMES.values()] == list(causes.NAMES)


def test_a_cause_is_described_in_words() -> None:
    assert [causes.words(cause) for cause in (17, 0, 21)] == ["User busy", "Unknown", "Call rejected"]
