"""What a look at the text of a C source says of its names."""

from __future__ import annotations

from buildsys.compile.definitions import SourceNames, names_in, providers

SOURCE = """\
/* int in_a_comment(void) { } */
// int in_another(void) {
#define MACRO(x) int in_a_macro(void) { \\
	return 1; }
static int hidden(void)
{
	call("int in_a_text(void) {", '"');
	return 0;
}
static const char *
also_hidden(void)
{
}
int shown(int number, int (*callback)(void),
	char *more)
{
	return number;
}
const char *
on_two_lines(void)
{
}
int declared(void);
extern int of_others;
int counter = 3;
static int inner;
struct row *table[3];
"""


def test_what_others_can_use_is_told_from_what_is_hidden_declared_or_no_code() -> None:
    found = names_in(SOURCE)
    assert found.defined == {"shown", "on_two_lines", "counter", "table"}
    assert {"call", "hidden", "declared"} < found.mentioned
    assert not {"in_a_comment", "in_another", "in_a_macro", "in_a_text"} & found.mentioned


def names(defined: str, mentioned: str = "") -> SourceNames:
    return SourceNames(frozenset(defined.split()), frozenset(mentioned.split()))


def test_sources_are_followed_to_those_that_they_need_themselves() -> None:
    sources = {
        "cli.c": names("show_all", "show_all show_one"),
        "far.c": names("far"),
        "list.c": names("show_one list", "strlen"),
        "main.c": names("main", "show_all"),
    }
    assert providers(["show_all"], sources) == ["cli.c", "list.c"]
    assert providers(["nothing"], sources) == []


def test_of_two_sources_that_define_a_name_the_first_counts_and_programs_do_not() -> None:
    sources = {
        "near.c": names("shared", "own"),
        "far.c": names("shared other"),
        "own_copy.c": names("own"),
        "program.c": names("main other"),
    }
    assert providers(["shared"], sources) == ["near.c", "own_copy.c"]
    assert providers(["shared", "other"], sources, own={"own"}) == ["near.c", "far.c"]
