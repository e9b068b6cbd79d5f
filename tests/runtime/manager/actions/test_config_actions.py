"""Configuration files read, changed and made by clients of the manager."""

from __future__ import annotations

from pathlib import Path

import pytest
from manager_client import answered

from runtime.core.core import Core

DEMO = """\
; kept
[one]
a=1
b = two words ; comment
[tmpl](!)
t=0
[two](tmpl)
a=1
a=2 ; the second
c => 3
"""
READ = """\
Category-000000: one
Line-000000-000000: a=1
Line-000000-000001: b=two words
Category-000001: two
Templates-000001: tmpl
Line-000001-000000: t=0
Line-000001-000001: a=1
Line-000001-000002: a=2
Line-000001-000003: c=3
"""


@pytest.fixture
def etc(core: Core) -> Path:
    """The configuration directory, with demo.conf."""
    directory = Path(core.settings.directories.astetcdir)
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "demo.conf").write_text(DEMO)
    return directory


def read(core: Core, *lines: str) -> str:
    return answered(core, "Action: GetConfig", "Filename: demo.conf", *lines)


def update(core: Core, *changes: str, more: tuple[str, ...] = ()) -> str:
    """The answer to changes, each ``Action|Cat|Name=text|...``."""
    lines = []
    for number, change in enumerate(changes):
        action, category, *rest = change.split("|")
        lines += [f"Action-{number:06}: {action}", f"Cat-{number:06}: {category}"]
        lines += [f"{name}-{number:06}: {text}" for name, _, text in (part.partition("=") for part in rest)]
    return answered(core, "Action: UpdateConfig", "SrcFilename: demo.conf", "DstFilename: demo.conf", *more, *lines)


def refused(message: str, *more: str) -> str:
    return "\n".join(["Response: Error", f"Message: {message}", *more, "", ""])


# ---- reading -----------------------------------------------------------------------------------------


def test_sections_and_their_variables_are_numbered_and_templates_named(core: Core, etc: Path) -> None:
    assert read(core, "ActionID: g") == f"Response: Success\nActionID: g\n{READ}\n"
    assert read(core, "Category: ONE") == f"Response: Success\n{READ.partition('Category-000001')[0]}\n"
    assert read(core, "Category: nix") == "Response: Success\nNo categories found\n\n"


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ("", ["one", "two"]),
        ("a=1", ["one", "two"]),
        ("a=^2$", ["two"]),
        ("b=words,a=1", ["one"]),
        ("b=words,a=2", []),
        ("TEMPLATES=include", ["one", "tmpl", "two"]),
        ("TEMPLATES=restrict", ["tmpl"]),
        ("TEMPLATES=restrict,t=1", []),
        ("a", []),
        ("[=1", []),
    ],
)
def test_a_filter_looks_at_names_and_values(core: Core, etc: Path, wanted: str, names: list[str]) -> None:
    listed = answered(core, "Action: ListCategories", "Filename: demo.conf", f"Match: {wanted}")
    fields = "".join(f"Category-{number:06}: {name}\n" for number, name in enumerate(names))
    assert listed == f"Response: Success\n{fields or 'Error: no categories found' + chr(10)}\n"


def test_json_is_one_header_with_the_names_of_the_file(core: Core, etc: Path) -> None:
    (etc / "demo.conf").write_text('[a"b](!)\nx = say "hi" \\\\o/\n[c](a"b)\n')
    answer = answered(core, "Action: GetConfigJSON", "Filename: demo.conf", "Filter: TEMPLATES=include")
    assert answer == (
        'Response: Success\nJSON: {"a\\"b":{"istemplate":1,"x":"say \\"hi\\" \\\\\\\\o/"},'
        '"c":{"templates":"a\\"b","x":"say \\"hi\\" \\\\\\\\o/"}}\n\n'
    )


@pytest.mark.parametrize("action", ["GetConfig", "GetConfigJSON", "ListCategories"])
def test_a_file_outside_the_directory_is_read_only_by_who_lives_dangerously(core: Core, etc: Path, action: str) -> None:
    outside = etc.parent / "secret.conf"
    outside.write_text("[s]\n")
    (etc / "link.conf").symlink_to(outside)
    for name in ("../secret.conf", "link.conf", str(outside)):
        assert answered(core, f"Action: {action}", f"Filename: {name}") == refused("File requires escalated privileges")
    assert "two" in answered(core, f"Action: {action}", f"Filename: ../{etc.name}/demo.conf")
    core.settings = core.settings._replace(options=core.settings.options._replace(live_dangerously=True))
    assert "Response: Success" in answered(core, f"Action: {action}", f"Filename: {outside}")


def test_a_file_that_is_not_there_has_no_name_or_is_broken_is_told_in_asterisks_words(core: Core, etc: Path) -> None:
    (etc / "bad.conf").write_text("a = 1\n")
    for action, missing in (
        ("GetConfig", "Config file not found"),
        ("ListCategories", "Config file not found"),
        ("GetConfigJSON", "File requires escalated privileges"),
    ):
        assert answered(core, f"Action: {action}") == refused("Filename not specified")
        assert answered(core, f"Action: {action}", "Filename: nix.conf") == refused(missing)
        broken = answered(core, f"Action: {action}", "Filename: bad.conf")
        assert broken.startswith("Response: Error\nMessage: Config file has invalid format\nReason: ")


