"""Configuration out of databases (asterisk/config.h), addresses of names (netsock2.h), and small helpers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from native_support import FOOT, HEAD

from runtime.core.core import Core
from runtime.model.emulated_channel import Channel
from runtime.modules.module_opening import SharedModule, open_module

ENGINES = r"""
#include "asterisk/abstract_jb.h"
#include "asterisk/chanvars.h"
#include "asterisk/config.h"
#include "asterisk/netsock2.h"
#define LAST ((char *) NULL)	/* SENTINEL */
static char told[400];
static void tell(const char *engine, const char *what, const char *database, const char *table,
	const struct ast_variable *fields)
{
	snprintf(told + strlen(told), sizeof(told) - strlen(told), "%s.%s(%s,%s", engine, what, database, table);
	for (; fields; fields = fields->next) {
		snprintf(told + strlen(told), sizeof(told) - strlen(told), ",%s=%s", fields->name, fields->value);
	}
	strcat(told, ") ");
}
static struct ast_variable *one(const char *database, const char *table, const struct ast_variable *fields)
{
	struct ast_variable *record = NULL;

	tell("first", "one", database, table, fields);
	if (!strcmp(fields->value, "gone")) {
		return CONFIG_RT_NOT_FOUND;
	}
	if (!strcmp(fields->value, "ann")) {
		ast_variable_list_append(&record, ast_variable_new("name", "ann", ""));
		ast_variable_list_append(&record, ast_variable_new("empty", "", ""));
		ast_variable_list_append(&record, ast_variable_new("blank", " ", ""));
	}
	return record;
}
static struct ast_variable *other(const char *database, const char *table, const struct ast_variable *fields)
{
	tell("second", "one", database, table, fields);
	return ast_variable_new("name", "other", "");
}
static struct ast_config *many(const char *database, const char *table, const struct ast_variable *fields)
{
	struct ast_config *records = ast_config_new();

