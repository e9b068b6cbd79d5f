"""JUnit XML: test results in the format that build servers read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from xml.etree import ElementTree

from asterism.values import dataclass, field

_UNSPEAKABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot contain, not even escaped."""


@dataclass(frozen=True, slots=True)
class Case:
    """The result of one test."""

    classname: str
    name: str
    seconds: float = 0.0
    failure: str | None = None
    """The reason for a failure: the check that failed."""
    error: str | None = None
    """The reason why the test did not finish: a crash, or a sanitizer's report."""
    skipped: str | None = None
    output: str = ""
    """The output of the test."""


@dataclass(frozen=True, slots=True)
class Suite:
    """A group of test results."""

    name: str
    cases: tuple[Case, ...]
    properties: Mapping[str, str] = field(default_factory=dict)


def speakable(text: str) -> str:
    r"""A text with characters that XML cannot contain written as ``\x1b``."""
    return _UNSPEAKABLE.sub(lambda found: f"\\x{ord(found[0]):02x}", text)


def document(suites: Sequence[Suite]) -> str:
    """The XML document: ``testsuites`` with a ``testsuite`` for each suite and a ``testcase`` for each test."""
    root = ElementTree.Element("testsuites")
    for suite in suites:
        root.append(_suite(suite))
    ElementTree.indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _suite(suite: Suite) -> ElementTree.Element:
    kinds = ("failure", "error", "skipped")
    counts = [sum(getattr(case, kind) is not None for case in suite.cases) for kind in kinds]
    element = _element(
        "testsuite",
        name=suite.name,
        tests=str(len(suite.cases)),
        failures=str(counts[0]),
        errors=str(counts[1]),
        skipped=str(counts[2]),
        time=f"{sum(case.seconds for case in suite.cases):.3f}",
    )
    if suite.properties:
        properties = ElementTree.SubElement(element, "properties")
        properties.extend(_element("property", name=name, value=text) for name, text in suite.properties.items())
    element.extend(_case(case) for case in suite.cases)
    return element


def _case(case: Case) -> ElementTree.Element:
    element = _element("testcase", classname=case.classname, name=case.name, time=f"{case.seconds:.3f}")
    for kind in ("failure", "error", "skipped"):
        text = getattr(case, kind)
        if text is not None:
            first = text.strip().partition("\n")[0] or kind
            child = _element(kind, message=first) if kind == "skipped" else _element(kind, message=first, type=kind)
            child.text = speakable(text)
            element.append(child)
    if case.output:
        ElementTree.SubElement(element, "system-out").text = speakable(case.output)
    return element


def _element(tag: str, **attributes: str) -> ElementTree.Element:
    return ElementTree.Element(tag, {name: speakable(text) for name, text in attributes.items()})
