/*
 * Functions on text: LEN, TOUPPER, TOLOWER, FILTER, REPLACE, STRREPLACE and CUT, and the functions in func_strings/.
 *
 * An argument that is the name of a variable may be any text that is allowed in ${...}.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*** MODULEINFO
	<support_level>core</support_level>
 ***/

#include "asterisk.h"

#include <stdbool.h>

#include "func_strings/func_strings.h"

#include "asterisk/conversions.h"
#include "asterisk/utils.h"

#define DEFAULT_DELIMITER '-'

/* A set of characters: set[c] says whether c is in it. */
typedef bool character_set[UCHAR_MAX + 1];

static bool contains(const character_set set, char c)
{
	return set[(unsigned char) c];
}

struct ast_str *variable_value(struct ast_channel *chan, const char *name)
{
	struct ast_str *reference = ast_str_create(strlen(name) + sizeof("${}"));
	struct ast_str *value = ast_str_create(64);

	if (reference && value) {
		ast_str_set(&reference, 0, "${%s}", name);
		ast_str_substitute_variables(&value, 0, chan, ast_str_buffer(reference));
	} else {
		ast_free(value);
		value = NULL;
	}
	ast_free(reference);
	return value;
}

static int len_read(struct ast_channel *chan attribute_unused, const char *cmd attribute_unused, char *data,
	char *buf, size_t len)
{
	snprintf(buf, len, "%zu", data ? strlen(data) : 0);
	return 0;
}

static int toupper_read(struct ast_channel *chan attribute_unused, const char *cmd attribute_unused, char *data,
	struct ast_str **str, ssize_t len)
{
	ast_str_set(str, len, "%s", S_OR(ast_str_to_upper(data), ""));
	return 0;
}

static int tolower_read(struct ast_channel *chan attribute_unused, const char *cmd attribute_unused, char *data,
	struct ast_str **str, ssize_t len)
{
	ast_str_set(str, len, "%s", S_OR(ast_str_to_lower(data), ""));
	return 0;
}

int take_character(const char **text, unsigned char *character)
{
	size_t consumed;

	if (ast_get_encoded_char(*text, (char *) character, &consumed)) {
		return -1;
	}
	/* A backslash at the end is ignored. */
	*text += MIN(consumed, strlen(*text));
	return 0;
}

/* Adds the characters from first to last to the set; the range wraps around from 255 to 0. */
static void add_range(character_set set, unsigned char first, unsigned char last)
{
	unsigned char c;

	for (c = first; c != last; c++) {
		set[c] = true;
	}
	set[last] = true;
}

/* Reads "A-Za-z_\x2d": 0, or -1.  A '-' at the end is not a range. */
static int parse_allowed(const char *text, character_set set)
{
	unsigned char first, last;

	while (*text) {
		if (take_character(&text, &first)) {
			return -1;
		}
		last = first;
		if (*text == '-' && *++text && take_character(&text, &last)) {
			return -1;
		}
		if (last < first && !ast_opt_dont_warn) {
			ast_log(LOG_WARNING, "FILTER: the range from '%c' to '%c' wraps around: its start is after its end\n",
				first, last);
		}
		add_range(set, first, last);
	}
	return 0;
}

/* Removes the characters that are not in the set from text. */
static void keep_only(char *text, const character_set set)
{
	char *kept = text;

	for (; *text; text++) {
		if (contains(set, *text)) {
			*kept++ = *text;
		}
	}
	*kept = '\0';
}

static int filter_read(struct ast_channel *chan attribute_unused, const char *cmd, char *data, struct ast_str **str,
	ssize_t len)
{
	character_set allowed = { false, };
	AST_DECLARE_APP_ARGS(args,
		AST_APP_ARG(allowed);
		AST_APP_ARG(text);
	);

	/* Raw, because backslashes are part of the characters. */
	AST_STANDARD_RAW_ARGS(args, data);
	if (args.argc < 2) {
		ast_log(LOG_ERROR, "%s needs characters and a text: %s(allowed-characters,text)\n", cmd, cmd);
		return -1;
	}
	if (*args.allowed == '"' && !ast_opt_dont_warn) {
		ast_log(LOG_WARNING, "%s: the quote (\") counts as one of the allowed characters\n", cmd);
	}
	if (parse_allowed(args.allowed, allowed)) {
		return -1;
	}
	keep_only(args.text, allowed);
	ast_str_set(str, len, "%s", args.text);
	return 0;
}

