/*
 * Functions on text: QUOTE, CSV_QUOTE, TRIM, LTRIM, RTRIM, REGEX, KEYPADHASH, STRBETWEEN, PASSTHRU and EVAL.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "func_strings.h"

#include <regex.h>

#include "asterisk/utils.h"

/* Sets *str to the text in quotes, with an escape character before each character that needs one. */
static void set_quoted(struct ast_str **str, ssize_t len, const char *text, const char *special, char escape)
{
	ast_str_set(str, len, "\"");
	while (*text) {
		size_t plain = strcspn(text, special);

		ast_str_append_substr(str, len, text, plain);
		text += plain;
		if (*text) {
			ast_str_append(str, len, "%c%c", escape, *text++);
		}
	}
	ast_str_append(str, len, "\"");
}

static int quote_read(struct ast_channel *chan attribute_unused, const char *cmd attribute_unused, char *data,
	struct ast_str **str, ssize_t len)
{
	set_quoted(str, len, S_OR(data, ""), "\\\"", '\\');
	return 0;
}

static int csv_quote_read(struct ast_channel *chan attribute_unused, const char *cmd attribute_unused, char *data,
	struct ast_str **str, ssize_t len)
{
	set_quoted(str, len, S_OR(data, ""), "\"", '"');
	return 0;
}

static int trim_read(struct ast_channel *chan attribute_unused, const char *cmd attribute_unused, char *data,
	struct ast_str **str, ssize_t len)
{
	ast_str_set(str, len, "%s", data ? ast_strip(data) : "");
	return 0;
}

static int ltrim_read(struct ast_channel *chan attribute_unused, const char *cmd attribute_unused, char *data,
	struct ast_str **str, ssize_t len)
{
	ast_str_set(str, len, "%s", data ? ast_skip_blanks(data) : "");
	return 0;
}

static int rtrim_read(struct ast_channel *chan attribute_unused, const char *cmd attribute_unused, char *data,
	struct ast_str **str, ssize_t len)
{
	ast_str_set(str, len, "%s", data ? ast_trim_blanks(data) : "");
	return 0;
}

/* Splits "expression" text at the quotes, in place: 0, or -1 when a quote is missing. */
static int split_expression(char *data, char **expression, char **text)
{
	char *quote;

	data = data ? ast_skip_blanks(data) : NULL;
	if (!data || *data != '"') {
		return -1;
	}
	*expression = ++data;
	for (quote = data; *quote && *quote != '"'; quote++) {
		/* The backslash before a quote in the expression is removed. */
		if (*quote == '\\' && quote[1] == '"') {
			memmove(quote, quote + 1, strlen(quote));
		}
	}
	if (!*quote) {
		return -1;
	}
	*quote++ = '\0';
	*text = quote + (*quote == ' ' || *quote == '\t');
	return 0;
}

static int regex_read(struct ast_channel *chan attribute_unused, const char *cmd, char *data, char *buf, size_t len)
{
	char *expression, *text;
	regex_t compiled;
	int error;

	if (split_expression(data, &expression, &text)) {
		ast_log(LOG_ERROR, "%s needs an expression in quotes and a text: %s(\"expression\" text)\n", cmd, cmd);
		return -1;
	}
	error = regcomp(&compiled, expression, REG_EXTENDED | REG_NOSUB);
	if (error) {
		char why[128];

		regerror(error, &compiled, why, sizeof(why));
		ast_log(LOG_WARNING, "%s: '%s' is not a regular expression: %s\n", cmd, expression, why);
		return -1;
	}
	snprintf(buf, len, "%d", !regexec(&compiled, text, 0, NULL, 0));
	regfree(&compiled);
	return 0;
}

static int keypadhash_read(struct ast_channel *chan attribute_unused, const char *cmd attribute_unused, char *data,
	struct ast_str **str, ssize_t len)
{
	static const char keys[] = "22233344455566677778889999";	/* The keys of the letters A to Z. */

	ast_str_reset(*str);
	for (; data && *data; data++) {
		if (*data >= '0' && *data <= '9') {
			ast_str_append(str, len, "%c", *data);
		} else if ((*data | ' ') >= 'a' && (*data | ' ') <= 'z') {
			ast_str_append(str, len, "%c", keys[(*data | ' ') - 'a']);
		}
	}
	return 0;
}

