"""The macro with the version of Asterisk, for sources that tell branches apart by it."""

from __future__ import annotations

from pathlib import Path

import pytest

from asterism.branches import header_branch, known_names
from asterism.tree import Kind, Tree
from buildsys.planning import version_macro
from buildsys.planning.source_texts import SourceTexts

ASKS = "#if ASTERISK_VERSION_NUM >= 110000\n#endif\n"


def headers_of(branch: str, place: Path) -> Path:
    (place / "asterisk").mkdir(parents=True)
    (place / "asterisk.h").write_text("/* the headers of an Asterisk */\n")
    for name in known_names.names("header"):
        if branch in known_names.branches_of(known_names.find(name, ("header",))):
            (place / f"asterisk/{name}.h").touch()
    return place


@pytest.mark.parametrize("branch", ["1.8", "13", "16", "18", "20", "22"])
def test_headers_tell_their_branch_by_their_names(branch: str, tmp_path: Path) -> None:
    assert header_branch.of(headers_of(branch, tmp_path)) == branch


def test_a_header_more_or_less_does_not_matter(tmp_path: Path) -> None:
    headers = headers_of("16", tmp_path)
    (headers / "asterisk/channel.h").unlink()
    (headers / "asterisk/of_a_distribution.h").touch()
    assert header_branch.of(headers) == "16"


def test_the_headers_of_asterism_follow_the_newest_numbered_branch() -> None:
    assert header_branch.of(Path(__file__).parents[3] / "include") == known_names.BRANCHES[-2]


@pytest.mark.parametrize(
    ("branch", "number"), [("1.4", 10400), ("1.6.2", 10602), ("11", 110000), ("23", 230000), ("master", 240000)]
)
def test_a_branch_has_a_number(branch: str, number: int) -> None:
    assert header_branch.version_number(branch) == number


@pytest.mark.parametrize(
    ("source", "header", "given", "expected"),
    [
        (ASKS, "", (), ("-DASTERISK_VERSION_NUM=160000",)),
        ('#include "own.h"\n', ASKS, (), ("-DASTERISK_VERSION_NUM=160000",)),
        ("#ifndef ASTERISK_VERSION_NUM\n#define ASTERISK_VERSION_NUM 220000\n#endif\n" + ASKS, "", (), None),
        ("int nothing;\n", "", (), ()),
        ('#include "own.h"\n' + ASKS, "#define ASTERISK_VERSION_NUM 130000\n", (), ()),
        (ASKS, "", ("-DASTERISK_VERSION_NUM=130000",), ()),
        (ASKS, "", ("-DHAVE_CONFIG_H",), ()),
    ],
)
def test_the_macro_is_defined_where_it_is_asked_for_and_nothing_defines_it(
    source: str, header: str, given: tuple[str, ...], expected: tuple[str, ...] | None, tmp_path: Path
) -> None:
    repository = tmp_path / "repository"
    (repository / "src").mkdir(parents=True)
    (repository / "src/app_one.c").write_text(source)
    (repository / "src/own.h").write_text(header)
    tree = Tree(repository, Kind.MODULES)
    found = version_macro.flags(SourceTexts(tree), ["src/app_one.c"], headers_of("16", tmp_path / "include"), given)
    assert found == (("-DASTERISK_VERSION_NUM=160000",) if expected is None else expected)
