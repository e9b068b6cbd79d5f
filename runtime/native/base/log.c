/*
 * Messages with variable arguments: formatted here, kept and shown by Python (runtime/api/logger.py).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

static __thread int logging;	/* Messages of this thread that are on their way. */

static __thread ast_callid callid_of_thread;

/* ---- calls ---- */

ast_callid ast_create_callid(void)
{
	static ast_callid last;
	ast_callid callid;

	do {
		callid = __atomic_add_fetch(&last, 1, __ATOMIC_RELAXED);
	} while (!callid);	/* 0 means no call, also after an overflow. */
	return callid;
}

ast_callid ast_read_threadstorage_callid(void)
{
	return callid_of_thread;
}

int ast_callid_threadassoc_change(ast_callid callid)
{
	callid_of_thread = callid;
	return 0;
}

int ast_callid_threadassoc_add(ast_callid callid)
{
	if (callid_of_thread) {
		ast_log(LOG_ERROR, "this thread already has the call id C-%08x; C-%08x is not set\n", callid_of_thread, callid);
		return 1;
	}
	callid_of_thread = callid;
	return 0;
}

int ast_callid_threadassoc_remove(void)
{
	if (!callid_of_thread) {
		return -1;
	}
	callid_of_thread = 0;
	return 0;
}

int ast_callid_threadstorage_auto(ast_callid *callid)
{
	int is_new = !callid_of_thread;

	if (is_new) {
		callid_of_thread = ast_create_callid();
	}
	*callid = callid_of_thread;
	return is_new;
}

void ast_callid_threadstorage_auto_clean(ast_callid callid, int callid_created)
{
	if (callid && callid_created == 1) {
		callid_of_thread = 0;
	}
}

void ast_callid_strnprint(char *buffer, size_t buffer_size, ast_callid callid)
{
	snprintf(buffer, buffer_size, "[C-%08x]", callid);
}

/* ---- messages ---- */

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
	ast_callid own = callid_of_thread;
	va_list ap;

	callid_of_thread = callid;
	va_start(ap, fmt);
	ast_log_ap(level, file, line, function, fmt, ap);
	va_end(ap);
	callid_of_thread = own;
}

void __ast_verbose_ap(const char *file, int line, const char *func, int level, ast_callid callid, const char *fmt,
	va_list ap)
{
	__typeof__(asterism_table.asterism_verbose_text) verbose_text = asterism_table.asterism_verbose_text;
	struct asterism_place place = { file, line, func };
	ast_callid own = callid_of_thread;
	char room[1024], *allocated, *text;

	text = asterism_format(room, sizeof(room), &allocated, &place, fmt, ap);
	if (!text) {
		return;
	}
	callid_of_thread = callid;
	if (verbose_text) {
		verbose_text(level, or_unknown(file), line, or_unknown(func), text);
	} else {
		fputs(text, stderr);
	}
	callid_of_thread = own;
	free(allocated);
}

void __ast_verbose(const char *file, int line, const char *func, int level, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	__ast_verbose_ap(file, line, func, level, callid_of_thread, fmt, ap);
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

/* ---- scopes ---- */

static __thread unsigned long depth_of_scopes;

unsigned long _ast_trace_get_indent(void)
{
	return depth_of_scopes;
}

void _ast_trace_set_indent(unsigned long indent)
{
	depth_of_scopes = indent;
}

unsigned long _ast_trace_inc_indent(void)
{
	return ++depth_of_scopes;
}

/* Scopes that were left without being entered, as code does that was switched on in between, do not count. */
unsigned long _ast_trace_dec_indent(void)
{
	return depth_of_scopes ? --depth_of_scopes : 0;
}

static const char *arrow_of(enum ast_trace_indent_type type)
{
	switch (type) {
	case AST_TRACE_INDENT_INC_BEFORE:
	case AST_TRACE_INDENT_INC_AFTER:
	case AST_TRACE_INDENT_PROVIDED:
		return "--> ";
	case AST_TRACE_INDENT_DEC_BEFORE:
	case AST_TRACE_INDENT_DEC_AFTER:
		return "<-- ";
	default:
		return "";
	}
}

static void before_scope(enum ast_trace_indent_type type, unsigned long indent)
{
	if (type == AST_TRACE_INDENT_PROVIDED) {
		_ast_trace_set_indent(indent);
	} else if (type == AST_TRACE_INDENT_INC_BEFORE) {
		_ast_trace_inc_indent();
	} else if (type == AST_TRACE_INDENT_DEC_BEFORE) {
		_ast_trace_dec_indent();
	}
}

static void after_scope(enum ast_trace_indent_type type)
{
	if (type == AST_TRACE_INDENT_INC_AFTER || type == AST_TRACE_INDENT_PROVIDED) {
		_ast_trace_inc_indent();
	} else if (type == AST_TRACE_INDENT_DEC_AFTER) {
		_ast_trace_dec_indent();
	}
}

/* A format without leading blanks; the compiler still checks it as a format. */
static const char *without_indent(const char *format) __attribute__((format_arg(1)));

static const char *without_indent(const char *format)
{
	return ast_skip_blanks(format);
}

#define MOST_INDENT 160	/* Blanks in front of a trace message at most. */

void __ast_trace(const char *file, int line, const char *func, enum ast_trace_indent_type indent_type,
	unsigned long indent, const char *format, ...)
{
	struct asterism_place place = { file, line, func };
	char room[1024], *allocated, *text;
	unsigned long blanks;
	va_list ap;

	before_scope(indent_type, indent);
	va_start(ap, format);
	text = asterism_format(room, sizeof(room), &allocated, &place, without_indent(format), ap);
	va_end(ap);
	if (text) {
		blanks = indent_type == AST_TRACE_INDENT_NONE ? 0 : depth_of_scopes * 4;
		ast_log(__LOG_TRACE, "", 0, "", "%2lu %*s%s%s:%d %s: %s", depth_of_scopes,
			(int) (blanks < MOST_INDENT ? blanks : MOST_INDENT), "", arrow_of(indent_type), file, line, func, text);
		free(allocated);
	}
	after_scope(indent_type);
}
