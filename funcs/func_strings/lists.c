/*
 * Functions on lists, which are the value of a variable with a delimiter between the entries: FIELDQTY, FIELDNUM,
 * LISTFILTER, SHIFT, POP, PUSH, UNSHIFT and ARRAY.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "func_strings.h"

#include <stdbool.h>

#include "asterisk/utils.h"

#define MOST_VARIABLES 100	/* The most variables that ARRAY sets. */

/* Parses the delimiter argument, which may be missing: 0, or -1 when it is not valid. */
static int parse_delimiter(const char *written, char fallback, char *delimiter)
{
	unsigned char character = (unsigned char) fallback;

	if (!ast_strlen_zero(written) && take_character(&written, &character)) {
		return -1;
	}
	*delimiter = (char) character;
	return 0;
}

static int fieldqty_read(struct ast_channel *chan, const char *cmd, char *data, char *buf, size_t len)
{
	struct ast_str *value;
	const char *at;
	char delimiter;
	size_t count;
	AST_DECLARE_APP_ARGS(args,
		AST_APP_ARG(name);
		AST_APP_ARG(delimiter);
	);

	AST_STANDARD_APP_ARGS(args, data);
	if (ast_strlen_zero(args.name) || ast_strlen_zero(args.delimiter)) {
		ast_log(LOG_ERROR, "%s needs a variable and a delimiter: %s(variable,delimiter)\n", cmd, cmd);
		return -1;
	}
	if (parse_delimiter(args.delimiter, ',', &delimiter) || !(value = variable_value(chan, args.name))) {
		return -1;
	}
	count = ast_str_strlen(value) > 0;
	for (at = ast_str_buffer(value); (at = strchr(at, delimiter)) && *at; at++) {
		count++;
	}
	snprintf(buf, len, "%zu", count);
	ast_free(value);
	return 0;
}

/* The position of an entry in a list, from 1 on; 0 when not found.  Case is ignored. */
static size_t place_of(char *list, char delimiter, const char *entry)
{
	char separators[2] = { delimiter }, *field;
	size_t place = 0;

	while ((field = strsep(&list, separators))) {
		place++;
		if (!strcasecmp(field, entry)) {
			return place;
		}
	}
	return 0;
}

static int fieldnum_read(struct ast_channel *chan, const char *cmd, char *data, char *buf, size_t len)
{
	struct ast_str *value;
	char delimiter;
	AST_DECLARE_APP_ARGS(args,
		AST_APP_ARG(name);
		AST_APP_ARG(delimiter);
		AST_APP_ARG(entry);
	);

	AST_STANDARD_APP_ARGS(args, data);
	if (args.argc < 3 || ast_strlen_zero(args.name) || ast_strlen_zero(args.delimiter)) {
		ast_log(LOG_ERROR, "%s needs a variable, a delimiter and an entry: %s(variable,delimiter,entry)\n", cmd, cmd);
		return -1;
	}
	if (parse_delimiter(args.delimiter, ',', &delimiter) || !(value = variable_value(chan, args.name))) {
		return -1;
	}
	snprintf(buf, len, "%zu", ast_str_strlen(value) ? place_of(ast_str_buffer(value), delimiter, args.entry) : 0);
	ast_free(value);
	return 0;
}

/* Appends the other entries of a list; the delimiter may have several characters. */
static void append_others(struct ast_str **str, ssize_t len, const char *list, const char *delimiter, const char *entry)
{
	const char *separator = "", *end;

	for (; list; list = end ? end + strlen(delimiter) : NULL) {
		size_t length;

		end = strstr(list, delimiter);
		length = end ? (size_t) (end - list) : strlen(list);
		if (length != strlen(entry) || strncmp(list, entry, length)) {
			ast_str_append(str, len, "%s", separator);
			ast_str_append_substr(str, len, list, length);
			separator = delimiter;
		}
	}
}