/* Reads the characters to look for: 0, or -1. */
static int parse_characters(const char *text, character_set set)
{
	unsigned char c;

	while (*text) {
		if (take_character(&text, &c)) {
			return -1;
		}
		set[c] = true;
	}
	return 0;
}

/* Replaces the characters of the set in text; a replacement of '\0' removes them. */
static void replace_characters(char *text, const character_set set, char replacement)
{
	char *end = text;

	for (; *text; text++) {
		if (!contains(set, *text)) {
			*end++ = *text;
		} else if (replacement) {
			*end++ = replacement;
		}
	}
	*end = '\0';
}

static int replace_read(struct ast_channel *chan, const char *cmd, char *data, struct ast_str **str, ssize_t len)
{
	character_set find = { false, };
	unsigned char replacement = '\0';
	const char *written;
	struct ast_str *value;
	AST_DECLARE_APP_ARGS(args,
		AST_APP_ARG(name);
		AST_APP_ARG(find);
		AST_APP_ARG(replacement);
	);

	AST_STANDARD_APP_ARGS(args, data);
	if (ast_strlen_zero(args.name) || ast_strlen_zero(args.find)) {
		ast_log(LOG_ERROR, "%s needs a variable and characters: %s(variable,characters[,replacement])\n", cmd, cmd);
		return -1;
	}
	written = S_OR(args.replacement, "");
	if (parse_characters(args.find, find) || (*written && take_character(&written, &replacement))) {
		return -1;
	}
	value = variable_value(chan, args.name);
	if (!value) {
		return -1;
	}
	replace_characters(ast_str_buffer(value), find, replacement);
	ast_str_set(str, len, "%s", ast_str_buffer(value));
	ast_free(value);
	return 0;
}

/* The number of replacements: the number in text, or no limit for a number below 1. */
static int parse_count(const char *cmd, const char *text)
{
	int count;

	if (ast_strlen_zero(text)) {
		return INT_MAX;
	}
	if (ast_str_to_int(text, &count)) {
		ast_log(LOG_WARNING, "%s: '%s' is not a whole number; all occurrences are replaced\n", cmd, text);
		return INT_MAX;
	}
	return count > 0 ? count : INT_MAX;
}

/* Appends text to *str with the first count occurrences of find replaced. */
static void append_replaced(struct ast_str **str, ssize_t len, const char *text, const char *find,
	const char *replacement, int count)
{
	const char *found;

	while (count-- > 0 && (found = strstr(text, find))) {
		ast_str_append_substr(str, len, text, found - text);
		ast_str_append(str, len, "%s", replacement);
		text = found + strlen(find);
	}
	ast_str_append(str, len, "%s", text);
}

static int strreplace_read(struct ast_channel *chan, const char *cmd, char *data, struct ast_str **str, ssize_t len)
{
	struct ast_str *value;
	AST_DECLARE_APP_ARGS(args,
		AST_APP_ARG(name);
		AST_APP_ARG(find);
		AST_APP_ARG(replacement);
		AST_APP_ARG(count);
		AST_APP_ARG(rest);
	);

	AST_STANDARD_APP_ARGS(args, data);
	if (ast_strlen_zero(args.name) || ast_strlen_zero(args.find)) {
		ast_log(LOG_ERROR, "%s needs a variable and a text to find: %s(variable,find[,replacement[,count]])\n", cmd, cmd);
		return -1;
	}
	value = variable_value(chan, args.name);
	if (!value) {
		return -1;
	}
	ast_str_reset(*str);
	append_replaced(str, len, ast_str_buffer(value), args.find, S_OR(args.replacement, ""),
		parse_count(cmd, args.count));
	ast_free(value);
	return 0;
}

