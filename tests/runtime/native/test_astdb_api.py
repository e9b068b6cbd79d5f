"""What C modules call of the database (asterisk/astdb.h), and Python modules (runtime.api.astdb)."""

from __future__ import annotations

import pytest

from runtime.api import astdb
from runtime.core.core import Core
from runtime.dialplan import functions
from runtime.model.emulated_channel import Channel

MODULE = """
#include "asterisk/astdb.h"
static int get(struct ast_channel *chan, const char *cmd, char *data, struct ast_str **str, ssize_t len)
{
	char room[5] = "old", *whole = (char *) cmd;
	struct ast_db_entry *list, *entry;
	int result = ast_db_get("f", data, room, sizeof(room));

	(void) chan;
	ast_str_append(str, len, "%d %s %d", result, room, ast_db_get_allocated("f", data, &whole));
	ast_str_append(str, len, " %s %d", S_OR(whole, "-"), ast_db_exists("f", data));
	ast_free(whole);
	list = ast_db_gettree("f", NULL);
	for (entry = list; entry; entry = entry->next) {
		ast_str_append(str, len, " %s=%s", entry->key, entry->data);
	}
	ast_db_freetree(list);
	list = ast_db_gettree_by_prefix("f", "k");
	for (entry = list; entry; entry = entry->next) {
		ast_str_append(str, len, " p%s", entry->key);
	}
	ast_db_freetree(list);
	return 0;
}
static int put(struct ast_channel *chan, const char *cmd, char *data, const char *value)
{
	(void) chan;
	(void) cmd;
	switch (*data) {
	case '-':
		return ast_db_del2("f", data + 1);
	case '_':
		return ast_db_del("f", data + 1);
	case '*':
		return ast_db_deltree("f", NULL) != 2;
	case '0':
		return !(ast_db_put(NULL, "k", "v") == -1 && ast_db_put("f", NULL, "v") == -1
			&& ast_db_put("f", "k", NULL) == -1 && ast_db_get(NULL, NULL, NULL, 0) == -1
			&& ast_db_exists("f", NULL) == 0
			&& ast_db_del(NULL, "k") == -1 && ast_db_deltree(NULL, "k") == -1);
	default:
		return ast_db_put("f", data, value);
	}
}
static struct ast_custom_function both = { .name = "TRY", .read2 = get, .write = put };
static int unload_module(void) { return ast_custom_function_unregister(&both); }
static int load_module(void) { return ast_custom_function_register(&both); }
"""


@pytest.fixture
def module(opened):
    opened("func_try", MODULE, callbacks="").load()


def test_a_module_reads_lists_and_deletes_what_it_put(core: Core, module, log: list[str]):
    def read(key: str) -> str:
        return functions.read_function(core, Channel(), f"TRY({key})")

    functions.write_function(core, None, "TRY(k1)", "value one")
    functions.write_function(core, None, "TRY(x)", "")
    assert read("k1") == "0 valu 0 value one 1 /f/k1=value one /f/x= p/f/k1"
    assert read("none") == "-1  -1 - 0 /f/k1=value one /f/x= p/f/k1"
    functions.write_function(core, None, "TRY(_none)", "")
    functions.write_function(core, None, "TRY(*)", "")
    assert (read("k1"), log) == ("-1  -1 - 0", [])


def test_mistakes_are_named_and_change_nothing(core: Core, module, log: list[str]):
    functions.write_function(core, None, "TRY(0)", "")
    assert (core.database.tree(), log) == (
        [],
        [
            "ERROR ast_db_put: the family is NULL",
            "ERROR ast_db_put: the key is NULL",
            "ERROR ast_db_put: the value is NULL",
            "ERROR ast_db_get: the family is NULL",
            "ERROR ast_db_exists: the key is NULL",
            "ERROR ast_db_del: the family is NULL",
            "ERROR ast_db_deltree: the key tree 'k' is without a family",
        ],
    )


def test_a_database_that_cannot_be_used_is_told_and_gives_failures(core: Core, module, log: list[str]):
    core.database.path.mkdir(parents=True)
    assert functions.read_function(core, Channel(), "TRY(k)") == "-1  -1 - 0"
    fault = (
        f"WARNING {core.database.path}: the database cannot be opened: unable to open database file\n"
        "    see who may write into its directory"
    )
    assert log == [fault] * 5


def test_a_python_module_has_the_same(core: Core, native):
    astdb.put("f", "k", "v")
    assert (astdb.get("f", "k"), astdb.exists("f", "x"), astdb.tree("f")) == ("v", False, [("/f/k", "v")])
    assert (astdb.delete("f", "k"), astdb.delete("f", "k"), astdb.delete_tree("f")) == (True, False, 0)
