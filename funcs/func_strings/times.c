/*
 * STRFTIME and STRPTIME: formatting and parsing of dates and times.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "func_strings.h"

#include "asterisk/localtime.h"
#include "asterisk/time.h"
#include "asterisk/utils.h"

#define DEFAULT_FORMAT "%c"

/* Parses seconds since 1970, with an optional fraction: 0, or -1. */
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
		ast_log(LOG_WARNING, "%s: '%s' is not a number of seconds since 1970\n", cmd, args.epoch);
		return -1;
	}
	format = S_OR(args.format, DEFAULT_FORMAT);
	ast_localtime(&moment, &tm, args.zone);
	if (ast_strftime(buf, len, format, &tm) <= 0) {
		ast_log(LOG_WARNING, "%s: the result of the format '%s' is empty or too long\n", cmd, format);
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
		ast_log(LOG_WARNING, "%s: '%s' does not match the format '%s'\n", cmd, args.text, args.format);
		return 0;
	}
	snprintf(buf, len, "%lld", (long long) ast_mktime(&tm, args.zone).tv_sec);
	return 0;
}

static struct ast_custom_function functions[] = {
	{
		.name = "STRFTIME",
		.synopsis = "Formats a date and time.",
		.syntax = "STRFTIME([epoch[,zone[,format]]])",
		.arguments =
			"epoch  - seconds since 1970, fractions allowed; the current time if omitted.\n"
			"zone   - a time zone such as Europe/Vienna; the system's time zone if omitted.\n"
			"format - a format of strftime(3); %c if omitted. %q is milliseconds, %1q to %6q\n"
			"         are that many digits of the fraction of the second.",
		.seealso = "STRPTIME()",
		.desc = "UTC is used for an unknown time zone.",
		.read = strftime_read,
	},
	{
		.name = "STRPTIME",
		.synopsis = "Converts a date and time to seconds since 1970.",
		.syntax = "STRPTIME(text,zone,format)",
		.arguments =
			"text   - the date and time.\n"
			"zone   - the time zone of the text; the system's time zone if empty.\n"
			"format - the format of the text, as for strptime(3).",
		.desc = "Gives an empty value when the text does not match the format.",
		.seealso = "STRFTIME()",
		.read = strptime_read,
		.read_max = 24,
	},
};

const struct function_table time_table = { functions, ARRAY_LEN(functions) };
