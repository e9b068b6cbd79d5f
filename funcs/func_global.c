/*
 * The functions GLOBAL, GLOBAL_EXISTS, GLOBAL_DELETE and SHARED: variables shared by channels.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*** MODULEINFO
	<support_level>core</support_level>
 ***/

#include "asterisk.h"

#include "asterisk/module.h"
#include "asterisk/app.h"
#include "asterisk/channel.h"
#include "asterisk/chanvars.h"
#include "asterisk/datastore.h"
#include "asterisk/pbx.h"
#include "asterisk/strings.h"

static int is_named(const char *cmd, const char *data)
{
	if (ast_strlen_zero(data)) {
		ast_log(LOG_WARNING, "%s needs a variable: %s(variable)\n", cmd, cmd);
		return 0;
	}
	return 1;
}

static int global_read(struct ast_channel *chan attribute_unused, const char *cmd, char *data, struct ast_str **str,
	ssize_t len)
{
	if (!is_named(cmd, data)) {
		return -1;
	}
	ast_str_set(str, len, "%s", S_OR(pbx_builtin_getvar_helper(NULL, data), ""));
	return 0;
}

static int global_write(struct ast_channel *chan attribute_unused, const char *cmd, char *data, const char *value)
{
	return is_named(cmd, data) ? pbx_builtin_setvar_helper(NULL, data, value) : -1;
}

static int global_exists_read(struct ast_channel *chan attribute_unused, const char *cmd, char *data, char *buf,
	size_t len)
{
	if (!is_named(cmd, data)) {
		return -1;
	}
	snprintf(buf, len, "%d", pbx_builtin_getvar_helper(NULL, data) != NULL);
	return 0;
}

static int global_delete_write(struct ast_channel *chan attribute_unused, const char *cmd, char *data,
	const char *value attribute_unused)
{
	return is_named(cmd, data) ? pbx_builtin_setvar_helper(NULL, data, NULL) : -1;
}

/* ---- SHARED ---- */

static void free_variables(void *data)
{
	struct varshead *variables = data;
	struct ast_var_t *var;

	while ((var = AST_LIST_REMOVE_HEAD(variables, entries))) {
		ast_var_delete(var);
	}
	ast_free(variables);
}

static const struct ast_datastore_info shared_info = {
	.type = "SHARED_VARIABLES",
	.destroy = free_variables,
};

/* The shared variables of a channel, which is locked; NULL when it has no shared variables, or out of memory. */
static struct varshead *shared_of(struct ast_channel *chan, int make)
{
	struct ast_datastore *datastore = ast_channel_datastore_find(chan, &shared_info, NULL);

	if (datastore || !make) {
		return datastore ? datastore->data : NULL;
	}
	datastore = ast_datastore_alloc(&shared_info, NULL);
	if (datastore) {
		datastore->data = ast_calloc(1, sizeof(struct varshead));
	}
	if (!datastore || !datastore->data) {
		ast_datastore_free(datastore);
		return NULL;
	}
	ast_channel_datastore_add(chan, datastore);
	return datastore->data;
}

/* A reference to a channel by name, or to the first channel whose name continues with '-'; or NULL, which is logged. */
static struct ast_channel *find_channel(const char *cmd, const char *name)
{
	struct ast_channel *chan = ast_channel_get_by_name(name);
	struct ast_str *prefix = chan ? NULL : ast_str_create(strlen(name) + 2);

	if (prefix) {
		ast_str_set(&prefix, 0, "%s-", name);
		chan = ast_channel_get_by_name_prefix(ast_str_buffer(prefix), ast_str_strlen(prefix));
		ast_free(prefix);
	}
	if (!chan) {
		ast_log(LOG_WARNING, "%s: no such channel '%s'\n", cmd, name);
	}
	return chan;
}

/* Splits "variable[,channel]", in place: a reference to the channel, or NULL, which is logged. */
static struct ast_channel *parse(struct ast_channel *chan, const char *cmd, char *data, const char **name)
{
	AST_DECLARE_APP_ARGS(args,
		AST_APP_ARG(name);
		AST_APP_ARG(channel);
	);

	if (!is_named(cmd, data)) {
		return NULL;
	}
	AST_STANDARD_APP_ARGS(args, data);
	*name = args.name;
	if (!ast_strlen_zero(args.channel)) {
		return find_channel(cmd, args.channel);
	}
	if (!chan) {
		ast_log(LOG_WARNING, "%s needs a channel: %s(variable,channel)\n", cmd, cmd);
		return NULL;
	}
	return ast_channel_ref(chan);
}

