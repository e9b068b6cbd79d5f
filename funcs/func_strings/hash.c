/*
 * HASH, HASHKEYS and ClearHash: values by key, each stored in a variable named ~HASH~NAME~KEY~ of the channel.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "func_strings.h"

#include "asterisk/channel.h"
#include "asterisk/utils.h"

#define PREFIX "~HASH~"
#define FIELDS "~ODBCFIELDS~"	/* The keys of the last values of HASH(name); func_odbc sets the variable too. */
#define MOST_FIELDS 100

/* The variable of a key, to be freed with ast_free; a leading '_' of the hash becomes one of the variable. */
static struct ast_str *variable_of(const char *hash, const char *key)
{
	size_t inherits = MIN(strspn(hash, "_"), INHERITANCE);
	struct ast_str *name = ast_str_create(64);

	if (name) {
		ast_str_set(&name, 0, "%.*s" PREFIX "%s~%s~", (int) inherits, hash, hash + inherits, key);
	}
	return name;
}

static void set(struct ast_channel *chan, const char *hash, const char *key, const char *value)
{
	struct ast_str *name = variable_of(hash, key);

	if (name) {
		pbx_builtin_setvar_helper(chan, ast_str_buffer(name), value);
	}
	ast_free(name);
}

/* The key of a variable, and its length; NULL when the variable does not belong to the hash. */
static const char *key_of(const struct ast_var_t *variable, const char *hash, size_t *length)
{
	const char *name = ast_var_name(variable);
	size_t prefix = sizeof(PREFIX) - 1 + strlen(hash) + 1, whole = strlen(name);

	if (whole < prefix + 1 || !ast_begins_with(name, PREFIX) || strncmp(name + sizeof(PREFIX) - 1, hash, strlen(hash))
		|| name[prefix - 1] != '~' || name[whole - 1] != '~') {
		return NULL;
	}
	*length = whole - prefix - 1;
	return name + prefix;
}

/* Appends the keys of a hash, the newest first, separated by commas. */
static void append_keys(struct ast_channel *chan, const char *hash, struct ast_str **str, ssize_t len)
{
	struct ast_var_t *variable;
	const char *separator = "", *key;
	size_t length;

	ast_channel_lock(chan);
	AST_LIST_TRAVERSE(ast_channel_varshead(chan), variable, entries) {
		key = key_of(variable, hash, &length);
		if (key) {
			ast_str_append(str, len, "%s", separator);
			ast_str_append_substr(str, len, key, length);
			separator = ",";
		}
	}
	ast_channel_unlock(chan);
}

static int hashkeys_read(struct ast_channel *chan, const char *cmd, char *data, struct ast_str **str, ssize_t len)
{
	if (!chan || ast_strlen_zero(data)) {
		ast_log(LOG_WARNING, "%s needs %s: %s(name)\n", cmd, chan ? "the name of a hash" : "a channel", cmd);
		return -1;
	}
	ast_str_reset(*str);
	append_keys(chan, data, str, len);
	return 0;
}

static void append_value(struct ast_channel *chan, const char *hash, const char *key, struct ast_str **str, ssize_t len)
{
	struct ast_str *name = variable_of(hash, key);
	const char *value = name ? pbx_builtin_getvar_helper(chan, ast_str_buffer(name)) : NULL;

	ast_str_append(str, len, "%s", S_OR(value, ""));
	ast_free(name);
}

/* Appends the values of a hash in the order of its keys, and stores the keys in a variable. */
static int append_values(struct ast_channel *chan, const char *hash, struct ast_str **str, ssize_t len)
{
	struct ast_str *keys = ast_str_create(64);
	const char *separator = "";
	char *rest, *key;

	if (!keys) {
		return -1;
	}
	append_keys(chan, hash, &keys, 0);
	pbx_builtin_setvar_helper(chan, FIELDS, ast_str_buffer(keys));
	rest = ast_str_strlen(keys) ? ast_str_buffer(keys) : NULL;
	while ((key = strsep(&rest, ","))) {
		ast_str_append(str, len, "%s", separator);
		append_value(chan, hash, key, str, len);
		separator = ",";
	}
	ast_free(keys);
	return 0;
}

