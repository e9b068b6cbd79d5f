/*
 * The functions DB, DB_EXISTS, DB_DELETE, DB_KEYS and DB_KEYCOUNT: the database, from the dialplan.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*** MODULEINFO
	<support_level>core</support_level>
 ***/

#include "asterisk.h"

#include "asterisk/app.h"
#include "asterisk/astdb.h"
#include "asterisk/module.h"
#include "asterisk/pbx.h"
#include "asterisk/strings.h"

/* Splits FAMILY/KEY at the first slash: 0, or -1 when the text is not a key. */
static int split(const char *cmd, char *data, char **family, char **key)
{
	char *slash = data ? strchr(data, '/') : NULL;

	if (!slash) {
		ast_log(LOG_WARNING, "%s needs a family and a key: %s(family/key)\n", cmd, cmd);
		return -1;
	}
	*slash = '\0';
	*family = data;
	*key = slash + 1;
	return 0;
}

/* Reads a key and sets DB_RESULT: whether the key exists.  Then *value is its value, for ast_free. */
static int fetch(struct ast_channel *chan, const char *family, const char *key, char **value)
{
	if (ast_db_get_allocated(family, key, value)) {
		return 0;
	}
	pbx_builtin_setvar_helper(chan, "DB_RESULT", *value);
	return 1;
}

static int db_read(struct ast_channel *chan, const char *cmd, char *data, struct ast_str **str, ssize_t len)
{
	char *family, *key, *value;

	if (split(cmd, data, &family, &key)) {
		return -1;
	}
	if (fetch(chan, family, key, &value)) {
		ast_str_set(str, len, "%s", value);
		ast_free(value);
	}
	return 0;
}

static int is_odd(const char *key)
{
	return ast_strlen_zero(key) || key[0] == '/' || key[strlen(key) - 1] == '/' || strstr(key, "//");
}

static int db_write(struct ast_channel *chan attribute_unused, const char *cmd, char *data, const char *value)
{
	char *family, *key;

	if (split(cmd, data, &family, &key)) {
		return -1;
	}
	if (is_odd(key)) {
		ast_log(LOG_WARNING, "%s: a part of the key '%s' is empty; check that its variables are set\n", cmd, key);
	}
	return ast_db_put(family, key, value);
}

static int exists_read(struct ast_channel *chan, const char *cmd, char *data, char *buf, size_t len)
{
	char *family, *key, *value;
	int found;

	if (split(cmd, data, &family, &key)) {
		return -1;
	}
	found = fetch(chan, family, key, &value);
	ast_free(value);
	snprintf(buf, len, "%d", found);
	return 0;
}

static int delete_read(struct ast_channel *chan, const char *cmd, char *data, struct ast_str **str, ssize_t len)
{
	char *family, *key, *value;

	if (split(cmd, data, &family, &key)) {
		return -1;
	}
	if (!fetch(chan, family, key, &value)) {
		pbx_builtin_setvar_helper(chan, "DB_RESULT", "");
		return 0;
	}
	ast_str_set(str, len, "%s", value);
	ast_free(value);
	return ast_db_del(family, key);
}

static int delete_write(struct ast_channel *chan, const char *cmd, char *data, const char *value attribute_unused)
{
	struct ast_str *ignored = ast_str_create(16);
	int result = ignored ? delete_read(chan, cmd, data, &ignored, 0) : -1;

	ast_free(ignored);
	return result;
}

/* Calls each with the next part of every key below a place ("", "family" or "family/part"), once for each part. */
static void each_part(char *place, void (*each)(void *data, const char *part), void *data)
{
	struct ast_db_entry *entries, *entry;
	const char *last = "";
	size_t length;

	place += strspn(place, "/");
	for (length = strlen(place); length && place[length - 1] == '/'; length--) {
		place[length - 1] = '\0';
	}
	entries = ast_db_gettree(place, NULL);
	for (entry = entries; entry; entry = entry->next) {
		char *part = entry->key + length + (length ? 1 : 0), *rest;

		if (*part != '/') {
			continue;	/* The prefix itself is a key too. */
		}
		rest = ++part;
		strsep(&rest, "/");
		/* "a" and "a/b" are not always adjacent: "a-b" is between them. */
		if (strcmp(last, part) && !(rest && length && ast_db_exists(place, part))) {
			each(data, part);
		}
		last = part;
	}
	ast_db_freetree(entries);
}

