/*
 * Other names for commands of the console: cli_aliases.conf gives them, "cli show aliases" lists them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*** MODULEINFO
	<support_level>core</support_level>
 ***/

#include "asterisk.h"

#include "asterisk/module.h"
#include "asterisk/astobj2.h"
#include "asterisk/cli.h"
#include "asterisk/config.h"
#include "asterisk/linkedlists.h"
#include "asterisk/lock.h"
#include "asterisk/strings.h"
#include "asterisk/utils.h"

#define CONFIG_FILE "cli_aliases.conf"

/* An alias, a counted object: the list holds it, and each command that runs it. */
struct alias {
	struct ast_cli_entry entry;
	AST_LIST_ENTRY(alias) next;
	char *name;
	char command[];	/* The command it stands for; the name follows. */
};

static AST_RWLIST_HEAD_STATIC(aliases, alias);

/* The alias of an entry, with a reference for the caller; NULL when it was removed in the meantime. */
static struct alias *hold_alias(const struct ast_cli_entry *entry)
{
	struct alias *alias;

	AST_RWLIST_RDLOCK(&aliases);
	AST_RWLIST_TRAVERSE(&aliases, alias, next) {
		if (&alias->entry == entry) {
			ao2_ref(alias, +1);
			break;
		}
	}
	AST_RWLIST_UNLOCK(&aliases);
	return alias;
}

/* ---- running one ---- */

/* The command of an alias with the words that follow it, quoted where they must be. To be freed with ast_free. */
static struct ast_str *whole_command(const struct alias *alias, const struct ast_cli_args *args, int first)
{
	struct ast_str *line = ast_str_create(256);
	const char *c;
	int i;

	if (!line) {
		return NULL;
	}
	ast_str_set(&line, 0, "%s", alias->command);
	for (i = first; i < args->argc; i++) {
		ast_str_append(&line, 0, " \"");
		for (c = args->argv[i]; *c; c++) {
			ast_str_append(&line, 0, strchr("\"\\", *c) ? "\\%c" : "%c", *c);
		}
		ast_str_append(&line, 0, "\"");
	}
	return line;
}

static char *run_alias(const struct alias *alias, const struct ast_cli_args *args)
{
	struct ast_str *line = whole_command(alias, args, alias->entry.args);
	char *result = CLI_FAILURE;

	if (line) {
		result = ast_cli_command(args->fd, ast_str_buffer(line)) ? CLI_FAILURE : CLI_SUCCESS;
		ast_free(line);
	}
	return result;
}

static char *complete_alias(const struct alias *alias, const struct ast_cli_args *args)
{
	const char *rest = args->line + MIN(strlen(alias->name), strlen(args->line));
	struct ast_str *line = ast_str_create(256);
	char *found = NULL;

	/* An alias that begins like the command it stands for would complete itself without an end. */
	if (line && strncasecmp(alias->name, alias->command, strlen(alias->name))) {
		ast_str_set(&line, 0, "%s%s", alias->command, rest);
		found = ast_cli_generator(ast_str_buffer(line), args->word, args->n);
	}
	ast_free(line);
	return found;
}

static char *handle_alias(struct ast_cli_entry *entry, int cmd, struct ast_cli_args *args)
{
	struct alias *alias;
	char *result;

	if (cmd == CLI_INIT || !(alias = hold_alias(entry))) {
		return NULL;	/* The command and the usage are set already. */
	}
	result = cmd == CLI_GENERATE ? complete_alias(alias, args) : run_alias(alias, args);
	ao2_ref(alias, -1);
	return result;
}

/* ---- the list ---- */

static char *show_aliases(struct ast_cli_entry *entry, int cmd, struct ast_cli_args *args)
{
	struct alias *alias;

	switch (cmd) {
	case CLI_INIT:
		entry->command = "cli show aliases";
		entry->usage =
			"Usage: cli show aliases\n"
			"       Lists the aliases of " CONFIG_FILE " and the commands they stand for.\n";
		return NULL;
	case CLI_GENERATE:
		return NULL;
	}
	ast_cli(args->fd, "%-50.50s %-50.50s\n", "Alias Command", "Real Command");
	AST_RWLIST_RDLOCK(&aliases);
	AST_RWLIST_TRAVERSE(&aliases, alias, next) {
		ast_cli(args->fd, "%-50.50s %-50.50s\n", alias->name, alias->command);
	}
	AST_RWLIST_UNLOCK(&aliases);
	return CLI_SUCCESS;
}