static int listfilter_read(struct ast_channel *chan, const char *cmd, char *data, struct ast_str **str, ssize_t len)
{
	struct ast_str *value;
	char *delimiter;
	AST_DECLARE_APP_ARGS(args,
		AST_APP_ARG(name);
		AST_APP_ARG(delimiter);
		AST_APP_ARG(entry);
	);

	AST_STANDARD_APP_ARGS(args, data);
	if (args.argc < 3 || ast_strlen_zero(args.name)) {
		ast_log(LOG_ERROR, "%s needs a variable, a delimiter and an entry: %s(variable,delimiter,entry)\n", cmd, cmd);
		return -1;
	}
	value = variable_value(chan, args.name);
	if (!value) {
		return -1;
	}
	delimiter = ast_strdupa(args.delimiter);
	ast_get_encoded_str(args.delimiter, delimiter, strlen(delimiter) + 1);
	ast_str_reset(*str);
	append_others(str, len, ast_str_buffer(value), S_OR(delimiter, ","), args.entry);
	ast_free(value);
	return 0;
}

/* The name of a variable and the delimiter between its entries. */
struct list {
	char *name;
	char delimiter;
};

/* Reads "variable[,delimiter]": 0, or -1. */
static int parse_list(const char *cmd, char *data, struct list *list)
{
	AST_DECLARE_APP_ARGS(args,
		AST_APP_ARG(name);
		AST_APP_ARG(delimiter);
	);

	AST_STANDARD_APP_ARGS(args, data);
	if (ast_strlen_zero(args.name)) {
		ast_log(LOG_WARNING, "%s needs the name of a variable: %s(variable[,delimiter])\n", cmd, cmd);
		return -1;
	}
	list->name = args.name;
	return parse_delimiter(args.delimiter, ',', &list->delimiter);
}

/* Removes the first or the last entry of a list and gives it; the rest stays in the variable. */
static int take(struct ast_channel *chan, const char *cmd, char *data, struct ast_str **str, ssize_t len, bool is_first)
{
	struct list list;
	struct ast_str *value;
	char *text, *cut;

	if (parse_list(cmd, data, &list) || !(value = variable_value(chan, list.name))) {
		return -1;
	}
	text = ast_str_buffer(value);
	if (!*text) {
		ast_str_reset(*str);
		ast_free(value);
		return 0;	/* An empty list is not written: an unset variable stays unset. */
	}
	cut = is_first ? strchr(text, list.delimiter) : strrchr(text, list.delimiter);
	if (cut) {
		*cut++ = '\0';
	}
	ast_str_set(str, len, "%s", is_first || !cut ? text : cut);
	pbx_builtin_setvar_helper(chan, list.name, !cut ? "" : is_first ? cut : text);
	ast_free(value);
	return 0;
}

static int shift_read(struct ast_channel *chan, const char *cmd, char *data, struct ast_str **str, ssize_t len)
{
	return take(chan, cmd, data, str, len, true);
}

static int pop_read(struct ast_channel *chan, const char *cmd, char *data, struct ast_str **str, ssize_t len)
{
	return take(chan, cmd, data, str, len, false);
}

/* Adds entries at the beginning or the end of a list. */
static int put(struct ast_channel *chan, const char *cmd, char *data, const char *entries, bool at_first)
{
	struct list list;
	struct ast_str *value, *joined;

	if (parse_list(cmd, data, &list)) {
		return -1;
	}
	value = variable_value(chan, list.name + MIN(strspn(list.name, "_"), INHERITANCE));
	joined = ast_str_create(64);
	if (value && joined) {
		const char *old = ast_str_buffer(value), *first = at_first ? entries : old, *second = at_first ? old : entries;

		if (*old) {
			ast_str_set(&joined, 0, "%s%c%s", first, list.delimiter, second);
		} else {
			ast_str_set(&joined, 0, "%s", entries);
		}
		pbx_builtin_setvar_helper(chan, list.name, ast_str_buffer(joined));
	}
	ast_free(value);
	ast_free(joined);
	return value && joined ? 0 : -1;
}

static int push_write(struct ast_channel *chan, const char *cmd, char *data, const char *value)
{
	return put(chan, cmd, data, value, false);
}

static int unshift_write(struct ast_channel *chan, const char *cmd, char *data, const char *value)
{
	return put(chan, cmd, data, value, true);
}

