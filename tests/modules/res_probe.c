/*
 * For the tests: runs applications and functions as other C modules do, with a channel and without one.
 *
 * 'probe_read somebody TEXT' reads with a channel, which keeps its variables, 'probe_read nobody TEXT' without.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*** MODULEINFO
	<support_level>extended</support_level>
 ***/

#include "asterisk.h"

#include "asterisk/module.h"
#include "asterisk/channel.h"
#include "asterisk/cli.h"
#include "asterisk/pbx.h"
#include "asterisk/strings.h"

/* Lives as long as the module, so that a test can set a variable first and use it then. */
static struct ast_channel *channel;

static struct ast_channel *who(struct ast_cli_entry *e)
{
	return strstr(e->command, "nobody") ? NULL : channel;
}

static char *probe_read(struct ast_cli_entry *e, struct ast_cli_args *a)
{
	struct ast_str *value = ast_str_create(16);
	int result = ast_func_read2(who(e), a->argv[e->args], &value, 0);

	ast_cli(a->fd, "%d '%s'\n", result, ast_str_buffer(value));
	ast_free(value);
	return CLI_SUCCESS;
}

/* As an older module reads: into a buffer of its own. */
static char *probe_copy(struct ast_cli_entry *e, struct ast_cli_args *a)
{
	char value[16] = "";
	int result = ast_func_read(who(e), a->argv[e->args], value, sizeof(value));

	ast_cli(a->fd, "%d '%s'\n", result, value);
	return CLI_SUCCESS;
}

static char *probe_write(struct ast_cli_entry *e, struct ast_cli_args *a)
{
	int result = ast_func_write(who(e), a->argv[e->args], a->argc > e->args + 1 ? a->argv[e->args + 1] : "");

	ast_cli(a->fd, "%d\n", result);
	return CLI_SUCCESS;
}

static char *probe_exec(struct ast_cli_entry *e, struct ast_cli_args *a)
{
	struct ast_app *app = pbx_findapp(a->argv[e->args]);

	if (!app) {
		return CLI_FAILURE;
	}
	ast_cli(a->fd, "%d\n", pbx_exec(who(e), app, a->argc > e->args + 1 ? a->argv[e->args + 1] : NULL));
	return CLI_SUCCESS;
}

static char *probe_set(struct ast_cli_entry *e, struct ast_cli_args *a)
{
	pbx_builtin_setvar_helper(who(e), a->argv[e->args], a->argc > e->args + 1 ? a->argv[e->args + 1] : NULL);
	return CLI_SUCCESS;
}

static char *probe_get(struct ast_cli_entry *e, struct ast_cli_args *a)
{
	const char *value = pbx_builtin_getvar_helper(who(e), a->argv[e->args]);

	ast_cli(a->fd, "%s\n", S_OR(value, "(none)"));
	return CLI_SUCCESS;
}

#define PROBE(name) \
	static char *name##_somebody(struct ast_cli_entry *e, int cmd, struct ast_cli_args *a) \
	{ \
		return handle(e, cmd, a, #name " somebody", name); \
	} \
	static char *name##_nobody(struct ast_cli_entry *e, int cmd, struct ast_cli_args *a) \
	{ \
		return handle(e, cmd, a, #name " nobody", name); \
	}

static char *handle(struct ast_cli_entry *e, int cmd, struct ast_cli_args *a, const char *command,
	char *(*run)(struct ast_cli_entry *, struct ast_cli_args *))
{
	if (cmd == CLI_INIT) {
		e->command = (char *) command;
		e->usage = "";
		return NULL;
	}
	if (cmd == CLI_GENERATE) {
		return NULL;
	}
	return a->argc > e->args ? run(e, a) : CLI_SHOWUSAGE;
}

PROBE(probe_read)
PROBE(probe_copy)
PROBE(probe_write)
PROBE(probe_exec)
PROBE(probe_set)
PROBE(probe_get)

#define COMMANDS(name) AST_CLI_DEFINE(name##_somebody, "For tests"), AST_CLI_DEFINE(name##_nobody, "For tests")
static struct ast_cli_entry commands[] = {
	COMMANDS(probe_read),
	COMMANDS(probe_copy),
	COMMANDS(probe_write),
	COMMANDS(probe_exec),
	COMMANDS(probe_set),
	COMMANDS(probe_get),
};

static int unload_module(void)
{
	ast_cli_unregister_multiple(commands, ARRAY_LEN(commands));
	channel = ast_channel_unref(channel);
	return 0;
}

static int load_module(void)
{
	channel = ast_dummy_channel_alloc();
	if (!channel || ast_cli_register_multiple(commands, ARRAY_LEN(commands))) {
		return AST_MODULE_LOAD_DECLINE;
	}
	return AST_MODULE_LOAD_SUCCESS;
}

AST_MODULE_INFO_STANDARD_EXTENDED(ASTERISK_GPL_KEY, "Probe for tests");
