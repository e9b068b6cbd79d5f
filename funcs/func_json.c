/*
 * The function JSON_DECODE: a value of a JSON text.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*** MODULEINFO
	<support_level>extended</support_level>
 ***/

#include "asterisk.h"

#include "asterisk/module.h"
#include "asterisk/app.h"
#include "asterisk/conversions.h"
#include "asterisk/json.h"
#include "asterisk/pbx.h"
#include "asterisk/strings.h"

enum {
	OPT_COUNT = (1 << 0),
};

AST_APP_OPTIONS(decode_options, {
	AST_APP_OPTION('c', OPT_COUNT),
});

/* The value of a variable, or of a function with arguments; NULL when out of memory. */
static struct ast_str *value_of(struct ast_channel *chan, const char *name)
{
	struct ast_str *reference = ast_str_create(strlen(name) + sizeof("${}")), *value = ast_str_create(256);

	if (reference && value) {
		ast_str_set(&reference, 0, "${%s}", name);
		ast_str_substitute_variables(&value, 0, chan, ast_str_buffer(reference));
	}
	ast_free(reference);
	return value;
}

/* The entry of an object by its key, or of an array by its index from 0; NULL when not found. */
static struct ast_json *entry(struct ast_json *json, const char *name)
{
	int place;

	if (ast_json_is_array(json)) {
		return ast_str_to_int(name, &place) || place < 0 ? NULL : ast_json_array_get(json, (size_t) place);
	}
	return ast_json_object_get(json, name);
}

/* The value at a path of keys; NULL when not found. */
static struct ast_json *follow(struct ast_json *json, char *path, const char *separator)
{
	char *name;

	while (json && (name = strsep(&path, separator))) {
		json = entry(json, name);
	}
	return json;
}

static void dump(struct ast_str **str, ssize_t len, struct ast_json *json)
{
	char *text = ast_json_dump_string(json);

	ast_str_set(str, len, "%s", S_OR(text, ""));
	ast_json_free(text);
}

/* A value for the dialplan: strings without quotes, true and false as 1 and 0, null as an empty text. */
static void show(struct ast_str **str, ssize_t len, struct ast_json *json, int counts)
{
	switch (ast_json_typeof(json)) {
	case AST_JSON_STRING:
		ast_str_set(str, len, "%s", ast_json_string_get(json));
		break;
	case AST_JSON_INTEGER:
		ast_str_set(str, len, "%" PRIdMAX, ast_json_integer_get(json));
		break;
	case AST_JSON_REAL:
		ast_str_set(str, len, "%.15g", ast_json_real_get(json));
		break;
	case AST_JSON_TRUE:
	case AST_JSON_FALSE:
		ast_str_set(str, len, "%d", ast_json_is_true(json));
		break;
	case AST_JSON_ARRAY:
		if (counts) {
			ast_str_set(str, len, "%zu", ast_json_array_size(json));
			break;
		}
		/* Fall through */
	case AST_JSON_OBJECT:
		dump(str, len, json);
		break;
	default:
		ast_str_reset(*str);
	}
}

static struct ast_json *decoded(const char *cmd, const struct ast_str *text, const char *name)
{
	struct ast_json_error error;
	struct ast_json *json = ast_json_load_str(text, &error);

	if (!json) {
		ast_log(LOG_WARNING, "%s: '%s' does not hold JSON: line %d, column %d: %s\n", cmd, name, error.line, error.column,
			error.text);
	}
	return json;
}

static int decode_read(struct ast_channel *chan, const char *cmd, char *data, struct ast_str **str, ssize_t len)
{
	struct ast_flags flags = { 0 };
	struct ast_json *json;
	struct ast_str *text;
	AST_DECLARE_APP_ARGS(args,
		AST_APP_ARG(name);
		AST_APP_ARG(item);
		AST_APP_ARG(separator);
		AST_APP_ARG(options);
	);

	AST_STANDARD_APP_ARGS(args, data);
	if (ast_strlen_zero(args.name) || ast_strlen_zero(args.item)) {
		ast_log(LOG_WARNING, "%s needs a variable and a key: %s(variable,key[,separator[,options]])\n", cmd, cmd);
		return -1;
	}
	if (!ast_strlen_zero(args.separator) && args.separator[1]) {
		ast_log(LOG_WARNING, "%s: the separator '%s' is more than one character; '.' is used\n", cmd, args.separator);
		args.separator = NULL;
	}
	if (!ast_strlen_zero(args.options)) {
		ast_app_parse_options(decode_options, &flags, NULL, args.options);
	}
	ast_str_reset(*str);
	text = value_of(chan, args.name);
	if (!text || !ast_str_strlen(text)) {
		ast_debug(1, "%s: '%s' is empty\n", cmd, args.name);
		ast_free(text);
		return 0;
	}
	json = decoded(cmd, text, args.name);
	ast_free(text);
	if (!json) {
		return -1;
	}
	show(str, len, follow(json, args.item, S_OR(args.separator, ".")), ast_test_flag(&flags, OPT_COUNT));
	ast_json_unref(json);
	return 0;
}

static struct ast_custom_function decode_function = {
	.name = "JSON_DECODE",
	.synopsis = "Gives one value of a JSON text.",
	.syntax = "JSON_DECODE(variable,key[,separator[,options]])",
	.arguments =
		"variable - the name of the variable that holds the text, or a function that gives it.\n"
		"key - the key of the value; for a nested value, the keys on the path, such as\n"
		"      call.legs.0.name, where a number is an index into an array, from 0.\n"
		"separator - the character between keys, instead of a dot.\n"
		"options - c: the number of entries of an array.",
	.desc =
		"A string is given without quotes, true and false are 1 and 0, null is empty; an\n"
		"array or an object is given as JSON. A missing value is empty.",
	.read2 = decode_read,
};

static int unload_module(void)
{
	return ast_custom_function_unregister(&decode_function);
}

static int load_module(void)
{
	return ast_custom_function_register(&decode_function) ? AST_MODULE_LOAD_DECLINE : AST_MODULE_LOAD_SUCCESS;
}

AST_MODULE_INFO_STANDARD_EXTENDED(ASTERISK_GPL_KEY, "Values of JSON texts");
