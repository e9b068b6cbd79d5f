"""Configuration files as C modules read, walk and change them (asterisk/config.h)."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from native_support import FOOT, HEAD

from runtime.core.core import Core
from runtime.dialplan import functions
from runtime.modules.module_opening import open_module

SOURCE = r"""
#include "asterisk/config.h"

#define NOTE(expression) ast_str_append(out, 0, "%d", (int) (expression))

static struct ast_config *load(const char *file, unsigned int bits)
{
	struct ast_flags flags = { bits };

	return ast_config_load(file, flags);
}

static const char *status_of(struct ast_config *cfg)
{
	return cfg == CONFIG_STATUS_FILEMISSING ? "missing" : cfg == CONFIG_STATUS_FILEUNCHANGED ? "unchanged"
		: cfg == CONFIG_STATUS_FILEINVALID ? "invalid" : "read";
}

static void show_list(struct ast_str **out, const struct ast_variable *var)
{
	for (; var; var = var->next) {
		ast_str_append(out, 0, "%s%s%s%s@%d;", var->inherited ? "^" : "", var->name, var->object ? "=>" : "=",
			var->value, var->lineno);
	}
}

static void show_config(struct ast_str **out, struct ast_config *cfg)
{
	struct ast_category *cat = NULL;

	while ((cat = ast_category_browse_filtered(cfg, NULL, cat, "TEMPLATES=include"))) {
		struct ast_str *bases = ast_category_get_templates(cat);

		ast_str_append(out, 0, "[%s]%s%s:", ast_category_get_name(cat), ast_category_is_template(cat) ? "!" : "",
			bases ? ast_str_buffer(bases) : "");
		show_list(out, ast_category_first(cat));
		ast_free(bases);
	}
}

static int by_name(struct ast_category *p, struct ast_category *q)
{
	return strcmp(ast_category_get_name(p), ast_category_get_name(q));
}

static void show(struct ast_str **out, char *file)
{
	struct ast_config *cfg = load(file, 0), *copy = ast_config_copy(cfg);

	ast_str_append(out, 0, "%s ", status_of(cfg));
	show_config(out, copy ? copy : cfg);
	ast_config_destroy(copy);
	ast_config_destroy(cfg);
}

static void unchanged(struct ast_str **out, char *file)
{
	struct ast_config *cfg = load(file, CONFIG_FLAG_FILEUNCHANGED);

	ast_str_append(out, 0, "%s", status_of(cfg));
	ast_config_destroy(cfg);
}

static void nocache(struct ast_str **out, char *file)
{
	struct ast_config *cfg = load(file, CONFIG_FLAG_FILEUNCHANGED | CONFIG_FLAG_NOCACHE);

	ast_str_append(out, 0, "%s", status_of(cfg));
	ast_config_destroy(cfg);
}

static void names(struct ast_str **out, char *file)
{
	struct ast_config *cfg = load(file, 0);
	char *name = NULL, *copied;

	while ((name = ast_category_browse(cfg, name))) {
		ast_str_append(out, 0, "%s(%s) ", name, S_OR(ast_variable_retrieve(cfg, name, "a"), "-"));
	}
	copied = ast_strdupa("ONE");	/* not the pointer that browse gave */
	ast_str_append(out, 0, "after ONE: %s", ast_category_browse(cfg, copied));
	ast_config_destroy(cfg);
}

