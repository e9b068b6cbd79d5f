"""What is said of a source that does not compile for want of a header, or of the right order of headers."""

from __future__ import annotations

from pathlib import Path

import pytest

from asterism.errors import Fault, Place, Setting
from buildsys.compile import missing_headers
from buildsys.compile.missing_headers import explained
from buildsys.compile.progress import Failure
from buildsys.settled import packages


def failure(why: str, *excerpt: str, file: str = "res_x.c") -> Failure:
    fault = Fault("module res_x does not compile", Place(file, 1), why, "all of it is in the log", "compile")
    return Failure("res_x", fault, excerpt)


def test_a_header_in_a_directory_of_its_package_is_found_by_pkg_config_or_by_a_flag(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("libgood-2.0/good/all.h", "other/bare.h"):
        (tmp_path / "usr" / name).parent.mkdir(parents=True)
        (tmp_path / "usr" / name).write_text("")
    monkeypatch.setattr(missing_headers, "SYSTEM", tmp_path / "usr")
    monkeypatch.setattr(packages, "names", lambda: ("libgood-2.0",))
    good = explained(tmp_path / "here", failure("good/all.h: No such file or directory")).fault
    assert (good.why, good.cure, good.settings) == (
        f"it lies in {tmp_path}/usr/libgood-2.0",
        'write packages = ["libgood-2.0"] below [modules.res_x] in asterism.toml',
        (Setting("res_x", "packages", ("libgood-2.0",)),),
    )
    bare = explained(tmp_path / "here", failure("'bare.h' file not found")).fault
    assert bare.settings == (Setting("res_x", "cflags", (f"-I{tmp_path}/usr/other",)),)


@pytest.mark.parametrize(
    ("included", "is_told"),
    [
        ('#include <stdio.h>\n#include "asterisk/utils.h"\n', True),
        ('#include "asterisk.h"\n#include "asterisk/utils.h"\n', False),
        ("#include <stdio.h>\n", False),
    ],
)
def test_a_source_that_includes_asterisk_h_too_late_is_named(tmp_path: Path, included: str, is_told: bool) -> None:
    (tmp_path / "more.c").write_text(included)
    said = (
        "In file included from /usr/include/asterisk/utils.h:26,",
        "                 from more.c:3:",
        "/usr/include/asterisk/network.h:57:2: error: #error no network here",
    )
    before = failure("#error no network here", *said, file="/usr/include/asterisk/network.h")
    after = explained(tmp_path, before)
    if not is_told:
        assert after == before
        return
    assert (after.fault.why, after.fault.settings) == (
        "more.c includes a header of Asterisk before asterisk.h",
        (Setting("res_x", "cflags", ("-include", "asterisk.h")),),
    )


def test_a_header_that_calls_what_asterisk_forbids_is_told_how_asterisk_allows_it(tmp_path: Path) -> None:
    said = "'Do_not_use_malloc__use_ast_malloc' undeclared (first use in this function)"
    after = explained(tmp_path, failure(said, f"/usr/include/asterisk/astmm.h:158:9: error: {said}"))
    assert after.fault.settings == (Setting("res_x", "cflags", ("-DASTMM_LIBC=ASTMM_IGNORE",)),)


@pytest.mark.parametrize(
    "said",
    [
        "implicit declaration of function 'ast_getformatname'",
        "call to undeclared function 'ast_getformatname'; ISO C99 and later do not support it",
        "'ast_getformatname' undeclared (first use in this function)",
        "use of undeclared identifier 'ast_getformatname'",
    ],
)
def test_a_name_that_newer_branches_lack_is_told_with_what_took_its_place(tmp_path: Path, said: str) -> None:
    assert explained(tmp_path, failure(said)).fault.cure == (
        "use ast_format_get_name; since 13 functions of formats are named after their object: 'asterism port' changes "
        "sources, 'asterism port --explain format-names' says more\n    all of it is in the log"
    )


def test_any_other_failure_stays_as_it_is(tmp_path: Path) -> None:
    other = failure("expected ';' before '}' token", "res_x.c:1:1: error: expected ';' before '}' token")
    assert explained(tmp_path, other) == other
