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
 * load_module registers the test, AST_TEST_REGISTER(adds_up); unload_module unregisters it, AST_TEST_UNREGISTER(adds_up).
 * Without the build option TEST_FRAMEWORK both are empty, and the compiler omits the test.
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

/* The result of a test. */
enum ast_test_result_state {
	AST_TEST_NOT_RUN,
	AST_TEST_PASS,
	AST_TEST_FAIL,
};

/* The purpose of a call of a test. */
enum ast_test_command {
	TEST_INIT,	/* Fill info and return AST_TEST_NOT_RUN. */
	TEST_EXECUTE,	/* Run the test and return its result. */
};

/* A registered test; opaque. */
struct ast_test;

/* The description of a test; all texts must be set. */
struct ast_test_info {
	const char *name;		/* Unique in its category. */
	const char *category;		/* A path that begins and ends with a slash: "/res/sum/". */
	const char *summary;		/* A line, without a newline. */
	const char *description;	/* Any number of lines, without a newline at the end. */
	unsigned int explicit_only;	/* Non-zero: it runs only when it is asked for by name. */
};

/* A completed program: its output, allocated, and its exit status. */
struct ast_test_capture {
	char *outbuf;	/* Standard output, closed by a NUL. */
	size_t outlen;
	char *errbuf;	/* Standard error, closed by a NUL. */
	size_t errlen;
	pid_t pid;	/* The process id; -1 when the program was not run. */
	int exitcode;	/* The exit status; 128 plus the signal for a program that was ended by a signal. */
};

#ifdef TEST_FRAMEWORK
#define AST_TEST_DEFINE(hdr) AST_TEST_HEAD_(hdr)
#define AST_TEST_REGISTER(cb) ast_test_register(cb)
#define AST_TEST_UNREGISTER(cb) ast_test_unregister(cb)
/* ast_test_suite_event_notify("STATE", "format", ...): reports a state of the code to an external test. */
#define ast_test_suite_event_notify(s, f, ...) \
	__ast_test_suite_event_notify(__FILE__, __PRETTY_FUNCTION__, __LINE__, (s), (f), ##__VA_ARGS__)
#else
/* A disabled test is compiled, so that its code stays correct, and then omitted. */
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

/* A test; an init or cleanup callback for the tests of a category: 0, any other value fails the test. */
typedef enum ast_test_result_state (ast_test_cb_t)(struct ast_test_info *info, enum ast_test_command cmd,
	struct ast_test *test);
typedef int (ast_test_init_cb_t)(struct ast_test_info *info, struct ast_test *test);
typedef int (ast_test_cleanup_cb_t)(struct ast_test_info *info, struct ast_test *test);

/* Registers a test: 0, or -1 when its description is incomplete or it is already registered. */
int ast_test_register(ast_test_cb_t *cb);
/* Unregisters a test: 0, or -1 when it is not registered. */
int ast_test_unregister(ast_test_cb_t *cb);
/* Has cb called before, or after, each test that is registered in a category now: 0, or 1 when the category has no tests. */
int ast_test_register_init(const char *category, ast_test_init_cb_t *cb);
int ast_test_register_cleanup(const char *category, ast_test_cleanup_cb_t *cb);

/* Shows a message while the test runs; the message is not kept. */
void ast_test_debug(struct ast_test *test, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Shows a message and keeps it, with its source line, with the result.  Use ast_test_status_update(test, "format\n", ...). */
int __ast_test_status_update(const char *file, const char *func, int line, struct ast_test *test, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));
/* Sets the result while the test goes on.  A failed test stays failed, whatever is set or returned later. */
void ast_test_set_result(struct ast_test *test, enum ast_test_result_state state);
/* The command line that runs the test, with the words after `options`; NULL when the test is not run by a command. */
struct ast_cli_args *ast_test_get_cli_args(struct ast_test *test);

/* The function behind ast_test_suite_event_notify. */
void __ast_test_suite_event_notify(const char *file, const char *func, int line, const char *state, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));

/* Initializes a capture; frees its contents. */
void ast_test_capture_init(struct ast_test_capture *capture);
void ast_test_capture_free(struct ast_test_capture *capture);
/* Runs a program of PATH with datalen bytes of data as its input, until it ends: 1, or 0 when it cannot be run. */
int ast_test_capture_command(struct ast_test_capture *capture, const char *file, char *const argv[], const char *data,
	unsigned datalen);

/*
 * ast_test_validate(test, condition, WORDS): if the condition is false, the source line and the condition are reported
 * (after WORDS, if given), and the test returns AST_TEST_FAIL.  RAII_VAR cleans up after it.
 */
#define ast_test_validate(test, condition, ...) \
	do { \
		if (!(condition)) { \
			ast_test_status_update((test), "%s: %s\n", \
				sizeof(#__VA_ARGS__) > 1 ? #__VA_ARGS__ : "Condition failed", #condition); \
			return AST_TEST_FAIL; \
		} \
	} while (0)
/* ast_test_validate that sets rc_variable to the result and continues at cleanup_label. */
#define ast_test_validate_cleanup(test, condition, rc_variable, cleanup_label) \
	ast_test_validate_cleanup_custom((test), condition, rc_variable, cleanup_label, "%s: %s\n", "Condition failed", \
		#condition)
/* ast_test_validate with a formatted message. */
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