static int hash_read(struct ast_channel *chan, const char *cmd, char *data, struct ast_str **str, ssize_t len)
{
	AST_DECLARE_APP_ARGS(args,
		AST_APP_ARG(hash);
		AST_APP_ARG(key);
	);

	AST_STANDARD_APP_ARGS(args, data);
	if (ast_strlen_zero(args.hash) || (args.argc == 1 && !chan)) {
		ast_log(LOG_WARNING, "%s needs %s: %s(name[,key])\n", cmd,
			chan ? "the name of a hash" : "a name and a key when used without a channel", cmd);
		return -1;
	}
	ast_str_reset(*str);
	if (args.argc == 1) {
		return append_values(chan, args.hash, str, len);
	}
	append_value(chan, args.hash, args.key, str, len);
	return 0;
}

/* Sets the values of the keys that were read last. */
static int set_values(struct ast_channel *chan, const char *cmd, const char *hash, const char *value)
{
	const char *fields = pbx_builtin_getvar_helper(chan, FIELDS);
	char *keys = ast_strdupa(S_OR(fields, "")), *values = ast_strdupa(S_OR(value, ""));
	unsigned int i;
	AST_DECLARE_APP_ARGS(names,
		AST_APP_ARG(key)[MOST_FIELDS];
	);
	AST_DECLARE_APP_ARGS(texts,
		AST_APP_ARG(text)[MOST_FIELDS];
	);

	if (ast_strlen_zero(keys)) {
		ast_log(LOG_WARNING, "cannot set %s(%s) without a key: its keys have not been read yet\n", cmd, hash);
		return -1;
	}
	AST_STANDARD_APP_ARGS(names, keys);
	AST_STANDARD_APP_ARGS(texts, values);
	for (i = 0; i < names.argc; i++) {
		set(chan, hash, names.key[i], i < texts.argc ? texts.text[i] : "");
	}
	return 0;
}

static int hash_write(struct ast_channel *chan, const char *cmd, char *data, const char *value)
{
	AST_DECLARE_APP_ARGS(args,
		AST_APP_ARG(hash);
		AST_APP_ARG(key);
	);

	AST_STANDARD_APP_ARGS(args, data);
	if (ast_strlen_zero(args.hash)) {
		ast_log(LOG_WARNING, "%s needs the name of a hash: %s(name,key)\n", cmd, cmd);
		return -1;
	}
	if (args.argc == 1) {
		return set_values(chan, cmd, args.hash, value);
	}
	set(chan, args.hash, args.key, value);
	return 0;
}

int clearhash_exec(struct ast_channel *chan, const char *data)
{
	struct ast_str *keys = ast_str_create(64);
	char *rest, *key;

	if (!chan || ast_strlen_zero(data) || !keys) {
		ast_log(LOG_WARNING, "ClearHash needs the name of a hash: ClearHash(name)\n");
		ast_free(keys);
		return 0;
	}
	append_keys(chan, data, &keys, 0);
	rest = ast_str_strlen(keys) ? ast_str_buffer(keys) : NULL;
	while ((key = strsep(&rest, ","))) {
		set(chan, data, key, NULL);
	}
	ast_free(keys);
	return 0;
}

static struct ast_custom_function functions[] = {
	{
		.name = "HASH",
		.synopsis = "Keeps values under keys.",
		.syntax = "HASH(name[,key])",
		.arguments =
			"name - the name of the hash.\n"
			"key  - the key of the value; if omitted, all values are given and their keys are\n"
			"       kept in a variable, which a later write to HASH(name) uses.",
		.desc = "Can be read and written: Set(HASH(door,colour)=red). A key has no comma.",
		.seealso = "HASHKEYS(), ClearHash",
		.read2 = hash_read,
		.write = hash_write,
	},
	{
		.name = "HASHKEYS",
		.synopsis = "Lists the keys of a hash.",
		.syntax = "HASHKEYS(name)",
		.arguments = "name - the name of the hash.",
		.desc = "The keys are separated by commas, the newest first.",
		.seealso = "HASH(), ClearHash",
		.read2 = hashkeys_read,
	},
};

const struct function_table hash_table = { functions, ARRAY_LEN(functions) };