/* Parses a number from 0 on at the beginning of text, or gives fallback.  *rest is the text after it. */
static long parse_field(char *text, char **rest, long fallback)
{
	if (!isdigit((unsigned char) *text)) {
		*rest = text;
		return fallback;
	}
	return strtol(text, rest, 10);
}

/* Reads "3", "2-4", "2-" or "-4": 0, or -1. */
static int parse_range(char *text, long *first, long *last)
{
	char *rest;

	text = ast_strip(text);
	if (!strcmp(text, "-") || !*text) {
		return -1;
	}
	*first = parse_field(text, &rest, 1);
	*last = *first;
	if (*rest == '-') {
		*last = parse_field(rest + 1, &rest, LONG_MAX);
	}
	return *rest ? -1 : 0;
}

/* The fields of a text, read in order. */
struct fields {
	char *rest;		/* The unread text, or NULL. */
	char delimiter[2];
	long number;		/* The number of the next field, from 1. */
	int appended;		/* The number of fields in the result. */
};

static char *next_field(struct fields *fields)
{
	fields->number++;
	return strsep(&fields->rest, fields->delimiter);
}

static void append_fields(struct fields *fields, long first, long last, struct ast_str **str, ssize_t len)
{
	if (fields->number > first) {
		ast_log(LOG_WARNING, "CUT: field %ld is out of order; fields must be in ascending order, from 1 on\n", first);
	}
	while (fields->rest && fields->number < first) {
		next_field(fields);
	}
	while (fields->rest && fields->number <= last) {
		ast_str_append(str, len, "%s%s", fields->appended++ ? fields->delimiter : "", next_field(fields));
	}
}

static int cut_fields(char *value, char delimiter, char *ranges, struct ast_str **str, ssize_t len)
{
	struct fields fields = { .rest = *value ? value : NULL, .delimiter = { delimiter }, .number = 1 };
	char *range;
	long first, last;

	while ((range = strsep(&ranges, "&"))) {
		if (parse_range(range, &first, &last)) {
			ast_log(LOG_ERROR, "CUT: '%s' is neither a field nor a range such as 2-4, 2- or -4\n", range);
			return -1;
		}
		append_fields(&fields, first, last, str, len);
	}
	return 0;
}

static int cut_read(struct ast_channel *chan, const char *cmd, char *data, struct ast_str **str, ssize_t len)
{
	unsigned char delimiter = DEFAULT_DELIMITER;
	struct ast_str *value;
	const char *written;
	int result;
	AST_DECLARE_APP_ARGS(args,
		AST_APP_ARG(name);
		AST_APP_ARG(delimiter);
		AST_APP_ARG(ranges);
	);

	AST_STANDARD_APP_ARGS(args, data);
	if (args.argc < 3 || ast_strlen_zero(args.name)) {
		ast_log(LOG_ERROR, "%s needs a variable, a delimiter and fields: %s(variable,delimiter,fields)\n", cmd, cmd);
		return -1;
	}
	written = args.delimiter;
	if (*written && take_character(&written, &delimiter)) {
		return -1;
	}
	value = variable_value(chan, args.name);
	if (!value) {
		return -1;
	}
	ast_str_reset(*str);
	result = cut_fields(ast_str_buffer(value), delimiter, args.ranges, str, len);
	ast_free(value);
	return result;
}

