"""Faults as SARIF, for the code pages of forges."""

from __future__ import annotations

import json

from asterism.errors import Fault, Place
from menuselect.cli import sarif


def test_each_fault_is_a_result_at_its_place_under_a_rule_of_its_code() -> None:
    faults = [
        Fault("unknown tag 'dep'", Place("apps/app_x.c", 3, 2), "it\x1b[31m", "write <depend>", "unknown-tag"),
        Fault("no block", Place("apps/app_y.c"), code="no-block", severity="warning"),
        Fault("unknown tag 'us'", Place("apps/app_z.c", 7), code="unknown-tag"),
        Fault("nowhere", code="nowhere"),
    ]
    run = json.loads(sarif.dumps(faults, "asterism"))["runs"][0]
    assert run["tool"]["driver"]["rules"] == [
        {"id": "unknown-tag", "name": "UnknownTag"},
        {"id": "no-block", "name": "NoBlock"},
        {"id": "nowhere", "name": "Nowhere"},
    ]
    assert [(each["ruleId"], each["level"], each["message"]["text"]) for each in run["results"]] == [
        ("unknown-tag", "error", "unknown tag 'dep': it\ufffd[31m\nwrite <depend>"),
        ("no-block", "warning", "no block"),
        ("unknown-tag", "error", "unknown tag 'us'"),
        ("nowhere", "error", "nowhere"),
    ]
    assert [each.get("locations", [{}])[0].get("physicalLocation") for each in run["results"]] == [
        {"artifactLocation": {"uri": "apps/app_x.c"}, "region": {"startLine": 3, "startColumn": 2}},
        {"artifactLocation": {"uri": "apps/app_y.c"}},
        {"artifactLocation": {"uri": "apps/app_z.c"}, "region": {"startLine": 7}},
        None,
    ]