	tell("first", "many", database, table, fields);
	if (strcmp(fields->value, "none")) {
		ast_category_append(records, ast_category_new("a", "", 0));
		ast_category_append(records, ast_category_new("b", "", 0));
	}
	return records;
}
static int update(const char *database, const char *table, const char *keyfield, const char *entity,
	const struct ast_variable *fields)
{
	tell("first", keyfield, database, entity, fields);
	return 2;
}
static int update2(const char *database, const char *table, const struct ast_variable *lookup,
	const struct ast_variable *changes)
{
	tell("first", "lookup", database, table, lookup);
	tell("first", "change", database, table, changes);
	return 0;
}
static int store(const char *database, const char *table, const struct ast_variable *fields)
{
	tell("first", "store", database, table, fields);
	return 1;
}
static int require(const char *database, const char *table, va_list ap)
{
	const char *name = va_arg(ap, const char *);

	tell("first", name, database, table, NULL);
	return 0;
}
static struct ast_config *load(const char *database, const char *table, const char *file, struct ast_config *cfg,
	struct ast_flags flags, const char *suggested, const char *who)
{
	tell("first", who, database, file, NULL);
	ast_category_append(cfg, ast_category_new("loaded", "", 0));
	return cfg;
}
static struct ast_config_engine first = {
	.name = "first", .load_func = load, .realtime_func = one, .realtime_multi_func = many, .update_func = update,
	.update2_func = update2, .store_func = store, .destroy_func = update, .require_func = require,
};
static struct ast_config_engine second = { .name = "second", .realtime_func = other };
static void show(char *buf, size_t len, struct ast_variable *record)
{
	const struct ast_variable *var;

	for (var = record; var; var = var->next) {
		snprintf(buf + strlen(buf), len - strlen(buf), "%s=%s;", var->name, var->value);
	}
	ast_variables_destroy(record);
}
static void resolve(char *buf, size_t len, const char *name)
{
	struct ast_sockaddr *addrs, first_one, mask;
	int count = ast_sockaddr_resolve(&addrs, name, 0, AF_INET);

	snprintf(buf, len, "%d", count > 0);
	if (count && !ast_sockaddr_resolve_first_af(&first_one, name, 0, AF_INET)) {
		ast_sockaddr_parse(&mask, "255.0.0.0", 0);
		ast_sockaddr_apply_netmask(&first_one, &mask, &addrs[0]);
		snprintf(buf + 1, len - 1, " %s", ast_sockaddr_stringify(&first_one));
		snprintf(buf + strlen(buf), len - strlen(buf), " %s", ast_sockaddr_stringify_addr(&addrs[0]));
	}
	ast_free(addrs);
}
/* A packet from one socket of this machine to another. */
static void packet(char *buf, size_t len)
{
	int from = socket(AF_INET, SOCK_DGRAM, 0), to = socket(AF_INET, SOCK_DGRAM, 0);
	struct ast_sockaddr address, sender;
	struct sockaddr_in sin;
	char room[8] = "";

	ast_sockaddr_parse(&address, "127.0.0.1:0", 0);
	snprintf(buf, len, "%d", ast_bind(to, &address) || ast_bind(from, &address) || ast_getsockname(to, &address)
		|| ast_set_qos(from, 0x20, 0, "a test"));
	ast_sendto(from, "hello", 6, 0, &address);
	ast_recvfrom(to, room, sizeof(room), 0, &sender);
	ast_getsockname(from, &address);
	snprintf(buf + 1, len - 1, " %s %d %d", room, ast_sockaddr_cmp(&sender, &address),
		ast_sockaddr_to_sin(&sender, &sin) == sizeof(sin));
	ast_sockaddr_from_sin(&address, &sin);
	snprintf(buf + strlen(buf), len - strlen(buf), " %d", ast_sockaddr_cmp(&sender, &address));
	close(from);
	close(to);
}
static int answer(struct ast_channel *chan, const char *cmd, char *data, char *buf, size_t len)
{
	struct ast_config *records = NULL;
	struct ast_flags none = { 0 };
	char chunk[40];
	AST_DECLARE_APP_ARGS(args, AST_APP_ARG(verb); AST_APP_ARG(what););

	AST_STANDARD_APP_ARGS(args, data);
	buf[0] = told[0] = '\0';
	if (!strcmp(args.verb, "one")) {
		show(buf, len, ast_load_realtime("people", "name", args.what, "kind", "x", LAST));
	} else if (!strcmp(args.verb, "all")) {
		show(buf, len, ast_load_realtime_all("people", "name", args.what, LAST));
	} else if (!strcmp(args.verb, "many")) {
		records = ast_load_realtime_multientry("people", "name", args.what, LAST);
		snprintf(buf, len, "%s", records ? ast_category_browse(records, ast_category_browse(records, NULL)) : "NULL");
	} else if (!strcmp(args.verb, "write")) {
		snprintf(buf, len, "%d %d %d %d %d %d", ast_update_realtime("people", "key", "id", "a", "1", LAST),
			ast_update2_realtime("people", "k", "v", LAST, "a", "1", "b", "2", LAST),
			ast_store_realtime("people", "a", "1", LAST), ast_destroy_realtime("people", "end", "id", LAST),
			ast_realtime_require_field("people", "column", 1, 2, LAST), ast_unload_realtime("people"));
	} else if (!strcmp(args.verb, "file")) {
		records = ast_config_load("people.conf", none);
		snprintf(buf, len, "%s", records ? ast_category_browse(records, NULL) : "NULL");
	} else if (!strcmp(args.verb, "known")) {
		snprintf(buf, len, "%d %d %d", ast_realtime_enabled(), ast_realtime_is_mapping_defined(args.what),
			ast_check_realtime(args.what));
	} else if (!strcmp(args.verb, "refusals")) {
		snprintf(buf, len, "%d %d %d %d %d %d", ast_config_engine_register(NULL), ast_check_realtime(NULL),
			ast_load_realtime(NULL, "a", "b", LAST) == NULL, ast_load_realtime("people", LAST) == NULL,
			ast_store_realtime("nobody", "a", "b", LAST), ast_realtime_append_mapping(NULL, "a", "b", "c", 1));
	} else if (!strcmp(args.verb, "chunk")) {
		struct ast_str *text = ast_str_create(8);

		ast_copy_string(chunk, ast_realtime_encode_chunk(&text, 0, "a;b^c"), sizeof(chunk));
		snprintf(buf, len, "%s ", chunk);
		snprintf(buf + strlen(buf), len - strlen(buf), "%s", ast_realtime_decode_chunk(chunk));
		ast_free(text);
	} else if (!strcmp(args.verb, "resolve")) {
		resolve(buf, len, args.what);
	} else if (!strcmp(args.verb, "packet")) {
		packet(buf, len);
	} else if (!strcmp(args.verb, "small")) {
		snprintf(buf, len, "%d%d%d%d %d %d%d%d", ast_uri_verify_encoded("a%20b"), ast_uri_verify_encoded("a%2"),
			ast_uri_verify_encoded("a b"), ast_uri_verify_encoded(NULL), htonll(ntohll(5)) == 5,
			ast_safe_mkdir(args.what, "new/deep", 0700), ast_safe_mkdir(args.what, "../out", 0700) == EPERM,
			ast_safe_mkdir(args.what, "link/out", 0700) == EPERM);
	} else if (!strcmp(args.verb, "jitter")) {
		struct ast_jb_conf conf = { 0, 1, 2, "", 3 };
		int taken = ast_jb_read_conf(&conf, "jbenable", "yes") || ast_jb_read_conf(&conf, "JBmaxsize", "200")
			|| ast_jb_read_conf(&conf, "jbresyncthreshold", "-1") || ast_jb_read_conf(&conf, "jbimpl", "adaptive")
			|| ast_jb_read_conf(&conf, "jbtargetextra", "x") || ast_jb_read_conf(&conf, "jblog", "no");

		snprintf(buf, len, "%d %d%d%d %u %ld %ld %s %ld", taken, ast_jb_read_conf(&conf, "keepalive", "1"),
			ast_jb_read_conf(&conf, "jbnothing", "1"), ast_jb_read_conf(&conf, NULL, NULL), conf.flags, conf.max_size,
			conf.resync_threshold, conf.impl, conf.target_extra);
	} else if (!strcmp(args.verb, "variables")) {
		struct varshead *list = ast_var_list_create(), *copy;

		AST_VAR_LIST_INSERT_TAIL(list, ast_var_assign("__a", "1"));
		AST_VAR_LIST_INSERT_HEAD(list, ast_var_assign("b", "2"));
		AST_VAR_LIST_INSERT_HEAD(list, NULL);
		copy = ast_var_list_clone(list);
		ast_var_list_destroy(list);
		ast_var_list_destroy(NULL);
		snprintf(buf, len, "%s%s%s %d", ast_var_find(copy, "a"), ast_var_find(copy, "b"), S_OR(ast_var_find(copy,
			"c"), "-"),
			ast_var_list_clone(NULL) == NULL && ast_var_find(NULL, "a") == NULL && ast_var_find(copy, NULL) == NULL);
		ast_var_list_destroy(copy);
	} else if (!strcmp(args.verb, "channels")) {
		char *found = ast_complete_channels("", args.what, 2, 1, 2);

		snprintf(buf, len, "%s %d", S_OR(found, "NULL"), ast_complete_channels("", "", 1, 0, 2) == NULL);
		ast_free(found);
	}
	ast_config_destroy(records);
	snprintf(buf + strlen(buf), len - strlen(buf), "|%s", told);
	return 0;
}
static struct ast_custom_function function = { .name = "ASK", .read = answer };
static int unload_module(void)
{
	ast_config_engine_deregister(&first);
	ast_config_engine_deregister(&first);
	ast_config_engine_deregister(&second);
	return ast_custom_function_unregister(&function);
}
static int load_module(void)
{
	if (!ast_config_engine_register(&first) || !ast_config_engine_register(&second)) {
		return AST_MODULE_LOAD_DECLINE;
	}
	return ast_custom_function_register(&function);
}
"""
EXTCONFIG = """\
[settings]
people => first,db,persons
people => second,db2,,2
people.conf => first,files
lost => nowhere,db
bad => first
"""


@pytest.fixture(scope="module")
def engines_file(compile_into, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The module, compiled once for all tests."""
    flags = ("-Wno-unused-parameter", "-Wno-override-init")
    return compile_into(tmp_path_factory.mktemp("engines"), "res_engines", HEAD + ENGINES + FOOT, *flags)