static int array_write(struct ast_channel *chan, const char *cmd, char *data, const char *value)
{
	unsigned int i;
	char *values = ast_strdupa(S_OR(value, ""));
	AST_DECLARE_APP_ARGS(names,
		AST_APP_ARG(name)[MOST_VARIABLES + 1];
	);
	AST_DECLARE_APP_ARGS(texts,
		AST_APP_ARG(text)[MOST_VARIABLES + 1];
	);

	AST_STANDARD_APP_ARGS(names, data);
	AST_STANDARD_APP_ARGS(texts, values);
	if (!names.argc || names.argc > MOST_VARIABLES) {
		ast_log(LOG_WARNING, "%s needs the names of 1 to %d variables: %s(variable[,variable...])\n", cmd,
			MOST_VARIABLES, cmd);
		return -1;
	}
	for (i = 0; i < names.argc; i++) {
		pbx_builtin_setvar_helper(chan, names.name[i], i < texts.argc ? texts.text[i] : "");
	}
	return 0;
}

#define A_LIST "variable  - its name, without ${ }.\n"
#define A_DELIMITER "delimiter - the character between the entries, such as \\n or \\x2C; ',' if\n" \
	"            omitted."

static struct ast_custom_function functions[] = {
	{
		.name = "FIELDQTY",
		.synopsis = "Counts the entries of a list.",
		.syntax = "FIELDQTY(variable,delimiter)",
		.arguments = A_LIST "delimiter - the character between the entries, such as \\n or \\x2C.",
		.desc = "An empty list has 0 entries.",
		.seealso = "FIELDNUM(), CUT()",
		.read = fieldqty_read,
		.read_max = 24,
	},
	{
		.name = "FIELDNUM",
		.synopsis = "Finds an entry in a list.",
		.syntax = "FIELDNUM(variable,delimiter,entry)",
		.arguments = A_LIST
			"delimiter - the character between the entries, such as \\\\n or \\\\x2C.\n"
			"entry     - the entry to find; case does not matter.",
		.desc = "Gives the position of the entry, from 1 on, or 0 when it is not in the list.",
		.seealso = "FIELDQTY(), CUT()",
		.read = fieldnum_read,
		.read_max = 24,
	},
	{
		.name = "LISTFILTER",
		.synopsis = "Gives a list without an entry.",
		.syntax = "LISTFILTER(variable,delimiter,entry)",
		.arguments = A_LIST
			"delimiter - the text between the entries; ',' if empty.\n"
			"entry     - the entry to leave out, at every position.",
		.desc = "The variable itself does not change.",
		.read2 = listfilter_read,
	},
	{
		.name = "SHIFT",
		.synopsis = "Removes the first entry of a list and gives it.",
		.syntax = "SHIFT(variable[,delimiter])",
		.arguments = A_LIST A_DELIMITER,
		.desc = "The other entries stay in the variable. The result of an empty list is empty.",
		.seealso = "POP(), PUSH(), UNSHIFT()",
		.read2 = shift_read,
	},
	{
		.name = "POP",
		.synopsis = "Removes the last entry of a list and gives it.",
		.syntax = "POP(variable[,delimiter])",
		.arguments = A_LIST A_DELIMITER,
		.desc = "The other entries stay in the variable. The result of an empty list is empty.",
		.seealso = "SHIFT(), PUSH(), UNSHIFT()",
		.read2 = pop_read,
	},
	{
		.name = "PUSH",
		.synopsis = "Adds entries at the end of a list.",
		.syntax = "PUSH(variable[,delimiter])",
		.arguments = A_LIST A_DELIMITER,
		.desc = "Write only: Set(PUSH(list)=three,four).",
		.seealso = "POP(), SHIFT(), UNSHIFT()",
		.write = push_write,
	},
	{
		.name = "UNSHIFT",
		.synopsis = "Adds entries at the beginning of a list.",
		.syntax = "UNSHIFT(variable[,delimiter])",
		.arguments = A_LIST A_DELIMITER,
		.desc = "Write only: Set(UNSHIFT(list)=one,two).",
		.seealso = "SHIFT(), POP(), PUSH()",
		.write = unshift_write,
	},
	{
		.name = "ARRAY",
		.synopsis = "Sets several variables at once.",
		.syntax = "ARRAY(variable[,variable...])",
		.arguments = "variable - the names of the variables, at most a hundred.",
		.desc =
			"Write only: Set(ARRAY(first,second)=1,2). A variable without a value is set to\n"
			"an empty value.",
		.write = array_write,
	},
};

const struct function_table list_table = { functions, ARRAY_LEN(functions) };
