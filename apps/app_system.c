/*
 * The applications System and TrySystem: commands of the shell.
 *
 * The module is not selected by default.  Text from a caller that gets into a command is executed with all the rights of
 * this program; check the dialplan before you select the module.
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

/* The exit status of the shell for an unknown command. */
#define NO_SUCH_COMMAND 127

/* Removes quotes around the whole command: the shell would read a quoted command as one word. */
static char *unquoted(char *command)
{
	size_t length = strlen(command);

	if (length > 1 && strchr("\"'", command[0]) && command[length - 1] == command[0]) {
		ast_log(LOG_NOTICE, "remove the quotes around the command: %s\n", command);
		command[length - 1] = '\0';
		command++;
	}
	return command;
}

/* Runs a command: the value for SYSTEMSTATUS. */
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
		ast_log(LOG_WARNING, "cannot run '%s'\n", data);
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
	"command - the command for /bin/sh; \\n, \\t and \\x2c are escape sequences.\n" \
	"\n" \
	"Never put text from outside into a command: the sender could run any command\n" \
	"with all the rights of this program. FILTER removes dangerous characters.\n" \
	"The module is not selected by default.\n" \
	"\n" \
	"Sets the variable SYSTEMSTATUS to\n" \
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
		DESCRIPTION("System", "; the call ends."),
	},
	{
		"TrySystem", trysystem_exec,
		"Runs a command in the shell and continues, whatever its result.",
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