@pytest.fixture
def asked(core: Core, engines_file: Path) -> Iterator[Callable[[str], str]]:
    """Ask the module: VERB,WHAT; its answer, and behind | what its engines were asked."""
    etc = Path(core.settings.directories.astetcdir)
    etc.mkdir(exist_ok=True)
    (etc / "extconfig.conf").write_text(EXTCONFIG)
    module = open_module(engines_file)
    assert isinstance(module, SharedModule)
    assert module.load() == 0
    yield lambda words: core.functions.find("ASK").read(None, words)
    assert module.unload() == 0
    core.forget_module("res_engines")
    module.close()


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("one,ann", "name=ann;blank=;|first.one(db,persons,name=ann,kind=x) "),
        ("all,ann", "name=ann;empty=;blank= ;|first.one(db,persons,name=ann) "),
        ("all,bob", "name=other;|first.one(db,persons,name=bob) second.one(db2,people,name=bob) "),
        ("all,gone", "|first.one(db,persons,name=gone) "),
        ("many,x", "b|first.many(db,persons,name=x) "),
        ("many,none", "NULL|first.many(db,persons,name=none) "),
        ("file", "loaded|first.res_engines(files,people.conf) "),
        ("known,people", "1 1 1|"),
        ("known,lost", "1 1 0|"),
        ("known,bad", "1 0 0|"),
        ("refusals", "0 0 1 1 -1 -1|"),
        ("chunk", "a^3Bb^5Ec a;b^c|"),
        (
            "write",
            "2 0 1 2 0 -1|first.column(db,persons) first.end(db,id) first.store(db,persons,a=1) "
            "first.lookup(db,persons,k=v) first.change(db,persons,a=1,b=2) first.key(db,id,a=1) ",
        ),
    ],
)
def test_engines_answer_for_the_families_of_extconfig(asked, words: str, answer: str):
    told = asked(words)
    if words != "write":  # C evaluates arguments in any order
        assert told == answer
    else:
        assert sorted(told.replace("|", "| ").split(" ")) == sorted(answer.replace("|", "| ").split(" "))


