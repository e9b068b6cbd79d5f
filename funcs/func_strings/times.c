/*
 * STRFTIME and STRPTIME: moments as text, and back.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "func_strings.h"

#include "asterisk/localtime.h"
#include "asterisk/time.h"
#include "asterisk/utils.h"

#define DEFAULT_FORMAT "%c"

/* Reads seconds since 1970, perhaps with a fraction: 0, or -1. */
static int parse_moment(const char *text, struct timeval *moment)
{
	long long seconds;
	int digits, consumed = 0, place = 100000;
	const char *at;

	if (sscanf(text, "%lld%n", &seconds, &consumed) != 1) {
		return -1;
	}
	*moment = ast_tv((ast_time_t) seconds, 0);
	at = text + consumed;
	if (*at == '.') {
		for (digits = 0, at++; *at >= '0' && *at <= '9'; at++, digits++, place /= 10) {
			moment->tv_usec += (*at - '0') * place;
		}
		at -= !digits;
	}
	return *at ? -1 : 0;
}

static int strftime_read(struct ast_channel *chan attribute_unused, const char *cmd, char *data, char *buf, size_t len)
{
	struct timeval moment = ast_tvnow();
	struct ast_tm tm;
	const char *format;
	AST_DECLARE_APP_ARGS(args,
		AST_APP_ARG(epoch);
		AST_APP_ARG(zone);
		AST_APP_ARG(format);
	);

	AST_STANDARD_APP_ARGS(args, data);
	if (!ast_strlen_zero(args.epoch) && parse_moment(args.epoch, &moment)) {
		ast_log(LOG_WARNING, "%s: '%s' is no number of seconds since 1970\n", cmd, args.epoch);
		return -1;
	}
	format = S_OR(args.format, DEFAULT_FORMAT);
	ast_localtime(&moment, &tm, args.zone);
	if (ast_strftime(buf, len, format, &tm) <= 0) {
		ast_log(LOG_WARNING, "%s: '%s' gives nothing, or more than fits\n", cmd, format);
	}
	return 0;
}

static int strptime_read(struct ast_channel *chan attribute_unused, const char *cmd, char *data, char *buf, size_t len)
{
	struct ast_tm tm = { 0, };
	AST_DECLARE_APP_ARGS(args,
		AST_APP_ARG(text);
		AST_APP_ARG(zone);
		AST_APP_ARG(format);
	);

	AST_STANDARD_APP_ARGS(args, data);
	if (ast_strlen_zero(args.format)) {
		ast_log(LOG_ERROR, "%s needs a text, a zone and a format: %s(text,zone,format)\n", cmd, cmd);
		return -1;
	}
	if (!ast_strptime(args.text, args.format, &tm)) {
		ast_log(LOG_WARNING, "%s: '%s' is not written as '%s'\n", cmd, args.text, args.format);
		return 0;
	}
	snprintf(buf, len, "%lld", (long long) ast_mktime(&tm, args.zone).tv_sec);
	return 0;
}

static struct ast_custom_function functions[] = {
	{
		.name = "STRFTIME",
		.synopsis = "Writes a moment as text.",
		.syntax = "STRFTIME([epoch[,zone[,format]]])",
		.arguments =
			"epoch  - seconds since 1970, perhaps with a fraction; now when it is missing.\n"
			"zone   - Europe/Vienna and the like; the system's own when it is missing.\n"
			"format - as of strftime(3); %c when it is missing. %q is milliseconds, %1q to\n"
			"         %6q that many digits of the second's fraction.",
		.seealso = "STRPTIME()",
		.desc = "A zone that is not known is taken for UTC.",
		.read = strftime_read,
	},
	{
		.name = "STRPTIME",
		.synopsis = "Gives the moment that a text tells, in seconds since 1970.",
		.syntax = "STRPTIME(text,zone,format)",
		.arguments =
			"text   - the date and time.\n"
			"zone   - where it is told; the system's own when it is empty.\n"
			"format - how it is written, as of strptime(3).",
		.desc = "Gives nothing when it is not written so.",
		.seealso = "STRFTIME()",
		.read = strptime_read,
		.read_max = 24,
	},
};

const struct function_table time_table = { functions, ARRAY_LEN(functions) };
