"""What the installed documentation says, through the commands that show it."""

from __future__ import annotations

from pathlib import Path

import pytest

from runtime.core.actions import Action
from runtime.core.documentation import Documentation
from runtime.core.registry import Application, Function

RING = """<docs><application name="Ring" language="en_US" module="app_ring">
<synopsis>Ring a phone.</synopsis>
<syntax><parameter name="phone" required="true"><para>Which one.</para></parameter></syntax>
<description><para>Rings.</para></description>
<see-also><ref type="application">Answer</ref></see-also>
</application></docs>"""


@pytest.fixture
def warned() -> list[str]:
    return []


@pytest.fixture
def documentation(tmp_path: Path, warned: list[str]) -> Documentation:
    (tmp_path / "documentation/thirdparty").mkdir(parents=True)
    return Documentation(str(tmp_path), lambda fault: warned.append(str(fault)))


def test_an_application_without_texts_has_those_of_the_file(documentation: Documentation, tmp_path: Path) -> None:
    ring = Application("RING", lambda channel, data: 0, "app_ring")
    assert documentation.of(ring).synopsis == ""
    (tmp_path / "documentation/thirdparty/app_ring-en_US.xml").write_text(RING)
    said = documentation.of(ring)
    assert (said.synopsis, said.syntax, said.arguments, said.description, said.see_also) == (
        "Ring a phone.",
        "Ring(phone)",
        "\nphone\n    Which one.",
        "Rings.",
        "Answer()",
    )
    (tmp_path / "documentation/thirdparty/app_ring-en_US.xml").unlink()
    assert documentation.of(ring).synopsis == ""


def test_what_a_module_registers_itself_comes_first(documentation: Documentation, tmp_path: Path) -> None:
    (tmp_path / "documentation/core-en_US.xml").write_text(RING)
    own = documentation.of(Application("Ring", lambda channel, data: 0, synopsis="Rings it."))
    assert (own.synopsis, own.description) == ("Rings it.", "Rings.")
    assert documentation.of(Function("Ring", lambda channel, text: text)).description == ""
    action = Action("Put", print, synopsis="Puts.", syntax=(("Key", "which"),))
    assert documentation.of(action).syntax == "Action: Put\nKey: which"


def test_a_damaged_file_is_told_once_and_the_others_are_read(
    documentation: Documentation, tmp_path: Path, warned: list[str]
) -> None:
    (tmp_path / "documentation/core-en_US.xml").write_text("<docs>")
    (tmp_path / "documentation/thirdparty/app_ring-en_US.xml").write_text(RING)
    ring = Application("Ring", lambda channel, data: 0)
    assert [documentation.of(ring).synopsis for _ in range(2)] == ["Ring a phone."] * 2
    assert [text.partition(":")[0] for text in warned] == [str(tmp_path / "documentation/core-en_US.xml")]
