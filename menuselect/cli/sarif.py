"""Faults as static analysis results, SARIF 2.1.0."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence

from asterism import __version__
from asterism.errors import Fault
from menuselect.cli.output import shown


def shown_lines(text: str) -> str:
    """A text without control characters; line ends are kept."""
    return "\n".join(map(shown, text.split("\n")))


def message(fault: Fault) -> str:
    """The text of a fault, without its place."""
    text = f"{fault.what}: {fault.why}" if fault.why else fault.what
    return f"{text}\n{fault.cure}" if fault.cure else text


def dumps(faults: Sequence[Fault], program: str) -> str:
    """The faults of one run of a program, as text."""
    codes = dict.fromkeys(fault.code for fault in faults)
    run = {
        "tool": {
            "driver": {
                "name": program,
                "version": __version__,
                "rules": [{"id": code, "name": code.title().replace("-", "")} for code in codes],
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": [_result(fault) for fault in faults],
    }
    schema = "https://json.schemastore.org/sarif-2.1.0.json"
    return json.dumps({"$schema": schema, "version": "2.1.0", "runs": [run]}, indent=2)


def _result(fault: Fault) -> dict[str, object]:
    result: dict[str, object] = {
        "ruleId": fault.code,
        "level": fault.severity,
        "message": {"text": shown_lines(message(fault))},
    }
    place = fault.place
    if place:
        location: dict[str, object] = {"artifactLocation": {"uri": place.file.replace(os.sep, "/")}}
        if place.line:
            region = {"startLine": place.line, **({"startColumn": place.column} if place.column else {})}
            location["region"] = region
        result["locations"] = [{"physicalLocation": location}]
    return result
