/*
 * Unit tests inside a module, run from the console: `test show registered all`, `test execute all`.
 *
 *	AST_TEST_DEFINE(adds_up)
 *	{
 *		switch (cmd) {
 *		case TEST_INIT:
 *			info->name = "adds_up";
 *			info->category = "/res/sum/";
 *			info->summary = "Sums are right";
 *			info->description = "Adds two numbers and looks at what comes out.";
 *			return AST_TEST_NOT_RUN;
 *		case TEST_EXECUTE:
 *			break;
 *		}
 *		ast_test_validate(test, sum(2, 2) == 4);
 *		return AST_TEST_PASS;
 *	}
 *
 * load_module registers it, AST_TEST_REGISTER(adds_up); unload_module takes it away, AST_TEST_UNREGISTER(adds_up).
 * Without the build option TEST_FRAMEWORK both are nothing, and the compiler leaves the test out.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASTERISM_TEST_H
#define ASTERISM_TEST_H

#include "asterisk/cli.h"
#include "asterisk/strings.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How a test ended. */
enum ast_test_result_state {
	AST_TEST_NOT_RUN,
	AST_TEST_PASS,
	AST_TEST_FAIL,
};

/* What a test is called for. */
enum ast_test_command {
	TEST_INIT,	/* Fill info and return AST_TEST_NOT_RUN. */
	TEST_EXECUTE,	/* Run, and return how it ended. */
};

/* A registered test; opaque. */
struct ast_test;

/* What a test says of itself; all texts but those of explicit_only must be there. */
struct ast_test_info {
	const char *name;		/* Unique in its category. */
	const char *category;		/* A path that begins and ends with a slash: "/res/sum/". */
	const char *summary;		/* A line, without a line end. */
	const char *description;	/* As much as is needed, without a line end after it. */
	unsigned int explicit_only;	/* Non-zero: it runs only when it is asked for by name. */
};

/* A program that was run to its end: what it wrote, allocated, and how it ended. */
struct ast_test_capture {
	char *outbuf;	/* Its standard output, with a NUL behind. */
	size_t outlen;
	char *errbuf;	/* Its standard error, likewise. */
	size_t errlen;
	pid_t pid;	/* Its number; -1 when it was not run. */
	int exitcode;	/* What it ended with; 128 and the signal when one ended it. */
};

#ifdef TEST_FRAMEWORK
#define AST_TEST_DEFINE(hdr) AST_TEST_HEAD_(hdr)
#define AST_TEST_REGISTER(cb) ast_test_register(cb)
#define AST_TEST_UNREGISTER(cb) ast_test_unregister(cb)
/* ast_test_suite_event_notify("STATE", "format", ...): tells a test from outside what the code has come to. */
#define ast_test_suite_event_notify(s, f, ...) \
	__ast_test_suite_event_notify(__FILE__, __PRETTY_FUNCTION__, __LINE__, (s), (f), ##__VA_ARGS__)
#else
/* Compiled, so that a test that is switched off does not go stale, and left out. */
#define AST_TEST_DEFINE(hdr) AST_TEST_HEAD_(attribute_unused hdr)
#define AST_TEST_REGISTER(cb)
#define AST_TEST_UNREGISTER(cb)
#define ast_test_suite_event_notify(s, f, ...)
#endif
#define AST_TEST_HEAD_(hdr) \
	static enum ast_test_result_state hdr(struct ast_test_info *info attribute_unused, enum ast_test_command cmd, \
		struct ast_test *test attribute_unused)

#define ast_test_status_update(t, f, ...) \
	__ast_test_status_update(__FILE__, __PRETTY_FUNCTION__, __LINE__, (t), (f), ##__VA_ARGS__)

/* A test, and what may run before and after each test of a category: 0, anything else fails the test. */
typedef enum ast_test_result_state (ast_test_cb_t)(struct ast_test_info *info, enum ast_test_command cmd,
	struct ast_test *test);
typedef int (ast_test_init_cb_t)(struct ast_test_info *info, struct ast_test *test);
typedef int (ast_test_cleanup_cb_t)(struct ast_test_info *info, struct ast_test *test);

/* Registers a test: 0, or -1 when it says too little of itself or is there already. */
int ast_test_register(ast_test_cb_t *cb);
/* Takes a test away: 0, or -1 when it is not registered. */
int ast_test_unregister(ast_test_cb_t *cb);
/* Has cb called before, or after, each test that is registered in a category now: 0, or 1 when there is none. */
int ast_test_register_init(const char *category, ast_test_init_cb_t *cb);
int ast_test_register_cleanup(const char *category, ast_test_cleanup_cb_t *cb);

/* Shown while the test runs, and not kept. */
void ast_test_debug(struct ast_test *test, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Shown, and kept with the result, with its place: what failed.  Use ast_test_status_update(test, "format\n", ...). */
int __ast_test_status_update(const char *file, const char *func, int line, struct ast_test *test, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));
/* Sets the result while the test goes on.  What has failed stays so, whatever is set or returned later. */
void ast_test_set_result(struct ast_test *test, enum ast_test_result_state state);
/* The command line that runs the test, with the words after `options`; NULL when none does. */
struct ast_cli_args *ast_test_get_cli_args(struct ast_test *test);

/* ast_test_suite_event_notify is this. */
void __ast_test_suite_event_notify(const char *file, const char *func, int line, const char *state, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));

/* Makes a capture empty; frees what it holds. */
void ast_test_capture_init(struct ast_test_capture *capture);
void ast_test_capture_free(struct ast_test_capture *capture);
/* Runs a program of PATH with datalen bytes of data as its input, until it ends: 1, or 0 when it cannot be run. */
int ast_test_capture_command(struct ast_test_capture *capture, const char *file, char *const argv[], const char *data,
	unsigned datalen);

/*
 * ast_test_validate(test, condition, WORDS): unless it holds, the place and the condition are told (after the words, if
 * there are any), and the test returns AST_TEST_FAIL.  RAII_VAR cleans up after it.
 */
#define ast_test_validate(test, condition, ...) \
	do { \
		if (!(condition)) { \
			ast_test_status_update((test), "%s: %s\n", \
				sizeof(#__VA_ARGS__) > 1 ? #__VA_ARGS__ : "Condition failed", #condition); \
			return AST_TEST_FAIL; \
		} \
	} while (0)
/* The same, but the result goes into rc_variable, and the test goes on at cleanup_label. */
#define ast_test_validate_cleanup(test, condition, rc_variable, cleanup_label) \
	ast_test_validate_cleanup_custom((test), condition, rc_variable, cleanup_label, "%s: %s\n", "Condition failed", \
		#condition)
/* The same, with a message of one's own. */
#define ast_test_validate_cleanup_custom(test, condition, rc_variable, cleanup_label, fmt, ...) \
	({ \
		if (!(condition)) { \
			ast_test_status_update((test), fmt, ##__VA_ARGS__); \
			rc_variable = AST_TEST_FAIL; \
			goto cleanup_label; \
		} \
	})

#ifdef __cplusplus
}
#endif

#endif
