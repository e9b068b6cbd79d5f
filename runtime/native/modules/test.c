/*
 * Tests that modules bring: what they say, and their runs, marked for the crash handler.  Which there are, and how each
 * ended, is kept by Python (runtime/api/test.py).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

struct ast_test {
	struct ast_test_info info;
	ast_test_cb_t *cb;
	ast_test_init_cb_t *init;
	ast_test_cleanup_cb_t *cleanup;
	struct ast_cli_args *args;	/* Of the command that runs it; NULL while none does. */
	pthread_mutex_t lock;		/* Threads of the test may speak, too. */
	struct ast_str *status;
	enum ast_test_result_state state;
	char *doing;			/* "test /res/sum/adds_up", for the mark. */
	char module[];
};

struct ast_test *asterism_test_new(const char *module, ast_test_cb_t *cb)
{
	size_t size = strlen(module) + 1;
	struct ast_test *test = calloc(1, sizeof(*test) + size);
	struct asterism_mark mark;

	if (!test) {
		return NULL;
	}
	memcpy(test->module, module, size);
	pthread_mutex_init(&test->lock, NULL);
	test->cb = cb;
	test->status = ast_str_create(128);
	asterism_enter(&mark, test->module, "the description of a test");
	cb(&test->info, TEST_INIT, test);
	asterism_leave(&mark);
	if (!test->status || asprintf(&test->doing, "test %s%s", S_OR(test->info.category, ""), S_OR(test->info.name, "")) < 0) {
		test->doing = NULL;
		asterism_test_free(test);
		return NULL;
	}
	return test;
}

void asterism_test_free(struct ast_test *test)
{
	pthread_mutex_destroy(&test->lock);
	ast_free(test->status);
	free(test->doing);
	free(test);
}

const struct ast_test_info *asterism_test_info(const struct ast_test *test)
{
	return &test->info;
}

void asterism_test_around(struct ast_test *test, ast_test_init_cb_t *init, ast_test_cleanup_cb_t *cleanup)
{
	test->init = init ? init : test->init;
	test->cleanup = cleanup ? cleanup : test->cleanup;
}

static void run(struct ast_test *test)
{
	enum ast_test_result_state result;

	if (test->init && test->init(&test->info, test)) {
		test->state = AST_TEST_FAIL;
		return;
	}
	result = test->cb(&test->info, TEST_EXECUTE, test);
	if (test->state != AST_TEST_FAIL) {
		test->state = result;
	}
	if (test->cleanup && test->cleanup(&test->info, test)) {
		test->state = AST_TEST_FAIL;
	}
}

enum ast_test_result_state asterism_test_run(struct ast_test *test, struct ast_cli_args *args)
{
	struct asterism_mark mark;

	ast_str_reset(test->status);
	test->state = AST_TEST_NOT_RUN;
	test->args = args;
	asterism_enter(&mark, test->module, test->doing);
	run(test);
	asterism_leave(&mark);
	test->args = NULL;
	return test->state;
}

const char *asterism_test_status(const struct ast_test *test)
{
	return ast_str_buffer(test->status);
}

void ast_test_set_result(struct ast_test *test, enum ast_test_result_state state)
{
	if (test && test->state != AST_TEST_FAIL && state != AST_TEST_NOT_RUN) {
		test->state = state;
	}
}

struct ast_cli_args *ast_test_get_cli_args(struct ast_test *test)
{
	return test ? test->args : NULL;
}

void ast_test_debug(struct ast_test *test, const char *fmt, ...)
{
	struct asterism_place place = { "ast_test_debug", 0, "ast_test_debug" };
	char room[1024], *allocated, *text;
	va_list ap;

	va_start(ap, fmt);
	text = asterism_format(room, sizeof(room), &allocated, &place, fmt, ap);
	va_end(ap);
	if (text && test && test->args) {
		ast_cli(test->args->fd, "%s", text);
	}
	free(allocated);
}

int __ast_test_status_update(const char *file, const char *func, int line, struct ast_test *test, const char *fmt, ...)
{
	struct asterism_place place = { file, line, func };
	char room[1024], *allocated, *text;
	va_list ap;

	va_start(ap, fmt);
	text = asterism_format(room, sizeof(room), &allocated, &place, fmt, ap);
	va_end(ap);
	if (text && test) {
		if (test->args) {
			ast_cli(test->args->fd, "[%s:%s:%d]: %s", file, func, line, text);
		}
		pthread_mutex_lock(&test->lock);
		ast_str_append(&test->status, 0, "[%s:%s:%d]: %s", file, func, line, text);
		pthread_mutex_unlock(&test->lock);
	}
	free(allocated);
	return text && test ? 0 : -1;
}

void __ast_test_suite_event_notify(const char *file, const char *func, int line, const char *state, const char *fmt, ...)
{
	__typeof__(asterism_table.asterism_test_event) event = asterism_table.asterism_test_event;
	struct asterism_place place = { file, line, func };
	char room[1024], *allocated, *text;
	va_list ap;

	va_start(ap, fmt);
	text = asterism_format(room, sizeof(room), &allocated, &place, fmt, ap);
	va_end(ap);
	if (text && event) {
		event(file, line, func, state, text);
	}
	free(allocated);
}

void ast_test_capture_init(struct ast_test_capture *capture)
{
	*capture = (struct ast_test_capture) { .pid = -1, .exitcode = -1 };
}

void ast_test_capture_free(struct ast_test_capture *capture)
{
	if (capture) {
		free(capture->outbuf);
		free(capture->errbuf);
		ast_test_capture_init(capture);
	}
}
