/*
 * The function AST_CONFIG: a value of a configuration file.
 *
 * A file is read on first use, and again when it has changed.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*** MODULEINFO
	<support_level>core</support_level>
 ***/

#include "asterisk.h"

#include "asterisk/module.h"
#include "asterisk/app.h"
#include "asterisk/config.h"
#include "asterisk/conversions.h"
#include "asterisk/linkedlists.h"
#include "asterisk/lock.h"
#include "asterisk/pbx.h"

#define LAST -1		/* The index of the last value of a name. */

/* A file that was read. */
struct known {
	AST_LIST_ENTRY(known) list;
	struct ast_config *config;
	char filename[];
};

static AST_LIST_HEAD_STATIC(files, known);

/* The caller has locked the list, here and below. */
static struct known *find(const char *filename)
{
	struct known *known;

	AST_LIST_TRAVERSE(&files, known, list) {
		if (!strcmp(known->filename, filename)) {
			break;
		}
	}
	return known;
}

static struct known *add(const char *filename)
{
	struct known *known = ast_calloc(1, sizeof(*known) + strlen(filename) + 1);

	if (known) {
		strcpy(known->filename, filename);	/* Safe: the buffer has exactly this size. */
		AST_LIST_INSERT_TAIL(&files, known, list);
	}
	return known;
}

/* The current content of a file, or NULL; its faults are logged. */
static struct ast_config *current(const char *filename)
{
	struct known *known = find(filename);
	struct ast_flags flags = { known && known->config ? CONFIG_FLAG_FILEUNCHANGED : 0 };
	struct ast_config *config = ast_config_load(filename, flags);

	if (config == CONFIG_STATUS_FILEUNCHANGED) {
		return known->config;
	}
	if (known && known->config) {
		ast_config_destroy(known->config);
		known->config = NULL;
	}
	if (!config || config == CONFIG_STATUS_FILEINVALID) {
		return NULL;
	}
	known = known ? known : add(filename);
	if (!known) {
		ast_config_destroy(config);
		return NULL;
	}
	known->config = config;
	return config;
}

/* The value of a name at an index from 0 on, or the last value; NULL when not found. */
static const char *value_at(struct ast_config *config, const char *section, const char *name, int index)
{
	struct ast_variable *variable = ast_category_root(config, (char *) section);
	const char *value = NULL;
	int place = 0;

	for (; variable; variable = variable->next) {
		if (strcasecmp(variable->name, name)) {
			continue;
		}
		if (index == LAST) {
			value = variable->value;
		} else if (place++ == index) {
			return variable->value;
		}
	}
	return value;
}

static int config_read(struct ast_channel *chan attribute_unused, const char *cmd, char *data, struct ast_str **str,
	ssize_t len)
{
	struct ast_config *config;
	const char *value;
	int index = 0;
	AST_DECLARE_APP_ARGS(args,
		AST_APP_ARG(filename);
		AST_APP_ARG(section);
		AST_APP_ARG(name);
		AST_APP_ARG(index);
	);

	AST_STANDARD_APP_ARGS(args, data);
	if (ast_strlen_zero(args.filename) || ast_strlen_zero(args.section) || ast_strlen_zero(args.name)) {
		ast_log(LOG_ERROR, "%s needs a file, a section and a name: %s(file,section,name[,index])\n", cmd, cmd);
		return -1;
	}
	if (!ast_strlen_zero(args.index) && (ast_str_to_int(args.index, &index) || index < LAST)) {
		ast_log(LOG_ERROR, "%s: '%s' is not an index; use a number from 0 on, or -1 for the last value\n", cmd, args.index);
		return -1;
	}
	AST_LIST_LOCK(&files);
	config = current(args.filename);
	value = config ? value_at(config, args.section, args.name, index) : NULL;
	if (value) {
		ast_str_set(str, len, "%s", value);
	} else if (config) {
		ast_debug(1, "%s: '%s' at index %d is not in [%s] of %s\n", cmd, args.name, index, args.section, args.filename);
	}
	AST_LIST_UNLOCK(&files);
	return value ? 0 : -1;
}

static struct ast_custom_function config_function = {
	.name = "AST_CONFIG",
	.synopsis = "Gives a value of a configuration file.",
	.syntax = "AST_CONFIG(file,section,name[,index])",
	.arguments =
		"file    - the name of the file in the configuration directory.\n"
		"section - the name in brackets.\n"
		"name    - the text before the '='.\n"
		"index   - the number of the value when there are several, from 0 on; -1 is the\n"
		"          last one, which overrides the values of templates.",
	.desc = "Fails when the value is not found. The file is read again when it has changed.",
	.read2 = config_read,
};

static int unload_module(void)
{
	struct known *known;
	int result = ast_custom_function_unregister(&config_function);

	AST_LIST_LOCK(&files);
	while ((known = AST_LIST_REMOVE_HEAD(&files, list))) {
		if (known->config) {
			ast_config_destroy(known->config);
		}
		ast_free(known);
	}
	AST_LIST_UNLOCK(&files);
	return result;
}

static int load_module(void)
{
	return ast_custom_function_register(&config_function) ? AST_MODULE_LOAD_DECLINE : AST_MODULE_LOAD_SUCCESS;
}

AST_MODULE_INFO_STANDARD(ASTERISK_GPL_KEY, "Values of configuration files");