static void ask(struct ast_str **out, char *file)
{
	struct ast_config *cfg = load(file, 0);
	const char *told[] = {
		ast_variable_retrieve(cfg, "child", "color"), ast_variable_retrieve(cfg, "child", "SIZE"),
		ast_variable_retrieve(cfg, "base", "color"), ast_variable_retrieve(cfg, NULL, "size"),
		ast_variable_retrieve(cfg, "nosuch", "color"), ast_config_option(cfg, "child", "only"),
		ast_variable_retrieve_filtered(cfg, "base", "color", "TEMPLATES=restrict"),
		ast_variable_retrieve_filtered(cfg, NULL, "color", "size=^[0-9]+$"),
		ast_variable_retrieve_filtered(cfg, NULL, "color", "size"),
		ast_variable_find(ast_category_get(cfg, "child", NULL), "color"),
		ast_variable_find_last_in_list(ast_variable_browse(cfg, "child"), "color"),
		ast_category_exist(cfg, "child", "size=9") ? "yes" : "no",
		ast_category_exist(cfg, "child", "size=(") ? "yes" : "no",
		ast_category_root(cfg, ast_strdupa("general"))->value,
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(told); i++) {
		ast_str_append(out, 0, "%s ", S_OR(told[i], "-"));
	}
	ast_config_destroy(cfg);
}

static void change(struct ast_str **out, char *file)
{
	struct ast_config *cfg = load(file, 0);
	struct ast_category *one = ast_category_get(cfg, "one", NULL), *made = ast_category_new_dynamic("made");
	struct ast_category *last = ast_category_new_template("zzz", "f", 1);

	ast_variable_append(made, ast_variable_new("m", "1", ""));
	ast_variable_insert(made, ast_variable_new("first", "0", ""), "0");
	ast_variable_insert(made, ast_variable_new("end", "9", ""), "99");
	ast_variable_append(made, ast_variable_new("after", "9", ""));
	NOTE(ast_category_insert(cfg, made, "ONE"));
	NOTE(ast_category_insert(cfg, last, "nosuch"));
	ast_category_append(cfg, last);
	ast_category_inherit(last, made);
	NOTE(ast_variable_update(one, "A", "new", NULL, 1));
	NOTE(ast_variable_update(one, "a", "x", "nosuch", 0));
	NOTE(ast_variable_delete(one, "b", "", NULL));
	NOTE(ast_variable_delete(one, "b", NULL, NULL));
	ast_variable_delete(made, NULL, NULL, "3");
	ast_category_rename(one, "renamed");
	ast_category_delete(cfg, ast_category_get(cfg, "two", NULL));
	ast_config_sort_categories(cfg, 1, by_name);
	ast_str_append(out, 0, " %s ", ast_category_get_name(ast_config_get_current_category(cfg)));
	show_config(out, cfg);
	ast_category_empty(ast_category_get(cfg, "made", NULL));
	ast_str_append(out, 0, " %d", ast_variable_browse(cfg, "made") == NULL);
	ast_config_destroy(cfg);
}

/* Replaces a variable, or the first of that name; frees the new one when that fails. */
static void replace(struct ast_str **out, struct ast_variable **list, struct ast_variable *old,
	struct ast_variable *var)
{
	int failed = old ? ast_variable_list_replace_variable(list, old, var) : ast_variable_list_replace(list, var);

	NOTE(failed);
	if (failed) {
		ast_variables_destroy(var);
	}
}

static void lists(struct ast_str **out, char *text)
{
	struct ast_variable *list = ast_variable_list_from_string(text, ";", "=");
	struct ast_variable *copy = ast_variables_dup(list);
	struct ast_str *joined;

	show_list(out, list);
	copy = ast_variable_list_sort(ast_variables_reverse(copy));
	ast_str_append(out, 0, "|");
	replace(out, &copy, NULL, ast_variable_new("a", "R", ""));
	replace(out, &copy, copy, ast_variable_new("0", "S", ""));
	ast_str_append(out, 0, "|");
	joined = ast_variable_list_join(copy, ", ", ":", "'", NULL);
	ast_str_append(out, 0, "%s", ast_str_buffer(joined));
	ast_free(joined);
	ast_variables_destroy(copy);
	ast_variables_destroy(list);
}

