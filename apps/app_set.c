/*
 * The applications Set, MSet and NoOp.
 *
 * Set takes the text after the first '=' unchanged; MSet sets several variables, separated by commas.
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

/* The most variables that MSet sets. */
#define MOST_PAIRS 99u

/* Sets a variable and continues the dialplan, also after a failure, which is logged. */
static void set(struct ast_channel *chan, const char *application, char *name, const char *value)
{
	name = ast_strip(name);
	if (*name) {
		pbx_builtin_setvar_helper(chan, name, value);
	} else {
		ast_log(LOG_WARNING, "%s: the variable for the value '%s' has no name\n", application, value);
	}
}

static int set_exec(struct ast_channel *chan, const char *data)
{
	char *name = ast_strdup(S_OR(data, ""));
	char *value = name;

	if (!name) {
		return -1;
	}
	strsep(&value, "=");
	if (value) {
		set(chan, "Set", name, value);
	} else {
		ast_log(LOG_WARNING, "Set needs a variable and a value: Set(name=value)\n");
	}
	ast_free(name);
	return 0;
}

static void set_pair(struct ast_channel *chan, char *text)
{
	AST_DECLARE_APP_ARGS(pair,
		AST_APP_ARG(name);
		AST_APP_ARG(value);
	);

	AST_NONSTANDARD_APP_ARGS(pair, text, '=');
	if (pair.argc == 2) {
		set(chan, "MSet", pair.name, pair.value);
	} else {
		ast_log(LOG_WARNING, "MSet: '%s' is ignored: it is not name=value\n", text);
	}
}

static int mset_exec(struct ast_channel *chan, const char *data)
{
	char *text = ast_strdup(S_OR(data, ""));
	unsigned int i;
	AST_DECLARE_APP_ARGS(args,
		AST_APP_ARG(pair)[MOST_PAIRS];
		AST_APP_ARG(rest);
	);

	if (!text) {
		return -1;
	}
	if (!*text) {
		ast_log(LOG_WARNING, "MSet needs variables and values: MSet(name=value[,name=value...])\n");
	}
	AST_STANDARD_APP_ARGS(args, text);
	for (i = 0; i < MIN(args.argc, MOST_PAIRS) && *text; i++) {
		set_pair(chan, args.pair[i]);
	}
	if (args.argc > MOST_PAIRS) {
		ast_log(LOG_WARNING, "MSet sets at most %u variables; '%s' is ignored\n", MOST_PAIRS, args.rest);
	}
	ast_free(text);
	return 0;
}

static int noop_exec(struct ast_channel *chan attribute_unused, const char *data attribute_unused)
{
	return 0;
}

static const struct {
	const char *name;
	int (*execute)(struct ast_channel *, const char *);
	const char *synopsis;
	const char *description;
} applications[] = {
	{
		"Set", set_exec,
		"Sets a variable or a function.",
		"Set(name=value)\n"
		"\n"
		"name   - a variable of the channel, or a writable function such as\n"
		"         GLOBAL(x). One or two leading underscores are not part of the name.\n"
		"value  - everything after the first '=', with commas, blanks and quotes.\n"
		"\n"
		"Without a channel, a global variable is set.",
	},
	{
		"MSet", mset_exec,
		"Sets several variables or functions.",
		"MSet(name=value[,name=value...])\n"
		"\n"
		"name   - as for Set.\n"
		"value  - quotes and backslashes are removed; a comma ends the value unless it\n"
		"         is in quotes or after a backslash.",
	},
	{
		"NoOp", noop_exec,
		"Does nothing.",
		"NoOp([text])\n"
		"\n"
		"text   - shown on the console with the step, at verbosity 3 or more, with its\n"
		"         variables substituted.",
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

AST_MODULE_INFO_STANDARD(ASTERISK_GPL_KEY, "Set, MSet and NoOp");
