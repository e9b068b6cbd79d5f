/*
 * Calls into modules.  Each sets a mark for its thread, so that a crash report names the module and the callback.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

__thread struct asterism_mark *asterism_marks;

void asterism_enter(struct asterism_mark *mark, const char *module, const char *callback)
{
	asterism_crash_prepare_thread();
	mark->module = module;
	mark->callback = callback;
	mark->outer = asterism_marks;
	asterism_marks = mark;
}

void asterism_leave(struct asterism_mark *mark)
{
	asterism_process_returned(mark);
	asterism_marks = mark->outer;
}

const char *asterism_calling_module(void)
{
	return asterism_marks ? asterism_marks->module : NULL;
}

int asterism_call(const char *module, const char *callback, int (*function)(void))
{
	struct asterism_mark mark;
	int result;

	asterism_enter(&mark, module, callback);
	result = function();
	asterism_leave(&mark);
	return result;
}

int asterism_call_execute(const char *module, const char *callback,
	int (*execute)(struct ast_channel *, const char *), struct ast_channel *chan, const char *data)
{
	struct asterism_mark mark;
	int result;

	asterism_enter(&mark, module, callback);
	result = execute(chan, data);
	asterism_leave(&mark);
	return result;
}

int asterism_call_read(const char *module, struct ast_custom_function *acf, struct ast_channel *chan, char *data,
	char *buf, size_t len)
{
	struct asterism_mark mark;
	int result;

	asterism_enter(&mark, module, acf->name);
	result = acf->read(chan, acf->name, data, buf, len);
	asterism_leave(&mark);
	return result;
}

int asterism_call_read2(const char *module, struct ast_custom_function *acf, struct ast_channel *chan, char *data,
	struct ast_str **str, ssize_t len)
{
	struct asterism_mark mark;
	int result;

	asterism_enter(&mark, module, acf->name);
	result = acf->read2(chan, acf->name, data, str, len);
	asterism_leave(&mark);
	return result;
}

int asterism_call_write(const char *module, struct ast_custom_function *acf, struct ast_channel *chan, char *data,
	const char *value)
{
	struct asterism_mark mark;
	int result;

	asterism_enter(&mark, module, acf->name);
	result = acf->write(chan, acf->name, data, value);
	asterism_leave(&mark);
	return result;
}

/* "NAME(arguments)", for ast_free; NULL without memory. */
static char *function_call(const char *name, const char *arguments)
{
	char *call = NULL;

	return ast_asprintf(&call, "%s(%s)", S_OR(name, ""), S_OR(arguments, "")) < 0 ? NULL : call;
}

int asterism_function_read2(struct ast_channel *chan, const char *cmd, char *data, struct ast_str **str, ssize_t len)
{
	char *call = function_call(cmd, data);
	int result = call ? ast_func_read2(chan, call, str, len) : -1;

	ast_free(call);
	return result;
}

int asterism_function_write(struct ast_channel *chan, const char *cmd, char *data, const char *value)
{
	char *call = function_call(cmd, data);
	int result = call ? ast_func_write(chan, call, value) : -1;

	ast_free(call);
	return result;
}

char *asterism_call_cli(const char *module, struct ast_cli_entry *entry, int command, struct ast_cli_args *args)
{
	struct asterism_mark mark;
	char *result;

	asterism_enter(&mark, module, entry->command ? entry->command : "CLI command");
	result = entry->handler(entry, command, args);
	asterism_leave(&mark);
	return result;
}

int asterism_call_action(const char *module, const char *action,
	int (*func)(struct mansession *, const struct message *), struct mansession *s, const struct message *m)
{
	struct asterism_mark mark;
	int result;

	asterism_enter(&mark, module, action);
	result = func(s, m);
	asterism_leave(&mark);
	return result;
}

int asterism_call_hook(const char *module, const char *hook, int (*helper)(int, const char *, char *), int category,
	const char *event, char *body)
{
	struct asterism_mark mark;
	int result;

	asterism_enter(&mark, module, hook);
	result = helper(category, event, body);
	asterism_leave(&mark);
	return result;
}
