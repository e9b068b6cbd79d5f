"""Old code and new code in one source."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from buildsys.porting import guards
from buildsys.porting.language import regions

OLD = b"""\
#include <stdio.h>
int main(void)
{
\tint a = OLD;
\tprintf("%d",
\t\ta + OLD);
\treturn 0;
}
"""
NEW = OLD.replace(b"OLD", b"NEW()")


def test_old_code_stays_beside_the_new_one() -> None:
    assert guards.both(OLD, NEW, {4: "11", 6: "13"}, "22").decode() == (
        "#ifndef ASTERISK_VERSION_NUM\n#define ASTERISK_VERSION_NUM 220000\n#endif\n\n"
        "#include <stdio.h>\nint main(void)\n{\n"
        "#if ASTERISK_VERSION_NUM >= 110000\n\tint a = NEW();\n#else\n\tint a = OLD;\n#endif\n"
        '#if ASTERISK_VERSION_NUM >= 130000\n\tprintf("%d",\n\t\ta + NEW());\n'
        '#else\n\tprintf("%d",\n\t\ta + OLD);\n#endif\n'
        "\treturn 0;\n}\n"
    )


def test_lines_that_are_added_and_removed_are_guarded() -> None:
    old = b"#include <a.h>\nint a;\nint gone;\nint b;\n"
    new = b"#include <a.h>\n#include <b.h>\nint a;\nint b;\n"
    assert guards.both(old, new, {2: "11", 3: "12"}, "22").decode() == (
        "#ifndef ASTERISK_VERSION_NUM\n#define ASTERISK_VERSION_NUM 220000\n#endif\n\n#include <a.h>\n"
        "#if ASTERISK_VERSION_NUM >= 110000\n#include <b.h>\n#endif\nint a;\n"
        "#if ASTERISK_VERSION_NUM < 120000\nint gone;\n#endif\nint b;\n"
    )


def test_nothing_is_guarded_when_nothing_changed() -> None:
    assert guards.both(OLD, OLD, {}, "22") == OLD


@pytest.mark.skipif(shutil.which("gcc") is None, reason="needs gcc")
def test_both_arms_compile(tmp_path: Path) -> None:
    source = tmp_path / "both.c"
    source.write_bytes(guards.both(OLD, NEW, {4: "11", 6: "13"}, "22"))
    for number, macro in (("10400", "-DOLD=1"), ("220000", "-DNEW()=1")):
        argv = ["gcc", "-fsyntax-only", "-Werror", f"-DASTERISK_VERSION_NUM={number}", macro, str(source)]
        assert subprocess.run(argv, capture_output=True, text=True, check=False).stderr == ""


@pytest.mark.parametrize(
    ("condition", "branch", "seen"),
    [
        ("ASTERISK_VERSION_NUM >= 110000", "22", "yes"),
        ("ASTERISK_VERSION_NUM >= 110000", "1.8", "no"),
        ("(ASTERISK_VERSION_NUM >= 10800) && (ASTERISK_VERSION_NUM < 110000)", "10", "yes"),
        ("ASTERISK_VERSION_GROUP < 112", "22", "no"),
        ("ASTERISK_VERSION_NUMBER < 10600 /* 1.4 */", "1.4", "yes"),
        ("0", "22", "no"),
        ("defined(WITH_VIDEO)", "22", "yes and no"),
    ],
)
def test_versions_decide_which_arm_a_branch_sees(condition: str, branch: str, seen: str) -> None:
    text = f"#if {condition}\nyes\n#else\nno\n#endif\n".encode()
    hidden = regions.hidden(text, branch)
    arms = {"yes": text.index(b"yes"), "no": text.index(b"no")}
    assert " and ".join(word for word, at in arms.items() if not regions.is_in(at, hidden)) == seen