struct list {
	struct ast_str **str;
	ssize_t len;
	int count;
};

static void append_part(void *data, const char *part)
{
	struct list *list = data;

	if (list->count++) {
		ast_str_append(list->str, list->len, ",");
	}
	ast_str_append_escapecommas(list->str, list->len, part, strlen(part));
}

static int keys_read(struct ast_channel *chan attribute_unused, const char *cmd attribute_unused, char *data,
	struct ast_str **str, ssize_t len)
{
	struct list list = { str, len, 0 };

	each_part(data, append_part, &list);
	return 0;
}

static void count_part(void *data, const char *part attribute_unused)
{
	++*(int *) data;
}

static int keycount_read(struct ast_channel *chan attribute_unused, const char *cmd attribute_unused, char *data,
	char *buf, size_t len)
{
	int count = 0;

	each_part(data, count_part, &count);
	snprintf(buf, len, "%d", count);
	return 0;
}

#define KEY "family - the family\nkey - the key; it may have parts, separated by slashes"
#define PLACE "prefix - a family, or a family and parts of keys, separated by slashes;\n\tif omitted, all families"

static struct ast_custom_function db_function = {
	.name = "DB",
	.synopsis = "Reads or sets a value of the database.",
	.syntax = "DB(family/key)",
	.arguments = KEY,
	.desc = "Gives the stored value of a key; empty when the key does not exist.\nReading a key also sets DB_RESULT.",
	.seealso = "DB_EXISTS, DB_DELETE, DB_KEYS",
	.read2 = db_read,
	.write = db_write,
};
static struct ast_custom_function exists_function = {
	.name = "DB_EXISTS",
	.synopsis = "Tells whether a key exists in the database.",
	.syntax = "DB_EXISTS(family/key)",
	.arguments = KEY,
	.desc = "Gives 1 or 0. If the key exists, DB_RESULT is set to its value.",
	.seealso = "DB",
	.read = exists_read,
	.read_max = 2,
};
static struct ast_custom_function delete_function = {
	.name = "DB_DELETE",
	.synopsis = "Reads a value of the database and deletes it.",
	.syntax = "DB_DELETE(family/key)",
	.arguments = KEY,
	.desc = "Gives the value, and sets DB_RESULT to it.\nWriting any value to the function deletes the key too.",
	.seealso = "DB",
	.read2 = delete_read,
	.write = delete_write,
};
static struct ast_custom_function keys_function = {
	.name = "DB_KEYS",
	.synopsis = "Lists keys of the database.",
	.syntax = "DB_KEYS([prefix])",
	.arguments = PLACE,
	.desc = "Gives a comma-separated list of the entries directly below the prefix:\nfamilies, keys or the next parts of keys.",
	.seealso = "DB_KEYCOUNT, DB",
	.read2 = keys_read,
};
static struct ast_custom_function keycount_function = {
	.name = "DB_KEYCOUNT",
	.synopsis = "Counts keys of the database.",
	.syntax = "DB_KEYCOUNT([prefix])",
	.arguments = PLACE,
	.desc = "Gives the number of entries that DB_KEYS lists.",
	.seealso = "DB_KEYS",
	.read = keycount_read,
	.read_max = 12,
};

static int unload_module(void)
{
	return ast_custom_function_unregister(&db_function) | ast_custom_function_unregister(&exists_function)
		| ast_custom_function_unregister(&delete_function) | ast_custom_function_unregister(&keys_function)
		| ast_custom_function_unregister(&keycount_function);
}

static int load_module(void)
{
	if (ast_custom_function_register_escalating(&db_function, AST_CFE_BOTH)
		|| ast_custom_function_register(&exists_function)
		|| ast_custom_function_register_escalating(&delete_function, AST_CFE_READ)
		|| ast_custom_function_register(&keys_function)
		|| ast_custom_function_register(&keycount_function)) {
		unload_module();
		return AST_MODULE_LOAD_DECLINE;
	}
	return AST_MODULE_LOAD_SUCCESS;
}

AST_MODULE_INFO_STANDARD(ASTERISK_GPL_KEY, "Database dialplan functions");