static struct ast_cli_entry commands[] = {
	AST_CLI_DEFINE(show_aliases, "Show CLI command aliases"),
};

/* ---- cli_aliases.conf ---- */

static void add_alias(const struct ast_variable *variable)
{
	size_t size = strlen(variable->value) + 1;
	struct alias *alias = ao2_alloc_options(sizeof(*alias) + size + strlen(variable->name) + 1, NULL,
		AO2_ALLOC_OPT_LOCK_NOLOCK);

	if (!alias) {
		return;
	}
	strcpy(alias->command, variable->value);	/* Safe: there is room for both. */
	alias->name = strcpy(alias->command + size, variable->name);
	alias->entry.handler = handle_alias;
	alias->entry.command = alias->name;
	alias->entry.usage = "Usage: this is an alias; 'cli show aliases' shows the command it stands for.\n";
	if (ast_cli_register(&alias->entry)) {
		ast_log(LOG_WARNING, "%s:%d: the alias '%s' was passed over\n", variable->file, variable->lineno, variable->name);
		ao2_ref(alias, -1);
		return;
	}
	AST_RWLIST_INSERT_TAIL(&aliases, alias, next);
	ast_verb(5, "Aliased CLI command '%s' to '%s'\n", alias->name, alias->command);
}

static void add_template(const struct ast_config *cfg, const struct ast_variable *option)
{
	const struct ast_variable *variable;

	if (strcmp(option->name, "template")) {
		ast_log(LOG_WARNING, "%s:%d: unknown option '%s'; [general] has 'template' only\n",
			option->file, option->lineno, option->name);
		return;
	}
	if (!ast_variable_browse(cfg, option->value)) {
		ast_log(LOG_WARNING, "%s:%d: there is no section [%s]\n", option->file, option->lineno, option->value);
	}
	for (variable = ast_variable_browse(cfg, option->value); variable; variable = variable->next) {
		add_alias(variable);
	}
}

static void remove_aliases(void)
{
	struct alias *alias;

	AST_RWLIST_WRLOCK(&aliases);
	while ((alias = AST_RWLIST_REMOVE_HEAD(&aliases, next))) {
		ast_cli_unregister(&alias->entry);
		ao2_ref(alias, -1);
	}
	AST_RWLIST_UNLOCK(&aliases);
}

static void read_aliases(int reload)
{
	struct ast_flags flags = { reload ? CONFIG_FLAG_FILEUNCHANGED : 0 };
	struct ast_config *cfg = ast_config_load(CONFIG_FILE, flags);
	const struct ast_variable *option;

	if (cfg == CONFIG_STATUS_FILEUNCHANGED) {
		return;
	}
	if (!cfg || cfg == CONFIG_STATUS_FILEINVALID) {
		ast_log(LOG_ERROR, "%s cannot be read; the aliases stay as they are\n", CONFIG_FILE);
		return;
	}
	remove_aliases();
	AST_RWLIST_WRLOCK(&aliases);
	for (option = ast_variable_browse(cfg, "general"); option; option = option->next) {
		add_template(cfg, option);
	}
	AST_RWLIST_UNLOCK(&aliases);
	ast_config_destroy(cfg);
}

static int load_module(void)
{
	read_aliases(0);
	return ast_cli_register_multiple(commands, ARRAY_LEN(commands)) ? AST_MODULE_LOAD_DECLINE : AST_MODULE_LOAD_SUCCESS;
}

static int reload_module(void)
{
	read_aliases(1);
	return 0;
}

static int unload_module(void)
{
	ast_cli_unregister_multiple(commands, ARRAY_LEN(commands));
	remove_aliases();
	return 0;
}

AST_MODULE_INFO(ASTERISK_GPL_KEY, AST_MODFLAG_DEFAULT, "CLI Aliases",
	.support_level = AST_MODULE_SUPPORT_CORE,
	.load = load_module,
	.unload = unload_module,
	.reload = reload_module,
);
