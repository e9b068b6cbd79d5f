"""What the headers of Asterisk's branches declare: the table that is shipped, and how a header is read."""

from __future__ import annotations

import pytest

from asterism.branches import api_names
from asterism.branches.api_names import ApiName, find, gone_words, load, spans
from asterism.branches.known_names import BRANCHES, branches_of, span_text
from build_tools.branch_names import API_KINDS
from buildsys.porting.language.declarations import Declared, declared

HEADER = b"""\
/* int not_this(void); */
#ifdef __cplusplus
extern "C" {
#endif
#include "asterisk/lock.h"
#define LIMIT 5
#define TWICE(a, \\
    b) ((a) + (b))
enum colour { RED, GREEN = 3 };
struct entry {
    AST_DECLARE_STRING_FIELDS(
        AST_STRING_FIELD(name);
    );
    char context[80];
    int (*read)(struct entry *entry, const char *data, size_t len);
    struct { int valid; } number;
    AST_LIST_ENTRY(entry) list;
};
typedef struct entry *entry_t;
const char *entry_name(const struct entry *entry);
int attribute_pure __attribute__((format(printf, 2, 3))) entry_log(char **out, const char *fmt, ...);
AST_OPTIONAL_API(int, entry_find, (const char *name, int flags),
                 { return 0; });
AST_OPTIONAL_API_ATTR(int, format(printf, 1, 2), entry_send, (const char *fmt, ...), { return 0; });
AST_INLINE_API(
int entry_ready(void),
{
    return 1;
}
)
#if defined(__cplusplus) || defined(c_plusplus)
#define ENTRY(name) { name, '"' }
#else
#define ENTRY(name, ...) { name, __VA_ARGS__ }
#endif
static inline void entry_free(void) { }
extern int entry_count;
#if defined(OLD)
void entry_old(int how);
#endif
"""


def test_a_header_declares_names_with_their_types() -> None:
    assert list(declared(HEADER)) == [
        Declared("include", "lock"),
        Declared("macro", "LIMIT"),
        Declared("macro", "TWICE", "(a,b)"),
        Declared("macro", "ENTRY", "(name,...)"),
        Declared("enumerator", "RED", "enum colour"),
        Declared("enumerator", "GREEN", "enum colour"),
        Declared("type", "enum colour"),
        Declared("type", "struct entry"),
        Declared("member", "struct entry.name", "const char *"),
        Declared("member", "struct entry.context", "char [ 80 ]"),
        Declared("member", "struct entry.read", "int (*) (struct entry *, const char *, size_t)"),
        Declared("member", "struct entry.number", "struct"),
        Declared("member", "struct entry.number.valid", "int"),
        Declared("member", "struct entry.list", "struct entry_of_entry"),
        Declared("type", "entry_t", "struct entry *"),
        Declared("function", "entry_name", "const char * (const struct entry *)"),
        Declared("function", "entry_log", "int (char **, const char *, ...)"),
        Declared("function", "entry_find", "int (const char *, int)"),
        Declared("function", "entry_send", "int (const char *, ...)"),
        Declared("function", "entry_ready", "int (void)"),
        Declared("function", "entry_free", "void (void)"),
        Declared("variable", "entry_count", "int"),
        Declared("function", "entry_old", "void (int)"),
    ]


def test_a_name_is_found_with_its_branches_and_parameters() -> None:
    function, macro = find("ast_config_load")
    assert (function.span, function.parameters, function.result) == ("1.4", ("const char *",), "struct ast_config *")
    assert (macro.span, macro.parameters) == (f"1.6.0-{BRANCHES[-1]}", ("filename", "flags"))
    (member,) = find("struct ast_channel.name", ("member",))
    assert (member.header, member.span, member.result) == ("asterisk/channel.h", "1.4-10", "const char *")
    assert find("ast_nothing_of_this_name") == ()


@pytest.mark.parametrize(
    ("signature", "count", "fits"),
    [
        ("int (const char *, int)", 2, True),
        ("int (const char *, int)", 1, False),
        ("int (void)", 0, True),
        ("int (const char *, ...)", 1, True),
        ("int (const char *, ...)", 0, False),
        ("int (int (*) (int, int), char *)", 2, True),
        ("void (*(int, char *)) (int)", 1, True),
    ],
)
def test_a_call_fits_by_its_number_of_arguments(signature: str, count: int, fits: bool) -> None:
    assert ApiName("function", "f", "asterisk/f.h", "11", signature).takes(count) is fits


def test_every_row_of_the_table_can_be_read() -> None:
    rows = [row for found in load().values() for row in found]
    assert {row.kind for row in rows} == set(API_KINDS)
    assert all(row.branches for row in rows)
    assert all(row.parameters is not None for row in rows if row.kind == "function")
    assert api_names.FILE.stat().st_size < 1_000_000


def test_a_name_that_is_gone_is_told_with_its_branches() -> None:
    assert gone_words("ast_bridged_channel", "22") == "Asterisk 1.4 to 11 had it"
    assert gone_words("ast_channel_name", "22") == ""
    assert gone_words("ast_nothing_of_this_name", "22") == ""


def test_spans_are_read_and_written() -> None:
    assert branches_of("1.8-11,13") == {"1.8", "10", "11", "13"}
    assert span_text(["13", "10", "11", "1.8"]) == "1.8-11,13"
    assert spans(find("ast_config_load")) == f"1.4-{BRANCHES[-1]}"