static struct ast_custom_function functions[] = {
	{
		.name = "LEN",
		.synopsis = "Gives the length of a text.",
		.syntax = "LEN(text)",
		.arguments = "text - the text to measure.",
		.desc = "Counts bytes: a character outside ASCII has two or more bytes.",
		.read = len_read,
		.read_max = 24,
	},
	{
		.name = "TOUPPER",
		.synopsis = "Converts a text to upper case.",
		.syntax = "TOUPPER(text)",
		.arguments = "text - the text to convert.",
		.desc = "Converts ASCII letters; other characters do not change.",
		.seealso = "TOLOWER()",
		.read2 = toupper_read,
	},
	{
		.name = "TOLOWER",
		.synopsis = "Converts a text to lower case.",
		.syntax = "TOLOWER(text)",
		.arguments = "text - the text to convert.",
		.desc = "Converts ASCII letters; other characters do not change.",
		.seealso = "TOUPPER()",
		.read2 = tolower_read,
	},
	{
		.name = "FILTER",
		.synopsis = "Keeps only certain characters of a text.",
		.syntax = "FILTER(allowed-characters,text)",
		.arguments =
			"allowed-characters - the characters to keep, and ranges of them: 0-9A-F\n"
			"                     \\x2d and \\055 are characters by their code; \\n \\r \\t\n"
			"                     are as in C; a backslash before '-' makes it literal.\n"
			"text               - the text to filter.",
		.desc = "Use it on text from outside before you put the text into a command.",
		.seealso = "REPLACE()",
		.read2 = filter_read,
	},
	{
		.name = "REPLACE",
		.synopsis = "Replaces characters in the value of a variable.",
		.syntax = "REPLACE(variable,characters[,replacement])",
		.arguments =
			"variable    - its name, without ${ }.\n"
			"characters  - the characters to replace; write a comma as \\, others may be\n"
			"              \\\\x2C or \\\\n.\n"
			"replacement - the character to replace them with, such as \\x2C or \\n; if\n"
			"              omitted, the characters are removed.",
		.desc = "The variable itself does not change.",
		.seealso = "FILTER(), STRREPLACE()",
		.read2 = replace_read,
	},
	{
		.name = "STRREPLACE",
		.synopsis = "Replaces a text in the value of a variable.",
		.syntax = "STRREPLACE(variable,find[,replacement[,count]])",
		.arguments =
			"variable    - its name, without ${ }.\n"
			"find        - the text to look for.\n"
			"replacement - the text to replace it with; if empty, the text is removed.\n"
			"count       - how many to replace, from the left; all if omitted.",
		.desc = "The variable itself does not change.",
		.seealso = "REPLACE()",
		.read2 = strreplace_read,
	},
	{
		.name = "CUT",
		.synopsis = "Gives fields of the value of a variable.",
		.syntax = "CUT(variable,delimiter,fields)",
		.arguments =
			"variable  - its name, without ${ }.\n"
			"delimiter - the character between fields, such as \\\\n or \\\\x2C; '-' if\n"
			"            omitted.\n"
			"fields    - the fields, counted from 1: 2, 2-4, 2-, -4, or several of these\n"
			"            separated by &, in ascending order.",
		.desc = "The fields are given with the delimiter between them.",
		.seealso = "STRREPLACE()",
		.read2 = cut_read,
	},
};

static const struct function_table own_table = { functions, ARRAY_LEN(functions) };

static const struct function_table *const tables[] = { &own_table, &list_table, &text_table, &hash_table, &time_table };

#define CLEARHASH "ClearHash"

/* Functions that are not registered are skipped. */
static int unload_module(void)
{
	size_t table, i;

	ast_unregister_application(CLEARHASH);
	for (table = 0; table < ARRAY_LEN(tables); table++) {
		for (i = 0; i < tables[table]->count; i++) {
			ast_custom_function_unregister(&tables[table]->functions[i]);
		}
	}
	return 0;
}

static int load_module(void)
{
	size_t table, i;

	for (table = 0; table < ARRAY_LEN(tables); table++) {
		for (i = 0; i < tables[table]->count; i++) {
			if (ast_custom_function_register(&tables[table]->functions[i])) {
				unload_module();
				return AST_MODULE_LOAD_DECLINE;
			}
		}
	}
	if (ast_register_application(CLEARHASH, clearhash_exec, "Removes all keys of a hash.",
		"ClearHash(name)\nRemoves each key that HASH has set, and its value.")) {
		unload_module();
		return AST_MODULE_LOAD_DECLINE;
	}
	return AST_MODULE_LOAD_SUCCESS;
}

AST_MODULE_INFO_STANDARD(ASTERISK_GPL_KEY, "Functions on text");
