/*
 * The function RAND.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*** MODULEINFO
	<support_level>core</support_level>
 ***/

#include "asterisk.h"

#include "asterisk/module.h"
#include "asterisk/app.h"
#include "asterisk/conversions.h"
#include "asterisk/pbx.h"
#include "asterisk/strings.h"
#include "asterisk/utils.h"

#define HIGHEST 2147483647	/* The default of max. */

/* The number in text; fallback when text is empty or, with a warning, when it is not a number. */
static int parse_bound(const char *cmd, char *text, int fallback)
{
	int number;

	text = ast_strip(text);
	if (ast_strlen_zero(text)) {
		return fallback;
	}
	if (ast_str_to_int(text, &number)) {
		ast_log(LOG_WARNING, "%s: '%s' is not a whole number, %d is used\n", cmd, text, fallback);
		return fallback;
	}
	return number;
}

/* A number below span, which is at most 2^32: 62 random bits leave no number noticeably more likely than another. */
static int64_t random_below(int64_t span)
{
	int64_t high = ast_random(), low = ast_random();

	return (high << 31 | low) % span;
}

static int rand_read(struct ast_channel *chan attribute_unused, const char *cmd, char *data, char *buf, size_t len)
{
	int64_t min, max;
	AST_DECLARE_APP_ARGS(args,
		AST_APP_ARG(min);
		AST_APP_ARG(max);
	);

	AST_STANDARD_APP_ARGS(args, data);
	min = parse_bound(cmd, args.min, 0);
	max = parse_bound(cmd, args.max, HIGHEST);
	if (max < min) {
		SWAP(min, max);
	}
	snprintf(buf, len, "%" PRId64, min + random_below(max - min + 1));
	return 0;
}

static struct ast_custom_function rand_function = {
	.name = "RAND",
	.synopsis = "Gives a random whole number.",
	.syntax = "RAND([min[,max]])",
	.arguments =
		"min - the smallest possible number; 0 if omitted.\n"
		"max - the largest possible number; 2147483647 if omitted.",
	.desc = "Every number from min to max is equally likely. Do not use it for secrets.",
	.read = rand_read,
	.read_max = 12,
};

static int unload_module(void)
{
	return ast_custom_function_unregister(&rand_function);
}

static int load_module(void)
{
	return ast_custom_function_register(&rand_function) ? AST_MODULE_LOAD_DECLINE : AST_MODULE_LOAD_SUCCESS;
}

AST_MODULE_INFO_STANDARD(ASTERISK_GPL_KEY, "Random numbers");