def test_a_changed_extconfig_is_read_again_and_its_faults_are_told(core: Core, asked, log: list[str]):
    conf = Path(core.settings.directories.astetcdir, "extconfig.conf")
    assert asked("known,people") == "1 1 1|"
    assert log == [f"WARNING {conf}:6: 'bad => first' is not FAMILY => ENGINE,DATABASE[,TABLE[,PRIORITY]]"]
    conf.write_text("[settings]\nlost => first,db,t,0\n")
    assert [asked(f"known,{family}") for family in ("people", "lost")] == ["1 0 0|", "1 0 0|"]
    conf.unlink()
    assert asked("known,people") == "1 0 0|"


def test_names_are_resolved_and_sockets_take_addresses(asked, log: list[str]):
    assert asked("resolve,127.0.0.1:5060") == "1 127.0.0.1:5060 127.0.0.0|"
    assert asked("resolve,127.0.0.1:many") == "0|"
    assert asked("packet") == "0 hello 0 1 0|"


def test_small_helpers_keep_within_their_directory(asked, tmp_path: Path):
    room = tmp_path / "room"
    room.mkdir()
    (room / "link").symlink_to(tmp_path)
    assert asked(f"small,{room}") == "1000 1 011|"
    assert (room / "new" / "deep").is_dir()
    assert not (tmp_path / "out").exists()


def test_lines_of_jitter_buffers_and_lists_of_variables_are_taken(asked):
    assert asked("jitter") == "0 -1-1-1 1 200 2 adaptive 3|"
    assert asked("variables") == "12- 1|"


def test_names_of_channels_are_completed(core: Core, asked):
    channels = [Channel(name=f"Test/{letter}") for letter in "ab"]
    for channel in channels:
        core.channels.add(channel)
    assert asked("channels,test/") == "Test/b 1|"
    assert asked("channels,x") == "NULL 1|"
