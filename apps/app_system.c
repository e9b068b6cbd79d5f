/*
 * The applications System and TrySystem: commands of the shell.
 *
 * They are not chosen by default.  Text from a caller that gets into the command runs as a part of it, with all the rights
 * this program has; whoever chooses them has to see to what stands in the dialplan.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*** MODULEINFO
	<defaultenabled>no</defaultenabled>
	<support_level>core</support_level>
 ***/

#include "asterisk.h"

#include "asterisk/module.h"
#include "asterisk/app.h"
#include "asterisk/channel.h"
#include "asterisk/pbx.h"
#include "asterisk/strings.h"

/* What the shell's status says when there is no such command. */
#define NO_SUCH_COMMAND 127

/* Takes quotes off that stand around the whole command; they are a habit, and the shell would take it for one word. */
static char *unquoted(char *command)
{
	size_t length = strlen(command);

	if (length > 1 && strchr("\"'", command[0]) && command[length - 1] == command[0]) {
		ast_log(LOG_NOTICE, "the command needs no quotes around it: %s\n", command);
		command[length - 1] = '\0';
		command++;
	}
	return command;
}

/* Runs it: what SYSTEMSTATUS says about it. */
static const char *run(struct ast_channel *chan, const char *data)
{
	size_t size = strlen(data) + 1;
	char *command = ast_malloc(size);
	int status;

	if (!command) {
		return "FAILURE";
	}
	ast_get_encoded_str(data, command, size);
	if (chan) {
		ast_autoservice_start(chan);
	}
	status = ast_safe_system(unquoted(command));
	if (chan) {
		ast_autoservice_stop(chan);
	}
	ast_free(command);
	if (status < 0 || status == NO_SUCH_COMMAND) {
		ast_log(LOG_WARNING, "'%s' cannot be run\n", data);
		return "FAILURE";
	}
	return status ? "APPERROR" : "SUCCESS";
}

static const char *run_and_tell(struct ast_channel *chan, const char *application, const char *data)
{
	const char *status = "FAILURE";

	if (ast_strlen_zero(data)) {
		ast_log(LOG_WARNING, "%s needs a command: %s(command)\n", application, application);
	} else {
		status = run(chan, data);
	}
	pbx_builtin_setvar_helper(chan, "SYSTEMSTATUS", status);
	return status;
}

static int system_exec(struct ast_channel *chan, const char *data)
{
	return strcmp(run_and_tell(chan, "System", data), "FAILURE") ? 0 : -1;
}

static int trysystem_exec(struct ast_channel *chan, const char *data)
{
	run_and_tell(chan, "TrySystem", data);
	return 0;
}

#define DESCRIPTION(name, failure) \
	name "(command)\n" \
	"\n" \
	"command - what /bin/sh is to run; \\n, \\t and \\x2c are characters.\n" \
	"\n" \
	"Never put text from outside into a command: whoever sends it could have anything\n" \
	"run, with all the rights of this program. FILTER takes out what is dangerous.\n" \
	"The module is chosen by hand only.\n" \
	"\n" \
	"Afterwards the variable SYSTEMSTATUS is\n" \
	"  SUCCESS    when the command ended with status 0,\n" \
	"  APPERROR   when it ended with another status,\n" \
	"  FAILURE    when it could not be run" failure

static const struct {
	const char *name;
	int (*execute)(struct ast_channel *, const char *);
	const char *synopsis;
	const char *description;
} applications[] = {
	{
		"System", system_exec,
		"Runs a command in the shell.",
		DESCRIPTION("System", "; the call ends then."),
	},
	{
		"TrySystem", trysystem_exec,
		"Runs a command in the shell and goes on, whatever it does.",
		DESCRIPTION("TrySystem", "."),
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

AST_MODULE_INFO_STANDARD(ASTERISK_GPL_KEY, "System and TrySystem: commands of the shell");
