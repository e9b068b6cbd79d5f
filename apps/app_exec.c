/*
 * The applications Exec, TryExec and ExecIf: run an application whose name is known only at run time.
 *
 * Exec behaves like the other application; TryExec continues the dialplan, whatever the result of the other application.
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

/* A parsed "Name(arguments)". */
struct call {
	char *name;
	char *arguments;	/* "" without arguments. */
};

/* Parses text in place; the last closing parenthesis ends the arguments. */
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
		ast_log(LOG_WARNING, "No such application '%s'\n", name);
	}
	return app;
}

/* Runs a call without substitution: the application's result, or -1 for an unknown application. */
static int run_call(struct ast_channel *chan, struct call call)
{
	struct ast_app *app = find_application(call.name);

	return app ? pbx_exec(chan, app, call.arguments) : -1;
}

/* Runs a call with the variables in its arguments substituted once more; *status is the TRYSTATUS of TryExec. */
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

/* ExecIf(condition,application,arguments), the older syntax without a question mark. */
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
	ast_log(LOG_WARNING, "ExecIf with commas is obsolete; write ExecIf(condition?%s(%s))\n", call.name, call.arguments);
	return pbx_checkcondition(args.condition) ? run_call(chan, call) : 0;
}

static int execif_exec(struct ast_channel *chan, const char *data)
{
	char *text = ast_strdup(S_OR(data, ""));
	int result;

	if (!text) {
		return -1;
	}
	/* The first separator, comma or question mark, tells the syntax. */
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
		"arguments    - its arguments; variables in them are substituted once more.\n"
		"\n"
		"Exec returns the application's result: an application that ends the dialplan\n"
		"ends it here too, and so does an unknown application. TryExec continues in\n"
		"both cases.",
	},
	{
		"TryExec", tryexec_exec,
		"Runs an application and continues, whatever its result.",
		"TryExec(application(arguments))\n"
		"\n"
		"application  - its name, usually from a variable.\n"
		"arguments    - its arguments; variables in them are substituted once more.\n"
		"\n"
		"Sets the variable TRYSTATUS to\n"
		"  SUCCESS    when the application returned 0,\n"
		"  FAILED     when it returned something else,\n"
		"  NOAPP      when the application is unknown or its name is missing.",
	},
	{
		"ExecIf", execif_exec,
		"Runs one application if a condition is true, another one if it is false.",
		EXECIF_USAGE "\n"
		"\n"
		"condition    - false when it is empty or a number that is 0, true otherwise.\n"
		"application  - the application to run when the condition is true and, after the\n"
		"               colon, the one to run when it is false.\n"
		"arguments    - the arguments of the application.\n"
		"\n"
		"ExecIf returns the application's result; an unknown application ends the\n"
		"dialplan.",
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
