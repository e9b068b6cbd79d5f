/*
 * The applications Exec, TryExec and ExecIf: run another application whose name is known only now.
 *
 * Exec behaves as if the other application stood in its place; TryExec lets the dialplan go on whatever it does.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*** MODULEINFO
	<support_level>core</support_level>
 ***/

#include "asterisk.h"

#include "asterisk/module.h"
#include "asterisk/app.h"
#include "asterisk/channel.h"
#include "asterisk/pbx.h"
#include "asterisk/strings.h"

#define EXECIF_USAGE "ExecIf(condition?application(arguments)[:application(arguments)])"

/* "Name(arguments)", taken apart. */
struct call {
	char *name;
	char *arguments;	/* "" when there are none. */
};

/* Takes text apart, in place; the last closing parenthesis ends the arguments. */
static struct call split_call(char *text)
{
	struct call call = { .name = text, .arguments = strchr(text, '(') };
	char *end;

	if (!call.arguments) {
		call.arguments = text + strlen(text);
	} else {
		*call.arguments++ = '\0';
		end = strrchr(call.arguments, ')');
		if (end) {
			*end = '\0';
		} else {
			ast_log(LOG_WARNING, "'%s(%s' has no closing parenthesis\n", call.name, call.arguments);
		}
	}
	call.name = ast_strip(call.name);
	return call;
}

static struct ast_app *find_application(const char *name)
{
	struct ast_app *app = pbx_findapp(name);

	if (!app) {
		ast_log(LOG_WARNING, "There is no application '%s'\n", name);
	}
	return app;
}

/* Runs a call as it stands: what the application returned, or -1 when there is none of that name. */
static int run_call(struct ast_channel *chan, struct call call)
{
	struct ast_app *app = find_application(call.name);

	return app ? pbx_exec(chan, app, call.arguments) : -1;
}

/* The same with variables in the arguments replaced once more; *status is what TryExec says about it. */
static int run_substituted(struct ast_channel *chan, struct call call, const char **status)
{
	struct ast_app *app = find_application(call.name);
	struct ast_str *arguments;
	int result;

	*status = app ? "FAILED" : "NOAPP";
	arguments = app ? ast_str_create(strlen(call.arguments) + 1) : NULL;
	if (!arguments) {
		return -1;
	}
	ast_str_substitute_variables(&arguments, 0, chan, call.arguments);
	result = pbx_exec(chan, app, ast_str_buffer(arguments));
	*status = result ? "FAILED" : "SUCCESS";
	ast_free(arguments);
	return result;
}

static int run_text(struct ast_channel *chan, const char *data, const char **status)
{
	char *text = ast_strdup(data);
	int result;

	*status = "FAILED";
	if (!text) {
		return -1;
	}
	result = run_substituted(chan, split_call(text), status);
	ast_free(text);
	return result;
}

static int exec_exec(struct ast_channel *chan, const char *data)
{
	const char *status;

	return ast_strlen_zero(data) ? 0 : run_text(chan, data, &status);
}

static int tryexec_exec(struct ast_channel *chan, const char *data)
{
	const char *status = "NOAPP";

	if (!ast_strlen_zero(data)) {
		run_text(chan, data, &status);
	}
	pbx_builtin_setvar_helper(chan, "TRYSTATUS", status);
	return 0;
}

/* ExecIf(condition?yes:no) */
static int execif_question(struct ast_channel *chan, char *text)
{
	AST_DECLARE_APP_ARGS(args,
		AST_APP_ARG(condition);
		AST_APP_ARG(calls);
	);
	AST_DECLARE_APP_ARGS(calls,
		AST_APP_ARG(yes);
		AST_APP_ARG(no);
	);

	AST_NONSTANDARD_RAW_ARGS(args, text, '?');
	if (ast_strlen_zero(args.calls)) {
		ast_log(LOG_ERROR, "ExecIf has no application to run: " EXECIF_USAGE "\n");
		return -1;
	}
	AST_NONSTANDARD_RAW_ARGS(calls, args.calls, ':');
	if (pbx_checkcondition(args.condition)) {
		return run_call(chan, split_call(calls.yes));
	}
	return ast_strlen_zero(calls.no) ? 0 : run_call(chan, split_call(calls.no));
}

