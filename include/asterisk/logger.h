/* Messages: to the log with a level, to the console with a verbosity. SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ASTERISM_LOGGER_H
#define ASTERISM_LOGGER_H

#include <stdarg.h>

#include "asterisk/options.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Bytes that ast_callid_strnprint needs, with the closing NUL. */
#define AST_CALLID_BUFFER_LENGTH 13

/* File, line and function of this place, as arguments. */
#define _A_ __FILE__, __LINE__, __PRETTY_FUNCTION__

/* What stands before a verbose message of each level. */
#define VERBOSE_PREFIX_1 " "
#define VERBOSE_PREFIX_2 "  == "
#define VERBOSE_PREFIX_3 "    -- "
#define VERBOSE_PREFIX_4 "       > "

/* A number that ties the messages of one call together; 0 for none. */
typedef unsigned int ast_callid;

/* Levels by number, and as the first argument of ast_log (which takes level, file, line and function at once). */
#define __LOG_DEBUG 0
#define __LOG_TRACE 1
#define __LOG_NOTICE 2
#define __LOG_WARNING 3
#define __LOG_ERROR 4
#define __LOG_VERBOSE 5
#define __LOG_DTMF 6
#undef LOG_DEBUG
#undef LOG_TRACE
#undef LOG_NOTICE
#undef LOG_WARNING
#undef LOG_ERROR
#define LOG_DEBUG __LOG_DEBUG, _A_
#define LOG_TRACE __LOG_TRACE, _A_
#define LOG_NOTICE __LOG_NOTICE, _A_
#define LOG_WARNING __LOG_WARNING, _A_
#define LOG_ERROR __LOG_ERROR, _A_
#define LOG_VERBOSE __LOG_VERBOSE, _A_
#define LOG_DTMF __LOG_DTMF, _A_
#define AST_LOG_DEBUG __LOG_DEBUG, _A_
#define AST_LOG_TRACE __LOG_TRACE, _A_
#define AST_LOG_NOTICE __LOG_NOTICE, _A_
#define AST_LOG_WARNING __LOG_WARNING, _A_
#define AST_LOG_ERROR __LOG_ERROR, _A_
#define AST_LOG_VERBOSE __LOG_VERBOSE, _A_
#define AST_LOG_DTMF __LOG_DTMF, _A_
#define NUMLOGLEVELS 32

/*
 * ast_log(LOG_NOTICE, "format\n", ...): one message.  A format with %n is refused, and the refusal logged, here and in
 * every function that takes a format.
 */
void ast_log(int level, const char *file, int line, const char *function, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));
void ast_log_ap(int level, const char *file, int line, const char *function, const char *fmt, va_list ap)
	__attribute__((format(printf, 5, 0)));
/* ast_log for code that runs while a message is logged: such an inner message is dropped. */
void ast_log_safe(int level, const char *file, int line, const char *function, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));
void ast_log_callid(int level, const char *file, int line, const char *function, ast_callid callid, const char *fmt, ...)
	__attribute__((format(printf, 6, 7)));

/* A message for the consoles: level -1 always, otherwise from that verbosity on. */
void __ast_verbose(const char *file, int line, const char *func, int level, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));
void __ast_verbose_callid(const char *file, int line, const char *func, int level, ast_callid callid, const char *fmt, ...)
	__attribute__((format(printf, 6, 7)));
void __ast_verbose_ap(const char *file, int line, const char *func, int level, ast_callid callid, const char *fmt,
	va_list ap) __attribute__((format(printf, 6, 0)));
#define ast_verbose(...) __ast_verbose(_A_, -1, __VA_ARGS__)
#define ast_verbose_callid(callid, ...) __ast_verbose_callid(_A_, -1, callid, __VA_ARGS__)

/* Highest verbosity that any console or log file shows. */
extern int ast_verb_sys_level;
#define VERBOSITY_ATLEAST(level) ((level) <= ast_verb_sys_level)
/* ast_verb(3, "format\n", ...): costs nothing when the message is not shown. */
#define ast_verb(level, ...) \
	do { \
		if (VERBOSITY_ATLEAST(level)) { \
			__ast_verbose(_A_, (level), __VA_ARGS__); \
		} \
	} while (0)
#define ast_verb_callid(level, callid, ...) \
	do { \
		if (VERBOSITY_ATLEAST(level)) { \
			__ast_verbose_callid(_A_, (level), (callid), __VA_ARGS__); \
		} \
	} while (0)

