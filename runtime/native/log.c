/*
 * Messages with variable arguments: formatted here, kept and shown by Python (runtime/api/logger.py).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

static __thread int logging;	/* Messages of this thread that are on their way. */

static const char *or_unknown(const char *text)
{
	return text ? text : "?";
}

static void put(int level, const struct asterism_place *place, const char *text)
{
	__typeof__(asterism_table.asterism_log_text) log_text = asterism_table.asterism_log_text;

	if (log_text) {
		log_text(level, or_unknown(place->file), place->line, or_unknown(place->function), text);
	} else {
		fprintf(stderr, "%s:%d: %s", or_unknown(place->file), place->line, text);
	}
}

void asterism_unbound(const char *function)
{
	fprintf(stderr, "asterism: %s was called while the core is not running\n", function);
}

void ast_log_ap(int level, const char *file, int line, const char *function, const char *fmt, va_list ap)
{
	struct asterism_place place = { file, line, function };
	char room[1024], *allocated, *text;

	text = asterism_format(room, sizeof(room), &allocated, &place, fmt, ap);
	if (!text) {
		return;
	}
	logging++;
	put(level, &place, text);
	logging--;
	free(allocated);
}

void ast_log(int level, const char *file, int line, const char *function, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	ast_log_ap(level, file, line, function, fmt, ap);
	va_end(ap);
}

void ast_log_safe(int level, const char *file, int line, const char *function, const char *fmt, ...)
{
	va_list ap;

	if (logging) {
		return;
	}
	va_start(ap, fmt);
	ast_log_ap(level, file, line, function, fmt, ap);
	va_end(ap);
}

void ast_log_callid(int level, const char *file, int line, const char *function, ast_callid callid, const char *fmt, ...)
{
	va_list ap;

	(void) callid;	/* Calls are not told apart in the log. */
	va_start(ap, fmt);
	ast_log_ap(level, file, line, function, fmt, ap);
	va_end(ap);
}

void __ast_verbose_ap(const char *file, int line, const char *func, int level, ast_callid callid, const char *fmt,
	va_list ap)
{
	__typeof__(asterism_table.asterism_verbose_text) verbose_text = asterism_table.asterism_verbose_text;
	struct asterism_place place = { file, line, func };
	char room[1024], *allocated, *text;

	(void) callid;
	text = asterism_format(room, sizeof(room), &allocated, &place, fmt, ap);
	if (!text) {
		return;
	}
	if (verbose_text) {
		verbose_text(level, or_unknown(file), line, or_unknown(func), text);
	} else {
		fputs(text, stderr);
	}
	free(allocated);
}

void __ast_verbose(const char *file, int line, const char *func, int level, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	__ast_verbose_ap(file, line, func, level, 0, fmt, ap);
	va_end(ap);
}

void __ast_verbose_callid(const char *file, int line, const char *func, int level, ast_callid callid, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	__ast_verbose_ap(file, line, func, level, callid, fmt, ap);
	va_end(ap);
}

void __ast_assert_failed(int condition, const char *condition_str, const char *file, int line, const char *function)
{
	ast_log(__LOG_ERROR, file, line, function, "assertion '%s' (%d) does not hold\n", condition_str, condition);
}