/* ExecIf(condition,application,arguments), as it was written before there was the question mark. */
static int execif_commas(struct ast_channel *chan, char *text)
{
	struct call call;
	AST_DECLARE_APP_ARGS(args,
		AST_APP_ARG(condition);
		AST_APP_ARG(name);
		AST_APP_ARG(arguments);
	);

	AST_STANDARD_APP_ARGS(args, text);
	if (ast_strlen_zero(args.name)) {
		ast_log(LOG_ERROR, "ExecIf has no application to run: " EXECIF_USAGE "\n");
		return -1;
	}
	call.name = ast_strip(args.name);
	call.arguments = S_OR(args.arguments, "");
	ast_log(LOG_WARNING, "ExecIf with commas is out of use; write ExecIf(condition?%s(%s))\n", call.name, call.arguments);
	return pbx_checkcondition(args.condition) ? run_call(chan, call) : 0;
}

static int execif_exec(struct ast_channel *chan, const char *data)
{
	char *text = ast_strdup(S_OR(data, ""));
	int result;

	if (!text) {
		return -1;
	}
	/* Whichever comes first, the comma or the question mark, says which way it is written. */
	result = text[strcspn(text, ",?")] == '?' ? execif_question(chan, text) : execif_commas(chan, text);
	ast_free(text);
	return result;
}

static const struct {
	const char *name;
	int (*execute)(struct ast_channel *, const char *);
	const char *synopsis;
	const char *description;
} applications[] = {
	{
		"Exec", exec_exec,
		"Runs an application whose name is known only at run time.",
		"Exec(application(arguments))\n"
		"\n"
		"application  - its name, usually from a variable.\n"
		"arguments    - what it gets; variables in them are replaced once more.\n"
		"\n"
		"What the application returns is returned, so that one that ends the dialplan\n"
		"ends it here as well. So does an application that does not exist. TryExec goes\n"
		"on in both cases.",
	},
	{
		"TryExec", tryexec_exec,
		"Runs an application and goes on, whatever it does.",
		"TryExec(application(arguments))\n"
		"\n"
		"application  - its name, usually from a variable.\n"
		"arguments    - what it gets; variables in them are replaced once more.\n"
		"\n"
		"Afterwards the variable TRYSTATUS is\n"
		"  SUCCESS    when the application returned 0,\n"
		"  FAILED     when it returned something else,\n"
		"  NOAPP      when there is no application of that name, or none was named.",
	},
	{
		"ExecIf", execif_exec,
		"Runs an application if a condition holds, and perhaps another if not.",
		EXECIF_USAGE "\n"
		"\n"
		"condition    - false when it is empty or a number that is 0, true otherwise.\n"
		"application  - the one to run when it holds, and after the colon the one to run\n"
		"               when it does not.\n"
		"arguments    - what the application gets.\n"
		"\n"
		"What the application returns is returned; an application that does not exist\n"
		"ends the dialplan.",
	},
};

static void unregister(size_t count)
{
	while (count--) {
		ast_unregister_application(applications[count].name);
	}
}

static int unload_module(void)
{
	unregister(ARRAY_LEN(applications));
	return 0;
}

static int load_module(void)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(applications); i++) {
		if (ast_register_application(applications[i].name, applications[i].execute, applications[i].synopsis,
				applications[i].description)) {
			unregister(i);
			return AST_MODULE_LOAD_DECLINE;
		}
	}
	return AST_MODULE_LOAD_SUCCESS;
}

AST_MODULE_INFO_STANDARD(ASTERISK_GPL_KEY, "Exec, TryExec and ExecIf: run other applications");