# ---- making ------------------------------------------------------------------------------------------


def test_a_file_is_made_once_and_inside_of_the_directory(core: Core, etc: Path) -> None:
    def make(name: str) -> str:
        return answered(core, "Action: CreateConfig", f"Filename: {name}")

    assert make("new.conf") == "Response: Success\nMessage: New configuration file created successfully\n\n"
    assert (etc / "new.conf").read_text() == ""
    assert (etc / "new.conf").stat().st_mode & 0o007 == 0
    assert make("new.conf") == refused("File exists")
    assert make("") == refused("Filename not specified")
    assert make("nix/new.conf") == refused("No such file or directory")
    assert make("../new.conf") == refused("File requires escalated privileges")


# ---- changing ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "before", "after"),
    [
        ("Update|one|Var=b|Value=x;y", "b = two words ; comment", "b = x\\;y ; comment"),
        ("Update|one|Var=A|Value=>7|Match=1", "a=1\nb", "A => 7\nb"),
        ("Update|two|Var=a|Value=7", "a=2 ; the second", "a = 7 ; the second"),
        ("Update|two|Var=t|Value=7", "[two](tmpl)\n", "[two](tmpl)\nt = 7\n"),
        ("Delete|two|Var=a", "a=1\na=2 ; the second\n", ""),
        ("Delete|two|Var=a|Match=2", "a=2 ; the second\n", ""),
        ("Delete|two|Line=3", "c => 3\n", ""),
        ("Append|one|Var=n|Value=>1", "comment\n", "comment\nn => 1\n"),
        ("Append|one|Var=n|Value=1|Match=object", "comment\n", "comment\nn => 1\n"),
        ("Append|two|Var=n|Value=", "c => 3\n", "c => 3\nn = \n"),
        ("Insert|one|Var=n|Value=1|Line=0", "[one]\n", "[one]\nn = 1\n"),
        ("Insert|two|Var=n|Value=1|Line=2", "a=2", "n = 1\na=2"),
        ("Insert|two|Var=n|Value=1|Line=99", "c => 3\n", "c => 3\nn = 1\n"),
        ("RenameCat|one|Value=uno", "[one]", "[uno]"),
        ("EmptyCat|two", "a=1\na=2 ; the second\nc => 3\n", ""),
        ("DelCat|one", "; kept\n[one]\na=1\nb = two words ; comment\n", ""),
        ("NewCat|new", "c => 3\n", "c => 3\n\n[new]\n"),
        ("NewCat|new|Options=template, inherit=\"tmpl\"", "c => 3\n", "c => 3\n\n[new](!,tmpl)\n"),
        ("NewCat|one|Options=allowdups", "c => 3\n", "c => 3\n\n[one]\n"),
        ("NewCat|new|Match=tmpl", "[tmpl]", "[new]\n\n[tmpl]"),
    ],
)  # fmt: skip
def test_a_change_leaves_all_other_lines_as_they_stand(
    core: Core, etc: Path, change: str, before: str, after: str
) -> None:
    assert DEMO.count(before) == 1 or change.startswith("Update|one|Var=A")
    assert update(core, change) == "Response: Success\n\n"
    assert (etc / "demo.conf").read_text() == DEMO.replace(before, after, 1)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("Nix|one", "Unknown action command"),
        ("Update||Var=a|Value=1", "Category not specified"),
        ("Update|nix|Var=a|Value=1", "Given category does not exist"),
        ("Update|one|Value=1", "Problem with category, value, or line (if required)"),
        ("Update|one|Var=nix|Value=1", "Update did not complete successfully"),
        ("Update|one|Var=a|Match=8|Value=1", "Update did not complete successfully"),
        ("Delete|one", "Problem with category, value, or line (if required)"),
        ("Delete|one|Var=nix", "Update did not complete successfully"),
        ("Delete|one|Line=x", "Update did not complete successfully"),
        ("Delete|two|Var=t", "Update did not complete successfully"),
        ("Insert|one|Var=n|Value=1", "Problem with category, value, or line (if required)"),
        ("Append|one|Value=1", "Problem with category, value, or line (if required)"),
        ("RenameCat|one", "Problem with category, value, or line (if required)"),
        ("RenameCat|nix|Value=x", "Given category does not exist"),
        ("EmptyCat|nix", "Given category does not exist"),
        ("DelCat|nix", "Given category does not exist"),
        ("NewCat|ONE", "Create category did not complete successfully"),
        ("NewCat|tmpl", "Create category did not complete successfully"),
        ("NewCat|new|Match=nix", "Create category did not complete successfully"),
        ("NewCat|new|Options=inherit=one", "Template category not found"),
        ("DelCat|tmpl", "Given category does not exist"),
    ],
)
def test_a_change_that_cannot_be_made_keeps_all_of_them_from_the_file(
    core: Core, etc: Path, change: str, message: str
) -> None:
    answer = update(core, "Update|one|Var=a|Value=9", change)
    assert answer.splitlines()[:2] == ["Response: Error", f"Message: {message}"]
    assert (etc / "demo.conf").read_text() == DEMO


