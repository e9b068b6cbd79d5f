/* The options the runtime was started with. SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ASTERISM_OPTIONS_H
#define ASTERISM_OPTIONS_H

#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#ifdef __cplusplus
extern "C" {
#endif

#define AST_CACHE_DIR_LEN 512
#define AST_FILENAME_MAX 80
#define AST_CHANNEL_NAME 80	/* Bytes of a channel's name, with the closing NUL. */

struct ast_flags64;

/* Bits of ast_options; the numbers are Asterisk's. */
enum ast_option_flags {
	AST_OPT_FLAG_EXEC_INCLUDES = (1 << 0),
	AST_OPT_FLAG_NO_FORK = (1 << 1),
	AST_OPT_FLAG_QUIET = (1 << 2),
	AST_OPT_FLAG_CONSOLE = (1 << 3),
	AST_OPT_FLAG_HIGH_PRIORITY = (1 << 4),
	AST_OPT_FLAG_INIT_KEYS = (1 << 5),
	AST_OPT_FLAG_REMOTE = (1 << 6),
	AST_OPT_FLAG_EXEC = (1 << 7),
	AST_OPT_FLAG_NO_COLOR = (1 << 8),
	AST_OPT_FLAG_FULLY_BOOTED = (1 << 9),
	AST_OPT_FLAG_DUMP_CORE = (1 << 12),
	AST_OPT_FLAG_TIMESTAMP = (1 << 14),
	AST_OPT_FLAG_RECONNECT = (1 << 16),
	AST_OPT_FLAG_TRANSMIT_SILENCE = (1 << 17),
	AST_OPT_FLAG_DONT_WARN = (1 << 18),
	AST_OPT_FLAG_ALWAYS_FORK = (1 << 21),
	AST_OPT_FLAG_MUTE = (1 << 22),
	AST_OPT_FLAG_DEBUG_MODULE = (1 << 23),
	AST_OPT_FLAG_TRACE_MODULE = (1 << 24),
};

/* Non-zero when the option is on; the macros need asterisk/utils.h for ast_test_flag64. */
#define ast_opt_exec_includes ast_test_flag64(&ast_options, AST_OPT_FLAG_EXEC_INCLUDES)
#define ast_opt_no_fork ast_test_flag64(&ast_options, AST_OPT_FLAG_NO_FORK)
#define ast_opt_quiet ast_test_flag64(&ast_options, AST_OPT_FLAG_QUIET)
#define ast_opt_console ast_test_flag64(&ast_options, AST_OPT_FLAG_CONSOLE)
#define ast_opt_high_priority ast_test_flag64(&ast_options, AST_OPT_FLAG_HIGH_PRIORITY)
#define ast_opt_init_keys ast_test_flag64(&ast_options, AST_OPT_FLAG_INIT_KEYS)
#define ast_opt_remote ast_test_flag64(&ast_options, AST_OPT_FLAG_REMOTE)
#define ast_opt_exec ast_test_flag64(&ast_options, AST_OPT_FLAG_EXEC)
#define ast_opt_no_color ast_test_flag64(&ast_options, AST_OPT_FLAG_NO_COLOR)
#define ast_fully_booted ast_test_flag64(&ast_options, AST_OPT_FLAG_FULLY_BOOTED)
#define ast_opt_dump_core ast_test_flag64(&ast_options, AST_OPT_FLAG_DUMP_CORE)
#define ast_opt_timestamp ast_test_flag64(&ast_options, AST_OPT_FLAG_TIMESTAMP)
#define ast_opt_reconnect ast_test_flag64(&ast_options, AST_OPT_FLAG_RECONNECT)
#define ast_opt_transmit_silence ast_test_flag64(&ast_options, AST_OPT_FLAG_TRANSMIT_SILENCE)
#define ast_opt_dont_warn ast_test_flag64(&ast_options, AST_OPT_FLAG_DONT_WARN)
#define ast_opt_always_fork ast_test_flag64(&ast_options, AST_OPT_FLAG_ALWAYS_FORK)
#define ast_opt_mute ast_test_flag64(&ast_options, AST_OPT_FLAG_MUTE)
#define ast_opt_dbg_module ast_test_flag64(&ast_options, AST_OPT_FLAG_DEBUG_MODULE)
#define ast_opt_trace_module ast_test_flag64(&ast_options, AST_OPT_FLAG_TRACE_MODULE)

extern struct ast_flags64 ast_options;
extern int option_verbose;	/* Level of verbose messages that are shown. */
extern int option_debug;	/* Level of debug messages that are kept. */
extern int option_trace;	/* Level of trace messages that are kept. */
extern int ast_option_maxcalls;	/* Most calls at a time; 0, since there is no limit. */
extern double ast_option_maxload;	/* The load above which no call is taken; 0, since there is no limit. */
extern int ast_option_maxfiles;	/* Most open files, 0 for the system's limit. */
extern char ast_defaultlanguage[];
extern struct timeval ast_startuptime;		/* When the runtime started. */
extern struct timeval ast_lastreloadtime;	/* When it last reloaded everything. */
extern pid_t ast_mainpid;

#ifdef __cplusplus
}
#endif

#endif
