/*
 * The function IFMODULE: whether a module is running.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*** MODULEINFO
	<support_level>core</support_level>
 ***/

#include "asterisk.h"

#include "asterisk/module.h"
#include "asterisk/pbx.h"

static int ifmodule_read(struct ast_channel *chan attribute_unused, const char *cmd, char *data, char *buf, size_t len)
{
	if (ast_strlen_zero(data)) {
		ast_log(LOG_WARNING, "%s needs the name of a module: %s(module)\n", cmd, cmd);
		return -1;
	}
	snprintf(buf, len, "%d", ast_module_check(data) != 0);
	return 0;
}

static struct ast_custom_function ifmodule_function = {
	.name = "IFMODULE",
	.synopsis = "Tells whether a module is running.",
	.syntax = "IFMODULE(module)",
	.arguments = "module - its name, with or without .so.",
	.desc = "Gives 1 when the module is running, 0 when it is not running or unknown.",
	.read = ifmodule_read,
	.read_max = 2,
};

static int unload_module(void)
{
	return ast_custom_function_unregister(&ifmodule_function);
}

static int load_module(void)
{
	return ast_custom_function_register(&ifmodule_function) ? AST_MODULE_LOAD_DECLINE : AST_MODULE_LOAD_SUCCESS;
}

AST_MODULE_INFO_STANDARD(ASTERISK_GPL_KEY, "Whether a module is running");