def test_an_error_that_is_to_be_ignored_leaves_the_file_alone(core: Core, etc: Path) -> None:
    ignored = ("NewCat|one", "DelCat|nix", "Delete|one|Var=nix")
    assert update(core, *(f"{change}|Options=ignoreerror" for change in ignored)) == "Response: Success\n\n"
    assert (etc / "demo.conf").read_text() == DEMO


@pytest.mark.parametrize(
    "change",
    [
        "Append|one|Var=#exec /bin/true|Value=1",
        "Append|one|Var=[x]|Value=1",
        "Append|one|Var=;a|Value=1",
        "Append|one|Var=a=b|Value=1",
        "Append|one|Var=;--|Value=1",
        "Update|one|Var=a|Value=--;",
        "NewCat|x]",
        "NewCat|x](!)[",
        "RenameCat|one|Value=x](!)",
    ],
)
def test_no_name_and_no_value_becomes_another_line(core: Core, etc: Path, change: str) -> None:
    answer = update(core, change)
    written = (etc / "demo.conf").read_text()
    if answer == "Response: Success\n\n":  # then it stands there as it was given
        assert change.startswith("Update")
        assert "a=--;" in read(core)
    else:
        assert answer.startswith("Response: Error\nMessage: Update did not complete successfully\nReason: ")
        assert written == DEMO


def test_sections_keep_what_they_inherited_from_a_template_that_changes(core: Core, etc: Path) -> None:
    assert update(core, "Update|tmpl|Var=t|Value=5|Options=catfilter='TEMPLATES=restrict'") == "Response: Success\n\n"
    assert (etc / "demo.conf").read_text() == DEMO.replace("t=0", "t = 5").replace("(tmpl)\n", "(tmpl)\nt = 0\n")
    (etc / "demo.conf").write_text(DEMO)
    change = "Update|tmpl|Var=t|Value=5|Options=catfilter='TEMPLATES=restrict'"
    assert update(core, change, more=("PreserveEffectiveContext: no",)) == "Response: Success\n\n"
    assert (etc / "demo.conf").read_text() == DEMO.replace("t=0", "t = 5")


def test_what_another_file_says_is_changed_in_that_file_only(core: Core, etc: Path) -> None:
    (etc / "demo.conf").write_text("[one]\na=1\n#include more.conf\n")
    (etc / "more.conf").write_text("b=2\n[more]\nc=3\n")
    for change in ("Update|one|Var=b|Value=1", "Append|more|Var=n|Value=1", "DelCat|one", "EmptyCat|one"):
        answer = update(core, change)
        assert f"stands in {etc}/more.conf\nCure: name the file in which it stands\n" in answer
    assert update(core, "Append|one|Var=n|Value=1") == "Response: Success\n\n"
    assert (etc / "demo.conf").read_text() == "[one]\na=1\nn = 1\n#include more.conf\n"


def test_a_file_is_written_under_another_name_that_is_there(core: Core, etc: Path, tmp_path: Path) -> None:
    (etc / "other.conf").write_text("")
    asked = ["Action: UpdateConfig", "SrcFilename: demo.conf", "Action-000000: DelCat", "Cat-000000: two"]
    assert answered(core, *asked, "DstFilename: nix.conf") == refused("File requires escalated privileges")
    assert answered(core, *asked) == refused("Filename not specified")
    assert answered(core, *asked, "DstFilename: other.conf") == "Response: Success\n\n"
    assert ((etc / "demo.conf").read_text(), (etc / "other.conf").read_text()) == (DEMO, DEMO.partition("[two]")[0])


def test_the_changed_file_is_heeded_when_that_is_asked_for(core: Core, etc: Path) -> None:
    asked: list[str | None] = []

    class Loader:
        def reload(self, name: str | None) -> None:
            asked.append(name)

    core.loader = Loader()  # type: ignore[assignment]
    for word in ("", "no", "yes", "res_x"):
        assert update(core, "Update|one|Var=a|Value=1", more=(f"Reload: {word}",)) == "Response: Success\n\n"
    assert asked == [None, "res_x"]


def test_line_ends_of_the_file_stay(core: Core, etc: Path) -> None:
    (etc / "demo.conf").write_bytes(b"[one]\r\na=1 ; c\r\n")
    assert update(core, "Update|one|Var=a|Value=2", "Append|one|Var=b|Value=3") == "Response: Success\n\n"
    assert (etc / "demo.conf").read_bytes() == b"[one]\r\na = 2 ; c\r\nb = 3\r\n"


def test_a_variable_of_several_lines_is_left_to_a_person(core: Core, etc: Path) -> None:
    (etc / "demo.conf").write_text("[one]\na=1\na+=2\n")
    answer = update(core, "Update|one|Var=a|Value=9")
    assert "Reason: 'a' is put together with '+=' from several lines\n" in answer
    assert (etc / "demo.conf").read_text() == "[one]\na=1\na+=2\n"
