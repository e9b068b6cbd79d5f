/*
 * Subroutines of the dialplan, which a module runs (asterisk/app.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

/* The functions of the module, which are not taken away while one of them runs. */
static const struct ast_app_stack_funcs *functions;
static pthread_rwlock_t using = PTHREAD_RWLOCK_INITIALIZER;

void ast_install_stack_functions(const struct ast_app_stack_funcs *funcs)
{
	pthread_rwlock_wrlock(&using);
	functions = funcs;
	pthread_rwlock_unlock(&using);
}

/* The module with the functions, held; NULL when there is none, which is logged. */
static struct ast_module *hold(const struct ast_app_stack_funcs **found)
{
	struct ast_module *module = NULL;

	pthread_rwlock_rdlock(&using);
	*found = functions;
	if (functions) {
		module = ast_module_ref(functions->module);
	}
	pthread_rwlock_unlock(&using);
	if (!*found) {
		ast_log(LOG_WARNING, "no module runs subroutines: load app_stack\n");
	}
	return module;
}

const char *ast_app_expand_sub_args(struct ast_channel *chan, const char *args)
{
	const struct ast_app_stack_funcs *found;
	struct ast_module *module = hold(&found);
	const char *expanded = found && found->expand_sub_args ? found->expand_sub_args(chan, args) : NULL;

	ast_module_unref(module);
	return expanded;
}

int ast_app_run_sub(struct ast_channel *autoservice_chan, struct ast_channel *sub_chan, const char *sub_location,
	const char *sub_args, int ignore_hangup)
{
	struct ast_str *args = ast_strlen_zero(sub_location) ? NULL : ast_str_create(64);
	int result;

	if (!args) {
		return -1;
	}
	ast_str_set(&args, 0, strchr(sub_location, '(') ? "%s" : "%s(%s)", sub_location, S_OR(sub_args, ""));
	result = ast_app_exec_sub(autoservice_chan, sub_chan, ast_str_buffer(args), ignore_hangup);
	ast_free(args);
	return result;
}

int ast_app_exec_sub(struct ast_channel *autoservice_chan, struct ast_channel *sub_chan, const char *sub_args,
	int ignore_hangup)
{
	const struct ast_app_stack_funcs *found;
	struct ast_module *module = hold(&found);
	int result = -1, is_serviced = found && autoservice_chan && !ast_autoservice_start(autoservice_chan);

	if (found && found->run_sub) {
		result = found->run_sub(sub_chan, sub_args, ignore_hangup);
	}
	if (is_serviced && ast_autoservice_stop(autoservice_chan)) {
		result = -1;
	}
	ast_module_unref(module);
	return result;
}
