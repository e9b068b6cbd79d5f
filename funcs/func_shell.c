/*
 * The function SHELL: the output of a shell command.
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

#include <sys/wait.h>

#include "asterisk/module.h"
#include "asterisk/pbx.h"
#include "asterisk/strings.h"

#define MOST_OUTPUT (64 * 1024)	/* The most bytes that are read from the command. */

/* Reads the output of the command into *str: 0, or -1 when the output is too long and the rest is not read. */
static int read_all(FILE *output, struct ast_str **str, ssize_t len)
{
	char piece[4096];
	size_t count, total = 0;

	while ((count = fread(piece, 1, sizeof(piece), output))) {
		if (total + count > MOST_OUTPUT) {
			return -1;
		}
		total += count;
		ast_str_append_substr(str, len, piece, count);
	}
	return 0;
}

static int shell_read(struct ast_channel *chan attribute_unused, const char *cmd, char *data, struct ast_str **str,
	ssize_t len)
{
	int too_much, status;
	FILE *output;

	if (ast_strlen_zero(data)) {
		ast_log(LOG_WARNING, "%s needs a command: %s(command)\n", cmd, cmd);
		return -1;
	}
	output = popen(data, "r");	/* Running a shell is the purpose of this function. */
	if (!output) {
		ast_log(LOG_WARNING, "%s: cannot run '%s': %s\n", cmd, data, strerror(errno));
		return -1;
	}
	ast_str_reset(*str);
	too_much = read_all(output, str, len);
	status = pclose(output);
	if (too_much) {
		ast_log(LOG_WARNING, "%s: '%s' prints more than %d bytes; the rest is not read\n", cmd, data, MOST_OUTPUT);
	} else if (!WIFEXITED(status) || WEXITSTATUS(status)) {
		ast_debug(1, "%s: '%s' failed with status %d\n", cmd, data, status);
	}
	return 0;
}

static struct ast_custom_function shell_function = {
	.name = "SHELL",
	.synopsis = "Runs a command in the shell and gives its output.",
	.syntax = "SHELL(command)",
	.arguments = "command - the command for /bin/sh.",
	.desc =
		"Never put text from outside into a command: the sender could run any command\n"
		"with all the rights of this program. FILTER removes dangerous characters.\n"
		"At most 64 kilobytes are read. The module is not selected by default.",
	.seealso = "FILTER()",
	.read2 = shell_read,
};

static int unload_module(void)
{
	return ast_custom_function_unregister(&shell_function);
}

static int load_module(void)
{
	/* A client that may read functions is not always allowed to run commands. */
	return ast_custom_function_register_escalating(&shell_function, AST_CFE_READ) ? AST_MODULE_LOAD_DECLINE
		: AST_MODULE_LOAD_SUCCESS;
}

AST_MODULE_INFO_STANDARD(ASTERISK_GPL_KEY, "The output of shell commands");