static void nulls(struct ast_str **out, char *text)
{
	struct ast_config *invalid = CONFIG_STATUS_FILEINVALID;

	(void) text;
	ast_config_destroy(NULL);
	ast_config_destroy(CONFIG_STATUS_FILEUNCHANGED);
	ast_config_destroy(invalid);
	ast_category_destroy(NULL);
	ast_variables_destroy(NULL);
	ast_category_append(NULL, NULL);
	NOTE(load(NULL, 0) == invalid);
	NOTE(ast_config_copy(invalid) == NULL);
	NOTE(ast_category_browse(invalid, NULL) == NULL);
	NOTE(ast_category_browse(NULL, "x") == NULL);
	NOTE(ast_variable_browse(NULL, NULL) == NULL);
	NOTE(ast_variable_retrieve(NULL, NULL, NULL) == NULL);
	NOTE(ast_variable_new(NULL, "", "") == NULL);
	NOTE(ast_variable_find(NULL, "x") == NULL);
	NOTE(ast_category_empty(NULL) == -1);
	NOTE(ast_category_delete(NULL, NULL) == NULL);
	NOTE(ast_variable_delete(NULL, NULL, NULL, NULL) == -1);
	NOTE(ast_variable_update(NULL, NULL, NULL, NULL, 0) == -1);
	NOTE(ast_category_inherit(NULL, NULL) == -1);
}

static void parse(struct ast_str **out, char *text)
{
	int32_t i = 7;
	uint32_t u = 7;
	double d = 7;
	int t = 7;
	int wrong = ast_parse_arg(text, PARSE_INT32, &i);

	ast_str_append(out, 0, "%d:%d ", wrong, i);
	wrong = ast_parse_arg(text, PARSE_INT32 | PARSE_DEFAULT | PARSE_IN_RANGE | PARSE_RANGE_DEFAULTS, &i, 5, 0, 10);
	ast_str_append(out, 0, "%d:%d ", wrong, i);
	wrong = ast_parse_arg(text, PARSE_UINT32 | PARSE_OUT_RANGE, &u, 1, 3);
	ast_str_append(out, 0, "%d:%u ", wrong, u);
	wrong = ast_parse_arg(text, PARSE_DOUBLE | PARSE_DEFAULT, &d, -1.0);
	ast_str_append(out, 0, "%d:%g ", wrong, d);
	wrong = ast_parse_arg(text, PARSE_TIMELEN, &t, TIMELEN_SECONDS);
	ast_str_append(out, 0, "%d:%d", wrong, t);
}

static void settings(struct ast_str **out, char *file)
{
	struct ast_config *cfg = load(file, 0);
	struct ast_variable *v;
	char title[8] = "", *owner = NULL;
	unsigned int limit = 0;
	int on = 0;

	for (v = ast_variable_browse(cfg, "general"); v; v = v->next) {
		CV_START(v->name, v->value);
		CV_BOOL("enabled", on);
		CV_UINT("limit", limit);
		CV_STR("title", title);
		CV_DSTR("owner", owner);
		CV_END;
	}
	ast_str_append(out, 0, "%d %u %s %s", on != 0, limit, title, owner);
	ast_free(owner);
	ast_config_destroy(cfg);
}