static int strbetween_read(struct ast_channel *chan, const char *cmd, char *data, struct ast_str **str, ssize_t len)
{
	struct ast_str *value;
	const char *at;
	AST_DECLARE_APP_ARGS(args,
		AST_APP_ARG(name);
		AST_APP_ARG(text);
	);

	AST_STANDARD_APP_ARGS(args, data);
	if (args.argc != 2 || ast_strlen_zero(args.name)) {
		ast_log(LOG_ERROR, "%s needs a variable and a text: %s(variable,text)\n", cmd, cmd);
		return -1;
	}
	value = variable_value(chan, args.name);
	if (!value) {
		return -1;
	}
	ast_str_reset(*str);
	for (at = ast_str_buffer(value); *at; at++) {
		ast_str_append(str, len, "%c%s", *at, at[1] ? args.text : "");
	}
	ast_free(value);
	return 0;
}

static int passthru_read(struct ast_channel *chan attribute_unused, const char *cmd attribute_unused, char *data,
	struct ast_str **str, ssize_t len)
{
	ast_str_set(str, len, "%s", S_OR(data, ""));
	return 0;
}

static int eval_read(struct ast_channel *chan, const char *cmd, char *data, struct ast_str **str, ssize_t len)
{
	if (ast_strlen_zero(data)) {
		ast_log(LOG_WARNING, "%s needs a text: %s(text)\n", cmd, cmd);
		return -1;
	}
	ast_str_substitute_variables(str, len, chan, data);
	return 0;
}

static struct ast_custom_function functions[] = {
	{
		.name = "QUOTE",
		.synopsis = "Puts a text in quotes.",
		.syntax = "QUOTE(text)",
		.arguments = "text - the text to quote.",
		.desc = "A backslash is put before each quote and each backslash in the text.",
		.seealso = "CSV_QUOTE()",
		.read2 = quote_read,
	},
	{
		.name = "CSV_QUOTE",
		.synopsis = "Puts a text in quotes, as a field of comma-separated values.",
		.syntax = "CSV_QUOTE(text)",
		.arguments = "text - the text to quote.",
		.desc = "Quotes in the text are doubled.",
		.seealso = "QUOTE()",
		.read2 = csv_quote_read,
	},
	{
		.name = "TRIM",
		.synopsis = "Removes the blanks at both ends of a text.",
		.syntax = "TRIM(text)",
		.arguments = "text - the text to trim.",
		.desc = "Blanks are spaces, tabs and newlines.",
		.seealso = "LTRIM(), RTRIM()",
		.read2 = trim_read,
	},
	{
		.name = "LTRIM",
		.synopsis = "Removes the blanks at the beginning of a text.",
		.syntax = "LTRIM(text)",
		.arguments = "text - the text to trim.",
		.desc = "Blanks are spaces, tabs and newlines.",
		.seealso = "TRIM(), RTRIM()",
		.read2 = ltrim_read,
	},
	{
		.name = "RTRIM",
		.synopsis = "Removes the blanks at the end of a text.",
		.syntax = "RTRIM(text)",
		.arguments = "text - the text to trim.",
		.desc = "Blanks are spaces, tabs and newlines.",
		.seealso = "TRIM(), LTRIM()",
		.read2 = rtrim_read,
	},
	{
		.name = "REGEX",
		.synopsis = "Tells whether a regular expression matches a text.",
		.syntax = "REGEX(\"expression\" text)",
		.arguments =
			"expression - a POSIX extended regular expression; write a quote in it as \\\".\n"
			"text       - the text to search; one blank before it is ignored.",
		.desc = "Gives 1 when the expression matches, otherwise 0.",
		.read = regex_read,
		.read_max = 2,
	},
	{
		.name = "KEYPADHASH",
		.synopsis = "Converts a word to the digits of a telephone keypad.",
		.syntax = "KEYPADHASH(text)",
		.arguments = "text - letters and digits; everything else is left out.",
		.desc = "ABC become 2, WXYZ become 9.",
		.read2 = keypadhash_read,
	},
	{
		.name = "STRBETWEEN",
		.synopsis = "Inserts a text between the characters of a variable's value.",
		.syntax = "STRBETWEEN(variable,text)",
		.arguments =
			"variable - its name, without ${ }.\n"
			"text     - the text to insert.",
		.desc = "The variable itself does not change.",
		.read2 = strbetween_read,
	},
	{
		.name = "PASSTHRU",
		.synopsis = "Gives its argument.",
		.syntax = "PASSTHRU(text)",
		.arguments = "text - the text to give.",
		.desc = "Passes a text to a function that takes the name of a variable, such as CUT:\n"
			"CUT(PASSTHRU(a-b-c),-,2) is b.",
		.read2 = passthru_read,
	},
	{
		.name = "EVAL",
		.synopsis = "Substitutes the variables in a text once more.",
		.syntax = "EVAL(text)",
		.arguments = "text - the text, after its variables were substituted once.",
		.desc = "When ${name} is '${other}', EVAL(${name}) is the value of other.",
		.read2 = eval_read,
	},
};

const struct function_table text_table = { functions, ARRAY_LEN(functions) };