/* The debug or trace level of a module or source file; 0 when not set. */
unsigned int ast_debug_get_by_module(const char *module);
unsigned int ast_trace_get_by_module(const char *module);
#define DEBUG_ATLEAST(level) \
	(option_debug >= (level) || (ast_opt_dbg_module \
		&& ((int) ast_debug_get_by_module(AST_MODULE) >= (level) || (int) ast_debug_get_by_module(__FILE__) >= (level))))
/* ast_debug(1, "format\n", ...): costs nothing below that debug level. */
#define ast_debug(level, ...) \
	do { \
		if (DEBUG_ATLEAST(level)) { \
			ast_log(AST_LOG_DEBUG, __VA_ARGS__); \
		} \
	} while (0)

/* A new call id, unique in this run; log lines of the call are marked with it: "[C-00000001]". */
ast_callid ast_create_callid(void);
/* The call id of this thread; 0 when it has none. */
ast_callid ast_read_threadstorage_callid(void);
/* Changes the call id of this thread; always 0. */
int ast_callid_threadassoc_change(ast_callid callid);
/* Sets the call id of this thread: 0, or 1 with an error in the log when it already has one. */
int ast_callid_threadassoc_add(ast_callid callid);
/* Removes the call id of this thread: 0, or -1 when it has none. */
int ast_callid_threadassoc_remove(void);
/* Gives the call id of this thread: 0; or creates and sets a new one: 1. */
int ast_callid_threadstorage_auto(ast_callid *callid);
/* Undoes ast_callid_threadstorage_auto; callid_created is its result. */
void ast_callid_threadstorage_auto_clean(ast_callid callid, int callid_created);
/* Formats the mark of a call id in the log. */
void ast_callid_strnprint(char *buffer, size_t buffer_size, ast_callid callid);

/* Registers a log level: its number, or -1 when no number is left. ast_log_dynamic_level logs with it. */
int ast_logger_register_level(const char *name);
int ast_logger_get_dynamic_level(const char *name);
void ast_logger_unregister_level(const char *name);
#define ast_log_dynamic_level(level, ...) ast_log((level), _A_, __VA_ARGS__)

/*
 * What a function or a block tells of its beginning and its end: SCOPE_ENTER tells that it begins and keeps the level, a
 * SCOPE_EXIT form tells that it ends, and does what its name says. These are debug messages; in development mode they
 * are trace messages as well ("core set trace", the level "trace" of logger.conf), set in by the depth of the scopes.
 */
enum ast_trace_indent_type {
	AST_TRACE_INDENT_NONE,
	AST_TRACE_INDENT_SAME,
	AST_TRACE_INDENT_INC_BEFORE,
	AST_TRACE_INDENT_INC_AFTER,
	AST_TRACE_INDENT_DEC_BEFORE,
	AST_TRACE_INDENT_DEC_AFTER,
	AST_TRACE_INDENT_PROVIDED,
};

/* One trace message; indent_type says how it changes the depth of the thread's scopes. */
void __ast_trace(const char *file, int line, const char *func, enum ast_trace_indent_type indent_type,
	unsigned long indent, const char *format, ...) __attribute__((format(printf, 6, 7)));
/* The depth of the thread's scopes. */
unsigned long _ast_trace_get_indent(void);
void _ast_trace_set_indent(unsigned long indent);
unsigned long _ast_trace_inc_indent(void);
unsigned long _ast_trace_dec_indent(void);

#define TRACE_ATLEAST(level) \
	(option_trace >= (level) || (ast_opt_trace_module \
		&& ((int) ast_trace_get_by_module(AST_MODULE) >= (level) || (int) ast_trace_get_by_module(__FILE__) >= (level))))

#ifdef AST_DEVMODE
#define ast_trace_raw(level, indent_type, ...) do { \
	ast_debug((level) < 0 ? __scope_level : (level), " " __VA_ARGS__); \
	if (TRACE_ATLEAST((level) < 0 ? __scope_level : (level))) { \
		__ast_trace(_A_, indent_type, 0, " " __VA_ARGS__); \
	} \
} while (0)
#define ast_trace_get_indent() _ast_trace_get_indent()
#define ast_trace_set_indent(indent) _ast_trace_set_indent(indent)
#define ast_trace_inc_indent() _ast_trace_inc_indent()
#define ast_trace_dec_indent() _ast_trace_dec_indent()
#define __SCOPE_BEGINS(indent_type, indent, ...) do { \
	ast_debug(__scope_level, " " __VA_ARGS__); \
	if (TRACE_ATLEAST(__scope_level)) { \
		__ast_trace(_A_, indent_type, indent, " " __VA_ARGS__); \
	} \
} while (0)
#define SCOPE_ENTER(level, ...) \
	int attribute_unused __scope_level = (level); \
	int attribute_unused __scope_task = 0; \
	__SCOPE_BEGINS(AST_TRACE_INDENT_INC_AFTER, 0, __VA_ARGS__)
