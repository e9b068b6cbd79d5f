"""The output of verbs for programs."""

from __future__ import annotations

import json

import pytest

from asterism.errors import AsterismError, Fault, Place
from asterism.terminal import data_output


def test_the_result_is_all_of_the_output_and_the_rest_goes_to_standard_error(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def work() -> data_output.Data:
        print("a warning of the compiler")
        return {"said": "built", "products": ["a.so"]}

    status = data_output.told(work)
    said = capsys.readouterr()
    assert (status, json.loads(said.out), said.err) == (
        0,
        {"said": "built", "products": ["a.so"]},
        "a warning of the compiler\n",
    )


def test_faults_are_data_and_the_status_is_theirs(capsys: pytest.CaptureFixture[str]) -> None:
    def work() -> data_output.Data:
        raise AsterismError(Fault("no such file", Place("a.c", 3), code="gone"), Fault("also"), status=2)

    status = data_output.told(work)
    assert (status, json.loads(capsys.readouterr().out)) == (
        2,
        {
            "faults": [
                {"code": "gone", "severity": "error", "file": "a.c", "line": 3, "what": "no such file"},
                {"severity": "error", "what": "also"},
            ]
        },
    )
