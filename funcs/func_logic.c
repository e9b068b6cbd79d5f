/*
 * The functions IF, IFTIME, ISNULL, EXISTS, SET, IMPORT, DELETE and VARIABLE_EXISTS.
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
#include "asterisk/pbx.h"
#include "asterisk/strings.h"

static int isnull_read(struct ast_channel *chan attribute_unused, const char *cmd attribute_unused, char *data,
	char *buf, size_t len)
{
	snprintf(buf, len, "%d", ast_strlen_zero(data));
	return 0;
}

static int exists_read(struct ast_channel *chan attribute_unused, const char *cmd attribute_unused, char *data,
	char *buf, size_t len)
{
	snprintf(buf, len, "%d", !ast_strlen_zero(data));
	return 0;
}

static int if_read(struct ast_channel *chan attribute_unused, const char *cmd, char *data, struct ast_str **str,
	ssize_t len)
{
	char *value;
	AST_DECLARE_APP_ARGS(args,
		AST_APP_ARG(condition);
		AST_APP_ARG(values);
	);
	AST_DECLARE_APP_ARGS(values,
		AST_APP_ARG(yes);
		AST_APP_ARG(no);
	);

	AST_NONSTANDARD_APP_ARGS(args, data, '?');
	if (ast_strlen_zero(args.condition) || !args.values) {
		ast_log(LOG_WARNING, "%s needs a condition and a value: %s(condition?[yes][:no])\n", cmd, cmd);
		return -1;
	}
	AST_NONSTANDARD_APP_ARGS(values, args.values, ':');
	value = pbx_checkcondition(ast_strip(args.condition)) ? values.yes : values.no;
	ast_str_set(str, len, "%s", value ? ast_strip(value) : "");
	return 0;
}

static int iftime_read(struct ast_channel *chan attribute_unused, const char *cmd, char *data, struct ast_str **str,
	ssize_t len)
{
	char *values = ast_strip_quoted(data, "\"", "\"");
	char *times = strsep(&values, "?");
	char *yes = strsep(&values, ":");
	struct ast_timing timing;
	char *value;

	if (ast_strlen_zero(times) || !yes) {
		ast_log(LOG_WARNING, "%s needs times and a value: %s(times,weekdays,days,months[,zone]?[yes][:no])\n", cmd, cmd);
		return -1;
	}
	if (!ast_build_timing(&timing, times)) {
		ast_destroy_timing(&timing);
		return -1;
	}
	value = ast_check_timing(&timing) ? yes : values;
	ast_destroy_timing(&timing);
	ast_str_set(str, len, "%s", value ? ast_strip_quoted(value, "\"", "\"") : "");
	return 0;
}

static int set_read(struct ast_channel *chan, const char *cmd, char *data, struct ast_str **str, ssize_t len)
{
	char *name = strsep(&data, "=");

	if (!data || ast_strlen_zero(name = ast_strip(name))) {
		ast_log(LOG_WARNING, "%s needs a variable and a value: %s(variable=value)\n", cmd, cmd);
		return -1;
	}
	data = ast_strip(data);
	pbx_builtin_setvar_helper(chan, name, data);
	ast_str_set(str, len, "%s", data);
	return 0;
}

static int import_read(struct ast_channel *chan attribute_unused, const char *cmd, char *data, struct ast_str **str,
	ssize_t len)
{
	struct ast_channel *other;
	struct ast_str *reference;
	AST_DECLARE_APP_ARGS(args,
		AST_APP_ARG(channel);
		AST_APP_ARG(name);
	);

	AST_STANDARD_APP_ARGS(args, data);
	if (ast_strlen_zero(args.channel) || ast_strlen_zero(args.name)) {
		ast_log(LOG_WARNING, "%s needs a channel and a variable: %s(channel,variable)\n", cmd, cmd);
		return -1;
	}
	ast_str_reset(*str);
	other = ast_channel_get_by_name(args.channel);
	reference = other ? ast_str_create(strlen(args.name) + sizeof("${}")) : NULL;
	if (reference) {
		ast_str_set(&reference, 0, "${%s}", args.name);
		ast_str_substitute_variables(str, len, other, ast_str_buffer(reference));
		ast_free(reference);
	}
	ast_channel_cleanup(other);
	return 0;
}

static int delete_write(struct ast_channel *chan, const char *cmd, char *data, const char *value attribute_unused)
{
	if (ast_strlen_zero(data)) {
		ast_log(LOG_WARNING, "%s needs a variable: %s(variable)\n", cmd, cmd);
		return -1;
	}
	return pbx_builtin_setvar_helper(chan, data, NULL);
}

static int variable_exists_read(struct ast_channel *chan, const char *cmd, char *data, char *buf, size_t len)
{
	if (ast_strlen_zero(data)) {
		ast_log(LOG_WARNING, "%s needs a variable: %s(variable)\n", cmd, cmd);
		return -1;
	}
	snprintf(buf, len, "%d", pbx_builtin_getvar_helper(chan, data) != NULL);
	return 0;
}

static struct ast_custom_function functions[] = {
	{
		.name = "IF",
		.synopsis = "Gives one value or another.",
		.syntax = "IF(condition?[yes][:no])",
		.arguments =
			"condition - false when it is a number that is 0; an empty condition is an error.\n"
			"yes       - the value when the condition is true.\n"
			"no        - the value when it is false.",
		.desc = "Blanks around a value are removed; a value with a ? or a : needs quotes.",
		.seealso = "IFTIME(), ISNULL(), ExecIf",
		.read2 = if_read,
	},
	{
		.name = "IFTIME",
		.synopsis = "Gives one value or another, depending on the time.",
		.syntax = "IFTIME(times,weekdays,days,months[,zone]?[yes][:no])",
		.arguments =
			"times    - 9:00-17:00, both ends included; * is any.\n"
			"weekdays - mon-fri.\n"
			"days     - of the month: 1-7.\n"
			"months   - jan, jun-aug.\n"
			"zone     - a time zone such as Europe/Berlin; the system's time zone if omitted.\n"
			"yes      - the value at these times.\n"
			"no       - the value at all others.",
		.desc = "Ranges may wrap around: fri-mon. Several ranges are separated by &.",
		.seealso = "IF(), GotoIfTime",
		.read2 = iftime_read,
	},
	{
		.name = "ISNULL",
		.synopsis = "Tells whether a text is empty.",
		.syntax = "ISNULL(text)",
		.arguments = "text - what to look at.",
		.desc = "Gives 1 when it is empty, otherwise 0.",
		.seealso = "EXISTS(), LEN()",
		.read = isnull_read,
		.read_max = 2,
	},
	{
		.name = "EXISTS",
		.synopsis = "Tells whether a text is not empty.",
		.syntax = "EXISTS(text)",
		.arguments = "text - what to look at.",
		.desc = "Gives 0 when it is empty, otherwise 1.",
		.seealso = "ISNULL(), VARIABLE_EXISTS()",
		.read = exists_read,
		.read_max = 2,
	},
	{
		.name = "SET",
		.synopsis = "Sets a variable and gives its value.",
		.syntax = "SET(variable=value)",
		.arguments =
			"variable - a variable, or a function that can be written.\n"
			"value    - the new value; blanks around it are removed.",
		.desc = "Use it inside a text to give a value and keep it in a variable.",
		.seealso = "Set",
		.read2 = set_read,
	},
	{
		.name = "IMPORT",
		.synopsis = "Gives a variable of another channel.",
		.syntax = "IMPORT(channel,variable)",
		.arguments =
			"channel  - its name or its unique id.\n"
			"variable - anything that is allowed in ${ }.",
		.desc = "Empty when the channel does not exist.",
		.seealso = "SHARED()",
		.read2 = import_read,
	},
	{
		.name = "DELETE",
		.synopsis = "Deletes a variable.",
		.syntax = "DELETE(variable)",
		.arguments = "variable - its name, without ${ }.",
		.desc =
			"Write only; the value is ignored: Set(DELETE(x)=). An older variable of the same\n"
			"name becomes visible again.",
		.seealso = "GLOBAL_DELETE()",
		.write = delete_write,
	},
	{
		.name = "VARIABLE_EXISTS",
		.synopsis = "Tells whether a variable is set.",
		.syntax = "VARIABLE_EXISTS(variable)",
		.arguments = "variable - its name, without ${ }.",
		.desc = "Gives 1 when the variable is set, even to an empty value, otherwise 0.",
		.seealso = "EXISTS(), GLOBAL_EXISTS()",
		.read = variable_exists_read,
		.read_max = 2,
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

AST_MODULE_INFO_STANDARD(ASTERISK_GPL_KEY, "Conditions and variables");