#define SCOPE_ENTER_TASK(level, indent, ...) \
	int attribute_unused __scope_level = (level); \
	int attribute_unused __scope_task = 1; \
	__SCOPE_BEGINS(AST_TRACE_INDENT_PROVIDED, indent, __VA_ARGS__)
#define SCOPE_EXIT(...) do { \
	__SCOPE_BEGINS(AST_TRACE_INDENT_DEC_BEFORE, 0, __VA_ARGS__); \
	if (__scope_task) { \
		_ast_trace_set_indent(0); \
	} \
} while (0)
#define SCOPE_CALL(level, function, ...) ({ \
	ast_trace(level, "--> Calling %s\n", #function); \
	function(__VA_ARGS__); \
	ast_trace(level, "<-- Return from %s\n", #function); \
})
#define SCOPE_CALL_WITH_RESULT(level, type, function, ...) ({ \
	type __result; \
	ast_trace(level, "--> Calling %s\n", #function); \
	__result = function(__VA_ARGS__); \
	ast_trace(level, "<-- Return from %s\n", #function); \
	__result; \
})
#define SCOPE_CALL_WITH_INT_RESULT(level, function, ...) SCOPE_CALL_WITH_RESULT(level, int, function, __VA_ARGS__)
#else
#define ast_trace_raw(level, indent_type, ...) ast_debug((level) < 0 ? __scope_level : (level), " " __VA_ARGS__)
#define ast_trace_get_indent() (0)
#define ast_trace_set_indent(indent)
#define ast_trace_inc_indent()
#define ast_trace_dec_indent()
#define SCOPE_ENTER(level, ...) \
	int attribute_unused __scope_level = (level); \
	ast_debug(__scope_level, " " __VA_ARGS__)
#define SCOPE_ENTER_TASK(level, indent, ...) SCOPE_ENTER(level, __VA_ARGS__)
#define SCOPE_EXIT(...) ast_debug(__scope_level, " " __VA_ARGS__)
#define SCOPE_CALL(level, function, ...) function(__VA_ARGS__)
#define SCOPE_CALL_WITH_RESULT(level, type, function, ...) function(__VA_ARGS__)
#define SCOPE_CALL_WITH_INT_RESULT(level, function, ...) function(__VA_ARGS__)
#endif
#define ast_trace(level, ...) ast_trace_raw(level, AST_TRACE_INDENT_SAME, __VA_ARGS__)
#define ast_trace_log(level, log_level, ...) do { \
	ast_log(log_level, " " __VA_ARGS__); \
	ast_trace(level, __VA_ARGS__); \
} while (0)
#define SCOPE_TRACE(level, ...)
#define SCOPE_EXIT_EXPR(expr, ...) SCOPE_EXIT(__VA_ARGS__); expr
#define SCOPE_EXIT_RTN(...) SCOPE_EXIT(__VA_ARGS__); return
#define SCOPE_EXIT_RTN_VALUE(value, ...) SCOPE_EXIT(__VA_ARGS__); return value
#define SCOPE_EXIT_LOG(log_level, ...) do { ast_log(log_level, " " __VA_ARGS__); SCOPE_EXIT(__VA_ARGS__); } while (0)
#define SCOPE_EXIT_LOG_RTN(log_level, ...) do { ast_log(log_level, " " __VA_ARGS__); SCOPE_EXIT_RTN(__VA_ARGS__); } while (0)
#define SCOPE_EXIT_LOG_RTN_VALUE(value, log_level, ...) do { \
	ast_log(log_level, " " __VA_ARGS__); \
	SCOPE_EXIT_RTN_VALUE(value, __VA_ARGS__); \
} while (0)
#define SCOPE_EXIT_LOG_EXPR(expr, log_level, ...) do { \
	ast_log(log_level, " " __VA_ARGS__); \
	SCOPE_EXIT_EXPR(expr, __VA_ARGS__); \
} while (0)

#ifdef __cplusplus
}
#endif

#endif