static int shared_read(struct ast_channel *chan, const char *cmd, char *data, struct ast_str **str, ssize_t len)
{
	struct varshead *variables;
	struct ast_var_t *var;
	const char *name;

	chan = parse(chan, cmd, data, &name);
	if (!chan) {
		return -1;
	}
	ast_str_reset(*str);
	ast_channel_lock(chan);
	variables = shared_of(chan, 0);
	if (variables) {
		AST_LIST_TRAVERSE(variables, var, entries) {
			if (!strcmp(name, ast_var_name(var))) {
				ast_str_set(str, len, "%s", ast_var_value(var));
				break;
			}
		}
	}
	ast_channel_unlock(chan);
	ast_channel_unref(chan);
	return 0;
}

/* Adds a variable to the list, in place of a variable of the same name: 0, or -1. */
static int put(struct varshead *variables, const char *name, const char *value)
{
	struct ast_var_t *added = ast_var_assign(name, value), *var;

	if (!added) {
		return -1;
	}
	AST_LIST_TRAVERSE_SAFE_BEGIN(variables, var, entries) {
		if (!strcmp(ast_var_name(added), ast_var_name(var))) {
			AST_LIST_REMOVE_CURRENT(entries);
			ast_var_delete(var);
			break;
		}
	}
	AST_LIST_TRAVERSE_SAFE_END;
	AST_LIST_INSERT_HEAD(variables, added, entries);
	return 0;
}

static int shared_write(struct ast_channel *chan, const char *cmd, char *data, const char *value)
{
	struct varshead *variables;
	const char *name;
	int result;

	chan = parse(chan, cmd, data, &name);
	if (!chan) {
		return -1;
	}
	ast_channel_lock(chan);
	variables = shared_of(chan, 1);
	result = variables ? put(variables, name, S_OR(value, "")) : -1;
	ast_channel_unlock(chan);
	ast_channel_unref(chan);
	return result;
}

static struct ast_custom_function functions[] = {
	{
		.name = "GLOBAL",
		.synopsis = "Reads or sets a global variable, which all channels share.",
		.syntax = "GLOBAL(variable)",
		.arguments = "variable - its name, without ${ }.",
		.desc = "Empty when the variable is not set. A channel variable hides a global variable.",
		.seealso = "GLOBAL_EXISTS(), SHARED()",
		.read2 = global_read,
		.write = global_write,
	},
	{
		.name = "GLOBAL_EXISTS",
		.synopsis = "Tells whether a global variable is set.",
		.syntax = "GLOBAL_EXISTS(variable)",
		.arguments = "variable - its name, without ${ }.",
		.desc = "Gives 1 when the variable is set, even to an empty value, otherwise 0.",
		.seealso = "GLOBAL(), VARIABLE_EXISTS()",
		.read = global_exists_read,
		.read_max = 2,
	},
	{
		.name = "GLOBAL_DELETE",
		.synopsis = "Deletes a global variable.",
		.syntax = "GLOBAL_DELETE(variable)",
		.arguments = "variable - its name, without ${ }.",
		.desc = "Write only; the value is ignored: Set(GLOBAL_DELETE(x)=).",
		.seealso = "GLOBAL(), DELETE()",
		.write = global_delete_write,
	},
	{
		.name = "SHARED",
		.synopsis = "Reads or sets a variable that other channels can read and set.",
		.syntax = "SHARED(variable[,channel])",
		.arguments =
			"variable - its name, without ${ }.\n"
			"channel  - the channel that owns the variable: its name, with or without the\n"
			"           part after the last dash, or its unique id; the current channel if\n"
			"           omitted.",
		.desc =
			"Shared variables are separate from channel variables. Another channel may\n"
			"change them at any time: make a copy before you use one several times.",
		.seealso = "GLOBAL(), IMPORT()",
		.read2 = shared_read,
		.write = shared_write,
	},
};

static void unregister(size_t count)
{
	while (count--) {
		ast_custom_function_unregister(&functions[count]);
	}
}

static int unload_module(void)
{
	unregister(ARRAY_LEN(functions));
	return 0;
}

static int load_module(void)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(functions); i++) {
		if (ast_custom_function_register(&functions[i])) {
			unregister(i);
			return AST_MODULE_LOAD_DECLINE;
		}
	}
	return AST_MODULE_LOAD_SUCCESS;
}

AST_MODULE_INFO_STANDARD(ASTERISK_GPL_KEY, "Global and shared variables");
