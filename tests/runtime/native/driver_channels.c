/*
 * The driver's requests about channels (asterisk/channel.h, chanvars.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"
#include "driver.h"

#include "asterisk/astobj2.h"

/* What Python says of a global variable that is not set. */
static const char *unset(struct ast_channel *chan, const char *name)
{
	(void) chan;
	(void) name;
	return NULL;
}

static void say(struct ast_channel *chan, const char *name)
{
	printf("%s=%s ", name, S_OR(pbx_builtin_getvar_helper(chan, name), "(none)"));
}

static void show_all(struct asterism_variables *variables)
{
	size_t size, at;
	char *all = asterism_variables_all(variables, &size);

	for (at = 0; all && at < size; at += strlen(all + at) + 1) {
		printf("[%s]", all + at);
	}
	free(all);
}

/* A module changes the list of a channel in place, between changes by the core; the text is the value. */
void channel_variables(char *text)
{
	struct asterism_variables *variables = asterism_variables_new();
	struct ast_channel *chan = asterism_channel_new(variables, "", "");
	struct ast_var_t *var = ast_var_assign("X", text), *inherited = ast_var_assign("__Y", text);
	int i;

	asterism_table.asterism_variable_get = unset;
	AST_LIST_INSERT_HEAD(ast_channel_varshead(chan), var, entries);
	AST_LIST_INSERT_HEAD(ast_channel_varshead(chan), inherited, entries);
	say(chan, "X");
	pbx_builtin_pushvar_helper(chan, "X", "hides");
	say(chan, "_X");
	pbx_builtin_setvar_helper(chan, "X", NULL);
	AST_LIST_REMOVE(ast_channel_varshead(chan), var, entries);
	ast_var_delete(var);
	say(chan, "X");
	for (i = 0; i < 98; i++) {
		pbx_builtin_setvar_helper(chan, "Y", i % 3 ? text : NULL);	/* The core takes what the module put in. */
	}
	ast_channel_release(chan);
	show_all(variables);	/* They outlive the channel's object. */
	asterism_variables_drop(variables);
	asterism_table.asterism_variable_get = NULL;
}