static int run(struct ast_channel *chan, const char *data)
{
	static const struct { const char *name; void (*act)(struct ast_str **out, char *text); } acts[] = {
		{ "show", show }, { "unchanged", unchanged }, { "nocache", nocache }, { "names", names }, { "ask", ask },
		{ "change", change }, { "lists", lists }, { "nulls", nulls }, { "parse", parse }, { "settings", settings },
	};
	struct ast_str *out = ast_str_create(64);
	char *text = ast_strdupa(data), *name = strsep(&text, " ");
	size_t i;

	for (i = 0; i < ARRAY_LEN(acts); i++) {
		if (!strcmp(acts[i].name, name)) {
			acts[i].act(&out, S_OR(text, ""));
		}
	}
	pbx_builtin_setvar_helper(chan, "TOLD", ast_str_buffer(out));
	ast_free(out);
	return 0;
}
static int unload_module(void) { return ast_unregister_application("Try"); }
static int load_module(void) { return ast_register_application("Try", run, NULL, NULL); }
"""


@pytest.fixture(scope="session")
def built(compile_into, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return compile_into(tmp_path_factory.mktemp("config"), "res_tryconfig", HEAD + SOURCE + FOOT)


Told = Callable[[str], str]


@pytest.fixture
def told(core: Core, built: Path):
    """What the module tells about one request."""
    module = open_module(built)
    assert module.load() == 0

    def ask(request: str) -> str:
        functions.execute(core, None, "Try", request)
        return core.globals["TOLD"]

    yield ask
    core.forget_module("res_tryconfig")
    module.close()


@pytest.fixture
def etc(core: Core) -> Path:
    directory = Path(core.settings.directories.astetcdir)
    directory.mkdir(parents=True)
    return directory


def put(file: Path, text: str) -> None:
    file.write_text(textwrap.dedent(text))


def test_a_file_is_read_with_its_includes_templates_and_places(told: Told, etc: Path, log: list[str]):
    put(
        etc / "x.conf",
        """\
        [general]
        a = 1 ; a comment
        #include "more.conf"
        [base](!)
        color => red
        [child](base)
        size = 9
        """,
    )
    put(etc / "more.conf", "b = Grüße\n[extra]\nc=\n")
    assert told("show x.conf") == (
        "read [general]:a=1@2;b=Grüße@1;[extra]:c=@3;[base]!:color=>red@5;[child]base:^color=>red@5;size=9@7;"
    )
    assert log == []


def test_a_file_that_is_not_there_is_missing_without_a_word(told: Told, etc: Path, log: list[str]):
    assert (told("show nosuch.conf"), told("show /nosuch/x.conf"), log) == ("missing ", "missing ", [])


def test_a_file_with_faults_is_invalid_and_every_fault_is_logged(told: Told, etc: Path, log: list[str]):
    put(etc / "x.conf", "a = 1\n[one](nosuch)\n[two\n")
    assert told("show x.conf") == "invalid "
    assert [line.partition("x.conf:")[2].partition("\n")[0] for line in log] == [
        "1:1: a line before the first section",
        "2:7: the section 'nosuch' to inherit from does not exist",
        "3:5: expected ']' after the section's name",
    ]


def test_a_file_is_unchanged_until_one_of_its_files_changes(told: Told, etc: Path):
    put(etc / "x.conf", '[a]\nb = 1\n#tryinclude "d/*.conf"\n')
    (etc / "d").mkdir()
    assert [told("unchanged x.conf") for _ in range(3)] == ["read", "unchanged", "unchanged"]
    put(etc / "d" / "new.conf", "c = 2\n")
    assert [told("unchanged x.conf") for _ in range(2)] == ["read", "unchanged"]
    os.utime(etc / "d" / "new.conf", ns=(1, 1))
    assert [told("unchanged x.conf") for _ in range(2)] == ["read", "unchanged"]
    put(etc / "x.conf", "broken\n")
    assert [told("unchanged x.conf") for _ in range(2)] == ["invalid", "invalid"]
    (etc / "x.conf").unlink()
    assert told("unchanged x.conf") == "missing"
    put(etc / "x.conf", "[a]\n")
    assert [told("unchanged x.conf") for _ in range(2)] == ["read", "unchanged"]


def test_nothing_is_remembered_when_that_was_asked(told: Told, etc: Path):
    put(etc / "x.conf", "[a]\n")
    assert [told(f"{how} x.conf") for how in ("nocache", "nocache", "unchanged", "unchanged")] == [
        "read",
        "read",
        "read",
        "unchanged",
    ]


def test_a_program_in_a_file_may_say_something_else_every_time(told: Told, etc: Path, core: Core):
    put(etc / "x.conf", "[a]\n#exec echo b=1\n")
    core.settings = core.settings._replace(options=core.settings.options._replace(execincludes=True))
    assert [told("unchanged x.conf") for _ in range(2)] == ["read", "read"]


def test_categories_are_browsed_in_order_and_each_of_one_name_has_its_turn(told: Told, etc: Path):
    long = "n" * 300
    put(etc / "x.conf", f"[one]\na=1\n[t](!)\n[two]\n[One]\na=3\n[{long}]\na=4\n")
    assert told("names x.conf") == f"one(1) two(-) One(3) {long}(4) after ONE: two"


def test_variables_are_looked_up_by_name_last_first_and_through_filters(told: Told, etc: Path):
    put(
        etc / "x.conf",
        """\
        [general]
        only = general
        [base](!)
        color = red
        [child](base)
        color = blue
        size = 9
        """,
    )
    assert told("ask x.conf").split() == [
        *("blue", "9", "-", "9", "-", "general"),
        *("red", "red", "-", "red", "blue", "yes", "no", "general"),
    ]


def test_a_filter_that_is_no_expression_is_told(told: Told, etc: Path, log: list[str]):
    put(etc / "x.conf", "[general]\nonly=1\n[child]\nsize=9\n")
    told("ask x.conf")
    assert log == ["ERROR the filter '(' is not a regular expression: Unmatched ( or \\("]


def test_configs_are_changed_in_memory(told: Told, etc: Path):
    put(etc / "x.conf", "[one]\na=1\nb=2\nb=3\n[two]\nc=4\n[three]\nd=5\n")
    assert told("change x.conf") == (
        "0-10-10-1 zzz "
        "[zzz]!made:^first=0@0;^m=1@0;^end=9@0;^after=9@0;"
        "[three]:d=5@8;"
        "[renamed]:A=>new@2;"
        "[made]:first=0@0;m=1@0;end=9@0; 1"
    )


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("", "|-1-1|"),
        ("b=1;a=2", "b=1@0;a=2@0;|00|0:'S', b:'1'"),
        ("b=1;a=2;a=3;c=4", "b=1@0;a=2@0;a=3@0;c=4@0;|00|0:'S', a:'2', b:'1', c:'4'"),
        (" a = x y ; c ; b='q' ", "a=x y@0;c=@0;b='q'@0;|00|0:'S', b:''q'', c:''"),
        ('a="1;2=3";b=4=5', "a=1;2=3@0;b=4@0;|00|0:'S', b:'4'"),
        ("=1", "=1@0;|-10|0:'S'"),
    ],
)
def test_lists_are_read_from_text_sorted_replaced_and_joined(text: str, answer: str, told: Told):
    assert told(f"lists {text}") == answer


def test_null_and_status_values_are_an_empty_config(told: Told, log: list[str]):
    assert told("nulls") == "1" * 13
    assert log == [
        "ERROR ast_config_load: the name of a configuration file is NULL",
        "ERROR cannot create a variable: the name, the value or the file is NULL",
    ]


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("8", "0:8 0:8 0:8 0:8 0:8000"),
        ("2", "0:2 0:2 1:7 0:2 0:2000"),
        ("-3", "0:-3 1:0 1:7 0:-3 0:-3000"),
        ("99", "0:99 1:10 0:99 0:99 0:99000"),
        ("0x10", "0:16 1:10 0:16 0:16 0:16000"),
        ("1.5m", "1:7 1:5 1:7 1:-1 0:90000"),
        ("200 MS", "1:7 1:5 1:7 1:-1 0:200"),
        ("9999999999", "1:7 1:5 1:7 0:1e+10 0:2147483647"),
        ("99999999999999999999h", "1:7 1:5 1:7 1:-1 0:2147483647"),
        ("5x", "1:7 1:5 1:7 1:-1 1:7"),
        ("nan", "1:7 1:5 1:7 1:-1 1:7"),
        ("", "1:7 1:5 1:7 1:-1 1:7"),
    ],
)
def test_values_are_read_strictly_within_their_range(text: str, answer: str, told: Told):
    assert told(f"parse {text}") == answer


def test_the_macros_sort_a_section_into_variables_and_cut_what_is_too_long(told: Told, etc: Path):
    put(etc / "x.conf", "[general]\nENABLED = yes\nlimit = 12\ntitle = a title too long\nowner = me\nowner = you\n")
    assert told("settings x.conf") == "1 12 a title you"
