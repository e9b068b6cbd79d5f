/*
 * The function SHELL: what a command of the shell prints.
 *
 * It is not chosen by default.  Text from a caller that gets into the command runs as a part of it, with all the rights
 * this program has; whoever chooses it has to see to what stands in the dialplan.
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

#define MOST_OUTPUT (64 * 1024)	/* Bytes that are kept of what the command prints. */

/* Reads all that the command prints into *str: 0, or -1 when that was too much, and the rest is not read. */
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
	output = popen(data, "r");	/* A shell is what this function is for. */
	if (!output) {
		ast_log(LOG_WARNING, "%s: '%s' cannot be run: %s\n", cmd, data, strerror(errno));
		return -1;
	}
	ast_str_reset(*str);
	too_much = read_all(output, str, len);
	status = pclose(output);
	if (too_much) {
		ast_log(LOG_WARNING, "%s: '%s' prints more than %d bytes; the rest was not read\n", cmd, data, MOST_OUTPUT);
	} else if (!WIFEXITED(status) || WEXITSTATUS(status)) {
		ast_debug(1, "%s: '%s' failed with status %d\n", cmd, data, status);
	}
	return 0;
}

static struct ast_custom_function shell_function = {
	.name = "SHELL",
	.synopsis = "Runs a command in the shell and gives what it prints.",
	.syntax = "SHELL(command)",
	.arguments = "command - what /bin/sh is to run.",
	.desc =
		"Never put text from outside into a command: whoever sends it could have anything\n"
		"run, with all the rights of this program. FILTER takes out what is dangerous.\n"
		"64 kilobytes are kept at the most. The module is chosen by hand only.",
	.seealso = "FILTER()",
	.read2 = shell_read,
};

static int unload_module(void)
{
	return ast_custom_function_unregister(&shell_function);
}

static int load_module(void)
{
	/* Who may read a function from outside of the dialplan need not be somebody who may run commands. */
	return ast_custom_function_register_escalating(&shell_function, AST_CFE_READ) ? AST_MODULE_LOAD_DECLINE
		: AST_MODULE_LOAD_SUCCESS;
}

AST_MODULE_INFO_STANDARD(ASTERISK_GPL_KEY, "The output of shell commands");
